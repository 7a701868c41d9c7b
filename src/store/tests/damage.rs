//! Files that were flipped, cut, swapped or lost: an error or a cure, never a wrong row.

use std::fs;
use std::path::{Path, PathBuf};

use super::{
    Expected, INSTANCE, apply, copy, files, filled, history, open, open_read_only, try_open,
};
use crate::error::{ErrorKind, Place};
use crate::store::{Batch, OpenMode, SledStore, Store, conformance};

const COMMITS: u32 = 33;

type Spoil<'a> = &'a dyn Fn(&sled::Db) -> Option<sled::IVec>;

/// A closed store and its files below `below`.
fn victim(folder: &Path, below: &str) -> (PathBuf, Vec<(PathBuf, Vec<u8>)>) {
    let path = folder.join("victim");
    drop(filled(&path, COMMITS));
    let below = path.join(below);
    let files = files(&path).into_iter().filter(|(file, _)| file.starts_with(&below)).collect();
    (path, files)
}

/// Opens a copy of `path` in which `file` holds `bytes`, and reads all of it.
fn with_file(path: &Path, file: &Path, bytes: &[u8], check: impl FnOnce(Outcome)) {
    let folder = tempfile::tempdir().unwrap();
    let copied = folder.path().join("copy");
    copy(path, &copied);
    fs::write(copied.join(file.strip_prefix(path).unwrap()), bytes).unwrap();
    // Runs are read in the same way without sled, which takes most of the time.
    let in_runs = file.starts_with(path.join("runs"));
    let opened = if in_runs { open_read_only(&copied) } else { try_open(&copied) };
    check(match opened {
        Err(error) => Outcome::Refused(error.kind(), error.place().cloned()),
        Ok(store) => read_all(store),
    });
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Refused(ErrorKind, Option<Place>),
    /// Opened; some reads failed, all others gave the rows of the newest commit.
    SomeReadsFail,
    /// All is as after commit `sequence`.
    Whole {
        sequence: u64,
        journal_cut: bool,
        rebuilt: bool,
    },
}

fn read_all(store: SledStore) -> Outcome {
    let position = store.position();
    let expected = history(COMMITS).swap_remove(usize::try_from(position.sequence).unwrap());
    let mut failed = false;
    for n in 0..150_u32 {
        let key = blake3::hash(&n.to_le_bytes());
        let key = &key.as_bytes()[..16];
        match store.get(key) {
            Ok(row) => assert_eq!(row.as_ref(), expected.get(key), "a wrong row"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Tampered);
                assert!(matches!(error.place(), Some(Place::Offset { .. })));
                failed = true;
            }
        }
    }
    let mut rows = Expected::new();
    let scanned = store.scan(&[], &mut |key, value| {
        rows.insert(key.to_vec(), value.to_vec());
        Ok(())
    });
    if failed || scanned.is_err() {
        assert!(scanned.is_err(), "a scan reads everything");
        assert!(rows.iter().all(|(key, value)| expected.get(key) == Some(value)), "a wrong row");
        return Outcome::SomeReadsFail;
    }
    assert_eq!(rows, expected);
    let opened = store.opened();
    let (journal_cut, rebuilt) = (opened.journal_cut, opened.rebuilt);
    Outcome::Whole { sequence: position.sequence, journal_cut, rebuilt }
}

/// Every byte near the start and the end, and a prime stride between.
fn offsets(len: usize, stride: usize) -> impl Iterator<Item = usize> {
    (0..len).filter(move |at| *at < 50 || *at + 110 > len || at % stride == 0)
}

const UNHARMED: Outcome =
    Outcome::Whole { sequence: COMMITS as u64, journal_cut: false, rebuilt: false };

#[test]
fn a_flipped_bit_in_the_journal_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "journal");
    let [(file, whole)] = files.as_slice() else { panic!("one segment") };
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    assert!(used < whole.len() && whole[used - 1] != 0);
    for at in offsets(used, 37).chain([used, used + 511, used + 600, whole.len() - 1]) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        with_file(&path, file, &bytes, |outcome| match outcome {
            Outcome::Refused(ErrorKind::Tampered, Some(Place::Offset { offset, .. })) => {
                assert!(offset <= at as u64, "names {offset} for {at}");
            }
            Outcome::Refused(ErrorKind::NewerFormat, _) => {}
            other => panic!("bit flipped at {at} of {used}: {other:?}"),
        });
    }
    with_file(&path, file, whole, |outcome| assert_eq!(outcome, UNHARMED));
}

#[test]
fn a_flipped_bit_in_a_run_is_refused_where_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "runs");
    assert!(files.len() >= 2);
    let mut at_reading = 0;
    for (file, whole) in &files {
        for at in offsets(whole.len(), 61) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            with_file(&path, file, &bytes, |outcome| match outcome {
                Outcome::Refused(kind, _) => assert_eq!(kind, ErrorKind::Tampered),
                Outcome::SomeReadsFail => at_reading += 1,
                other => panic!("bit flipped at {at} of {file:?}: {other:?}"),
            });
        }
    }
    assert!(at_reading > 50);
}

#[test]
fn damage_to_sled_is_cured() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "sled");
    let mut rebuilt = 0;
    let mut cured = |outcome| match outcome {
        Outcome::Whole { sequence: 33, journal_cut: false, rebuilt: was } => {
            rebuilt += u32::from(was);
        }
        other => panic!("not cured: {other:?}"),
    };
    for (file, whole) in &files {
        let used = whole.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for at in (0..used).step_by((used / 25).max(1)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            with_file(&path, file, &bytes, &mut cured);
        }
        for len in [0, used / 3, used / 2, used.saturating_sub(1)] {
            with_file(&path, file, &whole[..len], &mut cured);
        }
    }
    assert!(rebuilt > 10, "{rebuilt} rebuilt");
}

#[test]
fn rows_that_sled_has_lost_changed_or_made_up_come_back_from_the_journal() {
    let newest = |db: &sled::Db| db.iter().keys().last().unwrap().unwrap();
    let spoil: [Spoil<'_>; 5] = [
        &|db| db.remove(newest(db)).unwrap(),
        &|db| db.insert(newest(db), b"\x01other").unwrap(),
        &|db| db.insert(b"\x01made up", b"\x01row").unwrap(),
        &|db| db.insert(b"\x00", [9; 40].as_slice()).unwrap(),
        &|db| db.insert(b"\x00", b"short").unwrap(),
    ];
    for spoil in spoil {
        let folder = tempfile::tempdir().unwrap();
        let (path, _) = victim(folder.path(), "sled");
        let sled = fs::read_dir(path.join("sled")).unwrap().next().unwrap().unwrap().path();
        let db = open_sled(&sled);
        spoil(&db);
        db.flush().unwrap();
        drop(db);
        let whole = Outcome::Whole { sequence: 33, journal_cut: false, rebuilt: true };
        assert_eq!(read_all(open(&path)), whole);
        assert_eq!(read_all(open(&path)), UNHARMED);
    }
}

/// A handle that was dropped leaves threads that hold the lock a little longer.
fn open_sled(path: &Path) -> sled::Db {
    for _ in 0..200 {
        match sled::open(path) {
            Ok(db) => return db,
            Err(_) => std::thread::sleep(std::time::Duration::from_millis(50)),
        }
    }
    panic!("sled stays locked");
}

#[test]
fn a_file_cut_anywhere_gives_an_error_or_an_earlier_whole_state() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "");
    let mut earlier = 0;
    for (file, whole) in &files {
        let in_sled = file.starts_with(path.join("sled"));
        let in_journal = file.starts_with(path.join("journal"));
        let used = whole.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for len in offsets(used, 173).step_by(if in_sled { 200 } else { 1 }) {
            with_file(&path, file, &whole[..len], |outcome| match outcome {
                Outcome::Refused(ErrorKind::Tampered, _) => assert!(!in_sled),
                Outcome::Whole { sequence, journal_cut, .. } if in_journal => {
                    // The anchor above knows that commits are missing; the store cannot.
                    assert!(sequence < u64::from(COMMITS));
                    earlier += u32::from(journal_cut);
                }
                Outcome::Whole { sequence, .. } if in_sled => assert_eq!(sequence, 33),
                other => panic!("{file:?} cut to {len}: {other:?}"),
            });
        }
    }
    assert!(earlier > 20, "{earlier} earlier states");
}

#[test]
fn missing_files_and_parts_of_another_store_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, runs) = victim(folder.path(), "runs");
    let refused = |change: &dyn Fn(&Path), kind| {
        let copied = folder.path().join("copy");
        copy(&path, &copied);
        change(&copied);
        assert_eq!(try_open(&copied).unwrap_err().kind(), kind);
        assert_eq!(open_read_only(&copied).unwrap_err().kind(), kind);
        fs::remove_dir_all(&copied).unwrap();
    };
    let (first, second) = (&runs[0].0, &runs[1].0);
    let [first, second] = [first, second].map(|run| run.strip_prefix(&path).unwrap());
    refused(&|copy| fs::remove_file(copy.join(first)).unwrap(), ErrorKind::Missing);
    refused(&|copy| fs::remove_dir_all(copy.join("journal")).unwrap(), ErrorKind::Missing);
    let segment = fs::read_dir(path.join("journal")).unwrap().next().unwrap().unwrap().file_name();
    let segment = Path::new("journal").join(segment);
    refused(&|copy| fs::remove_file(copy.join(&segment)).unwrap(), ErrorKind::Missing);
    let swap = |copy: &Path| {
        fs::rename(copy.join(first), copy.join("x")).unwrap();
        fs::rename(copy.join(second), copy.join(first)).unwrap();
        fs::rename(copy.join("x"), copy.join(second)).unwrap();
    };
    refused(&swap, ErrorKind::Tampered);
    let huge = |copy: &Path| {
        let file = fs::OpenOptions::new().write(true).open(copy.join(&segment)).unwrap();
        file.set_len(1 << 40).unwrap();
    };
    refused(&huge, ErrorKind::Tampered);
    let newer = |copy: &Path| {
        let mut bytes = fs::read(copy.join(&segment)).unwrap();
        bytes[5] = 2;
        fs::write(copy.join(&segment), bytes).unwrap();
    };
    refused(&newer, ErrorKind::NewerFormat);
}

/// As the test above, with a database as large as they become.
#[test]
fn damage_to_a_large_sled_is_cured() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut expected = Expected::new();
    let store = SledStore::create(&path, INSTANCE).unwrap();
    for number in 0..5_u32 {
        let mut batch = Batch::new();
        for n in 0..1_000 {
            let key = blake3::hash(&(number * 1_000 + n).to_le_bytes());
            batch.put(&key.as_bytes()[..16], vec![number as u8; 100]);
        }
        store.commit(&batch).unwrap();
        apply(&mut expected, &batch);
    }
    drop(store);
    let sled = fs::read_dir(path.join("sled")).unwrap().next().unwrap().unwrap().path();
    let file = sled.strip_prefix(&path).unwrap().join("db");
    let whole = fs::read(path.join(&file)).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    for at in (0..used).step_by(used / 20) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        for bytes in [&flipped, &whole[..at]] {
            let copied = folder.path().join("copy");
            copy(&path, &copied);
            fs::write(copied.join(&file), bytes).unwrap();
            let store = SledStore::open(&copied, INSTANCE, OpenMode::Write).unwrap();
            assert_eq!(conformance::rows(&store), expected);
            drop(store);
            fs::remove_dir_all(&copied).unwrap();
        }
    }
}
