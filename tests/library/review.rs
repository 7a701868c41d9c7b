//! Floors under what is proposed in two sets of invented notes: one that the rules were made
//! with, one that they were not.

#[path = "../../examples/measure_review/measure.rs"]
mod measure;

use measure::{Half, Measure, WITH_A_FORM};

#[test]
fn the_notes_that_the_rules_were_made_with_stay_found() {
    let half = Half::read("tuning").unwrap();
    let measure = Measure::of(&half);
    assert_floors(&half, &measure, 0.99, 0.98);
}

#[test]
fn notes_that_the_rules_have_not_seen_stay_found() {
    let half = Half::read("held_out").unwrap();
    let measure = Measure::of(&half);
    assert_floors(&half, &measure, 0.99, 0.98);
    // By kind, as measured: addresses are the weakest.
    assert!(measure.recall(&["address"]) >= 0.96);
    assert!(measure.recall(&["district"]) >= 0.98);
}

fn assert_floors(half: &Half, measure: &Measure, form: f64, name: f64) {
    let missed: Vec<String> = half.missed().collect();
    let needless: Vec<String> = half.needless().collect();
    assert!(measure.recall(WITH_A_FORM) >= form, "{measure}\n{missed:#?}");
    assert!(measure.recall(&["name"]) >= name, "{measure}\n{missed:#?}");
    let (touched, notes) = measure.decoys;
    assert!(10 * touched <= notes, "{measure}\n{needless:#?}");
    let (covered, outside) = measure.needless;
    assert!(50 * covered <= outside, "{measure}\n{needless:#?}");
}
