//! A text without case, marks and odd spaces, every byte of which knows where it came from.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use crate::redact::{SpanKind, TextSpan};

/// A text folded as names are for a search, with the way back to its scalar values.
///
/// Beyond that: all dashes are `-`, a run of white space is one space (one line feed if it
/// holds one), and what has no width is not there.
pub(super) struct Folded {
    text: Zeroizing<String>,
    /// For each byte of `text`, the scalar value that it was made of.
    origins: Vec<usize>,
    /// How many scalar values were given.
    scalars: usize,
    words: Vec<Word>,
}

/// Letters and digits in a row; an apostrophe between two letters belongs to them.
#[derive(Clone, Copy)]
pub(super) struct Word {
    /// First byte in the folded text.
    pub(super) start: usize,
    /// The one after the last.
    pub(super) end: usize,
    pub(super) case: Case,
}

/// How a word was written before it was folded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// It begins with a small letter or a digit.
    Lower,
    /// It begins with a capital letter, and a small one follows.
    Title,
    /// It begins with a capital letter, and no small one follows.
    Upper,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        // Room for most texts: a buffer that grows leaves copies.
        let mut fold = Fold {
            text: Zeroizing::new(String::with_capacity(2 * text.len())),
            origins: Vec::with_capacity(2 * text.len()),
            cases: Vec::new(),
        };
        let mut scalars = 0;
        for (at, c) in text.chars().enumerate() {
            fold.add(at, c);
            scalars = at + 1;
        }
        let words = words(&fold.text, &fold.cases);
        Self { text: fold.text, origins: fold.origins, scalars, words }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// A word, folded; empty past the end.
    pub(super) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| self.slice(word.start, word.end))
    }

    pub(super) fn case(&self, index: usize) -> Case {
        self.words.get(index).map_or(Case::Lower, |word| word.case)
    }

    pub(super) fn is_capital(&self, index: usize) -> bool {
        self.case(index) != Case::Lower
    }

    /// What stands between a word and the next; everything to the end after the last.
    pub(super) fn gap(&self, index: usize) -> &str {
        let start = self.words.get(index).map_or(self.text.len(), |word| word.end);
        let end = self.words.get(index + 1).map_or(self.text.len(), |word| word.start);
        self.slice(start, end)
    }

    /// What stands before a word, back to the word before it.
    pub(super) fn gap_before(&self, index: usize) -> &str {
        match index.checked_sub(1) {
            Some(before) => self.gap(before),
            None => self.slice(0, self.words.first().map_or(0, |word| word.start)),
        }
    }

    /// The first word that begins at this byte or later.
    pub(super) fn word_from(&self, byte: usize) -> usize {
        self.words.partition_point(|word| word.start < byte)
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The span of these bytes, with all marks that belong to its last letter.
    pub(super) fn span(&self, start: usize, end: usize, kind: SpanKind) -> TextSpan {
        let first = self.origins.get(start).copied().unwrap_or(self.scalars);
        let last = end.checked_sub(1).and_then(|last| self.origins.get(last)).copied();
        let next = self.origins.get(end).copied().unwrap_or(self.scalars);
        // One scalar may fold to several: half of it is all of it.
        TextSpan::new(first, next.max(last.map_or(0, |last| last + 1)), kind)
    }

    /// The span from one word to another, both included.
    pub(super) fn span_of_words(&self, first: usize, last: usize, kind: SpanKind) -> TextSpan {
        let start = self.words.get(first).map_or(self.text.len(), |word| word.start);
        let end = self.words.get(last).map_or(self.text.len(), |word| word.end);
        self.span(start, end, kind)
    }
}

struct Fold {
    text: Zeroizing<String>,
    origins: Vec<usize>,
    /// For each byte of `text`, whether its scalar was a capital letter.
    cases: Vec<Option<Capital>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Capital {
    Yes,
    No,
}

impl Fold {
    fn add(&mut self, at: usize, c: char) {
        let capital = if c.is_uppercase() {
            Some(Capital::Yes)
        } else if c.is_lowercase() {
            Some(Capital::No)
        } else {
            None
        };
        if c.is_ascii() {
            self.push(at, c.to_ascii_lowercase(), capital);
            return;
        }
        // Marks come in their own order, but all of them go: one scalar at a time will do.
        for folded in std::iter::once(c).nfkd().flat_map(char::to_lowercase).nfkd() {
            self.push(at, folded, capital);
        }
    }

    fn push(&mut self, at: usize, c: char, capital: Option<Capital>) {
        let c = match c {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            c if c.is_whitespace() => ' ',
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{2043}' => '-',
            '\u{2044}' | '\u{2215}' => '/',
            '\u{2018}' | '\u{2019}' | '`' | '\u{b4}' | '\u{2bc}' | '\u{2b9}' => '\'',
            '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
            c => c,
        };
        if is_combining_mark(c) || has_no_width(c) {
            return;
        }
        if matches!(c, ' ' | '\n') && self.text.ends_with([' ', '\n']) {
            if c == '\n' {
                // Both are one byte, which stays where it is.
                self.text.pop();
                self.text.push(c);
            }
            return;
        }
        self.text.push(c);
        self.origins.resize(self.text.len(), at);
        self.cases.resize(self.text.len(), capital);
    }
}

/// Soft hyphens, joiners and marks of direction: unseen, they would hide a word.
fn has_no_width(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn words(text: &str, cases: &[Option<Capital>]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let end = at + c.len_utf8();
        if !c.is_alphanumeric() {
            continue;
        }
        let from = *start.get_or_insert(at);
        let mut next = letters.clone();
        let goes_on = match next.next().map(|(_, c)| c) {
            Some('\'') => next.next().is_some_and(|(_, c)| c.is_alphabetic()) && c.is_alphabetic(),
            Some(c) => c.is_alphanumeric(),
            None => false,
        };
        if !goes_on {
            let case = case(cases.get(from..end).unwrap_or_default());
            words.push(Word { start: from, end, case });
            start = None;
        }
    }
    words
}

fn case(cases: &[Option<Capital>]) -> Case {
    if cases.first() != Some(&Some(Capital::Yes)) {
        Case::Lower
    } else if cases.contains(&Some(Capital::No)) {
        Case::Title
    } else {
        Case::Upper
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_word_leads_back_to_all_of_its_scalars() {
        let folded = Folded::new("La\u{a0}nin\u{303}a Jose\u{301}\u{301}, \u{bd}");
        assert_eq!(folded.text(), "la nina jose, 1/2");
        let at = folded.text().find("jose").unwrap();
        let span = folded.span(at, at + 4, SpanKind::Person);
        assert_eq!((span.start, span.end), (9, 15));
        let half = folded.span(at + 6, at + 7, SpanKind::Other);
        assert_eq!((half.start, half.end), (17, 18));
    }

    #[test]
    fn case_is_remembered() {
        let folded = Folded::new("D'Angelo  \u{c1}LVAREZ y\r\n\r\nRosa");
        assert_eq!(folded.text(), "d'angelo alvarez y\nrosa");
        let cases: Vec<bool> = (0..4).map(|at| folded.is_capital(at)).collect();
        assert_eq!((folded.word(0), cases), ("d'angelo", vec![true, true, false, true]));
        assert!(folded.case(1) == Case::Upper && folded.case(3) == Case::Title);
    }
}
