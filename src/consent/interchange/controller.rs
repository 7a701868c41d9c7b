//! The organisation that answers for the data.

use std::fmt;

use crate::error::{Error, ErrorKind, Result};

/// The organisation that answers for the data, as far as it wants to tell. What it leaves out is
/// left out of documents, even where ISO/IEC TS 27560 asks for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Controller {
    /// What it is called.
    pub name: String,
    /// Under which country's law: an ISO 3166-1 code of two letters.
    pub country: Option<String>,
    /// Where somebody who wants to withdraw turns to, in words.
    pub contact: Option<String>,
    /// In which country the data lie: an ISO 3166-1 code of two letters.
    pub stored_in: Option<String>,
    /// How long the data are kept, in words.
    pub kept_for: Option<String>,
}

impl Controller {
    /// An organisation of this name, and nothing else told.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let name = name.to_owned();
        Self { name, country: None, contact: None, stored_in: None, kept_for: None }
    }

    /// Under which country's law.
    #[must_use]
    pub fn in_country(mut self, code: &str) -> Self {
        self.country = Some(code.to_owned());
        self
    }

    /// Where somebody who wants to withdraw turns to.
    #[must_use]
    pub fn reached_at(mut self, contact: &str) -> Self {
        self.contact = Some(contact.to_owned());
        self
    }

    /// In which country the data lie.
    #[must_use]
    pub fn storing_in(mut self, code: &str) -> Self {
        self.stored_in = Some(code.to_owned());
        self
    }

    /// How long the data are kept.
    #[must_use]
    pub fn keeping_for(mut self, words: &str) -> Self {
        self.kept_for = Some(words.to_owned());
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        let is_code =
            |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        if self.country.iter().chain(&self.stored_in).all(is_code) {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::BadValue, "a country is a code of two capital letters"))
        }
    }
}

impl fmt::Debug for Controller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Controller(..)")
    }
}
