//! A disk that refuses to write: a commit fails with no room left or an error of the device,
//! before it is on the disk or after, and nobody can tell which.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use amparo::store::{Batch, Maintenance, OpenMode, Position, SledStore, Store, Visit};
use amparo::{
    Error, ErrorKind, FieldValue, Identity, InstanceId, RecordId, Result, Schema, VaultOptions,
};

use crate::random::Random;
use crate::table::Outcome;
use crate::vault::case;

/// One way in which a write fails.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    error: std::io::ErrorKind,
    /// Whether the commit is on the disk all the same.
    after: bool,
}

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "no room for a commit", error: std::io::ErrorKind::StorageFull, after: false },
    Kind { name: "no room after a commit", error: std::io::ErrorKind::StorageFull, after: true },
    Kind { name: "a device error before a commit", error: std::io::ErrorKind::Other, after: false },
    Kind { name: "a device error after a commit", error: std::io::ErrorKind::Other, after: true },
];

/// The embedded store, one commit of which fails.
struct Failing {
    inner: SledStore,
    kind: Kind,
    /// Commits until then.
    left: AtomicU64,
}

impl Store for Failing {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.inner.get(key)
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<()> {
        self.inner.scan(prefix, visit)
    }

    fn commit(&self, batch: &Batch) -> Result<Position> {
        let before = self.left.fetch_sub(1, Ordering::SeqCst);
        if before != 1 {
            return self.inner.commit(batch);
        }
        if self.kind.after {
            self.inner.commit(batch)?;
        }
        Err(Error::io(self.kind.error.into()))
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

/// Writes until one fails; what was acknowledged must be there, what failed whole or not at all.
pub(crate) fn trial(kind: Kind, random: &mut Random) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let director = Identity::generate().unwrap();
    let (path, rows) = (home.path().join("vault"), home.path().join("rows"));
    let instance = InstanceId::from_bytes([7; 16]);
    let store = SledStore::create(&rows, instance).unwrap();
    let left = AtomicU64::new(2 + random.below(12));
    let store = Arc::new(Failing { inner: store, kind, left });
    let options = |store: Arc<dyn Store>| VaultOptions::new().store(store);
    let made = options(store.clone()).create(&path, &Schema::peru().unwrap(), &director);
    let mut truth: BTreeMap<RecordId, String> = BTreeMap::new();
    let vault = made.unwrap();
    let failed = loop {
        let value = format!("HCO-{}", truth.len());
        match vault.add(case(&value)) {
            Ok(id) => drop(truth.insert(id, value)),
            Err(error) => break (value, error.kind()),
        }
        if let (0, Some((&id, _))) = (random.below(4), truth.iter().next()) {
            match vault.erase(id, &amparo::Erasure::new(amparo::ErasureReason::EnteredInError)) {
                Ok(_) => drop(truth.remove(&id)),
                Err(error) => {
                    let value = truth.remove(&id).unwrap();
                    break (value, error.kind());
                }
            }
        }
    };
    if !matches!(failed.1, ErrorKind::DiskFull | ErrorKind::Io) {
        return Outcome::Silent(format!("a failed write says {}", failed.1.code()));
    }
    if vault.add(case("later")).is_ok() {
        return Outcome::Silent("a session goes on after a failed write".to_owned());
    }
    drop(vault);
    drop(store);
    let store = Arc::new(SledStore::open(&rows, instance, OpenMode::Write).unwrap());
    let vault = match options(store).open(&path, &director) {
        Ok(vault) => vault,
        Err(error) => return Outcome::Silent(format!("it opens no more: {error}")),
    };
    for (id, value) in &truth {
        let read = vault.read(*id);
        let found =
            read.map(|r| r.field("case_code").and_then(FieldValue::as_text).map(str::to_owned));
        if found.as_ref().ok().and_then(Option::as_deref) != Some(value) {
            return Outcome::Silent(format!("{value} was acknowledged: {found:?}"));
        }
    }
    let others = vault.list("case", None, 1000).unwrap();
    for id in others.iter().filter(|id| !truth.contains_key(id)) {
        let record = vault.read(*id).unwrap();
        let found = record.field("case_code").and_then(FieldValue::as_text);
        if found != Some(&failed.0) {
            return Outcome::Silent("what nobody wrote is there".to_owned());
        }
    }
    let report = vault.check(&mut |_| ()).unwrap();
    match report.findings.is_empty() {
        true => Outcome::Repaired,
        false => Outcome::Silent(format!("{:?}", report.findings)),
    }
}
