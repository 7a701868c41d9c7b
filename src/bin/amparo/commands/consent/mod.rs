//! `consent`: what people said about their data, and what may leave because of it.

use amparo::{
    BlockReason, Grant, Policy, RecipientKind, RecipientRef, RecordId, Timestamp, Vault, What,
};
use serde_json::json;

use crate::args;
use crate::commands::record::parse_id;
use crate::failure::{Exit, Failure};
use crate::messages::text;
use crate::session::{Session, Tell};

mod check;
pub(super) mod moment;
mod page;
mod paper;
mod said;
mod show;

pub(super) use moment::day_or_moment;
use moment::end;

pub(super) fn run(session: &Session, command: args::Consent) -> Result<(), Failure> {
    use args::Consent as C;
    match command {
        C::Give(args) => begin(session, &args, true),
        C::Ask(args) => begin(session, &args, false),
        C::Refuse(args) => refuse(session, &args),
        C::Withdraw(args) => withdraw(session, &args),
        C::Note(args) => {
            let (person, consent) = (parse_id(&args.person)?, parse_id(&args.consent)?);
            let vault = session.open(Tell::News)?;
            let what = event_of(&vault, &args)?;
            let statement = said::statement(&vault.policy()?, &args.said)?;
            let id = vault.consents(person)?.record(consent, what, &statement)?;
            done(session, vault, id)
        }
        C::Show { person } => show::run(session, parse_id(&person)?),
        C::Check { person, purpose, recipient, field, action, identifiability, at } => {
            let asked = check::Asked { purpose, recipient, field, action, identifiability, at };
            check::run(session, parse_id(&person)?, &asked)
        }
        C::Override { person, purpose, recipient, basis, reason, fields, until, once, told } => {
            let basis = code(&basis)?;
            let vault = session.open(Tell::News)?;
            let policy = vault.policy()?;
            let consents = vault.consents(parse_id(&person)?)?;
            let until = match until {
                Some(until) => day_or_moment(&policy, &until)?,
                None => after_hours(&consents, &policy)?,
            };
            let to = recipient_of(&vault, &recipient)?;
            let mut terms =
                amparo::OverrideTerms::new(&purpose, to, (basis, reason.as_str()), until);
            terms.fields = fields.into_iter().collect();
            (terms.once, terms.person_told) = (once, told);
            let id = consents.ask_override(terms)?;
            session.output.say(&text!(session.messages, "override-waits"));
            done(session, vault, id)
        }
        C::Approve { id } => {
            let id = parse_id(&id)?;
            let vault = session.open(Tell::News)?;
            let person = vault.read(id)?.parent().ok_or(Failure::own("no-override"))?;
            let approval = vault.consents(person)?.approve(id)?;
            done(session, vault, approval)
        }
        C::Block { who, because, subject } => block(session, &who, &because, subject.as_deref()),
        C::Disclose { person, purpose, recipient, fields } => {
            let vault = session.open(Tell::News)?;
            let RecipientRef::Recipient(to) = recipient_of(&vault, &recipient)? else {
                return Err(Failure::usage("recipient-listed"));
            };
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            let id = vault.consents(parse_id(&person)?)?.disclosed(&purpose, to, &fields)?;
            done(session, vault, id)
        }
        C::Print { person, out, full, name, contact } => {
            let asked = page::Asked { full, name, contact };
            page::print(session, parse_id(&person)?, &out, asked)
        }
        C::Export { person, form, contact } => {
            paper::export(session, parse_id(&person)?, form, contact)
        }
        C::Import { file, person } => paper::import(session, &file, person.as_deref()),
        C::Recalls { person } => show::recalls(session, parse_id(&person)?),
    }
}

fn begin(session: &Session, args: &args::Terms, given: bool) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let policy = vault.policy()?;
    let statement = said::statement(&policy, &args.said)?;
    let mut terms = grant(&vault, &policy, (&args.purposes, &args.recipients), &args.until)?;
    for category in &args.categories {
        terms = terms.category(category);
    }
    for field in &args.fields {
        terms = terms.field(&full_name(&vault, field)?);
    }
    for condition in &args.conditions {
        terms = terms.on_condition(code(condition)?);
    }
    if !args.actions.is_empty() {
        terms.scope.actions = args.actions.iter().map(|one| code(one)).collect::<Result<_, _>>()?;
    }
    if let Some(identifiability) = &args.identifiability {
        terms = terms.at_most(code(identifiability)?);
    }
    let consents = vault.consents(parse_id(&args.person)?)?;
    let id = if given { consents.give(terms, &statement) } else { consents.ask(terms, &statement) };
    done(session, vault, id?)
}

fn refuse(session: &Session, args: &args::Answer) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let policy = vault.policy()?;
    let statement = said::statement(&policy, &args.said)?;
    let consents = vault.consents(parse_id(&args.person)?)?;
    let purpose = policy.purpose(&args.purpose)?;
    // A refusal does not end; its terms are those that were asked for.
    let asked = statement.said_at.unwrap_or_else(|| consents.now()).as_second();
    let until = Timestamp::from_second(asked + i64::from(purpose.days) * 86_400)?;
    let to = recipient_of(&vault, &args.recipient)?;
    let id = consents.refuse(Grant::new(&args.purpose, to, until), &statement)?;
    done(session, vault, id)
}

fn withdraw(session: &Session, args: &args::Answer) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let statement = said::statement(&vault.policy()?, &args.said)?;
    let to = recipient_of(&vault, &args.recipient)?;
    let person = parse_id(&args.person)?;
    let ended = vault.consents(person)?.withdraw(&args.purpose, &to, &statement)?;
    show::withdrawn(session, &vault, &ended)?;
    vault.close().map_err(Failure::from)
}

/// Whom somebody under a survivor is blocked for is that survivor; under a case, every one.
fn block(
    session: &Session,
    who: &str,
    because: &str,
    subject: Option<&str>,
) -> Result<(), Failure> {
    let (who, because) = (parse_id(who)?, code::<BlockReason>(because)?);
    let vault = session.open(Tell::News)?;
    let schema = vault.schema();
    let subject_type = schema.subject_type().map(|kind| kind.name.clone()).unwrap_or_default();
    let people = match subject {
        Some(subject) => vec![parse_id(subject)?],
        None => match vault.read(who)?.parent() {
            None => return Err(Failure::usage("block-for-whom")),
            Some(parent) if vault.read(parent)?.record_type() == subject_type => vec![parent],
            Some(parent) => vault.list(&subject_type, Some(parent), usize::MAX)?,
        },
    };
    if people.is_empty() {
        return Err(Failure::usage("block-for-whom"));
    }
    let mut ids = Vec::new();
    for person in people {
        ids.push(vault.consents(person)?.block(who, because)?.to_string());
    }
    vault.close()?;
    session.output.data(&json!({ "ids": ids }), || ids.join("\n"))
}

fn done(session: &Session, vault: Vault, id: RecordId) -> Result<(), Failure> {
    vault.close()?;
    let id = id.to_string();
    session.output.data(&json!({ "id": id }), || id.clone())
}

fn grant(
    vault: &Vault,
    policy: &Policy,
    (purposes, recipients): (&[String], &[String]),
    until: &str,
) -> Result<Grant, Failure> {
    let (Some(purpose), Some(recipient)) = (purposes.first(), recipients.first()) else {
        return Err(Failure::usage("usage-missing-argument"));
    };
    let until = end(policy, until)?;
    let mut terms = Grant::new(purpose, recipient_of(vault, recipient)?, until);
    let mut actions = std::collections::BTreeSet::new();
    let mut furthest = None;
    for purpose in purposes {
        let known = policy.purpose(purpose)?;
        actions.extend(known.actions.iter().copied());
        furthest = furthest.max(Some(known.identifiability));
        terms.scope.purposes.insert(purpose.clone());
    }
    for recipient in recipients {
        terms.scope.recipients.insert(recipient_of(vault, recipient)?);
    }
    terms.scope.actions = actions;
    Ok(match furthest {
        Some(furthest) => terms.at_most(furthest),
        None => terms,
    })
}

fn event_of(vault: &Vault, args: &args::Note) -> Result<What, Failure> {
    let policy = vault.policy()?;
    let args::Note { event, until, by_consent, purposes, recipients, .. } = args;
    let mut part = amparo::Scope::default();
    part.purposes.extend(purposes.iter().cloned());
    for recipient in recipients {
        part.recipients.insert(recipient_of(vault, recipient)?);
    }
    let named = !part.purposes.is_empty() && !part.recipients.is_empty();
    let incomplete = || Failure::usage("event-incomplete").with("event", event);
    Ok(match event.as_str() {
        "given" => What::Given,
        "assent_given" => What::AssentGiven,
        "deferred" => What::Deferred,
        "refused" => What::Refused,
        "dissented" => What::Dissented,
        "renewed" => {
            What::Renewed { until: end(&policy, until.as_deref().ok_or_else(incomplete)?)? }
        }
        "restricted" if named => What::Restricted { part },
        "withdrawn" => What::Withdrawn { part: named.then_some(part) },
        "superseded" => {
            What::Superseded { by: parse_id(by_consent.as_deref().ok_or_else(incomplete)?)? }
        }
        "invalidated" => What::Invalidated,
        "revoked" => What::Revoked,
        "reconfirmed_as_adult" => What::ReconfirmedAsAdult,
        "entered_in_error" => What::EnteredInError,
        "restricted" => return Err(incomplete()),
        _ => {
            let known: Vec<_> = amparo::EventCode::ALL.iter().map(|code| code.code()).collect();
            return Err(Failure::usage("unknown-word").with("words", known.join(", ")));
        }
    })
}

/// A recipient: an id or name of the list, or `kind:…`, `organisation:…`, `team:…`.
pub(super) fn recipient_of(vault: &Vault, text: &str) -> Result<RecipientRef, Failure> {
    if let Some(kind) = text.strip_prefix("kind:") {
        return Ok(RecipientRef::Kind(code::<RecipientKind>(kind)?));
    }
    if let Some(name) = text.strip_prefix("organisation:") {
        return Ok(RecipientRef::Organisation(name.to_owned()));
    }
    if let Some(role) = text.strip_prefix("team:") {
        return Ok(RecipientRef::Team(role.to_owned()));
    }
    if let Ok(id) = text.parse() {
        return Ok(RecipientRef::Recipient(id));
    }
    let listed = vault.recipients()?;
    let found = listed.into_iter().find(|(_, entry)| entry.name == text);
    found
        .map(|(id, _)| RecipientRef::Recipient(id))
        .ok_or_else(|| Failure::own("unknown-recipient"))
}

/// A field as `type.field`; the field alone is one of the survivor's own record.
pub(super) fn full_name(vault: &Vault, field: &str) -> Result<String, Failure> {
    if field.contains('.') {
        return Ok(field.to_owned());
    }
    let schema = vault.schema();
    let kind = schema.subject_type().ok_or(Failure::own("error-unknown-type"))?;
    Ok(format!("{}.{}", kind.name, kind.field(field)?.name))
}

fn after_hours(consents: &amparo::Consents<'_>, policy: &Policy) -> Result<Timestamp, Failure> {
    let hours = i64::from(policy.override_rule().hours);
    Ok(Timestamp::from_second(consents.now().as_second() + hours * 3600)?)
}

/// One of a closed list of codes; the message names the list.
pub(super) fn code<T: Code>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::usage("unknown-word").with("words", T::words()))
}

/// A closed list of the library.
pub(super) trait Code: std::str::FromStr + Sized {
    fn words() -> String;
}

macro_rules! closed_lists {
    ($($name:ident),+ $(,)?) => {$(
        impl Code for amparo::$name {
            fn words() -> String {
                Self::ALL.iter().map(|one| one.code()).collect::<Vec<_>>().join(", ")
            }
        }
    )+};
}

closed_lists!(
    Action,
    Authority,
    Basis,
    BlockReason,
    Channel,
    Condition,
    Identifiability,
    Obligation,
    Party,
    RecipientKind,
);

/// The exit of a decision that denies.
const DENIED: Failure = Failure::Said(Exit::Refused);

#[cfg(test)]
mod tests {
    use crate::messages::{Lang, Messages};

    #[test]
    fn every_code_has_words_in_both_languages() {
        fn words<T: std::fmt::Display>(family: &str, all: &[T]) -> Vec<String> {
            all.iter().map(|one| format!("{family}-{one}").replace('_', "-")).collect()
        }
        let ids = [
            words("effect", amparo::Effect::ALL),
            words("reason", amparo::Reason::ALL),
            words("missing", amparo::Missing::ALL),
            words("obligation", amparo::Obligation::ALL),
            words("event", amparo::EventCode::ALL),
            words("party", amparo::Party::ALL),
            words("channel", amparo::Channel::ALL),
            words("condition", amparo::Condition::ALL),
            words("kind", amparo::RecipientKind::ALL),
            words("block", amparo::BlockReason::ALL),
            words("standing", amparo::Standing::ALL),
            words("voice", amparo::Voice::ALL),
        ];
        for lang in [Lang::Es, Lang::En] {
            let messages = Messages::new(lang);
            for id in ids.iter().flatten() {
                assert!(messages.find(id, &[]).is_some(), "{lang:?} {id}");
            }
        }
    }
}
