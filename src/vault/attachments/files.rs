//! The folder of attached files.
//!
//! A file lies in `pending` while nobody knows yet whether the commit that names it, or erases
//! it, is durable; afterwards in a folder of the first two digits of its name. So an opening
//! after a kill has one short list to look at, and a file is found in either place.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind as Io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::keys::durable::sync_folder;
use crate::seal::file::FileName;

const FOLDER: &str = "files";
const PENDING: &str = "pending";

/// The files of one vault.
pub(in crate::vault) struct Files {
    folder: PathBuf,
}

/// Something in the folder.
pub(in crate::vault) struct Found {
    /// Its path within the folder, as a person would look for it.
    pub(in crate::vault) path: String,
    /// Its name, if it is one of ours in its place.
    pub(in crate::vault) name: Option<FileName>,
}

impl Files {
    pub(in crate::vault) fn of(vault: &Path) -> Self {
        Self { folder: vault.join(FOLDER) }
    }

    fn placed(&self, name: &FileName) -> PathBuf {
        let name = name.to_string();
        self.folder.join(name.get(..2).unwrap_or_default()).join(&name)
    }

    fn pending(&self, name: &FileName) -> PathBuf {
        self.folder.join(PENDING).join(name.to_string())
    }

    /// A new file, which lies in `pending`.
    pub(in crate::vault) fn create(&self, name: &FileName) -> Result<File> {
        self.make_pending()?;
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create_new(true).mode(0o600);
        options.open(self.pending(name)).map_err(|error| Error::io(error).at(place(name)))
    }

    fn make_pending(&self) -> Result<()> {
        if make_folder(&self.folder)? {
            sync_folder(self.folder.parent().unwrap_or(&self.folder))?;
        }
        if make_folder(&self.folder.join(PENDING))? {
            sync_folder(&self.folder)?;
        }
        Ok(())
    }

    /// Makes the entry of a new file durable.
    pub(in crate::vault) fn sync(&self) -> Result<()> {
        sync_folder(&self.folder.join(PENDING))
    }

    /// Brings a file that is named to its place. Whatever fails here, it is found where it is.
    pub(in crate::vault) fn settle(&self, name: &FileName) {
        let placed = self.placed(name);
        if placed.parent().is_some_and(|folder| make_folder(folder).is_ok()) {
            let _ = fs::rename(self.pending(name), placed);
        }
    }

    /// Brings files that are about to be erased back to `pending`, durably, as far as that can be
    /// done. What cannot be moved keeps nobody from erasing: a file is nothing without its key.
    pub(in crate::vault) fn set_aside(&self, names: &[FileName]) {
        if names.is_empty() || self.make_pending().is_err() {
            return;
        }
        for name in names {
            let placed = self.placed(name);
            if fs::rename(&placed, self.pending(name)).is_ok() {
                let _ = sync_folder(placed.parent().unwrap_or(&self.folder));
            }
        }
        let _ = self.sync();
    }

    /// Removes a file that nothing names.
    pub(in crate::vault) fn discard(&self, name: &FileName) {
        let _ = fs::remove_file(self.pending(name));
        let _ = fs::remove_file(self.placed(name));
    }

    /// Opens a file that must be there, and must be a plain one: a pipe that somebody planted
    /// would never end.
    pub(in crate::vault) fn open(&self, name: &FileName) -> Result<File> {
        // Looked for once more where it was not yet when it was asked for first.
        for path in [self.placed(name), self.pending(name), self.placed(name)] {
            match fs::symlink_metadata(&path) {
                Ok(found) if !found.is_file() => {
                    let what = "an attached file is no plain file";
                    return Err(Error::new(ErrorKind::Tampered, what).at(place(name)));
                }
                Ok(_) => {}
                Err(error) if matches!(error.kind(), Io::NotFound | Io::NotADirectory) => continue,
                Err(error) => return Err(Error::io(error).at(place(name))),
            }
            match File::open(&path) {
                Err(error) if error.kind() == Io::NotFound => {}
                opened => return opened.map_err(|error| Error::io(error).at(place(name))),
            }
        }
        Err(Error::new(ErrorKind::Missing, "an attached file is missing").at(place(name)))
    }

    /// What lies in `pending`, each with when it was last written to, in seconds since 1970.
    pub(in crate::vault) fn in_flight(&self) -> Vec<(FileName, i64)> {
        let Ok(entries) = fs::read_dir(self.folder.join(PENDING)) else { return Vec::new() };
        let known = |entry: fs::DirEntry| {
            let name = FileName::parse(entry.file_name().to_str()?)?;
            let written = entry.metadata().ok()?.modified().ok()?;
            let since = written.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
            Some((name, i64::try_from(since.as_secs()).ok()?))
        };
        entries.flatten().filter_map(known).collect()
    }

    /// All that lies in the folder but what is in flight.
    pub(in crate::vault) fn list(&self) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for folder in entries(&self.folder)? {
            if folder == PENDING {
                continue;
            }
            let path = self.folder.join(&folder);
            if !fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir()) {
                found.push(Found { path: folder, name: None });
                continue;
            }
            for file in entries(&path)? {
                let name = FileName::parse(&file).filter(|_| file.starts_with(&folder));
                found.push(Found { path: format!("{folder}/{file}"), name });
            }
        }
        Ok(found)
    }
}

/// The names in a folder, sorted; none if there is no folder.
fn entries(folder: &Path) -> Result<Vec<String>> {
    let read = match fs::read_dir(folder) {
        Err(error) if error.kind() == Io::NotFound => return Ok(Vec::new()),
        read => read.map_err(Error::io)?,
    };
    let mut names = Vec::new();
    for entry in read {
        names.push(entry.map_err(Error::io)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Makes a folder that only its owner can enter; whether it was not there.
fn make_folder(path: &Path) -> Result<bool> {
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == Io::AlreadyExists => Ok(false),
        Err(error) => Err(Error::io(error)),
    }
}

fn place(name: &FileName) -> Place {
    Place::File(name.to_string())
}
