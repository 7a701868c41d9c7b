//! An invented organisation: a folder with a vault in it, and its director.

use std::path::PathBuf;
use std::sync::OnceLock;

use amparo::{
    ErrorKind, FieldValue, Identity, Record, RecordDraft, Result, Schema, Vault, VaultOptions,
};

pub(crate) struct Office {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) director: Identity,
}

impl Office {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), director: Identity::generate().unwrap() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("vault")
    }

    pub(crate) fn create(&self) -> Vault {
        VaultOptions::new()
            .name("Casa de Prueba")
            .create(self.path(), schema(), &self.director)
            .unwrap()
    }

    pub(crate) fn open(&self) -> Vault {
        Vault::open(self.path(), &self.director).unwrap()
    }
}

/// The built-in schema, parsed once.
pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::peru().unwrap())
}

pub(crate) fn case(code: &str) -> RecordDraft {
    RecordDraft::new("case")
        .set("case_code", code)
        .set("registration_date", "2026-03-01")
        .set("status", "open")
}

pub(crate) fn text(record: &Record, field: &str) -> Option<String> {
    record.field(field).and_then(FieldValue::as_text).map(str::to_owned)
}

/// The kind of the error of something that must fail.
pub(crate) fn kind_of<T>(result: Result<T>) -> ErrorKind {
    match result {
        Ok(_) => panic!("this had to fail"),
        Err(error) => error.kind(),
    }
}

/// Copies a folder and all that is in it.
pub(crate) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
