//! A8, and a kill between any two steps of an erase.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex as StdMutex};

use super::*;
use crate::keys::anchor::AnchorSlot;
use crate::keys::tree::tests::keys_in;
use crate::keys::tree::{NODE_TABLE, root_key};
use crate::seal::SealedRecord;
use crate::secret::Key;
use crate::store::{OpenMode, SledStore};
use crate::vault::advance::Step;

/// A vault whose escrow secret is with nobody here.
pub(super) fn with_escrow(office: &Office) -> Vault {
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
    vault.erase(doomed, &asked()).unwrap();
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
    // The capsule of the old copy is the escrow's alone.
    let capsule = crate::keys::capsule::read_current(&old.path().join("vault")).unwrap().unwrap();
    assert!(capsule.open(office.director.age()).is_err());
}

/// Every value that any row had at any moment, and the keys of whoever collects them.
#[derive(Default)]
struct Haul {
    blocks: BTreeSet<(Vec<u8>, Vec<u8>)>,
    keys: Vec<Key>,
}

impl Haul {
    /// Takes what a copy of the folder holds.
    fn take_rows(&mut self, folder: &Path) {
        let instance = folder::Header::read(folder).unwrap().instance;
        let store = folder.join("store");
        let store = SledStore::open(store, instance, OpenMode::ReadOnly).unwrap();
        self.take_store(&store);
    }

    fn take_store(&mut self, store: &dyn Store) {
        store
            .scan(&[], &mut |key, value| {
                self.blocks.insert((key.to_vec(), value.to_vec()));
                Ok(())
            })
            .unwrap();
    }

    /// Takes every root key that the slots of an anchor give.
    fn take_anchor(&mut self, vault: &VaultId, ring: &KeyRing, slots: &[AnchorSlot]) {
        let (_, ck) = ring.newest(0).unwrap();
        for slot in slots {
            self.keys.extend((0..4).map(|epoch| root_key(vault, ck, &slot.key, epoch)));
        }
    }

    /// Whether these keys, and all keys that they lead to, open any group that a record ever had:
    /// the one thing that no compartment key can replace.
    fn opens(&self, vault: &VaultId, id: RecordId) -> bool {
        !self.groups(vault, id).is_empty()
    }

    /// Every version of a record's group that these keys lead to.
    fn groups(&self, vault: &VaultId, id: RecordId) -> Vec<Group> {
        let mut found = Vec::new();
        let mut queue = self.keys.clone();
        let mut seen = BTreeSet::new();
        while let Some(key) = queue.pop() {
            if !seen.insert(*key.expose()) {
                continue;
            }
            for (row, sealed) in &self.blocks {
                if *row == record_row(&id) {
                    let group = SealedRecord::parse(sealed).unwrap().group;
                    found.extend(Group::open(vault, &id, &key, &group));
                } else if row[0] == NODE_TABLE {
                    queue.extend(keys_in(vault, row, &key, sealed));
                }
            }
        }
        found
    }
}

#[test]
fn old_blocks_with_every_key_of_today_do_not_open_an_erased_record() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let child = vault.add(person(doomed, "Quispe")).unwrap();
    vault.edit(child, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    let spared = vault.add(case("HCO-0002")).unwrap();
    let anchor = crate::FileAnchor::beside(&office.path());
    let before = anchor.slots().unwrap();

    // Copies of the folder before, at each step, and after.
    let haul = Arc::new(StdMutex::new(Haul::default()));
    haul.lock().unwrap().take_store(vault.store.as_ref());
    let (folder, taken) = (office.path(), Arc::clone(&haul));
    *vault.hook.lock().unwrap() = Some(Box::new(move |_| {
        let here = tempfile::tempdir().unwrap();
        copy(&folder, here.path());
        taken.lock().unwrap().take_rows(here.path());
        Ok(())
    }));
    vault.erase(doomed, &asked()).unwrap();
    vault.read(spared).unwrap();
    let mut haul = haul.lock().unwrap();
    haul.take_anchor(&vault.id, &vault.live().ring, &anchor.slots().unwrap());
    assert!(haul.opens(&vault.id, spared), "the adversary knows how");
    for id in [doomed, child] {
        assert!(!haul.opens(&vault.id, id));
    }
    // With the anchor of before it would open: it is the anchor that must die.
    haul.take_anchor(&vault.id, &vault.live().ring, &before);
    for id in [doomed, child] {
        assert!(haul.opens(&vault.id, id));
    }
}

#[test]
fn an_erase_leaves_nothing_of_the_old_anchor_anywhere() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let anchor = crate::FileAnchor::beside(&office.path());
    let old = anchor.slots().unwrap().remove(0);
    let lies_on_disk = || {
        let holds = |bytes: &Vec<u8>| bytes.windows(32).any(|bytes| bytes == old.key.expose());
        listing(office.dir.path()).values().any(holds)
    };
    assert!(lies_on_disk());
    vault.erase(doomed, &asked()).unwrap();
    // The session goes on: no later opening has tidied up behind it.
    assert!(!lies_on_disk());
    let epochs: Vec<_> = anchor.slots().unwrap().iter().map(AnchorSlot::erase_epoch).collect();
    assert_eq!(epochs, [2]);
    drop(vault);
    assert!(!lies_on_disk());
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
        vault.erase(doomed, &asked()).unwrap();
        drop(vault);
        assert_eq!(*seen.lock().unwrap(), steps);

        // What a kill at that instant would have left on the disk.
        let path = frozen.path().join("vault");
        let left = listing(frozen.path());
        let vault = VaultOptions::new().read_only().open(&path, &office.director).unwrap();
        vault.read(spared).unwrap();
        drop(vault);
        assert!(
            listing(frozen.path()) == left,
            "{dies_at:?}: a reader finishes and undoes nothing"
        );
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
            vault.erase(doomed, &asked()).unwrap();
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
        assert_eq!(vault.erase(doomed, &asked()).unwrap_err().kind(), ErrorKind::DiskFull);
        drop(vault);
        let vault = office.open();
        vault.read(spared).unwrap();
        assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    }
}

/// The point of no return is passed only if it was kept: else the way back must stay.
#[test]
fn an_erase_that_does_not_read_back_destroys_no_slot() {
    let newest_frame = |folder: &Path| {
        let segment = fs::read_dir(folder.join("vault/store/journal")).unwrap();
        let segment = segment.map(|entry| entry.unwrap().path()).next().unwrap();
        let mut bytes = fs::read(&segment).unwrap();
        *bytes.iter_mut().rfind(|byte| **byte != 0).unwrap() ^= 1;
        fs::write(segment, bytes).unwrap();
    };
    let new_slot = |folder: &Path| {
        crate::FileAnchor::beside(&folder.join("vault")).destroy(2).unwrap();
    };
    type Lose = fn(&Path);
    let cases: [(Lose, ErrorKind); 2] =
        [(newest_frame, ErrorKind::Tampered), (new_slot, ErrorKind::NoAnchor)];
    for (lose, kind) in cases {
        let office = Office::new();
        let vault = with_escrow(&office);
        let doomed = vault.add(case("HCO-0001")).unwrap();
        let folder = office.dir.path().to_path_buf();
        *vault.hook.lock().unwrap() = Some(Box::new(move |step| {
            if step == Step::Frame {
                lose(&folder);
            }
            Ok(())
        }));
        assert_eq!(vault.erase(doomed, &asked()).unwrap_err().kind(), kind);
        assert_eq!(vault.read(doomed).unwrap_err().kind(), ErrorKind::SessionEnded);
        drop(vault);
        let slots = crate::FileAnchor::beside(&office.path()).slots().unwrap();
        assert!(slots.iter().any(|slot| slot.erase_epoch() == 1));
    }
}

#[test]
fn a_capsule_that_is_damaged_old_or_gone_is_reported_and_renewed_by_an_administrator() {
    let office = Office::new();
    let escrow = age::x25519::Identity::generate();
    let vault = VaultOptions::new()
        .escrow(&escrow.to_public().to_string())
        .create(office.path(), &Schema::peru().unwrap(), &office.director)
        .unwrap();
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Lucia Ficticia", &lawyer.card(), "lawyer").unwrap();
    let capsule = office.path().join("capsule");
    let old = fs::read(&capsule).unwrap();
    vault.erase(doomed, &asked()).unwrap();
    drop(vault);
    let flipped = |at: fn(usize) -> usize| {
        let mut bytes = fs::read(&capsule).unwrap();
        let at = at(bytes.len());
        bytes[at] ^= 1;
        Some(bytes)
    };
    for bad in [flipped(|len| len - 1), flipped(|len| len / 2), Some(old), None] {
        match bad {
            Some(bytes) => fs::write(&capsule, bytes).unwrap(),
            None => fs::remove_file(&capsule).unwrap(),
        }
        let vault = VaultOptions::new().open(office.path(), &lawyer).unwrap();
        assert!(vault.notices().contains(&Notice::CapsuleMissing));
        assert!(!vault.check(&mut |_| ()).unwrap().findings.is_empty());
        drop(vault);
        let vault = office.open();
        assert!(vault.notices().contains(&Notice::CapsuleRenewed));
        assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
        let slot = vault.anchor.slots().unwrap().remove(0);
        let renewed = crate::keys::capsule::read_current(&office.path()).unwrap().unwrap();
        assert!(renewed.open(&escrow).unwrap() == slot.key);
    }
}

/// A panic of another process: it raises the generation, and no slot may outlive that.
#[test]
fn a_raised_generation_ends_the_session_and_destroys_the_slots() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let id = vault.add(case("HCO-0001")).unwrap();
    let file = office.dir.path().join("vault.anchor/anchor.key");
    let mut bytes = fs::read(&file).unwrap();
    bytes[2 * 4096] += 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::NoAnchor);
    assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::SessionEnded);
    assert!(crate::FileAnchor::beside(&office.path()).slots().unwrap().is_empty());
}

#[test]
fn only_an_administrator_erases_admits_or_changes_the_schema() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let id = vault.add(case("HCO-0001")).unwrap();
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Lucia Ficticia", &lawyer.card(), "lawyer").unwrap();
    drop(vault);
    let vault = VaultOptions::new().open(office.path(), &lawyer).unwrap();
    let friend = Identity::generate().unwrap().card();
    for refused in [
        vault.erase(id, &asked()).map(drop),
        vault.add_member("Amiga Ficticia", &friend, "lawyer").map(drop),
        vault.update_schema(&Schema::peru().unwrap()),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::NotAllowed);
    }
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

#[test]
fn an_erase_ends_in_a_receipt_that_the_vault_confirms_and_nobody_can_alter() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let child = vault.add(person(doomed, "Quispe")).unwrap();
    vault.edit(child, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    let other = vault.add(case("HCO-0002")).unwrap();
    let erasure = asked().note("Lo pidió por escrito.");
    let signed = vault.erase(doomed, &erasure).unwrap();
    let receipt = signed.receipt();
    assert_eq!((receipt.records, receipt.revisions, receipt.erase_epoch), (2, 1, 2));
    assert_eq!(receipt.positions, [doomed.slot(), child.slot()]);
    let json = signed.to_json().unwrap();
    for canary in ["Quispe", "Luz", "HCO-0001", &child.to_string()] {
        assert!(!json.contains(canary), "{canary}");
    }
    let holds = |signed: &SignedReceipt| -> Vec<bool> {
        signed.receipt().finality.iter().map(|line| line.holds).collect()
    };
    assert_eq!(holds(&signed), [true, true, false, true, false]);
    assert_eq!(SignedReceipt::verify(&json).unwrap(), signed);
    vault.confirm_receipt(&signed).unwrap();

    let finished = vault.finish_erasure(&signed, &mut |_| ()).unwrap();
    assert_eq!(holds(&finished), [true, true, true, true, false]);
    drop(vault);
    let vault = office.open();
    vault.confirm_receipt(&finished).unwrap();
    vault.confirm_receipt(&signed).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    vault.read(other).unwrap();

    // Altered anywhere it is refused; of another vault too.
    for (from, to) in [
        ("\"records\": 2", "\"records\": 1"),
        ("survivor_request", "retention"),
        ("Lo pidió", "No pidió"),
        ("\"holds\": true", "\"holds\": false"),
    ] {
        assert!(json.contains(from), "{from}");
        let error = SignedReceipt::verify(&json.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tampered, "{from}");
    }
    for cut in [0, 1, json.len() / 2, json.len() - 1] {
        assert!(SignedReceipt::verify(json.get(..cut).unwrap_or_default()).is_err());
    }
    let elsewhere = Office::new();
    let error = elsewhere.create().confirm_receipt(&signed).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tampered);
}

#[test]
fn without_escrow_a_receipt_says_that_it_is_not_final_against_the_staff() {
    let office = Office::new();
    let vault = office.create();
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let signed = vault.erase(doomed, &asked()).unwrap();
    let staff = signed.receipt().finality.iter().find(|line| line.against == Against::StaffKeys);
    let staff = staff.unwrap();
    assert!(!staff.holds && staff.because.contains(&Because::NoEscrow));
}

#[test]
fn a_receipt_names_first_whoever_received_data_before() {
    let world = consents::World::new();
    let vault = &world.vault;
    vault.consents(world.woman).unwrap().give(world.grant(), &by_herself()).unwrap();
    let consents = vault.consents(world.woman).unwrap();
    consents.disclosed("legal_proceedings", world.prosecutor_id, &["person.given_names"]).unwrap();
    let signed = vault.erase(world.woman, &asked()).unwrap();
    let told = &signed.receipt().still_to_tell;
    assert_eq!(told.iter().map(|one| one.recipient.as_str()).collect::<Vec<_>>(), ["Fiscalía"]);
    assert!(vault.confirm_receipt(&signed).is_ok());
}

fn by_herself() -> crate::consent::Statement {
    crate::consent::Statement::by(crate::consent::Party::Subject)
}

/// A8 for one field: its older values, with every key of today and every old block.
#[test]
fn a_rectified_field_leaves_nothing_of_what_it_was() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    vault.edit(girl, 1, RecordEdit::new().set("paternal_surname", "Mamani")).unwrap();
    vault.edit(girl, 2, RecordEdit::new().set("phone", "999888777")).unwrap();
    let mut haul = Haul::default();
    haul.take_store(vault.store.as_ref());
    let edit = RecordEdit::new().set("paternal_surname", "Huamán");
    assert_eq!(vault.rectify(girl, 3, edit.clone()).unwrap(), 4);
    haul.take_store(vault.store.as_ref());

    assert_eq!(text(&vault.read(girl).unwrap(), "paternal_surname"), "Huamán");
    for (revision, phone) in [(1, "912345678"), (2, "912345678"), (3, "999888777")] {
        let then = vault.read_revision(girl, revision).unwrap();
        assert_eq!(text(&then, "paternal_surname"), "", "{revision}");
        let in_identity = Schema::peru().unwrap();
        let kind = in_identity.record_type("person").unwrap();
        if kind.field("phone").unwrap().compartment
            != kind.field("paternal_surname").unwrap().compartment
        {
            assert_eq!(text(&then, "phone"), phone);
        }
    }
    let history = vault.history(girl).unwrap();
    assert!(history[..3].iter().all(|one| one.erased.contains(&"identity".to_owned())));
    assert!(history[3].erased.is_empty());
    assert!(vault.find("person", "paternal_surname", "Mamani").unwrap().is_empty());
    assert_eq!(vault.find("person", "paternal_surname", "Huamán").unwrap(), [girl]);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);

    // Every key that the tree of today gives, with every compartment key: no old identity.
    haul.take_anchor(&vault.id, &vault.live().ring, &vault.anchor.slots().unwrap());
    let live = vault.live();
    let loaded = vault.load(&live, &girl).unwrap();
    let code = live.schema.compartment_code("identity").unwrap();
    let section = crate::seal::SectionId::fields(code);
    let now = loaded.row.section(section).unwrap().to_vec();
    let place =
        crate::seal::Place { vault: &vault.id, record: &girl, record_type: "person", section };
    let sks: Vec<_> =
        haul.groups(&vault.id, girl).into_iter().flat_map(|group| group.slots).collect();
    assert!(!sks.is_empty());
    let opened =
        haul.blocks.iter().filter(|(row, _)| row[0] == RECORD_TABLE || row[0] == HISTORY_TABLE);
    let mut found = BTreeSet::new();
    for (row, bytes) in opened {
        let sealed = SealedRecord::parse(bytes)
            .ok()
            .and_then(|row| row.section(section).map(<[u8]>::to_vec));
        let bytes = if row[0] == RECORD_TABLE { sealed } else { Some(bytes.clone()) };
        if let Some(bytes) = bytes {
            for slot in sks.iter().filter(|slot| slot.section == section) {
                let ck = live.ring.newest(code).unwrap().1;
                if crate::seal::OpenSection::open(place, &bytes, ck, &slot.sk).is_ok() {
                    found.insert(bytes.clone());
                }
            }
        }
    }
    assert!(found.into_iter().eq([now]), "only what stands today");
    drop(live);

    // Later edits have a history again, and a rotation takes it along.
    vault.edit(girl, 4, RecordEdit::new().set("paternal_surname", "Rojas")).unwrap();
    vault.reindex(&mut |_| ()).unwrap();
    assert_eq!(text(&vault.read_revision(girl, 4).unwrap(), "paternal_surname"), "Huamán");
    assert_eq!(text(&vault.read_revision(girl, 3).unwrap(), "paternal_surname"), "");
    assert_eq!(
        vault.rectify(girl, 5, RecordEdit::new().set("paternal_surname", "Rojas")).unwrap(),
        6
    );
    assert_eq!(text(&vault.read_revision(girl, 4).unwrap(), "paternal_surname"), "");
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_section_that_came_later_is_rectified_and_its_record_stays_whole() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    // `religion` is alone in a compartment that the record did not write at first.
    let set = |value: &str| RecordEdit::new().set("religion", value);
    vault.edit(girl, 1, set("una")).unwrap();
    vault.edit(girl, 2, set("otra")).unwrap();
    vault.rectify(girl, 3, set("ninguna")).unwrap();
    let read = |revision| text(&vault.read_revision(girl, revision).unwrap(), "religion");
    assert_eq!([1, 2, 3, 4].map(read), ["", "", "", "ninguna"].map(str::to_owned));
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    let history = vault.history(girl).unwrap();
    let compartment = &history[3].compartments;
    let erased = |nth: usize| history[nth].erased == *compartment;
    assert!(!erased(0) && erased(1) && erased(2) && !erased(3));
    vault.reindex(&mut |_| ()).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}
