//! A type of record: its fields, its parent, its place.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::{Field, Retention};

/// What `blocked_if` says of a type of which every record is about somebody blocked.
pub(crate) const ALWAYS: &str = "always";

/// A type of record.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordType {
    /// The name in records.
    pub name: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
    /// The type that a record of this type stands under, if it stands under one.
    pub parent: Option<String>,
    /// The compartment of the parent link and of the list of all records of this type.
    pub home: String,
    /// Whether a parent keeps a sealed list of its children of this type, so that none
    /// can be hidden by whoever holds the store.
    pub complete: bool,
    /// The fields that together tell two records apart, for imports that can be repeated.
    pub key: Vec<String>,
    /// Which fields tell what a decision on consent needs, if records of this type are about
    /// the people whose data the vault keeps.
    pub subject: Option<SubjectFields>,
    /// The boolean field that makes whom the record is about somebody who neither consents nor
    /// receives; `always` if every record of this type does.
    pub blocked_if: Option<String>,
    /// How long records of this type are kept, if the schema says. A record goes with all that
    /// stands under it, so of two types of which one stands under the other only one says.
    pub retention: Option<Retention>,
    /// The fields, in the order in which people read them.
    pub fields: Vec<Field>,
}

/// Names of fields of a record type that is about people whose data the vault keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubjectFields {
    /// The date of birth.
    pub birth_date: String,
    /// Whether that date is an estimate.
    pub estimated: Option<String>,
    /// The age when the record was written.
    pub age: Option<String>,
    /// Whether the person needs an interpreter.
    pub interpreter: Option<String>,
}

impl RecordType {
    /// The field of this name.
    ///
    /// # Errors
    ///
    /// `UnknownField` at the record type; the name asked for may be data, so it is not kept.
    pub fn field(&self, name: &str) -> Result<&Field> {
        self.fields.iter().find(|field| field.name == name).ok_or_else(|| {
            Error::new(ErrorKind::UnknownField, "the record type has no such field")
                .at(Place::Schema(self.name.clone()))
        })
    }

    /// Names a field of this type in an error.
    pub(crate) fn place(&self, field: &str) -> Place {
        Place::Field { record_type: self.name.clone(), field: field.to_owned() }
    }
}
