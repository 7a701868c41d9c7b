//! The names of one person, as a case records them.

use crate::secret::SecretText;

/// The names under which a case records one person.
#[derive(Clone, Debug, Default)]
pub struct KnownPerson {
    pub(super) given: Vec<SecretText>,
    pub(super) surnames: Vec<SecretText>,
    pub(super) aliases: Vec<SecretText>,
}

impl KnownPerson {
    /// Somebody without a name.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds given names; also whole names of which nobody knows which word is what, since
    /// diminutives are looked for.
    #[must_use]
    pub fn given(mut self, names: impl Into<SecretText>) -> Self {
        self.given.push(names.into());
        self
    }

    /// Adds a surname, or several.
    #[must_use]
    pub fn surname(mut self, names: impl Into<SecretText>) -> Self {
        self.surnames.push(names.into());
        self
    }

    /// Adds a name by which others call her.
    #[must_use]
    pub fn alias(mut self, name: impl Into<SecretText>) -> Self {
        self.aliases.push(name.into());
        self
    }
}
