//! A store that can be told to lie.

use std::sync::{Mutex, MutexGuard};

use amparo::store::{Batch, Maintenance, MemoryStore, Position, Store, Visit};
use amparo::{Error, ErrorKind, Identity, Result, Vault};

#[derive(Clone, Default)]
pub(crate) enum Fault {
    #[default]
    None,
    /// Flips a bit of every row of a record, this many bytes from its start.
    Flip(usize),
    /// Says that there is no row of a record.
    Hide,
    /// Fails every commit as opening a vault at this path does.
    Refuse(String),
    /// Takes one commit more, and then the disk is full.
    FillsUp,
    /// The disk is full.
    Full,
}

#[derive(Default)]
pub(crate) struct FaultyStore {
    inner: MemoryStore,
    fault: Mutex<Fault>,
}

impl FaultyStore {
    pub(crate) fn set(&self, fault: Fault) {
        *self.fault() = fault;
    }

    fn fault(&self) -> MutexGuard<'_, Fault> {
        self.fault.lock().unwrap()
    }
}

impl Store for FaultyStore {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let row = self.inner.get(key)?;
        match (&*self.fault(), key.first()) {
            (Fault::Hide, Some(b'r')) => Ok(None),
            (Fault::Flip(at), Some(b'r')) => Ok(row.map(|mut row| {
                let at = (*at).min(row.len() - 1);
                row[at] ^= 1;
                row
            })),
            _ => Ok(row),
        }
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<()> {
        self.inner.scan(prefix, visit)
    }

    fn commit(&self, batch: &Batch) -> Result<Position> {
        let fault = self.fault().clone();
        match fault {
            Fault::Refuse(path) => drop(Vault::open(path, &Identity::generate()?)?),
            Fault::FillsUp => self.set(Fault::Full),
            Fault::Full => return Err(Error::new(ErrorKind::DiskFull, "the disk is full")),
            Fault::None | Fault::Flip(_) | Fault::Hide => {}
        }
        self.inner.commit(batch)
    }

    fn position(&self) -> Position {
        self.inner.position()
    }

    fn state(&self) -> Vec<u8> {
        self.inner.state()
    }

    fn chain_at(&self, sequence: u64) -> Result<Option<[u8; 32]>> {
        self.inner.chain_at(sequence)
    }

    fn verify_newest(&self) -> Result<()> {
        self.inner.verify_newest()
    }

    fn maintain(&self) -> Result<Maintenance> {
        self.inner.maintain()
    }

    fn compact(&self) -> Result<Maintenance> {
        self.inner.compact()
    }
}
