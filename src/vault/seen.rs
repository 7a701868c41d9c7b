//! Who read what, on its way into the log: with the next leaf, or a leaf of its own.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::audit::{Act, MAX_READS, Seen, compartment_bit};
use crate::consent::ReadLog;
use crate::error::{Error, ErrorKind, Result};
use crate::keys::ring::VAULT;
use crate::keys::roster::Escrow;
use crate::vault::read::{Loaded, code_of};
use crate::vault::write::vault_name;
use crate::vault::{Live, Vault};

/// What was read and is not in the log yet: each record once, by its slot.
#[derive(Default)]
pub(super) struct Unlogged(Mutex<BTreeMap<u64, Seen>>);

impl Unlogged {
    fn add(&self, seen: Seen) -> usize {
        let mut all = self.lock();
        let known = all.entry(seen.slot).or_insert(seen);
        known.compartments |= seen.compartments;
        all.len()
    }

    /// As many as one leaf holds.
    pub(super) fn take(&self) -> Vec<Seen> {
        let mut all = self.lock();
        let rest = all.keys().nth(MAX_READS).copied();
        let rest = rest.map_or_else(BTreeMap::new, |slot| all.split_off(&slot));
        std::mem::replace(&mut *all, rest).into_values().collect()
    }

    pub(super) fn put_back(&self, reads: &[Seen]) {
        for seen in reads {
            self.add(*seen);
        }
    }

    fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault {
    /// What the log says of a record that is opened: all that this session's keys open, or the
    /// compartments of some fields.
    pub(super) fn seen_of(
        &self,
        live: &Live,
        loaded: &Loaded,
        record_type: &str,
        fields: Option<&[&str]>,
    ) -> Result<Seen> {
        let mut compartments = 0;
        match fields {
            Some(fields) => {
                let kind = live.schema.stored_type(record_type)?;
                for field in fields {
                    let code = code_of(live, &kind.field(field)?.compartment)?;
                    compartments |= compartment_bit(code);
                }
            }
            None => {
                let codes = loaded.row.sections.iter().map(|(id, _)| id.compartment);
                for code in codes.filter(|code| *code != VAULT && live.ring.holds(*code)) {
                    compartments |= compartment_bit(code);
                }
            }
        }
        let name = vault_name(&loaded.group, &loaded.id);
        Ok(Seen { slot: loaded.id.slot(), name, compartments })
    }

    /// Logs that records are about to be shown, as the policy wants it. The caller holds no lock.
    pub(super) fn saw(&self, seen: impl IntoIterator<Item = Seen>) -> Result<()> {
        // A policy that cannot be read is found by `check`; it hides no record and no read.
        let policy = self.policy_now(&self.live()).map_or(ReadLog::Batched, |p| p.log_reads());
        if policy == ReadLog::Off || self.member == Escrow::SIGNER {
            return Ok(());
        }
        if policy == ReadLog::BeforeReveal && !self.writable {
            let what = "each read is logged before it is shown, and nothing can be written";
            return Err(Error::new(ErrorKind::ReadOnly, what));
        }
        let mut waiting = 0;
        for one in seen {
            waiting = self.seen.add(one);
        }
        if policy == ReadLog::BeforeReveal || waiting >= MAX_READS {
            self.log_reads()?;
        }
        Ok(())
    }

    /// Puts what was read into the log, in leaves of its own.
    pub(super) fn log_reads(&self) -> Result<()> {
        if self.seen.is_empty() || !self.writable || self.ensure_alive().is_err() {
            return Ok(());
        }
        let mut writer = self.writer();
        // Another thread may have logged it meanwhile.
        while !self.seen.is_empty() {
            self.log(&mut writer, Act::Read)?;
        }
        Ok(())
    }
}
