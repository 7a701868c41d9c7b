//! Who may open a store, and what opening leaves behind.

use std::fs;

use super::{INSTANCE, batch, create, files, filled, history, open, open_read_only, try_open};
use crate::error::{ErrorKind, Place};
use crate::id::InstanceId;
use crate::store::{OpenMode, SledStore, Store, conformance};

#[test]
fn a_store_is_created_once_and_opened_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    assert_eq!(try_open(&path).unwrap_err().kind(), ErrorKind::Missing);
    let store = create(&path);
    let again = SledStore::create(&path, INSTANCE).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Exists);
    assert_eq!(again.place(), Some(&Place::File("store".into())), "a name, not a path");
    assert_eq!(try_open(&path).unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(open_read_only(&path).unwrap_err().kind(), ErrorKind::Busy);
    drop(store);
    let (one, two) = (open_read_only(&path).unwrap(), open_read_only(&path).unwrap());
    assert_eq!(try_open(&path).unwrap_err().kind(), ErrorKind::Busy);
    drop((one, two));
    try_open(&path).unwrap();
}

#[test]
fn a_store_of_another_instance_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(filled(&path, 5));
    let other = InstanceId::from_bytes([8; 16]);
    let before = files(&path);
    for mode in [OpenMode::Write, OpenMode::ReadOnly] {
        let error = SledStore::open(&path, other, mode).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tampered);
        assert!(matches!(error.place(), Some(Place::Offset { .. })), "{error:?}");
    }
    assert_eq!(files(&path), before);
}

#[test]
fn reading_only_changes_no_file_and_refuses_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = filled(&path, 20);
    let killed = folder.path().join("killed");
    super::copy(&path, &killed);
    drop(store);
    for path in [path, killed] {
        // The beginning of a frame that was never acknowledged.
        let segment = fs::read_dir(path.join("journal")).unwrap().next().unwrap().unwrap().path();
        let mut bytes = fs::read(&segment).unwrap();
        let end = (0..bytes.len()).step_by(512).find(|at| bytes[*at] == 0).unwrap();
        bytes[end] = 0xa5;
        fs::write(&segment, &bytes).unwrap();

        let before = files(&path);
        let store = open_read_only(&path).unwrap();
        assert_eq!(conformance::rows(&store), history(20)[20]);
        assert!(!store.opened().journal_cut);
        for refused in [
            store.commit(&batch(21)).map(drop),
            store.maintain().map(drop),
            store.compact().map(drop),
        ] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::ReadOnly);
        }
        store.verify_newest().unwrap();
        drop(store);
        assert_eq!(files(&path), before);

        assert!(open(&path).opened().journal_cut);
        assert_eq!(fs::read(path.join("journal.cut")).unwrap(), [0xa5]);
    }
}

/// A kill while sled wrote a snapshot made each later opening fail.
#[test]
fn an_unfinished_snapshot_of_sled_does_not_stop_an_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(filled(&path, 20));
    let sled = fs::read_dir(path.join("sled")).unwrap().next().unwrap().unwrap().path();
    let snapshot = sled.join("snap.FFFFFFFFFFFFFFFF.generating");
    fs::write(&snapshot, b"").unwrap();
    let store = open(&path);
    assert!(!snapshot.exists() && !store.opened().rebuilt);
    assert_eq!(conformance::rows(&store), history(20)[20]);
}

#[test]
fn opening_says_what_it_replayed_and_closing_leaves_nothing_to_replay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = create(&path);
    for number in [1, 2, 4] {
        store.commit(&batch(number)).unwrap();
    }
    let killed = folder.path().join("killed");
    super::copy(&path, &killed);
    drop(store);
    for (path, lacking) in [(&path, 0), (&killed, 3), (&killed, 0)] {
        let opened = open(path).opened();
        assert_eq!((opened.replayed, opened.rebuilt), (lacking, false));
    }
    // Fed when it was closed, then killed after more commits.
    let store = open(&path);
    store.commit(&batch(5)).unwrap();
    let killed = folder.path().join("killed again");
    super::copy(&path, &killed);
    let opened = open(&killed).opened();
    assert_eq!((opened.replayed, opened.rebuilt), (1, false));
}

#[test]
fn only_named_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(filled(&path, 30));
    let sled = path.join("sled");
    let named =
        || files(&path).into_keys().filter(|file| !file.starts_with(&sled)).collect::<Vec<_>>();
    let before = named();
    fs::write(path.join("runs/0000000999.run"), b"unnamed").unwrap();
    fs::write(path.join("journal/0000000999.seg.new"), b"unfinished").unwrap();
    fs::create_dir(path.join("sled/0000000999")).unwrap();
    let store = open(&path);
    assert_eq!(named(), before);
    assert_eq!(fs::read_dir(&sled).unwrap().count(), 1);
    store.compact().unwrap();
    assert_eq!(fs::read_dir(path.join("runs")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(path.join("journal")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(path.join("sled")).unwrap().count(), 1);
    assert_eq!(conformance::rows(&store), history(30)[30]);
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(filled(&path, 30));
    for file in files(&path).keys() {
        for part in file.ancestors().take_while(|part| part.starts_with(&path)) {
            let mode = fs::metadata(part).unwrap().permissions().mode() & 0o777;
            if part.is_file() && part.starts_with(path.join("sled")) {
                // sled's own, with sled's own mode: nobody else can enter its folder.
                continue;
            }
            assert_eq!(mode, if part.is_dir() { 0o700 } else { 0o600 }, "{part:?}");
        }
    }
}

#[test]
fn a_store_whose_sled_fails_goes_on_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(filled(&path, 20));
    let store = open(&path);
    store.fail_sled();
    let error = store.scan(&[], &mut |_, _| Ok(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "an error, not a row less");
    store.commit(&batch(21)).unwrap();
    assert_eq!(conformance::rows(&store), history(21)[21]);
    drop(store);
    assert_eq!(conformance::rows(&open(&path)), history(21)[21]);
}

#[test]
fn a_folder_of_sled_that_is_gone_is_made_and_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(filled(&path, 20));
    let rows = |store: &SledStore| {
        let mut rows = Vec::new();
        store.scan(&[], &mut |key, row| {
            rows.push((key.to_vec(), row.to_vec()));
            Ok(())
        })?;
        crate::Result::Ok(rows)
    };
    let before = rows(&try_open(&path).unwrap()).unwrap();
    fs::remove_dir_all(path.join("sled")).unwrap();
    let store = try_open(&path).unwrap();
    assert_eq!(rows(&store).unwrap(), before);
    store.compact().unwrap();
    drop(store);
    // A run cannot be made again.
    fs::remove_dir_all(path.join("runs")).unwrap();
    assert_eq!(try_open(&path).unwrap_err().kind(), ErrorKind::Missing);
}
