//! The words of a case file on paper.

use crate::consent::Obligation;
use crate::language::Phrase;

pub(super) const TITLE: Phrase = Phrase("Expediente reservado", "Reserved case file");
pub(super) const EXPORT: Phrase = Phrase("Expediente n.º", "File no.");
pub(super) const FROM: Phrase = Phrase("Lo entrega", "Handed over by");
pub(super) const TO: Phrase = Phrase("Lo recibe", "Received by");
pub(super) const PURPOSE: Phrase = Phrase("Finalidad", "Purpose");
pub(super) const KIND: Phrase = Phrase("Tipo de expediente", "Kind of file");
pub(super) const DATE: Phrase = Phrase("Fecha", "Date");
pub(super) const CONTENTS: Phrase = Phrase("Contenido", "Contents");
pub(super) const CONDITIONS: Phrase =
    Phrase("Condiciones para quien lo recibe", "Conditions for whoever receives it");
pub(super) const RECORDS: Phrase = Phrase("Registros", "Records");
pub(super) const UNDER: Phrase = Phrase("Depende de", "Belongs to");
pub(super) const LEGEND: Phrase = Phrase("Códigos de reserva", "What the codes mean");
pub(super) const CODE: Phrase = Phrase("Código", "Code");
pub(super) const MEANING: Phrase = Phrase("Significado", "Meaning");
pub(super) const LOG: Phrase =
    Phrase("Anexo: relación de datos reservados", "Annex: what was withheld or changed");
pub(super) const NOTHING_WITHHELD: Phrase =
    Phrase("No se reservó ni se cambió ningún dato.", "Nothing was withheld or changed.");
pub(super) const EMPTY: Phrase = Phrase("Sin datos.", "No data.");
pub(super) const SHEET: Phrase = Phrase("Hoja", "Sheet");
pub(super) const OF: Phrase = Phrase("de", "of");
pub(super) const RECORD: Phrase = Phrase("Registro", "Record");
pub(super) const FIELD: Phrase = Phrase("Dato", "Field");
pub(super) const RULE: Phrase = Phrase("Regla", "Rule");
pub(super) const KEPT: Phrase = Phrase("datos tal como constan", "fields as they stand");
pub(super) const CHANGED: Phrase = Phrase("datos cambiados", "fields changed");
pub(super) const WITHHELD: Phrase = Phrase("datos reservados", "fields withheld");

pub(super) const NOTICE: Phrase = Phrase(
    "Contiene datos personales de alguien que ha sufrido violencia. Úselo solo para la finalidad \
     indicada, guárdelo bajo llave y no publique nada que permita reconocer a la persona. Cada \
     recuadro negro lleva el código de la razón; su ancho no dice nada de lo que cubre.",
    "It holds personal data of somebody who has suffered violence. Use it for the purpose stated \
     only, keep it locked away, and publish nothing by which the person could be recognised. Each \
     black box bears the code of its reason; its width tells nothing of what it covers.",
);

/// What binds whoever receives the file; `None` for what concerns whoever made it.
pub(crate) const fn binding(obligation: Obligation) -> Option<Phrase> {
    match obligation {
        Obligation::NoOnwardTransfer => Some(Phrase(
            "No lo entregue a nadie más: la persona consintió solo en que lo reciba usted.",
            "Do not pass it on: the person consented to you alone receiving it.",
        )),
        Obligation::SafeContactOnly => Some(Phrase(
            "No se comunique con la persona por los datos de este expediente: hágalo a través de \
             la organización.",
            "Do not get in touch with the person by what stands in this file: go through the \
             organisation.",
        )),
        _ => None,
    }
}
