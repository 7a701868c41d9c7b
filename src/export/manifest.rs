//! What an export consists of: counts, decisions, and the digest of each file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::consent::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::export::{File, Origin};
use crate::redact::RedactedView;

/// Name of the manifest within a bundle.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The manifest of an export.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Manifest {
    /// `amparo-manifest`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// The export's id.
    pub export: String,
    /// When it was made: RFC 3339, UTC.
    pub made_at: String,
    /// Who made it.
    pub organisation: String,
    /// Who receives it.
    pub recipient: String,
    /// Code of the purpose.
    pub purpose: String,
    /// Name of the profile.
    pub profile: String,
    /// The version of the policy by which it was decided.
    pub policy_version: u32,
    /// How many records it shows.
    pub records: usize,
    /// How many fields stand as they were.
    pub kept: usize,
    /// How many fields were changed or withheld, by code of the legend.
    pub marked: BTreeMap<String, usize>,
    /// Every file but this one and the signed proof.
    pub files: Vec<ManifestFile>,
}

/// One file of a bundle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestFile {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: usize,
    /// Its SHA-256.
    pub sha256: Digest,
    /// What was done to an attached file; nothing for a file that the export itself wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached: Option<AttachedAs>,
}

/// What was done to an attached file before it left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttachedAs {
    /// A picture, written anew with its pixels and nothing else.
    WrittenAnew,
    /// Nothing: it is the very file that was attached.
    NotAltered,
}

impl Manifest {
    pub(crate) fn of(view: &RedactedView, files: &[File]) -> Result<Self> {
        let cover = view.cover();
        let files = files.iter().map(|file| {
            Ok(ManifestFile {
                name: file.name.clone(),
                bytes: file.bytes.len(),
                sha256: file.digest()?,
                attached: match file.origin {
                    Origin::Rendered => None,
                    Origin::WrittenAnew => Some(AttachedAs::WrittenAnew),
                    Origin::AsItWas => Some(AttachedAs::NotAltered),
                },
            })
        });
        Ok(Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            export: cover.export.clone(),
            made_at: cover.made_at.to_string(),
            organisation: cover.organisation.clone(),
            recipient: cover.recipient.clone(),
            purpose: cover.purpose.clone(),
            profile: cover.profile.clone(),
            policy_version: cover.policy_version,
            records: view.records().len(),
            kept: view.kept(),
            marked: view.marked().into_iter().map(|(m, n)| (m.code().to_owned(), n)).collect(),
            files: files.collect::<Result<_>>()?,
        })
    }

    pub(crate) fn to_file(&self) -> Result<File> {
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "a manifest did not encode"))?;
        Ok(File::new(MANIFEST, bytes))
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let manifest: Self = serde_json::from_slice(bytes)
            .map_err(|_| Error::new(ErrorKind::BadInput, "a manifest cannot be read"))?;
        if manifest.format != FORMAT {
            return Err(Error::new(ErrorKind::BadInput, "not a manifest of an export"));
        }
        if manifest.version != VERSION {
            return Err(Error::new(ErrorKind::NewerFormat, "a manifest of another version"));
        }
        Ok(manifest)
    }
}

const FORMAT: &str = "amparo-manifest";
const VERSION: u32 = 1;
