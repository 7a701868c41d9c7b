//! What became of the rows of a table.

use std::collections::BTreeMap;

use amparo::WarningKind;

use super::Problem;

/// What became of the rows.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    pub(crate) added: u64,
    pub(crate) skipped: u64,
    pub(crate) failed: u64,
    /// Records added, by type.
    pub(crate) records: BTreeMap<String, u64>,
    /// The first problems of all.
    pub(crate) problems: Vec<Problem>,
    /// Unusual values that were kept, by record type and field.
    pub(crate) unusual: BTreeMap<(String, String, WarningKind), u64>,
}

impl Tally {
    /// Counts a row that does not go in; the first problems are kept.
    pub(crate) fn fail(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.failed += 1;
        let room = MAX_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(problems.into_iter().take(room));
    }
}

const MAX_PROBLEMS: usize = 50;
