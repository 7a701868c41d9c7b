//! A6 who is a member too: holds the keys of the tree, not the signatures of others.

use super::tamper::{Rigged, is_integrity};
use super::*;
use crate::audit::{Act, Change, leaf_row};
use crate::seal::{SealedRecord, SectionId};
use crate::vault::commit::{RecordEntry, Tx};

/// What a forger does to a record's row and group, and to what the leaf says of them; the row as
/// it was once is at hand.
type Forge = fn(&SealedRecord, &mut SealedRecord, &mut Group, &mut Vec<Change>);

fn set_back(then: &SealedRecord, row: &mut SealedRecord, group: &mut Group, section: SectionId) {
    let old = then.section(section).unwrap();
    assert_ne!(row.section(section), Some(old));
    group.slot_mut(section).unwrap().digest = crate::seal::head_digest(old).unwrap();
    row.put_section(section, old.to_vec());
}

/// Drops a section as if it had never been written.
fn drop_section(row: &mut SealedRecord, group: &mut Group, section: SectionId) {
    assert!(row.section(section).is_some());
    row.sections.retain(|(id, _)| *id != section);
    group.slot_mut(section).unwrap().digest = [0; 32];
}

const LINKS: SectionId = SectionId { compartment: 1, part: 1 };
const ACCOUNT: SectionId = SectionId::fields(4);

/// A2 with write access to the store: every member can forge the key tree, but not sign for a
/// compartment that the role does not hold, nor for the vault's own records.
#[test]
fn a_member_who_forges_the_key_tree_is_found_out() {
    let forgeries: [(u64, Forge); 11] = [
        (16, |then, row, group, _| set_back(then, row, group, ACCOUNT)),
        (16, |then, row, group, _| set_back(then, row, group, meta::SECTION)),
        (16, |then, row, group, _| set_back(then, row, group, LINKS)),
        (16, |_, row, group, _| drop_section(row, group, ACCOUNT)),
        (16, |_, row, group, _| drop_section(row, group, LINKS)),
        // Schema, index keys and policies, with and without saying so.
        (0, |_, _, _, _| ()),
        (0, |_, _, _, changes| changes.clear()),
        (1, |_, _, _, _| ()),
        (1, |_, _, _, changes| changes.clear()),
        (2, |_, _, _, _| ()),
        (2, |_, _, _, changes| changes.clear()),
    ];
    for (number, (slot, forge)) in forgeries.into_iter().enumerate() {
        let (rigged, vault) = Rigged::new();
        let id = vault.add(case("HCO-0001")).unwrap();
        assert_eq!(id.slot(), 16);
        let measure = |n| RecordDraft::new("protection_measure").under(id).set("measure", n);
        vault.add(measure("Una")).unwrap();
        let then = SealedRecord::parse(&rigged.rows()[&record_row(&id)]).unwrap();
        vault.edit(id, 1, RecordEdit::new().set("narrative", "Segunda version.")).unwrap();
        vault.add(measure("Otra")).unwrap();
        let thief = Identity::generate().unwrap();
        vault.add_member("Estela Ficticia", &thief.card(), "statistician").unwrap();
        drop(vault);
        assert_eq!(rigged.open().unwrap().check(&mut |_| ()).unwrap().findings, []);

        let vault = rigged.options().open(rigged.office.path(), &thief).unwrap();
        let live = vault.live();
        let entry = live.tree.lookup(vault.store.as_ref(), slot).unwrap().unwrap();
        let id = RecordId::from_slot(slot, entry.tail);
        let loaded = vault.load(&live, &id).unwrap();
        let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
        let (name, digest) = ([0; 16], [0; 32]);
        let mut changes =
            vec![Change { slot, name, digest, revision: 2, compartments: 0, links: 0 }];
        forge(&then, &mut row, &mut group, &mut changes);
        let mut tx = Tx::begin(&vault, &live);
        let digest = tx.put_record(&vault, &id, &mut row, &group, RecordEntry::Known).unwrap();
        changes.iter_mut().for_each(|change| change.digest = digest);
        tx.changes = changes;
        let ready = vault.ready(&live, tx, Act::Edited).unwrap();
        drop(live);
        vault.commit(ready, |_| ()).unwrap();
        drop(vault);
        let found = match rigged.open().and_then(|vault| vault.check(&mut |_| ())) {
            Err(error) => error.kind() == ErrorKind::Tampered,
            Ok(report) => report.findings.iter().any(|found| found.kind == ErrorKind::Tampered),
        };
        assert!(found, "forgery {number}");
    }
}

#[test]
fn a_member_cannot_sign_for_a_compartment_or_an_act_beyond_the_role() {
    for (act, compartments, digest) in [
        (Act::Edited, 1 << 6, [1; 32]),
        (Act::Edited, 0, [0; 32]),
        (Act::RosterChanged, 0, [1; 32]),
    ] {
        let (rigged, vault) = Rigged::new();
        let id = vault.add(case("HCO-0001")).unwrap();
        let thief = Identity::generate().unwrap();
        vault.add_member("Estela Ficticia", &thief.card(), "statistician").unwrap();
        drop(vault);
        let vault = rigged.options().open(rigged.office.path(), &thief).unwrap();
        // The thief's head is not refreshed: the next to open judges the leaf.
        let live = vault.live();
        let mut tx = Tx::begin(&vault, &live);
        tx.edit.touch().unwrap();
        let slot = id.slot();
        tx.changes.push(Change {
            slot,
            name: [0; 16],
            digest,
            revision: 2,
            compartments,
            links: 0,
        });
        let ready = vault.ready(&live, tx, act).unwrap();
        drop(live);
        vault.commit(ready, |_| ()).unwrap();
        vault.end();
        drop(vault);
        assert_eq!(rigged.open().unwrap_err().kind(), ErrorKind::Tampered, "{act:?}");
    }
}

/// A6 who is a member and so holds the key under which a commit's state is proved.
#[test]
fn a_commit_without_a_leaf_or_with_another_log_is_refused() {
    for forged in [None, Some([9; 32])] {
        let (rigged, vault) = Rigged::new();
        let live = vault.live();
        let mut tx = Tx::begin(&vault, &live);
        tx.edit.touch().unwrap();
        let mut ready = vault.ready(&live, tx, Act::Edited).unwrap();
        let mut log = live.log.clone();
        match forged {
            Some(hash) => log.append(hash),
            None => drop(ready.batch.rows.remove(&leaf_row(log.size()))),
        }
        let (root, roster) = (*ready.tree.root(), &live.roster);
        let state =
            state::State { root, roster_version: roster.version, roster_hash: roster.hash, log };
        ready.batch.state(state.to_bytes(ready.tree.root_key()));
        rigged.store.commit(&ready.batch).unwrap();
        drop(live);
        vault.end();
        assert!(is_integrity(&rigged.open().unwrap_err()));
    }
}

/// One of two administrators, with a program that does not ask for the other's signature.
#[test]
fn one_of_two_administrators_cannot_put_the_other_out() {
    let (rigged, vault) = Rigged::new();
    let second = Identity::generate().unwrap();
    let second = vault.add_member("Segunda Ficticia", &second.card(), "director").unwrap();
    let live = vault.live();
    let mut body = live.roster.body.clone();
    let entry = body.members.iter_mut().find(|entry| entry.member_id() == second).unwrap();
    entry.removed = Some(1);
    let (version, before) = (live.roster.version + 1, live.roster.hash);
    let signers = [(vault.member, vault.identity.sign_key())];
    let (roster, bytes) = Roster::build(version, before, body, &live.ring, &signers).unwrap();
    let Tx { mut edit, mut batch, changes, note } = Tx::begin(&vault, &live);
    batch.put(roster_row(0), bytes.clone()).put(roster_row(version), bytes);
    edit.touch().unwrap();
    let (key, root) = (live.tree.root_key().clone(), *live.tree.root());
    let sealed = edit.seal(&mut batch, key, root.erase_epoch, root.vault_epoch).unwrap();
    let stamp = (version, roster.hash);
    let ready = vault
        .finish(&live, sealed, batch, (changes, note), Act::RosterChanged, stamp, &live.ring)
        .unwrap();
    rigged.store.commit(&ready.batch).unwrap();
    drop(live);
    vault.end();
    assert_eq!(rigged.open().unwrap_err().kind(), ErrorKind::Tampered);
}

#[test]
fn a_child_left_off_its_parents_list_is_found_by_check() {
    let (_rigged, vault) = Rigged::new();
    let parent = vault.add(case("HCO-0001")).unwrap();
    let measure = RecordDraft::new("protection_measure").under(parent).set("measure", "Una");
    let child = vault.add(measure).unwrap();
    let live = vault.live();
    let mut links = links::LinkEdit::default();
    links.remove(live.schema.record_type("protection_measure").unwrap(), Some(parent), child);
    let mut tx = Tx::begin(&vault, &live);
    vault.write_links(&live, &mut tx, links, &[]).unwrap();
    let ready = vault.ready(&live, tx, Act::Edited).unwrap();
    drop(live);
    vault.commit(ready, |_| ()).unwrap();
    let findings = vault.check(&mut |_| ()).unwrap().findings;
    let found = findings.iter().any(|found| found.place == crate::error::Place::Record(child));
    assert!(found, "{findings:?}");
}
