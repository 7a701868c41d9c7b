//! What frames say: commits and manifests, encoded in one way each.

use std::collections::BTreeMap;

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::store::frame::{Frame, Kind};
use crate::store::{Batch, MAX_KEY, MAX_ROWS, MAX_STATE, MAX_VALUE, Position};

/// Rows by key; `None` is a removed row that may hide one in an older place.
pub(crate) type Rows = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Most runs a manifest can name.
pub(crate) const MAX_RUNS: usize = 1024;
/// Chain hashes of commits before the segment that a manifest keeps.
pub(crate) const MAX_TRAIL: usize = 1024;

const REMOVED: u8 = 0x80;

/// A run, and all that is needed to know that it is the one meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunRef {
    pub(crate) id: u64,
    pub(crate) len: u64,
    /// BLAKE3 of its footer, which binds every byte of the file.
    pub(crate) hash: [u8; 32],
}

/// Where a segment starts from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) sequence: u64,
    pub(crate) state: Vec<u8>,
    /// Chain hashes of the last commits, ending with commit `sequence`.
    pub(crate) trail: Vec<[u8; 32]>,
    /// Newest first.
    pub(crate) runs: Vec<RunRef>,
}

/// A commit as a frame carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Commit {
    Rows { state: Vec<u8>, rows: Rows },
    Run { state: Vec<u8>, run: RunRef },
}

impl Manifest {
    pub(crate) fn position(&self) -> Position {
        let chain = self.trail.last().copied().unwrap_or_default();
        Position { sequence: self.sequence, chain }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.u64(self.sequence).bytes(&self.state);
        writer.u32(u32::try_from(self.trail.len()).unwrap_or(u32::MAX));
        for chain in &self.trail {
            writer.raw(chain);
        }
        writer.u32(u32::try_from(self.runs.len()).unwrap_or(u32::MAX));
        for run in &self.runs {
            write_run(&mut writer, run);
        }
        writer.into_vec()
    }

    /// # Errors
    ///
    /// `Tampered` unless `frame` is a manifest exactly as [`Manifest::encode`] makes it.
    pub(crate) fn decode(frame: &Frame) -> Result<Self> {
        if frame.kind != Kind::Manifest {
            return Err(bad("a segment does not start with a manifest"));
        }
        let mut reader = Reader::new(&frame.payload);
        let sequence = reader.u64()?;
        let state = reader.bytes(MAX_STATE)?.to_vec();
        let count = bounded(&mut reader, MAX_TRAIL)?;
        let trail = (0..count).map(|_| reader.array()).collect::<Result<Vec<_>>>()?;
        let count = bounded(&mut reader, MAX_RUNS)?;
        let runs = (0..count).map(|_| read_run(&mut reader)).collect::<Result<Vec<_>>>()?;
        reader.finish()?;
        let enough = (sequence == 0) == trail.is_empty() && trail.len() as u64 <= sequence;
        if sequence != frame.sequence || !enough {
            return Err(bad("a manifest contradicts itself"));
        }
        Ok(Self { sequence, state, trail, runs })
    }
}

impl Commit {
    /// The length of the payload of [`Commit::encode_rows`].
    pub(crate) fn rows_len(batch: &Batch) -> usize {
        let value = |value: &Option<Vec<u8>>| value.as_ref().map_or(0, |value| 4 + value.len());
        let rows = batch.rows.iter().map(|(key, row)| 1 + key.len() + value(row)).sum::<usize>();
        4 + batch.state.len() + 4 + rows
    }

    pub(crate) fn encode_rows(batch: &Batch) -> Vec<u8> {
        let mut writer = Writer::with_capacity(Self::rows_len(batch));
        writer.bytes(&batch.state);
        writer.u32(u32::try_from(batch.rows.len()).unwrap_or(u32::MAX));
        for (key, row) in &batch.rows {
            let len = u8::try_from(key.len()).unwrap_or(u8::MAX);
            match row {
                Some(value) => writer.u8(len).raw(key).bytes(value),
                None => writer.u8(len | REMOVED).raw(key),
            };
        }
        writer.into_vec()
    }

    pub(crate) fn encode_run(state: &[u8], run: &RunRef) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.bytes(state);
        write_run(&mut writer, run);
        writer.into_vec()
    }

    /// # Errors
    ///
    /// `Tampered` unless the payload is one that the encoders above make.
    pub(crate) fn decode(kind: Kind, payload: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(payload);
        let state = reader.bytes(MAX_STATE)?.to_vec();
        let commit = match kind {
            Kind::Manifest => return Err(bad("a manifest within a segment")),
            Kind::Run => Self::Run { state, run: read_run(&mut reader)? },
            Kind::Rows => Self::Rows { state, rows: read_rows(&mut reader)? },
        };
        reader.finish()?;
        Ok(commit)
    }
}

fn read_rows(reader: &mut Reader<'_>) -> Result<Rows> {
    let mut rows = Rows::new();
    for _ in 0..bounded(reader, MAX_ROWS)? {
        let head = reader.u8()?;
        let len = usize::from(head & !REMOVED);
        if len == 0 || len > MAX_KEY {
            return Err(bad("a key is out of bounds"));
        }
        let key = reader.take(len)?.to_vec();
        if rows.last_key_value().is_some_and(|(last, _)| *last >= key) {
            return Err(bad("rows are out of order"));
        }
        let removed = head & REMOVED != 0;
        let row = if removed { None } else { Some(reader.bytes(MAX_VALUE)?.to_vec()) };
        rows.insert(key, row);
    }
    Ok(rows)
}

fn write_run(writer: &mut Writer, run: &RunRef) {
    writer.u64(run.id).u64(run.len).raw(&run.hash);
}

fn read_run(reader: &mut Reader<'_>) -> Result<RunRef> {
    Ok(RunRef { id: reader.u64()?, len: reader.u64()?, hash: reader.array()? })
}

fn bounded(reader: &mut Reader<'_>, max: usize) -> Result<usize> {
    let count = reader.u32()? as usize;
    if count > max { Err(bad("a count is out of bounds")) } else { Ok(count) }
}

fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}
