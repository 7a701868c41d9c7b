//! What an export says of itself, and can be read by all.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::Digest;
use crate::redact::Mark;
use crate::time::Timestamp;

/// What an export says of itself: never concealed, and signed with the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportManifest {
    /// Drawn for this export alone.
    pub export: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Name of the profile.
    pub profile: String,
    /// Code of the purpose.
    pub purpose: String,
    /// The version of the policy by which it was decided.
    pub policy_version: u32,
    /// Every field of which something was shown when it was made, such as `R07.sex`.
    pub shown: BTreeSet<String>,
    /// How many of these do not stand as they were, by mark.
    pub changed: BTreeMap<Mark, u64>,
    /// How many fields were withheld, by mark. Which ones is not said.
    pub withheld: BTreeMap<Mark, u64>,
    /// The other files of the export, and their digests.
    pub files: BTreeMap<String, Digest>,
}
