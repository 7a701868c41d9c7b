//! Why a field stands as it does, and what would help, in words.

use std::collections::BTreeSet;

use crate::consent::{Missing, Reason};
use crate::export::preview::consent_words;
use crate::language::{Language, Phrase};
use crate::redact::{Mark, RedactedField};

/// What kept a field back or changed it. Of equal causes the summary makes one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    mark: Mark,
    /// The decision, where it too stands in the way.
    denied: Option<Reason>,
}

impl Cause {
    /// The cause for which a field does not stand as it was; none for one that does.
    pub(super) fn of(field: &RedactedField) -> Option<Self> {
        let mark = field.mark()?;
        Some(Self { mark, denied: Some(field.reason()).filter(|reason| !is_permit(*reason)) })
    }

    pub(super) const fn mark(self) -> Mark {
        self.mark
    }

    /// Why.
    pub(super) fn words(self, language: Language) -> Vec<&'static str> {
        let denied = self.denied.map(consent_words::reason);
        let profile = match (self.mark, denied) {
            // The reason says more than the mark.
            (Mark::Consent, Some(_)) => None,
            // Nobody was asked about what nobody here opens.
            (Mark::Sealed, _) => return vec![language.of(cause(Mark::Sealed))],
            (mark, _) => Some(cause(mark)),
        };
        [profile, denied].into_iter().flatten().map(|phrase| language.of(phrase)).collect()
    }

    /// What it would take.
    pub(super) fn help(self, missing: &BTreeSet<Missing>, language: Language) -> Vec<&'static str> {
        if self.mark == Mark::Sealed {
            return cure(self.mark).map(|phrase| language.of(phrase)).into_iter().collect();
        }
        // What no exception can stand against, no signature helps either.
        if self.denied.is_some_and(|reason| !reason.can_be_overridden()) {
            return Vec::new();
        }
        let missing = missing.iter().map(|missing| consent_words::missing(*missing));
        cure(self.mark).into_iter().chain(missing).map(|phrase| language.of(phrase)).collect()
    }
}

/// Why a field leaves as it stands.
pub(super) const fn permit(reason: Reason, language: Language) -> &'static str {
    language.of(consent_words::reason(reason))
}

const fn is_permit(reason: Reason) -> bool {
    matches!(reason, Reason::ConsentInForce | Reason::OverrideInForce)
}

const fn cause(mark: Mark) -> Phrase {
    match mark {
        Mark::Consent => Phrase(
            "El consentimiento, la ley o la política de la organización no permiten que salga.",
            "Consent, law or the organisation's policy do not allow it to leave.",
        ),
        Mark::Profile => Phrase(
            "El tipo de expediente elegido no incluye este dato.",
            "The kind of file that was chosen does not include it.",
        ),
        Mark::Narrowed => Phrase(
            "Se dejó fuera al preparar esta entrega.",
            "It was left out when this export was prepared.",
        ),
        Mark::Unread => Phrase(
            "Es un texto libre que nadie ha leído y aprobado para su entrega.",
            "It is free text that nobody has read and approved for disclosure.",
        ),
        Mark::Hidden => Phrase(
            "Quien revisó el texto reservó una parte.",
            "Whoever reviewed the text reserved a part of it.",
        ),
        Mark::File => Phrase(
            "Es un archivo que nadie ha revisado y aprobado, o que este tipo de expediente no incluye.",
            "It is a file that nobody has looked through and approved, or that this kind of file does not include.",
        ),
        Mark::TwoPeople => Phrase(
            "Si se conociera, una vida correría peligro.",
            "If it became known, a life would be in danger.",
        ),
        Mark::Sealed => Phrase(
            "Su rol no abre esta parte del registro; tampoco se puede buscar en lo que sale.",
            "Your role does not open this part of the record; what leaves cannot be searched for it.",
        ),
        Mark::SmallGroup => Phrase(
            "Muy pocas personas comparten este dato: se podría reconocer de quién se trata.",
            "Too few people share it: it could tell who the person is.",
        ),
        Mark::Coarser => Phrase(
            "El tipo de expediente lo muestra con menos precisión.",
            "The kind of file shows it with less precision.",
        ),
        Mark::Coded => Phrase(
            "El tipo de expediente pone un rótulo en lugar del nombre o número.",
            "The kind of file puts a label in place of the name or number.",
        ),
    }
}

/// What would help against a mark itself, beside what the decision says is missing.
const fn cure(mark: Mark) -> Option<Phrase> {
    const OTHER: Phrase = Phrase(
        "Otro tipo de expediente, si la finalidad lo exige.",
        "Another kind of file, if the purpose requires it.",
    );
    match mark {
        Mark::Consent | Mark::SmallGroup => None,
        Mark::Profile | Mark::Coarser | Mark::Coded => Some(OTHER),
        Mark::Narrowed => {
            Some(Phrase("Incluirlo al preparar la entrega.", "Including it in the export."))
        }
        Mark::Unread => Some(Phrase(
            "Que una persona lea el texto completo y apruebe qué se muestra.",
            "A person reads the whole text and approves what is shown.",
        )),
        Mark::Hidden => Some(Phrase(
            "Una nueva revisión del texto, si lo reservado es necesario.",
            "Another review of the text, if what is reserved is needed.",
        )),
        Mark::File => Some(Phrase(
            "Que alguien revise todo el archivo y lo apruebe.",
            "Somebody looks through all of the file and approves it.",
        )),
        Mark::Sealed => Some(Phrase(
            "Que prepare la entrega alguien cuyo rol la abra.",
            "Somebody whose role opens it prepares the export.",
        )),
        Mark::TwoPeople => Some(Phrase(
            "La autorización firmada de dos personas.",
            "The signed authorisation of two people.",
        )),
    }
}
