//! What somebody asks an export to be.

use std::collections::BTreeSet;
use std::fmt;

use crate::consent::{Obligation, RecipientRef};
use crate::language::Language;
use crate::redact::Narrowing;

/// Which profile, for what, to whom.
#[derive(Clone)]
pub struct ExportRequest {
    pub(super) profile: String,
    pub(super) purpose: String,
    pub(super) to: RecipientRef,
    pub(super) language: Language,
    pub(super) narrowing: Narrowing,
    pub(super) fulfilled: BTreeSet<Obligation>,
    pub(super) seed: Option<[u8; 32]>,
}

impl ExportRequest {
    /// An export by a profile of the schema, for a purpose of the policy, to a recipient.
    #[must_use]
    pub fn new(profile: &str, purpose: &str, to: &RecipientRef) -> Self {
        Self {
            profile: profile.to_owned(),
            purpose: purpose.to_owned(),
            to: to.clone(),
            language: Language::default(),
            narrowing: Narrowing::default(),
            fulfilled: BTreeSet::new(),
            seed: None,
        }
    }

    /// The language of its words; Spanish unless said.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Names a field (`record_type.field`) that a profile shows only when named.
    #[must_use]
    pub fn allow(mut self, field: &str) -> Self {
        self.narrowing.allow.insert(field.to_owned());
        self
    }

    /// Leaves a field (`record_type.field`) out, whatever else would let it leave.
    #[must_use]
    pub fn withhold(mut self, field: &str) -> Self {
        self.narrowing.withhold.insert(field.to_owned());
        self
    }

    /// Says that something which had to be done before was done; it goes into the receipt.
    #[must_use]
    pub fn fulfilled(mut self, obligation: Obligation) -> Self {
        self.fulfilled.insert(obligation);
        self
    }

    /// Whether something has to be done before an export: it is not made until somebody says
    /// that it was.
    #[must_use]
    pub const fn must_come_before(obligation: Obligation) -> bool {
        matches!(
            obligation,
            Obligation::ReviewEach | Obligation::NotifyFirst | Obligation::HumanReview
        )
    }

    /// Draws labels, order and salts from these bytes, so that the same export at the same
    /// moment has the same bytes.
    ///
    /// # Security
    ///
    /// For tests. Who knows the seed knows what each label stands for; a seed used twice makes
    /// two exports comparable.
    #[must_use]
    pub fn seed(mut self, seed: [u8; 32]) -> Self {
        self.seed = Some(seed);
        self
    }
}

impl fmt::Debug for ExportRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExportRequest({}, {})", self.profile, self.purpose)
    }
}
