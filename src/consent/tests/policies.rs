//! What a policy may say.

use std::collections::BTreeSet;

use crate::consent::*;
use crate::error::{ErrorKind, Place};
use crate::schema::Schema;

const SOURCE: &str = r#"name = "small"
version = 1
utc_offset = "-05:00"
majority = 18

[[age]]
from = 0
child = "is_heard"
guardian = "must_agree"

[[age]]
from = 12
child = "must_agree"
guardian = "must_agree"

[[age]]
from = 18
child = "must_agree"
guardian = "is_told"

[[purpose]]
code = "care"
es = "atenderla"
en = "care"
categories = ["case"]
identifiability = "identified"
actions = ["view"]
days = 90
dpv = "dpv:ServiceProvision"
fhir = "TREAT"

[[purpose]]
code = "counting"
es = "contar"
en = "counting"
categories = ["profile"]
identifiability = "aggregate"
actions = ["aggregate"]
days = 365
dpv = "dpv:StatisticalAnalysis"
fhir = "PUBHLTH"

[[prohibition]]
code = "nothing_to_media"
es = "Nada a los medios."
en = "Nothing to the media."
recipients = ["media"]

[override]
hours = 72
leads = ["director"]
review_days = 3

[two_person]
sensitivities = ["life_safety"]
"#;

/// Breaks the source: line, what stands there, what is put in its place, and the line and column
/// that the error names.
const BROKEN: &[(usize, &str, &str, (usize, usize))] = &[
    (2, "version = 1", "version = 0", (2, 11)),
    (2, "version = 1", "version = -1", (2, 11)),
    (2, "version = 1", "verison = 1", (2, 1)),
    (3, "-05:00", "Lima", (3, 14)),
    (3, "-05:00", "05:00", (3, 14)),
    (3, "-05:00", "-5:00", (3, 14)),
    (3, "-05:00", "-15:00", (3, 14)),
    (3, "-05:00", "-05:60", (3, 14)),
    (3, "-05:00", "-+5:00", (3, 14)),
    (4, "18", "0", (4, 12)),
    (4, "18", "31", (4, 12)),
    (4, "18", "19", (16, 1)),
    (7, "from = 0", "from = 1", (6, 1)),
    (12, "from = 12", "from = 0", (11, 1)),
    (12, "from = 12", "from = 19", (11, 1)),
    (12, "from = 12", "from = 18", (11, 1)),
    (13, "must_agree", "is_told", (11, 1)),
    (9, "must_agree", "is_heard", (6, 1)),
    (9, "must_agree", "is_asked", (9, 12)),
    (17, "from = 18", "from = 12", (16, 1)),
    (17, "from = 18", "from = 19", (16, 1)),
    (18, "must_agree", "is_heard", (16, 1)),
    (19, "is_told", "must_agree", (16, 1)),
    (19, "is_told", "is_heard", (16, 1)),
    (22, "care", "Care", (21, 1)),
    (22, "care", "", (21, 1)),
    (33, "counting", "care", (32, 1)),
    (25, "[\"case\"]", "[]", (21, 1)),
    (27, "[\"view\"]", "[]", (21, 1)),
    (27, "view", "look", (27, 12)),
    (28, "90", "0", (21, 1)),
    (39, "365", "3661", (32, 1)),
    (44, "nothing_to_media", "Nothing to media", (43, 1)),
    (47, "recipients = [\"media\"]", "purposes = [\"care\", \"trial\"]", (43, 1)),
    (47, "recipients = [\"media\"]", "minors = true", (43, 1)),
    (47, "recipients = [\"media\"]", "from_identifiability = \"coded\"", (43, 1)),
    (47, "recipients", "recipient", (47, 1)),
    (50, "72", "73", (49, 1)),
    (50, "72", "0", (49, 1)),
    (51, "[\"director\"]", "[]", (49, 1)),
];

#[test]
fn each_broken_rule_is_found_at_its_line() {
    Policy::parse(SOURCE).unwrap();
    for (line, part, instead, (at, column)) in BROKEN {
        let mut lines: Vec<_> = SOURCE.lines().map(str::to_owned).collect();
        let broken = lines[line - 1].replacen(part, instead, 1);
        assert_ne!(broken, lines[line - 1], "line {line} has no {part}");
        lines[line - 1].clone_from(&broken);
        let error = Policy::parse(&lines.join("\n")).expect_err(&broken);
        assert_eq!(error.kind(), ErrorKind::BadPolicy, "{broken}");
        let place = Place::Line { line: *at, column: *column };
        assert_eq!(error.place(), Some(&place), "{broken}: {error}");
    }
}

#[test]
fn a_policy_without_ages_is_none() {
    let (head, rest) = SOURCE.split_once("[[age]]").unwrap();
    let (_, tail) = rest.split_once("[[purpose]]").unwrap();
    for ages in ["", "age = []\n"] {
        let source = format!("{head}{ages}[[purpose]]{tail}");
        assert_eq!(Policy::parse(&source).unwrap_err().kind(), ErrorKind::BadPolicy);
    }
}

#[test]
fn a_policy_is_short_and_says_nothing_unknown() {
    let long = format!("{SOURCE}#{}", " ".repeat(64 << 10));
    assert_eq!(Policy::parse(&long).unwrap_err().kind(), ErrorKind::TooLong);
    for tail in ["witness = 1", "[witnesses]\nsmoke = 1", "[override]"] {
        let error = Policy::parse(&format!("{SOURCE}\n{tail}\n")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadPolicy, "{tail}");
    }
}

#[test]
fn an_error_quotes_nothing_of_the_policy() {
    let source = SOURCE.replace("\"is_told\"", "\"canary\"");
    let error = Policy::parse(&source).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[test]
fn the_default_policy_fits_the_default_schema() {
    let (policy, schema) = (Policy::peru().unwrap(), Schema::peru().unwrap());
    let known: BTreeSet<_> = policy.purposes().map(|purpose| purpose.code.as_str()).collect();
    let vocabulary = schema.vocabulary("consent_purpose").unwrap();
    let wanted: BTreeSet<_> = vocabulary.entries.iter().map(|term| term.code.as_str()).collect();
    assert_eq!(known, wanted);
    for purpose in policy.purposes() {
        for category in &purpose.categories {
            assert!(schema.compartment_code(category).is_some(), "{}: {category}", purpose.code);
        }
    }
    let sensitivities: BTreeSet<_> =
        schema.sensitivities().iter().map(|one| one.name.as_str()).collect();
    for rule in policy.prohibitions() {
        for one in &rule.sensitivities {
            assert!(sensitivities.contains(one.as_str()), "{}: {one}", rule.code);
        }
    }
    assert!(sensitivities.iter().any(|one| policy.needs_two(one)));
    for lead in &policy.override_rule().leads {
        assert!(schema.role(lead).is_some(), "{lead}");
    }
    assert_eq!(schema.utc_offset(), Some("-05:00"));
    assert!(policy.source().contains("utc_offset = \"-05:00\""));
}

#[test]
fn days_are_those_of_the_country() {
    let policy = Policy::peru().unwrap();
    let evening = "2026-03-20T03:00:00Z".parse().unwrap();
    assert_eq!(policy.day(evening).to_string(), "2026-03-19");
    let end = policy.end_of("2026-03-19".parse().unwrap()).unwrap();
    assert_eq!(end.to_string(), "2026-03-20T05:00:00Z");
    let east = Policy::parse(&SOURCE.replace("-05:00", "+05:30")).unwrap();
    assert_eq!(east.day("2026-03-19T19:00:00Z".parse().unwrap()).to_string(), "2026-03-20");
}

#[test]
fn ages_are_full_years_and_have_a_row() {
    let policy = Policy::peru().unwrap();
    let age = |birth: &str, now: &str| {
        policy.age(Birth::On(birth.parse().unwrap()), now.parse().unwrap())
    };
    assert_eq!(age("2008-03-20", "2026-03-20T04:59:59Z"), 17);
    assert_eq!(age("2008-03-20", "2026-03-20T05:00:00Z"), 18);
    assert_eq!(age("2008-02-29", "2026-03-01T04:59:59Z"), 17);
    assert_eq!(age("2008-02-29", "2026-03-01T05:00:00Z"), 18);
    assert_eq!(age("2030-01-01", "2026-03-01T05:00:00Z"), 0);
    let now = "2026-03-20T05:00:00Z".parse().unwrap();
    assert_eq!(policy.age(Birth::Unknown, now), 0);
    for (age, from) in [(0, 0), (5, 0), (6, 6), (14, 6), (15, 15), (17, 15), (18, 18), (255, 18)] {
        assert_eq!(policy.row(age).unwrap().from, from, "{age}");
    }
}
