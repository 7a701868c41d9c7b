//! Notes in which somebody marked what identifies people, held against what is proposed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::Path;

use amparo::{KnownPeople, KnownPerson, TextSpan, propose};
use serde::Deserialize;

/// The notes of one set.
pub(crate) struct Notes {
    notes: Vec<Note>,
}

/// What was found in one set.
#[derive(Default)]
pub(crate) struct Measure {
    notes: usize,
    /// By kind of mark: how many are covered from end to end, of how many.
    pub(crate) marks: BTreeMap<String, (usize, usize)>,
    /// Notes with a mark that is claimed in which all of those are covered, of how many.
    pub(crate) whole: (usize, usize),
    /// Characters outside of marks that are covered, of how many.
    pub(crate) needless: (usize, usize),
    /// Notes without a mark in which something is proposed, of how many.
    pub(crate) decoys: (usize, usize),
}

struct Note {
    id: String,
    text: Vec<char>,
    marks: Vec<(String, std::ops::Range<usize>)>,
    spans: Vec<TextSpan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[serde(default)]
    people: Vec<Person>,
    #[serde(default)]
    recorded: Vec<String>,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    given: Option<String>,
    paternal: Option<String>,
    maternal: Option<String>,
    full: Option<String>,
    #[serde(default)]
    alias: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    note: Vec<Written>,
}

impl Notes {
    /// Reads a set by its name and proposes spans in each of its notes.
    pub(crate) fn read(name: &str) -> Result<Self, Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/review");
        let text = std::fs::read_to_string(folder.join(format!("{name}.toml")))?;
        let file: File = toml::from_str(&text)?;
        let notes = file.note.into_iter().map(Note::new);
        Ok(Self { notes: notes.collect::<Result<_, _>>()? })
    }

    /// The marks with a claim that are not covered, with what stands around them.
    pub(crate) fn missed(&self) -> impl Iterator<Item = String> {
        self.notes.iter().flat_map(|note| {
            let missed =
                note.marks.iter().filter(|(kind, at)| is_claimed(kind) && !note.covers(at));
            missed.map(|(kind, at)| {
                let around = at.start.saturating_sub(30)..(at.end + 12).min(note.text.len());
                format!("{} {kind} [{}] in: {}", note.id, note.slice(at), note.slice(&around))
            })
        })
    }

    /// The spans that touch no mark.
    pub(crate) fn needless(&self) -> impl Iterator<Item = String> {
        self.notes.iter().flat_map(|note| {
            let touches = |span: &TextSpan| {
                note.marks.iter().any(|(_, at)| span.start < at.end && at.start < span.end)
            };
            let spans = note.spans.iter().filter(move |span| !touches(span));
            spans.map(|span| {
                let around = span.start.saturating_sub(20)..(span.end + 12).min(note.text.len());
                let text = note.slice(&(span.start..span.end));
                format!("{} needless {} [{text}] in: {}", note.id, span.kind, note.slice(&around))
            })
        })
    }
}

impl Measure {
    /// Counts.
    pub(crate) fn of(notes: &Notes) -> Self {
        let mut measure = Self { notes: notes.notes.len(), ..Self::default() };
        for note in &notes.notes {
            for (kind, at) in &note.marks {
                let count = measure.marks.entry(kind.clone()).or_default();
                count.0 += usize::from(note.covers(at));
                count.1 += 1;
            }
            let mut claimed = note.marks.iter().filter(|(kind, _)| is_claimed(kind)).peekable();
            if claimed.peek().is_some() {
                measure.whole.0 += usize::from(claimed.all(|(_, at)| note.covers(at)));
                measure.whole.1 += 1;
            }
            if note.marks.is_empty() {
                measure.decoys.0 += usize::from(!note.spans.is_empty());
                measure.decoys.1 += 1;
            }
            for at in 0..note.text.len() {
                if !note.marks.iter().any(|(_, mark)| mark.contains(&at)) {
                    measure.needless.0 += usize::from(note.covers(&(at..at + 1)));
                    measure.needless.1 += 1;
                }
            }
        }
        measure
    }

    /// The share of marks of these kinds that are covered.
    pub(crate) fn recall(&self, kinds: &[&str]) -> f64 {
        let counts = kinds.iter().filter_map(|kind| self.marks.get(*kind));
        share(counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1)))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} notes\n\n| what | found | of | share |\n|---|---:|---:|---:|", self.notes)?;
        for (kind, count) in &self.marks {
            let claim = if is_claimed(kind) { "" } else { " (no claim)" };
            row(f, &format!("`{kind}`{claim}"), *count)?;
        }
        writeln!(f, "| all identifiers with a form | | | {:.3} |", self.recall(WITH_A_FORM))?;
        row(f, "notes with everything that is claimed", self.whole)?;
        row(f, "characters covered outside of marks", self.needless)?;
        row(f, "notes without a mark that are touched", self.decoys)
    }
}

impl Note {
    fn new(written: Written) -> Result<Self, Box<dyn Error>> {
        let (mut text, mut marks) = (Vec::new(), Vec::new());
        let mut rest = written.text.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            let (mark, after) = after.split_once("}}").ok_or("a mark is not closed")?;
            let (kind, surface) = mark.split_once('|').ok_or("a mark has no kind")?;
            text.extend(before.chars());
            let start = text.len();
            text.extend(surface.chars());
            marks.push((kind.to_owned(), start..text.len()));
            rest = after;
        }
        text.extend(rest.chars());
        let known = written.people.into_iter().fold(KnownPeople::new(), |known, person| {
            let mut one = KnownPerson::new();
            for given in [person.given, person.full].into_iter().flatten() {
                one = one.given(given);
            }
            for surname in [person.paternal, person.maternal].into_iter().flatten() {
                one = one.surname(surname);
            }
            known.person(person.alias.into_iter().fold(one, KnownPerson::alias))
        });
        let known = written.recorded.into_iter().fold(known, KnownPeople::value);
        let spans = propose(&text.iter().collect::<String>(), &known);
        Ok(Self { id: written.id, text, marks, spans })
    }

    /// Whether spans cover a stretch from end to end.
    fn covers(&self, at: &std::ops::Range<usize>) -> bool {
        let covered =
            |at: usize| self.spans.iter().any(|span| (span.start..span.end).contains(&at));
        at.clone().all(covered)
    }

    fn slice(&self, at: &std::ops::Range<usize>) -> String {
        self.text.get(at.clone()).unwrap_or_default().iter().collect()
    }
}

fn row(f: &mut fmt::Formatter<'_>, what: &str, count: (usize, usize)) -> fmt::Result {
    writeln!(f, "| {what} | {} | {} | {:.3} |", count.0, count.1, share(count))
}

fn share((part, whole): (usize, usize)) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "counts of characters are small")]
    let share = part as f64 / whole.max(1) as f64;
    share
}

/// The kinds of marks that are told by their form.
pub(crate) const WITH_A_FORM: &[&str] =
    &["dni", "ce", "passport", "phone", "email", "plate", "date", "handle", "file_no", "address"];

/// Nothing is claimed of names that nobody recorded.
fn is_claimed(kind: &str) -> bool {
    kind != "stranger"
}
