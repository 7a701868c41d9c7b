//! Both languages say everything, with the same variables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use amparo::{ErrorKind, Notice, WarningKind};

type Messages = BTreeMap<String, BTreeSet<String>>;

/// Ids (and attributes, as `id.attribute`) with the variables each uses.
fn messages(lang: &str) -> Messages {
    let mut found = Messages::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n").join(lang);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        fluent_bundle::FluentResource::try_new(source.clone())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        let mut message = String::new();
        let mut at = String::new();
        for line in source.lines() {
            let attribute = line.trim_start().strip_prefix('.').filter(|_| line.starts_with(' '));
            if let Some((name, _)) = attribute.and_then(|rest| rest.split_once(" =")) {
                at = format!("{message}.{name}");
            } else if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (id, _) = line.split_once(" =").unwrap();
                message = id.to_owned();
                at.clone_from(&message);
            } else if !line.starts_with(' ') {
                continue;
            }
            assert!(
                !line.starts_with(|c: char| c.is_ascii_alphabetic()) || !found.contains_key(&at),
                "{lang}: {at} twice"
            );
            let variables = found.entry(at.clone()).or_default();
            variables.extend(line.split("{ $").skip(1).map(|rest| {
                rest.chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect::<String>()
            }));
        }
    }
    found
}

#[test]
fn the_languages_have_the_same_messages_and_variables() {
    let (es, en) = (messages("es"), messages("en"));
    assert!(es.len() > 200);
    for (id, variables) in &en {
        assert_eq!(es.get(id), Some(variables), "{id}");
    }
    assert_eq!(es.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
}

#[test]
fn every_kind_of_error_notice_and_warning_has_a_message() {
    let messages = messages("en");
    let errors = ErrorKind::ALL.iter().map(|kind| format!("error-{}", kind.code()));
    let notices = Notice::ALL.iter().map(|notice| format!("notice-{}", notice.code()));
    let warnings = WarningKind::ALL.iter().map(|warning| format!("warning-{}", warning.code()));
    for id in errors.chain(notices).chain(warnings) {
        assert!(messages.contains_key(&id), "{id}");
    }
}

#[test]
fn every_message_that_the_program_names_is_there_and_every_other_is_gone() {
    let messages = messages("en");
    let mut named = BTreeSet::new();
    let source: String = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/amparo"))
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    for piece in source.split('"') {
        if messages.contains_key(piece) {
            named.insert(piece.to_owned());
        }
    }
    for call in [
        "Failure::own(\"",
        "usage(\"",
        "Reason(\"",
        "text!(messages, \"",
        "text!(session.messages, \"",
        "text!(self.messages, \"",
    ] {
        for rest in source.split(call).skip(1) {
            let id = rest.split('"').next().unwrap();
            assert!(messages.contains_key(id), "{id} has no message");
        }
    }
    named.extend(codes());
    let by_rule = ["error-", "hint-", "notice-", "warning-", "cmd-"];
    for id in messages.keys().filter(|id| !id.contains('.')) {
        let known = named.contains(id) || by_rule.iter().any(|prefix| id.starts_with(prefix));
        assert!(known, "{id} is said by nobody");
    }
}

/// The messages that stand for a code of the library.
fn codes() -> Vec<String> {
    fn family<T: std::fmt::Display>(name: &str, all: &[T]) -> Vec<String> {
        all.iter().map(|one| format!("{name}-{one}").replace('_', "-")).collect()
    }
    [
        family("effect", amparo::Effect::ALL),
        family("reason", amparo::Reason::ALL),
        family("missing", amparo::Missing::ALL),
        family("obligation", amparo::Obligation::ALL),
        family("event", amparo::EventCode::ALL),
        family("party", amparo::Party::ALL),
        family("channel", amparo::Channel::ALL),
        family("condition", amparo::Condition::ALL),
        family("kind", amparo::RecipientKind::ALL),
        family("block", amparo::BlockReason::ALL),
        family("standing", amparo::Standing::ALL),
        family("voice", amparo::Voice::ALL),
        family("against", amparo::Against::ALL),
        family("because", amparo::Because::ALL),
    ]
    .concat()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            files.push(path);
        }
    }
    files
}
