//! `hold`: what must not be destroyed while somebody outside may still ask for it.

use std::fmt::Write;

use amparo::{Error, ErrorKind, Hold, Place, RecordId};
use serde_json::{Value, json};

use crate::args::{self, Holds};
use crate::commands::record::parse_id;
use crate::failure::{Exit, Failure};
use crate::messages::text;
use crate::output::shown;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Hold) -> Result<(), Failure> {
    match &args.command {
        Some(Holds::List) => list(session),
        None => change(session, args),
    }
}

fn change(session: &Session, args: &args::Hold) -> Result<(), Failure> {
    let id = parse_id(args.id.as_deref().unwrap_or_default())?;
    let because = args.because.as_deref().unwrap_or_default();
    let vault = session.open(Tell::News)?;
    let done = match args.lift {
        true => vault.lift_hold(id, because),
        false => vault.hold(id, because),
    };
    done.map_err(|error| match error.kind() {
        ErrorKind::Exists => Failure::own("held-already"),
        ErrorKind::Conflict => Failure::own("not-held"),
        ErrorKind::Required | ErrorKind::TooLong => Failure::own("not-a-hold"),
        _ => Failure::from(error),
    })?;
    vault.close()?;
    let said = if args.lift { "hold-lifted" } else { "hold-laid" };
    session.output.say(&text!(session.messages, said));
    let document = json!({ "record": id.to_string(), "held": !args.lift });
    session.output.data(&document, String::new)
}

fn list(session: &Session) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let holds = {
        let bar = Progress::new(0, session.bars(), "progress-review", &session.messages);
        vault.holds(&mut |step| bar.at(step.done, step.total))?
    };
    vault.close()?;
    let row = |hold: &Hold| {
        json!({
            "record": hold.record.to_string(),
            "since": hold.since.to_string(),
            "by": hold.by,
            "because": hold.because.expose(),
        })
    };
    let rows: Vec<Value> = holds.iter().map(row).collect();
    session.output.data(&rows, || {
        let mut page = String::new();
        for hold in &holds {
            let Hold { record, since, .. } = hold;
            let (by, because) = (shown(&hold.by), shown(hold.because.expose()));
            let _ = writeln!(page, "{record}  {since}  {by:20}  {because}");
        }
        page
    })
}

/// A hold for programs, without its reason.
pub(super) fn document(hold: &Hold) -> Value {
    json!({
        "record": hold.record.to_string(),
        "since": hold.since.to_string(),
        "by": hold.by,
    })
}

/// A hold in a line, without its reason.
pub(super) fn words(session: &Session, hold: &Hold) -> String {
    let (id, since) = (hold.record.to_string(), hold.since.to_string());
    text!(session.messages, "hold-stands", id = id, since = since, by = hold.by.as_str())
}

/// What a hold forbade, in words of its own: other refusals are about consent.
pub(super) fn refusal(error: Error) -> Failure {
    match (error.kind(), error.place()) {
        (ErrorKind::Refused, Some(Place::Record(held))) => self::held(*held),
        _ => Failure::from(error),
    }
}

/// Refused because this record is held.
pub(super) fn held(record: RecordId) -> Failure {
    Failure::own("held").with("record", record).exit(Exit::Refused)
}
