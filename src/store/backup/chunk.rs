//! The rows of one chunk, as the journal writes them: key, then value or nothing.

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::store::{MAX_KEY, MAX_VALUE};

use super::CHUNK;

/// A row, or a key whose row is gone.
pub(crate) type Row = (Vec<u8>, Option<Vec<u8>>);

/// Set in the length of a key whose row is gone.
const REMOVED: u8 = 0x80;
/// Longest payload: one row of the longest key and value.
pub(super) const MAX_PAYLOAD: usize = 1 + MAX_KEY + 4 + MAX_VALUE;

/// A chunk on its way. Where it ends depends on its rows alone.
#[derive(Default)]
pub(super) struct ChunkWriter {
    rows: Writer,
    last: Vec<u8>,
}

impl ChunkWriter {
    /// Whether a row is to open the next chunk.
    pub(super) fn is_full(&self, key: &[u8], row: Option<&[u8]>) -> bool {
        let more = 1 + key.len() + row.map_or(0, |row| 4 + row.len());
        self.rows.len() > 0 && self.rows.len() + more > CHUNK
    }

    pub(super) fn push(&mut self, key: &[u8], row: Option<&[u8]>) -> Result<()> {
        let len = u8::try_from(key.len()).ok().filter(|len| (1..=MAX_KEY).contains(&(*len).into()));
        let len = len.filter(|_| row.is_none_or(|row| row.len() <= MAX_VALUE));
        let len = len.ok_or_else(|| Error::new(ErrorKind::TooLong, "a row is out of bounds"))?;
        if key <= self.last.as_slice() {
            return Err(Error::new(ErrorKind::Internal, "rows of a backup are not in order"));
        }
        key.clone_into(&mut self.last);
        match row {
            Some(row) => self.rows.u8(len).raw(key).bytes(row),
            None => self.rows.u8(len | REMOVED).raw(key),
        };
        Ok(())
    }

    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rows).into_vec()
    }
}

/// The rows of a payload, the last one first, each after `last`.
pub(super) fn read_rows(payload: &[u8], last: &mut Vec<u8>) -> Result<Vec<Row>> {
    let mut input = Reader::new(payload);
    let mut rows = Vec::new();
    while input.remaining() > 0 {
        let len = input.u8()?;
        let key = input.take(usize::from(len & !REMOVED))?;
        if key.is_empty() || key.len() > MAX_KEY || key <= last.as_slice() {
            return Err(Error::new(ErrorKind::Tampered, "rows of a backup are not in order"));
        }
        key.clone_into(last);
        let row = if len & REMOVED == 0 { Some(input.bytes(MAX_VALUE)?.to_vec()) } else { None };
        rows.push((key.to_vec(), row));
    }
    rows.reverse();
    Ok(rows)
}
