//! Serde for the types that go through their spelling, in any format.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{AttachmentId, RecordId};
use crate::record::Decimal;
use crate::schema::PlaceCode;
use crate::time::{Date, Timestamp};

macro_rules! spelled {
    ($($name:ty,)+) => {
        $(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    to.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    from.deserialize_str(Spelling(PhantomData))
                }
            }
        )+
    };
}

spelled! {
    Date,
    Timestamp,
    Decimal,
    PlaceCode,
    AttachmentId,
    RecordId,
}

struct Spelling<T>(PhantomData<T>);

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
