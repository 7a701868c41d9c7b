//! A value as programs read it.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::language::Language;
use crate::redact::{Data, Mark, Shown};
use crate::secret::SecretText;

/// A value that an export discloses.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimValue {
    /// Words, a code, a day, a moment, a decimal number or a place. A part that was hidden is its
    /// label in brackets.
    Text(SecretText),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Several.
    List(Vec<SecretText>),
}

impl ClaimValue {
    pub(super) fn of(shown: &Shown, language: Language) -> Self {
        match shown.data() {
            Data::Words => Self::Text(shown.to_text(language)),
            Data::Code(code) => Self::Text(code.clone()),
            Data::Integer(number) => Self::Integer(*number),
            Data::Boolean(value) => Self::Boolean(*value),
            Data::List(items) => Self::List(items.clone()),
        }
    }

    /// The value as JSON.
    ///
    /// # Errors
    ///
    /// `Internal` if it cannot be written, which does not happen.
    pub fn to_json(&self) -> Result<SecretText> {
        serde_json::to_string(&Wire(self, None))
            .map(SecretText::from)
            .map_err(|_| Error::new(ErrorKind::Internal, "JSON could not be written"))
    }

    /// Nothing if it is of another shape: a fraction, null, or one thing within another.
    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.into())),
            Value::Number(number) => number.as_i64().map(Self::Integer),
            Value::Bool(value) => Some(Self::Boolean(value)),
            Value::Array(items) => {
                items.into_iter().map(text).collect::<Option<_>>().map(Self::List)
            }
            Value::Null | Value::Object(_) => None,
        }
    }

    /// Longest that it can be as JSON: a byte becomes at most `\u0000`.
    pub(super) fn longest_json(&self) -> usize {
        match self {
            Self::Text(text) => 6 * text.expose().len() + 2,
            Self::Integer(_) | Self::Boolean(_) => 20,
            Self::List(items) => {
                items.iter().map(|item| 6 * item.expose().len() + 3).sum::<usize>() + 2
            }
        }
    }
}

impl fmt::Debug for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimValue(..)")
    }
}

/// A value in a disclosure: as it is, or, where something else stands for it,
/// `{"changed":MARK,"value":...}`.
pub(super) struct Wire<'a>(pub(super) &'a ClaimValue, pub(super) Option<Mark>);

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        if let Some(mark) = self.1 {
            let mut map = to.serialize_map(Some(2))?;
            map.serialize_entry("changed", mark.code())?;
            map.serialize_entry("value", &Wire(self.0, None))?;
            return map.end();
        }
        match self.0 {
            // EXPOSE: into the disclosure, which is what leaves.
            ClaimValue::Text(text) => to.serialize_str(text.expose()),
            ClaimValue::Integer(number) => to.serialize_i64(*number),
            ClaimValue::Boolean(value) => to.serialize_bool(*value),
            ClaimValue::List(items) => to.collect_seq(items.iter().map(SecretText::expose)),
        }
    }
}

/// Reads what [`Wire`] writes.
pub(super) fn read(value: Value) -> Option<(ClaimValue, Option<Mark>)> {
    let Value::Object(mut map) = value else {
        return ClaimValue::from_json(value).map(|value| (value, None));
    };
    let (changed, value) = (map.remove("changed")?, map.remove("value")?);
    let mark = mark(changed.as_str()?)?;
    map.is_empty().then_some(())?;
    Some((ClaimValue::from_json(value)?, Some(mark)))
}

/// The mark with this code.
pub(super) fn mark(code: &str) -> Option<Mark> {
    Mark::ALL.iter().copied().find(|mark| mark.code() == code)
}

fn text(item: Value) -> Option<SecretText> {
    if let Value::String(text) = item { Some(text.into()) } else { None }
}
