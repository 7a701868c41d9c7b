//! A8, and a kill between any two steps of an erase.

use std::sync::{Arc, Mutex as StdMutex};

use super::*;
use crate::vault::erase::Step;

/// A vault whose escrow secret is with nobody here.
fn with_escrow(office: &Office) -> Vault {
    let escrow = age::x25519::Identity::generate().to_public().to_string();
    VaultOptions::new()
        .escrow(&escrow)
        .create(office.path(), &Schema::peru().unwrap(), &office.director)
        .unwrap()
}

#[test]
fn an_erased_record_cannot_be_opened_from_an_old_copy() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let child = vault.add(person(doomed, "Quispe")).unwrap();
    vault.edit(child, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    let spared = vault.add(case("HCO-0002")).unwrap();
    drop(vault);
    let old = tempfile::tempdir().unwrap();
    copy(&office.path(), &old.path().join("vault"));

    let vault = office.open();
    vault.erase(doomed).unwrap();
    for id in [doomed, child] {
        assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert!(vault.find("person", "survivor_code", "S-Quispe").unwrap().is_empty());
    vault.read(spared).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    drop(vault);
    let vault = office.open();
    vault.read(spared).unwrap();
    let later = vault.add(case("HCO-0003")).unwrap();
    vault.read(later).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    drop(vault);

    // The whole old folder, with the anchor of today and every staff key: nothing opens.
    copy(&office.dir.path().join("vault.anchor"), &old.path().join("vault.anchor"));
    let error = VaultOptions::new().open(old.path().join("vault"), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RolledBack);
    // Forced past every check: the old root under any root key that can still be derived.
    let header = folder::Header::read(&old.path().join("vault")).unwrap();
    let store = crate::store::SledStore::open(
        old.path().join("vault/store"),
        header.instance,
        crate::store::OpenMode::ReadOnly,
    )
    .unwrap();
    let state = state::State::read_unproved(&store.state()).unwrap();
    let anchor = crate::FileAnchor::beside(&office.path());
    let roster = store.get(&roster_row(0)).unwrap().unwrap();
    let ring = crate::keys::roster::SealedRoster::parse(&roster)
        .unwrap()
        .unlock(&office.director)
        .unwrap();
    let (_, ck) = ring.newest(0).unwrap();
    let slots = anchor.slots().unwrap();
    assert_eq!(slots.len(), 1);
    for slot in slots {
        for epoch in 0..4 {
            let key = crate::keys::tree::root_key(&header.vault, ck, &slot.key, epoch);
            let tree = KeyTree::new(header.vault, state.root, key);
            assert!(tree.lookup(&store, doomed.slot()).is_err());
        }
    }
    // The capsule of the old copy is the escrow's alone.
    let capsule = crate::keys::capsule::read_current(&old.path().join("vault")).unwrap().unwrap();
    assert!(capsule.open(office.director.age()).is_err());
    // Had the old anchor been kept, the record would open: it is the anchor that must die.
}

#[test]
fn a_kill_between_any_two_steps_leaves_a_vault_that_finishes_or_undoes() {
    let steps = [
        Step::SpareSlot,
        Step::NextCapsule,
        Step::Frame,
        Step::ReadBack,
        Step::CapsuleRenamed,
        Step::OldSlotGone,
        Step::Head,
    ];
    for dies_at in steps {
        let office = Office::new();
        let vault = with_escrow(&office);
        let doomed = vault.add(case("HCO-0001")).unwrap();
        let spared = vault.add(case("HCO-0002")).unwrap();
        let frozen = Arc::new(tempfile::tempdir().unwrap());
        let seen = Arc::new(StdMutex::new(Vec::new()));
        let (from, to, log) =
            (office.dir.path().to_path_buf(), Arc::clone(&frozen), Arc::clone(&seen));
        *vault.hook.lock().unwrap() = Some(Box::new(move |step| {
            log.lock().unwrap().push(step);
            if step == dies_at {
                copy(&from, to.path());
            }
            Ok(())
        }));
        vault.erase(doomed).unwrap();
        drop(vault);
        assert_eq!(*seen.lock().unwrap(), steps);

        // What a kill at that instant would have left on the disk.
        let path = frozen.path().join("vault");
        for _ in 0..2 {
            let vault = VaultOptions::new().open(&path, &office.director).unwrap();
            let erased = vault.read(doomed).is_err();
            let passed = !matches!(dies_at, Step::SpareSlot | Step::NextCapsule);
            assert_eq!(erased, passed, "{dies_at:?}");
            vault.read(spared).unwrap();
            assert_eq!(vault.check(&mut |_| ()).unwrap().findings, [], "{dies_at:?}");
            if passed {
                let slots = crate::FileAnchor::beside(&path).slots().unwrap();
                assert_eq!(slots.len(), 1, "{dies_at:?}: the old slot is gone");
                let capsule = crate::keys::capsule::read_current(&path).unwrap().unwrap();
                assert_eq!(capsule.erase_epoch, 2, "{dies_at:?}");
            }
            assert!(!path.join("capsule.next").exists());
        }
        // And an erase that was undone can be done again.
        let vault = VaultOptions::new().open(&path, &office.director).unwrap();
        if vault.read(doomed).is_ok() {
            vault.erase(doomed).unwrap();
            assert!(vault.read(doomed).is_err());
        }
        drop(vault);
        let vault = VaultOptions::new().open(&path, &office.director).unwrap();
        vault.read(spared).unwrap();
    }
}

#[test]
fn an_error_in_the_middle_of_an_erase_loses_nothing() {
    for dies_at in [Step::SpareSlot, Step::NextCapsule, Step::Frame, Step::CapsuleRenamed] {
        let office = Office::new();
        let vault = with_escrow(&office);
        let doomed = vault.add(case("HCO-0001")).unwrap();
        let spared = vault.add(case("HCO-0002")).unwrap();
        *vault.hook.lock().unwrap() = Some(Box::new(move |step| {
            if step == dies_at { Err(Error::new(ErrorKind::DiskFull, "test")) } else { Ok(()) }
        }));
        assert_eq!(vault.erase(doomed).unwrap_err().kind(), ErrorKind::DiskFull);
        drop(vault);
        let vault = office.open();
        vault.read(spared).unwrap();
        assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    }
}

#[test]
fn only_an_administrator_erases() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let id = vault.add(case("HCO-0001")).unwrap();
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Lucia Ficticia", &lawyer.card(), "lawyer").unwrap();
    drop(vault);
    let vault = VaultOptions::new().open(office.path(), &lawyer).unwrap();
    assert_eq!(vault.erase(id).unwrap_err().kind(), ErrorKind::NotAllowed);
    vault.read(id).unwrap();
}

#[test]
fn a_destroyed_anchor_ends_every_session() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let id = vault.add(case("HCO-0001")).unwrap();
    fs::remove_dir_all(office.dir.path().join("vault.anchor")).unwrap();
    assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::NoAnchor);
    assert_eq!(vault.add(case("HCO-0002")).unwrap_err().kind(), ErrorKind::SessionEnded);
    drop(vault);
    let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnchor);
}
