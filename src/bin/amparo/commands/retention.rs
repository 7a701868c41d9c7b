//! `retention`: what has been kept as long as it had to be. It erases nothing.

use std::fmt::Write;

use amparo::{Clock, Due, DueBecause, DueRecords, SystemClock};
use serde_json::{Value, json};

use crate::args;
use crate::failure::{Exit, Failure};
use crate::messages::{Messages, text};
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, command: &args::Retention) -> Result<(), Failure> {
    let args::Retention::List { on, within, limit } = command;
    let vault = session.open(Tell::News)?;
    let today = || vault.schema().day_of(SystemClock.now());
    let on = on.unwrap_or_else(today).days_later(*within)?;
    let found = {
        let bar = Progress::new(0, session.bars(), "progress-review", &session.messages);
        vault.due_for_erasure(on, *limit, &mut |step| bar.at(step.done, step.total))?
    };
    vault.close()?;
    session.output.data(&document(&on.to_string(), &found), || page(&found, &session.messages))?;
    for line in words(&found, &session.messages) {
        session.output.say(&line);
    }
    // A script must not take a list for whole that is not.
    if found.damaged > 0 { Err(Failure::Said(Exit::Integrity)) } else { Ok(()) }
}

fn document(on: &str, found: &DueRecords) -> Value {
    let row = |due: &Due| {
        let (field, years) = match &due.because {
            DueBecause::Rule(rule) => (rule.from.as_str(), Some(rule.years)),
            DueBecause::Field(field) => (field.as_str(), None),
            _ => ("", None),
        };
        json!({
            "id": due.record.to_string(),
            "type": due.record_type,
            "due": due.on.to_string(),
            "because": if years.is_some() { "rule" } else { "field" },
            "field": field,
            "years": years,
            "held_by": due.held.map(|held| held.to_string()),
        })
    };
    json!({
        "on": on,
        "due": found.due.iter().map(row).collect::<Vec<_>>(),
        "more": found.more,
        "undated": found.undated,
        "sealed": found.sealed,
        "damaged": found.damaged,
    })
}

fn page(found: &DueRecords, messages: &Messages) -> String {
    let mut page = String::new();
    for due in &found.due {
        let because = match &due.because {
            DueBecause::Rule(rule) => text!(
                messages,
                "retention-rule",
                years = u32::from(rule.years),
                field = rule.from.as_str(),
            ),
            DueBecause::Field(field) => field.clone(),
            _ => String::new(),
        };
        let (record, on) = (due.record, due.on);
        let _ = write!(page, "{on}  {record}  {:20}  {because}", due.record_type);
        if let Some(held) = due.held {
            let _ = write!(page, "  {}", text!(messages, "retention-held", id = held.to_string()));
        }
        page.push('\n');
    }
    page
}

fn words(found: &DueRecords, messages: &Messages) -> Vec<String> {
    let counts = [
        ("retention-more", found.more),
        ("retention-undated", found.undated),
        ("retention-sealed", found.sealed),
        ("retention-damaged", found.damaged),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let mut lines: Vec<_> = counts.map(|(id, count)| text!(messages, id, count = count)).collect();
    lines.push(match found.due.is_empty() {
        true => text!(messages, "retention-nothing"),
        false => text!(messages, "retention-how"),
    });
    lines
}
