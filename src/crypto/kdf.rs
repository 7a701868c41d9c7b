//! BLAKE3 as key derivation, pseudo-random function, MAC and digest.
//!
//! Inputs are joined with their lengths (`u32`, little-endian), so that no two lists of parts
//! give the same bytes.

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::crypto::labels::Label;
use crate::secret::Key;

/// Derives `N` secret bytes from secret parts: `derive_key` mode, extended output.
pub(crate) fn derive<const N: usize>(label: Label, parts: &[&[u8]]) -> Key<N> {
    let mut hasher = feed(blake3::Hasher::new_derive_key(label.0), None, parts);
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
    *feed(blake3::Hasher::new_derive_key(label.0), None, parts).finalize().as_bytes()
}

/// Compares without telling where two values differ.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn keyed(key: &Key, label: Label, parts: &[&[u8]]) -> blake3::Hasher {
    feed(blake3::Hasher::new_keyed(key.expose()), Some(label), parts)
}

/// Feeds label and parts with their lengths. Short inputs, nearly all, go in together: an update
/// costs as much as the hashing of ten bytes.
fn feed(mut hasher: blake3::Hasher, label: Option<Label>, parts: &[&[u8]]) -> blake3::Hasher {
    let label = label.map(|label| label.0.as_bytes());
    let mut short = Zeroizing::new([0; SHORT]);
    let mut used = 0;
    for part in label.iter().chain(parts) {
        let len = u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes();
        match short.get_mut(used..used + 4 + part.len()).and_then(<[u8]>::split_first_chunk_mut) {
            Some((head, tail)) => {
                *head = len;
                tail.copy_from_slice(part);
                used += 4 + part.len();
            }
            None => {
                hasher.update(short.get(..used).unwrap_or_default());
                hasher.update(&len).update(part);
                used = 0;
            }
        }
    }
    hasher.update(short.get(..used).unwrap_or_default());
    hasher
}

/// Longest input, lengths included, that is fed at once.
const SHORT: usize = 128;

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
