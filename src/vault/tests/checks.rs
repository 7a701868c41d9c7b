//! What a check finds, names, and repairs.

use super::tamper::Rigged;
use super::*;
use crate::error::Place;
use crate::keys::tree::NODE_TABLE;
use crate::search::{POSTING_TABLE, Scope, WordKey, posting_key};
use crate::vault::postings::index_keys;

/// A vault of more slots than one window in tests has.
fn filled() -> (Rigged, Vault, Vec<RecordId>) {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let names = ["Quispe", "Mamani", "Huaman", "Quispe", "Flores"];
    let people = (0..60).map(|n| person(case, names[n % 5]).set("survivor_code", format!("S-{n}")));
    let mut ids = vec![case];
    ids.extend(vault.add_all(people.collect()).unwrap());
    vault.edit(ids[3], 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    vault.erase(ids[1], &asked()).unwrap();
    ids.remove(1);
    (rigged, vault, ids)
}

fn findings(vault: &Vault) -> Vec<Finding> {
    vault.check(&mut |_| ()).unwrap().findings
}

/// The key of a surname's word.
fn surname(vault: &Vault, name: &str) -> WordKey {
    let live = vault.live();
    let kind = live.schema.record_type("person").unwrap();
    let field = kind.field("paternal_surname").unwrap();
    let compartment = read::code_of(&live, &field.compartment).unwrap();
    let word = crate::search::normal::query(field, name).unwrap().remove(0);
    let scope = Scope::Field { record_type: "person", field: "paternal_surname" };
    let key = index_keys(&live, compartment).unwrap().remove(0);
    WordKey::new(&key, scope, word.kind as u8, word.text.expose())
}

#[test]
fn rows_that_belong_to_nothing_are_named_and_removed_by_a_repair() {
    let (rigged, vault, ids) = filled();
    assert_eq!(findings(&vault), []);
    let other = RecordId::from_slot(200, [7; 10]);
    let reused = RecordId::from_slot(ids[5].slot(), [9; 10]);
    let planted: Vec<Vec<u8>> = vec![
        posting_key(&[0x41; 16]),
        [&[HISTORY_TABLE], [0x42; 16].as_slice()].concat(),
        record_row(&other),
        record_row(&reused),
        vec![NODE_TABLE, 0, 0, 0, 0, 0, 0, 0, 0, 99],
        vec![NODE_TABLE, 9, 0, 0, 0, 0, 0, 0, 0, 0],
        crate::audit::leaf_row(vault.live().log.size() + 3),
        roster_row(vault.live().roster.version + 1),
        b"x".to_vec(),
    ];
    for row in &planted {
        rigged.set(row, Some(vec![3; 40]));
        let found = findings(&vault);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(one.kind, ErrorKind::Tampered);
        let named = match &one.place {
            Place::Row(key) => *key == data_encoding::HEXLOWER.encode(row),
            Place::Record(id) => record_row(id) == *row,
            _ => false,
        };
        assert!(named, "{one:?}");
        rigged.set(row, None);
    }
    for row in &planted {
        rigged.set(row, Some(vec![3; 40]));
    }
    let report = vault.check(&mut |_| ()).unwrap();
    assert_eq!(report.findings.len(), planted.len());
    assert!(report.is_repairable());
    // Nothing of the index is wrong: no new keys are made for it.
    let epoch = vault.live().tree.root().erase_epoch;
    assert!(vault.repair(&report, &mut |_| ()).unwrap());
    assert_eq!(vault.live().tree.root().erase_epoch, epoch);
    assert_eq!(findings(&vault), []);
    let left: Vec<_> = rigged.rows().into_keys().filter(|key| planted.contains(key)).collect();
    assert_eq!(left, [posting_key(&[0x41; 16])], "noise, like any other");
    assert!(!vault.repair(&vault.check(&mut |_| ()).unwrap(), &mut |_| ()).unwrap());
}

#[test]
fn postings_that_are_gone_are_named_by_record_and_come_back_by_a_repair() {
    let (rigged, vault, ids) = filled();
    let word = surname(&vault, "Quispe");
    let all = vault.find("person", "paternal_surname", "Quispe").unwrap();
    assert!(all.len() > 10);
    rigged.set(&word.key(4), None);
    // Whoever stands behind the gap is not found any more.
    let shown = vault.find("person", "paternal_surname", "Quispe").unwrap();
    assert!(shown.len() < all.len());
    let found = findings(&vault);
    assert!(found.iter().all(|one| one.kind == ErrorKind::Missing), "{found:?}");
    for id in all.iter().filter(|id| !shown.contains(id)) {
        let of = |one: &&Finding| one.place == Place::Record(*id);
        assert!(found.iter().any(|one| of(&one)), "{id} is not named");
    }
    // One that is noise now is missed too.
    rigged.set(&word.key(4), Some(vec![5; 40]));
    assert!(!findings(&vault).is_empty());

    // All of it is gone.
    for key in rigged.rows().into_keys().filter(|key| key[0] == POSTING_TABLE) {
        rigged.set(&key, None);
    }
    let report = vault.check(&mut |_| ()).unwrap();
    assert!(report.is_repairable());
    assert!(vault.find("person", "paternal_surname", "Quispe").unwrap().is_empty());
    assert!(vault.repair(&report, &mut |_| ()).unwrap());
    assert_eq!(findings(&vault), []);
    let again = vault.find("person", "paternal_surname", "Quispe").unwrap();
    assert_eq!(again.len(), all.len());
    assert_eq!(vault.list("person", None, 1000).unwrap().len(), ids.len() - 1);
}

/// Somebody who holds the key of the index, as every reader of the compartment does.
#[test]
fn a_posting_that_leads_to_a_wrong_record_or_twice_to_one_is_named() {
    let (rigged, vault, ids) = filled();
    let word = surname(&vault, "Mamani");
    let right = word.records(rigged.store.as_ref()).unwrap();
    let wrong = *ids.iter().skip(2).find(|id| !right.contains(id)).unwrap();
    let gone = RecordId::from_slot(300, [1; 10]);
    let key = word.key(2);
    let whole = rigged.rows().remove(&key).unwrap();
    let was = word.open(2, &whole).unwrap();
    for (id, kind, detail) in [
        (wrong, ErrorKind::Tampered, "a search word leads to it that it has not got"),
        (right[0], ErrorKind::Tampered, "a search word leads to it twice"),
        (gone, ErrorKind::Tampered, "a search word leads to a record that there is not"),
    ] {
        rigged.set(&key, Some(word.seal(2, &id, [3; 8])));
        let found = findings(&vault);
        let named =
            |id, kind, detail| found.contains(&Finding { kind, place: Place::Record(id), detail });
        assert!(named(id, kind, detail), "{found:?}");
        let missed = "a search word does not lead to its record";
        assert!(named(was, ErrorKind::Missing, missed), "{found:?}");
        assert_eq!(found.len(), 2, "{found:?}");
    }
    rigged.set(&key, Some(whole));
    assert_eq!(findings(&vault), []);
}

/// The first record that has a word leads its list: nothing depends on it.
#[test]
fn a_list_whose_first_records_were_erased_or_damaged_is_checked_all_the_same() {
    let (rigged, vault, ids) = filled();
    let all = vault.find("person", "paternal_surname", "Huaman").unwrap();
    for id in &all[..6] {
        vault.erase(*id, &asked()).unwrap();
    }
    assert_eq!(findings(&vault), []);
    let word = surname(&vault, "Huaman");
    let last = (0..20).rev().find(|i| rigged.rows().contains_key(&word.key(*i))).unwrap();
    let (key, whole) = (word.key(last), rigged.rows().remove(&word.key(last)).unwrap());
    rigged.set(&key, None);
    let place = Place::Record(all[all.len() - 1]);
    assert!(findings(&vault).iter().all(|one| one.place == place));
    assert!(!findings(&vault).is_empty());
    rigged.set(&key, Some(whole));
    assert_eq!(findings(&vault), []);
    // Damage to a record is named as that, and not as damage to what it alone explains.
    let row = record_row(&ids[1]);
    let whole = rigged.rows().remove(&row).unwrap();
    rigged.set(&row, None);
    let found = findings(&vault);
    assert!(found.iter().all(|one| one.place == Place::Record(ids[1])), "{found:?}");
    assert!(!found.is_empty());
    rigged.set(&row, Some(whole));
    assert_eq!(findings(&vault), []);
}

#[test]
fn records_under_a_broken_node_are_named() {
    let (rigged, vault, ids) = filled();
    let node = [&[NODE_TABLE, 0], 2_u64.to_be_bytes().as_slice()].concat();
    let whole = rigged.rows().remove(&node).unwrap();
    drop(vault);
    rigged.set(&node, None);
    let vault = rigged.open().unwrap();
    let found = findings(&vault);
    let under: Vec<_> = ids.iter().filter(|id| id.slot() / 16 == 2).collect();
    assert_eq!(under.len(), 16);
    for id in &ids {
        let named = found.iter().any(|one| one.place == Place::Record(*id));
        assert_eq!(named, under.contains(&id), "{id}: {found:?}");
    }
    assert!(found.iter().any(|one| one.place == Place::Node { level: 0, index: 2 }));
    rigged.set(&node, Some(whole));
    drop(vault);
    assert_eq!(findings(&rigged.open().unwrap()), []);
}

#[test]
fn a_role_that_holds_little_finds_no_fault_where_there_is_none() {
    let (rigged, vault, _) = filled();
    drop(vault);
    for role in ["statistician", "lawyer"] {
        let member = Identity::generate().unwrap();
        let vault = rigged.open().unwrap();
        vault.add_member(role, &member.card(), role).unwrap();
        drop(vault);
        let theirs = rigged.options().open(rigged.office.path(), &member).unwrap();
        assert_eq!(findings(&theirs), [], "{role}");
        theirs.check_quick().unwrap();
        let row = posting_key(&[0x41; 16]);
        rigged.set(&row, Some(vec![3; 40]));
        assert_eq!(findings(&theirs).len(), 1, "{role}");
        rigged.set(&row, None);
        drop(theirs);
    }
}

#[test]
fn between_a_departure_and_the_end_of_the_sealing_a_check_finds_nothing() {
    let (_rigged, vault, ids) = filled();
    let leaving = Identity::generate().unwrap();
    vault.add_member("Lucia Ficticia", &leaving.card(), "lawyer").unwrap();
    vault.remove_member("Lucia Ficticia").unwrap();
    assert!(vault.needs_reseal());
    assert_eq!(findings(&vault), []);
    vault.edit(ids[7], 1, RecordEdit::new().set("paternal_surname", "Condori")).unwrap();
    vault.reseal_some(&ids[2..20]).unwrap();
    assert_eq!(findings(&vault), []);
    vault.reseal(&mut |_| ()).unwrap();
    assert_eq!(findings(&vault), []);
}

#[test]
fn a_quick_check_sees_an_anchors_head_that_is_of_another_past() {
    let (rigged, vault) = Rigged::new();
    vault.add(case("HCO-0001")).unwrap();
    vault.note_position().unwrap();
    let head = vault.head_now(&vault.live());
    vault.check_quick().unwrap();
    let with = |change: &dyn Fn(&mut crate::keys::head::AnchorHead)| {
        let mut head = crate::keys::head::AnchorHead { log: head.log.clone(), ..head };
        change(&mut head);
        vault.anchor.put_head(&head.to_bytes(vault.live().tree.root_key())).unwrap();
        vault.check_quick()
    };
    assert_eq!(with(&|head| head.sequence += 1).unwrap_err().kind(), ErrorKind::RolledBack);
    assert_eq!(with(&|head| head.chain[0] ^= 1).unwrap_err().kind(), ErrorKind::RolledBack);
    assert_eq!(with(&|head| head.tree[0] ^= 1).unwrap_err().kind(), ErrorKind::RolledBack);
    assert!(with(&|head| head.log.append([1; 32])).is_err());
    with(&|_| ()).unwrap();
    let mut head = head.to_bytes(vault.live().tree.root_key());
    head[40] ^= 1;
    vault.anchor.put_head(&head).unwrap();
    assert_eq!(vault.check_quick().unwrap_err().kind(), ErrorKind::Tampered);
    assert!(!findings(&vault).is_empty());
    vault.note_position().unwrap();
    assert_eq!(findings(&vault), []);
    // What stands in the store is not what this session knows.
    let mut batch = crate::store::Batch::new();
    batch.state(vec![1; 100]);
    rigged.store.commit(&batch).unwrap();
    assert!(vault.check_quick().is_err());
}

#[test]
fn a_checkpoint_that_the_log_does_not_continue_is_a_finding() {
    let (_rigged, vault, _) = filled();
    let live = vault.live();
    for (size, root, wrong) in [
        (live.log.size(), live.log.root(), false),
        (live.log.size(), [9; 32], true),
        (2, [9; 32], true),
        (live.log.size() + 1, live.log.root(), true),
    ] {
        *vault.witnessed() = vec![PinnedCheckpoint::new(size, &root)];
        let found = findings(&vault);
        assert_eq!(!found.is_empty(), wrong, "{found:?}");
        assert!(found.iter().all(|one| one.kind == ErrorKind::RolledBack));
    }
}

/// A check that dies after so many steps of slots, as a process that is killed.
fn interrupt(vault: &Vault, after: u64) {
    let mut steps = 0;
    let leaves = vault.live().log.size();
    let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        vault.check(&mut |step| {
            steps += 1;
            assert!(step.done < leaves + after, "dies here");
        })
    }));
    assert!(died.is_err() && steps > 1);
}

fn bookmark(rigged: &Rigged) -> PathBuf {
    rigged.office.path().join("check.bookmark")
}

#[test]
fn an_interrupted_check_goes_on_and_what_changed_since_is_checked_again() {
    let (rigged, vault, ids) = filled();
    let whole = vault.check(&mut |_| ()).unwrap();
    assert!(!bookmark(&rigged).exists());
    interrupt(&vault, 48);
    assert!(bookmark(&rigged).exists());
    drop(vault);
    // Another opening says so in the log, and changes nothing else.
    let vault = rigged.open().unwrap();
    let damaged = rigged.rows().remove(&record_row(&ids[4])).unwrap();
    rigged.set(&record_row(&ids[4]), None);
    let report = vault.check(&mut |_| ()).unwrap();
    assert!(report.resumed.is_some());
    // What it had found whole it did not read again, and says so; the next one reads it all.
    let again = vault.check(&mut |_| ()).unwrap();
    assert_eq!(again.resumed, None);
    assert!(again.findings.iter().any(|one| one.place == Place::Record(ids[4])));
    rigged.set(&record_row(&ids[4]), Some(damaged));

    interrupt(&vault, 48);
    let resumed = vault.check(&mut |_| ()).unwrap();
    assert!(resumed.resumed.is_some());
    assert_eq!(resumed.findings, []);
    let counts = |report: &CheckReport| (report.records, report.sections, report.postings);
    assert_eq!(counts(&resumed), counts(&whole));

    // A change of something that was checked, and damage to it.
    interrupt(&vault, 48);
    let edit = RecordEdit::new().set("paternal_surname", "Condori");
    vault.edit(ids[4], 1, edit).unwrap();
    vault.add(case("HCO-0002")).unwrap();
    let key = record_row(&ids[4]);
    let row = rigged.rows().remove(&key).unwrap();
    rigged.set(&key, None);
    let report = vault.check(&mut |_| ()).unwrap();
    assert!(report.resumed.is_some());
    assert!(report.findings.iter().any(|one| one.place == Place::Record(ids[4])));
    rigged.set(&key, Some(row));
    assert_eq!(findings(&vault), []);
    // An erase ends it.
    interrupt(&vault, 48);
    vault.erase(ids[6], &asked()).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().resumed, None);
}

#[test]
fn what_was_found_before_an_interruption_is_found_again() {
    let (rigged, vault, ids) = filled();
    let key = record_row(&ids[4]);
    rigged.set(&key, None);
    interrupt(&vault, 60);
    let report = vault.check(&mut |_| ()).unwrap();
    assert!(report.resumed.is_some());
    assert!(report.findings.iter().any(|one| one.place == Place::Record(ids[4])));
}

#[test]
fn a_forged_altered_or_old_bookmark_hides_no_damage() {
    let (rigged, vault, ids) = filled();
    let member = Identity::generate().unwrap();
    vault.add_member("Segunda Ficticia", &member.card(), "director").unwrap();
    vault.close().unwrap();
    let file = bookmark(&rigged);
    // A fellow administrator holds every key of the vault, but not this one's signature.
    let theirs = rigged.options().open(rigged.office.path(), &member).unwrap();
    interrupt(&theirs, 60);
    drop(theirs);
    let forged = fs::read(&file).unwrap();
    let vault = rigged.open().unwrap();
    rigged.set(&record_row(&ids[4]), None);
    let hides = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        let report = vault.check(&mut |_| ()).unwrap();
        report.resumed.is_some() || report.findings.is_empty()
    };
    assert!(!hides(&forged));
    interrupt(&vault, 60);
    let own = fs::read(&file).unwrap();
    for at in (0..own.len()).step_by(own.len() / 12) {
        let mut bad = own.clone();
        bad[at] ^= 1;
        assert!(!hides(&bad), "byte {at}");
        assert!(!hides(&own[..at]), "cut at {at}");
    }
    drop(vault);
    fs::write(&file, &own).unwrap();
    let tomorrow = Timestamp::from_second(crate::SystemClock.now().as_second() + 90_000).unwrap();
    let later = rigged.options().clock(Arc::new(crate::FixedClock(tomorrow)));
    let later = later.open(rigged.office.path(), &rigged.office.director).unwrap();
    assert_eq!(later.check(&mut |_| ()).unwrap().resumed, None);
}
