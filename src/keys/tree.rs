//! The key tree: a Merkle tree of sealed nodes that says which records exist and which version
//! of each is the newest.
//!
//! A node has 16 places. At level 0 a place is a record: the random tail of its id, the key of
//! its *group* (the section keys, sealed in the record's row) and the digest of the sealed
//! group. Above, a place is a child node: its key and the digest of its sealed bytes. The top
//! node opens under `K_root = KDF(CK[vault] || A[e])`. So whoever reaches a record proves which
//! key it has, that it still exists, and that nothing newer was hidden.
//!
//! Erasing re-keys the path: the old path hangs from a root key that nobody can derive again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::codec::{Reader, Writer};
use crate::crypto::{aead, fill_random, kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::VaultId;
use crate::secret::{Key, SecretBytes};
use crate::store::{Batch, Store};

/// Places of a node.
pub(crate) const FAN_OUT: u64 = 16;
/// 2^40 slots need ten levels of sixteen.
const MAX_HEIGHT: u8 = 10;
/// First byte of a node's store key.
pub(crate) const NODE_TABLE: u8 = b't';
/// Nodes kept open; at 1.2 kB each about 10 MB.
const MAX_CACHED: usize = 8192;

/// What the newest commit says of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RootRecord {
    /// e: raised by every erase, removal and recovery.
    pub(crate) erase_epoch: u64,
    /// The epoch of CK\[vault\] in the root key.
    pub(crate) vault_epoch: u32,
    /// Slots given out so far; a slot is never used again.
    pub(crate) slots: u64,
    /// Levels of nodes, at least 1.
    pub(crate) height: u8,
    /// Digest of the sealed top node.
    pub(crate) digest: [u8; 32],
}

impl RootRecord {
    pub(crate) const LEN: usize = 8 + 4 + 8 + 1 + 32;

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u64(self.erase_epoch).u32(self.vault_epoch).u64(self.slots);
        out.u8(self.height).raw(&self.digest);
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Self> {
        let root = Self {
            erase_epoch: input.u64()?,
            vault_epoch: input.u32()?,
            slots: input.u64()?,
            height: input.u8()?,
            digest: input.array()?,
        };
        if root.height == 0 || root.height > MAX_HEIGHT || root.slots > capacity(root.height) {
            return Err(Error::new(ErrorKind::Tampered, "a root record is out of bounds"));
        }
        Ok(root)
    }
}

/// K_root, from both gates.
pub(crate) fn root_key(vault: &VaultId, ck_vault: &Key, anchor: &Key, erase_epoch: u64) -> Key {
    kdf::derive(
        labels::ROOT,
        &[ck_vault.expose(), anchor.expose(), vault.as_bytes(), &erase_epoch.to_le_bytes()],
    )
}

/// A place of a node that is taken.
#[derive(Clone)]
pub(crate) struct Entry {
    /// Of the record's id; zeros above level 0.
    pub(crate) tail: [u8; 10],
    pub(crate) key: Key,
    pub(crate) digest: [u8; 32],
}

#[derive(Clone, Default)]
struct Node {
    entries: BTreeMap<u8, Entry>,
}

impl Node {
    fn to_bytes(&self, level: u8) -> SecretBytes {
        let mut bitmap = 0_u16;
        for place in self.entries.keys() {
            bitmap |= 1 << place;
        }
        let mut out = Writer::with_capacity(2 + self.entries.len() * 74);
        out.u16(bitmap);
        for entry in self.entries.values() {
            if level == 0 {
                out.raw(&entry.tail);
            }
            out.raw(entry.key.expose()).raw(&entry.digest);
        }
        SecretBytes::new(out.into_vec())
    }

    fn from_bytes(level: u8, bytes: &[u8]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        let bitmap = input.u16()?;
        let mut node = Self::default();
        for place in (0..16).filter(|place| bitmap >> place & 1 == 1) {
            let tail = if level == 0 { input.array()? } else { [0; 10] };
            let key = input.take(32)?;
            let key = Key::from_slice(key).unwrap_or_else(|| Key::init_with(|_| ()));
            node.entries.insert(place, Entry { tail, key, digest: input.array()? });
        }
        input.finish()?;
        Ok(node)
    }
}

/// Opened nodes by level and index, each with the digest under which it was opened.
type Cache = BTreeMap<(u8, u64), (Arc<Node>, [u8; 32])>;

/// The tree as of one root, with the nodes opened so far.
pub(crate) struct KeyTree {
    vault: VaultId,
    root: RootRecord,
    root_key: Key,
    cache: Mutex<Cache>,
}

impl KeyTree {
    pub(crate) const fn new(vault: VaultId, root: RootRecord, root_key: Key) -> Self {
        Self { vault, root, root_key, cache: Mutex::new(BTreeMap::new()) }
    }

    /// A tree without records, to be sealed by its first edit.
    pub(crate) const fn empty(vault: VaultId, vault_epoch: u32, root_key: Key) -> Self {
        let root = RootRecord { erase_epoch: 1, vault_epoch, slots: 0, height: 1, digest: [0; 32] };
        Self::new(vault, root, root_key)
    }

    pub(crate) const fn root(&self) -> &RootRecord {
        &self.root
    }

    pub(crate) const fn root_key(&self) -> &Key {
        &self.root_key
    }

    /// The place of a slot: `None` if nothing was ever there, or it was erased.
    pub(crate) fn lookup(&self, store: &dyn Store, slot: u64) -> Result<Option<Entry>> {
        if slot >= self.root.slots {
            return Ok(None);
        }
        let mut above: Option<Arc<Node>> = None;
        for level in (0..self.root.height).rev() {
            let index = node_index(slot, level);
            let node = match above.as_ref().map(|node| node.entries.get(&place(slot, level + 1))) {
                None => self.node(store, level, index, &self.root_key, &self.root.digest)?,
                Some(Some(entry)) => self.node(store, level, index, &entry.key, &entry.digest)?,
                Some(None) => return Ok(None),
            };
            above = Some(node);
        }
        Ok(above.and_then(|node| node.entries.get(&place(slot, 0)).cloned()))
    }

    /// Every record of the tree, in order of slots.
    pub(crate) fn walk(
        &self,
        store: &dyn Store,
        visit: &mut dyn FnMut(u64, &Entry) -> Result<()>,
    ) -> Result<()> {
        if self.root.slots == 0 {
            return Ok(());
        }
        let top = self.root.height - 1;
        self.walk_node(store, top, 0, &self.root_key, &self.root.digest, visit)
    }

    fn walk_node(
        &self,
        store: &dyn Store,
        level: u8,
        index: u64,
        key: &Key,
        digest: &[u8; 32],
        visit: &mut dyn FnMut(u64, &Entry) -> Result<()>,
    ) -> Result<()> {
        let node = self.load(store, level, index, key, digest)?;
        for (place, entry) in &node.entries {
            let below = index * FAN_OUT + u64::from(*place);
            if level == 0 {
                visit(below, entry)?;
            } else {
                self.walk_node(store, level - 1, below, &entry.key, &entry.digest, visit)?;
            }
        }
        Ok(())
    }

    fn node(
        &self,
        store: &dyn Store,
        level: u8,
        index: u64,
        key: &Key,
        digest: &[u8; 32],
    ) -> Result<Arc<Node>> {
        let cached = self.lock().get(&(level, index)).cloned();
        if let Some((node, of)) = cached
            && &of == digest
        {
            return Ok(node);
        }
        let node = Arc::new(self.load(store, level, index, key, digest)?);
        let mut cache = self.lock();
        if cache.len() >= MAX_CACHED {
            cache.clear();
        }
        cache.insert((level, index), (Arc::clone(&node), *digest));
        Ok(node)
    }

    fn load(
        &self,
        store: &dyn Store,
        level: u8,
        index: u64,
        key: &Key,
        digest: &[u8; 32],
    ) -> Result<Node> {
        let place = || Place::Node { level, index };
        let sealed = store.get(&node_key(level, index))?.ok_or_else(|| {
            Error::new(ErrorKind::Missing, "a node of the key tree is missing").at(place())
        })?;
        self.open(level, index, key, digest, &sealed).map_err(|error| error.or_at(place))
    }

    fn open(
        &self,
        level: u8,
        index: u64,
        key: &Key,
        digest: &[u8; 32],
        sealed: &[u8],
    ) -> Result<Node> {
        if !kdf::equal(&node_digest(sealed), digest) {
            return Err(Error::new(ErrorKind::Tampered, "a node is not the newest of its place"));
        }
        parse_node(&self.vault, level, index, key, sealed)
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts changes that [`TreeEdit::seal`] turns into rows and a new tree.
    pub(crate) fn edit<'a>(&'a self, store: &'a dyn Store) -> TreeEdit<'a> {
        TreeEdit { tree: self, store, dirty: BTreeMap::new(), slots: self.root.slots }
    }
}

impl std::fmt::Debug for KeyTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyTree(..)")
    }
}

/// Changes to a tree that are not stored yet.
pub(crate) struct TreeEdit<'a> {
    tree: &'a KeyTree,
    store: &'a dyn Store,
    dirty: BTreeMap<(u8, u64), Node>,
    slots: u64,
}

/// A sealed edit: commit its batch, then go on with its tree.
pub(crate) struct SealedEdit {
    pub(crate) tree: KeyTree,
}

impl TreeEdit<'_> {
    /// The slot that the next [`TreeEdit::append`] takes.
    pub(crate) const fn next_slot(&self) -> u64 {
        self.slots
    }

    /// Seals the top node anew even if no record changed.
    pub(crate) fn touch(&mut self) -> Result<()> {
        self.open_path(0)
    }

    /// Leaves slots empty for good, up to `slot`.
    pub(crate) const fn reserve_up_to(&mut self, slot: u64) {
        if slot > self.slots {
            self.slots = slot;
        }
    }

    pub(crate) fn append(&mut self, entry: Entry) -> Result<u64> {
        let slot = self.slots;
        if slot >= 1 << 40 {
            return Err(Error::new(ErrorKind::TooLong, "the key tree is full"));
        }
        self.slots += 1;
        self.open_path(slot)?;
        self.put(slot, entry);
        Ok(slot)
    }

    /// Replaces what stands in a place.
    pub(crate) fn replace(&mut self, slot: u64, entry: Entry) -> Result<()> {
        self.open_path(slot)?;
        self.put(slot, entry);
        Ok(())
    }

    pub(crate) fn remove(&mut self, slot: u64) -> Result<()> {
        self.open_path(slot)?;
        if let Some(node) = self.dirty.get_mut(&(0, node_index(slot, 0))) {
            node.entries.remove(&place(slot, 0));
        }
        Ok(())
    }

    fn put(&mut self, slot: u64, entry: Entry) {
        let node = self.dirty.entry((0, node_index(slot, 0))).or_default();
        node.entries.insert(place(slot, 0), entry);
    }

    /// Brings the old nodes on the way to a slot into the edit.
    fn open_path(&mut self, slot: u64) -> Result<()> {
        let tree = self.tree;
        if tree.root.slots == 0 || slot >= capacity(tree.root.height) {
            return Ok(());
        }
        let mut key = tree.root_key.clone();
        let mut digest = tree.root.digest;
        for level in (0..tree.root.height).rev() {
            let at = (level, node_index(slot, level));
            if !self.dirty.contains_key(&at) {
                let node = tree.node(self.store, level, at.1, &key, &digest)?;
                self.dirty.insert(at, (*node).clone());
            }
            let Some(entry) = self.dirty.get(&at).and_then(|n| n.entries.get(&place(slot, level)))
            else {
                return Ok(());
            };
            key = entry.key.clone();
            digest = entry.digest;
        }
        Ok(())
    }

    /// Seals every changed node bottom-up into `batch`, each under a new key: the old path hangs
    /// from the old root key alone, and who kept the keys of a path follows it no further.
    pub(crate) fn seal(
        mut self,
        batch: &mut Batch,
        root_key: Key,
        erase_epoch: u64,
        vault_epoch: u32,
    ) -> Result<SealedEdit> {
        let old_height = self.tree.root.height;
        let mut height = old_height;
        while self.slots > capacity(height) {
            height += 1;
        }
        if height > old_height && self.tree.root.slots > 0 {
            // The old top becomes an inner node, even if nothing below it changed.
            self.open_path(0)?;
        }
        let mut opened = BTreeMap::new();
        // What no edit touches stays as it is.
        let mut digest = self.tree.root.digest;
        for level in 0..height {
            let at_level: Vec<u64> = self
                .dirty
                .range((level, 0)..=(level, u64::MAX))
                .map(|((_, index), _)| *index)
                .collect();
            for index in at_level {
                let Some(node) = self.dirty.remove(&(level, index)) else {
                    continue;
                };
                let top = level + 1 == height;
                let key = if top { root_key.clone() } else { fresh_key()? };
                let aad = node_aad(&self.tree.vault, level, index);
                let sealed = aead::seal(&key, &aad, &node.to_bytes(level))?;
                digest = node_digest(&sealed);
                batch.put(node_key(level, index), sealed);
                opened.insert((level, index), (Arc::new(node), digest));
                if !top {
                    let parent = self.dirty.entry((level + 1, index / FAN_OUT)).or_default();
                    let entry = Entry { tail: [0; 10], key, digest };
                    let place = u8::try_from(index % FAN_OUT).unwrap_or_default();
                    parent.entries.insert(place, entry);
                }
            }
        }
        let root = RootRecord { erase_epoch, vault_epoch, slots: self.slots, height, digest };
        let mut cache = std::mem::take(&mut *self.tree.lock());
        cache.extend(opened);
        let tree = KeyTree { vault: self.tree.vault, root, root_key, cache: Mutex::new(cache) };
        Ok(SealedEdit { tree })
    }
}

pub(crate) fn fresh_key() -> Result<Key> {
    let mut drawn = Ok(());
    let key = Key::init_with(|key| drawn = fill_random(key));
    drawn.map(|()| key)
}

/// Digest of sealed bytes that the tree binds: a node's, or a group's.
pub(crate) fn node_digest(sealed: &[u8]) -> [u8; 32] {
    kdf::digest(labels::NODE_DIGEST, &[sealed])
}

/// Opens and parses one node; also what the fuzz target calls.
fn parse_node(vault: &VaultId, level: u8, index: u64, key: &Key, sealed: &[u8]) -> Result<Node> {
    Node::from_bytes(level, &aead::open(key, &node_aad(vault, level, index), sealed)?)
}

/// Reads node bytes as they are before sealing; for the fuzz target.
#[cfg(fuzzing)]
pub(crate) fn fuzz_node(level: u8, bytes: &[u8]) {
    if let Ok(node) = Node::from_bytes(level, bytes) {
        assert_eq!(node.to_bytes(level).as_slice(), bytes);
    }
}

fn node_aad(vault: &VaultId, level: u8, index: u64) -> Vec<u8> {
    let mut out = Writer::with_capacity(64);
    out.bytes(labels::NODE.0.as_bytes()).raw(vault.as_bytes()).u8(level).u64(index);
    out.into_vec()
}

fn node_key(level: u8, index: u64) -> Vec<u8> {
    let mut key = vec![NODE_TABLE, level];
    key.extend_from_slice(&index.to_be_bytes());
    key
}

const fn node_index(slot: u64, level: u8) -> u64 {
    slot >> (4 * (level as u64 + 1))
}

#[allow(clippy::cast_possible_truncation, reason = "masked to four bits")]
const fn place(slot: u64, level: u8) -> u8 {
    ((slot >> (4 * level as u64)) & 15) as u8
}

const fn capacity(height: u8) -> u64 {
    1 << (4 * height as u64)
}

#[cfg(test)]
pub(crate) mod tests;
