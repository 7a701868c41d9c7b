//! Writing: `FILE.part` first, synced on the way, read back, then renamed.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Place, Result};

use super::chunk::ChunkWriter;
use super::read::BackupReader;
use super::{BackupHeader, Base, FRAME_HEAD, LAST, MAGIC, ROWS, chain_of, frame_head};

/// Bytes between two syncs: what a power failure may cost.
const SYNC_EVERY: u64 = 8 << 20;

/// A backup that is being written.
pub(crate) struct BackupWriter {
    file: File,
    part: PathBuf,
    at: u64,
    chain: [u8; 32],
    /// Where the bytes of an earlier attempt end; no further than they agree with ours.
    earlier: u64,
    resumed: u64,
    synced: u64,
    chunk: ChunkWriter,
}

impl BackupWriter {
    /// Begins a file, or goes on with one that was begun with this very header.
    ///
    /// # Errors
    ///
    /// `Exists` if something else has the name; `Busy` if another process writes it.
    pub(crate) fn begin(path: &Path, header: &BackupHeader) -> Result<Self> {
        let part = part_of(path);
        if begun(path)?.is_none() && part.exists() && !is_ours(&part)? {
            return Err(Error::new(ErrorKind::Exists, "the name with .part is taken")
                .at(Place::File(part.to_string_lossy().into_owned())));
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(&part).map_err(Error::io)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => Error::new(ErrorKind::Busy, "the backup is being written"),
            TryLockError::Error(error) => Error::io(error),
        })?;
        let earlier = file.metadata().map_err(Error::io)?.len();
        let (bytes, chain) = header.to_bytes();
        let mut writer = Self {
            file,
            part,
            at: 0,
            chain,
            earlier,
            resumed: 0,
            synced: 0,
            chunk: ChunkWriter::default(),
        };
        writer.put(&[&bytes])?;
        Ok(writer)
    }

    /// Adds a row, or that there is none any more; keys ascend.
    pub(crate) fn push(&mut self, key: &[u8], row: Option<&[u8]>) -> Result<()> {
        if self.chunk.is_full(key, row) {
            self.end_chunk()?;
        }
        self.chunk.push(key, row)
    }

    /// Bytes so far.
    pub(crate) const fn written(&self) -> u64 {
        self.at
    }

    /// Bytes that an earlier attempt had written already.
    pub(crate) const fn resumed(&self) -> u64 {
        self.resumed
    }

    /// Ends the rows and gives the hash of all of them.
    pub(crate) fn end_rows(&mut self) -> Result<[u8; 32]> {
        self.end_chunk()?;
        Ok(self.chain)
    }

    /// Adds the last part, reads everything back, and gives the file its name.
    ///
    /// # Errors
    ///
    /// `Exists` if the name was taken meanwhile; `Tampered` if the medium gives back something
    /// else; `Io`, `DiskFull`.
    pub(crate) fn finish(mut self, path: &Path, last: &[u8]) -> Result<Base> {
        self.end_chunk()?;
        self.frame(LAST, last)?;
        self.file.set_len(self.at).map_err(Error::io)?;
        self.file.sync_all().map_err(Error::io)?;
        #[cfg(feature = "sled")]
        crate::store::disk::forget_cache(&self.file, 0, self.at);
        let mut back = BackupReader::open(&self.part)?;
        while back.next_row()?.is_some() {}
        let ended = back.end()?;
        if ended.last != last || ended.base.chain != self.chain {
            return Err(Error::new(ErrorKind::Tampered, "the medium did not keep the backup"));
        }
        if path.exists() {
            return Err(Error::new(ErrorKind::Exists, "a file of this name exists"));
        }
        fs::rename(&self.part, path).map_err(Error::io)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io)?;
        Ok(ended.base)
    }

    fn end_chunk(&mut self) -> Result<()> {
        let payload = self.chunk.take();
        if payload.is_empty() { Ok(()) } else { self.frame(ROWS, &payload) }
    }

    fn frame(&mut self, kind: u8, payload: &[u8]) -> Result<()> {
        let head: [u8; FRAME_HEAD] = frame_head(kind, payload)?;
        let chain = chain_of(&self.chain, &head, payload);
        self.put(&[&head, payload, &chain])?;
        self.chain = chain;
        Ok(())
    }

    /// Writes at the end, or passes over the same bytes of an earlier attempt.
    fn put(&mut self, parts: &[&[u8]]) -> Result<()> {
        let bytes = parts.concat();
        let end = self.at + bytes.len() as u64;
        if end <= self.earlier {
            let mut found = vec![0; bytes.len()];
            self.file.read_exact_at(&mut found, self.at).map_err(Error::io)?;
            if found == bytes {
                (self.at, self.synced, self.resumed) = (end, end, end);
                return Ok(());
            }
        }
        if self.earlier > self.at {
            self.file.set_len(self.at).map_err(Error::io)?;
        }
        self.earlier = 0;
        self.file.write_all_at(&bytes, self.at).map_err(Error::io)?;
        self.at = end;
        if self.at - self.synced >= SYNC_EVERY {
            self.file.sync_data().map_err(Error::io)?;
            self.synced = self.at;
        }
        Ok(())
    }
}

/// The name under which a backup is written.
pub(crate) fn part_of(path: &Path) -> PathBuf {
    let mut name: OsString = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    path.with_file_name(name)
}

/// The header of an attempt that was not finished, if there is one.
pub(crate) fn begun(path: &Path) -> Result<Option<BackupHeader>> {
    match BackupReader::open(&part_of(path)) {
        Ok(reader) => Ok(Some(reader.header())),
        Err(error) => match error.kind() {
            ErrorKind::Io | ErrorKind::NoPermission => Err(error),
            _ => Ok(None),
        },
    }
}

/// Whether a file can only be the beginning of a backup.
fn is_ours(part: &Path) -> Result<bool> {
    let file = File::open(part).map_err(Error::io)?;
    let mut start = [0; MAGIC.len()];
    let len = file.read_at(&mut start, 0).map_err(Error::io)?;
    let start = start.get(..len).unwrap_or_default();
    Ok(MAGIC.starts_with(start))
}
