//! The words for whoever prepares an export: a lawyer or a case worker of the organisation.

use crate::language::{Language, Phrase};

pub(super) const TITLE: Phrase = Phrase("Vista previa de la entrega", "Preview of the export");
pub(super) const SKIP: Phrase = Phrase("Ir a los datos", "Go to the fields");
pub(super) const BANNER: Phrase = Phrase(
    "Confidencial: de uso interno. No se entrega.",
    "Confidential: internal. Not to be handed over.",
);
pub(super) const BANNER_WHY: Phrase = Phrase(
    "Esta página dice por qué no sale cada dato, y eso revela más de lo que el destinatario puede saber. Elimínela después de revisarla.",
    "This page says why each item does not leave, and that tells more than the recipient may know. Delete it after the review.",
);
pub(super) const SUMMARY: Phrase = Phrase("Resumen", "Summary");
pub(super) const WITHHELD_WHY: Phrase =
    Phrase("Lo que no sale, y por qué", "What does not leave, and why");
pub(super) const CHANGED_WHY: Phrase =
    Phrase("Lo que sale modificado, y por qué", "What leaves changed, and why");
pub(super) const TO_DO: Phrase = Phrase("Lo que hay que hacer", "What is to be done");
pub(super) const NOTHING_TO_DO: Phrase = Phrase(
    "El consentimiento no impone ninguna condición a esta entrega.",
    "The consent sets no condition on this export.",
);
pub(super) const FIELDS: Phrase = Phrase("Dato por dato", "Field by field");
pub(super) const NO_RECORDS: Phrase =
    Phrase("Ningún registro forma parte de esta entrega.", "No record is part of this export.");
pub(super) const SHOW: Phrase = Phrase("Mostrar", "Show");
pub(super) const ALL: Phrase = Phrase("Todos", "All");
pub(super) const MARK: Phrase = Phrase("Marca", "Mark");
pub(super) const FIELD: Phrase = Phrase("Dato", "Item");
pub(super) const SEEN: Phrase = Phrase("Como se verá", "As it will be seen");
pub(super) const STATE: Phrase = Phrase("Estado y motivo", "State and reason");
pub(super) const WHY: Phrase = Phrase("Motivo", "Reason");
pub(super) const HELP: Phrase = Phrase("Qué haría falta", "What it would take");
pub(super) const NO_HELP: Phrase =
    Phrase("Nada: así no puede salir.", "Nothing: it cannot leave like this.");
pub(super) const COUNT: Phrase = Phrase("Datos", "Items");
pub(super) const SENSITIVITY: Phrase = Phrase("Sensibilidad:", "Sensitivity:");

/// The sensitivities of the built-in schema; an organisation's own stands as its name.
pub(super) fn sensitivity(name: &str) -> Option<Phrase> {
    Some(match name {
        "technical" => Phrase("técnico, no sensible", "technical, not sensitive"),
        "operational" => Phrase("operativo", "operational"),
        "quasi_identifier" => Phrase("cuasi-identificador", "quasi-identifier"),
        "identifier" => Phrase("identificador directo", "direct identifier"),
        "special" => Phrase(
            "dato sensible (salud, sexualidad, violencia, delito)",
            "special category (health, sexuality, violence, crime)",
        ),
        "life_safety" => Phrase(
            "riesgo vital (ubicación segura, testigos, evidencia)",
            "danger to life (safe place, witnesses, evidence)",
        ),
        _ => return None,
    })
}

/// What was decided, and that it holds for this moment.
pub(super) fn decided(language: Language, day: &str) -> String {
    match language {
        Language::Spanish => format!(
            "Muestra lo que saldría según lo que constaba el {day}. Si después cambia un consentimiento o un dato, haga otra vista previa."
        ),
        Language::English => format!(
            "It shows what would leave by what was on record on {day}. If a consent or an item changes after that, make another preview."
        ),
    }
}
