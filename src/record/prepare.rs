//! Checks of drafts and edits against the schema.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::record::{FieldValue, RecordDraft, RecordEdit};
use crate::schema::Schema;

/// A value that is kept but looks unusual; it names the field, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The record type.
    pub record_type: String,
    /// The field.
    pub field: String,
    /// What is unusual.
    pub kind: WarningKind,
}

/// What is unusual about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WarningKind {
    /// It does not have the usual form of such a document or number.
    UnusualForm,
    /// The district is not in the table of this program.
    UnknownPlace,
    /// The code is retired.
    RetiredCode,
    /// The field is retired.
    RetiredField,
}

impl WarningKind {
    /// Every kind, for tables of messages.
    pub const ALL: &[Self] =
        &[Self::UnusualForm, Self::UnknownPlace, Self::RetiredCode, Self::RetiredField];

    /// A stable name in kebab case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnusualForm => "unusual-form",
            Self::UnknownPlace => "unknown-place",
            Self::RetiredCode => "retired-code",
            Self::RetiredField => "retired-field",
        }
    }
}

impl Schema {
    /// Reads every value of a draft as the kind of its field, and checks it.
    ///
    /// # Errors
    ///
    /// `UnknownType`, `UnknownField`; at a field: `BadValue`, `UnknownCode`, `TooLong`,
    /// `Required`.
    pub fn prepare(&self, draft: &mut RecordDraft) -> Result<Vec<Warning>> {
        let kind = self.record_type(draft.record_type())?;
        for name in draft.fields.keys() {
            kind.field(name)?;
        }
        Ok(Vec::new())
    }

    /// Reads every value of an edit as the kind of its field, and checks it.
    ///
    /// # Errors
    ///
    /// As for [`prepare`](Self::prepare); `Required` where a required field is emptied.
    pub fn prepare_edit(&self, record_type: &str, edit: &mut RecordEdit) -> Result<Vec<Warning>> {
        let kind = self.record_type(record_type)?;
        for name in edit.fields.keys() {
            kind.field(name)?;
        }
        Ok(Vec::new())
    }
}

#[expect(dead_code, reason = "the next step fills it in")]
type Fields = BTreeMap<String, FieldValue>;
