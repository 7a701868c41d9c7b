//! Backups: what comes back, what stays gone, and everything that must not pass for whole.

use std::sync::Arc;

use super::erase::with_escrow;
use super::*;
use crate::keys::pin::{FilePins, PinStore};
use crate::vault::backup::{
    BackupFile, BackupKind, BackupReceipt, BackupRequest, Restore, Restored, SealedTo,
};
use crate::{FileAnchor, VaultOptions};

impl Office {
    fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn pinned(&self, user: &str) -> VaultOptions {
        VaultOptions::new().pins(Arc::new(FilePins::new(self.file(user))))
    }

    /// Restores as the director, into a folder of its own.
    fn restore(&self, restore: &Restore, name: &str) -> Result<Restored> {
        restore.into_folder(self.file(name), Some(&self.director), &mut |_| ())
    }
}

fn save(vault: &Vault, path: &Path, request: &BackupRequest) -> BackupReceipt {
    vault.backup(path, request, &mut |_| ()).unwrap()
}

pub(super) fn full(vault: &Vault, path: &Path) -> BackupReceipt {
    save(vault, path, &BackupRequest::new())
}

pub(super) fn no_findings(vault: &Vault) {
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_restored_vault_is_the_one_that_was_saved() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    vault.edit(girl, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    let path = office.file("a.backup");
    let receipt = full(&vault, &path);
    assert_eq!(receipt.file.kind, BackupKind::Full);
    assert_eq!((receipt.file.sealed_to, receipt.outdated), (SealedTo::Directors, false));
    assert_eq!(BackupFile::verify(&path, &mut |_| ()).unwrap(), receipt.file);
    no_findings(&vault);
    let later = vault.add(super::case("HCO-0002")).unwrap();
    drop(vault);

    let restored = office.restore(&Restore::new(&path), "again").unwrap();
    assert_eq!(restored.report.check.unwrap().findings, []);
    assert_eq!(restored.report.backup, receipt.file);
    let vault = restored.vault.unwrap();
    assert_eq!(text(&vault.read(girl).unwrap(), "given_names"), "Luz");
    assert_eq!(text(&vault.read_revision(girl, 1).unwrap(), "given_names"), "Flor");
    assert_eq!(vault.find("person", "survivor_code", "S-Quispe").unwrap(), [girl]);
    assert_eq!(vault.read(later).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.backups().unwrap().len(), 1, "the backup knows of itself");
    vault.add(person(case, "Mamani")).unwrap();
    no_findings(&vault);
    vault.close().unwrap();
    let vault = VaultOptions::new().open(office.file("again"), &office.director).unwrap();
    assert_eq!(vault.status().unwrap().erase_epoch, 2);
    no_findings(&vault);
    assert!(!office.file("again.new").exists());
    for name in ["amparo.vault", "capsule"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(office.file("again").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_anchor_of_before_opens_nothing_of_a_restored_vault() {
    let office = Office::new();
    let vault = office.create();
    full(&vault, &office.file("a.backup"));
    drop(vault);
    let restored = office.restore(&Restore::new(office.file("a.backup")), "again").unwrap();
    drop(restored);
    let before = FileAnchor::beside(&office.path());
    let options = VaultOptions::new().anchor(Arc::new(before));
    let error = options.open(office.file("again"), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RolledBack);
}

#[test]
fn a_backup_never_holds_the_anchor_in_clear() {
    let office = Office::new();
    let vault = office.create();
    vault.add(case("HCO-0001")).unwrap();
    full(&vault, &office.file("a.backup"));
    let slot = FileAnchor::beside(&office.path()).slots().unwrap().remove(0);
    let bytes = fs::read(office.file("a.backup")).unwrap();
    assert!(!bytes.windows(32).any(|window| window == slot.key.expose()));
    for word in ["HCO-0001", "Relato", "Casa de Prueba"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
}

#[test]
fn increments_give_the_newest_state_and_only_over_their_own_base() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let gone = vault.add(super::case("HCO-0002")).unwrap();
    let [a, b, c, x] = ["a", "b", "c", "x"].map(|name| office.file(name));
    full(&vault, &a);
    vault.edit(girl, 1, RecordEdit::new().set("given_names", "Luz")).unwrap();
    vault.erase(gone, &asked()).unwrap();
    let second = save(&vault, &b, &BackupRequest::new().since(&a));
    assert!(matches!(second.file.kind, BackupKind::Increment { .. }));
    assert!(second.file.bytes < fs::metadata(&a).unwrap().len() / 2);
    let new = vault.add(super::case("HCO-0003")).unwrap();
    save(&vault, &c, &BackupRequest::new().since(&a).since(&b));
    full(&vault, &x);
    drop(vault);

    let restore = Restore::new(&a).increment(&b).increment(&c);
    let vault = office.restore(&restore, "again").unwrap().vault.unwrap();
    assert_eq!(text(&vault.read(girl).unwrap(), "given_names"), "Luz");
    vault.read(new).unwrap();
    assert_eq!(vault.read(gone).unwrap_err().kind(), ErrorKind::NotFound);
    no_findings(&vault);

    let other = Office::new();
    let vault = other.create();
    let error = vault.backup(other.file("y"), &BackupRequest::new().since(&a), &mut |_| ());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::BadInput);
    assert!(!other.file("y.part").exists() && vault.backups().unwrap().is_empty());
    for wrong in [
        Restore::new(&b),
        Restore::new(&a).increment(&c),
        Restore::new(&x).increment(&b),
        Restore::new(&a).increment(&c).increment(&b),
        Restore::new(&a).increment(&x),
    ] {
        let error = office.restore(&wrong, "wrong").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadInput);
        assert!(!office.file("wrong").exists() && !office.file("wrong.new").exists());
    }
}

#[test]
fn what_was_erased_after_a_backup_does_not_come_back() {
    let office = Office::new();
    let vault = office.create();
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let child = vault.add(person(doomed, "Quispe")).unwrap();
    let spared = vault.add(case("HCO-0002")).unwrap();
    let path = office.file("a.backup");
    full(&vault, &path);
    vault.erase(doomed, &asked()).unwrap();
    let newer = office.file("b.backup");
    full(&vault, &newer);
    drop(vault);
    let list = office.path().join("erasures");

    // Without any list the backup gives back what it held: that is what the list is for.
    let vault = office.restore(&Restore::new(&path), "without").unwrap().vault.unwrap();
    vault.read(child).unwrap();
    drop(vault);
    let ways = [
        Restore::new(&path).damaged(office.path()),
        Restore::new(&path).erasures(&list),
        Restore::new(&path).erasures(&newer),
    ];
    for (number, restore) in ways.iter().enumerate() {
        let restored = office.restore(restore, &format!("with{number}")).unwrap();
        assert_eq!(restored.report.erased_again, 2);
        assert_eq!(restored.report.check.unwrap().findings, []);
        let vault = restored.vault.unwrap();
        for id in [doomed, child] {
            assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::NotFound);
        }
        assert!(vault.find("person", "survivor_code", "S-Quispe").unwrap().is_empty());
        vault.read(spared).unwrap();
        // What the restored vault saves knows of it too.
        full(&vault, &office.file(&format!("c{number}.backup")));
    }
    let restore = Restore::new(&path).erasures(office.file("c0.backup"));
    assert_eq!(office.restore(&restore, "third").unwrap().report.erased_again, 2);
}

#[test]
fn an_entry_of_another_copy_does_not_kill_what_took_its_slot() {
    let office = Office::new();
    let vault = office.create();
    vault.add(case("HCO-0001")).unwrap();
    let first = office.file("a.backup");
    full(&vault, &first);
    // The old copy goes on and erases what it put into the next slot.
    let theirs = vault.add(case("HCO-0002")).unwrap();
    vault.erase(vault.add(case("HCO-0003")).unwrap(), &asked()).unwrap();
    vault.erase(theirs, &asked()).unwrap();
    drop(vault);
    let vault = office.restore(&Restore::new(&first), "second").unwrap().vault.unwrap();
    let ours = vault.add(case("HCO-0004")).unwrap();
    assert_eq!(ours.slot(), theirs.slot());
    let second = office.file("b.backup");
    full(&vault, &second);
    drop(vault);
    let restore = Restore::new(&second).damaged(office.path());
    let restored = office.restore(&restore, "third").unwrap();
    assert_eq!(restored.report.erased_again, 0);
    restored.vault.unwrap().read(ours).unwrap();
}

#[test]
fn a_list_that_a_stranger_or_another_vault_wrote_kills_nothing() {
    let office = Office::new();
    let vault = office.create();
    let id = vault.add(case("HCO-0001")).unwrap();
    let path = office.file("a.backup");
    full(&vault, &path);
    vault.erase(id, &asked()).unwrap();
    drop(vault);
    let list = fs::read(office.path().join("erasures")).unwrap();
    // A name is nobody's to invent, and a slot counts only under a signature.
    let mut forged = list.clone();
    let name = list.len() - 64 - 16;
    forged[name..name + 16].fill(0);
    fs::write(office.file("forged"), forged).unwrap();
    let restore = Restore::new(&path).erasures(office.file("forged"));
    let restored = office.restore(&restore, "again").unwrap();
    assert_eq!(restored.report.erased_again, 0);
    restored.vault.unwrap().read(id).unwrap();

    let other = Office::new();
    let vault = other.create();
    vault.erase(vault.add(case("HCO-0001")).unwrap(), &asked()).unwrap();
    let restore = Restore::new(&path).erasures(other.path().join("erasures"));
    assert_eq!(office.restore(&restore, "wrong").unwrap_err().kind(), ErrorKind::BadInput);
    let restore = Restore::new(&path).erasures(office.file("nowhere"));
    assert!(office.restore(&restore, "wrong").is_err());
    fs::write(office.path().join("erasures"), b"rubbish").unwrap();
    let restored = office.restore(&Restore::new(&path).damaged(office.path()), "third").unwrap();
    assert_eq!(restored.report.lists_unread, 1);
}

#[test]
fn a_list_that_somebody_took_away_or_set_back_is_missed() {
    let office = Office::new();
    let vault = office.create();
    let [one, two] = ["HCO-0001", "HCO-0002"].map(|code| vault.add(case(code)).unwrap());
    let path = office.file("a.backup");
    full(&vault, &path);
    vault.erase(one, &asked()).unwrap();
    let list = office.path().join("erasures");
    let older = fs::read(&list).unwrap();
    vault.erase(two, &asked()).unwrap();
    drop(vault);
    let newest = fs::read(&list).unwrap();
    let pins = || office.pinned("pins");
    drop(pins().open(office.path(), &office.director).unwrap());
    for (found, back) in [(None, true), (Some(older), true), (Some(newest), false)] {
        fs::remove_file(&list).unwrap_or_default();
        if let Some(bytes) = found {
            fs::write(&list, bytes).unwrap();
        }
        let restore = Restore::new(&path).damaged(office.path()).options(pins());
        let report = restore.drill(office.file("x"), Some(&office.director), &mut |_| ()).unwrap();
        assert_eq!(report.erasures_unknown, back);
    }
}

#[test]
fn a_list_that_was_lost_is_made_again() {
    let office = Office::new();
    let vault = office.create();
    vault.erase(vault.add(case("HCO-0001")).unwrap(), &asked()).unwrap();
    let closed = |vault: &Vault| vault.erasures(&vault.live()).unwrap().copies;
    let before = closed(&vault);
    drop(vault);
    let path = office.path().join("erasures");
    assert_eq!(before.values().map(BTreeMap::len).sum::<usize>(), 1);
    for spoilt in [None, Some(b"rubbish".to_vec())] {
        fs::remove_file(&path).unwrap();
        if let Some(bytes) = spoilt {
            fs::write(&path, bytes).unwrap();
        }
        assert_eq!(closed(&office.open()), before);
    }
}

#[test]
fn an_attempt_that_was_cut_short_goes_on_unless_the_vault_moved() {
    let office = Office::new();
    let vault = office.create();
    for number in 0..130 {
        vault.add(case(&format!("HCO-{number}")).set("narrative", "x".repeat(16_000))).unwrap();
    }
    let path = office.file("a.backup");
    let cut_short = || {
        // Somebody takes the name at the last moment.
        let taken = vault.backup(&path, &BackupRequest::new(), &mut |_| {
            fs::write(&path, b"a letter").unwrap();
        });
        assert_eq!(taken.unwrap_err().kind(), ErrorKind::Exists);
        fs::remove_file(&path).unwrap();
        BackupFile::verify(office.file("a.backup.part"), &mut |_| ()).unwrap();
    };
    cut_short();
    let len = fs::metadata(office.file("a.backup.part")).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(office.file("a.backup.part")).unwrap();
    file.set_len(len - 700_000).unwrap();
    drop(file);
    let unfinished = BackupFile::verify(office.file("a.backup.part"), &mut |_| ());
    assert_eq!(unfinished.unwrap_err().kind(), ErrorKind::Unfinished);
    let restore = Restore::new(office.file("a.backup.part"));
    assert_eq!(office.restore(&restore, "no").unwrap_err().kind(), ErrorKind::Unfinished);
    assert!(!office.file("no").exists() && !office.file("no.new").exists());
    let receipt = full(&vault, &path);
    assert!(receipt.resumed > 1_000_000 && !receipt.begun_anew);
    assert_eq!(vault.backups().unwrap().len(), 1);
    office.restore(&Restore::new(&path), "again").unwrap();

    fs::remove_file(&path).unwrap();
    cut_short();
    vault.add(case("HCO-more")).unwrap();
    let receipt = full(&vault, &path);
    assert!(receipt.begun_anew && receipt.resumed == 0);
    assert_eq!(vault.backups().unwrap().len(), 3);
}

#[test]
fn backups_are_known_before_they_are_written_and_only_administrators_make_them() {
    let office = Office::new();
    let vault = office.create();
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Abogada", &lawyer.card(), "lawyer").unwrap();
    let path = office.file("a.backup");
    let request = BackupRequest::new().label("disco azul");
    let mut seen = 0;
    vault
        .backup(&path, &request, &mut |_| {
            seen = vault.backups().unwrap().len();
            assert_eq!(vault.backups().unwrap()[0].finished, None);
        })
        .unwrap();
    assert_eq!(seen, 1);
    let known = vault.backups().unwrap().remove(0);
    assert_eq!((known.label.as_str(), known.erase_epoch), ("disco azul", 1));
    assert!(known.finished.is_some() && known.forgotten.is_none());
    vault.forget_backup(known.id).unwrap();
    assert!(vault.backups().unwrap()[0].forgotten.is_some());
    let nobody = crate::BackupId::from_bytes([9; 16]);
    assert_eq!(vault.forget_backup(nobody).unwrap_err().kind(), ErrorKind::NotFound);
    let taken = vault.backup(&path, &BackupRequest::new(), &mut |_| ()).unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Exists);
    let escrow = BackupRequest::new().sealed_to(SealedTo::Escrow);
    let error = vault.backup(office.file("b"), &escrow, &mut |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadInput);
    no_findings(&vault);
    drop(vault);
    no_findings(&office.open());
    let vault = VaultOptions::new().open(office.path(), &lawyer).unwrap();
    assert_eq!(vault.backups().unwrap().len(), 1);
    let error = vault.backup(office.file("b"), &BackupRequest::new(), &mut |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotAllowed);
    assert_eq!(vault.forget_backup(known.id).unwrap_err().kind(), ErrorKind::NotAllowed);
    // Nor does the lawyer's key open one.
    let restore = Restore::new(&path);
    let error = restore.into_folder(office.file("l"), Some(&lawyer), &mut |_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotMember);
    let stranger = Identity::generate().unwrap();
    for who in [Some(&stranger), None] {
        let error = restore.into_folder(office.file("l"), who, &mut |_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotMember);
    }
    assert!(!office.file("l").exists() && !office.file("l.new").exists());
}

#[test]
fn damage_anywhere_is_refused_and_leaves_nothing() {
    let office = Office::new();
    let vault = office.create();
    vault.add(case("HCO-0001")).unwrap();
    let (path, bad) = (office.file("a.backup"), office.file("bad"));
    full(&vault, &path);
    drop(vault);
    let bytes = fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 40).chain(bytes.len() - 70..bytes.len()) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        fs::write(&bad, flipped).unwrap();
        assert!(office.restore(&Restore::new(&bad), "no").is_err(), "byte {at}");
        fs::write(&bad, &bytes[..at]).unwrap();
        assert!(office.restore(&Restore::new(&bad), "no").is_err(), "cut at {at}");
        assert!(!office.file("no").exists() && !office.file("no.new").exists());
    }
    assert!(!office.file("no.anchor").exists());
}

/// Whoever can write files can make the hashes agree again; the signature they cannot.
#[test]
fn a_backup_with_another_row_and_good_hashes_is_refused() {
    use crate::store::backup::{BackupReader, BackupWriter};
    let office = Office::new();
    let vault = office.create();
    vault.add(person(vault.add(case("HCO-0001")).unwrap(), "Quispe")).unwrap();
    let (path, bad) = (office.file("a.backup"), office.file("bad"));
    full(&vault, &path);
    let mut reader = BackupReader::open(&path).unwrap();
    let mut writer = BackupWriter::begin(&bad, &reader.header()).unwrap();
    let mut changed = false;
    while let Some((key, mut row)) = reader.next_row().unwrap() {
        if key[0] == b'p' && !changed {
            // A posting: nothing but the signature would miss it.
            changed = true;
            row.as_mut().unwrap().fill(7);
        }
        writer.push(&key, row.as_deref()).unwrap();
    }
    assert!(changed);
    let mut last = reader.end().unwrap().last;
    last[34..66].copy_from_slice(&writer.end_rows().unwrap());
    writer.finish(&bad, &last).unwrap();
    let error = office.restore(&Restore::new(&bad), "no").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tampered);
}

#[test]
fn pins_move_for_whoever_restores_and_for_others_with_the_code() {
    let office = Office::new();
    let rosa = Identity::generate().unwrap();
    let vault = office.create();
    vault.add_member("Rosa", &rosa.card(), "lawyer").unwrap();
    let path = office.file("a.backup");
    full(&vault, &path);
    vault.add(case("HCO-0001")).unwrap();
    vault.add(case("HCO-0002")).unwrap();
    drop(vault);
    drop(office.pinned("director").open(office.path(), &office.director).unwrap());
    drop(office.pinned("rosa").open(office.path(), &rosa).unwrap());

    let drilled = Restore::new(&path)
        .options(office.pinned("director"))
        .drill(office.file("drill"), Some(&office.director), &mut |_| ())
        .unwrap();
    assert_eq!(drilled.check.unwrap().findings, []);
    assert!(!office.file("drill").exists() && !office.file("drill.anchor").exists());
    drop(office.pinned("director").open(office.path(), &office.director).unwrap());

    let restore = Restore::new(&path).options(office.pinned("director"));
    let restored = office.restore(&restore, "again").unwrap();
    // Two cases, that the backup was finished, and three openings.
    assert_eq!(restored.report.commits_lost, Some(6));
    let code = restored.report.code.clone().unwrap();
    drop(restored);
    drop(office.pinned("director").open(office.file("again"), &office.director).unwrap());
    // The old copy, should it turn up, is the one that is refused now.
    let old = office.pinned("director").open(office.path(), &office.director).unwrap_err();
    assert_eq!(old.kind(), ErrorKind::RolledBack);

    let open = |options: VaultOptions| options.open(office.file("again"), &rosa);
    assert_eq!(open(office.pinned("rosa")).unwrap_err().kind(), ErrorKind::RolledBack);
    let drill = drilled.code.unwrap();
    for wrong in ["", "AAAA-AAAA-AAAA-AAAA", &drill] {
        let error = open(office.pinned("rosa").accept_restore(wrong)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RolledBack);
    }
    drop(open(office.pinned("rosa").accept_restore(&code.to_lowercase())).unwrap());
    drop(open(office.pinned("rosa")).unwrap());
}

#[test]
fn another_vault_is_not_restored_in_the_place_of_the_pinned_one() {
    let office = Office::new();
    let vault = office.create();
    full(&vault, &office.file("a.backup"));
    drop(vault);
    let pins = FilePins::new(office.file("pins"));
    drop(office.pinned("pins").open(office.path(), &office.director).unwrap());
    let id = BackupFile::verify(office.file("a.backup"), &mut |_| ()).unwrap().vault;
    let mut pin = pins.load(&id).unwrap().unwrap();
    pin.fingerprint = "AAAA".to_owned();
    pins.save(&id, &pin).unwrap();
    let restore = Restore::new(office.file("a.backup")).options(office.pinned("pins"));
    let error = office.restore(&restore, "again").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownFingerprint);
    let options = VaultOptions::new().fingerprint("BBBB");
    let restore = Restore::new(office.file("a.backup")).options(options);
    let error = office.restore(&restore, "again").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownFingerprint);
}

#[test]
fn a_backup_for_the_escrow_waits_for_the_custodians() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let id = vault.add(case("HCO-0001")).unwrap();
    let (sealed, open) = (office.file("a.backup"), office.file("b.backup"));
    assert_eq!(full(&vault, &sealed).file.sealed_to, SealedTo::Escrow);
    let request = BackupRequest::new().sealed_to(SealedTo::Directors);
    assert_eq!(save(&vault, &open, &request).file.sealed_to, SealedTo::Directors);
    drop(vault);
    for who in [Some(&office.director), None] {
        let restored = Restore::new(&sealed);
        let restored = restored.into_folder(office.file("again"), who, &mut |_| ()).unwrap();
        assert!(restored.vault.is_none() && restored.report.code.is_none());
        assert_eq!(restored.report.fingerprint.is_some(), who.is_some());
        let error = VaultOptions::new().open(office.file("again"), &office.director).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unfinished);
        assert!(!office.file("again.anchor").exists());
        fs::remove_dir_all(office.file("again")).unwrap();
    }
    // Sealed to the directors, one of them is enough; the folder's capsule is the escrow's again.
    let vault = office.restore(&Restore::new(&open), "second").unwrap().vault.unwrap();
    vault.read(id).unwrap();
    no_findings(&vault);
    assert!(crate::keys::capsule::read_current(&office.file("second")).unwrap().is_some_and(
        |capsule| capsule.escrow_epoch == 1 && capsule.open(office.director.age()).is_err()
    ));
}

#[test]
fn what_stands_in_the_way_is_not_overwritten_and_what_a_kill_left_is_cleared() {
    let office = Office::new();
    let vault = office.create();
    let id = vault.add(case("HCO-0001")).unwrap();
    let path = office.file("a.backup");
    full(&vault, &path);
    drop(vault);
    let restore = Restore::new(&path);
    assert_eq!(office.restore(&restore, "vault").unwrap_err().kind(), ErrorKind::Exists);
    office.open().read(id).unwrap();
    fs::create_dir(office.file("x.anchor")).unwrap();
    assert_eq!(office.restore(&restore, "x").unwrap_err().kind(), ErrorKind::Exists);
    // What a kill leaves in the middle of unpacking.
    let left = office.file("again.new");
    fs::create_dir_all(left.join("vault/store")).unwrap();
    fs::create_dir_all(left.join("anchor")).unwrap();
    fs::write(left.join("making"), b"").unwrap();
    office.restore(&restore, "again").unwrap();
    assert!(!left.exists());
    // A folder that is being restored shows nothing, whatever anchor is put beside it.
    copy(&office.file("again"), &office.file("half"));
    copy(&office.file("again.anchor"), &office.file("half.anchor"));
    fs::write(office.file("half").join("restoring"), b"").unwrap();
    let error = VaultOptions::new().open(office.file("half"), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unfinished);
}

#[test]
fn a_panic_in_the_middle_leaves_no_backup() {
    let office = Office::new();
    let vault = office.create();
    for number in 0..90 {
        vault.add(case(&format!("HCO-{number}")).set("narrative", "x".repeat(16_000))).unwrap();
    }
    let anchor = FileAnchor::beside(&office.path());
    let path = office.file("a.backup");
    let error = vault.backup(&path, &BackupRequest::new(), &mut |_| {
        anchor.destroy(1).unwrap();
        let key = office.dir.path().join("vault.anchor/anchor.key");
        let mut bytes = fs::read(&key).unwrap();
        bytes[8192] = 1;
        fs::write(key, bytes).unwrap();
    });
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NoAnchor);
    assert!(!path.exists());
    // The rows that were written lead nowhere: the capsule comes last.
    let part = Restore::new(office.file("a.backup.part"));
    assert_eq!(office.restore(&part, "no").unwrap_err().kind(), ErrorKind::Unfinished);
}
