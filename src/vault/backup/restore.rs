//! Restoring: everything is built and checked in `DIR.new`; the last rename makes it a vault.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::crypto::random;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, VaultId};
use crate::keys::Fingerprint;
use crate::keys::anchor::{AnchorStore, FileAnchor};
use crate::keys::capsule;
use crate::keys::durable::sync_folder;
use crate::keys::identity::Identity;
use crate::keys::pin::Pin;
use crate::keys::roster::{Body, Roster};
use crate::store::backup::Layers;
use crate::store::{Batch, Store};
use crate::vault::backup::erasures::{self, SignedErasures};
use crate::vault::backup::file::{BackupFile, BackupProgress, ReadBackup, end_of};
use crate::vault::backup::files::FilesBack;
use crate::vault::backup::known::SealedTo;
use crate::vault::backup::marker::Marker;
use crate::vault::backup::revive::plant;
use crate::vault::create::{ANCHOR, Staging, VAULT_FOLDER, is_empty_folder, parent_of};
use crate::vault::folder::Header;
use crate::vault::past::{fingerprint_of, read_roster, verify_rosters};
use crate::vault::{CheckReport, Vault, VaultOptions, open};

/// Brings a vault back from a backup, or shows that it could be.
///
/// ```no_run
/// # fn main() -> amparo::Result<()> {
/// # let rosa = amparo::Identity::generate()?;
/// let restored = amparo::Restore::new("vault.backup").into_folder("vault", Some(&rosa), &mut |_| ())?;
/// assert!(restored.vault.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Restore {
    files: Vec<PathBuf>,
    erasures: Vec<PathBuf>,
    damaged: Option<PathBuf>,
    options: VaultOptions,
}

/// What a restore did, found, and could not know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RestoreReport {
    /// The newest of the backups.
    pub backup: BackupFile,
    /// What people compare; `None` if nobody here could open the roster.
    pub fingerprint: Option<Fingerprint>,
    /// What the vault's own check found; `None` if there was no key to check with.
    pub check: Option<CheckReport>,
    /// Commits that this user saw and that the backup does not have, openings and reads among
    /// them; `None` if nobody knows.
    pub commits_lost: Option<u64>,
    /// This user saw a newer roster: whoever was removed since is a member again.
    pub roster_older: bool,
    /// Records that had been erased since, and were erased again.
    pub erased_again: u64,
    /// How many of those were under a legal hold in the backup. It was lifted before they were
    /// erased, or they were erased in a copy of the vault that knew of no hold.
    pub held_erased: u64,
    /// Lists of erasures that were found and cannot be read: what they say was not done.
    pub lists_unread: u64,
    /// This user saw a newer e than any list of erasures reaches: what was erased then is back.
    pub erasures_unknown: bool,
    /// What other members type to accept the restored vault; `None` if it is not open yet.
    pub code: Option<String>,
}

/// The result of a restore.
#[derive(Debug)]
#[non_exhaustive]
pub struct Restored {
    /// What was done.
    pub report: RestoreReport,
    /// The vault; `None` if its backup is sealed to the escrow, so that custodians must come
    /// together first, or if this was a drill.
    pub vault: Option<Vault>,
}

/// Whether the result is to stay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stay {
    Keep,
    Drop,
}

/// What the rows gave, before anything was opened.
struct Unpacked {
    folder: PathBuf,
    vault: VaultId,
    backups: Vec<ReadBackup>,
    lists_unread: u64,
    /// The newest e that backup and lists know of.
    lists_reach: u64,
    /// Fingerprint and roster, if there was somebody to open the roster.
    judged: Option<(Fingerprint, Roster)>,
}

impl Restore {
    /// Restores from a full backup.
    #[must_use]
    pub fn new(full: impl Into<PathBuf>) -> Self {
        Self {
            files: vec![full.into()],
            erasures: Vec::new(),
            damaged: None,
            options: VaultOptions::new(),
        }
    }

    /// Lays an increment over what was named so far.
    #[must_use]
    pub fn increment(mut self, file: impl Into<PathBuf>) -> Self {
        self.files.push(file.into());
        self
    }

    /// Another list of what was erased: a vault's file `erasures`, or a newer backup.
    #[must_use]
    pub fn erasures(mut self, file: impl Into<PathBuf>) -> Self {
        self.erasures.push(file.into());
        self
    }

    /// The folder of the vault that was lost, if something of it is left: its list of what was
    /// erased counts as well.
    #[must_use]
    pub fn damaged(mut self, folder: impl Into<PathBuf>) -> Self {
        self.damaged = Some(folder.into());
        self
    }

    /// Clock, pins, fingerprint, store and anchor of the restored vault.
    #[must_use]
    pub fn options(mut self, options: VaultOptions) -> Self {
        self.options = options;
        self
    }

    /// Restores into a folder that must not exist. Checks everything before it shows anything.
    ///
    /// Who restores decides for this user: the pin of the vault is moved to the restored one.
    /// Other members accept it with the code in the report: see
    /// [`VaultOptions::accept_restore`].
    ///
    /// # Errors
    ///
    /// `Exists`; `NotMember` if the backup is not sealed to this identity; `UnknownFingerprint`
    /// if it is not the pinned vault; `Unfinished`, `Tampered`, `BadInput`, `NewerFormat` for
    /// files that are damaged, cut, or do not belong together. Nothing is left of a restore that
    /// failed, except rows in a store of the caller's.
    pub fn into_folder(
        &self,
        path: impl AsRef<Path>,
        identity: Option<&Identity>,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<Restored> {
        self.run(path.as_ref(), identity, progress, Stay::Keep)
    }

    /// Does all that a restore does beside a folder of this name, and removes it again: proof
    /// that the backup would serve. No pin moves.
    ///
    /// # Errors
    ///
    /// As [`Restore::into_folder`].
    pub fn drill(
        &self,
        path: impl AsRef<Path>,
        identity: Option<&Identity>,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<RestoreReport> {
        // In no store or anchor of the caller's, which could not be cleared again.
        let mut exercise = self.clone();
        (exercise.options.store, exercise.options.anchor) = (None, None);
        exercise.run(path.as_ref(), identity, progress, Stay::Drop).map(|restored| restored.report)
    }

    fn run(
        &self,
        path: &Path,
        identity: Option<&Identity>,
        progress: &mut dyn FnMut(BackupProgress),
        stay: Stay,
    ) -> Result<Restored> {
        let place = |error: Error| error.or_at(|| Place::File(path.to_string_lossy().into_owned()));
        if (path.exists() && !is_empty_folder(path)) || path.file_name().is_none() {
            return Err(place(Error::new(ErrorKind::Exists, "the folder exists already")));
        }
        let beside = FileAnchor::beside(path);
        if self.options.anchor.is_none() && beside.folder().exists() && stay == Stay::Keep {
            let exists = Error::new(ErrorKind::Exists, "an anchor of this name exists already");
            return Err(place(exists));
        }
        if self.options.store.as_ref().is_some_and(|store| store.position().sequence > 0) {
            return Err(Error::new(ErrorKind::Exists, "the store is in use already"));
        }
        let staging = Staging::begin(path).map_err(place)?;
        // Also where no key will come: without it a half-made folder would pass for a whole one.
        let staged = FileAnchor::at(staging.folder.join(ANCHOR));
        staged.create()?;
        let unpacked = self.unpack(&staging.folder.join(VAULT_FOLDER), identity, progress)?;
        let mut report = self.report(&unpacked)?;
        if report.backup.sealed_to == SealedTo::Escrow {
            if stay == Stay::Keep {
                self.put_in_place(&unpacked.folder, path)?;
            }
            return Ok(Restored { report, vault: None });
        }
        let identity = identity.ok_or_else(not_sealed_to)?;
        let mut vault = self.revive(&unpacked, staged.clone(), identity, &mut report)?;
        if stay == Stay::Drop {
            return Ok(Restored { report, vault: None });
        }
        vault.pins.clone_from(&self.options.pins);
        if self.options.anchor.is_none() {
            let folder = std::path::absolute(beside.folder()).map_err(Error::io)?;
            vault.anchor_place = folder.to_string_lossy().into_owned();
        }
        // The pin moves first: a kill before the renames leaves what the next restore replaces.
        vault.note_position()?;
        vault.pins = None;
        vault.close()?;
        if self.options.anchor.is_none() {
            fs::rename(staged.folder(), beside.folder()).map_err(Error::io).map_err(place)?;
        }
        self.put_in_place(&unpacked.folder, path)?;
        drop(staging);
        let vault = self.options.clone().open_at(path, identity)?;
        Ok(Restored { report, vault: Some(vault) })
    }

    /// Rows into a new store, capsule and lists into the folder; nothing is opened that needs
    /// more than a roster's grant.
    fn unpack(
        &self,
        folder: &Path,
        identity: Option<&Identity>,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<Unpacked> {
        fs::DirBuilder::new().mode(0o700).create(folder).map_err(Error::io)?;
        let layers = Layers::open(&self.files)?;
        let vault = layers
            .headers()
            .next()
            .map(|header| header.vault)
            .ok_or_else(|| Error::new(ErrorKind::BadInput, "no backup was named"))?;
        let header = Header { vault, instance: InstanceId::from_bytes(random()?) };
        let store = open::make_store(&self.options, folder, header.instance)?;
        let backups = load(store.as_ref(), folder, layers, progress)?;
        let newest = backups.last().ok_or_else(nothing_read)?;
        let judged = match identity {
            Some(identity) => Some(self.judge(store.as_ref(), &backups, identity)?),
            None => None,
        };
        drop(store);
        capsule::write_first(folder, &newest.signed.manifest.capsule)?;
        let roster = judged.as_ref().map(|(_, roster)| &roster.body);
        let (marker, lists_unread) = self.lists(newest, roster)?;
        let lists = marker.lists.iter().map(|found| found.list.list.reaches());
        let lists_reach = lists.max().unwrap_or(0).max(newest.file.erase_epoch);
        marker.write(folder)?;
        header.write(folder)?;
        sync_folder(folder)?;
        let folder = folder.to_path_buf();
        Ok(Unpacked { folder, vault, backups, lists_unread, lists_reach, judged })
    }

    /// The roster is of this vault, and its administrators signed every backup.
    fn judge(
        &self,
        store: &dyn Store,
        backups: &[ReadBackup],
        identity: &Identity,
    ) -> Result<(Fingerprint, Roster)> {
        let newest = backups.last().ok_or_else(nothing_read)?;
        let vault = newest.header.vault;
        let sealed = read_roster(store, 0)?;
        let state = &newest.signed.state;
        if (sealed.version(), sealed.hash()) != (state.roster_version, state.roster_hash) {
            return Err(Error::new(ErrorKind::Tampered, "the roster is not that of the state"));
        }
        let ring = sealed.unlock(identity)?;
        let roster = sealed.open(&vault, &ring)?;
        let rosters = verify_rosters(store, &vault, &ring, &roster)?;
        let fingerprint = fingerprint_of(&vault, &rosters)?;
        let pinned = self.pin(&vault)?.map(|pin| pin.fingerprint);
        let asked = self.options.fingerprint.as_ref();
        if pinned.is_some_and(|pinned| pinned != fingerprint.to_string())
            || asked.is_some_and(|text| !fingerprint.matches(text))
        {
            return Err(Error::new(
                ErrorKind::UnknownFingerprint,
                "the backup is of a vault with another fingerprint",
            ));
        }
        backups.iter().try_for_each(|backup| backup.signed.verify(&roster.body))?;
        Ok((fingerprint, roster))
    }

    /// Every list of erasures that there is: in the backups, in the folder of what was lost, and
    /// those that were named. One that cannot be read is an error only if it was named.
    /// The one of the lost folder counts only if somebody of the roster signed it: whoever could
    /// write there must not choose what else dies.
    fn lists(&self, newest: &ReadBackup, roster: Option<&Body>) -> Result<(Marker, u64)> {
        let mut marker = Marker::new(newest.header.instance);
        let own = &newest.signed.manifest.erasures;
        if !own.is_empty() {
            marker.add(own.clone(), false)?;
        }
        let mut unread = 0;
        let found = self.damaged.as_ref().map_or(Ok(None), |folder| erasures::list_of(folder));
        match found.and_then(|bytes| bytes.map(|b| Ok((SignedErasures::parse(&b)?, b))).transpose())
        {
            Ok(Some((list, _)))
                if list.vault == newest.header.vault
                    && roster.is_some_and(|roster| !list.is_signed(roster)) =>
            {
                unread = 1;
            }
            Ok(Some((list, bytes))) if list.vault == newest.header.vault => {
                marker.add(bytes, false)?;
            }
            // Nothing there, or the folder of another vault.
            Ok(_) => {}
            Err(_) => unread = 1,
        }
        for path in &self.erasures {
            let place = || Place::File(path.to_string_lossy().into_owned());
            if let Some(list) = list_in(path).map_err(|error| error.or_at(place))? {
                marker.add(list, true).map_err(|error| error.or_at(place))?;
            }
        }
        if marker.lists.iter().any(|found| found.list.vault != newest.header.vault) {
            return Err(Error::new(ErrorKind::BadInput, "a list of erasures of another vault"));
        }
        Ok((marker, unread))
    }

    fn report(&self, unpacked: &Unpacked) -> Result<RestoreReport> {
        let newest = unpacked.backups.last().ok_or_else(nothing_read)?;
        let pin = self.pin(&unpacked.vault)?;
        let lost = |pin: &Pin| pin.log.log_size.saturating_sub(newest.file.log_size);
        let older = |pin: &Pin| pin.roster_version > newest.signed.state.roster_version;
        Ok(RestoreReport {
            backup: newest.file.clone(),
            fingerprint: unpacked.judged.as_ref().map(|(fingerprint, _)| *fingerprint),
            check: None,
            commits_lost: pin.as_ref().map(lost),
            roster_older: pin.as_ref().is_some_and(older),
            erased_again: 0,
            held_erased: 0,
            lists_unread: unpacked.lists_unread,
            erasures_unknown: pin.is_some_and(|pin| pin.erase_epoch > unpacked.lists_reach),
            code: None,
        })
    }

    /// The anchor from the capsule, what was erased erased again, the vault's own check.
    fn revive(
        &self,
        unpacked: &Unpacked,
        staged: FileAnchor,
        identity: &Identity,
        report: &mut RestoreReport,
    ) -> Result<Vault> {
        let newest = unpacked.backups.last().ok_or_else(nothing_read)?;
        let key = newest.signed.capsule.open(identity.age())?;
        let anchor: Arc<dyn AnchorStore> = match &self.options.anchor {
            Some(anchor) => Arc::clone(anchor),
            None => Arc::new(staged),
        };
        plant(anchor.as_ref(), unpacked.vault, newest.file.erase_epoch, key)?;
        let mut options = self.options.clone().anchor(anchor);
        options.pins = None;
        options.restoring = true;
        let vault = options.open_at(&unpacked.folder, identity)?;
        let finished = vault.finish_restore().and_then(|revived| {
            report.erased_again = revived.erased_again;
            report.held_erased = revived.held;
            report.code = Some(revived.code);
            report.check = Some(vault.check(&mut |_| ())?);
            Ok(())
        });
        match finished {
            Ok(()) => Ok(vault),
            Err(error) => {
                // An anchor of the caller's stays when the folder goes: not with a key in it.
                for slot in vault.anchor.slots().unwrap_or_default() {
                    let _ = vault.anchor.destroy(slot.erase_epoch());
                }
                Err(error)
            }
        }
    }

    fn put_in_place(&self, folder: &Path, path: &Path) -> Result<()> {
        if path.exists() {
            fs::remove_dir(path).map_err(Error::io)?;
        }
        fs::rename(folder, path).map_err(Error::io)?;
        sync_folder(parent_of(path))
    }

    fn pin(&self, vault: &VaultId) -> Result<Option<Pin>> {
        self.options.pins.as_ref().map_or(Ok(None), |pins| pins.load(vault))
    }
}

/// Commits the rows in batches, and puts files into the folder; the last one brings the state.
fn load(
    store: &dyn Store,
    folder: &Path,
    mut layers: Layers,
    progress: &mut dyn FnMut(BackupProgress),
) -> Result<Vec<ReadBackup>> {
    let mut rows = Vec::new();
    let mut files = FilesBack::into(folder);
    let (mut bytes, mut total) = (0, 0_u64);
    while let Some((key, value)) = layers.next_row()? {
        if files.take(&key, &value)? {
            total += 1;
            continue;
        }
        if bytes + value.len() > BATCH_BYTES || rows.len() >= BATCH_ROWS {
            let mut batch = Batch::new();
            batch.put_all(std::mem::take(&mut rows));
            store.commit(&batch)?;
            bytes = 0;
            let (done, total) = layers.progress();
            progress(BackupProgress { done, total });
        }
        bytes += key.len() + value.len();
        total += 1;
        rows.push((key, value));
    }
    files.end()?;
    let backups = end_of(layers)?;
    let newest = backups.last().ok_or_else(nothing_read)?;
    if newest.signed.manifest.total != total {
        return Err(Error::new(ErrorKind::Tampered, "the backup lacks rows"));
    }
    let mut batch = Batch::new();
    batch.put_all(rows).state(newest.signed.manifest.state.clone());
    store.commit(&batch)?;
    store.maintain()?;
    Ok(backups)
}

/// The list in a file of its own, or in a backup.
fn list_in(path: &Path) -> Result<Option<Vec<u8>>> {
    match crate::store::backup::BackupReader::open(path) {
        Ok(reader) => {
            let header = reader.header();
            let (_, signed) = BackupFile::read(&header, &reader.end()?)?;
            Ok(Some(signed.manifest.erasures).filter(|list| !list.is_empty()))
        }
        Err(error) if error.kind() == ErrorKind::BadInput => {
            erasures::read_list(path)?.map(Some).ok_or_else(nothing_read)
        }
        Err(error) => Err(error),
    }
}

fn not_sealed_to() -> Error {
    Error::new(ErrorKind::NotMember, "the backup is sealed to the directors: one must open it")
}

fn nothing_read() -> Error {
    Error::new(ErrorKind::BadInput, "nothing was read")
}

/// Rows of one commit of a restore: few enough to stand in memory.
const BATCH_ROWS: usize = 100_000;
const BATCH_BYTES: usize = 16 << 20;
