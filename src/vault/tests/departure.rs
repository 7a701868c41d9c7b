//! A3: what somebody who left can still do with every key and every copy that they kept.

use std::sync::{Arc, Mutex as StdMutex};

use super::consents::World;
use super::*;
use crate::keys::tree::tests::keys_in;
use crate::keys::tree::{NODE_TABLE, root_key};
use crate::seal::{OpenSection, Place, SealedRecord};
use crate::secret::Key;
use crate::vault::advance::Step;

/// Everything that a member could ever have kept: keys of compartments, and every key of the
/// tree that they led to.
struct Kept {
    ring: KeyRing,
    keys: Vec<Key>,
    rows: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Kept {
    fn by(vault: &Vault) -> Self {
        let live = vault.live();
        let slots = vault.anchor.slots().unwrap();
        let keys = slots.iter().flat_map(|slot| {
            live.ring.epochs(0).map(|(_, ck)| root_key(&vault.id, ck, &slot.key, slot.erase_epoch))
        });
        let mut kept = Self { ring: live.ring.clone(), keys: keys.collect(), rows: Vec::new() };
        kept.read(vault.store.as_ref());
        let mut fresh = kept.keys.clone();
        while let Some(key) = fresh.pop() {
            for (row, sealed) in kept.rows.iter().filter(|(row, _)| row[0] == NODE_TABLE) {
                let found = keys_in(&vault.id, row, &key, sealed);
                fresh.extend(found.iter().cloned());
                kept.keys.extend(found);
            }
        }
        kept
    }

    /// Takes the disk as it is now.
    fn read(&mut self, store: &dyn Store) {
        self.rows.clear();
        store
            .scan(&[], &mut |key, value| {
                self.rows.push((key.to_vec(), value.to_vec()));
                Ok(())
            })
            .unwrap();
    }

    /// Whether a record's group opens under any key of the tree that was kept.
    fn opens_group(&self, vault: &Vault, id: RecordId) -> bool {
        let row = self.rows.iter().find(|(key, _)| *key == record_row(&id)).unwrap();
        let group = SealedRecord::parse(&row.1).unwrap().group;
        self.keys.iter().any(|key| Group::open(&vault.id, &id, key, &group).is_ok())
    }

    /// The compartments of which a section, newest or older, opens under a key that was kept,
    /// with every section key of today given for nothing.
    fn opens_sections(&self, vault: &Vault, id: RecordId) -> Vec<u8> {
        let live = vault.live();
        let loaded = vault.load(&live, &id).unwrap();
        let record_type = vault.meta(&live, &loaded).unwrap().record_type;
        let mut opened = Vec::new();
        for slot in &loaded.group.slots {
            let section = slot.section;
            let mut all: Vec<&[u8]> = loaded.row.section(section).into_iter().collect();
            for (row, bytes) in self.rows.iter().filter(|(row, _)| row[0] == HISTORY_TABLE) {
                let own = (1..20).any(|n| write::history_row(&slot.sk, n) == *row);
                all.extend(own.then_some(bytes.as_slice()));
            }
            let record_type = if section.compartment == 0 { "" } else { &record_type };
            let place = Place { vault: &vault.id, record: &id, record_type, section };
            for bytes in all {
                let mut keys = self.ring.epochs(section.compartment);
                if keys.any(|(_, ck)| OpenSection::open(place, bytes, ck, &slot.sk).is_ok()) {
                    opened.push(section.compartment);
                }
            }
        }
        opened
    }
}

struct Leaving {
    world: World,
    lawyer: Identity,
    before: RecordId,
    edited: RecordId,
}

/// A vault with history and a ledger, and a lawyer who is about to leave.
fn leaving() -> Leaving {
    let world = World::new();
    let vault = &world.vault;
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Lucía Ficticia", &lawyer.card(), "lawyer").unwrap();
    let before = world.girl;
    for name in ["Luz", "Alba"] {
        let revision = vault.read(before).unwrap().revision();
        vault.edit(before, revision, RecordEdit::new().set("given_names", name)).unwrap();
    }
    vault
        .consents(world.woman)
        .unwrap()
        .give(world.grant(), &crate::consent::Statement::by(crate::consent::Party::Subject))
        .unwrap();
    let edited = world.woman;
    Leaving { world, lawyer, before, edited }
}

fn reads_the_same(vault: &Vault, leaving: &Leaving) {
    assert_eq!(text(&vault.read(leaving.before).unwrap(), "given_names"), "Alba");
    let first = vault.read_revision(leaving.before, 1).unwrap();
    assert_eq!(text(&first, "given_names"), "Flor");
    assert_eq!(vault.find("person", "paternal_surname", "Quispe").unwrap(), [leaving.before]);
    assert_eq!(vault.find("person", "survivor_code", "S-Quispe").unwrap(), [leaving.before]);
    assert_eq!(vault.list("person", None, 9).unwrap().len(), 2);
    assert_eq!(vault.consents(leaving.edited).unwrap().ledger().unwrap().consents.len(), 1);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn who_left_opens_nothing_written_since_and_no_section_at_all_once_all_is_sealed_again() {
    let leaving = leaving();
    let Leaving { world, lawyer, before, edited } = &leaving;
    let vault = &world.vault;
    let mut kept = {
        // The adversary holds what the role holds, and the whole key tree.
        let mut kept = Kept::by(vault);
        let role = vault.live().roster.body.role("lawyer").unwrap().compartments.clone();
        kept.ring = kept.ring.subset(&role);
        kept
    };
    assert!(kept.opens_group(vault, *before) && !kept.opens_sections(vault, *before).is_empty());

    vault.remove_member("Lucía Ficticia").unwrap();
    assert!(vault.needs_reseal() && vault.left_to_reseal().unwrap() > 0);
    vault.edit(*edited, 1, RecordEdit::new().set("phone", "999888777")).unwrap();
    let after = vault.add(person(vault.read(*edited).unwrap().parent().unwrap(), "Nueva")).unwrap();
    kept.read(vault.store.as_ref());
    for id in [*edited, after] {
        assert!(!kept.opens_group(vault, id), "the tree leads no further");
    }
    assert_eq!(kept.opens_sections(vault, after), [] as [u8; 0]);
    // What was written before is theirs as long as it lies there under the old keys.
    assert!(!kept.opens_sections(vault, *before).is_empty());
    let error = VaultOptions::new().open(world.office.path(), lawyer).map(drop);
    assert!(error.is_err());

    assert_eq!(vault.find("person", "phone", "999888777").unwrap(), [*edited]);
    vault.edit(*edited, 2, RecordEdit::new().set("phone", "912345678")).unwrap();
    assert!(vault.find("person", "phone", "999888777").unwrap().is_empty());
    vault.reseal(&mut |_| ()).unwrap();
    assert!(!vault.needs_reseal());
    kept.read(vault.store.as_ref());
    for id in [*before, *edited, after] {
        assert!(!kept.opens_group(vault, id));
        assert_eq!(kept.opens_sections(vault, id), [] as [u8; 0]);
    }
    assert_eq!(vault.list("person", None, 9).unwrap().len(), 3);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    // Nobody's grant holds an old key any more, but that of the log.
    let live = vault.live();
    for code in 1..=8 {
        assert_eq!(live.ring.epochs(code).count(), 1, "{code}");
    }
    assert!(live.ring.epochs(0).count() > 1);
}

#[test]
fn a_removed_member_is_not_a_member_and_cannot_be_removed_twice() {
    let Leaving { world, lawyer, .. } = leaving();
    let World { office, vault, .. } = world;
    let me = vault.members()[0].name.clone();
    assert_eq!(vault.remove_member(&me).unwrap_err().kind(), ErrorKind::NotAllowed);
    assert_eq!(vault.remove_member("Nadie").unwrap_err().kind(), ErrorKind::NotFound);
    vault.remove_member("Lucía Ficticia").unwrap();
    assert_eq!(vault.remove_member("Lucía Ficticia").unwrap_err().kind(), ErrorKind::NotFound);
    // The same name may come back, with another card.
    let again = Identity::generate().unwrap();
    vault.add_member("Lucía Ficticia", &again.card(), "lawyer").unwrap();
    drop(vault);
    let error = VaultOptions::new().open(office.path(), &lawyer).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotMember);
    let vault = VaultOptions::new().open(office.path(), &again).unwrap();
    assert_eq!(vault.remove_member(&me).unwrap_err().kind(), ErrorKind::NotAllowed);
    assert_eq!(vault.reseal(&mut |_| ()).unwrap_err().kind(), ErrorKind::NotAllowed);
}

#[test]
fn two_directors_remove_a_third_together() {
    let office = Office::new();
    let vault = office.create();
    let others: Vec<_> = (0..2).map(|_| Identity::generate().unwrap()).collect();
    vault.add_member("Segunda", &others[0].card(), "director").unwrap();
    vault.add_member_cosigned("Tercera", &others[1].card(), "director", &others[0]).unwrap();
    let alone = vault.remove_member("Tercera").unwrap_err();
    assert_eq!(alone.kind(), ErrorKind::NeedsSecondSignature);
    vault.remove_member_cosigned("Tercera", &others[0]).unwrap();
    vault.reseal(&mut |_| ()).unwrap();
    drop(vault);
    let error = VaultOptions::new().open(office.path(), &others[1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotMember);
    VaultOptions::new().open(office.path(), &others[0]).unwrap();
    // Until escrow is set up the capsule is the directors': not that of who left.
    let capsule = crate::keys::capsule::read_current(&office.path()).unwrap().unwrap();
    assert!(capsule.open(others[1].age()).is_err() && capsule.open(others[0].age()).is_ok());
}

#[test]
fn reads_searches_and_history_are_the_same_before_during_and_after() {
    let leaving = leaving();
    let vault = &leaving.world.vault;
    reads_the_same(vault, &leaving);
    vault.remove_member("Lucía Ficticia").unwrap();
    reads_the_same(vault, &leaving);
    // Stopped after one record, and another change of staff comes in between.
    let one = [leaving.before];
    assert_eq!(vault.reseal_some(&one).unwrap(), 1);
    assert_eq!(vault.reseal_some(&one).unwrap(), 0);
    reads_the_same(vault, &leaving);
    let other = Identity::generate().unwrap();
    vault.add_member("Otra Ficticia", &other.card(), "psychologist").unwrap();
    vault.remove_member("Otra Ficticia").unwrap();
    reads_the_same(vault, &leaving);
    let mut seen = Vec::new();
    assert!(vault.reseal(&mut |progress| seen.push(progress)).unwrap() >= 4);
    assert!(seen.last().is_some_and(|last| last.done == last.total));
    reads_the_same(vault, &leaving);
    assert_eq!(vault.reseal(&mut |_| ()).unwrap(), 0);
    // What took the place of the old postings is swept out.
    let live = vault.live();
    let mut rows = 0;
    let mut count = |_: &[u8], _: &[u8]| {
        rows += 1;
        Ok(())
    };
    vault.store.scan(&[crate::search::POSTING_TABLE], &mut count).unwrap();
    let mut named = 0;
    live.tree
        .walk(vault.store.as_ref(), &mut |slot, entry| {
            if slot >= FIRST_RECORD_SLOT {
                let loaded = vault.load(&live, &RecordId::from_slot(slot, entry.tail))?;
                named += vault.particulars(&live, &loaded)?.postings.len();
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(rows, named);
    drop(live);
    let office = leaving.world.office;
    drop(leaving.world.vault);
    assert!(!office.open().needs_reseal());
}

#[test]
fn too_many_rotations_at_once_are_refused_and_none_is_lost() {
    let Leaving { world, .. } = leaving();
    let vault = &world.vault;
    let mut refused = 0;
    for n in 0..5 {
        let name = format!("Persona {n}");
        vault.add_member(&name, &Identity::generate().unwrap().card(), "lawyer").unwrap();
        match vault.remove_member(&name) {
            Ok(()) => assert!(n < 3),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Conflict);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 2);
    vault.reseal(&mut |_| ()).unwrap();
    vault.remove_member("Persona 4").unwrap();
    vault.reseal(&mut |_| ()).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_kill_at_any_step_of_a_removal_finishes_or_undoes_it() {
    let steps = [
        Step::SpareSlot,
        Step::NextCapsule,
        Step::Frame,
        Step::ReadBack,
        Step::CapsuleRenamed,
        Step::OldSlotGone,
        Step::Head,
    ];
    let leaving = leaving();
    let Leaving { world, lawyer, before, .. } = &leaving;
    let frozen = Arc::new(StdMutex::new(Vec::new()));
    let (from, to) = (world.office.dir.path().to_path_buf(), Arc::clone(&frozen));
    *world.vault.hook.lock().unwrap() = Some(Box::new(move |step| {
        let here = tempfile::tempdir().unwrap();
        copy(&from, here.path());
        to.lock().unwrap().push((step, here));
        Ok(())
    }));
    world.vault.remove_member("Lucía Ficticia").unwrap();
    // And in the midst of sealing again.
    let folder = world.office.dir.path().to_path_buf();
    let half = tempfile::tempdir().unwrap();
    world.vault.reseal_some(&[*before]).unwrap();
    copy(&folder, half.path());
    world.vault.reseal(&mut |_| ()).unwrap();
    let mut frozen = std::mem::take(&mut *frozen.lock().unwrap());
    assert!(frozen.iter().map(|(step, _)| *step).eq(steps.into_iter().chain(steps)));
    frozen.push((Step::Head, half));
    for (nth, (step, here)) in frozen.into_iter().enumerate() {
        let path = here.path().join("vault");
        let vault = VaultOptions::new().open(&path, &leaving.world.office.director).unwrap();
        reads_the_same(&vault, &leaving);
        let undone = nth < 2;
        assert_eq!(vault.members().iter().any(|m| m.name == "Lucía Ficticia"), undone, "{step:?}");
        if undone {
            vault.remove_member("Lucía Ficticia").unwrap();
        }
        vault.reseal(&mut |_| ()).unwrap();
        reads_the_same(&vault, &leaving);
        assert!(!vault.needs_reseal());
        drop(vault);
        let error = VaultOptions::new().open(&path, lawyer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotMember);
    }
}

#[test]
fn an_older_revision_that_was_altered_is_not_sealed_again() {
    let leaving = leaving();
    let vault = &leaving.world.vault;
    vault.remove_member("Lucía Ficticia").unwrap();
    let key = {
        let live = vault.live();
        let loaded = vault.load(&live, &leaving.before).unwrap();
        let keys = loaded.group.slots.iter().map(|slot| write::history_row(&slot.sk, 2));
        keys.into_iter().find(|key| vault.store.get(key).unwrap().is_some()).unwrap()
    };
    let mut bytes = vault.store.get(&key).unwrap().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let mut batch = crate::store::Batch::new();
    batch.put(key, bytes);
    batch.state(vault.store.state());
    vault.store.commit(&batch).unwrap();
    let error = vault.reseal(&mut |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tampered);
    assert!(vault.needs_reseal(), "the older keys are kept");
}

/// A damaged record must not keep the others under the keys of who left.
#[test]
fn one_damaged_record_does_not_hold_up_the_others() {
    let leaving = leaving();
    let vault = &leaving.world.vault;
    vault.remove_member("Lucía Ficticia").unwrap();
    let row = record_row(&leaving.world.girl);
    let good = vault.store.get(&row).unwrap().unwrap();
    let put = |bytes: Vec<u8>| {
        let mut batch = crate::store::Batch::new();
        batch.put(row.clone(), bytes).state(vault.store.state());
        vault.store.commit(&batch).unwrap();
    };
    let mut bad = good.clone();
    *bad.last_mut().unwrap() ^= 1;
    put(bad);
    assert!(vault.reseal(&mut |_| ()).is_err());
    put(good);
    assert!(vault.needs_reseal(), "nothing was dropped");
    assert_eq!(vault.left_to_reseal().unwrap(), 1);
    assert_eq!(vault.reseal(&mut |_| ()).unwrap(), 1);
    reads_the_same(vault, &leaving);
}
