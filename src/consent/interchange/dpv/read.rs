//! A receipt into a document.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde_json::Value;

use crate::consent::codes::Action;
use crate::consent::event::{Digest, Event, EventCode, Means, Speaker, What};
use crate::consent::grant::{Consent, Grant, RecipientEntry};
use crate::consent::interchange::dpv::{Label, Labels, terms, write};
use crate::consent::interchange::{
    ConsentDocument, Controller, EVENT, MAX_CONSENTS, MAX_EVENTS, RECORD, of_fingerprint,
};
use crate::consent::scope::{DataScope, RecipientRef, Scope};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::time::Timestamp;

pub(in crate::consent::interchange) fn read(value: &Value) -> Result<ConsentDocument> {
    let receipt = Part { value, of: None };
    let profile = value.get("dct:conformsTo").and_then(Value::as_str);
    let version = value.get("amparo:version").and_then(Value::as_u64);
    match (profile, version) {
        (Some(terms::RECEIPT), Some(terms::VERSION)) => {}
        (Some(terms::RECEIPT), Some(later)) if later > terms::VERSION => {
            return Err(Error::new(ErrorKind::NewerFormat, "the receipt's version is later"));
        }
        _ => return Err(receipt.bad("not a consent receipt of this program")),
    }
    let records = receipt.list("dpv:hasRecordOfActivity");
    let events = |record: &Value| record.get("dpv:hasConsentStatus")?.as_array().map(Vec::len);
    let count: usize = records.iter().filter_map(events).sum();
    if records.len() > MAX_CONSENTS || count > MAX_EVENTS {
        return Err(receipt.bad("more consents or events than allowed"));
    }
    let mut reader = Reader::default();
    let document = ConsentDocument {
        controller: controller(&receipt)?,
        person: receipt.part("dpv:hasDataSubject")?.record("@id")?,
        consents: records.iter().map(|one| reader.consent(one)).collect::<Result<_>>()?,
        recipients: recipients(&receipt)?,
        issued_at: receipt.parsed("dct:created")?,
    };
    document.check().map_err(|error| Error::new(ErrorKind::BadInput, error.detail()))?;
    if write(&document, &reader.labels) == *value {
        Ok(document)
    } else {
        Err(receipt.bad("the receipt says something that this program would not have written"))
    }
}

/// Reads consents and picks up what purposes are called on the way.
#[derive(Default)]
struct Reader {
    labels: Labels,
}

impl Reader {
    fn consent(&mut self, value: &Value) -> Result<Consent> {
        let id = Part { value, of: None }.record("@id")?;
        let record = Part { value, of: Some(id) };
        let process = record.only("dpv:hasProcess")?;
        let rules = process.parts("dpv:hasRule");
        let terms = Grant {
            scope: self.scope(&process)?,
            identifiability: process.code("amparo:identifiability", "amparo:identifiability:")?,
            conditions: rules
                .map(|rule| rule.code("amparo:condition", "amparo:condition:"))
                .collect::<Result<_>>()?,
            until: process.until()?,
        };
        let events = record.list("dpv:hasConsentStatus").iter();
        let events = events.map(|event| self.event(event)).collect::<Result<_>>()?;
        Ok(Consent { id, terms, events })
    }

    fn event(&mut self, value: &Value) -> Result<(RecordId, Event)> {
        let id = Part { value, of: None }.part("@id")?.named(EVENT)?;
        let event = Part { value, of: Some(id) };
        let happened = event.list("@type").get(1).and_then(Value::as_str);
        let code = happened.and_then(|name| name.strip_prefix("amparo:event:")?.parse().ok());
        let what = match code.ok_or_else(|| event.bad("not a kind of event"))? {
            EventCode::Requested => What::Requested,
            EventCode::Deferred => What::Deferred,
            EventCode::Given => What::Given,
            EventCode::AssentGiven => What::AssentGiven,
            EventCode::Refused => What::Refused,
            EventCode::Dissented => What::Dissented,
            EventCode::Renewed => What::Renewed { until: event.until()? },
            EventCode::Restricted => {
                What::Restricted { part: self.scope(&event.part("amparo:part")?)? }
            }
            EventCode::Withdrawn => {
                let part = event.maybe("amparo:part").map(|part| self.scope(&part)).transpose()?;
                What::Withdrawn { part }
            }
            EventCode::Superseded => What::Superseded { by: event.record("dct:isReplacedBy")? },
            EventCode::Invalidated => What::Invalidated,
            EventCode::Revoked => What::Revoked,
            EventCode::ReconfirmedAsAdult => What::ReconfirmedAsAdult,
            EventCode::EnteredInError => What::EnteredInError,
        };
        let said_at = event.parsed("dpv:isIndicatedAtTime")?;
        let by = speaker(&event.only("dpv:isIndicatedBy")?)?;
        Ok((id, Event { what, said_at, by, means: means(&event)? }))
    }

    fn scope(&mut self, part: &Part<'_>) -> Result<Scope> {
        let purposes = part.parts("dpv:hasPurpose").map(|purpose| self.purpose(&purpose));
        let purposes = purposes.collect::<Result<_>>()?;
        let recipients = part.parts("dpv:hasRecipient").map(|one| recipient(&one));
        let actions = part.parts("dpv:hasProcessing");
        let actions = actions.map(|one| one.code::<Action>("@id", "amparo:action:"));
        let (mut everything, mut only) = (false, nothing());
        for data in part.parts("dpv:hasPersonalData") {
            let kind = data.list("@type").get(1).and_then(Value::as_str);
            match (kind, &mut only) {
                (Some("amparo:Everything"), _) => everything = true,
                (Some("amparo:Category"), DataScope::Only { categories, .. }) => {
                    categories.insert(data.text("dct:identifier")?.to_owned());
                }
                (Some("amparo:Field"), DataScope::Only { fields, .. }) => {
                    fields.insert(data.text("dct:identifier")?.to_owned());
                }
                _ => return Err(part.bad("not a kind of data")),
            }
        }
        let data = if everything { DataScope::Everything } else { only };
        let recipients = recipients.collect::<Result<_>>()?;
        Ok(Scope { purposes, recipients, data, actions: actions.collect::<Result<_>>()? })
    }

    fn purpose(&mut self, purpose: &Part<'_>) -> Result<String> {
        let code = purpose.text("dct:identifier")?.to_owned();
        let titles = purpose.parts("dct:title").map(|title| {
            Ok((title.text("@language")?.to_owned(), title.text("@value")?.to_owned()))
        });
        let titles = titles.collect::<Result<BTreeMap<_, _>>>()?;
        let term = purpose.words("skos:broader")?.map(str::to_owned);
        self.labels.0.insert(code.clone(), Label { term, titles });
        Ok(code)
    }
}

fn controller(receipt: &Part<'_>) -> Result<Controller> {
    let entities = receipt.list("dpv:hasEntity");
    let first = entities.first().ok_or_else(|| receipt.bad("there is no controller"))?;
    let entity = Part { value: first, of: None };
    let mut controller = Controller::new(entity.text("dpv:hasName")?);
    controller.contact = entity.words("dpv:hasContact")?.map(str::to_owned);
    // What holds of every process is read from the first; the others must say the same.
    let Some(record) = receipt.parts("dpv:hasRecordOfActivity").next() else {
        return Ok(controller);
    };
    let process = record.only("dpv:hasProcess")?;
    let country =
        |words: Option<&str>| words.and_then(|name| name.strip_prefix("loc:")).map(str::to_owned);
    controller.country = country(process.words("dpv:hasJurisdiction")?);
    for condition in process.parts("dpv:hasStorageCondition") {
        if let Some(location) = country(condition.words("dpv:hasLocation")?) {
            controller.stored_in = Some(location);
        }
        if let Some(duration) = condition.maybe("dpv:hasDuration") {
            controller.kept_for = duration.words("dct:description")?.map(str::to_owned);
        }
    }
    Ok(controller)
}

fn recipients(receipt: &Part<'_>) -> Result<BTreeMap<RecordId, RecipientEntry>> {
    let entries = receipt.parts("dpv:hasEntity").skip(1).map(|entity| {
        let entry = RecipientEntry {
            name: entity.text("dpv:hasName")?.to_owned(),
            kind: entity.code("amparo:recipientKind", "amparo:recipient:")?,
            organisation: entity.words("amparo:organisation")?.map(str::to_owned),
            age_recipient: entity.text("amparo:ageRecipient")?.to_owned(),
        };
        Ok((entity.record("@id")?, entry))
    });
    entries.collect()
}

fn recipient(one: &Part<'_>) -> Result<RecipientRef> {
    if one.value.is_string() {
        return one.id().map(RecipientRef::Recipient);
    }
    if one.value.get("amparo:recipientKind").is_some() {
        return one.code("amparo:recipientKind", "amparo:recipient:").map(RecipientRef::Kind);
    }
    let name = one.text("dpv:hasName")?.to_owned();
    let team = one.list("@type").iter().any(|kind| kind == "dpv:OrganisationalUnit");
    Ok(if team { RecipientRef::Team(name) } else { RecipientRef::Organisation(name) })
}

fn speaker(by: &Part<'_>) -> Result<Speaker> {
    let mut speaker = Speaker::new(by.code("amparo:party", "amparo:party:")?)
        .with_authority(by.code("amparo:authority", "amparo:authority:")?);
    if by.value.get("amparo:who").is_some() {
        speaker = speaker.known_as(by.record("amparo:who")?);
    }
    if let Some(name) = by.words("dpv:hasName")? {
        speaker = speaker.named(name);
    }
    Ok(speaker)
}

fn means(event: &Part<'_>) -> Result<Means> {
    let mut means = Means::new(event.parsed("dpv:hasIndicationMethod")?);
    if let Some(tag) = event.words("dct:language")? {
        means = means.in_language(tag);
    }
    if let Some(name) = event.words("amparo:interpreter")? {
        means = means.interpreted_by(name);
    }
    for witness in event.parts("amparo:witness") {
        means = means.witnessed_by(witness.as_text()?);
    }
    if let Some(name) = event.words("dpv:hasNotice")? {
        means = means.on_notice(event.digest(name)?);
    }
    for evidence in event.parts("dct:source") {
        means = means.shown_by(event.digest(evidence.as_text()?)?);
    }
    Ok(means)
}

fn nothing() -> DataScope {
    DataScope::Only { categories: BTreeSet::new(), fields: BTreeSet::new() }
}

/// A value, and the record that it is about.
struct Part<'a> {
    value: &'a Value,
    of: Option<RecordId>,
}

impl<'a> Part<'a> {
    fn bad(&self, why: &'static str) -> Error {
        let error = Error::new(ErrorKind::BadInput, why);
        match self.of {
            Some(id) => error.at(Place::Record(id)),
            None => error,
        }
    }

    fn maybe(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| Self { value, of: self.of })
    }

    fn part(&self, key: &str) -> Result<Self> {
        self.maybe(key).ok_or_else(|| self.bad("a part is missing"))
    }

    /// What is no list is an empty one; that it was something else is found at the end.
    fn list(&self, key: &str) -> &'a [Value] {
        self.value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn parts(&self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        let of = self.of;
        self.list(key).iter().map(move |value| Self { value, of })
    }

    fn only(&self, key: &str) -> Result<Self> {
        match self.list(key) {
            [value] => Ok(Self { value, of: self.of }),
            _ => Err(self.bad("one part must stand here")),
        }
    }

    fn as_text(&self) -> Result<&'a str> {
        self.value.as_str().ok_or_else(|| self.bad("a text must stand here"))
    }

    fn text(&self, key: &str) -> Result<&'a str> {
        self.part(key)?.as_text()
    }

    fn words(&self, key: &str) -> Result<Option<&'a str>> {
        self.maybe(key).map(|part| part.as_text()).transpose()
    }

    fn parsed<T: FromStr>(&self, key: &str) -> Result<T> {
        self.text(key)?.parse().map_err(|_| self.bad("a value cannot be read"))
    }

    fn code<T: FromStr>(&self, key: &str, prefix: &str) -> Result<T> {
        let code = self.text(key)?.strip_prefix(prefix).and_then(|code| code.parse().ok());
        code.ok_or_else(|| self.bad("an unknown code"))
    }

    fn id(&self) -> Result<RecordId> {
        self.named(RECORD)
    }

    fn named(&self, family: &str) -> Result<RecordId> {
        let id = self.as_text()?.strip_prefix(family).and_then(|id| id.parse().ok());
        id.ok_or_else(|| self.bad("not the name of a record"))
    }

    fn record(&self, key: &str) -> Result<RecordId> {
        self.part(key)?.id()
    }

    fn digest(&self, name: &str) -> Result<Digest> {
        of_fingerprint(name).ok_or_else(|| self.bad("not the name of a SHA-256"))
    }

    fn until(&self) -> Result<Timestamp> {
        self.part("dpv:hasDuration")?.part("rdf:value")?.parsed("@value")
    }
}
