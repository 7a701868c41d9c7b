//! Inclusion and consistency proofs of the log's tree (RFC 6962, 2.1.1 and 2.1.2).
//!
//! Which subtrees a proof needs, and whether one holds, is `ct-merkle`'s to say; ours is to hash
//! those subtrees from leaves that come one after the other and are never all in memory.

use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::Sha256;

use crate::crypto::merkle::Frontier;
use crate::error::{Error, ErrorKind, Result};

/// The hash of the leaf at an index.
pub(crate) type LeafAt<'a> = dyn FnMut(u64) -> Result<[u8; 32]> + 'a;

/// Largest tree that is proved or verified.
pub(crate) const MAX_SIZE: u64 = 1 << 56;

/// The path from a leaf to the root of the first `size` leaves. Reads each leaf at most once.
///
/// # Errors
///
/// `NotFound` if there is no such leaf; those of `leaf_at`.
pub(crate) fn inclusion(size: u64, index: u64, leaf_at: &mut LeafAt<'_>) -> Result<Vec<[u8; 32]>> {
    if index >= size || size > MAX_SIZE {
        return Err(Error::new(ErrorKind::NotFound, "the log has no such leaf"));
    }
    let nodes = ct_merkle::indices_for_inclusion_proof(size, index);
    nodes.into_iter().map(|node| subtree(node, size, leaf_at)).collect()
}

/// That the first `old` leaves are a prefix of the first `new` ones.
///
/// # Errors
///
/// `NotFound` unless 0 < old <= new; those of `leaf_at`.
pub(crate) fn consistency(old: u64, new: u64, leaf_at: &mut LeafAt<'_>) -> Result<Vec<[u8; 32]>> {
    let added = new.checked_sub(old).filter(|_| old > 0 && new <= MAX_SIZE);
    let added = added.ok_or_else(|| Error::new(ErrorKind::NotFound, "the log is not that long"))?;
    let nodes = ct_merkle::indices_for_consistency_proof(old, added);
    nodes.into_iter().map(|node| subtree(node, new, leaf_at)).collect()
}

/// Whether a leaf, as stored, is the one at an index of the tree of this size and root.
pub(crate) fn verify_inclusion(
    (size, root): (u64, &[u8; 32]),
    (index, leaf): (u64, &[u8]),
    path: &[[u8; 32]],
) -> Result<()> {
    let bad = || Error::new(ErrorKind::Tampered, "the log does not hold what is said of it");
    if size > MAX_SIZE {
        return Err(bad());
    }
    let root = RootHash::<Sha256>::new((*root).into(), size);
    let path = InclusionProof::try_from_bytes(path.concat()).map_err(|_| bad())?;
    root.verify_inclusion(&leaf, index, &path).map_err(|_| bad())
}

/// Whether the old tree is a prefix of the new one, by size and root.
pub(crate) fn verify_consistency(
    old: (u64, &[u8; 32]),
    new: (u64, &[u8; 32]),
    path: &[[u8; 32]],
) -> Result<()> {
    let bad = || Error::new(ErrorKind::RolledBack, "the newer log does not continue the older");
    if new.0 > MAX_SIZE {
        return Err(bad());
    }
    let root = |(size, root): (u64, &[u8; 32])| RootHash::<Sha256>::new((*root).into(), size);
    let path = ConsistencyProof::try_from_bytes(path.concat()).map_err(|_| bad())?;
    root(new).verify_consistency(&root(old), &path).map_err(|_| bad())
}

/// The hash of the subtree at a node. Nodes are numbered as in RFC 9420, appendix C: leaves are
/// even, and a node ends in as many ones as it is high.
fn subtree(node: u64, size: u64, leaf_at: &mut LeafAt<'_>) -> Result<[u8; 32]> {
    let below = (1_u64 << node.trailing_ones()) - 1;
    let first = (node - below) / 2;
    let last = ((node + below) / 2).min(size - 1);
    let mut edge = Frontier::default();
    for index in first..=last {
        edge.append(leaf_at(index)?);
    }
    Ok(edge.root())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::merkle::leaf_hash;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use data_encoding::HEXLOWER;

    /// The leaves of the reference implementation of RFC 6962, with roots and proofs that it
    /// publishes (`certificate-transparency`, `merkletree/merkle_tree_test.cc`).
    const LEAVES: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];

    fn leaves() -> Vec<Vec<u8>> {
        LEAVES.iter().map(|hex| HEXLOWER.decode(hex.as_bytes()).unwrap()).collect()
    }

    fn hash(hex: &str) -> [u8; 32] {
        HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
    }

    fn root(leaves: &[Vec<u8>]) -> [u8; 32] {
        let mut edge = Frontier::default();
        leaves.iter().for_each(|leaf| edge.append(leaf_hash(leaf)));
        edge.root()
    }

    #[test]
    fn roots_and_proofs_are_the_published_ones() {
        let leaves = leaves();
        let mut at = |index: u64| Ok(leaf_hash(&leaves[usize::try_from(index).unwrap()]));
        assert_eq!(
            root(&leaves[..1]),
            hash("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        );
        assert_eq!(
            root(&leaves),
            hash("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
        );
        let path = inclusion(8, 0, &mut at).unwrap();
        assert_eq!(
            path,
            [
                hash("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
                hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
                hash("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
            ]
        );
        let path = consistency(6, 8, &mut at).unwrap();
        assert_eq!(
            path,
            [
                hash("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
                hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
                hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            ]
        );
    }

    #[test]
    fn proofs_are_those_of_another_implementation_and_fail_for_another_tree() {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut leaves = Vec::new();
        for n in 0..40_u32 {
            leaves.push(n.to_le_bytes().to_vec());
            theirs.push(n.to_le_bytes().to_vec());
            let size = leaves.len() as u64;
            let now = (size, &root(&leaves));
            let mut at = |index: u64| Ok(leaf_hash(&leaves[usize::try_from(index).unwrap()]));
            for index in 0..size {
                let path = inclusion(size, index, &mut at).unwrap();
                let place = usize::try_from(index).unwrap();
                assert_eq!(path.concat(), theirs.prove_inclusion(place).as_bytes());
                verify_inclusion(now, (index, &leaves[place]), &path).unwrap();
                assert!(verify_inclusion(now, (index, b"another"), &path).is_err());
                assert!(
                    verify_inclusion((size, &[7; 32]), (index, &leaves[place]), &path).is_err()
                );
            }
            for old in 1..=size {
                let path = consistency(old, size, &mut at).unwrap();
                let before = root(&leaves[..usize::try_from(old).unwrap()]);
                verify_consistency((old, &before), now, &path).unwrap();
                assert!(verify_consistency((old, &[7; 32]), now, &path).is_err());
                if old < size {
                    let mut forked = leaves.clone();
                    forked[0] = b"forked".to_vec();
                    assert!(
                        verify_consistency((old, &before), (size, &root(&forked)), &path).is_err()
                    );
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_proved_is_an_error() {
        let mut none = |_: u64| Ok([0; 32]);
        assert!(inclusion(0, 0, &mut none).is_err());
        assert!(inclusion(3, 3, &mut none).is_err());
        assert!(consistency(0, 3, &mut none).is_err());
        assert!(consistency(4, 3, &mut none).is_err());
        assert!(consistency(u64::MAX, u64::MAX, &mut none).is_err());
        assert!(verify_inclusion((u64::MAX, &[0; 32]), (u64::MAX - 1, b""), &[]).is_err());
        assert!(verify_consistency((0, &[0; 32]), (u64::MAX, &[0; 32]), &[]).is_err());
        assert!(verify_consistency((0, &[0; 32]), (5, &[0; 32]), &[]).is_err());
    }
}
