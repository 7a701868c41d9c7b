//! Exports: decided, redacted, searched, logged, and only then written.

pub(super) mod attached;
mod beginning;
mod files;
mod order;
mod receiving;
mod releases;
mod request;
mod retracting;
mod reviews;
mod searching;
mod shelf;
mod tables;
mod tree;
mod verdicts;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

pub use request::ExportRequest;
pub use reviews::{ReviewState, TextReview};
use searching::searched;
pub use writing::Export;

use crate::consent::Obligation;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::File;
use crate::id::RecordId;
use crate::redact::{ApprovedText, Asked, Redacted, RedactedView, Verdict};
use crate::schema::{RecordType, Schema};
use crate::secret::Key;
use crate::time::Timestamp;
use crate::vault::Vault;
use crate::vault::exports::attached::{Leaving, check_room};
use crate::vault::exports::beginning::Begun;
use crate::vault::exports::shelf::Shelf;
use crate::vault::exports::tree::Branch;
use crate::vault::exports::verdicts::{Question, Verdicts};

impl Vault {
    /// Shows what an export of a record and of all that stands under it would hold, and why not
    /// the rest. Nothing leaves; that it was shown is logged as a read of each record.
    ///
    /// # Errors
    ///
    /// `UnknownCode` for a profile or purpose that is not known; `Refused` if the profile does
    /// not serve the purpose; `NoCompartment` if this role cannot see whose data it is; as
    /// [`Vault::read`].
    pub fn preview(&self, record: RecordId, request: &ExportRequest) -> Result<RedactedView> {
        Ok(self.redacted(record, request)?.redacted.view)
    }

    /// The preview as a page for whoever prepares the export, searched as finished files are.
    ///
    /// # Errors
    ///
    /// As [`Vault::preview`]; `Leaks` at a value that is kept back and stands in what is shown.
    pub fn preview_page(&self, record: RecordId, request: &ExportRequest) -> Result<Vec<u8>> {
        let redacted = self.redacted(record, request)?.redacted;
        let page = File::new("preview.html", redacted.view.to_preview()?);
        searched(&redacted, std::slice::from_ref(&page), |view| {
            Ok(vec![File::new("preview.html", view.to_preview()?)])
        })?;
        Ok(page.bytes.to_vec())
    }

    /// Prepares the export of a record and of all that stands under it. Nothing leaves before
    /// [`Export::seal_into`].
    ///
    /// # Errors
    ///
    /// As [`Vault::preview`]; `NotFound` for a recipient that is not in the list, who has no key
    /// to seal to; `Refused` if nothing may leave, or if something must be done before that nobody
    /// said was done; `Leaks` at a value that was kept back and stands in a finished file;
    /// `BadInput`, `TooLong` or `Tampered` at an attached file that was approved and cannot leave.
    pub fn export(&self, record: RecordId, request: &ExportRequest) -> Result<Export<'_>> {
        let recipient = self.recipient_of(request)?;
        let prepared = self.redacted(record, request)?;
        prepared.check_leaves()?;
        prepared.check_fulfilled(&request.fulfilled)?;
        check_room(&prepared.files)?;
        Export::finish(self, prepared, recipient, request.fulfilled.clone())
    }

    fn redacted(&self, root: RecordId, request: &ExportRequest) -> Result<Prepared> {
        let begun = self.begin(request)?;
        begun.for_one_file()?;
        let Begun { schema, question, seed, now, .. } = &begun;
        let now = *now;
        let mut branches = self.branches(schema, root)?;
        self.with_files(schema, &mut branches, seed)?;
        let branches = branches;
        self.saw(branches.iter().map(|branch| branch.seen))?;
        let verdicts = self.verdicts(&branches, question, now)?;
        let mut redactor = begun.redactor(request);
        let shelf = self.shelf(branches.iter().map(|branch| &branch.persons))?;
        let sets = branches
            .iter()
            .map(|branch| self.set(schema, branch, (&verdicts, &shelf), question, now))
            .collect::<Result<Vec<Set<'_>>>>()?;
        for (branch, set) in branches.iter().zip(&sets) {
            redactor.meet(&branch.record, &set.asked());
        }
        let records = branches.iter().zip(&sets);
        let mut records: Vec<_> = records
            .map(|(branch, set)| {
                let mut record = redactor.record(&branch.record, &set.asked());
                let by = (&begun.policy, &shelf);
                self.attach_lines(&redactor, by, (branch, &set.verdicts), &mut record)?;
                Ok(record)
            })
            .collect::<Result<_>>()?;
        let order = order::ordered(schema, &branches, &records, seed);
        let files = attached::named(&branches, &mut records, &order);
        let leaving = leaving(&branches, &records);
        let mut obligations = BTreeSet::new();
        for (branch, record) in branches.iter().zip(&records) {
            let files = attached::asked_as(branch);
            for field in record.fields().iter().filter(|field| field.shown().is_some()) {
                let file = files.contains_key(field.name());
                let asked = asked(&files, field.name());
                let name = format!("{}.{asked}", record.record_type());
                if let Some(verdict) = verdicts.get(&(branch.persons.clone(), name)) {
                    let kind = schema.record_type(record.record_type())?;
                    let looked = match kind.field(asked) {
                        _ if file => Looked::Through,
                        Ok(field) if field.free_text => Looked::Through,
                        _ => Looked::Not,
                    };
                    obligations.extend(still_to_do(verdict, looked));
                }
            }
        }
        redactor.cover.obligations = obligations;
        let redacted = redactor.finish(order::arrange(records, &branches, &order));
        let Begun { question, seed, .. } = begun;
        Ok(Prepared { redacted, question, leaving, seed, files })
    }

    fn set<'a>(
        &self,
        schema: &'a Schema,
        branch: &Branch,
        (verdicts, shelf): (&Verdicts, &Shelf),
        question: &Question,
        now: Timestamp,
    ) -> Result<Set<'a>> {
        let kind = schema.record_type(branch.record.record_type())?;
        let of = |field: &String| {
            let name = format!("{}.{field}", kind.name);
            let verdict = verdicts.get(&(branch.persons.clone(), name))?;
            Some((field.clone(), verdict.clone()))
        };
        let verdicts: BTreeMap<String, Verdict> = branch.asked().filter_map(of).collect();
        let needs_two = |one: &Verdict| one.obligations.contains(&Obligation::SecondPerson);
        let released = match verdicts.values().any(needs_two) {
            true => {
                let whom = (question.purpose.as_str(), question.recipient.id);
                self.released(schema, branch, shelf, whom, now)?
            }
            false => BTreeSet::new(),
        };
        let texts = self.approved_texts(schema, branch, shelf)?;
        let files = self.approved_files(branch, shelf)?;
        Ok(Set { kind, verdicts, texts, released, files })
    }
}

/// Whether a person read what is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looked {
    /// A text or a file that stands in a view was read.
    Through,
    /// Another value was asked to be looked at.
    Not,
}

/// What whoever makes the export has to do or to see to; what the export itself does is done.
fn still_to_do(verdict: &Verdict, looked: Looked) -> impl Iterator<Item = Obligation> {
    let open = move |obligation: &Obligation| match obligation {
        Obligation::HumanReview => looked == Looked::Not,
        Obligation::GeneralisePlace | Obligation::ScrubAttachment | Obligation::SecondPerson => {
            false
        }
        _ => true,
    };
    verdict.obligations.iter().copied().filter(open)
}

/// What was asked for a line.
fn asked<'a>(files: &BTreeMap<String, &'a str>, line: &'a str) -> &'a str {
    files.get(line).copied().unwrap_or(line)
}

/// What is known of one record's fields.
struct Set<'a> {
    kind: &'a RecordType,
    verdicts: BTreeMap<String, Verdict>,
    texts: BTreeMap<String, ApprovedText>,
    released: BTreeSet<String>,
    files: BTreeSet<String>,
}

impl Set<'_> {
    fn asked(&self) -> Asked<'_> {
        Asked {
            kind: self.kind,
            verdicts: &self.verdicts,
            texts: &self.texts,
            released: &self.released,
            files: &self.files,
        }
    }
}

/// An export that is redacted and nothing more.
pub(super) struct Prepared {
    redacted: Redacted,
    question: Question,
    /// The fields (`record_type.field`) that leave, by the person who lets them.
    leaving: BTreeMap<RecordId, BTreeSet<String>>,
    seed: Key,
    files: Vec<Leaving>,
}

impl Prepared {
    fn check_leaves(&self) -> Result<()> {
        if !self.leaving.is_empty() {
            return Ok(());
        }
        let view = &self.redacted.view;
        let first = view.records().iter().find_map(|record| {
            let field = record.fields().first()?;
            let (record_type, field) = (record.record_type().to_owned(), field.name().to_owned());
            Some(Place::Field { record_type, field })
        });
        let error = Error::new(ErrorKind::Refused, "nothing of it may leave");
        Err(match first {
            Some(place) => error.at(place),
            None => error,
        })
    }

    fn check_fulfilled(&self, fulfilled: &BTreeSet<Obligation>) -> Result<()> {
        let due = |one: &&Obligation| ExportRequest::must_come_before(**one);
        let mut open = self.redacted.view.cover().obligations.iter().filter(due);
        match open.find(|one| !fulfilled.contains(one)) {
            None => Ok(()),
            Some(one) => Err(Error::new(ErrorKind::Refused, "something must be done before")
                .at(Place::Schema(one.code().to_owned()))),
        }
    }
}

fn leaving(
    branches: &[Branch],
    records: &[crate::redact::RedactedRecord],
) -> BTreeMap<RecordId, BTreeSet<String>> {
    let mut leaving: BTreeMap<RecordId, BTreeSet<String>> = BTreeMap::new();
    for (branch, record) in branches.iter().zip(records) {
        let files = attached::asked_as(branch);
        for field in record.fields().iter().filter(|field| field.shown().is_some()) {
            for person in &branch.persons {
                let asked = asked(&files, field.name());
                let name = format!("{}.{asked}", record.record_type());
                leaving.entry(*person).or_default().insert(name);
            }
        }
    }
    leaving
}
