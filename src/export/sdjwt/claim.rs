//! A field that was disclosed.

use crate::export::sdjwt::ClaimValue;
use crate::redact::Mark;

/// A field that an export discloses.
#[derive(Clone, Debug)]
pub struct VerifiedClaim {
    pub(super) name: String,
    pub(super) value: ClaimValue,
    pub(super) changed: Option<Mark>,
}

impl VerifiedClaim {
    /// The field's name in the schema of whoever made the export.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value, or what stands for it.
    #[must_use]
    pub const fn value(&self) -> &ClaimValue {
        &self.value
    }

    /// Why it does not stand as it was; nothing if it does.
    #[must_use]
    pub const fn changed(&self) -> Option<Mark> {
        self.changed
    }
}
