//! A filter that says "surely absent": most lookups of a search index are in vain.

/// Bits for each key; 12 bits and 7 probes let 0.4 % of absent keys through.
const BITS_PER_KEY: usize = 12;
const PROBES: u64 = 7;

/// Where a key falls in every filter, computed once for a lookup.
#[derive(Clone, Copy)]
pub(crate) struct KeyHash {
    start: u64,
    stride: u64,
}

impl KeyHash {
    pub(crate) fn new(key: &[u8]) -> Self {
        let hash = blake3::hash(key);
        let (halves, _) = hash.as_bytes().as_chunks::<8>();
        let mut halves = halves.iter().map(|half| u64::from_le_bytes(*half));
        let (start, stride) = (halves.next().unwrap_or(0), halves.next().unwrap_or(0));
        Self { start, stride: stride | 1 }
    }

    fn probes(self, bits: u64) -> impl Iterator<Item = u64> {
        let nth = move |n: u64| self.start.wrapping_add(self.stride.wrapping_mul(n));
        // The high half of a product, not a remainder: as even, and much cheaper.
        (0..PROBES).map(move |n| ((u128::from(nth(n)) * u128::from(bits)) >> 64) as u64)
    }
}

/// The filter over `keys`.
pub(crate) fn build(keys: &[KeyHash]) -> Vec<u8> {
    let mut bytes = vec![0; (keys.len() * BITS_PER_KEY).div_ceil(8).max(1)];
    let bits = bytes.len() as u64 * 8;
    for bit in keys.iter().flat_map(|key| key.probes(bits)) {
        if let Some(byte) = usize::try_from(bit / 8).ok().and_then(|index| bytes.get_mut(index)) {
            *byte |= 1 << (bit % 8);
        }
    }
    bytes
}

/// Whether `key` may be among the keys of the filter.
pub(crate) fn may_contain(filter: &[u8], key: KeyHash) -> bool {
    let set = |bit: u64| {
        let byte = usize::try_from(bit / 8).ok().and_then(|index| filter.get(index));
        byte.is_none_or(|byte| byte & (1 << (bit % 8)) != 0)
    };
    key.probes(filter.len() as u64 * 8).all(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_added_is_never_called_absent_and_others_mostly_are() {
        let key = |n: u32| KeyHash::new(&n.to_be_bytes());
        let filter = build(&(0..5_000).map(key).collect::<Vec<_>>());
        assert!((0..5_000).all(|n| may_contain(&filter, key(n))));
        let passed = (5_000..105_000).filter(|n| may_contain(&filter, key(*n))).count();
        assert!(passed < 1_000, "{passed} of 100,000 absent keys pass");
        assert!(may_contain(&[], key(1)), "no filter knows nothing");
    }
}
