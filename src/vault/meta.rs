//! The section in `vault` that every record has: what any member may know of it, and what an
//! eraser needs who holds no other compartment.

use serde::{Deserialize, Serialize};

use crate::audit::Holding;
use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::seal::file::StoredFile;
use crate::seal::{OpenSection, PlainField, SectionId};
use crate::secret::{SecretBytes, SecretText};

/// Paths of fields that no schema can have.
const META: &str = "@meta";
const POSTINGS: &str = "@postings";
const HISTORY: &str = "@history";
const SEALED: &str = "@sealed";
/// Of an attached file: which file of the folder it is. Every member may know, so that none
/// takes it for one that nothing names.
const FILE: &str = "@file";
const HOLDS: &str = "@holds";
/// The parent's id, in the home compartment.
pub(super) const PARENT: &str = "@parent";
/// The key of an attached file, in the compartment of its entry.
pub(super) const FILE_KEY: &str = "@file-key";
/// The kind of fields that hold bytes of ours.
pub(super) const BYTES: u8 = 0;
/// The section itself.
pub(super) const SECTION: SectionId = SectionId::fields(crate::keys::ring::VAULT);

/// Type, versions and times of a record.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Meta {
    pub(super) record_type: String,
    pub(super) revision: u32,
    pub(super) changed: i64,
    pub(super) by: [u8; 8],
}

/// What one revision replaced.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Past {
    pub(super) revision: u32,
    pub(super) at: i64,
    pub(super) by: [u8; 8],
    /// Each section written, with the revision of it that moved to history: 0 for none,
    /// [`ERASED`] for one whose key was destroyed since.
    pub(super) sections: Vec<(u8, u8, u32)>,
}

/// In place of the number of an older revision that nobody can open any more.
pub(super) const ERASED: u32 = u32::MAX;

impl Past {
    pub(super) fn author(&self) -> MemberId {
        MemberId::from_bytes(self.by)
    }

    /// The older revisions of sections that are kept in rows of their own.
    pub(super) fn kept(&self) -> impl Iterator<Item = (SectionId, u32)> + '_ {
        let of = |(compartment, part, prior): &(u8, u8, u32)| {
            (SectionId { compartment: *compartment, part: *part }, *prior)
        };
        self.sections.iter().map(of).filter(|(_, prior)| *prior > 0 && *prior != ERASED)
    }
}

/// A legal hold laid on the record, or lifted from it. Who did it and when stands in the log.
#[derive(Clone)]
pub(super) struct HoldEvent {
    pub(super) what: Holding,
    /// The leaf of the log that says so.
    pub(super) leaf: u64,
    pub(super) because: SecretText,
}

/// The whole section, opened.
#[derive(Clone)]
pub(super) struct Particulars {
    pub(super) meta: Meta,
    pub(super) postings: Vec<[u8; 16]>,
    pub(super) history: Vec<Past>,
    /// The epoch of `vault` at which all of the record was last sealed anew. Every rotation
    /// raises that epoch, so a lower one says that older keys are still needed here.
    pub(super) sealed: u32,
    /// The file that an attachment stands for.
    pub(super) file: Option<StoredFile>,
    /// Every hold, oldest first: each is laid and then lifted.
    pub(super) holds: Vec<HoldEvent>,
}

impl Particulars {
    /// Of a record that is written for the first time.
    pub(super) const fn new(meta: Meta, postings: Vec<[u8; 16]>, sealed: u32) -> Self {
        Self { meta, postings, history: Vec::new(), sealed, holds: Vec::new(), file: None }
    }

    pub(super) fn read(section: &OpenSection<'_>) -> Result<Self> {
        let postings = need(section, POSTINGS)?;
        let (chunks, rest) = postings.as_chunks::<16>();
        if !rest.is_empty() {
            return Err(unreadable());
        }
        let postings = chunks.to_vec();
        let history = match section.field(HISTORY, BYTES)? {
            Some(history) => postcard::from_bytes(&history).map_err(|_| unreadable())?,
            None => Vec::new(),
        };
        let sealed = match section.field(SEALED, BYTES)? {
            Some(epoch) => epoch.first_chunk().map(|epoch| u32::from_le_bytes(*epoch)),
            None => Some(1),
        };
        let sealed = sealed.ok_or_else(unreadable)?;
        let holds = match section.field(HOLDS, BYTES)? {
            Some(holds) => read_holds(&holds)?,
            None => Vec::new(),
        };
        let (meta, file) = (read_meta(section)?, read_file(section)?);
        Ok(Self { meta, postings, history, sealed, holds, file })
    }

    /// The hold that stands, if one does.
    pub(super) fn held(&self) -> Option<&HoldEvent> {
        self.holds.last().filter(|newest| newest.what == Holding::Laid)
    }

    pub(super) fn fields(&self) -> Result<Vec<PlainField<'static>>> {
        let failed = |_| Error::new(ErrorKind::Internal, "a record's particulars did not encode");
        let meta = postcard::to_allocvec(&self.meta).map_err(failed)?;
        let postings = self.postings.as_flattened().to_vec();
        let field = |path, value| PlainField { path, kind: BYTES, value: SecretBytes::new(value) };
        let mut fields = vec![field(META, meta), field(POSTINGS, postings)];
        // Nothing to say before the first edit.
        if !self.history.is_empty() {
            let history = postcard::to_allocvec(&self.history).map_err(failed)?;
            fields.push(field(HISTORY, history));
        }
        // Nor before the first rotation.
        if self.sealed > 1 {
            fields.push(field(SEALED, self.sealed.to_le_bytes().to_vec()));
        }
        if let Some(file) = &self.file {
            fields.push(field(FILE, file.to_bytes()));
        }
        if !self.holds.is_empty() {
            fields.push(field(HOLDS, hold_bytes(&self.holds)));
        }
        Ok(fields)
    }
}

/// The file of an attachment; nothing of another record.
pub(super) fn read_file(section: &OpenSection<'_>) -> Result<Option<StoredFile>> {
    section.field(FILE, BYTES)?.map(|bytes| StoredFile::from_bytes(&bytes)).transpose()
}

/// The type and revision alone: one field opened.
pub(super) fn read_meta(section: &OpenSection<'_>) -> Result<Meta> {
    postcard::from_bytes(&need(section, META)?).map_err(|_| unreadable())
}

/// What was done, the leaf, the words with their length.
fn hold_bytes(holds: &[HoldEvent]) -> Vec<u8> {
    // Room for all, so that no copy of the words is left behind.
    let room = holds.iter().map(|hold| hold.because.expose().len() + 13).sum();
    let mut out = Writer::with_capacity(room);
    for hold in holds {
        out.u8(u8::from(hold.what == Holding::Lifted)).u64(hold.leaf);
        out.bytes(hold.because.expose().as_bytes());
    }
    out.into_vec()
}

fn read_holds(bytes: &[u8]) -> Result<Vec<HoldEvent>> {
    let mut input = Reader::new(bytes);
    let mut holds = Vec::new();
    while input.remaining() > 0 {
        let what = match input.u8()? {
            0 => Holding::Laid,
            1 => Holding::Lifted,
            _ => return Err(unreadable()),
        };
        let leaf = input.u64()?;
        let because = input.bytes(MAX_REASON)?;
        let because = std::str::from_utf8(because).map_err(|_| unreadable())?.into();
        holds.push(HoldEvent { what, leaf, because });
    }
    Ok(holds)
}

fn need(section: &OpenSection<'_>, path: &str) -> Result<SecretBytes> {
    section.field(path, BYTES)?.ok_or_else(unreadable)
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Tampered, "a record's particulars cannot be read")
}

/// Every path that the section can hold, with the kind of each.
pub(super) fn paths() -> Vec<(&'static str, u8)> {
    let own = [META, POSTINGS, HISTORY, SEALED, HOLDS, FILE];
    own.into_iter().chain(DOCUMENT_PATHS).map(|path| (path, BYTES)).collect()
}

/// Longest reason of a hold, in bytes.
pub(super) const MAX_REASON: usize = 1000;
/// Longest part of a document in one field.
const DOCUMENT_PART: usize = 60_000;
const DOCUMENT_PATHS: [&str; 18] = [
    "@document.0",
    "@document.1",
    "@document.2",
    "@document.3",
    "@document.4",
    "@document.5",
    "@document.6",
    "@document.7",
    "@document.8",
    "@document.9",
    "@document.10",
    "@document.11",
    "@document.12",
    "@document.13",
    "@document.14",
    "@document.15",
    "@document.16",
    "@document.17",
];

/// The schema's source, or the signed policies, in parts that fit a field each.
pub(super) fn document_fields(document: &str) -> Result<Vec<PlainField<'static>>> {
    let parts = document.as_bytes().chunks(DOCUMENT_PART).map(<[u8]>::to_vec).collect::<Vec<_>>();
    if parts.len() > DOCUMENT_PATHS.len() {
        return Err(Error::new(ErrorKind::TooLong, "a document of the vault is too long"));
    }
    Ok(DOCUMENT_PATHS
        .iter()
        .zip(parts)
        .map(|(path, part)| PlainField { path, kind: BYTES, value: SecretBytes::new(part) })
        .collect())
}

/// Joins what [`document_fields`] parted.
pub(super) fn read_document(section: &OpenSection<'_>) -> Result<String> {
    let mut source = Vec::new();
    for path in DOCUMENT_PATHS {
        let Some(part) = section.field(path, BYTES)? else { break };
        source.extend_from_slice(&part);
    }
    String::from_utf8(source).map_err(|_| unreadable())
}
