//! Who may receive data: a list of the vault's own.

use crate::audit::Act;
use crate::consent::{Recipient, RecipientEntry, RecipientKind, RecipientRef};
use crate::crypto::envelope;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::record::RecordDraft;
use crate::schema::own::{ENTRY, RECIPIENT};
use crate::vault::{Live, Vault};

/// Longest name of a recipient or organisation, in bytes.
const MAX_NAME: usize = 256;

impl Vault {
    /// Adds somebody to the list of recipients.
    ///
    /// # Errors
    ///
    /// `Exists` if the name is taken; `BadValue` for an empty or overlong name or what is no age
    /// recipient; `UnknownType` if the schema has no type that is about people;
    /// `NoCompartment` if this role does not hold that type's home.
    pub fn add_recipient(&self, entry: &RecipientEntry) -> Result<RecordId> {
        self.ensure_writable()?;
        let named = |text: &str| {
            (1..=MAX_NAME).contains(&text.trim().len()) && !text.chars().any(char::is_control)
        };
        if !named(&entry.name) || !entry.organisation.as_deref().is_none_or(named) {
            return Err(Error::new(ErrorKind::BadValue, "a name is empty or too long"));
        }
        envelope::parse_recipient(&entry.age_recipient)?;
        let mut writer = self.writer();
        if self.recipients()?.iter().any(|(_, known)| known.name == entry.name) {
            return Err(Error::new(ErrorKind::Exists, "a recipient of this name exists"));
        }
        let text = serde_json::to_string(entry)
            .map_err(|_| Error::new(ErrorKind::Internal, "a recipient did not encode"))?;
        let ids = self.add_stored(
            &mut writer,
            vec![RecordDraft::new(RECIPIENT).set(ENTRY, text)],
            Act::Added,
        )?;
        ids.first().copied().ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was added"))
    }

    /// The recipients, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `UnknownType` if the schema has no type that is about people.
    pub fn recipients(&self) -> Result<Vec<(RecordId, RecipientEntry)>> {
        self.ensure_alive()?;
        let live = self.live();
        let ids = self.list_stored(&live, RECIPIENT, None, usize::MAX)?;
        ids.into_iter().map(|id| Ok((id, self.recipient_at(&live, id)?))).collect()
    }

    /// The recipient of this id.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `NotFound` also for a record that is no recipient.
    pub fn recipient(&self, id: RecordId) -> Result<RecipientEntry> {
        self.ensure_alive()?;
        self.recipient_at(&self.live(), id)
    }

    pub(super) fn recipient_at(&self, live: &Live, id: RecordId) -> Result<RecipientEntry> {
        let place = || Place::Record(id);
        let loaded = self.load_record(live, &id)?;
        if self.meta(live, &loaded)?.record_type != RECIPIENT {
            return Err(Error::new(ErrorKind::NotFound, "this record is no recipient").at(place()));
        }
        let text = self.entry_text(live, &loaded)?;
        serde_json::from_str(text.expose())
            .map_err(|_| Error::new(ErrorKind::Tampered, "a recipient cannot be read").at(place()))
    }

    /// The recipient that a reference names, as a decision sees them.
    ///
    /// # Errors
    ///
    /// As [`Vault::recipient`].
    pub fn resolve(&self, named: &RecipientRef) -> Result<Recipient> {
        let of_kind = Recipient::of_kind;
        Ok(match named {
            RecipientRef::Recipient(id) => {
                let entry = self.recipient(*id)?;
                Recipient { id: Some(*id), organisation: entry.organisation, ..of_kind(entry.kind) }
            }
            RecipientRef::Organisation(name) => {
                Recipient { organisation: Some(name.clone()), ..of_kind(RecipientKind::Other) }
            }
            RecipientRef::Kind(kind) => of_kind(*kind),
            RecipientRef::Team(role) => {
                Recipient { team: Some(role.clone()), ..of_kind(RecipientKind::Team) }
            }
        })
    }
}
