//! The whole vault held against itself: key tree, rows, sections, history, postings, log.
//!
//! Slots are checked in ranges, on every core; what the log says of them is kept for a window of
//! slots at a time; and what must be in the store is not kept at all, but counted
//! ([`tally`]) and named in a second reading only where the counts differ. So a check takes the
//! same memory whatever the vault's size, but for the counts of each range, three bytes a slot.

mod bookmark;
mod cores;
mod log;
mod records;
mod repair;
mod rows;
mod tally;
mod words;

use std::ops::Range;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::keys::capsule;
use crate::keys::roster::Escrow;
use crate::search::POSTING_TABLE;
use crate::time::Timestamp;
use crate::vault::holds::HoldBook;
use crate::vault::past::{Past, verify_rosters};
use crate::vault::state::State;
use crate::vault::{HISTORY_TABLE, Live, Vault};

use bookmark::Bookmark;
use cores::spread;
use log::Judging;
use records::{Checker, Part};
use rows::{Slice, row_place};
use tally::Of;

/// Most findings that one check lists.
const MAX_FINDINGS: usize = 1000;
/// Most rows that one check remembers as belonging to nothing.
const MAX_EXTRA: usize = 64 << 10;
/// Slots that one thread checks at a time; few in tests, so that all of them cross ranges.
const RANGE: u64 = if cfg!(test) { 8 } else { 4096 };
/// Slots of which it is kept what the log says: at about 200 bytes each, 25 MB.
const WINDOW: u64 = if cfg!(test) { 3 * RANGE } else { 32 * RANGE };

/// How far a check, or another reading of every record, has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "two numbers")]
pub struct CheckProgress {
    /// Of a check: leaves, slots and slices of the store looked at.
    pub done: u64,
    /// All there are.
    pub total: u64,
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of thing.
    pub kind: ErrorKind,
    /// Where.
    pub place: Place,
    /// In a phrase, without any value.
    pub detail: &'static str,
}

impl Finding {
    fn new(error: &Error, place: impl FnOnce() -> Place) -> Self {
        let place = error.place().cloned().unwrap_or_else(place);
        Self { kind: error.kind(), place, detail: error.detail() }
    }
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReport {
    /// Records in the key tree.
    pub records: u64,
    /// Sections proved the newest; those this session can open were opened whole.
    pub sections: u64,
    /// Postings that must be there and were looked up.
    pub postings: u64,
    /// Attached files, each read whole.
    pub files: u64,
    /// Leaves of the log, each judged by the roster before it.
    pub leaves: u64,
    /// What is wrong, at most the first 1,000.
    pub findings: Vec<Finding>,
    /// When the interrupted check began that this one went on with, if it did.
    pub resumed: Option<Timestamp>,
    /// Whether some of it is of the index, which can be built again from the records.
    index: bool,
    /// Rows that belong to nothing.
    extra: Vec<Vec<u8>>,
}

impl CheckReport {
    /// Whether [`Vault::repair`] can do something about it.
    #[must_use]
    pub const fn is_repairable(&self) -> bool {
        self.index || !self.extra.is_empty()
    }

    fn find(&mut self, error: &Error, place: impl FnOnce() -> Place) {
        self.add([Finding::new(error, place)]);
    }

    fn say(&mut self, kind: ErrorKind, place: Place, detail: &'static str) {
        self.find(&Error::new(kind, detail).at(place.clone()), || place);
    }

    /// A row that belongs to nothing.
    fn say_extra(&mut self, of: Of, key: &[u8]) {
        let (table, what) = match of {
            Of::History => (HISTORY_TABLE, "an older revision of no record"),
            _ => (POSTING_TABLE, "a posting of no record"),
        };
        let row = [&[table], key].concat();
        self.say(ErrorKind::Tampered, row_place(&row), what);
        self.add_extra([row]);
    }

    fn add_extra(&mut self, rows: impl IntoIterator<Item = Vec<u8>>) {
        let room = MAX_EXTRA.saturating_sub(self.extra.len());
        self.extra.extend(rows.into_iter().take(room));
    }

    /// One node, or one run, can be met from many places.
    fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            if !self.is_full() && !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
        }
    }

    const fn is_full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }
}

impl Vault {
    /// Compares root, log, roster, capsule, pin and the anchor's head: what every opening does,
    /// done again. Milliseconds.
    ///
    /// # Errors
    ///
    /// `Tampered`, `RolledBack`, `Missing` if they do not agree.
    pub fn check_quick(&self) -> Result<()> {
        self.ensure_alive()?;
        let live = self.live();
        let (store, root) = (self.store.as_ref(), live.tree.root());
        store.verify_newest()?;
        let state = store.state();
        State::prove(&state, live.tree.root_key())?;
        let state = State::read_unproved(&state)?;
        if state.root != *root || state.log != live.log || state.roster_hash != live.roster.hash {
            return Err(Error::new(ErrorKind::Tampered, "the store went on without this session"));
        }
        live.tree.lookup(store, 0)?;
        let rosters = verify_rosters(store, &self.id, &live.ring, &live.roster)?;
        let (log, ring) = (&live.log, &live.ring);
        let past = Past { store, vault: self.id, ring, rosters: &rosters, log };
        let slots = self.anchor.slots()?;
        let slot = slots
            .iter()
            .find(|slot| slot.vault == self.id && slot.erase_epoch() == root.erase_epoch);
        let slot = slot.ok_or_else(|| Error::new(ErrorKind::NoAnchor, "the anchor is not here"))?;
        let (head, _) = past.read_head(self.anchor.as_ref(), slot, &live.tree, self.instance)?;
        past.walk_from(head, &live.tree, &live.roster)?;
        for kept in self.witnessed().iter() {
            past.continues(kept)?;
        }
        self.check_capsule(&live)
    }

    /// Walks the key tree against every row and every row against the key tree, opens every
    /// section that this session can, holds the index against the records in both directions,
    /// and judges every leaf of the log.
    ///
    /// What is wrong is listed in the report. Writers wait until it is done, and `progress` must
    /// not call the vault. A check that was interrupted within the last day is gone on with: what
    /// the log says was changed since is checked again, what it had found whole is not.
    ///
    /// # Errors
    ///
    /// `Io` if the store cannot be read at all; `NoAnchor`.
    pub fn check(&self, progress: &mut dyn FnMut(CheckProgress)) -> Result<CheckReport> {
        self.ensure_alive()?;
        let live = self.live();
        let mut bookmark = Bookmark::find(self, &live)?;
        let checker = Checker::new(self, &live, bookmark.key.clone());
        let mut report = CheckReport::default();
        if let Err(error) = self.check_capsule(&live) {
            report.find(&error, || Place::File("capsule".to_owned()));
        }
        let total = live.log.size() + live.tree.root().slots + Slice::COUNT;
        let mut done = 0;
        let mut step = |by: u64| {
            done += by;
            progress(CheckProgress { done, total });
        };
        let mut whole = checker.check_windows(&mut bookmark, &mut report, &mut step)?;
        spread(
            Slice::all(),
            |slice| checker.check_slice(slice),
            |part| {
                step(1);
                whole.join(&part);
                report.add_extra(part.extra);
                report.add(part.findings);
            },
        )?;
        let place = || Place::File("files".to_owned());
        match self.check_files(&live, &mut |error| report.find(&error, place)) {
            Ok(files) => report.files = files,
            Err(error) => report.find(&error, place),
        }
        (report.records, report.sections) = (whole.records, whole.sections);
        report.postings = whole.postings;
        for of in [Of::Postings, Of::History] {
            let buckets = whole.tally.differing(of);
            checker.name_rows(of, &buckets, whole.unread > 0, &mut report)?;
        }
        checker.name_words(&whole.tally.differing(Of::Words), &mut report)?;
        Bookmark::remove(self)?;
        Ok(report)
    }

    /// The capsule is this vault's, of the newest root, and written by a member.
    pub(super) fn check_capsule(&self, live: &Live) -> Result<()> {
        let capsule = capsule::read_current(&self.folder)?
            .ok_or_else(|| Error::new(ErrorKind::Missing, "the capsule is missing"))?;
        if capsule.vault != self.id || capsule.erase_epoch != live.tree.root().erase_epoch {
            return Err(Error::new(ErrorKind::Tampered, "the capsule is not the newest"));
        }
        let escrow = live.roster.body.escrow.as_ref().map_or(0, |escrow| escrow.epoch);
        if capsule.escrow_epoch != escrow {
            return Err(Error::new(ErrorKind::Tampered, "the capsule is sealed to another escrow"));
        }
        if capsule.writer != Escrow::SIGNER {
            return capsule.verify(&live.roster.body);
        }
        // Written by the escrow that the newest recovery replaced.
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let mut past = rosters.values().rev().filter_map(|roster| roster.body.escrow.as_ref());
        if past.any(|escrow| capsule.verify_by(escrow).is_ok()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Tampered, "the capsule was written by a stranger"))
    }
}

impl Checker<'_> {
    /// Checks all slots, and the log before them.
    fn check_windows(
        &self,
        bookmark: &mut Bookmark,
        report: &mut CheckReport,
        step: &mut dyn FnMut(u64),
    ) -> Result<Part> {
        let (vault, live) = (self.vault, self.live);
        let rosters = verify_rosters(vault.store.as_ref(), &vault.id, &live.ring, &live.roster)
            .inspect_err(|error| {
                report.find(error, || Place::Roster(live.roster.version));
                bookmark.forget();
            })
            .ok();
        let mut whole = Part::default();
        let (mut judged, mut holds) = (false, HoldBook::default());
        let slots = live.tree.root().slots;
        for first in (0..slots).step_by(usize::try_from(WINDOW).unwrap_or(usize::MAX)) {
            let window = first..slots.min(first + WINDOW);
            let mut said = None;
            if let Some(rosters) = rosters.as_ref().filter(|_| first == 0) {
                let mut before = 0;
                let mut judging = Judging { bookmark, holds: &mut holds, report };
                said = self.judge_log(rosters, &window, &mut judging, &mut |leaves| {
                    step(leaves - before);
                    before = leaves;
                });
                judged = said.is_some();
                report.resumed = bookmark.resumed();
            }
            let mut left = Vec::new();
            for range in ranges(window.clone()) {
                match bookmark.of(&range) {
                    Some(part) => {
                        step(range.end - range.start);
                        whole.join(part);
                    }
                    None => left.push(range),
                }
            }
            if first > 0 && judged && !left.is_empty() {
                match self.hear_log(&window) {
                    Ok(heard) => said = Some(heard),
                    Err(error) => report.find(&error, || Place::Leaf(live.log.size())),
                }
            }
            let mut findings = Vec::new();
            let log = said.as_ref().map(|said| (said, &holds));
            let check = |range: Range<u64>| (self.check_slots(&range, log), range);
            spread(left.into_iter(), check, |(part, range)| {
                step(range.end - range.start);
                whole.join(&part);
                findings.push((range.start, part.findings.clone()));
                // Without the log a range is not wholly checked.
                if said.is_some() {
                    bookmark.keep(vault, live, &range, part);
                }
            })?;
            findings.sort_unstable_by_key(|(first, _)| *first);
            report.add(findings.into_iter().flat_map(|(_, findings)| findings));
        }
        Ok(whole)
    }
}

/// Slots in ranges that one thread checks at a time.
fn ranges(slots: Range<u64>) -> impl Iterator<Item = Range<u64>> + Send {
    let end = slots.end;
    let firsts = slots.step_by(usize::try_from(RANGE).unwrap_or(usize::MAX));
    firsts.map(move |first| first..end.min(first + RANGE))
}
