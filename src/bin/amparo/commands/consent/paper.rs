//! Consents for other programs, and from them.

use std::path::Path;

use amparo::{ConsentDocument, Controller, RecordId};
use serde_json::json;

use crate::args::Form;
use crate::commands::record::parse_id;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell, read_text};

/// One JSON document on stdout, whatever `--format` says: it is JSON in both.
pub(super) fn export(
    session: &Session,
    person: RecordId,
    form: Form,
    contact: Option<String>,
) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let mut controller = Controller::new(&vault.name());
    controller.contact = contact;
    let policy = vault.policy()?;
    let document = vault.consents(person)?.document(controller)?;
    vault.close()?;
    session.output.text(&match form {
        Form::Dpv => document.to_dpv(&policy)?,
        Form::Fhir => document.to_fhir(&policy)?,
    })
}

pub(super) fn import(session: &Session, file: &Path, person: Option<&str>) -> Result<(), Failure> {
    let document = ConsentDocument::from_dpv(&read_text(file, MAX_DOCUMENT)?)?;
    let person = person.map_or(Ok(document.person), parse_id)?;
    let vault = session.open(Tell::News)?;
    let added = vault.consents(person)?.record_document(&document)?;
    vault.close()?;
    if added.is_empty() {
        session.output.say(&text!(session.messages, "consent-import-nothing"));
    }
    let ids: Vec<String> = added.iter().map(ToString::to_string).collect();
    session.output.data(&json!({ "ids": ids }), || ids.join("\n"))
}

const MAX_DOCUMENT: u64 = 1 << 20;
