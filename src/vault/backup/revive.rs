//! From an unpacked backup to a vault: an anchor from the opened capsule, what was erased since
//! erased again, and e raised, so that no older anchor and no older copy belongs to it.
//!
//! A restore that a director's key opens and a recovery by the custodians both come through here.

use std::path::Path;

use crate::audit::{Act, Leaf, leaf_row};
use crate::crypto::merkle::leaf_hash;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{RecordId, VaultId};
use crate::keys::anchor::{AnchorSlot, AnchorStore};
use crate::secret::Key;
use crate::vault::backup::erasures::Erasures;
use crate::vault::backup::marker::{Marker, is_unfinished};
use crate::vault::erase::Doomed;
use crate::vault::past::read_leaf;
use crate::vault::write::vault_name;
use crate::vault::{FIRST_RECORD_SLOT, Vault};

/// Puts what a capsule gave into an anchor that is still empty.
///
/// # Errors
///
/// `Exists` if there is something in the anchor already: nothing is overwritten.
pub(in crate::vault) fn plant(
    anchor: &dyn AnchorStore,
    vault: VaultId,
    erase_epoch: u64,
    key: Key,
) -> Result<()> {
    if !anchor.slots()?.is_empty() || anchor.head()?.is_some() {
        return Err(Error::new(ErrorKind::Exists, "the anchor is in use already"));
    }
    anchor.write_spare(&AnchorSlot { vault, erase_epoch, key, head: Vec::new() })
}

/// What [`Vault::finish_restore`] did.
pub(in crate::vault) struct Revived {
    /// Records that a list of erasures killed.
    pub(in crate::vault) erased_again: u64,
    /// How many of those were under a legal hold when the backup was made.
    pub(in crate::vault) held: u64,
    /// What other members of the vault are told, to accept the restored vault.
    pub(in crate::vault) code: String,
}

impl Vault {
    /// Ends a restore: what was erased since the backup is erased again, e is raised, and only
    /// then the folder may be opened by others.
    pub(in crate::vault) fn finish_restore(&self) -> Result<Revived> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let marker = Marker::read(&self.folder)?;
        let doomed = self.killed_since(&marker)?;
        let held = self.held_among(&doomed);
        let mut rest = doomed.as_slice();
        loop {
            let (now, later) = rest.split_at(rest.len().min(crate::audit::MAX_RECORDS));
            self.raise_for_restore(now)?;
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        let mut others = Erasures::default();
        let body = self.live().roster.body.clone();
        for found in marker.lists.iter().filter(|found| found.list.is_signed(&body)) {
            others.join(&found.list.list);
        }
        self.note_erasures_with(&others)?;
        Marker::remove(&self.folder)?;
        let code = self.newest_code()?;
        Ok(Revived { erased_again: doomed.len() as u64, held, code })
    }

    /// How many of these are held in this tree. That stops nothing: a list names what was erased
    /// for good, and no vault erases what it holds.
    fn held_among(&self, doomed: &[RecordId]) -> u64 {
        let live = self.live();
        let held = |id: &&RecordId| {
            let loaded = self.load(&live, id);
            let particulars = loaded.and_then(|loaded| self.particulars(&live, &loaded));
            particulars.is_ok_and(|particulars| particulars.held().is_some())
        };
        doomed.iter().filter(held).count() as u64
    }

    /// The one place that raises e: the steps are those of an erase.
    fn raise_for_restore(&self, ids: &[RecordId]) -> Result<()> {
        let writer = self.writer();
        let live = self.live();
        let doomed: Vec<Doomed> =
            ids.iter().map(|id| Doomed { id: *id, loaded: self.load(&live, id).ok() }).collect();
        self.raise(writer, live, &doomed, Act::Restored).map(drop)
    }

    /// The records of this tree that some list says were erased.
    fn killed_since(&self, marker: &Marker) -> Result<Vec<RecordId>> {
        let live = self.live();
        let epoch = live.tree.root().erase_epoch;
        let mut doomed = std::collections::BTreeSet::new();
        for found in &marker.lists {
            let trusted = found.list.is_signed(&live.roster.body);
            if !trusted && !found.named {
                continue;
            }
            for (copy, slot, closed_at, name) in found.list.list.entries() {
                if slot < FIRST_RECORD_SLOT {
                    continue;
                }
                let Some(entry) = live.tree.lookup(self.store.as_ref(), slot)? else { continue };
                let id = RecordId::from_slot(slot, entry.tail);
                // Only a member of the time can know a name. From a list that nobody of this
                // roster signed it counts because somebody named the file.
                let named = name != [0; 16]
                    && self.load(&live, &id).is_ok_and(|it| vault_name(&it.group, &id) == name);
                let same_copy = trusted && copy == marker.of && epoch < closed_at;
                if named || same_copy {
                    doomed.insert(id);
                }
            }
        }
        Ok(doomed.into_iter().collect())
    }

    /// The code of the restore that the newest leaf of the log speaks of, if it does.
    pub(in crate::vault) fn code_of_restore(&self) -> Result<Option<String>> {
        let live = self.live();
        let newest = live.log.size().saturating_sub(1);
        let Some(bytes) = self.store.get(&leaf_row(newest))? else { return Ok(None) };
        let leaf = Leaf::open(&self.id, &live.ring, newest, &bytes)?.leaf;
        Ok((leaf.act == Act::Restored).then(|| code_of(&bytes)))
    }

    fn newest_code(&self) -> Result<String> {
        let newest = self.live().log.size().saturating_sub(1);
        Ok(code_of(&read_leaf(self.store.as_ref(), newest)?))
    }
}

/// What people tell each other of a restore: 80 bits of the hash of its leaf.
pub(in crate::vault) fn code_of(leaf: &[u8]) -> String {
    let hash = leaf_hash(leaf);
    let text = data_encoding::BASE32_NOPAD.encode(hash.get(..10).unwrap_or_default());
    let groups = text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join("-")
}

/// Whether an opening may go on with a folder: one that is being restored shows nothing.
pub(in crate::vault) fn ensure_finished(folder: &Path) -> Result<()> {
    if is_unfinished(folder) {
        return Err(Error::new(
            ErrorKind::Unfinished,
            "the restore of this folder is not finished",
        ));
    }
    Ok(())
}
