//! Creating and opening: what a crash may have left is finished or undone.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use crate::error::{Error, ErrorKind, Result};
use crate::id::InstanceId;
use crate::store::embedded::view::View;
use crate::store::embedded::{Limits, OpenMode, Opened, SledStore, Writer};
use crate::store::journal::Journal;
use crate::store::memtable::Memtable;
use crate::store::payload::{Commit, Manifest, Rows};
use crate::store::run::{self, Run};
use crate::store::segment::Segment;
use crate::store::steps::step;
use crate::store::{Position, disk};

pub(crate) const JOURNAL: &str = "journal";
pub(crate) const RUNS: &str = "runs";
pub(crate) const SLED: &str = "sled";
pub(crate) const LOCK: &str = "lock";

impl SledStore {
    /// Creates an empty store in a folder that must not exist yet.
    ///
    /// # Errors
    ///
    /// `Exists` if it does; `NoPermission`, `DiskFull`, `Io`.
    pub fn create(path: impl AsRef<Path>, instance: InstanceId) -> Result<Self> {
        Self::create_with(path.as_ref(), instance, Limits::default())
    }

    pub(crate) fn create_with(path: &Path, instance: InstanceId, limits: Limits) -> Result<Self> {
        disk::create_dir(path)?;
        step("folder created")?;
        for folder in [JOURNAL, RUNS, SLED] {
            disk::create_dir(&path.join(folder))?;
            step("inner folder created")?;
        }
        let folder = path.join(JOURNAL);
        Journal::prepare(&folder, 1, instance, &Manifest::default(), &limits)?.promote()?;
        Self::open_with(path, instance, OpenMode::Write, limits)
    }

    /// Opens a store; `instance` is the copy of the vault it must belong to.
    ///
    /// # Errors
    ///
    /// `Busy` if another process has it open; `Missing` if the journal or a run is not there;
    /// `Tampered` where stored bytes are damaged or of another instance; `NewerFormat`;
    /// `NoPermission`, `DiskFull`, `Io`.
    pub fn open(path: impl AsRef<Path>, instance: InstanceId, mode: OpenMode) -> Result<Self> {
        Self::open_with(path.as_ref(), instance, mode, Limits::default())
    }

    pub(crate) fn open_with(
        path: &Path,
        instance: InstanceId,
        mode: OpenMode,
        limits: Limits,
    ) -> Result<Self> {
        let writable = mode == OpenMode::Write;
        let journal_folder = path.join(JOURNAL);
        if !journal_folder.is_dir() {
            return Err(Error::new(ErrorKind::Missing, "the journal is missing"));
        }
        let lock = disk::lock(&path.join(LOCK), writable)?;
        if writable {
            // An entry that is visible may not be durable yet; below, others are removed
            // because of it.
            disk::sync_dir(&journal_folder)?;
            // What sled held is filled in again; a run that is named is missed below.
            for folder in [RUNS, SLED].map(|name| path.join(name)) {
                if !folder.exists() {
                    disk::create_dir(&folder)?;
                }
            }
        }
        let (journal, segment, journal_cut) =
            Journal::open(&journal_folder, instance, writable.then_some(&limits))?;
        let runs = open_runs(&path.join(RUNS), &segment)?;
        let next_run = disk::numbered(&path.join(RUNS), run::SUFFIX)?.pop().map_or(1, |id| id + 1);
        if writable {
            remove_stale(path, &journal, &runs)?;
        }

        let (position, state) = (segment.position(), segment.state().to_vec());
        let mut trail = segment.manifest.trail.clone();
        trail.extend(segment.commits.iter().map(|(position, _)| position.chain));
        let newest_is_run = matches!(segment.commits.last(), Some((_, Commit::Run { .. })));
        let mut opened = Opened { journal_cut, ..Opened::default() };
        let mut rows = 0;
        for (_, commit) in &segment.commits {
            rows += if let Commit::Rows { rows, .. } = commit { rows.len() } else { 0 };
        }
        let (overlay, memtable, fed) = if writable {
            open_memtable(path, journal.number(), segment, &mut opened)
        } else {
            let commits = segment.commits.len() as u64;
            opened.replayed = commits;
            (segment.into_rows(0).1, None, false)
        };
        let view = View { overlay, memtable, fed, runs, position, state, trail };
        let writer = Writer { journal, next_run, rows, newest_is_run, poisoned: false };
        Ok(Self {
            folder: path.to_path_buf(),
            instance,
            limits,
            mode,
            opened,
            view: RwLock::new(view),
            writer: Mutex::new(writer),
            _lock: lock,
        })
    }
}

/// The runs that the segment names, the newest first.
fn open_runs(folder: &Path, segment: &Segment) -> Result<Arc<[Arc<Run>]>> {
    let later = segment.commits.iter().rev().filter_map(|(_, commit)| match commit {
        Commit::Run { run, .. } => Some(run),
        Commit::Rows { .. } => None,
    });
    later.chain(&segment.manifest.runs).map(|run| Run::open(folder, run).map(Arc::new)).collect()
}

/// Removes what a crash left behind and nothing names.
fn remove_stale(path: &Path, journal: &Journal, runs: &[Arc<Run>]) -> Result<()> {
    journal.remove_others()?;
    let folder = path.join(RUNS);
    for id in disk::numbered(&folder, run::SUFFIX)? {
        if !runs.iter().any(|run| run.meant().id == id) {
            disk::remove_stale(&run::path(&folder, id));
            step("unnamed run removed")?;
        }
    }
    let folder = path.join(SLED);
    for number in disk::numbered(&folder, "")? {
        if number != journal.number() {
            disk::remove_stale(&folder.join(disk::name(number, "")));
            step("old sled removed")?;
        }
    }
    Ok(())
}

/// Opens sled and holds it against the journal; whatever differs, sled is wrong.
///
/// Without any sled all rows stand in the overlay: slower to open, nothing else.
fn open_memtable(
    path: &Path,
    number: u64,
    segment: Segment,
    opened: &mut Opened,
) -> (Rows, Option<Memtable>, bool) {
    let folder = path.join(SLED).join(disk::name(number, ""));
    let existed = folder.is_dir();
    let start = segment.manifest.position();
    let commits: Vec<Position> = segment.commits.iter().map(|(position, _)| *position).collect();
    let known = |applied: &Position| *applied == start || commits.contains(applied);
    let applied = Memtable::open(&folder).and_then(|sled| Ok((sled.applied()?, sled)));
    let busy = applied.as_ref().is_err_and(|error| error.kind() == ErrorKind::Busy);
    if let Ok((applied, sled)) = applied
        && applied.as_ref().is_none_or(known)
    {
        let sequence = applied.map_or(start.sequence, |applied| applied.sequence);
        let (before, after) = segment.into_rows(sequence);
        if sled.rows(&[]).is_ok_and(|rows| rows == before) {
            opened.replayed = commits.iter().filter(|c| c.sequence > sequence).count() as u64;
            return (after, Some(sled), !before.is_empty());
        }
        drop(sled);
        return rebuild(&folder, [before, after], commits.len(), existed, opened);
    }
    let (_, rows) = segment.into_rows(0);
    if busy {
        // Not damaged; this session does without it.
        opened.replayed = commits.len() as u64;
        return (rows, None, false);
    }
    rebuild(&folder, [Rows::new(), rows], commits.len(), existed, opened)
}

fn rebuild(
    folder: &Path,
    [mut rows, after]: [Rows; 2],
    commits: usize,
    existed: bool,
    opened: &mut Opened,
) -> (Rows, Option<Memtable>, bool) {
    rows.extend(after);
    opened.rebuilt = existed;
    opened.replayed = commits as u64;
    let removed = !folder.exists() || fs::remove_dir_all(folder).is_ok();
    let sled = removed.then(|| Memtable::open(folder).ok()).flatten();
    (rows, sled, false)
}
