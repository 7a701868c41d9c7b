//! The embedded store against crashes, damage and time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::Result;
use crate::id::InstanceId;
use crate::store::embedded::Limits;
use crate::store::{Batch, OpenMode, SledStore, Store, conformance};

mod crash;
mod damage;
mod frames;
mod model;
mod opening;
mod repair;

const INSTANCE: InstanceId = InstanceId::from_bytes([7; 16]);

/// Small enough that every test rolls and writes runs.
const SMALL: Limits = Limits { segment: 96 << 10, payload: 2 << 10, rows: 200 };

type Expected = BTreeMap<Vec<u8>, Vec<u8>>;

fn create(path: &Path) -> SledStore {
    SledStore::create_with(path, INSTANCE, SMALL).unwrap()
}

fn try_open(path: &Path) -> Result<SledStore> {
    SledStore::open_with(path, INSTANCE, OpenMode::Write, SMALL)
}

fn open(path: &Path) -> SledStore {
    try_open(path).unwrap()
}

fn open_read_only(path: &Path) -> Result<SledStore> {
    SledStore::open_with(path, INSTANCE, OpenMode::ReadOnly, SMALL)
}

/// What a process that was killed, or a backup of a running one, leaves.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// Every file of a folder with its bytes.
fn files(path: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// A commit of some rows and removals; every seventh is too long for a frame.
fn batch(number: u32) -> Batch {
    let mut batch = Batch::new();
    let (count, len) = if number % 7 == 3 { (80, 60) } else { (6, 20) };
    for n in 0..count {
        let key = blake3::hash(&((number * 31 + n * 17) % 150).to_le_bytes());
        let key = &key.as_bytes()[..16];
        if (number + n).is_multiple_of(5) {
            batch.remove(key);
        } else {
            batch.put(key, vec![number as u8; len + n as usize % 9]);
        }
    }
    batch.state(number.to_le_bytes());
    batch
}

fn apply(expected: &mut Expected, batch: &Batch) {
    for (key, row) in &batch.rows {
        match row {
            Some(value) => expected.insert(key.clone(), value.clone()),
            None => expected.remove(key),
        };
    }
}

/// The rows after each of the commits `batch(1)`, `batch(2)`, ...; the first is empty.
fn history(commits: u32) -> Vec<Expected> {
    let mut history = vec![Expected::new()];
    for number in 1..=commits {
        let mut next = history.last().unwrap().clone();
        apply(&mut next, &batch(number));
        history.push(next);
    }
    history
}

/// A store after `commits` commits, with runs, a journal and sled in use.
fn filled(path: &Path, commits: u32) -> SledStore {
    let store = create(path);
    for number in 1..=commits {
        store.commit(&batch(number)).unwrap();
        if number == commits / 2 {
            store.maintain().unwrap();
        }
    }
    store
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
