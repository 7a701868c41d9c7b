//! A full backup with its increments laid over it, read as one sorted list of rows.

use std::path::Path;

use crate::error::{Error, ErrorKind, Place, Result};

use super::chunk::Row;
use super::read::{BackupReader, Ended};
use super::{BackupHeader, Base};

/// Backups, the full one first, each increment over all before it.
pub(crate) struct Layers {
    layers: Vec<Layer>,
}

struct Layer {
    reader: BackupReader,
    next: Option<Row>,
}

impl Layers {
    /// Opens the files and reads what their headers say of each other.
    ///
    /// # Errors
    ///
    /// `BadInput` if the first is an increment, a later one is none, or one is over another
    /// backup or of another vault; as [`BackupReader::open`].
    pub(crate) fn open<P: AsRef<Path>>(files: &[P]) -> Result<Self> {
        let mut layers: Vec<Layer> = Vec::new();
        for file in files {
            let place = || Place::File(file.as_ref().to_string_lossy().into_owned());
            let mut reader = BackupReader::open(file.as_ref())?;
            let header = reader.header();
            let before = layers.last().map(|layer| layer.reader.header());
            let wrong = match (&before, &header.base) {
                (None, Some(_)) => Some("an increment needs the backups before it"),
                (Some(_), None) => Some("a full backup is laid over nothing"),
                (Some(before), _) if before.vault != header.vault => {
                    Some("an increment of another vault")
                }
                (Some(before), Some(base)) if before.backup != base.backup => Some(OTHER_BASE),
                _ => None,
            };
            if let Some(what) = wrong {
                return Err(Error::new(ErrorKind::BadInput, what).at(place()));
            }
            let next = reader.next_row()?;
            layers.push(Layer { reader, next });
        }
        if layers.is_empty() {
            return Err(Error::new(ErrorKind::BadInput, "no backup was named"));
        }
        Ok(Self { layers })
    }

    /// The headers, the full backup's first.
    pub(crate) fn headers(&self) -> impl Iterator<Item = BackupHeader> + '_ {
        self.layers.iter().map(|layer| layer.reader.header())
    }

    /// Bytes read so far, and in all.
    pub(crate) fn progress(&self) -> (u64, u64) {
        let each = self.layers.iter().map(|layer| layer.reader.progress());
        each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// The key of the next row.
    pub(crate) fn peek(&self) -> Option<&[u8]> {
        self.layers.iter().filter_map(|layer| layer.next.as_ref()).map(|row| row.0.as_slice()).min()
    }

    /// The next row that all layers together leave.
    ///
    /// # Errors
    ///
    /// As [`BackupReader::next_row`].
    pub(crate) fn next_row(&mut self) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        while let Some(key) = self.peek().map(<[u8]>::to_vec) {
            let mut newest = None;
            for layer in &mut self.layers {
                if layer.next.as_ref().is_some_and(|row| row.0 == key) {
                    let next = layer.reader.next_row()?;
                    newest = std::mem::replace(&mut layer.next, next);
                }
            }
            if let Some((key, Some(row))) = newest {
                return Ok(Some((key, row)));
            }
        }
        Ok(None)
    }

    /// What each backup says at its end, now that all of them was read.
    ///
    /// # Errors
    ///
    /// `BadInput` if an increment was made over another file than the one before it.
    pub(crate) fn end(self) -> Result<Vec<(BackupHeader, Ended)>> {
        let mut ended: Vec<(BackupHeader, Ended)> = Vec::new();
        for layer in self.layers {
            let header = layer.reader.header();
            let before: Option<Base> = ended.last().map(|(_, ended)| ended.base);
            if header.base != before {
                return Err(Error::new(ErrorKind::BadInput, OTHER_BASE));
            }
            ended.push((header, layer.reader.end()?));
        }
        Ok(ended)
    }
}

const OTHER_BASE: &str = "an increment was made over another backup";
