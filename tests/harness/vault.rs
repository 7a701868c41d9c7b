//! The vault that is damaged, what it must hold, and how what is left of it is judged.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use amparo::{
    AttachmentId, Erasure, ErasureReason, Error, ErrorKind, FieldValue, FilePins, Identity,
    NewAttachment, Notice, RecordDraft, RecordEdit, RecordId, Result, Schema, Vault, VaultOptions,
};

use crate::table::Outcome;

/// What must be there, and what must not.
#[derive(Clone, Default)]
pub(crate) struct Truth {
    pub(crate) records: BTreeMap<RecordId, String>,
    pub(crate) erased: Vec<RecordId>,
    pub(crate) files: BTreeMap<AttachmentId, Vec<u8>>,
}

/// A vault of some age, with copies of what it was before.
pub(crate) struct Pristine {
    dir: tempfile::TempDir,
    pub(crate) director: Identity,
    pub(crate) truth: Truth,
}

/// How often the vault was put aside while it grew.
const AGES: usize = 3;

impl Pristine {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let director = Identity::generate().unwrap();
        let home = dir.path().join("now");
        fs::create_dir(&home).unwrap();
        let mut truth = Truth::default();
        let vault = options(&home).create(home.join("vault"), &Schema::peru().unwrap(), &director);
        vault.unwrap().close().unwrap();
        for age in 0..AGES {
            let vault = options(&home).open(home.join("vault"), &director).unwrap();
            grow(&vault, &mut truth, age);
            vault.close().unwrap();
            copy(&home, &dir.path().join(age.to_string()));
        }
        Self { dir, director, truth }
    }

    /// A copy of the newest to damage.
    pub(crate) fn copy(&self) -> tempfile::TempDir {
        let trial = tempfile::tempdir().unwrap();
        copy(&self.dir.path().join("now"), trial.path());
        trial
    }

    /// An older copy: 0 is the oldest, and the last is as new as the newest.
    pub(crate) fn before(&self, age: usize) -> PathBuf {
        self.dir.path().join(age.to_string())
    }
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
    let doomed = ids[ids.len() / 2];
    vault.erase(doomed, &Erasure::new(ErasureReason::EnteredInError)).unwrap();
    truth.records.remove(&doomed);
    truth.erased.push(doomed);
    if age == 1 {
        // Older rows lie in sorted runs, newer ones in the journal and in sled.
        vault.compact().unwrap();
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
        let read = opened.and_then(|mut file| file.read_to_end(&mut found).map_err(Error::io));
        match read {
            Ok(_) if found == *bytes => {}
            Ok(_) => return Outcome::Silent("an attached file is another".to_owned()),
            Err(error) if says_why(error.kind()) => said = true,
            Err(error) => return Outcome::Silent(format!("a file failed with {error}")),
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
            | ErrorKind::Io
            | ErrorKind::DiskFull
            | ErrorKind::SessionEnded
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
