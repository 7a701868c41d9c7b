//! The words of the file for its recipient, each beside its translation.

use crate::language::{Language, Phrase};

pub(super) const DUTIES: Phrase =
    Phrase("Obligaciones de quien recibe este expediente", "What binds whoever receives this file");
pub(super) const READING: Phrase = Phrase("Cómo leer este expediente", "How to read this file");
pub(super) const BOXES: Phrase = Phrase(
    "Un recuadro negro está en lugar de un dato que consta y no se entrega. Su letra dice por qué; su ancho no depende de lo que reserva.",
    "A black box stands for something on record that is not handed over. Its letter says why; its width does not depend on what it withholds.",
);
pub(super) const LABELS: Phrase = Phrase(
    "Un rótulo enmarcado está en lugar de un nombre o número. El mismo rótulo designa siempre lo mismo dentro de este expediente, y nada fuera de él.",
    "A framed label stands for a name or number. The same label always means the same within this file, and nothing outside it.",
);
pub(super) const MARK: Phrase = Phrase("Marca", "Mark");
pub(super) const MEANING: Phrase = Phrase("Significado", "Meaning");
pub(super) const FIELDS: Phrase = Phrase("Datos", "Items");
pub(super) const INSIDE: Phrase = Phrase("dentro de textos", "inside texts");
pub(super) const NO_MARKS: Phrase = Phrase(
    "Todos los datos de este expediente se entregan tal como constan.",
    "Everything in this file is handed over as it stands on record.",
);
pub(super) const CONTENTS: Phrase = Phrase("Contenido", "Contents");
pub(super) const UNDER: Phrase = Phrase("Depende de", "Stands under");
pub(super) const NO_RECORDS: Phrase =
    Phrase("Este expediente no contiene registros.", "This file holds no records.");
pub(super) const NO_FIELDS: Phrase =
    Phrase("Este registro no tiene datos.", "Nothing is on record here.");
pub(super) const FIELD: Phrase = Phrase("Dato", "Item");
pub(super) const CONTENT: Phrase = Phrase("Contenido", "Content");

/// What stands at the end, so that a cut copy is seen to be cut.
pub(super) fn end(language: Language, export: &str, records: usize) -> String {
    match (language, records) {
        (Language::Spanish, 1) => format!("Fin del expediente {export}: un registro."),
        (Language::Spanish, n) => format!("Fin del expediente {export}: {n} registros."),
        (Language::English, 1) => format!("End of file {export}: one record."),
        (Language::English, n) => format!("End of file {export}: {n} records."),
    }
}
