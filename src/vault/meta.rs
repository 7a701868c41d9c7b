//! The section in `vault` that every record has: what any member may know of it, and what an
//! eraser needs who holds no other compartment.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::seal::{OpenSection, PlainField, SectionId};
use crate::secret::SecretBytes;

/// Paths of fields that no schema can have.
const META: &str = "@meta";
const POSTINGS: &str = "@postings";
const HISTORY: &str = "@history";
/// The parent's id, in the home compartment.
pub(super) const PARENT: &str = "@parent";
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
    /// Each section written, with the revision of it that moved to history (0 for none).
    pub(super) sections: Vec<(u8, u8, u32)>,
}

impl Past {
    pub(super) fn author(&self) -> MemberId {
        MemberId::from_bytes(self.by)
    }
}

/// The whole section, opened.
#[derive(Clone)]
pub(super) struct Particulars {
    pub(super) meta: Meta,
    pub(super) postings: Vec<[u8; 16]>,
    pub(super) history: Vec<Past>,
}

impl Particulars {
    pub(super) fn read(section: &OpenSection<'_>) -> Result<Self> {
        let postings = need(section, POSTINGS)?;
        let (chunks, rest) = postings.as_chunks::<16>();
        if !rest.is_empty() {
            return Err(unreadable());
        }
        let postings = chunks.to_vec();
        let history = postcard::from_bytes(&need(section, HISTORY)?).map_err(|_| unreadable())?;
        Ok(Self { meta: read_meta(section)?, postings, history })
    }

    pub(super) fn fields(&self) -> Result<Vec<PlainField<'static>>> {
        let failed = |_| Error::new(ErrorKind::Internal, "a record's particulars did not encode");
        let meta = postcard::to_allocvec(&self.meta).map_err(failed)?;
        let history = postcard::to_allocvec(&self.history).map_err(failed)?;
        let postings = self.postings.as_flattened().to_vec();
        let field = |path, value| PlainField { path, kind: BYTES, value: SecretBytes::new(value) };
        Ok(vec![field(META, meta), field(POSTINGS, postings), field(HISTORY, history)])
    }
}

/// The type and revision alone: one field opened.
pub(super) fn read_meta(section: &OpenSection<'_>) -> Result<Meta> {
    postcard::from_bytes(&need(section, META)?).map_err(|_| unreadable())
}

fn need(section: &OpenSection<'_>, path: &str) -> Result<SecretBytes> {
    section.field(path, BYTES)?.ok_or_else(unreadable)
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Tampered, "a record's particulars cannot be read")
}

/// Longest part of the schema's source in one field.
const SCHEMA_PART: usize = 60_000;
const SCHEMA_PATHS: [&str; 18] = [
    "@schema.0",
    "@schema.1",
    "@schema.2",
    "@schema.3",
    "@schema.4",
    "@schema.5",
    "@schema.6",
    "@schema.7",
    "@schema.8",
    "@schema.9",
    "@schema.10",
    "@schema.11",
    "@schema.12",
    "@schema.13",
    "@schema.14",
    "@schema.15",
    "@schema.16",
    "@schema.17",
];

/// The schema's source, in parts that fit a field each.
pub(super) fn schema_fields(source: &str) -> impl Iterator<Item = PlainField<'static>> {
    let parts = source.as_bytes().chunks(SCHEMA_PART).map(<[u8]>::to_vec).collect::<Vec<_>>();
    SCHEMA_PATHS.iter().zip(parts).map(|(path, part)| PlainField {
        path,
        kind: BYTES,
        value: SecretBytes::new(part),
    })
}

/// Joins what [`schema_fields`] parted.
pub(super) fn read_schema(section: &OpenSection<'_>) -> Result<String> {
    let mut source = Vec::new();
    for path in SCHEMA_PATHS {
        let Some(part) = section.field(path, BYTES)? else { break };
        source.extend_from_slice(&part);
    }
    String::from_utf8(source).map_err(|_| unreadable())
}
