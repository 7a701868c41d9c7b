//! Erasing: the keys on a record's path die with the anchor slot that the old root hung from.

use std::collections::BTreeMap;

use crate::audit::{Act, Change};
use crate::error::Result;
use crate::id::RecordId;
use crate::seal::SectionId;
use crate::search;
use crate::vault::commit::{Tx, too_many};
use crate::vault::links::LinkEdit;
use crate::vault::postings::dead_keys;
use crate::vault::read::{Loaded, home_of, not_found};
use crate::vault::write::{history_row, vault_name};
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault, record_row};

impl Vault {
    /// Erases a record and all that stands under it, with history and postings, by destroying
    /// their keys. Nothing can bring them back from this folder, its journal or older copies of
    /// it, except for whoever kept an older anchor or, until escrow is set up, an administrator
    /// with an older capsule.
    ///
    /// Reads every record once, to find what stands under this one.
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
        too_many(doomed.len())?;

        let advance = self.begin_advance(&live, None)?;
        let mut tx = Tx::begin(self, &live);
        let mut links = LinkEdit::default();
        for record in &doomed {
            self.remove(&live, &mut tx, &mut links, record)?;
        }
        let going: Vec<RecordId> = doomed.iter().map(|record| record.id).collect();
        self.write_links(&live, &mut tx, links, &going)?;
        let ready = self.ready_advance(&live, &advance, tx, Act::Erased)?;
        drop(live);
        self.ensure_writable()?;
        let done = self.complete_advance(advance, ready, |_| ());
        drop(writer);
        done
    }

    /// The record and everything under it, found by walking the key tree: a posting that
    /// somebody dropped must not save a child. Reads every record once.
    ///
    /// What cannot be read stops the erase, unless it is the record itself: nobody could promise
    /// that nothing of it is left.
    fn doomed(&self, live: &Live, id: RecordId) -> Result<Vec<Doomed>> {
        let entry = live.tree.lookup(self.store.as_ref(), id.slot())?;
        if id.slot() < FIRST_RECORD_SLOT || entry.is_none_or(|entry| entry.tail != id.tail()) {
            return Err(not_found(&id));
        }
        if let Ok(loaded) = self.load(live, &id)
            && let Ok(meta) = self.meta(live, &loaded)
        {
            // An entry of a ledger goes with its person, and only so.
            live.schema.record_type(&meta.record_type)?;
        }
        let mut children: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
        live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            let child = RecordId::from_slot(slot, entry.tail);
            if slot < FIRST_RECORD_SLOT || child == id {
                return Ok(());
            }
            let loaded = self.load(live, &child)?;
            let record_type = self.meta(live, &loaded)?.record_type;
            let kind = live.schema.stored_type(&record_type)?;
            live.ring.newest(home_of(live, kind)?)?;
            if let Some(parent) = self.parent(live, &loaded, kind)? {
                children.entry(parent).or_default().push(child);
            }
            Ok(())
        })?;
        let mut doomed = Vec::new();
        let mut queue = vec![id];
        while let Some(next) = queue.pop() {
            queue.extend(children.remove(&next).unwrap_or_default());
            doomed.push(Doomed { id: next, loaded: self.load(live, &next).ok() });
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
        let (dead, _) = dead_keys(live)?;
        for key in &particulars.postings {
            tx.batch.put(search::posting_key(key), search::dead(&dead, key)?);
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
}

/// A record that goes; not loaded if its row is damaged: its slot is closed all the same.
struct Doomed {
    id: RecordId,
    loaded: Option<Loaded>,
}
