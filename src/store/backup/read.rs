//! Reading: every length is bounded, every byte is covered by the chain.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use crate::error::{Error, ErrorKind, Place, Result};

use super::chunk::{self, Row};
use super::{BackupHeader, Base, FRAME_HEAD, LAST, MAX_LAST, ROWS, chain_of};

/// A backup that is being read, row by row.
pub(crate) struct BackupReader {
    file: Box<dyn Read + Send>,
    name: String,
    header: BackupHeader,
    chain: [u8; 32],
    at: u64,
    len: u64,
    /// Of the chunk that was read, the next one last.
    rows: Vec<Row>,
    last_key: Vec<u8>,
    /// The last part, with the hash of the rows before it.
    last: Option<(Vec<u8>, [u8; 32])>,
}

/// What a backup says once all of it was read.
pub(crate) struct Ended {
    /// What an increment over this backup names.
    pub(crate) base: Base,
    /// The hash of all rows.
    pub(crate) rows: [u8; 32],
    /// Length of the file.
    pub(crate) len: u64,
    /// The last part.
    pub(crate) last: Vec<u8>,
}

impl BackupReader {
    /// # Errors
    ///
    /// `BadInput` if it is no backup, `NewerFormat`, `Unfinished`, `Tampered`; `Io`.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let name = path.to_string_lossy().into_owned();
        let place = |error: Error| error.or_at(|| Place::File(name.clone()));
        let file = File::open(path).map_err(Error::io).map_err(place)?;
        let meta = file.metadata().map_err(Error::io).map_err(place)?;
        if !meta.is_file() {
            return Err(place(Error::new(ErrorKind::BadInput, "not a backup")));
        }
        let file = Box::new(BufReader::with_capacity(256 << 10, file));
        Self::of(file, meta.len(), name.clone()).map_err(place)
    }

    /// A backup of this length from anywhere.
    pub(crate) fn of(mut file: Box<dyn Read + Send>, len: u64, name: String) -> Result<Self> {
        let mut bytes = Vec::with_capacity(BackupHeader::LEN);
        let mut head = (&mut file).take(BackupHeader::LEN as u64);
        head.read_to_end(&mut bytes).map_err(Error::io)?;
        if bytes.len() < BackupHeader::LEN && bytes.starts_with(&super::MAGIC) {
            return Err(unfinished());
        } else if bytes.len() < super::MAGIC.len() {
            return Err(Error::new(ErrorKind::BadInput, "not a backup"));
        }
        let (header, chain) = BackupHeader::from_bytes(&bytes)?;
        Ok(Self {
            file,
            name,
            header,
            chain,
            at: BackupHeader::LEN as u64,
            len,
            rows: Vec::new(),
            last_key: Vec::new(),
            last: None,
        })
    }

    pub(crate) const fn header(&self) -> BackupHeader {
        self.header
    }

    /// Bytes read so far, and in all.
    pub(crate) const fn progress(&self) -> (u64, u64) {
        (self.at, self.len)
    }

    /// The next row; `None` after the last, when the whole file was read and agrees.
    ///
    /// # Errors
    ///
    /// `Unfinished` if the file ends early; `Tampered`.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>> {
        while self.rows.is_empty() && self.last.is_none() {
            let at = self.at;
            self.read_frame().map_err(|error| {
                error.or_at(|| Place::Offset { file: self.name.clone(), offset: at })
            })?;
        }
        Ok(self.rows.pop())
    }

    /// The last part, after all rows.
    ///
    /// # Errors
    ///
    /// As [`Self::next_row`].
    pub(crate) fn end(mut self) -> Result<Ended> {
        while self.next_row()?.is_some() {}
        let (last, rows) = self.last.ok_or_else(unfinished)?;
        let base = Base { backup: self.header.backup, chain: self.chain };
        Ok(Ended { base, rows, len: self.len, last })
    }

    fn read_frame(&mut self) -> Result<()> {
        let head: [u8; FRAME_HEAD] = self.take()?;
        let [kind, a, b, c, d] = head;
        let len = u32::from_le_bytes([a, b, c, d]) as usize;
        let most = match kind {
            ROWS => chunk::MAX_PAYLOAD,
            LAST => MAX_LAST,
            _ => return Err(tampered("a part of a backup is of no kind")),
        };
        if len > most || len == 0 {
            return Err(tampered("a length in a backup is out of bounds"));
        }
        if self.len.saturating_sub(self.at) < len as u64 + 32 {
            return Err(unfinished());
        }
        let mut payload = vec![0; len];
        self.read(&mut payload)?;
        let before = self.chain;
        self.chain = self.take()?;
        if chain_of(&before, &head, &payload) != self.chain {
            return Err(tampered("a part of a backup was altered"));
        }
        if kind == ROWS {
            self.rows = chunk::read_rows(&payload, &mut self.last_key)?;
            return Ok(());
        }
        if self.at != self.len {
            return Err(tampered("a backup has a tail"));
        }
        self.last = Some((payload, before));
        Ok(())
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read(&mut bytes)?;
        Ok(bytes)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<()> {
        self.file.read_exact(buffer).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => unfinished(),
            _ => Error::io(error),
        })?;
        self.at += buffer.len() as u64;
        Ok(())
    }
}

fn unfinished() -> Error {
    Error::new(ErrorKind::Unfinished, "the backup was not written to its end, or was cut")
}

fn tampered(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}
