//! A document into a receipt.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::consent::codes::Identifiability;
use crate::consent::event::{Digest, Event, Speaker, What};
use crate::consent::grant::{Consent, Grant, RecipientEntry};
use crate::consent::interchange::dpv::{Labels, terms};
use crate::consent::interchange::json::Node;
use crate::consent::interchange::{ConsentDocument, Controller, event_name, fingerprint, name_of};
use crate::consent::scope::{DataScope, RecipientRef, Scope};
use crate::id::RecordId;
use crate::time::Timestamp;

pub(in crate::consent::interchange) fn write(document: &ConsentDocument, labels: &Labels) -> Value {
    let receipt = document.receipt();
    let person = name_of(document.person);
    let subject = Node::typed(["dpv:DataSubject"])
        .with("@id", person.clone())
        .with("dct:identifier", person.clone())
        .with("dpv:hasIdentifier", person);
    let within = Within { document, labels, receipt: &receipt };
    let entries = document.recipients.iter().map(|(id, entry)| entity(*id, entry));
    Node::typed(["dpv:ConsentReceipt"])
        .with("@context", terms::context())
        .with("@id", receipt.clone())
        .with("amparo:version", terms::VERSION)
        .with("dct:conformsTo", terms::RECEIPT)
        .with("dct:created", moment(document.issued_at))
        .with("dct:identifier", receipt.clone())
        .with("dpv:hasIdentifier", receipt.clone())
        .with("dct:publisher", within.part("controller"))
        .with("dpv:hasDataSubject", subject)
        .list("dpv:hasEntity", std::iter::once(within.controller()).chain(entries))
        .list("dpv:hasNotice", within.withdrawal())
        .list("dpv:hasRecordOfActivity", document.consents.iter().map(|one| within.record(one)))
        .into()
}

/// What every part of a receipt needs to know of it.
struct Within<'a> {
    document: &'a ConsentDocument,
    labels: &'a Labels,
    receipt: &'a str,
}

impl Within<'_> {
    /// The name of something that only this receipt names.
    fn part(&self, name: &str) -> String {
        format!("{}#{name}", self.receipt)
    }

    fn controller(&self) -> Node {
        let Controller { name, contact, .. } = &self.document.controller;
        Node::typed(["dpv:DataController", "dpv:Organisation"])
            .with("@id", self.part("controller"))
            .with("dpv:hasIdentifier", self.part("controller"))
            .with("dpv:hasName", name.clone())
            .maybe("dpv:hasContact", contact.clone())
    }

    /// Where she turns to, once for all records.
    fn withdrawal(&self) -> Option<Node> {
        let contact = self.document.controller.contact.clone()?;
        let notice = Node::typed(["dpv:RightExerciseNotice"]).with("@id", self.part("withdrawal"));
        Some(notice.with("dct:description", contact))
    }

    fn record(&self, consent: &Consent) -> Node {
        let name = name_of(consent.id);
        let statuses = consent.events.iter().map(|(id, event)| self.status(consent, *id, event));
        Node::typed(["dpv:ConsentRecord"])
            .with("@id", name.clone())
            .with("dct:conformsTo", terms::RECORD)
            .with("dct:identifier", name.clone())
            .with("dpv:hasIdentifier", name)
            .with("dpv:hasDataSubject", name_of(self.document.person))
            .list("dpv:hasNotice", notices(consent))
            .list("dpv:hasProcess", [self.process(&consent.terms)])
            .list("dpv:hasConsentStatus", statuses)
    }

    fn process(&self, terms: &Grant) -> Node {
        let Controller { contact, country, stored_in, kept_for, .. } = &self.document.controller;
        let Grant { scope, identifiability, conditions, until } = terms;
        let location = stored_in.as_ref().map(|code| {
            Node::typed(["dpv:StorageLocation"]).with("dpv:hasLocation", format!("loc:{code}"))
        });
        let duration = kept_for.as_ref().map(|words| {
            let duration = Node::typed(["dpv:Duration"]).with("dct:description", words.clone());
            Node::typed(["dpv:StorageDuration"]).with("dpv:hasDuration", duration)
        });
        let exercised = |kinds: &[&'static str]| {
            let node = Node::typed(kinds.iter().copied());
            node.maybe("dpv:isExercisedAt", contact.as_ref().map(|_| self.part("withdrawal")))
        };
        let rules = conditions.iter().map(|condition| {
            let code = format!("amparo:condition:{condition}");
            Node::typed([terms::rule(*condition)]).with("amparo:condition", code)
        });
        self.scope(Node::typed(["dpv:Process"]), scope)
            .with("amparo:identifiability", identifiable(*identifiability))
            .list("dpv:hasRule", rules)
            .with("dpv:hasDuration", lasting(Some(*until)))
            .list("dpv:hasLegalBasis", ["dpv:Consent"])
            .list("dpv:hasDataController", [self.part("controller")])
            .list("dpv:hasStorageCondition", location.into_iter().chain(duration))
            .list("dpv:hasConsentControl", [exercised(&["dpv:WithdrawConsent"])])
            .list(
                "dpv:hasRight",
                [exercised(&["dpv:DataSubjectRight", "amparo:right:withdraw_consent"])],
            )
            .maybe("dpv:hasJurisdiction", country.as_ref().map(|code| format!("loc:{code}")))
    }

    fn scope(&self, node: Node, scope: &Scope) -> Node {
        let Scope { purposes, recipients, data, actions } = scope;
        let data = match data {
            DataScope::Everything => {
                vec![Node::typed(["dpv:PersonalData", "amparo:Everything"])]
            }
            DataScope::Only { categories, fields } => {
                let named = |kind: &'static str, name: &String| {
                    Node::typed(["dpv:PersonalData", kind]).with("dct:identifier", name.clone())
                };
                let categories = categories.iter().map(|name| named("amparo:Category", name));
                categories.chain(fields.iter().map(|name| named("amparo:Field", name))).collect()
            }
        };
        let actions = actions.iter().map(|action| {
            Node::new()
                .with("@id", format!("amparo:action:{action}"))
                .with("skos:broader", terms::processing(*action))
        });
        node.list("dpv:hasPurpose", purposes.iter().map(|code| self.purpose(code)))
            .list("dpv:hasRecipient", recipients.iter().map(recipient))
            .list("dpv:hasPersonalData", data)
            .list("dpv:hasProcessing", actions)
    }

    fn purpose(&self, code: &str) -> Node {
        let label = self.labels.0.get(code);
        let titles = label.into_iter().flat_map(|label| &label.titles);
        let titles =
            titles.map(|(language, title)| json!({ "@language": language, "@value": title }));
        Node::typed(["dpv:Purpose"])
            .with("dct:identifier", code)
            .maybe("skos:broader", label.and_then(|label| label.term.clone()))
            .list("dct:title", titles)
    }

    fn status(&self, consent: &Consent, id: RecordId, event: &Event) -> Node {
        let Event { what, said_at, by, means } = event;
        let happened = format!("amparo:event:{}", what.code());
        let node = Node::typed([terms::status(what), &happened])
            .with("@id", event_name(id))
            .with("dpv:isIndicatedAtTime", moment(*said_at))
            .list("dpv:isIndicatedBy", [speaker(by)])
            .with("dpv:hasIndicationMethod", means.channel.code())
            .maybe("dct:language", means.language.clone())
            .maybe("amparo:interpreter", means.interpreter())
            .list("amparo:witness", means.witnesses())
            .maybe("dpv:hasNotice", means.notice.map(fingerprint))
            .list("dct:source", means.evidence.iter().copied().map(fingerprint));
        let lasts = |until| node.with("dpv:hasDuration", lasting(until));
        match what {
            What::Given | What::AssentGiven | What::ReconfirmedAsAdult => {
                lasts(Some(consent.terms.until))
            }
            What::Renewed { until } => lasts(Some(*until)),
            What::Restricted { part } => lasts(None).with("amparo:part", self.taken(part)),
            What::Withdrawn { part } => {
                lasts(None).maybe("amparo:part", part.as_ref().map(|part| self.taken(part)))
            }
            What::Superseded { by } => lasts(None).with("dct:isReplacedBy", name_of(*by)),
            What::Requested
            | What::Deferred
            | What::Refused
            | What::Dissented
            | What::Invalidated
            | What::Revoked
            | What::EnteredInError => lasts(None),
        }
    }

    fn taken(&self, part: &Scope) -> Node {
        self.scope(Node::typed(["dpv:Process"]), part)
    }
}

fn lasting(until: Option<Timestamp>) -> Node {
    match until {
        Some(until) => Node::typed(["dpv:UntilTimeDuration"]).with(
            "rdf:value",
            Node::new().with("@type", "xsd:dateTime").with("@value", moment(until)),
        ),
        None => Node::typed(["dpv:EndlessDuration"]),
    }
}

/// Each notice once, with the languages in which it was explained.
fn notices(consent: &Consent) -> Vec<Node> {
    let means = || consent.events.iter().map(|(_, event)| &event.means);
    let all: BTreeSet<_> = means().filter_map(|means| Some(means.notice?.0)).collect();
    let describe = |digest: [u8; 32]| {
        let of_it = means().filter(|means| means.notice == Some(Digest(digest)));
        let languages: BTreeSet<_> = of_it.filter_map(|means| means.language.clone()).collect();
        Node::typed(["dpv:ConsentNotice"])
            .with("@id", fingerprint(Digest(digest)))
            .list("dct:language", languages)
    };
    all.into_iter().map(describe).collect()
}

/// A node without a name: what is noted of somebody is of this one occasion.
fn speaker(by: &Speaker) -> Node {
    Node::typed([terms::speaker(by)])
        .with("amparo:party", format!("amparo:party:{}", by.party))
        .with("amparo:authority", format!("amparo:authority:{}", by.authority))
        .maybe("amparo:who", by.who.map(name_of))
        .maybe("dpv:hasName", by.name())
}

fn recipient(named: &RecipientRef) -> Value {
    match named {
        RecipientRef::Recipient(id) => name_of(*id).into(),
        RecipientRef::Organisation(name) => {
            Node::typed(["dpv:Organisation"]).with("dpv:hasName", name.clone()).into()
        }
        RecipientRef::Kind(kind) => Node::typed([terms::recipient(*kind)])
            .with("amparo:recipientKind", format!("amparo:recipient:{kind}"))
            .into(),
        RecipientRef::Team(role) => {
            Node::typed(["dpv:OrganisationalUnit"]).with("dpv:hasName", role.clone()).into()
        }
    }
}

fn entity(id: RecordId, entry: &RecipientEntry) -> Node {
    let RecipientEntry { name, kind, organisation, age_recipient } = entry;
    Node::typed([terms::recipient(*kind), "dpv:Recipient"])
        .with("@id", name_of(id))
        .with("dpv:hasIdentifier", name_of(id))
        .with("dpv:hasName", name.clone())
        .with("amparo:recipientKind", format!("amparo:recipient:{kind}"))
        .maybe("amparo:organisation", organisation.clone())
        .with("amparo:ageRecipient", age_recipient.clone())
}

fn identifiable(most: Identifiability) -> String {
    format!("amparo:identifiability:{most}")
}

fn moment(at: Timestamp) -> String {
    at.to_string()
}
