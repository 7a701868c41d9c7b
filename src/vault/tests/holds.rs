//! What a legal hold forbids, to whom, and what a forger of one leaves behind.

use super::backups::{full, no_findings};
use super::escrow::{brought, dealt, recover};
use super::tamper::Rigged;
use super::*;
use crate::audit::{Act, Change, Holding};
use crate::crypto::aead::Nonces;
use crate::error::Place;
use crate::seal::SealedRecord;
use crate::vault::backup::Restore;
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::erase::Doomed;
use crate::vault::meta::{HoldEvent, Particulars};

const WHY: &str = "Fiscalia Ficticia, carpeta 123-2026";

/// A case, a girl under it, a document of hers, and a woman beside her.
fn family(vault: &Vault) -> [RecordId; 4] {
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let document = RecordDraft::new("identity_document")
        .under(girl)
        .set("doc_type", "dni")
        .set("doc_number", "12345678");
    let document = vault.add(document).unwrap();
    [case, girl, document, vault.add(person(case, "Mamani")).unwrap()]
}

#[track_caller]
fn refused_at<T>(result: Result<T>, held: RecordId) {
    let Err(error) = result else { panic!("a hold was passed over") };
    assert_eq!(error.kind(), ErrorKind::Refused, "{error:?}");
    assert_eq!(error.place(), Some(&Place::Record(held)));
    assert!(!format!("{error} {error:?}").contains("Ficticia"));
}

/// Destroys what some field of the record was.
fn rectify(vault: &Vault, id: RecordId) -> Result<u32> {
    let record = vault.read(id)?;
    let field = match record.record_type() {
        "case" => "narrative",
        "person" => "religion",
        _ => "doc_number",
    };
    let value = format!("Valor {}", record.revision());
    vault.rectify(id, record.revision(), RecordEdit::new().set(field, value))
}

#[test]
fn a_hold_blocks_every_way_to_destroy_until_it_is_lifted() {
    let office = Office::new();
    let vault = office.create();
    let [case, girl, document, woman] = family(&vault);
    let chain = [case, girl, document];
    for (depth, held) in chain.into_iter().enumerate() {
        vault.hold(held, WHY).unwrap();
        // Above it, itself, and below it.
        for id in chain {
            refused_at(vault.erase(id, &asked()), held);
            let against = vault.holds_against_erasing(id).unwrap();
            assert_eq!(against.iter().map(|hold| hold.record).collect::<Vec<_>>(), [held]);
        }
        for (at, id) in chain.into_iter().enumerate() {
            match at >= depth {
                true => refused_at(rectify(&vault, id), held),
                false => drop(rectify(&vault, id).unwrap()),
            }
            assert_eq!(vault.hold_on(id).unwrap().is_some(), at >= depth);
        }
        assert!(held == case || vault.holds_against_erasing(woman).unwrap().is_empty());
        // What keeps the old value destroys nothing.
        let revision = vault.read(woman).unwrap().revision();
        let edit = RecordEdit::new().set("given_names", format!("Luz {depth}"));
        vault.edit(woman, revision, edit).unwrap();
        no_findings(&vault);
        vault.lift_hold(held, "Archivado").unwrap();
        assert!(vault.holds(&mut |_| ()).unwrap().is_empty());
        rectify(&vault, held).unwrap();
    }
    vault.hold(woman, WHY).unwrap();
    vault.erase(girl, &asked()).unwrap();
    refused_at(vault.erase(case, &asked()), woman);
    drop(vault);
    let vault = office.open();
    refused_at(vault.erase(case, &asked()), woman);
    vault.lift_hold(woman, "Archivado").unwrap();
    vault.erase(case, &asked()).unwrap();
    no_findings(&vault);
}

#[test]
fn a_hold_says_who_laid_it_when_and_why() {
    let office = Office::new();
    let vault = office.create();
    let [case, girl, ..] = family(&vault);
    let fails = |result: Result<()>| result.unwrap_err().kind();
    assert_eq!(fails(vault.lift_hold(girl, WHY)), ErrorKind::Conflict);
    assert_eq!(fails(vault.hold(girl, "  ")), ErrorKind::Required);
    assert_eq!(fails(vault.hold(girl, &"x".repeat(1001))), ErrorKind::TooLong);
    let nobody = RecordId::from_slot(99, [7; 10]);
    assert_eq!(fails(vault.hold(nobody, WHY)), ErrorKind::NotFound);
    vault.hold(girl, WHY).unwrap();
    assert_eq!(fails(vault.hold(girl, WHY)), ErrorKind::Exists);
    let held = vault.holds(&mut |_| ()).unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].record, held[0].because.expose()), (girl, WHY));
    assert_eq!(held[0].since, consents::at(consents::NOW));
    assert_eq!(held[0].by, vault.members()[0].name);
    assert_eq!(vault.hold_on(girl).unwrap().as_ref(), held.first());
    assert_eq!(vault.hold_on(case).unwrap(), None);
    // No field changed: nobody who has the record open runs into a conflict.
    assert_eq!(vault.read(girl).unwrap().revision(), 1);
    vault.edit(girl, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    assert_eq!(vault.hold_on(girl).unwrap().as_ref(), held.first());
    // A record can be held so often, and every hold that stands can be lifted.
    for _ in 1..16 {
        vault.lift_hold(girl, WHY).unwrap();
        vault.hold(girl, &"x".repeat(1000)).unwrap();
    }
    vault.lift_hold(girl, &"y".repeat(1000)).unwrap();
    assert_eq!(fails(vault.hold(girl, WHY)), ErrorKind::TooLong);
    no_findings(&vault);
}

#[test]
fn only_an_administrator_lays_and_lifts() {
    let office = Office::new();
    let vault = office.create();
    let [_, girl, document, _] = family(&vault);
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Lucía Ficticia", &lawyer.card(), "lawyer").unwrap();
    vault.hold(girl, WHY).unwrap();
    drop(vault);
    let vault = VaultOptions::new().open(office.path(), &lawyer).unwrap();
    let kind = |result: Result<()>| result.unwrap_err().kind();
    assert_eq!(kind(vault.hold(document, WHY)), ErrorKind::NotAllowed);
    assert_eq!(kind(vault.lift_hold(girl, WHY)), ErrorKind::NotAllowed);
    assert_eq!(kind(vault.holds(&mut |_| ()).map(drop)), ErrorKind::NotAllowed);
    // But whoever works with the record may know.
    assert_eq!(vault.hold_on(document).unwrap().unwrap().record, girl);
}

/// Rewrites a record's holds with a changed program, and signs whatever the forger says it was.
fn forge(vault: &Vault, id: RecordId, act: Act, change: impl FnOnce(&mut Particulars)) {
    let live = vault.live();
    let loaded = vault.load(&live, &id).unwrap();
    let mut particulars = vault.particulars(&live, &loaded).unwrap();
    change(&mut particulars);
    let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
    let fields = particulars.fields().unwrap();
    let (at, revision) = ((&id, "", meta::SECTION), particulars.meta.revision);
    let mut nonces = Nonces::draw(1).unwrap();
    vault.seal_into(&live, &mut row, &mut group, at, revision, fields, &mut nonces).unwrap();
    let mut tx = Tx::begin(vault, &live);
    let digest = tx.put_record(vault, &id, &mut row, &group, RecordEntry::Known).unwrap();
    let (slot, name) = (id.slot(), write::vault_name(&group, &id));
    tx.changes.push(Change { slot, name, digest, revision: 0, compartments: 0, links: 0 });
    let ready = vault.ready(&live, tx, act).unwrap();
    drop(live);
    vault.commit(ready, |_| ()).unwrap();
}

#[test]
fn a_member_who_forges_a_hold_or_cuts_one_out_is_found_by_check() {
    let forged = |leaf| HoldEvent { what: Holding::Laid, leaf, because: WHY.into() };
    type Forgery = Box<dyn FnOnce(&mut Particulars)>;
    let forgeries: [(Act, Forgery); 6] = [
        (Act::Edited, Box::new(|it| it.holds.clear())),
        (Act::Edited, Box::new(|it| it.holds[0].what = Holding::Lifted)),
        (Act::Edited, Box::new(|it| it.holds[0].leaf += 1)),
        (Act::Edited, Box::new(move |it| it.holds.push(forged(1)))),
        (
            Act::Edited,
            Box::new(|it| {
                it.holds.push(HoldEvent {
                    what: Holding::Lifted,
                    leaf: it.holds[0].leaf + 1,
                    because: WHY.into(),
                });
            }),
        ),
        // Signed as what it is, by somebody who may not: refused at the next opening.
        (Act::Held(Holding::Lifted), Box::new(|it| it.holds.clear())),
    ];
    for (number, (act, forgery)) in forgeries.into_iter().enumerate() {
        let (rigged, vault) = Rigged::new();
        let [_, girl, ..] = family(&vault);
        let thief = Identity::generate().unwrap();
        vault.add_member("Estela Ficticia", &thief.card(), "statistician").unwrap();
        vault.hold(girl, WHY).unwrap();
        no_findings(&vault);
        drop(vault);
        let vault = rigged.options().open(rigged.office.path(), &thief).unwrap();
        forge(&vault, girl, act, forgery);
        vault.end();
        drop(vault);
        match rigged.open() {
            Err(error) => assert_eq!((number, error.kind()), (5, ErrorKind::Tampered)),
            Ok(vault) => {
                let found = vault.check(&mut |_| ()).unwrap().findings;
                let here = Place::Record(girl);
                let found = found.iter().any(|found| {
                    found.place == here && found.detail == "a legal hold is not as the log says"
                });
                assert!(number < 5 && found, "forgery {number}");
            }
        }
    }
}

#[test]
fn what_an_administrator_with_a_changed_program_did_under_a_hold_is_found() {
    let (_rigged, vault) = Rigged::new();
    let [_, girl, ..] = family(&vault);
    vault.hold(girl, WHY).unwrap();
    let writer = vault.writer();
    let live = vault.live();
    let doomed = vault.doomed(&live, girl).unwrap();
    let act = Act::Erased(crate::ErasureReason::Retention);
    vault.raise(writer, live, &doomed, act).unwrap();
    let found = vault.check(&mut |_| ()).unwrap().findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].detail, "what a legal hold forbids was done");
}

#[test]
fn damage_does_not_take_a_record_out_of_a_hold() {
    for (held, damaged) in [(0, 0), (1, 1), (0, 1), (1, 2), (0, 2)] {
        let (rigged, vault) = Rigged::new();
        let ids = family(&vault);
        vault.hold(ids[held], WHY).unwrap();
        drop(vault);
        let key = record_row(&ids[damaged]);
        let mut row = SealedRecord::parse(&rigged.rows()[&key]).unwrap();
        for (_, section) in &mut row.sections {
            *section.last_mut().unwrap() ^= 1;
            section[40] ^= 1;
        }
        rigged.set(&key, Some(row.to_bytes().unwrap()));
        let vault = rigged.open().unwrap();
        refused_at(vault.erase(ids[damaged], &asked()), ids[held]);
        assert_eq!(vault.holds_against_erasing(ids[damaged]).unwrap().len(), 1);
    }
}

/// A member with a changed program lets a held record list itself.
#[test]
fn a_list_that_goes_in_a_circle_ends_the_search_for_a_hold() {
    let (_rigged, vault) = Rigged::new();
    let [case, girl, document, _] = family(&vault);
    vault.hold(case, WHY).unwrap();
    let live = vault.live();
    let mut links = links::LinkEdit::default();
    links.add(live.schema.record_type("identity_document").unwrap(), girl, girl);
    let mut tx = Tx::begin(&vault, &live);
    vault.write_links(&live, &mut tx, links, &[]).unwrap();
    let ready = vault.ready(&live, tx, Act::Edited).unwrap();
    drop(live);
    vault.commit(ready, |_| ()).unwrap();
    let live = vault.live();
    let unreadable = |id| [Doomed { id, loaded: None }];
    let nowhere = RecordId::from_bytes([7; 16]);
    vault.refuse_if_held(&live, nowhere, &unreadable(nowhere)).unwrap();
    refused_at(vault.refuse_if_held(&live, document, &unreadable(document)), case);
}

#[test]
fn a_hold_outlives_rotation_sealing_again_a_backup_and_a_restore() {
    let office = Office::new();
    let vault = office.create();
    let [case, girl, document, woman] = family(&vault);
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Lucía Ficticia", &lawyer.card(), "lawyer").unwrap();
    vault.hold(girl, WHY).unwrap();
    vault.remove_member("Lucía Ficticia").unwrap();
    // One more between the new keys and the sealing.
    vault.hold(woman, WHY).unwrap();
    assert!(vault.needs_reseal());
    vault.reseal(&mut |_| ()).unwrap();
    assert!(!vault.needs_reseal());
    vault.reindex(&mut |_| ()).unwrap();
    let still = |vault: &Vault| {
        let held = vault.holds(&mut |_| ()).unwrap();
        assert_eq!(held.iter().map(|hold| hold.record).collect::<Vec<_>>(), [girl, woman]);
        assert!(held.iter().all(|hold| hold.because.expose() == WHY));
        refused_at(vault.erase(document, &asked()), girl);
        refused_at(vault.erase(woman, &asked()), woman);
        assert_eq!(vault.holds_against_erasing(case).unwrap().len(), 2);
        assert_eq!(vault.find("person", "survivor_code", "S-Mamani").unwrap(), [woman]);
        no_findings(vault);
    };
    still(&vault);
    let path = office.dir.path().join("a.backup");
    full(&vault, &path);
    drop(vault);
    still(&office.open());
    let folder = office.dir.path().join("again");
    let restore = Restore::new(&path);
    let restored = restore.into_folder(folder, Some(&office.director), &mut |_| ()).unwrap();
    still(&restored.vault.unwrap());
}

#[test]
fn a_hold_outlives_whoever_laid_it() {
    let office = Office::new();
    let (case, girl, shares) = dealt(&office);
    let vault = office.open();
    vault.hold(girl, WHY).unwrap();
    drop(vault);
    let path = office.dir.path().join("copy");
    copy(&office.path(), &path);
    let (new, _) = recover(&path, brought(&shares, &[0, 2])).unwrap();
    let vault = VaultOptions::new().open(&path, &new).unwrap();
    refused_at(vault.erase(case, &asked()), girl);
    vault.reseal(&mut |_| ()).unwrap();
    refused_at(vault.erase(case, &asked()), girl);
    assert_eq!(vault.hold_on(girl).unwrap().unwrap().because.expose(), WHY);
    no_findings(&vault);
    vault.lift_hold(girl, "Archivado").unwrap();
    vault.erase(case, &asked()).unwrap();
    no_findings(&vault);
}

/// Whoever erased had lifted the hold; an older backup must not be a way round the erase.
#[test]
fn what_was_erased_after_its_hold_was_lifted_is_erased_again_by_a_restore() {
    let office = Office::new();
    let vault = office.create();
    let [_, girl, ..] = family(&vault);
    vault.hold(girl, WHY).unwrap();
    let path = office.dir.path().join("a.backup");
    full(&vault, &path);
    vault.lift_hold(girl, "Archivado").unwrap();
    vault.erase(girl, &asked()).unwrap();
    drop(vault);
    let restore = Restore::new(&path).damaged(office.path());
    let folder = office.dir.path().join("again");
    let restored = restore.into_folder(folder, Some(&office.director), &mut |_| ()).unwrap();
    assert_eq!((restored.report.erased_again, restored.report.held_erased), (2, 1));
    assert_eq!(restored.report.check.unwrap().findings, []);
    let vault = restored.vault.unwrap();
    assert_eq!(vault.read(girl).unwrap_err().kind(), ErrorKind::NotFound);
}
