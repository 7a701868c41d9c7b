//! A newer schema: the vault keeps it as a record of its own, in slot 0.

use crate::audit::Act;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::Schema;
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
        let ready =
            self.replace_document(&live, SCHEMA_SLOT, schema.source(), Act::SchemaChanged)?;
        drop(live);
        self.commit(ready, |live| live.schema = schema.clone())?;
        self.after_commit(&mut writer, 1);
        Ok(())
    }
}
