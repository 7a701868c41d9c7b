//! Data types of FHIR: what has no text must not stand there empty.

use crate::consent::codes::RecipientKind;
use crate::consent::event::Digest;
use crate::consent::interchange::fhir::Within;
use crate::consent::interchange::json::Node;
use crate::consent::interchange::{fingerprint, name_of};
use crate::consent::scope::RecipientRef;
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::time::Timestamp;

/// Text that FHIR takes: no control characters, and not empty.
pub(super) fn words(text: &str) -> Option<String> {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A code: words with one space between them. What is empty gets a name, since an element that
/// is left out of a provision stands for everything.
pub(super) fn token(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let token = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if token.is_empty() { "unnamed".to_owned() } else { token }
}

/// A date or moment of FHIR has a year from 1 to 9999.
pub(super) fn moment(at: Timestamp) -> Result<String> {
    if (1..=9999).contains(&at.date().year()) {
        Ok(at.to_string())
    } else {
        Err(Error::new(ErrorKind::BadValue, "FHIR knows no such year"))
    }
}

pub(super) fn period(start: Timestamp, end: Timestamp) -> Result<Node> {
    Ok(Node::new().with("start", moment(start)?).with("end", moment(end)?))
}

/// Of something that has an IRI.
pub(super) fn identifier(name: String) -> Node {
    Node::new().with("system", "urn:ietf:rfc:3986").with("value", name)
}

/// A reference by what somebody is called outside of FHIR: no server is asked.
pub(super) fn logical(kind: &str, id: Option<RecordId>, display: Option<String>) -> Node {
    Node::new()
        .with("type", kind)
        .maybe("identifier", id.map(|id| identifier(name_of(id))))
        .maybe("display", display)
}

pub(super) fn document(digest: Digest) -> Node {
    Node::new()
        .with("type", "DocumentReference")
        .with("identifier", identifier(fingerprint(digest)))
}

pub(super) fn coding(system: &str, code: &str) -> Node {
    Node::new().with("system", system).with("code", code)
}

pub(super) fn concept(codings: impl IntoIterator<Item = Node>) -> Node {
    Node::new().list("coding", codings)
}

/// An extension with a value; inside another its name is short.
pub(super) fn extension(url: &str, kind: &str, value: impl Into<serde_json::Value>) -> Node {
    Node::new().with("url", url).with(kind, value)
}

impl Within<'_> {
    /// The person, by her record.
    pub(super) fn person(&self) -> Node {
        logical("Patient", Some(self.document.person), None)
    }

    /// The organisation.
    pub(super) fn controller(&self) -> Node {
        logical("Organization", None, Some(token(&self.document.controller.name)))
    }

    /// Somebody who may receive.
    pub(super) fn recipient(&self, named: &RecipientRef) -> Node {
        let by = |kind: &str, system: &str, value: &str| {
            let identifier = Node::new().with("system", system).with("value", token(value));
            Node::new().with("type", kind).with("identifier", identifier)
        };
        match named {
            RecipientRef::Recipient(id) => {
                let entry = self.document.recipients.get(id);
                let kind = entry.map_or("Organization", |entry| kind_of(entry.kind));
                logical(kind, Some(*id), entry.and_then(|entry| words(&entry.name)))
            }
            RecipientRef::Organisation(name) => by("Organization", ORGANISATION, name),
            RecipientRef::Kind(kind) => by("Group", KIND, kind.code()),
            RecipientRef::Team(role) => by("CareTeam", TEAM, role),
        }
    }
}

const fn kind_of(kind: RecipientKind) -> &'static str {
    match kind {
        RecipientKind::Family => "RelatedPerson",
        RecipientKind::Lawyer => "Practitioner",
        RecipientKind::Team => "CareTeam",
        _ => "Organization",
    }
}

const ORGANISATION: &str = "urn:amparo:ns:organisation";
const KIND: &str = "urn:amparo:ns:recipient";
const TEAM: &str = "urn:amparo:ns:team";
