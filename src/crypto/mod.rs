//! Ciphers, hashes, signatures and sealed files. The only folder that names an algorithm.
//!
//! One KDF, PRF and MAC (BLAKE3), one AEAD (XChaCha20-Poly1305), one signature (Ed25519), one
//! sealed file (age). SHA-256 appears where a standard asks for it.

pub(crate) mod aead;
pub(crate) mod envelope;
pub(crate) mod kdf;
pub(crate) mod labels;
pub(crate) mod merkle;
pub(crate) mod sign;

use crate::error::{Error, ErrorKind, Result};

/// The suite of everything stored: the algorithms named in this folder.
pub(crate) const SUITE: u8 = 1;

/// Fresh bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|_| Error::new(ErrorKind::NoRandomness, "the system gave no random bytes"))
}
