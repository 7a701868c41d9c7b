//! One value of one field.

use std::fmt;

use zeroize::Zeroize;

use crate::error::Result;
use crate::id::AttachmentId;
use crate::record::{Decimal, encoding};
use crate::schema::PlaceCode;
use crate::secret::{SecretBytes, SecretText};
use crate::time::{Date, Timestamp};

/// The value of a field: a secret as much as a key is, wiped on drop.
///
/// A country is a `Code` of ISO 3166-1 alpha-2, a telephone number is a `Text`.
///
/// ```
/// use amparo::FieldValue;
/// let name = FieldValue::from("Flor de Prueba");
/// assert_eq!(name.as_text(), Some("Flor de Prueba"));
/// assert_eq!(format!("{name:?}"), "FieldValue(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldValue {
    /// A line of text.
    Text(SecretText),
    /// Prose.
    LongText(SecretText),
    /// A day.
    Date(Date),
    /// A moment.
    DateTime(Timestamp),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Yes or no.
    Boolean(bool),
    /// A code.
    Code(SecretText),
    /// Several lines of text, in order.
    TextList(Vec<SecretText>),
    /// A set of codes.
    CodeList(Vec<SecretText>),
    /// A reference to an attachment.
    Attachment(AttachmentId),
    /// A district.
    Place(PlaceCode),
    /// Several districts, in order.
    PlaceList(Vec<PlaceCode>),
}

impl FieldValue {
    /// The number of the kind, as it is stored (`docs/format.md`).
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self {
            Self::Text(_) => 1,
            Self::LongText(_) => 2,
            Self::Date(_) => 3,
            Self::DateTime(_) => 4,
            Self::Integer(_) => 5,
            Self::Decimal(_) => 6,
            Self::Boolean(_) => 7,
            Self::Code(_) => 8,
            Self::TextList(_) => 9,
            Self::CodeList(_) => 10,
            Self::Attachment(_) => 11,
            Self::Place(_) => 12,
            Self::PlaceList(_) => 13,
        }
    }

    /// The text of a text, a long text or a code.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::LongText(text) | Self::Code(text) => Some(text.expose()),
            _ => None,
        }
    }

    /// One spelling for people and files; a list is joined by `; `.
    #[must_use]
    pub fn to_text(&self) -> SecretText {
        match self {
            Self::Text(text) | Self::LongText(text) | Self::Code(text) => text.clone(),
            Self::Date(date) => date.to_string().into(),
            Self::DateTime(moment) => moment.to_string().into(),
            Self::Integer(number) => number.to_string().into(),
            Self::Decimal(number) => number.to_string().into(),
            Self::Boolean(value) => value.to_string().into(),
            Self::TextList(items) | Self::CodeList(items) => joined(items),
            Self::Attachment(id) => id.to_string().into(),
            Self::Place(place) => place.to_string().into(),
            Self::PlaceList(places) => {
                let spelled: Vec<SecretText> =
                    places.iter().map(|p| p.to_string().into()).collect();
                joined(&spelled)
            }
        }
    }

    /// The stored bytes of the value; the kind's code stands apart.
    pub(crate) fn encode(&self) -> SecretBytes {
        encoding::encode(self)
    }

    /// Reads stored bytes: bounded, and one value has one spelling only.
    pub(crate) fn decode(code: u8, bytes: &[u8]) -> Result<Self> {
        encoding::decode(code, bytes)
    }

    /// Whether it says nothing: such a value is not stored.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::LongText(text) | Self::Code(text) => {
                text.expose().trim().is_empty()
            }
            Self::TextList(items) | Self::CodeList(items) => {
                items.iter().all(|item| item.expose().trim().is_empty())
            }
            Self::PlaceList(places) => places.is_empty(),
            _ => false,
        }
    }
}

impl Drop for FieldValue {
    fn drop(&mut self) {
        match self {
            // Texts wipe themselves.
            Self::Text(_) | Self::LongText(_) | Self::Code(_) => {}
            Self::TextList(_) | Self::CodeList(_) => {}
            Self::Date(date) => date.zeroize(),
            Self::DateTime(moment) => moment.zeroize(),
            Self::Integer(number) => number.zeroize(),
            Self::Decimal(number) => number.zeroize(),
            Self::Boolean(value) => value.zeroize(),
            Self::Attachment(id) => *id = AttachmentId::from_bytes([0; 16]),
            Self::Place(place) => place.zeroize(),
            Self::PlaceList(places) => places.zeroize(),
        }
    }
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldValue(..)")
    }
}

macro_rules! from {
    ($($source:ty => $kind:ident,)+) => {
        $(impl From<$source> for FieldValue {
            fn from(value: $source) -> Self {
                Self::$kind(value.into())
            }
        })+
    };
}

from! {
    &str => Text,
    String => Text,
    SecretText => Text,
    Date => Date,
    Timestamp => DateTime,
    i64 => Integer,
    i32 => Integer,
    u32 => Integer,
    Decimal => Decimal,
    bool => Boolean,
    AttachmentId => Attachment,
    PlaceCode => Place,
    Vec<PlaceCode> => PlaceList,
}

impl From<Vec<SecretText>> for FieldValue {
    fn from(items: Vec<SecretText>) -> Self {
        Self::TextList(items)
    }
}

impl From<Vec<String>> for FieldValue {
    fn from(items: Vec<String>) -> Self {
        Self::TextList(items.into_iter().map(SecretText::from).collect())
    }
}

impl From<Vec<&str>> for FieldValue {
    fn from(items: Vec<&str>) -> Self {
        Self::TextList(items.into_iter().map(SecretText::from).collect())
    }
}

/// Built at its full length at once: a buffer that grows leaves copies behind.
fn joined(items: &[SecretText]) -> SecretText {
    let len: usize = items.iter().map(|item| item.expose().len() + 2).sum();
    let mut text = String::with_capacity(len);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str("; ");
        }
        text.push_str(item.expose());
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_silent_and_spells_itself_once() {
        let list = FieldValue::from(vec!["canary one", "canary two"]);
        assert_eq!(format!("{list:?}"), "FieldValue(..)");
        assert_eq!(list.to_text().expose(), "canary one; canary two");
        assert_eq!(FieldValue::from(true).to_text().expose(), "true");
        assert_eq!(
            FieldValue::from(Date::new(2012, 2, 29).unwrap()).to_text().expose(),
            "2012-02-29"
        );
        assert!(FieldValue::from("  ").is_empty() && !FieldValue::from(0).is_empty());
    }
}
