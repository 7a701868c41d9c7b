//! Numbers of files, documents and vehicles by what they are made of: letters among many digits,
//! digits in groups, or few digits after a word that has a number.

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::numbers::{is_law, is_sum};
use crate::redact::detect::words::{is_counted, is_filed, is_function, is_numbered};
use crate::redact::{SpanKind, TextSpan};

/// Proposes every row of letters and digits that is no sum, measure, law, year or ratio.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    let mut at = 0;
    while at < text.words().len() {
        let last = last_of(text, at);
        if let Some((last, kind)) = code(text, at, last)
            && let Some((start, end)) = bounds(text, at, last)
            && !is_sum(text, start, end)
            && !is_law(text, start)
        {
            into.push(text.span(start, end, kind));
        }
        at = last + 1;
    }
}

/// The last word of those that single marks join: `REG-2024-00451`, `AT/2025/0091`.
fn last_of(text: &Folded, first: usize) -> usize {
    let mut last = first;
    while matches!(text.gap(last), "-" | "/" | "." | "_" | "'" | "#" | " - ")
        && last < first + MOST
        && !text.word(last + 1).is_empty()
        && (text.gap(last) != " - " || (is_figures(text.word(last)) && has_figure(text.word(last + 1))))
        // Two sentences, and a word of more than a mark.
        && (text.gap(last) != "." || has_figure(text.word(last)) || has_figure(text.word(last + 1)))
    {
        last += 1;
    }
    last
}

/// What a row is, and its last word: the letters of a place may stand apart, `6118402 LP`.
fn code(text: &Folded, first: usize, last: usize) -> Option<(usize, SpanKind)> {
    let words = || (first..=last).map(|at| text.word(at));
    let count = |of: fn(&char) -> bool| words().flat_map(str::chars).filter(of).count();
    let digits = count(char::is_ascii_digit);
    let letters = count(|c| c.is_alphabetic());
    if digits == 0 {
        return None;
    }
    let groups: Vec<usize> = words().map(str::len).collect();
    let years = words().filter(|word| is_year(word)).count();
    let file = Some((last, SpanKind::FileNumber));
    let counted = text.gap(last) == " " && is_counted(text.word(last + 1));
    let filed = filed(text, first).filter(|_| !counted);
    if letters > 0 {
        // 8.VII.25 is a day.
        let roman = |word: &str| word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
        if is_measure(text, first, last) || groups.len() == 3 && roman(text.word(first + 1)) {
            return None;
        }
        let written = (first..=last).any(|at| text.case(at) == Case::Upper);
        // A machine reads O and l in the figures of a plate.
        let misread = matches!(groups.as_slice(), [3, 3])
            && text.gap(first) == "-"
            && has_figure(text.word(last))
            && text
                .word(last)
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'o' | b'l' | b'i'));
        let plate = misread || digits + letters == 6 && digits >= 3 && letters >= 2 && written;
        // Of other countries: KRTX-41.
        let foreign = written && matches!(groups.as_slice(), [4, 2]) && (digits, letters) == (2, 4);
        if plate
            || foreign
            || (matches!(letters, 1..=4) && matches!(digits, 4..=5) && written && years == 0)
        {
            return Some((last, SpanKind::Plate));
        }
        let own = digits >= 4 && (years == 0 || digits > 4);
        return file.filter(|_| own || (filed.is_some() && digits >= 3));
    }
    // The letters after a number, and the year.
    let next = text.word(last + 1);
    let apart = text.gap(last) == " ";
    if apart && groups.len() == 1 && (4..=8).contains(&digits) && next.len() == 2 && years == 0 {
        let letters = text.case(last + 1) == Case::Upper && !is_function(next);
        if letters && !UNITS.split_whitespace().any(|unit| unit == next) {
            let kind = if digits == 4 { SpanKind::Plate } else { SpanKind::ForeignerCard };
            return Some((last + 1, kind));
        }
    }
    let longest = groups.iter().max().copied().unwrap_or_default();
    let ratio = groups.len() == 2 && (longest < 4 || years == 2);
    let pairs: Vec<&str> = words().collect();
    let monthly = matches!(pairs.as_slice(), [month, year]
        if is_year(year) && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month)));
    let decimal = groups.len() > 1 && text.gap(first) == "." && digits < 7;
    let share = text.slice(0, text.words().get(last)?.end).len();
    let percent = text.slice(share, share + 2).trim_start().starts_with('%');
    let own = digits >= 5 && !ratio && !monthly && !decimal && !percent && !counted && years < 2;
    let alone = groups.len() == 1 && years == 1;
    // What is counted by a sign is one of many: N.° 118.
    let sign = first.checked_sub(1).map_or("", |before| text.word(before));
    let signed = matches!(sign, "n" | "nro" | "num" | "numero");
    let near = signed || filed.is_some_and(|back| back < 3 || digits > 3);
    let enough = own || (near && digits >= 3 && !alone && years < 2);
    let with_year = filed.is_some() && apart && is_year(next);
    enough.then_some((last + usize::from(with_year), SpanKind::FileNumber))
}

/// How many words back the word is that has this number, past `n`, `de` and what it is called.
fn filed(text: &Folded, first: usize) -> Option<usize> {
    let mut back = 0;
    for before in (first.saturating_sub(MOST_BETWEEN)..first).rev() {
        let (word, gap) = (text.word(before), text.gap(before));
        let short = word.len() <= 5;
        if gap.contains([';', '\n']) || gap.contains(". ") && !short || has_figure(word) {
            return None;
        }
        let sign = matches!(word, "n" | "nro" | "no" | "o" | "num" | "numero" | "es" | "el");
        back += usize::from(!sign);
        if is_filed(word) {
            return Some(back);
        }
        if is_numbered(word) {
            return None;
        }
    }
    None
}

fn bounds(text: &Folded, first: usize, last: usize) -> Option<(usize, usize)> {
    Some((text.words().get(first)?.start, text.words().get(last)?.end))
}

fn is_figures(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn has_figure(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

fn is_year(word: &str) -> bool {
    is_figures(word) && word.parse::<u16>().is_ok_and(|year| (1900..2050).contains(&year))
}

/// `1200ml`, `10am`, `1.52m`: figures, then what they measure.
fn is_measure(text: &Folded, first: usize, last: usize) -> bool {
    let unit = text.word(last).trim_start_matches(|c: char| c.is_ascii_digit());
    let figures = (first..last).all(|at| is_figures(text.word(at)));
    figures && UNITS.split_whitespace().any(|known| known == unit)
}

const UNITS: &str = "mg ml mcg kg g gr cm mm m km h hr hrs am pm m2 gb mb w k min seg ui ha a";

/// Most words of one row; most words between a number and the word that has it.
const MOST: usize = 12;
const MOST_BETWEEN: usize = 5;
