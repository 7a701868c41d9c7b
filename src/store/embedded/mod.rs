//! The embedded store: a journal, sled for the newest rows, sorted runs for the rest.
//!
//! sled 0.34 took 68 s and 11 GB for 2.5 million small rows, and 2.2 s for 200,000; so it
//! never holds more than one segment of the journal does. A commit is one frame and one
//! `fdatasync`; it is then visible in an overlay in memory. sled is fed when the store is
//! closed: fed on the way, it took 10 us a row, more than the commit itself, for rows that a
//! full segment soon moves on into a run. Reads ask overlay, sled, and the runs from the
//! newest to the oldest.
//!
//! The writer's lock is held for a whole commit or housekeeping; the view's only to read it
//! or to swap it, never while a caller's code runs.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::error::{Error, ErrorKind, Result};
use crate::id::InstanceId;
use crate::store::frame::{self, Kind};
use crate::store::journal::Journal;
use crate::store::memtable::Memtable;
use crate::store::payload::Commit;
use crate::store::run::RunWriter;
use crate::store::{Batch, Maintenance, Position, Store, Visit, disk};

mod open;
mod roll;
mod view;

pub(crate) use open::{JOURNAL, LOCK, RUNS, SLED};
use roll::Merging;
use view::View;

/// Rows in a folder, in the care of one process.
///
/// # Security
///
/// The store sees ciphertext and checks it against accidents and crashes. It holds no key:
/// whoever can write its files can write other rows. The layers above notice that.
pub struct SledStore {
    folder: PathBuf,
    instance: InstanceId,
    limits: Limits,
    mode: OpenMode,
    opened: Opened,
    view: RwLock<View>,
    writer: Mutex<Writer>,
    /// Held until the store is dropped.
    _lock: Option<File>,
}

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum OpenMode {
    /// For reading and writing, by one process at a time.
    Write,
    /// For reading: nothing is created, cut or repaired, so read-only media will do.
    ReadOnly,
}

/// What opening found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened {
    /// The remains of a frame that was never acknowledged were moved to `journal.cut`.
    pub journal_cut: bool,
    /// sled was damaged and was built again.
    pub rebuilt: bool,
    /// Commits that the journal held and sled did not.
    pub replayed: u64,
}

/// Sizes, smaller in tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of a segment.
    pub(crate) segment: u64,
    /// Longest payload of a frame; longer commits become runs.
    pub(crate) payload: usize,
    /// Most rows of a segment.
    pub(crate) rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { segment: 4 << 20, payload: frame::MAX_PAYLOAD, rows: 16 << 10 }
    }
}

/// What only the writer needs.
struct Writer {
    journal: Journal,
    next_run: u64,
    /// Rows in frames of the segment.
    rows: usize,
    newest_is_run: bool,
    /// A write failed whose outcome is unknown.
    poisoned: bool,
}

impl SledStore {
    /// What opening found.
    #[must_use]
    pub const fn opened(&self) -> Opened {
        self.opened
    }

    #[cfg(test)]
    pub(crate) fn fail_sled(&self) {
        self.read().memtable.as_ref().unwrap().fail();
    }

    fn read(&self) -> RwLockReadGuard<'_, View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, View> {
        self.view.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>> {
        if self.mode == OpenMode::ReadOnly {
            return Err(Error::new(ErrorKind::ReadOnly, "the store was opened for reading"));
        }
        // A panic while the lock was held: the outcome of that commit is unknown.
        let ended = || Error::new(ErrorKind::SessionEnded, "an earlier write failed");
        let writer = self.writer.lock().map_err(|_| ended())?;
        if writer.poisoned { Err(ended()) } else { Ok(writer) }
    }

    fn runs_folder(&self) -> PathBuf {
        self.folder.join(RUNS)
    }

    fn journal_folder(&self) -> PathBuf {
        self.folder.join(JOURNAL)
    }

    fn sled_folder(&self, generation: u64) -> PathBuf {
        self.folder.join(SLED).join(disk::name(generation, ""))
    }

    fn commit_rows(&self, writer: &mut Writer, batch: &Batch) -> Result<Position> {
        let full = writer.rows + batch.rows.len() > self.limits.rows;
        if full || !writer.journal.has_room(Commit::rows_len(batch)) {
            self.roll(writer, Merging::Least)?;
        }
        let position = self.append(writer, Kind::Rows, &Commit::encode_rows(batch))?;
        writer.rows += batch.rows.len();
        writer.newest_is_run = false;
        let mut view = self.write();
        view.overlay.extend(batch.rows.iter().map(|(key, row)| (key.clone(), row.clone())));
        view.advance(position, &batch.state);
        Ok(position)
    }

    /// A commit too long for a frame: its rows become a run, which the frame promotes.
    fn commit_run(&self, writer: &mut Writer, batch: &Batch) -> Result<Position> {
        let room = writer.journal.has_room(2 * crate::store::MAX_STATE);
        if writer.rows > 0 || !room || self.read().runs.len() >= roll::TOO_MANY_RUNS {
            // Runs are older than what the segment's frames hold, and this one is newer.
            self.roll(writer, Merging::Least)?;
        }
        let mut run = RunWriter::create(&self.runs_folder(), writer.next_run)?;
        for (key, row) in &batch.rows {
            run.push(key, row.as_deref())?;
        }
        let run = Arc::new(self.finish_run(writer, run)?);
        let payload = Commit::encode_run(&batch.state, run.meant());
        let position = self.append(writer, Kind::Run, &payload)?;
        writer.newest_is_run = true;
        let mut view = self.write();
        view.runs = std::iter::once(run).chain(view.runs.iter().map(Arc::clone)).collect();
        view.advance(position, &batch.state);
        Ok(position)
    }

    fn append(&self, writer: &mut Writer, kind: Kind, payload: &[u8]) -> Result<Position> {
        let Position { sequence, chain } = self.position();
        let sequence = sequence + 1;
        let chain = writer.journal.append(kind, sequence, &chain, payload);
        let chain = chain.inspect_err(|_| writer.poisoned = true)?;
        Ok(Position { sequence, chain })
    }

    /// Goes on without a sled that failed: its rows come back from the journal.
    fn heal(&self, writer: &Writer) {
        if !self.read().memtable.as_ref().is_some_and(Memtable::is_broken) {
            return;
        }
        let Ok(segment) = writer.journal.read() else {
            return;
        };
        let (_, rows) = segment.into_rows(0);
        let mut view = self.write();
        (view.overlay, view.fed) = (rows, false);
        view.memtable = None;
    }
}

impl Store for SledStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let runs = {
            let view = self.read();
            if let Some(row) = view.newest(key)? {
                return Ok(row);
            }
            Arc::clone(&view.runs)
        };
        view::get_in_runs(&runs, key)
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<()> {
        let (newest, runs) = {
            let view = self.read();
            (view.newest_rows(prefix)?, Arc::clone(&view.runs))
        };
        view::scan(newest, &runs, prefix, visit)
    }

    fn commit(&self, batch: &Batch) -> Result<Position> {
        batch.check_bounds()?;
        let mut writer = self.writer()?;
        self.heal(&writer);
        for (key, expect) in &batch.expect {
            if !expect.holds(self.get(key)?.as_deref()) {
                return Err(Error::new(ErrorKind::Conflict, "a row is not as it was expected"));
            }
        }
        let long = Commit::rows_len(batch) > self.limits.payload;
        if long || batch.rows.len() > self.limits.rows / 2 {
            return self.commit_run(&mut writer, batch);
        }
        self.commit_rows(&mut writer, batch)
    }

    fn position(&self) -> Position {
        self.read().position
    }

    fn state(&self) -> Vec<u8> {
        self.read().state.clone()
    }

    fn chain_at(&self, sequence: u64) -> Result<Option<[u8; 32]>> {
        Ok(self.read().chain_at(sequence))
    }

    fn verify_newest(&self) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.journal.verify_newest()?;
        let newest = self.read().runs.first().filter(|_| writer.newest_is_run).map(Arc::clone);
        newest.map_or(Ok(()), |run| run.verify())
    }

    fn maintain(&self) -> Result<Maintenance> {
        let mut writer = self.writer()?;
        self.heal(&writer);
        if self.wants_roll(&writer) {
            return self.roll(&mut writer, Merging::Tiers);
        }
        Ok(Maintenance::default())
    }

    fn compact(&self) -> Result<Maintenance> {
        let mut writer = self.writer()?;
        let done = match self.read().runs.as_ref() {
            [] => true,
            [only] => only.counts().1 == 0,
            _ => false,
        };
        if done && writer.rows == 0 {
            return Ok(Maintenance::default());
        }
        self.roll(&mut writer, Merging::Everything)
    }
}

impl std::fmt::Debug for SledStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SledStore").field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Drop for SledStore {
    /// Feeds sled what it lacks, so that the next opening replays nothing.
    fn drop(&mut self) {
        if self.writer().is_err() {
            return;
        }
        let view = self.read();
        if let Some(sled) = view.memtable.as_ref().filter(|_| !view.overlay.is_empty()) {
            // Nothing depends on it: the journal has it all.
            let fed = sled.apply(&view.overlay, view.position, &view.state);
            let _ = fed.and_then(|()| sled.flush());
        }
    }
}
