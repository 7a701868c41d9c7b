//! Exports by a role that does not open everything: they are made, and say what was not looked
//! for.

use super::*;
use crate::vault::tests::consents::NOW;

/// One more field each: what stands in front of a record's lines differs.
const MORE: &[(&str, &str)] = &[
    ("maternal_surname", "Ficticia"),
    ("birth_date_estimated", "false"),
    ("age_at_registration", "36"),
    ("nationality", "PE"),
    ("marital_status", "single"),
    ("interpreter_needed", "false"),
    ("education_level", "secundaria"),
    ("occupation", "cocinera"),
    ("children_count", "2"),
    ("address", "Calle Ficticia 123"),
    ("birth_ubigeo", "inei:150101"),
];

/// Women who agreed, each with one field more than the one before, seen by somebody who opens
/// neither what happened nor where they are safe.
fn seen_by_a_counsellor() -> (World, Vec<RecordId>) {
    let world = World::new();
    let counsellor = Identity::generate().unwrap();
    world.vault.add_member("Consejera", &counsellor.card(), "judicial_counsellor").unwrap();
    let case = world.case();
    let women = (0..=MORE.len()).map(|count| {
        let woman = person(case, &format!("Mujer{count}")).set("birth_date", "1990-01-01");
        let woman = woman.set("pregnant", false);
        let more = MORE[..count].iter();
        let woman = more.fold(woman, |woman, (field, value)| woman.set(*field, *value));
        let woman = world.vault.add(woman).unwrap();
        for compartment in ["case", "safety", "identity", "safety"] {
            let file = NewAttachment::new("other").compartment(compartment);
            world.vault.attach(woman, &file, &mut &b"%PDF-1.7 un oficio"[..]).unwrap();
        }
        world.vault.consents(woman).unwrap().give(world.grant(), &by(Party::Subject)).unwrap();
        woman
    });
    let women: Vec<RecordId> = women.collect();
    (world.turn(Some(&counsellor), NOW), women)
}

#[test]
fn who_does_not_open_everything_exports_the_rest_and_hears_what_was_not_searched_for() {
    let (world, women) = seen_by_a_counsellor();
    for (nth, woman) in women.into_iter().enumerate() {
        for profile in ["court_full", "court_coded"] {
            let request = world.request(profile);
            let export = world.vault.export(woman, &request).unwrap_or_else(|error| {
                panic!("{nth} {profile} {error}");
            });
            let unopened = export.view().unopened();
            for line in ["person.sealed-account", "person.sealed-safety", "person.attached_file_"] {
                assert!(unopened.iter().any(|one| one.starts_with(line)), "{unopened:?}");
            }
            assert!(unopened.iter().all(|line| export.unsearched().contains(line)));
            assert!(!unopened.contains("person.given_names"));
            world.vault.preview_page(woman, &request).unwrap();
        }
    }
}

#[test]
fn who_opens_everything_hears_of_no_line_that_was_not_searched_for() {
    let world = World::agreed();
    let export = world.vault.export(world.case(), &world.request("court_full")).unwrap();
    assert!(export.view().unopened().is_empty());
}
