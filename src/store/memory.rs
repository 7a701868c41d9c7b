//! A store that lives as long as the process: for tests, previews and embedders' caches.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use crate::error::{Error, ErrorKind, Result};
use crate::store::{Batch, Maintenance, Position, Store, Visit};

/// Rows in memory. Nothing of it survives the process.
#[derive(Default)]
pub struct MemoryStore {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The chain hash after each commit, the first one's first.
    chain: Vec<[u8; 32]>,
    state: Vec<u8>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl Inner {
    fn position(&self) -> Position {
        Position {
            sequence: self.chain.len() as u64,
            chain: self.chain.last().copied().unwrap_or_default(),
        }
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.read().rows.get(key).cloned())
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<()> {
        // Copied out, so that `visit` may call the store.
        let rows: Vec<_> = self
            .read()
            .rows
            .range::<[u8], _>((Bound::Included(prefix), Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        rows.iter().try_for_each(|(key, value)| visit(key, value))
    }

    fn commit(&self, batch: &Batch) -> Result<Position> {
        batch.check_bounds()?;
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        for (key, expect) in &batch.expect {
            if !expect.holds(inner.rows.get(key).map(Vec::as_slice)) {
                return Err(Error::new(ErrorKind::Conflict, "a row is not as it was expected"));
            }
        }
        let chain = chain(&inner.position().chain, batch);
        inner.chain.push(chain);
        inner.state.clone_from(&batch.state);
        for (key, value) in &batch.rows {
            match value {
                Some(value) => drop(inner.rows.insert(key.clone(), value.clone())),
                None => drop(inner.rows.remove(key)),
            }
        }
        Ok(inner.position())
    }

    fn position(&self) -> Position {
        self.read().position()
    }

    fn state(&self) -> Vec<u8> {
        self.read().state.clone()
    }

    fn chain_at(&self, sequence: u64) -> Result<Option<[u8; 32]>> {
        let Some(index) = sequence.checked_sub(1) else {
            return Ok(Some([0; 32]));
        };
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        Ok(self.read().chain.get(index).copied())
    }

    fn verify_newest(&self) -> Result<()> {
        Ok(())
    }

    fn maintain(&self) -> Result<Maintenance> {
        Ok(Maintenance::default())
    }

    fn compact(&self) -> Result<Maintenance> {
        Ok(Maintenance::default())
    }
}

impl MemoryStore {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }
}

fn chain(previous: &[u8; 32], batch: &Batch) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    };
    field(previous);
    field(&batch.state);
    for (key, value) in &batch.rows {
        field(key);
        field(&[u8::from(value.is_some())]);
        field(value.as_deref().unwrap_or_default());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance;

    #[test]
    fn the_memory_store_conforms() {
        conformance::check(MemoryStore::new);
    }
}
