//! A recipient searches every byte for what was not meant for them, and finds what was.

use std::collections::{BTreeMap, BTreeSet};

use super::canary::Lot;
use super::planted::{Planted, Said, Value};
use super::reader::{Reading, readings};
use super::*;
use crate::schema::{Kind, Profile};

/// What the search found out.
#[derive(Default, Debug)]
struct Counts {
    exports: usize,
    refused: usize,
    shown: usize,
    hidden: usize,
    /// Values that stand, by profile.
    by_profile: BTreeMap<String, usize>,
}

#[test]
fn no_word_of_a_withheld_value_leaves_and_each_word_of_a_kept_one_does() {
    let mut counts = Counts::default();
    for (nth, said) in SAID.iter().enumerate() {
        let mut lot = Lot::new(7000 + nth as u64);
        let planted = Planted::new(nth as u64, said);
        for profile in planted.world.vault.schema().profiles() {
            let of =
                ["court_full", "court_coded", "referral", "supervisor", "own_coded", "own_open"];
            if of.contains(&profile.name.as_str()) {
                search(&planted, profile, &mut lot, &mut counts);
            }
        }
    }
    assert!(counts.exports >= 45 && counts.refused >= 6, "{counts:?}");
    assert!(counts.shown >= 1_500 && counts.hidden >= 6_000, "{counts:?}");
    assert!(counts.by_profile.len() == 6, "{counts:?}");
    assert!(counts.by_profile.values().all(|count| *count >= 100), "{counts:?}");
}

/// One export, searched for each value of the case.
fn search(planted: &Planted, profile: &Profile, lot: &mut Lot, counts: &mut Counts) {
    let purpose = match profile.purposes.first() {
        Some(purpose) => purpose.as_str(),
        None => *lot.one_of(&planted.purposes),
    };
    let mut seed = [0; 32];
    seed.fill_with(|| lot.draw().to_le_bytes()[0]);
    let mut request = ExportRequest::new(&profile.name, purpose, &planted.world.prosecutor)
        .seed(seed)
        .fulfilled(Obligation::NotifyFirst);
    let mut allowed = BTreeSet::new();
    let mut left_out = BTreeSet::new();
    for field in planted.fields_by_name() {
        match lot.below(12) {
            0..5 => {
                request = request.allow(&field);
                allowed.insert(field);
            }
            5 => {
                request = request.withhold(&field);
                left_out.insert(field);
            }
            _ => {}
        }
    }
    let stands = |value: &Value| {
        !left_out.contains(&format!("{}.{}", value.record_type, value.field.name))
            && planted.stands(value, (profile, purpose), &allowed)
    };
    let vault = &planted.world.vault;
    let view = vault.preview(planted.case, &request).unwrap();
    let preview = Reading::of("preview.html", &view.to_preview().unwrap());
    let export = match vault.export(planted.case, &request) {
        Ok(export) => Some(export),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
            assert!(!planted.values.iter().any(|value| !value.field.free_text && stands(value)));
            counts.refused += 1;
            None
        }
    };
    let files = export.iter().flat_map(|export| export.files());
    let files: Vec<_> = files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect();
    let mut read = readings(&files);
    for file in &read {
        assert!(ALWAYS.contains(&file.name.as_str()) || file.name.starts_with("table-"));
    }
    read.push(preview);
    let all: Vec<&str> = planted.values.iter().flat_map(|v| &v.words).map(String::as_str).collect();
    let said: Vec<BTreeSet<&str>> = read.iter().map(|file| file.said(&all)).collect();
    for value in &planted.values {
        let kept = stands(value);
        let name = format!("{} {}.{}", profile.name, value.record_type, value.field.name);
        for word in &value.words {
            let shown = kept && !is_hidden(value, word);
            for (file, said) in read.iter().zip(&said) {
                let found = match value.field.kind {
                    Kind::Date => file.dates(word.parse().unwrap()),
                    Kind::Integer | Kind::Decimal => file.counts(word.split('.').next().unwrap()),
                    _ => said.contains(word.as_str()),
                };
                if !shown {
                    assert!(!found, "{name} in {}", file.name);
                } else if export.is_some() && must_show(file, value) {
                    assert!(found, "{name} not in {}", file.name);
                }
            }
            let count = if shown { &mut counts.shown } else { &mut counts.hidden };
            *count += 1;
            *counts.by_profile.entry(profile.name.clone()).or_default() += usize::from(shown);
        }
    }
    if let Some(export) = export {
        counts.exports += 1;
        bare(&files);
        let out = planted.world.office.dir.path().join(format!("out-{}", counts.exports));
        export.seal_into(&out).unwrap();
        let there: Vec<_> = fs::read_dir(&out).unwrap().map(|one| one.unwrap()).collect();
        assert_eq!(there.len(), 1);
        assert_eq!(there[0].file_name(), "bundle.age");
        let sealed = [("bundle.age".to_owned(), fs::read(there[0].path()).unwrap())].to_vec();
        assert!(readings(&sealed)[0].said(&all).is_empty());
    }
}

/// Of a withheld field nothing is told but its name and the mark.
fn bare(files: &[(String, Vec<u8>)]) {
    let json = files.iter().find(|(name, _)| name == "case.json").unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.1).unwrap();
    let fields = json["records"].as_array().unwrap().iter().flat_map(|r| r["fields"].as_array());
    let mut bare = 0;
    for field in fields.flatten().filter(|field| field.get("value").is_none()) {
        let names: Vec<_> = field.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["label", "mark", "name"]);
        bare += 1;
    }
    assert!(bare > 0);
}

/// Where a value that stands is to be found: as it is read, or as programs read it.
fn must_show(file: &Reading, value: &Value) -> bool {
    match file.name.as_str() {
        "redactions.csv" | "manifest.json" => false,
        // Programs read a serial number there, and a list as its words.
        "case.xlsx" => value.field.kind != Kind::Date,
        "case.pdf" => !matches!(value.field.kind, Kind::Date),
        name => match name.strip_prefix("table-") {
            Some(table) => table == format!("{}.csv", value.record_type),
            None => true,
        },
    }
}

/// Whether nobody approved the text, or its readers hid this word of it.
fn is_hidden(value: &Value, word: &str) -> bool {
    let Some(spans) = value.read.as_ref().filter(|_| value.field.free_text) else {
        return value.field.free_text;
    };
    let start = value.text[..value.text.find(word).unwrap()].chars().count();
    let end = start + word.chars().count();
    spans.iter().any(|span| span.start < end && start < span.end)
}

const ALWAYS: &[&str] = &[
    "case.pdf",
    "case.html",
    "case.xlsx",
    "case.json",
    "redactions.csv",
    "manifest.json",
    "proof.sd-jwt",
];
/// What the persons of each case said.
const SAID: &[&[Said]] = &[
    &[Said::Agreed],
    &[Said::Agreed, Said::Nothing, Said::Agreed],
    &[Said::NotifyFirst, Said::Agreed],
    &[Said::Withdrawn, Said::Agreed],
    &[Said::Withdrawn],
    &[Said::OneSide, Said::CodedOnly],
    &[Said::WithoutNarrative],
    &[Said::Categories(&["case", "account", "safety"]), Said::Agreed],
    &[Said::Categories(&["identity", "safety", "legal", "care", "perpetrator"])],
    &[Said::Fields, Said::Agreed],
];
