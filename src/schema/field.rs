//! A field of a record type: what it holds, who may read it, how it is found.

use std::fmt;
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;

/// A field of a record type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The name in records and in struct definitions.
    pub name: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
    /// What the field holds.
    pub kind: Kind,
    /// Who may read it: the name of a compartment.
    pub compartment: String,
    /// How an export treats it: the name of a sensitivity.
    pub sensitivity: String,
    /// How it can be searched.
    pub index: Index,
    /// How an export makes it coarser.
    pub generalise: Option<String>,
    /// The vocabulary of a code.
    pub vocabulary: Option<String>,
    /// Whether a record must have it.
    pub required: bool,
    /// Whether it is prose that an export must not show unread.
    pub free_text: bool,
    /// The usual form of a value; anything else earns a warning, never a refusal.
    pub pattern: Option<String>,
    /// The code field whose vocabulary term gives the usual form of this one.
    pub pattern_from: Option<String>,
    /// Whether it is kept for old records only.
    pub retired: bool,
    pub(crate) matcher: Option<Matcher>,
}

impl Field {
    /// Whether a search by word can use this field.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.index != Index::None
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A line of text, at most 16 KiB.
    Text,
    /// Prose, at most 48 KiB.
    #[serde(rename = "longtext")]
    LongText,
    /// A day.
    Date,
    /// A moment.
    #[serde(rename = "datetime")]
    DateTime,
    /// A whole number.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// Yes or no.
    Boolean,
    /// One code of a vocabulary.
    Code,
    /// Several lines of text, in order.
    #[serde(rename = "text[]")]
    TextList,
    /// A set of codes of a vocabulary.
    #[serde(rename = "code[]")]
    CodeList,
    /// A reference to an attachment.
    Attachment,
    /// A Peruvian district with the scheme of its code.
    Place,
    /// Several districts, in order.
    #[serde(rename = "place[]")]
    PlaceList,
    /// A country, as an ISO 3166-1 alpha-2 code.
    Country,
    /// A telephone number.
    Phone,
}

impl Kind {
    /// The name in a schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "longtext",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Code => "code",
            Self::TextList => "text[]",
            Self::CodeList => "code[]",
            Self::Attachment => "attachment",
            Self::Place => "place",
            Self::PlaceList => "place[]",
            Self::Country => "country",
            Self::Phone => "phone",
        }
    }

    /// Whether values of this kind are codes of a vocabulary.
    #[must_use]
    pub const fn is_coded(self) -> bool {
        matches!(self, Self::Code | Self::CodeList)
    }

    /// Whether an index of this sort can hold values of this kind.
    pub(crate) const fn allows(self, index: Index) -> bool {
        match index {
            Index::None => true,
            Index::Exact => {
                !matches!(self, Self::LongText | Self::Boolean | Self::Decimal | Self::Attachment)
            }
            Index::Phonetic => matches!(self, Self::Text | Self::TextList),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a field can be searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Index {
    /// Not at all.
    #[default]
    None,
    /// By the whole value; a date also by its month.
    Exact,
    /// By the whole value, by words as they sound in Spanish, and by their first letters.
    Phonetic,
}

/// A compiled pattern, shared by the clones of a field.
#[derive(Clone, Debug)]
pub(crate) struct Matcher(Arc<Regex>);

impl Matcher {
    /// `None` if the pattern is not a regular expression or grows too large.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        let regex = regex::RegexBuilder::new(&ascii_digits(pattern))
            .size_limit(MAX_COMPILED)
            .dfa_size_limit(MAX_COMPILED)
            .nest_limit(16)
            .build()
            .ok()?;
        Some(Self(Arc::new(regex)))
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Reads `\d` as `[0-9]`: no document has other digits, and the tables of all the digits of the
/// world take longer to compile than the rest of a schema takes to read.
fn ascii_digits(pattern: &str) -> String {
    let mut plain = String::with_capacity(2 * pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('d')) => {
                plain.push_str("[0-9]");
                chars.next();
            }
            ('\\', Some(escaped)) => {
                plain.extend([c, escaped]);
                chars.next();
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// A schema can come from outside: a pattern must not eat the memory of an old laptop.
const MAX_COMPILED: usize = 1 << 18;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_of_a_pattern_is_an_ascii_digit() {
        let usual = |pattern: &str, text: &str| Matcher::new(pattern).unwrap().is_match(text);
        assert!(usual(r"^\d{8}$", "01234567"));
        assert!(!usual(r"^\d{8}$", "\u{661}1234567"));
        assert!(usual(r"^[\d.]+$", "1.2") && usual(r"^\\d$", r"\d"));
        assert!(Matcher::new("(").is_none() && Matcher::new(r"\").is_none());
        assert!(Matcher::new("((a{99}){99}){99}").is_none());
    }
}
