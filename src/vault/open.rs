//! Opening: the anchor and the journal must agree, and what is read must continue what was seen.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, MemberId, VaultId};
use crate::keys::anchor::{AnchorStore, FileAnchor};
use crate::keys::capsule::{self, Capsule};
use crate::keys::identity::Identity;
use crate::keys::pin::Pin;
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::roster::{Body, Escrow, RoleEntry};
use crate::keys::tree::{KeyTree, root_key};
use crate::schema::Schema;
use crate::seal::Group;
use crate::store::Store;
use crate::vault::advance::{Settled, settle};
use crate::vault::folder::{Header, is_synced};
use crate::vault::past::{Past, fingerprint_of, read_roster, verify_rosters};
use crate::vault::recent::Recent;
use crate::vault::seen::Unlogged;
use crate::vault::state::State;
use crate::vault::{
    INDEX_SLOT, Live, Notice, SCHEMA_SLOT, Vault, VaultOptions, Writer, backup, meta,
    note_failed_unlock,
};

impl VaultOptions {
    pub(super) fn open_at(self, path: &Path, identity: &Identity) -> Result<Vault> {
        let header = Header::read(path)?;
        if !self.restoring {
            backup::ensure_finished(path)?;
        }
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
        let ring = newest.unlock(identity).inspect_err(|error| {
            if error.kind() == ErrorKind::NotMember && self.writable {
                note_failed_unlock(path);
            }
        })?;
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
        let mut witnessed = Vec::new();
        match &pin {
            Some(pin) => {
                let seen = past.check_pin(pin, fingerprint, &roster, epoch);
                past.accept(seen, self.accepted.as_deref())?;
                witnessed = pin.witnessed.clone();
                // Of an accepted restore some may be gone.
                witnessed.retain(|kept| past.continues(kept).is_ok());
            }
            None if self.pins.is_some() => notices.push(Notice::PinnedAgain),
            None => {}
        }
        if roster.body.escrow.is_none() {
            notices.push(Notice::NotRecoverable);
        }
        notices.extend(is_synced(path).then_some(Notice::SyncFolder));
        notices.extend((self.clock.now() < newest_leaf).then_some(Notice::ClockBehind));
        notices.extend((!self.writable).then_some(Notice::ReadOnly));

        let (id, role) = acting(&roster.body, identity)?;
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
            witnessed: Mutex::new(witnessed),
            live: RwLock::new(live),
            recent: Recent::default(),
            seen: Unlogged::default(),
            policy: Mutex::default(),
            writer: Mutex::new(Writer::default()),
            #[cfg(test)]
            hook: Mutex::new(None),
        };
        if vault.needs_reseal() {
            vault.note(Notice::NeedsReseal);
        }
        vault.finish_settling(settled)?;
        vault.sweep_files();
        if vault.writable {
            let _ = vault.note_erasures();
            vault.save_pin(&vault.live())?;
        }
        Ok(vault)
    }

    /// Beside the folder first, then where the pin saw it: a folder may be moved without it.
    fn find_anchor(&self, path: &Path, pin: Option<&Pin>) -> (Arc<dyn AnchorStore>, String) {
        if let Some(anchor) = &self.anchor {
            return (Arc::clone(anchor), String::new());
        }
        let beside = FileAnchor::beside(&std::path::absolute(path).unwrap_or_else(|_| path.into()));
        let pinned = pin
            .filter(|pin| !pin.anchor.is_empty())
            .map(|pin| FileAnchor::at((&pin.anchor).into()))
            .filter(|pinned| !is_anothers(pinned, path));
        let anchor = match pinned {
            Some(pinned) if beside.generation().is_err() && pinned.generation().is_ok() => pinned,
            _ => beside,
        };
        let place = anchor.folder().to_string_lossy().into_owned();
        (Arc::new(anchor), place)
    }
}

/// Whether another folder holds the vault that an anchor lies beside. Then what lies at `path` is
/// a copy: if it went on with that anchor, the vault itself would be refused as older than it.
fn is_anothers(anchor: &FileAnchor, path: &Path) -> bool {
    let Some(vault) = anchor.vault().filter(|vault| Header::read(vault).is_ok()) else {
        return false;
    };
    match (vault.canonicalize(), path.canonicalize()) {
        (Ok(vault), Ok(path)) => vault != path,
        _ => true,
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
            self.note(Notice::CapsuleRenewed);
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

/// Who this identity is in the roster: a member, or the escrow while a quorum has it together.
fn acting(body: &Body, identity: &Identity) -> Result<(MemberId, RoleEntry)> {
    let key = identity.sign_key().verify_key();
    let stranger =
        || Error::new(ErrorKind::NotMember, "this identity is not a member of the vault");
    if body.escrow.as_ref().and_then(Escrow::verify_key) == Some(key) {
        let compartments = (1..).zip(&body.compartments).map(|(code, _)| code).collect();
        let role = RoleEntry { name: "escrow".to_owned(), compartments, administers: true };
        return Ok((Escrow::SIGNER, role));
    }
    let member = body.member_by_key(key).ok_or_else(stranger)?;
    let role = body.role_of(member).cloned();
    let role = role.ok_or_else(|| Error::new(ErrorKind::NotMember, "this member has no role"))?;
    Ok((member.member_id(), role))
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
    let schema = Schema::parse(&meta::read_document(&section)?)?;
    let (_, _, index) = load(INDEX_SLOT)?;
    Ok((schema, index))
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

pub(super) fn open_store(
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
pub(super) const STORE: &str = "store";

#[cfg(not(feature = "sled"))]
fn no_store(_: &Path, _: InstanceId) -> Error {
    Error::new(ErrorKind::NotFound, "this build has no embedded store: give one in the options")
}
