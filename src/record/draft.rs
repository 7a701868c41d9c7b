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
    parent: Option<Above>,
    pub(super) fields: BTreeMap<String, FieldValue>,
}

/// What a draft stands under.
#[derive(Clone, Copy)]
pub(crate) enum Above {
    /// A record of the vault.
    Record(RecordId),
    /// An earlier draft of the same call, by its place.
    Draft(usize),
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
        self.parent = Some(Above::Record(parent));
        self
    }

    /// Puts it under an earlier draft of the same [`Vault::add_all`](crate::Vault::add_all), the
    /// first being 0: a family comes in one commit, and each parent is sealed once.
    #[must_use]
    pub const fn under_draft(mut self, at: usize) -> Self {
        self.parent = Some(Above::Draft(at));
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

    pub(crate) const fn parent(&self) -> Option<Above> {
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
        let parent = parent.map(Above::Record);
        Self { record_type: record_type.to_owned(), parent, fields }
    }
}

impl fmt::Debug for RecordDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordDraft(..)")
    }
}
