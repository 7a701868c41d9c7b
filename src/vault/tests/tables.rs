//! Tables of many people: nobody stands in a group smaller than the profile says.

use std::collections::BTreeMap;

use super::consents::{NOW, World, at, by, open_at};
use super::*;
use crate::consent::{Condition, Grant, Party};
use crate::redact::Mark;

const REPORTING: &str = "reporting_nonidentifiable";

/// People born in some years, all in one place, who agreed to be counted unless they did not.
fn people(world: &World, born: i16, count: usize, agree: bool) -> Vec<RecordId> {
    let cases = (0..count).map(|n| case(&format!("T-{born}-{n}")));
    let cases = world.vault.add_all(cases.collect()).unwrap();
    let drafts = cases.iter().map(|case| {
        person(*case, &format!("Canario{born}"))
            .set("survivor_code", format!("T-{case}"))
            .set("birth_date", format!("{born}-05-17"))
            .set("home_ubigeo", "inei:100101")
    });
    let ids = world.vault.add_all(drafts.collect()).unwrap();
    for id in ids.iter().filter(|_| agree) {
        let grant = Grant::new(REPORTING, world.prosecutor.clone(), at("2027-11-22T05:00:00Z"));
        world.vault.consents(*id).unwrap().give(grant, &by(Party::Subject)).unwrap();
    }
    ids
}

fn request(world: &World) -> ExportRequest {
    ExportRequest::new("stats_microdata", REPORTING, &world.prosecutor).seed([3; 32])
}

fn rows(export: &Export<'_>) -> Vec<String> {
    let (_, bytes) = export.files().find(|(name, _)| *name == "table-person.csv").unwrap();
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    text.lines().skip(1).map(str::to_owned).collect()
}

fn table<'a>(world: &'a World, request: &ExportRequest) -> Result<Export<'a>> {
    world.vault.export_table("person", request, &mut |_, _| ())
}

#[test]
fn nobody_stands_in_a_group_smaller_than_k() {
    let world = World::new();
    people(&world, 1990, 12, true);
    people(&world, 1950, 4, true);
    people(&world, 2000, 20, false);
    let export = table(&world, &request(&world)).unwrap();
    // The four of another age are fewer than eleven together: they are left out.
    let found = rows(&export);
    assert_eq!(found.len(), 12);
    assert!(found.iter().all(|row| row == &found[0]));
    // Once they are eleven together they stand there, with nothing that tells them apart.
    people(&world, 2001, 7, true);
    let request = request(&world);
    let export = table(&world, &request).unwrap();
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(&export) {
        *groups.entry(row).or_default() += 1;
    }
    assert_eq!(groups.values().sum::<usize>(), 23);
    assert!(groups.values().all(|count| *count >= 11), "{groups:?}");
    assert!(export.manifest().marked.contains_key(Mark::SmallGroup.code()));
    let text = rows(&export).concat();
    assert!(!text.contains("Canario") && !text.contains("Flor") && !text.contains("1990"));
}

#[test]
fn a_table_takes_enough_people_and_the_right_profile() {
    let world = World::new();
    people(&world, 1990, 10, true);
    people(&world, 1990, 10, false);
    assert_eq!(table(&world, &request(&world)).unwrap_err().kind(), ErrorKind::Refused);
    let coded = ExportRequest::new("court_coded", "legal_proceedings", &world.prosecutor);
    assert_eq!(table(&world, &coded).unwrap_err().kind(), ErrorKind::Refused);
}

#[test]
fn a_table_is_noted_in_the_ledger_of_everybody_in_it() {
    let world = World::new();
    let ids = people(&world, 1990, 12, true);
    let out = world.office.dir.path().join("out");
    let receipts = table(&world, &request(&world)).unwrap().seal_into(&out).unwrap();
    assert_eq!(receipts.len(), 12);
    let consents = world.vault.consents(ids[3]).unwrap();
    let withdrawal = consents.withdraw(REPORTING, &world.prosecutor, &by(Party::Subject)).unwrap();
    assert!(receipts.contains(&withdrawal.recalls[0].disclosure));
    let World { office, vault, .. } = world;
    vault.close().unwrap();
    let vault = open_at(&office, &office.director, NOW);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn many_rows_of_one_person_are_one_person() {
    let world = World::new();
    let woman = people(&world, 1990, 1, true)[0];
    let case = world.vault.read(woman).unwrap().parent().unwrap();
    let again = || {
        RecordDraft::new("incident")
            .under(case)
            .set("incident_date", "2026-01-05")
            .set("ubigeo", "inei:100101")
    };
    world.vault.add_all((0..20).map(|_| again()).collect()).unwrap();
    let request = request(&world);
    let refused = world.vault.export_table("incident", &request, &mut |_, _| ()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
}

#[test]
fn an_empty_cell_tells_somebody_apart_as_a_value_does() {
    let world = World::new();
    let ids = people(&world, 1990, 12, true);
    let edit = RecordEdit::new().clear("home_ubigeo");
    world.vault.edit(ids[0], 1, edit).unwrap();
    let export = table(&world, &request(&world)).unwrap();
    // The one without a district stands alone, and is left out.
    assert_eq!(rows(&export).len(), 11);
}

#[test]
fn whoever_asked_to_be_told_first_stands_in_no_table() {
    let world = World::new();
    for id in people(&world, 1990, 12, false) {
        let grant = Grant::new(REPORTING, world.prosecutor.clone(), at("2027-11-22T05:00:00Z"));
        let told = grant.on_condition(Condition::NotifyFirst);
        world.vault.consents(id).unwrap().give(told, &by(Party::Subject)).unwrap();
    }
    // Nobody can be told for each of thousands of rows, so these twelve are as good as none.
    assert_eq!(table(&world, &request(&world)).unwrap_err().kind(), ErrorKind::Refused);
    people(&world, 1991, 12, true);
    let export = table(&world, &request(&world)).unwrap();
    assert_eq!(rows(&export).len(), 12);
}
