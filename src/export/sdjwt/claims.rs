//! The part that is signed, as it is written.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::BASE64URL_NOPAD as BASE64;
use sd_jwt_payload::SHA_ALG_NAME;
use serde::{Deserialize, Serialize};

use crate::consent::Digest;
use crate::error::{Error, ErrorKind, Result};
use crate::export::sdjwt::disclosure::is_name;
use crate::export::sdjwt::{ExportManifest, MAX_DISCLOSURES, malformed, too_long, value};
use crate::redact::Mark;
use crate::time::Timestamp;

/// The payload of the JWS. Keys and digests are sorted, so that their order tells nothing.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    _sd_alg: String,
    iat: i64,
    manifest: Manifest,
    pub(super) records: BTreeMap<String, Record>,
}

/// A record: what is clear, and the digests of what can be disclosed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// An object of its own: a schema may call a field `type` or `parent`.
    #[serde(skip_serializing_if = "Fields::is_empty", default)]
    pub(super) fields: Fields,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<String>,
    #[serde(rename = "type")]
    pub(super) record_type: String,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    #[serde(rename = "_sd")]
    pub(super) digests: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    changed: BTreeMap<String, u64>,
    export: String,
    files: BTreeMap<String, Digest>,
    format: String,
    policy_version: u32,
    profile: String,
    purpose: String,
    shown: BTreeSet<String>,
    version: u32,
    withheld: BTreeMap<String, u64>,
}

/// Read before the rest: another version may hold what this program does not know.
#[derive(Deserialize)]
struct Peek {
    manifest: PeekManifest,
}

#[derive(Deserialize)]
struct PeekManifest {
    format: String,
    version: u32,
}

impl Fields {
    fn is_empty(&self) -> bool {
        self.digests.is_empty()
    }
}

impl Claims {
    /// The bytes to sign. Fails if a reader would refuse them.
    pub(super) fn write(
        manifest: ExportManifest,
        records: BTreeMap<String, Record>,
    ) -> Result<Vec<u8>> {
        let codes = |counts: BTreeMap<Mark, u64>| {
            counts.into_iter().map(|(mark, count)| (mark.code().to_owned(), count)).collect()
        };
        let claims = Self {
            _sd_alg: SHA_ALG_NAME.into(),
            iat: manifest.made_at.as_second(),
            manifest: Manifest {
                format: FORMAT.into(),
                version: VERSION,
                export: manifest.export,
                profile: manifest.profile,
                purpose: manifest.purpose,
                policy_version: manifest.policy_version,
                shown: manifest.shown,
                changed: codes(manifest.changed),
                withheld: codes(manifest.withheld),
                files: manifest.files,
            },
            records,
        };
        claims.check()?;
        let bytes = claims.to_bytes()?;
        check_texts(&bytes)?;
        Ok(bytes)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let bad = || malformed("what is signed is not an export");
        check_texts(bytes)?;
        // The message of the parser may quote what it read.
        let peek: Peek = serde_json::from_slice(bytes).map_err(|_| bad())?;
        if peek.manifest.format != FORMAT {
            return Err(bad());
        }
        if peek.manifest.version > VERSION {
            return Err(Error::new(ErrorKind::NewerFormat, "the export is of a newer format"));
        }
        let claims: Self = serde_json::from_slice(bytes).map_err(|_| bad())?;
        // Refuses whatever this program would write otherwise: a key that stands twice, blanks,
        // another order, another way to escape.
        if claims.to_bytes()? != bytes {
            return Err(bad());
        }
        claims.check()?;
        Ok(claims)
    }

    fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "JSON could not be written"))
    }

    fn check(&self) -> Result<()> {
        if self._sd_alg != SHA_ALG_NAME {
            return Err(malformed("digests of another kind than SHA-256"));
        }
        let Manifest { format, version, export, profile, purpose, .. } = &self.manifest;
        if format != FORMAT || *version != VERSION {
            return Err(malformed("not a version of an export"));
        }
        if ![export, profile, purpose].into_iter().all(|text| is_token(text)) {
            return Err(malformed("the manifest holds what is not a code"));
        }
        if !self.manifest.files.keys().all(|name| is_file_name(name)) {
            return Err(malformed("the manifest names a file that cannot be one"));
        }
        self.check_records()?;
        let changed = sum(&self.manifest.changed)?;
        sum(&self.manifest.withheld)?;
        let shown = self.manifest.shown.len();
        if changed > u64::try_from(shown).unwrap_or(u64::MAX) {
            return Err(malformed("more was changed than shown"));
        }
        Ok(())
    }

    /// Every digest stands for a path of the manifest, and every path has one: no decoys, since
    /// the manifest says openly how many there are.
    fn check_records(&self) -> Result<()> {
        if self.manifest.shown.len() > MAX_DISCLOSURES {
            return Err(too_long());
        }
        let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
        for path in &self.manifest.shown {
            let (code, name) =
                path.split_once('.').ok_or_else(|| malformed("not the path of a field"))?;
            if !is_name(name) {
                return Err(malformed("not the path of a field"));
            }
            *expected.entry(code).or_default() += 1;
        }
        let mut seen = BTreeSet::new();
        for (code, record) in &self.records {
            let parent = record.parent.as_ref();
            if !(is_token(code) && !code.contains('.') && is_name(&record.record_type))
                || parent.is_some_and(|parent| parent == code || !self.records.contains_key(parent))
            {
                return Err(malformed("a record is not one of an export"));
            }
            let digests = &record.fields.digests;
            if expected.remove(code.as_str()).unwrap_or_default() != digests.len() {
                return Err(malformed("the manifest lists other fields than are signed"));
            }
            for digest in digests {
                if !is_digest(digest) {
                    return Err(malformed("not a digest"));
                }
                if !seen.insert(digest) {
                    return Err(malformed("a digest stands twice"));
                }
            }
        }
        if expected.is_empty() {
            Ok(())
        } else {
            Err(malformed("the manifest lists a record that is not there"))
        }
    }

    pub(super) fn into_parts(self) -> Result<(ExportManifest, BTreeMap<String, Record>)> {
        let from = self.manifest;
        let manifest = ExportManifest {
            export: from.export,
            made_at: Timestamp::from_second(self.iat)
                .map_err(|_| malformed("a moment out of range"))?,
            profile: from.profile,
            purpose: from.purpose,
            policy_version: from.policy_version,
            shown: from.shown,
            changed: marks(from.changed)?,
            withheld: marks(from.withheld)?,
            files: from.files,
        };
        Ok((manifest, self.records))
    }
}

/// Each text has two quotes, and everything but texts and numbers is of a fixed shape: the memory
/// that it takes is bounded before any is taken.
fn check_texts(bytes: &[u8]) -> Result<()> {
    let quotes = bytes.iter().filter(|byte| **byte == b'"').count();
    if quotes <= MAX_QUOTES { Ok(()) } else { Err(too_long()) }
}

fn marks(counts: BTreeMap<String, u64>) -> Result<BTreeMap<Mark, u64>> {
    let mut marks = BTreeMap::new();
    for (code, count) in counts {
        let mark = value::mark(&code).ok_or_else(|| malformed("not the code of a mark"))?;
        marks.insert(mark, count);
    }
    Ok(marks)
}

fn sum(counts: &BTreeMap<String, u64>) -> Result<u64> {
    let bad = || malformed("not a count of fields");
    counts.values().try_fold(0_u64, |sum, count| {
        if *count == 0 { Err(bad()) } else { sum.checked_add(*count).ok_or_else(bad) }
    })
}

fn is_digest(text: &str) -> bool {
    text.len() == 43 && BASE64.decode(text.as_bytes()).is_ok()
}

/// What is shown on a terminal must hold nothing that steers it.
fn is_token(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    (1..=MAX_TOKEN).contains(&text.len()) && text.bytes().all(plain)
}

/// A path within the export and nowhere else: whoever checks the files joins it to a folder.
fn is_file_name(name: &str) -> bool {
    name.len() <= MAX_FILE_NAME
        && name.split('/').all(|part| is_token(part) && !matches!(part, "." | ".."))
}

const FORMAT: &str = "amparo-export";
const VERSION: u32 = 1;
const MAX_TOKEN: usize = 64;
const MAX_FILE_NAME: usize = 255;
/// Two texts for each of [`MAX_DISCLOSURES`] fields, seven for each of 85,000 records.
const MAX_QUOTES: usize = 2_000_000;
