//! Splitting 32 bytes k-of-n over GF(256), each byte with a polynomial of its own.
//!
//! What k - 1 people hold is consistent with every secret, equally. Nothing here notices a wrong
//! share: it recombines to a wrong secret. Noticing is the business of whoever calls.

use std::convert::Infallible;

use rand_core::{CryptoRng, TryCryptoRng, TryRng};
use vsss_rs::{DefaultShare, Gf256, IdentifierGf256, Polynomial};
use zeroize::Zeroizing;

use crate::crypto::fill_random;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::{Key, SecretBytes};

/// Fewest custodians that can be asked to come together: one alone is no quorum.
pub(crate) const MIN_QUORUM: u8 = 2;
/// Most custodians. All k-subsets of nine, 126 at most, are tried at a ceremony.
pub(crate) const MAX_CUSTODIANS: u8 = 9;

type Coefficient = DefaultShare<IdentifierGf256, IdentifierGf256>;

/// Refuses what is not 2 <= k <= n <= 9.
pub(crate) fn check_bounds(quorum: u8, custodians: u8) -> Result<()> {
    if quorum >= MIN_QUORUM && quorum <= custodians && custodians <= MAX_CUSTODIANS {
        Ok(())
    } else {
        Err(Error::new(
            ErrorKind::BadParameters,
            "a quorum is of at least 2, of at most as many as there are custodians, and of these there are at most 9",
        ))
    }
}

/// Splits a secret into values for the indices 1 to n, of which any k give it back.
pub(crate) fn split(secret: &Key, quorum: u8, custodians: u8) -> Result<Vec<Key>> {
    let mut drawn = Drawn::new(usize::from(quorum))?;
    let values = split_with(secret, quorum, custodians, &mut drawn)?;
    if drawn.ran_out {
        return Err(Error::new(ErrorKind::Internal, "a split took more random bytes than drawn"));
    }
    Ok(values)
}

/// As [`split`], with the caller's randomness.
pub(super) fn split_with(
    secret: &Key,
    quorum: u8,
    custodians: u8,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Key>> {
    check_bounds(quorum, custodians)?;
    let failed = |_| Error::new(ErrorKind::Internal, "a secret did not split");
    let threshold = usize::from(quorum);
    // Ours, not the crate's `split_bytes`, which leaves its last polynomial in freed memory.
    let mut polynomial = Zeroizing::new(vec![Coefficient::default(); threshold]);
    let mut values: Vec<Key> = (0..custodians).map(|_| Key::init_with(|_| ())).collect();
    for (at, byte) in secret.expose().iter().enumerate() {
        let intercept = IdentifierGf256(Gf256(*byte));
        polynomial.fill(&intercept, &mut *rng, threshold).map_err(failed)?;
        for (index, value) in (1..).zip(&mut values) {
            let here = polynomial.evaluate(&IdentifierGf256(Gf256(index)), threshold);
            if let Some(to) = value.expose_mut().get_mut(at) {
                *to = here.0.0;
            }
        }
    }
    Ok(values)
}

/// Recombines values with their indices. Gives a wrong secret for a wrong value.
pub(crate) fn combine(points: &[(u8, &Key)]) -> Result<Key> {
    let failed = || Error::new(ErrorKind::Internal, "shares did not recombine");
    let row = |(index, value): &(u8, &Key)| {
        let mut row = Vec::with_capacity(33);
        row.push(*index);
        row.extend_from_slice(value.expose());
        row
    };
    let rows: Zeroizing<Vec<Vec<u8>>> = Zeroizing::new(points.iter().map(row).collect());
    let secret = Gf256::combine_bytes(rows.as_slice()).map_err(|_| failed())?;
    Key::from_slice(&SecretBytes::new(secret)).ok_or_else(failed)
}

/// Every way to take `count` of `items`, in order.
pub(super) fn subsets<T: Copy>(items: &[T], count: usize) -> Vec<Vec<T>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let Some((first, rest)) = items.split_first().filter(|_| count <= items.len()) else {
        return Vec::new();
    };
    let with_first = subsets(rest, count - 1).into_iter().map(|tail| [&[*first], &*tail].concat());
    with_first.chain(subsets(rest, count)).collect()
}

/// The random bytes of one split, drawn before it begins: the trait has no way to fail, and the
/// system's generator has.
struct Drawn {
    bytes: SecretBytes,
    at: usize,
    ran_out: bool,
}

impl Drawn {
    /// A word for each coefficient but the first, of each byte.
    fn new(quorum: usize) -> Result<Self> {
        let mut bytes = SecretBytes::new(vec![0; quorum * 32 * size_of::<u32>()]);
        fill_random(&mut bytes)?;
        Ok(Self { bytes, at: 0, ran_out: false })
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let drawn = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk());
        self.at += N;
        self.ran_out |= drawn.is_none();
        drawn.copied().unwrap_or([0; N])
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.take()))
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.take()))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> std::result::Result<(), Infallible> {
        out.fill_with(|| self.take::<1>()[0]);
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_takes_no_more_random_bytes_than_were_drawn() {
        let secret = Key::init_with(|key| key.fill(7));
        for (quorum, custodians) in [(2, 2), (5, 9), (9, 9)] {
            let mut drawn = Drawn::new(usize::from(quorum)).unwrap();
            split_with(&secret, quorum, custodians, &mut drawn).unwrap();
            assert!(!drawn.ran_out && drawn.at <= drawn.bytes.len());
        }
        let mut short = Drawn::new(1).unwrap();
        split_with(&secret, 3, 3, &mut short).unwrap();
        assert!(short.ran_out);
    }

    #[test]
    fn subsets_are_all_of_them() {
        assert_eq!(subsets(&[1, 2, 3], 2), [[1, 2], [1, 3], [2, 3]]);
        assert_eq!(subsets(&[1, 2, 3, 4, 5, 6, 7, 8, 9], 4).len(), 126);
        assert!(subsets(&[1], 2).is_empty());
    }

    #[test]
    fn bounds_hold() {
        let secret = Key::init_with(|key| key.fill(7));
        for (quorum, custodians) in [(0, 0), (1, 3), (3, 2), (2, 10), (10, 10)] {
            let kind = split(&secret, quorum, custodians).unwrap_err().kind();
            assert_eq!(kind, ErrorKind::BadParameters);
        }
    }
}
