//! The log: who did what and who saw what, and everything that somebody could do to it.

use std::ops::ControlFlow;

use super::attachments::{attach, photo};
use super::consents::{World, at, by};
use super::tamper::Rigged;
use super::*;
use crate::audit::{AuditAct, AuditEvent, AuditTouch, SignedCheckpoint, leaf_row};
use crate::consent::{Basis, Grant, OverrideTerms, Party, RecipientRef};
use crate::keys::pin::FilePins;
use crate::store::{Batch, MemoryStore};
use crate::{AuditRequest, HandOver, Language, Notice, Policy};

fn events(vault: &Vault, request: AuditRequest) -> Vec<AuditEvent> {
    let mut events = Vec::new();
    let mut push = |event| {
        events.push(event);
        ControlFlow::Continue(())
    };
    vault.audit(&request, &mut |_, _| (), &mut push).unwrap();
    events
}

fn acts(vault: &Vault, request: AuditRequest) -> Vec<AuditAct> {
    events(vault, request).into_iter().map(|event| event.act).collect()
}

fn set_log_reads(vault: &Vault, code: &str) {
    let policy = vault.policy().unwrap();
    let next = policy.version() + 1;
    let source =
        policy.source().replace(&format!("version = {}", next - 1), &format!("version = {next}"));
    let source = source.replace("log_reads = \"batched\"", &format!("log_reads = \"{code}\""));
    vault.set_policy(&Policy::parse(&source).unwrap()).unwrap();
    assert_eq!(vault.policy().unwrap().log_reads().code(), code);
}

#[test]
fn who_read_what_is_in_the_log_when_the_session_ends() {
    let office = Office::new();
    let lawyer = Identity::generate().unwrap();
    let vault = office.create();
    vault.add_member("Rosa", &lawyer.card(), "lawyer").unwrap();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    vault.close().unwrap();
    let theirs = VaultOptions::new().open(office.path(), &lawyer).unwrap();
    theirs.read(girl).unwrap();
    theirs.read(girl).unwrap();
    drop(theirs);
    let vault = office.open();
    let seen = events(&vault, AuditRequest::new().record(girl));
    let last = seen.last().unwrap();
    assert_eq!(
        (last.act, last.by.as_str(), last.role.as_str()),
        (AuditAct::Read, "Rosa", "lawyer")
    );
    assert_eq!(last.records.len(), 1);
    let record = &last.records[0];
    assert_eq!((record.id, record.touch), (Some(girl), AuditTouch::Read));
    // A lawyer does not hold `care`, and did not see it.
    assert!(!record.compartments.is_empty());
    assert!(!record.compartments.iter().any(|name| name == "care"));
    let of_case = acts(&vault, AuditRequest::new().record(case));
    assert_eq!(of_case, [AuditAct::Added, AuditAct::Added, AuditAct::Read]);
    let all = acts(&vault, AuditRequest::new());
    assert_eq!(all.iter().filter(|act| **act == AuditAct::Unlocked).count(), 2);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn the_policy_says_which_reads_are_logged_and_when() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    set_log_reads(&vault, "before_reveal");
    let before = vault.status().unwrap().log_size;
    vault.read(case).unwrap();
    vault.read_fields(case, &["case_code"]).unwrap();
    vault.read_revision(case, 1).unwrap();
    assert_eq!(vault.status().unwrap().log_size, before + 3);
    vault.close().unwrap();
    // Where nothing can be logged nothing is shown.
    let reading = VaultOptions::new().read_only().open(office.path(), &office.director).unwrap();
    assert_eq!(reading.read(case).unwrap_err().kind(), ErrorKind::ReadOnly);
    drop(reading);
    let vault = office.open();
    let policy = vault.policy().unwrap();
    let source = policy.source().replace("version = 2", "version = 3");
    let source = source.replace("log_reads = \"before_reveal\"", "log_reads = \"off\"");
    vault.set_policy(&Policy::parse(&source).unwrap()).unwrap();
    let before = vault.status().unwrap().log_size;
    vault.read(case).unwrap();
    vault.close().unwrap();
    // The next opening, and no read.
    assert_eq!(office.open().status().unwrap().log_size, before + 1);
}

#[test]
fn many_reads_are_logged_before_they_are_too_many() {
    let office = Office::new();
    let vault = office.create();
    let drafts = (0..600).map(|n| case(&format!("HCO-{n}"))).collect();
    let ids = vault.add_all(drafts).unwrap();
    let before = vault.status().unwrap().log_size;
    for id in &ids {
        vault.read(*id).unwrap();
    }
    assert_eq!(vault.status().unwrap().log_size, before + 1);
    let read: usize =
        events(&vault, AuditRequest::new()).iter().map(|event| event.records.len()).sum();
    assert_eq!(read, 1200);
}

#[test]
fn what_was_handed_over_and_why_is_told_to_whoever_may_know() {
    let World { vault, woman: girl, office: _office, prosecutor_id, prosecutor, .. } = World::new();
    let until = at("2027-11-22T05:00:00Z");
    let grant = Grant::new("legal_proceedings", prosecutor, until);
    let consents = vault.consents(girl).unwrap();
    consents.give(grant, &by(Party::Subject)).unwrap();
    consents.disclosed("legal_proceedings", prosecutor_id, &["person.given_names"]).unwrap();
    let told = events(&vault, AuditRequest::new().record(girl));
    let given: Vec<_> = told.iter().flat_map(|event| &event.given).collect();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].purpose, "legal_proceedings");
    assert_eq!(given[0].recipient, vault.recipient(prosecutor_id).unwrap().name);
    assert!(given[0].fields.contains("person.given_names"));
    let page = String::from_utf8(vault.survivor_page(girl, Language::Spanish).unwrap()).unwrap();
    assert!(page.contains(&given[0].recipient) && page.contains("A quiénes se entregó"));
    let house = String::from_utf8(vault.audit_page(girl, Language::English).unwrap()).unwrap();
    assert!(house.contains("Data was handed over"));
    // Who asks for an exception says why.
    let until = at("2026-11-24T00:00:00Z");
    let terms = OverrideTerms::new(
        "legal_proceedings",
        RecipientRef::Recipient(prosecutor_id),
        (Basis::CourtOrder, "Oficio inventado 7"),
        until,
    );
    consents.ask_override(terms).unwrap();
    let told = events(&vault, AuditRequest::new().record(girl));
    let last = told.last().unwrap();
    assert_eq!((last.act, last.why.as_deref()), (AuditAct::Overridden, Some("Oficio inventado 7")));
}

#[test]
fn what_is_gone_keeps_its_place_and_no_name() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    vault.read(case).unwrap();
    vault.erase(case, &asked()).unwrap();
    let told = events(&vault, AuditRequest::new().record(case));
    assert_eq!(told.last().unwrap().act, AuditAct::Erased);
    assert!(told.iter().flat_map(|event| &event.records).all(|record| record.id.is_none()));
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    let nobody = RecordId::from_slot(9999, [0; 10]);
    let error = vault
        .audit(&AuditRequest::new().record(nobody), &mut |_, _| (), &mut |_| ControlFlow::Break(()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn failed_tries_are_counted_by_whoever_opens_next() {
    let office = Office::new();
    drop(office.create());
    let stranger = Identity::generate().unwrap();
    for _ in 0..2 {
        VaultOptions::new().open(office.path(), &stranger).unwrap_err();
    }
    note_failed_unlock(office.path());
    let vault = office.open();
    assert!(vault.notices().contains(&Notice::UnlocksFailed));
    let told = events(&vault, AuditRequest::new());
    assert_eq!(told.last().unwrap().failed_unlocks, 3);
    drop(vault);
    assert!(!office.open().notices().contains(&Notice::UnlocksFailed));
    // Nothing is noted where there is no vault.
    let elsewhere = office.dir.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    note_failed_unlock(&elsewhere);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn a_checkpoint_is_confirmed_by_its_log_and_by_no_other() {
    let office = Office::new();
    let vault = office.create();
    vault.add(case("HCO-0001")).unwrap();
    let kept = vault.checkpoint().unwrap();
    kept.verify(&vault.checkpoint_key()).unwrap();
    vault.add(case("HCO-0002")).unwrap();
    assert_eq!(vault.confirm_checkpoint(&kept).unwrap(), vault.members()[0].name);
    let proof = vault.checkpoint_since(&kept).unwrap();
    proof.continues(kept.checkpoint()).unwrap();
    proof.newer().verify(&vault.checkpoint_key()).unwrap();

    let elsewhere = Office::new();
    let other = elsewhere.create();
    assert_eq!(other.confirm_checkpoint(&kept).unwrap_err().kind(), ErrorKind::BadInput);
    let newer = vault.checkpoint().unwrap();
    let forged = newer.to_string().replace("\n3\n", "\n2\n");
    assert_ne!(forged, newer.to_string());
    let forged = SignedCheckpoint::parse(&forged).unwrap();
    assert_eq!(vault.confirm_checkpoint(&forged).unwrap_err().kind(), ErrorKind::Tampered);
}

#[test]
fn a_vault_that_was_set_back_is_refused_by_its_witness_alone() {
    let (rigged, vault) = Rigged::new();
    vault.add(case("HCO-0001")).unwrap();
    drop(vault);
    let (rows, state) = (rigged.rows(), rigged.store.state());
    let (anchor, saved) =
        (rigged.office.dir.path().join("vault.anchor"), rigged.office.dir.path().join("saved"));
    copy(&anchor, &saved);
    let vault = rigged.open().unwrap();
    vault.add(case("HCO-0002")).unwrap();
    let kept = vault.checkpoint().unwrap();
    drop(vault);
    // Everything is set back: the store and the anchor. Without a pin nobody can tell.
    let fresh = Arc::new(MemoryStore::default());
    let mut batch = Batch::new();
    batch.put_all(rows).state(state);
    fresh.commit(&batch).unwrap();
    fs::remove_dir_all(&anchor).unwrap();
    copy(&saved, &anchor);
    let options = VaultOptions::new().store(fresh as Arc<dyn Store>);
    let old = options.open(rigged.office.path(), &rigged.office.director);
    let old = match old {
        Ok(vault) => vault.confirm_checkpoint(&kept).unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(old.kind(), ErrorKind::RolledBack);
}

#[test]
fn what_a_partner_kept_is_remembered_with_the_pin() {
    let office = Office::new();
    let pins = || VaultOptions::new().pins(Arc::new(FilePins::new(office.dir.path().join("pins"))));
    drop(office.create());
    let vault = pins().open(office.path(), &office.director).unwrap();
    let kept = vault.checkpoint().unwrap();
    vault.add(case("HCO-0001")).unwrap();
    assert!(vault.witness(&kept).unwrap());
    drop(vault);
    drop(pins().open(office.path(), &office.director).unwrap());
    let file =
        fs::read_dir(office.dir.path().join("pins")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&file).unwrap();
    let root = data_encoding::HEXLOWER.encode(kept.checkpoint().root());
    assert!(text.contains(&format!("[[witness]]\nlog_size = {}\n", kept.checkpoint().size())));
    // A witness that the log does not continue is no log of this vault.
    fs::write(&file, text.replace(&root, &"00".repeat(32))).unwrap();
    let error = pins().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RolledBack);
    // Without a place for pins it is confirmed, and not kept.
    assert!(!office.open().witness(&kept).unwrap());
}

#[test]
fn any_leaf_edited_removed_swapped_or_cut_off_is_found_with_the_witness() {
    let (rigged, vault) = Rigged::new();
    for n in 0..5 {
        vault.add(case(&format!("HCO-{n}"))).unwrap();
    }
    let kept = vault.checkpoint().unwrap();
    let leaves: Vec<Vec<u8>> =
        (0..6).map(|index| rigged.rows().remove(&leaf_row(index)).unwrap()).collect();
    let found = |what: &str| {
        let checked = vault.check(&mut |_| ()).unwrap();
        assert!(!checked.findings.is_empty(), "{what}");
        assert!(vault.confirm_checkpoint(&kept).is_err(), "{what}");
        let mut go_on = |_| ControlFlow::Continue(());
        assert!(vault.audit(&AuditRequest::new(), &mut |_, _| (), &mut go_on).is_err(), "{what}");
    };
    for index in 0..6_usize {
        let row = leaf_row(index as u64);
        let mut flipped = leaves[index].clone();
        flipped[40] ^= 1;
        rigged.set(&row, Some(flipped));
        found("edited");
        rigged.set(&row, None);
        found("removed");
        rigged.set(&row, Some(leaves[(index + 1) % 6].clone()));
        found("swapped");
        rigged.set(&row, Some(leaves[index].clone()));
    }
    vault.confirm_checkpoint(&kept).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn what_was_read_before_is_not_taken_for_what_was_done_next() {
    let office = Office::new();
    let vault = office.create();
    let [read, other] = ["HCO-0001", "HCO-0002"].map(|code| vault.add(case(code)).unwrap());
    vault.read(read).unwrap();
    vault.erase(other, &asked()).unwrap();
    let told = events(&vault, AuditRequest::new().record(read));
    let last = told.last().unwrap();
    assert_eq!((last.act, last.reason), (AuditAct::Read, None));
    assert_eq!(acts(&vault, AuditRequest::new().record(other)).last(), Some(&AuditAct::Erased));
    // Nobody can tell her what a record said that is gone, nor is another one hers.
    let error = vault.survivor_page(other, Language::Spanish).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let forged = RecordId::from_slot(read.slot(), [0; 10]);
    let mut stop = |_| ControlFlow::Break(());
    let error = vault.audit(&AuditRequest::new().record(forged), &mut |_, _| (), &mut stop);
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_damaged_entry_of_a_ledger_does_not_hide_the_log() {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let until = at("2027-11-22T05:00:00Z");
    let kind = RecipientRef::Kind(crate::consent::RecipientKind::Prosecutor);
    let grant = Grant::new("legal_proceedings", kind, until);
    let entry = vault.consents(girl).unwrap().give(grant, &by(Party::Subject)).unwrap();
    drop(vault);
    let row = record_row(&entry);
    let mut bytes = rigged.rows().remove(&row).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    rigged.set(&row, Some(bytes));
    let vault = rigged.open().unwrap();
    let told = events(&vault, AuditRequest::new().record(girl));
    assert!(told.iter().any(|event| event.act == AuditAct::Consented));
    assert!(told.iter().any(|event| event.unreadable) || told.iter().all(|e| e.given.is_empty()));
}

#[test]
fn what_was_planted_for_the_count_of_failed_tries_is_left_alone() {
    let office = Office::new();
    drop(office.create());
    let precious = office.dir.path().join("precious");
    fs::write(&precious, "x").unwrap();
    std::os::unix::fs::symlink(&precious, office.path().join("unlocks.failed")).unwrap();
    note_failed_unlock(office.path());
    assert_eq!(fs::read(&precious).unwrap(), b"x");
    assert!(!office.open().notices().contains(&Notice::UnlocksFailed));
}

fn hers(vault: &Vault, person: RecordId) -> String {
    String::from_utf8(vault.survivor_page(person, Language::Spanish).unwrap()).unwrap()
}

#[test]
fn to_whom_a_file_went_is_told_to_whoever_opens_it() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Rosa", &lawyer.card(), "lawyer").unwrap();
    let new = NewAttachment::new("photo").compartment("care");
    let file = vault.attach(girl, &new, &mut &photo()[..]).unwrap();
    vault.hand_over(file, &HandOver::new("Perito Ficticio").why("pericia")).unwrap();
    let told = events(&vault, AuditRequest::new().record(girl));
    let last = told.iter().find(|event| event.act == AuditAct::HandedOver).unwrap();
    assert_eq!((last.handed.len(), last.handed[0].file), (1, Some(file.record())));
    assert_eq!(last.handed[0].to, "Perito Ficticio");
    assert_eq!(last.handed[0].why.as_deref(), Some("pericia"));
    let house = String::from_utf8(vault.audit_page(girl, Language::English).unwrap()).unwrap();
    for page in [house, hers(&vault, girl)] {
        assert!(page.contains("Perito Ficticio") && page.contains("pericia"));
    }
    drop(vault);
    // A lawyer does not open `care`: that a file went she may know, and no name.
    let theirs = VaultOptions::new().open(office.path(), &lawyer).unwrap();
    let told = events(&theirs, AuditRequest::new().record(girl));
    let last = told.iter().find(|event| event.act == AuditAct::HandedOver).unwrap();
    assert!(last.handed.is_empty() && !last.unreadable);
    let page = hers(&theirs, girl);
    assert!(!page.contains("Perito Ficticio") && page.contains("no puede abrirlo"));
}

#[test]
fn her_page_tells_who_read_what_the_case_shares_and_nothing_of_the_others() {
    let World { vault, girl, woman, office, prosecutor, prosecutor_id, .. } = World::new();
    let case = vault.read(woman).unwrap().parent().unwrap();
    let incident = RecordDraft::new("incident").under(case).set("account", "Relato inventado.");
    let incident = vault.add(incident).unwrap();
    let roles =
        [("Ana Ficticia", "lawyer"), ("Berta Ficticia", "lawyer"), ("Carla Ficticia", "director")];
    let members = roles.map(|(name, role)| {
        let identity = Identity::generate().unwrap();
        vault.add_member(name, &identity.card(), role).unwrap();
        identity
    });
    let grant = Grant::new("legal_proceedings", prosecutor, at("2027-11-22T05:00:00Z"));
    let consents = vault.consents(woman).unwrap();
    consents.give(grant, &by(Party::Subject)).unwrap();
    consents.disclosed("legal_proceedings", prosecutor_id, &["person.given_names"]).unwrap();
    let recipient = vault.recipient(prosecutor_id).unwrap().name;
    drop(vault);
    let [ana, berta, carla] = members;
    VaultOptions::new().open(office.path(), &ana).unwrap().read(case).unwrap();
    VaultOptions::new().open(office.path(), &berta).unwrap().read(incident).unwrap();
    let theirs = VaultOptions::new().open(office.path(), &carla).unwrap();
    // That somebody more came into the case changes the case's list.
    let other = theirs.add(person(case, "Mamani")).unwrap();
    theirs.read(woman).unwrap();
    attach(&theirs, other, &photo());
    drop(theirs);
    let vault = office.open();
    let page = hers(&vault, girl);
    assert!(page.contains("Ana Ficticia") && page.contains("Berta Ficticia"));
    assert!(!page.contains("Carla Ficticia") && !page.contains(&recipient));
    assert!(page.contains("otras personas del caso"));
    assert!(hers(&vault, woman).contains("Carla Ficticia"));
    assert!(hers(&vault, woman).contains(&recipient));
}

#[test]
fn why_a_hold_was_laid_and_lifted_is_told() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    vault.hold(case, "Oficio inventado 7").unwrap();
    vault.lift_hold(case, "Oficio inventado 8").unwrap();
    let told = events(&vault, AuditRequest::new().record(case));
    let why: Vec<_> = told.iter().filter_map(|event| event.why.as_deref()).collect();
    assert_eq!(why, ["Oficio inventado 7", "Oficio inventado 8"]);
    let house = String::from_utf8(vault.audit_page(case, Language::English).unwrap()).unwrap();
    assert!(house.contains("Oficio inventado 7") && house.contains("Oficio inventado 8"));
}

#[test]
fn who_reads_a_ledger_of_consent_has_a_leaf() {
    let World { vault, woman, office, prosecutor, .. } = World::new();
    let grant = Grant::new("legal_proceedings", prosecutor, at("2027-11-22T05:00:00Z"));
    vault.consents(woman).unwrap().give(grant, &by(Party::Subject)).unwrap();
    set_log_reads(&vault, "before_reveal");
    let reads = |vault: &Vault| {
        let told = events(vault, AuditRequest::new().record(woman));
        told.iter().filter(|event| event.act == AuditAct::Read).count()
    };
    let before = reads(&vault);
    let consents = vault.consents(woman).unwrap();
    assert_eq!(reads(&vault), before);
    consents.ledger().unwrap();
    assert_eq!(reads(&vault), before + 1);
    consents.recalls().unwrap();
    assert_eq!(reads(&vault), before + 2);
    vault.close().unwrap();
    // Where nothing can be logged nothing is shown.
    let reading = VaultOptions::new().read_only().open(office.path(), &office.director).unwrap();
    let refused = reading.consents(woman).unwrap().ledger().err().unwrap();
    assert_eq!(refused.kind(), ErrorKind::ReadOnly);
}
