//! The vault at a glance.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::keys::ring::VAULT;
use crate::time::Timestamp;
use crate::vault::escrow::DRILL_DAYS;
use crate::vault::{FIRST_RECORD_SLOT, Vault};

/// Whether and how an escrow is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EscrowStatus {
    /// Raised when the escrow's secret is replaced.
    pub epoch: u32,
    /// How many custodians must come together; 0 before a ceremony.
    pub quorum: u8,
    /// How many custodians there are; 0 before a ceremony.
    pub custodians: u8,
    /// When a quorum last proved that it would recover.
    pub last_drill: Option<Timestamp>,
    /// Whether a drill is to be held: there was none for 90 days.
    pub drill_due: bool,
}

/// What `status` shows.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The vault's id.
    pub vault_id: String,
    /// What people compare.
    pub fingerprint: String,
    /// The organisation's name.
    pub name: String,
    /// Live records.
    pub records: u64,
    /// Members.
    pub members: usize,
    /// The escrow, if one is set up.
    pub escrow: Option<EscrowStatus>,
    /// How well the anchor forgets: `hardware`, `best-effort` or `none`.
    pub anchor_grade: &'static str,
    /// Leaves of the log.
    pub log_size: u64,
    /// Raised by every erase, removal and recovery.
    pub erase_epoch: u64,
    /// Whether a backup is known that was finished and not destroyed.
    pub recoverable_without_this_disk: bool,
    /// Whether every such backup is from before the newest erase, removal or recovery.
    pub backup_due: bool,
    /// Whether something is still sealed under keys that somebody who left has had.
    pub needs_reseal: bool,
    /// The newest epoch of each compartment that this session holds.
    pub key_epochs: BTreeMap<String, u32>,
    /// The schema's name.
    pub schema_name: String,
    /// The schema's version.
    pub schema_version: u32,
}

impl std::fmt::Debug for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Status(..)")
    }
}

impl Vault {
    /// The vault at a glance. Counting walks the key tree.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`].
    pub fn status(&self) -> Result<Status> {
        self.ensure_alive()?;
        let live = self.live();
        let mut records = 0;
        live.tree.walk(self.store.as_ref(), &mut |slot, _| {
            records += u64::from(slot >= FIRST_RECORD_SLOT);
            Ok(())
        })?;
        let body = &live.roster.body;
        let mut key_epochs = BTreeMap::new();
        let names = std::iter::once("vault").chain(body.compartments.iter().map(String::as_str));
        for (code, name) in (VAULT..).zip(names) {
            if let Ok((epoch, _)) = live.ring.newest(code) {
                key_epochs.insert(name.to_owned(), epoch);
            }
        }
        let backups = self.known_backups(&live)?;
        let good = backups.iter().filter(|one| one.finished.is_some() && one.forgotten.is_none());
        let newest = good.map(|one| one.erase_epoch).max();
        let epoch = live.tree.root().erase_epoch;
        let last_drill = self.last_drill(&live)?.map(|last| last.at);
        let days = |at: Timestamp| (self.now(&live).as_second() - at.as_second()) / (24 * 3600);
        let drill_due = last_drill.is_none_or(|at| days(at) >= DRILL_DAYS);
        Ok(Status {
            vault_id: self.id.to_string(),
            fingerprint: self.fingerprint.to_string(),
            name: body.name.clone(),
            records,
            members: body.members.iter().filter(|entry| entry.removed.is_none()).count(),
            escrow: body.escrow.as_ref().map(|escrow| EscrowStatus {
                epoch: escrow.epoch,
                quorum: escrow.quorum(),
                custodians: escrow.custodians(),
                last_drill,
                drill_due,
            }),
            anchor_grade: self.anchor.grade().code(),
            log_size: live.log.size(),
            erase_epoch: live.tree.root().erase_epoch,
            recoverable_without_this_disk: newest.is_some(),
            backup_due: newest != Some(epoch),
            needs_reseal: live.index.slots.iter().any(|slot| slot.section.part > 0),
            key_epochs,
            schema_name: live.schema.name().to_owned(),
            schema_version: live.schema.version(),
        })
    }
}
