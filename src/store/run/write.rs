//! Writing a run: entries in ascending order, one pass, little memory.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::store::bloom::{self, KeyHash};
use crate::store::disk;
use crate::store::payload::RunRef;
use crate::store::run::page::{self, BLOCK, Extent, Footer, GROUP, Group};
use crate::store::run::path;
use crate::store::steps::step;

/// Writes one run. A run that is not finished is removed.
pub(crate) struct RunWriter {
    id: u64,
    path: PathBuf,
    file: Option<BufWriter<File>>,
    offset: u64,
    block: Vec<u8>,
    first: Vec<u8>,
    last: Vec<u8>,
    blocks: Vec<Extent>,
    hashes: Vec<KeyHash>,
    groups: Vec<Extent>,
    rows: u64,
    removals: u64,
}

impl RunWriter {
    pub(crate) fn create(folder: &Path, id: u64) -> Result<Self> {
        let path = path(folder, id);
        let file = BufWriter::with_capacity(256 << 10, disk::create_file(&path)?);
        Ok(Self {
            id,
            path,
            file: Some(file),
            offset: 0,
            block: Vec::with_capacity(BLOCK * 2),
            first: Vec::new(),
            last: Vec::new(),
            blocks: Vec::new(),
            hashes: Vec::new(),
            groups: Vec::new(),
            rows: 0,
            removals: 0,
        })
    }

    pub(crate) fn push(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<()> {
        if self.last.as_slice() >= key {
            return Err(Error::new(ErrorKind::Internal, "rows of a run out of order"));
        }
        self.last.clear();
        self.last.extend_from_slice(key);
        if self.block.is_empty() {
            self.first = key.to_vec();
        }
        page::push_entry(&mut self.block, key, value);
        self.hashes.push(KeyHash::new(key));
        match value {
            Some(_) => self.rows += 1,
            None => self.removals += 1,
        }
        if self.block.len() >= BLOCK {
            self.end_block()?;
        }
        Ok(())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rows == 0 && self.removals == 0
    }

    /// Writes the rest and syncs the file; its entry in the folder is synced by the caller.
    pub(crate) fn finish(mut self) -> Result<RunRef> {
        self.end_block()?;
        self.end_group()?;
        let directory = page::encode_directory(&self.groups);
        if directory.len() > page::MAX_DIRECTORY {
            return Err(Error::new(ErrorKind::TooLong, "a run has too many rows"));
        }
        let footer = Footer {
            rows: self.rows,
            removals: self.removals,
            directory_offset: self.offset,
            directory_len: directory.len(),
            directory_hash: *blake3::hash(&directory).as_bytes(),
        };
        self.write(&directory)?;
        let footer = footer.encode();
        self.write(&footer)?;
        let writer = self.file.take().ok_or_else(finished)?;
        let file = writer.into_inner().map_err(|error| Error::io(error.into_error()));
        let synced = file.and_then(|file| {
            step("run written")?;
            file.sync_all().map_err(Error::io)?;
            step("run synced")
        });
        if let Err(error) = synced {
            disk::remove_stale(&self.path);
            return Err(error);
        }
        Ok(RunRef { id: self.id, len: self.offset, hash: *blake3::hash(&footer).as_bytes() })
    }

    fn end_block(&mut self) -> Result<()> {
        if self.block.is_empty() {
            return Ok(());
        }
        let block = std::mem::take(&mut self.block);
        let first = std::mem::take(&mut self.first);
        let extent = self.write_extent(first, &block)?;
        self.blocks.push(extent);
        self.block = block;
        self.block.clear();
        if self.blocks.len() >= GROUP { self.end_group() } else { Ok(()) }
    }

    fn end_group(&mut self) -> Result<()> {
        let Some(first) = self.blocks.first().map(|block| block.first.clone()) else {
            return Ok(());
        };
        let blocks = std::mem::take(&mut self.blocks);
        let group = Group { blocks, filter: bloom::build(&self.hashes) };
        self.hashes.clear();
        let extent = self.write_extent(first, &group.encode())?;
        self.groups.push(extent);
        Ok(())
    }

    fn write_extent(&mut self, first: Vec<u8>, bytes: &[u8]) -> Result<Extent> {
        let offset = self.offset;
        self.write(bytes)?;
        Ok(Extent { first, offset, len: bytes.len(), check: page::check(bytes) })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let file = self.file.as_mut().ok_or_else(finished)?;
        file.write_all(bytes).map_err(Error::io)?;
        self.offset += bytes.len() as u64;
        Ok(())
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            // Not flushed: what it holds is of no use.
            drop(file.into_parts());
            disk::remove_stale(&self.path);
        }
    }
}

fn finished() -> Error {
    Error::new(ErrorKind::Internal, "a run was written after its end")
}
