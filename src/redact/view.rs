//! What leaves: values that were kept or changed, and marks where others stood.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::consent::{Missing, Obligation, Reason};
use crate::language::Language;
use crate::redact::Mark;
use crate::secret::SecretText;
use crate::time::Timestamp;

/// Records as one recipient may see them, for one purpose, at one moment.
///
/// A value that was withheld does not exist here, nor its length. Nothing but the vault makes a
/// view, by deciding each field and putting it through a profile; a renderer sees nothing else.
#[derive(Clone)]
pub struct RedactedView {
    pub(super) cover: Cover,
    pub(super) records: Vec<RedactedRecord>,
}

/// What an export says of itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cover {
    /// Drawn for this export alone: twelve letters and digits.
    pub export: String,
    /// When it was made, to the second.
    pub made_at: Timestamp,
    /// The day it was made, where the organisation is.
    pub made_on: crate::time::Date,
    /// The language of its words.
    pub language: Language,
    /// The organisation that made it.
    pub organisation: String,
    /// Who receives it.
    pub recipient: String,
    /// Code of the purpose.
    pub purpose: String,
    /// The purpose in words.
    pub purpose_words: String,
    /// Name of the profile.
    pub profile: String,
    /// The profile in words.
    pub profile_words: String,
    /// The version of the policy by which it was decided.
    pub policy_version: u32,
    /// What binds whoever receives it, or had to be done before.
    pub obligations: BTreeSet<Obligation>,
}

/// One record of a view.
#[derive(Clone)]
pub struct RedactedRecord {
    pub(super) code: String,
    pub(super) parent: Option<String>,
    pub(super) record_type: String,
    pub(super) label: String,
    pub(super) fields: Vec<RedactedField>,
}

/// One field of a record that has a value in the vault.
#[derive(Clone)]
pub struct RedactedField {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) sensitivity: String,
    pub(super) outcome: Outcome,
    pub(super) reason: Reason,
    pub(super) missing: BTreeSet<Missing>,
}

/// What became of a value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It stands as it was.
    Kept(Shown),
    /// Something stands in its place.
    Changed(Shown, Mark),
    /// Nothing stands in its place but the mark.
    Withheld(Mark),
}

/// Something that leaves.
#[derive(Clone)]
pub struct Shown {
    pub(super) parts: Vec<Part>,
    pub(super) data: Data,
}

/// A stretch of what people read.
#[derive(Clone)]
#[non_exhaustive]
pub enum Part {
    /// Words.
    Text(SecretText),
    /// A label of this export alone, in place of a name or number.
    Label(String),
    /// A black box.
    Gap(Mark),
}

/// What programs read.
#[derive(Clone)]
#[non_exhaustive]
pub enum Data {
    /// The words, as people read them.
    Words,
    /// A code of a closed list, a day, a moment, a decimal number, or a place.
    Code(SecretText),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Several.
    List(Vec<SecretText>),
}

impl RedactedView {
    /// What the export says of itself.
    #[must_use]
    pub const fn cover(&self) -> &Cover {
        &self.cover
    }

    /// The records; a parent stands before its children.
    #[must_use]
    pub fn records(&self) -> &[RedactedRecord] {
        &self.records
    }

    /// How many fields have each mark.
    #[must_use]
    pub fn marked(&self) -> BTreeMap<Mark, usize> {
        let mut counts = BTreeMap::new();
        for mark in self.fields().filter_map(RedactedField::mark) {
            *counts.entry(mark).or_default() += 1;
        }
        counts
    }

    /// The marks that occur in it, those of boxes and labels within texts included.
    #[must_use]
    pub fn legend(&self) -> Vec<Mark> {
        let mut found: BTreeSet<Mark> = self.marked().into_keys().collect();
        let shown = self.fields().filter_map(RedactedField::shown);
        found.extend(shown.flat_map(Shown::parts).filter_map(|part| match part {
            Part::Gap(mark) => Some(*mark),
            Part::Label(_) => Some(Mark::Coded),
            Part::Text(_) => None,
        }));
        found.into_iter().collect()
    }

    /// How many fields stand as they were.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.fields().filter(|field| field.mark().is_none()).count()
    }

    /// The same export with nothing in it: each type of record once, its fields withheld or
    /// hidden in turn. Whatever a renderer makes of it are its own words. What stands for a file
    /// or for what nobody here opens shows nothing there either.
    pub(crate) fn skeleton(&self) -> Self {
        let mut marks = Mark::ALL.iter().cycle().copied();
        let mut nothing = || {
            let mark = marks.next().unwrap_or(Mark::Profile);
            match mark.is_change() {
                false => Outcome::Withheld(mark),
                true => {
                    let parts = vec![Part::Gap(mark)];
                    Outcome::Changed(Shown { parts, data: Data::Words }, mark)
                }
            }
        };
        let mut records: Vec<RedactedRecord> = Vec::new();
        for record in &self.records {
            let same = |known: &RedactedRecord| known.record_type == record.record_type;
            let at = records.iter().position(same).unwrap_or_else(|| {
                let fields = Vec::new();
                records.push(RedactedRecord { fields, parent: None, ..record.clone() });
                records.len() - 1
            });
            let Some(known) = records.get_mut(at) else { continue };
            for field in &record.fields {
                if known.fields.iter().all(|one| one.name != field.name) {
                    let outcome = match field.is_of_schema() {
                        true => nothing(),
                        false => Outcome::Withheld(field.mark().unwrap_or(Mark::File)),
                    };
                    known.fields.push(RedactedField { outcome, ..field.clone() });
                }
            }
        }
        Self { cover: self.cover.clone(), records }
    }

    /// What whoever prepares the export cannot open, as `record_type.line`: no search of the
    /// finished files can look for it.
    #[must_use]
    pub fn unopened(&self) -> BTreeSet<String> {
        let lines = self.records.iter().flat_map(|record| {
            let sealed = record.fields.iter().filter(|line| line.mark() == Some(Mark::Sealed));
            sealed.map(|line| format!("{}.{}", record.record_type, line.name))
        });
        lines.collect()
    }

    /// The fields of all records.
    pub fn fields(&self) -> impl Iterator<Item = &RedactedField> {
        self.records.iter().flat_map(|record| &record.fields)
    }
}

impl RedactedRecord {
    /// The record's code within this export, such as `R07`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The code of the record it stands under, if that is part of the export.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref()
    }

    /// The name of its type in the schema.
    #[must_use]
    pub fn record_type(&self) -> &str {
        &self.record_type
    }

    /// Its type in words.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Says under which name the file of a line leaves, if it does.
    pub(crate) fn name_file(&mut self, line: &str, name: &str) {
        let line = self.fields.iter_mut().find(|field| field.name == line);
        if let Some(RedactedField { outcome: Outcome::Kept(shown), .. }) = line {
            *shown = Shown::file(name);
        }
    }

    /// Its fields, in the order of the schema; one that is empty is not there.
    #[must_use]
    pub fn fields(&self) -> &[RedactedField] {
        &self.fields
    }
}

impl RedactedField {
    /// Whether it is a field, and no line for a file or for what nobody here opens: these have no
    /// sensitivity.
    const fn is_of_schema(&self) -> bool {
        !self.sensitivity.is_empty()
    }

    /// The name in the schema.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name in words.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The name of its sensitivity in the schema.
    #[must_use]
    pub fn sensitivity(&self) -> &str {
        &self.sensitivity
    }

    /// What became of its value.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The mark, if it does not stand as it was.
    #[must_use]
    pub const fn mark(&self) -> Option<Mark> {
        match &self.outcome {
            Outcome::Kept(_) => None,
            Outcome::Changed(_, mark) | Outcome::Withheld(mark) => Some(*mark),
        }
    }

    /// What leaves of it.
    #[must_use]
    pub const fn shown(&self) -> Option<&Shown> {
        match &self.outcome {
            Outcome::Kept(shown) | Outcome::Changed(shown, _) => Some(shown),
            Outcome::Withheld(_) => None,
        }
    }

    /// The decision on consent, for whoever prepares the export: it tells more than a recipient
    /// may know.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// What would let it leave, for whoever prepares the export.
    #[must_use]
    pub const fn missing(&self) -> &BTreeSet<Missing> {
        &self.missing
    }
}

impl Shown {
    /// A file of the export, by its name there.
    pub(super) fn file(name: &str) -> Self {
        Self { parts: vec![Part::Text(name.into())], data: Data::Words }
    }

    /// What people read.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What programs read.
    #[must_use]
    pub const fn data(&self) -> &Data {
        &self.data
    }

    /// What people read, in one line of text; a box is its label in brackets.
    #[must_use]
    pub fn to_text(&self, language: Language) -> SecretText {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.expose().to_owned(),
                Part::Label(label) => label.clone(),
                Part::Gap(mark) => format!("[{}]", mark.label(language)),
            })
            .collect();
        parts.concat().into()
    }
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}

silent!(RedactedView, RedactedRecord, RedactedField, Shown, Part, Data);
