//! `erase`: destroys the keys of a record and of all that stands under it, and prints the receipt.

use std::fs::OpenOptions;
use std::io::{BufRead, IsTerminal, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use amparo::{Erasure, RecordId, SignedReceipt};

use crate::args;
use crate::commands::hold;
use crate::commands::record::parse_id;
use crate::failure::Failure;
use crate::messages::{Messages, text};
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Erase) -> Result<(), Failure> {
    let id = parse_id(&args.id)?;
    let mut erasure =
        Erasure::new(args.reason.parse().map_err(|_| Failure::usage("not-a-reason"))?);
    if let Some(note) = &args.note {
        erasure = erasure.note(note.as_str());
    }
    let vault = session.open(Tell::News)?;
    let kind = vault.read(id).map(|record| record.record_type().to_owned()).ok();
    // Nobody types a confirmation for what would be refused.
    let held = vault.holds_against_erasing(id)?;
    held.iter().for_each(|hold| session.output.say(&hold::words(session, hold)));
    if let Some(first) = held.first() {
        return Err(hold::held(first.record));
    }
    confirm(session, id, kind.as_deref())?;
    // The place of the receipt is taken first, and given back if there is none.
    let out = args.out.as_deref().map(|path| create(path).map(|file| (path, file))).transpose()?;
    let signed = vault.erase(id, &erasure).inspect_err(|_| {
        if let Some((path, _)) = &out {
            let _ = std::fs::remove_file(path);
        }
    });
    let mut signed = signed.map_err(hold::refusal)?;
    let keep = |signed: &SignedReceipt| -> Result<String, Failure> {
        let json = signed.to_json()?;
        if let Some((path, file)) = &out {
            let mut file: &std::fs::File = file;
            let written = file.set_len(0).and_then(|()| file.rewind());
            let written = written.and_then(|()| file.write_all(json.as_bytes()));
            let written = written.and_then(|()| file.sync_all());
            written.map_err(|error| Failure::io(&error, Some(path)))?;
        }
        Ok(json)
    };
    // Who is still to be told stands in it and nowhere else from now on: kept at once.
    let mut json = keep(&signed)?;
    if args.finish {
        let bar = Progress::new(0, session.bars(), "progress-reseal", &session.messages);
        let finished = vault.finish_erasure(&signed, &mut |step| bar.at(step.done, step.total));
        match finished {
            Ok(finished) => signed = finished,
            Err(error) => {
                drop(bar);
                words(&signed, &session.messages).iter().for_each(|line| session.output.say(line));
                session.output.text(&json)?;
                return Err(error.into());
            }
        }
        json = keep(&signed)?;
    }
    vault.close()?;
    if session.output.is_json() {
        return session.output.text(&json);
    }
    for line in words(&signed, &session.messages) {
        session.output.say(&line);
    }
    if args.out.is_some() { Ok(()) } else { session.output.text(&json) }
}

fn create(path: &Path) -> Result<std::fs::File, Failure> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.map_err(|error| Failure::io(&error, Some(path)))
}

/// The end of the id, typed: nobody erases a record by a slip of the hand.
fn confirm(session: &Session, id: RecordId, kind: Option<&str>) -> Result<(), Failure> {
    if session.globals.yes {
        return Ok(());
    }
    let id = id.to_string();
    let tail = id.get(id.len().saturating_sub(4)..).unwrap_or_default();
    let refused = || Failure::usage("erase-not-confirmed");
    if !std::io::stdin().is_terminal() {
        return Err(refused());
    }
    let what = kind.unwrap_or(&id);
    session.output.say(&text!(session.messages, "ask-erase", records = what, tail = tail));
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).map_err(|error| Failure::io(&error, None))?;
    if typed.trim() == tail { Ok(()) } else { Err(refused()) }
}

/// The message that stands for a code of the library.
fn said(messages: &Messages, family: &str, code: &str) -> String {
    text!(messages, &format!("{family}-{}", code.replace('_', "-")))
}

/// A receipt as a person reads it: first who must be told.
pub(super) fn words(signed: &SignedReceipt, messages: &Messages) -> Vec<String> {
    let receipt = signed.receipt();
    let mut lines = Vec::new();
    for one in &receipt.still_to_tell {
        let (recipient, date) = (one.recipient.as_str(), one.disclosed_at.to_string());
        lines.push(text!(messages, "erase-tell", recipient = recipient, date = date));
    }
    if receipt.unread_ledgers > 0 {
        lines.push(text!(messages, "erase-unread", count = receipt.unread_ledgers));
    }
    lines.push(text!(
        messages,
        "erase-done",
        records = receipt.records,
        revisions = receipt.revisions,
        leaf = receipt.leaf,
    ));
    for line in &receipt.finality {
        let against = said(messages, "against", line.against.code());
        let id = if line.holds { "erase-final" } else { "erase-not-final" };
        lines.push(text!(messages, id, against = against));
        for because in &line.because {
            let because = said(messages, "because", because.code());
            lines.push(format!("  {}", text!(messages, "erase-because", because = because)));
        }
    }
    for backup in &receipt.backups {
        let (id, label) = (backup.id.as_str(), backup.label.as_str());
        let date = backup.made_at.to_string();
        lines.push(text!(messages, "erase-backup", id = id, label = label, date = date));
    }
    lines
}
