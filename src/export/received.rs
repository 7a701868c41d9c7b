//! The recipient's side: a bundle that came, checked against its own manifest.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use crate::consent::Digest;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::bundle::{self, is_plain_name};
use crate::export::{File, MANIFEST, Manifest, PROOF, VerifiedExport, folder};

/// A bundle, opened: its files are in memory.
pub struct Bundle {
    files: Vec<File>,
}

impl Bundle {
    /// Opens the sealed bytes of a bundle.
    pub(crate) fn unseal(sealed: &[u8], identity: &dyn age::Identity) -> Result<Self> {
        Ok(Self { files: bundle::open(sealed, identity)? })
    }

    /// Reads a bundle that was opened before, or left open: a folder of files.
    ///
    /// # Errors
    ///
    /// `NotFound`; `BadInput` if the folder holds anything but plain files; `TooLong` above
    /// 512 MiB; `Io`.
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let mut files = Vec::new();
        let mut length = 0;
        let entries = fs::read_dir(path).map_err(Error::io)?.map(|entry| entry.map_err(Error::io));
        let mut entries: Vec<fs::DirEntry> = entries.collect::<Result<_>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type().map_err(Error::io)?;
            let name = entry.file_name().into_string().ok().filter(|name| is_plain_name(name));
            let Some(name) = name.filter(|_| kind.is_file()) else {
                return Err(Error::new(ErrorKind::BadInput, "the folder holds more than a bundle"));
            };
            length += entry.metadata().map_err(Error::io)?.len();
            if length > bundle::MAX_BUNDLE as u64 {
                return Err(Error::new(ErrorKind::TooLong, "a bundle has at most 512 MiB"));
            }
            files.push(File::new(name, fs::read(entry.path()).map_err(Error::io)?));
        }
        Ok(Self { files })
    }

    /// The files: a name and the bytes of each.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()))
    }

    /// Writes the files into a new folder that only its owner reads.
    ///
    /// # Errors
    ///
    /// `Exists`, `Io`, `DiskFull`.
    pub fn write_into(&self, out: impl AsRef<Path>) -> Result<()> {
        folder::write(out.as_ref(), self.files())
    }

    /// Checks that it holds the very files of its manifest and no other, and that the proof in it
    /// is whole and signs them all.
    ///
    /// It does not tell whose key signed: [`VerifiedExport::thumbprint`] is to be compared with
    /// what the organisation says in another way.
    ///
    /// # Errors
    ///
    /// `Missing` or `Tampered` at the file; `BadInput` or `NewerFormat` for the manifest; as
    /// [`VerifiedExport::verify`].
    pub fn verify(&self) -> Result<VerifiedBundle> {
        let place = |name: &str| Place::File(name.to_owned());
        let mut files: BTreeMap<&str, &File> =
            self.files.iter().map(|file| (file.name.as_str(), file)).collect();
        let mut take = |name: &str| {
            files.remove(name).ok_or_else(|| {
                Error::new(ErrorKind::Missing, "a file of the bundle is missing").at(place(name))
            })
        };
        let head = take(MANIFEST)?;
        let manifest = Manifest::read(&head.bytes)?;
        let proof = std::str::from_utf8(&take(PROOF)?.bytes)
            .map_err(|_| Error::new(ErrorKind::BadInput, "the proof cannot be read"))
            .and_then(VerifiedExport::verify)
            .map_err(|error| error.or_at(|| place(PROOF)))?;
        // Alone, a proof may be passed on in part; a bundle is what was made.
        if !proof.kept_back().is_empty() {
            let what = "the proof does not hold all that it signs";
            return Err(Error::new(ErrorKind::Tampered, what).at(place(PROOF)));
        }
        let mut signed = proof.manifest().files.clone();
        let mut check = |name: &str, digest: Digest| match signed.remove(name) {
            Some(known) if known == digest => Ok(()),
            _ => Err(Error::new(ErrorKind::Tampered, "a file is not the one that was signed")
                .at(place(name))),
        };
        check(MANIFEST, head.digest()?)?;
        for file in &manifest.files {
            let found = take(&file.name)?;
            let digest = found.digest()?;
            if found.bytes.len() != file.bytes || digest != file.sha256 {
                let what = "a file is not the one that the manifest names";
                return Err(Error::new(ErrorKind::Tampered, what).at(place(&file.name)));
            }
            check(&file.name, digest)?;
        }
        if let Some(name) = files.into_keys().next() {
            let what = "a file that the manifest does not name";
            return Err(Error::new(ErrorKind::Tampered, what).at(place(name)));
        }
        if proof.manifest().export != manifest.export || !signed.is_empty() {
            let what = "the proof is of another export";
            return Err(Error::new(ErrorKind::Tampered, what).at(place(PROOF)));
        }
        Ok(VerifiedBundle { manifest, proof })
    }
}

/// A bundle that was checked.
#[derive(Debug)]
#[non_exhaustive]
pub struct VerifiedBundle {
    /// What it consists of.
    pub manifest: Manifest,
    /// What was signed, and by which key.
    pub proof: VerifiedExport,
}

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bundle(..)")
    }
}
