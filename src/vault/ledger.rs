//! A person's ledger, as records: entries that are only added, each bound to the one before, and
//! all listed by the person.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::codec::Writer as Bytes;
use crate::consent::{
    Approval, Birth, Block, Consent, Digest, Disclosure, DisclosureTerms, Event, Grant, Ledger,
    Override, OverrideTerms, Policy, Subject,
};
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, RecordId};
use crate::record::{FieldValue, RecordDraft};
use crate::schema::own::{ENTRY, LEDGER};
use crate::schema::{ALWAYS, RecordType, SubjectFields};
use crate::seal::SectionId;
use crate::secret::SecretText;
use crate::time::{Date, Timestamp};
use crate::vault::read::{Loaded, home_of, stored_code};
use crate::vault::readings::{FileTerms, Readings, ReleaseTerms, RetractTerms, ReviewTerms};
use crate::vault::signature::Signature;
use crate::vault::{Live, Vault, Writer};

/// One entry, as stored: it never changes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// A consent, and the event that began it: the record's id is the id of both.
    Consent { terms: Grant, first: Event },
    /// Something that happened to a consent.
    Event { of: RecordId, event: Event },
    /// Somebody neither gives nor receives from now on.
    Block(Block),
    /// An override, signed by whoever asks for it.
    Override { terms: OverrideTerms, signature: Signature },
    /// The approval of an override, signed.
    Approval { of: RecordId, signature: Signature },
    /// Data left.
    Disclosure(DisclosureTerms),
    /// A free text was read and approved, signed.
    Review { terms: ReviewTerms, signature: Signature },
    /// An attached file was looked through and approved, signed.
    FileReview { terms: FileTerms, signature: Signature },
    /// A field that could endanger a life was released, signed.
    Release { terms: ReleaseTerms, signature: Signature },
    /// Approvals and releases were taken back, signed.
    Retraction { terms: RetractTerms, signature: Signature },
}

impl Entry {
    /// What the log says of adding it.
    const fn act(&self) -> Act {
        match self {
            Self::Consent { .. } | Self::Event { .. } | Self::Block(_) => Act::Consented,
            Self::Override { .. } | Self::Approval { .. } => Act::Overridden,
            Self::Disclosure(_) => Act::Disclosed,
            Self::Review { .. }
            | Self::FileReview { .. }
            | Self::Release { .. }
            | Self::Retraction { .. } => Act::Reviewed,
        }
    }
}

/// An entry and its place in the chain.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Digest of the entry before; zeros for the first.
    previous: Digest,
    entry: Entry,
}

/// A ledger read whole, and what a writer needs to continue it.
pub(super) struct Book {
    pub(super) ledger: Ledger,
    /// Digest of the newest entry.
    pub(super) last: Digest,
    /// Digest of each override's entry: what its approvers sign.
    pub(super) overrides: BTreeMap<RecordId, Digest>,
    /// What was read and released, as far as consent does not know of it.
    pub(super) readings: Readings,
}

/// One entry with what its record says of it.
struct Read {
    id: RecordId,
    at: Timestamp,
    by: MemberId,
    digest: Digest,
    /// Digest of the entry before.
    previous: Digest,
    entry: Entry,
}

impl Vault {
    /// Reads a person's ledger: every entry that she lists, each proved to be the newest of its
    /// record, never edited, and in the chain.
    pub(super) fn book(&self, live: &Live, person: RecordId, policy: &Policy) -> Result<Book> {
        let loaded = self.load_record(live, &person)?;
        let meta = self.meta(live, &loaded)?;
        let kind = live.schema.record_type(&meta.record_type)?;
        let Some(fields) = &kind.subject else {
            return Err(Error::new(ErrorKind::BadParent, "this record is not about a person")
                .at(Place::Record(person)));
        };
        // Whoever does not hold the list's compartment must not take it for an empty one.
        live.ring.newest(home_of(live, kind)?)?;
        let subject = self.subject(live, &loaded, fields, meta.changed)?;
        let mut book = Book {
            ledger: Ledger {
                subject,
                consents: Vec::new(),
                blocks: Vec::new(),
                unknown: BTreeSet::new(),
                overrides: Vec::new(),
                disclosures: Vec::new(),
            },
            last: Digest([0; 32]),
            overrides: BTreeMap::new(),
            readings: Readings::default(),
        };
        for id in self.linked(live, &loaded)? {
            if let Some(read) = self.read_entry(live, &id, book.last)? {
                book.last = read.digest;
                let place = Place::Record(read.id);
                self.take_in(live, &mut book, (person, policy), read)
                    .map_err(|error| error.or_at(|| place))?;
            }
        }
        self.add_known_blocks(live, &mut book.ledger)?;
        Ok(book)
    }

    /// An entry of the ledger; `None` for a child of another type.
    fn read_entry(&self, live: &Live, id: &RecordId, previous: Digest) -> Result<Option<Read>> {
        let loaded = self.load_record(live, id)?;
        let meta = self.meta(live, &loaded)?;
        if meta.record_type != LEDGER {
            return Ok(None);
        }
        let bad = |what| Error::new(ErrorKind::Tampered, what).at(Place::Record(*id));
        if meta.revision != 1 {
            return Err(bad("an entry of a ledger was edited"));
        }
        let text = self.entry_text(live, &loaded)?;
        let line: Line = serde_json::from_str(text.expose())
            .map_err(|_| bad("an entry of a ledger cannot be read"))?;
        if line.previous != previous {
            return Err(bad("an entry of a ledger is not in its place"));
        }
        Ok(Some(Read {
            id: *id,
            at: Timestamp::from_second(meta.changed)?,
            by: MemberId::from_bytes(meta.by),
            digest: digest_of(text.expose()),
            previous,
            entry: line.entry,
        }))
    }

    /// An entry by itself: whether it stands in its chain is for [`Self::book`] to prove.
    pub(super) fn entry_at(&self, live: &Live, id: &RecordId) -> Result<Entry> {
        let loaded = self.load_record(live, id)?;
        let text = self.entry_text(live, &loaded)?;
        let line: Line = serde_json::from_str(text.expose()).map_err(|_| {
            Error::new(ErrorKind::Tampered, "an entry of a ledger cannot be read")
                .at(Place::Record(*id))
        })?;
        Ok(line.entry)
    }

    /// The text of a record of the vault's own types.
    pub(super) fn entry_text(&self, live: &Live, loaded: &Loaded) -> Result<SecretText> {
        let meta = self.meta(live, loaded)?;
        let kind = live.schema.stored_type(&meta.record_type)?;
        let field = kind.field(ENTRY)?;
        let section = SectionId::fields(home_of(live, kind)?);
        let missing =
            || Error::new(ErrorKind::Missing, "an entry is empty").at(Place::Record(loaded.id));
        let section = self.open_section(live, loaded, &kind.name, section)?.ok_or_else(missing)?;
        let code = stored_code(field.kind);
        let bytes = section.field(ENTRY, code)?.ok_or_else(missing)?;
        FieldValue::decode(code, &bytes)?.as_text().map(SecretText::from).ok_or_else(missing)
    }

    fn take_in(
        &self,
        live: &Live,
        book: &mut Book,
        (person, policy): (RecordId, &Policy),
        read: Read,
    ) -> Result<()> {
        let Read { id, at, by, digest, previous, entry } = read;
        // Where it stands is signed with it: a copy at the end of the list is no new word.
        let place = (person, &previous);
        let astray = || Error::new(ErrorKind::Tampered, "an entry speaks of one that is not there");
        let ledger = &mut book.ledger;
        match entry {
            Entry::Consent { terms, first } => {
                ledger.consents.push(Consent { id, terms, events: vec![(id, first)] });
            }
            Entry::Event { of, event } => {
                let consent = ledger.consents.iter_mut().find(|one| one.id == of);
                consent.ok_or_else(astray)?.events.push((id, event));
            }
            Entry::Block(block) => ledger.blocks.push(block),
            Entry::Override { terms, signature } => {
                let signed = asked_for(&terms)?;
                self.verify_approval(live, place, &signed, (by, signature))?;
                let leads = self.leads(live, policy, by);
                let approvals = vec![Approval { id, member: by, leads, at }];
                ledger.overrides.push(Override { id, terms, asked_at: at, approvals });
                book.overrides.insert(id, digest);
            }
            Entry::Approval { of, signature } => {
                let signed = book.overrides.get(&of).ok_or_else(astray)?;
                self.verify_approval(live, place, signed, (by, signature))?;
                let leads = self.leads(live, policy, by);
                let one = ledger.overrides.iter_mut().find(|one| one.id == of);
                let approvals = &mut one.ok_or_else(astray)?.approvals;
                approvals.push(Approval { id, member: by, leads, at });
            }
            Entry::Disclosure(terms) => ledger.disclosures.push(Disclosure { id, at, terms }),
            Entry::Review { terms, signature } => {
                self.verify_reading(live, place, &terms, (by, signature))?;
                book.readings.reviews.push((by, terms));
            }
            Entry::FileReview { terms, signature } => {
                self.verify_reading(live, place, &terms, (by, signature))?;
                book.readings.files.push((by, terms));
            }
            Entry::Release { terms, signature } => {
                self.verify_reading(live, place, &terms, (by, signature))?;
                book.readings.releases.push((by, terms));
            }
            Entry::Retraction { terms, signature } => {
                self.verify_reading(live, place, &terms, (by, signature))?;
                book.readings.take_back(&terms);
            }
        }
        Ok(())
    }

    fn verify_approval(
        &self,
        live: &Live,
        place: (RecordId, &Digest),
        what: &Digest,
        (by, signature): (MemberId, Signature),
    ) -> Result<()> {
        let member = live.roster.body.member(by).ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "an approval is signed by nobody of the roster")
        })?;
        let message = approval_message(self, place, what);
        member.verify_key().verify(labels::APPROVAL_SIGNATURE, &message, &signature.0)
    }

    fn leads(&self, live: &Live, policy: &Policy, member: MemberId) -> bool {
        let entry = live.roster.body.member(member);
        entry.is_some_and(|entry| policy.override_rule().leads.contains(&entry.role))
    }

    /// This session's signature under an override, to stand after the entry of this digest.
    pub(super) fn sign_approval(&self, place: (RecordId, &Digest), what: &Digest) -> Signature {
        let key = self.identity.sign_key();
        Signature(key.sign(labels::APPROVAL_SIGNATURE, &approval_message(self, place, what)))
    }

    /// Adds entries at the end of a person's ledger, in one commit.
    pub(super) fn append(
        &self,
        writer: &mut Writer,
        person: RecordId,
        book: &Book,
        entries: Vec<Entry>,
    ) -> Result<Vec<RecordId>> {
        self.append_all(writer, vec![(person, book.last, entries)])
    }

    /// As [`Self::append`] for several people, each with the digest of their newest entry.
    pub(super) fn append_all(
        &self,
        writer: &mut Writer,
        ledgers: Vec<(RecordId, Digest, Vec<Entry>)>,
    ) -> Result<Vec<RecordId>> {
        let mut drafts = Vec::new();
        let mut act = Act::Consented;
        for (person, mut previous, entries) in ledgers {
            for entry in entries {
                act = entry.act();
                let text = serde_json::to_string(&Line { previous, entry })
                    .map_err(|_| Error::new(ErrorKind::Internal, "an entry did not encode"))?;
                previous = digest_of(&text);
                drafts.push(RecordDraft::new(LEDGER).under(person).set(ENTRY, text));
            }
        }
        self.add_stored(writer, drafts, act)
    }

    /// What the record about the person says, as far as this session opens it. What it cannot
    /// open counts as the least favourable: an unknown date of birth, an interpreter needed.
    fn subject(
        &self,
        live: &Live,
        loaded: &Loaded,
        fields: &SubjectFields,
        written: i64,
    ) -> Result<Subject> {
        let record = self.open_record(live, loaded, None)?;
        let kind = live.schema.record_type(record.record_type())?;
        let value = |name: &Option<String>| name.as_ref().and_then(|name| record.field(name));
        let opens =
            |name: &Option<String>| name.as_ref().is_none_or(|name| self.opens(live, kind, name));
        let said = |name| value(name) == Some(&FieldValue::Boolean(true));
        let needs_interpreter = said(&fields.interpreter) || !opens(&fields.interpreter);
        let estimated = said(&fields.estimated) || !opens(&fields.estimated);
        let birth = match (record.field(&fields.birth_date), value(&fields.age)) {
            (Some(FieldValue::Date(day)), _) if !estimated => Birth::On(*day),
            (Some(FieldValue::Date(day)), _) => {
                Date::new(day.year(), 12, 31).map_or(Birth::Unknown, Birth::By)
            }
            // She was at least so old when the record was last written.
            (_, Some(FieldValue::Integer(age))) => {
                born_by(Timestamp::from_second(written)?.date(), *age)
                    .map_or(Birth::Unknown, Birth::By)
            }
            _ => Birth::Unknown,
        };
        Ok(Subject { birth, needs_interpreter })
    }

    pub(super) fn opens(&self, live: &Live, kind: &RecordType, field: &str) -> bool {
        let code = kind
            .field(field)
            .ok()
            .and_then(|field| live.schema.compartment_code(&field.compartment));
        code.is_some_and(|code| live.ring.holds(code))
    }

    /// Those whom their own record calls blocked, as far as this session opens it.
    fn add_known_blocks(&self, live: &Live, ledger: &mut Ledger) -> Result<()> {
        let mut named: Vec<RecordId> = ledger
            .consents
            .iter()
            .flat_map(|consent| consent.events.iter().filter_map(|(_, event)| event.by.who))
            .collect();
        named.sort();
        named.dedup();
        for who in named {
            match self.standing_of_speaker(live, who)? {
                Some(true) => ledger.blocks.push(Block::of_perpetrator(who)),
                Some(false) => {}
                None => drop(ledger.unknown.insert(who)),
            }
        }
        Ok(())
    }

    /// The block that a record itself stands for: an alleged perpetrator, or a relative of whom
    /// it is noted.
    pub(super) fn known_block(&self, live: &Live, who: RecordId) -> Result<Option<Block>> {
        let blocked = self.standing_of_speaker(live, who)? == Some(true);
        Ok(blocked.then(|| Block::of_perpetrator(who)))
    }

    /// Whether a record says that whom it is about is blocked; `None` if this session's keys do
    /// not open what says so, or the record is not there any more.
    fn standing_of_speaker(&self, live: &Live, who: RecordId) -> Result<Option<bool>> {
        let loaded = match self.load_record(live, &who) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            loaded => loaded?,
        };
        let meta = self.meta(live, &loaded)?;
        let kind = live.schema.stored_type(&meta.record_type)?;
        Ok(match kind.blocked_if.as_deref() {
            None => Some(false),
            Some(ALWAYS) => Some(true),
            Some(field) if self.opens(live, kind, field) => {
                let record = self.open_record(live, &loaded, Some(&[field]))?;
                Some(record.field(field) == Some(&FieldValue::Boolean(true)))
            }
            Some(_) => None,
        })
    }
}

/// What the first approver of an override signs: its terms.
pub(super) fn asked_for(terms: &OverrideTerms) -> Result<Digest> {
    let text = serde_json::to_string(terms)
        .map(SecretText::from)
        .map_err(|_| Error::new(ErrorKind::Internal, "an override did not encode"))?;
    Ok(digest_of(text.expose()))
}

fn digest_of(text: &str) -> Digest {
    Digest(kdf::digest(labels::LEDGER_DIGEST, &[text.as_bytes()]))
}

fn approval_message(
    vault: &Vault,
    (person, previous): (RecordId, &Digest),
    what: &Digest,
) -> Vec<u8> {
    let mut out = Bytes::with_capacity(96);
    out.raw(vault.id.as_bytes()).raw(person.as_bytes()).raw(&previous.0).raw(&what.0);
    out.into_vec()
}

/// The latest day on which somebody was born who was this old on a day.
fn born_by(day: Date, age: i64) -> Option<Date> {
    let year = i64::from(day.year()).checked_sub(age).filter(|_| age >= 0)?;
    let year = i16::try_from(year).ok()?;
    Date::new(year, day.month(), day.day()).or_else(|_| Date::new(year, 2, 28)).ok()
}
