//! Joining sorted sources into one, the newest row of a key winning; and when to merge runs.

use crate::error::Result;
use crate::store::payload::Rows;

/// A row or a removal.
pub(crate) type OwnedEntry = (Vec<u8>, Option<Vec<u8>>);

/// Entries in ascending order of keys.
pub(crate) trait Source {
    fn next(&mut self) -> Result<Option<OwnedEntry>>;
}

/// Rows in memory as a source.
pub(crate) struct RowsSource(std::collections::btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>>);

impl RowsSource {
    pub(crate) fn new(rows: Rows) -> Self {
        Self(rows.into_iter())
    }
}

impl Source for RowsSource {
    fn next(&mut self) -> Result<Option<OwnedEntry>> {
        Ok(self.0.next())
    }
}

/// Several sources as one; of equal keys the entry of the earliest source stands.
pub(crate) struct Merge<'a> {
    /// A source and the entry at its front.
    sources: Vec<(Option<OwnedEntry>, Box<dyn Source + 'a>)>,
}

impl<'a> Merge<'a> {
    /// Joins sources, the newest first.
    pub(crate) fn new(sources: Vec<Box<dyn Source + 'a>>) -> Result<Self> {
        let fronts = sources.into_iter().map(|mut source| Ok((source.next()?, source)));
        Ok(Self { sources: fronts.collect::<Result<_>>()? })
    }
}

impl Source for Merge<'_> {
    fn next(&mut self) -> Result<Option<OwnedEntry>> {
        // A linear search: there are a dozen sources, rarely more.
        let mut least: Option<(&[u8], usize)> = None;
        for (index, (front, _)) in self.sources.iter().enumerate() {
            if let Some((key, _)) = front {
                least = least.filter(|(least, _)| *least <= key.as_slice()).or(Some((key, index)));
            }
        }
        // The first of equal keys is the newest.
        let Some((_, newest)) = least else { return Ok(None) };
        let mut rest = self.sources.iter_mut().skip(newest);
        let Some((front, source)) = rest.next() else { return Ok(None) };
        let entry = std::mem::replace(front, source.next()?);
        for (front, source) in rest {
            let same =
                |(key, _): &OwnedEntry| entry.as_ref().is_some_and(|(newest, _)| newest == key);
            if front.as_ref().is_some_and(same) {
                *front = source.next()?;
            }
        }
        Ok(entry)
    }
}

/// How many of the newest runs to merge into one, from their sizes, the newest first.
///
/// Once the newest eight runs are of like size they become one, which may be the eighth of
/// its own size in turn. So a row is rewritten about once for every factor of eight, and
/// between two sizes that differ much there are at most seven runs.
pub(crate) fn plan(sizes: &[u64]) -> usize {
    let mut merged = 0;
    loop {
        let (newest, rest) = sizes.split_at_checked(merged).unwrap_or_default();
        let joined = (merged > 0).then(|| newest.iter().sum());
        let runs: Vec<u64> = joined.into_iter().chain(rest.iter().copied()).collect();
        let count = match alike(&runs) {
            count if count >= FAN_IN => count,
            // Sizes in an order that never has eight alike at the front.
            _ if runs.len() >= MANY => runs.len() / 2,
            _ => return merged,
        };
        merged += count - usize::from(merged > 0);
    }
}

/// How many of the newest runs are of like size: none much larger than all newer ones.
fn alike(sizes: &[u64]) -> usize {
    let mut largest = sizes.first().map_or(SMALLEST, |newest| SMALLEST.max(*newest));
    let like = |size: &&u64| {
        let like = **size <= largest.saturating_mul(4);
        largest = largest.max(**size);
        like
    };
    sizes.iter().take_while(like).count()
}

/// Runs of like size that become one.
const FAN_IN: usize = 8;
/// So many runs slow every lookup; half of them become one, whatever their sizes.
const MANY: usize = 48;
/// Runs below this size are all of like size.
const SMALLEST: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(entries: &[(u8, Option<u8>)]) -> Rows {
        entries.iter().map(|(key, value)| (vec![*key], value.map(|value| vec![value]))).collect()
    }

    #[test]
    fn the_newest_row_of_a_key_wins_and_removals_are_kept() {
        let newest = rows(&[(1, Some(10)), (3, None)]);
        let older = rows(&[(1, Some(11)), (2, Some(21)), (3, Some(31)), (4, Some(41))]);
        let sources: Vec<Box<dyn Source>> =
            vec![Box::new(RowsSource::new(newest)), Box::new(RowsSource::new(older))];
        let mut merge = Merge::new(sources).unwrap();
        let mut merged = Rows::new();
        while let Some((key, value)) = merge.next().unwrap() {
            merged.insert(key, value);
        }
        assert_eq!(merged, rows(&[(1, Some(10)), (2, Some(21)), (3, None), (4, Some(41))]));
    }

    #[test]
    fn runs_stay_few_and_rows_are_rewritten_once_a_tier() {
        let (mut runs, mut written, mut most) = (Vec::new(), 0_u64, 0);
        for _ in 0..4096 {
            runs.insert(0, 7 << 20);
            let count = plan(&runs);
            let merged: u64 = runs.drain(..count).sum();
            if count > 0 {
                runs.insert(0, merged);
                written += merged;
            }
            most = most.max(runs.len());
        }
        assert!(most <= 7 * 4 + 1, "{most} runs");
        assert!(written <= 4 * 4096 * (7 << 20), "{} MiB written", written >> 20);
    }

    #[test]
    fn no_order_of_sizes_lets_runs_grow_many() {
        let mut runs = Vec::new();
        for n in 0..5_000_u64 {
            // Housekeeping sees a small run in front each time.
            runs.splice(0..0, [1 << 16, (7 << 20) + n]);
            let count = plan(&runs);
            let merged: u64 = runs.drain(..count).sum();
            runs.splice(0..0, (count > 0).then_some(merged));
            assert!(runs.len() < MANY);
        }
    }

    #[test]
    fn a_small_old_run_does_not_stop_a_merge() {
        assert_eq!(plan(&[]), 0);
        assert_eq!(plan(&[7 << 20; 7]), 0);
        assert_eq!(plan(&[7 << 20; 8]), 8);
        let mut sizes = vec![7 << 20; 7];
        sizes.push(1);
        assert_eq!(plan(&sizes), 8);
        sizes[7] = 1 << 30;
        assert_eq!(plan(&sizes), 0, "nor is a large one rewritten for a few small ones");
    }
}
