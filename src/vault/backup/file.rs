//! A backup as a file tells of itself, to whoever holds no key.

use std::path::Path;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{BackupId, MemberId, VaultId};
use crate::store::backup::{BackupHeader, BackupReader, Base, Ended, Layers, begun, part_of};
use crate::time::Timestamp;
use crate::vault::backup::known::SealedTo;
use crate::vault::backup::manifest::SignedManifest;

/// Whether a backup stands by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::exhaustive_enums, reason = "there is no third kind")]
pub enum BackupKind {
    /// All rows.
    Full,
    /// What changed since another backup, which this one names.
    Increment {
        /// That backup.
        over: BackupId,
    },
}

/// How far writing or reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(clippy::exhaustive_structs, reason = "two numbers")]
pub struct BackupProgress {
    /// Bytes of the files so far.
    pub done: u64,
    /// Bytes of the files; 0 if nobody knows yet.
    pub total: u64,
}

/// A backup file that was read to its end and is whole.
///
/// Whole against accidents. That a member signed it shows when it is restored: the roster that
/// says who may is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackupFile {
    /// The backup's id.
    pub id: BackupId,
    /// The vault's id.
    pub vault: VaultId,
    /// Full, or over what.
    pub kind: BackupKind,
    /// When it was written.
    pub at: Timestamp,
    /// The member who claims to have written it.
    pub writer: MemberId,
    /// The vault's e: what was erased at a later e is in it.
    pub erase_epoch: u64,
    /// Leaves of the vault's log: commits up to then.
    pub log_size: u64,
    /// Rows in this file.
    pub rows: u64,
    /// Length of the file, in bytes.
    pub bytes: u64,
    /// Who can open it.
    pub sealed_to: SealedTo,
    pub(super) base: Base,
}

impl BackupFile {
    /// Reads a backup to its end and says what it is. Needs no key.
    ///
    /// # Errors
    ///
    /// `Unfinished` if it was never finished, or was cut; `Tampered`; `BadInput` if it is no
    /// backup; `NewerFormat`; `Io`.
    pub fn verify(
        path: impl AsRef<Path>,
        progress: &mut dyn FnMut(BackupProgress),
    ) -> Result<Self> {
        let path = path.as_ref();
        let place = || Place::File(path.to_string_lossy().into_owned());
        let mut reader = BackupReader::open(path)?;
        let header = reader.header();
        let mut rows = 0;
        let mut told = 0;
        while reader.next_row()?.is_some() {
            rows += 1;
            let (done, total) = reader.progress();
            if done != told {
                told = done;
                progress(BackupProgress { done, total });
            }
        }
        let ended = reader.end()?;
        let (file, _) = Self::read(&header, &ended).map_err(|error| error.or_at(place))?;
        if file.rows != rows {
            let lacks = Error::new(ErrorKind::Tampered, "a backup lacks rows");
            return Err(lacks.at(place()));
        }
        Ok(file)
    }

    /// The attempt that was not finished, if `path` has one beside it.
    ///
    /// # Errors
    ///
    /// `Io` if it is there and cannot be read.
    pub fn unfinished(path: impl AsRef<Path>) -> Result<Option<BackupId>> {
        let path = path.as_ref();
        if !part_of(path).exists() {
            return Ok(None);
        }
        Ok(begun(path)?.map(|header| header.backup))
    }

    pub(super) fn read(header: &BackupHeader, ended: &Ended) -> Result<(Self, SignedManifest)> {
        let signed = SignedManifest::parse(&ended.last, header, ended.rows)?;
        let file = Self {
            id: header.backup,
            vault: header.vault,
            kind: match header.base {
                None => BackupKind::Full,
                Some(base) => BackupKind::Increment { over: base.backup },
            },
            at: signed.manifest.at,
            writer: signed.manifest.writer,
            erase_epoch: signed.state.root.erase_epoch,
            log_size: signed.state.log.size(),
            rows: signed.manifest.rows,
            bytes: ended.len,
            sealed_to: match signed.capsule.escrow_epoch {
                0 => SealedTo::Directors,
                _ => SealedTo::Escrow,
            },
            base: ended.base,
        };
        Ok((file, signed))
    }
}

/// A backup that a reader came to the end of.
pub(super) struct ReadBackup {
    pub(super) header: BackupHeader,
    pub(super) file: BackupFile,
    pub(super) signed: SignedManifest,
}

/// What a full backup and its increments say, once all their rows were read.
pub(super) fn end_of(layers: Layers) -> Result<Vec<ReadBackup>> {
    let ended = layers.end()?.into_iter().map(|(header, ended)| {
        let (file, signed) = BackupFile::read(&header, &ended)?;
        Ok(ReadBackup { header, file, signed })
    });
    ended.collect()
}
