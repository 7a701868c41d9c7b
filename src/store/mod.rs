//! Opaque rows in a durable, ordered store.
//!
//! A store sees ciphertext only and knows no key and no record. It offers reads, an ordered
//! scan, and one atomic, durable [`Store::commit`]. Every commit carries a *state*: a short
//! opaque record that the layers above use to find the newest root after a crash; the store
//! keeps the newest one and repeats it wherever it starts afresh.
//!
//! Contract, held by one conformance suite for every store:
//! - a commit is all or nothing, and on disk before `commit` returns;
//! - commits are numbered from 1 without gaps and chained by hash; the position before the
//!   first is 0 with a chain of zeros;
//! - the state is that of the newest commit, also when it is empty;
//! - a failed precondition or bound changes nothing and uses no number;
//! - after a failed commit whose outcome is unknown, every later commit fails too;
//! - a read never panics, whatever the files hold.

use crate::error::{Error, ErrorKind, Result};

pub(crate) mod backup;
#[cfg(feature = "sled")]
mod bloom;
#[cfg(test)]
mod conformance;
#[cfg(feature = "sled")]
mod disk;
#[cfg(feature = "sled")]
mod embedded;
#[cfg(feature = "sled")]
mod frame;
#[cfg(all(fuzzing, feature = "sled"))]
pub(crate) mod fuzzing;
#[cfg(feature = "sled")]
mod journal;
mod memory;
#[cfg(feature = "sled")]
mod memtable;
#[cfg(feature = "sled")]
mod merge;
#[cfg(feature = "sled")]
mod payload;
#[cfg(feature = "sled")]
mod repair;
#[cfg(feature = "sled")]
mod run;
#[cfg(feature = "sled")]
mod segment;
#[cfg(feature = "sled")]
mod steps;
#[cfg(test)]
#[cfg(feature = "sled")]
mod tests;

#[cfg(feature = "sled")]
pub use embedded::{OpenMode, Opened, SledStore};
pub use memory::MemoryStore;
#[cfg(feature = "sled")]
pub use repair::StoreRepair;

/// Longest key of a row, in bytes.
pub const MAX_KEY: usize = 32;
/// Longest value of a row, in bytes.
pub const MAX_VALUE: usize = 1 << 20;
/// Longest state of a commit, in bytes.
pub const MAX_STATE: usize = 4096;
/// Most rows in one commit.
pub const MAX_ROWS: usize = 1 << 18;

/// How far a store has come: the number of commits and the hash that chains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Position {
    /// Commits so far; the first is 1.
    pub sequence: u64,
    /// BLAKE3 over the previous chain hash and the commit.
    pub chain: [u8; 32],
}

/// What [`Store::maintain`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Maintenance {
    /// Rows moved out of the newest layer.
    pub rows_moved: u64,
    /// Sorted runs merged into others.
    pub runs_merged: u32,
}

/// A precondition of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// There is no row of this key.
    Absent,
    /// The row's value has this BLAKE3 hash.
    Unchanged([u8; 32]),
}

impl Expect {
    /// Whether a row that is now `value` meets this precondition.
    pub(crate) fn holds(&self, value: Option<&[u8]>) -> bool {
        match (self, value) {
            (Self::Absent, None) => true,
            (Self::Unchanged(hash), Some(value)) => blake3::hash(value) == *hash,
            _ => false,
        }
    }
}

/// Changes that become durable together.
#[derive(Clone, Default)]
pub struct Batch {
    pub(crate) rows: std::collections::BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    pub(crate) expect: Vec<(Vec<u8>, Expect)>,
    pub(crate) state: Vec<u8>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a row; a later call for the same key replaces an earlier one.
    pub fn put(&mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> &mut Self {
        self.rows.insert(key.into(), Some(value.into()));
        self
    }

    /// Writes many rows, faster than one by one.
    pub fn put_all(&mut self, rows: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> &mut Self {
        // A tree is built from a whole list far faster than by inserting in random order.
        self.rows.append(&mut rows.into_iter().map(|(key, value)| (key, Some(value))).collect());
        self
    }

    /// Removes a row, if it is there.
    pub fn remove(&mut self, key: impl Into<Vec<u8>>) -> &mut Self {
        self.rows.insert(key.into(), None);
        self
    }

    /// Makes the whole batch depend on how the store is now.
    pub fn expect(&mut self, key: impl Into<Vec<u8>>, expect: Expect) -> &mut Self {
        self.expect.push((key.into(), expect));
        self
    }

    /// Sets the state that stands from this commit on.
    pub fn state(&mut self, state: impl Into<Vec<u8>>) -> &mut Self {
        self.state = state.into();
        self
    }

    /// Rows written or removed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// # Errors
    ///
    /// `TooLong` if a key, a value, the state or the number of rows is out of bounds.
    pub fn check_bounds(&self) -> Result<()> {
        let too_long = |what| Err(Error::new(ErrorKind::TooLong, what));
        if self.rows.len() > MAX_ROWS {
            return too_long("too many rows in one commit");
        }
        if self.state.len() > MAX_STATE {
            return too_long("the state of a commit is too long");
        }
        if self.expect.len() > MAX_ROWS {
            return too_long("too many preconditions in one commit");
        }
        for key in self.rows.keys().chain(self.expect.iter().map(|(key, _)| key)) {
            if key.is_empty() || key.len() > MAX_KEY {
                return too_long("a row's key is empty or too long");
            }
        }
        for value in self.rows.values() {
            if value.as_ref().is_some_and(|value| value.len() > MAX_VALUE) {
                return too_long("a row is too long");
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batch").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

/// Receives rows of a scan; an error ends the scan and is passed on.
pub type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<()> + 'a;

/// A place for rows. See the module's contract.
pub trait Store: Send + Sync {
    /// The row of this key.
    ///
    /// # Errors
    ///
    /// `Tampered` if stored bytes are damaged, `Io` if they cannot be read.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>>;

    /// Every row whose key starts with `prefix`, in order of keys, as of one moment.
    ///
    /// # Errors
    ///
    /// As [`Store::get`], and whatever `visit` returns.
    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<()>;

    /// Makes a batch durable, or changes nothing.
    ///
    /// # Errors
    ///
    /// `Conflict` if a precondition does not hold; `TooLong`, `DiskFull`, `ReadOnly`; and
    /// `SessionEnded` after a failure whose outcome is unknown.
    fn commit(&self, batch: &Batch) -> Result<Position>;

    /// The newest commit.
    fn position(&self) -> Position;

    /// The state of the newest commit; empty before the first.
    fn state(&self) -> Vec<u8>;

    /// The chain hash after commit `sequence`, if that commit is still held one by one
    /// (commits before the newest maintenance are not).
    ///
    /// # Errors
    ///
    /// As [`Store::get`].
    fn chain_at(&self, sequence: u64) -> Result<Option<[u8; 32]>>;

    /// Reads the newest commit back from the medium and compares it with what was meant.
    ///
    /// # Errors
    ///
    /// `Tampered` if it differs, `Io` if it cannot be read.
    fn verify_newest(&self) -> Result<()>;

    /// Housekeeping: moves rows to cheaper places when there is something to gain. Never
    /// changes what a read returns. Call it between commits.
    ///
    /// # Errors
    ///
    /// As [`Store::commit`]; a failure loses nothing.
    fn maintain(&self) -> Result<Maintenance>;

    /// Moves every row to its cheapest place and drops what no row needs any more.
    ///
    /// # Errors
    ///
    /// As [`Store::maintain`].
    fn compact(&self) -> Result<Maintenance>;
}
