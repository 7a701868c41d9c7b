//! BLAKE3 as key derivation, pseudo-random function, MAC and digest.
//!
//! Inputs are joined with their lengths (`u32`, little-endian), so that no two lists of parts
//! give the same bytes.

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::crypto::labels::Label;
use crate::secret::Key;

/// Derives `N` secret bytes from secret parts: `derive_key` mode, extended output.
pub(crate) fn derive<const N: usize>(label: Label, parts: &[&[u8]]) -> Key<N> {
    let mut hasher = blake3::Hasher::new_derive_key(label.0);
    feed(&mut hasher, parts);
    let key = Key::init_with(|key| hasher.finalize_xof().fill(key));
    // Its buffer still holds the secret parts.
    hasher.zeroize();
    key
}

/// A pseudo-random function of a key: keyed mode, extended output.
pub(crate) fn prf<const N: usize>(key: &Key, label: Label, parts: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    keyed(key, label, parts).finalize_xof().fill(&mut out);
    out
}

/// A key that is a pseudo-random function of another.
pub(crate) fn prf_key(key: &Key, label: Label, parts: &[&[u8]]) -> Key {
    let mut reader = keyed(key, label, parts).finalize_xof();
    Key::init_with(|out| reader.fill(out))
}

/// An unkeyed digest.
pub(crate) fn digest(label: Label, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(label.0);
    feed(&mut hasher, parts);
    *hasher.finalize().as_bytes()
}

/// Compares without telling where two values differ.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn keyed(key: &Key, label: Label, parts: &[&[u8]]) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new_keyed(key.expose());
    feed(&mut hasher, &[label.0.as_bytes()]);
    feed(&mut hasher, parts);
    hasher
}

fn feed(hasher: &mut blake3::Hasher, parts: &[&[u8]]) {
    for part in parts {
        let len = u32::try_from(part.len()).unwrap_or(u32::MAX);
        hasher.update(&len.to_le_bytes());
        hasher.update(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::labels;

    #[test]
    fn moving_a_byte_between_parts_changes_the_result() {
        let key = Key::init_with(|k| k.fill(1));
        let a: [u8; 32] = prf(&key, labels::WORD, &[b"ab", b"c"]);
        let b: [u8; 32] = prf(&key, labels::WORD, &[b"a", b"bc"]);
        let c: [u8; 32] = prf(&key, labels::POSTING, &[b"ab", b"c"]);
        assert!(a != b && a != c);
        let d: Key = derive(labels::ROOT, &[b"ab", b"c"]);
        assert!(d != derive(labels::ROOT, &[b"a", b"bc"]));
    }
}
