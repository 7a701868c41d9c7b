//! One consent as a resource.

use std::collections::BTreeSet;

use crate::consent::codes::{Authority, Party};
use crate::consent::event::{Digest, Event, Speaker};
use crate::consent::grant::Consent;
use crate::consent::interchange::fhir::Within;
use crate::consent::interchange::fhir::element::{
    coding, concept, document, identifier, logical, moment, period, token, words,
};
use crate::consent::interchange::fhir::state::State;
use crate::consent::interchange::json::Node;
use crate::consent::interchange::name_of;
use crate::error::Result;

impl Within<'_> {
    pub(super) fn resource(&self, consent: &Consent) -> Result<Node> {
        let Consent { id, terms, events } = consent;
        let state = State::of(consent, self.document.issued_at);
        let relatives = Relatives::of(events);
        let history = events.iter().map(|(id, event)| {
            let by = self.speaker(&event.by, &relatives);
            self.event(*id, event, by)
        });
        let history = history.collect::<Result<Vec<_>>>()?;
        let day = state.day.map(|at| moment(at).map(|_| self.policy.day(at).to_string()));
        let held = state.period.map(|(start, end)| period(start, end)).transpose()?;
        let verified = state.agreements.iter().filter(|event| is_shown(event));
        let verified = verified.map(|event| self.verification(event, &relatives));
        let verified = verified.collect::<Result<Vec<_>>>()?;
        let notices: BTreeSet<_> =
            events.iter().filter_map(|(_, event)| Some(event.means.notice?.0)).collect();
        let evidence: BTreeSet<_> =
            events.iter().flat_map(|(_, event)| &event.means.evidence).map(|one| one.0).collect();
        let files = |digests: BTreeSet<[u8; 32]>| digests.into_iter().map(|d| document(Digest(d)));
        Ok(Node::new()
            .with("resourceType", "Consent")
            .with("id", id.to_string())
            .list("contained", self.contained(&relatives))
            .list("extension", std::iter::once(self.terms(terms)?).chain(history))
            .list("identifier", [identifier(name_of(*id))])
            .with("status", state.status)
            .list("category", [concept([coding(LOINC, PATIENT_CONSENT)])])
            .with("subject", self.person())
            .maybe("date", day.transpose()?)
            .maybe("period", held)
            .list("grantor", self.grantors(&state, &relatives))
            .list("controller", [self.controller()])
            .list("sourceReference", files(evidence))
            .list("policyText", files(notices))
            .list("verification", verified)
            .with("decision", "deny")
            .list("provision", self.provision(terms, &state)?))
    }

    /// Who agreed, each once.
    fn grantors(&self, state: &State<'_>, relatives: &Relatives<'_>) -> Vec<Node> {
        let mut speakers: Vec<&Speaker> = Vec::new();
        for event in &state.agreements {
            if !speakers.contains(&&event.by) {
                speakers.push(&event.by);
            }
        }
        speakers.into_iter().map(|speaker| self.speaker(speaker, relatives)).collect()
    }

    fn verification(&self, event: &Event, relatives: &Relatives<'_>) -> Result<Node> {
        let with = match event.by.party {
            Party::Subject | Party::Guardian | Party::TrustedAdult => {
                Some(self.speaker(&event.by, relatives))
            }
            Party::Caseworker | Party::Court => None,
        };
        Ok(Node::new()
            .with("verified", true)
            .with("verifiedBy", self.controller())
            .maybe("verifiedWith", with)
            .list("verificationDate", [moment(event.said_at)?]))
    }

    /// A reference to somebody who speaks.
    fn speaker(&self, speaker: &Speaker, relatives: &Relatives<'_>) -> Node {
        let display = speaker.name().and_then(words);
        match speaker.party {
            Party::Subject => self.person().maybe("display", display),
            Party::Guardian | Party::TrustedAdult => {
                Node::new().with("reference", format!("#{}", relatives.name(speaker)))
            }
            Party::Caseworker | Party::Court => {
                let kind = match speaker.party {
                    Party::Court => "Organization",
                    _ => "Practitioner",
                };
                let display = display.unwrap_or_else(|| speaker.party.code().to_owned());
                logical(kind, speaker.who, Some(display))
            }
        }
    }

    fn contained(&self, relatives: &Relatives<'_>) -> Vec<Node> {
        let relative = |speaker: &&Speaker| {
            let name = speaker.name().and_then(words);
            let name = name.map(|name| Node::new().with("text", name));
            Node::new()
                .with("resourceType", "RelatedPerson")
                .with("id", relatives.name(speaker))
                .list("identifier", speaker.who.map(|who| identifier(name_of(who))))
                .with("patient", self.person())
                .list("relationship", [relationship(speaker)])
                .list("name", name)
        };
        relatives.0.iter().map(relative).collect()
    }
}

/// Those who speak for her, each once: only they stand in the resource itself, since only they
/// have a relationship to tell.
struct Relatives<'a>(Vec<&'a Speaker>);

impl<'a> Relatives<'a> {
    fn of(events: &'a [(crate::id::RecordId, Event)]) -> Self {
        let mut found = Vec::new();
        for (_, event) in events {
            let relative = matches!(event.by.party, Party::Guardian | Party::TrustedAdult);
            if relative && !found.contains(&&event.by) {
                found.push(&event.by);
            }
        }
        Self(found)
    }

    fn name(&self, speaker: &Speaker) -> String {
        let at = self.0.iter().position(|one| *one == speaker).unwrap_or(self.0.len());
        format!("speaker-{}", at + 1)
    }
}

fn relationship(speaker: &Speaker) -> Node {
    let near = match (speaker.party, speaker.authority) {
        (Party::Guardian, Authority::Parent) => Some("PRN"),
        (Party::Guardian, _) => Some("GUARD"),
        _ => None,
    };
    let near = near.map(|code| coding(ROLE, code));
    let own = [(PARTY, speaker.party.code()), (AUTHORITY, speaker.authority.code())];
    concept(near.into_iter().chain(own.map(|(system, code)| coding(system, &token(code)))))
}

/// Whether anything but the entry itself shows that it was said.
fn is_shown(event: &Event) -> bool {
    event.means.witnesses().len() > 0 || !event.means.evidence.is_empty()
}

const LOINC: &str = "http://loinc.org";
const PATIENT_CONSENT: &str = "59284-0";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";
const AUTHORITY: &str = "urn:amparo:ns:authority";
const PARTY: &str = "urn:amparo:ns:party";
