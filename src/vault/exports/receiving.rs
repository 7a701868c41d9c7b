//! The recipient's side: it needs a key and no vault.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::export::Bundle;
use crate::export::bundle::{MAX_SEALED, SEALED};
use crate::keys::identity::Identity;

impl Bundle {
    /// Opens a sealed bundle: its file, or the folder that holds it.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotAllowed` if it is sealed to somebody else; `Tampered` if it was altered or
    /// cut; `TooLong`, `BadInput`.
    pub fn open(path: impl AsRef<Path>, identity: &Identity) -> Result<Self> {
        let path = path.as_ref();
        let within = path.join(SEALED);
        let file = fs::File::open(if path.is_dir() { &within } else { path }).map_err(Error::io)?;
        let mut sealed = Vec::new();
        file.take(MAX_SEALED + 1).read_to_end(&mut sealed).map_err(Error::io)?;
        if sealed.len() as u64 > MAX_SEALED {
            return Err(Error::new(ErrorKind::TooLong, "a bundle has at most 512 MiB"));
        }
        Self::unseal(&sealed, identity.age())
    }

    /// Whether something is a sealed bundle, by its name and place.
    #[must_use]
    pub fn is_sealed(path: impl AsRef<Path>) -> bool {
        path.as_ref().is_file() || path.as_ref().join(SEALED).is_file()
    }
}
