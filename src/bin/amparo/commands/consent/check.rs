//! `consent check`: the decision, the reason in words, and what it rests on.

use std::collections::BTreeMap;

use amparo::{Decision, RecordId, Request, Schema};
use serde::Serialize;

use super::moment::day_or_moment;
use super::{DENIED, code, full_name, recipient_of};
use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::session::{Session, Tell};

/// What was typed.
pub(super) struct Asked {
    pub(super) purpose: String,
    pub(super) recipient: String,
    pub(super) field: Option<String>,
    pub(super) action: Option<String>,
    pub(super) identifiability: Option<String>,
    pub(super) at: Option<String>,
}

pub(super) fn run(session: &Session, person: RecordId, asked: &Asked) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let to = recipient_of(&vault, &asked.recipient)?;
    let schema = vault.schema();
    let fields = match &asked.field {
        Some(field) => vec![full_name(&vault, field)?],
        None => every_field(&schema),
    };
    let mut requests = Vec::with_capacity(fields.len());
    for field in &fields {
        // The purpose, the recipient and the policy are the same for all: looked up once.
        let mut request: Request = match requests.first() {
            None => vault.request(&asked.purpose, &to, field)?,
            Some(first) => vault.request_like(first, field)?,
        };
        if let Some(action) = &asked.action {
            request.action = code(action)?;
        }
        if let Some(identifiability) = &asked.identifiability {
            request.identifiability = code(identifiability)?;
        }
        requests.push(request);
    }
    let consents = vault.consents(person)?;
    let at = match &asked.at {
        Some(at) => day_or_moment(&vault.policy()?, at)?,
        None => consents.now(),
    };
    let decisions = consents.decide_each(&requests, at)?;
    vault.close()?;
    let Some(best) = decisions.iter().max_by_key(|one| (one.is_permit(), one.reason)) else {
        return Err(Failure::own("error-unknown-field"));
    };
    let many = asked.field.is_none();
    let answer = Answer {
        decision: best,
        at: at.to_string(),
        permitted_fields: many.then(|| permitted(&fields, &decisions).collect()),
    };
    session.output.data(&answer, || best.reason.code().to_owned())?;
    if !session.output.is_json() {
        explain(session, best);
        if many && best.is_permit() {
            by_category(session, &schema, &requests, &decisions);
        }
    }
    if best.is_permit() { Ok(()) } else { Err(DENIED) }
}

/// The JSON form of an answer.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    decision: &'a Decision,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    permitted_fields: Option<Vec<&'a String>>,
}

fn every_field(schema: &Schema) -> Vec<String> {
    let types = schema.record_types().iter();
    types
        .flat_map(|kind| {
            kind.fields.iter().map(move |field| format!("{}.{}", kind.name, field.name))
        })
        .collect()
}

fn permitted<'a>(
    fields: &'a [String],
    decisions: &'a [Decision],
) -> impl Iterator<Item = &'a String> {
    let pairs = fields.iter().zip(decisions);
    pairs.filter(|(_, decision)| decision.is_permit()).map(|(field, _)| field)
}

fn explain(session: &Session, decision: &Decision) {
    let messages = &session.messages;
    let say = |line: String| session.output.say(&line);
    let effect = text!(messages, &format!("effect-{}", decision.effect));
    let reason = text!(messages, &format!("reason-{}", decision.reason).replace('_', "-"));
    say(text!(messages, "decision", effect = effect, reason = reason));
    for cited in &decision.cited {
        let (of, event) = (cited.of.to_string(), cited.event.to_string());
        say(text!(messages, "decision-cites", of = of, event = event));
    }
    for obligation in &decision.obligations {
        let id = format!("obligation-{obligation}").replace('_', "-");
        say(text!(messages, "decision-obliges", words = text!(messages, &id)));
    }
    for missing in &decision.missing {
        let id = format!("missing-{missing}").replace('_', "-");
        say(text!(messages, "decision-misses", words = text!(messages, &id)));
    }
}

/// How many fields of each category may leave.
fn by_category(session: &Session, schema: &Schema, requests: &[Request], decisions: &[Decision]) {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (request, decision) in requests.iter().zip(decisions) {
        let (permitted, all) = counts.entry(request.data.category.as_str()).or_default();
        *permitted += usize::from(decision.is_permit());
        *all += 1;
    }
    for (category, (permitted, all)) in counts {
        let label = labels::of_compartment(schema, category, session.lang());
        let line = text!(
            session.messages,
            "decision-covers",
            label = label,
            permitted = permitted,
            all = all
        );
        session.output.say(&line);
    }
}
