//! Pins: what this user saw of a vault, kept outside it, as ssh keeps host keys.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::VaultId;
use crate::keys::anchor::replace_file;

/// What was seen of a vault when it was last opened or closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    pub(crate) vault: String,
    pub(crate) fingerprint: String,
    pub(crate) roster_version: u64,
    pub(crate) roster_hash: String,
    pub(crate) erase_epoch: u64,
    pub(crate) log_size: u64,
    pub(crate) log_root: String,
    /// Where the anchor was, so that a moved one is found.
    pub(crate) anchor: String,
}

/// Where pins are kept. An embedder passes its own place; without one nothing is pinned.
pub trait PinStore: Send + Sync {
    /// The pin of a vault, if it was seen before.
    ///
    /// # Errors
    ///
    /// `Io` if a pin is there and cannot be read.
    fn load(&self, vault: &VaultId) -> Result<Option<Pin>>;

    /// Keeps a pin, replacing an older one.
    ///
    /// # Errors
    ///
    /// `Io` or `DiskFull`.
    fn save(&self, vault: &VaultId, pin: &Pin) -> Result<()>;
}

/// Pins as small TOML files in a folder, one a vault, 0600.
#[derive(Clone, Debug)]
pub struct FilePins {
    folder: PathBuf,
}

impl FilePins {
    /// Pins in this folder, which is made when the first pin is kept.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, vault: &VaultId) -> PathBuf {
        self.folder.join(format!("{vault}.toml"))
    }
}

impl PinStore for FilePins {
    fn load(&self, vault: &VaultId) -> Result<Option<Pin>> {
        let bad = || {
            Error::new(ErrorKind::UnknownFingerprint, "the pin of this vault is damaged")
                .at(Place::File(format!("{vault}.toml")))
        };
        match fs::read_to_string(self.path(vault)) {
            Ok(text) if text.len() < 4096 => toml::from_str(&text).map(Some).map_err(|_| bad()),
            Ok(_) => Err(bad()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(error)),
        }
    }

    fn save(&self, vault: &VaultId, pin: &Pin) -> Result<()> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .map_err(Error::io)?;
        let quoted = |text: &str| {
            text.chars()
                .map(|c| if c == '"' || c == '\\' || c.is_control() { '_' } else { c })
                .collect::<String>()
        };
        let text = format!(
            "vault = \"{}\"\nfingerprint = \"{}\"\nroster_version = {}\nroster_hash = \"{}\"\n\
             erase_epoch = {}\nlog_size = {}\nlog_root = \"{}\"\nanchor = \"{}\"\n",
            pin.vault,
            pin.fingerprint,
            pin.roster_version,
            pin.roster_hash,
            pin.erase_epoch,
            pin.log_size,
            pin.log_root,
            quoted(&pin.anchor),
        );
        replace_file(&self.path(vault), text.as_bytes())
    }
}
