//! Attached files in a backup: rows of a table that no store has, in pieces, after all others.
//! So an increment passes over those that its base has, and every hash covers them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::seal::file::{FileName, StoredFile};
use crate::vault::attachments::Files;
use crate::vault::{Live, Vault};

/// First byte of the key; then the file's name and the number of the piece.
const FILE_TABLE: u8 = b'x';
/// Longest piece.
const PIECE: usize = 512 << 10;

/// The files of a moment.
pub(super) struct FilesNow {
    pub(super) named: BTreeMap<FileName, StoredFile>,
    /// Records that cannot be read: nobody can tell whether they name one.
    pub(super) unread: Vec<Place>,
}

/// What a backup takes of a file.
pub(super) enum FileRow<'a> {
    /// A key and its row.
    Piece(&'a [u8], &'a [u8]),
    /// What the base has under the keys that begin so.
    Kept(&'a [u8]),
}

impl Vault {
    /// The files that the records of this moment name, and the records that cannot be read.
    pub(super) fn files_now(&self, live: &Live) -> Result<FilesNow> {
        let mut unread = Vec::new();
        let named = self.named_files(live, &mut |error| {
            unread.extend(error.place().cloned());
            Ok(())
        })?;
        let named = named.into_iter().map(|(name, (_, file))| (name, file)).collect();
        Ok(FilesNow { named, unread })
    }

    /// Gives every piece of the files of a moment, in order of keys. A file that was erased
    /// since is passed over: the record is erased again when this is restored. One that is lost
    /// or damaged is told, and what the base has of it stays.
    pub(super) fn file_rows(
        &self,
        files: &BTreeMap<FileName, StoredFile>,
        erase_epoch: u64,
        give: &mut dyn FnMut(FileRow<'_>) -> Result<()>,
    ) -> Result<Vec<Place>> {
        let mut lost = Vec::new();
        let folder = Files::of(&self.folder);
        let mut piece = vec![0; PIECE];
        for (name, stored) in files {
            let place = || Place::File(name.to_string());
            // Read whole before a piece of it is given, so that no damage gets over good pieces.
            let whole = folder.open(name).and_then(|file| stored.verify(file));
            let mut file = match whole.and_then(|()| folder.open(name)) {
                Err(error)
                    if error.kind() == ErrorKind::Missing && {
                        self.live().tree.root().erase_epoch > erase_epoch
                    } =>
                {
                    continue;
                }
                Err(_) => {
                    give(FileRow::Kept(&start(name)))?;
                    lost.push(place());
                    continue;
                }
                Ok(file) => file,
            };
            let (mut done, mut hasher) = (0_u64, blake3::Hasher::new());
            for number in 0_u64.. {
                let read = fill(&mut file, &mut piece).map_err(|error| error.at(place()))?;
                let bytes = piece.get(..read).unwrap_or_default();
                hasher.update(bytes);
                done += read as u64;
                if read > 0 {
                    give(FileRow::Piece(&key(name, number), bytes))?;
                }
                if read < PIECE {
                    break;
                }
            }
            if done != stored.bytes || *hasher.finalize().as_bytes() != stored.blake3 {
                let what = "an attached file is not what was written";
                return Err(Error::new(ErrorKind::Tampered, what).at(place()));
            }
        }
        Ok(lost)
    }
}

/// Files on their way from a backup into a folder.
pub(super) struct FilesBack {
    files: Files,
    open: Option<(FileName, File, u64)>,
}

impl FilesBack {
    pub(super) fn into(folder: &Path) -> Self {
        Self { files: Files::of(folder), open: None }
    }

    /// Takes a row if it is a piece of a file.
    pub(super) fn take(&mut self, key: &[u8], bytes: &[u8]) -> Result<bool> {
        let Some((&FILE_TABLE, rest)) = key.split_first() else { return Ok(false) };
        let bad = || Error::new(ErrorKind::Tampered, "a piece of a file is in no file");
        let (name, number) = rest.split_first_chunk::<16>().ok_or_else(bad)?;
        let number = u64::from_be_bytes(number.try_into().map_err(|_| bad())?);
        let name = FileName::from_bytes(*name);
        if self.open.as_ref().is_none_or(|(open, ..)| *open != name) {
            self.end_file()?;
            self.open = Some((name, self.files.create(&name)?, 0));
        }
        let (_, file, next) = self.open.as_mut().ok_or_else(bad)?;
        if *next != number {
            return Err(bad());
        }
        *next += 1;
        file.write_all(bytes).map_err(Error::io)?;
        Ok(true)
    }

    /// All files are there and durable.
    pub(super) fn end(mut self) -> Result<()> {
        self.end_file()
    }

    fn end_file(&mut self) -> Result<()> {
        if let Some((name, file, _)) = self.open.take() {
            file.sync_all().map_err(Error::io)?;
            self.files.sync()?;
            self.files.settle(&name);
        }
        Ok(())
    }
}

fn key(name: &FileName, number: u64) -> Vec<u8> {
    [start(name).as_slice(), &number.to_be_bytes()].concat()
}

/// How the keys of all pieces of a file begin.
fn start(name: &FileName) -> Vec<u8> {
    [&[FILE_TABLE], name.as_bytes().as_slice()].concat()
}

fn fill(file: &mut File, buffer: &mut [u8]) -> Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(read) => done += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io(error)),
        }
    }
    Ok(done)
}
