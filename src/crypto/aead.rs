//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 32-byte key, 24-byte random nonce, 16-byte tag.

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::crypto::{fill_random, random};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::{Key, SecretBytes};

pub(crate) const NONCE: usize = 24;
pub(crate) const TAG: usize = 16;
/// What [`seal`] adds to a plaintext.
pub(crate) const OVERHEAD: usize = NONCE + TAG;

/// Fresh nonces, drawn together: one call to the system for a whole record.
pub(crate) struct Nonces(std::vec::IntoIter<[u8; NONCE]>);

impl Nonces {
    pub(crate) fn draw(count: usize) -> Result<Self> {
        let mut nonces = vec![[0; NONCE]; count];
        fill_random(nonces.as_flattened_mut())?;
        Ok(Self(nonces.into_iter()))
    }

    /// The next one; falls back to the system when more are needed than were drawn.
    pub(crate) fn next(&mut self) -> Result<[u8; NONCE]> {
        self.0.next().map_or_else(random, Ok)
    }
}

/// Seals a buffer in place and returns the tag. A nonce must never repeat under a key.
pub(crate) fn seal_in_place(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    aad: &[u8],
    buffer: &mut [u8],
) -> Result<[u8; TAG]> {
    XChaCha20Poly1305::new(key.into())
        .encrypt_inout_detached(&XNonce::from(*nonce), aad, buffer.into())
        .map(Into::into)
        .map_err(|_| Error::new(ErrorKind::TooLong, "too long to seal"))
}

/// Opens a buffer in place. On failure the buffer holds ciphertext still.
pub(crate) fn open_in_place(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    tag: &[u8; TAG],
    aad: &[u8],
    buffer: &mut [u8],
) -> Result<()> {
    XChaCha20Poly1305::new(key.into())
        .decrypt_inout_detached(&XNonce::from(*nonce), aad, buffer.into(), &(*tag).into())
        .map_err(|_| Error::new(ErrorKind::Tampered, "sealed bytes do not open"))
}

/// Seals to `nonce || tag || ciphertext` under a fresh nonce.
pub(crate) fn seal(key: &Key, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = random()?;
    let mut out = Vec::with_capacity(OVERHEAD + plain.len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&[0; TAG]);
    out.extend_from_slice(plain);
    let (head, body) = out.split_at_mut(OVERHEAD);
    let tag = seal_in_place(key.expose(), &nonce, aad, body)?;
    head.iter_mut().skip(NONCE).zip(tag).for_each(|(to, from)| *to = from);
    Ok(out)
}

/// Opens what [`seal`] made.
pub(crate) fn open(key: &Key, aad: &[u8], sealed: &[u8]) -> Result<SecretBytes> {
    let short = || Error::new(ErrorKind::Tampered, "sealed bytes end early");
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or_else(short)?;
    let (tag, body) = rest.split_first_chunk::<TAG>().ok_or_else(short)?;
    let mut plain = SecretBytes::new(body.to_vec());
    open_in_place(key.expose(), nonce, tag, aad, &mut plain)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_place_and_bytes_open() {
        let key = Key::init_with(|k| k.fill(3));
        let sealed = seal(&key, b"here", b"plain").unwrap();
        assert_eq!(open(&key, b"here", &sealed).unwrap().as_slice(), b"plain");
        assert!(open(&key, b"there", &sealed).is_err());
        assert!(open(&Key::init_with(|k| k.fill(4)), b"here", &sealed).is_err());
        for i in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[i] ^= 1;
            assert!(open(&key, b"here", &bad).is_err());
            assert!(open(&key, b"here", &sealed[..i]).is_err());
        }
    }
}
