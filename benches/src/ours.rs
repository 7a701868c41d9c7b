//! Amparo itself, through its public API, with the default store and anchor.

use std::fs;
use std::path::{Path, PathBuf};

use amparo::{Identity, RecordDraft, RecordId, Schema, Vault};

use crate::engine::Engine;
use crate::sample::{FIELDS, NOTE_FIELDS, ONE_FIELD, Sample, Value};

pub struct Ours {
    vault: Vault,
    files: Vec<RecordId>,
    with_notes: Option<RecordId>,
    ids: PathBuf,
}

pub fn identity(folder: &Path) -> Identity {
    Identity::parse(&fs::read(folder.join("identity")).unwrap(), None).unwrap()
}

pub fn open(folder: &Path) -> Box<dyn Engine> {
    let (path, ids) = (folder.join("vault"), folder.join("ids"));
    if path.exists() {
        // The ids come from a file, as an application would have them from a list or a search.
        let vault = Vault::open(&path, &identity(folder)).unwrap();
        let bytes = fs::read(&ids).unwrap_or_default();
        let (bytes, _) = bytes.as_chunks::<16>();
        let files = bytes.iter().map(|id| RecordId::from_bytes(*id)).collect();
        return Box::new(Ours { vault, files, with_notes: None, ids });
    }
    let identity = Identity::generate().unwrap();
    fs::write(folder.join("identity"), identity.to_plain().expose()).unwrap();
    let schema = Schema::parse(include_str!("../schema.toml")).unwrap();
    let vault = Vault::create(&path, &schema, &identity).unwrap();
    Box::new(Ours { vault, files: Vec::new(), with_notes: None, ids })
}

/// The same vault, whose commits have no leaf of the log.
pub fn open_unlogged(folder: &Path) -> Box<dyn Engine> {
    let opened = open(folder);
    amparo::benching::without_a_log();
    opened
}

fn draft(kind: &str, fields: &[&str], sample: &Sample) -> RecordDraft {
    let mut draft = RecordDraft::new(kind);
    for (field, value) in fields.iter().zip(&sample.values) {
        draft = match value {
            Value::Text(text) => draft.set(*field, text.as_str()),
            Value::Integer(number) => draft.set(*field, *number),
        };
    }
    draft
}

impl Engine for Ours {
    fn add(&mut self, files: &[Sample]) {
        let drafts = files.iter().map(|file| draft("file", &FIELDS, file)).collect();
        self.files.extend(self.vault.add_all(drafts).unwrap());
    }

    fn add_notes(&mut self, notes: &[Sample]) {
        let parent = *self.files.last().unwrap();
        let drafts = notes.iter().map(|note| draft("note", &NOTE_FIELDS, note).under(parent));
        self.vault.add_all(drafts.collect()).unwrap();
        self.with_notes = Some(parent);
    }

    fn field(&mut self, record: usize) -> usize {
        let name = FIELDS[ONE_FIELD];
        let record = self.vault.read_fields(self.files[record], &[name]).unwrap();
        record.field(name).and_then(|value| value.as_text()).unwrap().len()
    }

    fn case(&mut self) -> usize {
        let id = self.with_notes.unwrap();
        let mut fields = self.vault.read(id).unwrap().fields().len();
        for child in self.vault.children(id).unwrap() {
            fields += self.vault.read(child).unwrap().fields().len();
        }
        fields
    }

    fn find(&mut self, surname: &str) -> usize {
        self.vault.find("file", FIELDS[5], surname).unwrap().len()
    }

    fn compact(&mut self) {
        self.vault.compact().unwrap();
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let ids: Vec<u8> = self.files.iter().flat_map(|id| *id.as_bytes()).collect();
        fs::write(&self.ids, ids).unwrap();
    }
}
