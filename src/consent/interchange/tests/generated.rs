//! Documents of every shape that there can be.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::consent::{
    Action, Authority, Channel, Condition, Consent, ConsentDocument, Controller, DataScope, Digest,
    Event, Grant, Identifiability, Means, Party, RecipientEntry, RecipientKind, RecipientRef,
    Scope, Speaker, What,
};
use crate::id::RecordId;
use crate::time::Timestamp;

/// Moments from a year to another.
pub(super) fn document(years: [i64; 2]) -> impl Strategy<Value = ConsentDocument> {
    let consents = vec((terms(years), vec(event(years), 0..5)), 1..4);
    let country = || option::of(select(vec!["PE".to_owned(), "CO".to_owned()]));
    let controller = (text(), country(), option::of(text()), country(), option::of(text()));
    (controller, consents, recipients(), moment(years)).prop_map(
        |((name, country, contact, stored_in, kept_for), consents, recipients, issued_at)| {
            // Each record once, but that a consent and the event that began it are one.
            let mut numbers = 100_u64..;
            let mut next = || numbered(numbers.next().unwrap());
            let person = next();
            let consents = consents.into_iter().map(|(terms, events)| {
                let id = next();
                let ids = std::iter::once(id).chain(std::iter::repeat_with(&mut next));
                Consent { id, terms, events: ids.zip(events).collect() }
            });
            let consents = consents.collect();
            let controller = Controller { name, country, contact, stored_in, kept_for };
            ConsentDocument { controller, person, consents, recipients, issued_at }
        },
    )
}

fn numbered(number: u64) -> RecordId {
    let mut bytes = [0x5a; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    RecordId::from_bytes(bytes)
}

/// Few enough to be named again elsewhere.
fn known() -> impl Strategy<Value = RecordId> {
    (0_u64..5).prop_map(numbered)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zñ ]{0,12}",
        any::<String>(),
        select(vec!["urn:amparo:ns:x", "#speaker-1", "\0", " ", "@id", "loc:PE"])
            .prop_map(str::to_owned),
    ]
}

fn purpose() -> impl Strategy<Value = String> {
    let known = vec!["legal_proceedings", "health_care", "stories"];
    prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => text()]
}

fn moment([from, to]: [i64; 2]) -> impl Strategy<Value = Timestamp> {
    const YEAR: i64 = 31_556_952;
    ((from - 1970) * YEAR..(to - 1970) * YEAR)
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn recipients() -> impl Strategy<Value = BTreeMap<RecordId, RecipientEntry>> {
    let entry = (text(), select(RecipientKind::ALL), option::of(text()), text());
    let entry = entry.prop_map(|(name, kind, organisation, age_recipient)| RecipientEntry {
        name,
        kind,
        organisation,
        age_recipient,
    });
    btree_map(known(), entry, 0..4)
}

fn recipient() -> impl Strategy<Value = RecipientRef> {
    prop_oneof![
        known().prop_map(RecipientRef::Recipient),
        text().prop_map(RecipientRef::Organisation),
        select(RecipientKind::ALL).prop_map(RecipientRef::Kind),
        text().prop_map(RecipientRef::Team),
    ]
}

fn data() -> impl Strategy<Value = DataScope> {
    let only = (btree_set(text(), 0..3), btree_set(text(), 0..3))
        .prop_map(|(categories, fields)| DataScope::Only { categories, fields });
    prop_oneof![1 => Just(DataScope::Everything), 4 => only]
}

fn scope() -> impl Strategy<Value = Scope> {
    let actions = btree_set(select(Action::ALL), 0..3);
    (btree_set(purpose(), 0..3), btree_set(recipient(), 0..3), data(), actions).prop_map(
        |(purposes, recipients, data, actions)| Scope { purposes, recipients, data, actions },
    )
}

fn terms(years: [i64; 2]) -> impl Strategy<Value = Grant> {
    let conditions = btree_set(select(Condition::ALL), 0..3);
    (scope(), select(Identifiability::ALL), conditions, moment(years)).prop_map(
        |(scope, identifiability, conditions, until)| Grant {
            scope,
            identifiability,
            conditions,
            until,
        },
    )
}

fn what(years: [i64; 2]) -> impl Strategy<Value = What> {
    prop_oneof![
        select(vec![
            What::Requested,
            What::Deferred,
            What::Given,
            What::Given,
            What::Given,
            What::AssentGiven,
            What::Refused,
            What::Dissented,
            What::Invalidated,
            What::Revoked,
            What::ReconfirmedAsAdult,
            What::EnteredInError,
        ]),
        moment(years).prop_map(|until| What::Renewed { until }),
        scope().prop_map(|part| What::Restricted { part }),
        option::of(scope()).prop_map(|part| What::Withdrawn { part }),
        known().prop_map(|by| What::Superseded { by }),
    ]
}

fn speaker() -> impl Strategy<Value = Speaker> {
    let parts =
        (select(Party::ALL), select(Authority::ALL), option::of(known()), option::of(text()));
    parts.prop_map(|(party, authority, who, name)| {
        let mut speaker = Speaker::new(party).with_authority(authority);
        speaker.who = who;
        match name {
            Some(name) => speaker.named(&name),
            None => speaker,
        }
    })
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<u8>().prop_map(|byte| Digest([byte; 32]))
}

fn means() -> impl Strategy<Value = Means> {
    let people = (option::of(text()), vec(text(), 0..3));
    let papers = (option::of(digest()), vec(digest(), 0..3));
    (select(Channel::ALL), option::of(text()), people, papers).prop_map(
        |(channel, language, (interpreter, witnesses), (notice, evidence))| {
            let mut means = Means::new(channel);
            means.language = language;
            means.notice = notice;
            means.evidence = evidence;
            if let Some(name) = interpreter {
                means = means.interpreted_by(&name);
            }
            witnesses.iter().fold(means, |means, name| means.witnessed_by(name))
        },
    )
}

fn event(years: [i64; 2]) -> impl Strategy<Value = Event> {
    (what(years), moment(years), speaker(), means()).prop_map(|(what, said_at, by, means)| Event {
        what,
        said_at,
        by,
        means,
    })
}
