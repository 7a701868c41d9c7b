//! A store that lives as long as the process: for tests, previews and embedders' caches.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::error::{Error, ErrorKind, Result};
use crate::store::{Batch, Expect, Maintenance, Position, Store, Visit};

/// Rows in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    inner: RwLock<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    chain: Vec<[u8; 32]>,
    state: Vec<u8>,
}
