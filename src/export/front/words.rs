//! The words of the front page, each beside its translation: for whoever receives a file.

use crate::consent::Obligation;
use crate::language::{Language, Phrase};

pub(super) const TITLE: Phrase =
    Phrase("Expediente con reserva de datos", "Case file with data withheld");
pub(super) const ORGANISATION: Phrase = Phrase("Entrega", "Handed over by");
pub(super) const RECIPIENT: Phrase = Phrase("Recibe", "Received by");
pub(super) const PURPOSE: Phrase = Phrase("Finalidad", "Purpose");
pub(super) const PROFILE: Phrase = Phrase("Tipo de expediente", "Kind of file");
pub(super) const DATE: Phrase = Phrase("Fecha", "Date");
pub(super) const EXPORT: Phrase = Phrase("Código de esta entrega", "Code of this export");
pub(super) const POLICY: Phrase = Phrase("Política aplicada", "Policy applied");

/// What binds whoever receives anything of a person.
pub(super) const LAW: Phrase = Phrase(
    "Este expediente contiene datos personales. La Ley N.º 29733 obliga a guardar su confidencialidad a quien interviene en su tratamiento.",
    "This file holds personal data. Peruvian Law No. 29733 binds whoever handles it to keep it confidential.",
);

/// What binds whoever receives this file. The rest is the business of whoever hands it over, and
/// some of it tells how the file came about.
pub(super) const fn duty(obligation: Obligation) -> Option<Phrase> {
    match obligation {
        Obligation::NoOnwardTransfer => Some(Phrase(
            "No lo entregue ni lo comunique, en todo ni en parte, a otra persona o institución: se recibe solo para la finalidad indicada.",
            "Do not hand it on or disclose it, in whole or in part, to any other person or institution: it is received for the stated purpose only.",
        )),
        Obligation::SafeContactOnly => Some(Phrase(
            "No se comunique con la persona por su cuenta: hágalo solo por la vía que ella indicó como segura. Consulte antes a quien entrega este expediente.",
            "Do not get in touch with the person on your own: do so only in the way that she called safe. Ask whoever hands over this file first.",
        )),
        Obligation::ReviewEach
        | Obligation::NotifyFirst
        | Obligation::HumanReview
        | Obligation::GeneralisePlace
        | Obligation::ScrubAttachment
        | Obligation::SecondPerson
        | Obligation::TellPerson
        | Obligation::ReviewOverride => None,
    }
}

pub(super) fn version(language: Language, version: u32) -> String {
    match language {
        Language::Spanish => format!("versión {version}"),
        Language::English => format!("version {version}"),
    }
}

/// How many fields stand as they were, changed, and not at all.
pub(super) fn counts(language: Language, kept: usize, changed: usize, withheld: usize) -> String {
    let one = |count, one: Phrase, many: Phrase| {
        format!("{count} {}", language.of(if count == 1 { one } else { many }))
    };
    let parts = [
        one(
            kept,
            Phrase("dato tal como consta", "item as it stands on record"),
            Phrase("datos tal como constan", "items as they stand on record"),
        ),
        one(changed, Phrase("modificado", "changed"), Phrase("modificados", "changed")),
        one(withheld, Phrase("reservado", "withheld"), Phrase("reservados", "withheld")),
    ];
    format!("{}.", language.list(&parts))
}
