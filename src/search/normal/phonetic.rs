//! How a name sounds in Peru, so that one person written down by ten clerks is found.
//!
//! Spanish as it is spoken there, with the spellings of Quechua, Aymara and borrowed names:
//!
//! - `b v`, `s z c(e,i) x`, `ll y`, `c k q cc ck`, `g(e,i) j` are one sound each; `h` is silent;
//! - `hua gua wa` (before any vowel for `hu` and `w`) are one sound, and so is a lone `u`
//!   between vowels or at the start before one;
//! - at the start `j` and `y` are one sound: Janet is Yanet, Ximena is Gimena;
//! - letters that are written double are single; `m` before `b`, `v`, `p` or at the end is `n`;
//!   a final `d` is `t`; `c` before `t` and `g` before `n` fall silent (Victor, Ignacio);
//! - a final `e` is `i`, a final `o` is `u`: Quispe is Quispi. Other vowels keep apart, since
//!   Pena and Pina are two families.

use zeroize::Zeroizing;

use crate::secret::SecretText;

/// The sound of one folded word: equal for words that sound alike. Never empty for a word
/// with a letter or digit.
pub(super) fn sound(token: &str) -> SecretText {
    let mut letters = Zeroizing::new(Vec::with_capacity(MAX_LETTERS));
    letters.extend(token.chars().filter(|c| c.is_alphanumeric()).take(MAX_LETTERS));
    let mut sounds = Sounds {
        at: 0,
        letters: &letters,
        out: Zeroizing::new(Vec::with_capacity(2 * MAX_LETTERS)),
    };
    while sounds.step() {}
    sounds.finish();
    let mut text = String::with_capacity(4 * sounds.out.len());
    text.extend(sounds.out.iter());
    // A word of silent letters only.
    if text.is_empty() { token.into() } else { text.into() }
}

struct Sounds<'a> {
    at: usize,
    letters: &'a [char],
    out: Zeroizing<Vec<char>>,
}

impl Sounds<'_> {
    /// Reads one sound; false at the end.
    fn step(&mut self) -> bool {
        let Some(letter) = self.ahead(0) else {
            return false;
        };
        let (next, after) = (self.ahead(1), self.ahead(2));
        let start = self.out.is_empty();
        let (sound, read) = match (letter, next) {
            ('c', Some('h')) => (Some('X'), 2),
            ('p', Some('h')) => (Some('f'), 2),
            // The h of hua stands for w, any other is silent.
            ('h', Some('u')) if is_vowel(after) => (Some('W'), 2),
            ('h', _) => (None, 1),
            ('g', Some('u')) if matches!(after, Some('a' | 'o')) => (Some('W'), 2),
            ('g', Some('u')) if matches!(after, Some('e' | 'i' | 'y')) => (Some('G'), 2),
            ('g', Some('e' | 'i' | 'y')) | ('j', _) => (Some(if start { 'Y' } else { 'J' }), 1),
            ('g', Some('n')) => (None, 1),
            ('g', _) => (Some('G'), 1),
            ('w', _) => (Some(if is_vowel(next) { 'W' } else { 'u' }), 1),
            ('u', _) if is_vowel(next) && (start || is_vowel(self.before())) => (Some('W'), 1),
            ('b' | 'v', _) => (Some('B'), 1),
            ('c', Some('e' | 'i' | 'y')) | ('s' | 'z', _) => (Some('S'), 1),
            // `cs` and `ks` are another way to write x.
            ('c' | 'k', Some('s')) => (Some('S'), 2),
            ('c' | 'k' | 'q', Some('t')) => (None, 1),
            ('c', Some('c' | 'k' | 'q')) => (Some('K'), 2),
            ('q', Some('u')) if is_vowel(after) => (Some('K'), 2),
            ('c' | 'k' | 'q', _) => (Some('K'), 1),
            ('x', _) => (Some(if start { 'Y' } else { 'S' }), 1),
            // Kelly ends as it does in English; Sullca has no ll that sounds.
            ('l', Some('l')) if after == Some('y') && self.ahead(3).is_none() => (Some('l'), 2),
            ('l', Some('l')) if is_vowel(after) => (Some('Y'), 2),
            ('l', Some('l')) => (Some('l'), 2),
            ('y', _) => (Some(if is_vowel(next) { 'Y' } else { 'i' }), 1),
            ('i', _) if is_vowel(next) && (start || is_vowel(self.before())) => (Some('Y'), 1),
            ('m', Some('b' | 'v' | 'p') | None) => (Some('n'), 1),
            ('d', None) => (Some('t'), 1),
            ('e', None) => (Some('i'), 1),
            ('o', None) => (Some('u'), 1),
            (other, _) => (Some(other), 1),
        };
        self.at += read;
        if let Some(sound) = sound {
            // Huaylla: the i is part of the ll that follows.
            if sound == 'Y' && self.out.last() == Some(&'i') {
                self.out.pop();
            }
            // Doubled letters sound once.
            if self.out.last() != Some(&sound) {
                self.out.push(sound);
            }
        }
        true
    }

    /// A silent h at the end hides the last letter from the rules for endings.
    fn finish(&mut self) {
        if self.letters.last() != Some(&'h') {
            return;
        }
        if let Some(last) = self.out.last_mut() {
            *last = match *last {
                'e' => 'i',
                'o' => 'u',
                'd' => 't',
                'm' => 'n',
                other => other,
            };
        }
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.letters.get(self.at + by).copied()
    }

    fn before(&self) -> Option<char> {
        self.out.last().copied()
    }
}

fn is_vowel(letter: Option<char>) -> bool {
    matches!(letter, Some('a' | 'e' | 'i' | 'o' | 'u'))
}

/// No name is longer; more letters tell nothing.
const MAX_LETTERS: usize = 48;
