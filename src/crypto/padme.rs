//! Padme (Nikitin et al. 2019): a length of which only the first bits tell.

/// The padded length: at most 12 % more, and never below `least`.
pub(crate) fn padded(length: u64, least: u64) -> u64 {
    let length = length.max(least).max(2);
    let exponent = length.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1_u64 << exponent.saturating_sub(kept)) - 1;
    length.saturating_add(mask) & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_bits_of_a_length_are_left() {
        assert_eq!(padded(0, 64 << 10), 64 << 10);
        assert_eq!(padded((64 << 10) + 1, 64 << 10), 67_584);
        for length in [1_u64, 9, 1000, 65_537, 1 << 30, (1 << 30) + 1, 5_000_000_000] {
            let padded = padded(length, 1);
            assert!(padded >= length && padded <= length + length / 8 + 1, "{length}");
        }
    }
}
