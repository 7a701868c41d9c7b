//! JSON with bounds: no more is read than was allowed before, and nothing is in it twice.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Place, Result};

/// An object that leaves out what is empty.
#[derive(Default)]
pub(super) struct Node(Map<String, Value>);

impl Node {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A JSON-LD node of these types.
    pub(super) fn typed<'a>(types: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new().list("@type", types)
    }

    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    pub(super) fn maybe(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// An array, if there is anything in it.
    pub(super) fn list<V: Into<Value>>(
        self,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { self } else { self.with(key, values) }
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        Self::Object(node.0)
    }
}

/// The text of a document, if [`read`] reads it.
pub(super) fn write(document: &Value) -> Result<String> {
    let long = || Error::new(ErrorKind::TooLong, "the document is longer than can be read");
    let text = serde_json::to_string_pretty(document)
        .map_err(|_| Error::new(ErrorKind::Internal, "JSON could not be written"))?;
    let mut left = MAX_VALUES;
    if text.len() <= MAX_DOCUMENT && fits(document, &mut left) { Ok(text) } else { Err(long()) }
}

fn fits(value: &Value, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match value {
        Value::String(text) => text.len() <= MAX_TEXT,
        Value::Array(values) => values.iter().all(|value| fits(value, left)),
        Value::Object(map) => map.values().all(|value| fits(value, left)),
        _ => true,
    }
}

/// Reads a document of at most 1 MiB, 100,000 values and 4 KiB in each text; of numbers only
/// whole ones from 0, no null, no truth value, no key twice in one object.
pub(super) fn read(text: &str) -> Result<Value> {
    if text.len() > MAX_DOCUMENT {
        return Err(Error::new(ErrorKind::TooLong, "the document is longer than 1 MiB"));
    }
    let mut left = MAX_VALUES;
    let mut from = serde_json::Deserializer::from_str(text);
    let read = Bounded { left: &mut left }.deserialize(&mut from);
    // The message may quote what was read; only its line and column are kept.
    read.and_then(|value| from.end().map(|()| value)).map_err(|error| {
        let place = Place::Line { line: error.line(), column: error.column() };
        Error::new(ErrorKind::BadInput, "this is not JSON as a document holds it").at(place)
    })
}

type Outcome<E> = std::result::Result<Value, E>;

struct Bounded<'a> {
    left: &'a mut usize,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Outcome<D::Error> {
        *self.left = self.left.checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a whole number, an array or an object")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Outcome<E> {
        Ok(number.into())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Outcome<E> {
        if text.len() > MAX_TEXT { Err(E::custom("too long")) } else { Ok(text.into()) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Outcome<A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(Bounded { left: &mut *self.left })? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Outcome<A::Error> {
        let mut map = Map::new();
        while let Some(key) = items.next_key::<String>()? {
            let value = items.next_value_seed(Bounded { left: &mut *self.left })?;
            if key.len() > MAX_TEXT || map.insert(key, value).is_some() {
                return Err(A::Error::custom("a key that stands here twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

const MAX_DOCUMENT: usize = 1 << 20;
const MAX_VALUES: usize = 100_000;
const MAX_TEXT: usize = 4 << 10;
