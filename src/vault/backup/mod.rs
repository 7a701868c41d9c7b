//! Backups: the rows of one moment in a file, with one capsule, signed; and the way back.
//!
//! A backup is written down in the vault before it is written out, never holds `A[e]` in clear,
//! and is sealed to the escrow or, where there is none or somebody wants it so, to the
//! administrators. Against them neither an erase nor a panic is then final.

mod erasures;
mod file;
mod files;
#[cfg(fuzzing)]
mod fuzzing;
mod known;
mod manifest;
mod marker;
mod restore;
mod revive;

use std::path::{Path, PathBuf};
use std::sync::MutexGuard;

pub use file::{BackupFile, BackupKind, BackupProgress};
#[cfg(fuzzing)]
pub(crate) use fuzzing::fuzz_backup;
pub use known::{KnownBackup, SealedTo};
pub use restore::{Restore, RestoreReport, Restored};
pub(super) use revive::{code_of, ensure_finished, plant};

use crate::crypto::random;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::BackupId;
use crate::keys::anchor::AnchorSlot;
use crate::keys::capsule::Capsule;
use crate::store::backup::{BackupHeader, BackupWriter, Base, Layers, begun};
use crate::store::{Position, Store};
use crate::vault::backup::files::{FileRow, FilesNow};
use crate::vault::backup::known::Noted;
use crate::vault::backup::manifest::{Manifest, SignedManifest};
use crate::vault::{Live, Vault, Writer};

/// What a backup is to be.
#[derive(Clone, Default)]
pub struct BackupRequest {
    to: Option<SealedTo>,
    label: Option<String>,
    since: Vec<PathBuf>,
}

impl BackupRequest {
    /// A full backup, sealed to the escrow if one is set up, else to the administrators.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Seals it to these.
    ///
    /// # Security
    ///
    /// Sealed to the directors, it gives each of them back what is erased later, and after a
    /// panic everything.
    #[must_use]
    pub const fn sealed_to(mut self, to: SealedTo) -> Self {
        self.to = Some(to);
        self
    }

    /// A name for people, at most 200 bytes; else the file's name.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        self.label = Some(label.to_owned());
        self
    }

    /// An increment: writes what changed since these, a full backup and then the increments over
    /// it in their order.
    #[must_use]
    pub fn since(mut self, file: impl Into<PathBuf>) -> Self {
        self.since.push(file.into());
        self
    }
}

impl std::fmt::Debug for BackupRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupRequest(..)")
    }
}

/// A backup that was written, read back, and given its name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackupReceipt {
    /// The file.
    pub file: BackupFile,
    /// Bytes that an earlier attempt had written already.
    pub resumed: u64,
    /// An earlier attempt was of another moment, and was thrown away.
    pub begun_anew: bool,
    /// Something was erased while it was written: it is in there.
    pub outdated: bool,
    /// What is not in there, or not as it was written: attached files that are lost or damaged,
    /// and records that cannot be read, with the files that they name. All else is.
    pub missing: Vec<Place>,
}

/// What was noted down at the one moment that a backup shows.
struct Moment {
    header: BackupHeader,
    state: Vec<u8>,
    capsule: Vec<u8>,
    erasures: Vec<u8>,
    files: FilesNow,
}

impl Vault {
    /// Writes a backup to a file that must not exist. Reads and writes go on meanwhile; the
    /// backup shows the moment at which it was begun. Needs memory for a few chunks only.
    ///
    /// If it is cut short, `FILE.part` stays and the next call goes on with it, as long as
    /// nothing was written to the vault since.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `Exists`; `BadInput` if it is to be
    /// sealed to an escrow and there is none, or an increment's base is no base of it; `Tampered`
    /// if the store itself, or the base, is damaged; `DiskFull`, `Io`. Records that cannot be
    /// read and files that are lost stop nothing: [`BackupReceipt::missing`] names them.
    ///
    /// # Security
    ///
    /// Whoever may open its capsule gets back what is erased after this moment. So the vault
    /// knows of it before the first byte is written: see [`Vault::backups`].
    pub fn backup(
        &self,
        path: impl AsRef<Path>,
        request: &BackupRequest,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<BackupReceipt> {
        let path = path.as_ref();
        let place = || Place::File(path.to_string_lossy().into_owned());
        self.ensure_writable()?;
        self.ensure_administrator()?;
        if path.exists() || path.file_name().is_none() {
            let exists = Error::new(ErrorKind::Exists, "a file of this name exists");
            return Err(exists.at(place()));
        }
        let sealed_to = self.sealed_to(request)?;
        let base = self.base(request, progress)?;
        let _ = self.note_erasures();

        let mut writer = self.writer();
        // Before anything is noted down. Nobody attaches or erases until the rows are begun.
        let files = self.files_now(&self.live())?;
        let before = begun(path).map_err(|error| error.or_at(place))?;
        let same = before.filter(|header| self.goes_on(header, base, sealed_to));
        let id = match &same {
            Some(header) => header.backup,
            None => self.register(&mut writer, path, request, (sealed_to, base))?,
        };
        let moment = self.moment((id, files), base, sealed_to)?;
        let mut file =
            BackupWriter::begin(path, &moment.header).map_err(|error| error.or_at(place))?;
        let counts = self.write_rows(&mut file, writer, &moment, request, progress);
        let mut missing = moment.files.unread.clone();
        let manifest = counts.and_then(|Written { rows, total, lost }| {
            missing.extend(lost);
            // A panic or the end of this session must leave nothing that opens.
            self.ensure_alive()?;
            Ok(Manifest {
                writer: self.member,
                at: self.now(&self.live()),
                rows,
                total,
                chain: file.end_rows()?,
                state: moment.state.clone(),
                capsule: moment.capsule.clone(),
                erasures: moment.erasures.clone(),
            })
        });
        let manifest = manifest.map_err(|error| error.or_at(place))?;
        let (resumed, begun_anew) = (file.resumed(), before.is_some() && same.is_none());
        let last = manifest.sign(&self.identity);
        let signed = SignedManifest::parse(&last, &moment.header, manifest.chain)?;
        signed.verify(&self.live().roster.body)?;
        file.finish(path, &last).map_err(|error| error.or_at(place))?;
        let finished = self.now(&self.live());
        self.note_backups(&mut self.writer(), |known| {
            let noted = known.iter_mut().find(|noted| noted.id == id);
            noted.into_iter().for_each(|noted| noted.finished = Some(finished));
            Ok(())
        })?;
        let file = BackupFile::verify(path, &mut |_| ())?;
        let outdated = self.live().tree.root().erase_epoch > file.erase_epoch;
        Ok(BackupReceipt { file, resumed, begun_anew, outdated, missing })
    }

    /// Who is to open it: the escrow, if there is one and nobody said otherwise.
    fn sealed_to(&self, request: &BackupRequest) -> Result<SealedTo> {
        let escrow = self.live().roster.body.escrow.is_some();
        match request.to {
            Some(SealedTo::Escrow) if !escrow => {
                Err(Error::new(ErrorKind::BadInput, "no escrow is set up to seal it to"))
            }
            Some(to) => Ok(to),
            None if escrow => Ok(SealedTo::Escrow),
            None => Ok(SealedTo::Directors),
        }
    }

    /// The backup that an increment is laid over, read whole and signed by one of ours.
    fn base(
        &self,
        request: &BackupRequest,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<Option<Base>> {
        if request.since.is_empty() {
            return Ok(None);
        }
        let mut layers = Layers::open(&request.since)?;
        if layers.headers().any(|header| header.vault != self.id) {
            return Err(Error::new(ErrorKind::BadInput, "the base is of another vault"));
        }
        let mut rows = 0_u64;
        while layers.next_row()?.is_some() {
            if rows.is_multiple_of(1024) {
                let (done, total) = layers.progress();
                progress(BackupProgress { done, total });
            }
            rows += 1;
        }
        let read = file::end_of(layers)?;
        let live = self.live();
        read.iter().try_for_each(|backup| backup.signed.verify(&live.roster.body))?;
        Ok(read.last().map(|backup| backup.file.base))
    }

    /// Whether an attempt that was cut short is of this very moment.
    fn goes_on(&self, header: &BackupHeader, base: Option<Base>, to: SealedTo) -> bool {
        let live = self.live();
        let known = self.known_backups(&live).unwrap_or_default();
        let noted = known.iter().find(|noted| noted.id == header.backup);
        header.vault == self.id
            && header.instance == self.instance
            && header.position == self.store.position()
            && header.base == base
            && noted.is_some_and(|noted| noted.finished.is_none() && noted.sealed_to == to)
    }

    fn register(
        &self,
        writer: &mut MutexGuard<'_, Writer>,
        path: &Path,
        request: &BackupRequest,
        (sealed_to, base): (SealedTo, Option<Base>),
    ) -> Result<BackupId> {
        let id = BackupId::from_bytes(random()?);
        let name = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let label = request.label.clone().unwrap_or_else(name);
        if label.len() > MAX_LABEL {
            return Err(Error::new(ErrorKind::TooLong, "a backup's name is too long"));
        }
        let noted = Noted {
            id,
            at: self.now(&self.live()),
            by: self.member,
            erase_epoch: self.live().tree.root().erase_epoch,
            base: base.map(|base| base.backup),
            sealed_to,
            label,
            finished: None,
            forgotten: None,
        };
        self.note_backups(writer, |known| {
            known.push(noted);
            Ok(())
        })?;
        Ok(id)
    }

    fn moment(
        &self,
        (backup, files): (BackupId, FilesNow),
        base: Option<Base>,
        to: SealedTo,
    ) -> Result<Moment> {
        let live = self.live();
        let slot = self.slot_now(&live)?;
        let body = &live.roster.body;
        let capsule = match to {
            SealedTo::Escrow => Capsule::seal(&self.id, &slot, body, self.member, &self.identity)?,
            SealedTo::Directors => {
                let writer = (self.member, &self.identity);
                Capsule::seal_to_administrators(&self.id, &slot, body, writer)?
            }
        };
        let list = match self.erasures(&live) {
            Some(_) => erasures::list_of(&self.folder)?.unwrap_or_default(),
            None => Vec::new(),
        };
        let position = self.store.position();
        let header =
            BackupHeader { vault: self.id, instance: self.instance, backup, position, base };
        Ok(Moment { header, state: self.store.state(), capsule, erasures: list, files })
    }

    /// The slot of the anchor that stands.
    fn slot_now(&self, live: &Live) -> Result<AnchorSlot> {
        let epoch = live.tree.root().erase_epoch;
        let mut slots = self.anchor.slots()?;
        slots.retain(|slot| slot.vault == self.id && slot.erase_epoch == epoch);
        slots.pop().ok_or_else(|| Error::new(ErrorKind::NoAnchor, "the anchor is not here"))
    }

    /// Writes all rows, or those that differ from the base.
    fn write_rows(
        &self,
        file: &mut BackupWriter,
        writer: MutexGuard<'_, Writer>,
        moment: &Moment,
        request: &BackupRequest,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<Written> {
        let mut out = Difference::begin(file, &request.since)?;
        let mut lock = Some(writer);
        let position = moment.header.position;
        let erase_epoch = self.live().tree.root().erase_epoch;
        let (mut total, mut told) = (0, 0);
        let mut give = |row: FileRow<'_>| {
            total += match row {
                FileRow::Piece(key, value) => out.row(key, value).map(|()| 1)?,
                FileRow::Kept(start) => out.keep(start)?,
            };
            let done = out.file.written();
            if done != told {
                told = done;
                self.ensure_alive()?;
                progress(BackupProgress { done, total: 0 });
            }
            Ok(())
        };
        self.store.scan(&[], &mut |key, value| {
            if let Some(writer) = lock.take() {
                // The scan has its moment: others may write again.
                ensure_at(self.store.as_ref(), position)?;
                drop(writer);
            }
            give(FileRow::Piece(key, value))
        })?;
        let lost = self.file_rows(&moment.files.named, erase_epoch, &mut give)?;
        Ok(Written { rows: out.end()?, total, lost })
    }
}

/// What went into a backup.
struct Written {
    rows: u64,
    /// Rows that there are, with those of the base that stay.
    total: u64,
    /// Files that could not be written.
    lost: Vec<Place>,
}

/// Another session over the same store may have written between noting and scanning.
fn ensure_at(store: &dyn Store, position: Position) -> Result<()> {
    if store.position() == position {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::Conflict, "somebody else wrote to the vault: try again"))
    }
}

/// Rows on their way into a file; those that the base has already are passed over.
struct Difference<'a> {
    file: &'a mut BackupWriter,
    base: Option<Layers>,
    /// The base's next row.
    next: Option<(Vec<u8>, Vec<u8>)>,
    rows: u64,
}

impl<'a> Difference<'a> {
    fn begin(file: &'a mut BackupWriter, since: &[PathBuf]) -> Result<Self> {
        let base = (!since.is_empty()).then(|| Layers::open(since)).transpose()?;
        let mut difference = Self { file, base, next: None, rows: 0 };
        difference.advance()?;
        Ok(difference)
    }

    fn advance(&mut self) -> Result<()> {
        self.next = self.base.as_mut().map_or(Ok(None), Layers::next_row)?;
        Ok(())
    }

    fn row(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        self.remove_before(Some(key))?;
        if let Some((_, before)) = self.next.take_if(|(next, _)| next == key) {
            self.advance()?;
            if before == value {
                return Ok(());
            }
        }
        self.rows += 1;
        self.file.push(key, Some(value))
    }

    /// What the base has under the keys that begin so stays. Gives how many rows.
    fn keep(&mut self, start: &[u8]) -> Result<u64> {
        self.remove_before(Some(start))?;
        let mut kept = 0;
        while self.next.take_if(|(next, _)| next.starts_with(start)).is_some() {
            self.advance()?;
            kept += 1;
        }
        Ok(kept)
    }

    /// What the base has before `key`, or at all, is gone.
    fn remove_before(&mut self, key: Option<&[u8]>) -> Result<()> {
        while let Some((gone, _)) =
            self.next.take_if(|(next, _)| key.is_none_or(|key| next.as_slice() < key))
        {
            self.rows += 1;
            self.file.push(&gone, None)?;
            self.advance()?;
        }
        Ok(())
    }

    fn end(mut self) -> Result<u64> {
        self.remove_before(None)?;
        self.base.map_or(Ok(Vec::new()), Layers::end)?;
        Ok(self.rows)
    }
}

/// Longest name of a backup, in bytes.
const MAX_LABEL: usize = 200;
