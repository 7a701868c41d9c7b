//! Records read lately: what was proved of a row is not proved again while the key tree, asked at
//! every read, still names that very row.
//!
//! Their section keys stay in memory as the compartment keys do, wiped when they go: at an erase,
//! at the end of the session, and when there are too many.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

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
    records: BTreeMap<RecordId, Arc<Loaded>>,
    bytes: usize,
}

impl Recent {
    /// The record, if the row that is kept is the one that the key tree names.
    pub(super) fn get(&self, id: &RecordId, entry: &Entry) -> Option<Arc<Loaded>> {
        let kept = self.lock().records.get(id).map(Arc::clone)?;
        (kept.entry.digest == entry.digest && kept.entry.tail == entry.tail).then_some(kept)
    }

    pub(super) fn put(&self, mut loaded: Loaded) -> Arc<Loaded> {
        loaded.proved = Some(Arc::default());
        let bytes = loaded.row.sections.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let loaded = Arc::new(loaded);
        let mut kept = self.lock();
        if kept.bytes + bytes > MAX_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += bytes;
        kept.records.insert(loaded.id, Arc::clone(&loaded));
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
