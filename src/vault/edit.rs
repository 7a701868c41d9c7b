//! Editing: what a section was becomes a row of its own, or is destroyed.

use std::collections::BTreeSet;

use crate::audit::{Act, Change, compartment_bit};
use crate::crypto::aead::Nonces;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::tree::fresh_key;
use crate::record::{FieldValue, RecordEdit};
use crate::schema::RecordType;
use crate::seal::{self, Group, PlainField, SectionId};
use crate::search;
use crate::secret::SecretBytes;
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::meta::{self, BYTES, ERASED, Meta, PARENT, Particulars, Past};
use crate::vault::postings::{IndexEdit, dead_keys};
use crate::vault::read::{Loaded, code_of, stored_code};
use crate::vault::write::{history_row, name_compartment, remember, vault_name};
use crate::vault::{Live, Vault};

impl Vault {
    /// Changes fields of a record if it still is at `revision`; gives the new revision.
    ///
    /// What was there before stays readable as history, under the same compartment.
    ///
    /// # Errors
    ///
    /// `Conflict` if somebody changed the record since; otherwise as [`Vault::add`].
    pub fn edit(&self, id: RecordId, revision: u32, edit: RecordEdit) -> Result<u32> {
        self.change(id, revision, edit, OldValues::Kept)
    }

    /// As [`Vault::edit`], and destroys what the fields were before: the key of every section
    /// that holds one of them, and so all older revisions of it, other fields' too. Even a field
    /// that is set to what it is already loses its history so.
    ///
    /// Raises e, as [`Vault::erase`] does; the old words stay testable by holders of the
    /// compartment until [`Vault::reindex`].
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `Refused`, at the record that is
    /// held, while a legal hold stands on it or on what it stands under; as [`Vault::edit`].
    pub fn rectify(&self, id: RecordId, revision: u32, edit: RecordEdit) -> Result<u32> {
        self.ensure_administrator()?;
        self.change(id, revision, edit, OldValues::Erased)
    }

    fn change(
        &self,
        id: RecordId,
        revision: u32,
        mut edit: RecordEdit,
        old: OldValues,
    ) -> Result<u32> {
        self.ensure_writable()?;
        let mut writer = self.writer();
        let live = self.live();
        let loaded = self.load_record(&live, &id)?;
        let particulars = self.particulars(&live, &loaded)?;
        if particulars.meta.revision != revision {
            return Err(Error::new(
                ErrorKind::Conflict,
                "the record was changed since it was read",
            )
            .at(Place::Record(id)));
        }
        let kind = live.schema.record_type(&particulars.meta.record_type)?;
        if old == OldValues::Erased {
            self.refuse_if_held_above(&live, &loaded)?;
        }
        live.schema.prepare_edit(&kind.name, &mut edit)?;
        let mut tx = Tx::begin(self, &live);
        let mut index = IndexEdit::new(self, &live, &mut writer.ends);
        let what = (loaded, particulars, kind);
        let done = self.edit_sections(&live, &mut tx, &mut index, what, (&edit, old))?;
        let ends = index.finish(&mut tx.batch);
        if !done {
            return Ok(revision);
        }
        let rows = tx.batch.len();
        match old {
            OldValues::Kept => {
                let ready = self.ready(&live, tx, Act::Edited)?;
                drop(live);
                self.commit(ready, |_| ())?;
            }
            OldValues::Erased => {
                let advance = self.begin_advance(&live, None)?;
                let ready = self.ready_advance(&live, &advance, tx, Act::Rectified)?;
                drop(live);
                self.ensure_writable()?;
                self.complete_advance(advance, ready, |_| ())?;
            }
        }
        remember(&mut writer, ends);
        self.after_commit(&mut writer, rows);
        Ok(revision + 1)
    }

    /// Gives whether anything changed at all.
    fn edit_sections(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        index: &mut IndexEdit<'_>,
        (loaded, mut particulars, kind): (Loaded, Particulars, &RecordType),
        (edit, old_values): (&RecordEdit, OldValues),
    ) -> Result<bool> {
        let id = loaded.id;
        let revision = particulars.meta.revision.checked_add(1).ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "a record's revision is out of bounds")
                .at(Place::Record(id))
        })?;
        let mut touched = BTreeSet::new();
        for name in edit.fields().keys() {
            touched.insert(code_of(live, &kind.field(name)?.compartment)?);
        }
        let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
        let mut replaced = Vec::new();
        let mut compartments = 0;
        let postings: BTreeSet<[u8; 16]> = particulars.postings.iter().copied().collect();
        let mut gone = BTreeSet::new();
        for code in touched {
            let section = SectionId::fields(code);
            let name_it = |error| name_compartment(live, error, &id, code);
            live.ring.newest(code).map_err(name_it)?;
            let old = self.open_section(live, &loaded, &kind.name, section)?;
            let mut fields: Vec<PlainField<'_>> = Vec::new();
            let mut changed = false;
            if let Some(old) = &old
                && let Some(value) = old.field(PARENT, BYTES)?
            {
                fields.push(PlainField { path: PARENT, kind: BYTES, value });
            }
            let compartment = live.schema.compartment_name(code).unwrap_or_default();
            for field in kind.fields.iter().filter(|field| field.compartment == compartment) {
                let stored = stored_code(field.kind);
                let before = match &old {
                    Some(old) => old.field(&field.name, stored)?,
                    None => None,
                };
                let after = match edit.fields().get(&field.name) {
                    Some(new) => new.as_ref().map(FieldValue::encode),
                    None => before.clone(),
                };
                if before != after {
                    if let Some(Some(new)) = edit.fields().get(&field.name) {
                        self.ensure_own_file(live, Some(id), new)
                            .map_err(|error| error.or_at(|| kind.place(&field.name)))?;
                    }
                    changed = true;
                    let decode = |bytes: &Option<SecretBytes>| {
                        bytes.as_ref().map(|bytes| FieldValue::decode(stored, bytes)).transpose()
                    };
                    let (before, after) = (decode(&before)?, decode(&after)?);
                    index.replace_value(
                        kind,
                        &field.name,
                        (before, after),
                        &id,
                        &postings,
                        &mut gone,
                    )?;
                }
                if let Some(value) = after {
                    fields.push(PlainField { path: &field.name, kind: stored, value });
                }
            }
            let written = loaded.section(section)?.is_some();
            if !changed && (old_values == OldValues::Kept || !written) {
                continue;
            }
            if old_values == OldValues::Erased && written {
                let gone = end_history(&mut particulars, &mut group, section)?;
                gone.into_iter().for_each(|row| {
                    tx.batch.remove(row);
                });
            }
            let prior = match loaded.section(section)? {
                None => 0,
                Some(_) if old_values == OldValues::Erased => ERASED,
                Some((bytes, slot)) => {
                    let prior = seal::SectionHead::parse(bytes)?.0.revision;
                    tx.batch.put(history_row(&slot.sk, prior), bytes.to_vec());
                    prior
                }
            };
            replaced.push((code, 0, prior));
            compartments |= compartment_bit(code);
            let mut nonces = Nonces::draw(1)?;
            self.seal_into(
                live,
                &mut row,
                &mut group,
                (&id, &kind.name, section),
                revision,
                fields,
                &mut nonces,
            )?;
        }
        if replaced.is_empty() {
            return Ok(false);
        }
        let (dead, _) = dead_keys(live)?;
        for key in &gone {
            tx.batch.put(search::posting_key(key), search::dead(&dead, key)?);
        }
        particulars.postings.retain(|key| !gone.contains(key));
        let fresh = index.take_padded(particulars.postings.len())?;
        particulars.postings.extend(fresh);
        particulars.postings.sort_unstable();
        let Meta { changed, by, .. } = particulars.meta;
        particulars.history.push(Past {
            revision: revision - 1,
            at: changed,
            by,
            sections: replaced,
        });
        particulars.meta.revision = revision;
        particulars.meta.changed = self.now(live).as_second();
        particulars.meta.by = *self.member.as_bytes();
        let fields = particulars.fields()?;
        let mut nonces = Nonces::draw(1)?;
        self.seal_into(
            live,
            &mut row,
            &mut group,
            (&id, "", meta::SECTION),
            revision,
            fields,
            &mut nonces,
        )?;
        let digest = tx.put_record(self, &id, &mut row, &group, RecordEntry::Known)?;
        let name = vault_name(&group, &id);
        tx.changes.push(Change { slot: id.slot(), name, digest, revision, compartments, links: 0 });
        Ok(true)
    }
}

/// What becomes of what a field was before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OldValues {
    Kept,
    Erased,
}

/// A new key for a section: no older revision of it can be opened any more. Gives their rows.
fn end_history(
    particulars: &mut Particulars,
    group: &mut Group,
    section: SectionId,
) -> Result<Vec<Vec<u8>>> {
    let slot = group.slot_mut(section)?;
    let mut rows = Vec::new();
    for past in &mut particulars.history {
        for (compartment, part, prior) in &mut past.sections {
            let of = SectionId { compartment: *compartment, part: *part };
            // What came from nothing still came from nothing.
            if of == section && *prior > 0 {
                rows.push(history_row(&slot.sk, *prior));
                *prior = ERASED;
            }
        }
    }
    slot.sk = fresh_key()?;
    slot.digest = [0; 32];
    Ok(rows)
}
