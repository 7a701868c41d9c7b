//! Rows become the records that are not there yet.
//!
//! A record is there if its declared key finds it, in the vault or earlier in the file. A type
//! without a key, or a row without its value, is compared by content: by every field that the
//! file sets, among the records that stand under the same one.

use std::collections::{BTreeMap, BTreeSet};

use amparo::{Error, ErrorKind, Place, RecordDraft, RecordId, RecordType, Schema, Vault};

use super::plan::Plan;
use super::same::{Digest, Owner, content_digest, key_digest, key_texts};
use super::section::{Link, Section};
use super::table::Row;
use super::tally::Tally;
use super::{Problem, Reason};
use crate::entry::Entered;
use crate::failure::Failure;

/// Adds rows to a vault, batch by batch.
pub(crate) struct Loader<'a> {
    vault: &'a Vault,
    schema: Schema,
    plan: Plan,
    limits: Limits,
    /// Columns of which nothing is known; they may stay empty.
    unknown: BTreeSet<usize>,
    columns: usize,
    /// Records of this batch (of the whole file, in a dry run) by key or content.
    seen: BTreeMap<Digest, Owner>,
    /// Contents of records without a key, by what they stand under.
    contents: BTreeMap<(usize, Owner), BTreeSet<Digest>>,
    parents: BTreeMap<Digest, RecordId>,
    batch: Batch,
    next_slot: u64,
    pub(crate) tally: Tally,
}

/// How a load goes on.
pub(crate) struct Limits {
    pub(crate) mode: Mode,
    pub(crate) rows_in_batch: usize,
}

/// Whether anything is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    DryRun,
}

/// Records that wait for the next commit.
#[derive(Default)]
struct Batch {
    rows: u64,
    with_records: u64,
    bytes: usize,
    /// In the order of the rows, parents first.
    waiting: Vec<Waiting>,
}

struct Waiting {
    slot: u64,
    owner: Owner,
    record_type: String,
    draft: RecordDraft,
}

/// A record of one row that is not there yet.
struct Fresh {
    section: usize,
    digest: Digest,
    waiting: Waiting,
}

/// Why a row does not go in: the column, if one can be named.
type Refusal = (Option<String>, Reason);

enum Trouble {
    Row(Refusal),
    Fatal(Failure),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Fatal(Failure::Library(error))
    }
}

impl<'a> Loader<'a> {
    pub(crate) fn new(vault: &'a Vault, plan: Plan, limits: Limits) -> Self {
        Self {
            vault,
            schema: vault.schema(),
            plan,
            limits,
            unknown: BTreeSet::new(),
            columns: 0,
            seen: BTreeMap::new(),
            contents: BTreeMap::new(),
            parents: BTreeMap::new(),
            batch: Batch::default(),
            next_slot: 0,
            tally: Tally::default(),
        }
    }

    /// Takes notice of columns that were not there before; returns those nothing is known of.
    pub(crate) fn bind(&mut self, headers: &[String]) -> Result<&BTreeSet<usize>, Failure> {
        for (index, header) in headers.iter().enumerate().skip(self.columns) {
            if !self.plan.bind(header, index)? {
                self.unknown.insert(index);
            }
        }
        self.columns = self.columns.max(headers.len());
        Ok(&self.unknown)
    }

    /// Columns that the map names and the file does not have.
    pub(crate) fn absent(&self) -> Vec<String> {
        self.plan.absent()
    }

    /// Takes one row; a problem of the row is counted, a failure of the vault is returned.
    pub(crate) fn take(&mut self, row: Row) -> Result<(), Failure> {
        self.tally.rows += 1;
        let mut refusals = Vec::new();
        let fresh = match row.cells {
            Ok(cells) => self.records(cells, &mut refusals)?,
            Err(reason) => {
                refusals.push((None, reason));
                Vec::new()
            }
        };
        if !refusals.is_empty() {
            let (row, line) = (row.number, row.line);
            let problem = |(column, reason)| Problem { row, line, column, reason };
            self.tally.fail(refusals.into_iter().map(problem));
            return Ok(());
        }
        self.batch.rows += 1;
        self.batch.with_records += u64::from(!fresh.is_empty());
        for Fresh { section, digest, waiting } in fresh {
            self.seen.insert(digest, Owner::Waiting(waiting.slot));
            if let Some(known) = self.contents.get_mut(&(section, waiting.owner)) {
                known.insert(digest);
            }
            self.batch.waiting.push(waiting);
        }
        let full = self.batch.rows >= self.limits.rows_in_batch as u64;
        if full || self.batch.bytes > MAX_BATCH { self.flush() } else { Ok(()) }
    }

    /// Writes what waits, in the order of the rows: a parent comes before its children, and mostly
    /// in the same commit, so that its list of them is sealed once.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        let batch = std::mem::take(&mut self.batch);
        for waiting in &batch.waiting {
            *self.tally.records.entry(waiting.record_type.clone()).or_default() += 1;
        }
        if self.limits.mode == Mode::Write {
            self.write(batch.waiting)?;
        }
        self.tally.added += batch.with_records;
        self.tally.skipped += batch.rows - batch.with_records;
        if self.limits.mode == Mode::Write {
            // The vault finds them from now on.
            self.seen.clear();
            self.contents.retain(|(_, owner), _| matches!(owner, Owner::Nobody | Owner::Stored(_)));
            if self.contents.len() > MAX_CACHED {
                self.contents.retain(|(_, owner), _| *owner == Owner::Nobody);
            }
        }
        Ok(())
    }

    fn write(&self, waiting: Vec<Waiting>) -> Result<(), Failure> {
        let mut ids: BTreeMap<u64, RecordId> = BTreeMap::new();
        let mut waiting = waiting.into_iter().peekable();
        while waiting.peek().is_some() {
            let mut places: BTreeMap<u64, usize> = BTreeMap::new();
            let mut drafts: Vec<RecordDraft> = Vec::new();
            for Waiting { slot, owner, draft, .. } in waiting.by_ref().take(MAX_RECORDS) {
                places.insert(slot, drafts.len());
                drafts.push(match owner {
                    Owner::Nobody => draft,
                    Owner::Stored(id) => draft.under(id),
                    Owner::Waiting(above) => match (ids.get(&above), places.get(&above)) {
                        (Some(id), _) => draft.under(*id),
                        (None, Some(place)) => draft.under_draft(*place),
                        (None, None) => draft,
                    },
                });
            }
            let added = self.vault.add_all(drafts)?;
            ids.extend(places.into_iter().filter_map(|(slot, at)| Some((slot, *added.get(at)?))));
        }
        Ok(())
    }

    /// The records of one row that are not there yet.
    fn records(
        &mut self,
        cells: Vec<(usize, Entered)>,
        refusals: &mut Vec<Refusal>,
    ) -> Result<Vec<Fresh>, Failure> {
        let cells = self.spread(cells, refusals);
        let mut owners: Vec<Option<Owner>> = Vec::new();
        let mut fresh = Vec::new();
        for index in 0..self.plan.sections.len() {
            let owner = match self.record(index, &cells, &owners, &mut fresh) {
                Ok(owner) => owner,
                Err(Trouble::Fatal(failure)) => return Err(failure),
                Err(Trouble::Row(refusal)) => {
                    refusals.push(refusal);
                    // Its children would only repeat the complaint.
                    return Ok(Vec::new());
                }
            };
            owners.push(owner);
        }
        Ok(fresh)
    }

    /// Cells in the order of the columns; a value where nothing was expected is a problem.
    fn spread(
        &mut self,
        cells: Vec<(usize, Entered)>,
        refusals: &mut Vec<Refusal>,
    ) -> Vec<Entered> {
        let mut spread = vec![Entered::Empty; self.columns];
        for (index, cell) in cells {
            let blank = match &cell {
                Entered::Empty => true,
                Entered::Text(text) => text.expose().trim().is_empty(),
                Entered::List(items) => items.is_empty(),
            };
            self.batch.bytes += match &cell {
                Entered::Text(text) => text.expose().len(),
                _ => 0,
            };
            let nameless = self.plan.unnamed.contains(&index) || self.unknown.contains(&index);
            if nameless && !blank {
                refusals.push((Some((index + 1).to_string()), Reason("reason-unknown-column")));
            }
            if let Some(slot) = spread.get_mut(index) {
                *slot = cell;
            }
        }
        spread
    }

    /// One record of a row: where it is, or `None` if the row does not have it.
    fn record(
        &mut self,
        index: usize,
        cells: &[Entered],
        owners: &[Option<Owner>],
        fresh: &mut Vec<Fresh>,
    ) -> Result<Option<Owner>, Trouble> {
        let Some(section) = self.plan.sections.get(index) else {
            return Ok(None);
        };
        if section.only_if.iter().any(|column| self.plan.text(column, cells).is_none()) {
            return Ok(None);
        }
        let Some(mut draft) = self.draft(section, cells)? else {
            return Ok(None);
        };
        let warnings = self.schema.prepare(&mut draft).map_err(|error| refused(section, &error))?;
        let owner = match &section.link {
            Link::Nothing => Owner::Nobody,
            Link::Section(parent) => owners
                .get(*parent)
                .copied()
                .flatten()
                .ok_or(Trouble::Row((None, Reason("reason-parent-not-in-row"))))?,
            Link::InVault { kind, key, column } => {
                let (kind, key, column) = (kind.clone(), key.clone(), column.clone());
                let found = match self.plan.text(&column, cells) {
                    Some(text) => self.parent(&kind, &key, text)?,
                    None => None,
                };
                let missing = || Trouble::Row((Some(column), Reason("reason-parent-not-found")));
                Owner::Stored(found.ok_or_else(missing)?)
            }
        };
        let Some(section) = self.plan.sections.get(index) else {
            return Ok(None);
        };
        let kind = section.kind.clone();
        let keyed = !kind.key.is_empty() && kind.key.iter().all(|key| draft.field(key).is_some());
        let digest = if keyed {
            key_digest(index, &kind, &draft)
        } else {
            let fields: Vec<&str> = section.fields().collect();
            content_digest(index, owner, &fields, |field| draft.field(field).map(|v| v.to_text()))
        };
        if let Some(known) = self.seen.get(&digest) {
            return Ok(Some(*known));
        }
        if keyed {
            if let Some(id) = self.find(index, &kind, &draft)? {
                return Ok(Some(Owner::Stored(id)));
            }
        } else if self.known_contents(index, owner)?.contains(&digest) {
            // Nothing stands under a record that is known by its content only.
            return Ok(None);
        }
        for warning in warnings {
            let place = (warning.record_type, warning.field, warning.kind);
            *self.tally.unusual.entry(place).or_default() += 1;
        }
        let slot = self.next_slot;
        self.next_slot += 1;
        let record_type = kind.name.clone();
        let waiting = Waiting { slot, owner, record_type, draft };
        fresh.push(Fresh { section: index, digest, waiting });
        Ok(Some(Owner::Waiting(slot)))
    }

    /// The values of a record; `None` if no column has any.
    fn draft(&self, section: &Section, cells: &[Entered]) -> Result<Option<RecordDraft>, Trouble> {
        let mut draft = RecordDraft::new(section.kind.name.as_str());
        let mut says_something = false;
        for target in &section.targets {
            let Some(cell) = target.index.and_then(|index| cells.get(index)) else {
                continue;
            };
            let value = target
                .reader
                .read(cell)
                .map_err(|reason| Trouble::Row((Some(target.label.clone()), reason)))?;
            if let Some(value) = value {
                says_something = true;
                draft.insert(target.field.name.as_str(), value);
            }
        }
        for made in &section.constants {
            let cell = self.plan.fill(&made.template, cells);
            let label = || Some(section.label(&made.field.name));
            let value =
                made.reader.read(&cell).map_err(|reason| Trouble::Row((label(), reason)))?;
            if let Some(value) = value {
                draft.insert(made.field.name.as_str(), value);
            }
        }
        Ok(says_something.then_some(draft))
    }

    /// The stored record with the key of this draft.
    fn find(
        &self,
        index: usize,
        kind: &RecordType,
        draft: &RecordDraft,
    ) -> Result<Option<RecordId>, Trouble> {
        let texts = key_texts(kind, draft);
        let Some(((first, text), others)) = texts.split_first() else {
            return Ok(None);
        };
        let found = self.vault.find(&kind.name, first, text.expose());
        let found = found.map_err(|error| match self.plan.sections.get(index) {
            Some(section) if error.kind() == ErrorKind::BadValue => {
                Trouble::Row((Some(section.label(first)), Reason("error-bad-value")))
            }
            _ => Trouble::from(error),
        })?;
        if others.is_empty() {
            return Ok(found.first().copied());
        }
        let names: Vec<&str> = others.iter().map(|(name, _)| name.as_str()).collect();
        for id in found {
            let record = self.vault.read_fields(id, &names)?;
            let same = |(name, text): &(String, amparo::SecretText)| {
                record.field(name).is_some_and(|value| value.to_text() == *text)
            };
            if others.iter().all(same) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// A parent of the vault by its key; rows of one parent mostly follow each other.
    fn parent(&mut self, kind: &str, key: &str, text: &str) -> Result<Option<RecordId>, Trouble> {
        let digest = *blake3::hash(text.as_bytes()).as_bytes();
        if let Some(id) = self.parents.get(&digest) {
            return Ok(Some(*id));
        }
        let found = match self.vault.find(kind, key, text) {
            Ok(found) => found.first().copied(),
            Err(error) if error.kind() == ErrorKind::BadValue => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(id) = found {
            if self.parents.len() >= MAX_CACHED {
                self.parents.clear();
            }
            self.parents.insert(digest, id);
        }
        Ok(found)
    }

    /// The contents of the records of a section that stand under an owner already.
    fn known_contents(&mut self, index: usize, owner: Owner) -> Result<&BTreeSet<Digest>, Trouble> {
        let mut known = BTreeSet::new();
        let parent = match owner {
            Owner::Nobody => Some(None),
            Owner::Stored(id) => Some(Some(id)),
            Owner::Waiting(_) => None,
        };
        if let (Some(parent), Some(section), false) =
            (parent, self.plan.sections.get(index), self.contents.contains_key(&(index, owner)))
        {
            let fields: Vec<&str> = section.fields().collect();
            for id in self.vault.list(&section.kind.name, parent, usize::MAX)? {
                let record = self.vault.read_fields(id, &fields)?;
                known.insert(content_digest(index, owner, &fields, |field| {
                    record.field(field).map(|value| value.to_text())
                }));
            }
        }
        Ok(self.contents.entry((index, owner)).or_insert(known))
    }
}

/// A value that the schema refuses is a problem of the row; anything else is a failure.
fn refused(section: &Section, error: &Error) -> Trouble {
    let Some(Place::Field { field, .. }) = error.place() else {
        return Trouble::Fatal(Failure::Library(error.clone()));
    };
    let reason = match error.kind() {
        ErrorKind::BadValue => section.bad_value(field),
        ErrorKind::UnknownCode => "error-unknown-code",
        ErrorKind::Required => "error-required",
        ErrorKind::TooLong => "error-too-long",
        _ => return Trouble::Fatal(Failure::Library(error.clone())),
    };
    Trouble::Row((Some(section.label(field)), Reason(reason)))
}

/// Records in one commit.
const MAX_RECORDS: usize = 1000;
const MAX_BATCH: usize = 16 << 20;
const MAX_CACHED: usize = 10_000;
