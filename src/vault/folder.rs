//! The vault's folder: a header in clear, the store, the capsule.

use std::fs;
use std::path::{Path, PathBuf};

use crate::codec::{Reader, Writer};
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, VaultId};
use crate::keys::durable::write_new;

const HEADER: &str = "amparo.vault";
const MAGIC: [u8; 8] = *b"amparoV1";

/// What stands in clear: which vault, which copy of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    pub(super) vault: VaultId,
    pub(super) instance: InstanceId,
}

impl Header {
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        write_new(&folder.join(HEADER), &self.to_bytes())
    }

    pub(super) fn read(folder: &Path) -> Result<Self> {
        let place = || Place::File(HEADER.to_owned());
        let bytes = match fs::metadata(folder.join(HEADER)) {
            Ok(meta) if meta.len() <= 4096 => fs::read(folder.join(HEADER)).map_err(Error::io)?,
            Ok(_) => {
                return Err(Error::new(ErrorKind::Tampered, "the header is too long").at(place()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::new(ErrorKind::NotFound, "there is no vault here"));
            }
            Err(error) => return Err(Error::io(error).at(place())),
        };
        Self::from_bytes(&bytes).map_err(|error| error.at(place()))
    }

    fn to_bytes(self) -> Vec<u8> {
        let mut out = Writer::new();
        out.raw(&MAGIC).raw(self.vault.as_bytes()).raw(self.instance.as_bytes());
        let check = kdf::digest(labels::VAULT_HEADER, &[out.as_slice()]);
        out.raw(&check);
        out.into_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        let magic: [u8; 8] = input.array()?;
        if magic != MAGIC {
            let newer = magic.starts_with(b"amparoV");
            let kind = if newer { ErrorKind::NewerFormat } else { ErrorKind::Tampered };
            return Err(Error::new(kind, "not a vault that this version can read"));
        }
        let header = Self {
            vault: VaultId::from_bytes(input.array()?),
            instance: InstanceId::from_bytes(input.array()?),
        };
        if input.remaining() != 32 || header.to_bytes() != bytes {
            return Err(Error::new(ErrorKind::Tampered, "the header was altered"));
        }
        Ok(header)
    }
}

/// Whether a program that copies folders elsewhere owns this one, as far as names tell.
pub(super) fn is_synced(path: &Path) -> bool {
    const NAMES: [&str; 7] =
        ["dropbox", "onedrive", "google drive", "googledrive", "nextcloud", "icloud", "mega"];
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    absolute.components().any(|part| {
        let part = part.as_os_str().to_string_lossy().to_lowercase();
        NAMES.iter().any(|name| part.starts_with(name))
    })
}

/// The folder in which a vault is built before it gets its name.
pub(super) fn building(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    path.with_file_name(name)
}
