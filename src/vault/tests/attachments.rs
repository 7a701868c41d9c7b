//! Attached files: in and out, erased with their record, whole after a kill at any step.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::{Arc, Mutex as StdMutex};

use super::backups::no_findings;
use super::erase::with_escrow;
use super::tamper::Rigged;
use super::*;
use crate::error::Place;
use crate::vault::attachments::Files;
use crate::{Attachment, AttachmentId, HandOver, NewAttachment};

/// A JPEG by its first bytes, and long enough for three chunks.
pub(super) fn photo() -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0".to_vec();
    bytes.extend((0..150_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    bytes
}

pub(super) fn attach(vault: &Vault, record: RecordId, bytes: &[u8]) -> AttachmentId {
    let new = NewAttachment::new("photo").name("IMG_0001.jpg").collected_by("R. Prueba");
    vault.attach(record, &new, &mut &bytes[..]).unwrap()
}

pub(super) fn content(vault: &Vault, id: AttachmentId) -> Vec<u8> {
    let mut bytes = Vec::new();
    vault.open_attachment(id).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Every file in the folder, with its path.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    listing(&folder.join("files")).into_keys().collect()
}

#[test]
fn a_file_goes_in_sealed_and_comes_out() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let id = attach(&vault, girl, &photo());
    let empty = vault.attach(girl, &NewAttachment::new("other"), &mut &b""[..]).unwrap();
    let read = |vault: &Vault| {
        let Attachment { record, bytes, media_type, custody, compartment, .. } =
            vault.attachment(id).unwrap();
        assert_eq!((record, bytes, media_type.as_str()), (girl, 150_004, "image/jpeg"));
        assert_eq!(compartment, vault.schema().record_type("person").unwrap().home);
        assert_eq!(custody.len(), 1);
        assert_eq!(vault.attachments(girl).unwrap(), [id, empty]);
        assert_eq!(vault.attachments(case).unwrap(), []);
        assert!(content(vault, id) == photo());
        assert_eq!(content(vault, empty), b"");
        let mut file = vault.open_attachment(id).unwrap();
        file.seek(SeekFrom::Start(100_000)).unwrap();
        let mut part = [0; 4];
        file.read_exact(&mut part).unwrap();
        assert_eq!(part, photo()[100_000..100_004]);
        // The vault's own records are no children of the person.
        assert_eq!(vault.children(case).unwrap(), [girl]);
        assert_eq!(vault.children(girl).unwrap(), []);
        no_findings(vault);
    };
    read(&vault);
    vault.close().unwrap();
    read(&office.open());
    // Nothing of it in clear, and no name that tells anything.
    for path in files(&office.path()) {
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(32).any(|window| photo()[1000..].starts_with(window)));
        assert_eq!(path.file_name().unwrap().len(), 32);
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(files(&office.path()).len(), 2);
}

#[test]
fn a_file_is_written_out_once_it_was_verified_and_never_over_another() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let id = attach(&vault, case, &photo());
    let out = office.dir.path().join("out.jpg");
    vault.save_attachment(id, &out).unwrap();
    assert!(fs::read(&out).unwrap() == photo());
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&out).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(vault.save_attachment(id, &out).unwrap_err().kind(), ErrorKind::Exists);
    // A link that leads nowhere is something too.
    let link = office.dir.path().join("link.jpg");
    std::os::unix::fs::symlink(office.dir.path().join("nowhere"), &link).unwrap();
    assert_eq!(vault.save_attachment(id, &link).unwrap_err().kind(), ErrorKind::Exists);
    fs::remove_file(&link).unwrap();
    // The last chunk is damaged: nothing is left, although two chunks opened.
    let stored = &files(&office.path())[0];
    let mut bytes = fs::read(stored).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(stored, bytes).unwrap();
    let before = listing(office.dir.path()).len();
    let bad = office.dir.path().join("bad.jpg");
    let error = vault.save_attachment(id, &bad).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tampered);
    // What is damaged lies in the vault, not where it was to go.
    assert_eq!(error.place(), Some(&Place::Record(id.record())));
    assert!(!bad.exists());
    assert_eq!(listing(office.dir.path()).len(), before);
}

#[test]
fn what_is_not_what_was_written_is_named_by_check() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let one = attach(&vault, case, &photo());
    let two = attach(&vault, case, b"second");
    let found = |vault: &Vault| {
        let findings = vault.check(&mut |_| ()).unwrap().findings;
        findings.iter().map(|finding| finding.kind).collect::<Vec<_>>()
    };
    assert_eq!(found(&vault), []);
    let stored = files(&office.path());
    let good: Vec<Vec<u8>> = stored.iter().map(|path| fs::read(path).unwrap()).collect();
    let restore = || {
        for (path, bytes) in stored.iter().zip(&good) {
            let _ = fs::remove_file(path);
            fs::write(path, bytes).unwrap();
        }
    };
    // Swapped.
    fs::write(&stored[0], &good[1]).unwrap();
    fs::write(&stored[1], &good[0]).unwrap();
    assert_eq!(found(&vault), [ErrorKind::Tampered; 2]);
    for id in [one, two] {
        assert_eq!(vault.open_attachment(id).unwrap_err().kind(), ErrorKind::Tampered);
    }
    restore();
    // Cut, longer, one bit.
    let mut flipped = good[0].clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 4;
    let longer = [&good[0][..], b"x"].concat();
    for bad in [&good[0][..good[0].len() - 1], &longer[..], &flipped[..]] {
        fs::write(&stored[0], bad).unwrap();
        assert_eq!(found(&vault), [ErrorKind::Tampered]);
    }
    restore();
    // Gone; renamed; a pipe that would never end; a link to a good copy.
    fs::remove_file(&stored[0]).unwrap();
    assert_eq!(found(&vault), [ErrorKind::Missing]);
    restore();
    let other = stored[0].with_file_name("0".repeat(32));
    fs::rename(&stored[0], &other).unwrap();
    assert_eq!(found(&vault), [ErrorKind::Missing, ErrorKind::Tampered]);
    fs::rename(&other, &stored[0]).unwrap();
    fs::rename(&stored[0], office.dir.path().join("copy")).unwrap();
    std::os::unix::fs::symlink(office.dir.path().join("copy"), &stored[0]).unwrap();
    assert_eq!(found(&vault), [ErrorKind::Tampered]);
    fs::remove_file(&stored[0]).unwrap();
    fs::rename(office.dir.path().join("copy"), &stored[0]).unwrap();
    // One that nothing names.
    fs::write(office.path().join("files/acta.txt"), "x").unwrap();
    assert_eq!(found(&vault), [ErrorKind::Tampered]);
    fs::remove_file(office.path().join("files/acta.txt")).unwrap();
    assert_eq!(found(&vault), []);
}

/// A8 for files: everything old, every key of the staff, and today's anchor.
#[test]
fn an_erased_file_cannot_be_opened_from_an_old_copy() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let id = attach(&vault, doomed, &photo());
    vault.hand_over(id, &HandOver::new("Fiscalía Ficticia")).unwrap();
    let alone = vault.add(case("HCO-0002")).unwrap();
    let (goes, stays) = (attach(&vault, alone, &photo()), attach(&vault, alone, b"stays"));
    drop(vault);
    let old = tempfile::tempdir().unwrap();
    copy(&office.path(), &old.path().join("vault"));

    let vault = office.open();
    vault.erase(doomed, &asked()).unwrap();
    // One file of a record that stays.
    vault.erase(goes.record(), &asked()).unwrap();
    for gone in [id, goes] {
        assert_eq!(vault.attachment(gone).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(vault.open_attachment(gone).unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(vault.attachments(alone).unwrap(), [stays]);
    assert_eq!(content(&vault, stays), b"stays");
    assert_eq!(files(&office.path()).len(), 1);
    no_findings(&vault);
    drop(vault);

    // The whole old folder, files and all, with today's anchor and every staff key.
    assert_eq!(files(&old.path().join("vault")).len(), 3);
    copy(&office.dir.path().join("vault.anchor"), &old.path().join("vault.anchor"));
    let error = VaultOptions::new().open(old.path().join("vault"), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RolledBack);
    // Today's vault with the old file back in its place: nothing names it.
    for path in files(&old.path().join("vault")) {
        let relative = path.strip_prefix(old.path().join("vault")).unwrap();
        let target = office.path().join(relative);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        let _ = fs::copy(&path, target);
    }
    let vault = office.open();
    assert_eq!(vault.open_attachment(id).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings.len(), 2);
}

#[test]
fn a_role_opens_a_file_of_its_compartments_only() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let legal = NewAttachment::new("court_doc").compartment("legal");
    let legal = vault.attach(girl, &legal, &mut &b"auto"[..]).unwrap();
    let open = attach(&vault, girl, &photo());
    vault.hand_over(legal, &HandOver::new("Juzgado Ficticio")).unwrap();
    let psychologist = Identity::generate().unwrap();
    vault.add_member("psi", &psychologist.card(), "psychologist").unwrap();
    drop(vault);
    let vault = VaultOptions::new().open(office.path(), &psychologist).unwrap();
    assert!(!vault.compartments().contains(&"legal".to_owned()), "the test's premise");
    // That there is one is no secret to whoever holds the record's home; what it is, is.
    assert_eq!(vault.attachments(girl).unwrap(), [legal, open]);
    for kind in [
        vault.attachment(legal).unwrap_err().kind(),
        vault.open_attachment(legal).unwrap_err().kind(),
        vault.hand_over(legal, &HandOver::new("nadie")).unwrap_err().kind(),
        vault
            .attach(girl, &NewAttachment::new("other").compartment("legal"), &mut &b"x"[..])
            .unwrap_err()
            .kind(),
    ] {
        assert_eq!(kind, ErrorKind::NoCompartment);
    }
    assert!(content(&vault, open) == photo());
    // Yet this member takes none of them for an orphan, and sees whether it is whole.
    no_findings(&vault);
    let refused = vault.attach(girl, &NewAttachment::new("no_such_kind"), &mut &b"x"[..]);
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::UnknownCode);
    let field = NewAttachment::new("photo").field("given_names");
    assert_eq!(vault.attach(girl, &field, &mut &b"x"[..]).unwrap_err().kind(), ErrorKind::BadValue);
    assert_eq!(files(&office.path()).len(), 2, "what was refused leaves no file");
}

#[test]
fn who_held_a_file_is_signed_and_in_order() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let id = attach(&vault, case, &photo());
    vault.hand_over(id, &HandOver::new("Fiscalía Ficticia").why("pericia")).unwrap();
    vault.hand_over(id, &HandOver::new("Archivo").from("Fiscalía Ficticia")).unwrap();
    assert_eq!(vault.hand_over(id, &HandOver::new(" ")).unwrap_err().kind(), ErrorKind::Required);
    let custody = vault.attachment(id).unwrap().custody;
    let to: Vec<_> = custody.iter().map(|link| link.hand_over.clone()).collect();
    let pair = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
    assert_eq!(
        to,
        [None, pair("director", "Fiscalía Ficticia"), pair("Fiscalía Ficticia", "Archivo")]
    );
    no_findings(&vault);
}

/// A source that fails, as a card that is pulled out does.
struct Breaks(usize);

impl std::io::Read for Breaks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = buffer.len().min(self.0);
        self.0 -= read;
        if read == 0 { Err(std::io::ErrorKind::BrokenPipe.into()) } else { Ok(read) }
    }
}

#[test]
fn a_source_that_breaks_off_leaves_nothing() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let error = vault.attach(case, &NewAttachment::new("photo"), &mut Breaks(1 << 20)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(files(&office.path()).is_empty());
    assert_eq!(vault.attachments(case).unwrap(), []);
    no_findings(&vault);
}

/// The disk of a machine that lost power: between the file and its commit, after the commit
/// before the file is in its place, and around the frame of an erase.
#[test]
fn a_kill_loses_no_named_file_and_an_unnamed_one_goes_after_a_day() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let kept = attach(&vault, case, &photo());
    drop(vault);
    let stored = files(&office.path()).remove(0);
    let folder = Files::of(&office.path());
    let pending = office.path().join("files/pending");
    let name = crate::seal::file::FileName::parse(stored.file_name().unwrap().to_str().unwrap());
    // Killed after the commit, before the rename; or in an erase, before its frame.
    folder.set_aside(&[name.unwrap()]);
    assert_eq!(files(&office.path()), [pending.join(stored.file_name().unwrap())]);
    let reader = VaultOptions::new().read_only().open(office.path(), &office.director).unwrap();
    assert!(content(&reader, kept) == photo(), "found in either place");
    drop(reader);
    // Killed before the commit: whole or half, nothing names it.
    let orphan = pending.join("ab".repeat(16));
    fs::write(&orphan, b"half a file").unwrap();
    let vault = office.open();
    assert_eq!(files(&office.path()), [stored.clone(), orphan.clone()]);
    no_findings(&vault);
    drop(vault);
    let yesterday =
        std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    fs::File::options().write(true).open(&orphan).unwrap().set_modified(yesterday).unwrap();
    // A reader removes nothing.
    drop(VaultOptions::new().read_only().open(office.path(), &office.director).unwrap());
    assert!(orphan.exists());
    let vault = office.open();
    assert_eq!(files(&office.path()), [stored]);
    assert!(content(&vault, kept) == photo());
}

#[test]
fn a_kill_at_any_step_of_an_erase_brings_the_file_back_or_removes_it() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let doomed = vault.add(case("HCO-0001")).unwrap();
    let id = attach(&vault, doomed, &photo());
    let copies = tempfile::tempdir().unwrap();
    let (from, to) = (office.dir.path().to_path_buf(), copies.path().to_path_buf());
    let steps = Arc::new(StdMutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    *vault.hook.lock().unwrap() = Some(Box::new(move |step| {
        copy(&from, &to.join(format!("{step:?}")));
        seen.lock().unwrap().push(step);
        Ok(())
    }));
    vault.erase(doomed, &asked()).unwrap();
    drop(vault);
    let (mut back, mut gone) = (0, 0);
    for step in steps.lock().unwrap().iter() {
        let folder = copies.path().join(format!("{step:?}")).join("vault");
        let vault = VaultOptions::new().open(&folder, &office.director).unwrap();
        match vault.attachment(id) {
            Ok(_) => {
                assert!(content(&vault, id) == photo(), "{step:?}");
                back += 1;
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::NotFound, "{step:?}");
                gone += 1;
            }
        }
        assert_eq!(vault.check(&mut |_| ()).unwrap().findings, [], "{step:?}");
    }
    assert!(back > 0 && gone > 0, "{back} {gone}");
}

#[test]
fn a_backup_holds_the_files_and_an_increment_those_that_its_base_lacks() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let long: Vec<u8> = photo().into_iter().cycle().take(1_300_000).collect();
    let (one, goes) = (attach(&vault, case, &long), attach(&vault, case, &photo()));
    let full = office.dir.path().join("full.backup");
    vault.backup(&full, &BackupRequest::new(), &mut |_| ()).unwrap();
    assert!(fs::metadata(&full).unwrap().len() > 1_450_000);
    vault.erase(goes.record(), &asked()).unwrap();
    let two = attach(&vault, case, b"second");
    let more = office.dir.path().join("more.backup");
    let request = BackupRequest::new().since(&full);
    vault.backup(&more, &request, &mut |_| ()).unwrap();
    assert!(fs::metadata(&more).unwrap().len() < 200_000);
    drop(vault);

    let restored = |files: &[&PathBuf], to: &str| {
        let mut restore = Restore::new(files[0]);
        for file in &files[1..] {
            restore = restore.increment(*file);
        }
        let path = office.dir.path().join(to);
        let done = restore.into_folder(path, Some(&office.director), &mut |_| ()).unwrap();
        assert_eq!(done.report.check.unwrap().findings, []);
        done.vault.unwrap()
    };
    let vault = restored(&[&full, &more], "both");
    assert!(content(&vault, one) == long);
    assert_eq!(content(&vault, two), b"second");
    assert_eq!(vault.attachments(case).unwrap(), [one, two]);
    drop(vault);
    let vault = restored(&[&full], "first");
    assert!(content(&vault, goes) == photo());
    drop(vault);
    // What was erased since is erased again, its file with it.
    let path = office.dir.path().join("again");
    let restore = Restore::new(&full).damaged(office.path());
    let done = restore.into_folder(&path, Some(&office.director), &mut |_| ()).unwrap();
    assert_eq!(done.report.erased_again, 1);
    assert_eq!(done.report.check.unwrap().findings, []);
    assert_eq!(files(&path).len(), 1);
    drop(done.vault);
}

/// What is lost or damaged is told, and all else is saved; what the base has of it comes back.
#[test]
fn a_lost_file_or_a_damaged_record_stops_no_backup_and_takes_nothing_out_of_its_base() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let ids = [b"first".as_slice(), b"second", b"third"].map(|bytes| attach(&vault, case, bytes));
    let path = |name: &str| office.dir.path().join(name);
    let backup = |to: &str, request: BackupRequest| {
        vault.backup(path(to), &request, &mut |_| ()).unwrap().missing
    };
    assert_eq!(backup("full", BackupRequest::new()), []);
    let stored = files(&office.path());
    fs::remove_file(&stored[0]).unwrap();
    let mut bytes = fs::read(&stored[1]).unwrap();
    bytes[20] ^= 1;
    fs::write(&stored[1], bytes).unwrap();
    let file = |path: &PathBuf| Place::File(path.file_name().unwrap().to_str().unwrap().to_owned());
    let lost = [file(&stored[0]), file(&stored[1])];
    assert_eq!(backup("damaged", BackupRequest::new()), lost);
    assert_eq!(backup("more", BackupRequest::new().since(path("full"))), lost);
    // The whole folder is gone: no increment takes that for an erase.
    fs::rename(office.path().join("files"), path("aside")).unwrap();
    let all: Vec<Place> = stored.iter().map(file).collect();
    assert_eq!(backup("none", BackupRequest::new().since(path("full"))), all);
    drop(vault);

    for increment in ["more", "none"] {
        let restore = Restore::new(path("full")).increment(path(increment));
        let to = path(&format!("from-{increment}"));
        let done = restore.into_folder(to, Some(&office.director), &mut |_| ()).unwrap();
        assert_eq!(done.report.check.unwrap().findings, []);
        let vault = done.vault.unwrap();
        let contents = ids.map(|id| content(&vault, id));
        assert_eq!(contents, [b"first".as_slice(), b"second", b"third"]);
    }
    let done = Restore::new(path("damaged"))
        .into_folder(path("without"), Some(&office.director), &mut |_| ())
        .unwrap();
    assert_eq!(done.report.check.unwrap().findings.len(), 2);
}

#[test]
fn a_record_that_cannot_be_read_is_named_by_a_backup_and_stops_none() {
    let (rigged, vault) = Rigged::new();
    let [good, bad] = ["HCO-0001", "HCO-0002"].map(|code| vault.add(case(code)).unwrap());
    drop(vault);
    let key = record_row(&bad);
    rigged.set(&key, Some(vec![0; 40]));
    let vault = rigged.open().unwrap();
    assert_eq!(vault.read(bad).unwrap_err().kind(), ErrorKind::Tampered);
    vault.read(good).unwrap();
    let path = rigged.office.dir.path().join("a.backup");
    let receipt = vault.backup(&path, &BackupRequest::new(), &mut |_| ()).unwrap();
    assert_eq!(receipt.missing, [Place::Record(bad)]);
}

/// A folder of files that is missing, or in whose place something else stands.
#[test]
fn what_stands_in_the_place_of_the_files_keeps_nobody_from_erasing() {
    let office = Office::new();
    let vault = with_escrow(&office);
    let folder = office.path().join("files");
    for blocked in [false, true] {
        let case = vault.add(case("HCO-0001")).unwrap();
        let id = attach(&vault, case, &photo());
        fs::remove_dir_all(&folder).unwrap();
        if blocked {
            fs::write(&folder, "no folder").unwrap();
        }
        vault.erase(case, &asked()).unwrap();
        assert_eq!(vault.attachment(id).unwrap_err().kind(), ErrorKind::NotFound);
        let _ = fs::remove_file(&folder);
    }
}

#[test]
fn sealed_again_under_new_keys_a_file_is_not_written_again() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let id = attach(&vault, case, &photo());
    vault.hand_over(id, &HandOver::new("Archivo")).unwrap();
    let leaver = Identity::generate().unwrap();
    vault.add_member("leaver", &leaver.card(), "psychologist").unwrap();
    let before = listing(&office.path().join("files"));
    vault.remove_member("leaver").unwrap();
    vault.reseal(&mut |_| ()).unwrap();
    assert!(listing(&office.path().join("files")) == before);
    assert!(content(&vault, id) == photo());
    assert_eq!(vault.attachment(id).unwrap().custody.len(), 2);
    no_findings(&vault);
}

#[test]
fn a_field_holds_a_file_of_its_own_record_and_no_other() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let [one, other] = ["Quispe", "Mamani"].map(|name| vault.add(person(case, name)).unwrap());
    let new = NewAttachment::new("photo").field("photo");
    let id = vault.attach(one, &new, &mut &b"x"[..]).unwrap();
    let record = vault.read(one).unwrap();
    assert_eq!(record.field("photo"), Some(&FieldValue::Attachment(id)));
    assert_eq!(vault.attachment(id).unwrap().compartment, "safety");
    let of_other = attach(&vault, other, b"y");
    let nothing = AttachmentId::from_bytes([7; 16]);
    let no_file = AttachmentId::of(&other);
    for wrong in [of_other, nothing, no_file] {
        let edit = RecordEdit::new().set("photo", wrong);
        let error = vault.edit(one, record.revision(), edit).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadValue);
    }
    let error = vault.add(person(case, "Rojas").set("photo", id)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadValue);
    no_findings(&vault);
}

#[test]
fn a_hold_on_a_record_keeps_its_files() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let id = attach(&vault, girl, &photo());
    vault.hold(case, "proceso en curso").unwrap();
    assert!(vault.erase(id.record(), &asked()).is_err());
    assert!(content(&vault, id) == photo());
    vault.lift_hold(case, "archivado").unwrap();
    vault.erase(id.record(), &asked()).unwrap();
    assert_eq!(vault.attachments(girl).unwrap(), []);
    no_findings(&vault);
}
