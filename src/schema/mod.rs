//! Schemas: what a vault holds, as data.
//!
//! A schema is a TOML document. It names compartments, roles, sensitivities, redaction
//! profiles, vocabularies and record types, and says of each field who may read it, how it
//! is redacted and how it is found. It holds no secret.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::time::{Date, Timestamp, offset_seconds};

mod access;
mod check;
pub(crate) mod country;
mod districts;
mod evolve;
mod field;
pub(crate) mod fold;
pub(crate) mod own;
mod parse;
mod peru;
mod place;
mod profile;
mod raw;
mod record_type;
mod retention;
mod types;
mod vocabulary;

pub use access::{Compartment, Role};
pub use districts::District;
pub(crate) use field::Matcher;
pub use field::{Field, Index, Kind};
pub use place::{PlaceCode, PlaceScheme};
pub use profile::{Profile, Sensitivity, Treatment};
pub(crate) use record_type::ALWAYS;
pub use record_type::{RecordType, SubjectFields};
pub use retention::{DueBecause, Retention, RetentionRule};
pub use vocabulary::{Term, Vocabulary};

/// What a vault holds: record types, vocabularies, compartments, roles.
///
/// ```
/// let schema = amparo::Schema::peru()?;
/// let person = schema.record_type("person")?;
/// assert_eq!(person.field("given_names")?.compartment, "identity");
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone)]
pub struct Schema(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) utc_offset: Option<String>,
    pub(crate) compartments: Vec<Compartment>,
    pub(crate) roles: Vec<Role>,
    pub(crate) sensitivities: Vec<Sensitivity>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) vocabularies: BTreeMap<String, Vocabulary>,
    pub(crate) types: Vec<RecordType>,
    /// Types that the vault itself needs.
    pub(crate) own: Vec<RecordType>,
}

impl Schema {
    /// Reads a schema from its TOML source.
    ///
    /// # Errors
    ///
    /// `BadSchema` at the line and column, and at the name, where the source cannot be read
    /// or contradicts itself; `TooLong` above 1 MiB.
    pub fn parse(source: &str) -> Result<Self> {
        parse::parse(source).map(|parts| Self(Arc::new(parts)))
    }

    /// The source, byte for byte.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The name of the schema.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The version; a change raises it.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.0.version
    }

    /// The offset of moments that are written without one, such as `-05:00`.
    #[must_use]
    pub fn utc_offset(&self) -> Option<&str> {
        self.0.utc_offset.as_deref()
    }

    /// The day that a moment falls on where the records are written; in UTC if the schema names
    /// no offset.
    #[must_use]
    pub fn day_of(&self, moment: Timestamp) -> Date {
        let offset = self.utc_offset().and_then(offset_seconds).unwrap_or(0);
        let there = Timestamp::from_second(moment.as_second().saturating_add(offset));
        there.unwrap_or(moment).date()
    }

    /// The record type of this name.
    ///
    /// # Errors
    ///
    /// `UnknownType`, without the name: it may be data in the wrong place.
    pub fn record_type(&self, name: &str) -> Result<&RecordType> {
        self.0
            .types
            .iter()
            .find(|kind| kind.name == name)
            .ok_or_else(|| Error::new(ErrorKind::UnknownType, "the schema has no such record type"))
    }

    /// The record type of this name, the vault's own included.
    pub(crate) fn stored_type(&self, name: &str) -> Result<&RecordType> {
        // No name of a schema begins so.
        if !name.starts_with('@') {
            return self.record_type(name);
        }
        self.0
            .own
            .iter()
            .find(|kind| kind.name == name)
            .ok_or_else(|| Error::new(ErrorKind::UnknownType, "the schema has no such record type"))
    }

    /// All record types, the vault's own first.
    pub(crate) fn stored_types(&self) -> impl Iterator<Item = &RecordType> {
        self.0.own.iter().chain(&self.0.types)
    }

    /// The type of the people whose data the vault keeps, if the schema has one.
    #[must_use]
    pub fn subject_type(&self) -> Option<&RecordType> {
        self.0.types.iter().find(|kind| kind.subject.is_some())
    }

    /// All record types, in the order of the source.
    #[must_use]
    pub fn record_types(&self) -> &[RecordType] {
        &self.0.types
    }

    /// All compartments but `vault`, which every member holds. The order never changes:
    /// the code of a compartment is its position from 1.
    #[must_use]
    pub fn compartments(&self) -> &[Compartment] {
        &self.0.compartments
    }

    /// The stored code of a compartment; `vault` is 0.
    #[must_use]
    pub fn compartment_code(&self, name: &str) -> Option<u8> {
        if name == VAULT {
            return Some(0);
        }
        let index = self.0.compartments.iter().position(|c| c.name == name)?;
        u8::try_from(index + 1).ok()
    }

    /// The name of the compartment of this code.
    #[must_use]
    pub fn compartment_name(&self, code: u8) -> Option<&str> {
        match usize::from(code).checked_sub(1) {
            None => Some(VAULT),
            Some(index) => self.0.compartments.get(index).map(|c| c.name.as_str()),
        }
    }

    /// All roles, in the order of the source.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.0.roles
    }

    /// The role of this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.0.roles.iter().find(|role| role.name == name)
    }

    /// The vocabulary of this name.
    #[must_use]
    pub fn vocabulary(&self, name: &str) -> Option<&Vocabulary> {
        self.0.vocabularies.get(name)
    }

    /// All vocabularies, by name.
    pub fn vocabularies(&self) -> impl Iterator<Item = &Vocabulary> {
        self.0.vocabularies.values()
    }

    /// All sensitivities, in the order of the source.
    #[must_use]
    pub fn sensitivities(&self) -> &[Sensitivity] {
        &self.0.sensitivities
    }

    /// All redaction profiles, in the order of the source.
    #[must_use]
    pub fn profiles(&self) -> &[Profile] {
        &self.0.profiles
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schema({} {})", self.0.name, self.0.version)
    }
}

/// The implicit compartment of every member.
const VAULT: &str = "vault";
