//! What a span of a text may give away.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What a span of a text identifies somebody by; the codes are stable.
        ///
        /// ```
        /// use amparo::SpanKind;
        /// assert_eq!("foreigner_card".parse::<SpanKind>()?, SpanKind::ForeignerCard);
        /// # Ok::<(), amparo::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum SpanKind { $($(#[doc = $doc])+ $name,)+ }

        impl SpanKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// A stable name in snake case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

kinds! {
    /// A name of a person.
    Person = "person",
    /// The number of a Peruvian identity document, or a taxpayer's number that holds it.
    Document = "document",
    /// The number of a foreigner's card, permit or identity document.
    ForeignerCard = "foreigner_card",
    /// The number of a passport.
    Passport = "passport",
    /// A telephone number.
    Phone = "phone",
    /// An e-mail address.
    Email = "email",
    /// The plate of a vehicle.
    Plate = "plate",
    /// A day.
    Date = "date",
    /// Where somebody lives or something happened.
    Address = "address",
    /// A name on a social network.
    Handle = "handle",
    /// A district, province or department.
    District = "district",
    /// The number of a file, complaint, certificate or account.
    FileNumber = "file_number",
    /// Another value that is recorded in the case.
    Recorded = "recorded",
    /// Whatever else a reader marks.
    Other = "other",
}

impl fmt::Display for SpanKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for SpanKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let kind = Self::ALL.iter().copied().find(|kind| kind.code() == text);
        kind.ok_or_else(|| Error::new(ErrorKind::UnknownCode, "not a kind of span"))
    }
}

crate::spelling::spelled!(SpanKind);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_code() {
        for kind in SpanKind::ALL {
            assert_eq!(kind.to_string().parse::<SpanKind>().unwrap(), *kind);
        }
        let error = "Rosa".parse::<SpanKind>().unwrap_err();
        assert!(!error.to_string().contains("Rosa"));
    }
}
