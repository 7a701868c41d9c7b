//! Text compared as people read it: without case, accents and doubled spaces.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::secret::SecretText;

/// Lower case, compatibility forms resolved, every mark removed, spaces single, ends trimmed.
///
/// An n with tilde becomes n: half of all keyboards and most old registers have no tilde.
pub(crate) fn folded(text: &str) -> SecretText {
    fold(text, |_, _| false)
}

/// The same with the tilde of n kept: as letters of Spanish they differ.
pub(crate) fn folded_with_tilde(text: &str) -> SecretText {
    fold(text, |before, mark| matches!((before, mark), (Some('n'), '\u{303}')))
}

fn fold(text: &str, keeps: impl Fn(Option<char>, char) -> bool) -> SecretText {
    // Twice the length is enough for all but exotic input: a buffer that grows leaves copies.
    let mut out = String::with_capacity(2 * text.len());
    let mut before = None;
    // Lower case can bring marks of its own, so it comes before the marks are looked at.
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        if is_combining_mark(c) {
            if keeps(before, c) {
                out.push(c);
            }
        } else if !c.is_whitespace() {
            if before.is_some_and(char::is_whitespace) && !out.is_empty() {
                out.push(' ');
            }
            out.push(c);
        }
        before = Some(c);
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_spaces_do_not_matter() {
        let both = |text: &str| folded(text).expose().to_owned();
        assert_eq!(both("  MAR\u{cd}A   Jos\u{e9}\t"), "maria jose");
        assert_eq!(both("Mari\u{301}a Jose\u{301}"), "maria jose");
        assert_eq!(both("\u{d1}A\u{d1}EZ"), "nanez");
        assert_eq!(both(" "), "");
        assert_eq!(folded_with_tilde("N\u{fa}\u{d1}ez").expose(), "nun\u{303}ez");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,40}") {
            let once = folded(&text);
            prop_assert!(folded(once.expose()) == once);
        }
    }
}
