//! The log: one signed, sealed leaf in every commit, hashed into an RFC 6962 tree.
//!
//! A leaf holds no personal data: it says who, when, which kind of act, the new root of the key
//! tree, and which slots of it changed. A record has a name in the log that comes from its own
//! key and dies with it.

mod checkpoint;
mod event;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::codec::{Reader, Writer};
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::crypto::sign::{SIGNATURE, SignKey};
use crate::crypto::{SUITE, aead, kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, RecordId, VaultId};
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::roster::{Body, Escrow, Roster, check_format};
use crate::secret::Key;

pub(crate) use checkpoint::checkpoint_key;
pub use checkpoint::{Checkpoint, Continuation, SignedCheckpoint};
pub use event::{AuditAct, AuditEvent, AuditGiven, AuditHandOver, AuditRecord, AuditTouch};

const FORMAT: u8 = 1;
/// Longest sealed leaf: 2,000 changes of at most 64 bytes.
const MAX_LEAF: usize = 160 << 10;
/// First byte of a leaf's store key.
pub(crate) const LEAF_TABLE: u8 = b'l';
/// Most records that one commit may add, edit or erase.
pub(crate) const MAX_RECORDS: usize = 1000;
/// Slots below this belong to the vault itself.
pub(crate) const FIRST_RECORD_SLOT: u64 = 16;
/// Most slots that one leaf names: each record, and a parent whose list of children changed.
const MAX_CHANGES: usize = 2 * MAX_RECORDS;
/// Most records that one leaf says were read.
pub(crate) const MAX_READS: usize = 500;

crate::consent::codes::codes! {
    /// Why something is erased: all that the log keeps of it.
    ErasureReason {
        /// The survivor asked for it.
        SurvivorRequest = "survivor_request",
        /// It was kept as long as it had to be.
        Retention = "retention",
        /// A court ordered it.
        CourtOrder = "court_order",
        /// It should never have been entered.
        EnteredInError = "entered_in_error",
    }
}

/// What was done about a legal hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Holding {
    /// It was laid on the record.
    Laid,
    /// It was lifted.
    Lifted,
}

/// What was done. New kinds are added at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Act {
    /// The vault was made.
    Created,
    /// Records were added.
    Added,
    /// A record was changed.
    Edited,
    /// Records were erased, for this reason.
    Erased(ErasureReason),
    /// The roster changed.
    RosterChanged,
    /// The schema changed.
    SchemaChanged,
    /// The policy on consent changed.
    PolicyChanged,
    /// The roster changed and with it the keys: somebody left, or the escrow is another.
    Rotated,
    /// Records were sealed again under the newest keys.
    Resealed,
    /// Nothing needs the older keys any more.
    Retired,
    /// The vault was restored from a backup; what had been erased since was erased again.
    Restored,
    /// A record was changed, and what it was before was erased.
    Rectified,
    /// A backup was begun, finished or destroyed.
    BackupsChanged,
    /// A quorum proved that it would recover.
    Drilled,
    /// A legal hold was laid on a record, or lifted.
    Held(Holding),
    /// A file was attached to a record.
    Attached,
    /// A file of a record changed hands.
    HandedOver,
    /// Somebody's ledger of consent was added to.
    Consented,
    /// A free text or a file was approved for export, a field released for one, or that taken back.
    Reviewed,
    /// An override was asked for or approved.
    Overridden,
    /// Data left: consent or an override was found to permit it.
    Disclosed,
    /// A session began; so many failed to begin since the last, as far as anybody noted.
    Unlocked(u32),
    /// Records were read.
    Read,
}

impl Act {
    /// Whether it raises e.
    const fn advances(self) -> bool {
        matches!(
            self,
            Self::Erased(_) | Self::Rotated | Self::Retired | Self::Restored | Self::Rectified
        )
    }

    /// Whether it writes nothing but its leaf.
    const fn writes_nothing(self) -> bool {
        matches!(self, Self::Unlocked(_) | Self::Read)
    }

    /// Whether only an administrator may do it.
    const fn reserved(self) -> bool {
        !matches!(
            self,
            Self::Added
                | Self::Edited
                | Self::Attached
                | Self::HandedOver
                | Self::Consented
                | Self::Reviewed
                | Self::Overridden
                | Self::Disclosed
                | Self::Unlocked(_)
                | Self::Read
        )
    }

    /// Whether a new roster comes with it.
    const fn changes_roster(self) -> bool {
        matches!(self, Self::RosterChanged | Self::Rotated | Self::Retired)
    }

    /// Whether it may write the vault's own records: the schema, the index keys, the policies.
    const fn writes_own(self) -> bool {
        matches!(
            self,
            Self::Created
                | Self::SchemaChanged
                | Self::PolicyChanged
                | Self::Rotated
                | Self::Resealed
                | Self::Retired
                | Self::BackupsChanged
                | Self::Drilled
        )
    }
}

/// One slot of the key tree that a commit changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) slot: u64,
    /// The record's name in the log.
    pub(crate) name: [u8; 16],
    /// Digest of the group now; zeros if the slot was closed.
    pub(crate) digest: [u8; 32],
    /// The revision that was written; 0 if none was.
    pub(crate) revision: u32,
    /// The compartments whose sections were written at that revision, one bit each.
    pub(crate) compartments: u32,
    /// The revision of the `links` section that was written; 0 if none was.
    pub(crate) links: u32,
}

/// A record that was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) slot: u64,
    /// The record's name in the log.
    pub(crate) name: [u8; 16],
    /// The compartments that were opened, one bit each.
    pub(crate) compartments: u32,
}

/// A leaf of the log, opened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Leaf {
    pub(crate) index: u64,
    pub(crate) at: i64,
    pub(crate) actor: [u8; 8],
    pub(crate) act: Act,
    /// The roster version in force before the commit; a leaf is judged by it.
    pub(crate) roster: u64,
    /// Root of the log before this leaf.
    pub(crate) log_root: [u8; 32],
    pub(crate) erase_epoch: u64,
    pub(crate) slots: u64,
    /// Digest of the key tree's top after the commit.
    pub(crate) tree: [u8; 32],
    pub(crate) changes: Vec<Change>,
    /// Of a file that came or changed hands: the digest of what was signed about it. It stands
    /// beside the sealed leaf, so that somebody without keys can see that the log holds it.
    #[serde(skip)]
    pub(crate) note: Option<[u8; 32]>,
    /// What the session read since its leaf before, as far as the policy has it logged.
    pub(crate) reads: Vec<Seen>,
}

impl Leaf {
    pub(crate) fn actor_id(&self) -> MemberId {
        MemberId::from_bytes(self.actor)
    }

    /// Signs, then seals: a thief learns neither who acted nor how many signed.
    pub(crate) fn seal(&self, vault: &VaultId, ring: &KeyRing, key: &SignKey) -> Result<Vec<u8>> {
        let mut plain = postcard::to_allocvec(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "a log leaf did not encode"))?;
        let note = self.note.as_ref();
        let signature = key.sign(labels::LEAF_SIGNATURE, &signed(vault, &plain, note));
        plain.extend_from_slice(&signature);
        let (epoch, ck) = ring.newest(VAULT)?;
        let sealed = aead::seal(&leaf_key(ck, vault), &aad(vault, self.index, note), &plain)?;
        let mut out = Writer::with_capacity(sealed.len() + 42);
        out.u8(FORMAT).u8(SUITE).u32(epoch).bytes(&sealed);
        note.map(|note| out.raw(note));
        if out.len() > MAX_LEAF {
            return Err(Error::new(ErrorKind::TooLong, "too many changes in one commit"));
        }
        Ok(out.into_vec())
    }

    /// Opens a leaf and checks that it stands in its place. Its signature is still to be judged.
    pub(crate) fn open(
        vault: &VaultId,
        ring: &KeyRing,
        index: u64,
        bytes: &[u8],
    ) -> Result<SignedLeaf> {
        let bad =
            || Error::new(ErrorKind::Tampered, "a log leaf cannot be read").at(Place::Leaf(index));
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let epoch = input.u32()?;
        let sealed = input.bytes(MAX_LEAF)?;
        let note = if input.remaining() > 0 { Some(input.array()?) } else { None };
        input.finish()?;
        let ck = ring.get(VAULT, epoch)?;
        let plain = aead::open(&leaf_key(ck, vault), &aad(vault, index, note.as_ref()), sealed)
            .map_err(|_| bad())?;
        let (body, signature) = plain.split_last_chunk::<SIGNATURE>().ok_or_else(bad)?;
        let mut leaf: Self = postcard::from_bytes(body).map_err(|_| bad())?;
        leaf.note = note;
        let dated = crate::time::Timestamp::from_second(leaf.at).is_ok();
        let bounded = leaf.changes.len() <= MAX_CHANGES && leaf.reads.len() <= MAX_READS;
        if leaf.index != index || !bounded || !dated {
            return Err(bad());
        }
        let signed = signed(vault, body, note.as_ref());
        Ok(SignedLeaf { leaf, signed, signature: *signature })
    }
}

/// A leaf that was opened, with what its actor signed.
pub(crate) struct SignedLeaf {
    pub(crate) leaf: Leaf,
    signed: Vec<u8>,
    signature: [u8; SIGNATURE],
}

impl SignedLeaf {
    /// Judges the leaf by the roster in force before it: a member signed it, and the member's
    /// role may do this, and may write every compartment that it touched.
    pub(crate) fn judge(&self, roster: &Body) -> Result<()> {
        let refused = |what| Err(Error::new(ErrorKind::Tampered, what));
        if self.leaf.actor_id() == Escrow::SIGNER {
            return self.judge_recovery(roster);
        }
        let Some(actor) = roster.member(self.leaf.actor_id()) else {
            return refused("a log leaf is signed by nobody of the roster");
        };
        if actor.removed.is_some() {
            return refused("a log leaf is signed by somebody who had left");
        }
        actor.verify_key().verify(labels::LEAF_SIGNATURE, &self.signed, &self.signature)?;
        let role = roster.role_of(actor);
        let held = role.map_or(1, |role| {
            role.compartments.iter().fold(1_u32, |bits, c| bits | compartment_bit(*c))
        });
        if self.leaf.changes.iter().any(|change| change.compartments & !held != 0) {
            return refused("a log leaf changes a compartment that its signer does not hold");
        }
        if self.leaf.reads.iter().any(|seen| seen.compartments & !held != 0) {
            return refused("a log leaf reads a compartment that its signer does not hold");
        }
        if self.leaf.act.writes_nothing() && !self.leaf.changes.is_empty() {
            return refused("a log leaf changes something and does not say so");
        }
        let closes = self.leaf.changes.iter().any(|change| change.digest == [0; 32]);
        let may_close = matches!(self.leaf.act, Act::Erased(_) | Act::Restored);
        if closes && !may_close || !closes && matches!(self.leaf.act, Act::Erased(_)) {
            return refused("a log leaf closes a slot and is no erase, or the other way round");
        }
        // Schema, index keys and policies are not written under the name of something else.
        let own = self.leaf.changes.iter().any(|change| change.slot < FIRST_RECORD_SLOT);
        if own && !self.leaf.act.writes_own() {
            return refused("a log leaf changes the vault's own records and does not say so");
        }
        let about_files = matches!(self.leaf.act, Act::Attached | Act::HandedOver);
        if about_files != self.leaf.note.is_some() {
            return refused(
                "a log leaf names a statement about a file and is none, or the reverse",
            );
        }
        if self.leaf.act.reserved() && !role.is_some_and(|role| role.administers) {
            return refused("a log leaf does what its signer may not do");
        }
        Ok(())
    }
}

impl SignedLeaf {
    /// The escrow does one thing: it puts a roster in force that replaces it; and before that,
    /// in a restored folder, it erases again what had been erased.
    fn judge_recovery(&self, roster: &Body) -> Result<()> {
        let refused = |what| Err(Error::new(ErrorKind::Tampered, what));
        let Some(key) = roster.escrow.as_ref().and_then(Escrow::verify_key) else {
            return refused("a log leaf is signed by an escrow that there is not");
        };
        let closes = self.leaf.changes.iter().any(|change| change.digest == [0; 32]);
        if !matches!(self.leaf.act, Act::Rotated | Act::Restored)
            || closes && self.leaf.act == Act::Rotated
        {
            return refused("a log leaf does what an escrow may not do");
        }
        key.verify(labels::LEAF_SIGNATURE, &self.signed, &self.signature)
    }
}

/// Walks leaves one after the other: each must continue the log, name the roster that was in
/// force, and move the epoch and the slots as its act allows.
pub(crate) struct Walk<'a> {
    rosters: &'a BTreeMap<u64, Roster>,
    log: Frontier,
    roster: u64,
    erase_epoch: u64,
    slots: u64,
}

impl<'a> Walk<'a> {
    /// From a point that is proved already.
    pub(crate) const fn from(
        rosters: &'a BTreeMap<u64, Roster>,
        log: Frontier,
        roster: u64,
        erase_epoch: u64,
    ) -> Self {
        Self { rosters, log, roster, erase_epoch, slots: 0 }
    }

    /// From before the first leaf.
    pub(crate) fn from_the_start(rosters: &'a BTreeMap<u64, Roster>) -> Self {
        Self::from(rosters, Frontier::default(), 1, 1)
    }

    /// How many leaves it has come past.
    pub(crate) const fn size(&self) -> u64 {
        self.log.size()
    }

    /// Takes the next leaf, as stored.
    pub(crate) fn step(&mut self, vault: &VaultId, ring: &KeyRing, bytes: &[u8]) -> Result<Leaf> {
        let index = self.log.size();
        self.judge(vault, ring, bytes).map_err(|error| error.or_at(|| Place::Leaf(index)))
    }

    fn judge(&mut self, vault: &VaultId, ring: &KeyRing, bytes: &[u8]) -> Result<Leaf> {
        let leaf = judge_alone(vault, ring, self.rosters, self.log.size(), bytes)?;
        self.follow(&leaf, bytes)?;
        Ok(leaf)
    }

    /// Takes the next leaf, which was opened and judged by the roster that it names.
    pub(crate) fn follow(&mut self, leaf: &Leaf, bytes: &[u8]) -> Result<()> {
        let index = self.log.size();
        let refused = |what| Err(Error::new(ErrorKind::Tampered, what).at(Place::Leaf(index)));
        if leaf.index != index || leaf.log_root != self.log.root() {
            return refused("a log leaf does not continue the log");
        }
        if leaf.roster != self.roster {
            return refused("a log leaf names a roster that was not in force");
        }
        let raised = u64::from(leaf.act.advances());
        if leaf.erase_epoch != self.erase_epoch + raised || leaf.slots < self.slots {
            return refused("a log leaf moves the key tree as its act does not");
        }
        self.log.append(leaf_hash(bytes));
        self.roster += u64::from(leaf.act.changes_roster());
        self.erase_epoch = leaf.erase_epoch;
        self.slots = leaf.slots;
        Ok(())
    }

    /// The root of the leaves it has come past.
    pub(crate) fn root(&self) -> [u8; 32] {
        self.log.root()
    }

    /// Whether the walk ends where the newest commit says.
    pub(crate) fn ends_at(&self, log: &Frontier, roster: u64, erase_epoch: u64) -> bool {
        self.log == *log && self.roster == roster && self.erase_epoch == erase_epoch
    }
}

/// Opens a leaf and judges it by the roster that it names: all that can be said of it alone.
pub(crate) fn judge_alone(
    vault: &VaultId,
    ring: &KeyRing,
    rosters: &BTreeMap<u64, Roster>,
    index: u64,
    bytes: &[u8],
) -> Result<Leaf> {
    let signed = Leaf::open(vault, ring, index, bytes)?;
    let roster = rosters.get(&signed.leaf.roster).ok_or_else(|| {
        Error::new(ErrorKind::Tampered, "a log leaf names a roster that is not there")
    });
    signed.judge(&roster.map_err(|error| error.at(Place::Leaf(index)))?.body)?;
    Ok(signed.leaf)
}

/// The bit of a compartment in a [`Change`]; `vault` is bit 0.
pub(crate) const fn compartment_bit(compartment: u8) -> u32 {
    1 << (compartment as u32 % 32)
}

/// A record's name in the log: it needs the record's own key, so it dies with it.
pub(crate) fn log_name(sk_vault: &Key, record: &RecordId) -> [u8; 16] {
    kdf::prf(sk_vault, labels::LOG_NAME, &[record.as_bytes()])
}

/// The store key of a leaf.
pub(crate) fn leaf_row(index: u64) -> Vec<u8> {
    let mut key = vec![LEAF_TABLE];
    key.extend_from_slice(&index.to_be_bytes());
    key
}

fn leaf_key(ck: &Key, vault: &VaultId) -> Key {
    kdf::prf_key(ck, labels::LEAF, &[vault.as_bytes()])
}

fn aad(vault: &VaultId, index: u64, note: Option<&[u8; 32]>) -> Vec<u8> {
    let mut out = Writer::with_capacity(96);
    out.bytes(labels::LEAF.0.as_bytes()).raw(vault.as_bytes()).u64(index);
    note.map(|note| out.raw(note));
    out.into_vec()
}

fn signed(vault: &VaultId, body: &[u8], note: Option<&[u8; 32]>) -> Vec<u8> {
    let mut out = Writer::with_capacity(body.len() + 48);
    out.raw(vault.as_bytes()).raw(body);
    note.map(|note| out.raw(note));
    out.into_vec()
}

#[cfg(test)]
mod tests;
