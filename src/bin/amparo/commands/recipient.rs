//! `recipient`: who may receive data.

use std::fmt::Write;

use amparo::{MemberCard, RecipientEntry};
use serde_json::{Value, json};

use crate::args;
use crate::commands::consent::code;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, command: &args::Recipient) -> Result<(), Failure> {
    match command {
        args::Recipient::Add { name, age_recipient, kind, organisation } => {
            let entry = RecipientEntry {
                name: name.trim().to_owned(),
                kind: code(kind)?,
                organisation: organisation.clone(),
                age_recipient: key(age_recipient.trim()),
            };
            let vault = session.open(Tell::News)?;
            let id = vault.add_recipient(&entry)?.to_string();
            vault.close()?;
            session.output.data(&json!({ "id": id }), || id.clone())
        }
        args::Recipient::List => list(session),
    }
}

/// The key to seal to: given as it is, or in a member's card.
fn key(text: &str) -> String {
    text.parse::<MemberCard>().map_or_else(|_| text.to_owned(), |card| card.recipient())
}

fn list(session: &Session) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let recipients = vault.recipients()?;
    vault.close()?;
    let document: Vec<Value> = recipients
        .iter()
        .map(|(id, entry)| {
            json!({
                "id": id.to_string(),
                "name": entry.name,
                "kind": entry.kind,
                "organisation": entry.organisation,
                "age_recipient": entry.age_recipient,
            })
        })
        .collect();
    session.output.data(&document, || {
        let mut page = String::new();
        for (id, entry) in &recipients {
            let kind = text!(session.messages, &format!("kind-{}", entry.kind).replace('_', "-"));
            let _ = writeln!(page, "{id}  {kind:24}  {}", entry.name);
        }
        page
    })
}
