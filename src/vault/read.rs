//! Reading: the key tree proves key, existence and newness; then fields open one by one.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::audit::Seen;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::keys::tree::Entry;
use crate::record::{FieldValue, Record};
use crate::schema::{Field, Kind, RecordType};
use crate::seal::{self, Group, GroupSlot, OpenSection, SealedRecord, SectionId, head_digest};
use crate::vault::meta::{self, BYTES, Meta, PARENT, Particulars};
use crate::vault::recent::ProvedRecord;
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault, record_row};

/// A row whose group the key tree vouches for.
#[derive(Clone)]
pub(super) struct Loaded {
    pub(super) id: RecordId,
    pub(super) entry: Entry,
    pub(super) row: SealedRecord,
    pub(super) group: Group,
    /// What was proved of this very row before, if it is kept.
    pub(super) proved: Option<Arc<ProvedRecord>>,
}

impl Loaded {
    /// A section, proved to be the newest: `None` if nothing was ever written there.
    pub(super) fn section(&self, id: SectionId) -> Result<Option<(&[u8], &GroupSlot)>> {
        let place = || self.place(id.compartment);
        let Some(slot) = self.group.slot(id) else {
            return match self.row.section(id) {
                Some(_) => Err(tampered("a section that the key tree does not know").at(place())),
                None => Ok(None),
            };
        };
        let written = slot.digest != [0; 32];
        match self.row.section(id) {
            None if written => {
                Err(Error::new(ErrorKind::Missing, "a section is missing").at(place()))
            }
            None => Ok(None),
            Some(bytes) => {
                let digest = head_digest(bytes).map_err(|error| error.or_at(place))?;
                if written && digest == slot.digest {
                    Ok(Some((bytes, slot)))
                } else {
                    Err(tampered("a section is not the newest").at(place()))
                }
            }
        }
    }

    pub(super) fn place(&self, compartment: u8) -> Place {
        Place::Section { record: self.id, compartment: format!("compartment {compartment}") }
    }
}

impl Vault {
    /// Reads a record: every field that this session's keys open.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Tampered`, `RolledBack` or `Missing` if what is stored is not what was
    /// written last; where the policy has each read logged before it is shown, also those of a
    /// write, and `ReadOnly`.
    pub fn read(&self, id: RecordId) -> Result<Record> {
        let (record, seen) = self.look_at(id, None)?;
        self.saw([seen])?;
        Ok(record)
    }

    /// Reads some fields of a record; the others stay sealed.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `UnknownField`; `NoCompartment` for a field that this role cannot
    /// open.
    pub fn read_fields(&self, id: RecordId, fields: &[&str]) -> Result<Record> {
        let (record, seen) = self.look_at(id, Some(fields))?;
        self.saw([seen])?;
        Ok(record)
    }

    /// Opens a record for the vault's own use: what comes of it is logged if it is shown.
    pub(super) fn look_at(&self, id: RecordId, fields: Option<&[&str]>) -> Result<(Record, Seen)> {
        self.ensure_alive()?;
        let live = self.live();
        let loaded = self.recent_record(&live, &id)?;
        let record = self.or_forget(self.open_record(&live, &loaded, fields))?;
        let seen = self.seen_of(&live, &loaded, record.record_type(), fields)?;
        Ok((record, seen))
    }

    /// Reads a record into a struct whose fields have the names of the schema's.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `BadValue` if a field does not fit the struct.
    pub fn read_as<T: DeserializeOwned>(&self, id: RecordId) -> Result<T> {
        crate::record::typed::from_record(&self.read(id)?)
    }

    /// A record of the vault's users; its own slots are not found here.
    pub(super) fn load_record(&self, live: &Live, id: &RecordId) -> Result<Loaded> {
        if id.slot() < FIRST_RECORD_SLOT {
            return Err(not_found(id));
        }
        self.load(live, id)
    }

    /// As [`Self::load_record`], and keeps the record for the next read.
    pub(super) fn recent_record(&self, live: &Live, id: &RecordId) -> Result<Arc<Loaded>> {
        if id.slot() < FIRST_RECORD_SLOT {
            return Err(not_found(id));
        }
        let tree = &live.tree.root().digest;
        match self.recent.get(id, tree, || self.entry(live, id))? {
            Ok(kept) => Ok(kept),
            Err(entry) => Ok(self.recent.put(self.load_at(id, entry)?, tree)),
        }
    }

    /// What was kept of a row that turned out damaged must not outlive the damage.
    pub(super) fn or_forget<T>(&self, read: Result<T>) -> Result<T> {
        read.inspect_err(|error| {
            if matches!(error.kind(), ErrorKind::Tampered | ErrorKind::Missing) {
                self.recent.forget();
            }
        })
    }

    /// Walks the key tree to the record, reads its row, and opens its group.
    pub(super) fn load(&self, live: &Live, id: &RecordId) -> Result<Loaded> {
        self.load_at(id, self.entry(live, id)?)
    }

    fn entry(&self, live: &Live, id: &RecordId) -> Result<Entry> {
        let entry = live.tree.lookup(self.store.as_ref(), id.slot())?;
        let entry =
            entry.filter(|entry| entry.tail == id.tail() && id.as_bytes().first() == Some(&0));
        entry.ok_or_else(|| not_found(id))
    }

    fn load_at(&self, id: &RecordId, entry: Entry) -> Result<Loaded> {
        let place = || Place::Record(*id);
        let bytes = self.store.get(&record_row(id))?.ok_or_else(|| {
            Error::new(ErrorKind::Missing, "a record's row is missing").at(place())
        })?;
        let row = SealedRecord::parse(&bytes).map_err(|error| error.or_at(place))?;
        if crate::keys::tree::node_digest(&row.group) != entry.digest {
            return Err(tampered("a record is not the newest").at(place()));
        }
        let group = Group::open(&self.id, id, &entry.key, &row.group)
            .map_err(|error| error.or_at(place))?;
        Ok(Loaded { id: *id, entry, row, group, proved: None })
    }

    /// Opens a section if this session holds its compartment.
    pub(super) fn open_section<'a>(
        &'a self,
        live: &Live,
        loaded: &'a Loaded,
        record_type: &'a str,
        id: SectionId,
    ) -> Result<Option<OpenSection<'a>>> {
        let place = seal::Place { vault: &self.id, record: &loaded.id, record_type, section: id };
        let misplaced = |error: Error| error.or_at(|| loaded.place(id.compartment));
        if let Some(proved) = loaded.proved.as_ref().and_then(|proved| proved.section(id)) {
            live.ring.get(id.compartment, proved.epoch())?;
            let bytes = loaded.row.section(id).unwrap_or_default();
            return OpenSection::again(place, bytes, proved).map_err(misplaced).map(Some);
        }
        let Some((bytes, slot)) = loaded.section(id)? else { return Ok(None) };
        let section = open_at(live, place, bytes, slot).map_err(misplaced)?;
        if let Some(proved) = &loaded.proved {
            proved.keep(id, section.proved());
        }
        Ok(Some(section))
    }

    pub(super) fn vault_section<'a>(
        &'a self,
        live: &Live,
        loaded: &'a Loaded,
    ) -> Result<OpenSection<'a>> {
        self.open_section(live, loaded, "", meta::SECTION)?.ok_or_else(|| {
            Error::new(ErrorKind::Missing, "a record's particulars are missing")
                .at(Place::Record(loaded.id))
        })
    }

    pub(super) fn meta(&self, live: &Live, loaded: &Loaded) -> Result<Meta> {
        let kept = loaded.proved.as_ref().map(|proved| &proved.meta);
        if let Some(meta) = kept.and_then(|meta| meta.get()) {
            return Ok(meta.clone());
        }
        let meta = meta::read_meta(&self.vault_section(live, loaded)?)?;
        if let Some(kept) = kept {
            let _ = kept.set(meta.clone());
        }
        Ok(meta)
    }

    pub(super) fn particulars(&self, live: &Live, loaded: &Loaded) -> Result<Particulars> {
        Particulars::read(&self.vault_section(live, loaded)?)
    }

    /// The parent, if this session opens the home compartment.
    pub(super) fn parent(
        &self,
        live: &Live,
        loaded: &Loaded,
        kind: &RecordType,
    ) -> Result<Option<RecordId>> {
        let home = home_of(live, kind)?;
        if kind.parent.is_none() || !live.ring.holds(home) {
            return Ok(None);
        }
        let section = self.open_section(live, loaded, &kind.name, SectionId::fields(home))?;
        section.map_or(Ok(None), |section| read_parent(&section))
    }

    pub(super) fn open_record(
        &self,
        live: &Live,
        loaded: &Loaded,
        only: Option<&[&str]>,
    ) -> Result<Record> {
        let meta = self.meta(live, loaded)?;
        let kind = live.schema.stored_type(&meta.record_type)?;
        let home = home_of(live, kind)?;
        let wanted = wanted(live, kind, only)?;
        let mut fields = BTreeMap::new();
        let mut sealed = BTreeMap::new();
        let mut parent = None;
        for slot in &loaded.group.slots {
            let (compartment, part) = (slot.section.compartment, slot.section.part);
            let mut needed = wanted.iter().filter(|(code, _)| *code == compartment).peekable();
            if compartment == VAULT || part != 0 || (only.is_some() && needed.peek().is_none()) {
                continue;
            }
            if !live.ring.holds(compartment) {
                if let Some((bytes, _)) = loaded.section(slot.section)? {
                    let links = usize::from(compartment == home && kind.parent.is_some());
                    let (head, ..) = seal::SectionHead::parse(bytes)?;
                    let name = live.schema.compartment_name(compartment).unwrap_or_default();
                    sealed.insert(name.to_owned(), head.fields.len().saturating_sub(links));
                }
                continue;
            }
            let Some(section) = self.open_section(live, loaded, &kind.name, slot.section)? else {
                continue;
            };
            if compartment == home && kind.parent.is_some() {
                parent = read_parent(&section)?;
            }
            for (_, field) in needed {
                let code = stored_code(field.kind);
                let value = section.field(&field.name, code);
                let value = value.map_err(|e| e.or_at(|| loaded.place(compartment)))?;
                if let Some(value) = value {
                    fields.insert(field.name.clone(), FieldValue::decode(code, &value)?);
                }
            }
        }
        sealed.retain(|_, count| *count > 0);
        Ok(Record::new(loaded.id, meta.record_type, meta.revision, parent, fields, sealed))
    }
}

/// The fields to open, each with the number of its compartment: those that are named, which the
/// role must be able to open, or all.
fn wanted<'a>(
    live: &Live,
    kind: &'a RecordType,
    only: Option<&[&str]>,
) -> Result<Vec<(u8, &'a Field)>> {
    let Some(names) = only else {
        let all = kind.fields.iter();
        return all.map(|field| Ok((code_of(live, &field.compartment)?, field))).collect();
    };
    let named = names.iter().map(|name| {
        let field = kind.field(name)?;
        let code = code_of(live, &field.compartment)?;
        if live.ring.holds(code) {
            return Ok((code, field));
        }
        Err(Error::new(ErrorKind::NoCompartment, "this role does not open the field")
            .at(kind.place(&field.name)))
    });
    named.collect()
}

/// Opens a section at a place, under the key of the epoch that its head names.
pub(super) fn open_at<'a>(
    live: &Live,
    place: seal::Place<'a>,
    bytes: &'a [u8],
    slot: &GroupSlot,
) -> Result<OpenSection<'a>> {
    let (head, ..) = seal::SectionHead::parse(bytes)?;
    let ck = live.ring.get(place.section.compartment, head.epoch)?;
    OpenSection::open(place, bytes, ck, &slot.sk)
}

pub(super) fn read_parent(section: &OpenSection<'_>) -> Result<Option<RecordId>> {
    let Some(bytes) = section.field(PARENT, BYTES)? else { return Ok(None) };
    let id: [u8; 16] =
        bytes.as_slice().try_into().map_err(|_| tampered("a link to a parent cannot be read"))?;
    Ok(Some(RecordId::from_bytes(id)))
}

/// The compartment's number; the schema was checked, so it is there.
pub(super) fn code_of(live: &Live, compartment: &str) -> Result<u8> {
    live.schema
        .compartment_code(compartment)
        .ok_or_else(|| Error::new(ErrorKind::Internal, "a compartment without a number"))
}

pub(super) fn home_of(live: &Live, kind: &RecordType) -> Result<u8> {
    code_of(live, &kind.home)
}

/// The number under which values of a kind are stored (`docs/format.md`).
pub(super) const fn stored_code(kind: Kind) -> u8 {
    match kind {
        Kind::Text | Kind::Phone => 1,
        Kind::LongText => 2,
        Kind::Date => 3,
        Kind::DateTime => 4,
        Kind::Integer => 5,
        Kind::Decimal => 6,
        Kind::Boolean => 7,
        Kind::Code | Kind::Country => 8,
        Kind::TextList => 9,
        Kind::CodeList => 10,
        Kind::Attachment => 11,
        Kind::Place => 12,
        Kind::PlaceList => 13,
    }
}

pub(super) fn not_found(id: &RecordId) -> Error {
    Error::new(ErrorKind::NotFound, "no such record").at(Place::Record(*id))
}

fn tampered(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}
