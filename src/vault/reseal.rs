//! Sealing everything again after a rotation, a few records at a time.
//!
//! Each record says in its own sealed particulars under which keys it stands, so the work needs
//! no list of its own: whoever goes on after a kill finds what is left by looking. When nothing
//! is left, the older keys are dropped from the grants, the older indexes with their keys.

use std::collections::BTreeSet;

use crate::audit::{Act, Change};
use crate::crypto::aead::Nonces;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::record::FieldValue;
use crate::schema::RecordType;
use crate::seal::{
    self, OpenSection, PlainField, SectionHead, SectionId, SectionVersion, head_digest,
    seal_section,
};
use crate::search::{self, POSTING_TABLE, Scope};
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::links::{CHILDREN, listed_alone};
use crate::vault::meta::{self, BYTES, FILE_KEY, PARENT, Particulars, Past};
use crate::vault::postings::{IndexEdit, dead_keys};
use crate::vault::read::{Loaded, code_of, home_of, open_at, stored_code};
use crate::vault::write::{history_row, remember, vault_name};
use crate::vault::{FIRST_RECORD_SLOT, INDEX_SLOT, Live, Vault, Writer};

/// Records in one commit: what a writer beside it waits for.
const AT_ONCE: usize = 64;
/// Rows of an index that is given up, removed in one commit.
const SWEPT_AT_ONCE: usize = 16 << 10;

/// How far the sealing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "two numbers")]
pub struct ResealProgress {
    /// Records looked at.
    pub done: u64,
    /// Records in all.
    pub total: u64,
}

/// A section's older revisions and its newest: under the new keys, bound to each other anew.
struct Chain {
    rows: Vec<(Vec<u8>, Vec<u8>)>,
    newest: Vec<u8>,
    digest: [u8; 32],
}

impl Vault {
    /// Whether something is still sealed under keys that somebody who left has had.
    #[must_use]
    pub fn needs_reseal(&self) -> bool {
        self.live().index.slots.iter().any(|slot| slot.section.part > 0)
    }

    /// How many records are still sealed under older keys. Reads every record, but only while
    /// there is something left to do.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`].
    pub fn left_to_reseal(&self) -> Result<u64> {
        if !self.needs_reseal() {
            return Ok(0);
        }
        let live = self.live();
        let (newest, _) = live.ring.newest(VAULT)?;
        let mut left = 0;
        live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            if slot >= FIRST_RECORD_SLOT {
                let loaded = self.load(&live, &RecordId::from_slot(slot, entry.tail))?;
                left += u64::from(self.particulars(&live, &loaded)?.sealed < newest);
            }
            Ok(())
        })?;
        Ok(left)
    }

    /// Gives every index new keys and destroys the old ones: words of what was erased can be
    /// tested by nobody any more. Seals everything again, as after a departure.
    ///
    /// # Errors
    ///
    /// As [`Vault::reseal`].
    pub fn reindex(&self, progress: &mut dyn FnMut(ResealProgress)) -> Result<u64> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        {
            let mut writer = self.writer();
            let body = self.live().roster.body.clone();
            self.rotate(&mut writer, body, &[], None)?;
        }
        self.reseal(progress)
    }

    /// Seals again whatever is still sealed under older keys, with its history and its words,
    /// then drops those keys. Gives how many records it sealed. It can be stopped at any moment
    /// and called again; others may read and write meanwhile.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; as [`Vault::read`] for a record that
    /// cannot be read: all others are sealed again, and the older keys are kept.
    pub fn reseal(&self, progress: &mut dyn FnMut(ResealProgress)) -> Result<u64> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        if !self.needs_reseal() {
            return Ok(0);
        }
        let mut ids = Vec::new();
        {
            let live = self.live();
            live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
                ids.extend(
                    Some(RecordId::from_slot(slot, entry.tail)).filter(|_| slot != INDEX_SLOT),
                );
                Ok(())
            })?;
        }
        let (mut done, mut sealed) = (0, 0);
        let mut failed = None;
        for some in ids.chunks(AT_ONCE) {
            self.ensure_writable()?;
            match self.reseal_some(some) {
                Ok(count) => sealed += count,
                // One that is damaged must not keep the others under the keys of who left.
                Err(error) => {
                    failed = failed.or(Some(error));
                    for one in some {
                        self.ensure_writable()?;
                        sealed += self.reseal_some(std::slice::from_ref(one)).unwrap_or(0);
                    }
                }
            }
            done += some.len() as u64;
            progress(ResealProgress { done, total: ids.len() as u64 });
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.finish_reseal()?;
        Ok(sealed)
    }

    pub(super) fn reseal_some(&self, ids: &[RecordId]) -> Result<u64> {
        let mut writer = self.writer();
        let live = self.live();
        let mut tx = Tx::begin(self, &live);
        let mut index = IndexEdit::new(self, &live, &mut writer.ends);
        let (mut changed, mut sealed) = (false, 0);
        for id in ids {
            let loaded = match self.load(&live, id) {
                Ok(loaded) => loaded,
                // Erased meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let done = self.reseal_record(&live, &mut tx, &mut index, loaded);
            if done.map_err(|error| error.or_at(|| Place::Record(*id)))? {
                changed = true;
                sealed += u64::from(id.slot() >= FIRST_RECORD_SLOT);
            }
        }
        let ends = index.finish(&mut tx.batch);
        if !changed {
            return Ok(0);
        }
        let rows = tx.batch.len();
        let ready = self.ready(&live, tx, Act::Resealed)?;
        drop(live);
        self.commit(ready, |_| self.recent.forget())?;
        remember(&mut writer, ends);
        self.after_commit(&mut writer, rows);
        Ok(sealed)
    }

    /// Gives whether the record stood under older keys.
    fn reseal_record(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        index: &mut IndexEdit<'_>,
        loaded: Loaded,
    ) -> Result<bool> {
        let mut particulars = self.particulars(live, &loaded)?;
        let (newest, _) = live.ring.newest(VAULT)?;
        if particulars.sealed >= newest {
            return Ok(false);
        }
        let id = loaded.id;
        let own = id.slot() < FIRST_RECORD_SLOT;
        let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
        let mut document = Vec::new();
        if own {
            document =
                meta::document_fields(&meta::read_document(&self.vault_section(live, &loaded)?)?)?;
        } else {
            let kind = live.schema.stored_type(&particulars.meta.record_type)?;
            for slot in &loaded.group.slots {
                let section = slot.section;
                if section.compartment == VAULT || slot.digest == [0; 32] {
                    continue;
                }
                let chain = self.reseal_chain(live, &loaded, kind, &particulars, section)?;
                tx.batch.put_all(chain.rows);
                row.put_section(section, chain.newest);
                group.slot_mut(section)?.digest = chain.digest;
            }
            particulars.postings =
                self.word_again(live, tx, index, (&loaded, kind), &particulars.postings)?;
        }
        particulars.sealed = newest;
        let (bytes, slot) = loaded.section(meta::SECTION)?.ok_or_else(missing)?;
        let (head, ..) = SectionHead::parse(bytes)?;
        fields_of(&self.vault_section(live, &loaded)?, &meta::paths())?;
        let mut fields = particulars.fields()?;
        fields.extend(document);
        let place =
            seal::Place { vault: &self.id, record: &id, record_type: "", section: meta::SECTION };
        let resealed = self.seal_again(live, place, &head, head.previous, &slot.sk, fields)?;
        group.slot_mut(meta::SECTION)?.digest = resealed.digest;
        row.put_section(meta::SECTION, resealed.bytes);
        let digest = tx.put_record(self, &id, &mut row, &group, RecordEntry::Known)?;
        let name = vault_name(&group, &id);
        let slot = id.slot();
        tx.changes.push(Change { slot, name, digest, revision: 0, compartments: 0, links: 0 });
        Ok(true)
    }

    /// A section with all its older revisions, each proved to be what the next one replaced.
    fn reseal_chain(
        &self,
        live: &Live,
        loaded: &Loaded,
        kind: &RecordType,
        particulars: &Particulars,
        section: SectionId,
    ) -> Result<Chain> {
        let place = || loaded.place(section.compartment);
        let (bytes, slot) = loaded.section(section)?.ok_or_else(missing)?;
        let priors = particulars.history.iter().flat_map(Past::kept);
        let priors: Vec<u32> =
            priors.filter(|(of, _)| *of == section).map(|(_, prior)| prior).collect();
        let mut rows = Vec::new();
        // The digest that each revision names as the one before: as it was, and as it will be.
        let (mut was, mut becomes) = ([0; 32], [0; 32]);
        let paths = paths_of(live, kind, section)?;
        for prior in priors {
            let key = history_row(&slot.sk, prior);
            let old = self.store.get(&key)?.ok_or_else(|| {
                Error::new(ErrorKind::Missing, "an older revision is missing").at(place())
            })?;
            let again = self.copy(live, loaded, kind, (section, &old), (was, becomes), &paths)?;
            (was, becomes) = (head_digest(&old)?, again.digest);
            rows.push((key, again.bytes));
        }
        let again = self.copy(live, loaded, kind, (section, bytes), (was, becomes), &paths)?;
        Ok(Chain { rows, newest: again.bytes, digest: again.digest })
    }

    fn copy(
        &self,
        live: &Live,
        loaded: &Loaded,
        kind: &RecordType,
        (section, bytes): (SectionId, &[u8]),
        (was, becomes): ([u8; 32], [u8; 32]),
        paths: &[(&str, u8)],
    ) -> Result<seal::Sealed> {
        let misplaced = |error: Error| error.or_at(|| loaded.place(section.compartment));
        let slot = loaded.group.slot(section).ok_or_else(missing)?;
        let place =
            seal::Place { vault: &self.id, record: &loaded.id, record_type: &kind.name, section };
        let open = open_at(live, place, bytes, slot).map_err(misplaced)?;
        let proved = open.proved();
        // Links are no revisions of the record: what one list replaced is kept nowhere.
        let links = section.part > 0;
        if !links && proved.head().previous != was {
            let what = "an older revision was altered";
            return Err(misplaced(Error::new(ErrorKind::Tampered, what)));
        }
        let fields = fields_of(&open, paths).map_err(misplaced)?;
        let previous = if links { proved.head().previous } else { becomes };
        self.seal_again(live, place, proved.head(), previous, &slot.sk, fields)
    }

    /// Seals a section as it was, under the newest key of its compartment.
    fn seal_again(
        &self,
        live: &Live,
        place: seal::Place<'_>,
        head: &SectionHead,
        previous: [u8; 32],
        sk: &crate::secret::Key,
        fields: Vec<PlainField<'_>>,
    ) -> Result<seal::Sealed> {
        let (epoch, ck) = live.ring.newest(place.section.compartment)?;
        let version = SectionVersion {
            ck,
            sk,
            epoch,
            revision: head.revision,
            schema_version: head.schema_version,
            previous,
        };
        seal_section(&place, &version, fields, &mut Nonces::draw(1)?)
    }

    /// Every word of a record, into the newest index; gives its postings there. Those in older
    /// indexes are marked, to be swept out with them.
    fn word_again(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        index: &mut IndexEdit<'_>,
        (loaded, kind): (&Loaded, &RecordType),
        postings: &[[u8; 16]],
    ) -> Result<Vec<[u8; 16]>> {
        let id = loaded.id;
        let (newest, _) = live.ring.newest(VAULT)?;
        // Written to since the rotation: some of its words may stand in the newest index.
        let mixed = self.vault_section(live, loaded)?.proved().epoch() == newest;
        let before: BTreeSet<[u8; 16]> =
            if mixed { postings.iter().copied().collect() } else { BTreeSet::new() };
        let mut kept = BTreeSet::new();
        for field in kind.fields.iter().filter(|field| field.is_indexed()) {
            let section = SectionId::fields(code_of(live, &field.compartment)?);
            let Some(section) = self.open_section(live, loaded, &kind.name, section)? else {
                continue;
            };
            let code = stored_code(field.kind);
            let Some(bytes) = section.field(&field.name, code)? else { continue };
            let value = FieldValue::decode(code, &bytes)?;
            if mixed {
                index.add_missing(kind, (&field.name, &value), &id, &before, &mut kept)?;
            } else {
                index.add_value(kind, &field.name, &value, &id)?;
            }
        }
        let home = home_of(live, kind)?;
        index.add(home, Scope::Type { record_type: &kind.name }, 0, "", &id)?;
        let parent = self.parent(live, loaded, kind)?;
        if let Some(parent) = parent.filter(|_| !listed_alone(live, kind)) {
            let scope = Scope::Child { record_type: &kind.name, parent: &parent };
            index.add(home, scope, 0, "", &id)?;
        }
        let (_, older) = dead_keys(live)?;
        let dead = older.first().ok_or_else(missing)?;
        for key in postings.iter().filter(|key| !kept.contains(*key)) {
            tx.batch.put(search::posting_key(key), search::dead(dead, key)?);
        }
        let mut postings: Vec<[u8; 16]> = kept.into_iter().collect();
        postings.extend(index.take_padded(postings.len())?);
        postings.sort_unstable();
        Ok(postings)
    }

    /// Nobody reads the older indexes any more: their rows go, then their keys and the older
    /// keys of the compartments.
    fn finish_reseal(&self) -> Result<()> {
        let mut writer = self.writer();
        // A record that was written while the others were sealed stands under the newest keys;
        // but nothing is dropped on an assumption.
        if self.left_to_reseal()? > 0 {
            return Err(Error::new(ErrorKind::Conflict, "records are left to be sealed again"));
        }
        // By the first byte of their keys, which are evenly spread: what is swept at once stays
        // small, however large the index.
        for first in 0..=u8::MAX {
            let dead = self.dead_postings(first)?;
            for rows in dead.chunks(SWEPT_AT_ONCE) {
                self.sweep(&mut writer, rows)?;
            }
        }
        self.retire(&mut writer)
    }

    /// The rows of older indexes that nothing needs any more, of one 256th of all.
    fn dead_postings(&self, first: u8) -> Result<Vec<Vec<u8>>> {
        let live = self.live();
        let (_, keys) = dead_keys(&live)?;
        let mut dead = Vec::new();
        self.store.scan(&[POSTING_TABLE, first], &mut |row, value| {
            let prf = row.get(1..).unwrap_or_default();
            if keys.iter().any(|key| search::is_dead(key, prf, value)) {
                dead.push(row.to_vec());
            }
            Ok(())
        })?;
        Ok(dead)
    }

    fn sweep(&self, writer: &mut Writer, rows: &[Vec<u8>]) -> Result<()> {
        let live = self.live();
        let mut tx = Tx::begin(self, &live);
        tx.edit.touch()?;
        for row in rows {
            tx.batch.remove(row.clone());
        }
        let ready = self.ready(&live, tx, Act::Resealed)?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(writer, rows.len());
        Ok(())
    }
}

/// The paths that a section of this type can hold, with the kind of each.
fn paths_of<'a>(
    live: &Live,
    kind: &'a RecordType,
    section: SectionId,
) -> Result<Vec<(&'a str, u8)>> {
    if section.part > 0 {
        return Ok(CHILDREN.iter().map(|path| (*path, BYTES)).collect());
    }
    let mut paths = vec![(PARENT, BYTES), (FILE_KEY, BYTES)];
    for field in &kind.fields {
        if code_of(live, &field.compartment)? == section.compartment {
            paths.push((field.name.as_str(), stored_code(field.kind)));
        }
    }
    Ok(paths)
}

/// All that a section holds; a field that the schema does not know stops it: nothing is lost.
fn fields_of<'a>(open: &OpenSection<'_>, paths: &[(&'a str, u8)]) -> Result<Vec<PlainField<'a>>> {
    let mut fields = Vec::new();
    for (path, kind) in paths {
        if let Some(value) = open.field(path, *kind)? {
            fields.push(PlainField { path, kind: *kind, value });
        }
    }
    if fields.len() == open.proved().head().fields.len() {
        return Ok(fields);
    }
    Err(Error::new(ErrorKind::Tampered, "a section holds a field that the schema does not know"))
}

fn missing() -> Error {
    Error::new(ErrorKind::Missing, "a section is missing")
}
