//! Consent in forms that others read: a receipt in JSON-LD after the Data Privacy Vocabulary
//! (ISO/IEC TS 27560) and a bundle of FHIR R5 consents.
//!
//! Of the two only the receipt is read back. It is not signed: whoever reads one knows what it
//! says, not who says so.

mod controller;
mod dpv;
mod fhir;
mod json;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use data_encoding::BASE64URL_NOPAD;

pub use controller::Controller;

use crate::consent::event::Digest;
use crate::consent::grant::{Consent, RecipientEntry};
use crate::consent::policy::Policy;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::time::Timestamp;

/// One person's consents with all that happened to them, to be handed to her or to another
/// organisation.
///
/// ```
/// use amparo::{Channel, ConsentDocument, Controller, Event, Grant, Means, Party, RecipientKind};
/// use amparo::{Consent, Policy, RecipientRef, RecordId, Speaker, Timestamp, What};
///
/// let said_at: Timestamp = "2026-03-14T15:00:00Z".parse()?;
/// let until = "2026-06-12T05:00:00Z".parse()?;
/// let to = RecipientRef::Kind(RecipientKind::Prosecutor);
/// let given = Event {
///     what: What::Given,
///     said_at,
///     by: Speaker::new(Party::Subject),
///     means: Means::new(Channel::Written).in_language("qu"),
/// };
/// let consent = Consent {
///     id: RecordId::from_bytes([2; 16]),
///     terms: Grant::new("legal_proceedings", to, until).category("account"),
///     events: vec![(RecordId::from_bytes([3; 16]), given)],
/// };
/// let document = ConsentDocument {
///     controller: Controller::new("Centro Ficticio").in_country("PE"),
///     person: RecordId::from_bytes([1; 16]),
///     consents: vec![consent],
///     recipients: Default::default(),
///     issued_at: said_at,
/// };
/// let receipt = document.to_dpv(&Policy::peru()?)?;
/// assert!(ConsentDocument::from_dpv(&receipt)? == document);
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConsentDocument {
    /// The organisation that answers for the data.
    pub controller: Controller,
    /// The record about the person.
    pub person: RecordId,
    /// Her consents: at least one.
    pub consents: Vec<Consent>,
    /// The recipients that the consents name, as the vault lists them.
    pub recipients: BTreeMap<RecordId, RecipientEntry>,
    /// When the document is made; the FHIR form shows what held then.
    pub issued_at: Timestamp,
}

impl ConsentDocument {
    /// Writes a receipt in JSON-LD, whole: [`Self::from_dpv`] gives the same document back. The
    /// policy gives purposes their labels and terms.
    ///
    /// # Security
    ///
    /// The text holds names. It is made for the person and for the organisation.
    ///
    /// # Errors
    ///
    /// `Required` without a consent; `Conflict` at a record that stands here twice; `BadValue` if
    /// a country is not two capital letters; `TooLong` if it were more than [`Self::from_dpv`]
    /// reads.
    pub fn to_dpv(&self, policy: &Policy) -> Result<String> {
        self.check()?;
        json::write(&dpv::write(self, &dpv::Labels::of(self, policy)))
    }

    /// Reads a receipt that [`Self::to_dpv`] wrote, and nothing else: whatever this program would
    /// not have written so is refused, so that no further restriction is dropped unseen and no
    /// two readers of one file read different things.
    ///
    /// # Security
    ///
    /// A receipt is not signed. Nothing that it says is evidence until somebody who may has
    /// recorded it. The labels of purposes are the writer's and are not kept.
    ///
    /// # Errors
    ///
    /// `TooLong` above 1 MiB; `NewerFormat` for a later version; `BadInput` for all else, at the
    /// line or the record.
    pub fn from_dpv(text: &str) -> Result<Self> {
        dpv::read(&json::read(text)?)
    }

    /// Writes a FHIR R5 (5.0.0) bundle of one `Consent` for each consent, as it stood when the
    /// document was issued. FHIR says less than the receipt; where it does, it permits less.
    ///
    /// # Security
    ///
    /// The text holds names. A reader of it cannot know what this library's decision would be:
    /// age, blocks and prohibitions are not in it.
    ///
    /// # Errors
    ///
    /// As [`Self::to_dpv`]; `BadValue` also for a moment outside the years 1 to 9999.
    pub fn to_fhir(&self, policy: &Policy) -> Result<String> {
        self.check()?;
        json::write(&fhir::write(self, policy)?)
    }

    /// What holds of every document, written or read.
    fn check(&self) -> Result<()> {
        if self.consents.is_empty() {
            return Err(Error::new(ErrorKind::Required, "the document holds no consent"));
        }
        let events: usize = self.consents.iter().map(|consent| consent.events.len()).sum();
        if self.consents.len() > MAX_CONSENTS || events > MAX_EVENTS {
            return Err(Error::new(ErrorKind::TooLong, "more consents or events than allowed"));
        }
        // The event that began a consent has the consent's id, and a name of its own.
        let events = self.consents.iter().flat_map(|consent| &consent.events);
        let events = events.map(|(id, _)| (event_name(*id), *id));
        let people = std::iter::once(self.person).chain(self.recipients.keys().copied());
        let records = people.chain(self.consents.iter().map(|consent| consent.id));
        let mut seen = BTreeSet::new();
        for (name, id) in records.map(|id| (name_of(id), id)).chain(events) {
            if !seen.insert(name) {
                let twice = Error::new(ErrorKind::Conflict, "a record stands here twice");
                return Err(twice.at(Place::Record(id)));
            }
        }
        self.controller.check()
    }

    /// The receipt's own name: one person has one receipt a second.
    fn receipt(&self) -> String {
        format!("urn:amparo:receipt:{}:{}", self.person, self.issued_at)
    }
}

impl fmt::Debug for ConsentDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConsentDocument({} consents)", self.consents.len())
    }
}

/// The name of a record outside of its vault.
fn name_of(id: RecordId) -> String {
    format!("{RECORD}{id}")
}

/// The name of an event outside of its vault.
fn event_name(id: RecordId) -> String {
    format!("{EVENT}{id}")
}

/// The name of content by its SHA-256, after RFC 6920.
fn fingerprint(digest: Digest) -> String {
    format!("{FINGERPRINT}{}", BASE64URL_NOPAD.encode(&digest.0))
}

fn of_fingerprint(name: &str) -> Option<Digest> {
    let bytes = BASE64URL_NOPAD.decode(name.strip_prefix(FINGERPRINT)?.as_bytes()).ok()?;
    bytes.try_into().ok().map(Digest)
}

const FINGERPRINT: &str = "ni:///sha-256;";
const RECORD: &str = "urn:amparo:record:";
const EVENT: &str = "urn:amparo:event:";
const MAX_CONSENTS: usize = 1_000;
const MAX_EVENTS: usize = 10_000;
