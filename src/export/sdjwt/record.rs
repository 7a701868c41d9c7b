//! A record of an export that was verified.

use crate::export::sdjwt::VerifiedClaim;

/// A record of an export, with the fields that are disclosed.
#[derive(Clone, Debug)]
pub struct VerifiedRecord {
    pub(super) code: String,
    pub(super) record_type: String,
    pub(super) parent: Option<String>,
    pub(super) claims: Vec<VerifiedClaim>,
}

impl VerifiedRecord {
    /// Its code within the export, such as `R07`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The name of its type in the schema of whoever made the export.
    #[must_use]
    pub fn record_type(&self) -> &str {
        &self.record_type
    }

    /// The code of the record it stands under, if that is part of the export.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref()
    }

    /// The fields that are disclosed, by name.
    #[must_use]
    pub fn claims(&self) -> &[VerifiedClaim] {
        &self.claims
    }
}
