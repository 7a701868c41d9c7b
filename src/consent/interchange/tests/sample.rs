//! One invented person, and the policy by which her documents in `tests/data` were made.

use crate::consent::{
    Authority, Channel, Condition, Consent, ConsentDocument, Controller, DataScope, Digest, Event,
    Grant, Identifiability, Means, Party, Policy, RecipientEntry, RecipientKind, RecipientRef,
    Scope, Speaker, What,
};
use crate::id::RecordId;
use crate::time::Timestamp;

/// A policy of its own, so that a change of the built-in one changes no sample.
pub(in crate::consent::interchange) fn policy() -> Policy {
    Policy::parse(POLICY).unwrap()
}

const POLICY: &str = r#"
name = "sample"
version = 1
utc_offset = "-05:00"
majority = 18

[[age]]
from = 0
child = "must_agree"
guardian = "must_agree"

[[age]]
from = 18
child = "must_agree"
guardian = "is_told"

[[purpose]]
code = "legal_proceedings"
es = "usarlo en un proceso ante la fiscalía o el juzgado"
en = "use in legal proceedings"
categories = ["account"]
identifiability = "identified"
actions = ["share", "export"]
days = 365
dpv = "sector-law:JusticeManagement"
fhir = "HLEGAL"

[[purpose]]
code = "health_care"
es = "recibir atención de salud"
en = "health care"
categories = ["care"]
identifiability = "identified"
actions = ["share"]
days = 90
dpv = "sector-health:HealthcareServiceManagement"
fhir = "TREAT"

[[purpose]]
code = "stories"
es = "contar su historia en público"
en = "telling her story in public"
categories = ["account"]
identifiability = "coded"
actions = ["publish"]
days = 90
dpv = "no such term"
fhir = ""

[override]
hours = 72
leads = ["director"]
review_days = 3

[two_person]
sensitivities = []
"#;

pub(super) fn record(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn event(number: u8, what: What, said_at: &str, by: Speaker, means: Means) -> (RecordId, Event) {
    (record(number), Event { what, said_at: at(said_at), by, means })
}

fn only(categories: &[&str], fields: &[&str]) -> DataScope {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    DataScope::Only { categories: names(categories), fields: names(fields) }
}

/// Six consents, one in each state that there is.
pub(in crate::consent::interchange) fn sample() -> ConsentDocument {
    let recipients = [
        (0xa1, "Fiscalía Ficticia", RecipientKind::Prosecutor, None),
        (0xa2, "Posta Inventada", RecipientKind::Health, Some("Red de Salud Inventada")),
    ];
    let recipients = recipients.map(|(id, name, kind, organisation)| {
        let organisation = organisation.map(str::to_owned);
        let age_recipient = format!("age1invented{id:x}");
        let entry = RecipientEntry { name: name.to_owned(), kind, organisation, age_recipient };
        (record(id), entry)
    });
    ConsentDocument {
        controller: Controller::new("Centro Ficticio de Acompañamiento")
            .in_country("PE")
            .reached_at("Jirón Inventado 123, Ayacucho; teléfono 000 000 000")
            .storing_in("PE")
            .keeping_for("cinco años después de cerrado el caso"),
        person: record(0x01),
        consents: vec![in_force(), withdrawn(), refused(), asked(), superseded(), mistaken()],
        recipients: recipients.into(),
        issued_at: at("2026-04-01T12:00:00Z"),
    }
}

/// A child's consent: her mother's, her own, and what was taken out of it.
fn in_force() -> Consent {
    let mother = Speaker::new(Party::Guardian)
        .with_authority(Authority::Parent)
        .known_as(record(0x02))
        .named("Madre Ficticia");
    let aloud = Means::new(Channel::OralWitnessed)
        .in_language("qu")
        .interpreted_by("Intérprete Inventada")
        .witnessed_by("Testigo Uno")
        .witnessed_by("Testigo Dos")
        .on_notice(Digest([7; 32]))
        .shown_by(Digest([8; 32]));
    let drawn = Means::new(Channel::Pictogram).in_language("qu").on_notice(Digest([7; 32]));
    let mut terms = Grant::new(
        "legal_proceedings",
        RecipientRef::Recipient(record(0xa1)),
        at("2026-07-01T05:00:00Z"),
    )
    .category("account")
    .category("identity")
    .field("person.phone")
    .on_condition(Condition::NoOnwardTransfer)
    .on_condition(Condition::NotifyFirst);
    terms.scope.purposes.insert("health_care".to_owned());
    terms.scope.recipients.insert(RecipientRef::Kind(RecipientKind::Court));
    let phone = Scope {
        purposes: terms.scope.purposes.clone(),
        recipients: [RecipientRef::Kind(RecipientKind::Court)].into(),
        data: only(&[], &["person.phone"]),
        actions: [].into(),
    };
    let child = || Speaker::new(Party::Subject);
    let by_phone = Means::new(Channel::Phone).in_language("qu");
    Consent {
        id: record(0x10),
        terms,
        events: vec![
            event(0x11, What::Given, "2026-03-14T15:00:00Z", mother, aloud),
            event(0x12, What::AssentGiven, "2026-03-14T15:10:00Z", child(), drawn),
            event(
                0x13,
                What::Restricted { part: phone },
                "2026-03-20T20:30:00Z",
                child(),
                by_phone,
            ),
        ],
    }
}

fn withdrawn() -> Consent {
    let clinic = RecipientRef::Recipient(record(0xa2));
    let written = || Means::new(Channel::Written).in_language("es");
    let her = || Speaker::new(Party::Subject);
    Consent {
        id: record(0x20),
        terms: Grant::new("health_care", clinic, at("2026-06-01T05:00:00Z")).category("care"),
        events: vec![
            event(
                0x21,
                What::Given,
                "2026-03-01T15:00:00Z",
                her(),
                written().on_notice(Digest([9; 32])),
            ),
            event(
                0x22,
                What::Withdrawn { part: None },
                "2026-03-15T15:00:00Z",
                her(),
                Means::new(Channel::Phone),
            ),
        ],
    }
}

fn refused() -> Consent {
    let media = RecipientRef::Kind(RecipientKind::Media);
    let aloud = || Means::new(Channel::OralRecorded).in_language("es").on_notice(Digest([9; 32]));
    Consent {
        id: record(0x30),
        terms: Grant::new("stories", media, at("2026-06-01T05:00:00Z")).category("account"),
        events: vec![
            event(
                0x31,
                What::Requested,
                "2026-03-01T15:00:00Z",
                Speaker::new(Party::Caseworker).named("Trabajadora Inventada"),
                aloud(),
            ),
            event(
                0x32,
                What::Refused,
                "2026-03-01T15:05:00Z",
                Speaker::new(Party::Subject),
                aloud(),
            ),
        ],
    }
}

fn asked() -> Consent {
    let partner = RecipientRef::Organisation("Aldea Inventada".to_owned());
    let on_screen = Means::new(Channel::Digital).in_language("es").on_notice(Digest([9; 32]));
    Consent {
        id: record(0x40),
        terms: Grant::new("health_care", partner, at("2026-06-01T05:00:00Z")).category("care"),
        events: vec![event(
            0x41,
            What::Deferred,
            "2026-03-02T15:00:00Z",
            Speaker::new(Party::Subject),
            on_screen,
        )],
    }
}

fn superseded() -> Consent {
    let team = RecipientRef::Team("lawyer".to_owned());
    let court = Speaker::new(Party::Court).with_authority(Authority::State);
    let written = || Means::new(Channel::Written).in_language("es").on_notice(Digest([9; 32]));
    Consent {
        id: record(0x50),
        terms: Grant::new("legal_proceedings", team, at("2026-06-01T05:00:00Z"))
            .category("account")
            .at_most(Identifiability::Coded),
        events: vec![
            event(0x51, What::Given, "2026-02-01T15:00:00Z", court.clone(), written()),
            event(
                0x52,
                What::Superseded { by: record(0x10) },
                "2026-03-14T15:00:00Z",
                court,
                written(),
            ),
        ],
    }
}

fn mistaken() -> Consent {
    let clinic = RecipientRef::Recipient(record(0xa2));
    let thumb = || Means::new(Channel::Thumbprint).in_language("es").on_notice(Digest([9; 32]));
    let aunt = || {
        Speaker::new(Party::TrustedAdult).with_authority(Authority::Caregiver).named("Tía Ficticia")
    };
    Consent {
        id: record(0x60),
        terms: Grant::new("health_care", clinic, at("2026-06-01T05:00:00Z")).category("care"),
        events: vec![
            event(0x61, What::Given, "2026-03-03T15:00:00Z", aunt(), thumb()),
            event(0x62, What::EnteredInError, "2026-03-03T16:00:00Z", aunt(), thumb()),
        ],
    }
}
