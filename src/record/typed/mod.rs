//! Records as structs: a serde serializer and deserializer over [`FieldValue`].
//!
//! There is no JSON in between, and this code keeps no copy of a text that it does not wipe.
//! What it cannot see are the copies of others: the struct belongs to the caller, and serde
//! itself buffers `flatten`, `untagged` and internally tagged types on the heap, unwiped.
//!
//! - A field of the struct is a field of the record. `Option::None`, `()` and, once the record
//!   is prepared, empty texts and lists are absent fields; so a list in a struct that is read
//!   back is marked `#[serde(default)]`.
//! - A unit variant of an enum is the code of its name.
//! - [`Date`](crate::Date), [`Timestamp`](crate::Timestamp), [`Decimal`](crate::Decimal),
//!   [`PlaceCode`](crate::PlaceCode) and [`AttachmentId`](crate::AttachmentId) go through their
//!   spelling. Floating-point numbers are refused: they are not exact.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::record::{FieldValue, Record};

mod error;
mod opening;
mod taking;

/// Takes a struct apart into fields.
///
/// # Errors
///
/// `BadValue` at the field, for anything that is not a struct of simple values and lists.
pub(crate) fn to_fields<T: Serialize>(value: &T) -> Result<BTreeMap<String, FieldValue>> {
    value.serialize(taking::Top).map_err(error::Failure::into_error)
}

/// Puts a struct together from the fields that this role opens.
///
/// # Errors
///
/// At a field: `Required` if the struct needs one that is empty or not open to this role,
/// `BadValue` if the value does not fit.
pub(crate) fn from_record<T: DeserializeOwned>(record: &Record) -> Result<T> {
    let name = record.record_type();
    T::deserialize(opening::Fields::new(record.fields())).map_err(|e| e.into_error_in(name))
}

#[cfg(test)]
mod tests;
