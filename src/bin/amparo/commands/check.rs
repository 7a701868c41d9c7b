//! `check`: every row, section, posting and leaf.

use std::fmt::Write;

use amparo::{CheckReport, Error, ErrorKind, Vault};
use serde_json::json;

use crate::args;
use crate::failure::{Exit, Failure, describe, describe_place, exit_of};
use crate::messages::text;
use crate::output::say;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Check) -> Result<(), Failure> {
    if args.repair {
        return repair(session);
    }
    let vault = session.open(Tell::Everything)?;
    if args.quick {
        vault.check_quick()?;
        vault.close()?;
        let document = json!({ "quick": true, "findings": [] });
        return session.output.data(&document, || text!(session.messages, "check-quick"));
    }
    let report = whole(session, &vault)?;
    vault.close()?;
    session.output.data(&document(&report), || words(session, &report))?;
    verdict(&report)
}

fn whole(session: &Session, vault: &Vault) -> Result<CheckReport, Failure> {
    let bar = Progress::new(0, session.bars(), "progress-check", &session.messages);
    Ok(vault.check(&mut |step| bar.at(step.done, step.total))?)
}

fn verdict(report: &CheckReport) -> Result<(), Failure> {
    let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
    worst(&kinds).map_or(Ok(()), |exit| Err(Failure::Said(exit)))
}

/// First the store, which may keep the vault from opening; then the index, from the records.
fn repair(session: &Session) -> Result<(), Failure> {
    let messages = &session.messages;
    let identity = session.identity()?;
    let beyond = |error| beyond_repair(session, error);
    let store = session.options().repair_store(session.vault_path()).map_err(beyond)?;
    if let Some(folder) = &store.kept_in {
        let files = store.damaged.join(", ");
        let folder = folder.as_str();
        session.output.say(&text!(messages, "repair-store", files = files, folder = folder));
        if store.commits_lost + store.blocks_lost > 0 {
            let (commits, blocks) = (store.commits_lost, store.blocks_lost);
            session.output.say(&text!(messages, "repair-lost", commits = commits, blocks = blocks));
        }
    }
    let opened = session.options().open(session.vault_path(), &identity);
    let vault = opened.map_err(beyond)?;
    session.tell(&vault, Tell::Everything);
    let mut report = whole(session, &vault)?;
    let rows_or_index = {
        let bar = Progress::new(0, session.bars(), "progress-reseal", messages);
        vault.repair(&report, &mut |step| bar.at(step.done, step.total))?
    };
    if rows_or_index {
        session.output.say(&text!(messages, "repair-index"));
        report = whole(session, &vault)?;
    }
    vault.close()?;
    if store.is_whole() && !rows_or_index {
        session.output.say(&text!(messages, "repair-nothing"));
    }
    if !report.findings.is_empty() {
        session.output.say(&text!(messages, "repair-rest"));
    }
    let mut document = document(&report);
    let repaired = json!({
        "damaged": store.damaged,
        "kept_in": store.kept_in,
        "commits_lost": store.commits_lost,
        "blocks_lost": store.blocks_lost,
        "index": rows_or_index,
    });
    if let Some(map) = document.as_object_mut() {
        map.insert("repair".to_owned(), repaired);
    }
    session.output.data(&document, || words(session, &report))?;
    verdict(&report)
}

/// What the repair itself ends with must not advise to repair.
fn beyond_repair(session: &Session, error: Error) -> Failure {
    if !matches!(error.kind(), ErrorKind::Tampered | ErrorKind::Missing) {
        return error.into();
    }
    let messages = &session.messages;
    say(&format!("error: {}", describe(&error, messages)));
    say(&text!(messages, "repair-rest"));
    Failure::Said(Exit::Integrity)
}

pub(super) fn document(report: &CheckReport) -> serde_json::Value {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "kind": finding.kind.code(),
                "place": finding.place.to_string(),
                "detail": finding.detail,
            })
        })
        .collect();
    json!({
        "quick": false,
        "records": report.records,
        "sections": report.sections,
        "postings": report.postings,
        "leaves": report.leaves,
        "resumed": report.resumed.map(|at| at.to_string()),
        "files": report.files,
        "findings": findings,
    })
}

pub(super) fn words(session: &Session, report: &CheckReport) -> String {
    let messages = &session.messages;
    let mut lines = text!(
        messages,
        "check-counts",
        records = report.records,
        sections = report.sections,
        postings = report.postings,
        leaves = report.leaves,
    );
    lines.push('\n');
    if let Some(at) = report.resumed {
        let _ = writeln!(lines, "{}", text!(messages, "check-resumed", at = at.to_string()));
    }
    for finding in &report.findings {
        let kind = text!(messages, &format!("error-{}", finding.kind.code()));
        let place = describe_place(&finding.place, messages);
        let _ = writeln!(lines, "{place}: {kind} [{}]", finding.detail);
    }
    let verdict = text!(messages, "check-verdict", findings = report.findings.len());
    lines.push_str(&verdict);
    lines
}

/// An integrity finding outweighs every other.
pub(super) fn worst(kinds: &[ErrorKind]) -> Option<Exit> {
    let exits = || kinds.iter().map(|kind| exit_of(*kind));
    exits().find(|exit| *exit == Exit::Integrity).or_else(|| exits().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integrity_finding_decides_the_exit() {
        assert_eq!(worst(&[]), None);
        assert_eq!(worst(&[ErrorKind::Io]), Some(Exit::Failed));
        assert_eq!(worst(&[ErrorKind::Io, ErrorKind::Missing]), Some(Exit::Integrity));
    }
}
