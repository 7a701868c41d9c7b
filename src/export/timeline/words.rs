//! The words of the two pages made from the log, each beside its translation.

use crate::audit::{AuditTouch, ErasureReason};
use crate::language::{Language, Phrase};

pub(super) const TITLE: Phrase = Phrase("Historial del expediente", "What was done with this file");
pub(super) const BANNER: Phrase = Phrase("No sale de la organización", "Stays in the house");
pub(super) const BANNER_WHY: Phrase = Phrase(
    "Nombra a quienes trabajan en el caso y dice a quién se entregó qué. No lo envíe, no lo adjunte a un expediente.",
    "It names those who work on the case and says what was given to whom. Do not send it, do not put it on file elsewhere.",
);
pub(super) const RECORD: Phrase = Phrase("Registro", "Record");
pub(super) const MADE: Phrase = Phrase("Hecho el", "Made");
pub(super) const ENTRIES: Phrase = Phrase("Anotaciones", "Entries");
pub(super) const PEOPLE: Phrase = Phrase("Quiénes intervinieron", "Who took part");
pub(super) const NAME: Phrase = Phrase("Persona", "Person");
pub(super) const READS: Phrase = Phrase("Lecturas", "Reads");
pub(super) const WRITES: Phrase = Phrase("Cambios", "Changes");
pub(super) const GIVEN: Phrase = Phrase("Entregas", "Handed over");
pub(super) const LAST: Phrase = Phrase("Última vez", "Last time");
pub(super) const IN_ORDER: Phrase = Phrase("En orden", "In order");
pub(super) const NOTHING: Phrase = Phrase("No hay anotaciones.", "There are no entries.");
pub(super) const TO: Phrase = Phrase("A:", "To:");
pub(super) const FROM: Phrase = Phrase("De:", "From:");
pub(super) const WHEN: Phrase = Phrase("Cuándo:", "When:");
pub(super) const HOW: Phrase = Phrase("Cómo:", "How:");
pub(super) const LEFT_OPEN: Phrase =
    Phrase("sin sellar: lo lee quien lo encuentre", "not sealed: whoever finds it reads it");
pub(super) const REFERENCE: Phrase = Phrase(
    "con la lista que dice a qué nombre corresponde cada código",
    "with the list that says which name each label stands for",
);
pub(super) const FOR: Phrase = Phrase("Para:", "For:");
pub(super) const WHAT: Phrase = Phrase("Qué:", "What:");
pub(super) const EXPORT: Phrase = Phrase("Entrega:", "Export:");
pub(super) const WHY: Phrase = Phrase("Motivo:", "Why:");
pub(super) const PARTS: Phrase = Phrase("Partes:", "Parts:");
pub(super) const ENTRY: Phrase = Phrase("anotación", "entry");
pub(super) const FILE: Phrase = Phrase("Archivo adjunto", "Attached file");
pub(super) const GONE: Phrase = Phrase("un registro que ya no existe", "a record that is gone");
pub(super) const LIMITS: Phrase =
    Phrase("Lo que esta página no prueba", "What this page does not prove");
pub(super) const LIMITS_WORDS: [Phrase; 3] = [
    Phrase(
        "Quién leyó lo dice el programa de cada integrante; quien lo haya alterado puede leer sin que conste.",
        "Who read is told by each member's own program; whoever altered theirs can read without an entry.",
    ),
    Phrase(
        "Según la política, las lecturas pueden no anotarse, o anotarse juntas al cerrar la bóveda.",
        "By the policy, reads may not be logged at all, or together when the vault is closed.",
    ),
    Phrase(
        "Lo que alguien copió, fotografió o contó fuera de la bóveda no consta.",
        "What somebody copied, photographed or told outside the vault is not here.",
    ),
];

pub(super) const HER_TITLE: Phrase = Phrase("Quién ha visto mi expediente", "Who has seen my file");
pub(super) const HER_INTRO: Phrase = Phrase(
    "Esta página es para usted. Dice quién leyó su expediente y a quién se entregó. Puede preguntar por cada línea y pedir que se corrija.",
    "This page is for you. It says who read your file and to whom it was given. You may ask about every line and have it put right.",
);
pub(super) const HER_CARE: Phrase = Phrase(
    "Si alguien que le hace daño podría encontrar esta página, léala aquí y no se la lleve.",
    "If somebody who harms you could find this page, read it here and do not take it home.",
);
pub(super) const HER_READERS: Phrase = Phrase("Quiénes lo leyeron", "Who read it");
pub(super) const HER_NO_READERS: Phrase =
    Phrase("No consta que alguien lo haya leído.", "No entry says that anybody read it.");
pub(super) const HER_GIVEN: Phrase = Phrase("A quiénes se entregó", "To whom it was given");
pub(super) const HER_NOT_GIVEN: Phrase = Phrase(
    "No consta que se haya entregado a alguien.",
    "No entry says that it was given to anybody.",
);
pub(super) const HER_SEALED: Phrase = Phrase(
    "quien hizo esta página no puede abrirlo; pregunte a la dirección",
    "whoever made this page cannot open it; ask the director",
);
pub(super) const HER_UNREADABLE: Phrase = Phrase(
    "Una parte de lo anotado está dañada y no se puede leer: pregunte por ella.",
    "Part of what was noted is damaged and cannot be read: ask about it.",
);
pub(super) const HER_WRITERS: Phrase = Phrase("Quiénes escribieron en él", "Who wrote in it");
pub(super) const HER_NO_WRITERS: Phrase = Phrase("Nadie escribió en él.", "Nobody wrote in it.");
pub(super) const HER_QUESTIONS: Phrase = Phrase("Lo que debe saber", "What you should know");
pub(super) const UNREADABLE: Phrase = Phrase(
    "Una anotación está dañada y no se puede leer.",
    "An entry is damaged and cannot be read.",
);
pub(super) const HER_LIMITS: [Phrase; 5] = [
    Phrase(
        "Aquí están lo suyo y lo que el caso tiene en común, como el relato de los hechos. No está lo que es de otras personas del caso, lo que se borró, ni lo que no puede abrir quien hizo esta página.",
        "Here is what is yours and what the case has in common, such as the account of what happened. What is of other people in the case is not here, nor what was erased, nor what whoever made this page cannot open.",
    ),
    Phrase(
        "Según la regla de la organización, puede que no se anote cada lectura.",
        "By the organisation's rule it may be that not every reading is noted.",
    ),
    Phrase(
        "Aquí consta lo que se hizo con el programa. Lo que alguien contó o copió fuera de él no aparece.",
        "Here is what was done with the program. What somebody told or copied outside of it is not here.",
    ),
    Phrase(
        "Puede dejar de estar de acuerdo con una entrega en cualquier momento; lo ya entregado se pide de vuelta.",
        "You may stop agreeing to a disclosure at any time; what was given already is asked back.",
    ),
    Phrase(
        "Puede pedir que se borre su expediente. Le darán una constancia.",
        "You may ask for your file to be erased. You will be given a receipt.",
    ),
];

/// How often somebody came by, and when last.
pub(super) fn on_days(language: Language, days: usize, last: &str) -> String {
    match (language, days) {
        (Language::Spanish, 1) => format!("un día: {last}"),
        (Language::Spanish, n) => format!("{n} días; el último: {last}"),
        (Language::English, 1) => format!("on one day: {last}"),
        (Language::English, n) => format!("on {n} days; the last: {last}"),
    }
}

/// How many tries to unlock failed.
pub(super) fn failed(language: Language, tries: u32) -> String {
    match (language, tries) {
        (Language::Spanish, 1) => "Antes hubo un intento fallido.".to_owned(),
        (Language::Spanish, n) => format!("Antes hubo {n} intentos fallidos."),
        (Language::English, 1) => "One try had failed before.".to_owned(),
        (Language::English, n) => format!("{n} tries had failed before."),
    }
}

pub(super) fn touch(touch: AuditTouch, language: Language) -> &'static str {
    language.of(match touch {
        AuditTouch::Written => Phrase("escrito", "written"),
        AuditTouch::Listed => Phrase("cambió lo que depende de él", "what stands under it changed"),
        AuditTouch::Read => Phrase("leído", "read"),
        AuditTouch::Erased => Phrase("borrado", "erased"),
    })
}

pub(super) fn reason(reason: ErasureReason, language: Language) -> &'static str {
    language.of(match reason {
        ErasureReason::SurvivorRequest => {
            Phrase("lo pidió la persona", "the survivor asked for it")
        }
        ErasureReason::Retention => {
            Phrase("venció el plazo de conservación", "it was kept as long as it had to be")
        }
        ErasureReason::CourtOrder => Phrase("lo ordenó un juez", "a court ordered it"),
        ErasureReason::EnteredInError => Phrase("se registró por error", "it was entered in error"),
    })
}
