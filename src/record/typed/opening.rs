//! From fields to a struct.

use std::collections::BTreeMap;
use std::collections::btree_map;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::error::Failure;
use crate::record::FieldValue;
use crate::secret::SecretText;

/// The fields of a record, as a struct or a map.
pub(super) struct Fields<'de> {
    rest: btree_map::Iter<'de, String, FieldValue>,
    next: Option<(&'de str, &'de FieldValue)>,
}

impl<'de> Fields<'de> {
    pub(super) fn new(fields: &'de BTreeMap<String, FieldValue>) -> Self {
        Self { rest: fields.iter(), next: None }
    }
}

impl<'de> de::Deserializer<'de> for Fields<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_map(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> de::MapAccess<'de> for Fields<'de> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.next = Some((name, value));
        seed.deserialize(Borrowed(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let (name, value) = self.next.take().ok_or(MISSING)?;
        seed.deserialize(Value(value)).map_err(|failure| failure.at(name))
    }
}

const MISSING: Failure = Failure::new("a value was asked for twice");

/// A field's name.
struct Borrowed<'de>(&'de str);

impl<'de> de::Deserializer<'de> for Borrowed<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_borrowed_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

/// The value of a field.
struct Value<'de>(&'de FieldValue);

impl<'de> Value<'de> {
    /// Texts are lent, other kinds are spelled into a text that is wiped.
    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0.as_text() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => visitor.visit_str(self.0.to_text().expose()),
        }
    }
}

impl<'de> de::Deserializer<'de> for Value<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            FieldValue::Integer(number) => visitor.visit_i64(*number),
            FieldValue::Boolean(value) => visitor.visit_bool(*value),
            FieldValue::TextList(items) | FieldValue::CodeList(items) => {
                visitor.visit_seq(Items::Texts(items.iter()))
            }
            FieldValue::PlaceList(places) => visitor.visit_seq(Items::Places(places.iter())),
            _ => self.text(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        self.text(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    /// A code is the name of a unit variant.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let text: StrDeserializer<'_, Failure> =
            self.0.as_text().ok_or(MISFIT)?.into_deserializer();
        visitor.visit_enum(text)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

const MISFIT: Failure = Failure::new("the value does not fit the struct");

/// The items of a list.
enum Items<'de> {
    Texts(std::slice::Iter<'de, SecretText>),
    Places(std::slice::Iter<'de, crate::schema::PlaceCode>),
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        match self {
            Self::Texts(items) => {
                items.next().map(|item| seed.deserialize(Item(item.expose()))).transpose()
            }
            Self::Places(places) => {
                let Some(place) = places.next() else {
                    return Ok(None);
                };
                let text = SecretText::from(place.to_string());
                let text: StrDeserializer<'_, Failure> = text.expose().into_deserializer();
                seed.deserialize(text).map(Some)
            }
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(match self {
            Self::Texts(items) => items.len(),
            Self::Places(places) => places.len(),
        })
    }
}

/// One text of a list.
struct Item<'de>(&'de str);

impl<'de> de::Deserializer<'de> for Item<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let text: StrDeserializer<'_, Failure> = self.0.into_deserializer();
        visitor.visit_enum(text)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
