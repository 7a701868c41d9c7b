//! Closed lists of codes with Spanish and English labels.

use crate::schema::field::Matcher;

/// A closed list of codes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Vocabulary {
    /// The name that fields refer to.
    pub name: String,
    /// The codes, in the order in which people read them.
    pub entries: Vec<Term>,
}

impl Vocabulary {
    /// The term of this code.
    #[must_use]
    pub fn term(&self, code: &str) -> Option<&Term> {
        self.entries.iter().find(|term| term.code == code)
    }
}

/// A code and what it means.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Term {
    /// The code that records hold.
    pub code: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
    /// The usual form of a field that depends on this code, such as a document's number.
    pub pattern: Option<String>,
    /// Whether it is kept for old records only.
    pub retired: bool,
    pub(crate) matcher: Option<Matcher>,
}
