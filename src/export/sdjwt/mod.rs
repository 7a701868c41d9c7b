//! An export as an SD-JWT (RFC 9901): signed as a whole, and each value can be kept back.
//!
//! What is signed is a manifest and, for each record, the digests of its disclosures. A
//! disclosure is a salt, a name and a value; whoever holds the export may leave some out and
//! pass on the rest. A withheld field has no disclosure and no digest.
//!
//! One text for one content: every JSON object here is written in one way, and a reader refuses
//! what it would not have written itself. That leaves no room for a key that stands twice, for
//! padding, or for an entry that one reader sees and another does not.

mod claim;
mod claims;
mod disclosure;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod issue;
mod jws;
mod manifest;
mod record;
mod value;
mod verify;

#[cfg(test)]
mod tests;

pub use claim::VerifiedClaim;
pub(crate) use issue::issue;
pub use manifest::ExportManifest;
pub use record::VerifiedRecord;
pub use value::ClaimValue;
pub use verify::VerifiedExport;

use crate::error::{Error, ErrorKind};

/// Longest text, in bytes.
const MAX_TEXT: usize = 64 << 20;
/// Most disclosures.
const MAX_DISCLOSURES: usize = 200_000;

/// It cannot be read as an export.
const fn malformed(detail: &'static str) -> Error {
    Error::new(ErrorKind::BadInput, detail)
}

/// It can be read, and is not what was signed.
const fn tampered(detail: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, detail)
}

const fn too_long() -> Error {
    Error::new(ErrorKind::TooLong, "the export is longer than can be read")
}
