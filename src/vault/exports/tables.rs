//! Microdata: one row for each record of a type, and nobody stands in a group smaller than k.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::Obligation;
use crate::crypto::{kdf, labels};
use crate::error::Result;
use crate::export::csv::{MARK, csv_line};
use crate::export::{self, File};
use crate::id::RecordId;
use crate::language::Language;
use crate::redact::{Asked, Mark, RedactedField, RedactedRecord, Rule};
use crate::schema::{Field, RecordType};
use crate::vault::Vault;
use crate::vault::exports::beginning::Begun;
use crate::vault::exports::order::lot;
use crate::vault::exports::tree::Branch;
use crate::vault::exports::verdicts::Verdicts;
use crate::vault::exports::{Export, ExportRequest, leaving, searched};

impl Vault {
    /// Prepares a table of all records of a type, by a profile that names the smallest group in
    /// which anybody may stand. `progress` hears how many of how many records are done.
    ///
    /// What tells people apart (all that is shown but what is of a special category) is withheld
    /// in the rows of smaller groups; if all of these together are fewer than the smallest group,
    /// they are left out. The order of the rows is drawn by lot.
    ///
    /// # Errors
    ///
    /// As [`Vault::export`]; `Refused` also if the profile names no smallest group, or fewer
    /// records than that may leave.
    pub fn export_table(
        &self,
        record_type: &str,
        request: &ExportRequest,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Export<'_>> {
        let recipient = self.recipient_of(request)?;
        let begun = self.begin(request)?;
        let least = begun.smallest_group()?;
        let kind = begun.schema.record_type(record_type)?;
        let mut redactor = begun.redactor(request);
        let mut rows = Rows::new(kind, &begun, request);
        let mut may: BTreeMap<RecordId, BTreeSet<String>> = BTreeMap::new();
        let mut ids = self.list(record_type, None, usize::MAX)?;
        ids.sort_by_key(|id| lot(&begun.seed, *id));
        ids.dedup();
        for (nth, id) in ids.iter().enumerate() {
            let branch = [self.branch(&begun.schema, *id)?];
            let verdicts = self.verdicts(&branch, &begun.question, begun.now)?;
            let [branch] = &branch;
            let record =
                [one(kind, branch, &verdicts, |asked| redactor.record(&branch.record, asked))];
            if rows.add(branch, &record)? {
                self.saw([branch.seen])?;
                for (person, fields) in leaving(std::slice::from_ref(branch), &record) {
                    may.entry(person).or_default().extend(fields);
                }
            }
            progress(nth + 1, ids.len());
        }
        if rows.people() < least {
            return Err(begun.refused("fewer people than the smallest group agreed"));
        }
        let redacted = redactor.finish(Vec::new());
        let keys = (&begun.seed, self.identity.sign_key());
        let name = format!("table-{}.csv", kind.name);
        let file = |bytes: Vec<u8>| vec![File::new(name.as_str(), bytes)];
        let head = rows.head.clone();
        let Finished { bytes, rows, kept, marked } = rows.finish(least);
        let (files, manifest) = export::complete(&redacted.view, file(bytes), keys, |manifest| {
            (manifest.records, manifest.kept) = (rows, kept);
            let marked = marked.into_iter();
            manifest.marked = marked.map(|(mark, n)| (mark.code().to_owned(), n)).collect();
        })?;
        let scan = searched(&redacted, &files, |view| {
            Ok(export::complete(view, file(head.clone()), keys, |_| ())?.0)
        })?;
        Ok(Export {
            requests: self.requests(&begun.question, may)?,
            vault: self,
            view: redacted.view,
            files,
            manifest,
            recipient,
            fulfilled: request.fulfilled.clone(),
            coded: redacted.coded,
            unsearched: scan.unsearched().iter().cloned().collect(),
            reference: false,
        })
    }
}

/// A record on its own: no text of it was approved and nothing of it released.
fn one<T>(
    kind: &RecordType,
    branch: &Branch,
    verdicts: &Verdicts,
    with: impl FnOnce(&Asked<'_>) -> T,
) -> T {
    let of = |field: &String| {
        let name = format!("{}.{field}", kind.name);
        let verdict = verdicts.get(&(branch.persons.clone(), name))?.clone();
        // A condition that asks for a person at each record cannot be met for thousands.
        let asks = verdict
            .obligations
            .iter()
            .any(|one| ExportRequest::must_come_before(*one) || *one == Obligation::ReviewOverride);
        (!asks).then(|| (field.clone(), verdict))
    };
    let verdicts = branch.record.fields().keys().filter_map(of).collect();
    let (texts, released, files) = Default::default();
    with(&Asked { kind, verdicts: &verdicts, texts: &texts, released: &released, files: &files })
}

/// Rows as they come: each as lines of the file with and without what tells people apart.
struct Rows<'a> {
    columns: Vec<&'a Field>,
    begun: &'a Begun,
    head: Vec<u8>,
    rows: Vec<Row>,
    /// Who stands in each group: of a row about several people one counts.
    groups: BTreeMap<[u8; 16], BTreeSet<RecordId>>,
}

struct Row {
    group: [u8; 16],
    person: Option<RecordId>,
    whole: Vec<u8>,
    blunt: Vec<u8>,
    kept: [usize; 2],
    marked: [BTreeMap<Mark, usize>; 2],
}

/// A finished table.
struct Finished {
    bytes: Vec<u8>,
    rows: usize,
    kept: usize,
    marked: BTreeMap<Mark, usize>,
}

impl<'a> Rows<'a> {
    fn new(kind: &'a RecordType, begun: &'a Begun, request: &ExportRequest) -> Self {
        let may = |field: &&Field| {
            let rule = Rule::of(&begun.profile, &kind.name, field, &request.narrowing);
            !field.retired && !field.free_text && !matches!(rule, Rule::Withhold(_))
        };
        let columns: Vec<&Field> = kind.fields.iter().filter(may).collect();
        let head = csv_line(columns.iter().map(|field| field.name.as_str())).unwrap_or_default();
        let head = [MARK, &head].concat();
        Self { columns, begun, head, rows: Vec::new(), groups: BTreeMap::new() }
    }

    /// Adds a record, unless nothing of it may leave.
    fn add(&mut self, branch: &Branch, record: &[RedactedRecord; 1]) -> Result<bool> {
        let [record] = record;
        let language = self.begun.cover.language;
        let mut parts = Vec::new();
        let mut cells = [Vec::new(), Vec::new()];
        let (mut kept, mut marked) = ([0, 0], [BTreeMap::new(), BTreeMap::new()]);
        for column in &self.columns {
            let field = record.fields().iter().find(|field| field.name() == column.name);
            let (text, mark) = match field {
                None => (String::new(), None),
                Some(field) => cell(field, language),
            };
            // Also that nothing stands there, or why not.
            let tells = column.sensitivity != "special";
            if tells {
                parts.push(format!("{}={text}", column.name));
            }
            for (nth, blunt) in [false, true].into_iter().enumerate() {
                let mark = if blunt && tells { Some(Mark::SmallGroup) } else { mark };
                let text = match mark {
                    Some(Mark::SmallGroup) => format!("[{}]", Mark::SmallGroup.label(language)),
                    _ => text.clone(),
                };
                if let Some(cells) = cells.get_mut(nth) {
                    cells.push(text);
                }
                match (mark, field) {
                    (Some(mark), _) => {
                        if let Some(marked) = marked.get_mut(nth) {
                            *marked.entry(mark).or_insert(0) += 1;
                        }
                    }
                    (None, Some(_)) => {
                        if let Some(kept) = kept.get_mut(nth) {
                            *kept += 1;
                        }
                    }
                    (None, None) => {}
                }
            }
        }
        if record.fields().iter().all(|field| field.shown().is_none()) {
            return Ok(false);
        }
        let group = kdf::prf(
            &self.begun.seed,
            labels::EXPORT_ORDER,
            &[b"group", parts.join("\u{1f}").as_bytes()],
        );
        let person = branch.persons.first().copied();
        self.groups.entry(group).or_default().extend(person);
        let [whole, blunt] = cells;
        let line = |cells: &[String]| csv_line(cells.iter().map(String::as_str));
        self.rows.push(Row {
            group,
            person,
            whole: line(&whole)?,
            blunt: line(&blunt)?,
            kept,
            marked,
        });
        Ok(true)
    }

    /// How many people there are.
    fn people(&self) -> usize {
        self.rows.iter().filter_map(|row| row.person).collect::<BTreeSet<_>>().len()
    }

    fn finish(self, least: usize) -> Finished {
        let is_small = |row: &Row| self.groups.get(&row.group).is_none_or(|g| g.len() < least);
        let blunted = self.rows.iter().filter(|row| is_small(row)).filter_map(|row| row.person);
        let blunted = blunted.collect::<BTreeSet<_>>().len();
        let mut out = Finished { bytes: self.head, rows: 0, kept: 0, marked: BTreeMap::new() };
        for row in &self.rows {
            let small = is_small(row);
            if small && blunted < least {
                continue;
            }
            out.bytes.extend_from_slice(if small { &row.blunt } else { &row.whole });
            out.rows += 1;
            let [whole, blunt] = row.kept;
            out.kept += if small { blunt } else { whole };
            let [whole, blunt] = &row.marked;
            for (mark, count) in if small { blunt } else { whole } {
                *out.marked.entry(*mark).or_insert(0) += count;
            }
        }
        out
    }
}

/// What stands in a cell; a label in brackets where nothing does.
fn cell(field: &RedactedField, language: Language) -> (String, Option<Mark>) {
    let mark = field.mark();
    match (field.shown(), mark) {
        (Some(shown), _) => (shown.to_text(language).expose().to_owned(), mark),
        (None, Some(mark)) => (format!("[{}]", mark.label(language)), Some(mark)),
        (None, None) => (String::new(), None),
    }
}
