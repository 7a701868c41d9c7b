//! The words under which a value can be found.
//!
//! | index | words of a value | a query asks for |
//! |---|---|---|
//! | exact | the value: identifiers without spaces, dots and dashes; a place by its INEI code | the same |
//! | exact, on dates | the day, and the month `2014-03` | a day, or a month |
//! | phonetic | the whole value; each word as it sounds; its first 3 and 5 letters | each word as it sounds; `Quisp*` by its first letters; `"in quotes"` the whole value |
//!
//! The words of a query are all needed. A value gives at most [`MAX_WORDS`] words, the whole
//! value first, so that a long one cannot flood the index.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::{Error, ErrorKind, Result};
use crate::record::{FieldValue, day};
use crate::schema::country::country;
use crate::schema::fold::{folded, folded_with_tilde};
use crate::schema::{Field, Index, Kind, PlaceCode, PlaceScheme};
use crate::secret::SecretText;
use crate::time::Date;

mod phonetic;

/// A word of the index: a secret, like the value it comes from.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) kind: WordKind,
    pub(crate) text: SecretText,
}

/// How a word was made; the number goes into the key of its postings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WordKind {
    /// The whole value.
    Exact = 1,
    /// A word as it sounds.
    Phonetic = 2,
    /// The first 3 or 5 letters of a word.
    Prefix = 3,
    /// A month.
    Month = 4,
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Word(..)")
    }
}

/// The words of a value, sorted, each once, at most [`MAX_WORDS`].
pub(crate) fn words(field: &Field, value: &FieldValue) -> Vec<Word> {
    let mut found = Words::default();
    match (field.index, value) {
        (Index::None, _) => {}
        (Index::Phonetic, FieldValue::Text(text)) => names(&mut found, &[text.expose()]),
        (Index::Phonetic, FieldValue::TextList(items)) => {
            let items: Vec<&str> = items.iter().map(SecretText::expose).collect();
            names(&mut found, &items);
        }
        (Index::Exact, FieldValue::Text(text)) => {
            found.add(WordKind::Exact, identifier(text.expose()));
        }
        (Index::Exact, FieldValue::TextList(items)) => {
            for item in items {
                found.add(WordKind::Exact, identifier(item.expose()));
            }
        }
        (Index::Exact, FieldValue::Date(date)) => dates(&mut found, *date),
        (Index::Exact, FieldValue::DateTime(moment)) => dates(&mut found, moment.date()),
        (Index::Exact, FieldValue::CodeList(codes)) => {
            for code in codes {
                found.add(WordKind::Exact, code.clone());
            }
        }
        (Index::Exact, FieldValue::Place(code)) => found.add(WordKind::Exact, place(*code)),
        (Index::Exact, FieldValue::PlaceList(codes)) => {
            for code in codes {
                found.add(WordKind::Exact, place(*code));
            }
        }
        (Index::Exact | Index::Phonetic, _) => found.add(WordKind::Exact, value.to_text()),
    }
    found.sorted()
}

/// The words that a record must have, all of them, to be found by this text.
///
/// # Errors
///
/// `NotIndexed` if the field has no such index; `BadValue` if the text asks for nothing, or is
/// not of the kind of the field. Neither holds the text.
pub(crate) fn query(field: &Field, text: &str) -> Result<Vec<Word>> {
    let mut found = Words::default();
    let text = text.trim();
    match (field.index, field.kind) {
        (Index::None, _) => {
            return Err(Error::new(ErrorKind::NotIndexed, "the field cannot be searched"));
        }
        (Index::Phonetic, _) => name_query(&mut found, text)?,
        (Index::Exact, _) if text.ends_with('*') => {
            let why = "the field is found by its whole value only";
            return Err(Error::new(ErrorKind::NotIndexed, why));
        }
        (Index::Exact, Kind::Date | Kind::DateTime) => match month(text) {
            Some(month) => found.add(WordKind::Month, month),
            None => found.add(WordKind::Exact, day(text)?.to_string().into()),
        },
        (Index::Exact, Kind::Place | Kind::PlaceList) => {
            found.add(WordKind::Exact, place(text.parse()?));
        }
        (Index::Exact, Kind::Country) => {
            let code = country(text).ok_or_else(|| bad("not an ISO 3166 country code"))?;
            found.add(WordKind::Exact, code.into());
        }
        (Index::Exact, Kind::Integer) => {
            let number: i64 = text.parse().map_err(|_| bad("not a whole number"))?;
            found.add(WordKind::Exact, number.to_string().into());
        }
        (Index::Exact, Kind::Code | Kind::CodeList) => found.add(WordKind::Exact, text.into()),
        (Index::Exact, _) => found.add(WordKind::Exact, identifier(text)),
    }
    let words = found.sorted();
    if words.is_empty() { Err(bad("there is nothing to search for")) } else { Ok(words) }
}

/// Whether a found value is what a prefix longer than the indexed ones asked for.
///
/// The index has two lengths only, so `Quispit*` finds every `Quisp...`; whoever opens the
/// record holds the value against this. Anything but a prefix holds.
pub(crate) fn confirms(field: &Field, value: &FieldValue, text: &str) -> bool {
    if field.index != Index::Phonetic || is_quoted(text.trim()).is_some() {
        return true;
    }
    let wanted = folded(text);
    let spelled = folded(value.to_text().expose());
    let begun = wanted.expose().split(' ').filter_map(|word| word.strip_suffix('*'));
    begun.flat_map(tokens).all(|begun| tokens(spelled.expose()).any(|t| t.starts_with(begun)))
}

/// Whole values first, then sounds, then first letters: the cap cuts the least useful.
fn names(found: &mut Words, values: &[&str]) {
    let spelled: Vec<SecretText> = values.iter().map(|value| folded(value)).collect();
    for value in values {
        found.add(WordKind::Exact, folded_with_tilde(value));
    }
    for text in &spelled {
        for token in significant(text.expose()) {
            found.add(WordKind::Phonetic, sound(token));
        }
    }
    for length in PREFIXES {
        for text in &spelled {
            for token in significant(text.expose()) {
                if let Some(prefix) = prefix(token, length) {
                    found.add(WordKind::Prefix, prefix.into());
                }
            }
        }
    }
}

fn name_query(found: &mut Words, text: &str) -> Result<()> {
    if let Some(whole) = is_quoted(text) {
        found.add(WordKind::Exact, folded_with_tilde(whole));
        return Ok(());
    }
    let spelled = folded(text);
    let mut plain = String::with_capacity(spelled.expose().len());
    for part in spelled.expose().split(' ') {
        let Some(begun) = part.strip_suffix('*') else {
            plain.push_str(part);
            plain.push(' ');
            continue;
        };
        for token in tokens(begun) {
            let longest = PREFIXES.iter().rev().find_map(|length| prefix(token, *length));
            let longest = longest.ok_or_else(|| bad("a search by first letters needs three"))?;
            found.add(WordKind::Prefix, longest.into());
        }
    }
    let plain = SecretText::from(plain);
    // Particles alone still ask for something when nothing else is there.
    if found.list.is_empty() || tokens(plain.expose()).any(|token| !is_particle(token)) {
        for token in significant(plain.expose()) {
            found.add(WordKind::Phonetic, sound(token));
        }
    }
    Ok(())
}

fn dates(found: &mut Words, date: Date) {
    found.add(WordKind::Exact, date.to_string().into());
    found.add(WordKind::Month, format!("{:04}-{:02}", date.year(), date.month()).into());
}

/// `2014-03`, or `03/2014` as Peru writes it.
fn month(text: &str) -> Option<SecretText> {
    let (year, month) = match text.split_once('-') {
        Some(parts) => parts,
        None => text.split_once('/').map(|(month, year)| (year, month))?,
    };
    let digits = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let real = digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month);
    real.then(|| format!("{year}-{month}").into())
}

/// One district is one word, whichever office's code was written.
fn place(code: PlaceCode) -> SecretText {
    code.in_scheme(PlaceScheme::Inei).unwrap_or(code).to_string().into()
}

/// Upper case, no marks, no spaces, dots or dashes; a mobile number without the country's.
fn identifier(text: &str) -> SecretText {
    let mut out = String::with_capacity(3 * text.len());
    for c in text.nfkd().flat_map(char::to_uppercase) {
        let dash = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        let ignored = dash || c.is_whitespace() || matches!(c, '.' | '/' | '@' | '\'' | '(' | ')');
        if !(ignored || is_combining_mark(c)) {
            out.push(c);
        }
    }
    let out = SecretText::from(out);
    let mobile = out.expose().trim_start_matches('+').strip_prefix("51").filter(|rest| {
        rest.len() == 9 && rest.starts_with('9') && rest.bytes().all(|b| b.is_ascii_digit())
    });
    mobile.map(SecretText::from).unwrap_or(out)
}

fn is_quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// The words of a folded text; apostrophes stand inside a word, everything else between two.
fn tokens(folded: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '`');
    let words = folded.split(move |c| !inside(c));
    words.filter(|word| word.chars().any(char::is_alphanumeric)).take(MAX_WORDS)
}

/// The words without particles; a text of particles only keeps them.
fn significant(folded: &str) -> impl Iterator<Item = &str> {
    let only = tokens(folded).all(is_particle);
    tokens(folded).filter(move |token| only || !is_particle(token))
}

/// How a folded word sounds; `Delacruz` sounds as `De la Cruz` does.
pub(crate) fn sound(token: &str) -> SecretText {
    let rest = token.strip_prefix("dela").filter(|rest| rest.len() >= 4);
    phonetic::sound(rest.unwrap_or(token))
}

/// Whether a folded word stands between the words of a name and carries none of it.
pub(crate) fn is_particle(token: &str) -> bool {
    matches!(
        token,
        "de" | "del"
            | "la"
            | "las"
            | "los"
            | "el"
            | "y"
            | "e"
            | "da"
            | "do"
            | "dos"
            | "van"
            | "von"
            | "vda"
    )
}

/// The first letters of a token that has so many.
fn prefix(token: &str, length: usize) -> Option<&str> {
    let (last, c) = token.char_indices().nth(length.checked_sub(1)?)?;
    token.get(..last + c.len_utf8())
}

#[derive(Default)]
struct Words {
    list: Vec<Word>,
}

impl Words {
    fn add(&mut self, kind: WordKind, text: SecretText) {
        let word = Word { kind, text };
        if self.list.len() < MAX_WORDS
            && !word.text.expose().is_empty()
            && !self.list.contains(&word)
        {
            self.list.push(word);
        }
    }

    fn sorted(mut self) -> Vec<Word> {
        self.list.sort_by(|a, b| (a.kind, a.text.expose()).cmp(&(b.kind, b.text.expose())));
        self.list
    }
}

fn bad(why: &'static str) -> Error {
    Error::new(ErrorKind::BadValue, why)
}

/// Most words of one value.
pub(crate) const MAX_WORDS: usize = 24;
/// Lengths of the prefixes, in letters. More lengths would mean more postings than rows.
const PREFIXES: [usize; 2] = [3, 5];

#[cfg(test)]
mod tests;
