use proptest::prelude::*;

use super::*;
use crate::store::MemoryStore;

const VAULT: VaultId = VaultId::from_bytes([1; 16]);

/// The keys that a sealed node gives to whoever has its own: none if this is not it.
pub(crate) fn keys_in(vault: &VaultId, row: &[u8], key: &Key, sealed: &[u8]) -> Vec<Key> {
    let (index, level) = (row[2..].try_into().unwrap(), row[1]);
    parse_node(vault, level, u64::from_be_bytes(index), key, sealed)
        .map(|node| node.entries.into_values().map(|entry| entry.key).collect())
        .unwrap_or_default()
}

fn key(byte: u8) -> Key {
    Key::init_with(|k| k.fill(byte))
}

fn entry(n: u8) -> Entry {
    Entry { tail: [n; 10], key: key(n), digest: [n; 32] }
}

fn commit(store: &MemoryStore, edit: TreeEdit<'_>, root: &Key) -> KeyTree {
    let mut batch = Batch::new();
    let sealed = edit.seal(&mut batch, root.clone(), 1, 1).unwrap();
    store.commit(&batch).unwrap();
    sealed.tree
}

fn grown(count: u64) -> (MemoryStore, KeyTree) {
    let store = MemoryStore::default();
    let mut tree = KeyTree::empty(VAULT, 1, key(200));
    for n in 0..count {
        let mut edit = tree.edit(&store);
        edit.append(entry(u8::try_from(n % 250).unwrap())).unwrap();
        tree = commit(&store, edit, &key(200));
    }
    (store, tree)
}

#[test]
fn every_slot_is_found_after_growth_over_three_levels() {
    let (store, tree) = grown(300);
    assert_eq!((tree.root().height, tree.root().slots), (3, 300));
    // A tree that was opened anew sees the same.
    let tree = KeyTree::new(VAULT, *tree.root(), key(200));
    for slot in 0..300 {
        let found = tree.lookup(&store, slot).unwrap().unwrap();
        assert_eq!(found.tail, [u8::try_from(slot % 250).unwrap(); 10]);
    }
    assert!(tree.lookup(&store, 300).unwrap().is_none());
    let mut seen = 0;
    tree.walk(&store, &mut |slot, _| {
        assert_eq!(slot, seen);
        seen += 1;
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, 300);
}

#[test]
fn a_node_set_back_to_what_it_was_is_an_integrity_error() {
    let (store, tree) = grown(40);
    let mut old = Vec::new();
    store
        .scan(&[NODE_TABLE], &mut |k, v| {
            old.push((k.to_vec(), v.to_vec()));
            Ok(())
        })
        .unwrap();
    let mut edit = tree.edit(&store);
    edit.replace(20, entry(99)).unwrap();
    let tree = commit(&store, edit, &key(200));
    let root = *tree.root();
    for (k, v) in old {
        let now = store.get(&k).unwrap().unwrap();
        if now == v {
            continue;
        }
        let mut batch = Batch::new();
        batch.put(k.clone(), v);
        store.commit(&batch).unwrap();
        let fresh = KeyTree::new(VAULT, root, key(200));
        assert_eq!(fresh.lookup(&store, 20).err().unwrap().kind(), ErrorKind::Tampered);
        let mut batch = Batch::new();
        batch.put(k, now);
        store.commit(&batch).unwrap();
    }
    let fresh = KeyTree::new(VAULT, root, key(200));
    assert_eq!(fresh.lookup(&store, 20).unwrap().unwrap().tail, [99; 10]);
}

#[test]
fn an_erase_rekeys_the_whole_path_and_spares_the_neighbours() {
    let (store, tree) = grown(40);
    let old_root = *tree.root();
    let mut copy = Vec::new();
    store
        .scan(&[], &mut |k, v| {
            copy.push((k.to_vec(), v.to_vec()));
            Ok(())
        })
        .unwrap();
    let mut edit = tree.edit(&store);
    edit.remove(20).unwrap();
    let tree = commit(&store, edit, &key(201));
    assert!(tree.lookup(&store, 20).unwrap().is_none());
    assert_eq!(tree.lookup(&store, 21).unwrap().unwrap().tail, [21; 10]);

    // The copy made before, with every key that is still reachable now, gives nothing.
    let old = MemoryStore::default();
    let mut batch = Batch::new();
    for (k, v) in copy {
        batch.put(k, v);
    }
    old.commit(&batch).unwrap();
    let with_new_root = KeyTree::new(VAULT, old_root, key(201));
    assert!(with_new_root.lookup(&old, 20).is_err());
    let mut reachable = Vec::new();
    for level in 0..tree.root().height {
        for index in 0..3 {
            if let Some((node, _)) = tree.lock().get(&(level, index)) {
                reachable.extend(node.entries.values().map(|e| e.key.clone()));
            }
        }
    }
    let sealed = old.get(&node_key(0, 1)).unwrap().unwrap();
    for key in &reachable {
        assert!(parse_node(&VAULT, 0, 1, key, &sealed).is_err());
    }
    // And the old root key, had it been kept, would: the anchor is what must die.
    let with_old_root = KeyTree::new(VAULT, old_root, key(200));
    assert_eq!(with_old_root.lookup(&old, 20).unwrap().unwrap().tail, [20; 10]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn the_tree_agrees_with_a_map(ops in proptest::collection::vec((0_u8..4, any::<u64>(), any::<u8>()), 1..120)) {
        let store = MemoryStore::default();
        let mut tree = KeyTree::empty(VAULT, 1, key(200));
        let mut model: BTreeMap<u64, u8> = BTreeMap::new();
        let mut next = 0;
        for (op, pick, n) in ops {
            let live: Vec<u64> = model.keys().copied().collect();
            let mut edit = tree.edit(&store);
            let slot = live.get(usize::try_from(pick % 1000).unwrap() % live.len().max(1)).copied();
            match (op, slot) {
                (0, Some(slot)) => { edit.replace(slot, entry(n)).unwrap(); model.insert(slot, n); }
                (1, Some(slot)) => { edit.remove(slot).unwrap(); model.remove(&slot); }
                _ => {
                    for _ in 0..=pick % 9 {
                        prop_assert_eq!(edit.append(entry(n)).unwrap(), next);
                        model.insert(next, n);
                        next += 1;
                    }
                }
            }
            tree = commit(&store, edit, &key(200));
        }
        let tree = KeyTree::new(VAULT, *tree.root(), key(200));
        let mut seen = BTreeMap::new();
        tree.walk(&store, &mut |slot, e| { seen.insert(slot, e.tail[0]); Ok(()) }).unwrap();
        prop_assert_eq!(seen, model);
    }
}
