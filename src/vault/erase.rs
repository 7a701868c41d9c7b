//! Erasing: the keys on a record's path die with the anchor slot that the old root hung from.

use std::sync::{MutexGuard, RwLockReadGuard};

use crate::audit::{Act, Change};
use crate::error::Result;
use crate::id::RecordId;
use crate::schema::own::FILE;
use crate::seal::file::FileName;
use crate::search;
use crate::time::Timestamp;
use crate::vault::attachments::Files;
use crate::vault::commit::{Tx, too_many};
use crate::vault::family::{Family, Unseen};
use crate::vault::links::LinkEdit;
use crate::vault::meta::{Meta, Past};
use crate::vault::postings::dead_keys;
use crate::vault::read::{Loaded, not_found};
use crate::vault::receipt::{Erasure, ErasureReceipt, SignedReceipt, WordsLeft};
use crate::vault::reseal::ResealProgress;
use crate::vault::write::{history_row, vault_name};
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault, Writer, record_row};

impl Vault {
    /// Erases a record and all that stands under it, with history and postings, by destroying
    /// their keys. The receipt says against whom that is final, and what would complete it.
    ///
    /// Reads what stands under it; every record of the vault if the schema has a type below this
    /// one that is not `complete`, or the record itself is damaged.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `NotFound`; `Refused`, at the record
    /// that is held, while a legal hold stands on it, on what it stands under, or on what stands
    /// under it; `TooLong` for more than 1,000 records at once; `NoAnchor` if the anchor was destroyed meanwhile; `Io` or
    /// `DiskFull`, before the point of no return without effect.
    ///
    /// # Security
    ///
    /// As strong as [`AnchorStore::destroy`](crate::AnchorStore::destroy). Remnants of search
    /// words stay testable by holders of their compartment until [`Vault::finish_erasure`].
    pub fn erase(&self, id: RecordId, erasure: &Erasure) -> Result<SignedReceipt> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        erasure.check()?;
        let writer = self.writer();
        let live = self.live();
        let doomed = self.doomed(&live, id)?;
        too_many(doomed.len())?;
        self.refuse_if_held(&live, id, &doomed)?;
        let people = self.people_among(&live, &doomed);
        let (still_to_tell, unread_ledgers) = self.still_to_tell(&live, &people);
        let at = self.now(&live);
        let mut receipt = ErasureReceipt {
            still_to_tell,
            unread_ledgers,
            vault: self.id,
            fingerprint: self.fingerprint.to_string(),
            erased_at: at,
            by: self.member,
            reason: erasure.reason,
            note: erasure.note.clone(),
            records: doomed.len() as u64,
            revisions: 0,
            words: 0,
            positions: doomed.iter().map(|doomed| doomed.id.slot()).collect(),
            erase_epoch: live.tree.root().erase_epoch + 1,
            leaf: live.log.size(),
            finality: Vec::new(),
            backups: Vec::new(),
        };
        let tally = self.raise(writer, live, &doomed, Act::Erased(erasure.reason))?;
        receipt.erased_at = tally.at;
        receipt.revisions = tally.revisions;
        receipt.words = tally.words;
        self.sign_receipt(&self.live(), receipt, WordsLeft::Yes)
    }

    /// Closes the slots of records in one commit that raises e.
    pub(super) fn raise(
        &self,
        writer: MutexGuard<'_, Writer>,
        live: RwLockReadGuard<'_, Live>,
        doomed: &[Doomed],
        act: Act,
    ) -> Result<Tally> {
        too_many(doomed.len())?;
        let mut tally = Tally::default();
        let advance = self.begin_advance(&live, None)?;
        let mut tx = Tx::begin(self, &live);
        let mut links = LinkEdit::default();
        for record in doomed {
            self.remove(&live, &mut tx, &mut links, record, &mut tally)?;
        }
        let going: Vec<RecordId> = doomed.iter().map(|record| record.id).collect();
        self.write_links(&live, &mut tx, links, &going)?;
        let ready = self.ready_advance(&live, &advance, tx, act)?;
        drop(live);
        self.ensure_writable()?;
        tally.at = ready.at();
        // Where the next opening looks: killed from here on, it brings them back or removes them.
        let files = Files::of(&self.folder);
        files.set_aside(&tally.files);
        let done = self.complete_advance(advance, ready, |_| ());
        drop(writer);
        done?;
        // Their keys are gone; a file that stays is removed at the next opening.
        tally.files.iter().for_each(|name| files.discard(name));
        // The records are gone; a list that cannot be written now is written at the next opening.
        let _ = self.note_erasures();
        Ok(tally)
    }

    /// Does what can be done now to make an erasure final: rebuilds every index under new keys,
    /// which takes as long as [`Vault::reseal`], and signs the receipt as things stand then.
    ///
    /// # Errors
    ///
    /// As [`Vault::reindex`] and [`Vault::confirm_receipt`].
    pub fn finish_erasure(
        &self,
        signed: &SignedReceipt,
        progress: &mut dyn FnMut(ResealProgress),
    ) -> Result<SignedReceipt> {
        self.confirm_receipt(signed)?;
        self.reindex(progress)?;
        self.sign_receipt(&self.live(), signed.receipt().clone(), WordsLeft::No)
    }

    /// Those who have a ledger.
    fn people_among(&self, live: &Live, doomed: &[Doomed]) -> Vec<RecordId> {
        let is_person = |loaded: &Loaded| {
            let meta = self.meta(live, loaded);
            let kind = meta.and_then(|meta| live.schema.stored_type(&meta.record_type));
            kind.is_ok_and(|kind| kind.subject.is_some())
        };
        let people = doomed.iter().filter(|one| one.loaded.as_ref().is_some_and(is_person));
        people.map(|one| one.id).collect()
    }

    /// The record and everything under it, as sealed lists have it, not the index: a posting that
    /// somebody dropped must not save a child. Where a type below is in no list, every record of
    /// the vault is read.
    ///
    /// What cannot be read stops the erase, unless it is the record itself: nobody could promise
    /// that nothing of it is left.
    pub(super) fn doomed(&self, live: &Live, id: RecordId) -> Result<Vec<Doomed>> {
        let entry = live.tree.lookup(self.store.as_ref(), id.slot())?;
        if id.slot() < FIRST_RECORD_SLOT || entry.is_none_or(|entry| entry.tail != id.tail()) {
            return Err(not_found(&id));
        }
        let root = self.load(live, &id).ok();
        let record_type = root.as_ref().and_then(|root| self.meta(live, root).ok());
        let family = match (&root, record_type) {
            (Some(root), Some(Meta { record_type, .. })) => {
                // An entry of a ledger goes with its person, a hand-over with its file, and only
                // so; a file may go alone.
                let kind = match record_type.starts_with(FILE) {
                    true => live.schema.stored_type(&record_type)?,
                    false => live.schema.record_type(&record_type)?,
                };
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
        tally: &mut Tally,
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
        tally.files.extend(particulars.file.map(|file| file.name));
        let kind = live.schema.stored_type(&particulars.meta.record_type)?;
        links.remove(kind, self.parent(live, loaded, kind).unwrap_or_default(), id);
        let (dead, _) = dead_keys(live)?;
        for key in &particulars.postings {
            tx.batch.put(search::posting_key(key), search::dead(&dead, key)?);
        }
        tally.words += particulars.postings.len() as u64;
        for (section, prior) in particulars.history.iter().flat_map(Past::kept) {
            if let Some(slot) = loaded.group.slot(section) {
                tx.batch.remove(history_row(&slot.sk, prior));
                tally.revisions += 1;
            }
        }
        Ok(())
    }
}

/// What went in one commit, and when.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) at: Timestamp,
    revisions: u64,
    words: u64,
    /// Files that were attached.
    files: Vec<FileName>,
}

/// A record that goes; not loaded if its row is damaged: its slot is closed all the same.
pub(super) struct Doomed {
    pub(super) id: RecordId,
    pub(super) loaded: Option<Loaded>,
}
