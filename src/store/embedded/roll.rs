//! Housekeeping: out of the journal into runs, many runs into one, on to a new segment.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::store::embedded::{Limits, SledStore, Writer};
use crate::store::journal::Journal;
use crate::store::memtable::Memtable;
use crate::store::merge::{self, Merge, RowsSource, Source};
use crate::store::payload::{Manifest, Rows, RunRef};
use crate::store::run::{self, Run, RunScan, RunWriter};
use crate::store::steps::step;
use crate::store::{Maintenance, disk};

/// How much to merge on the way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Merging {
    /// Nothing, unless the runs have become very many: a commit waits.
    Least,
    /// What fills a tier.
    Tiers,
    Everything,
}

/// So many runs are merged even while a commit waits.
pub(super) const TOO_MANY_RUNS: usize = 256;

impl SledStore {
    /// Starts a new segment; the rows of the old one become a run.
    ///
    /// The rows are read from the journal itself, whose chain is checked once more, so that
    /// no fault of sled or of memory can reach a run. Until the new segment's rename nothing
    /// of what stands is touched; after it nothing of the old is needed.
    pub(super) fn roll(&self, writer: &mut Writer, merging: Merging) -> Result<Maintenance> {
        let segment = writer.journal.read()?;
        let (position, runs) = {
            let view = self.read();
            (view.position, Arc::clone(&view.runs))
        };
        if segment.position() != position {
            return Err(Error::new(ErrorKind::Tampered, "the journal lost a commit"));
        }
        let (_, rows) = segment.into_rows(0);
        let moved = rows.len() as u64;
        let merged = count_to_merge(&rows, &runs, merging);
        let (old, kept) = runs.split_at_checked(merged).unwrap_or_default();
        let new = self.write_run(writer, rows, old, kept.is_empty())?;

        let next = self.prepare(writer, new.as_ref(), kept);
        let next = match next {
            Ok(next) => next,
            Err(error) => {
                // Nothing names the run yet; without it all is as before.
                if let Some(new) = &new {
                    disk::remove_stale(&run::path(&self.runs_folder(), new.meant().id));
                }
                return Err(error);
            }
        };
        next.promote().inspect_err(|_| writer.poisoned = true)?;

        let generation = next.number();
        let memtable = Memtable::open(&self.sled_folder(generation)).ok();
        step("sled created").inspect_err(|_| writer.poisoned = true)?;
        let kept = kept.iter().map(Arc::clone);
        let old_memtable = {
            let mut view = self.write();
            view.overlay.clear();
            view.fed = false;
            view.trail = view.short_trail();
            view.runs = new.into_iter().map(Arc::new).chain(kept).collect();
            std::mem::replace(&mut view.memtable, memtable)
        };
        let old_number = std::mem::replace(&mut writer.journal, next).number();
        writer.rows = 0;
        writer.newest_is_run = false;
        // What is left behind when this fails is removed at the next opening.
        drop(old_memtable);
        let _ = writer.journal.remove_others();
        disk::remove_stale(&self.sled_folder(old_number));
        step("sled removed")?;
        for run in old {
            disk::remove_stale(&run::path(&self.runs_folder(), run.meant().id));
            step("run removed")?;
        }
        Ok(Maintenance {
            rows_moved: moved,
            runs_merged: u32::try_from(merged).unwrap_or(u32::MAX),
        })
    }

    /// Writes `rows` over the `old` runs into one new run, if anything is left of them.
    fn write_run(
        &self,
        writer: &mut Writer,
        rows: Rows,
        old: &[Arc<Run>],
        oldest: bool,
    ) -> Result<Option<Run>> {
        let mut sources: Vec<Box<dyn Source>> = vec![Box::new(RowsSource::new(rows))];
        for run in old {
            sources.push(Box::new(RunScan::new(Arc::clone(run), &[])));
        }
        let mut merge = Merge::new(sources)?;
        let folder = self.runs_folder();
        let mut run = RunWriter::create(&folder, writer.next_run)?;
        while let Some((key, row)) = merge.next()? {
            // A removal hides older rows; where there are none it is done.
            if row.is_some() || !oldest {
                run.push(&key, row.as_deref())?;
            }
        }
        if run.is_empty() {
            return Ok(None);
        }
        self.finish_run(writer, run).map(Some)
    }

    /// Syncs a run and its entry, and opens it.
    pub(super) fn finish_run(&self, writer: &mut Writer, run: RunWriter) -> Result<Run> {
        let folder = self.runs_folder();
        let meant: RunRef = run.finish()?;
        writer.next_run += 1;
        let opened = disk::sync_dir(&folder).and_then(|()| {
            step("run entered")?;
            Run::open(&folder, &meant)
        });
        opened.inspect_err(|_| disk::remove_stale(&run::path(&folder, meant.id)))
    }

    fn prepare(&self, writer: &Writer, new: Option<&Run>, kept: &[Arc<Run>]) -> Result<Journal> {
        let manifest = {
            let view = self.read();
            let runs = new.into_iter().chain(kept.iter().map(Arc::as_ref));
            Manifest {
                sequence: view.position.sequence,
                state: view.state.clone(),
                trail: view.short_trail(),
                runs: runs.map(|run| run.meant().clone()).collect(),
            }
        };
        let number = writer.journal.number() + 1;
        Journal::prepare(&self.journal_folder(), number, self.instance, &manifest, &self.limits)
    }

    /// Whether there is something to gain from [`Self::roll`].
    pub(super) fn wants_roll(&self, writer: &Writer) -> bool {
        let Limits { segment, rows, .. } = self.limits;
        let runs = Arc::clone(&self.read().runs);
        writer.journal.end() > segment / 4 * 3
            || writer.rows > rows / 4 * 3
            || merge::plan(&sizes(&runs)) > 0
    }
}

fn count_to_merge(rows: &Rows, runs: &[Arc<Run>], merging: Merging) -> usize {
    match merging {
        Merging::Everything => return runs.len(),
        Merging::Least if runs.len() < TOO_MANY_RUNS => return 0,
        Merging::Least | Merging::Tiers => {}
    }
    let mut sizes = sizes(runs);
    if rows.is_empty() {
        return merge::plan(&sizes);
    }
    let len = |(key, row): (&Vec<u8>, &Option<Vec<u8>>)| {
        4 + key.len() as u64 + row.as_ref().map_or(0, |row| row.len() as u64)
    };
    sizes.insert(0, rows.iter().map(len).sum());
    merge::plan(&sizes).saturating_sub(1)
}

fn sizes(runs: &[Arc<Run>]) -> Vec<u64> {
    runs.iter().map(|run| run.meant().len).collect()
}
