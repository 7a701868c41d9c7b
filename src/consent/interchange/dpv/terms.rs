//! The words of the vocabulary that stand for ours.

use serde_json::{Value, json};

use crate::consent::codes::{Action, Authority, Condition, Party, RecipientKind};
use crate::consent::event::{Speaker, What};

/// Prefixes, and which properties hold names of things: without it `dpv:Share` were mere text.
pub(super) fn context() -> Value {
    json!({
        "amparo": "urn:amparo:ns:",
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "dpv-27560": "https://w3id.org/dpv/schema/dpv-27560#",
        "loc": "https://w3id.org/dpv/loc#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "sector-health": "https://w3id.org/dpv/sector/health#",
        "sector-law": "https://w3id.org/dpv/sector/law#",
        "sector-publicservices": "https://w3id.org/dpv/sector/publicservices#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "amparo:authority": { "@type": "@id" },
        "amparo:condition": { "@type": "@id" },
        "amparo:identifiability": { "@type": "@id" },
        "amparo:party": { "@type": "@id" },
        "amparo:recipientKind": { "@type": "@id" },
        "amparo:who": { "@type": "@id" },
        "dct:conformsTo": { "@type": "@id" },
        "dct:created": { "@type": "xsd:dateTime" },
        "dct:isReplacedBy": { "@type": "@id" },
        "dct:publisher": { "@type": "@id" },
        "dct:source": { "@type": "@id" },
        "dpv:hasDataController": { "@type": "@id" },
        "dpv:hasDataSubject": { "@type": "@id" },
        "dpv:hasJurisdiction": { "@type": "@id" },
        "dpv:hasLegalBasis": { "@type": "@id" },
        "dpv:hasLocation": { "@type": "@id" },
        "dpv:hasNotice": { "@type": "@id" },
        "dpv:hasRecipient": { "@type": "@id" },
        "dpv:isExercisedAt": { "@type": "@id" },
        "dpv:isIndicatedAtTime": { "@type": "xsd:dateTime" },
        "skos:broader": { "@type": "@id" },
    })
}

/// Whether a policy's term is one that the context can spell out; others would turn into nonsense.
pub(super) fn is_term(text: &str) -> bool {
    let known = ["dpv", "sector-health", "sector-law", "sector-publicservices"];
    text.split_once(':').is_some_and(|(prefix, name)| {
        let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        named && known.contains(&prefix)
    })
}

/// The state of a consent after something happened. Of a part that is taken back the vocabulary
/// knows nothing: a reader that does not know `amparo:part` takes all as withdrawn, which is the
/// safe side.
pub(super) const fn status(what: &What) -> &'static str {
    match what {
        What::Requested => "dpv:ConsentRequested",
        What::Deferred => "dpv:ConsentRequestDeferred",
        What::Given | What::AssentGiven => "dpv:ConsentGiven",
        What::Renewed { .. } | What::ReconfirmedAsAdult => "dpv:RenewedConsentGiven",
        What::Refused | What::Dissented => "dpv:ConsentRefused",
        What::Restricted { .. } | What::Withdrawn { .. } => "dpv:ConsentWithdrawn",
        What::Superseded { .. } => "dpv:ConsentExpired",
        What::Invalidated | What::EnteredInError => "dpv:ConsentInvalidated",
        What::Revoked => "dpv:ConsentRevoked",
    }
}

/// What somebody who speaks is to the person.
pub(super) const fn speaker(speaker: &Speaker) -> &'static str {
    match (speaker.party, speaker.authority) {
        (Party::Subject, _) => "dpv:DataSubject",
        (Party::Guardian, Authority::Parent) => "dpv:ParentOfDataSubject",
        (Party::Guardian, _) => "dpv:GuardianOfDataSubject",
        (Party::TrustedAdult | Party::Caseworker | Party::Court, _) => "dpv:Entity",
    }
}

pub(super) const fn processing(action: Action) -> &'static str {
    match action {
        Action::View => "dpv:Consult",
        Action::Share => "dpv:Share",
        Action::Export => "dpv:Transmit",
        Action::Contact => "dpv:Use",
        Action::Publish => "dpv:Disseminate",
        Action::Aggregate => "dpv:Aggregate",
    }
}

pub(super) const fn rule(condition: Condition) -> &'static str {
    match condition {
        Condition::NoOnwardTransfer | Condition::WithoutNarrative => "dpv:Prohibition",
        Condition::ReviewEach
        | Condition::NotifyFirst
        | Condition::SafeContactOnly
        | Condition::HumanReviewedRedaction => "dpv:Obligation",
    }
}

pub(super) const fn recipient(kind: RecipientKind) -> &'static str {
    match kind {
        RecipientKind::Court => "dpv:JudicialOrganisation",
        RecipientKind::Police => "dpv:LawEnforcementOrganisation",
        RecipientKind::Prosecutor
        | RecipientKind::Upe
        | RecipientKind::Cem
        | RecipientKind::Demuna
        | RecipientKind::Ombudsperson
        | RecipientKind::Consulate => "dpv:GovernmentalOrganisation",
        RecipientKind::Health => "dpv:HealthcareOrganisation",
        RecipientKind::UnAgency => "dpv:InternationalOrganisation",
        RecipientKind::Research => "dpv:AcademicScientificOrganisation",
        RecipientKind::Team => "dpv:OrganisationalUnit",
        RecipientKind::Shelter
        | RecipientKind::School
        | RecipientKind::Partner
        | RecipientKind::Donor
        | RecipientKind::Media => "dpv:Organisation",
        RecipientKind::Lawyer | RecipientKind::Family | RecipientKind::Other => "dpv:Entity",
    }
}

pub(super) const RECEIPT: &str = "dpv-27560:receipt";
pub(super) const RECORD: &str = "dpv-27560:record";
/// Of this form of receipt; what a later one adds must not be overlooked.
pub(super) const VERSION: u64 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::policy::Policy;

    #[test]
    fn terms_of_policies_are_those_that_the_context_spells_out() {
        for purpose in Policy::peru().unwrap().purposes() {
            assert!(is_term(&purpose.dpv), "{}", purpose.code);
        }
        for bad in ["", "dpv:", "dpv:no such", "dpv", "https://a.example", "x:Y", "dpv:a:b", "_:a"]
        {
            assert!(!is_term(bad), "{bad}");
        }
    }
}
