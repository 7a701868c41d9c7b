//! Small files whose change is on the disk when the call returns.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::crypto::fill_random;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::SecretBytes;

/// Overwrites the first `len` bytes where they lie, with noise and then with zeros, and makes
/// sure that the zeros are there.
pub(crate) fn destroy_in_place(file: &File, len: usize) -> Result<()> {
    let mut noise = SecretBytes::new(vec![0; len]);
    // Zeros alone will do if the system has no randomness to give.
    let drawn = fill_random(&mut noise);
    let write = |bytes: &[u8]| file.write_all_at(bytes, 0).and_then(|()| file.sync_all());
    let noisy = write(&noise);
    let zeros = vec![0; len];
    write(&zeros).map_err(Error::io)?;
    let mut back = vec![1; len];
    let read = read_up_to(file, &mut back, 0)?;
    if read != len || back != zeros {
        return Err(Error::new(ErrorKind::Io, "a file did not keep what was written"));
    }
    noisy.map_err(Error::io).and(drawn)
}

/// Writes a file that must not exist, 0600, and syncs it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::io)?;
    file.write_all(bytes).map_err(Error::io)?;
    file.sync_all().map_err(Error::io)
}

/// Replaces a file unless it holds these very bytes already: a session that only read leaves
/// what it found, and syncs nothing.
pub(crate) fn refresh_file(path: &Path, bytes: &[u8]) -> Result<()> {
    match fs::read(path) {
        Ok(found) if found == bytes => Ok(()),
        _ => replace_file(path, bytes),
    }
}

/// Replaces a file by writing `.new` beside it, syncing, and renaming.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let next = path.with_file_name(name);
    let _ = fs::remove_file(&next);
    write_new(&next, bytes)?;
    fs::rename(&next, path).map_err(Error::io)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(Error::io)
}

/// Reads until the buffer is full or the file ends, and says how much there was.
pub(crate) fn read_up_to(file: &File, buffer: &mut [u8], offset: u64) -> Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + done as u64) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io(error)),
        }
    }
    Ok(done)
}
