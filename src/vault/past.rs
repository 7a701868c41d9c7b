//! Nothing may be older than what was seen before: by the anchor, by a pin, by the roster.

use std::collections::BTreeMap;

use crate::audit::{Act, Leaf, Walk, leaf_row};
use crate::crypto::kdf;
use crate::crypto::merkle::Frontier;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, VaultId};
use crate::keys::Fingerprint;
use crate::keys::anchor::{AnchorSlot, AnchorStore};
use crate::keys::head::AnchorHead;
use crate::keys::pin::{Pin, PinnedCheckpoint};
use crate::keys::ring::KeyRing;
use crate::keys::roster::{Entry, Roster, SealedRoster};
use crate::keys::tree::KeyTree;
use crate::store::Store;
use crate::time::Timestamp;
use crate::vault::{backup, roster_row};

/// Most versions of a roster that are walked at an opening.
const MAX_ROSTERS: u64 = 100_000;
/// Every roster from the first to the newest, each judged by the one before it.
pub(super) fn verify_rosters(
    store: &dyn Store,
    vault: &VaultId,
    ring: &KeyRing,
    newest: &Roster,
) -> Result<BTreeMap<u64, Roster>> {
    if newest.version > MAX_ROSTERS {
        return Err(Error::new(ErrorKind::Tampered, "the roster's number is out of bounds"));
    }
    let mut rosters: BTreeMap<u64, Roster> = BTreeMap::new();
    for version in 1..=newest.version {
        let next = read_roster(store, version)?.open(vault, ring)?;
        match rosters.get(&(version - 1)) {
            Some(before) => next.succeeds(before)?,
            None => {
                let founder = next.body.members.first().map(Entry::verify_key);
                let founder = founder
                    .ok_or_else(|| Error::new(ErrorKind::Tampered, "the first roster is empty"))?;
                next.begins(Fingerprint::new(vault, &founder))?;
            }
        }
        rosters.insert(version, next);
    }
    if rosters.get(&newest.version).is_some_and(|last| last.hash == newest.hash) {
        Ok(rosters)
    } else {
        Err(Error::new(ErrorKind::Tampered, "the newest roster is not of its chain"))
    }
}

pub(super) fn fingerprint_of(
    vault: &VaultId,
    rosters: &BTreeMap<u64, Roster>,
) -> Result<Fingerprint> {
    let founder = rosters.get(&1).and_then(|first| first.body.members.first());
    founder
        .map(|founder| Fingerprint::new(vault, &founder.verify_key()))
        .ok_or_else(|| Error::new(ErrorKind::Tampered, "the first roster is empty"))
}

/// Holds what the store says against what was noted outside it.
pub(super) struct Past<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) vault: VaultId,
    pub(super) ring: &'a KeyRing,
    pub(super) rosters: &'a BTreeMap<u64, Roster>,
    pub(super) log: &'a Frontier,
}

impl Past<'_> {
    /// The anchor's head, or the one in the slot if that is of an older epoch; held against the
    /// journal. Says too whether the file is missing.
    pub(super) fn read_head(
        &self,
        anchor: &dyn AnchorStore,
        slot: &AnchorSlot,
        tree: &KeyTree,
        instance: InstanceId,
    ) -> Result<(Option<AnchorHead>, bool)> {
        let epoch = tree.root().erase_epoch;
        let file = anchor.head()?;
        let missing = file.is_none();
        let bytes = match file.filter(|bytes| AnchorHead::claimed_epoch(bytes) >= Some(epoch)) {
            Some(bytes) => bytes,
            None if slot.head.is_empty() => return Ok((None, missing)),
            None => slot.head.clone(),
        };
        let head = AnchorHead::from_bytes(&bytes, tree.root_key())?;
        if head.vault != self.vault || head.instance != instance {
            return Err(Error::new(
                ErrorKind::Tampered,
                "the anchor belongs to another copy of the vault",
            ));
        }
        let rolled_back = || {
            Error::new(ErrorKind::RolledBack, "the store is older than the anchor's head")
                .at(Place::File("anchor.head".to_owned()))
        };
        let position = self.store.position();
        let chain = self.store.chain_at(head.sequence)?;
        let roster = self.rosters.get(&head.roster_version);
        let same = position.sequence == head.sequence;
        if position.sequence < head.sequence
            || chain.is_some_and(|chain| chain != head.chain)
            || head.log.size() > self.log.size()
            || roster.is_none_or(|roster| roster.hash != head.roster_hash)
            || (same && head.erase_epoch == epoch && head.tree != tree.root().digest)
        {
            return Err(rolled_back());
        }
        Ok((Some(head), missing))
    }

    /// Walks the leaves after the head to the newest, which must name the root that stands.
    pub(super) fn walk_from(
        &self,
        head: Option<AnchorHead>,
        tree: &KeyTree,
        roster: &Roster,
    ) -> Result<Timestamp> {
        let mut walk = match head {
            Some(head) => Walk::from(self.rosters, head.log, head.roster_version, head.erase_epoch),
            None => Walk::from_the_start(self.rosters),
        };
        let root = tree.root();
        let newest = self.log.size().checked_sub(1);
        let newest = newest.ok_or_else(|| Error::new(ErrorKind::Missing, "the log is empty"))?;
        let mut last = None;
        for index in walk.size()..self.log.size() {
            last = Some(walk.step(&self.vault, self.ring, &self.leaf_bytes(index)?)?);
        }
        if !walk.ends_at(self.log, roster.version, root.erase_epoch) {
            return Err(Error::new(
                ErrorKind::RolledBack,
                "the log is not a continuation of what was seen",
            )
            .at(Place::Leaf(newest)));
        }
        let last = match last {
            Some(leaf) => leaf,
            None => self.leaf(newest)?,
        };
        if (last.tree, last.slots, last.erase_epoch) != (root.digest, root.slots, root.erase_epoch)
        {
            return Err(Error::new(ErrorKind::Tampered, "the newest leaf names another root")
                .at(Place::Leaf(newest)));
        }
        Timestamp::from_second(last.at)
    }

    /// That the log was once `size` leaves long with this root: the next leaf, signed, says so.
    fn check_log(&self, size: u64, root: &[u8; 32]) -> Result<()> {
        let rolled_back = || {
            Error::new(ErrorKind::RolledBack, "the log is not a continuation of what was seen")
                .at(Place::Leaf(size))
        };
        let then = if size == self.log.size() {
            self.log.root()
        } else if size < self.log.size() {
            self.leaf(size)?.log_root
        } else {
            return Err(rolled_back());
        };
        if &then == root { Ok(()) } else { Err(rolled_back()) }
    }

    /// Lets a log pass that does not continue what was seen, if it was restored: the newest
    /// restore that an administrator signed has the code that this user was told.
    pub(super) fn accept(&self, seen: Result<()>, code: Option<&str>) -> Result<()> {
        let Err(error) = seen else { return Ok(()) };
        let (ErrorKind::RolledBack, Some(code)) = (error.kind(), code) else { return Err(error) };
        for index in (0..self.log.size()).rev() {
            if self.leaf(index)?.act == Act::Restored {
                let ours = backup::code_of(&self.leaf_bytes(index)?);
                let typed = code.trim().to_ascii_uppercase();
                return if kdf::equal(typed.as_bytes(), ours.as_bytes()) {
                    Ok(())
                } else {
                    Err(error)
                };
            }
        }
        Err(error)
    }

    /// A leaf by itself, signed by a member who might.
    fn leaf(&self, index: u64) -> Result<Leaf> {
        let signed = Leaf::open(&self.vault, self.ring, index, &self.leaf_bytes(index)?)?;
        let roster = self.rosters.get(&signed.leaf.roster).ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "a log leaf names a roster that is not there")
                .at(Place::Leaf(index))
        })?;
        signed.judge(&roster.body).map_err(|error| error.or_at(|| Place::Leaf(index)))?;
        Ok(signed.leaf)
    }

    fn leaf_bytes(&self, index: u64) -> Result<Vec<u8>> {
        read_leaf(self.store, index)
    }

    pub(super) fn check_pin(
        &self,
        pin: &Pin,
        fingerprint: Fingerprint,
        roster: &Roster,
        epoch: u64,
    ) -> Result<()> {
        if pin.fingerprint != fingerprint.to_string() {
            return Err(Error::new(
                ErrorKind::UnknownFingerprint,
                "the vault is not the pinned one",
            ));
        }
        let hex = |roster: &Roster| data_encoding::HEXLOWER.encode(&roster.hash);
        let seen = self.rosters.get(&pin.roster_version).map(hex);
        if roster.version < pin.roster_version
            || epoch < pin.erase_epoch
            || seen.as_ref() != Some(&pin.roster_hash)
        {
            return Err(Error::new(
                ErrorKind::RolledBack,
                "the vault is older than it was when last seen",
            ));
        }
        self.continues(&pin.log)?;
        pin.witnessed.iter().try_for_each(|kept| self.continues(kept))
    }

    /// Whether the log begins with what a checkpoint says.
    pub(super) fn continues(&self, kept: &PinnedCheckpoint) -> Result<()> {
        let root = data_encoding::HEXLOWER.decode(kept.log_root.as_bytes()).ok();
        let root: Option<[u8; 32]> = root.and_then(|bytes| bytes.try_into().ok());
        let damaged = || Error::new(ErrorKind::UnknownFingerprint, "the pin is damaged");
        self.check_log(kept.log_size, &root.ok_or_else(damaged)?)
    }
}

/// A leaf of the log as stored.
pub(super) fn read_leaf(store: &dyn Store, index: u64) -> Result<Vec<u8>> {
    store.get(&leaf_row(index))?.ok_or_else(|| {
        Error::new(ErrorKind::Missing, "a leaf of the log is missing").at(Place::Leaf(index))
    })
}

/// A version of the roster as stored; version 0 stands for the newest.
pub(super) fn read_roster(store: &dyn Store, version: u64) -> Result<SealedRoster> {
    let bytes = store.get(&roster_row(version))?.ok_or_else(|| {
        Error::new(ErrorKind::Missing, "a roster is missing").at(Place::Roster(version))
    })?;
    SealedRoster::parse(&bytes).map_err(|error| error.or_at(|| Place::Roster(version)))
}
