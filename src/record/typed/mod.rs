//! Records as structs: a serde serializer and deserializer over [`FieldValue`].

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::record::{FieldValue, Record};

/// Takes a struct apart into fields.
pub(crate) fn to_fields<T: Serialize>(_value: &T) -> Result<BTreeMap<String, FieldValue>> {
    Err(Error::new(ErrorKind::BadValue, "not a struct"))
}

/// Puts a struct together from the fields that this role opens.
pub(crate) fn from_record<T: DeserializeOwned>(_record: &Record) -> Result<T> {
    Err(Error::new(ErrorKind::BadValue, "not a struct"))
}
