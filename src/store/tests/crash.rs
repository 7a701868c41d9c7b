//! The machine stops between any two changes of the file system, or one of them fails.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{batch, copy, create, history, open, open_read_only, try_open};
use crate::error::{Error, ErrorKind};
use crate::store::steps::with_hook;
use crate::store::{SledStore, Store, conformance};

const COMMITS: u32 = 40;

/// A copy of the store, the step it was made after, and the commits acknowledged by then.
type Copy = (PathBuf, &'static str, u32);

/// A mixed workload; `acknowledged` counts the commits that returned.
fn work(path: &Path, acknowledged: &Cell<u32>) {
    let mut store = create(path);
    for number in 1..=COMMITS {
        store.commit(&batch(number)).unwrap();
        acknowledged.set(number);
        match number % 13 {
            4 => drop(store.maintain().unwrap()),
            8 => drop(store.compact().unwrap()),
            11 => {
                drop(store);
                store = open(path);
            }
            _ => {}
        }
    }
}

/// Everything acknowledged is there, and of the commit under way all or nothing.
fn hold(path: &Path, acknowledged: u32, what: &str) -> SledStore {
    let store = try_open(path).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let sequence = store.position().sequence;
    let range = u64::from(acknowledged)..=u64::from(acknowledged) + 1;
    assert!(range.contains(&sequence), "{what}: {sequence} of {acknowledged}");
    let history = history(acknowledged + 1);
    assert!(conformance::rows(&store) == history[sequence as usize], "{what}: rows differ");
    let state = if sequence == 0 { vec![] } else { (sequence as u32).to_le_bytes().to_vec() };
    assert_eq!(store.state(), state, "{what}");
    store
}

#[test]
fn a_crash_at_any_step_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_path_buf();
    let path = root.join("store");
    let acknowledged = Rc::new(Cell::new(0));
    let copies = Rc::new(RefCell::new(Vec::<Copy>::new()));
    let hook = {
        let (path, acknowledged, copies) = (path.clone(), acknowledged.clone(), copies.clone());
        move |step| {
            let to = root.join(format!("crash-{}", copies.borrow().len()));
            copy(&path, &to);
            copies.borrow_mut().push((to, step, acknowledged.get()));
            Ok(())
        }
    };
    with_hook(hook, || work(&path, &acknowledged));

    let mut steps = BTreeMap::new();
    for (copy, step, acknowledged) in copies.borrow().iter() {
        *steps.entry(*step).or_insert(0) += 1;
        if *acknowledged == 0 && try_open(copy).is_err_and(|e| e.kind() == ErrorKind::Missing) {
            // Not created yet; nobody was told that it was.
            continue;
        }
        let what = format!("after '{step}', {acknowledged} acknowledged");
        let before = open_read_only(copy).unwrap();
        let seen = (before.position(), conformance::rows(&before));
        drop(before);
        let store = hold(copy, *acknowledged, &what);
        assert_eq!((store.position(), conformance::rows(&store)), seen, "{what}: read-only");
        // It goes on from there.
        let next = store.position().sequence as u32 + 1;
        store.commit(&batch(next)).unwrap();
        store.compact().unwrap();
        drop(store);
        hold(copy, next, &what);
    }
    for step in ["frame written", "run synced", "segment renamed", "run removed", "sled created"] {
        assert!(steps.contains_key(step), "the workload never came to '{step}': {steps:?}");
    }
}

#[test]
fn a_frame_of_which_the_disk_wrote_only_some_sectors_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = create(&path);
    store.commit(&batch(1)).unwrap();
    let root = folder.path().to_path_buf();
    let torn: Rc<RefCell<Vec<PathBuf>>> = Rc::default();
    let hook = {
        let (path, torn) = (path.clone(), torn.clone());
        move |step| {
            if step == "frame written" {
                // Some subset of the frame's sectors is on the disk, others are not.
                for pattern in 0..16_u32 {
                    let to = root.join(format!("torn-{}", torn.borrow().len()));
                    copy(&path, &to);
                    tear(&to, pattern);
                    torn.borrow_mut().push(to);
                }
            }
            Ok(())
        }
    };
    let mut four_sectors = batch(2);
    four_sectors.put([1], [5; 1_500]);
    let whole = with_hook(hook, || store.commit(&four_sectors).unwrap());
    assert_eq!(whole.sequence, 2);
    let (mut cut, mut kept) = (0, 0);
    for copy in torn.borrow().iter() {
        let read_only = open_read_only(copy).unwrap();
        assert!(!read_only.opened().journal_cut && !copy.join("journal.cut").exists());
        let seen = read_only.position();
        drop(read_only);
        let store = open(copy);
        assert_eq!(store.position(), seen);
        if store.position() == whole {
            kept += 1;
            continue;
        }
        cut += 1;
        assert_eq!(store.position().sequence, 1);
        assert_eq!(conformance::rows(&store), history(1)[1]);
        assert!(store.opened().journal_cut || !copy.join("journal.cut").exists());
        store.commit(&batch(2)).unwrap();
        drop(store);
        assert!(!open(copy).opened().journal_cut, "cut once");
        assert_eq!(conformance::rows(&open(copy)), history(2)[2]);
    }
    assert_eq!((cut, kept), (15, 1), "kept only when nothing is missing");
}

/// Zeros the sectors of the newest frame whose bit in `pattern` is clear.
fn tear(path: &Path, pattern: u32) {
    let file = path.join("journal/0000000001.seg");
    let mut bytes = std::fs::read(&file).unwrap();
    let starts: Vec<usize> =
        (0..bytes.len()).step_by(512).filter(|at| bytes[*at] == 0xa5).collect();
    let start = *starts.last().unwrap();
    assert_eq!(starts.len(), 3);
    let end = (start..bytes.len()).step_by(512).find(|at| bytes[*at] == 0).unwrap();
    for (index, at) in (start..end).step_by(512).enumerate() {
        if pattern & (1 << (index % 4)) == 0 {
            bytes[at..at + 512].fill(0);
        }
    }
    std::fs::write(&file, bytes).unwrap();
}

#[test]
fn a_step_that_fails_ends_the_session_or_changes_nothing() {
    let total = Rc::new(Cell::new(0_u32));
    let folder = tempfile::tempdir().unwrap();
    let count = total.clone();
    let hook = move |_| {
        count.set(count.get() + 1);
        Ok(())
    };
    with_hook(hook, || {
        work_until_failure(&folder.path().join("all"), |_, _| {});
    });
    let (mut ended, mut went_on) = (0, 0);
    for failing in 8..total.get() {
        let path = folder.path().join(failing.to_string());
        let mut at = 0;
        let last_step = Rc::new(Cell::new(""));
        let step_seen = last_step.clone();
        let hook = move |step| {
            at += 1;
            if at == failing + 1 {
                step_seen.set(step);
                return Err(Error::new(ErrorKind::Io, "the test says so"));
            }
            Ok(())
        };
        let mut check = |store: &SledStore, acknowledged: u32| {
            let step = last_step.get();
            let rows = conformance::rows(store);
            assert_eq!(rows, history(acknowledged)[acknowledged as usize], "after '{step}'");
            match store.commit(&batch(acknowledged + 1)) {
                Ok(position) => {
                    went_on += 1;
                    assert_eq!(position.sequence, u64::from(acknowledged) + 1);
                    assert!(!step.starts_with("frame"), "went on after '{step}'");
                    acknowledged + 1
                }
                Err(error) => {
                    ended += 1;
                    assert_eq!(error.kind(), ErrorKind::SessionEnded, "after '{step}'");
                    let again = store.maintain().map(drop).unwrap_err();
                    assert_eq!(again.kind(), ErrorKind::SessionEnded);
                    acknowledged
                }
            }
        };
        // A failure to remove what nothing names is no failure of the work.
        let mut acknowledged = LAST;
        with_hook(hook, || {
            work_until_failure(&path, |store, number| {
                acknowledged = check(store, number);
            });
        });
        hold(&path, acknowledged, last_step.get());
        std::fs::remove_dir_all(&path).unwrap();
    }
    assert!(ended > 20 && went_on > 20, "{ended} ended, {went_on} went on");
}

const LAST: u32 = 16;

/// Calls `failed` with the store and the number of acknowledged commits at the first error.
fn work_until_failure(path: &Path, mut failed: impl FnMut(&SledStore, u32)) {
    let Ok(store) = SledStore::create_with(path, super::INSTANCE, super::SMALL) else {
        return;
    };
    for number in 1..=LAST {
        if store.commit(&batch(number)).is_err() {
            return failed(&store, number - 1);
        }
        let kept = match number % 5 {
            2 => store.maintain().map(drop),
            4 => store.compact().map(drop),
            _ => Ok(()),
        };
        if kept.is_err() {
            return failed(&store, number);
        }
    }
}
