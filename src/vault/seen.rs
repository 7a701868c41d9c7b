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

    /// As many as one leaf holds. They wait on until that leaf is on the disk.
    pub(super) fn next(&self) -> Vec<Seen> {
        self.lock().values().take(MAX_READS).copied().collect()
    }

    /// They are in the log; what was opened of them since is not.
    pub(super) fn logged(&self, reads: &[Seen]) {
        let mut all = self.lock();
        for seen in reads {
            if all.get(&seen.slot).is_some_and(|one| one.compartments == seen.compartments) {
                all.remove(&seen.slot);
            }
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
        // Whoever damages the policy's row turns nothing off. It keeps nobody from saving what is
        // left of a vault that cannot be written.
        let strictest = if self.writable { ReadLog::BeforeReveal } else { ReadLog::Batched };
        let policy = self.policy_now(&self.live()).map_or(strictest, |p| p.log_reads());
        if policy == ReadLog::Off || self.member == Escrow::SIGNER {
            return Ok(());
        }
        if policy == ReadLog::BeforeReveal {
            if !self.writable {
                let what = "each read is logged before it is shown, and nothing can be written";
                return Err(Error::new(ErrorKind::ReadOnly, what));
            }
            // Taken first: nobody else's commit can have it under way.
            let mut writer = self.writer();
            for one in seen {
                self.seen.add(one);
            }
            while !self.seen.is_empty() {
                self.ensure_alive()?;
                self.log(&mut writer, Act::Read)?;
            }
            return Ok(());
        }
        let mut waiting = 0;
        for one in seen {
            waiting = self.seen.add(one);
        }
        if waiting >= MAX_READS { self.log_reads() } else { Ok(()) }
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
