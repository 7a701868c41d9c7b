//! Text compared as people read it: without case, accents and doubled spaces.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::secret::SecretText;

/// Lower case, compatibility forms resolved, marks removed, spaces single, ends trimmed.
///
/// `n` with tilde keeps its tilde only where the caller asks for it: as letters of Spanish
/// they differ, but half of all keyboards and most old registers have none.
pub(crate) fn folded(text: &str) -> SecretText {
    // Twice the length is enough for all but exotic input: a buffer that grows leaves copies.
    let mut out = String::with_capacity(2 * text.len());
    let mut space = false;
    for c in text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        if c.is_whitespace() {
            space = true;
        } else if !is_combining_mark(c) {
            if space && !out.is_empty() {
                out.push(' ');
            }
            space = false;
            out.push(c);
        }
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
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,40}") {
            let once = folded(&text);
            prop_assert!(folded(once.expose()) == once);
        }
    }
}
