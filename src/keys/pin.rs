//! Pins: what this user saw of a vault, kept outside it, as ssh keeps host keys.

use std::fs;
use std::io::Read;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::VaultId;
use crate::keys::durable::refresh_file;

/// What was seen of a vault when it was last opened or closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    pub(crate) vault: String,
    pub(crate) fingerprint: String,
    pub(crate) roster_version: u64,
    pub(crate) roster_hash: String,
    pub(crate) erase_epoch: u64,
    /// The log when it was last seen.
    pub(crate) log: PinnedCheckpoint,
    /// Where the anchor was, so that a moved one is found.
    pub(crate) anchor: String,
    /// Checkpoints that a partner kept and that were held against the log.
    #[serde(default, rename = "witness")]
    pub(crate) witnessed: Vec<PinnedCheckpoint>,
}

/// A checkpoint of the log that a partner kept: every later log begins with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PinnedCheckpoint {
    pub(crate) log_size: u64,
    pub(crate) log_root: String,
}

impl PinnedCheckpoint {
    /// Most that are kept of one vault.
    pub(crate) const MOST: usize = 16;

    pub(crate) fn new(size: u64, root: &[u8; 32]) -> Self {
        Self { log_size: size, log_root: HEXLOWER.encode(root) }
    }
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
        let file = match fs::File::open(self.path(vault)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io(error)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_PIN + 1).read_to_end(&mut bytes).map_err(Error::io)?;
        if bytes.len() as u64 > MAX_PIN {
            return Err(bad());
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| bad())?;
        toml::from_str(text).map(Some).map_err(|_| bad())
    }

    fn save(&self, vault: &VaultId, pin: &Pin) -> Result<()> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .map_err(Error::io)?;
        let quoted = |text: &str| {
            // A basic string of TOML 1.0: two characters and controls are escaped.
            let mut out = String::with_capacity(text.len());
            for c in text.chars() {
                match c {
                    '"' | '\\' => out.extend(['\\', c]),
                    c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
                    c => out.push(c),
                }
            }
            out
        };
        let mut text = format!(
            "vault = \"{}\"\nfingerprint = \"{}\"\nroster_version = {}\nroster_hash = \"{}\"\n\
             erase_epoch = {}\nanchor = \"{}\"\n",
            pin.vault,
            pin.fingerprint,
            pin.roster_version,
            pin.roster_hash,
            pin.erase_epoch,
            quoted(&pin.anchor),
        );
        let kept = pin.witnessed.iter().map(|kept| ("[[witness]]", kept));
        for (table, at) in std::iter::once(("[log]", &pin.log)).chain(kept) {
            let PinnedCheckpoint { log_size, log_root } = at;
            text.push_str(&format!(
                "\n{table}\nlog_size = {log_size}\nlog_root = \"{log_root}\"\n"
            ));
        }
        refresh_file(&self.path(vault), text.as_bytes())
    }
}

/// Longest pin, in bytes: a path has at most 4,096, each written as six.
const MAX_PIN: u64 = 32 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_survives_any_path_and_a_damaged_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let pins = FilePins::new(dir.path().join("pins"));
        let vault = VaultId::from_bytes([7; 16]);
        assert_eq!(pins.load(&vault).unwrap(), None);
        for anchor in ["/home/rosa/casos.anchor", "/a \"b\"\\c\n\u{1b}/\u{f1}", ""] {
            let pin = Pin {
                vault: vault.to_string(),
                fingerprint: "AAAA".into(),
                roster_version: 1,
                roster_hash: "00".into(),
                erase_epoch: 1,
                log: PinnedCheckpoint::new(1, &[0; 32]),
                anchor: anchor.into(),
                witnessed: vec![PinnedCheckpoint::new(3, &[7; 32]); 2],
            };
            pins.save(&vault, &pin).unwrap();
            assert_eq!(pins.load(&vault).unwrap(), Some(pin));
        }
        for bad in [b"\xff".to_vec(), b"vault = 3".to_vec(), vec![b'#'; 40_000]] {
            fs::write(pins.path(&vault), bad).unwrap();
            assert_eq!(pins.load(&vault).unwrap_err().kind(), ErrorKind::UnknownFingerprint);
        }
    }
}
