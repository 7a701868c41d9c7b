//! The three states of a field, by which the page is filtered.

use crate::language::{Language, Phrase};
use crate::redact::{Outcome, RedactedField};

/// Whether a field leaves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// As it is.
    Leaves,
    /// Something in its place.
    Changed,
    /// Not at all.
    Withheld,
}

impl State {
    pub(super) const ALL: [Self; 3] = [Self::Leaves, Self::Changed, Self::Withheld];

    pub(super) const fn of(field: &RedactedField) -> Self {
        match field.outcome() {
            Outcome::Kept(_) => Self::Leaves,
            Outcome::Changed(..) => Self::Changed,
            Outcome::Withheld(_) => Self::Withheld,
        }
    }

    /// The class of rows in this state; the style sheet knows it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Leaves => "leaves",
            Self::Changed => "changed",
            Self::Withheld => "withheld",
        }
    }

    /// Beside one field.
    pub(super) const fn word(self, language: Language) -> &'static str {
        language.of(match self {
            Self::Leaves => Phrase("Sale", "Leaves"),
            Self::Changed => Phrase("Sale modificado", "Leaves changed"),
            Self::Withheld => Phrase("No sale", "Does not leave"),
        })
    }

    /// For several, on the filter.
    pub(super) const fn words(self, language: Language) -> &'static str {
        language.of(match self {
            Self::Leaves => Phrase("Salen tal como constan", "Leave as they stand"),
            Self::Changed => Phrase("Salen modificados", "Leave changed"),
            Self::Withheld => Phrase("No salen", "Do not leave"),
        })
    }

    /// What the page says while it shows these only.
    pub(super) const fn note(self, language: Language) -> &'static str {
        language.of(match self {
            Self::Leaves => Phrase(
                "Se muestran solo los datos que salen tal como constan.",
                "Only what leaves as it stands is shown.",
            ),
            Self::Changed => Phrase(
                "Se muestran solo los datos que salen modificados.",
                "Only what leaves changed is shown.",
            ),
            Self::Withheld => Phrase(
                "Se muestran solo los datos que no salen.",
                "Only what does not leave is shown.",
            ),
        })
    }
}
