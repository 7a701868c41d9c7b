//! Who must be told that what they received was taken back.

use super::case::*;
use super::histories::record;
use crate::consent::*;

use RecipientKind as K;

/// She agreed on 2 March, her account left on the 10th, and it is April.
fn gone(title: &'static str) -> Case {
    woman(title).for_the_prosecutor().on("03-02", SHE, What::Given).left("03-10")
}

fn recalled(case: &Case) -> Vec<Recall> {
    case.ledger().recalls(at("04-01"))
}

fn whole() -> What {
    What::Withdrawn { part: None }
}

fn in_part(scope: Scope) -> What {
    What::Withdrawn { part: Some(scope) }
}

#[test]
fn without_a_withdrawal_nobody_is_told() {
    assert_eq!(recalled(&gone("it still holds")), []);
    let ends = [
        What::Restricted { part: part(LEGAL, kind(K::Prosecutor)) },
        What::Superseded { by: record(9) },
        What::Renewed { until: at("06-30") },
    ];
    for what in ends {
        assert_eq!(recalled(&gone("it goes on otherwise").on("03-20", SHE, what)), []);
    }
}

#[test]
fn whoever_received_it_is_told_of_a_withdrawal() {
    let case = gone("she withdraws").on("03-20", SHE, whole());
    let expected = Recall {
        recipient: record(80),
        consent: record(1),
        event: record(21),
        disclosure: record(120),
        disclosed_at: at("03-10"),
        withdrawn_at: at("03-20"),
    };
    assert_eq!(recalled(&case), [expected]);
    assert_eq!(case.ledger().recalls(at("03-19")), [], "she had not said so yet");
    for what in [What::Revoked, What::Invalidated] {
        assert_eq!(recalled(&gone("it was ended").on("03-20", COURT, what)).len(), 1);
    }
}

#[test]
fn what_left_after_she_withdrew_is_recalled_too() {
    // Said on the 5th, recorded when her account was gone.
    let case = gone("her word reached the file late").on("03-05", SHE, whole());
    let [recall] = recalled(&case).try_into().unwrap();
    assert!(recall.withdrawn_at < recall.disclosed_at);
    assert_eq!(case.ledger().recalls(at("03-09")), [], "nothing had left yet");
}

#[test]
fn each_recipient_is_told_of_each_thing() {
    let case = gone("two offices, and one of them twice")
        .left("03-11")
        .disclosure(|terms| terms.recipient = record(81))
        .left("03-12")
        .on("03-20", SHE, whole());
    let told: Vec<_> =
        recalled(&case).iter().map(|one| (one.recipient, one.disclosed_at)).collect();
    let expected =
        [(record(80), at("03-10")), (record(80), at("03-12")), (record(81), at("03-11"))];
    assert_eq!(told, expected);
}

#[test]
fn a_part_recalls_what_it_is_about() {
    let taken_back = |scope| recalled(&gone("a part").on("03-20", SHE, in_part(scope))).len();
    let prosecutor = || part(LEGAL, kind(K::Prosecutor));
    assert_eq!(taken_back(prosecutor()), 1);
    assert_eq!(taken_back(part(LEGAL, RecipientRef::Recipient(record(80)))), 1);
    assert_eq!(taken_back(part(LEGAL, RecipientRef::Recipient(record(81)))), 0);
    assert_eq!(taken_back(part(LEGAL, kind(K::Police))), 0);
    assert_eq!(taken_back(part(AUTHORITIES, kind(K::Prosecutor))), 0);
    let only = |categories: &[&str], fields: &[&str]| Scope {
        data: DataScope::Only {
            categories: categories.iter().map(|&name| name.to_owned()).collect(),
            fields: fields.iter().map(|&name| name.to_owned()).collect(),
        },
        ..prosecutor()
    };
    assert_eq!(taken_back(only(&[], &["incident.concerns"])), 1);
    assert_eq!(taken_back(only(&[], &["person.phone"])), 0);
    // A category may hold what left.
    assert_eq!(taken_back(only(&["identity"], &[])), 1);
}

#[test]
fn only_what_rested_on_it_is_recalled() {
    let case = gone("two consents, and the other is withdrawn")
        .consent(AUTHORITIES, K::Prosecutor)
        .on("03-02", SHE, What::Given)
        .on("03-20", SHE, whole());
    assert_eq!(recalled(&case), []);
}

#[test]
fn the_accused_takes_nothing_back_but_she_always_can() {
    let by = |voice| gone("a block").on("03-20", voice, whole());
    assert_eq!(recalled(&by(FATHER)).len(), 1);
    assert_eq!(recalled(&by(FATHER).blocked_since("03-15", FATHER)), []);
    assert_eq!(recalled(&by(FATHER).blocked_since("04-02", FATHER)).len(), 1, "not blocked yet");
    assert_eq!(recalled(&by(SHE).blocked_since("03-15", SHE)).len(), 1);
}
