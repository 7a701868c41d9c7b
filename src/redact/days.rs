//! Days in a text, in figures and with the month in words: a date that was kept back is one
//! however it is written.

use crate::secret::SecretText;

/// Year, month and day; a year below 100 was written with two figures.
pub(super) type Day = (u32, u32, u32);

/// Every day that a text says, and the words of the text as they were folded.
pub(super) fn days(text: &str, tokens: &[SecretText]) -> Vec<Day> {
    let mut found: Vec<Day> = tokens.iter().filter_map(|one| in_one(one.expose())).collect();
    found.extend((0..tokens.len()).filter_map(|at| in_words(tokens.get(at..)?)));
    found.extend(text.split(|c| !is_part(c)).filter_map(short));
    found
}

/// The same day with two figures of its year.
pub(super) const fn shortened((year, month, day): Day) -> Day {
    (year % 100, month, day)
}

/// `20171010` and `10102017`.
fn in_one(token: &str) -> Option<Day> {
    let bytes = token.len() == 8 && token.bytes().all(|byte| byte.is_ascii_digit());
    let number = |at: std::ops::Range<usize>| token.get(at).filter(|_| bytes).and_then(number);
    day(number(0..4)?, number(4..6)?, number(6..8)?)
        .or_else(|| day(number(4..8)?, number(2..4)?, number(0..2)?))
}

/// Three words that follow each other are a day: `2017 10 10`, `10 10 2017`, `10 de octubre de
/// 2017`, `October 10 2017`. What stood between them does not matter.
fn in_words(tokens: &[SecretText]) -> Option<Day> {
    let small = |word: &&str| !matches!(*word, "de" | "del" | "of" | "the");
    let mut words = tokens.iter().take(5).map(SecretText::expose).filter(small);
    let (first, second, third) = (words.next()?, words.next()?, words.next()?);
    if let Some(month) = month(first) {
        return day(number(third)?, month, number(ordinal(second))?);
    }
    if let Some(year) = number(first).filter(|year| *year >= FIRST_YEAR) {
        // An hour may follow without a space.
        return day(year, number(second)?, number(third.split('t').next()?)?);
    }
    let month = month(second).or_else(|| number(second))?;
    day(number(third)?, month, number(ordinal(first))?)
}

/// `10/10/17`, and with dots or dashes.
fn short(text: &str) -> Option<Day> {
    let text = text.trim_matches(['.', '-', '/']);
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = text.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || third.len() != 2 {
        return None;
    }
    let (month, date) = (number(second)?, number(first)?);
    is_day(month, date).then_some((number(third)?, month, date))
}

const fn is_part(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '/' | '.' | '-')
}

/// `1ro`, `2nd`.
fn ordinal(word: &str) -> &str {
    let ends = ["ro", "ero", "er", "do", "to", "st", "nd", "rd", "th"];
    ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

fn day(year: u32, month: u32, date: u32) -> Option<Day> {
    ((FIRST_YEAR..3000).contains(&year) && is_day(month, date)).then_some((year, month, date))
}

fn is_day(month: u32, date: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&date)
}

fn number(word: &str) -> Option<u32> {
    let digits = (1..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| digits)
}

/// The number of a month by its name, or by the first letters of it.
fn month(word: &str) -> Option<u32> {
    let is = |name: &&str| word.len() >= 3 && name.starts_with(word);
    let found = MONTHS.iter().find(|(_, names)| names.iter().any(is));
    found.map(|(number, _)| *number)
}

/// Of those that are written with four figures.
const FIRST_YEAR: u32 = 1000;

const MONTHS: &[(u32, &[&str])] = &[
    (1, &["enero", "january"]),
    (2, &["febrero", "february"]),
    (3, &["marzo", "march"]),
    (4, &["abril", "april"]),
    (5, &["mayo", "may"]),
    (6, &["junio", "june"]),
    (7, &["julio", "july"]),
    (8, &["agosto", "august"]),
    (9, &["septiembre", "setiembre", "september"]),
    (10, &["octubre", "october"]),
    (11, &["noviembre", "november"]),
    (12, &["diciembre", "december"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::scan::tokens;

    fn found(text: &str) -> Vec<Day> {
        let mut found: Vec<Day> = days(text, &tokens(text)).into_iter().map(shortened).collect();
        found.dedup();
        found
    }

    #[test]
    fn a_day_is_one_however_it_is_written() {
        for text in [
            "2017-10-08",
            "2017/10/8",
            "naci\u{f3} el 2017-10-08T15:00:00Z",
            "20171008",
            "08102017",
            "8/10/2017",
            "08-10-2017",
            "08.10.2017.",
            "el 8 de octubre de 2017",
            "8 de Octubre del 2017",
            "8 oct 2017",
            "8 October 2017",
            "8th of October, 2017",
            "October 8th, 2017",
            "8/10/17",
            "(08-10-17)",
            "8.10.17.",
        ] {
            assert_eq!(found(text), [(17, 10, 8)], "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in
            ["octubre de 2017", "8 de octubre", "8 10 17", "10.8", "45/45/17", "1.2.3.45", ""]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
