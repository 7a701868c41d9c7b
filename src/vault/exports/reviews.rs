//! Free text leaves only as somebody read and approved it.

use std::collections::BTreeSet;

use crate::consent::Digest;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::redact::{KnownPeople, KnownPerson, TextSpan, is_name, propose};
use crate::schema::Schema;
use crate::secret::SecretText;
use crate::vault::Vault;
use crate::vault::consents::{bad, only};
use crate::vault::exports::releases::keeper;
use crate::vault::exports::shelf::{Found, free_texts};
use crate::vault::ledger::Entry;
use crate::vault::readings::{ReviewSpan, ReviewTerms};

/// A text as somebody reads it before it may leave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TextReview {
    /// The record.
    pub record: RecordId,
    /// The field, as `record_type.field`.
    pub field: String,
    /// All of the text.
    pub text: SecretText,
    /// What an approval is bound to: a digest that only who opens the text can make.
    pub digest: Digest,
    /// What patterns and recorded names propose to hide. A name that nobody recorded is not
    /// among it: whoever approves has read all of the text.
    pub proposed: Vec<ReviewSpan>,
    /// Where it stands.
    pub state: ReviewState,
}

/// Where the review of a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ReviewState {
    /// Nobody has approved it as it is now, under the policy in force.
    Unread,
    /// One has; the text is about a minor, and somebody else has to read it too.
    NeedsSecondReader,
    /// It may leave, as approved.
    Approved,
}

impl ReviewState {
    /// A stable name in snake case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::NeedsSecondReader => "needs_second_reader",
            Self::Approved => "approved",
        }
    }
}

impl Vault {
    /// A free text, and what is proposed to hide of it.
    ///
    /// # Errors
    ///
    /// `BadValue` if the field is no free text; `NotFound` if it is empty or nobody's data is in
    /// the case; `NoCompartment`; as [`Vault::read`].
    pub fn review(&self, record: RecordId, field: &str) -> Result<TextReview> {
        let schema = self.schema();
        let (found, text, persons) = self.free_text(&schema, record, field)?;
        let known = self.known_people(&schema, record)?;
        let spans = propose(text.expose(), &known.0);
        let shelf = self.shelf([&persons].into_iter())?;
        let (state, digest) = self.standing_of(&shelf, &persons, (&found, record), &text)?;
        Ok(TextReview {
            record,
            field: format!("{}.{}", found.record_type, found.name),
            digest,
            proposed: spans.into_iter().map(|span| known.named(span)).collect(),
            text,
            state,
        })
    }

    /// Every free text of a record and of all that stands under it, with where its review stands.
    ///
    /// # Errors
    ///
    /// As [`Vault::review`].
    pub fn reviews(&self, root: RecordId) -> Result<Vec<(RecordId, String, ReviewState)>> {
        let schema = self.schema();
        let branches = self.branches(&schema, root)?;
        let shelf = self.shelf(branches.iter().map(|branch| &branch.persons))?;
        let mut states = Vec::new();
        for branch in branches.iter().filter(|branch| !branch.persons.is_empty()) {
            for (found, text) in free_texts(&schema, branch)? {
                let id = branch.record.id();
                let (state, _) = self.standing_of(&shelf, &branch.persons, (&found, id), &text)?;
                states.push((id, format!("{}.{}", found.record_type, found.name), state));
            }
        }
        Ok(states)
    }

    /// Records that this session's identity has read all of a text and lets it leave, but for
    /// these parts of it. `digest` says which text was read: an approval holds for that very
    /// text and the policy in force, and for no other.
    ///
    /// # Errors
    ///
    /// `Conflict` if the text is not the one that was read; `BadValue` for spans that overlap or
    /// lie outside; `TooLong` for more than 400; otherwise as [`Vault::review`].
    pub fn approve_text(
        &self,
        record: RecordId,
        field: &str,
        digest: Digest,
        spans: &[ReviewSpan],
    ) -> Result<RecordId> {
        let schema = self.schema();
        let (found, text, persons) = self.free_text(&schema, record, field)?;
        check_spans(spans, text.expose())?;
        let keeper = keeper(&persons, record)?;
        let ids = self.consents(keeper)?.write(|live, policy, book| {
            if self.text_digest(live, &found, record, &text)? != digest {
                let what = "the text is not the one that was read";
                return Err(Error::new(ErrorKind::Conflict, what).at(Place::Record(record)));
            }
            let terms = ReviewTerms {
                record,
                field: found.name.clone(),
                text: digest,
                spans: spans.to_vec(),
                policy: policy.version(),
            };
            let signature = self.sign_reading((keeper, &book.last), &terms)?;
            Ok(vec![Entry::Review { terms, signature }])
        })?;
        only(&ids)
    }

    fn free_text(
        &self,
        schema: &Schema,
        record: RecordId,
        field: &str,
    ) -> Result<(Found, SecretText, BTreeSet<RecordId>)> {
        let (persons, (opened, _)) = self.concerned(schema, record)?;
        let kind = schema.record_type(opened.record_type())?;
        let field = field.strip_prefix(&format!("{}.", kind.name)).unwrap_or(field);
        let field = kind.field(field)?;
        let place = || kind.place(&field.name);
        if !field.free_text {
            return Err(Error::new(ErrorKind::BadValue, "the field is no free text").at(place()));
        }
        // Asks for the field by name: a role without its compartment is told so.
        let opened = self.read_fields(record, &[&field.name])?;
        let value = opened.field(&field.name);
        let text = value
            .map(|value| value.to_text())
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "the field is empty").at(place()))?;
        Ok((Found::new(kind, field), text, persons))
    }

    /// The names and numbers recorded anywhere in the case of a record.
    fn known_people(&self, schema: &Schema, record: RecordId) -> Result<Known> {
        let (_, top) = self.above(schema, record)?;
        let (mut people, mut ids) = (KnownPeople::new(), Vec::new());
        for branch in self.branches(schema, top)? {
            let kind = schema.record_type(branch.record.record_type())?;
            let mut person = None;
            for field in &kind.fields {
                let Some(value) = branch.record.field(&field.name) else { continue };
                let text = value.to_text();
                if is_name(field) {
                    let known = person.take().unwrap_or_else(KnownPerson::new);
                    person = Some(match field.name.as_str() {
                        name if name.contains("surname") => known.surname(text),
                        name if name.contains("alias") => known.alias(text),
                        _ => known.given(text),
                    });
                } else if field.sensitivity == "identifier" && !field.free_text {
                    people = people.value(text);
                }
            }
            if let Some(person) = person {
                people = people.person(person);
                ids.push(branch.record.id());
            }
        }
        Ok(Known(people, ids))
    }
}

/// Everybody recorded in a case, with the record about each.
struct Known(KnownPeople, Vec<RecordId>);

impl Known {
    fn named(&self, span: TextSpan) -> ReviewSpan {
        let who = span.who.and_then(|index| self.1.get(index).copied());
        ReviewSpan { start: span.start, end: span.end, kind: span.kind, who }
    }
}

fn check_spans(spans: &[ReviewSpan], text: &str) -> Result<()> {
    if spans.len() > MAX_SPANS {
        return Err(Error::new(ErrorKind::TooLong, "a text has at most 400 spans"));
    }
    let length = text.chars().count();
    let mut done = 0;
    for span in spans {
        if span.start < done || span.start >= span.end || span.end > length {
            return Err(bad("spans are sorted, apart, and within the text"));
        }
        done = span.end;
    }
    Ok(())
}

const MAX_SPANS: usize = 400;
