//! Erasing: the keys on a record's path die with the anchor slot that the old root hung from.
//!
//! The order is what makes it safe to be killed anywhere (`docs/design.md`): spare slot, next
//! capsule, *one* journal frame (the point of no return), read back, capsule renamed, old slot
//! overwritten last, so that its presence says that work is left.

use std::path::Path;

use crate::audit::{Act, Change};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{RecordId, VaultId};
use crate::keys::anchor::{AnchorSlot, AnchorStore};
use crate::keys::capsule::{self, Capsule};
use crate::keys::ring::VAULT;
use crate::keys::tree::{FreshKeys, KeyTree, root_key};
use crate::seal::SectionId;
use crate::search;
use crate::vault::commit::{Tx, too_many};
use crate::vault::family::{Family, Unseen};
use crate::vault::links::LinkEdit;
use crate::vault::meta::Meta;
use crate::vault::read::{Loaded, not_found};
use crate::vault::write::{history_row, vault_name};
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault, record_row};

/// The steps of an erase, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    SpareSlot,
    NextCapsule,
    Frame,
    ReadBack,
    CapsuleRenamed,
    OldSlotGone,
    Head,
}

/// Called after each step; a test copies the folders there, or stops.
#[cfg(test)]
pub(super) type Hook = Box<dyn Fn(Step) -> Result<()> + Send>;

impl Vault {
    /// Erases a record and all that stands under it, with history and postings, by destroying
    /// their keys. Nothing can bring them back from this folder, its journal or older copies of
    /// it, except for whoever kept an older anchor or, until escrow is set up, an administrator
    /// with an older capsule.
    ///
    /// Reads what stands under it; every record of the vault if the schema has a type below this
    /// one that is not `complete`, or the record itself is damaged.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `NotFound`; `NoAnchor` if the anchor
    /// was destroyed meanwhile; `Io` or `DiskFull`, before the point of no return without effect.
    ///
    /// # Security
    ///
    /// As strong as [`AnchorStore::destroy`](crate::AnchorStore::destroy). Remnants of search
    /// words stay testable by holders of their compartment until a reindex.
    pub fn erase(&self, id: RecordId) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let writer = self.writer();
        let live = self.live();
        let doomed = self.doomed(&live, id)?;

        let next = live.tree.root().erase_epoch + 1;
        let mut slot = AnchorSlot::generate(self.id, next, Vec::new())?;
        let (vault_epoch, ck) = live.ring.newest(VAULT)?;
        let key = root_key(&self.id, ck, &slot.key, next);
        slot.head = self.head_now(&live).to_bytes(&key);
        self.anchor.write_spare(&slot)?;
        self.ensure_alive()?;
        self.step(Step::SpareSlot)?;

        let body = &live.roster.body;
        let bytes = Capsule::seal(&self.id, &slot, body, self.member, &self.identity)?;
        capsule::write_next(&self.folder, &bytes)?;
        self.step(Step::NextCapsule)?;

        let mut tx = Tx::begin(self, &live);
        let mut links = LinkEdit::default();
        for record in &doomed {
            self.remove(&live, &mut tx, &mut links, record)?;
        }
        let going: Vec<RecordId> = doomed.iter().map(|record| record.id).collect();
        self.write_links(&live, &mut tx, links, &going)?;
        let Tx { edit, mut batch, changes } = tx;
        let sealed = edit.seal(&mut batch, key, next, vault_epoch, FreshKeys::Yes)?;
        let stamp = (live.roster.version, live.roster.hash);
        let ready = self.finish(&live, sealed, batch, changes, Act::Erased, stamp)?;
        drop(live);
        self.ensure_writable()?;
        // An error from here on ends the session and touches nothing: opening sorts it out.
        // Nobody reads while the commit is done, so nothing of the record is kept anew.
        let done =
            self.commit(ready, |_| self.recent.forget()).and_then(|_| self.finish_erase(next));
        drop(writer);
        done.inspect_err(|_| self.end())
    }

    /// Steps 4 to 8, once the frame is durable.
    fn finish_erase(&self, next: u64) -> Result<()> {
        self.step(Step::Frame)?;
        self.store.verify_newest()?;
        self.prove_root(next)?;
        self.step(Step::ReadBack)?;
        capsule::promote_next(&self.folder)?;
        self.step(Step::CapsuleRenamed)?;
        self.anchor.destroy(next - 1)?;
        self.ensure_alive()?;
        self.step(Step::OldSlotGone)?;
        // The record is gone; a head that cannot be written now is written at the next opening.
        let _ = self.note_position();
        self.step(Step::Head)
    }

    /// Opens the newest root under the slot as the medium gives it now: only then may the slot
    /// before it go.
    pub(super) fn prove_root(&self, epoch: u64) -> Result<()> {
        let slots = self.anchor.slots()?;
        let slot = slots.iter().find(|slot| slot.vault == self.id && slot.erase_epoch == epoch);
        let slot = slot
            .ok_or_else(|| Error::new(ErrorKind::NoAnchor, "the new slot of the anchor is gone"))?;
        let live = self.live();
        let root = *live.tree.root();
        let ck = live.ring.get(VAULT, root.vault_epoch)?;
        let key = root_key(&self.id, ck, &slot.key, epoch);
        KeyTree::new(self.id, root, key).lookup(self.store.as_ref(), 0).map(|_| ())
    }

    /// The record and everything under it, as sealed lists have it, not the index: a posting that
    /// somebody dropped must not save a child. Where a type below is in no list, every record of
    /// the vault is read.
    ///
    /// What cannot be read stops the erase, unless it is the record itself: nobody could promise
    /// that nothing of it is left.
    fn doomed(&self, live: &Live, id: RecordId) -> Result<Vec<Doomed>> {
        let entry = live.tree.lookup(self.store.as_ref(), id.slot())?;
        if id.slot() < FIRST_RECORD_SLOT || entry.is_none_or(|entry| entry.tail != id.tail()) {
            return Err(not_found(&id));
        }
        let root = self.load(live, &id).ok();
        let record_type = root.as_ref().and_then(|root| self.meta(live, root).ok());
        let family = match (&root, record_type) {
            (Some(root), Some(Meta { record_type, .. })) => {
                // An entry of a ledger goes with its person, and only so.
                let kind = live.schema.record_type(&record_type)?;
                match self.linked(live, root) {
                    Ok(_) => self.family(live, kind, Unseen::Refused)?,
                    Err(_) => self.walked(live, Some(id), Unseen::Refused)?,
                }
            }
            _ => self.walked(live, Some(id), Unseen::Refused)?,
        };
        let mut doomed = Vec::new();
        let mut queue = vec![id];
        while let Some(next) = queue.pop() {
            let loaded = match self.load(live, &next) {
                Err(error) if next != id => return Err(error),
                loaded => loaded.ok(),
            };
            let children = match (&family, &loaded) {
                (Family::Listed, None) => Vec::new(),
                (Family::Listed, Some(parent)) => self.listed(live, parent)?,
                (Family::Walked(children), _) => children.get(&next).cloned().unwrap_or_default(),
            };
            queue.extend(children.into_iter().map(|(child, _)| child));
            doomed.push(Doomed { id: next, loaded });
            too_many(doomed.len() + queue.len())?;
        }
        Ok(doomed)
    }

    fn remove(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        links: &mut LinkEdit,
        doomed: &Doomed,
    ) -> Result<()> {
        let id = doomed.id;
        tx.batch.remove(record_row(&id));
        tx.edit.remove(id.slot())?;
        let name = doomed.loaded.as_ref().map_or([0; 16], |loaded| vault_name(&loaded.group, &id));
        let slot = id.slot();
        tx.changes.push(Change {
            slot,
            name,
            digest: [0; 32],
            revision: 0,
            compartments: 0,
            links: 0,
        });
        let Some(loaded) = &doomed.loaded else { return Ok(()) };
        let Ok(particulars) = self.particulars(live, loaded) else { return Ok(()) };
        let kind = live.schema.stored_type(&particulars.meta.record_type)?;
        links.remove(kind, self.parent(live, loaded, kind).unwrap_or_default(), id);
        for key in &particulars.postings {
            tx.batch.put(search::posting_key(key), search::noise()?);
        }
        for (compartment, part, prior) in particulars.history.iter().flat_map(|past| &past.sections)
        {
            let section = SectionId { compartment: *compartment, part: *part };
            if let Some(slot) = loaded.group.slot(section).filter(|_| *prior > 0) {
                tx.batch.remove(history_row(&slot.sk, *prior));
            }
        }
        Ok(())
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "a test stops here")]
    const fn step(&self, _: Step) -> Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self, step: Step) -> Result<()> {
        let hook = self.hook.lock().unwrap();
        hook.as_ref().map_or(Ok(()), |hook| hook(step))
    }
}

/// A record that goes; not loaded if its row is damaged: its slot is closed all the same.
struct Doomed {
    id: RecordId,
    loaded: Option<Loaded>,
}

/// Finishes or undoes what an interrupted erase left, before the vault is opened.
///
/// `epoch` is that of the newest root in the journal. Gives its slot.
pub(super) fn settle(
    folder: &Path,
    anchor: &dyn AnchorStore,
    (vault, epoch): (VaultId, u64),
    writable: bool,
) -> Result<(AnchorSlot, Settled)> {
    let mut slots = anchor.slots()?;
    slots.retain(|slot| slot.vault == vault);
    if slots.is_empty() {
        return Err(Error::new(ErrorKind::NoAnchor, "no anchor here: recover or restore"));
    }
    let has = |epoch: u64| slots.iter().any(|slot| slot.erase_epoch() == epoch);
    let Some(current) = slots.iter().find(|slot| slot.erase_epoch() == epoch) else {
        return Err(Error::new(
            ErrorKind::RolledBack,
            "the anchor and the journal are of different ages",
        )
        .at(Place::File("anchor.key".to_owned())));
    };
    let before = epoch.checked_sub(1).filter(|before| has(*before));
    let next = capsule::next_epoch(folder)?;
    let settled = Settled {
        finish: before,
        promote: next == Some(epoch),
        undone: next.is_some_and(|next| next != epoch),
    };
    if writable {
        match next {
            Some(next) if next == epoch => capsule::promote_next(folder)?,
            _ => capsule::remove_next(folder)?,
        }
    }
    Ok((current.clone(), settled))
}

/// What [`settle`] found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    /// The old slot that is still to be destroyed once the frame was read back.
    pub(super) finish: Option<u64>,
    /// The capsule of the newest root was still to be renamed.
    pub(super) promote: bool,
    /// Something of an erase that never came to its point of no return.
    pub(super) undone: bool,
}
