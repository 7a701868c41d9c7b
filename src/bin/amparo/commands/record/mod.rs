//! `record`: one case file, as far as the acting role opens it.

use std::fmt::Write;

use amparo::RecordId;
use serde_json::{Value, json};

use crate::args;
use crate::commands::find::rows;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell};

mod enter;
mod show;

pub(super) use show::Shown;

pub(super) fn run(session: &Session, command: args::Record) -> Result<(), Failure> {
    match command {
        args::Record::Add(args) => enter::add(session, args),
        args::Record::Edit { id, sets, clears, json, revision, erase_old } => {
            let changes = enter::Changes { sets, clears, json, revision, erase_old };
            enter::edit(session, parse_id(&id)?, changes)
        }
        args::Record::Show { id, fields, children } => {
            let part = match (fields.is_empty(), children) {
                (false, _) => show::Part::Fields(fields),
                (true, true) => show::Part::Children,
                (true, false) => show::Part::Whole,
            };
            show::run(session, parse_id(&id)?, &part)
        }
        args::Record::List { record_type, parent, limit } => {
            let parent = parent.as_deref().map(parse_id).transpose()?;
            list(session, &record_type, parent, limit)
        }
        args::Record::History { id } => history(session, parse_id(&id)?),
    }
}

/// An id as it was typed.
pub(super) fn parse_id(typed: &str) -> Result<RecordId, Failure> {
    typed.parse().map_err(|_| Failure::usage("not-an-id"))
}

fn list(
    session: &Session,
    record_type: &str,
    parent: Option<RecordId>,
    limit: usize,
) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let ids = vault.list(record_type, parent, limit)?;
    rows(session, &vault, record_type, &ids)?;
    if ids.len() == limit {
        session.output.say(&text!(session.messages, "list-limit", limit = limit));
    }
    vault.close().map_err(Failure::from)
}

fn history(session: &Session, id: RecordId) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let revisions = vault.history(id)?;
    vault.close()?;
    let document: Vec<Value> = revisions
        .iter()
        .map(|revision| {
            json!({
                "revision": revision.revision,
                "at": revision.at.to_string(),
                "by": revision.by,
                "compartments": revision.compartments,
                "erased": revision.erased,
            })
        })
        .collect();
    session.output.data(&document, || {
        let mut lines = String::new();
        for revision in &revisions {
            let _ = writeln!(
                lines,
                "{:>4}  {}  {:20}  {}",
                revision.revision,
                revision.at,
                revision.by,
                revision.compartments.join(", "),
            );
        }
        lines
    })
}
