//! All that was ever said about one person's data, and what follows from it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::consent::codes::{Basis, BlockReason, Party};
use crate::consent::event::{Digest, Event};
use crate::consent::grant::Consent;
use crate::consent::reason::Obligation;
use crate::consent::request::Recipient;
use crate::consent::scope::RecipientRef;
use crate::consent::words::Words;
use crate::id::{MemberId, RecordId};
use crate::time::{Date, Timestamp};

/// What a decision about one person rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ledger {
    /// The person.
    pub subject: Subject,
    /// What she and others agreed to or refused.
    pub consents: Vec<Consent>,
    /// Who neither gives nor receives.
    pub blocks: Vec<Block>,
    /// Speakers of whom this session cannot tell whether they are blocked: what they agreed to
    /// does not count, and what they refused does.
    pub unknown: BTreeSet<RecordId>,
    /// What was decided without her.
    pub overrides: Vec<Override>,
    /// What has left.
    pub disclosures: Vec<Disclosure>,
}

impl Ledger {
    pub(super) fn is_blocked(&self, who: Option<RecordId>, now: Timestamp) -> bool {
        who.is_some_and(|who| {
            self.blocks.iter().any(|block| block.who == who && block.since <= now)
        })
    }

    /// Whether what somebody said is not heard. A block takes the word from who speaks for her;
    /// nothing takes from her that she can say no.
    pub(super) fn is_silenced(&self, event: &Event, now: Timestamp) -> bool {
        let her_no = event.by.party == Party::Subject && !event.what.agrees();
        let unknown =
            event.what.agrees() && event.by.who.is_some_and(|w| self.unknown.contains(&w));
        unknown || (!her_no && self.is_blocked(event.by.who, now))
    }
}

/// What a decision needs to know of the person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subject {
    /// When she was born.
    pub birth: Birth,
    /// Whether she needs an interpreter.
    pub needs_interpreter: bool,
}

/// A date of birth, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Birth {
    /// This day.
    On(Date),
    /// This day at the latest: the youngest that she could be.
    By(Date),
    /// Nothing is known: she counts as a newborn.
    Unknown,
}

/// Somebody who neither gives nor receives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Block {
    /// The record about them: a relative, an alleged perpetrator, a recipient.
    pub who: RecordId,
    /// Why.
    pub because: BlockReason,
    /// Since when.
    pub since: Timestamp,
}

impl Block {
    /// Of somebody whose own record says that they are alleged to have done it.
    pub(crate) const fn of_perpetrator(who: RecordId) -> Self {
        Self { who, because: BlockReason::Perpetrator, since: Timestamp::EARLIEST }
    }
}

/// A decision to act without or against a consent; it never rewrites one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Override {
    /// The record that holds it.
    pub id: RecordId,
    /// What was asked for.
    pub terms: OverrideTerms,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Who approved, each once; the vault has checked the signatures.
    pub approvals: Vec<Approval>,
}

/// What an override allows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OverrideTerms {
    /// For which purpose.
    pub purpose: String,
    /// To whom.
    pub recipient: RecipientRef,
    /// Which fields, as `record_type.field`; all if none is named.
    pub fields: BTreeSet<String>,
    /// On what it rests.
    pub basis: Basis,
    pub(crate) reason: Words,
    /// When it ends; never later than the policy's hours after it was asked for.
    pub until: Timestamp,
    /// Whether it ends with the first export.
    pub once: bool,
    /// Whether she was told.
    pub person_told: bool,
}

impl OverrideTerms {
    /// Whatever is asked for, for this purpose and recipient, until a moment.
    #[must_use]
    pub fn new(
        purpose: &str,
        recipient: RecipientRef,
        (basis, reason): (Basis, &str),
        until: Timestamp,
    ) -> Self {
        Self {
            purpose: purpose.to_owned(),
            recipient,
            fields: BTreeSet::new(),
            basis,
            reason: reason.into(),
            until,
            once: false,
            person_told: false,
        }
    }

    /// Why, in the words of whoever asked.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.reason.as_str()
    }
}

/// A member's approval of an override.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approval {
    /// The record that holds it; the override's own for whoever asked.
    pub id: RecordId,
    /// Who.
    pub member: MemberId,
    /// Whether their role leads child protection, as the policy says.
    pub leads: bool,
    /// When.
    pub at: Timestamp,
}

/// Data that has left, and on what it rested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disclosure {
    /// The record that holds it.
    pub id: RecordId,
    /// When it left.
    pub at: Timestamp,
    /// What left.
    pub terms: DisclosureTerms,
}

/// What left, to whom, on what it rested.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DisclosureTerms {
    /// For which purpose.
    pub purpose: String,
    /// To whom: an entry of the vault's list.
    pub recipient: RecordId,
    /// What they were then.
    pub received_by: Recipient,
    /// The consents and overrides that it rested on.
    pub under: BTreeSet<RecordId>,
    /// The fields that left, as `record_type.field`.
    pub fields: BTreeSet<String>,
    /// The export by which they left, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<ExportReceipt>,
}

/// What is kept of an export in the ledger of each person whose data it shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ExportReceipt {
    /// The export's id, which stands on every sheet of it.
    pub export: String,
    /// Name of the profile.
    pub profile: String,
    /// SHA-256 of its manifest.
    pub manifest: Digest,
    /// How many records it shows.
    pub records: usize,
    /// How many fields stand as they were.
    pub kept: usize,
    /// How many fields were changed or withheld, by code of the legend.
    pub marked: BTreeMap<String, usize>,
    /// The version of the policy by which it was decided.
    pub policy_version: u32,
    /// Whether it was sealed to the recipient, or left open.
    pub sealed: bool,
    /// Whether a list of what its labels stand for was handed over too.
    #[serde(default)]
    pub reference: bool,
    /// What had to be done before, and was, as whoever made it says.
    pub fulfilled: BTreeSet<Obligation>,
}

/// Somebody who must be told that what they received was taken back.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Recall {
    /// The recipient, an entry of the vault's list.
    pub recipient: RecordId,
    /// The consent that was withdrawn.
    pub consent: RecordId,
    /// The event that withdrew it.
    pub event: RecordId,
    /// What they received.
    pub disclosure: RecordId,
    /// When they received it.
    pub disclosed_at: Timestamp,
    /// When it was taken back: if before the disclosure, data left that should not have.
    pub withdrawn_at: Timestamp,
}
