//! Which backups there are: written down before the first byte of one, so that whoever erases
//! can be told which of them still hold what was erased.

use std::sync::MutexGuard;

use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{BackupId, MemberId};
use crate::time::Timestamp;
use crate::vault::{BACKUPS_SLOT, Live, Vault, Writer};

/// Who can open the capsule of a backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SealedTo {
    /// A quorum of custodians.
    Escrow,
    /// Each of those who administered when it was written.
    Directors,
}

/// One backup, as the vault remembers it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::vault) struct Noted {
    pub(in crate::vault) id: BackupId,
    pub(in crate::vault) at: Timestamp,
    pub(in crate::vault) by: MemberId,
    pub(in crate::vault) erase_epoch: u64,
    pub(in crate::vault) base: Option<BackupId>,
    pub(in crate::vault) sealed_to: SealedTo,
    pub(in crate::vault) label: String,
    pub(in crate::vault) finished: Option<Timestamp>,
    pub(in crate::vault) forgotten: Option<Timestamp>,
}

/// A backup that the vault knows of.
#[derive(Clone)]
#[non_exhaustive]
pub struct KnownBackup {
    /// Its id, as it stands in the file.
    pub id: BackupId,
    /// When it was begun.
    pub at: Timestamp,
    /// The name of the member who wrote it.
    pub by: String,
    /// The vault's e when it was begun: what was erased at a later e is in it.
    pub erase_epoch: u64,
    /// What it is an increment over.
    pub base: Option<BackupId>,
    /// Who can open it.
    pub sealed_to: SealedTo,
    /// A name for people: where it lies.
    pub label: String,
    /// When it was finished; an unfinished one holds no way in.
    pub finished: Option<Timestamp>,
    /// When somebody said that it was destroyed.
    pub forgotten: Option<Timestamp>,
}

impl std::fmt::Debug for KnownBackup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KnownBackup({})", self.id)
    }
}

impl Vault {
    /// Every backup that the vault knows of, the oldest first.
    ///
    /// # Errors
    ///
    /// `Tampered` if what is stored of them cannot be read.
    pub fn backups(&self) -> Result<Vec<KnownBackup>> {
        self.ensure_alive()?;
        let live = self.live();
        let name = |by| live.roster.body.member(by).map(|member| member.name.clone());
        let known = self.known_backups(&live)?.into_iter().map(|noted| KnownBackup {
            by: name(noted.by).unwrap_or_default(),
            id: noted.id,
            at: noted.at,
            erase_epoch: noted.erase_epoch,
            base: noted.base,
            sealed_to: noted.sealed_to,
            label: noted.label,
            finished: noted.finished,
            forgotten: noted.forgotten,
        });
        Ok(known.collect())
    }

    /// Notes that a backup was destroyed. The vault takes it on trust.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `NotFound`.
    pub fn forget_backup(&self, id: BackupId) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let mut writer = self.writer();
        let now = self.now(&self.live());
        self.note_backups(&mut writer, |known| {
            let noted = known.iter_mut().find(|noted| noted.id == id);
            let noted = noted.ok_or_else(|| Error::new(ErrorKind::NotFound, "no such backup"))?;
            noted.forgotten = noted.forgotten.or(Some(now));
            Ok(())
        })
    }

    /// What slot 3 says; nothing before the first backup.
    pub(in crate::vault) fn known_backups(&self, live: &Live) -> Result<Vec<Noted>> {
        let unreadable = |_| {
            Error::new(ErrorKind::Tampered, "the list of backups cannot be read")
                .at(Place::Schema("backups".to_owned()))
        };
        let document = self.find_document(live, BACKUPS_SLOT)?;
        document.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text).map_err(unreadable))
    }

    /// Changes the list in a commit of its own.
    pub(super) fn note_backups(
        &self,
        writer: &mut MutexGuard<'_, Writer>,
        change: impl FnOnce(&mut Vec<Noted>) -> Result<()>,
    ) -> Result<()> {
        let live = self.live();
        let mut known = self.known_backups(&live)?;
        change(&mut known)?;
        prune(&mut known)?;
        let document = serde_json::to_string(&known)
            .map_err(|_| Error::new(ErrorKind::Internal, "the list of backups did not encode"))?;
        let slot = (BACKUPS_SLOT, "@backups");
        let ready = self.put_document(&live, slot, &document, Act::BackupsChanged)?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(writer, 1);
        Ok(())
    }
}

/// What can give nothing back goes first: destroyed ones, then those that were never finished.
fn prune(known: &mut Vec<Noted>) -> Result<()> {
    let newest = known.last().map(|noted| noted.id);
    for spent in [(|noted: &Noted| noted.forgotten.is_some()) as fn(&Noted) -> bool, |noted| {
        noted.finished.is_none()
    }] {
        while known.len() > MAX_KNOWN {
            let first = known.iter().position(|noted| spent(noted) && Some(noted.id) != newest);
            let Some(first) = first else { break };
            known.remove(first);
        }
    }
    if known.len() <= MAX_KNOWN {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLong, "too many backups: forget those that were destroyed"))
}

/// Most backups that are remembered: the row has room for them.
const MAX_KNOWN: usize = 1000;
