//! A4 and A10: what custodians can do together, and nobody with fewer.

use std::sync::{Arc, Mutex as StdMutex};

use super::*;
use crate::escrow::share::Share;
use crate::keys::anchor::FileAnchor;
use crate::vault::advance::Step;

pub(super) type Pieces = Vec<(String, Result<Share>)>;

fn custodians(names: &[&str]) -> Vec<(String, String)> {
    let recipient = || Identity::generate().unwrap().card().recipient();
    names.iter().map(|name| ((*name).to_owned(), recipient())).collect()
}

fn shares(ceremony: &Ceremony) -> Vec<Share> {
    ceremony.shares().map(|(_, share)| share.clone()).collect()
}

pub(super) fn brought(shares: &[Share], which: &[usize]) -> Pieces {
    which.iter().map(|n| (format!("share {n}"), Ok(shares[*n].clone()))).collect()
}

/// A vault with two records and an escrow of two out of three.
pub(super) fn dealt(office: &Office) -> (RecordId, RecordId, Vec<Share>) {
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let ceremony = vault.hold_ceremony(2, &custodians(&["Ana", "Berta", "Carla"])).unwrap();
    let shares = shares(&ceremony);
    vault.put_escrow_in_force(ceremony, None).unwrap();
    assert!(!vault.needs_reseal(), "nobody left: no key is old");
    vault.close().unwrap();
    (case, girl, shares)
}

pub(super) fn recover(path: &Path, pieces: Pieces) -> Result<(Identity, Vec<Share>)> {
    let recovery = VaultOptions::new().recover(path, pieces)?;
    let ceremony = recovery.deal()?;
    let (new, next) = (Identity::generate()?, shares(&ceremony));
    let name = format!("Directora {}", new.card());
    recovery.finish(ceremony, &name, &new.card())?;
    Ok((new, next))
}

fn reads_all(path: &Path, identity: &Identity, girl: RecordId) -> Vault {
    let vault = VaultOptions::new().open(path, identity).unwrap();
    assert_eq!(text(&vault.read(girl).unwrap(), "given_names"), "Flor");
    assert_eq!(vault.find("person", "paternal_surname", "Quispe").unwrap(), [girl]);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    vault
}

#[test]
fn a_quorum_recovers_a_copy_of_the_folder_alone_and_fewer_recover_nothing() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    for (which, enough) in
        [(&[0][..], false), (&[0, 1], true), (&[0, 2], true), (&[1, 2], true), (&[0, 1, 2], true)]
    {
        let elsewhere = tempfile::tempdir().unwrap();
        let path = elsewhere.path().join("copy");
        copy(&office.path(), &path);
        let before = listing(elsewhere.path());
        let done = recover(&path, brought(&shares, which));
        if !enough {
            assert_eq!(done.unwrap_err().kind(), ErrorKind::TooFewShares);
            assert!(listing(elsewhere.path()) == before, "nothing was changed");
            let error = VaultOptions::new().open(&path, &office.director).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NoAnchor);
            continue;
        }
        let (new, next) = done.unwrap();
        let vault = reads_all(&path, &new, girl);
        assert!(vault.needs_reseal());
        vault.reseal(&mut |_| ()).unwrap();
        drop(vault);
        let vault = reads_all(&path, &new, girl);
        assert_eq!(vault.status().unwrap().escrow.unwrap().epoch, 2);
        drop(vault);
        // What was used once is worthless from now on; what was dealt anew is not.
        let again = tempfile::tempdir().unwrap();
        let path2 = again.path().join("copy");
        copy(&path, &path2);
        assert!(recover(&path2, brought(&shares, which)).is_err());
        let (newer, _) = recover(&path2, brought(&next, &[0, 1])).unwrap();
        reads_all(&path2, &newer, girl);
    }
}

#[test]
fn after_a_panic_no_staff_key_opens_anything_and_a_quorum_opens_everything() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    let anchor = FileAnchor::beside(&office.path());
    for slot in anchor.slots().unwrap() {
        anchor.destroy(slot.erase_epoch()).unwrap();
    }
    let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnchor);
    let capsule = crate::keys::capsule::read_current(&office.path()).unwrap().unwrap();
    assert!(capsule.open(office.director.age()).is_err());
    let (new, _) = recover(&office.path(), brought(&shares, &[2, 0])).unwrap();
    reads_all(&office.path(), &new, girl);
}

#[test]
fn setting_up_escrow_leaves_no_capsule_that_a_director_opens() {
    let office = Office::new();
    drop(office.create());
    let file = office.path().join("capsule");
    let old = fs::read(&file).unwrap();
    let inode = fs::File::open(&file).unwrap();
    let vault = office.open();
    let ceremony = vault.hold_ceremony(2, &custodians(&["Ana", "Berta"])).unwrap();
    vault.put_escrow_in_force(ceremony, None).unwrap();
    let capsule = crate::keys::capsule::read_current(&office.path()).unwrap().unwrap();
    assert!(capsule.open(office.director.age()).is_err());
    // Not only renamed away: the file that it was has nothing of it left.
    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut &inode, &mut left).unwrap();
    assert!(!left.windows(64).any(|bytes| old.windows(64).any(|was| was == bytes)));
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn old_shares_open_yesterday_and_nothing_written_since_a_custodian_was_replaced() {
    let office = Office::new();
    let (case, girl, old) = dealt(&office);
    let yesterday = tempfile::tempdir().unwrap();
    let then = yesterday.path().join("vault");
    copy(&office.path(), &then);

    let vault = office.open();
    let recipient = Identity::generate().unwrap().card().recipient();
    let ceremony = vault.hold_ceremony_without("Berta", ("Dora", &recipient)).unwrap();
    let new = shares(&ceremony);
    vault.put_escrow_in_force(ceremony, None).unwrap();
    vault.reseal(&mut |_| ()).unwrap();
    let later = vault.add(person(case, "Nueva")).unwrap();
    assert!(vault.hold_ceremony_without("Berta", ("Elsa", &recipient)).is_err());
    drop(vault);

    // Today's folder: not at all.
    let today = tempfile::tempdir().unwrap();
    let now = today.path().join("vault");
    copy(&office.path(), &now);
    assert!(recover(&now, brought(&old, &[0, 1, 2])).is_err());
    // Yesterday's keys open nothing of today even with today's section keys for nothing.
    let secret_ring = {
        let (director, _) = recover(&then, brought(&old, &[0, 1])).unwrap();
        let vault = reads_all(&then, &director, girl);
        assert!(vault.read(later).is_err());
        vault.live().ring.clone()
    };
    let vault = office.open();
    let live = vault.live();
    let loaded = vault.load(&live, &later).unwrap();
    for slot in &loaded.group.slots {
        let Some((bytes, slot)) = loaded.section(slot.section).unwrap() else { continue };
        let section = slot.section;
        let record_type = if section.compartment == 0 { "" } else { "person" };
        let place = crate::seal::Place { vault: &vault.id, record: &later, record_type, section };
        for (epoch, ck) in secret_ring.epochs(section.compartment) {
            let opened = crate::seal::OpenSection::open(place, bytes, ck, &slot.sk);
            assert!(opened.is_err(), "epoch {epoch}");
        }
    }
    drop(live);
    drop(vault);
    let (newest, _) = recover(&now, brought(&new, &[1, 2])).unwrap();
    reads_all(&now, &newest, girl).read(later).unwrap();
}

#[test]
fn a_piece_that_does_not_belong_is_named() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    let other = Office::new();
    let (_, _, foreign) = dealt(&other);
    let mut pieces = brought(&shares, &[0, 0, 1]);
    pieces.push(("foreign".to_owned(), Ok(foreign[1].clone())));
    let vault = office.open();
    let drill = vault.drill(pieces).unwrap();
    let kinds: Vec<_> = drill.refused.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [ErrorKind::ShareTwice, ErrorKind::ShareForeign]);
    let status = vault.status().unwrap().escrow.unwrap();
    assert!(status.last_drill.is_some() && !status.drill_due);
    let few = vault.drill(brought(&shares, &[1])).unwrap_err();
    assert_eq!(few.kind(), ErrorKind::TooFewShares);
    let mut pieces = brought(&shares, &[1]);
    pieces.push(("foreign".to_owned(), Ok(foreign[0].clone())));
    let wrong = vault.drill(pieces).unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::ShareForeign);
    assert_eq!(wrong.place(), Some(&crate::Place::File("foreign".to_owned())));
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    vault.read(girl).unwrap();
    drop(vault);
    // Ninety days later one is due again.
    let now = Clock::now(&crate::SystemClock).as_second() + 91 * 24 * 3600;
    let clock = crate::FixedClock(Timestamp::from_second(now).unwrap());
    let options = VaultOptions::new().clock(Arc::new(clock));
    let vault = options.open(office.path(), &office.director).unwrap();
    assert!(vault.status().unwrap().escrow.unwrap().drill_due);
}

#[test]
fn a_kill_at_any_step_of_a_recovery_leaves_a_vault_that_somebody_opens() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    fs::remove_dir_all(FileAnchor::beside(&office.path()).folder()).unwrap();
    let recovery = VaultOptions::new().recover(office.path(), brought(&shares, &[0, 1])).unwrap();
    let frozen = Arc::new(StdMutex::new(Vec::new()));
    let (from, to) = (office.dir.path().to_path_buf(), Arc::clone(&frozen));
    *recovery.vault().hook.lock().unwrap() = Some(Box::new(move |step| {
        let here = tempfile::tempdir().unwrap();
        copy(&from, here.path());
        to.lock().unwrap().push((step, here));
        Ok(())
    }));
    let ceremony = recovery.deal().unwrap();
    let next = self::shares(&ceremony);
    let new = Identity::generate().unwrap();
    recovery.finish(ceremony, "Directora Nueva", &new.card()).unwrap();
    let frozen = std::mem::take(&mut *frozen.lock().unwrap());
    assert_eq!(frozen.len(), 7);
    for (step, here) in frozen {
        let path = here.path().join("vault");
        if matches!(step, Step::SpareSlot | Step::NextCapsule) {
            // Nothing was final: the same shares go on, and the old director's key still opens.
            reads_all(&path, &office.director, girl);
            let (again, _) = recover(&path, brought(&shares, &[0, 1])).unwrap();
            reads_all(&path, &again, girl);
        } else {
            reads_all(&path, &new, girl);
            let (again, _) = recover(&path, brought(&next, &[1, 2])).unwrap();
            reads_all(&path, &again, girl);
        }
    }
}

#[test]
fn two_administrators_set_up_escrow_together() {
    let office = Office::new();
    let vault = office.create();
    let second = Identity::generate().unwrap();
    vault.add_member("Segunda", &second.card(), "director").unwrap();
    let people = custodians(&["Ana", "Berta"]);
    let alone = vault.hold_ceremony(2, &people).unwrap();
    let error = vault.put_escrow_in_force(alone, None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NeedsSecondSignature);
    let together = vault.hold_ceremony(2, &people).unwrap();
    vault.put_escrow_in_force(together, Some(&second)).unwrap();
    let stale = vault.hold_ceremony(2, &people).unwrap();
    let next = vault.hold_ceremony(2, &people).unwrap();
    vault.put_escrow_in_force(next, Some(&second)).unwrap();
    let error = vault.put_escrow_in_force(stale, Some(&second)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[test]
fn a_backup_that_only_custodians_open_comes_back_by_them() {
    let office = Office::new();
    let (case, girl, shares) = dealt(&office);
    let vault = office.open();
    let file = office.dir.path().join("escrow.backup");
    vault.backup(&file, &BackupRequest::default(), &mut |_| ()).unwrap();
    // Erased after it: the list in the folder that was lost says so.
    let doomed = vault.add(person(case, "Otra")).unwrap();
    vault.erase(doomed, &asked()).unwrap();
    drop(vault);
    let back = office.dir.path().join("back");
    let restored = Restore::new(&file).into_folder(&back, None, &mut |_| ()).unwrap();
    assert!(restored.vault.is_none());
    assert!(VaultOptions::new().open(&back, &office.director).is_err());
    let (new, _) = recover(&back, brought(&shares, &[1, 2])).unwrap();
    reads_all(&back, &new, girl);
}

#[test]
fn a_recovery_puts_out_all_who_administered_and_needs_none_of_their_signatures() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    let lawyer = Identity::generate().unwrap();
    let vault = office.open();
    vault.add_member("Lucía Ficticia", &lawyer.card(), "lawyer").unwrap();
    drop(vault);
    let (new, _) = recover(&office.path(), brought(&shares, &[0, 1])).unwrap();
    let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotMember);
    VaultOptions::new().open(office.path(), &lawyer).unwrap();
    let vault = reads_all(&office.path(), &new, girl);
    vault.reseal(&mut |_| ()).unwrap();
    vault.remove_member("Lucía Ficticia").unwrap();
    vault.reseal(&mut |_| ()).unwrap();
    // Who was put out by it comes back with the same card, if the director wants her.
    vault.add_member("Antes Directora", &office.director.card(), "lawyer").unwrap();
    drop(vault);
    let vault = office.open();
    assert_eq!(vault.role(), "lawyer");
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_director_who_has_her_key_and_lost_the_anchor_recovers_for_herself() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    fs::remove_dir_all(FileAnchor::beside(&office.path()).folder()).unwrap();
    let recovery = VaultOptions::new().recover(office.path(), brought(&shares, &[1, 2])).unwrap();
    let ceremony = recovery.deal().unwrap();
    recovery.finish(ceremony, "Directora", &office.director.card()).unwrap();
    reads_all(&office.path(), &office.director, girl).reseal(&mut |_| ()).unwrap();
    reads_all(&office.path(), &office.director, girl);
}

#[test]
fn departures_that_are_not_worked_off_do_not_keep_a_quorum_out() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    let vault = office.open();
    for n in 0..3 {
        let name = format!("Persona {n}");
        vault.add_member(&name, &Identity::generate().unwrap().card(), "lawyer").unwrap();
        vault.remove_member(&name).unwrap();
    }
    drop(vault);
    let (new, _) = recover(&office.path(), brought(&shares, &[0, 2])).unwrap();
    let vault = reads_all(&office.path(), &new, girl);
    vault.reseal(&mut |_| ()).unwrap();
    assert!(!vault.needs_reseal());
    drop(vault);
    reads_all(&office.path(), &new, girl);
}

#[test]
fn a_capsule_that_does_not_hold_the_anchor_is_not_planted() {
    let office = Office::new();
    let (_, girl, shares) = dealt(&office);
    fs::remove_dir_all(FileAnchor::beside(&office.path()).folder()).unwrap();
    let file = office.path().join("capsule");
    let good = fs::read(&file).unwrap();
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    fs::write(&file, &bad).unwrap();
    let refused = recover(&office.path(), brought(&shares, &[0, 1])).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::RolledBack);
    // Nothing was planted: with the right one the same shares go on.
    fs::write(&file, &good).unwrap();
    let (new, _) = recover(&office.path(), brought(&shares, &[0, 1])).unwrap();
    reads_all(&office.path(), &new, girl);
}
