//! Building again what can be built from what is left.

#[cfg(feature = "sled")]
use std::path::Path;

use crate::audit::Act;
use crate::error::{ErrorKind, Result};
use crate::search::{self, POSTING_TABLE};
use crate::vault::check::CheckReport;
use crate::vault::commit::Tx;
use crate::vault::postings::dead_keys;
use crate::vault::{ResealProgress, Vault};

/// Rows in one commit.
const AT_ONCE: usize = 16 << 10;

#[cfg(feature = "sled")]
impl crate::vault::VaultOptions {
    /// Rebuilds the embedded store of a vault from what of it can be read, if anything is
    /// damaged. For a vault that does not open, or whose check found a file of the store
    /// damaged; it must be closed. No key is needed: what comes of it is proved by opening it,
    /// and by [`Vault::check`].
    ///
    /// # Errors
    ///
    /// As [`SledStore::repair`](crate::store::SledStore::repair); as [`Vault::open`] if the
    /// folder is no vault.
    pub fn repair_store(&self, path: impl AsRef<Path>) -> Result<crate::store::StoreRepair> {
        use crate::vault::{backup, folder::Header, open};
        let path = path.as_ref();
        let header = Header::read(path)?;
        backup::ensure_finished(path)?;
        crate::store::SledStore::repair(path.join(open::STORE), header.instance)
    }
}

impl Vault {
    /// Repairs what a check of this session found and can be repaired: rows that belong to
    /// nothing go, and a damaged index is built again from the records, as by
    /// [`Vault::reindex`]. Says whether it did anything; check again to see what is left.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; as [`Vault::reindex`], except that a
    /// record that cannot be read does not keep the others out of the new index.
    pub fn repair(
        &self,
        report: &CheckReport,
        progress: &mut dyn FnMut(ResealProgress),
    ) -> Result<bool> {
        if !report.is_repairable() {
            return Ok(false);
        }
        self.ensure_writable()?;
        self.ensure_administrator()?;
        for rows in report.extra.chunks(AT_ONCE) {
            self.bury(rows)?;
        }
        if report.index {
            match self.reindex(progress) {
                Err(error) if !matches!(error.kind(), ErrorKind::Tampered | ErrorKind::Missing) => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// Removes rows. A posting becomes noise instead: others may stand behind it.
    fn bury(&self, rows: &[Vec<u8>]) -> Result<()> {
        let mut writer = self.writer();
        let live = self.live();
        let (dead, _) = dead_keys(&live)?;
        let mut tx = Tx::begin(self, &live);
        tx.edit.touch()?;
        for row in rows {
            match row.split_first() {
                Some((&POSTING_TABLE, key)) if key.len() == 16 => {
                    let key = key.try_into().unwrap_or_default();
                    tx.batch.put(row.clone(), search::dead(&dead, &key)?);
                }
                _ => {
                    tx.batch.remove(row.clone());
                }
            }
        }
        let ready = self.ready(&live, tx, Act::Resealed)?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(&mut writer, rows.len());
        Ok(())
    }
}
