//! The search of the finished files is a second line: what a reader overlooked, or somebody wrote
//! in a field where it does not belong, stops the export.

use super::*;
use crate::vault::tests::consents::{NOW, fiscal};

/// A case of two women, in which a text was approved without any span.
fn approved(text: &str) -> World {
    let world = World::of(&own_schema());
    let girl = RecordEdit::new().set("birth_date", "1991-01-01");
    world.vault.edit(world.girl, 1, girl).unwrap();
    for person in [world.girl, world.woman] {
        let consents = world.vault.consents(person).unwrap();
        consents.give(world.grant(), &by(Party::Subject)).unwrap();
    }
    let case = world.case();
    world.vault.edit(case, 1, RecordEdit::new().set("narrative", text)).unwrap();
    let digest = world.vault.review(case, "narrative").unwrap().digest;
    world.vault.approve_text(case, "narrative", digest, &[]).unwrap();
    world
}

/// The export fails and says where; it says no value, and nothing was written or logged.
#[track_caller]
fn leaks(world: &World, request: &ExportRequest, place: &str) {
    let before = fs::read_dir(world.office.dir.path()).unwrap().count();
    let error = world.vault.export(world.case(), request).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Leaks, "{error}");
    let said = format!("{error} {error:?} {}", error.place().unwrap());
    assert!(said.contains(place), "{said}");
    for value in ["Huam", "Quispe", "912345678", "912 345", "Refugio", "Ficticio"] {
        assert!(!said.contains(value), "{said}");
    }
    assert_eq!(fs::read_dir(world.office.dir.path()).unwrap().count(), before);
    for person in [world.girl, world.woman] {
        let ledger = world.vault.consents(person).unwrap().ledger().unwrap();
        assert!(ledger.disclosures.is_empty());
    }
}

#[test]
fn what_a_reader_overlooked_stops_the_export() {
    for (text, place) in [
        ("Vino la se\u{f1}ora HUAMAN por la tarde.", "person.paternal_surname"),
        ("Vino la se\u{f1}ora Hua\u{ad}m\u{e1}n por la tarde.", "person.paternal_surname"),
        ("Se le llama al 912 345-678 de noche.", "person.phone"),
        ("Est\u{e1} en el refugio, Ficticio por nombre.", "person.safe_location"),
        ("Su c\u{f3}digo es S-Quispe, dijo.", "person"),
    ] {
        let world = approved(text);
        leaks(&world, &world.request("court_coded"), place);
        // What is no secret there may stand there.
        let full = world.vault.export(world.case(), &world.request("court_full"));
        assert_eq!(full.is_err(), place == "person.safe_location", "{text}");
    }
}

#[test]
fn a_name_in_a_field_where_none_belongs_stops_the_export() {
    let world = approved("Nada.");
    let case = world.case();
    let revision = world.vault.read(case).unwrap().revision();
    let edit = RecordEdit::new().set("agency_code", "oficina huaman");
    world.vault.edit(case, revision, edit).unwrap();
    leaks(&world, &world.request("court_coded"), "in case.agency_code");
    let left_out = world.request("court_full").withhold("person.paternal_surname");
    leaks(&world, &left_out, "person.paternal_surname in case.agency_code");
    world.vault.export(case, &world.request("court_full")).unwrap();
    let both = world.request("court_coded").withhold("case.agency_code");
    world.vault.export(case, &both).unwrap();
}

#[test]
fn a_text_that_no_label_can_stand_for_is_searched_for_too() {
    let secret = "La familia del agresor la busca en la ciudad";
    let world = approved(secret);
    let case = world.case();
    let coded = world.request("own_coded");
    let view = world.vault.preview(case, &coded).unwrap();
    // Not replaced, even where it was approved: a label would stand for more than a name.
    assert_eq!(marks(&view, "case", "narrative"), [Some(Mark::Unread)]);
    let proceeding = RecordDraft::new("legal_proceeding").under(case).set("kind", "prosecutor");
    world.vault.add(proceeding.set("fiscalia", secret)).unwrap();
    leaks(&world, &coded, "case.narrative in legal_proceeding.fiscalia");
}

#[test]
fn a_recipient_who_bears_her_name_may_receive() {
    let world = approved("Nada.");
    let entry = fiscal("Estudio Huam\u{e1}n");
    let to = RecipientRef::Recipient(world.vault.add_recipient(&entry).unwrap());
    for person in [world.girl, world.woman] {
        let consents = world.vault.consents(person).unwrap();
        let grant = Grant::new(LEGAL, to.clone(), world.grant().until);
        consents.give(grant, &by(Party::Subject)).unwrap();
    }
    let request = ExportRequest::new("court_coded", LEGAL, &to);
    world.vault.export(world.case(), &request).unwrap();
    let world = world.turn(None, NOW);
    assert_eq!(world.vault.check(&mut |_| ()).unwrap().findings, []);
}

/// He did it and is her father: his name is kept back, hers is not, and both are Quispe.
#[test]
fn a_family_name_that_two_bear_stops_no_export_and_the_rest_of_his_name_does() {
    let world = approved("Dijo que su padre, el se\u{f1}or Huam\u{e1}n, viaja mucho.");
    let case = world.case();
    let incident = world.vault.add(RecordDraft::new("incident").under(case)).unwrap();
    let him = RecordDraft::new("alleged_perpetrator").under(incident);
    world.vault.add(him.set("full_name", "Rigoberto Huam\u{e1}n")).unwrap();
    let full = world.request("court_full");
    let export = world.vault.export(case, &full).unwrap();
    assert!(export.files().all(|(_, bytes)| !bytes.windows(9).any(|at| at == b"Rigoberto")));
    // One sister agrees that her name leaves, and the other not.
    let consents = world.vault.consents(world.girl).unwrap();
    let hers = RecordEdit::new().set("paternal_surname", "Huam\u{e1}n");
    let hers = hers.set("phone", "923456789").set("given_names", "Ernestina");
    world.vault.edit(world.girl, 2, hers).unwrap();
    consents.withdraw(LEGAL, &world.prosecutor, &by(Party::Subject)).unwrap();
    world.vault.export(world.woman, &full).unwrap();
    world.vault.export(case, &full).unwrap();
    let told = RecordEdit::new().set("occupation", "cocinera de Rigoberto");
    world.vault.edit(world.woman, 1, told).unwrap();
    leaks(&world, &full, "alleged_perpetrator.full_name in person.occupation");
}

#[test]
fn a_short_name_and_a_day_that_a_reader_overlooked_stop_the_export() {
    for (text, place) in [
        ("Vino Luz por la tarde.", "person.given_names"),
        ("Naci\u{f3} el 10 de octubre de 1991.", "person.birth_date"),
        ("Naci\u{f3} el 10.10.91, dijo.", "person.birth_date"),
    ] {
        let world = approved(text);
        let girl = RecordEdit::new().set("given_names", "Luz Marina");
        world.vault.edit(world.girl, 2, girl.set("birth_date", "1991-10-10")).unwrap();
        leaks(&world, &world.request("court_coded"), place);
        world.vault.export(world.case(), &world.request("court_full")).unwrap();
    }
}

#[test]
fn what_is_too_short_of_a_name_is_listed() {
    let world = approved("Nada.");
    let girl = RecordEdit::new().set("given_names", "Jo Marina");
    world.vault.edit(world.girl, 2, girl).unwrap();
    let export = world.vault.export(world.case(), &world.request("court_coded")).unwrap();
    let listed = export.unsearched();
    assert!(listed.iter().any(|one| one == "person.given_names"), "{listed:?}");
    assert!(listed.iter().all(|one| one != "person.maternal_surname"), "{listed:?}");
}
