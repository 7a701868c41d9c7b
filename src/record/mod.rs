//! Records: as entered ([`RecordDraft`]), as opened ([`Record`]), and their values.
//!
//! An opened record is a secret as much as a key is: its values are wiped on drop and no
//! `Debug` shows them.

use std::collections::BTreeMap;
use std::fmt;

use crate::id::RecordId;

mod decimal;
mod draft;
mod edit;
mod encoding;
mod prepare;
mod reading;
pub(crate) mod typed;
mod value;

pub use decimal::Decimal;
pub(crate) use draft::Above;
pub use draft::RecordDraft;
pub use edit::RecordEdit;
pub use prepare::{Warning, WarningKind};
pub(crate) use reading::day;
pub use value::FieldValue;

/// A record, opened as far as the keys of one role open it.
#[derive(Clone)]
pub struct Record {
    id: RecordId,
    record_type: String,
    revision: u32,
    parent: Option<RecordId>,
    fields: BTreeMap<String, FieldValue>,
    sealed: BTreeMap<String, usize>,
}

impl Record {
    pub(crate) fn new(
        id: RecordId,
        record_type: String,
        revision: u32,
        parent: Option<RecordId>,
        fields: BTreeMap<String, FieldValue>,
        sealed: BTreeMap<String, usize>,
    ) -> Self {
        Self { id, record_type, revision, parent, fields, sealed }
    }

    /// The same values under the number of an older revision.
    pub(crate) fn with_revision(mut self, revision: u32) -> Self {
        self.revision = revision;
        self
    }

    /// The record's id.
    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id
    }

    /// The name of its type in the schema.
    #[must_use]
    pub fn record_type(&self) -> &str {
        &self.record_type
    }

    /// How often it was written, from 1.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// The record it stands under, if this role may know it.
    #[must_use]
    pub fn parent(&self) -> Option<RecordId> {
        self.parent
    }

    /// The value of a field; `None` if it is empty or not open to this role.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.get(name)
    }

    /// All values open to this role, by field.
    #[must_use]
    pub fn fields(&self) -> &BTreeMap<String, FieldValue> {
        &self.fields
    }

    /// How many fields exist in each compartment that this role cannot open.
    #[must_use]
    pub fn sealed(&self) -> &BTreeMap<String, usize> {
        &self.sealed
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Record(..)")
    }
}
