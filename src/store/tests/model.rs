//! Any sequence of operations against a map in memory.

use proptest::prelude::*;

use super::{Expected, apply, create, open, open_read_only};
use crate::store::{Batch, Position, Store, conformance};

#[derive(Clone, Debug)]
enum Step {
    /// Rows by number of key, with a length or removed.
    Commit(Vec<(u8, Option<u16>)>),
    Maintain,
    Compact,
    Reopen,
    Kill,
}

fn step() -> impl Strategy<Value = Step> {
    let row = (any::<u8>(), prop::option::weighted(0.8, 0_u16..400));
    prop_oneof![
        8 => prop::collection::vec(row.clone(), 0..12).prop_map(Step::Commit),
        2 => prop::collection::vec(row, 12..60).prop_map(Step::Commit),
        1 => Just(Step::Maintain),
        1 => Just(Step::Compact),
        1 => Just(Step::Reopen),
        1 => Just(Step::Kill),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_store_is_a_map(steps in prop::collection::vec(step(), 1..50)) {
        let folder = tempfile::tempdir().unwrap();
        let mut path = folder.path().join("0");
        let mut store = create(&path);
        let mut expected = Expected::new();
        let mut chains = vec![[0; 32]];
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Commit(rows) => {
                    let mut batch = Batch::new();
                    for (key, len) in rows {
                        match len {
                            Some(len) => batch.put([key; 3], vec![number as u8; len.into()]),
                            None => batch.remove([key; 3]),
                        };
                    }
                    batch.state([number as u8]);
                    chains.push(store.commit(&batch).unwrap().chain);
                    apply(&mut expected, &batch);
                    prop_assert_eq!(store.state(), [number as u8]);
                }
                Step::Maintain => drop(store.maintain().unwrap()),
                Step::Compact => drop(store.compact().unwrap()),
                Step::Reopen => {
                    drop(store);
                    store = open(&path);
                    prop_assert!(!store.opened().journal_cut && !store.opened().rebuilt);
                }
                Step::Kill => {
                    let next = folder.path().join((number + 1).to_string());
                    super::copy(&path, &next);
                    drop(store);
                    path = next;
                    let read_only = open_read_only(&path).unwrap();
                    prop_assert_eq!(conformance::rows(&read_only), expected.clone());
                    drop(read_only);
                    store = open(&path);
                    prop_assert!(!store.opened().journal_cut && !store.opened().rebuilt);
                }
            }
            prop_assert_eq!(conformance::rows(&store), expected.clone());
            let sequence = chains.len() as u64 - 1;
            let newest = Position { sequence, chain: chains[chains.len() - 1] };
            prop_assert_eq!(store.position(), newest);
            for back in 0..chains.len().min(5) {
                let at = chains.len() - 1 - back;
                prop_assert_eq!(store.chain_at(at as u64).unwrap(), Some(chains[at]));
            }
            prop_assert_eq!(store.get(&[0, 1, 2]).unwrap(), None);
        }
        store.verify_newest().unwrap();
    }
}
