//! Runs: sorted files that never change.
//!
//! A run is blocks of rows, each group of blocks followed by its index and filter, then a
//! directory of the groups and a footer. Only footer and directory are read at opening, so
//! that opening does not grow with the vault; a group is read when a lookup first needs it,
//! and kept. Groups take about 1.5 % of the size of a run.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::store::bloom::{self, KeyHash};
use crate::store::disk;
use crate::store::merge::Source;
use crate::store::payload::RunRef;

pub(crate) mod page;
mod write;

pub(crate) use write::RunWriter;

use page::{Entries, Extent, Footer, Group};

/// A run, open for reading.
pub(crate) struct Run {
    meant: RunRef,
    file: File,
    footer: Footer,
    groups: Vec<(Extent, OnceLock<Group>)>,
    /// The first eight bytes of each group's first key, as a number: a lookup asks every run,
    /// and finds its group among these without following a pointer.
    starts: Vec<u64>,
}

/// The first eight bytes of a key, zeros where it is shorter: in order as the keys are.
fn start(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(bytes)
}

/// Where run `id` lies.
pub(crate) fn path(folder: &Path, id: u64) -> PathBuf {
    folder.join(disk::name(id, SUFFIX))
}

/// The ending of a run's name.
pub(crate) const SUFFIX: &str = ".run";

impl Run {
    /// Opens the run that is meant, and no other.
    pub(crate) fn open(folder: &Path, meant: &RunRef) -> Result<Self> {
        let path = path(folder, meant.id);
        let file = disk::open_file(&path, false).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::new(ErrorKind::Missing, "a run is missing")
                .at(Place::File(disk::name(meant.id, SUFFIX))),
            _ => error,
        })?;
        let len = file.metadata().map_err(|error| disk::named(error, &path))?.len();
        let mut run = Self {
            meant: meant.clone(),
            file,
            footer: Footer {
                rows: 0,
                removals: 0,
                directory_offset: 0,
                directory_len: 0,
                directory_hash: [0; 32],
            },
            groups: Vec::new(),
            starts: Vec::new(),
        };
        let footer_at = len.checked_sub(page::FOOTER as u64).filter(|_| len == meant.len);
        let footer_at = footer_at.ok_or_else(|| run.damaged(0))?;
        let footer = run.read(footer_at, page::FOOTER)?;
        if *blake3::hash(&footer).as_bytes() != meant.hash {
            return Err(run.damaged(footer_at));
        }
        run.footer = Footer::decode(&footer).map_err(|error| run.at(error, footer_at))?;
        let (offset, len) = (run.footer.directory_offset, run.footer.directory_len);
        let directory = run.read(offset, len)?;
        if *blake3::hash(&directory).as_bytes() != run.footer.directory_hash {
            return Err(run.damaged(offset));
        }
        let groups = page::decode_directory(&directory).map_err(|error| run.at(error, offset))?;
        run.starts = groups.iter().map(|extent| start(&extent.first)).collect();
        run.groups = groups.into_iter().map(|extent| (extent, OnceLock::new())).collect();
        Ok(run)
    }

    /// The reference to a run that nothing names, by its footer as it is.
    pub(crate) fn reference(folder: &Path, id: u64) -> Option<RunRef> {
        let file = disk::open_file(&path(folder, id), false).ok()?;
        let len = file.metadata().ok()?.len();
        let mut footer = [0; page::FOOTER];
        disk::read_at(&file, &mut footer, len.checked_sub(page::FOOTER as u64)?).ok()?;
        Some(RunRef { id, len, hash: *blake3::hash(&footer).as_bytes() })
    }

    pub(crate) const fn meant(&self) -> &RunRef {
        &self.meant
    }

    /// Rows and removals.
    pub(crate) const fn counts(&self) -> (u64, u64) {
        (self.footer.rows, self.footer.removals)
    }

    /// What the run says about a key: nothing, that it was removed, or its row.
    pub(crate) fn get(&self, key: &[u8], hash: KeyHash) -> Result<Option<Option<Vec<u8>>>> {
        let Some(group) = self.group_of(key).map_or(Ok(None), |index| self.group(index))? else {
            return Ok(None);
        };
        if !bloom::may_contain(&group.filter, hash) {
            return Ok(None);
        }
        let block = page::holding(&group.blocks, key).and_then(|index| group.blocks.get(index));
        let Some(block) = block else { return Ok(None) };
        let bytes = self.read_extent(block)?;
        for entry in Entries::new(&bytes) {
            let (found, value) = entry.map_err(|error| self.at(error, block.offset))?;
            if found == key {
                return Ok(Some(value.map(<[u8]>::to_vec)));
            }
            if found > key {
                break;
            }
        }
        Ok(None)
    }

    /// Which group could hold a key.
    fn group_of(&self, key: &[u8]) -> Option<usize> {
        let sought = start(key);
        let mut after = self.starts.partition_point(|first| *first <= sought);
        // Of those that start with the same eight bytes, some may come after the key.
        while self.groups.get(after.checked_sub(1)?)?.0.first.as_slice() > key {
            after -= 1;
        }
        after.checked_sub(1)
    }

    /// Reads every byte and holds it against its check.
    pub(crate) fn verify(&self) -> Result<()> {
        disk::forget_cache(&self.file, 0, self.meant.len);
        for (extent, _) in &self.groups {
            let group = self.read_group(extent)?;
            for block in &group.blocks {
                self.read_extent(block)?;
            }
        }
        Ok(())
    }

    /// Group `index`, read at first need.
    fn group(&self, index: usize) -> Result<Option<&Group>> {
        let Some((extent, slot)) = self.groups.get(index) else {
            return Ok(None);
        };
        if slot.get().is_none() {
            let group = self.read_group(extent)?;
            // Two threads may have read it; one of two equals is kept.
            let _ = slot.set(group);
        }
        Ok(slot.get())
    }

    fn read_group(&self, extent: &Extent) -> Result<Group> {
        let bytes = self.read_extent(extent)?;
        Group::decode(&bytes).map_err(|error| self.at(error, extent.offset))
    }

    fn read_extent(&self, extent: &Extent) -> Result<Vec<u8>> {
        let bytes = self.read(extent.offset, extent.len)?;
        if page::check(&bytes) == extent.check {
            Ok(bytes)
        } else {
            Err(self.damaged(extent.offset))
        }
    }

    fn read(&self, offset: u64, len: usize) -> Result<Vec<u8>> {
        if offset.checked_add(len as u64).is_none_or(|end| end > self.meant.len) {
            return Err(self.damaged(offset));
        }
        let mut bytes = vec![0; len];
        disk::read_at(&self.file, &mut bytes, offset).map_err(|error| self.at(error, offset))?;
        Ok(bytes)
    }

    fn damaged(&self, offset: u64) -> Error {
        self.at(Error::new(ErrorKind::Tampered, "a run is damaged"), offset)
    }

    fn at(&self, error: Error, offset: u64) -> Error {
        error.or_at(|| Place::Offset { file: disk::name(self.meant.id, SUFFIX), offset })
    }
}

/// The entries of a run whose keys start with a prefix, in order.
pub(crate) struct RunScan {
    run: Arc<Run>,
    prefix: Vec<u8>,
    group: usize,
    block: usize,
    /// Entries of the block read last, the next one last.
    ready: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    ended: bool,
}

impl RunScan {
    pub(crate) fn new(run: Arc<Run>, prefix: &[u8]) -> Self {
        let group = run.groups.partition_point(|(extent, _)| extent.first.as_slice() <= prefix);
        let group = group.saturating_sub(1);
        Self { run, prefix: prefix.to_vec(), group, block: 0, ready: Vec::new(), ended: false }
    }

    /// Reads the next block that may hold entries; `false` at the end.
    fn read_block(&mut self) -> Result<bool> {
        let Some((extent, _)) = self.run.groups.get(self.group) else {
            return Ok(false);
        };
        if extent.first > self.prefix && !extent.first.starts_with(&self.prefix) {
            return Ok(false);
        }
        let Some(group) = self.run.group(self.group)? else {
            return Ok(false);
        };
        if self.block == 0 {
            self.block = page::holding(&group.blocks, &self.prefix).unwrap_or(0);
        }
        let Some(block) = group.blocks.get(self.block) else {
            (self.group, self.block) = (self.group + 1, 0);
            return Ok(true);
        };
        self.block += 1;
        let bytes = self.run.read_extent(block)?;
        for entry in Entries::new(&bytes) {
            let (key, value) = entry.map_err(|error| self.run.at(error, block.offset))?;
            if key.starts_with(&self.prefix) {
                self.ready.push((key.to_vec(), value.map(<[u8]>::to_vec)));
            } else if key > self.prefix.as_slice() {
                self.ended = true;
                break;
            }
        }
        self.ready.reverse();
        Ok(true)
    }
}

impl Source for RunScan {
    fn next(&mut self) -> Result<Option<(Vec<u8>, Option<Vec<u8>>)>> {
        loop {
            if let Some(entry) = self.ready.pop() {
                return Ok(Some(entry));
            }
            if self.ended || !self.read_block()? {
                self.ended = true;
                return Ok(None);
            }
        }
    }
}
