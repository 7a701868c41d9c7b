//! Who holds which key: identities, the roster's grants, the key tree, the anchor, the capsule.
//!
//! Two gates, both needed. A compartment key (CK) is *access*: a role holds some and not others.
//! A section key (SK), a leaf of the key tree, is *existence*: destroy it and nobody reads the
//! section again. The tree hangs from a root key that needs CK\[vault\] and the anchor.

pub(crate) mod anchor;
pub(crate) mod capsule;
pub(crate) mod card;
pub(crate) mod durable;
pub(crate) mod head;
pub(crate) mod identity;
pub(crate) mod passphrase;
pub(crate) mod pin;
pub(crate) mod ring;
pub(crate) mod roster;
pub(crate) mod tree;

use std::fmt;

use data_encoding::BASE32_NOPAD;

use crate::crypto::sign::VerifyKey;
use crate::crypto::{kdf, labels};
use crate::id::VaultId;

/// Names a vault for people to compare: its id and the key of its first administrator.
///
/// Written as eight groups of four letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint([u8; 20]);

impl Fingerprint {
    pub(crate) fn new(vault: &VaultId, first_administrator: &VerifyKey) -> Self {
        let hash = kdf::digest(labels::FINGERPRINT, &[vault.as_bytes(), &first_administrator.0]);
        let mut short = [0; 20];
        short.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Self(short)
    }

    pub(crate) const fn from_bytes(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Whether a person's spelling (any case, spaces or dashes) is this fingerprint.
    #[must_use]
    pub fn matches(&self, spelling: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|c| c.to_ascii_uppercase())
                .collect()
        };
        kdf::equal(plain(spelling).as_bytes(), plain(&self.to_string()).as_bytes())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, letter) in BASE32_NOPAD.encode(&self.0).chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}
