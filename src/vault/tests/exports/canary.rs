//! Words that stand nowhere by chance: drawn by lot from a seed, each of them once.

use std::collections::BTreeSet;

/// A lot that falls the same way each time.
pub(super) struct Lot {
    state: u64,
    given: BTreeSet<String>,
}

impl Lot {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed, given: BTreeSet::new() }
    }

    /// SplitMix64.
    pub(super) fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    pub(super) fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// A name that somebody could have and nobody has.
    pub(super) fn name(&mut self) -> String {
        const SYLLABLES: &[&str] =
            &["qui", "hua", "ñau", "tzo", "lliu", "pác", "yup", "chö", "wik", "rumi", "sax", "vey"];
        self.once(|lot| {
            let drawn: String = (0..4).map(|_| *lot.one_of(SYLLABLES)).collect();
            let mut letters = drawn.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        })
    }

    /// Letters and digits by turns, such as stand in a code.
    pub(super) fn code(&mut self) -> String {
        const LETTERS: &[u8] = b"BCDFGHJKMNPQRSTVWXYZ";
        self.once(|lot| {
            let mut pair = || {
                let letter = char::from(*lot.one_of(LETTERS));
                format!("{letter}{}", lot.below(10))
            };
            (0..5).map(|_| pair()).collect()
        })
    }

    /// Eight digits, of which no band of coarser numbers consists.
    pub(super) fn number(&mut self) -> String {
        self.once(|lot| (61_234_567 + lot.below(30_000_000)).to_string())
    }

    /// A day on which nothing else happened.
    pub(super) fn day(&mut self) -> String {
        self.once(|lot| {
            let (year, month) = (1931 + lot.below(50), 1 + lot.below(12));
            format!("{year}-{month:02}-{:02}", 1 + lot.below(28))
        })
    }

    fn once(&mut self, draw: impl Fn(&mut Self) -> String) -> String {
        loop {
            let drawn = draw(self);
            if self.given.insert(drawn.clone()) {
                return drawn;
            }
        }
    }
}

#[test]
fn a_lot_gives_nothing_twice_and_falls_the_same_way() {
    let all = |seed| {
        let mut lot = Lot::new(seed);
        let one = |lot: &mut Lot| [lot.name(), lot.code(), lot.number(), lot.day()];
        (0..500).flat_map(|_| one(&mut lot)).collect::<Vec<_>>()
    };
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
    assert_eq!(all(3).iter().collect::<BTreeSet<_>>().len(), 2000);
}
