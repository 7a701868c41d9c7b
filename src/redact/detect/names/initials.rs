//! Names of which only single letters are written: initials, and letters apart from each other.

use super::{Names, Run};
use crate::redact::TextSpan;
use crate::redact::detect::folded::Case;
use crate::redact::detect::words::announces;

impl Names<'_> {
    /// F. Q. P., where somebody is called so, or where initials are announced.
    pub(super) fn initials(&self, into: &mut Vec<TextSpan>) {
        let text = self.text;
        let mut at = 0;
        while at < text.words().len() {
            let first = at;
            let mut letters = String::new();
            while let Some(letter) = initial(text.word(at)).filter(|_| text.is_capital(at)) {
                letters.push(letter);
                at += 1;
                if !matches!(text.gap(at - 1), "." | ". " | " ") || letters.len() > MAX_INITIALS {
                    break;
                }
            }
            if at == first {
                // Without dots only in capitals, and only whole.
                if text.case(at) == Case::Upper && text.word(at).len() > 2 {
                    letters.push_str(text.word(at));
                }
                at += 1;
            }
            if letters.len() < 2 {
                continue;
            }
            let people = self.index.with_initials(&letters);
            let before = first.checked_sub(1).map_or("", |before| text.word(before));
            let dotted = text.gap(first).starts_with('.');
            let announced = before == "iniciales" || dotted && announces(before);
            if announced || !people.is_empty() {
                into.push(self.span(&Run { first, last: at - 1, people }));
            }
        }
    }

    /// R O S A   Q U I S P E: letters apart from each other that hold a recorded name.
    pub(super) fn spaced(&self, into: &mut Vec<TextSpan>) {
        let text = self.text;
        let lone = |at: usize| text.word(at).chars().nth(1).is_none() && text.is_capital(at);
        let mut at = 0;
        while at < text.words().len() {
            let (first, mut letters) = (at, String::new());
            while lone(at) {
                letters.push_str(text.word(at));
                at += 1;
                if text.gap(at - 1) != " " {
                    break;
                }
            }
            at = at.max(first + 1);
            if letters.len() >= MIN_SPACED && self.index.is_within(&letters) {
                into.push(self.person(first, at - 1));
            }
        }
    }
}

/// The letter for which an initial stands: `Ll.` and `Ch.` are one.
fn initial(word: &str) -> Option<char> {
    let mut letters = word.chars();
    let first = letters.next()?;
    (letters.next().is_none() || matches!(word, "ll" | "ch")).then_some(first)
}

/// Fewer letters apart from each other are initials.
const MIN_SPACED: usize = 4;
/// Nobody has more.
const MAX_INITIALS: usize = 8;
