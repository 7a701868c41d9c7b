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
        let vault = rigged.options().create(rigged.office.path(), &Schema::peru().unwrap(), &rigged.office.director);
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
fn read_all(rigged: &Rigged, ids: &[RecordId], truth: &[BTreeMap<String, FieldValue>]) -> Result<()> {
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
    matches!(error.kind(), ErrorKind::Tampered | ErrorKind::Missing | ErrorKind::RolledBack | ErrorKind::NewerFormat | ErrorKind::UnknownFingerprint)
}

fn filled() -> (Rigged, Vec<RecordId>, Vec<BTreeMap<String, FieldValue>>) {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let other = vault.add(person(case, "Mamani")).unwrap();
    vault.edit(girl, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    let ids = vec![case, girl, other];
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
    let vault = options().create(office.path(), &Schema::peru().unwrap(), &office.director).unwrap();
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
    VaultOptions::new().fingerprint(&fingerprint.to_lowercase()).open(office.path(), &office.director).unwrap();
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
