//! The vault that is damaged, what it must hold, and how what is left of it is judged.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use amparo::{
    AttachmentId, BackupRequest, Erasure, ErasureReason, Error, ErrorKind, FieldValue, FilePins,
    Grant, Identity, Ledger, NewAttachment, Notice, Party, RecipientKind, RecipientRef,
    RecordDraft, RecordEdit, RecordId, Restore, Result, Schema, Statement, Timestamp, Vault,
    VaultOptions,
};

use crate::table::Outcome;

/// What must be there, and what must not.
#[derive(Clone, Default)]
pub(crate) struct Truth {
    pub(crate) records: BTreeMap<RecordId, String>,
    pub(crate) erased: Vec<RecordId>,
    pub(crate) files: BTreeMap<AttachmentId, Vec<u8>>,
    /// What people agreed to and took back.
    pub(crate) ledgers: BTreeMap<RecordId, Ledger>,
}

/// A vault of some age, with copies of what it was before.
pub(crate) struct Pristine {
    dir: tempfile::TempDir,
    pub(crate) director: Identity,
    pub(crate) truth: Truth,
}

/// How often the vault was put aside while it grew.
const AGES: usize = 3;
const PURPOSE: &str = "legal_proceedings";

impl Pristine {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let director = Identity::generate().unwrap();
        // It grows where it will not be: its pins remember where its anchor was, and a damaged
        // copy that went on with this one's anchor would damage what all others are copied from.
        let home = dir.path().join("grown");
        fs::create_dir(&home).unwrap();
        let mut truth = Truth::default();
        let vault = options(&home).create(home.join("vault"), &Schema::peru().unwrap(), &director);
        vault.unwrap().close().unwrap();
        for age in 0..AGES {
            let vault = options(&home).open(home.join("vault"), &director).unwrap();
            grow(&vault, &mut truth, age);
            let before = (0..age).map(|age| backup(dir.path(), age));
            let request = before.fold(BackupRequest::new(), BackupRequest::since);
            vault.backup(backup(dir.path(), age), &request, &mut |_| ()).unwrap();
            vault.close().unwrap();
            copy(&home, &dir.path().join(age.to_string()));
        }
        fs::rename(&home, dir.path().join("now")).unwrap();
        let pristine = Self { dir, director, truth };
        pristine.expect_whole();
        pristine
    }

    /// Without damage nothing is to be found.
    pub(crate) fn expect_whole(&self) {
        let home = self.copy();
        assert_eq!(judge(home.path(), &self.director, &self.truth), Outcome::Harmless);
        let home = tempfile::tempdir().unwrap();
        let files = self.copy_backups(home.path());
        assert_eq!(self.restore(home.path(), &files), Outcome::Harmless);
    }

    /// A copy of the newest to damage.
    pub(crate) fn copy(&self) -> tempfile::TempDir {
        let trial = tempfile::tempdir().unwrap();
        copy(&self.dir.path().join("now"), trial.path());
        trial
    }

    /// Copies of the full backup and of the increments over it, in their order.
    pub(crate) fn copy_backups(&self, to: &Path) -> Vec<PathBuf> {
        let copied = |age| {
            let file = backup(to, age);
            fs::copy(backup(self.dir.path(), age), &file).unwrap();
            file
        };
        (0..AGES).map(copied).collect()
    }

    /// Restores a backup into an empty home, and judges what came of it.
    pub(crate) fn restore(&self, home: &Path, files: &[PathBuf]) -> Outcome {
        let restore = Restore::new(&files[0]).options(options(home));
        let restore = files[1..].iter().fold(restore, Restore::increment);
        let vault = home.join("vault");
        let restored = restore.into_folder(&vault, Some(&self.director), &mut |_| ());
        match restored.map(drop) {
            Ok(()) => match judge(home, &self.director, &self.truth) {
                Outcome::Harmless => Outcome::Harmless,
                other => Outcome::Silent(format!("restored, and {other:?}")),
            },
            Err(_) if vault.exists() => Outcome::Silent("half a vault is left".to_owned()),
            Err(error) => match error.kind() {
                ErrorKind::Unfinished | ErrorKind::BadInput => Outcome::Refused,
                kind if says_why(kind) => Outcome::Refused,
                _ => Outcome::Silent(format!("refused with {error}")),
            },
        }
    }

    /// An older copy: 0 is the oldest, and the last is as new as the newest.
    pub(crate) fn before(&self, age: usize) -> PathBuf {
        self.dir.path().join(age.to_string())
    }
}

fn backup(folder: &Path, age: usize) -> PathBuf {
    folder.join(format!("backup-{age}"))
}

/// What a user knows of the vault lies where no damage comes.
pub(crate) fn options(home: &Path) -> VaultOptions {
    VaultOptions::new().pins(Arc::new(FilePins::new(home.join("pins"))))
}

/// A case whose two compartments say the same, so that half an edit would be seen.
pub(crate) fn case(value: &str) -> RecordDraft {
    RecordDraft::new("case")
        .set("case_code", value)
        .set("registration_date", "2026-03-01")
        .set("status", "open")
        .set("narrative", value.repeat(30))
}

fn grow(vault: &Vault, truth: &mut Truth, age: usize) {
    for number in 0..12 {
        let value = format!("HCO-{age}-{number}");
        truth.records.insert(vault.add(case(&value)).unwrap(), value);
    }
    let ids: Vec<RecordId> = truth.records.keys().copied().collect();
    for (nth, id) in ids.iter().enumerate().filter(|(nth, _)| nth % 3 == 0) {
        let value = format!("HCE-{age}-{nth}");
        let edit =
            RecordEdit::new().set("case_code", value.as_str()).set("narrative", value.repeat(30));
        let revision = vault.read(*id).unwrap().revision();
        vault.edit(*id, revision, edit).unwrap();
        truth.records.insert(*id, value);
    }
    let first = *truth.records.keys().next().unwrap();
    let bytes: Vec<u8> = (0..70_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let file = vault.attach(first, &NewAttachment::new("photo"), &mut bytes.as_slice());
    truth.files.insert(file.unwrap(), bytes);
    if age == 0 {
        vault.hold(first, "Carpeta inventada").unwrap();
    }
    agree(vault, truth, first, age);
    let doomed = ids[ids.len() / 2];
    vault.erase(doomed, &Erasure::new(ErasureReason::EnteredInError)).unwrap();
    truth.records.remove(&doomed);
    truth.erased.push(doomed);
    if age == 1 {
        // Older rows lie in sorted runs, newer ones in the journal and in sled.
        vault.compact().unwrap();
    }
}

/// Somebody agrees to something, and everybody before her takes it back.
fn agree(vault: &Vault, truth: &mut Truth, case: RecordId, age: usize) {
    let to = RecipientRef::Kind(RecipientKind::Prosecutor);
    let until = Timestamp::from_second(4_000_000_000).unwrap();
    let her_word = Statement::by(Party::Subject);
    for before in truth.ledgers.keys() {
        vault.consents(*before).unwrap().withdraw(PURPOSE, &to, &her_word).unwrap();
    }
    let woman = RecordDraft::new("person")
        .under(case)
        .set("survivor_code", format!("HCO-{age}-S1"))
        .set("sex", "female")
        .set("birth_date", "1990-05-17");
    let woman = vault.add(woman).unwrap();
    let grant = Grant::new(PURPOSE, to, until);
    vault.consents(woman).unwrap().give(grant, &her_word).unwrap();
    let people: Vec<RecordId> = truth.ledgers.keys().copied().chain([woman]).collect();
    for person in people {
        let ledger = vault.consents(person).unwrap().ledger().unwrap();
        assert_eq!(ledger.consents.len(), 1);
        truth.ledgers.insert(person, ledger);
    }
}

/// Opens what is left and holds it against the truth.
pub(crate) fn judge(home: &Path, director: &Identity, truth: &Truth) -> Outcome {
    let vault = match options(home).open(home.join("vault"), director) {
        Ok(vault) => vault,
        Err(error) if says_why(error.kind()) => return Outcome::Refused,
        Err(error) => return Outcome::Silent(format!("refused with {error}")),
    };
    let notices = vault.notices();
    let mut said = false;
    for (id, value) in &truth.records {
        match whole(&vault, *id) {
            Ok(found) if found == *value => {}
            Ok(found) => return Outcome::Silent(format!("a wrong value: {found} for {value}")),
            // It may have gone with a commit that was never acknowledged; none was in flight.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Outcome::Silent(format!("{value} is gone as if it had never been"));
            }
            Err(error) if says_why(error.kind()) => said = true,
            Err(error) => return Outcome::Silent(format!("a read failed with {error}")),
        }
    }
    for id in &truth.erased {
        match vault.read(*id) {
            Err(error) if error.kind() == ErrorKind::NotFound || says_why(error.kind()) => {}
            Err(error) => return Outcome::Silent(format!("an erased record: {error}")),
            Ok(_) => return Outcome::Silent("an erased record came back".to_owned()),
        }
    }
    for (id, bytes) in &truth.files {
        let mut found = Vec::new();
        let opened = vault.open_attachment(*id);
        let read = opened.and_then(|mut file| file.read_to_end(&mut found).map_err(of_reading));
        match read {
            Ok(_) if found == *bytes => {}
            Ok(_) => return Outcome::Silent("an attached file is another".to_owned()),
            Err(error) if says_why(error.kind()) => said = true,
            Err(error) => return Outcome::Silent(format!("a file failed with {error}")),
        }
    }
    for (person, ledger) in &truth.ledgers {
        match vault.consents(*person).and_then(|consents| consents.ledger()) {
            Ok(found) if found == *ledger => {}
            Ok(_) => return Outcome::Silent("a ledger is another".to_owned()),
            Err(error) if says_why(error.kind()) => said = true,
            Err(error) => return Outcome::Silent(format!("a ledger failed with {error}")),
        }
    }
    let listed = vault.list("case", None, 100_000);
    let report = match vault.check(&mut |_| ()) {
        Ok(report) => report,
        Err(error) => return Outcome::Silent(format!("the check failed with {error}")),
    };
    let complete = listed.is_ok_and(|ids| truth.records.keys().all(|id| ids.contains(id)));
    if report.findings.is_empty() && (said || !complete) {
        return Outcome::Silent("a loss that the check does not find".to_owned());
    }
    if !report.findings.is_empty() {
        return Outcome::LostAndSaid;
    }
    // The next session finds the same.
    if let Err(error) = vault.close() {
        return Outcome::Silent(format!("closing failed with {error}"));
    }
    let again = options(home).open(home.join("vault"), director);
    let again = again
        .and_then(|vault| truth.records.keys().try_for_each(|id| whole(&vault, *id).map(drop)));
    if let Err(error) = again {
        return Outcome::Silent(format!("the next session: {error}"));
    }
    let healed =
        [Notice::StoreRebuilt, Notice::JournalCut, Notice::HeadMissing, Notice::EraseFinished];
    match notices.iter().any(|notice| healed.contains(notice)) {
        true => Outcome::Repaired,
        false => Outcome::Harmless,
    }
}

/// The value of a record, whose two compartments must agree.
fn whole(vault: &Vault, id: RecordId) -> Result<String> {
    let record = vault.read(id)?;
    let text =
        |field| record.field(field).and_then(FieldValue::as_text).unwrap_or_default().to_owned();
    let value = text("case_code");
    if text("narrative") == value.repeat(30) { Ok(value) } else { Ok("half an edit".to_owned()) }
}

/// What reading an attached file says: bytes that are not what was written, or a disk's error.
fn of_reading(error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => {
            Error::new(ErrorKind::Tampered, "an attached file is damaged")
        }
        _ => Error::io(error),
    }
}

/// Errors by which a vault says that something is wrong with what is stored.
fn says_why(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Tampered
            | ErrorKind::RolledBack
            | ErrorKind::Missing
            | ErrorKind::NoAnchor
            | ErrorKind::NotFound
            | ErrorKind::NewerFormat
    )
}

/// Copies a folder and all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
