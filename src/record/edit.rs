//! Changes to a record.

use std::collections::BTreeMap;
use std::fmt;

use crate::record::FieldValue;

/// Changes to the fields of a record; fields that it does not name stay as they are.
#[derive(Clone, Default)]
pub struct RecordEdit {
    pub(super) fields: BTreeMap<String, Option<FieldValue>>,
}

impl RecordEdit {
    /// No change yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field.
    #[must_use]
    pub fn set(mut self, field: impl Into<String>, value: impl Into<FieldValue>) -> Self {
        self.insert(field, Some(value.into()));
        self
    }

    /// Empties a field.
    #[must_use]
    pub fn clear(mut self, field: impl Into<String>) -> Self {
        self.insert(field, None);
        self
    }

    /// Sets or empties a field of an edit that is filled in a loop.
    pub fn insert(&mut self, field: impl Into<String>, value: Option<FieldValue>) {
        self.fields.insert(field.into(), value);
    }

    /// What changes: `None` empties a field.
    pub(crate) fn fields(&self) -> &BTreeMap<String, Option<FieldValue>> {
        &self.fields
    }
}

impl fmt::Debug for RecordEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordEdit(..)")
    }
}
