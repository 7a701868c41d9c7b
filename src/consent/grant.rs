//! What is asked for and agreed to: the header of a consent, which never changes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::consent::codes::{Action, Condition, Identifiability, RecipientKind};
use crate::consent::event::Event;
use crate::consent::reason::Reason;
use crate::consent::request::{Request, Shape};
use crate::consent::scope::{DataScope, RecipientRef, Scope};
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::time::Timestamp;

/// The terms of a consent: for what, to whom, which data, how, until when.
///
/// What is left out of a new grant comes from the organisation's policy when it is recorded:
/// the categories that the purpose needs, and how far the person may be recognised.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// Purposes, recipients, data, actions.
    pub scope: Scope,
    /// How far the person may be recognised.
    pub identifiability: Identifiability,
    /// What is asked of whoever uses it.
    pub conditions: BTreeSet<Condition>,
    /// The moment from which it no longer holds.
    pub until: Timestamp,
}

impl Grant {
    /// A grant for one purpose and recipient, identified, for whatever may be done with data that
    /// was given to somebody (`share`, `export`), until a moment. It covers no data yet.
    #[must_use]
    pub fn new(purpose: &str, recipient: RecipientRef, until: Timestamp) -> Self {
        Self {
            scope: Scope {
                purposes: BTreeSet::from([purpose.to_owned()]),
                recipients: BTreeSet::from([recipient]),
                data: DataScope::Only { categories: BTreeSet::new(), fields: BTreeSet::new() },
                actions: BTreeSet::from([Action::Share, Action::Export]),
            },
            identifiability: Identifiability::Identified,
            conditions: BTreeSet::new(),
            until,
        }
    }

    /// Adds a category: a compartment of the schema.
    #[must_use]
    pub fn category(mut self, category: &str) -> Self {
        if let DataScope::Only { categories, .. } = &mut self.scope.data {
            categories.insert(category.to_owned());
        }
        self
    }

    /// Adds a field, as `record_type.field`.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        if let DataScope::Only { fields, .. } = &mut self.scope.data {
            fields.insert(field.to_owned());
        }
        self
    }

    /// Adds a condition.
    #[must_use]
    pub fn on_condition(mut self, condition: Condition) -> Self {
        self.conditions.insert(condition);
        self
    }

    /// Says how far the person may be recognised.
    #[must_use]
    pub const fn at_most(mut self, identifiability: Identifiability) -> Self {
        self.identifiability = identifiability;
        self
    }

    /// Whether the terms cover a request; why not, if they do not.
    pub(super) fn covers(&self, request: &Request) -> std::result::Result<(), Reason> {
        if !self.scope.purposes.contains(&request.purpose) {
            return Err(Reason::PurposeNotCovered);
        }
        if !self.scope.names(&request.recipient) {
            return Err(Reason::RecipientNotCovered);
        }
        if !self.scope.data.includes(&request.data) {
            return Err(Reason::DataNotCovered);
        }
        if !self.scope.actions.contains(&request.action) {
            return Err(Reason::ActionNotCovered);
        }
        if request.identifiability > self.identifiability {
            return Err(Reason::TooIdentifiable);
        }
        let narrative = request.data.shape == Shape::FreeText;
        if narrative && self.conditions.contains(&Condition::WithoutNarrative) {
            return Err(Reason::WithoutNarrative);
        }
        Ok(())
    }

    /// Checks what needs no policy: it names a purpose, a recipient, an action and, to be agreed
    /// to, data other than everything; and it ends after it was said.
    ///
    /// # Errors
    ///
    /// `BadValue`.
    pub fn check(&self, said_at: Timestamp, agrees: bool) -> Result<()> {
        let bad = |what| Err(Error::new(ErrorKind::BadValue, what));
        let Scope { purposes, recipients, actions, .. } = &self.scope;
        if purposes.is_empty() || recipients.is_empty() || actions.is_empty() {
            return bad("a consent names a purpose, a recipient and an action");
        }
        if self.scope.data.is_nothing() || (agrees && self.scope.data == DataScope::Everything) {
            return bad("a consent names the categories or fields that it covers");
        }
        if self.until <= said_at {
            return bad("a consent ends before it was said");
        }
        Ok(())
    }
}

/// Somebody who may receive data, as the vault lists them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientEntry {
    /// What they are called.
    pub name: String,
    /// What they are.
    pub kind: RecipientKind,
    /// The organisation that they belong to.
    pub organisation: Option<String>,
    /// Their age recipient (`age1...`), to which what they receive is sealed.
    pub age_recipient: String,
}

impl std::fmt::Debug for RecipientEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecipientEntry({})", self.kind)
    }
}

/// A consent: its terms, and all that happened to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Consent {
    /// The record that holds the terms.
    pub id: RecordId,
    /// The terms.
    pub terms: Grant,
    /// What happened, each with the record that holds it, in no order that counts.
    pub events: Vec<(RecordId, Event)>,
}
