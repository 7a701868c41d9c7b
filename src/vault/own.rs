//! The vault's own documents: the schema and the policies, each a record of its own in a slot
//! that nothing else can take.

use crate::audit::{Act, Change, compartment_bit};
use crate::crypto::aead::Nonces;
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::vault::commit::{Ready, RecordEntry, Tx};
use crate::vault::read::Loaded;
use crate::vault::write::vault_name;
use crate::vault::{Live, Vault, meta};

impl Vault {
    /// A record of the vault itself, proved to be the newest.
    pub(super) fn load_own(&self, live: &Live, slot: u64) -> Result<Loaded> {
        let entry = live.tree.lookup(self.store.as_ref(), slot)?.ok_or_else(|| {
            Error::new(ErrorKind::Missing, "a record of the vault itself is missing")
        })?;
        self.load(live, &RecordId::from_slot(slot, entry.tail))
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
        let id = loaded.id;
        let mut particulars = self.particulars(live, &loaded)?;
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
        let name = vault_name(&group, &id);
        let compartments = compartment_bit(VAULT);
        tx.changes.push(Change { slot, name, digest, revision, compartments, links: 0 });
        self.ready(live, tx, act)
    }
}
