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
        let known = match fs::symlink_metadata(&file) {
            Ok(meta) if meta.is_file() => meta.len(),
            // Something that was planted: a link to another file, a pipe that would wait.
            Ok(_) => return,
            Err(_) => 0,
        };
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(file);
        if let (Ok(mut file), true) = (file, known < MOST) {
            let _ = file.write_all(b".");
        }
    }
}

/// How many tries are noted, in a plain file.
fn failed_in(file: &Path) -> u32 {
    let plain = fs::symlink_metadata(file).ok().filter(fs::Metadata::is_file);
    plain.map_or(0, |meta| u32::try_from(meta.len().min(MOST)).unwrap_or(u32::MAX))
}

impl Vault {
    /// Logs that this session began.
    pub(super) fn log_unlock(&self) -> Result<()> {
        let file = path_in(&self.folder);
        let failed = failed_in(&file);
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
