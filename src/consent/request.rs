//! What somebody wants to do: the question that [`decide`](crate::consent::decide) answers.

use serde::{Deserialize, Serialize};

use crate::consent::codes::{Action, Identifiability, RecipientKind};
use crate::id::RecordId;

/// One field, for one purpose, to one recipient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Code of the purpose.
    pub purpose: String,
    /// Who would receive it.
    pub recipient: Recipient,
    /// What would be received.
    pub data: Datum,
    /// What would be done.
    pub action: Action,
    /// How far the person could be recognised.
    pub identifiability: Identifiability,
}

/// Somebody who would receive data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The entry in the vault's list of recipients, if there is one.
    pub id: Option<RecordId>,
    /// The organisation that they belong to.
    pub organisation: Option<String>,
    /// What they are.
    pub kind: RecipientKind,
    /// The role, for a team of the organisation itself.
    pub team: Option<String>,
    /// The record about this very person in a case, if it is somebody of the case.
    pub who: Option<RecordId>,
}

impl Recipient {
    /// Somebody of this kind, otherwise unknown.
    #[must_use]
    pub const fn of_kind(kind: RecipientKind) -> Self {
        Self { id: None, organisation: None, kind, team: None, who: None }
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recipient({})", self.kind)
    }
}

/// A field of the schema, as far as a decision needs to know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Datum {
    /// The record type.
    pub record_type: String,
    /// The field.
    pub field: String,
    /// The field's compartment.
    pub category: String,
    /// The field's sensitivity.
    pub sensitivity: String,
    /// What kind of content it is.
    pub shape: Shape,
}

/// What a field's content needs before it may leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// A value that is what it is.
    Plain,
    /// Text that somebody wrote freely.
    FreeText,
    /// A place.
    Place,
    /// A file.
    Attachment,
}
