//! Free text leaves only as somebody read and approved it; what endangers a life, only if a
//! second person released it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::consent::Digest;
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, RecordId};
use crate::redact::{
    ApprovedSpan, ApprovedText, KnownPeople, KnownPerson, SpanKind, TextSpan, is_name, propose,
};
use crate::schema::{Field, RecordType, Schema};
use crate::secret::SecretText;
use crate::time::Timestamp;
use crate::vault::consents::{bad, only};
use crate::vault::exports::tree::Branch;
use crate::vault::ledger::{Entry, Signature};
use crate::vault::postings::index_key;
use crate::vault::{Live, Vault};

/// A part of a text that does not leave as it is, in Unicode scalar values from its start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewSpan {
    /// Where it begins.
    pub start: usize,
    /// Where it ends: the first scalar value after it.
    pub end: usize,
    /// What it is.
    pub kind: SpanKind,
    /// The record about the person whom it names, if it names somebody of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<RecordId>,
}

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

/// What a reader signs.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::vault) struct ReviewTerms {
    pub(in crate::vault) record: RecordId,
    pub(in crate::vault) field: String,
    pub(in crate::vault) text: Digest,
    pub(in crate::vault) spans: Vec<ReviewSpan>,
    pub(in crate::vault) policy: u32,
}

/// What a second person signs.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::vault) struct ReleaseTerms {
    pub(in crate::vault) record: RecordId,
    pub(in crate::vault) field: String,
    pub(in crate::vault) purpose: String,
    pub(in crate::vault) recipient: RecordId,
    pub(in crate::vault) until: Timestamp,
}

/// Approvals and releases of one ledger, their signatures checked.
#[derive(Default)]
pub(in crate::vault) struct Readings {
    pub(in crate::vault) reviews: Vec<(MemberId, ReviewTerms)>,
    pub(in crate::vault) releases: Vec<(MemberId, ReleaseTerms)>,
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
        let ids = self.consents(keeper)?.write(|live, policy, _| {
            let digests = self.text_digests(live, &found, record, &text)?;
            if !digests.contains(&digest) {
                let what = "the text is not the one that was read";
                return Err(Error::new(ErrorKind::Conflict, what).at(Place::Record(record)));
            }
            let terms = ReviewTerms {
                record,
                field: found.name.clone(),
                text: newest(&digests)?,
                spans: spans.to_vec(),
                policy: policy.version(),
            };
            let signature = self.sign_reading(keeper, &terms)?;
            Ok(vec![Entry::Review { terms, signature }])
        })?;
        only(&ids)
    }

    /// Lets a field that could endanger a life leave for one purpose to one recipient, until a
    /// moment at most 72 hours away. Somebody else than who releases it makes the export.
    ///
    /// # Errors
    ///
    /// `BadValue` for a moment that is not within the hours; `UnknownField`, `UnknownCode`,
    /// `NotFound`; otherwise as [`Vault::review`].
    pub fn release(
        &self,
        record: RecordId,
        field: &str,
        (purpose, to): (&str, RecordId),
        until: Timestamp,
    ) -> Result<RecordId> {
        let schema = self.schema();
        let (persons, opened) = self.concerned(&schema, record)?;
        let kind = schema.record_type(opened.record_type())?;
        let field = kind.field(field)?.name.clone();
        self.policy()?.purpose(purpose)?;
        self.recipient(to)?;
        let keeper = keeper(&persons, record)?;
        let ids = self.consents(keeper)?.write(|live, _, _| {
            let now = self.now(live).as_second();
            if until.as_second() <= now || until.as_second() > now + RELEASE_HOURS * 3600 {
                return Err(bad("a release ends within 72 hours"));
            }
            let (purpose, recipient) = (purpose.to_owned(), to);
            let terms = ReleaseTerms { record, field: field.clone(), purpose, recipient, until };
            let signature = self.sign_reading(keeper, &terms)?;
            Ok(vec![Entry::Release { terms, signature }])
        })?;
        only(&ids)
    }

    fn free_text(
        &self,
        schema: &Schema,
        record: RecordId,
        field: &str,
    ) -> Result<(Found, SecretText, BTreeSet<RecordId>)> {
        let (persons, opened) = self.concerned(schema, record)?;
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

    /// Digests of a text under every key that could have been in use when it was approved; the
    /// newest first. The key is the compartment's: nobody else can test a guess.
    fn text_digests(
        &self,
        live: &Live,
        found: &Found,
        record: RecordId,
        text: &SecretText,
    ) -> Result<Vec<Digest>> {
        let code = live.schema.compartment_code(&found.compartment);
        let code = code.ok_or_else(|| Error::new(ErrorKind::Internal, "no such compartment"))?;
        let (newest, _) = live.ring.newest(code)?;
        let mut epochs: Vec<_> = live.ring.epochs(code).collect();
        epochs.sort_by_key(|(epoch, _)| *epoch != newest);
        let digest = |ck| {
            let key = index_key(live, code, ck)?;
            let parts =
                [record.as_bytes().as_slice(), found.name.as_bytes(), text.expose().as_bytes()];
            Ok(Digest(kdf::prf(&key, labels::REVIEW_TEXT, &parts)))
        };
        epochs.into_iter().map(|(_, ck)| digest(ck)).collect()
    }

    /// Where the review of a text stands, and the digest of the text.
    fn standing_of(
        &self,
        shelf: &Shelf,
        persons: &BTreeSet<RecordId>,
        (found, record): (&Found, RecordId),
        text: &SecretText,
    ) -> Result<(ReviewState, Digest)> {
        let digests = self.text_digests(&self.live(), found, record, text)?;
        let digest = newest(&digests)?;
        let of = shelf.of.get(persons);
        let approved = of.and_then(|(readings, needed)| {
            let (readers, _) = readings.approved(record, &found.name, &digests, shelf.policy)?;
            Some(readers >= *needed)
        });
        let state = match approved {
            None => ReviewState::Unread,
            Some(false) => ReviewState::NeedsSecondReader,
            Some(true) => ReviewState::Approved,
        };
        Ok((state, digest))
    }

    /// What was read and released, for each set of people, and how many have to read a text
    /// about them.
    pub(super) fn shelf<'a>(
        &self,
        sets: impl Iterator<Item = &'a BTreeSet<RecordId>>,
    ) -> Result<Shelf> {
        let live = self.live();
        let policy = self.policy_now(&live)?;
        let now = self.now(&live);
        let mut of = BTreeMap::new();
        for persons in sets {
            if of.contains_key(persons) {
                continue;
            }
            let mut needed = 1;
            let mut readings = Readings::default();
            for (nth, person) in persons.iter().enumerate() {
                let book = self.book(&live, *person, &policy)?;
                if policy.is_minor(book.ledger.subject.birth, now) {
                    needed = 2;
                }
                // The first one keeps them for all.
                if nth == 0 {
                    readings = book.readings;
                }
            }
            of.insert(persons.clone(), (readings, needed));
        }
        Ok(Shelf { of, policy: policy.version() })
    }

    /// The texts of a record that may leave, by field.
    pub(super) fn approved_texts(
        &self,
        schema: &Schema,
        branch: &Branch,
        shelf: &Shelf,
    ) -> Result<BTreeMap<String, ApprovedText>> {
        let mut approved = BTreeMap::new();
        let Some((readings, needed)) = shelf.of.get(&branch.persons) else { return Ok(approved) };
        if readings.reviews.is_empty() {
            return Ok(approved);
        }
        let id = branch.record.id();
        let live = self.live();
        for (found, text) in free_texts(schema, branch)? {
            let digests = self.text_digests(&live, &found, id, &text)?;
            let held = readings.approved(id, &found.name, &digests, shelf.policy);
            if let Some((readers, spans)) = held
                && readers >= *needed
            {
                let spans = spans.iter().map(|span| ApprovedSpan {
                    start: span.start,
                    end: span.end,
                    who: span.who,
                });
                approved.insert(found.name, ApprovedText { spans: spans.collect() });
            }
        }
        Ok(approved)
    }

    /// The fields of a record that somebody else than this session's member released.
    pub(super) fn released(
        &self,
        branch: &Branch,
        shelf: &Shelf,
        (purpose, to): (&str, Option<RecordId>),
        now: Timestamp,
    ) -> BTreeSet<String> {
        let holds = |(by, terms): &&(MemberId, ReleaseTerms)| {
            *by != self.member
                && terms.record == branch.record.id()
                && terms.purpose == purpose
                && Some(terms.recipient) == to
                && now < terms.until
        };
        let held = shelf.of.get(&branch.persons).map(|(readings, _)| readings.releases.iter());
        held.into_iter().flatten().filter(holds).map(|(_, terms)| terms.field.clone()).collect()
    }

    pub(in crate::vault) fn sign_reading(
        &self,
        keeper: RecordId,
        terms: &impl Serialize,
    ) -> Result<Signature> {
        let message = self.reading_message(keeper, terms)?;
        let key = self.identity.sign_key();
        Ok(Signature(key.sign(labels::REVIEW_SIGNATURE, &message)))
    }

    pub(in crate::vault) fn verify_reading(
        &self,
        live: &Live,
        (keeper, by): (RecordId, MemberId),
        terms: &impl Serialize,
        signature: Signature,
    ) -> Result<()> {
        let member = live.roster.body.member(by).ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "a text was approved by nobody of the roster")
        })?;
        let message = self.reading_message(keeper, terms)?;
        member.verify_key().verify(labels::REVIEW_SIGNATURE, &message, &signature.0)
    }

    fn reading_message(&self, keeper: RecordId, terms: &impl Serialize) -> Result<Vec<u8>> {
        let mut message = [self.id.as_bytes().as_slice(), keeper.as_bytes()].concat();
        serde_json::to_writer(&mut message, terms)
            .map_err(|_| Error::new(ErrorKind::Internal, "an approval did not encode"))?;
        Ok(message)
    }
}

impl Readings {
    /// How many members approved a text in the same way, and how: the way of the most.
    fn approved(
        &self,
        record: RecordId,
        field: &str,
        digests: &[Digest],
        policy: u32,
    ) -> Option<(usize, &[ReviewSpan])> {
        let holds = |terms: &&(MemberId, ReviewTerms)| {
            let terms = &terms.1;
            terms.record == record
                && terms.field == field
                && terms.policy == policy
                && digests.contains(&terms.text)
        };
        // Whoever read it again took back what she approved before.
        let mut seen = BTreeSet::new();
        let newest = self.reviews.iter().rev().filter(holds).filter(|(by, _)| seen.insert(*by));
        let mut held: Vec<_> = newest.collect();
        held.reverse();
        let readers = |spans: &[ReviewSpan]| {
            let same = held.iter().filter(|(_, terms)| terms.spans == spans);
            same.map(|(by, _)| *by).collect::<BTreeSet<_>>().len()
        };
        // The newest of those that most agree on.
        let ways = held.iter().map(|(_, terms)| terms.spans.as_slice());
        ways.map(|spans| (readers(spans), spans)).max_by_key(|(readers, _)| *readers)
    }
}

/// What was read and released, for each set of people.
pub(super) struct Shelf {
    of: BTreeMap<BTreeSet<RecordId>, (Readings, usize)>,
    policy: u32,
}

/// The free texts of a record that are not empty.
fn free_texts(schema: &Schema, branch: &Branch) -> Result<Vec<(Found, SecretText)>> {
    let kind = schema.record_type(branch.record.record_type())?;
    let texts = kind.fields.iter().filter(|field| field.free_text).filter_map(|field| {
        let value = branch.record.field(&field.name)?;
        Some((Found::new(kind, field), value.to_text()))
    });
    Ok(texts.collect())
}

/// A field that was found, without its schema.
struct Found {
    record_type: String,
    name: String,
    compartment: String,
}

impl Found {
    fn new(kind: &RecordType, field: &Field) -> Self {
        Self {
            record_type: kind.name.clone(),
            name: field.name.clone(),
            compartment: field.compartment.clone(),
        }
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

/// In whose ledger it is kept: of several people, always the same one.
fn keeper(persons: &BTreeSet<RecordId>, record: RecordId) -> Result<RecordId> {
    persons.first().copied().ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "nobody's data is in it").at(Place::Record(record))
    })
}

fn newest(digests: &[Digest]) -> Result<Digest> {
    digests.first().copied().ok_or_else(|| Error::new(ErrorKind::Internal, "no digest"))
}

const MAX_SPANS: usize = 400;
const RELEASE_HOURS: i64 = 72;
