//! What people sign about single texts, files and fields: that one was read and may leave, but for
//! parts of it; that one may leave though it could endanger a life. Kept in the ledger of whose data it
//! is, and no business of consent.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::consent::Digest;
use crate::crypto::labels;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{AttachmentId, MemberId, RecordId};
use crate::redact::SpanKind;
use crate::time::Timestamp;
use crate::vault::signature::Signature;
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

/// What a reader signs.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ReviewTerms {
    pub(super) record: RecordId,
    pub(super) field: String,
    pub(super) text: Digest,
    pub(super) spans: Vec<ReviewSpan>,
    pub(super) policy: u32,
}

/// What a reader of an attached file signs.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct FileTerms {
    pub(super) record: RecordId,
    pub(super) file: AttachmentId,
    pub(super) content: Digest,
    pub(super) policy: u32,
}

/// What a second person signs.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ReleaseTerms {
    pub(super) record: RecordId,
    pub(super) field: String,
    pub(super) value: Digest,
    pub(super) purpose: String,
    pub(super) recipient: RecordId,
    pub(super) until: Timestamp,
}

/// What somebody signs who takes back what was approved, whoever approved it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct RetractTerms {
    pub(super) record: RecordId,
    pub(super) of: Retracted,
}

/// Of what all approvals and releases are taken back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Retracted {
    Field(String),
    File(AttachmentId),
}

/// Approvals and releases of one ledger that nobody took back, their signatures checked.
#[derive(Default)]
pub(super) struct Readings {
    pub(super) reviews: Vec<(MemberId, ReviewTerms)>,
    pub(super) files: Vec<(MemberId, FileTerms)>,
    pub(super) releases: Vec<(MemberId, ReleaseTerms)>,
}

impl Vault {
    pub(super) fn sign_reading(
        &self,
        place: (RecordId, &Digest),
        terms: &impl Serialize,
    ) -> Result<Signature> {
        let message = self.reading_message(place, terms)?;
        let key = self.identity.sign_key();
        Ok(Signature(key.sign(labels::REVIEW_SIGNATURE, &message)))
    }

    pub(super) fn verify_reading(
        &self,
        live: &Live,
        place: (RecordId, &Digest),
        terms: &impl Serialize,
        (by, signature): (MemberId, Signature),
    ) -> Result<()> {
        let member = live.roster.body.member(by).ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "a text was approved by nobody of the roster")
        })?;
        let message = self.reading_message(place, terms)?;
        member.verify_key().verify(labels::REVIEW_SIGNATURE, &message, &signature.0)
    }

    /// In whose ledger, after which entry, what.
    fn reading_message(
        &self,
        (keeper, previous): (RecordId, &Digest),
        terms: &impl Serialize,
    ) -> Result<Vec<u8>> {
        let mut message = [self.id.as_bytes().as_slice(), keeper.as_bytes(), &previous.0].concat();
        serde_json::to_writer(&mut message, terms)
            .map_err(|_| Error::new(ErrorKind::Internal, "an approval did not encode"))?;
        Ok(message)
    }
}

impl ReviewTerms {
    fn is_of(&self, back: &RetractTerms) -> bool {
        self.record == back.record && back.of == Retracted::Field(self.field.clone())
    }
}

impl FileTerms {
    fn is_of(&self, back: &RetractTerms) -> bool {
        self.record == back.record && back.of == Retracted::File(self.file)
    }
}

impl ReleaseTerms {
    fn is_of(&self, back: &RetractTerms) -> bool {
        self.record == back.record && back.of == Retracted::Field(self.field.clone())
    }
}

impl Readings {
    /// Whether there is anything to take back.
    pub(super) fn has(&self, back: &RetractTerms) -> bool {
        self.reviews.iter().any(|(_, terms)| terms.is_of(back))
            || self.files.iter().any(|(_, terms)| terms.is_of(back))
            || self.releases.iter().any(|(_, terms)| terms.is_of(back))
    }

    pub(super) fn take_back(&mut self, back: &RetractTerms) {
        self.reviews.retain(|(_, terms)| !terms.is_of(back));
        self.files.retain(|(_, terms)| !terms.is_of(back));
        self.releases.retain(|(_, terms)| !terms.is_of(back));
    }

    /// How many members approved this very file.
    pub(super) fn readers_of(
        &self,
        (record, file): (RecordId, AttachmentId),
        content: Digest,
        policy: u32,
    ) -> usize {
        let held = self.files.iter().filter(|(_, terms)| {
            terms.record == record
                && terms.file == file
                && terms.policy == policy
                && terms.content == content
        });
        held.map(|(by, _)| *by).collect::<BTreeSet<_>>().len()
    }

    /// How many members approved a text as the newest reading has it, and how that is.
    pub(super) fn approved(
        &self,
        record: RecordId,
        field: &str,
        digest: Digest,
        policy: u32,
    ) -> Option<(usize, &[ReviewSpan])> {
        let holds = |terms: &&(MemberId, ReviewTerms)| {
            let terms = &terms.1;
            terms.record == record
                && terms.field == field
                && terms.policy == policy
                && terms.text == digest
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
        // The newest reading is the way: who read it otherwise before has not agreed to it.
        let spans = held.last()?.1.spans.as_slice();
        Some((readers(spans), spans))
    }
}
