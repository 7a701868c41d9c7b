//! What a member signs about an attached file: that it came, and each hand-over.
//!
//! A statement names the place of its leaf in the log and the root before it; the leaf holds the
//! statement's digest in clear. So whoever trusts a checkpoint of the log knows that the
//! statement was made before it and not later, and by whom, without a key of the vault.

use serde::{Deserialize, Serialize};

use crate::consent::Digest;
use crate::crypto::sign::{SignKey, VerifyKey};
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::secret::SecretText;
use crate::time::Timestamp;
use crate::vault::signature::{PublicKey, Salt, Signature};

/// What was said, by whom, and where it stands.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    /// Random, so that the digest in the log tells nothing to whoever guesses.
    pub(super) salt: Salt,
    /// Of the vault.
    pub(super) fingerprint: String,
    /// Index of its leaf.
    pub(super) leaf: u64,
    /// Root of the log before that leaf.
    pub(super) log_root: Digest,
    /// When it was signed.
    pub(super) at: Timestamp,
    pub(super) by: MemberId,
    /// The member's name in the roster.
    pub(super) name: String,
    /// The member's signing key.
    pub(super) key: PublicKey,
    /// Digest of the statement before, zeros for the first.
    pub(super) previous: Digest,
    pub(super) about: About,
}

/// What it is about.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum About {
    /// A file came.
    Attached(Facts),
    /// It changed hands.
    HandedOver(HandOver),
}

/// What a file is.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    pub(super) kind: String,
    /// As its first bytes tell, whatever it is called.
    pub(super) media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) bytes: u64,
    pub(super) sha256: Digest,
    pub(super) blake3: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) collected_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) collected_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) collected_where: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// A file changed hands.
///
/// ```
/// let link = amparo::HandOver::new("Fiscalía de Familia").why("requerimiento");
/// assert_eq!(format!("{link:?}"), "HandOver(..)");
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    pub(super) from: String,
    pub(super) to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
}

impl HandOver {
    /// To somebody, from whoever records it.
    #[must_use]
    pub fn new(to: impl Into<String>) -> Self {
        Self { from: String::new(), to: to.into(), when: None, why: None }
    }

    /// From somebody else than whoever records it.
    #[must_use]
    pub fn from(mut self, from: impl Into<String>) -> Self {
        self.from = from.into();
        self
    }

    /// When it happened, if that was not when it is recorded.
    #[must_use]
    pub const fn when(mut self, when: Timestamp) -> Self {
        self.when = Some(when);
        self
    }

    /// For what.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.to.trim().is_empty() {
            return Err(Error::new(ErrorKind::Required, "a hand-over is to somebody"));
        }
        short([Some(&self.from), Some(&self.to), self.why.as_ref()])
    }
}

impl std::fmt::Debug for HandOver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HandOver(..)")
    }
}

/// What people say about a file is bounded.
pub(super) fn short<const N: usize>(texts: [Option<&String>; N]) -> Result<()> {
    if texts.into_iter().flatten().all(|text| text.len() <= MAX_TEXT) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLong, "what is said of a file has at most 2,048 bytes each"))
}

const MAX_TEXT: usize = 2048;

/// A statement and its signature, as it is kept and as it leaves.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    pub(super) statement: Statement,
    pub(super) signature: Signature,
}

impl Link {
    pub(super) fn sign(statement: Statement, key: &SignKey) -> Result<Self> {
        let signature = key.sign(labels::CUSTODY_SIGNATURE, text_of(&statement)?.as_bytes());
        Ok(Self { statement, signature: Signature(signature) })
    }

    /// The signature is of the key that the statement names. Whose key that is, the roster says
    /// to a member, and to others whoever they ask.
    pub(super) fn verify(&self) -> Result<()> {
        let text = text_of(&self.statement)?;
        let key = VerifyKey(self.statement.key.0);
        key.verify(labels::CUSTODY_SIGNATURE, text.as_bytes(), &self.signature.0)
    }

    /// What the next link and the leaf name it by.
    pub(super) fn digest(&self) -> Result<Digest> {
        let text = text_of(&self.statement)?;
        Ok(Digest(kdf::digest(labels::CUSTODY_DIGEST, &[text.as_bytes(), &self.signature.0])))
    }

    pub(super) fn to_text(&self) -> Result<SecretText> {
        serde_json::to_string(self).map(SecretText::from).map_err(|_| unwritten())
    }

    pub(super) fn from_text(text: &str) -> Result<Self> {
        // The parser's message may quote what it read: dropped.
        serde_json::from_str(text)
            .map_err(|_| Error::new(ErrorKind::Tampered, "an entry of a file cannot be read"))
    }
}

/// The bytes that are signed: compact JSON, keys in the order of the type.
fn text_of(statement: &Statement) -> Result<zeroize::Zeroizing<String>> {
    serde_json::to_string(statement).map(zeroize::Zeroizing::new).map_err(|_| unwritten())
}

fn unwritten() -> Error {
    Error::new(ErrorKind::Internal, "a statement about a file did not encode")
}
