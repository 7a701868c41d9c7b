//! `restore`: a vault from a backup, and what was lost on the way.

use std::path::Path;

use amparo::{Identity, Restore, RestoreReport};
use serde_json::{Value, json};

use crate::args;
use crate::commands::{backup, check};
use crate::failure::Failure;
use crate::messages::text;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Restore) -> Result<(), Failure> {
    match (&args.accept, &args.file, &args.dir) {
        (Some(code), ..) => accept(session, code),
        (None, Some(file), Some(dir)) => restore(session, args, file, dir),
        _ => Ok(()),
    }
}

fn restore(
    session: &Session,
    args: &args::Restore,
    file: &Path,
    dir: &Path,
) -> Result<(), Failure> {
    let mut files = args.base.iter().map(|base| base.as_path()).chain([file]);
    let mut restore = Restore::new(files.next().unwrap_or(file)).options(session.options());
    for file in files {
        restore = restore.increment(file);
    }
    for list in &args.erasures {
        restore = restore.erasures(list);
    }
    restore = restore.damaged(session.vault_path());
    // A backup for the custodians can be unpacked when no director is left.
    let identity = session.identity_path().map(|path| session.unlock(&path)).transpose()?;
    let report = {
        let bar = Progress::new(0, session.bars(), "progress-restore", &session.messages);
        let progress = &mut |step: amparo::BackupProgress| bar.at(step.done, step.total);
        match args.drill {
            true => restore.drill(dir, identity.as_ref(), progress)?,
            false => keep(&restore, dir, identity.as_ref(), progress)?,
        }
    };
    tell(session, args, dir, &report);
    session.output.data(&document(&report), || report.backup.id.to_string())?;
    let findings = report.check.iter().flat_map(|check| &check.findings);
    let kinds: Vec<_> = findings.map(|finding| finding.kind).collect();
    check::worst(&kinds).map_or(Ok(()), |exit| Err(Failure::Said(exit)))
}

fn keep(
    restore: &Restore,
    dir: &Path,
    identity: Option<&Identity>,
    progress: &mut dyn FnMut(amparo::BackupProgress),
) -> Result<RestoreReport, Failure> {
    let restored = restore.into_folder(dir, identity, progress)?;
    restored.vault.map_or(Ok(()), amparo::Vault::close)?;
    Ok(restored.report)
}

/// What was done, and what nobody should take for granted.
fn tell(session: &Session, args: &args::Restore, dir: &Path, report: &RestoreReport) {
    let messages = &session.messages;
    let say = |words: String| session.output.say(&words);
    let (name, at) = (dir.display().to_string(), report.backup.at.to_string());
    say(match (args.drill, &report.code) {
        (true, _) => text!(messages, "restore-drill", at = at),
        (false, Some(_)) => text!(messages, "restore-done", dir = name, at = at),
        (false, None) => text!(messages, "restore-waits", dir = name),
    });
    match report.commits_lost {
        Some(0) => {}
        Some(commits) => say(text!(messages, "restore-lost", commits = commits)),
        None => say(text!(messages, "restore-lost-unknown")),
    }
    if report.roster_older {
        say(text!(messages, "restore-roster-older"));
    }
    if report.erased_again > 0 {
        say(text!(messages, "restore-erased-again", records = report.erased_again));
    }
    if report.held_erased > 0 {
        say(text!(messages, "restore-held-erased", records = report.held_erased));
    }
    if report.lists_unread > 0 {
        let old = session.vault_path().display().to_string();
        say(text!(messages, "restore-list-unread", dir = old));
    }
    if report.erasures_unknown {
        say(text!(messages, "restore-erasures-unknown"));
    }
    match report.fingerprint {
        None => say(text!(messages, "restore-not-judged")),
        Some(it) => say(text!(messages, "restore-fingerprint", fingerprint = it.to_string())),
    }
    if let Some(code) = report.code.as_deref().filter(|_| !args.drill) {
        say(text!(messages, "restore-code", code = code));
        say(text!(messages, "restore-not-for-you"));
    }
    if let Some(check) = &report.check {
        say(check::words(session, check));
    }
}

fn document(report: &RestoreReport) -> Value {
    json!({
        "backup": backup::document(&report.backup),
        "fingerprint": report.fingerprint.map(|fingerprint| fingerprint.to_string()),
        "check": report.check.as_ref().map(check::document),
        "commits_lost": report.commits_lost,
        "roster_older": report.roster_older,
        "erased_again": report.erased_again,
        "held_erased": report.held_erased,
        "lists_unread": report.lists_unread,
        "erasures_unknown": report.erasures_unknown,
        "code": report.code,
    })
}

/// For everybody else who used the vault: once, with a code that a person told them.
fn accept(session: &Session, code: &str) -> Result<(), Failure> {
    let identity = session.identity()?;
    let options = session.options().accept_restore(code);
    let vault = options.open(session.vault_path(), &identity)?;
    session.tell(&vault, Tell::News);
    let document = json!({ "accepted": true, "fingerprint": vault.fingerprint().to_string() });
    vault.close()?;
    session.output.say(&text!(session.messages, "restore-accepted"));
    let fingerprint = document.get("fingerprint").and_then(Value::as_str).unwrap_or_default();
    session.output.data(&document, || fingerprint.to_owned())
}
