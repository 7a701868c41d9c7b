//! The vault's own documents: the schema, the policies, the known backups, each a record of its
//! own in a slot that nothing else can take.

use crate::audit::{Act, Change, compartment_bit};
use crate::crypto::aead::Nonces;
use crate::crypto::random;
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::keys::tree::{Entry, fresh_key};
use crate::seal::{Group, SealedRecord};
use crate::vault::commit::{Ready, RecordEntry, Tx};
use crate::vault::meta::{Meta, Particulars};
use crate::vault::read::Loaded;
use crate::vault::write::vault_name;
use crate::vault::{Live, Vault, meta};

impl Vault {
    /// A record of the vault itself, proved to be the newest.
    pub(super) fn load_own(&self, live: &Live, slot: u64) -> Result<Loaded> {
        self.find_own(live, slot)?.ok_or_else(|| {
            Error::new(ErrorKind::Missing, "a record of the vault itself is missing")
        })
    }

    fn find_own(&self, live: &Live, slot: u64) -> Result<Option<Loaded>> {
        let entry = live.tree.lookup(self.store.as_ref(), slot)?;
        let load = |entry: Entry| self.load(live, &RecordId::from_slot(slot, entry.tail));
        entry.map(load).transpose()
    }

    /// The document in a slot that may still be empty.
    pub(super) fn find_document(&self, live: &Live, slot: u64) -> Result<Option<String>> {
        let Some(loaded) = self.find_own(live, slot)? else { return Ok(None) };
        meta::read_document(&self.vault_section(live, &loaded)?).map(Some)
    }

    /// The document in a slot.
    pub(super) fn document(&self, live: &Live, slot: u64) -> Result<String> {
        let loaded = self.load_own(live, slot)?;
        meta::read_document(&self.vault_section(live, &loaded)?)
    }

    /// Replaces the document in a slot, up to the commit.
    pub(super) fn replace_document(
        &self,
        live: &Live,
        slot: u64,
        document: &str,
        act: Act,
    ) -> Result<Ready> {
        let loaded = self.load_own(live, slot)?;
        let particulars = self.particulars(live, &loaded)?;
        self.write_document(live, (loaded, particulars), document, act)
    }

    /// As [`Self::replace_document`], for a slot that may still be empty.
    pub(super) fn put_document(
        &self,
        live: &Live,
        (slot, record_type): (u64, &str),
        document: &str,
        act: Act,
    ) -> Result<Ready> {
        if self.find_own(live, slot)?.is_some() {
            return self.replace_document(live, slot, document, act);
        }
        let id = RecordId::from_slot(slot, random()?);
        let entry = Entry { tail: id.tail(), key: fresh_key()?, digest: [0; 32] };
        let group = Group::generate([meta::SECTION])?;
        let loaded = Loaded { id, entry, row: SealedRecord::default(), group, proved: None };
        let record_type = record_type.to_owned();
        let meta = Meta { record_type, revision: 0, changed: 0, by: [0; 8] };
        let (sealed, _) = live.ring.newest(VAULT)?;
        let particulars = Particulars::new(meta, Vec::new(), sealed);
        self.write_document(live, (loaded, particulars), document, act)
    }

    fn write_document(
        &self,
        live: &Live,
        (loaded, mut particulars): (Loaded, Particulars),
        document: &str,
        act: Act,
    ) -> Result<Ready> {
        let id = loaded.id;
        particulars.meta.revision += 1;
        particulars.meta.changed = self.now(live).as_second();
        particulars.meta.by = *self.member.as_bytes();
        let revision = particulars.meta.revision;
        let mut fields = particulars.fields()?;
        fields.extend(meta::document_fields(document)?);
        let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
        let mut nonces = Nonces::draw(1)?;
        let section = (&id, "", meta::SECTION);
        self.seal_into(live, &mut row, &mut group, section, revision, fields, &mut nonces)?;
        let mut tx = Tx::begin(self, live);
        let digest = tx.put_record(self, &id, &mut row, &group, RecordEntry::Known)?;
        let (slot, name) = (id.slot(), vault_name(&group, &id));
        let compartments = compartment_bit(VAULT);
        tx.changes.push(Change { slot, name, digest, revision, compartments, links: 0 });
        self.ready(live, tx, act)
    }
}
