//! `audit`: who did what, and what partners keep of it.

use std::ops::ControlFlow;
use std::path::Path;

use amparo::{AuditEvent, AuditRequest, Continuation, RecordId, SignedCheckpoint, Vault};
use serde_json::{Value, json};

use crate::args::{Audit, AuditShow};
use crate::commands::consent::moment::day_or_moment;
use crate::commands::identity::write_new;
use crate::commands::record::parse_id;
use crate::commands::verify::altered;
use crate::failure::Failure;
use crate::messages::text;
use crate::output::shown;
use crate::progress::Progress;
use crate::session::{Session, Tell, read_text};

pub(super) fn run(session: &Session, command: &Audit) -> Result<(), Failure> {
    match command {
        Audit::Show(args) => show(session, args),
        Audit::Checkpoint { since } => checkpoint(session, since.as_deref()),
        Audit::Witness { file } => witness(session, file),
    }
}

fn show(session: &Session, args: &AuditShow) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let record = args.record.as_deref().map(parse_id).transpose()?;
    if let Some(record) = record
        && (args.html.is_some() || args.for_person.is_some())
    {
        pages(session, &vault, record, args)?;
        return Ok(vault.close()?);
    }
    let mut request = AuditRequest::new();
    if let Some(record) = record {
        request = request.record(record);
    }
    if let Some(since) = &args.since {
        request = request.since(day_or_moment(&vault.policy()?, since)?);
    }
    let policy = vault.policy()?;
    let mut documents: Vec<Value> = Vec::new();
    let mut told = Ok(());
    let mut tell = |event: AuditEvent| {
        if session.output.is_json() {
            documents.push(document(&event));
            return ControlFlow::Continue(());
        }
        told = session.output.text(&line(session, &event, &policy.local(event.at)));
        if told.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    {
        let bar = Progress::new(0, session.bars(), "progress-audit", &session.messages);
        let mut at = |done, total| bar.at(done, total);
        vault.audit(&request, &mut at, &mut tell)?;
    }
    told?;
    vault.close()?;
    if session.output.is_json() {
        session.output.json(&json!({ "events": documents }))
    } else {
        Ok(())
    }
}

fn pages(
    session: &Session,
    vault: &Vault,
    record: RecordId,
    args: &AuditShow,
) -> Result<(), Failure> {
    let language = session.lang().into();
    let mut written = Vec::new();
    if let Some(file) = &args.html {
        write_new(file, &vault.audit_page(record, language)?)?;
        written.push(file);
    }
    if let Some(file) = &args.for_person {
        write_new(file, &vault.survivor_page(record, language)?)?;
        written.push(file);
    }
    for file in &written {
        let file = file.display().to_string();
        session.output.say(&text!(session.messages, "audit-page", file = file));
    }
    session.output.data(&json!({ "pages": written }), String::new)
}

/// One event on one line: when, what, who, and the records.
fn line(session: &Session, event: &AuditEvent, at: &str) -> String {
    let messages = &session.messages;
    let what = event.act.words(session.lang().into());
    let mut line = text!(
        messages,
        "audit-line",
        at = at,
        what = what,
        by = event.by.as_str(),
        role = event.role.as_str(),
        leaf = event.leaf,
    );
    if let Some(reason) = event.reason {
        line.push_str(&format!(" [{reason}]"));
    }
    if event.failed_unlocks > 0 {
        line.push_str("; ");
        line.push_str(&text!(messages, "audit-failed", count = event.failed_unlocks));
    }
    for given in &event.given {
        let (purpose, to) = (given.purpose.as_str(), given.recipient.as_str());
        let fields = given.fields.len();
        line.push_str("; ");
        line.push_str(&text!(messages, "audit-given", purpose = purpose, to = to, fields = fields));
    }
    for given in &event.given {
        let how = [(given.left_open, "audit-open"), (given.reference, "audit-reference")];
        for (_, id) in how.into_iter().filter(|(done, _)| *done) {
            line.push_str(&format!("; {}", text!(messages, id)));
        }
    }
    for handed in &event.handed {
        let (from, to) = (handed.from.as_str(), handed.to.as_str());
        line.push_str(&format!("; {}", text!(messages, "audit-handed", from = from, to = to)));
        if let Some(when) = handed.when {
            line.push_str(&format!(" ({when})"));
        }
        if let Some(why) = &handed.why {
            line.push_str(&format!(" [{why}]"));
        }
    }
    if let Some(why) = &event.why {
        line.push_str(&format!("; {why}"));
    }
    for record in &event.records {
        let kind = record.record_type.as_deref().unwrap_or("-");
        let id = record.id.map_or_else(|| format!("#{}", record.slot), |id| id.to_string());
        line.push_str(&format!("; {} {kind} {id}", record.touch));
    }
    // Names and reasons are words that people entered.
    shown(&line)
}

fn document(event: &AuditEvent) -> Value {
    let records = event.records.iter().map(|record| {
        json!({
            "id": record.id.map(|id| id.to_string()),
            "slot": record.slot,
            "type": record.record_type,
            "touch": record.touch,
            "revision": record.revision,
            "compartments": record.compartments,
        })
    });
    let given = event.given.iter().map(|given| {
        json!({
            "purpose": given.purpose,
            "recipient": given.recipient,
            "fields": given.fields,
            "export": given.export,
            "left_open": given.left_open,
            "reference_list": given.reference,
        })
    });
    let handed = event.handed.iter().map(|handed| {
        json!({
            "file": handed.file.map(|id| id.to_string()),
            "from": handed.from,
            "to": handed.to,
            "when": handed.when.map(|when| when.to_string()),
            "why": handed.why,
        })
    });
    json!({
        "leaf": event.leaf,
        "at": event.at.to_string(),
        "by": event.by,
        "role": event.role,
        "act": event.act,
        "reason": event.reason,
        "failed_unlocks": event.failed_unlocks,
        "records": records.collect::<Vec<_>>(),
        "given": given.collect::<Vec<_>>(),
        "handed": handed.collect::<Vec<_>>(),
        "why": event.why,
        "unreadable": event.unreadable,
    })
}

fn checkpoint(session: &Session, since: Option<&Path>) -> Result<(), Failure> {
    let kept = since.map(read_kept).transpose()?;
    let vault = session.open(Tell::News)?;
    let (note, continuation) = match &kept {
        Some(kept) => {
            let continuation = vault.checkpoint_since(kept)?;
            (continuation.newer().clone(), Some(continuation))
        }
        None => (vault.checkpoint()?, None),
    };
    let key = vault.checkpoint_key();
    vault.close()?;
    let said = text!(session.messages, "audit-checkpoint", leaves = note.checkpoint().size());
    session.output.say(&said);
    session.output.say(&text!(session.messages, "audit-checkpoint-key", key = key.as_str()));
    let text = continuation.map_or_else(|| note.to_string(), |proof| proof.to_string());
    let mut document = noted(&note);
    if let Value::Object(map) = &mut document {
        map.insert("key".to_owned(), json!(key));
        map.insert("note".to_owned(), json!(text));
    }
    session.output.data(&document, || text)
}

fn witness(session: &Session, file: &Path) -> Result<(), Failure> {
    let kept = read_kept(file)?;
    let vault = session.open(Tell::Everything)?;
    let by = vault.confirm_checkpoint(&kept)?;
    let pinned = vault.witness(&kept)?;
    vault.close()?;
    let leaves = kept.checkpoint().size();
    let said = text!(session.messages, "audit-witnessed", leaves = leaves, by = by.as_str());
    session.output.say(&said);
    let mut document = noted(&kept);
    if let Value::Object(map) = &mut document {
        map.insert("verified".to_owned(), json!(true));
        map.insert("signed_by".to_owned(), json!(by));
        map.insert("kept".to_owned(), json!(pinned));
    }
    session.output.data(&document, String::new)
}

/// A checkpoint outside the vault: against the vault's log, or with the key alone.
pub(super) fn verify(
    session: &Session,
    path: &Path,
    (key, since): (Option<&str>, Option<&Path>),
) -> Result<(), Failure> {
    let text = read_text(path, MAX_NOTE)?;
    let continuation = text.starts_with("old ").then(|| Continuation::parse(&text)).transpose()?;
    let note = match &continuation {
        Some(continuation) => continuation.newer().clone(),
        None => SignedCheckpoint::parse(&text)?,
    };
    let against_log = key.is_none();
    match key {
        Some(key) => note.verify(key).map_err(altered)?,
        None if session.identity_path().is_some() && session.vault_path().exists() => {
            drop(session.open_to_read()?.confirm_checkpoint(&note)?);
        }
        None => return Err(Failure::usage("verify-checkpoint-key")),
    }
    let leaves = note.checkpoint().size();
    session.output.say(&text!(session.messages, "verify-checkpoint", leaves = leaves));
    let mut continues = None;
    if let Some(kept) = since.map(read_kept).transpose()? {
        let proof = continuation.ok_or(Failure::usage("verify-checkpoint-proof"))?;
        proof.continues(kept.checkpoint())?;
        let leaves = kept.checkpoint().size();
        session.output.say(&text!(session.messages, "verify-checkpoint-since", leaves = leaves));
        continues = Some(leaves);
    }
    session.output.say(&text!(session.messages, "verify-checkpoint-not"));
    let mut document = noted(&note);
    if let Value::Object(map) = &mut document {
        map.insert("verified".to_owned(), json!(true));
        map.insert("against_log".to_owned(), json!(against_log));
        map.insert("continues".to_owned(), json!(continues));
    }
    session.output.data(&document, || note.checkpoint().to_string())
}

fn noted(note: &SignedCheckpoint) -> Value {
    let checkpoint = note.checkpoint();
    json!({
        "origin": checkpoint.origin(),
        "size": checkpoint.size(),
        "root": checkpoint.root_base64(),
    })
}

/// What a partner kept: a checkpoint, or one with the proof that came with it.
fn read_kept(path: &Path) -> Result<SignedCheckpoint, Failure> {
    let text = read_text(path, MAX_NOTE)?;
    if text.starts_with("old ") {
        return Ok(Continuation::parse(&text)?.newer().clone());
    }
    Ok(SignedCheckpoint::parse(&text)?)
}

const MAX_NOTE: u64 = 64 << 10;
