//! Ciphers, hashes, signatures and sealed files. The only folder that names an algorithm.
//!
//! One KDF, PRF and MAC (BLAKE3), one AEAD (XChaCha20-Poly1305), one signature (Ed25519), one
//! sealed file (age). SHA-256 appears where a standard asks for it.

pub(crate) mod aead;
pub(crate) mod envelope;
pub(crate) mod kdf;
pub(crate) mod labels;
pub(crate) mod merkle;
pub(crate) mod padme;
pub(crate) mod proof;
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

/// SHA-256 of bytes in memory.
pub(crate) fn sha256_of(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).into()
}

/// SHA-256 of all that a reader gives: how the world outside names a file.
pub(crate) fn sha256(mut reader: impl std::io::Read) -> Result<[u8; 32]> {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = zeroize::Zeroizing::new(vec![0; 64 << 10]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finalize().into()),
            Ok(read) => hasher.update(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io(error)),
        }
    }
}

/// Fresh bytes for a writer that needs many small ones: one call to the system for 64 of them.
/// Not for keys: what is drawn and not taken yet is not wiped.
#[derive(Default)]
pub(crate) struct Draw<const N: usize>(Vec<[u8; N]>);

impl<const N: usize> Draw<N> {
    pub(crate) fn next(&mut self) -> Result<[u8; N]> {
        if let Some(drawn) = self.0.pop() {
            return Ok(drawn);
        }
        self.0.resize(64, [0; N]);
        fill_random(self.0.as_flattened_mut()).inspect_err(|_| self.0.clear())?;
        self.0.pop().map_or_else(random, Ok)
    }
}
