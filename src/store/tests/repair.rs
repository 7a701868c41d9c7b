//! Damaged stores rebuilt from what is left: all of it, and never a wrong row.

use std::fs;
use std::path::{Path, PathBuf};

use super::{
    Expected, INSTANCE, SMALL, apply, batch, copy, files, filled, history, open, try_open,
};
use crate::error::{ErrorKind, Result};
use crate::store::repair::StoreRepair;
use crate::store::{SledStore, Store, conformance};

const COMMITS: u32 = 33;

fn repair(path: &Path) -> Result<StoreRepair> {
    SledStore::repair_with(path, INSTANCE, SMALL)
}

/// A closed store, and its files below a folder of it.
fn victim(folder: &Path, below: &str) -> (PathBuf, Vec<(PathBuf, Vec<u8>)>) {
    let path = folder.join("victim");
    drop(filled(&path, COMMITS));
    let below = path.join(below);
    let files = files(&path).into_iter().filter(|(file, _)| file.starts_with(&below)).collect();
    (path, files)
}

/// A copy in which `file` holds `bytes`.
fn with_file(path: &Path, file: &Path, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let copied = folder.path().join("copy");
    copy(path, &copied);
    fs::write(copied.join(file.strip_prefix(path).unwrap()), bytes).unwrap();
    (folder, copied)
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1 << (at % 8);
    bytes
}

#[test]
fn a_whole_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = victim(folder.path(), "");
    let before: Vec<_> = files(&path.join("journal")).into_iter().collect();
    assert_eq!(repair(&path).unwrap(), StoreRepair::default());
    assert_eq!(files(&path.join("journal")).into_iter().collect::<Vec<_>>(), before);
    assert_eq!(conformance::rows(&open(&path)), history(COMMITS)[COMMITS as usize]);
    let held = open(&path);
    assert_eq!(repair(&path).unwrap_err().kind(), ErrorKind::Busy);
    drop(held);
}

#[test]
fn a_journal_flipped_anywhere_is_made_up_from_sled() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "journal");
    let [(file, whole)] = files.as_slice() else { panic!("one segment") };
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let mut rebuilt = 0;
    for at in (0..used).step_by(used / 20).chain([5, 700, used - 1]) {
        let (_folder, copied) = with_file(&path, file, &flipped(whole, at));
        assert!(try_open(&copied).is_err(), "{at}");
        let report = match repair(&copied) {
            Err(error) if error.kind() == ErrorKind::NewerFormat => continue,
            report => report.unwrap(),
        };
        rebuilt += 1;
        let name = file.file_name().unwrap().to_str().unwrap();
        assert_eq!(report.damaged, [name], "{at}");
        let kept = copied.join(report.kept_in.as_deref().unwrap()).join(name);
        assert_eq!(fs::read(&kept).unwrap(), flipped(whole, at));
        assert_eq!((report.commits_lost, report.blocks_lost), (0, 0), "{at}");
        let store = open(&copied);
        assert_eq!(store.position().sequence, u64::from(COMMITS));
        assert_eq!(store.state(), COMMITS.to_le_bytes());
        assert_eq!(conformance::rows(&store), history(COMMITS)[COMMITS as usize], "{at}");
        store.commit(&batch(COMMITS + 1)).unwrap();
        drop(store);
        assert_eq!(conformance::rows(&open(&copied)), history(COMMITS + 1)[COMMITS as usize + 1]);
        assert!(repair(&copied).unwrap().is_whole());
        // What was kept outlives the openings after.
        assert!(kept.exists());
    }
    assert!(rebuilt > 18, "{rebuilt} of {used}");
}

#[test]
fn newest_frames_that_were_zeroed_come_back_from_sled() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "journal");
    let [(file, whole)] = files.as_slice() else { panic!("one segment") };
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let mut cut = whole.clone();
    cut[used - 1536..].fill(0);
    let (_folder, copied) = with_file(&path, file, &cut);
    assert!(!repair(&copied).unwrap().is_whole());
    let store = open(&copied);
    assert_eq!(store.position().sequence, u64::from(COMMITS));
    assert_eq!(conformance::rows(&store), history(COMMITS)[COMMITS as usize]);
}

/// A machine that lost its power and then a sector: sled was never fed.
#[test]
fn without_sled_one_damaged_frame_costs_one_commit() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "journal");
    let [(file, whole)] = files.as_slice() else { panic!("one segment") };
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let without = |lost: u32| {
        let mut rows = Expected::new();
        (1..=COMMITS).filter(|n| *n != lost).for_each(|n| apply(&mut rows, &batch(n)));
        rows
    };
    let mut lost = 0;
    for at in (600..used).step_by(173) {
        let (_folder, copied) = with_file(&path, file, &flipped(whole, at));
        fs::remove_dir_all(copied.join("sled")).unwrap();
        let report = repair(&copied).unwrap();
        let store = open(&copied);
        let rows = conformance::rows(&store);
        let newest = store.position().sequence;
        assert!(newest + 1 >= u64::from(COMMITS), "{at}: {newest}");
        assert!(report.commits_lost <= 1, "{at}: {report:?}");
        lost += report.commits_lost;
        assert!((0..=COMMITS).any(|lost| without(lost) == rows), "{at}: {report:?}");
    }
    assert!(lost > 3);
}

#[test]
fn of_a_damaged_run_every_whole_block_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (path, files) = victim(folder.path(), "runs");
    let expected = history(COMMITS).swap_remove(COMMITS as usize);
    let mut costless = 0;
    for (file, whole) in &files {
        for at in (0..whole.len()).step_by(whole.len() / 16 + 1).chain([whole.len() - 1]) {
            for bytes in [flipped(whole, at), whole[..at].to_vec()] {
                let (_folder, copied) = with_file(&path, file, &bytes);
                let report = match repair(&copied) {
                    Err(error) if error.kind() == ErrorKind::NewerFormat => continue,
                    report => report.unwrap(),
                };
                assert_eq!(report.damaged.len(), 1);
                let store = open(&copied);
                assert_eq!(store.position().sequence, u64::from(COMMITS));
                let rows = conformance::rows(&store);
                assert_eq!(rows == expected, report.blocks_lost == 0 || rows == expected);
                costless += u32::from(rows == expected);
                store.compact().unwrap();
                drop(store);
                assert!(repair(&copied).unwrap().is_whole());
            }
        }
    }
    assert!(costless > 10, "{costless}");
}

#[test]
fn of_a_large_run_one_flipped_bit_costs_one_block_and_an_index_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = SledStore::create(&path, INSTANCE).unwrap();
    let mut expected = Expected::new();
    let mut all = crate::store::Batch::new();
    for n in 0..20_000_u32 {
        all.put(&blake3::hash(&n.to_le_bytes()).as_bytes()[..16], vec![n as u8; 100]);
    }
    all.state(b"state".as_slice());
    store.commit(&all).unwrap();
    apply(&mut expected, &all);
    drop(store);
    let run = files(&path.join("runs")).into_iter().next().unwrap();
    let (file, whole) = (run.0, run.1);
    // A block; the second group's index; the directory; the footer.
    let group = whole
        .windows(5)
        .enumerate()
        .filter(|(_, window)| *window == [128, 0, 0, 0, 16])
        .map(|(at, _)| at)
        .nth(1)
        .unwrap();
    for (at, most) in
        [(300_000, 1), (group, 2), (group + 40, 2), (whole.len() - 100, 0), (whole.len() - 20, 0)]
    {
        let (_folder, copied) = with_file(&path, &file, &flipped(&whole, at));
        let report = SledStore::repair(&copied, INSTANCE).unwrap();
        assert!(report.blocks_lost <= most, "{at}: {report:?}");
        let store = SledStore::open(&copied, INSTANCE, crate::store::OpenMode::Write).unwrap();
        let rows = conformance::rows(&store);
        assert!(rows.iter().all(|(key, row)| expected.get(key) == Some(row)), "{at}");
        assert!(rows.len() + 80 > expected.len(), "{at}: {} rows", rows.len());
        assert!(most > 0 || rows == expected, "{at}");
    }
    fs::remove_file(&file).unwrap();
    let report = SledStore::repair(&path, INSTANCE).unwrap();
    assert_eq!((report.damaged.len(), report.blocks_lost), (1, 1));
}
