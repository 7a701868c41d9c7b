//! Opening: the anchor and the journal must agree, the roster must follow from the fingerprint,
//! and nothing may be older than what was seen before.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use crate::audit::{Leaf, Walk, leaf_row};
use crate::crypto::merkle::Frontier;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, VaultId};
use crate::keys::Fingerprint;
use crate::keys::anchor::{AnchorHead, AnchorSlot, AnchorStore, FileAnchor};
use crate::keys::capsule::{self, Capsule};
use crate::keys::identity::Identity;
use crate::keys::pin::Pin;
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::roster::{Roster, SealedRoster};
use crate::keys::tree::{KeyTree, root_key};
use crate::schema::Schema;
use crate::seal::Group;
use crate::store::Store;
use crate::time::Timestamp;
use crate::vault::erase::{Settled, settle};
use crate::vault::folder::{Header, is_synced};
use crate::vault::recent::Recent;
use crate::vault::state::State;
use crate::vault::{
    INDEX_SLOT, Live, Notice, ROSTER_TABLE, SCHEMA_SLOT, Vault, VaultOptions, Writer, meta,
    roster_row,
};

/// Most versions of a roster that are walked on a first opening.
const MAX_ROSTERS: u64 = 100_000;

impl VaultOptions {
    pub(super) fn open_at(self, path: &Path, identity: &Identity) -> Result<Vault> {
        let header = Header::read(path)?;
        let pin = match &self.pins {
            Some(pins) => pins.load(&header.vault)?,
            None => None,
        };
        let mut notices = Vec::new();
        let (anchor, anchor_place) = self.find_anchor(path, pin.as_ref());
        let generation = anchor.generation()?;
        let (store, store_notices) = open_store(&self, path, header.instance)?;
        notices.extend(store_notices);

        let state_bytes = store.state();
        let state = State::read_unproved(&state_bytes)?;
        let epoch = state.root.erase_epoch;
        let (slot, settled) = settle(path, anchor.as_ref(), (header.vault, epoch), self.writable)?;

        let newest = read_roster(store.as_ref(), 0)?;
        if (newest.version(), newest.hash()) != (state.roster_version, state.roster_hash) {
            return Err(Error::new(ErrorKind::RolledBack, "the roster is not the newest")
                .at(Place::Roster(newest.version())));
        }
        let ring = newest.unlock(identity)?;
        let ck = ring.get(VAULT, state.root.vault_epoch)?;
        let key = root_key(&header.vault, ck, &slot.key, epoch);
        State::prove(&state_bytes, &key)?;
        let roster = newest.open(&header.vault, &ring)?;
        let tree = KeyTree::new(header.vault, state.root, key);
        let log = state.log;

        let rosters = verify_rosters(store.as_ref(), &header.vault, &ring, &roster)?;
        let fingerprint = fingerprint_of(&header.vault, &rosters)?;
        if self.fingerprint.as_ref().is_some_and(|text| !fingerprint.matches(text)) {
            return Err(Error::new(
                ErrorKind::UnknownFingerprint,
                "the vault has another fingerprint",
            ));
        }
        let past = Past {
            store: store.as_ref(),
            vault: header.vault,
            ring: &ring,
            rosters: &rosters,
            log: &log,
        };
        let (head, head_missing) =
            past.read_head(anchor.as_ref(), &slot, &tree, header.instance)?;
        notices.extend(head_missing.then_some(Notice::HeadMissing));
        let newest_leaf = past.walk_from(head, &tree, &roster)?;
        match &pin {
            Some(pin) => past.check_pin(pin, fingerprint, &roster, epoch)?,
            None if self.pins.is_some() => notices.push(Notice::PinnedAgain),
            None => {}
        }
        if roster.body.escrow.is_none() {
            notices.push(Notice::NotRecoverable);
        }
        notices.extend(is_synced(path).then_some(Notice::SyncFolder));
        notices.extend((self.clock.now() < newest_leaf).then_some(Notice::ClockBehind));
        notices.extend((!self.writable).then_some(Notice::ReadOnly));

        let member =
            roster.body.member_by_key(identity.sign_key().verify_key()).ok_or_else(|| {
                Error::new(ErrorKind::NotMember, "this identity is not a member of the vault")
            })?;
        let id = member.member_id();
        let role = roster
            .body
            .role_of(member)
            .cloned()
            .ok_or_else(|| Error::new(ErrorKind::NotMember, "this member has no role"))?;
        let (schema, index) = read_system(&header.vault, store.as_ref(), &tree, &ring)?;
        let live = Live { tree, log, newest_leaf, roster, role, ring, schema, index };
        let vault = Vault {
            id: header.vault,
            instance: header.instance,
            folder: path.to_path_buf(),
            fingerprint,
            store,
            anchor,
            anchor_place,
            clock: self.clock,
            pins: self.pins,
            identity: identity.duplicate(),
            member: id,
            generation,
            writable: self.writable,
            ended: AtomicBool::new(false),
            notices: Mutex::new(notices),
            live: RwLock::new(live),
            recent: Recent::default(),
            writer: Mutex::new(Writer::default()),
            #[cfg(test)]
            hook: Mutex::new(None),
        };
        vault.finish_settling(settled)?;
        if vault.writable {
            vault.save_pin(&vault.live())?;
        }
        Ok(vault)
    }

    /// Beside the folder first, then where the pin saw it.
    fn find_anchor(&self, path: &Path, pin: Option<&Pin>) -> (Arc<dyn AnchorStore>, String) {
        if let Some(anchor) = &self.anchor {
            return (Arc::clone(anchor), String::new());
        }
        let beside = FileAnchor::beside(&std::path::absolute(path).unwrap_or_else(|_| path.into()));
        let pinned = pin
            .filter(|pin| !pin.anchor.is_empty())
            .map(|pin| FileAnchor::at((&pin.anchor).into()));
        let anchor = match pinned {
            Some(pinned) if beside.generation().is_err() && pinned.generation().is_ok() => pinned,
            _ => beside,
        };
        let place = anchor.folder().to_string_lossy().into_owned();
        (Arc::new(anchor), place)
    }
}

impl Vault {
    /// Goes on at step 5 of an erase that was killed after its point of no return.
    fn finish_settling(&self, settled: Settled) -> Result<()> {
        if !self.writable {
            return Ok(());
        }
        if settled.finish.is_some() || settled.promote {
            self.note(Notice::EraseFinished);
        } else if settled.undone {
            self.note(Notice::EraseUndone);
        }
        let whole = self.check_capsule(&self.live()).is_ok();
        if !whole && self.live().role.administers {
            self.renew_capsule()?;
        } else if !whole {
            // Without a capsule the old slot is the only other way back: it stays.
            self.note(Notice::CapsuleMissing);
            return Ok(());
        }
        if let Some(before) = settled.finish {
            self.store.verify_newest()?;
            self.prove_root(before + 1)?;
            self.anchor.destroy(before)?;
            let _ = self.note_position();
        }
        Ok(())
    }

    /// Seals the current slot again: the capsule was lost, damaged, or misses an administrator.
    pub(super) fn renew_capsule(&self) -> Result<()> {
        let live = self.live();
        let epoch = live.tree.root().erase_epoch;
        let slots = self.anchor.slots()?;
        let slot = slots.iter().find(|slot| slot.vault == self.id && slot.erase_epoch() == epoch);
        let slot = slot.ok_or_else(|| Error::new(ErrorKind::NoAnchor, "the anchor is not here"))?;
        let bytes = Capsule::seal(&self.id, slot, &live.roster.body, self.member, &self.identity)?;
        capsule::write_next(&self.folder, &bytes)?;
        capsule::promote_next(&self.folder)
    }
}

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
                let founder = next.body.members.first().map(crate::keys::roster::Entry::verify_key);
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

fn fingerprint_of(vault: &VaultId, rosters: &BTreeMap<u64, Roster>) -> Result<Fingerprint> {
    let founder = rosters.get(&1).and_then(|first| first.body.members.first());
    founder
        .map(|founder| Fingerprint::new(vault, &founder.verify_key()))
        .ok_or_else(|| Error::new(ErrorKind::Tampered, "the first roster is empty"))
}

/// Holds what the store says against what was noted outside it.
struct Past<'a> {
    store: &'a dyn Store,
    vault: VaultId,
    ring: &'a KeyRing,
    rosters: &'a BTreeMap<u64, Roster>,
    log: &'a Frontier,
}

impl Past<'_> {
    /// The anchor's head, or the one in the slot if that is of an older epoch; held against the
    /// journal. Says too whether the file is missing.
    fn read_head(
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
    fn walk_from(
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
        self.store.get(&leaf_row(index))?.ok_or_else(|| {
            Error::new(ErrorKind::Missing, "a leaf of the log is missing").at(Place::Leaf(index))
        })
    }

    fn check_pin(
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
        let root = data_encoding::HEXLOWER.decode(pin.log_root.as_bytes()).ok();
        let root: Option<[u8; 32]> = root.and_then(|bytes| bytes.try_into().ok());
        let root =
            root.ok_or_else(|| Error::new(ErrorKind::UnknownFingerprint, "the pin is damaged"))?;
        self.check_log(pin.log_size, &root)
    }
}

/// The schema in force, and the group of the index keys.
fn read_system(
    vault: &VaultId,
    store: &dyn Store,
    tree: &KeyTree,
    ring: &KeyRing,
) -> Result<(Schema, Group)> {
    let load = |slot: u64| -> Result<(crate::id::RecordId, crate::seal::SealedRecord, Group)> {
        let missing = || Error::new(ErrorKind::Missing, "a record of the vault itself is missing");
        let entry = tree.lookup(store, slot)?.ok_or_else(missing)?;
        let id = crate::id::RecordId::from_slot(slot, entry.tail);
        let bytes = store.get(&crate::vault::record_row(&id))?.ok_or_else(missing)?;
        let row = crate::seal::SealedRecord::parse(&bytes)?;
        if crate::keys::tree::node_digest(&row.group) != entry.digest {
            return Err(
                Error::new(ErrorKind::Tampered, "a record is not the newest").at(Place::Record(id))
            );
        }
        let group = Group::open(vault, &id, &entry.key, &row.group)?;
        Ok((id, row, group))
    };
    let (id, row, group) = load(SCHEMA_SLOT)?;
    let damaged = || {
        Error::new(ErrorKind::Tampered, "the schema's record is not whole").at(Place::Record(id))
    };
    let bytes = row.section(meta::SECTION).ok_or_else(damaged)?;
    let slot = group.slot(meta::SECTION).ok_or_else(damaged)?;
    if crate::seal::head_digest(bytes)? != slot.digest {
        return Err(damaged());
    }
    let place = crate::seal::Place { vault, record: &id, record_type: "", section: meta::SECTION };
    let (head, ..) = crate::seal::SectionHead::parse(bytes)?;
    let section =
        crate::seal::OpenSection::open(place, bytes, ring.get(VAULT, head.epoch)?, &slot.sk)?;
    let schema = Schema::parse(&meta::read_schema(&section)?)?;
    let (_, _, index) = load(INDEX_SLOT)?;
    Ok((schema, index))
}

fn read_roster(store: &dyn Store, version: u64) -> Result<SealedRoster> {
    debug_assert_eq!(roster_row(version).first(), Some(&ROSTER_TABLE));
    let bytes = store.get(&roster_row(version))?.ok_or_else(|| {
        Error::new(ErrorKind::Missing, "a roster is missing").at(Place::Roster(version))
    })?;
    SealedRoster::parse(&bytes).map_err(|error| error.or_at(|| Place::Roster(version)))
}

/// The store that the options name, or a new embedded one.
pub(super) fn make_store(
    options: &VaultOptions,
    folder: &Path,
    instance: InstanceId,
) -> Result<Arc<dyn Store>> {
    match &options.store {
        Some(store) => Ok(Arc::clone(store)),
        #[cfg(feature = "sled")]
        None => Ok(Arc::new(crate::store::SledStore::create(folder.join(STORE), instance)?)),
        #[cfg(not(feature = "sled"))]
        None => Err(no_store(folder, instance)),
    }
}

fn open_store(
    options: &VaultOptions,
    folder: &Path,
    instance: InstanceId,
) -> Result<(Arc<dyn Store>, Vec<Notice>)> {
    if let Some(store) = &options.store {
        return Ok((Arc::clone(store), Vec::new()));
    }
    #[cfg(feature = "sled")]
    {
        use crate::store::{OpenMode, SledStore};
        let mode = if options.writable { OpenMode::Write } else { OpenMode::ReadOnly };
        let store = SledStore::open(folder.join(STORE), instance, mode)?;
        let opened = store.opened();
        let mut notices = Vec::new();
        notices.extend(opened.journal_cut.then_some(Notice::JournalCut));
        notices.extend(opened.rebuilt.then_some(Notice::StoreRebuilt));
        Ok((Arc::new(store), notices))
    }
    #[cfg(not(feature = "sled"))]
    Err(no_store(folder, instance))
}

#[cfg(feature = "sled")]
const STORE: &str = "store";

#[cfg(not(feature = "sled"))]
fn no_store(_: &Path, _: InstanceId) -> Error {
    Error::new(ErrorKind::NotFound, "this build has no embedded store: give one in the options")
}
