//! What was kept back: the words that a search of the finished files must not find.

use std::fmt;

use crate::error::Place;
use crate::secret::SecretText;

/// A value that does not leave, or not as it is. Never part of a view.
#[derive(Clone)]
pub(crate) struct Hidden {
    /// The field that it stands in.
    pub(crate) place: Place,
    pub(crate) class: HiddenClass,
    pub(crate) part: HiddenPart,
    pub(crate) text: SecretText,
}

/// How much of a field was kept back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum HiddenPart {
    /// All of it.
    Whole,
    /// A span of a text. What another field shows by its own decision is no secret, so it is
    /// searched for only as far as it is not that.
    Span,
}

/// How a hidden value is searched for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum HiddenClass {
    /// What somebody is called: each word of it tells.
    Name,
    /// What points to somebody, such as a number or an address: its longer words tell too.
    Identifier,
    /// A line of text: the whole of it tells, its numbers, and two of its words together.
    Line,
    /// Prose: the whole of it, and the numbers in it.
    Prose,
    /// A day or a moment: the day tells, however it is written.
    Day,
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hidden({})", self.place)
    }
}
