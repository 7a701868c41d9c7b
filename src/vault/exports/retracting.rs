//! What was approved or released is taken back.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{AttachmentId, RecordId};
use crate::schema::RecordType;
use crate::vault::Vault;
use crate::vault::consents::only;
use crate::vault::exports::releases::keeper;
use crate::vault::ledger::Entry;
use crate::vault::readings::{RetractTerms, Retracted};

impl Vault {
    /// Takes back every approval and release of a field, whoever gave it: the field stays until
    /// somebody reads or releases it anew. What has left is not called back by this.
    ///
    /// # Errors
    ///
    /// `NotFound` if nothing of the field stands approved or released; `UnknownField`; otherwise
    /// as [`Vault::review`].
    pub fn retract_review(&self, record: RecordId, field: &str) -> Result<RecordId> {
        self.retract(record, |kind| {
            let field = field.strip_prefix(&format!("{}.", kind.name)).unwrap_or(field);
            Ok(Retracted::Field(kind.field(field)?.name.clone()))
        })
    }

    /// Takes back every approval of an attached file, whoever gave it.
    ///
    /// # Errors
    ///
    /// `NotFound` if nobody's approval of it stands; otherwise as [`Vault::attachment`].
    pub fn retract_file_review(&self, file: AttachmentId) -> Result<RecordId> {
        let record = self.attachment(file)?.record;
        self.retract(record, |_| Ok(Retracted::File(file)))
    }

    fn retract(
        &self,
        record: RecordId,
        of: impl FnOnce(&RecordType) -> Result<Retracted>,
    ) -> Result<RecordId> {
        let schema = self.schema();
        let (persons, (opened, _)) = self.concerned(&schema, record)?;
        let terms = RetractTerms { record, of: of(schema.record_type(opened.record_type())?)? };
        let keeper = keeper(&persons, record)?;
        let ids = self.consents(keeper)?.write(|_, _, book| {
            if !book.readings.has(&terms) {
                let what = "nothing of it stands approved or released";
                return Err(Error::new(ErrorKind::NotFound, what).at(Place::Record(record)));
            }
            let signature = self.sign_reading((keeper, &book.last), &terms)?;
            Ok(vec![Entry::Retraction { terms: terms.clone(), signature }])
        })?;
        only(&ids)
    }
}
