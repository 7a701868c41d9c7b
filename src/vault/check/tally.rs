//! Multisets compared without being held: what must be there is added, what is there is taken
//! away, and of equal ones nothing is left.
//!
//! A member counts as a PRF under a key that is drawn for one check, summed modulo 2^128: who
//! writes the store does not know the key, and can make no two sums equal. The buckets say in
//! which 256th part to look for a difference.

use crate::codec::{Reader, Writer};
use crate::crypto::{kdf, labels};
use crate::error::Result;
use crate::secret::Key;

/// Parts into which each multiset is parted.
const BUCKETS: usize = 256;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Rows of the index: those that records list, and those that are there.
    Postings,
    /// Rows of older revisions, likewise.
    History,
    /// A word of a record: that the record has it, and that the word leads there.
    Words,
}

const KINDS: usize = 3;

/// Sums by kind and bucket.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Tally(Vec<u128>);

impl Default for Tally {
    fn default() -> Self {
        Self(vec![0; KINDS * BUCKETS])
    }
}

impl Tally {
    /// Bytes of [`Self::write`].
    pub(super) const LEN: usize = KINDS * BUCKETS * 16;

    /// A member that must be there.
    pub(super) fn expect(&mut self, key: &Key, of: Of, member: &[&[u8]]) {
        let print = fingerprint(key, of, member);
        self.change(of, member, |sum| sum.wrapping_add(print));
    }

    /// A member that is there.
    pub(super) fn find(&mut self, key: &Key, of: Of, member: &[&[u8]]) {
        let print = fingerprint(key, of, member);
        self.change(of, member, |sum| sum.wrapping_sub(print));
    }

    /// Adds what another has counted.
    pub(super) fn join(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, more)| *sum = sum.wrapping_add(*more));
    }

    /// The buckets in which what is there is not what must be.
    pub(super) fn differing(&self, of: Of) -> Vec<u8> {
        let sums = self.0.iter().skip(of as usize * BUCKETS);
        let differ = (0..=u8::MAX).zip(sums).filter(|(_, sum)| **sum != 0);
        differ.map(|(bucket, _)| bucket).collect()
    }

    pub(super) fn write(&self, out: &mut Writer) {
        self.0.iter().for_each(|sum| {
            out.raw(&sum.to_le_bytes());
        });
    }

    pub(super) fn read(input: &mut Reader<'_>) -> Result<Self> {
        let sum = |_| input.array().map(u128::from_le_bytes);
        (0..KINDS * BUCKETS).map(sum).collect::<Result<_>>().map(Self)
    }

    fn change(&mut self, of: Of, member: &[&[u8]], change: impl FnOnce(u128) -> u128) {
        let bucket = member.first().map_or(0, |first| bucket(first));
        if let Some(sum) = self.0.get_mut(of as usize * BUCKETS + usize::from(bucket)) {
            *sum = change(*sum);
        }
    }
}

/// The bucket of a member, by its first part: the output of a PRF, evenly spread.
pub(super) fn bucket(first: &[u8]) -> u8 {
    first.first().copied().unwrap_or_default()
}

fn fingerprint(key: &Key, of: Of, member: &[&[u8]]) -> u128 {
    let [first, second] = [0, 1].map(|at| member.get(at).copied().unwrap_or_default());
    u128::from_le_bytes(kdf::prf(key, labels::CHECK_MEMBER, &[&[of as u8], first, second]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::tree::fresh_key;

    #[test]
    fn equal_multisets_leave_nothing_in_any_order_and_others_are_found_in_their_bucket() {
        let key = fresh_key().unwrap();
        let members: Vec<[u8; 2]> = (0..1_000_u32).map(|n| [(n % 256) as u8, 7]).collect();
        let (mut one, mut other) = (Tally::default(), Tally::default());
        members.iter().for_each(|member| one.expect(&key, Of::Words, &[member]));
        members.iter().rev().for_each(|member| other.find(&key, Of::Words, &[member]));
        one.join(&other);
        assert_eq!(one.differing(Of::Words), [0_u8; 0]);
        // Twice is not once, and one kind is not another.
        one.find(&key, Of::Words, &[&members[3]]);
        one.expect(&key, Of::History, &[&members[3]]);
        assert_eq!((one.differing(Of::Words), one.differing(Of::Postings)), (vec![3], vec![]));
        one.find(&key, Of::History, &[&members[4]]);
        assert_eq!(one.differing(Of::History), [3, 4]);
        let mut out = Writer::new();
        one.write(&mut out);
        assert_eq!(out.len(), Tally::LEN);
        assert!(Tally::read(&mut Reader::new(out.as_slice())).unwrap() == one);
    }
}
