//! `policy`: who must agree at which age, what is never done.

use std::fmt::Write;
use std::path::Path;

use amparo::{Policy, PolicyVersion};
use serde_json::{Value, json};

use crate::args;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell, read_text};

pub(super) fn run(session: &Session, command: &args::Policy) -> Result<(), Failure> {
    match command {
        args::Policy::Show { source } => show(session, *source),
        args::Policy::Set { file } => set(session, file),
    }
}

fn set(session: &Session, file: &Path) -> Result<(), Failure> {
    let policy = Policy::parse(&read_text(file, MAX_POLICY)?)?;
    let vault = session.open(Tell::News)?;
    vault.set_policy(&policy)?;
    vault.close()?;
    let version = policy.version();
    session.output.data(&json!({ "version": version }), || version.to_string())
}

fn show(session: &Session, source: bool) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let versions = vault.policy_history()?;
    vault.close()?;
    let Some(newest) = versions.last() else { return Err(Failure::own("error-missing")) };
    if source && !session.output.is_json() {
        return session.output.text(newest.policy.source());
    }
    session.output.data(&document(newest, &versions), || page(session, newest))
}

fn document(newest: &PolicyVersion, versions: &[PolicyVersion]) -> Value {
    let policy = &newest.policy;
    let ages: Vec<Value> = policy
        .ages()
        .map(|row| {
            json!({
                "from": row.from,
                "child": row.child,
                "guardian": row.guardian,
                "substitutes": row.substitutes,
            })
        })
        .collect();
    let purposes: Vec<Value> = policy
        .purposes()
        .map(|one| {
            json!({
                "code": one.code,
                "es": one.es,
                "en": one.en,
                "categories": one.categories,
                "actions": one.actions,
                "identifiability": one.identifiability,
                "days": one.days,
            })
        })
        .collect();
    let prohibitions: Vec<Value> = policy
        .prohibitions()
        .map(|rule| json!({ "code": rule.code, "es": rule.es, "en": rule.en }))
        .collect();
    let versions: Vec<Value> = versions
        .iter()
        .map(|one| json!({ "version": one.policy.version(), "by": one.by, "since": one.since }))
        .collect();
    json!({
        "name": policy.name(),
        "version": policy.version(),
        "majority": policy.majority(),
        "ages": ages,
        "purposes": purposes,
        "prohibitions": prohibitions,
        "override_hours": policy.override_rule().hours,
        "versions": versions,
        "source": policy.source(),
    })
}

fn page(session: &Session, newest: &PolicyVersion) -> String {
    let (messages, lang, policy) = (&session.messages, session.lang(), &newest.policy);
    let mut page = String::new();
    let head = text!(
        messages,
        "policy-head",
        name = policy.name(),
        version = policy.version(),
        by = newest.by.as_str(),
        since = policy.local(newest.since)
    );
    let _ = writeln!(page, "{head}");
    for row in policy.ages() {
        let voice =
            |voice: amparo::Voice| text!(messages, &format!("voice-{voice}").replace('_', "-"));
        let line = text!(
            messages,
            "policy-age",
            from = row.from,
            child = voice(row.child),
            guardian = voice(row.guardian)
        );
        let _ = writeln!(page, "{line}");
    }
    for one in policy.purposes() {
        let _ = writeln!(page, "{:26}  {:4}  {}", one.code, one.days, lang.pick(&one.es, &one.en));
    }
    for rule in policy.prohibitions() {
        let _ = writeln!(page, "{:26}  {}", rule.code, lang.pick(&rule.es, &rule.en));
    }
    page
}

const MAX_POLICY: u64 = 64 << 10;
