//! From a struct to fields.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::Serialize;
use serde::ser::{self, Impossible};

use super::error::Failure;
use crate::record::FieldValue;
use crate::secret::SecretText;

type Fields = BTreeMap<String, FieldValue>;

/// Takes the struct itself.
pub(super) struct Top;

/// Takes one value: `None` is an absent field.
struct One;

/// A struct or map, half taken.
#[derive(Default)]
pub(super) struct Taken {
    fields: Fields,
    key: Option<String>,
}

/// A list, half taken.
struct Items(Vec<SecretText>);

const SIMPLE: Failure = Failure::new("a field holds a simple value or a list of such");
const STRUCT: Failure = Failure::new("a record is made of a struct");

impl Taken {
    fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Failure> {
        if let Some(value) = value.serialize(One)? {
            self.fields.insert(name.to_owned(), value);
        }
        Ok(())
    }
}

macro_rules! refuse {
    ($why:expr => $($method:ident($($argument:ty),*) -> $ok:ty,)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$ok, Failure> { Err($why) })+
    };
}

impl ser::Serializer for Top {
    type Ok = Fields;
    type Error = Failure;
    type SerializeSeq = Impossible<Fields, Failure>;
    type SerializeTuple = Impossible<Fields, Failure>;
    type SerializeTupleStruct = Impossible<Fields, Failure>;
    type SerializeTupleVariant = Impossible<Fields, Failure>;
    type SerializeMap = Taken;
    type SerializeStruct = Taken;
    type SerializeStructVariant = Impossible<Fields, Failure>;

    refuse! { STRUCT =>
        serialize_bool(bool) -> Fields,
        serialize_i8(i8) -> Fields,
        serialize_i16(i16) -> Fields,
        serialize_i32(i32) -> Fields,
        serialize_i64(i64) -> Fields,
        serialize_u8(u8) -> Fields,
        serialize_u16(u16) -> Fields,
        serialize_u32(u32) -> Fields,
        serialize_u64(u64) -> Fields,
        serialize_f32(f32) -> Fields,
        serialize_f64(f64) -> Fields,
        serialize_char(char) -> Fields,
        serialize_str(&str) -> Fields,
        serialize_bytes(&[u8]) -> Fields,
        serialize_none() -> Fields,
        serialize_unit() -> Fields,
        serialize_unit_struct(&'static str) -> Fields,
        serialize_unit_variant(&'static str, u32, &'static str) -> Fields,
        serialize_seq(Option<usize>) -> Self::SerializeSeq,
        serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant,
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Result<Fields, Failure> {
        Err(STRUCT)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Fields, Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Fields, Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Fields, Failure> {
        Err(STRUCT)
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Taken, Failure> {
        Ok(Taken::default())
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Taken, Failure> {
        Ok(Taken::default())
    }
}

impl ser::SerializeStruct for Taken {
    type Ok = Fields;
    type Error = Failure;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Failure> {
        self.put(key, value).map_err(|failure| failure.at(key))
    }

    fn end(self) -> Result<Fields, Failure> {
        Ok(self.fields)
    }
}

/// A map's key may be data, so an error does not name it.
impl ser::SerializeMap for Taken {
    type Ok = Fields;
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Failure> {
        let name = key.serialize(One)?;
        let name = name.as_ref().and_then(FieldValue::as_text).ok_or(SIMPLE)?;
        self.key = Some(name.to_owned());
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        let key = self.key.take().ok_or(SIMPLE)?;
        self.put(&key, value)
    }

    fn end(self) -> Result<Fields, Failure> {
        Ok(self.fields)
    }
}

type Value = Option<FieldValue>;

macro_rules! integers {
    ($($method:ident: $number:ty,)+) => {
        $(fn $method(self, number: $number) -> Result<Value, Failure> {
            let number = i64::try_from(number)
                .map_err(|_| Failure::new("a whole number is out of range"))?;
            Ok(Some(FieldValue::Integer(number)))
        })+
    };
}

impl ser::Serializer for One {
    type Ok = Value;
    type Error = Failure;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Impossible<Value, Failure>;
    type SerializeTupleVariant = Impossible<Value, Failure>;
    type SerializeMap = Impossible<Value, Failure>;
    type SerializeStruct = Impossible<Value, Failure>;
    type SerializeStructVariant = Impossible<Value, Failure>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    refuse! { SIMPLE =>
        serialize_f32(f32) -> Value,
        serialize_f64(f64) -> Value,
        serialize_bytes(&[u8]) -> Value,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_map(Option<usize>) -> Self::SerializeMap,
        serialize_struct(&'static str, usize) -> Self::SerializeStruct,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant,
    }

    fn serialize_bool(self, value: bool) -> Result<Value, Failure> {
        Ok(Some(value.into()))
    }

    fn serialize_char(self, value: char) -> Result<Value, Failure> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Failure> {
        Ok(Some(value.into()))
    }

    /// The default would build a string that nobody wipes.
    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Value, Failure> {
        let mut length = Length(0);
        write!(length, "{value}").map_err(|_| SIMPLE)?;
        let mut text = String::with_capacity(length.0);
        write!(text, "{value}").map_err(|_| SIMPLE)?;
        Ok(Some(text.into()))
    }

    fn serialize_none(self) -> Result<Value, Failure> {
        Ok(None)
    }

    fn serialize_unit(self) -> Result<Value, Failure> {
        Ok(None)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, Failure> {
        Ok(None)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, Failure> {
        Ok(Some(variant.into()))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value, Failure> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Value, Failure> {
        Err(SIMPLE)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Items, Failure> {
        Ok(Items(Vec::new()))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Items, Failure> {
        Ok(Items(Vec::new()))
    }
}

impl Items {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        match value.serialize(One)? {
            Some(FieldValue::TextList(_)) => Err(SIMPLE),
            Some(item) => {
                self.0.push(item.to_text());
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Value;
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.add(value)
    }

    fn end(self) -> Result<Value, Failure> {
        Ok(Some(FieldValue::TextList(self.0)))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Value;
    type Error = Failure;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Failure> {
        self.add(value)
    }

    fn end(self) -> Result<Value, Failure> {
        Ok(Some(FieldValue::TextList(self.0)))
    }
}

/// Counts what would be written.
struct Length(usize);

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}
