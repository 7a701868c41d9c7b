//! The receipt: it comes back as it was, and nothing else comes in.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::generated::document;
use super::sample::{at, record};
use super::{policy, sample};
use crate::consent::interchange::dpv::{Labels, write};
use crate::consent::{ConsentDocument, Event, Means, Party, Policy, Speaker, What};
use crate::error::{ErrorKind, Place};

const ALWAYS: [i64; 2] = [-9998, 9999];

/// What stands in no error: parts of the sample's names, and one for changed places.
const CANARIES: [&str; 5] = ["Fictici", "Inventad", "Testigo", "canary", "age1"];

fn fails(text: &str) -> ErrorKind {
    let error = ConsentDocument::from_dpv(text).unwrap_err();
    let said = format!("{error} {error:?}");
    assert!(!CANARIES.iter().any(|canary| said.contains(canary)), "{said}");
    error.kind()
}

fn changed(pointer: &str, value: Value) -> String {
    let mut receipt = write(&sample(), &Labels::of(&sample(), &policy()));
    *receipt.pointer_mut(pointer).unwrap() = value;
    receipt.to_string()
}

#[test]
fn the_sample_is_as_it_was() {
    let text = include_str!("../../../../tests/data/consent-dpv.json");
    assert!(sample().to_dpv(&policy()).unwrap() == text.trim_end());
    assert!(ConsentDocument::from_dpv(text).unwrap() == sample());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_receipt_gives_the_same_document_back(document in document(ALWAYS)) {
        let text = document.to_dpv(&policy()).unwrap();
        prop_assert!(ConsentDocument::from_dpv(&text).unwrap() == document);
        // Labels are the writer's: another policy changes no content.
        let text = document.to_dpv(&Policy::peru().unwrap()).unwrap();
        prop_assert!(ConsentDocument::from_dpv(&text).unwrap() == document);
    }

    #[test]
    fn a_damaged_receipt_is_refused_or_read_whole(
        document in document(ALWAYS),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        let mut text = document.to_dpv(&policy()).unwrap().into_bytes();
        for (place, byte, what) in changes {
            let at = place.index(text.len());
            match what {
                0 => text[at] = byte,
                1 => { text.remove(at); }
                2 => text.insert(at, byte),
                _ => text.truncate(at),
            }
            if text.is_empty() { break; }
        }
        if let Ok(text) = String::from_utf8(text) {
            check_what_is_read(&text);
        }
    }

    #[test]
    fn a_receipt_with_another_part_in_a_place_is_refused_or_read_whole(
        document in document(ALWAYS),
        place in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        new in prop::option::of(prop::sample::select(vec![
            json!(null), json!(true), json!(-1), json!(1.5), json!(0), json!(u64::MAX), json!(""),
            json!("canary"), json!([]), json!({}), json!([[[]]]), json!({ "@id": 1 }),
        ])),
    ) {
        let mut receipt = write(&document, &Labels::of(&document, &policy()));
        let mut places = Vec::new();
        pointers(&receipt, &mut String::new(), &mut places);
        let other = receipt.pointer(&places[other.index(places.len())]).unwrap().clone();
        *receipt.pointer_mut(&places[place.index(places.len())]).unwrap() = new.unwrap_or(other);
        check_what_is_read(&receipt.to_string());
    }
}

fn check_what_is_read(text: &str) {
    match ConsentDocument::from_dpv(text) {
        Err(error) => assert!(!format!("{error:?}").contains("canary")),
        Ok(read) => match read.to_dpv(&policy()) {
            Ok(again) => assert!(ConsentDocument::from_dpv(&again).unwrap() == read),
            Err(error) => assert_eq!(error.kind(), ErrorKind::TooLong),
        },
    }
}

fn pointers(value: &Value, at: &mut String, into: &mut Vec<String>) {
    into.push(at.clone());
    let len = at.len();
    let mut step = |key: &str, value: &Value| {
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        pointers(value, at, into);
        at.truncate(len);
    };
    match value {
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(n, value)| step(&n.to_string(), value));
        }
        Value::Object(map) => map.iter().for_each(|(key, value)| step(key, value)),
        _ => {}
    }
}

#[test]
fn every_text_of_a_receipt_counts() {
    let receipt = write(&sample(), &Labels::of(&sample(), &policy()));
    let mut places = Vec::new();
    pointers(&receipt, &mut String::new(), &mut places);
    let mut taken = 0;
    for place in &places {
        let text = changed(place, json!("canary"));
        match ConsentDocument::from_dpv(&text) {
            // A free text that became another one, or the label of a purpose.
            Ok(read) => {
                taken += 1;
                let free = ["Name", "description", "title", "identifier", "broader", "@language"];
                let free = free.iter().any(|name| place.contains(name))
                    || ["language", "interpreter", "witness", "organisation", "ageRecipient"]
                        .iter()
                        .any(|name| place.contains(name));
                assert!(free, "{place}");
                let again = read.to_dpv(&policy()).unwrap();
                assert!(ConsentDocument::from_dpv(&again).unwrap() == read);
            }
            Err(_) => {
                fails(&text);
            }
        }
    }
    assert!(places.len() > 500 && taken < places.len() / 5, "{taken} of {}", places.len());
}

#[test]
fn what_this_program_would_not_say_is_refused() {
    let first = "/dpv:hasRecordOfActivity/0";
    for (place, value) in [
        // Another profile, none, an earlier version.
        ("/dct:conformsTo", json!("dpv-27560:receipt-eu-gdpr")),
        ("/dct:conformsTo", json!([])),
        ("/amparo:version", json!(0)),
        ("/amparo:version", json!("1")),
        // A prefix that would mean something else.
        ("/@context/dpv", json!("https://example.org/")),
        // Two statements that do not agree: a status beside another event, another controller.
        (&format!("{first}/dpv:hasConsentStatus/0/@type/0"), json!("dpv:ConsentWithdrawn")),
        (&format!("{first}/dpv:hasConsentStatus/0/@type/1"), json!("amparo:event:refused")),
        (&format!("{first}/dpv:hasDataSubject"), json!("urn:amparo:record:canary")),
        (&format!("{first}/dpv:hasProcess/0/dpv:hasJurisdiction"), json!("loc:CO")),
        // A rule that this program does not know.
        (&format!("{first}/dpv:hasProcess/0/dpv:hasRule/0"), json!({ "@type": ["dpv:Rule"] })),
        ("/dpv:hasRecordOfActivity", json!([])),
    ] {
        assert_eq!(fails(&changed(place, value)), ErrorKind::BadInput, "{place}");
    }
    assert_eq!(fails(&changed("/amparo:version", json!(2))), ErrorKind::NewerFormat);
    let further = json!({ "@id": "canary" });
    let mut receipt = write(&sample(), &Labels::of(&sample(), &policy()));
    receipt.as_object_mut().unwrap().insert("dpv:hasRule".to_owned(), further);
    assert_eq!(fails(&receipt.to_string()), ErrorKind::BadInput);
    // A key twice: readers differ in which they take.
    let text = sample().to_dpv(&policy()).unwrap();
    let twice =
        text.replacen("\"amparo:version\": 1", "\"amparo:version\": 1,\"amparo:version\": 1", 1);
    assert_eq!(fails(&twice), ErrorKind::BadInput);
}

#[test]
fn an_error_names_the_line_or_the_record() {
    let error = ConsentDocument::from_dpv("{\n \"canary\": nonsense").unwrap_err();
    assert!(matches!(error.place(), Some(Place::Line { line: 2, .. })), "{error}");
    let place = "/dpv:hasRecordOfActivity/1/dpv:hasConsentStatus/1/dpv:isIndicatedAtTime";
    let error = ConsentDocument::from_dpv(&changed(place, json!("canary"))).unwrap_err();
    assert_eq!(error.place(), Some(&Place::Record(record(0x22))));
}

#[test]
fn a_receipt_has_bounds_that_are_kept_before_anything_is_made_of_it() {
    assert_eq!(fails(&" ".repeat((1 << 20) + 1)), ErrorKind::TooLong);
    assert_eq!(fails(&"[".repeat(1 << 20)), ErrorKind::BadInput);
    assert_eq!(fails(&format!("[{}0]", "0,".repeat(100_000))), ErrorKind::BadInput);
    let long = format!("\"{}\"", "a".repeat(4097));
    assert_eq!(fails(&long), ErrorKind::BadInput);
    let many = json!({
        "dct:conformsTo": "dpv-27560:receipt",
        "amparo:version": 1,
        "dpv:hasRecordOfActivity": vec![json!({}); 1001],
    });
    assert_eq!(fails(&many.to_string()), ErrorKind::BadInput);
    // What could not be read is not written.
    let mut document = sample();
    document.controller.name = "a".repeat(4097);
    assert_eq!(document.to_dpv(&policy()).unwrap_err().kind(), ErrorKind::TooLong);
    let mut document = sample();
    let given = document.consents[0].events[0].1.clone();
    document.consents[0].events = (0..2000_u32)
        .map(|n| {
            let mut bytes = [0xee; 16];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            (crate::id::RecordId::from_bytes(bytes), given.clone())
        })
        .collect();
    assert_eq!(document.to_dpv(&policy()).unwrap_err().kind(), ErrorKind::TooLong);
}

#[test]
fn a_document_that_contradicts_itself_is_not_written() {
    let kind = |document: &ConsentDocument| document.to_dpv(&policy()).unwrap_err().kind();
    let mut document = sample();
    document.consents.clear();
    assert_eq!(kind(&document), ErrorKind::Required);
    let mut document = sample();
    document.consents[1].id = document.consents[0].id;
    assert_eq!(kind(&document), ErrorKind::Conflict);
    assert_eq!(document.to_fhir(&policy()).unwrap_err().kind(), ErrorKind::Conflict);
    let mut document = sample();
    document.controller.country = Some("Perú".to_owned());
    assert_eq!(kind(&document), ErrorKind::BadValue);
}

#[test]
fn a_part_that_is_taken_back_reads_as_a_withdrawal() {
    let mut document = sample();
    document.consents[0].events.truncate(1);
    let part = crate::consent::Scope::default();
    for what in [What::Withdrawn { part: Some(part.clone()) }, What::Restricted { part }] {
        let event = Event {
            what,
            said_at: at("2026-03-20T00:00:00Z"),
            by: Speaker::new(Party::Subject),
            means: Means::new(crate::consent::Channel::Phone),
        };
        document.consents[0].events.truncate(1);
        document.consents[0].events.push((record(0x99), event));
        let receipt = write(&document, &Labels::default());
        let kinds = "/dpv:hasRecordOfActivity/0/dpv:hasConsentStatus/1/@type/0";
        assert_eq!(receipt.pointer(kinds), Some(&json!("dpv:ConsentWithdrawn")));
    }
}

#[test]
fn no_name_stands_in_a_debug() {
    let said = format!("{:?} {:?}", sample(), sample().controller);
    assert!(!CANARIES.iter().any(|canary| said.contains(canary)), "{said}");
}
