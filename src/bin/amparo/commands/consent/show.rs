//! `consent show`: all that was said, and how each consent stands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use amparo::{
    Consent, DataScope, Event, Ledger, Policy, Recall, RecipientEntry, RecipientRef, RecordId,
    Schema, Standing, Timestamp, Vault, Withdrawal,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::session::{Session, Tell};

/// What it takes to put a ledger into words.
struct Page<'a> {
    session: &'a Session,
    schema: Schema,
    policy: Policy,
    names: BTreeMap<RecordId, RecipientEntry>,
    now: Timestamp,
}

pub(super) fn run(session: &Session, person: RecordId) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let consents = vault.consents(person)?;
    let ledger = consents.ledger()?;
    let now = consents.now();
    let page = Page {
        session,
        schema: vault.schema(),
        policy: vault.policy()?,
        names: vault.recipients()?.into_iter().collect(),
        now,
    };
    vault.close()?;
    session.output.data(&page.document(&ledger), || page.text(&ledger))
}

/// What a withdrawal ended, and who must be told.
pub(super) fn withdrawn(
    session: &Session,
    vault: &Vault,
    ended: &Withdrawal,
) -> Result<(), Failure> {
    let events: Vec<Value> = ended
        .events
        .iter()
        .map(|cited| json!({ "consent": cited.of, "event": cited.event }))
        .collect();
    let names = vault.recipients()?.into_iter().collect();
    let policy = vault.policy()?;
    let document = json!({ "events": events, "recalls": recall_list(&ended.recalls, &names) });
    let text = || {
        let events = ended.events.iter().map(|cited| cited.event.to_string());
        events.collect::<Vec<_>>().join("\n")
    };
    session.output.data(&document, text)?;
    for line in lines_of(session, &policy, &ended.recalls, &names) {
        session.output.say(&line);
    }
    Ok(())
}

/// `consent recalls`: who is still to be told.
pub(super) fn recalls(session: &Session, person: RecordId) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let recalls = vault.consents(person)?.recalls()?;
    let names: BTreeMap<_, _> = vault.recipients()?.into_iter().collect();
    let policy = vault.policy()?;
    vault.close()?;
    session.output.data(&recall_list(&recalls, &names), || {
        lines_of(session, &policy, &recalls, &names).join("\n")
    })
}

fn recall_list(recalls: &[Recall], names: &BTreeMap<RecordId, RecipientEntry>) -> Vec<Value> {
    recalls
        .iter()
        .map(|one| {
            json!({
                "recipient": one.recipient,
                "name": names.get(&one.recipient).map(|entry| &entry.name),
                "consent": one.consent,
                "event": one.event,
                "disclosure": one.disclosure,
                "disclosed_at": one.disclosed_at,
                "withdrawn_at": one.withdrawn_at,
                "after_withdrawal": one.disclosed_at >= one.withdrawn_at,
            })
        })
        .collect()
}

/// One line for each thing that a recipient has, however many consents it rested on.
fn lines_of(
    session: &Session,
    policy: &Policy,
    recalls: &[Recall],
    names: &BTreeMap<RecordId, RecipientEntry>,
) -> Vec<String> {
    let mut told = BTreeSet::new();
    let new = recalls.iter().filter(|one| told.insert((one.recipient, one.disclosure)));
    new.map(|one| {
        let late = one.disclosed_at >= one.withdrawn_at;
        let id = if late { "recall-late" } else { "recall" };
        let name = names.get(&one.recipient).map_or("?", |entry| entry.name.as_str());
        text!(session.messages, id, name = name, at = policy.local(one.disclosed_at))
    })
    .collect()
}

/// An event with its record.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a RecordId,
    #[serde(flatten)]
    event: &'a Event,
}

impl Page<'_> {
    fn document(&self, ledger: &Ledger) -> Value {
        let consents: Vec<Value> = ledger
            .consents
            .iter()
            .map(|consent| {
                let (standing, reason) = ledger.standing(consent, &self.policy, self.now);
                let mut events: Vec<_> = consent.events.iter().collect();
                events.sort_by_key(|(id, event)| (event.said_at, *id));
                let events: Vec<Value> =
                    events.into_iter().map(|(id, event)| json!(Shown { id, event })).collect();
                json!({
                    "id": consent.id,
                    "standing": standing,
                    "reason_code": reason,
                    "terms": consent.terms,
                    "events": events,
                })
            })
            .collect();
        let overrides: Vec<Value> = ledger
            .overrides
            .iter()
            .map(|one| {
                let members: Vec<_> = one.approvals.iter().map(|a| a.member.to_string()).collect();
                json!({
                    "id": one.id,
                    "terms": one.terms,
                    "asked_at": one.asked_at,
                    "approved_by": members,
                })
            })
            .collect();
        let disclosures: Vec<Value> = ledger
            .disclosures
            .iter()
            .map(|one| json!({ "id": one.id, "at": one.at, "terms": one.terms }))
            .collect();
        let blocks: Vec<Value> = ledger
            .blocks
            .iter()
            .map(|one| json!({ "who": one.who, "because": one.because }))
            .collect();
        json!({
            "consents": consents,
            "blocks": blocks,
            "overrides": overrides,
            "disclosures": disclosures,
            "recalls": recall_list(&ledger.recalls(self.now), &self.names),
        })
    }

    fn text(&self, ledger: &Ledger) -> String {
        let messages = &self.session.messages;
        let mut page = String::new();
        for consent in &ledger.consents {
            self.consent(&mut page, ledger, consent);
        }
        for one in &ledger.overrides {
            let (purpose, to) =
                (self.purpose(&one.terms.purpose), self.recipient(&one.terms.recipient));
            let approvals = one.approvals.len();
            let line = text!(
                messages,
                "show-override",
                id = one.id.to_string(),
                purpose = purpose,
                to = to,
                until = self.moment(one.terms.until),
                approvals = approvals
            );
            let _ = writeln!(page, "{line}");
        }
        for block in &ledger.blocks {
            let words = text!(messages, &dashed("block", block.because));
            let line = text!(messages, "show-block", who = block.who.to_string(), words = words);
            let _ = writeln!(page, "{line}");
        }
        for one in &ledger.disclosures {
            let to = self.recipient(&RecipientRef::Recipient(one.terms.recipient));
            let line = text!(
                messages,
                "show-disclosure",
                at = self.moment(one.at),
                to = to,
                fields = one.terms.fields.len()
            );
            let _ = writeln!(page, "{line}");
        }
        let recalls = ledger.recalls(self.now);
        for line in lines_of(self.session, &self.policy, &recalls, &self.names) {
            let _ = writeln!(page, "{line}");
        }
        page
    }

    fn consent(&self, page: &mut String, ledger: &Ledger, consent: &Consent) {
        let messages = &self.session.messages;
        let (standing, reason) = ledger.standing(consent, &self.policy, self.now);
        let reason = reason.filter(|_| standing != Standing::InForce);
        let standing = text!(messages, &dashed("standing", standing));
        let reason = reason.map(|reason| text!(messages, &dashed("reason", reason)));
        let _ = writeln!(
            page,
            "{}  {standing}{}",
            consent.id,
            match reason {
                Some(reason) => format!(": {reason}"),
                None => String::new(),
            }
        );
        let scope = &consent.terms.scope;
        let list = |items: Vec<String>| items.join(", ");
        let purposes = list(scope.purposes.iter().map(|code| self.purpose(code)).collect());
        let to = list(scope.recipients.iter().map(|named| self.recipient(named)).collect());
        let data = match &scope.data {
            DataScope::Only { categories, fields } => {
                let categories = categories
                    .iter()
                    .map(|name| labels::of_compartment(&self.schema, name, self.session.lang()));
                list(categories.chain(fields.iter().cloned()).collect())
            }
            _ => text!(messages, "show-all-data"),
        };
        let until = self.moment(consent.terms.until);
        for (id, words) in [
            ("show-purposes", purposes),
            ("show-to", to),
            ("show-data", data),
            ("show-until", until),
        ] {
            let _ = writeln!(page, "    {}", text!(messages, id, words = words));
        }
        for condition in &consent.terms.conditions {
            let words = text!(messages, &dashed("condition", condition));
            let _ = writeln!(page, "    {}", text!(messages, "show-condition", words = words));
        }
        let mut events: Vec<&(RecordId, Event)> = consent.events.iter().collect();
        events.sort_by_key(|(id, event)| (event.said_at, *id));
        for (_, event) in events {
            let what = text!(messages, &dashed("event", event.what.code()));
            let by = text!(messages, &dashed("party", event.by.party));
            let how = text!(messages, &dashed("channel", event.means.channel));
            let _ = writeln!(page, "    {}  {what} ({by}, {how})", self.moment(event.said_at));
        }
    }

    fn purpose(&self, code: &str) -> String {
        let known = self.policy.purpose(code);
        known.map_or(code, |one| self.session.lang().pick(&one.es, &one.en)).to_owned()
    }

    fn recipient(&self, named: &RecipientRef) -> String {
        match named {
            RecipientRef::Recipient(id) => {
                self.names.get(id).map_or_else(|| id.to_string(), |entry| entry.name.clone())
            }
            RecipientRef::Organisation(name) | RecipientRef::Team(name) => name.clone(),
            RecipientRef::Kind(kind) => text!(self.session.messages, &dashed("kind", kind)),
            _ => String::new(),
        }
    }

    /// Local time, without the offset that everybody there knows.
    fn moment(&self, at: Timestamp) -> String {
        self.policy.local(at)
    }
}

fn dashed(family: &str, code: impl std::fmt::Display) -> String {
    format!("{family}-{code}").replace('_', "-")
}
