//! The receipt of an erasure: what was destroyed, against whom that is final, and what would
//! complete it.
//!
//! It holds no data of the person: positions in the key tree, counts, and the reason in words
//! only if whoever erased gave one. It is signed, and can be held against the log later.

use serde::{Deserialize, Serialize};

use crate::audit::{Act, ErasureReason, Leaf, leaf_row};
use crate::crypto::labels;
use crate::crypto::sign::VerifyKey;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, RecordId, VaultId};
use crate::keys::anchor::AnchorGrade;
use crate::time::Timestamp;
use crate::vault::past::verify_rosters;
use crate::vault::signature::{PublicKey, Signature};
use crate::vault::{Live, Vault};

/// Longest receipt, in bytes.
const MAX_RECEIPT: usize = 4 << 20;
/// Longest note, in bytes.
const MAX_NOTE: usize = 4096;

/// Why something is to be erased.
#[derive(Clone, PartialEq, Eq)]
pub struct Erasure {
    pub(super) reason: ErasureReason,
    pub(super) note: Option<String>,
}

impl Erasure {
    /// For this reason; the log keeps its code.
    #[must_use]
    pub const fn new(reason: ErasureReason) -> Self {
        Self { reason, note: None }
    }

    /// With words of at most 4,096 bytes, which stand in the receipt and nowhere else.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.note.as_ref().is_none_or(|note| note.len() <= MAX_NOTE) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::TooLong, "a note has at most 4,096 bytes"))
    }
}

impl std::fmt::Debug for Erasure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Erasure({})", self.reason)
    }
}

/// Somebody who received data of what was erased, by an export or otherwise, and is still to be
/// told.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ToTell {
    /// The name in the vault's list of recipients.
    pub recipient: String,
    /// When it left.
    pub disclosed_at: Timestamp,
    /// The export's id, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<String>,
}

/// Whether an erasure is final against somebody, and what is missing if not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finality {
    /// Against whom.
    pub against: Against,
    /// Whether it is final.
    pub holds: bool,
    /// What would make it so; or, if it holds, on what that rests.
    pub because: Vec<Because>,
}

impl std::fmt::Debug for ToTell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ToTell(..)")
    }
}

crate::consent::codes::codes! {
    /// Against whom an erasure can be final.
    Against {
        /// Everybody who uses the vault.
        Members = "members",
        /// Whoever has every key of the staff, the anchor of today and every old block of disk.
        StaffKeys = "staff_keys",
        /// Holders of a compartment who test a guessed word against remnants of the index.
        SearchWords = "search_words",
        /// Backups.
        Backups = "backups",
        /// A quorum of custodians with an older copy of the folder.
        Quorum = "quorum",
    }
    /// What an erasure's finality rests on, or lacks.
    Because {
        /// Escrow is not set up: older capsules open for the administrators.
        NoEscrow = "no_escrow",
        /// The anchor forgets as well as files do: flash and some file systems keep old blocks.
        BestEffortAnchor = "best_effort_anchor",
        /// The anchor lies where others can copy it.
        AnchorCopied = "anchor_copied",
        /// The index was not rebuilt since.
        NotReindexed = "not_reindexed",
        /// Backups from before are still there: each is named.
        BackupsRemain = "backups_remain",
        /// Copies that nobody recorded cannot be named.
        UnrecordedCopies = "unrecorded_copies",
        /// The escrow's key was not replaced since: older capsules open for a quorum.
        EscrowKeyLives = "escrow_key_lives",
    }
}

/// A backup that still holds what was erased.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BackupLeft {
    /// Its id.
    pub id: String,
    /// What it was called.
    pub label: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// What stands in a receipt.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ErasureReceipt {
    /// Who received data before and is still to be told.
    pub still_to_tell: Vec<ToTell>,
    /// Lists of recipients that could not be read any more.
    pub unread_ledgers: u64,
    /// The vault.
    pub vault: VaultId,
    /// Its fingerprint.
    pub fingerprint: String,
    /// When.
    pub erased_at: Timestamp,
    /// Who.
    pub by: MemberId,
    /// Why.
    pub reason: ErasureReason,
    /// In words, if any were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Records destroyed, with all that stood under the one that was asked for.
    pub records: u64,
    /// Older revisions of sections destroyed with them.
    pub revisions: u64,
    /// Rows of the index removed with them, padding counted.
    pub words: u64,
    /// Their positions in the key tree, which are never used again.
    pub positions: Vec<u64>,
    /// e since then.
    pub erase_epoch: u64,
    /// The leaf of the log that says so.
    pub leaf: u64,
    /// Against whom it is final, when this receipt was written.
    pub finality: Vec<Finality>,
    /// Backups that hold what was erased.
    pub backups: Vec<BackupLeft>,
}

impl std::fmt::Debug for ErasureReceipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ErasureReceipt({})", self.leaf)
    }
}

/// A receipt with the signature of who erased.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    receipt: ErasureReceipt,
    key: PublicKey,
    signature: Signature,
}

impl SignedReceipt {
    /// Reads a receipt from JSON and checks its signature.
    ///
    /// # Errors
    ///
    /// `Tampered` if it is no receipt or was altered.
    ///
    /// # Security
    ///
    /// That the signer was an administrator of that vault, and that the log says the same, only
    /// the vault knows: [`Vault::confirm_receipt`].
    pub fn verify(json: &str) -> Result<Self> {
        let bad = || Error::new(ErrorKind::Tampered, "not a receipt, or it was altered");
        if json.len() > MAX_RECEIPT {
            return Err(bad());
        }
        let signed: Self = serde_json::from_str(json).map_err(|_| bad())?;
        let message = message(&signed.receipt)?;
        let key = VerifyKey(signed.key.0);
        key.verify(labels::ERASURE_RECEIPT, &message, &signed.signature.0).map_err(|_| bad())?;
        Ok(signed)
    }

    /// What it says.
    #[must_use]
    pub const fn receipt(&self) -> &ErasureReceipt {
        &self.receipt
    }

    /// The signer's Ed25519 key, in hexadecimal.
    #[must_use]
    pub fn signer(&self) -> String {
        self.key.to_string()
    }

    /// As JSON, to hand out and keep.
    ///
    /// # Errors
    ///
    /// `Internal` if it cannot be encoded.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|_| unencoded())
    }
}

impl Vault {
    /// Holds a receipt against this vault: its signer administered it then, the leaf of the log
    /// says the same, and nothing is left in the places that it names.
    ///
    /// # Errors
    ///
    /// `Tampered` if anything of it is not so; as [`Vault::read`].
    pub fn confirm_receipt(&self, signed: &SignedReceipt) -> Result<()> {
        self.ensure_alive()?;
        let refused = |what| Err(Error::new(ErrorKind::Tampered, what));
        let receipt = &signed.receipt;
        if receipt.vault != self.id || receipt.fingerprint != self.fingerprint.to_string() {
            return refused("the receipt is of another vault");
        }
        let live = self.live();
        let body = &live.roster.body;
        // Whoever finished it later may be another administrator than who erased.
        let administered = body.members.iter().any(|member| {
            member.verify == signed.key.0
                && body.role_of(member).is_some_and(|role| role.administers)
        });
        if !administered {
            return refused("the receipt is signed by nobody of the roster");
        }
        let missing = || {
            Error::new(ErrorKind::Missing, "a leaf of the log is missing")
                .at(Place::Leaf(receipt.leaf))
        };
        let bytes = self.store.get(&leaf_row(receipt.leaf))?.ok_or_else(missing)?;
        let opened = Leaf::open(&self.id, &live.ring, receipt.leaf, &bytes)?;
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let Some(then) = rosters.get(&opened.leaf.roster) else {
            return refused("the log does not say what the receipt says");
        };
        opened.judge(&then.body)?;
        let leaf = opened.leaf;
        let closed = leaf.changes.iter().filter(|change| change.digest == [0; 32]);
        if leaf.actor_id() != receipt.by
            || leaf.act != Act::Erased(receipt.reason)
            || leaf.at != receipt.erased_at.as_second()
            || leaf.erase_epoch != receipt.erase_epoch
            || !closed.map(|change| change.slot).eq(receipt.positions.iter().copied())
        {
            return refused("the log does not say what the receipt says");
        }
        for slot in &receipt.positions {
            if live.tree.lookup(self.store.as_ref(), *slot)?.is_some() {
                return refused("something stands where the receipt says that nothing is left");
            }
        }
        Ok(())
    }

    /// Signs a receipt as things stand now.
    pub(super) fn sign_receipt(
        &self,
        live: &Live,
        mut receipt: ErasureReceipt,
        words: WordsLeft,
    ) -> Result<SignedReceipt> {
        receipt.backups = self.backups_left(live, receipt.erase_epoch)?;
        receipt.finality = self.finality(live, &receipt, words);
        let key = self.identity.sign_key();
        let signature = key.sign(labels::ERASURE_RECEIPT, &message(&receipt)?);
        let key = PublicKey(key.verify_key().0);
        Ok(SignedReceipt { receipt, key, signature: Signature(signature) })
    }

    /// The backups that hold what this e closed, as far as anybody noted them.
    fn backups_left(&self, live: &Live, erase_epoch: u64) -> Result<Vec<BackupLeft>> {
        // One that was not noted as finished may be whole all the same, or be written right now.
        let known = self.known_backups(live)?.into_iter();
        let left =
            known.filter(|noted| noted.erase_epoch < erase_epoch && noted.forgotten.is_none());
        let left = left.map(|noted| BackupLeft {
            id: noted.id.to_string(),
            label: noted.label,
            made_at: noted.at,
        });
        Ok(left.collect())
    }

    fn finality(&self, live: &Live, receipt: &ErasureReceipt, words: WordsLeft) -> Vec<Finality> {
        let escrow = live.roster.body.escrow.is_some();
        let rests = match self.anchor.grade() {
            AnchorGrade::Hardware => None,
            AnchorGrade::BestEffort => Some(Because::BestEffortAnchor),
            AnchorGrade::None => Some(Because::AnchorCopied),
        };
        let anchored = rests != Some(Because::AnchorCopied);
        let mut staff: Vec<Because> = (!escrow).then_some(Because::NoEscrow).into_iter().collect();
        staff.extend(rests);
        staff.push(Because::UnrecordedCopies);
        let known = !receipt.backups.is_empty();
        let mut backups: Vec<Because> =
            known.then_some(Because::BackupsRemain).into_iter().collect();
        backups.push(Because::UnrecordedCopies);
        let quorum = if escrow { Because::EscrowKeyLives } else { Because::NoEscrow };
        let reindexed = words == WordsLeft::No;
        let mut index: Vec<Because> =
            (!reindexed).then_some(Because::NotReindexed).into_iter().collect();
        index.extend(&staff);
        let line = |against, holds, because| Finality { against, holds, because };
        vec![
            line(Against::Members, true, Vec::new()),
            line(Against::StaffKeys, escrow && anchored, staff),
            line(Against::SearchWords, reindexed && escrow && anchored, index),
            line(Against::Backups, !known, backups),
            line(Against::Quorum, false, vec![quorum]),
        ]
    }

    /// Who received data of these people before.
    pub(super) fn still_to_tell(&self, live: &Live, people: &[RecordId]) -> (Vec<ToTell>, u64) {
        let mut told = std::collections::BTreeSet::new();
        let mut unread = 0;
        for person in people {
            let book = self.policy_now(live).and_then(|policy| self.book(live, *person, &policy));
            let Ok(book) = book else {
                unread += 1;
                continue;
            };
            for one in &book.ledger.disclosures {
                let entry = self.recipient_at(live, one.terms.recipient);
                // A recipient who was erased meanwhile is still named by the id.
                let recipient = entry.map_or_else(|_| one.terms.recipient.to_string(), |e| e.name);
                let export = one.terms.export.as_ref().map(|receipt| receipt.export.clone());
                told.insert(ToTell { recipient, disclosed_at: one.at, export });
            }
        }
        (told.into_iter().collect(), unread)
    }
}

/// Whether words of what was erased are left in the index.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WordsLeft {
    Yes,
    No,
}

fn message(receipt: &ErasureReceipt) -> Result<Vec<u8>> {
    serde_json::to_vec(receipt).map_err(|_| unencoded())
}

fn unencoded() -> Error {
    Error::new(ErrorKind::Internal, "a receipt did not encode")
}
