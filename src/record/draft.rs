//! A record as somebody enters it.

use std::collections::BTreeMap;
use std::fmt;

use crate::id::RecordId;
use crate::record::FieldValue;

/// A record as entered: checked against the schema when it is added.
///
/// ```
/// use amparo::RecordDraft;
/// let draft = RecordDraft::new("case").set("case_code", "HCO-0001").set("status", "open");
/// assert_eq!(format!("{draft:?}"), "RecordDraft(..)");
/// ```
#[derive(Clone)]
pub struct RecordDraft {
    record_type: String,
    parent: Option<RecordId>,
    pub(super) fields: BTreeMap<String, FieldValue>,
}

impl RecordDraft {
    /// An empty record of this type.
    #[must_use]
    pub fn new(record_type: impl Into<String>) -> Self {
        Self { record_type: record_type.into(), parent: None, fields: BTreeMap::new() }
    }

    /// Puts it under another record.
    #[must_use]
    pub fn under(mut self, parent: RecordId) -> Self {
        self.parent = Some(parent);
        self
    }

    /// Sets a field; text is read as the kind of the field when the record is added.
    #[must_use]
    pub fn set(mut self, field: impl Into<String>, value: impl Into<FieldValue>) -> Self {
        self.insert(field, value);
        self
    }

    /// Sets a field of a draft that is filled in a loop.
    pub fn insert(&mut self, field: impl Into<String>, value: impl Into<FieldValue>) {
        self.fields.insert(field.into(), value.into());
    }

    /// The value of a field as entered, or as read by [`Schema::prepare`](crate::Schema::prepare).
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldValue> {
        self.fields.get(name)
    }

    pub(crate) fn record_type(&self) -> &str {
        &self.record_type
    }

    pub(crate) fn parent(&self) -> Option<RecordId> {
        self.parent
    }

    pub(crate) fn fields(&self) -> &BTreeMap<String, FieldValue> {
        &self.fields
    }

    pub(crate) fn from_fields(
        record_type: &str,
        parent: Option<RecordId>,
        fields: BTreeMap<String, FieldValue>,
    ) -> Self {
        Self { record_type: record_type.to_owned(), parent, fields }
    }
}

impl fmt::Debug for RecordDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordDraft(..)")
    }
}
