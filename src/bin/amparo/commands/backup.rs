//! `backup`: one file from which the vault can be brought back, and which ones there are.

use std::path::Path;

use amparo::{BackupFile, BackupId, BackupKind, BackupRequest, KnownBackup, SealedTo};
use serde_json::{Value, json};

use crate::args::{self, KnownBackups, SealTo};
use crate::failure::{Exit, Failure, describe_place};
use crate::messages::{Messages, text};
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Backup) -> Result<(), Failure> {
    match (&args.command, &args.file) {
        (Some(KnownBackups::List), _) => list(session),
        (Some(KnownBackups::Forget { id }), _) => forget(session, id),
        (None, Some(file)) => write(session, args, file),
        (None, None) => Ok(()),
    }
}

fn write(session: &Session, args: &args::Backup, file: &Path) -> Result<(), Failure> {
    let mut request = BackupRequest::new();
    for base in &args.since {
        request = request.since(base);
    }
    if let Some(label) = &args.label {
        request = request.label(label);
    }
    if let Some(to) = args.to {
        request = request.sealed_to(match to {
            SealTo::Escrow => SealedTo::Escrow,
            SealTo::Directors => SealedTo::Directors,
        });
    }
    let vault = session.open(Tell::News)?;
    let receipt = {
        let bar = Progress::new(0, session.bars(), "progress-backup", &session.messages);
        vault.backup(file, &request, &mut |step| bar.at(step.done, step.total))?
    };
    vault.close()?;
    let messages = &session.messages;
    let say = |words: String| session.output.say(&words);
    let name = file.display().to_string();
    let written = &receipt.file;
    say(text!(messages, "backup-done", file = name, rows = written.rows, bytes = written.bytes));
    say(match written.sealed_to {
        SealedTo::Escrow => text!(messages, "backup-to-escrow"),
        _ => text!(messages, "backup-to-directors"),
    });
    if receipt.resumed > 0 {
        say(text!(messages, "backup-resumed", bytes = receipt.resumed));
    }
    if receipt.begun_anew {
        say(text!(messages, "backup-begun-anew"));
    }
    if receipt.outdated {
        say(text!(messages, "backup-outdated"));
    }
    say(text!(messages, "backup-keep-apart"));
    let missing: Vec<String> =
        receipt.missing.iter().map(|place| describe_place(place, messages)).collect();
    for place in &missing {
        say(text!(messages, "backup-missing", place = place.as_str()));
    }
    let mut document = document(written);
    if let Value::Object(map) = &mut document {
        map.insert("missing".to_owned(), json!(missing));
    }
    session.output.data(&document, || written.id.to_string())?;
    // The file is whole, and so it is kept; the vault is not.
    if missing.is_empty() { Ok(()) } else { Err(Failure::Said(Exit::Integrity)) }
}

/// `verify` of a backup.
pub(super) fn verify(session: &Session, path: &Path) -> Result<(), Failure> {
    let file = {
        let bar = Progress::new(0, session.bars(), "progress-check", &session.messages);
        BackupFile::verify(path, &mut |step| bar.at(step.done, step.total))?
    };
    let messages = &session.messages;
    let say = |words: String| session.output.say(&words);
    let (vault, at) = (file.vault.to_string(), file.at.to_string());
    say(text!(messages, "backup-verified", vault = vault, at = at, rows = file.rows));
    if let BackupKind::Increment { over } = file.kind {
        say(text!(messages, "backup-verified-over", over = over.to_string()));
    }
    say(text!(messages, "backup-not-judged"));
    session.output.data(&document(&file), || file.id.to_string())
}

fn list(session: &Session) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let known = vault.backups()?;
    vault.close()?;
    let document: Vec<Value> = known
        .iter()
        .map(|one| {
            json!({
                "id": one.id.to_string(),
                "at": one.at.to_string(),
                "by": one.by,
                "erase_epoch": one.erase_epoch,
                "over": one.base.map(|base| base.to_string()),
                "sealed_to": one.sealed_to,
                "label": one.label,
                "finished": one.finished.map(|at| at.to_string()),
                "forgotten": one.forgotten.map(|at| at.to_string()),
            })
        })
        .collect();
    let row = |one: &KnownBackup| row(one, &session.messages);
    session.output.data(&document, || known.iter().map(row).collect::<Vec<_>>().join("\n"))
}

fn row(one: &KnownBackup, messages: &Messages) -> String {
    let state = match (one.forgotten, one.finished) {
        (Some(_), _) => text!(messages, "backup-state-forgotten"),
        (None, Some(_)) => text!(messages, "backup-state-whole"),
        (None, None) => text!(messages, "backup-state-unfinished"),
    };
    text!(
        messages,
        "backup-row",
        id = one.id.to_string(),
        at = one.at.to_string(),
        epoch = one.erase_epoch,
        to = to_code(one.sealed_to),
        state = state,
        label = one.label.as_str(),
        by = one.by.as_str(),
    )
}

fn forget(session: &Session, id: &str) -> Result<(), Failure> {
    let id: BackupId = id.parse().map_err(|_| Failure::own("not-a-backup-id"))?;
    let vault = session.open(Tell::News)?;
    vault.forget_backup(id)?;
    vault.close()?;
    Ok(())
}

/// A backup for programs.
pub(super) fn document(file: &BackupFile) -> Value {
    let (kind, over) = match file.kind {
        BackupKind::Full => ("full", None),
        BackupKind::Increment { over } => ("increment", Some(over.to_string())),
    };
    json!({
        "id": file.id.to_string(),
        "vault_id": file.vault.to_string(),
        "kind": kind,
        "over": over,
        "at": file.at.to_string(),
        "writer": file.writer.to_string(),
        "erase_epoch": file.erase_epoch,
        "log_size": file.log_size,
        "rows": file.rows,
        "bytes": file.bytes,
        "sealed_to": file.sealed_to,
    })
}

const fn to_code(to: SealedTo) -> &'static str {
    match to {
        SealedTo::Escrow => "escrow",
        _ => "directors",
    }
}
