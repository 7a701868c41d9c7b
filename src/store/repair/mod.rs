//! Rebuilding a damaged store from whatever of it can be read.
//!
//! A row lies in the journal's segment and in sled, or, once it is older, in a run alone. So a
//! damaged segment is made up from sled and from its whole frames; of a damaged run the whole
//! blocks are copied. What nothing repeats is gone: the layers above, which know the keys, say
//! which records that is. The damaged files are kept.

mod run;
mod segment;

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::InstanceId;
use crate::store::embedded::{JOURNAL, LOCK, Limits, RUNS, SLED};
use crate::store::journal::{self, Journal};
use crate::store::memtable::Memtable;
use crate::store::payload::{Commit, MAX_TRAIL, Manifest, Rows, RunRef};
use crate::store::run::{Run, RunWriter, SUFFIX};
use crate::store::{Position, SledStore, disk};

use segment::Salvaged;

/// What the folders are called into which damaged files go.
const DAMAGED: &str = "damaged-";
/// Most such folders.
const MAX_FOLDERS: u32 = 10_000;

/// What a repair of the store found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreRepair {
    /// The files that were damaged or missing, by name.
    pub damaged: Vec<String>,
    /// The folder within the store's that keeps them as they were.
    pub kept_in: Option<String>,
    /// Commits of which nothing is left.
    pub commits_lost: u64,
    /// Parts of runs that could not be read: a block of about 4 KiB of rows, an index of blocks,
    /// which costs no rows by itself, or a whole file that is missing.
    pub blocks_lost: u64,
}

impl StoreRepair {
    /// Whether nothing was damaged, and nothing was done.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.damaged.is_empty()
    }
}

impl SledStore {
    /// Reads every byte of a closed store and, if something is damaged, rebuilds what can be
    /// rebuilt. The damaged files are kept in a folder of their own.
    ///
    /// What comes of it opens, with the rows that are left; what they lack only the layers above
    /// can say.
    ///
    /// # Errors
    ///
    /// `Busy` if the store is open; `Missing` or `Tampered` if not even the newest commit can be
    /// read: then only a backup helps; `NewerFormat`, `DiskFull`, `NoPermission`, `Io`.
    pub fn repair(path: impl AsRef<Path>, instance: InstanceId) -> Result<StoreRepair> {
        Self::repair_with(path.as_ref(), instance, Limits::default())
    }

    pub(crate) fn repair_with(
        path: &Path,
        instance: InstanceId,
        limits: Limits,
    ) -> Result<StoreRepair> {
        let folder = path.join(JOURNAL);
        if !folder.is_dir() {
            return Err(Error::new(ErrorKind::Missing, "the journal is missing"));
        }
        let _lock = disk::lock(&path.join(LOCK), true)?;
        for folder in [RUNS, SLED].map(|name| path.join(name)) {
            if !folder.exists() {
                disk::create_dir(&folder)?;
            }
        }
        let (number, bytes) = journal::read_newest(&folder)?;
        let mut segment = Salvaged::read(&bytes, &instance)?;
        let sled = Fed::read(&path.join(SLED).join(disk::name(number, "")));
        // sled is never fed before the journal is synced.
        let read_to = segment.position().map_or(0, |position| position.sequence);
        segment.damaged |= sled.as_ref().is_some_and(|sled| sled.position.sequence > read_to);
        Damage { path, number, segment, sled }.repair(instance, &limits)
    }
}

/// A store under repair.
struct Damage<'a> {
    path: &'a Path,
    number: u64,
    segment: Salvaged,
    sled: Option<Fed>,
}

/// What sled was fed with, if it can be read.
struct Fed {
    position: Position,
    state: Vec<u8>,
    rows: Rows,
}

impl Fed {
    fn read(folder: &Path) -> Option<Self> {
        let sled = folder.is_dir().then(|| Memtable::open(folder).ok()).flatten()?;
        let position = sled.applied().ok().flatten()?;
        let state = sled.state().ok().flatten()?;
        Some(Self { position, state, rows: sled.rows(&[]).ok()? })
    }
}

/// What stands newest, from whichever place knows it.
struct Newest {
    rows: Rows,
    position: Position,
    state: Vec<u8>,
    trail: Vec<[u8; 32]>,
}

impl Damage<'_> {
    fn repair(&self, instance: InstanceId, limits: &Limits) -> Result<StoreRepair> {
        let mut report = StoreRepair::default();
        let segment = disk::name(self.number, journal::SUFFIX);
        report.damaged.extend(self.segment.damaged.then(|| segment.clone()));
        let meant = self.runs()?;
        let whole: Vec<bool> = meant.iter().map(|run| self.is_whole(run)).collect();
        let broken = meant.iter().zip(&whole).filter(|(_, whole)| !**whole);
        report.damaged.extend(broken.map(|(run, _)| disk::name(run.id, SUFFIX)));
        if report.is_whole() {
            return Ok(report);
        }
        let newest = self.newest(&mut report)?;
        report.kept_in = Some(self.keep(&report.damaged)?);

        let folder = self.path.join(RUNS);
        let mut next = disk::numbered(&folder, SUFFIX)?.pop().map_or(1, |id| id + 1);
        let mut runs = Vec::new();
        if !newest.rows.is_empty() {
            let mut run = RunWriter::create(&folder, next)?;
            for (key, row) in &newest.rows {
                run.push(key, row.as_deref())?;
            }
            runs.push(run.finish()?);
            next += 1;
        }
        for (meant, whole) in meant.into_iter().zip(whole) {
            if whole {
                runs.push(meant);
                continue;
            }
            let damaged = crate::store::run::path(&folder, meant.id);
            let mut run = RunWriter::create(&folder, next)?;
            report.blocks_lost +=
                if damaged.exists() { run::salvage(&damaged, &mut run)? } else { 1 };
            if !run.is_empty() {
                runs.push(run.finish()?);
                next += 1;
            }
        }
        disk::sync_dir(&folder)?;
        let Newest { position, state, trail, .. } = newest;
        let manifest = Manifest { sequence: position.sequence, state, trail, runs };
        let folder = self.path.join(JOURNAL);
        Journal::prepare(&folder, self.number + 1, instance, &manifest, limits)?.promote()?;
        Ok(report)
    }

    /// The runs, the newest first: as the journal names them, else all that are there. A newer
    /// one has a higher number.
    fn runs(&self) -> Result<Vec<RunRef>> {
        let later = self.segment.commits.iter().rev().filter_map(|(_, commit)| match commit {
            Commit::Run { run, .. } => Some(run),
            Commit::Rows { .. } => None,
        });
        if let Some(manifest) = self.segment.manifest.as_ref().filter(|_| !self.segment.damaged) {
            return Ok(later.chain(&manifest.runs).cloned().collect());
        }
        // A frame that named one may be lost.
        let mut named: Vec<RunRef> = later.cloned().collect();
        named.extend(self.segment.manifest.iter().flat_map(|manifest| manifest.runs.clone()));
        for id in disk::numbered(&self.path.join(RUNS), SUFFIX)? {
            if !named.iter().any(|run| run.id == id) {
                named.extend(Run::reference(&self.path.join(RUNS), id));
            }
        }
        named.sort_by_key(|run| std::cmp::Reverse(run.id));
        Ok(named)
    }

    fn is_whole(&self, meant: &RunRef) -> bool {
        Run::open(&self.path.join(RUNS), meant).is_ok_and(|run| run.verify().is_ok())
    }

    /// What the segment and sled together say.
    fn newest(&self, report: &mut StoreRepair) -> Result<Newest> {
        let read = self.segment.position();
        let read_to = read.map_or(0, |position| position.sequence);
        let mut newest = Newest {
            rows: Rows::new(),
            position: read.unwrap_or_default(),
            state: self.segment.state().unwrap_or_default().to_vec(),
            trail: self.segment.trail(),
        };
        let applied = self.sled.as_ref().map_or(0, |sled| sled.position.sequence);
        let mut after = Rows::new();
        for (position, commit) in &self.segment.commits {
            if let Commit::Rows { rows, .. } = commit {
                let fed = position.sequence <= applied;
                (if fed { &mut newest.rows } else { &mut after }).extend(rows.clone());
            }
        }
        if let Some(Fed { position, state, rows }) = &self.sled {
            newest.rows.extend(rows.clone());
            if position.sequence > read_to {
                // The newest frames are lost, and sled had been fed with them.
                (newest.position, newest.state) = (*position, state.clone());
                newest.trail = vec![position.chain];
            }
        }
        newest.rows.extend(after);
        let sequence = newest.position.sequence;
        report.commits_lost = self.segment.missing(applied, sequence);
        let surplus = newest.trail.len().saturating_sub(MAX_TRAIL);
        newest.trail.drain(..surplus);
        if sequence == 0 {
            let what = "not even the newest commit can be read: only a backup helps";
            let file = disk::name(self.number, journal::SUFFIX);
            return Err(Error::new(ErrorKind::Tampered, what).at(Place::File(file)));
        }
        Ok(newest)
    }

    /// Puts the damaged files where no opening removes them; gives the folder's name.
    fn keep(&self, damaged: &[String]) -> Result<String> {
        let free = |n: &u32| !self.path.join(format!("{DAMAGED}{n}")).exists();
        let number = (1..MAX_FOLDERS)
            .find(free)
            .ok_or_else(|| Error::new(ErrorKind::Exists, "too many folders of damaged files"))?;
        let name = format!("{DAMAGED}{number}");
        let folder = self.path.join(&name);
        disk::create_dir(&folder)?;
        for file in damaged {
            let below = if file.ends_with(SUFFIX) { RUNS } else { JOURNAL };
            let from: PathBuf = self.path.join(below).join(file);
            if from.exists() {
                keep_file(&from, &folder.join(file))?;
            }
        }
        disk::sync_dir(&folder)?;
        disk::sync_dir(self.path)?;
        Ok(name)
    }
}

/// A second name for a file; where the file system has none, a copy.
fn keep_file(from: &Path, to: &Path) -> Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    let mut read = disk::open_file(from, false)?;
    let mut written = disk::create_file(to)?;
    std::io::copy(&mut read, &mut written).map_err(|error| disk::named(error, to))?;
    written.sync_all().map_err(|error| disk::named(error, to))
}
