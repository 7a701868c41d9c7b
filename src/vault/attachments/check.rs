//! Attached files held against the records that name them.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::AttachmentId;
use crate::seal::file::{StoredFile, of_reading};
use crate::seal::pump::pump;
use crate::vault::attachments::Files;
use crate::vault::{Live, Vault};

impl Vault {
    /// Reads every file: those that this session opens are what was signed, the others what was
    /// written. A file that nothing names is told too. Gives how many were read.
    pub(in crate::vault) fn check_files(
        &self,
        live: &Live,
        find: &mut dyn FnMut(Error),
    ) -> Result<u64> {
        let named = self.named_files(live, &mut Err)?;
        for (record, stored) in named.values() {
            let checked = self.check_file(live, AttachmentId::of(record), stored);
            if let Err(error) = checked {
                find(error.or_at(|| Place::File(stored.name.to_string())));
            }
        }
        for found in Files::of(&self.folder).list()? {
            if found.name.is_none_or(|name| !named.contains_key(&name)) {
                let what = "a file that no record names";
                find(Error::new(ErrorKind::Tampered, what).at(Place::File(found.path)));
            }
        }
        Ok(named.len() as u64)
    }

    fn check_file(&self, live: &Live, id: AttachmentId, stored: &StoredFile) -> Result<()> {
        let facts = match self.chain(live, id) {
            Ok(chain) => chain.facts,
            // Another role's: the file is what was written, at least.
            Err(error) if error.kind() == ErrorKind::NoCompartment => {
                return stored.verify(Files::of(&self.folder).open(&stored.name)?);
            }
            Err(error) => return Err(error),
        };
        let mut file = self.open_file(live, &self.load_file(live, id)?, &facts)?;
        let digests = pump(&mut file, of_reading, |_| Ok(()))?;
        file.finish()?;
        let whole = digests.bytes == facts.bytes
            && digests.sha256 == facts.sha256.0
            && digests.blake3 == facts.blake3.0;
        if whole {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Tampered, "an attached file is not what was signed"))
    }
}
