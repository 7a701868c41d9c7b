//! Checkpoints of the log: what partners keep, and what they kept held against the log of now.

use crate::audit::{self, Checkpoint, Continuation, SignedCheckpoint};
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::crypto::proof;
use crate::crypto::sign::VerifyKey;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::keys::pin::PinnedCheckpoint;
use crate::keys::roster::Entry;
use crate::vault::past::{read_leaf, verify_rosters};
use crate::vault::{Live, Vault};

/// A leaf of the log with the path to a root: what proves that it stands there, to somebody
/// without any key of the vault.
pub(super) struct LeafProof {
    /// The leaf, sealed, as it is hashed.
    pub(super) leaf: Vec<u8>,
    pub(super) path: Vec<[u8; 32]>,
}

impl Vault {
    /// The log as it is now, signed by this session's member: three lines for a partner to keep.
    ///
    /// Without the vault's keys it says how many entries the log has, and nothing of any.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`].
    pub fn checkpoint(&self) -> Result<SignedCheckpoint> {
        self.ensure_alive()?;
        self.checkpoint_of(&self.live())
    }

    pub(super) fn checkpoint_of(&self, live: &Live) -> Result<SignedCheckpoint> {
        let checkpoint = Checkpoint::new(&self.id, live.log.size(), live.log.root());
        checkpoint.sign(self.identity.sign_key())
    }

    /// The key with which anybody verifies this session's checkpoints, as verifiers of C2SP
    /// signed notes take it.
    #[must_use]
    pub fn checkpoint_key(&self) -> String {
        audit::checkpoint_key(&self.id, &self.identity.sign_key().verify_key())
    }

    /// The log as it is now, with the proof that it continues a checkpoint that somebody kept.
    /// Reads every leaf.
    ///
    /// # Errors
    ///
    /// As [`Vault::confirm_checkpoint`].
    pub fn checkpoint_since(&self, kept: &SignedCheckpoint) -> Result<Continuation> {
        self.confirm_checkpoint(kept)?;
        let live = self.live();
        let old = kept.checkpoint().size();
        let path = proof::consistency(old, live.log.size(), &mut |index| self.leaf_hash_at(index))?;
        Ok(Continuation::new(old, path, self.checkpoint_of(&live)?))
    }

    /// Holds a checkpoint that somebody kept against the log of now: it is of this vault, a
    /// member signed it, and the leaves that are here give its root. Says the member's name.
    ///
    /// # Errors
    ///
    /// `BadInput` for the checkpoint of another vault; `Tampered` if no member signed it;
    /// `RolledBack` if the log is shorter than it was then, or another; `Missing` at a leaf.
    pub fn confirm_checkpoint(&self, kept: &SignedCheckpoint) -> Result<String> {
        self.ensure_alive()?;
        let live = self.live();
        let checkpoint = kept.checkpoint();
        if !checkpoint.is_of(&self.id) {
            return Err(Error::new(ErrorKind::BadInput, "the checkpoint is of another vault"));
        }
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let mut members = rosters.values().rev().flat_map(|roster| &roster.body.members);
        let signed = |member: &&Entry| kept.verify_by(&member.verify_key()).is_ok();
        let name = members.find(signed).map(|member| member.name.clone());
        let name = name.or_else(|| {
            let mut escrows = rosters.values().filter_map(|roster| roster.body.escrow.as_ref());
            let by = |key: VerifyKey| kept.verify_by(&key).is_ok();
            escrows.any(|escrow| escrow.verify_key().is_some_and(by)).then(|| "escrow".to_owned())
        });
        let name = name.ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "the checkpoint is signed by nobody of the roster")
        })?;
        self.confirm_root(&live, checkpoint.size(), checkpoint.root())?;
        Ok(name)
    }

    /// As [`Vault::confirm_checkpoint`], and keeps it with this user's pin: a vault that does not
    /// continue it will not open here again. Says whether there is a place to keep it.
    ///
    /// # Errors
    ///
    /// As [`Vault::confirm_checkpoint`]; `Io` or `DiskFull` if it could not be kept.
    pub fn witness(&self, kept: &SignedCheckpoint) -> Result<bool> {
        self.confirm_checkpoint(kept)?;
        let checkpoint = kept.checkpoint();
        let pinned = PinnedCheckpoint::new(checkpoint.size(), checkpoint.root());
        {
            let mut witnessed = self.witnessed();
            witnessed.retain(|one| *one != pinned);
            witnessed.push(pinned);
            let surplus = witnessed.len().saturating_sub(PinnedCheckpoint::MOST);
            witnessed.drain(..surplus);
        }
        self.save_pin(&self.live())?;
        Ok(self.pins.is_some())
    }

    /// Whether the first `size` leaves that are stored give this root.
    pub(super) fn confirm_root(&self, live: &Live, size: u64, root: &[u8; 32]) -> Result<()> {
        if size > live.log.size() {
            return Err(Error::new(ErrorKind::RolledBack, "the log is shorter than it was")
                .at(Place::Leaf(live.log.size())));
        }
        let mut edge = Frontier::default();
        for index in 0..size {
            edge.append(self.leaf_hash_at(index)?);
        }
        if edge.root() == *root {
            return Ok(());
        }
        Err(Error::new(ErrorKind::RolledBack, "the log is not what it was").at(Place::Leaf(size)))
    }

    /// A leaf, with the path to the root of the log as it is now.
    pub(super) fn prove_leaf(&self, live: &Live, index: u64) -> Result<LeafProof> {
        let path = proof::inclusion(live.log.size(), index, &mut |at| self.leaf_hash_at(at))?;
        Ok(LeafProof { leaf: read_leaf(self.store.as_ref(), index)?, path })
    }

    fn leaf_hash_at(&self, index: u64) -> Result<[u8; 32]> {
        read_leaf(self.store.as_ref(), index).map(|bytes| leaf_hash(&bytes))
    }
}
