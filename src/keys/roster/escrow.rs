//! What the roster says of the escrow: whom to seal to, and what its shares must be.

use serde::{Deserialize, Serialize};

use crate::crypto::sign::VerifyKey;
use crate::id::MemberId;

/// The escrow: a recipient whose secret is split among custodians, a member without a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Escrow {
    pub(crate) epoch: u32,
    pub(crate) recipient: String,
    /// None before a ceremony: the secret is with whoever made it.
    pub(crate) split: Option<Split>,
}

/// How the secret was split. Says nothing of it to fewer than a quorum.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Split {
    /// By this key a recovery signs the roster.
    pub(crate) verify: [u8; 32],
    /// How many must come together.
    pub(crate) quorum: u8,
    /// Commitment to the secret.
    pub(crate) commitment: [u8; 32],
    /// In the order of their shares, which count from 1.
    pub(crate) custodians: Vec<Custodian>,
}

/// Somebody who keeps a share.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Custodian {
    pub(crate) name: String,
    /// The age recipient that the share is sealed to.
    pub(crate) recipient: String,
    /// Salted hash of the share.
    pub(crate) share: [u8; 32],
}

impl Escrow {
    /// In place of a member's id, where the escrow signs a roster. Ids of people are random.
    pub(crate) const SIGNER: MemberId = MemberId::from_bytes([0xff; 8]);

    /// Whether nothing of an older escrow opens or signs any more.
    pub(crate) fn replaces(&self, old: &Self) -> bool {
        let same_key = self.verify_key().is_some_and(|key| old.verify_key() == Some(key));
        self.epoch > old.epoch && self.recipient != old.recipient && !same_key
    }

    /// The key that a recovery signs with; there is none before a ceremony.
    pub(crate) fn verify_key(&self) -> Option<VerifyKey> {
        self.split.as_ref().map(|split| VerifyKey(split.verify))
    }

    /// How many custodians must come together; 0 before a ceremony.
    pub(crate) fn quorum(&self) -> u8 {
        self.split.as_ref().map_or(0, |split| split.quorum)
    }

    /// How many custodians there are; 0 before a ceremony.
    pub(crate) fn custodians(&self) -> u8 {
        let count = self.split.as_ref().map_or(0, |split| split.custodians.len());
        u8::try_from(count).unwrap_or(u8::MAX)
    }
}
