//! What a statement is about: purposes, recipients, data, actions.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::consent::codes::{Action, RecipientKind};
use crate::consent::request::{Datum, Recipient, Request};
use crate::id::RecordId;

/// Whom a statement names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecipientRef {
    /// One recipient of the vault's list.
    Recipient(RecordId),
    /// Whoever belongs to this organisation.
    Organisation(String),
    /// Whoever is of this kind.
    Kind(RecipientKind),
    /// A team of the organisation itself: the name of a role.
    Team(String),
}

impl RecipientRef {
    pub(super) fn includes(&self, recipient: &Recipient) -> bool {
        match self {
            Self::Recipient(id) => recipient.id == Some(*id),
            Self::Organisation(name) => recipient.organisation.as_ref() == Some(name),
            Self::Kind(kind) => recipient.kind == *kind,
            Self::Team(role) => recipient.team.as_ref() == Some(role),
        }
    }
}

impl std::fmt::Debug for RecipientRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecipientRef(..)")
    }
}

/// Which data a statement names; what names nothing covers nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DataScope {
    /// Whatever there is. A refusal may say this; a grant names its categories.
    #[default]
    Everything,
    /// These categories and fields.
    Only {
        /// Compartments of the schema.
        categories: BTreeSet<String>,
        /// Fields, each as `record_type.field`.
        fields: BTreeSet<String>,
    },
}

impl DataScope {
    /// Whether it names nothing at all.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::Only { categories, fields } => categories.is_empty() && fields.is_empty(),
        }
    }

    pub(super) fn includes(&self, datum: &Datum) -> bool {
        match self {
            Self::Everything => true,
            Self::Only { categories, fields } => {
                categories.contains(&datum.category)
                    || fields.iter().any(|field| {
                        field.split_once('.')
                            == Some((datum.record_type.as_str(), datum.field.as_str()))
                    })
            }
        }
    }

    /// Whether any of these fields may be meant: a category may hold any field.
    pub(super) fn may_include(&self, named: &BTreeSet<String>) -> bool {
        match self {
            Self::Everything => true,
            Self::Only { categories, fields } => {
                !categories.is_empty() || !fields.is_disjoint(named)
            }
        }
    }

    /// Whether nothing of `other` lies outside; a field counts as inside only if it is named
    /// here too, since its category is not known to this layer.
    fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everything, _) => true,
            (Self::Only { .. }, Self::Everything) => false,
            (
                Self::Only { categories, fields },
                Self::Only { categories: inner, fields: inner_fields },
            ) => inner.is_subset(categories) && inner_fields.is_subset(fields),
        }
    }
}

/// Purposes, recipients, data and actions. An empty set of purposes or recipients is nobody and
/// nothing; an empty set of actions stands for every action, which only a refusal or the part of
/// a withdrawal may say.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Scope {
    /// Codes of purposes, as the policy lists them.
    pub purposes: BTreeSet<String>,
    /// Who receives.
    pub recipients: BTreeSet<RecipientRef>,
    /// Which data.
    #[serde(default)]
    pub data: DataScope,
    /// What may be done.
    #[serde(default)]
    pub actions: BTreeSet<Action>,
}

impl Scope {
    /// Whether a request falls under purpose, recipient and data, whatever the action: the wide
    /// reading, for statements that deny.
    pub(super) fn touches(&self, request: &Request) -> bool {
        self.purposes.contains(&request.purpose)
            && self.names(&request.recipient)
            && self.data.includes(&request.data)
    }

    /// Whether what somebody takes back for a purpose and a recipient bears on this scope: it
    /// names the very same, or a wider circle that the recipient belongs to.
    pub(crate) fn concerns(&self, purpose: &str, named: &RecipientRef, to: &Recipient) -> bool {
        self.purposes.contains(purpose) && (self.recipients.contains(named) || self.names(to))
    }

    pub(super) fn names(&self, recipient: &Recipient) -> bool {
        self.recipients.iter().any(|named| named.includes(recipient))
    }

    /// Whether nothing of `other` lies outside of this scope.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        let actions = self.actions.is_empty()
            || (!other.actions.is_empty() && other.actions.is_subset(&self.actions));
        other.purposes.is_subset(&self.purposes)
            && other.recipients.is_subset(&self.recipients)
            && self.data.holds(&other.data)
            && actions
    }
}
