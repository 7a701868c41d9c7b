//! The log: one signed, sealed leaf in every commit, hashed into an RFC 6962 tree.
//!
//! A leaf holds no personal data: it says who, when, which kind of act, the new root of the key
//! tree, and which slots of it changed. A record has a name in the log that comes from its own
//! key and dies with it.

mod frontier;

pub(crate) use frontier::{Frontier, leaf_hash};

use serde::{Deserialize, Serialize};

use crate::codec::{Reader, Writer};
use crate::crypto::sign::{SIGNATURE, SignKey};
use crate::crypto::{SUITE, aead, kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, RecordId, VaultId};
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::roster::{Body, check_format};
use crate::secret::Key;

const FORMAT: u8 = 1;
/// Longest sealed leaf: 2,000 changes of at most 64 bytes.
const MAX_LEAF: usize = 160 << 10;
/// First byte of a leaf's store key.
pub(crate) const LEAF_TABLE: u8 = b'l';
/// Most records that one commit may add, edit or erase.
pub(crate) const MAX_RECORDS: usize = 1000;
/// Most slots that one leaf names: each record, and a parent whose list of children changed.
const MAX_CHANGES: usize = 2 * MAX_RECORDS;

/// What was done. New kinds are added at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Act {
    /// The vault was made.
    Created,
    /// Records were added.
    Added,
    /// A record was changed.
    Edited,
    /// A record was erased.
    Erased,
    /// The roster changed.
    RosterChanged,
    /// The schema changed.
    SchemaChanged,
}

/// One slot of the key tree that a commit changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) slot: u64,
    /// The record's name in the log.
    pub(crate) name: [u8; 16],
    /// Digest of the group now; zeros if the slot was closed.
    pub(crate) digest: [u8; 32],
    /// The compartments whose sections were written, one bit each.
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
}

impl Leaf {
    pub(crate) fn actor_id(&self) -> MemberId {
        MemberId::from_bytes(self.actor)
    }

    /// Signs, then seals: a thief learns neither who acted nor how many signed.
    pub(crate) fn seal(&self, vault: &VaultId, ring: &KeyRing, key: &SignKey) -> Result<Vec<u8>> {
        let mut plain = postcard::to_allocvec(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "a log leaf did not encode"))?;
        let signature = key.sign(labels::LEAF_SIGNATURE, &signed(vault, &plain));
        plain.extend_from_slice(&signature);
        let (epoch, ck) = ring.newest(VAULT)?;
        let sealed = aead::seal(&leaf_key(ck, vault), &aad(vault, self.index), &plain)?;
        let mut out = Writer::with_capacity(sealed.len() + 10);
        out.u8(FORMAT).u8(SUITE).u32(epoch).bytes(&sealed);
        if out.len() > MAX_LEAF {
            return Err(Error::new(ErrorKind::TooLong, "too many changes in one commit"));
        }
        Ok(out.into_vec())
    }

    /// Opens a leaf and checks that it stands in its place. Its signature is still to be judged.
    pub(crate) fn open(vault: &VaultId, ring: &KeyRing, index: u64, bytes: &[u8]) -> Result<SignedLeaf> {
        let bad = || Error::new(ErrorKind::Tampered, "a log leaf cannot be read").at(Place::Leaf(index));
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let epoch = input.u32()?;
        let sealed = input.bytes(MAX_LEAF)?;
        input.finish()?;
        let ck = ring.get(VAULT, epoch)?;
        let plain = aead::open(&leaf_key(ck, vault), &aad(vault, index), sealed).map_err(|_| bad())?;
        let (body, signature) = plain.split_last_chunk::<SIGNATURE>().ok_or_else(bad)?;
        let leaf: Self = postcard::from_bytes(body).map_err(|_| bad())?;
        if leaf.index != index || leaf.changes.len() > MAX_CHANGES {
            return Err(bad());
        }
        Ok(SignedLeaf { leaf, signed: signed(vault, body), signature: *signature })
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
    /// role may write every compartment that it touched.
    pub(crate) fn judge(&self, roster: &Body) -> Result<()> {
        let place = Place::Leaf(self.leaf.index);
        let refused = |what| Err(Error::new(ErrorKind::Tampered, what).at(place.clone()));
        let Some(actor) = roster.member(self.leaf.actor_id()) else {
            return refused("a log leaf is signed by nobody of the roster");
        };
        if actor.removed.is_some_and(|at| at < self.leaf.at) {
            return refused("a log leaf is signed by somebody who had left");
        }
        actor
            .verify_key()
            .verify(labels::LEAF_SIGNATURE, &self.signed, &self.signature)
            .map_err(|error| error.at(place.clone()))?;
        let role = roster.role_of(actor);
        let held = role.map_or(1, |role| {
            role.compartments.iter().fold(1_u32, |bits, c| bits | compartment_bit(*c))
        });
        if self.leaf.act != Act::Erased && self.leaf.changes.iter().any(|c| c.compartments & !held != 0) {
            return refused("a log leaf changes a compartment that its signer does not hold");
        }
        let administers = role.is_some_and(|role| role.administers);
        let reserved = matches!(self.leaf.act, Act::Erased | Act::RosterChanged | Act::SchemaChanged | Act::Created);
        if reserved && !administers {
            return refused("a log leaf does what its signer may not do");
        }
        Ok(())
    }
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

fn aad(vault: &VaultId, index: u64) -> Vec<u8> {
    let mut out = Writer::with_capacity(64);
    out.bytes(labels::LEAF.0.as_bytes()).raw(vault.as_bytes()).u64(index);
    out.into_vec()
}

fn signed(vault: &VaultId, body: &[u8]) -> Vec<u8> {
    let mut out = Writer::with_capacity(body.len() + 16);
    out.raw(vault.as_bytes()).raw(body);
    out.into_vec()
}
