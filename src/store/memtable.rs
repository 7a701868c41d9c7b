//! The newest rows, in sled.
//!
//! sled is measured to panic on damaged files, to lose rows silently, and to sync less than
//! it says; after a write that failed, as on a full disk, it can wait for ever. So it holds
//! only what the journal's segment holds too, one folder for each segment: it can be thrown
//! away at any time. Every call is guarded against panics, whatever writes has only so long,
//! and at opening its rows are compared with the journal's.

use std::fs::{self, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::store::payload::Rows;
use crate::store::{Position, disk};

/// How far the journal was applied; one byte, so that no row has this key.
const APPLIED: &[u8] = &[0];
/// The state of that commit: two bytes, so that neither has a row this key.
const STATE: &[u8] = &[0, 0];
/// First byte of a row's key in sled.
const ROW: u8 = 1;
/// First byte of a value: a row follows, or it was removed.
const PRESENT: u8 = 1;
const REMOVED: u8 = 0;
const CACHE: u64 = 4 << 20;
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// For what writes: a segment's worth of rows on a slow disk takes less.
const LONGEST_WRITE: Duration = Duration::from_secs(30);

/// Set once sled has not answered in time. Its threads are the whole process's, and one that
/// waits for ever holds up every folder; from then on this process opens none.
static STUCK: AtomicBool = AtomicBool::new(false);

/// Rows since the newest segment began.
pub(crate) struct Memtable {
    /// Taken out on drop, where sled can panic as well.
    db: Option<sled::Db>,
    broken: AtomicBool,
}

impl Memtable {
    /// Opens the folder, or creates it.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        if STUCK.load(Ordering::Acquire) {
            return Err(Error::new(ErrorKind::Busy, "sled waits for a disk"));
        }
        if folder.is_dir() {
            wait_for_its_threads(folder)?;
            remove_unfinished_snapshots(folder)?;
        } else {
            disk::create_dir(folder)?;
        }
        let config = sled::Config::new().path(folder).flush_every_ms(None).cache_capacity(CACHE);
        let db = in_time(LONGEST_WRITE, move || config.open())?;
        Ok(Self { db: Some(db), broken: AtomicBool::new(false) })
    }

    /// How far the journal was applied, if it was.
    pub(crate) fn applied(&self) -> Result<Option<Position>> {
        let Some(value) = self.call(|db| db.get(APPLIED))? else {
            return Ok(None);
        };
        let mut reader = Reader::new(&value);
        let position = Position { sequence: reader.u64()?, chain: reader.array()? };
        reader.finish()?;
        Ok(Some(position))
    }

    /// The state of the commit up to which the journal was applied, if it was.
    pub(crate) fn state(&self) -> Result<Option<Vec<u8>>> {
        Ok(self.call(|db| db.get(STATE))?.map(|state| state.to_vec()))
    }

    /// Applies rows, the position they reach and its state, in one atomic step.
    pub(crate) fn apply(&self, rows: &Rows, position: Position, state: &[u8]) -> Result<()> {
        let mut applied = Writer::new();
        applied.u64(position.sequence).raw(&position.chain);
        let mut batch = sled::Batch::default();
        batch.insert(APPLIED, applied.into_vec());
        batch.insert(STATE, state);
        for (key, row) in rows {
            let value = row.as_ref().map_or_else(|| vec![REMOVED], |row| tagged(PRESENT, row));
            batch.insert(tagged(ROW, key), value);
        }
        self.write(move |db| db.apply_batch(batch))
    }

    /// What sled says about a key: nothing, that it was removed, or its row.
    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<Option<Vec<u8>>>> {
        self.call(|db| db.get(tagged(ROW, key)))?.map(|value| untag(&value)).transpose()
    }

    /// All rows and removals whose keys start with `prefix`.
    pub(crate) fn rows(&self, prefix: &[u8]) -> Result<Rows> {
        let stored =
            self.call(|db| db.scan_prefix(tagged(ROW, prefix)).collect::<sled::Result<Vec<_>>>())?;
        let entry = |(key, value): (sled::IVec, sled::IVec)| {
            let (_, key) = key.split_first().ok_or_else(bad_row)?;
            Ok((key.to_vec(), untag(&value)?))
        };
        stored.into_iter().map(entry).collect()
    }

    /// Hands everything to the operating system.
    pub(crate) fn flush(&self) -> Result<()> {
        self.write(|db| db.flush().map(drop))
    }

    /// Whether a call has failed: what sled says from then on counts for nothing.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    #[cfg(test)]
    pub(crate) fn fail(&self) {
        self.broken.store(true, Ordering::Release);
    }

    fn call<T>(&self, call: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T> {
        let db = self.db()?;
        guarded(|| call(db)).inspect_err(|_| self.broken.store(true, Ordering::Release))
    }

    fn write(
        &self,
        call: impl FnOnce(&sled::Db) -> sled::Result<()> + Send + 'static,
    ) -> Result<()> {
        let db = self.db()?.clone();
        in_time(LONGEST_WRITE, move || call(&db))
            .inspect_err(|_| self.broken.store(true, Ordering::Release))
    }

    fn db(&self) -> Result<&sled::Db> {
        let db = self.db.as_ref().filter(|_| !self.is_broken());
        db.ok_or_else(failed)
    }
}

impl Drop for Memtable {
    /// The last handle writes what is not written yet. One that cannot be closed stays open
    /// until the process ends; a store that this process opens meanwhile does without sled.
    fn drop(&mut self) {
        let db = self.db.take();
        let longest = if self.is_broken() { LONGEST_WAIT } else { LONGEST_WRITE };
        let _ = in_time(longest, move || {
            drop(db);
            Ok(())
        });
    }
}

/// sled's threads may outlive a handle that this process dropped, and hold its lock so long.
fn wait_for_its_threads(folder: &Path) -> Result<()> {
    let Ok(file) = disk::open_file(&folder.join("db"), true) else {
        return Ok(());
    };
    let start = Instant::now();
    while let Err(TryLockError::WouldBlock) = file.try_lock() {
        if start.elapsed() > LONGEST_WAIT {
            return Err(Error::new(ErrorKind::Busy, "sled is still in use"));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// A kill while sled writes a snapshot leaves a file that fails every later opening.
fn remove_unfinished_snapshots(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(|error| disk::named(error, folder))? {
        let path = entry.map_err(|error| disk::named(error, folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            fs::remove_file(&path).map_err(|error| disk::named(error, &path))?;
        }
    }
    Ok(())
}

/// Makes a call on a thread of its own and waits for it only so long.
fn in_time<T: Send + 'static>(
    longest: Duration,
    call: impl FnOnce() -> sled::Result<T> + Send + 'static,
) -> Result<T> {
    let (done, outcome) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name("amparo-sled".to_owned());
    let started = thread.spawn(move || {
        let _ = done.send(guarded(call));
    });
    started.map_err(Error::io)?;
    outcome.recv_timeout(longest).unwrap_or_else(|_| {
        STUCK.store(true, Ordering::Release);
        Err(failed())
    })
}

fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T> {
    // A panic's message may quote what sled read; it is dropped.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(failed()),
    }
}

fn tagged(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let mut tagged = Vec::with_capacity(1 + bytes.len());
    tagged.push(tag);
    tagged.extend_from_slice(bytes);
    tagged
}

fn untag(value: &[u8]) -> Result<Option<Vec<u8>>> {
    match value.split_first() {
        Some((&PRESENT, row)) => Ok(Some(row.to_vec())),
        Some((&REMOVED, [])) => Ok(None),
        _ => Err(bad_row()),
    }
}

fn bad_row() -> Error {
    Error::new(ErrorKind::Tampered, "a row in sled is damaged")
}

fn failed() -> Error {
    Error::new(ErrorKind::Io, "sled failed; open the store again to rebuild it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_within_sled_is_an_error_and_the_last_thing_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let sled = Memtable::open(&folder.path().join("sled")).unwrap();
        let rows = Rows::from([(b"key".to_vec(), Some(b"row".to_vec()))]);
        sled.apply(&rows, Position::default(), b"state").unwrap();
        assert_eq!(sled.state().unwrap().as_deref(), Some(b"state".as_slice()));
        assert_eq!(sled.rows(b"ke").unwrap(), rows);
        assert!(!sled.is_broken());
        let panicked: Result<()> = sled.call(|_| panic!("as sled does on damaged files"));
        assert_eq!(panicked.unwrap_err().kind(), ErrorKind::Io);
        assert!(sled.is_broken());
        assert!(sled.get(b"key").is_err());
    }
}
