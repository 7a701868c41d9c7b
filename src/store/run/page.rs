//! The parts of a run file: pure encoding and decoding, no files.
//!
//! Every part is bound by the one that names it: the footer's hash stands in the journal,
//! the footer holds the hash of the directory, the directory the checks of the groups, a
//! group the checks of its blocks. No byte can change unseen, and none can stand for another.

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::store::{MAX_KEY, MAX_VALUE};

/// A block is closed once it is this long.
pub(crate) const BLOCK: usize = 4 << 10;
/// Longest possible block: one entry may stand alone in one.
pub(crate) const MAX_BLOCK: usize = BLOCK + 4 + MAX_KEY + MAX_VALUE;
/// Blocks in a group.
pub(crate) const GROUP: usize = 128;
/// Longest possible group: its blocks full of the shortest entries.
pub(crate) const MAX_GROUP: usize = 1 << 20;
/// Longest possible directory.
pub(crate) const MAX_DIRECTORY: usize = 64 << 20;
/// Bytes of a footer.
pub(crate) const FOOTER: usize = 72;

const MAGIC: [u8; 4] = *b"AMPR";
const FORMAT: u8 = 1;
const REMOVED: u8 = 0x80;

/// A row or a removal, as it lies in a block.
pub(crate) type Entry<'a> = (&'a [u8], Option<&'a [u8]>);

/// A part of the file, and how to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The first key in it.
    pub(crate) first: Vec<u8>,
    pub(crate) offset: u64,
    pub(crate) len: usize,
    pub(crate) check: [u8; 16],
}

/// Neighbouring blocks, and a filter over their keys.
pub(crate) struct Group {
    pub(crate) blocks: Vec<Extent>,
    pub(crate) filter: Vec<u8>,
}

/// The last bytes of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Footer {
    pub(crate) rows: u64,
    pub(crate) removals: u64,
    pub(crate) directory_offset: u64,
    pub(crate) directory_len: usize,
    pub(crate) directory_hash: [u8; 32],
}

/// The check that stands for a block or a group.
pub(crate) fn check(bytes: &[u8]) -> [u8; 16] {
    blake3::hash(bytes).as_bytes().first_chunk().copied().unwrap_or_default()
}

/// Appends an entry to a block.
pub(crate) fn push_entry(block: &mut Vec<u8>, key: &[u8], value: Option<&[u8]>) {
    let len = u8::try_from(key.len()).unwrap_or(u8::MAX);
    let value_len = u32::try_from(value.map_or(0, <[u8]>::len)).unwrap_or(u32::MAX);
    let [a, b, c, _] = value_len.to_le_bytes();
    block.extend_from_slice(&[if value.is_some() { len } else { len | REMOVED }, a, b, c]);
    block.extend_from_slice(key);
    block.extend_from_slice(value.unwrap_or_default());
}

/// The entries of a block, in order; ends after the first error.
pub(crate) struct Entries<'a>(Reader<'a>);

impl<'a> Entries<'a> {
    pub(crate) const fn new(block: &'a [u8]) -> Self {
        Self(Reader::new(block))
    }

    fn read(&mut self) -> Result<Entry<'a>> {
        let [head, a, b, c] = self.0.array()?;
        let key_len = usize::from(head & !REMOVED);
        let value_len = u32::from_le_bytes([a, b, c, 0]) as usize;
        let removed = head & REMOVED != 0;
        if key_len == 0 || key_len > MAX_KEY || value_len > MAX_VALUE || removed && value_len > 0 {
            return Err(bad("a row in a run is out of bounds"));
        }
        let key = self.0.take(key_len)?;
        let value = self.0.take(value_len)?;
        Ok((key, (!removed).then_some(value)))
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<Entry<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.remaining() == 0 {
            return None;
        }
        let entry = self.read();
        if entry.is_err() {
            self.0 = Reader::new(&[]);
        }
        Some(entry)
    }
}

/// The extent that holds `key`, if any does.
pub(crate) fn holding(extents: &[Extent], key: &[u8]) -> Option<usize> {
    extents.partition_point(|extent| extent.first.as_slice() <= key).checked_sub(1)
}

impl Group {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        write_extents(&mut writer, &self.blocks);
        writer.bytes(&self.filter);
        writer.into_vec()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let blocks = read_extents(&mut reader, MAX_BLOCK)?;
        let filter = reader.bytes(MAX_GROUP)?.to_vec();
        reader.finish()?;
        if blocks.is_empty() || filter.is_empty() {
            return Err(bad("a group of a run is empty"));
        }
        Ok(Self { blocks, filter })
    }
}

/// Encodes the directory: where the groups are.
pub(crate) fn encode_directory(groups: &[Extent]) -> Vec<u8> {
    let mut writer = Writer::new();
    write_extents(&mut writer, groups);
    writer.into_vec()
}

/// Decodes the extents at the start of a group of which more need not be whole; gives their
/// length too.
pub(crate) fn decode_index(bytes: &[u8]) -> Result<(Vec<Extent>, usize)> {
    let mut reader = Reader::new(bytes);
    let blocks = read_extents(&mut reader, MAX_BLOCK)?;
    Ok((blocks, bytes.len() - reader.remaining()))
}

/// Decodes a directory.
pub(crate) fn decode_directory(bytes: &[u8]) -> Result<Vec<Extent>> {
    let mut reader = Reader::new(bytes);
    let groups = read_extents(&mut reader, MAX_GROUP)?;
    reader.finish()?;
    Ok(groups)
}

impl Footer {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(FOOTER);
        writer.raw(&MAGIC).u8(FORMAT).raw(&[0; 3]).u64(self.rows).u64(self.removals);
        writer.u64(self.directory_offset);
        writer.u32(u32::try_from(self.directory_len).unwrap_or(u32::MAX)).u32(0);
        writer.raw(&self.directory_hash);
        writer.into_vec()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(bytes);
        let (magic, format) = (reader.array::<4>()?, reader.u8()?);
        if magic == MAGIC && format > FORMAT {
            return Err(Error::new(ErrorKind::NewerFormat, "a run is of a newer format"));
        }
        let zero = reader.array::<3>()?;
        let (rows, removals) = (reader.u64()?, reader.u64()?);
        let (directory_offset, directory_len) = (reader.u64()?, reader.u32()? as usize);
        let (zero_too, directory_hash) = (reader.u32()?, reader.array()?);
        reader.finish()?;
        if magic != MAGIC || format != FORMAT || zero != [0; 3] || zero_too != 0 {
            return Err(bad("a run has no footer"));
        }
        if directory_len > MAX_DIRECTORY {
            return Err(bad("the directory of a run is out of bounds"));
        }
        Ok(Self { rows, removals, directory_offset, directory_len, directory_hash })
    }
}

fn write_extents(writer: &mut Writer, extents: &[Extent]) {
    writer.u32(u32::try_from(extents.len()).unwrap_or(u32::MAX));
    for extent in extents {
        writer.u8(u8::try_from(extent.first.len()).unwrap_or(u8::MAX)).raw(&extent.first);
        writer.u64(extent.offset).u32(u32::try_from(extent.len).unwrap_or(u32::MAX));
        writer.raw(&extent.check);
    }
}

fn read_extents(reader: &mut Reader<'_>, max_len: usize) -> Result<Vec<Extent>> {
    let mut extents: Vec<Extent> = Vec::new();
    for _ in 0..reader.u32()? {
        let first_len = usize::from(reader.u8()?);
        let first = reader.take(first_len)?.to_vec();
        let (offset, len) = (reader.u64()?, reader.u32()? as usize);
        let extent = Extent { first, offset, len, check: reader.array()? };
        let ascends = extents.last().is_none_or(|last| last.first < extent.first);
        if first_len == 0 || first_len > MAX_KEY || len > max_len || !ascends {
            return Err(bad("the index of a run is out of bounds"));
        }
        extents.push(extent);
    }
    Ok(extents)
}

fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}
