//! Adding: sections sealed, postings appended, everything in one commit.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::audit::{Act, Change, compartment_bit, log_name};
use crate::crypto::aead::Nonces;
use crate::crypto::{kdf, labels, random};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::record::{Above, RecordDraft};
use crate::schema::RecordType;
use crate::seal::file::StoredFile;
use crate::seal::{self, Group, PlainField, SealedRecord, SectionId, SectionVersion, seal_section};
use crate::search::Scope;
use crate::secret::{Key, SecretBytes};
use crate::vault::bulk;
use crate::vault::commit::{RecordEntry, Tx, too_many};
use crate::vault::links::{LinkEdit, list_fields, listed_alone};
use crate::vault::meta::{self, BYTES, FILE_KEY, Meta, PARENT, Particulars};
use crate::vault::postings::IndexEdit;
use crate::vault::read::{code_of, home_of, stored_code};
use crate::vault::{HISTORY_TABLE, Live, Vault, Writer};

/// A record to add, before it is sealed.
struct Plan<'a> {
    id: RecordId,
    kind: &'a RecordType,
    sections: BTreeMap<u8, Vec<PlainField<'a>>>,
    postings: Vec<[u8; 16]>,
    /// Records of the same commit that it lists.
    children: Vec<RecordId>,
    /// The file that it stands for.
    file: Option<StoredFile>,
}

/// What a commit that adds records is, beyond that.
pub(super) struct Deed {
    pub(super) act: Act,
    pub(super) note: Option<[u8; 32]>,
    /// The file that the first record stands for, its key, and the compartment of both.
    pub(super) file: Option<(StoredFile, Key<16>, u8)>,
}

/// A record to add, sealed.
struct NewRecord {
    id: RecordId,
    row: SealedRecord,
    group: Group,
    compartments: u32,
    links: u32,
}

/// Where the drafts of one commit will stand.
struct Places {
    ids: Vec<RecordId>,
    parents: Vec<Option<RecordId>>,
    /// Of drafts that have them: what they list.
    children: BTreeMap<RecordId, Vec<RecordId>>,
    /// What records of the vault list from now on.
    links: LinkEdit,
}

impl Places {
    fn of(live: &Live, drafts: &[RecordDraft], first: u64) -> Result<Self> {
        let mut places = Self {
            ids: Vec::with_capacity(drafts.len()),
            parents: Vec::with_capacity(drafts.len()),
            children: BTreeMap::new(),
            links: LinkEdit::default(),
        };
        for (slot, draft) in (first..).zip(drafts) {
            let id = RecordId::from_slot(slot, random()?);
            let kind = live.schema.stored_type(draft.record_type())?;
            let parent = match draft.parent() {
                None => None,
                Some(Above::Record(parent)) => {
                    places.links.add(kind, parent, id);
                    Some(parent)
                }
                Some(Above::Draft(at)) => {
                    let what = "a record stands under a draft that does not come before it";
                    let early = || Error::new(ErrorKind::BadParent, what);
                    let parent = *places.ids.get(at).ok_or_else(early)?;
                    if kind.complete {
                        places.children.entry(parent).or_default().push(id);
                    }
                    Some(parent)
                }
            };
            places.ids.push(id);
            places.parents.push(parent);
        }
        Ok(places)
    }
}

impl Vault {
    /// Adds a record and gives its id. On disk when this returns.
    ///
    /// # Errors
    ///
    /// What the schema refuses (`UnknownType`, `UnknownField`, `UnknownCode`, `BadValue`,
    /// `Required`, `TooLong`, `BadParent`); `NoCompartment` if a field lies in a compartment that
    /// this role does not hold; `NotFound` for the parent; `ReadOnly`, `DiskFull`, `Io`.
    pub fn add(&self, draft: RecordDraft) -> Result<RecordId> {
        let ids = self.add_all(vec![draft])?;
        ids.first().copied().ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was added"))
    }

    /// Adds up to 1,000 records in one commit: all or none. A draft may stand under an earlier
    /// one ([`RecordDraft::under_draft`]).
    ///
    /// # Errors
    ///
    /// As [`Vault::add`]; `TooLong` for more than 1,000.
    pub fn add_all(&self, drafts: Vec<RecordDraft>) -> Result<Vec<RecordId>> {
        self.ensure_writable()?;
        let live = self.live();
        for draft in &drafts {
            live.schema.record_type(draft.record_type())?;
        }
        drop(live);
        self.add_stored(&mut self.writer(), drafts, Act::Added)
    }

    /// As [`Vault::add_all`], for the vault's own types too. Nobody else writes meanwhile.
    pub(super) fn add_stored(
        &self,
        writer: &mut Writer,
        drafts: Vec<RecordDraft>,
        act: Act,
    ) -> Result<Vec<RecordId>> {
        self.add_with(writer, drafts, Deed { act, note: None, file: None })
    }

    /// As [`Self::add_stored`], for a commit about a file.
    pub(super) fn add_with(
        &self,
        writer: &mut Writer,
        drafts: Vec<RecordDraft>,
        deed: Deed,
    ) -> Result<Vec<RecordId>> {
        let Deed { act, note, mut file } = deed;
        too_many(drafts.len())?;
        let live = self.live();
        let mut tx = Tx::begin(self, &live);
        tx.note = note;
        let mut index = IndexEdit::new(self, &live, &mut writer.ends);
        let Places { ids, parents, mut children, links } =
            Places::of(&live, &drafts, tx.edit.next_slot())?;
        let mut known = BTreeMap::new();
        let count = drafts.len();
        let places = ids.iter().zip(parents);
        let plans = drafts.into_iter().zip(places).map(|(mut draft, (id, parent))| {
            live.schema.prepare(&mut draft)?;
            let children = children.remove(id).unwrap_or_default();
            let place = (*id, parent, children);
            let mut plan = self.plan(&live, place, &mut index, &draft, &mut known)?;
            if let Some((stored, key, compartment)) = file.take() {
                let value = SecretBytes::new(key.expose().to_vec());
                let field = PlainField { path: FILE_KEY, kind: BYTES, value };
                plan.sections.entry(compartment).or_default().push(field);
                plan.file = Some(stored);
            }
            Ok(plan)
        });
        let sealed = bulk::in_turn(count, plans, |plan| self.seal_new(&live, plan))?;
        for mut record in sealed {
            self.put_new(&mut tx, &mut record)?;
        }
        self.write_links(&live, &mut tx, links, &[])?;
        if ids.is_empty() {
            return Ok(ids);
        }
        let ends = index.finish(&mut tx.batch);
        let rows = tx.batch.len();
        let ready = self.ready(&live, tx, act)?;
        drop(live);
        self.commit(ready, |_| ())?;
        remember(writer, ends);
        self.after_commit(writer, rows);
        Ok(ids)
    }

    /// Adds a struct as a record; its fields have the names of the schema's.
    ///
    /// # Errors
    ///
    /// As [`Vault::add`]; `BadValue` if a value of the struct has no kind here.
    pub fn add_as<T: Serialize>(
        &self,
        record_type: &str,
        parent: Option<RecordId>,
        value: &T,
    ) -> Result<RecordId> {
        let fields = crate::record::typed::to_fields(value)?;
        self.add(RecordDraft::from_fields(record_type, parent, fields))
    }

    /// Everything that adding a record needs in the order of the records: its words' places in
    /// the index, its id.
    fn plan<'a>(
        &self,
        live: &'a Live,
        (id, parent, children): (RecordId, Option<RecordId>, Vec<RecordId>),
        index: &mut IndexEdit<'_>,
        draft: &RecordDraft,
        known: &mut BTreeMap<RecordId, String>,
    ) -> Result<Plan<'a>> {
        let kind = live.schema.stored_type(draft.record_type())?;
        self.check_parent(live, kind, parent, known)?;
        let home = home_of(live, kind)?;
        let mut sections: BTreeMap<u8, Vec<PlainField<'_>>> = BTreeMap::new();
        sections.entry(home).or_default();
        if let Some(parent) = parent {
            let value = SecretBytes::new(parent.as_bytes().to_vec());
            sections.entry(home).or_default().push(PlainField { path: PARENT, kind: BYTES, value });
        }
        for (name, value) in draft.fields() {
            let field = kind.field(name)?;
            let code = code_of(live, &field.compartment)?;
            self.ensure_own_file(live, None, value)
                .map_err(|error| error.or_at(|| kind.place(name)))?;
            let plain = PlainField {
                path: &field.name,
                kind: stored_code(field.kind),
                value: value.encode(),
            };
            sections.entry(code).or_default().push(plain);
            index.add_value(kind, name, value, &id)?;
        }
        index.add(home, Scope::Type { record_type: &kind.name }, 0, "", &id)?;
        if let Some(parent) = parent.filter(|_| !listed_alone(live, kind)) {
            let scope = Scope::Child { record_type: &kind.name, parent: &parent };
            index.add(home, scope, 0, "", &id)?;
        }
        let postings = index.take_padded(0)?;
        known.insert(id, kind.name.clone());
        Ok(Plan { id, kind, sections, postings, children, file: None })
    }

    /// Seals a new record: whatever needs no other record.
    fn seal_new(&self, live: &Live, plan: Plan<'_>) -> Result<NewRecord> {
        let Plan { id, kind, sections, postings, children, file } = plan;
        let mut group = Group::generate(sections_of(live, kind)?)?;
        let mut row = SealedRecord::default();
        let mut compartments = 0;
        let mut nonces = Nonces::draw(sections.len() + 2)?;
        for (code, fields) in sections {
            let section = SectionId::fields(code);
            self.seal_into(
                live,
                &mut row,
                &mut group,
                (&id, &kind.name, section),
                1,
                fields,
                &mut nonces,
            )
            .map_err(|error| name_compartment(live, error, &id, code))?;
            compartments |= compartment_bit(code);
        }
        let links = u32::from(!children.is_empty());
        if links > 0 {
            let at =
                (&id, kind.name.as_str(), SectionId { compartment: home_of(live, kind)?, part: 1 });
            let fields = list_fields(&children)?;
            self.seal_into(live, &mut row, &mut group, at, links, fields, &mut nonces)?;
        }
        let by = *self.member.as_bytes();
        let changed = self.now(live).as_second();
        let meta = Meta { record_type: kind.name.clone(), revision: 1, changed, by };
        let (sealed, _) = live.ring.newest(VAULT)?;
        let fields = Particulars { file, ..Particulars::new(meta, postings, sealed) }.fields()?;
        self.seal_into(
            live,
            &mut row,
            &mut group,
            (&id, "", meta::SECTION),
            1,
            fields,
            &mut nonces,
        )?;
        Ok(NewRecord { id, row, group, compartments, links })
    }

    fn put_new(&self, tx: &mut Tx<'_>, record: &mut NewRecord) -> Result<()> {
        let NewRecord { id, row, group, compartments, links } = record;
        let digest = tx.put_record(self, id, row, group, RecordEntry::New)?;
        tx.changes.push(Change {
            slot: id.slot(),
            name: vault_name(group, id),
            digest,
            revision: 1,
            compartments: *compartments,
            links: *links,
        });
        Ok(())
    }

    fn check_parent(
        &self,
        live: &Live,
        kind: &RecordType,
        parent: Option<RecordId>,
        known: &mut BTreeMap<RecordId, String>,
    ) -> Result<()> {
        let bad =
            |what| Err(Error::new(ErrorKind::BadParent, what).at(Place::Schema(kind.name.clone())));
        match (&kind.parent, parent) {
            (None, None) => Ok(()),
            (None, Some(_)) => bad("this type of record stands under no other"),
            (Some(_), None) => bad("this type of record needs a parent"),
            (Some(expected), Some(parent)) => {
                let found = match known.entry(parent) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(vacant) => {
                        let loaded = self.load_record(live, &parent)?;
                        vacant.insert(self.meta(live, &loaded)?.record_type)
                    }
                };
                if found == expected { Ok(()) } else { bad("the parent is of another type") }
            }
        }
    }

    /// Seals one section into a row and binds it in the group.
    #[allow(clippy::too_many_arguments, reason = "each is one input of the sealing")]
    pub(super) fn seal_into(
        &self,
        live: &Live,
        row: &mut SealedRecord,
        group: &mut Group,
        (record, record_type, section): (&RecordId, &str, SectionId),
        revision: u32,
        fields: Vec<PlainField<'_>>,
        nonces: &mut Nonces,
    ) -> Result<()> {
        let (epoch, ck) = live.ring.newest(section.compartment)?;
        let slot = group.slot_mut(section)?;
        let version = SectionVersion {
            ck,
            sk: &slot.sk,
            epoch,
            revision,
            schema_version: live.schema.version(),
            previous: slot.digest,
        };
        let place = seal::Place { vault: &self.id, record, record_type, section };
        let sealed = seal_section(&place, &version, fields, nonces)?;
        slot.digest = sealed.digest;
        row.put_section(section, sealed.bytes);
        Ok(())
    }
}

/// The store key of a section's older revision.
pub(super) fn history_row(sk: &Key, revision: u32) -> Vec<u8> {
    let prf: [u8; 16] = kdf::prf(sk, labels::HISTORY, &[&revision.to_le_bytes()]);
    let mut key = vec![HISTORY_TABLE];
    key.extend_from_slice(&prf);
    key
}

/// The record's name in the log.
pub(super) fn vault_name(group: &Group, id: &RecordId) -> [u8; 16] {
    group.slot(meta::SECTION).map_or([0; 16], |slot| log_name(&slot.sk, id))
}

/// A slot for `vault` and one for each compartment of the type, written or not.
pub(super) fn sections_of(live: &Live, kind: &RecordType) -> Result<BTreeSet<SectionId>> {
    let mut sections = BTreeSet::from([SectionId::fields(VAULT)]);
    sections.insert(SectionId::fields(home_of(live, kind)?));
    for field in &kind.fields {
        sections.insert(SectionId::fields(code_of(live, &field.compartment)?));
    }
    Ok(sections)
}

pub(super) fn remember(writer: &mut Writer, ends: BTreeMap<u128, u64>) {
    writer.ends.extend(ends);
}

pub(super) fn name_compartment(live: &Live, error: Error, record: &RecordId, code: u8) -> Error {
    let compartment = live.schema.compartment_name(code).unwrap_or_default().to_owned();
    error.or_at(|| Place::Section { record: *record, compartment })
}
