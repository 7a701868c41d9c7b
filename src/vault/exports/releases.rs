//! What could endanger a life leaves only if a second person released it.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::time::Timestamp;
use crate::vault::Vault;
use crate::vault::consents::{bad, only};
use crate::vault::exports::shelf::Found;
use crate::vault::ledger::Entry;
use crate::vault::readings::ReleaseTerms;

impl Vault {
    /// Lets a field that could endanger a life leave for one purpose to one recipient, until a
    /// moment at most 72 hours away. Somebody else than who releases it makes the export.
    ///
    /// # Errors
    ///
    /// `BadValue` for a moment that is not within the hours; `UnknownField`, `UnknownCode`,
    /// `NotFound`; otherwise as [`Vault::review`].
    pub fn release(
        &self,
        record: RecordId,
        field: &str,
        (purpose, to): (&str, RecordId),
        until: Timestamp,
    ) -> Result<RecordId> {
        let schema = self.schema();
        let (persons, (opened, _)) = self.concerned(&schema, record)?;
        let kind = schema.record_type(opened.record_type())?;
        let found = Found::new(kind, kind.field(field)?);
        let field = found.name.clone();
        let opened = self.read_fields(record, &[&field])?;
        let value = opened.field(&field).map(|value| value.to_text()).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the field is empty").at(kind.place(&field))
        })?;
        self.policy()?.purpose(purpose)?;
        self.recipient(to)?;
        let keeper = keeper(&persons, record)?;
        let ids = self.consents(keeper)?.write(|live, _, book| {
            let now = self.now(live).as_second();
            if until.as_second() <= now || until.as_second() > now + RELEASE_HOURS * 3600 {
                return Err(bad("a release ends within 72 hours"));
            }
            let (purpose, recipient) = (purpose.to_owned(), to);
            let value = self.text_digest(live, &found, record, &value)?;
            let terms =
                ReleaseTerms { record, field: field.clone(), value, purpose, recipient, until };
            let signature = self.sign_reading((keeper, &book.last), &terms)?;
            Ok(vec![Entry::Release { terms, signature }])
        })?;
        only(&ids)
    }
}

/// In whose ledger it is kept: of several people, always the same one.
pub(super) fn keeper(persons: &BTreeSet<RecordId>, record: RecordId) -> Result<RecordId> {
    persons.first().copied().ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "nobody's data is in it").at(Place::Record(record))
    })
}

const RELEASE_HOURS: i64 = 72;
