//! A folder of files that is there whole, or not at all.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Place, Result};

/// Refuses a place where something stands already.
fn check_free(folder: &Path) -> Result<()> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io(error)),
        Ok(_) => Err(Error::new(ErrorKind::Exists, "the output folder exists")
            .at(Place::File(folder.display().to_string()))),
    }
}

/// As [`Half::begin`] and [`Half::finish`].
pub(crate) fn write<'a>(
    folder: &Path,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Result<()> {
    Half::begin(folder)?.finish(folder, files)
}

/// A folder under way: taken away unless it was moved.
pub(crate) struct Half(PathBuf);

impl Half {
    /// Begins a folder beside the place where it will stand. What a crash leaves behind bears
    /// another name, and the next attempt takes it away.
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        check_free(folder)?;
        let mut name = std::ffi::OsString::from(".");
        name.push(
            folder.file_name().ok_or_else(|| {
                Error::new(ErrorKind::BadInput, "the output needs a folder's name")
            })?,
        );
        name.push(".unfinished");
        let path = parent(folder).join(name);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io(error));
            }
            _ => {}
        }
        let failed = |error| {
            let around = || Place::File(parent(folder).display().to_string());
            Error::io(error).or_at(around)
        };
        DirBuilder::new().mode(0o700).create(&path).map_err(failed)?;
        Ok(Self(path))
    }

    /// Writes the files, syncs them, and moves them to their place in one step.
    pub(crate) fn finish<'a>(
        self,
        folder: &Path,
        files: impl Iterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<()> {
        for (name, bytes) in files {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(self.0.join(name))
                .map_err(Error::io)?;
            file.write_all(bytes).map_err(Error::io)?;
            file.sync_all().map_err(Error::io)?;
        }
        sync(&self.0)?;
        // A rename replaces an empty folder that came meanwhile; a full one stops it.
        check_free(folder)?;
        fs::rename(&self.0, folder).map_err(Error::io)?;
        drop(self);
        sync(&parent(folder))
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        // Nothing is there any more once it was moved.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn parent(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn sync(folder: &Path) -> Result<()> {
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two<'a>() -> impl Iterator<Item = (&'a str, &'a [u8])> {
        [("one", b"1".as_slice()), ("two", b"22")].into_iter()
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        // The second file cannot be made: its name leads into a folder that is not there.
        let bad = [("one", b"1".as_slice()), ("no/two", b"2")].into_iter();
        assert!(write(&folder, bad).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        // What a crash left is in nobody's way.
        fs::create_dir(dir.path().join(".out.unfinished")).unwrap();
        fs::write(dir.path().join(".out.unfinished/one"), b"old").unwrap();
        write(&folder, two()).unwrap();
        assert_eq!(fs::read(folder.join("two")).unwrap(), b"22");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        let mode = |path: &Path| {
            use std::os::unix::fs::PermissionsExt;
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!((mode(&folder), mode(&folder.join("one"))), (0o700, 0o600));
    }

    #[test]
    fn what_is_there_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("out");
        fs::create_dir(&folder).unwrap();
        assert_eq!(write(&folder, two()).unwrap_err().kind(), ErrorKind::Exists);
        fs::remove_dir(&folder).unwrap();
        std::os::unix::fs::symlink("nowhere", &folder).unwrap();
        assert_eq!(write(&folder, two()).unwrap_err().kind(), ErrorKind::Exists);
        let file = dir.path().join("missing/out");
        assert_eq!(write(&file, two()).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
