//! Two check symbols for a line: a Reed-Solomon code over GF(32) of distance 3.
//!
//! One wrong symbol is found, two are noticed, and so is any exchange of neighbours. The line's
//! number counts as a symbol of its own, so that a line in the wrong place is noticed as well.

/// What the check symbols say of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    Right,
    /// One symbol is wrong, the one at this place, from 0; or several are.
    At(usize),
    /// It would be right in another place; or several symbols are wrong.
    Misplaced,
    Wrong,
}

/// The check symbols of a line, whose number counts from 1.
pub(super) fn symbols(number: usize, data: &[u8]) -> [u8; 2] {
    let (sum, weighted) = syndromes(number, data);
    // first + second = sum, and both weighted by their places = weighted.
    let (first, second) = (power(data.len() + 1), power(data.len() + 2));
    let second = divide(weighted ^ multiply(sum, first), first ^ second);
    [sum ^ second, second]
}

/// Judges a line with its check symbols.
pub(super) fn judge(number: usize, symbols: &[u8]) -> Verdict {
    match syndromes(number, symbols) {
        (0, 0) => Verdict::Right,
        (0, _) | (_, 0) => Verdict::Wrong,
        (sum, weighted) => {
            let ratio = divide(weighted, sum);
            match (0..ORDER).find(|place| power(*place) == ratio) {
                Some(0) => Verdict::Misplaced,
                Some(place) if place <= symbols.len() => Verdict::At(place - 1),
                _ => Verdict::Wrong,
            }
        }
    }
}

/// The sum of all symbols, and their sum weighted by place: the number stands at 0.
fn syndromes(number: usize, symbols: &[u8]) -> (u8, u8) {
    let number = (number % 32) as u8;
    let zero = (number, number);
    symbols.iter().enumerate().fold(zero, |(sum, weighted), (at, symbol)| {
        (sum ^ symbol, weighted ^ multiply(*symbol, power(at + 1)))
    })
}

/// In GF(32) modulo x^5 + x^2 + 1, of which x generates all but zero.
fn multiply(a: u8, b: u8) -> u8 {
    let mut product = 0;
    for bit in (0..5).rev() {
        product <<= 1;
        if product & 32 != 0 {
            product ^= 0b10_0101;
        }
        if b >> bit & 1 == 1 {
            product ^= a;
        }
    }
    product
}

fn power(exponent: usize) -> u8 {
    (0..exponent % ORDER).fold(1, |power, _| multiply(power, 2))
}

/// Zero if `b` is.
fn divide(a: u8, b: u8) -> u8 {
    // b^30 is its inverse.
    multiply(a, (0..ORDER - 1).fold(1, |power, _| multiply(power, b)))
}

/// Of the generator.
const ORDER: usize = 31;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_one() {
        let powers: std::collections::BTreeSet<u8> = (0..ORDER).map(power).collect();
        assert_eq!(powers, (1..32).collect());
        for a in 1..32 {
            assert_eq!(multiply(divide(7, a), a), 7);
            for b in 0..32 {
                assert_eq!(multiply(a, b), multiply(b, a));
            }
        }
    }

    #[test]
    fn one_wrong_symbol_is_found_and_any_two_are_noticed() {
        let data: Vec<u8> = (0..22).map(|at| (at * 7 + 3) % 32).collect();
        let right = [data.as_slice(), &symbols(5, &data)].concat();
        assert_eq!(judge(5, &right), Verdict::Right);
        for at in 0..right.len() {
            for wrong in 1..32 {
                let mut line = right.clone();
                line[at] ^= wrong;
                assert_eq!(judge(5, &line), Verdict::At(at));
                for other in at + 1..right.len() {
                    let mut line = line.clone();
                    line[other] ^= wrong;
                    assert_ne!(judge(5, &line), Verdict::Right);
                    line[other] ^= 1;
                    assert_ne!(judge(5, &line), Verdict::Right);
                }
            }
        }
        for number in (1..32).filter(|number| *number != 5) {
            assert_eq!(judge(number, &right), Verdict::Misplaced);
        }
    }
}
