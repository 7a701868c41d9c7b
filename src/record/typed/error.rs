//! The error of the serializer and the deserializer.

use std::fmt;

use serde::{de, ser};

use crate::error::{Error, ErrorKind, Place};

/// What serde reports, with everything dropped that could hold a value.
#[derive(Debug)]
pub(super) struct Failure {
    kind: ErrorKind,
    detail: &'static str,
    field: Option<String>,
}

impl Failure {
    pub(super) const fn new(detail: &'static str) -> Self {
        Self { kind: ErrorKind::BadValue, detail, field: None }
    }

    /// Names the field; the innermost name stays.
    pub(super) fn at(mut self, field: &str) -> Self {
        self.field.get_or_insert_with(|| field.to_owned());
        self
    }

    pub(super) fn into_error(self) -> Error {
        let error = Error::new(self.kind, self.detail);
        match self.field {
            Some(field) => error.at(Place::Schema(field)),
            None => error,
        }
    }

    pub(super) fn into_error_in(self, record_type: &str) -> Error {
        let error = Error::new(self.kind, self.detail);
        match self.field {
            Some(field) => error.at(Place::Field { record_type: record_type.to_owned(), field }),
            None => error.at(Place::Schema(record_type.to_owned())),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail)
    }
}

impl std::error::Error for Failure {}

/// Serde's messages quote what was read (`invalid value: string "..."`): none is kept.
impl ser::Error for Failure {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self::new("the struct could not be read as fields")
    }
}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self::new("the value does not fit the struct")
    }

    /// The name is from the struct's source.
    fn missing_field(field: &'static str) -> Self {
        Self {
            kind: ErrorKind::Required,
            detail: "the struct needs a field that is empty or not open",
            field: Some(field.to_owned()),
        }
    }

    fn unknown_field(_field: &str, _expected: &'static [&'static str]) -> Self {
        Self {
            kind: ErrorKind::UnknownField,
            detail: "the struct has no place for a field of the record",
            field: None,
        }
    }
}
