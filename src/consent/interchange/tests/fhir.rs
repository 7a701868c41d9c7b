//! The bundle: HL7's schema, and what it does not see.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::generated::document;
use super::sample::{at, record};
use super::schema::Schema;
use super::{policy, sample};
use crate::consent::interchange::fhir::write;
use crate::consent::{ConsentDocument, DataScope, Policy, RecipientRef, What};
use crate::error::ErrorKind;

/// Years that FHIR can write, moments of Lima included.
const YEARS: [i64; 2] = [2, 9998];

fn resources(document: &ConsentDocument) -> Vec<Value> {
    let bundle = write(document, &policy()).unwrap();
    assert_eq!(bundle["type"], "collection");
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

#[test]
fn the_sample_is_as_it_was() {
    let text = include_str!("../../../../tests/data/consent-fhir.json");
    assert!(sample().to_fhir(&policy()).unwrap() == text.trim_end());
}

#[test]
fn each_consent_of_the_sample_has_its_state() {
    let found = resources(&sample());
    let states: Vec<_> = found
        .iter()
        .map(|one| (one["status"].as_str().unwrap(), one.get("provision").is_some()))
        .collect();
    let expected = [
        ("active", true),
        ("inactive", false),
        ("active", false),
        ("draft", false),
        ("inactive", false),
        ("entered-in-error", false),
    ];
    assert_eq!(states, expected);
    assert!(found.iter().all(|one| one["decision"] == "deny"));
    assert_eq!(found[0]["period"]["end"], "2026-07-01T05:00:00Z");
    assert_eq!(found[1]["period"]["end"], "2026-03-15T15:00:00Z");
    assert_eq!(found[0]["date"], "2026-03-14");
    // The day is that of the policy's place.
    let mut late = sample();
    late.consents[0].events[0].1.said_at = at("2026-03-14T03:00:00Z");
    assert_eq!(resources(&late)[0]["date"], "2026-03-13");
}

#[test]
fn a_guardian_is_named_and_bound_to_the_child() {
    let first = &resources(&sample())[0];
    let mother = &first["contained"][0];
    assert_eq!(mother["resourceType"], "RelatedPerson");
    assert_eq!(mother["name"][0]["text"], "Madre Ficticia");
    assert_eq!(mother["relationship"][0]["coding"][0]["code"], "PRN");
    assert_eq!(mother["patient"], first["subject"]);
    assert_eq!(first["grantor"][0]["reference"], "#speaker-1");
    assert_eq!(first["verification"][0]["verifiedWith"]["reference"], "#speaker-1");
}

#[test]
fn what_was_taken_back_is_denied_within() {
    let first = &resources(&sample())[0];
    let within = &first["provision"][0]["provision"];
    assert_eq!(within.as_array().unwrap().len(), 1);
    assert_eq!(within[0]["code"][0]["coding"][0]["code"], "person.phone");
    assert_eq!(within[0]["actor"][0]["reference"]["identifier"]["value"], "court");
    let restrictions = first["provision"][0]["modifierExtension"].as_array().unwrap();
    let codes: Vec<_> = restrictions.iter().map(|one| one["valueCode"].clone()).collect();
    assert_eq!(codes, ["notify_first", "no_onward_transfer"]);
}

#[test]
fn a_consent_past_its_end_permits_nothing() {
    let mut document = sample();
    document.issued_at = at("2026-07-01T04:59:59Z");
    assert!(resources(&document)[0].get("provision").is_some());
    document.issued_at = at("2026-07-01T05:00:00Z");
    assert!(resources(&document)[0].get("provision").is_none());
    assert_eq!(resources(&document)[0]["status"], "inactive");
}

#[test]
fn one_no_stands_against_a_yes() {
    let mut document = sample();
    document.consents[0].events[1].1.what = What::Dissented;
    let first = &resources(&document)[0];
    assert_eq!((&first["status"], first.get("provision")), (&json!("active"), None));
}

#[test]
fn terms_that_name_nobody_permit_nothing() {
    let empty: [fn(&mut ConsentDocument); 4] = [
        |one| one.consents[0].terms.scope.purposes.clear(),
        |one| one.consents[0].terms.scope.recipients.clear(),
        |one| one.consents[0].terms.scope.actions.clear(),
        |one| {
            one.consents[0].terms.scope.data =
                DataScope::Only { categories: BTreeSet::new(), fields: BTreeSet::new() };
        },
    ];
    for change in empty {
        let mut document = sample();
        change(&mut document);
        assert!(resources(&document)[0].get("provision").is_none());
    }
}

#[test]
fn a_year_that_fhir_cannot_write_is_refused() {
    let mut document = sample();
    document.consents[0].terms.until = at("-000044-03-15T00:00:00Z");
    assert_eq!(document.to_fhir(&policy()).unwrap_err().kind(), ErrorKind::BadValue);
}

#[test]
fn an_unknown_recipient_has_no_name() {
    let mut document = sample();
    document.recipients.clear();
    let first = &resources(&document)[0];
    let actors = first["provision"][0]["actor"].as_array().unwrap();
    assert_eq!(actors[0]["reference"].get("display"), None);
    let named = RecipientRef::Recipient(record(0xa1));
    assert!(document.consents[0].terms.scope.recipients.contains(&named));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_bundle_is_as_fhir_wants_it(document in document(YEARS)) {
        let schema = Schema::of_consent();
        for resource in resources(&document) {
            prop_assert_eq!(schema.faults(&resource), Vec::<String>::new());
            let faults = faults(&resource);
            prop_assert!(faults.is_empty(), "{:?} in {}", faults, resource);
        }
    }
}

#[test]
fn the_sample_is_as_fhir_wants_it() {
    let schema = Schema::of_consent();
    for resource in resources(&sample()) {
        assert_eq!(schema.faults(&resource), [""; 0]);
        assert_eq!(faults(&resource), [""; 0]);
    }
}

/// What HL7's schema lets pass.
fn faults(resource: &Value) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let mut rule = |kept: bool, name| {
        if !kept {
            faults.push(name);
        }
    };
    let statuses = ["draft", "active", "inactive", "not-done", "entered-in-error", "unknown"];
    rule(statuses.iter().any(|status| resource["status"] == *status), "status is bound");
    rule(resource["decision"] == "deny", "what is not permitted is denied");
    let mut ids = BTreeSet::new();
    for one in resource["contained"].as_array().into_iter().flatten() {
        rule(ids.insert(format!("#{}", one["id"].as_str().unwrap())), "a contained id is one");
        rule(one.get("contained").is_none(), "dom-2: nothing is contained within");
    }
    let mut named = BTreeSet::new();
    walk(resource, "", &mut |at, value| match value {
        Value::Null => rule(false, "no null"),
        Value::String(text) => {
            rule(!text.trim().is_empty(), "no empty text");
            rule(!text.chars().any(char::is_control), "no control character");
            if at == "reference" && text.starts_with('#') {
                named.insert(text.clone());
            }
        }
        Value::Array(values) => rule(!values.is_empty(), "no empty array"),
        Value::Object(map) => {
            rule(!map.is_empty(), "no empty object");
            let extends = at == "extension" || at == "modifierExtension";
            if extends {
                let values = map.keys().filter(|key| key.starts_with("value")).count();
                let nested = usize::from(map.contains_key("extension"));
                rule(values + nested == 1, "ext-1: a value or extensions, not both");
            }
            if at != "extension" || !map.contains_key("url") {
                // The URLs of extensions that stand in no extension.
                let direct = map.get("extension").into_iter().chain(map.get("modifierExtension"));
                for one in direct.flat_map(|all| all.as_array().unwrap()) {
                    let url = one["url"].as_str().unwrap();
                    rule(url.starts_with("urn:amparo:ns:"), "an extension has an absolute URL");
                }
            }
            if let (Some(Value::String(start)), Some(Value::String(end))) =
                (map.get("start"), map.get("end"))
            {
                rule(at_moment(start) <= at_moment(end), "per-1: a period begins before it ends");
            }
            let reference = map.contains_key("reference")
                || map.contains_key("identifier")
                || map.contains_key("display");
            rule(at != "subject" || reference, "ref-2: a reference says something");
        }
        Value::Bool(_) | Value::Number(_) => {}
    });
    rule(named == ids, "ref-1, dom-3: what is contained is named, and the other way round");
    let provisions: Vec<_> = resource["provision"].as_array().into_iter().flatten().collect();
    rule(provisions.len() <= 1, "one provision");
    for provision in provisions {
        rule(resource["status"] == "active", "only what is in force permits");
        for element in ["purpose", "actor", "action", "period"] {
            rule(provision.get(element).is_some(), "what permits names all");
        }
        for within in provision["provision"].as_array().into_iter().flatten() {
            rule(within.get("provision").is_none(), "nothing is permitted again");
        }
    }
    faults
}

fn at_moment(text: &str) -> i64 {
    at(text).as_second()
}

fn walk(value: &Value, at: &str, see: &mut dyn FnMut(&str, &Value)) {
    see(at, value);
    match value {
        Value::Array(values) => values.iter().for_each(|value| walk(value, at, see)),
        Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, key, see)),
        _ => {}
    }
}

#[test]
fn codes_of_the_policy_are_purposes_of_use() {
    // is-a PurposeOfUse in v3-ActReason (hl7.terminology.r5 7.0.1), as far as policies use it.
    let known = [
        "TREAT",
        "ETREAT",
        "COC",
        "HLEGAL",
        "HRESCH",
        "HPRGRP",
        "PUBHLTH",
        "THREAT",
        "SUPNWK",
        "HMARKT",
        "CAREMGT",
        "FAMRQT",
        "PATRQT",
        "RECORDMGT",
        "HDIRECT",
        "HOPERAT",
    ];
    for purpose in Policy::peru().unwrap().purposes() {
        assert!(known.contains(&purpose.fhir.as_str()), "{}", purpose.code);
    }
}
