//! What every renderer does to a text before it sets it.
//!
//! The text of a case file is whatever somebody typed, pasted or imported. Its letters stay; what
//! cannot be seen and yet changes how its surroundings are read goes.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text in NFC, with line breaks as `\n` and no control or invisible character, with no more
/// than a few combining marks in a row, and none at its start. Plain text stays as it is.
///
/// It does not escape: what is plain may still be `<script>` or `=1+1`.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| fate(c) == Fate::Stays) && is_nfc(text) && longest_run(text) <= MARKS {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\r' && rest.peek() == Some(&'\n') {
            continue;
        }
        match fate(c) {
            Fate::Stays => seen.push(c),
            Fate::Breaks => seen.push('\n'),
            Fate::Spaces => seen.push(' '),
            Fate::Goes => {}
        }
    }
    let mut run = BARE;
    let composed = seen.nfc().filter(|c| {
        run = if is_combining_mark(*c) { run + 1 } else { 0 };
        run <= MARKS
    });
    Cow::Owned(composed.collect())
}

/// Plain text in one line, for a heading, a name or the title of a sheet.
pub(crate) fn plain_line(text: &str) -> Cow<'_, str> {
    match plain(text) {
        text if text.contains('\n') => Cow::Owned(text.replace('\n', " ")),
        text => text,
    }
}

/// The longest run of combining marks; one with no letter to stand on is longer than any.
fn longest_run(text: &str) -> usize {
    let (mut run, mut longest) = (BARE, 0);
    for c in text.chars() {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn fate(c: char) -> Fate {
    match c {
        '\n' => Fate::Stays,
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::Breaks,
        '\t' => Fate::Spaces,
        c if c.is_control() || is_unseen(c) => Fate::Goes,
        _ => Fate::Stays,
    }
}

/// Default_Ignorable_Code_Point of Unicode, the annotation characters, and noncharacters.
///
/// Bidi controls could turn a label or the name of the next field around, zero-width characters
/// hide a name from the search of the finished bytes, and variation selectors and tags carry
/// whole messages unseen. What Persian or an emoji loses by it is its finest spelling.
const fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{fdd0}'..='\u{fdef}')
        || c as u32 & 0xfffe == 0xfffe
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Breaks,
    Spaces,
    Goes,
}

/// No living orthography stacks more; a flood of them paints over the lines around it.
const MARKS: usize = 4;
/// What counts before the first letter: a mark there would strike what another wrote, and compose
/// with the end of a tag.
const BARE: usize = MARKS;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_text_is_not_even_copied() {
        for text in ["", "Ñahuín Quispe, 3 hijos\nHuánuco", "שלום", "a\u{323}\u{302}b"] {
            let text: String = text.nfc().collect();
            assert!(matches!(plain(&text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_seen_goes() {
        for (from, to) in [
            ("a\u{202e}b\u{2066}c\u{61c}", "abc"),
            ("Flor\u{200b} de\u{ad} Pru\u{feff}eba\u{e0041}", "Flor de Prueba"),
            ("a\r\nb\rc\u{85}d\u{2028}e\u{b}f", "a\nb\nc\nd\ne\nf"),
            ("a\tb\u{0}c\u{9b}d\u{7f}", "a bcd"),
            ("n\u{303}", "ñ"),
            // Composed only once what stood between them is gone.
            ("n\u{200d}\u{303}", "ñ"),
            ("\u{ffff}\u{1fffe}\u{fdd0}x", "x"),
        ] {
            assert_eq!(plain(from), to);
        }
        assert_eq!(plain_line("a\r\nb"), "a b");
    }

    #[test]
    fn a_flood_of_marks_is_dammed() {
        let flood = format!("z{}y", "\u{489}\u{300}".repeat(500));
        assert_eq!(plain(&flood).chars().count(), 2 + MARKS);
        assert_eq!(plain("\u{338}\u{301}a\u{301}"), "á");
    }

    proptest! {
        #[test]
        fn what_is_plain_stays_so(text in any::<String>(), raw in prop::collection::vec(any::<char>(), 0..20)) {
            for text in [text, raw.into_iter().collect()] {
                let once = plain(&text).into_owned();
                prop_assert_eq!(plain(&once), once.as_str());
                prop_assert!(once.chars().all(|c| c == '\n' || !c.is_control()));
                prop_assert!(longest_run(&once) <= MARKS && is_nfc(&once));
            }
        }

        #[test]
        fn marks_and_unseen_characters_of_any_order_become_plain(
            text in "[a\u{e9}\u{300}-\u{36f}\u{200d}\u{1100}-\u{11ff}\u{9c7}\u{9be}\u{9d7}]{0,24}"
        ) {
            let once = plain(&text).into_owned();
            prop_assert_eq!(plain(&once), once.as_str());
        }
    }
}
