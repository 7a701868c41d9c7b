//! `check`: every row, section, posting and leaf.

use std::fmt::Write;

use amparo::{CheckReport, ErrorKind};
use serde_json::json;

use crate::args;
use crate::failure::{Exit, Failure, describe_place, exit_of};
use crate::messages::text;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Check) -> Result<(), Failure> {
    let vault = session.open(Tell::Everything)?;
    if args.quick {
        vault.check_quick()?;
        vault.close()?;
        let document = json!({ "quick": true, "findings": [] });
        return session.output.data(&document, || text!(session.messages, "check-quick"));
    }
    let report = {
        let bar = Progress::new(0, session.bars(), "progress-check", &session.messages);
        vault.check(&mut |step| bar.at(step.done, step.total))?
    };
    vault.close()?;
    session.output.data(&document(&report), || words(session, &report))?;
    let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
    worst(&kinds).map_or(Ok(()), |exit| Err(Failure::Said(exit)))
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
