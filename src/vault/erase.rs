//! Erasing: the keys on a record's path die with the anchor slot that the old root hung from.
//!
//! The order is what makes it safe to be killed anywhere (`docs/design.md`): spare slot, next
//! capsule, *one* journal frame (the point of no return), read back, capsule renamed, old slot
//! overwritten last, so that its presence says that work is left.

use std::collections::BTreeSet;

use crate::audit::{Act, Change};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::anchor::AnchorSlot;
use crate::keys::capsule::{self, Capsule};
use crate::keys::ring::VAULT;
use crate::keys::tree::{FreshKeys, KeyTree, root_key};
use crate::search;
use crate::seal::SectionId;
use crate::vault::commit::{Tx, too_many};
use crate::vault::links::LinkEdit;
use crate::vault::read::{Loaded, home_of};
use crate::vault::write::{history_row, vault_name};
use crate::vault::{Live, Vault, record_row};

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
        let doomed = self.with_descendants(&live, id)?;
        too_many(doomed.len())?;

        let next = live.tree.root().erase_epoch + 1;
        let mut slot = AnchorSlot::generate(next, Vec::new())?;
        let (vault_epoch, ck) = live.ring.newest(VAULT)?;
        let key = root_key(&self.id, ck, &slot.key, next);
        slot.head = self.head_now(&live).to_bytes(&key);
        self.anchor.write_spare(&slot)?;
        self.step(Step::SpareSlot)?;

        let body = &live.roster.body;
        let bytes = Capsule::seal(&self.id, &slot, body, self.member, &self.identity)?;
        capsule::write_next(&self.folder, &bytes)?;
        self.step(Step::NextCapsule)?;

        let mut tx = Tx::begin(self, &live);
        let mut links = LinkEdit::default();
        for loaded in &doomed {
            self.remove(&live, &mut tx, &mut links, loaded)?;
        }
        let going: Vec<RecordId> = doomed.iter().map(|loaded| loaded.id).collect();
        self.write_links(&live, &mut tx, links, &going)?;
        let Tx { edit, mut batch, changes } = tx;
        let sealed = edit.seal(&mut batch, key, next, vault_epoch, FreshKeys::Yes)?;
        let stamp = (live.roster.version, live.roster.hash);
        let ready = self.finish(&live, sealed, batch, changes, Act::Erased, stamp)?;
        drop(live);
        self.ensure_writable()?;
        // An error from here on ends the session and touches nothing: opening sorts it out.
        let done = self.commit(ready, |_| ()).and_then(|_| self.finish_erase(next));
        drop(writer);
        done.inspect_err(|_| self.end())
    }

    /// Steps 4 to 8, once the frame is durable.
    fn finish_erase(&self, next: u64) -> Result<()> {
        self.step(Step::Frame)?;
        self.store.verify_newest()?;
        {
            let live = self.live();
            let tree = KeyTree::new(self.id, *live.tree.root(), live.tree.root_key().clone());
            tree.lookup(self.store.as_ref(), 0)?;
        }
        self.step(Step::ReadBack)?;
        capsule::promote_next(&self.folder)?;
        self.step(Step::CapsuleRenamed)?;
        self.anchor.destroy(next - 1)?;
        self.ensure_alive()?;
        self.step(Step::OldSlotGone)?;
        self.note_position()?;
        self.step(Step::Head)
    }

    /// The record, then everything under it.
    fn with_descendants(&self, live: &Live, id: RecordId) -> Result<Vec<Loaded>> {
        let mut doomed = Vec::new();
        let mut seen = BTreeSet::from([id]);
        let mut queue = vec![id];
        while let Some(id) = queue.pop() {
            let loaded = self.load_record(live, &id)?;
            let record_type = self.meta(live, &loaded)?.record_type;
            for kind in live.schema.record_types() {
                if kind.parent.as_ref() == Some(&record_type) {
                    live.ring.newest(home_of(live, kind)?)?;
                }
            }
            doomed.push(loaded);
            queue.extend(self.children_of(live, &id, &record_type)?.into_iter().filter(|c| seen.insert(*c)));
        }
        Ok(doomed)
    }

    fn remove(&self, live: &Live, tx: &mut Tx<'_>, links: &mut LinkEdit, loaded: &Loaded) -> Result<()> {
        let particulars = self.particulars(live, loaded)?;
        let kind = live.schema.record_type(&particulars.meta.record_type)?;
        links.remove(kind, self.parent(live, loaded, kind)?, loaded.id);
        tx.batch.remove(record_row(&loaded.id));
        for key in &particulars.postings {
            tx.batch.put(search::posting_key(key), search::noise()?);
        }
        for (compartment, part, prior) in particulars.history.iter().flat_map(|past| &past.sections) {
            let section = SectionId { compartment: *compartment, part: *part };
            if let Some(slot) = loaded.group.slot(section).filter(|_| *prior > 0) {
                tx.batch.remove(history_row(&slot.sk, *prior));
            }
        }
        tx.edit.remove(loaded.id.slot())?;
        tx.changes.push(Change {
            slot: loaded.id.slot(),
            name: vault_name(&loaded.group, &loaded.id),
            digest: [0; 32],
            compartments: 0,
        });
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

/// Finishes or undoes what an interrupted erase left, before the vault is opened.
///
/// `epoch` is that of the newest root in the journal. Gives its slot.
pub(super) fn settle(
    folder: &std::path::Path,
    anchor: &dyn crate::keys::anchor::AnchorStore,
    epoch: u64,
    writable: bool,
) -> Result<(AnchorSlot, Settled)> {
    let slots = anchor.slots()?;
    if slots.is_empty() {
        return Err(Error::new(ErrorKind::NoAnchor, "no anchor here: recover or restore"));
    }
    let has = |epoch: u64| slots.iter().any(|slot| slot.erase_epoch() == epoch);
    let Some(current) = slots.iter().find(|slot| slot.erase_epoch() == epoch) else {
        return Err(Error::new(ErrorKind::RolledBack, "the anchor and the journal are of different ages")
            .at(Place::File("anchor.key".to_owned())));
    };
    let before = epoch.checked_sub(1).filter(|before| has(*before));
    let next = capsule::next_epoch(folder)?;
    let settled = Settled {
        finish: before,
        promote: next == Some(epoch),
        undone: has(epoch + 1) || next.is_some_and(|next| next != epoch),
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
