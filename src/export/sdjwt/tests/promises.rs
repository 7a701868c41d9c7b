//! What an honest export keeps to.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::redact::{Data, Mark, Outcome, RedactedField};

fn outcome() -> impl Strategy<Value = Outcome> {
    let shown = prop_oneof![
        any::<String>().prop_map(|text| views::words(&text)),
        "[a-z:0-9-]{1,12}".prop_map(|code| views::code(&code)),
        any::<i64>().prop_map(views::integer),
        any::<bool>().prop_map(views::boolean),
        prop::collection::vec("\\PC{0,8}", 0..4).prop_map(|items| {
            views::list(&items.iter().map(String::as_str).collect::<Vec<_>>())
        }),
        (any::<String>(), any::<String>()).prop_map(|(before, after)| views::with_gap(
            &before,
            Mark::Hidden,
            &after
        )),
    ];
    (shown, prop::sample::select(Mark::ALL), 0..3).prop_map(|(shown, mark, what)| match what {
        0 => Outcome::Kept(shown),
        1 => Outcome::Changed(shown, mark),
        _ => Outcome::Withheld(mark),
    })
}

fn fields() -> impl Strategy<Value = Vec<RedactedField>> {
    prop::collection::vec(outcome(), 0..12).prop_map(|outcomes| {
        let named = outcomes.into_iter().enumerate();
        // Names that are claims of a record elsewhere, too.
        let name = |at| match at {
            0 => "type".to_owned(),
            1 => "parent".to_owned(),
            _ => format!("f{at}"),
        };
        named.map(|(at, outcome)| views::field(&name(at), "", "", outcome)).collect()
    })
}

fn check(view: &RedactedView) {
    let verified = VerifiedExport::verify(&issued(view)).unwrap();
    assert_eq!(verified.signer(), &signer(5).verify_key().0);
    assert!(verified.kept_back().is_empty());
    let manifest = verified.manifest();
    let cover = view.cover();
    assert_eq!((&manifest.export, manifest.made_at), (&cover.export, cover.made_at));
    assert_eq!((&manifest.profile, &manifest.purpose), (&cover.profile, &cover.purpose));
    assert_eq!(manifest.policy_version, cover.policy_version);
    assert_eq!(manifest.files, files().into_iter().collect());
    let (mut shown, mut withheld, mut changed) = (BTreeSet::new(), 0, 0);
    for record in view.records() {
        let mut there = verified.records().iter().filter(|one| one.code() == record.code());
        let there = there.next().unwrap();
        assert_eq!((there.record_type(), there.parent()), (record.record_type(), record.parent()));
        for field in record.fields() {
            let claim = there.claims().iter().find(|claim| claim.name() == field.name());
            let Some(expected) = field.shown() else {
                assert!(claim.is_none());
                withheld += 1;
                continue;
            };
            let claim = claim.unwrap();
            assert_eq!(claim.changed(), field.mark());
            changed += u64::from(field.mark().is_some());
            shown.insert(format!("{}.{}", record.code(), field.name()));
            match (expected.data(), claim.value()) {
                (Data::Words, ClaimValue::Text(text)) => {
                    assert!(*text == expected.to_text(cover.language));
                }
                (Data::Code(code), ClaimValue::Text(text)) => assert!(code == text),
                (Data::Integer(a), ClaimValue::Integer(b)) => assert_eq!(a, b),
                (Data::Boolean(a), ClaimValue::Boolean(b)) => assert_eq!(a, b),
                (Data::List(a), ClaimValue::List(b)) => assert!(a == b),
                _ => panic!("another shape"),
            }
        }
    }
    assert_eq!(manifest.shown, shown);
    assert_eq!(manifest.withheld.values().sum::<u64>(), withheld);
    assert_eq!(manifest.changed.values().sum::<u64>(), changed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_issued_verifies_and_says_the_same(fields in fields()) {
        check(&views::view_of(fields));
    }

    #[test]
    fn what_was_kept_back_is_named(fields in fields(), keep in any::<u16>()) {
        let text = issued(&views::view_of(fields));
        let paths: Vec<_> = VerifiedExport::verify(&text).unwrap().manifest().shown.iter().cloned().collect();
        let kept = |path: &str| {
            let at = paths.iter().position(|one| one == path).unwrap();
            keep & (1 << at) != 0
        };
        let shorter = VerifiedExport::present(&text, kept).unwrap();
        let verified = VerifiedExport::verify(shorter.expose()).unwrap();
        let expected: BTreeSet<_> = paths.iter().filter(|path| !kept(path)).cloned().collect();
        prop_assert_eq!(verified.kept_back(), &expected);
        let disclosed: usize = verified.records().iter().map(|record| record.claims().len()).sum();
        prop_assert_eq!(disclosed + expected.len(), paths.len());
    }
}

#[test]
fn the_sample_verifies() {
    check(&views::view());
}

#[test]
fn equal_inputs_give_equal_bytes() {
    assert_eq!(issued(&views::view()), issued(&views::view()));
}

#[test]
fn two_seeds_share_no_salt_and_no_digest() {
    let texts = [7, 8].map(|byte| {
        issue(&views::view(), &files(), &seed(byte), &signer(5)).unwrap().expose().to_owned()
    });
    let [a, b] = texts.each_ref().map(|text| {
        let (jwt, disclosures) = pieces(text);
        let salts = disclosures.iter().map(|text| {
            serde_json::from_str::<Value>(&decoded(text)).unwrap()[0].as_str().unwrap().to_owned()
        });
        let claims = payload(jwt);
        let digests = claims["records"].as_object().unwrap().values().flat_map(|record| {
            record["fields"]["_sd"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one.as_str().unwrap().to_owned())
        });
        let all: BTreeSet<String> = salts.chain(digests).collect();
        assert_eq!(all.len(), 2 * disclosures.len());
        all
    });
    assert!(a.is_disjoint(&b));
}

#[test]
fn a_withheld_field_leaves_no_trace_but_a_count() {
    let text = issued(&views::view());
    let (jwt, disclosures) = pieces(&text);
    let mut all: String = jwt.split('.').take(2).map(decoded).collect();
    all.extend(disclosures.iter().map(|text| decoded(text)));
    for name in views::WITHHELD {
        assert!(!all.contains(name), "{name}");
    }
    // Nor who made it and for whom, nor under which consent.
    for word in ["Centro Ficticio", "Fiscal", "data_not_covered", "\"iss\""] {
        assert!(!all.contains(word), "{word}");
    }
}

#[test]
fn digests_and_disclosures_are_sorted() {
    let text = issued(&views::view());
    let (jwt, disclosures) = pieces(&text);
    for record in payload(jwt)["records"].as_object().unwrap().values() {
        let digests = record["fields"]["_sd"].as_array().unwrap();
        assert!(digests.is_sorted_by_key(|digest| digest.as_str().unwrap().to_owned()));
    }
    use sd_jwt_payload::Hasher;
    assert!(disclosures.is_sorted_by_key(|text| disclosure::Sha256.encoded_digest(text)));
}

#[test]
fn the_order_of_disclosures_is_free() {
    let text = issued(&views::view());
    let (jwt, mut disclosures) = pieces(&text);
    disclosures.reverse();
    disclosures.swap(0, 3);
    let other = VerifiedExport::verify(&joined(jwt, &disclosures)).unwrap();
    assert!(other.kept_back().is_empty());
    let one = VerifiedExport::verify(&text).unwrap();
    let names = |export: &VerifiedExport| -> Vec<String> {
        let claims = export.records().iter().flat_map(VerifiedRecord::claims);
        claims.map(|claim| claim.name().to_owned()).collect()
    };
    assert_eq!(names(&one), names(&other));
}

#[test]
fn a_presentation_of_a_presentation_shows_less() {
    let text = issued(&views::view());
    let one = VerifiedExport::present(&text, |path| path.starts_with("R02.")).unwrap();
    let two = VerifiedExport::present(one.expose(), |path| path != "R02.sex").unwrap();
    let verified = VerifiedExport::verify(two.expose()).unwrap();
    assert!(
        verified.kept_back().contains("R02.sex") && verified.kept_back().contains("R07.ubigeo")
    );
    let none = VerifiedExport::present(&text, |_| false).unwrap();
    let verified = VerifiedExport::verify(none.expose()).unwrap();
    assert_eq!(verified.kept_back(), &verified.manifest().shown);
}

/// An independent reader of the format sees the same values.
#[test]
fn another_reader_agrees() {
    let text = issued(&views::view());
    let other = sd_jwt_payload::SdJwt::parse(&text).unwrap();
    let claims = other.into_disclosed_object(&disclosure::Sha256).unwrap();
    let verified = VerifiedExport::verify(&text).unwrap();
    for record in verified.records() {
        let there = claims["records"][record.code()]["fields"].as_object().unwrap();
        assert_eq!(there.len(), record.claims().len());
        for claim in record.claims() {
            let json = claim.value().to_json().unwrap();
            let ours: Value = serde_json::from_str(json.expose()).unwrap();
            let theirs = &there[claim.name()];
            match claim.changed() {
                None => assert_eq!(*theirs, ours),
                Some(mark) => {
                    assert_eq!(
                        (&theirs["value"], theirs["changed"].as_str()),
                        (&ours, Some(mark.code()))
                    );
                }
            }
        }
    }
}

#[test]
fn a_view_in_which_a_field_stands_twice_is_not_signed() {
    let twice = ["a", "a"].map(|name| views::field(name, "", "", views::kept(views::integer(1))));
    let view = views::view_of(twice.into());
    let refused = issue(&view, &files(), &seed(7), &signer(5)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Internal);
}

#[test]
fn an_export_says_nothing_in_debug() {
    let verified = VerifiedExport::verify(&issued(&views::view())).unwrap();
    let said = format!("{verified:?} {:?}", verified.records());
    assert!(!said.contains("HCO-0001") && !said.contains("PERSONA K7"));
}
