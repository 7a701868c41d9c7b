//! Files and folders: owner-only, positioned reads and writes, folders synced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Place, Result};

/// Creates a folder that only its owner can enter, and makes its entry durable.
pub(crate) fn create_dir(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| named(error, path))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Creates a file that only its owner can read; its entry is durable after [`sync_dir`].
pub(crate) fn create_file(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map_err(|error| named(error, path))
}

/// Opens a file that must be there.
pub(crate) fn open_file(path: &Path, writable: bool) -> Result<File> {
    OpenOptions::new().read(true).write(writable).open(path).map_err(|error| named(error, path))
}

/// Makes creations, renames and removals in a folder durable.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        // The parent of a bare relative name is the empty path.
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        File::open(path)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| named(error, path))?;
    }
    Ok(())
}

/// Fills `buffer` from `offset`; a file that ends earlier is an error.
pub(crate) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> Result<()> {
    #[cfg(unix)]
    let read = std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset);
    #[cfg(windows)]
    let read = {
        let (mut rest, mut offset) = (buffer, offset);
        loop {
            match std::os::windows::fs::FileExt::seek_read(file, rest, offset) {
                _ if rest.is_empty() => break Ok(()),
                Ok(0) => break Err(std::io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => {
                    rest = rest.get_mut(n..).unwrap_or_default();
                    offset += n as u64;
                }
                Err(error) => break Err(error),
            }
        }
    };
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Error::new(ErrorKind::Tampered, "a file was cut"),
        _ => Error::io(error),
    })
}

/// Writes all of `bytes` at `offset`.
pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) -> Result<()> {
    #[cfg(unix)]
    let written = std::os::unix::fs::FileExt::write_all_at(file, bytes, offset);
    #[cfg(windows)]
    let written = {
        use std::io::{Seek as _, Write as _};
        let mut file = file;
        file.seek(std::io::SeekFrom::Start(offset)).and_then(|_| file.write_all(bytes))
    };
    written.map_err(Error::io)
}

/// Asks the system to forget cached pages, so that the next read comes from the medium.
pub(crate) fn forget_cache(file: &File, offset: u64, len: u64) {
    #[cfg(target_os = "linux")]
    {
        let len = std::num::NonZeroU64::new(len);
        let _ = rustix::fs::fadvise(file, offset, len, rustix::fs::Advice::DontNeed);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (file, offset, len);
}

/// Takes the lock that keeps a second process out; it ends with the returned file.
///
/// A reader takes it shared, and goes without where there is no lock file to take.
pub(crate) fn lock(path: &Path, writable: bool) -> Result<Option<File>> {
    let file = match open_file(path, writable) {
        Ok(file) => file,
        Err(error) if !writable && error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => create_file(path)?,
        Err(error) => return Err(error),
    };
    let start = Instant::now();
    loop {
        match if writable { file.try_lock() } else { file.try_lock_shared() } {
            Ok(()) => return Ok(Some(file)),
            // A child that another thread is just starting holds what this process has closed.
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(ErrorKind::Busy, "another process has the store open"));
            }
            // Some network file systems know no locks; a reader can do without.
            Err(TryLockError::Error(_)) if !writable => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(named(error, path)),
        }
    }
}

/// How long an opening waits for another to end.
const PATIENCE: Duration = Duration::from_millis(500);

/// The numbers of the files or folders in `folder` named `NNNNNNNNNN` + `suffix`, ascending.
pub(crate) fn numbered(folder: &Path, suffix: &str) -> Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| named(error, folder))? {
        let name = entry.map_err(|error| named(error, folder))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(suffix));
        if let Some(number) = number.filter(|number| number.len() == 10) {
            numbers.extend(number.parse::<u64>().ok());
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The name of numbered file `number`.
pub(crate) fn name(number: u64, suffix: &str) -> String {
    format!("{number:010}{suffix}")
}

/// Removes a file that nothing names any more; one that stays is removed at the next opening.
pub(crate) fn remove_stale(path: &Path) {
    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
}

/// An error of the system with the file's own name, never the path to it.
pub(crate) fn named(error: std::io::Error, path: &Path) -> Error {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Error::io(error).at(Place::File(name))
}
