//! Records read lately: what was proved of a row is not proved again while the key tree, asked at
//! every read, still names that very row.
//!
//! Their section keys stay in memory as the compartment keys do, wiped when they go: at an erase,
//! at the end of the session, and when there are too many.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::error::Result;
use crate::id::RecordId;
use crate::keys::tree::Entry;
use crate::seal::{Proved, SectionId};
use crate::vault::meta::Meta;
use crate::vault::read::Loaded;

/// Bytes of rows that are kept.
const MAX_BYTES: usize = 16 << 20;

/// The records, by id.
#[derive(Default)]
pub(super) struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    records: BTreeMap<RecordId, (Arc<Loaded>, TreeDigest)>,
    bytes: usize,
}

/// Digest of the top of the key tree, and so of all of it.
type TreeDigest = [u8; 32];

impl Recent {
    /// The record, if the row that is kept is the one that the tree names; `ask` asks it, unless
    /// the whole tree is as it was when it was asked last.
    pub(super) fn get(
        &self,
        id: &RecordId,
        tree: &TreeDigest,
        ask: impl FnOnce() -> Result<Entry>,
    ) -> Result<std::result::Result<Arc<Loaded>, Entry>> {
        let kept = self.lock().records.get(id).cloned();
        match kept {
            Some((loaded, then)) if then == *tree => Ok(Ok(loaded)),
            Some((loaded, _)) => {
                let entry = ask()?;
                if (loaded.entry.digest, loaded.entry.tail) != (entry.digest, entry.tail) {
                    return Ok(Err(entry));
                }
                self.lock().records.insert(*id, (Arc::clone(&loaded), *tree));
                Ok(Ok(loaded))
            }
            None => ask().map(Err),
        }
    }

    pub(super) fn put(&self, mut loaded: Loaded, tree: &TreeDigest) -> Arc<Loaded> {
        loaded.proved = Some(Arc::default());
        let bytes = loaded.row.sections.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let loaded = Arc::new(loaded);
        let mut kept = self.lock();
        if kept.bytes + bytes > MAX_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += bytes;
        kept.records.insert(loaded.id, (Arc::clone(&loaded), *tree));
        loaded
    }

    /// Wipes everything.
    pub(super) fn forget(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was proved of one record so far.
#[derive(Default)]
pub(super) struct ProvedRecord {
    pub(super) meta: OnceLock<Meta>,
    sections: Mutex<BTreeMap<SectionId, Arc<Proved>>>,
}

impl ProvedRecord {
    pub(super) fn section(&self, id: SectionId) -> Option<Arc<Proved>> {
        self.lock().get(&id).map(Arc::clone)
    }

    pub(super) fn keep(&self, id: SectionId, proved: Arc<Proved>) {
        self.lock().insert(id, proved);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SectionId, Arc<Proved>>> {
        self.sections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
