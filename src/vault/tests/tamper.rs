//! A6: somebody who can write the store.

use super::*;
use crate::keys::pin::Pin;
use crate::seal::SealedRecord;
use crate::store::{Batch, MemoryStore};

/// A vault over a store in memory, so that a test can play its operator.
pub(super) struct Rigged {
    pub(super) office: Office,
    pub(super) store: Arc<MemoryStore>,
}

impl Rigged {
    pub(super) fn new() -> (Self, Vault) {
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

    pub(super) fn options(&self) -> VaultOptions {
        VaultOptions::new().store(Arc::clone(&self.store) as Arc<dyn Store>)
    }

    pub(super) fn open(&self) -> Result<Vault> {
        self.options().open(self.office.path(), &self.office.director)
    }

    pub(super) fn rows(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
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
    pub(super) fn set(&self, key: &[u8], value: Option<Vec<u8>>) {
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

pub(super) fn is_integrity(error: &Error) -> bool {
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
fn two_older_revisions_swapped_or_one_set_for_another_are_noticed() {
    let (rigged, vault) = Rigged::new();
    let id = vault.add(case("HCO-0001")).unwrap();
    for (revision, text) in [(1, "Segunda version."), (2, "Tercera version.")] {
        vault.edit(id, revision, RecordEdit::new().set("narrative", text)).unwrap();
    }
    let rows: Vec<_> = rigged.rows().into_iter().filter(|(key, _)| key[0] == b'h').collect();
    let [(a, first), (b, second)] = &rows[..] else { panic!("{} older revisions", rows.len()) };
    for (at_a, at_b) in [(second, first), (first, first), (second, second)] {
        rigged.set(a, Some(at_a.clone()));
        rigged.set(b, Some(at_b.clone()));
        let read = vault.read_revision(id, 1);
        assert!(is_integrity(&read.expect_err("another revision came out")));
        let report = vault.check(&mut |_| ()).unwrap();
        assert!(report.findings.iter().any(|found| found.kind == ErrorKind::Tampered));
    }
    vault.read(id).unwrap();
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

/// Not one row is missing, but the journal that the anchor remembers is.
#[test]
fn a_store_made_anew_from_the_same_rows_is_refused_by_the_anchor() {
    let (mut rigged, ids, truth) = filled();
    read_all(&rigged, &ids, &truth).unwrap();
    let mut all = Batch::new();
    all.put_all(rigged.rows()).state(rigged.store.state());
    let commits = rigged.store.position().sequence;
    for commits in [1, commits, commits + 1] {
        rigged.store = Arc::new(MemoryStore::default());
        for _ in 1..commits {
            rigged.store.commit(&Batch::new()).unwrap();
        }
        rigged.store.commit(&all).unwrap();
        assert_eq!(rigged.open().unwrap_err().kind(), ErrorKind::RolledBack);
    }
}

/// The journal is whole and goes on, but with what was there before.
#[test]
fn a_vault_set_back_by_commits_on_top_is_refused_by_the_anchor() {
    let (rigged, vault) = Rigged::new();
    let id = vault.add(case("HCO-0001")).unwrap();
    let mut back = Batch::new();
    back.put_all(rigged.rows()).state(rigged.store.state());
    vault.edit(id, 1, RecordEdit::new().set("narrative", "Segunda version.")).unwrap();
    vault.close().unwrap();
    for key in rigged.rows().keys().filter(|key| !back.rows.contains_key(*key)) {
        rigged.set(key, None);
    }
    rigged.store.commit(&back).unwrap();
    assert_eq!(rigged.open().unwrap_err().kind(), ErrorKind::RolledBack);
}

#[test]
fn a_folder_that_claims_to_be_another_copy_is_refused() {
    let (rigged, vault) = Rigged::new();
    vault.close().unwrap();
    let folder = rigged.office.path();
    let header = folder::Header::read(&folder).unwrap();
    fs::remove_file(folder.join("amparo.vault")).unwrap();
    let instance = InstanceId::from_bytes([9; 16]);
    folder::Header { instance, ..header }.write(&folder).unwrap();
    assert_eq!(rigged.open().unwrap_err().kind(), ErrorKind::Tampered);
}

#[test]
fn any_flipped_byte_of_the_newest_state_or_leaf_is_an_integrity_error() {
    let (rigged, vault) = Rigged::new();
    vault.close().unwrap();
    let (state, key) = (rigged.store.state(), crate::audit::leaf_row(0));
    let leaf = rigged.rows().remove(&key).unwrap();
    let open_with = |state: &[u8], leaf: &[u8]| {
        rigged.store.commit(Batch::new().state(state).put(key.clone(), leaf)).unwrap();
        rigged.open()
    };
    let flip = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 0x10;
        bytes
    };
    for at in 0..state.len() {
        let error = open_with(&flip(&state, at), &leaf).unwrap_err();
        assert!(is_integrity(&error), "byte {at} of the state: {error:?}");
    }
    for at in (0..16).chain((16..leaf.len()).step_by(7)) {
        let error = open_with(&state, &flip(&leaf, at)).unwrap_err();
        assert!(is_integrity(&error), "byte {at} of the leaf: {error:?}");
    }
    let mut newer = state.clone();
    newer[0] += 1;
    assert_eq!(open_with(&newer, &leaf).unwrap_err().kind(), ErrorKind::NewerFormat);
    open_with(&state, &leaf).unwrap();
}

#[test]
fn a_row_of_a_newer_format_is_refused_by_name() {
    let (rigged, ids, _) = filled();
    let keys = [record_row(&ids[0]), roster_row(1), crate::audit::leaf_row(0)];
    for key in keys {
        let whole = rigged.rows().remove(&key).unwrap();
        for at in [0, 1] {
            let mut newer = whole.clone();
            newer[at] += 1;
            rigged.set(&key, Some(newer));
            let said = rigged.open().and_then(|vault| {
                vault.read(ids[0])?;
                let found = vault.check(&mut |_| ())?.findings.remove(0);
                Err::<(), _>(Error::new(found.kind, found.detail))
            });
            assert_eq!(said.unwrap_err().kind(), ErrorKind::NewerFormat, "{}", key[0] as char);
        }
        rigged.set(&key, Some(whole));
    }
}

#[test]
fn an_older_schema_under_the_newest_group_is_refused() {
    let (rigged, vault) = Rigged::new();
    let key = rigged.rows().into_keys().find(|key| key[0] == b'r').unwrap();
    let row = || SealedRecord::parse(&rigged.rows()[&key]).unwrap();
    let then = row();
    let schema = Schema::peru().unwrap();
    let version = format!("version = {}", schema.version());
    let newer = Schema::parse(&schema.source().replacen(&version, "version = 99", 1)).unwrap();
    vault.update_schema(&newer).unwrap();
    vault.close().unwrap();
    let mut mixed = row();
    mixed.put_section(meta::SECTION, then.section(meta::SECTION).unwrap().to_vec());
    rigged.set(&key, Some(mixed.to_bytes().unwrap()));
    assert_eq!(rigged.open().unwrap_err().kind(), ErrorKind::Tampered);
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
fn everything_that_a_pin_remembers_is_held_against_the_vault() {
    let office = Office::new();
    let pins = Arc::new(crate::FilePins::new(office.dir.path().join("pins")));
    let options = || VaultOptions::new().pins(Arc::clone(&pins) as Arc<dyn PinStore>);
    let vault =
        options().create(office.path(), &Schema::peru().unwrap(), &office.director).unwrap();
    let id = vault.id();
    drop(vault);
    let pin = pins.load(&id).unwrap().unwrap();
    type Bend = fn(&mut Pin);
    let bent: [(Bend, ErrorKind); 6] = [
        (|pin| pin.fingerprint = "AAAA-BBBB".to_owned(), ErrorKind::UnknownFingerprint),
        (|pin| pin.roster_version += 1, ErrorKind::RolledBack),
        (|pin| pin.roster_hash = "00".repeat(32), ErrorKind::RolledBack),
        (|pin| pin.erase_epoch += 1, ErrorKind::RolledBack),
        (|pin| pin.log.log_size += 1, ErrorKind::RolledBack),
        (|pin| pin.log.log_root = "00".repeat(32), ErrorKind::RolledBack),
    ];
    for (number, (bend, kind)) in bent.into_iter().enumerate() {
        let mut pin = pin.clone();
        bend(&mut pin);
        pins.save(&id, &pin).unwrap();
        let error = options().open(office.path(), &office.director).unwrap_err();
        assert_eq!(error.kind(), kind, "case {number}");
    }
    pins.save(&id, &pin).unwrap();
    options().open(office.path(), &office.director).unwrap();
}

#[test]
fn a_vault_of_a_newer_format_is_refused_by_name_and_an_altered_header_as_damage() {
    let office = Office::new();
    drop(office.create());
    let header = office.path().join("amparo.vault");
    let whole = fs::read(&header).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 2;
        fs::write(&header, &bytes).unwrap();
        let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
        let newer = at == 7;
        let kind = if newer { ErrorKind::NewerFormat } else { ErrorKind::Tampered };
        assert_eq!(error.kind(), kind, "byte {at}");
    }
    fs::write(&header, whole).unwrap();
    office.open();
}

#[test]
fn a_child_of_a_complete_type_cannot_be_hidden_by_dropping_postings() {
    let (rigged, vault) = Rigged::new();
    let case = vault.add(case("HCO-0001")).unwrap();
    let measure = |n: &str| RecordDraft::new("protection_measure").under(case).set("measure", n);
    let ids = vault.add_all(vec![measure("uno"), measure("dos")]).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let all = [girl, ids[0], ids[1]];
    assert_eq!(vault.read(case).unwrap().revision(), 1);
    drop(vault);
    let keys: Vec<_> = rigged.rows().into_keys().filter(|key| key[0] == b'p').collect();
    for key in keys {
        rigged.set(&key, None);
    }
    let vault = rigged.open().unwrap();
    assert_eq!(vault.children(case).unwrap(), all);
    assert_eq!(vault.list("protection_measure", Some(case), 9).unwrap(), ids);
    vault.read(girl).unwrap();
    assert!(!vault.check(&mut |_| ()).unwrap().findings.is_empty());
    vault.erase(ids[0], &asked()).unwrap();
    assert_eq!(vault.children(case).unwrap(), [girl, ids[1]]);
    vault.erase(case, &asked()).unwrap();
    assert_eq!(vault.read(girl).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn two_sessions_over_one_store_lose_nothing_silently() {
    let (rigged, one) = Rigged::new();
    let two = rigged.open().unwrap();
    let id = two.add(case("HCO-0001")).unwrap();
    assert_eq!(one.add(case("HCO-0002")).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(one.read(id).unwrap_err().kind(), ErrorKind::SessionEnded);
    two.read(id).unwrap();
    rigged.open().unwrap().read(id).unwrap();
}

#[test]
fn any_flipped_byte_of_a_list_of_children_is_noticed_by_whoever_reads_it() {
    let (rigged, ids, _) = filled();
    let key = record_row(&ids[0]);
    let whole = rigged.rows().remove(&key).unwrap();
    let row = SealedRecord::parse(&whole).unwrap();
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
