//! What was read and released of the records of an export.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::Digest;
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{AttachmentId, MemberId, RecordId};
use crate::redact::{ApprovedSpan, ApprovedText};
use crate::schema::{Field, RecordType, Schema};
use crate::secret::SecretText;
use crate::time::Timestamp;
use crate::vault::exports::reviews::ReviewState;
use crate::vault::exports::tree::Branch;
use crate::vault::readings::{Readings, ReleaseTerms};
use crate::vault::{Live, Vault};

/// What was read and released, for each set of people.
pub(super) struct Shelf {
    of: BTreeMap<BTreeSet<RecordId>, (Readings, usize)>,
    policy: u32,
}

/// A field that was found, without its schema.
pub(super) struct Found {
    pub(super) record_type: String,
    pub(super) name: String,
    pub(super) compartment: String,
}

impl Found {
    pub(super) fn new(kind: &RecordType, field: &Field) -> Self {
        Self {
            record_type: kind.name.clone(),
            name: field.name.clone(),
            compartment: field.compartment.clone(),
        }
    }
}

impl Shelf {
    /// How many members approved a file of these people, and how many have to.
    pub(super) fn readers_of(
        &self,
        persons: &BTreeSet<RecordId>,
        file: (RecordId, AttachmentId),
        content: Digest,
    ) -> (usize, usize) {
        self.of.get(persons).map_or((0, usize::MAX), |(readings, needed)| {
            (readings.readers_of(file, content, self.policy), *needed)
        })
    }
}

impl Vault {
    /// Digest by which a text is approved. The key is the compartment's, so that nobody else can
    /// test a guess, and no rotation changes it, so that what was read stays read.
    pub(super) fn text_digest(
        &self,
        live: &Live,
        found: &Found,
        record: RecordId,
        text: &SecretText,
    ) -> Result<Digest> {
        let code = live.schema.compartment_code(&found.compartment);
        let code = code.ok_or_else(|| Error::new(ErrorKind::Internal, "no such compartment"))?;
        let key = live.ring.text_key(code)?;
        let parts = [record.as_bytes().as_slice(), found.name.as_bytes(), text.expose().as_bytes()];
        Ok(Digest(kdf::prf(&key, labels::REVIEW_TEXT, &parts)))
    }

    /// Where the review of a text stands, and the digest of the text.
    pub(super) fn standing_of(
        &self,
        shelf: &Shelf,
        persons: &BTreeSet<RecordId>,
        (found, record): (&Found, RecordId),
        text: &SecretText,
    ) -> Result<(ReviewState, Digest)> {
        let digest = self.text_digest(&self.live(), found, record, text)?;
        let of = shelf.of.get(persons);
        let approved = of.and_then(|(readings, needed)| {
            let (readers, _) = readings.approved(record, &found.name, digest, shelf.policy)?;
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
            let digest = self.text_digest(&live, &found, id, &text)?;
            let held = readings.approved(id, &found.name, digest, shelf.policy);
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
        schema: &Schema,
        branch: &Branch,
        shelf: &Shelf,
        (purpose, to): (&str, Option<RecordId>),
        now: Timestamp,
    ) -> Result<BTreeSet<String>> {
        let holds = |(by, terms): &&(MemberId, ReleaseTerms)| {
            *by != self.member
                && terms.record == branch.record.id()
                && terms.purpose == purpose
                && Some(terms.recipient) == to
                && now < terms.until
        };
        let kind = schema.record_type(branch.record.record_type())?;
        let live = self.live();
        let mut released = BTreeSet::new();
        let held = shelf.of.get(&branch.persons).map(|(readings, _)| readings.releases.iter());
        for (_, terms) in held.into_iter().flatten().filter(holds) {
            // What was released is the value that it had then.
            let Some(value) = branch.record.field(&terms.field) else { continue };
            let found = Found::new(kind, kind.field(&terms.field)?);
            let id = branch.record.id();
            if self.text_digest(&live, &found, id, &value.to_text())? == terms.value {
                released.insert(terms.field.clone());
            }
        }
        Ok(released)
    }
}

/// The free texts of a record that are not empty.
pub(super) fn free_texts(schema: &Schema, branch: &Branch) -> Result<Vec<(Found, SecretText)>> {
    let kind = schema.record_type(branch.record.record_type())?;
    let texts = kind.fields.iter().filter(|field| field.free_text).filter_map(|field| {
        let value = branch.record.field(&field.name)?;
        Some((Found::new(kind, field), value.to_text()))
    });
    Ok(texts.collect())
}
