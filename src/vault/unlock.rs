//! Sessions that began, and tries that failed, as far as anybody noted.
//!
//! Who fails to unlock has no key, so a failed try cannot be sealed or signed. It is noted in a
//! small file in the vault's folder, and the next session that begins puts the number into its
//! own leaf. Whoever can write the folder can delete the file: it tells of clumsy hands, not of
//! thieves.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::audit::Act;
use crate::error::Result;
use crate::vault::{Notice, Vault};

/// One byte for each try.
const FAILED: &str = "unlocks.failed";
/// Most tries that are counted.
const MOST: u32 = 4096;

/// Notes in a vault's folder that somebody failed to unlock it: an identity's passphrase was
/// wrong, say. The next session that begins logs how many did.
///
/// A failure to note it is no error: nothing depends on it.
pub fn note_failed_unlock(vault: impl AsRef<Path>) {
    let file = path_in(vault.as_ref());
    if file.parent().is_some_and(|folder| folder.join("amparo.vault").is_file()) {
        // Something that was planted: a link to another file, a pipe that would wait.
        if fs::symlink_metadata(&file).is_ok_and(|meta| !meta.is_file()) {
            return;
        }
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(&file);
        if let Ok(mut opened) = opened
            && is_plain(&opened, &file)
            && failed_in(&file) < MOST
        {
            let _ = opened.write_all(b".");
        }
    }
}

/// Whether what was opened is the plain file of this name, and not what a link led to.
fn is_plain(opened: &File, name: &Path) -> bool {
    let (Ok(opened), Ok(named)) = (opened.metadata(), fs::symlink_metadata(name)) else {
        return false;
    };
    named.is_file() && (opened.dev(), opened.ino()) == (named.dev(), named.ino())
}

/// How many tries are noted, in a plain file.
fn failed_in(file: &Path) -> u32 {
    let plain = fs::symlink_metadata(file).ok().filter(fs::Metadata::is_file);
    plain.map_or(0, |meta| u32::try_from(meta.len()).unwrap_or(MOST).min(MOST))
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
