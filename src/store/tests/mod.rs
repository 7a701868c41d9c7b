//! The embedded store against crashes, damage and time.

use std::path::Path;

use crate::id::InstanceId;
use crate::store::embedded::Limits;
use crate::store::{MemoryStore, OpenMode, SledStore, conformance};

const INSTANCE: InstanceId = InstanceId::from_bytes([7; 16]);

/// Small enough that every test rolls, feeds and writes runs.
const SMALL: Limits = Limits { segment: 96 << 10, payload: 2 << 10, rows: 200, feed: 30 };

fn create(path: &Path) -> SledStore {
    SledStore::create_with(path, INSTANCE, SMALL).unwrap()
}

fn open(path: &Path) -> SledStore {
    SledStore::open_with(path, INSTANCE, OpenMode::Write, SMALL).unwrap()
}

#[test]
fn the_memory_store_conforms() {
    conformance::check(MemoryStore::new);
}

#[test]
fn the_embedded_store_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::check(|| {
        number += 1;
        create(&folder.path().join(number.to_string()))
    });
}

#[test]
fn the_embedded_store_conforms_at_its_real_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    conformance::check(|| {
        number += 1;
        SledStore::create(folder.path().join(number.to_string()), INSTANCE).unwrap()
    });
}

#[test]
fn the_embedded_store_keeps_its_rows_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(create(&path));
    conformance::check_reopening(|| open(&path));
}
