//! Mutations of seeds, the same for the same seed number.

/// Numbers on which length checks break.
const EDGES: [u64; 12] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    u64::MAX,
];
const LONGEST: usize = 1 << 20;

pub(crate) struct Mutator {
    corpus: Vec<Vec<u8>>,
    state: u64,
}

impl Mutator {
    pub(crate) fn new(corpus: Vec<Vec<u8>>, seed: u64) -> Self {
        Self {
            corpus,
            state: seed,
        }
    }

    /// A seed with up to eight mutations.
    pub(crate) fn next(&mut self) -> Vec<u8> {
        let chosen = self.below(self.corpus.len());
        let mut input = self.corpus[chosen].clone();
        for _ in 0..=self.below(8) {
            self.mutate(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let run = self.short(input.len() - at);
        match self.below(9) {
            0 => input
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 1 << (self.state % 8)),
            1 => input
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte = (self.state >> 8) as u8),
            2 => input.truncate(at),
            3 => drop(input.drain(at..at + run)),
            4 => {
                let piece = input[at..at + run].to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, piece);
            }
            5 => {
                let noise: Vec<u8> = (0..self.short(64)).map(|_| self.random() as u8).collect();
                input.splice(at..at, noise);
            }
            6 => {
                let edge = EDGES[self.below(EDGES.len())];
                let width = 1 << self.below(4);
                let bytes = if self.below(2) == 0 {
                    edge.to_le_bytes()
                } else {
                    edge.swap_bytes().to_le_bytes()
                };
                let bytes = if self.below(2) == 0 {
                    &bytes[..width]
                } else {
                    &bytes[8 - width..]
                };
                input
                    .iter_mut()
                    .skip(at)
                    .zip(bytes)
                    .for_each(|(byte, new)| *byte = *new);
            }
            7 => {
                let other = self.below(self.corpus.len());
                let from = self.below(self.corpus[other].len() + 1);
                let tail = self.corpus[other][from..].to_vec();
                input.truncate(at);
                input.extend(tail);
            }
            _ => {
                let to = self.below(input.len() + 1);
                let (from, to) = (at.min(to), at.max(to));
                input[from..to].reverse();
            }
        }
    }

    /// Mostly a few, sometimes all.
    fn short(&mut self, most: usize) -> usize {
        let most = if self.below(8) == 0 {
            most
        } else {
            most.min(16)
        };
        self.below(most + 1)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.random() % end.max(1) as u64) as usize
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
