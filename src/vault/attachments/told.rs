//! What the readers of the log are told of a hand-over.

use crate::audit::AuditHandOver;
use crate::error::Result;
use crate::id::RecordId;
use crate::vault::attachments::statement::About;
use crate::vault::{Live, Vault};

impl Vault {
    /// What a link of a chain says by itself; nothing of the first, which hands on nothing.
    /// Whether it stands in its place is for [`Vault::attachment`] to prove.
    pub(in crate::vault) fn hand_over_at(
        &self,
        live: &Live,
        id: &RecordId,
    ) -> Result<Option<AuditHandOver>> {
        let loaded = self.recent_record(live, id)?;
        let (_, link) = self.entry_of_file(live, &loaded)?;
        link.verify()?;
        let About::HandedOver(said) = link.statement.about else { return Ok(None) };
        let kind = live.schema.stored_type(&self.meta(live, &loaded)?.record_type)?;
        Ok(Some(AuditHandOver {
            file: self.parent(live, &loaded, kind)?,
            from: said.from,
            to: said.to,
            when: said.when,
            why: said.why,
        }))
    }
}
