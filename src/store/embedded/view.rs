//! What readers see: one moment of the store.

use std::sync::Arc;

use crate::error::Result;
use crate::store::bloom::KeyHash;
use crate::store::memtable::Memtable;
use crate::store::merge::{Merge, RowsSource, Source};
use crate::store::payload::{MAX_TRAIL, Rows};
use crate::store::run::{Run, RunScan};
use crate::store::{Position, Visit};

/// The layers, the newest first: overlay, sled, runs.
pub(super) struct View {
    /// Rows that sled has not been fed yet.
    pub(super) overlay: Rows,
    pub(super) memtable: Option<Memtable>,
    /// Whether there is anything in the memtable.
    pub(super) fed: bool,
    /// Newest first.
    pub(super) runs: Arc<[Arc<Run>]>,
    pub(super) position: Position,
    pub(super) state: Vec<u8>,
    /// Chain hashes of the last commits, ending with the newest.
    pub(super) trail: Vec<[u8; 32]>,
}

impl View {
    /// What overlay and sled say about a key.
    pub(super) fn newest(&self, key: &[u8]) -> Result<Option<Option<Vec<u8>>>> {
        if let Some(row) = self.overlay.get(key) {
            return Ok(Some(row.clone()));
        }
        self.memtable.as_ref().filter(|_| self.fed).map_or(Ok(None), |sled| sled.get(key))
    }

    /// Every row and removal in overlay and sled whose key starts with `prefix`.
    pub(super) fn newest_rows(&self, prefix: &[u8]) -> Result<Rows> {
        let mut rows = match self.memtable.as_ref().filter(|_| self.fed) {
            Some(sled) => sled.rows(prefix)?,
            None => Rows::new(),
        };
        let from = (std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded);
        let overlay = self.overlay.range::<[u8], _>(from);
        let overlay = overlay.take_while(|(key, _)| key.starts_with(prefix));
        rows.extend(overlay.map(|(key, row)| (key.clone(), row.clone())));
        Ok(rows)
    }

    /// The chain hash after commit `sequence`, if it is still held.
    pub(super) fn chain_at(&self, sequence: u64) -> Option<[u8; 32]> {
        if sequence == 0 {
            return Some([0; 32]);
        }
        let back = usize::try_from(self.position.sequence.checked_sub(sequence)?).ok()?;
        let index = self.trail.len().checked_sub(1)?.checked_sub(back)?;
        self.trail.get(index).copied()
    }

    pub(super) fn advance(&mut self, position: Position, state: &[u8]) {
        self.position = position;
        self.state = state.to_vec();
        self.trail.push(position.chain);
    }

    /// The end of the trail, as long as a manifest may carry.
    pub(super) fn short_trail(&self) -> Vec<[u8; 32]> {
        let from = self.trail.len().saturating_sub(MAX_TRAIL);
        self.trail.get(from..).unwrap_or_default().to_vec()
    }
}

/// What the runs say about a key, from the newest to the oldest.
pub(super) fn get_in_runs(runs: &[Arc<Run>], key: &[u8]) -> Result<Option<Vec<u8>>> {
    if runs.is_empty() {
        return Ok(None);
    }
    let hash = KeyHash::new(key);
    for run in runs {
        if let Some(row) = run.get(key, hash)? {
            return Ok(row);
        }
    }
    Ok(None)
}

/// Visits the rows of all layers; `newest` hides what lies in `runs`.
pub(super) fn scan(
    newest: Rows,
    runs: &[Arc<Run>],
    prefix: &[u8],
    visit: &mut Visit<'_>,
) -> Result<()> {
    let mut sources: Vec<Box<dyn Source>> = vec![Box::new(RowsSource::new(newest))];
    for run in runs {
        sources.push(Box::new(RunScan::new(Arc::clone(run), prefix)));
    }
    let mut merge = Merge::new(sources)?;
    while let Some((key, row)) = merge.next()? {
        if let Some(value) = row {
            visit(&key, &value)?;
        }
    }
    Ok(())
}
