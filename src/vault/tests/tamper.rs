//! A6: somebody who can write the store.

use super::*;
use crate::store::{Batch, MemoryStore};

/// A vault over a store in memory, so that a test can play its operator.
struct Rigged {
    office: Office,
    store: Arc<MemoryStore>,
}

impl Rigged {
    fn new() -> (Self, Vault) {
        let office = Office::new();
        let store = Arc::new(MemoryStore::default());
        let rigged = Self { office, store };
        let vault = rigged.options().create(
            rigged.office.path(),
            &Schema::peru().unwrap(),
            &rigged.office.director,
        );
        (rigged, vault.unwrap())
    }

    fn options(&self) -> VaultOptions {
        VaultOptions::new().store(Arc::clone(&self.store) as Arc<dyn Store>)
    }

    fn open(&self) -> Result<Vault> {
        self.options().open(self.office.path(), &self.office.director)
    }

    fn rows(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let mut rows = BTreeMap::new();
        self.store
            .scan(&[], &mut |key, value| {
                rows.insert(key.to_vec(), value.to_vec());
                Ok(())
            })
            .unwrap();
        rows
    }

    /// Changes one row behind the vault's back, keeping the state of the newest commit.
    fn set(&self, key: &[u8], value: Option<Vec<u8>>) {
        let mut batch = Batch::new();
        batch.state(self.store.state());
        match value {
            Some(value) => batch.put(key, value),
            None => batch.remove(key),
        };
        self.store.commit(&batch).unwrap();
    }
}

/// Reads everything that a person could; any failure must be an integrity error.
fn read_all(
    rigged: &Rigged,
    ids: &[RecordId],
    truth: &[BTreeMap<String, FieldValue>],
) -> Result<()> {
    let vault = rigged.open()?;
    for (id, truth) in ids.iter().zip(truth) {
        let record = vault.read(*id)?;
        assert!(record.fields() == truth, "a wrong value came out");
    }
    let report = vault.check(&mut |_| ())?;
    match report.findings.first() {
        None => Ok(()),
        Some(finding) => Err(Error::new(finding.kind, finding.detail)),
    }
}

fn is_integrity(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Tampered
            | ErrorKind::Missing
            | ErrorKind::RolledBack
            | ErrorKind::NewerFormat
            | ErrorKind::UnknownFingerprint
    )
}

fn filled() -> (Rigged, Vec<RecordId>, Vec<BTreeMap<String, FieldValue>>) {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let other = vault.add(person(case, "Mamani")).unwrap();
    vault.edit(girl, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    let measure = RecordDraft::new("protection_measure").under(case).set("measure", "Una");
    let measure = vault.add(measure).unwrap();
    let ids = vec![case, girl, other, measure];
    let truth = ids.iter().map(|id| vault.read(*id).unwrap().fields().clone()).collect();
    (rigged, ids, truth)
}

#[test]
fn any_row_flipped_swapped_removed_or_set_back_is_noticed() {
    let (rigged, ids, truth) = filled();
    read_all(&rigged, &ids, &truth).unwrap();
    let now = rigged.rows();
    let mut step = 0_usize;
    for (key, value) in &now {
        // Postings of noise lead nowhere: only those that are listed can be missed.
        for i in (0..value.len()).step_by((value.len() / 7).max(1)) {
            let mut bad = value.clone();
            bad[i] ^= 1 << (step % 8);
            step += 1;
            rigged.set(key, Some(bad));
            if let Err(error) = read_all(&rigged, &ids, &truth) {
                assert!(is_integrity(&error), "{error:?}");
            } else {
                assert_eq!(key[0], b'p', "row {} byte {i} went unnoticed", key[0] as char);
            }
            rigged.set(key, Some(value.clone()));
        }
        rigged.set(key, None);
        let error = read_all(&rigged, &ids, &truth).expect_err("a missing row goes unnoticed");
        assert!(is_integrity(&error), "{error:?}");
        rigged.set(key, Some(value.clone()));
    }
    let rows: Vec<_> = now.iter().filter(|(key, _)| b"rtlm".contains(&key[0])).collect();
    for (i, (a, va)) in rows.iter().enumerate() {
        for (b, vb) in rows.iter().skip(i + 1).filter(|(_, v)| *v != *va) {
            rigged.set(a, Some((*vb).clone()));
            rigged.set(b, Some((*va).clone()));
            let error = read_all(&rigged, &ids, &truth).expect_err("swapped rows go unnoticed");
            assert!(is_integrity(&error), "{error:?}");
            rigged.set(a, Some((*va).clone()));
            rigged.set(b, Some((*vb).clone()));
        }
    }
    read_all(&rigged, &ids, &truth).unwrap();
}

#[test]
fn any_single_row_set_back_to_an_earlier_state_is_noticed_at_the_read() {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    drop(vault);
    let before = rigged.rows();
    let vault = rigged.open().unwrap();
    vault.edit(girl, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    vault.add_member("Lucia", &Identity::generate().unwrap().card(), "lawyer").unwrap();
    drop(vault);
    let now = rigged.rows();
    let mut set_back = 0;
    for (key, old) in &before {
        let Some(new) = now.get(key).filter(|new| *new != old && key[0] != b'p') else { continue };
        set_back += 1;
        rigged.set(key, Some(old.clone()));
        let read = rigged.open().and_then(|vault| vault.read(girl));
        assert!(is_integrity(&read.expect_err("an older row was taken for the newest")));
        rigged.set(key, Some(new.clone()));
    }
    assert!(set_back >= 4);
    assert_eq!(rigged.open().unwrap().read(girl).unwrap().revision(), 2);
}

#[test]
fn the_whole_store_set_back_is_refused_by_the_anchor() {
    let office = Office::new();
    let vault = office.create();
    vault.add(case("HCO-0001")).unwrap();
    drop(vault);
    let old = tempfile::tempdir().unwrap();
    copy(&office.path(), old.path());
    let vault = office.open();
    vault.add(case("HCO-0002")).unwrap();
    drop(vault);
    fs::remove_dir_all(office.path()).unwrap();
    copy(old.path(), &office.path());
    let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RolledBack);
}

#[test]
fn a_pin_refuses_an_older_vault_and_another_one() {
    let office = Office::new();
    let pins = Arc::new(crate::FilePins::new(office.dir.path().join("pins")));
    let options = || VaultOptions::new().pins(Arc::clone(&pins) as Arc<dyn PinStore>);
    let vault =
        options().create(office.path(), &Schema::peru().unwrap(), &office.director).unwrap();
    let fingerprint = vault.fingerprint().to_string();
    vault.add(case("HCO-0001")).unwrap();
    drop(vault);
    let old = tempfile::tempdir().unwrap();
    copy(&office.path(), &old.path().join("vault"));
    copy(&office.dir.path().join("vault.anchor"), &old.path().join("vault.anchor"));
    let vault = options().open(office.path(), &office.director).unwrap();
    assert!(!vault.notices().contains(&Notice::PinnedAgain));
    vault.add(case("HCO-0002")).unwrap();
    drop(vault);
    // The thief brings vault *and* anchor from an older day: only the pin remembers.
    let error = options().open(old.path().join("vault"), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RolledBack);
    VaultOptions::new().open(old.path().join("vault"), &office.director).unwrap();
    let wrong = VaultOptions::new().fingerprint("AAAA-BBBB").open(office.path(), &office.director);
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::UnknownFingerprint);
    VaultOptions::new()
        .fingerprint(&fingerprint.to_lowercase())
        .open(office.path(), &office.director)
        .unwrap();
}

#[test]
fn a_vault_of_a_newer_format_is_refused_by_name() {
    let office = Office::new();
    drop(office.create());
    let header = office.path().join("amparo.vault");
    let mut bytes = fs::read(&header).unwrap();
    bytes[7] = b'9';
    fs::write(&header, &bytes).unwrap();
    let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NewerFormat);
}

#[test]
fn a_child_of_a_complete_type_cannot_be_hidden_by_dropping_postings() {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let measure = |n: &str| RecordDraft::new("protection_measure").under(case).set("measure", n);
    let ids = vault.add_all(vec![measure("uno"), measure("dos")]).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    assert_eq!(vault.read(case).unwrap().revision(), 1);
    drop(vault);
    let keys: Vec<_> = rigged.rows().into_keys().filter(|key| key[0] == b'p').collect();
    for key in keys {
        rigged.set(&key, None);
    }
    let vault = rigged.open().unwrap();
    assert_eq!(vault.children(case).unwrap(), ids, "the girl is only hidden in the search");
    assert_eq!(vault.list("protection_measure", Some(case), 9).unwrap(), ids);
    vault.read(girl).unwrap();
    assert!(!vault.check(&mut |_| ()).unwrap().findings.is_empty());
    vault.erase(ids[0]).unwrap();
    assert_eq!(vault.children(case).unwrap(), &ids[1..]);
}

#[test]
fn two_sessions_over_one_store_lose_nothing_silently() {
    let (rigged, one) = Rigged::new();
    let two = rigged.open().unwrap();
    let id = one.add(case("HCO-0001")).unwrap();
    assert_eq!(two.add(case("HCO-0002")).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(two.read(id).unwrap_err().kind(), ErrorKind::SessionEnded);
    one.read(id).unwrap();
    rigged.open().unwrap().read(id).unwrap();
}

/// A2 with write access to the store: every member can forge the key tree, but not sign for a
/// compartment that the role does not hold.
#[test]
fn a_member_who_sets_back_a_section_of_others_is_found_out() {
    use crate::audit::{Act, Change};
    use crate::vault::commit::{RecordEntry, Tx};
    let (rigged, vault) = Rigged::new();
    let id = vault.add(case("HCO-0001")).unwrap();
    vault.edit(id, 1, RecordEdit::new().set("narrative", "Segunda version.")).unwrap();
    let thief = Identity::generate().unwrap();
    vault.add_member("Estela Ficticia", &thief.card(), "statistician").unwrap();
    drop(vault);
    let vault = rigged.options().open(rigged.office.path(), &thief).unwrap();
    let account =
        crate::seal::SectionId::fields(vault.schema().compartment_code("account").unwrap());
    let live = vault.live();
    let loaded = vault.load(&live, &id).unwrap();
    let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
    let slot = group.slot_mut(account).unwrap();
    let old = rigged.store.get(&write::history_row(&slot.sk, 1)).unwrap().unwrap();
    slot.digest = crate::seal::head_digest(&old).unwrap();
    row.put_section(account, old);
    let mut tx = Tx::begin(&vault, &live);
    let digest =
        tx.put_record(&vault, &id, &mut row, &group, RecordEntry::Known(loaded.entry)).unwrap();
    tx.changes.push(Change {
        slot: id.slot(),
        name: [0; 16],
        digest,
        revision: 2,
        compartments: 0,
        links: 0,
    });
    let ready = vault.ready(&live, tx, Act::Edited).unwrap();
    drop(live);
    vault.commit(ready, |_| ()).unwrap();
    drop(vault);
    let vault = rigged.open().unwrap();
    let report = vault.check(&mut |_| ()).unwrap();
    assert!(report.findings.iter().any(|f| f.kind == ErrorKind::Tampered), "{report:?}");
}

#[test]
fn a_member_cannot_sign_for_a_compartment_or_an_act_beyond_the_role() {
    use crate::audit::{Act, Change};
    use crate::vault::commit::Tx;
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

#[test]
fn any_flipped_byte_of_a_list_of_children_is_noticed_by_whoever_reads_it() {
    let (rigged, ids, _) = filled();
    let key = record_row(&ids[0]);
    let whole = rigged.rows().remove(&key).unwrap();
    let row = crate::seal::SealedRecord::parse(&whole).unwrap();
    let (_, list) = row.sections.iter().find(|(id, _)| id.part == 1).unwrap();
    let start = whole.windows(list.len()).position(|bytes| bytes == list.as_slice()).unwrap();
    for at in start..start + list.len() {
        let mut bad = whole.clone();
        bad[at] ^= 4;
        rigged.set(&key, Some(bad));
        let vault = rigged.open().unwrap();
        assert!(is_integrity(&vault.children(ids[0]).unwrap_err()), "byte {at}");
        assert!(!vault.check(&mut |_| ()).unwrap().findings.is_empty(), "byte {at}");
    }
}
