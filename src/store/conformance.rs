//! What every store must do, whatever it is made of.
//!
//! [`check`] runs the clauses of the contract in `store/mod.rs` against fresh stores;
//! [`check_reopening`] those that only a persistent store can keep.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::store::{Batch, Expect, MAX_KEY, MAX_STATE, MAX_VALUE, Position, Store};

/// All clauses; `fresh` gives an empty store each time.
pub(crate) fn check<S: Store>(mut fresh: impl FnMut() -> S) {
    an_empty_store_has_no_rows_and_position_zero(&fresh());
    a_commit_writes_replaces_and_removes_together(&fresh());
    positions_count_from_one_and_the_chain_binds_every_commit(&mut fresh);
    the_state_is_that_of_the_newest_commit(&fresh());
    a_failed_precondition_changes_nothing(&fresh());
    bounds_are_checked_before_anything_changes(&fresh());
    rows_of_the_longest_size_are_kept(&fresh());
    a_scan_gives_the_rows_of_a_prefix_in_order(&fresh());
    a_scan_shows_one_moment_and_lets_its_visitor_use_the_store(&fresh());
    an_error_of_the_visitor_ends_a_scan(&fresh());
    housekeeping_changes_nothing_that_is_read(&fresh());
    readers_never_see_half_a_commit(&fresh());
    writers_with_preconditions_lose_nothing(&fresh());
}

/// Clauses that need the store to outlive itself; `open` opens the same store again.
#[cfg(feature = "sled")]
pub(crate) fn check_reopening<S: Store>(mut open: impl FnMut() -> S) {
    let mut expected = BTreeMap::new();
    let mut position = Position::default();
    for round in 0..6_u32 {
        let store = open();
        assert_eq!((store.position(), rows(&store)), (position, expected.clone()));
        assert_eq!(store.chain_at(position.sequence).unwrap(), Some(position.chain));
        let mut batch = Batch::new();
        for n in 0..40 {
            let key = (round * 20 + n).to_be_bytes();
            batch.put(key, round.to_be_bytes()).remove((n * 3).to_be_bytes());
        }
        batch.state(round.to_be_bytes());
        position = store.commit(&batch).unwrap();
        match round % 3 {
            1 => drop(store.maintain().unwrap()),
            2 => drop(store.compact().unwrap()),
            _ => {}
        }
        for (key, value) in batch.rows {
            match value {
                Some(value) => expected.insert(key, value),
                None => expected.remove(&key),
            };
        }
        drop(store);
        assert_eq!(open().state(), round.to_be_bytes());
    }
}

/// Every row of a store.
pub(crate) fn rows(store: &dyn Store) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut rows = BTreeMap::new();
    let visit = &mut |key: &[u8], value: &[u8]| {
        assert!(rows.last_key_value().is_none_or(|(last, _): (&Vec<u8>, _)| last.as_slice() < key));
        rows.insert(key.to_vec(), value.to_vec());
        Ok(())
    };
    store.scan(&[], visit).unwrap();
    for (key, value) in &rows {
        assert_eq!(store.get(key).unwrap().as_ref(), Some(value), "get and scan agree");
    }
    rows
}

fn put(key: &str, value: &str) -> Batch {
    let mut batch = Batch::new();
    batch.put(key, value);
    batch
}

fn kind<T>(result: Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}

fn an_empty_store_has_no_rows_and_position_zero(store: &dyn Store) {
    assert_eq!(store.position(), Position { sequence: 0, chain: [0; 32] });
    assert_eq!(store.state(), b"");
    assert_eq!(store.get(b"a").unwrap(), None);
    assert!(rows(store).is_empty());
    assert_eq!(store.chain_at(0).unwrap(), Some([0; 32]));
    assert_eq!(store.chain_at(1).unwrap(), None);
    store.verify_newest().unwrap();
    store.compact().unwrap();
}

fn a_commit_writes_replaces_and_removes_together(store: &dyn Store) {
    let mut batch = put("a", "1");
    batch.put("b", "2").put("b", "3").put("c", "").put("d", "4").remove("d");
    store.commit(&batch).unwrap();
    let mut batch = put("a", "5");
    batch.remove("c").remove("never there");
    store.commit(&batch).unwrap();
    assert_eq!(store.get(b"a").unwrap().unwrap(), b"5");
    assert_eq!(store.get(b"b").unwrap().unwrap(), b"3");
    assert_eq!(store.get(b"c").unwrap(), None);
    assert_eq!(rows(store).len(), 2);
    store.commit(&put("c", "")).unwrap();
    assert_eq!(store.get(b"c").unwrap().unwrap(), b"", "an empty row is a row");
}

fn positions_count_from_one_and_the_chain_binds_every_commit<S: Store>(
    fresh: &mut impl FnMut() -> S,
) {
    let chain_of = |store: &dyn Store, batches: &[Batch]| {
        for (index, batch) in batches.iter().enumerate() {
            let position = store.commit(batch).unwrap();
            assert_eq!(position.sequence, index as u64 + 1);
            assert_eq!(store.position(), position);
            assert_eq!(store.chain_at(position.sequence).unwrap(), Some(position.chain));
            store.verify_newest().unwrap();
        }
        assert_eq!(store.chain_at(batches.len() as u64 + 1).unwrap(), None);
        assert_eq!(store.chain_at(u64::MAX).unwrap(), None);
        store.position().chain
    };
    let with_state = |state: &str| {
        let mut batch = put("a", "1");
        batch.state(state);
        batch
    };
    let mut removal = Batch::new();
    removal.remove("a");
    let histories = [
        vec![put("a", "1"), put("b", "2")],
        vec![put("b", "2"), put("a", "1")],
        vec![put("a", "1"), put("b", "3")],
        vec![put("a", "1"), put("c", "2")],
        vec![put("a", "1"), Batch::new()],
        vec![with_state("s"), put("b", "2")],
        vec![removal, put("b", "2")],
    ];
    let mut chains: Vec<_> = histories.iter().map(|batches| chain_of(&fresh(), batches)).collect();
    assert_eq!(chain_of(&fresh(), &histories[0]), chains[0], "equal histories, equal chains");
    chains.sort_unstable();
    chains.dedup();
    assert_eq!(chains.len(), histories.len());
}

fn the_state_is_that_of_the_newest_commit(store: &dyn Store) {
    let mut batch = put("a", "1");
    store.commit(batch.state("one")).unwrap();
    assert_eq!(store.state(), b"one");
    store.maintain().unwrap();
    store.compact().unwrap();
    assert_eq!(store.state(), b"one");
    store.commit(Batch::new().state("two")).unwrap();
    assert_eq!(store.state(), b"two");
    store.commit(&put("a", "2")).unwrap();
    assert_eq!(store.state(), b"");
}

fn a_failed_precondition_changes_nothing(store: &dyn Store) {
    store.commit(put("there", "1").state("s")).unwrap();
    let before = (store.position(), store.state(), rows(store));
    let unchanged = |value: &str| Expect::Unchanged(*blake3::hash(value.as_bytes()).as_bytes());
    let failing = [
        ("there", Expect::Absent),
        ("there", unchanged("2")),
        ("absent", unchanged("1")),
        ("absent", unchanged("")),
    ];
    for (key, expect) in failing {
        let mut batch = put("a", "1");
        batch.remove("there").state("t").expect("absent", Expect::Absent).expect(key, expect);
        assert_eq!(kind(store.commit(&batch)), Some(ErrorKind::Conflict));
        assert_eq!((store.position(), store.state(), rows(store)), before);
    }
    let mut batch = put("there", "2");
    batch.expect("absent", Expect::Absent).expect("there", unchanged("1"));
    store.commit(&batch).unwrap();
    // A removed row is absent, before and after housekeeping.
    store.commit(Batch::new().remove("there")).unwrap();
    store.commit(put("there", "3").expect("there", Expect::Absent)).unwrap();
    store.commit(Batch::new().remove("there")).unwrap();
    store.compact().unwrap();
    store.commit(put("there", "4").expect("there", Expect::Absent)).unwrap();
}

fn bounds_are_checked_before_anything_changes(store: &dyn Store) {
    store.commit(&put("a", "1")).unwrap();
    let before = (store.position(), rows(store));
    let mut bad = [(); 5].map(|()| put("b", "2"));
    bad[0].put(Vec::new(), "x");
    bad[1].put(vec![7; MAX_KEY + 1], "x");
    bad[2].put("c", vec![7; MAX_VALUE + 1]);
    bad[3].state(vec![7; MAX_STATE + 1]);
    bad[4].expect(Vec::new(), Expect::Absent);
    for batch in bad {
        assert_eq!(kind(store.commit(&batch)), Some(ErrorKind::TooLong));
        assert_eq!((store.position(), rows(store)), before);
    }
    assert_eq!(store.get(&[]).unwrap(), None);
    assert_eq!(store.get(&[7; MAX_KEY + 1]).unwrap(), None);
}

fn rows_of_the_longest_size_are_kept(store: &dyn Store) {
    let mut batch = Batch::new();
    batch.put(vec![255; MAX_KEY], vec![1; MAX_VALUE]).state(vec![2; MAX_STATE]);
    batch.put([0], vec![3; MAX_VALUE]).put([0, 0], "");
    store.commit(&batch).unwrap();
    for _ in 0..2 {
        assert_eq!(store.get(&[255; MAX_KEY]).unwrap(), Some(vec![1; MAX_VALUE]));
        assert_eq!(store.get(&[0]).unwrap(), Some(vec![3; MAX_VALUE]));
        assert_eq!(store.get(&[0, 0]).unwrap(), Some(vec![]));
        assert_eq!(store.state(), vec![2; MAX_STATE]);
        store.compact().unwrap();
    }
}

fn a_scan_gives_the_rows_of_a_prefix_in_order(store: &dyn Store) {
    let mut all = BTreeMap::new();
    for round in 0..4_u8 {
        let mut batch = Batch::new();
        for n in 0..=255_u8 {
            let key = [n / 16, round, n];
            batch.put(key, [round]);
            all.insert(key.to_vec(), vec![round]);
        }
        batch.put([round], "short").put([255, 255, round], "last");
        all.insert(vec![round], b"short".to_vec());
        all.insert(vec![255, 255, round], b"last".to_vec());
        store.commit(&batch).unwrap();
        if round == 1 {
            store.compact().unwrap();
        }
    }
    for prefix in [&[][..], &[0], &[3], &[3, 2], &[3, 2, 49], &[15], &[16], &[255], &[255, 255]] {
        let mut found = Vec::new();
        let visit = &mut |key: &[u8], value: &[u8]| {
            found.push((key.to_vec(), value.to_vec()));
            Ok(())
        };
        store.scan(prefix, visit).unwrap();
        let expected = all.iter().filter(|(key, _)| key.starts_with(prefix));
        assert!(found.iter().map(|(k, v)| (k, v)).eq(expected), "prefix {prefix:?}");
    }
}

fn a_scan_shows_one_moment_and_lets_its_visitor_use_the_store(store: &dyn Store) {
    let mut batch = Batch::new();
    for n in 0..100_u8 {
        batch.put([n], [0]);
    }
    store.commit(&batch).unwrap();
    let mut seen = 0;
    let visit = &mut |key: &[u8], value: &[u8]| {
        assert_eq!(value, [0], "a row from after the scan began");
        if key[0].is_multiple_of(25) {
            let mut batch = Batch::new();
            for n in 0..100_u8 {
                batch.put([n], [1]).remove([n / 2]).put([n, n], [1]);
            }
            store.commit(&batch)?;
            assert_eq!(store.get(&[0])?, None);
            store.maintain()?;
            store.compact()?;
        }
        seen += 1;
        Ok(())
    };
    store.scan(&[], visit).unwrap();
    assert_eq!(seen, 100);
}

fn an_error_of_the_visitor_ends_a_scan(store: &dyn Store) {
    let mut batch = put("a", "1");
    store.commit(batch.put("b", "2")).unwrap();
    let mut seen = 0;
    let visit = &mut |_: &[u8], _: &[u8]| {
        seen += 1;
        Err(Error::new(ErrorKind::NotAllowed, "enough"))
    };
    assert_eq!(kind(store.scan(&[], visit)), Some(ErrorKind::NotAllowed));
    assert_eq!(seen, 1);
}

fn housekeeping_changes_nothing_that_is_read(store: &dyn Store) {
    let mut expected = BTreeMap::new();
    for round in 0..30_u32 {
        let mut batch = Batch::new();
        for n in 0..50_u32 {
            let key = (n * 7 + round * 13) % 300;
            if (n + round).is_multiple_of(4) {
                batch.remove(key.to_be_bytes());
                expected.remove(&key.to_be_bytes()[..]);
            } else {
                batch.put(key.to_be_bytes(), round.to_be_bytes());
                expected.insert(key.to_be_bytes().to_vec(), round.to_be_bytes().to_vec());
            }
        }
        let position = store.commit(&batch).unwrap();
        match round % 5 {
            0 | 1 => drop(store.maintain().unwrap()),
            3 => drop(store.compact().unwrap()),
            _ => {}
        }
        assert_eq!((store.position(), rows(store)), (position, expected.clone()));
        assert_eq!(store.chain_at(position.sequence).unwrap(), Some(position.chain));
        store.verify_newest().unwrap();
    }
}

fn readers_never_see_half_a_commit(store: &dyn Store) {
    let value = |round: u32| {
        let mut batch = Batch::new();
        for n in 0..20_u8 {
            batch.put([n], round.to_be_bytes());
        }
        batch
    };
    store.commit(&value(0)).unwrap();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut newest = Vec::new();
                while !ended.load(Ordering::Acquire) {
                    let rows = rows_unchecked(store);
                    assert_eq!(rows.len(), 20);
                    assert!(rows.iter().all(|row| *row == rows[0]), "two commits in one scan");
                    assert!(rows[0] >= newest, "an older commit after a newer one");
                    newest.clone_from(&rows[0]);
                    assert!(store.get(&[7]).unwrap().unwrap() >= newest);
                }
            });
        }
        for round in 1..150 {
            store.commit(&value(round)).unwrap();
            if round % 40 == 0 {
                store.compact().unwrap();
            }
        }
        ended.store(true, Ordering::Release);
    });
}

fn rows_unchecked(store: &dyn Store) -> Vec<Vec<u8>> {
    let mut rows = Vec::new();
    let visit = &mut |_: &[u8], value: &[u8]| {
        rows.push(value.to_vec());
        Ok(())
    };
    store.scan(&[], visit).unwrap();
    rows
}

fn writers_with_preconditions_lose_nothing(store: &dyn Store) {
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..40 {
                    loop {
                        let now = store.get(b"n").unwrap();
                        let expect = now.as_ref().map_or(Expect::Absent, |now| {
                            Expect::Unchanged(*blake3::hash(now).as_bytes())
                        });
                        let next = now.map_or(0, |now| now[0]) + 1;
                        match store.commit(Batch::new().put("n", [next]).expect("n", expect)) {
                            Ok(_) => break,
                            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(store.get(b"n").unwrap(), Some(vec![120]));
    assert_eq!(store.position().sequence, 120);
}
