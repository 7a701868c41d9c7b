//! The words of a case file on paper.

use crate::language::Phrase;

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

pub(super) const NOTICE: Phrase = Phrase(
    "Contiene datos personales de alguien que ha sufrido violencia. Úselo solo para la finalidad \
     indicada, guárdelo bajo llave y no publique nada que permita reconocer a la persona. Cada \
     recuadro negro lleva el código de la razón; su ancho no dice nada de lo que cubre.",
    "It holds personal data of somebody who has suffered violence. Use it for the purpose stated \
     only, keep it locked away, and publish nothing by which the person could be recognised. Each \
     black box bears the code of its reason; its width tells nothing of what it covers.",
);
