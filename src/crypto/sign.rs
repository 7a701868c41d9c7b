//! Ed25519 (RFC 8032), verified strictly, over a label and the message.
//!
//! Two messages have no label, because a standard lays them down: the signing input of a JWS (RFC
//! 7515 section 5.1) and the text of a checkpoint (C2SP signed-note). None of the three can be
//! taken for another. A labelled message begins with the label's length, of whose four bytes the
//! last three are zero; a signing input has letters, digits, `-`, `_` and dots, begins with `ey`;
//! a checkpoint begins with `amparo/`, and neither holds a zero. Nothing else is signed or
//! verified as one.

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

    /// Signs the signing input of a JWS (EdDSA, RFC 8037).
    pub(crate) fn sign_jws(&self, input: &[u8]) -> Result<[u8; SIGNATURE]> {
        if is_signing_input(input) {
            Ok(self.0.sign(input).to_bytes())
        } else {
            Err(Error::new(ErrorKind::Internal, "not the signing input of a JWS"))
        }
    }

    /// Signs the text of a checkpoint (C2SP signed-note, type 1).
    pub(crate) fn sign_note(&self, text: &str) -> Result<[u8; SIGNATURE]> {
        if is_checkpoint(text) {
            Ok(self.0.sign(text.as_bytes()).to_bytes())
        } else {
            Err(Error::new(ErrorKind::Internal, "not the text of a checkpoint"))
        }
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
        self.verify_raw(&labelled(label, message), signature)
    }

    /// Verifies a signature by [`SignKey::sign_jws`].
    pub(crate) fn verify_jws(&self, input: &[u8], signature: &[u8; SIGNATURE]) -> Result<()> {
        if is_signing_input(input) { self.verify_raw(input, signature) } else { Err(bad()) }
    }

    /// Verifies a signature by [`SignKey::sign_note`].
    pub(crate) fn verify_note(&self, text: &str, signature: &[u8; SIGNATURE]) -> Result<()> {
        if is_checkpoint(text) { self.verify_raw(text.as_bytes(), signature) } else { Err(bad()) }
    }

    fn verify_raw(&self, message: &[u8], signature: &[u8; SIGNATURE]) -> Result<()> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| bad())?;
        key.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| bad())
    }
}

const fn bad() -> Error {
    Error::new(ErrorKind::Tampered, "a signature does not verify")
}

/// Whether the bytes are two stretches of base64url with a dot between, of which the first is
/// the start of a JSON object.
fn is_signing_input(bytes: &[u8]) -> bool {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    bytes.starts_with(b"ey")
        && bytes.iter().all(plain)
        && bytes.iter().filter(|b| **b == b'.').count() == 1
}

/// Whether the text begins as the origin of one of our checkpoints does, and is one or more whole
/// lines.
fn is_checkpoint(text: &str) -> bool {
    text.starts_with("amparo/")
        && text.ends_with('\n')
        && text.chars().all(|c| c == '\n' || !c.is_control())
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

    /// The first test vector of RFC 8037, appendix A.4, made with the key of appendix A.1.
    #[test]
    fn a_jws_is_signed_as_rfc_8037_does() {
        let base64 = |text: &str| data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
        let seed = base64("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        let key = SignKey::from_seed(&Key::from_slice(&seed).unwrap());
        let x = base64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.verify_key().0[..], x);
        let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = key.sign_jws(input).unwrap();
        let expected = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(signature[..], base64(expected));
        key.verify_key().verify_jws(input, &signature).unwrap();
    }

    /// The note of the Go project's own tests (`golang.org/x/mod/sumdb/note`).
    #[test]
    fn a_note_is_signed_as_others_do() {
        let decode = |text: &str| data_encoding::BASE64.decode(text.as_bytes()).unwrap();
        let key = decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        let key = VerifyKey(key[1..].try_into().unwrap());
        let signature = decode(
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
        );
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        key.verify_raw(text.as_bytes(), signature[4..].try_into().unwrap()).unwrap();
        assert!(key.verify_note(text, signature[4..].try_into().unwrap()).is_err());
    }

    #[test]
    fn no_signature_holds_with_and_without_a_label() {
        let key = SignKey::from_seed(&Key::init_with(|k| k.fill(5)));
        let note = "amparo/00\n3\nroot\n";
        let signature = key.sign_note(note).unwrap();
        key.verify_key().verify_note(note, &signature).unwrap();
        assert!(key.verify_key().verify_jws(note.as_bytes(), &signature).is_err());
        assert!(key.verify_key().verify(labels::CAPSULE, note.as_bytes(), &signature).is_err());
        let labelled_note = labelled(labels::CAPSULE, note.as_bytes());
        for other in ["", "amparo/", "eyJ9.e30", "amparo/\0\n", "other/00\n"] {
            assert!(key.sign_note(other).is_err());
        }
        assert!(std::str::from_utf8(&labelled_note).is_ok_and(|text| key.sign_note(text).is_err()));
        let input = b"eyJ9.e30";
        let raw = key.sign_jws(input).unwrap();
        assert!(key.verify_key().verify(labels::CAPSULE, input, &raw).is_err());
        let under_label = labelled(labels::CAPSULE, input);
        assert!(key.sign_jws(&under_label).is_err());
        let signature = key.sign(labels::CAPSULE, input);
        assert!(key.verify_key().verify_jws(input, &signature).is_err());
        assert!(key.verify_key().verify_jws(&under_label, &signature).is_err());
        for other in [&b""[..], b"eyJ9", b"eyJ9.e30.", b"e30.e30\0", b"abc.e30"] {
            assert!(key.sign_jws(other).is_err());
        }
    }
}
