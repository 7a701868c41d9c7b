//! The journal's files: the point of durability.
//!
//! One segment is in use. It is filled with zeros before use, so that a commit changes no
//! metadata and one `fdatasync` makes it durable. A new segment is written under another
//! name and renamed: the rename promotes its manifest, and the old segment is only then
//! removed.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::InstanceId;
use crate::store::disk;
use crate::store::embedded::Limits;
use crate::store::frame::{self, Kind};
use crate::store::payload::Manifest;
use crate::store::segment::Segment;
use crate::store::steps::step;

/// The ending of a segment's name.
pub(crate) const SUFFIX: &str = ".seg";
const UNFINISHED: &str = ".seg.new";
/// The remains of an incomplete frame, beside the journal's folder.
pub(crate) const CUT: &str = "journal.cut";
/// A segment longer than this was not written by this program.
const MAX_SEGMENT: u64 = 64 << 20;

/// The segment in use.
pub(crate) struct Journal {
    folder: PathBuf,
    file: File,
    number: u64,
    instance: InstanceId,
    len: u64,
    /// Where the newest frame lies, and what it must read as.
    newest: (u64, usize, blake3::Hash),
}

impl Journal {
    /// Writes a segment that starts with `manifest`, without putting it in use.
    pub(crate) fn prepare(
        folder: &Path,
        number: u64,
        instance: InstanceId,
        manifest: &Manifest,
        limits: &Limits,
    ) -> Result<Self> {
        let payload = manifest.encode();
        let too_long = frame::frame_len(payload.len()) as u64 > limits.segment / 2;
        if payload.len() > frame::MAX_PAYLOAD || too_long {
            return Err(Error::new(ErrorKind::Internal, "a manifest outgrew its segment"));
        }
        let (bytes, _) =
            frame::encode(Kind::Manifest, manifest.sequence, &instance, &[0; 32], &payload);
        let path = folder.join(disk::name(number, UNFINISHED));
        let _ = fs::remove_file(&path);
        let file = disk::create_file(&path)?;
        let written = fill(&file, &bytes, 0, limits.segment).and_then(|()| {
            step("segment written")?;
            file.sync_all().map_err(Error::io)?;
            step("segment synced")
        });
        if let Err(error) = written {
            disk::remove_stale(&path);
            return Err(error);
        }
        let newest = (0, bytes.len(), blake3::hash(&bytes));
        let folder = folder.to_path_buf();
        Ok(Self { folder, file, number, instance, len: limits.segment, newest })
    }

    /// Puts a prepared segment in use. After an error the outcome is unknown.
    pub(crate) fn promote(&self) -> Result<()> {
        let from = self.folder.join(disk::name(self.number, UNFINISHED));
        fs::rename(&from, self.path()).map_err(|error| disk::named(error, &from))?;
        step("segment renamed")?;
        disk::sync_dir(&self.folder)?;
        step("segment promoted")
    }

    /// Opens the newest segment; also gives whether remains of a frame were cut off.
    pub(crate) fn open(
        folder: &Path,
        instance: InstanceId,
        limits: Option<&Limits>,
    ) -> Result<(Self, Segment, bool)> {
        let (number, bytes) = read_newest(folder)?;
        let name = disk::name(number, SUFFIX);
        let file = disk::open_file(&folder.join(&name), limits.is_some())?;
        let segment = Segment::parse(&bytes, &instance, &name)?;
        let (offset, len) = segment.newest;
        let newest = bytes.get(offset..offset + len).unwrap_or_default();
        let hash = blake3::hash(newest);
        let mut journal = Self {
            folder: folder.to_path_buf(),
            file,
            number,
            instance,
            len: bytes.len() as u64,
            newest: (offset as u64, len, hash),
        };
        let mut cut = false;
        if let Some(limits) = limits {
            let remains = bytes.get(segment.end()..).unwrap_or_default();
            cut = segment.torn;
            journal.recover(newest, remains, cut, limits)?;
        }
        Ok((journal, segment, cut))
    }

    /// Makes an opened segment fit for writing.
    fn recover(
        &mut self,
        newest: &[u8],
        remains: &[u8],
        torn: bool,
        limits: &Limits,
    ) -> Result<()> {
        // The sync of the newest frame may have failed and left it in the page cache alone,
        // where it looks durable. Written again, it is dirty again, and this sync counts.
        disk::write_at(&self.file, newest, self.newest.0)?;
        if torn {
            let used = remains.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            keep_cut(&self.folder, remains.get(..used).unwrap_or_default())?;
            step("remains kept")?;
        }
        if torn || self.len < limits.segment {
            self.len = self.len.max(limits.segment);
            fill(&self.file, &[], self.end(), self.len)?;
            step("remains zeroed")?;
        }
        self.file.sync_data().map_err(Error::io)
    }

    /// Appends one frame and syncs it. After an error the outcome is unknown.
    pub(crate) fn append(
        &mut self,
        kind: Kind,
        sequence: u64,
        previous: &[u8; 32],
        payload: &[u8],
    ) -> Result<[u8; 32]> {
        let (bytes, chain) = frame::encode(kind, sequence, &self.instance, previous, payload);
        let offset = self.end();
        step("frame begins")?;
        disk::write_at(&self.file, &bytes, offset).map_err(|error| self.at(error, offset))?;
        step("frame written")?;
        self.file.sync_data().map_err(|error| self.at(Error::io(error), offset))?;
        step("frame synced")?;
        self.newest = (offset, bytes.len(), blake3::hash(&bytes));
        Ok(chain)
    }

    /// Whether a payload of this length still fits.
    pub(crate) fn has_room(&self, payload: usize) -> bool {
        frame::frame_len(payload) as u64 <= self.len.saturating_sub(self.end())
    }

    /// Bytes of the segment in use.
    pub(crate) const fn end(&self) -> u64 {
        self.newest.0 + self.newest.1 as u64
    }

    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// Reads the whole segment again.
    pub(crate) fn read(&self) -> Result<Segment> {
        let name = disk::name(self.number, SUFFIX);
        let bytes =
            read_all(&self.file).map_err(|error| error.or_at(|| Place::File(name.clone())))?;
        Segment::parse(&bytes, &self.instance, &name)
    }

    /// Reads the newest frame back from the medium.
    pub(crate) fn verify_newest(&self) -> Result<()> {
        let (offset, len, hash) = self.newest;
        disk::forget_cache(&self.file, 0, self.len);
        let mut bytes = vec![0; len];
        disk::read_at(&self.file, &mut bytes, offset).map_err(|error| self.at(error, offset))?;
        if blake3::hash(&bytes) == hash {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Tampered, "the newest frame reads back differently");
        Err(self.at(error, offset))
    }

    /// Removes segments that are not in use.
    pub(crate) fn remove_others(&self) -> Result<()> {
        for suffix in [SUFFIX, UNFINISHED] {
            for number in disk::numbered(&self.folder, suffix)? {
                if number != self.number || suffix == UNFINISHED {
                    disk::remove_stale(&self.folder.join(disk::name(number, suffix)));
                    step("segment removed")?;
                }
            }
        }
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.folder.join(disk::name(self.number, SUFFIX))
    }

    fn at(&self, error: Error, offset: u64) -> Error {
        error.or_at(|| Place::Offset { file: disk::name(self.number, SUFFIX), offset })
    }
}

/// The number and the bytes of the newest segment, whatever they are.
pub(crate) fn read_newest(folder: &Path) -> Result<(u64, Vec<u8>)> {
    let Some(number) = disk::numbered(folder, SUFFIX)?.pop() else {
        return Err(Error::new(ErrorKind::Missing, "the journal has no segment"));
    };
    let name = disk::name(number, SUFFIX);
    let file = disk::open_file(&folder.join(&name), false)?;
    let bytes = read_all(&file).map_err(|error| error.or_at(|| Place::File(name)))?;
    Ok((number, bytes))
}

/// Writes `bytes` at `offset`, and zeros from there on up to `len`.
fn fill(file: &File, bytes: &[u8], offset: u64, len: u64) -> Result<()> {
    disk::write_at(file, bytes, offset)?;
    let zeros = [0; 64 << 10];
    let mut offset = offset + bytes.len() as u64;
    while offset < len {
        let count = usize::try_from(len - offset).unwrap_or(usize::MAX).min(zeros.len());
        disk::write_at(file, zeros.get(..count).unwrap_or_default(), offset)?;
        offset += count as u64;
    }
    Ok(())
}

/// Keeps the remains of a frame for whoever wants to look at them; only the newest ones.
fn keep_cut(folder: &Path, remains: &[u8]) -> Result<()> {
    let parent = folder.parent().unwrap_or(folder);
    let path = parent.join(CUT);
    let _ = fs::remove_file(&path);
    let mut file = disk::create_file(&path)?;
    file.write_all(remains).and_then(|()| file.sync_all()).map_err(Error::io)?;
    disk::sync_dir(parent)
}

fn read_all(file: &File) -> Result<Vec<u8>> {
    let len = file.metadata().map_err(Error::io)?.len();
    if len > MAX_SEGMENT {
        return Err(Error::new(ErrorKind::Tampered, "a segment is too long"));
    }
    let mut bytes = vec![0; usize::try_from(len).unwrap_or(0)];
    disk::read_at(file, &mut bytes, 0)?;
    Ok(bytes)
}
