//! Sessions that began, and tries that failed, as far as anybody noted.
//!
//! Who fails to unlock has no key, so a failed try cannot be sealed or signed. It is noted in a
//! small file in the vault's folder, and the next session that begins puts the number into its
//! own leaf. Whoever can write the folder can delete the file: it tells of clumsy hands, not of
//! thieves.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::audit::Act;
use crate::error::Result;
use crate::vault::{Notice, Vault};

/// One byte for each try.
const FAILED: &str = "unlocks.failed";
/// Most tries that are counted.
const MOST: u64 = 4096;

/// Notes in a vault's folder that somebody failed to unlock it: an identity's passphrase was
/// wrong, say. The next session that begins logs how many did.
///
/// A failure to note it is no error: nothing depends on it.
pub fn note_failed_unlock(vault: impl AsRef<Path>) {
    let file = path_in(vault.as_ref());
    if file.parent().is_some_and(|folder| folder.join("amparo.vault").is_file()) {
        let known = fs::metadata(&file).map_or(0, |meta| meta.len());
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(file);
        if let (Ok(mut file), true) = (file, known < MOST) {
            let _ = file.write_all(b".");
        }
    }
}

impl Vault {
    /// Logs that this session began.
    pub(super) fn log_unlock(&self) -> Result<()> {
        let file = path_in(&self.folder);
        let failed = fs::metadata(&file).map_or(0, |meta| meta.len().min(MOST));
        let failed = u32::try_from(failed).unwrap_or(u32::MAX);
        if failed > 0 {
            self.note(Notice::UnlocksFailed);
        }
        self.log(&mut self.writer(), Act::Unlocked(failed))?;
        if failed > 0 {
            let _ = fs::remove_file(file);
        }
        Ok(())
    }
}

fn path_in(vault: &Path) -> PathBuf {
    vault.join(FAILED)
}
