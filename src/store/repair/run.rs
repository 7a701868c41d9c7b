//! What can still be read of a damaged run.
//!
//! The directory and the footer are not needed: the index of a group stands behind its blocks
//! and says where they begin, so it is known wherever it stands. Blocks whose index is gone are
//! read as far as their entries are in order.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use crate::error::Result;
use crate::store::disk;
use crate::store::run::RunWriter;
use crate::store::run::page::{self, Entries, Extent, GROUP, MAX_BLOCK, MAX_GROUP};
use crate::store::{MAX_KEY, MAX_VALUE};

/// Bytes looked through at a time.
const CHUNK: usize = 4 << 20;
/// The shortest beginning of a group's index: the count of its blocks, the length of a key.
const BEGINNING: usize = 5;

/// Copies what is whole of a run into another; gives how many parts were not.
pub(super) fn salvage(path: &Path, into: &mut RunWriter) -> Result<u64> {
    let file = disk::open_file(path, false)?;
    let len = file.metadata().map_err(|error| disk::named(error, path))?.len();
    let mut from = Salvage { file, len, into, last: Vec::new(), lost: 0 };
    let (mut at, mut groups) = (0, Vec::new());
    while let Some(group) = from.next_group(at)? {
        from.lost += u64::from(!from.copy_loose(at..group.first())?);
        for block in &group.blocks {
            from.copy_block(block)?;
        }
        at = group.end;
        groups.extend(group.blocks.into_iter().next());
    }
    // Behind the last group a directory of these groups and a footer are no loss.
    let rest = page::encode_directory(&groups).len() + page::FOOTER;
    if len - at != rest as u64 {
        from.copy_loose(at..len)?;
        from.lost += 1;
    }
    Ok(from.lost)
}

struct Salvage<'a> {
    file: File,
    len: u64,
    into: &'a mut RunWriter,
    last: Vec<u8>,
    lost: u64,
}

/// A group's index as it was found, and where the next group begins.
struct Found {
    blocks: Vec<Extent>,
    end: u64,
}

impl Found {
    fn first(&self) -> u64 {
        self.blocks.first().map_or(self.end, |block| block.offset)
    }
}

impl Salvage<'_> {
    fn read(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let end = range.end.min(self.len);
        let mut bytes = vec![0; usize::try_from(end.saturating_sub(range.start)).unwrap_or(0)];
        disk::read_at(&self.file, &mut bytes, range.start)?;
        Ok(bytes)
    }

    /// The next index of a group whose blocks begin at `from` or later.
    fn next_group(&self, from: u64) -> Result<Option<Found>> {
        let mut at = from;
        while at < self.len {
            let bytes = self.read(at..at + (CHUNK + BEGINNING) as u64)?;
            for (here, window) in (at..).zip(bytes.windows(BEGINNING)).take(CHUNK) {
                let [count, 0, 0, 0, key] = window else { continue };
                let plausible = (1..=GROUP).contains(&usize::from(*count))
                    && (1..=MAX_KEY).contains(&usize::from(*key));
                if plausible && let Some(found) = self.group_at(here, from)? {
                    return Ok(Some(found));
                }
            }
            at += CHUNK as u64;
        }
        Ok(None)
    }

    /// The index at `here`, if there is one: its blocks follow each other right up to it.
    fn group_at(&self, here: u64, from: u64) -> Result<Option<Found>> {
        let bytes = self.read(here..here + MAX_GROUP as u64)?;
        let Ok((blocks, index)) = page::decode_index(&bytes) else { return Ok(None) };
        let mut end = blocks.first().map_or(0, |block| block.offset);
        let follow = end >= from
            && blocks.iter().all(|block| {
                let follows = block.offset == end;
                end = block.offset.saturating_add(block.len as u64);
                follows
            });
        if !follow || end != here {
            return Ok(None);
        }
        // Behind the index its filter; where that is damaged, the next index is looked for.
        let filter = bytes.get(index..).and_then(|rest| rest.first_chunk());
        let filter = filter.map_or(0, |len| 4 + u64::from(u32::from_le_bytes(*len)));
        let end = here + index as u64;
        let end =
            Some(end + filter).filter(|end| *end <= self.len && filter <= 1 << 20).unwrap_or(end);
        Ok(Some(Found { blocks, end }))
    }

    fn copy_block(&mut self, block: &Extent) -> Result<()> {
        let bytes = self.read(block.offset..block.offset.saturating_add(block.len as u64))?;
        if page::check(&bytes) == block.check {
            self.copy(&bytes).map(drop)
        } else {
            self.lost += 1;
            Ok(())
        }
    }

    /// Copies entries that no index vouches for, up to the first that is none; gives whether
    /// that was all.
    fn copy_loose(&mut self, range: Range<u64>) -> Result<bool> {
        let mut at = range.start;
        while at < range.end {
            let bytes = self.read(at..range.end.min(at + MAX_BLOCK as u64))?;
            let read = self.copy(&bytes)?;
            if read == 0 {
                return Ok(false);
            }
            at += read as u64;
        }
        Ok(true)
    }

    /// Copies entries as long as they ascend; gives the bytes that they take.
    fn copy(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut taken = 0;
        for entry in Entries::new(bytes) {
            let Ok((key, value)) = entry else { break };
            if key <= self.last.as_slice() {
                break;
            }
            self.into.push(key, value)?;
            self.last.clear();
            self.last.extend_from_slice(key);
            taken += 4 + key.len() + value.map_or(0, <[u8]>::len);
        }
        Ok(taken)
    }
}

const _: () = assert!(MAX_BLOCK > 4 + MAX_KEY + MAX_VALUE, "one entry fits what is read at a time");
