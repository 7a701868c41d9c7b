//! BLAKE3 as key derivation, pseudo-random function, MAC and digest.
//!
//! Inputs are joined with their lengths (`u32`, little-endian), so that no two lists of parts
//! give the same bytes.

use blake3::Hasher;
use blake3::hazmat::HasherExt as _;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, optimization_barrier};

use crate::crypto::labels::Label;
use crate::secret::Key;

/// Derives `N` secret bytes from secret parts: `derive_key` mode, extended output.
pub(crate) fn derive<const N: usize>(label: Label, parts: &[&[u8]]) -> Key<N> {
    Key::init_with(|key| derive_into(label, parts, key))
}

/// As [`derive`], into a buffer of the caller's.
pub(crate) fn derive_into(label: Label, parts: &[&[u8]], out: &mut [u8]) {
    let mut hasher = Hasher::new_from_context_key(&label.context());
    let mut short = [0; SHORT];
    if let Some(used) = gather(None, parts, &mut short) {
        hasher.update(short.get(..used).unwrap_or_default());
        short.get_mut(..used).unwrap_or_default().zeroize();
        squeeze(&hasher, out);
        // One chunk: what it keeps stands in its block, which a reset fills with zeros. To wipe
        // the stack of chunks, 1.7 kB that were never written, takes as long as the hashing.
        hasher.reset();
        optimization_barrier(&hasher);
    } else {
        short.zeroize();
        feed(&mut hasher, parts);
        squeeze(&hasher, out);
        hasher.zeroize();
    }
}

/// Fills `out`, and wipes what the reader keeps of the last block of the input.
fn squeeze(hasher: &Hasher, out: &mut [u8]) {
    let mut reader = hasher.finalize_xof();
    reader.fill(out);
    reader.zeroize();
}

/// A pseudo-random function of a key: keyed mode, extended output.
pub(crate) fn prf<const N: usize>(key: &Key, label: Label, parts: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    prf_into(key.expose(), label, parts, &mut out);
    out
}

/// A key that is a pseudo-random function of another.
pub(crate) fn prf_key(key: &Key, label: Label, parts: &[&[u8]]) -> Key {
    Key::init_with(|out| prf_into(key.expose(), label, parts, out))
}

/// As [`prf`], into a buffer of the caller's.
pub(crate) fn prf_into(key: &[u8; 32], label: Label, parts: &[&[u8]], out: &mut [u8]) {
    let mut hasher = Hasher::new_keyed(key);
    // Most inputs are short and public but for a word or two; they go in at once, since an
    // update costs as much as hashing ten bytes does.
    let mut short = [0; SHORT];
    if let Some(used) = gather(Some(label), parts, &mut short) {
        hasher.update(short.get(..used).unwrap_or_default());
        short.get_mut(..used).unwrap_or_default().zeroize();
    } else {
        short.zeroize();
        feed(&mut hasher, &[label.0.as_bytes()]);
        feed(&mut hasher, parts);
    }
    hasher.finalize_xof().fill(out);
}

/// An unkeyed digest.
pub(crate) fn digest(label: Label, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::new_from_context_key(&label.context());
    feed(&mut hasher, parts);
    *hasher.finalize().as_bytes()
}

/// Compares without telling where two values differ.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn feed(hasher: &mut Hasher, parts: &[&[u8]]) {
    for part in parts {
        hasher.update(&prefix(part));
        hasher.update(part);
    }
}

/// Label and parts with their lengths, if they fit.
fn gather(label: Option<Label>, parts: &[&[u8]], buffer: &mut [u8; SHORT]) -> Option<usize> {
    let mut used = 0;
    let label = label.as_ref().map(|label| label.0.as_bytes());
    for part in label.iter().chain(parts) {
        let end = used + 4 + part.len();
        let (head, tail) = buffer.get_mut(used..end)?.split_first_chunk_mut()?;
        *head = prefix(part);
        tail.copy_from_slice(part);
        used = end;
    }
    Some(used)
}

fn prefix(part: &[u8]) -> [u8; 4] {
    u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes()
}

/// Longest input, lengths included, that is fed at once: two blocks.
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

    #[test]
    fn long_and_short_inputs_are_hashed_alike() {
        let key = Key::init_with(|k| k.fill(1));
        let part = [7; 200];
        for len in [0, 60, 64, 119, 120, 121, 124, 125, 200] {
            let (context, part) = (labels::SECTION.0, &part[..len]);
            let framed = [&u32::try_from(len).unwrap().to_le_bytes()[..], part].concat();
            let expected = blake3::derive_key(context, &framed);
            assert_eq!(derive::<32>(labels::SECTION, &[part]).expose(), &expected);
            assert_eq!(digest(labels::SECTION, &[part]), expected);
        }
        for len in [0, 1, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 300]
        {
            let part = vec![7; len];
            let mut whole = Vec::new();
            for part in [labels::WORD.0.as_bytes(), &part] {
                whole.extend_from_slice(&u32::try_from(part.len()).unwrap().to_le_bytes());
                whole.extend_from_slice(part);
            }
            let expected = blake3::keyed_hash(key.expose(), &whole);
            assert_eq!(&prf::<32>(&key, labels::WORD, &[&part]), expected.as_bytes());
        }
    }
}
