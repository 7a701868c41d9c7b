//! Serde for the types that go through their spelling, in any format.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Visitor;

/// Writes a type with its `Display` and reads it with its `FromStr`.
macro_rules! spelled {
    ($($name:ty),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> core::result::Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> core::result::Result<Self, D::Error> {
                from.deserialize_str($crate::spelling::Spelling(std::marker::PhantomData))
            }
        }
    )+};
}
pub(crate) use spelled;

pub(crate) struct Spelling<T>(pub(crate) PhantomData<T>);

impl<T: FromStr> Visitor<'_> for Spelling<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its spelling as text")
    }

    /// The message does not quote the text.
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::custom("not the spelling of such a value"))
    }
}
