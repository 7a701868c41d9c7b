//! Values as a person or a file gives them: text that the schema will read.

use std::fmt;

use amparo::{FieldValue, SecretText};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::failure::Failure;

/// One value, before the schema has seen it. Wiped on drop, silent in `Debug`.
#[derive(Clone)]
pub(crate) enum Entered {
    Empty,
    Text(SecretText),
    List(Vec<SecretText>),
}

/// The names and values of one JSON object, in its order, no name twice.
pub(crate) struct Object(pub(crate) Vec<(String, Entered)>);

impl Entered {
    /// The value for a draft; `None` if there is none.
    pub(crate) fn into_value(self) -> Option<FieldValue> {
        match self {
            Self::Empty => None,
            Self::Text(text) => Some(FieldValue::from(text)),
            Self::List(items) => Some(FieldValue::from(items)),
        }
    }
}

impl Object {
    /// Reads one JSON object: field names and values, or what `record show` prints.
    ///
    /// A parser's error quotes what it read, so only line and column are kept.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Shown {
            fields: Object,
        }
        serde_json::from_slice(json)
            .or_else(|error| {
                serde_json::from_slice(json).map(|shown: Shown| shown.fields).map_err(|_| error)
            })
            .map_err(|error| {
                Failure::own("bad-json").with("line", error.line()).with("column", error.column())
            })
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

impl<'de> Deserialize<'de> for Entered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EnteredVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut entries: Vec<(String, Entered)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Entered>()? {
            if entries.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a name stands twice"));
            }
            entries.push((name, value));
        }
        Ok(Object(entries))
    }
}

struct EnteredVisitor;

impl<'de> Visitor<'de> for EnteredVisitor {
    type Value = Entered;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, true, false, null, or a list of these")
    }

    fn visit_unit<E>(self) -> Result<Entered, E> {
        Ok(Entered::Empty)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Entered, E> {
        Ok(Entered::Text(value.to_string().into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Entered, E> {
        Ok(Entered::Text(value.to_string().into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Entered, E> {
        Ok(Entered::Text(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Entered, E> {
        Ok(Entered::Text(value.to_string().into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Entered, E> {
        Ok(Entered::Text(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Entered, E> {
        Ok(Entered::Text(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Entered, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Entered>()? {
            match item {
                Entered::Text(text) => items.push(text),
                _ => return Err(A::Error::custom("a list within a list")),
            }
        }
        Ok(Entered::List(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_with_and_without_its_frame() {
        for json in
            [r#"{"a": "x", "b": 3}"#, r#"{"id": "0", "fields": {"a": "x", "b": 3}, "sealed": {}}"#]
        {
            let Object(entries) = Object::parse(json.as_bytes()).ok().unwrap();
            let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["a", "b"]);
        }
        for bad in ["", "[]", r#"{"a": {"b": 1}}"#, r#"{"a": 1, "a": 2}"#, r#"{"a": [[1]]}"#] {
            assert!(Object::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
