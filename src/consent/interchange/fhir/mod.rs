//! FHIR R5 (5.0.0): a collection with one `Consent` for each consent.
//!
//! Every consent denies by default. Only one that is in force has a provision, which permits what
//! its terms name; what was taken back of it is denied within. Terms and events stand whole in
//! extensions, which permit nothing.

mod element;
mod history;
mod provision;
mod resource;
mod state;

use serde_json::Value;

use crate::consent::interchange::json::Node;
use crate::consent::interchange::{ConsentDocument, name_of};
use crate::consent::policy::Policy;
use crate::error::Result;

pub(super) fn write(document: &ConsentDocument, policy: &Policy) -> Result<Value> {
    let within = Within { document, policy };
    let entry = |consent| {
        let resource = within.resource(consent)?;
        let name = name_of(consent.id);
        Ok(Node::new().with("fullUrl", name).with("resource", resource))
    };
    let entries = document.consents.iter().map(entry).collect::<Result<Vec<_>>>()?;
    Ok(Node::new()
        .with("resourceType", "Bundle")
        .with("identifier", element::identifier(document.receipt()))
        .with("type", "collection")
        .with("timestamp", element::moment(document.issued_at)?)
        .list("entry", entries)
        .into())
}

/// What every resource of a bundle needs to know of it.
struct Within<'a> {
    document: &'a ConsentDocument,
    policy: &'a Policy,
}
