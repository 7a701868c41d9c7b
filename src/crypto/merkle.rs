//! The right edge of an RFC 6962 tree: enough to append a leaf and give the root, in O(log n).

use sha2::{Digest, Sha256};

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};

/// Sizes and hashes of the complete subtrees, from the largest.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Frontier {
    size: u64,
    peaks: Vec<[u8; 32]>,
}

impl Frontier {
    /// Leaves so far.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of a leaf (see [`leaf_hash`]).
    pub(crate) fn append(&mut self, leaf: [u8; 32]) {
        let mut hash = leaf;
        let mut bits = self.size;
        while bits & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            bits >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The Merkle tree hash (RFC 6962, 2.1); of nothing it is the hash of the empty string.
    pub(crate) fn root(&self) -> [u8; 32] {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Sha256::digest(b"").into() };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.u64(self.size);
        for peak in &self.peaks {
            out.raw(peak);
        }
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Self> {
        let size = input.u64()?;
        let mut peaks = Vec::new();
        for _ in 0..size.count_ones() {
            peaks.push(input.array()?);
        }
        if size > 1 << 56 {
            return Err(Error::new(ErrorKind::Tampered, "the log is too long"));
        }
        Ok(Self { size, peaks })
    }
}

/// Hash of a leaf's stored bytes (RFC 6962, 2.1: prefix 0x00).
pub(crate) fn leaf_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn the_root_is_that_of_another_implementation() {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut ours = Frontier::default();
        for n in 0..200_u32 {
            let leaf = n.to_le_bytes().to_vec();
            ours.append(leaf_hash(&leaf));
            theirs.push(leaf);
            assert_eq!(ours.root().as_slice(), theirs.root().as_bytes().as_slice(), "{n}");
            let mut out = Writer::new();
            ours.write(&mut out);
            assert_eq!(Frontier::read(&mut Reader::new(out.as_slice())).unwrap(), ours);
        }
    }
}
