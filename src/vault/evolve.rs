//! A newer schema: the vault keeps it as a record of its own, in slot 0.

use crate::audit::{Act, Change, compartment_bit};
use crate::crypto::aead::Nonces;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::schema::Schema;
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::meta;
use crate::vault::write::vault_name;
use crate::vault::{SCHEMA_SLOT, Vault};

impl Vault {
    /// Puts a newer schema in force. Records written before stay as they are.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `BadSchemaChange` for what
    /// [`Schema::check_evolution_from`] refuses, and for compartments or roles other than today's:
    /// those are the roster's.
    pub fn update_schema(&self, schema: &Schema) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let mut writer = self.writer();
        let live = self.live();
        schema.check_evolution_from(&live.schema)?;
        let names = |schema: &Schema| -> Vec<String> {
            schema.compartments().iter().map(|compartment| compartment.name.clone()).collect()
        };
        let roles = schema.roles().iter().all(|role| live.roster.body.role(&role.name).is_some());
        if names(schema) != names(&live.schema) || !roles {
            return Err(Error::new(
                ErrorKind::BadSchemaChange,
                "compartments and roles are the roster's",
            )
            .at(Place::Schema(schema.name().to_owned())));
        }
        let entry = live
            .tree
            .lookup(self.store.as_ref(), SCHEMA_SLOT)?
            .ok_or_else(|| Error::new(ErrorKind::Missing, "the schema's record is missing"))?;
        let id = RecordId::from_slot(SCHEMA_SLOT, entry.tail);
        let loaded = self.load(&live, &id)?;
        let mut particulars = self.particulars(&live, &loaded)?;
        particulars.meta.revision += 1;
        particulars.meta.changed = self.now(&live).as_second();
        particulars.meta.by = *self.member.as_bytes();
        let revision = particulars.meta.revision;
        let mut fields = particulars.fields()?;
        fields.extend(meta::schema_fields(schema.source()));
        let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
        let mut nonces = Nonces::draw(1)?;
        let section = (&id, "", meta::SECTION);
        self.seal_into(&live, &mut row, &mut group, section, revision, fields, &mut nonces)?;
        let mut tx = Tx::begin(self, &live);
        let digest =
            tx.put_record(self, &id, &mut row, &group, RecordEntry::Known(loaded.entry))?;
        let name = vault_name(&group, &id);
        let compartments = compartment_bit(VAULT);
        tx.changes.push(Change { slot: id.slot(), name, digest, revision, compartments, links: 0 });
        let ready = self.ready(&live, tx, Act::SchemaChanged)?;
        drop(live);
        self.commit(ready, |live| live.schema = schema.clone())?;
        self.after_commit(&mut writer, 1);
        Ok(())
    }
}
