//! Ed25519 (RFC 8032), verified strictly, over a label and the message.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::crypto::labels::Label;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Key;

pub(crate) const SIGNATURE: usize = 64;

/// A member's signing key; the crate wipes it on drop.
pub(crate) struct SignKey(SigningKey);

impl SignKey {
    pub(crate) fn from_seed(seed: &Key) -> Self {
        Self(SigningKey::from_bytes(seed.expose()))
    }

    pub(crate) fn seed(&self) -> Key {
        Key::init_with(|key| key.copy_from_slice(self.0.as_bytes()))
    }

    pub(crate) fn verify_key(&self) -> VerifyKey {
        VerifyKey(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, label: Label, message: &[u8]) -> [u8; SIGNATURE] {
        self.0.sign(&labelled(label, message)).to_bytes()
    }
}

impl fmt::Debug for SignKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignKey(..)")
    }
}

/// The public half, 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct VerifyKey(pub(crate) [u8; 32]);

impl VerifyKey {
    pub(crate) fn verify(
        &self,
        label: Label,
        message: &[u8],
        signature: &[u8; SIGNATURE],
    ) -> Result<()> {
        let bad = || Error::new(ErrorKind::Tampered, "a signature does not verify");
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| bad())?;
        key.verify_strict(&labelled(label, message), &Signature::from_bytes(signature))
            .map_err(|_| bad())
    }
}

fn labelled(label: Label, message: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + label.0.len() + message.len());
    bytes.extend_from_slice(&u32::try_from(label.0.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend_from_slice(label.0.as_bytes());
    bytes.extend_from_slice(message);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::labels;

    #[test]
    fn a_signature_holds_for_one_label_message_and_key() {
        let key = SignKey::from_seed(&Key::init_with(|k| k.fill(5)));
        let signature = key.sign(labels::CAPSULE, b"m");
        key.verify_key().verify(labels::CAPSULE, b"m", &signature).unwrap();
        assert!(key.verify_key().verify(labels::ROSTER_SIGNATURE, b"m", &signature).is_err());
        assert!(key.verify_key().verify(labels::CAPSULE, b"n", &signature).is_err());
        let other = SignKey::from_seed(&Key::init_with(|k| k.fill(6))).verify_key();
        assert!(other.verify(labels::CAPSULE, b"m", &signature).is_err());
    }
}
