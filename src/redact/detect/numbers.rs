//! Numbers that are told by their length and first digits, however they are grouped.

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::words::is_ordinary;
use crate::redact::{SpanKind, TextSpan};

/// Proposes identity documents, foreigners' cards, telephones and other long numbers that no
/// word announces.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    let groups = groups(text.text());
    for (at, group) in groups.iter().enumerate() {
        if group.follows_letter {
            continue;
        }
        let mut end = group.end;
        let mut digits = String::new();
        let mut shape = Vec::new();
        let mut best = None;
        for (taken, next) in groups.get(at..).unwrap_or_default().iter().take(MOST).enumerate() {
            if taken > 0 && !next.joined {
                break;
            }
            digits.extend(text.slice(next.start, next.end).chars().map(digit));
            if digits.len() > LONGEST {
                break;
            }
            shape.push(next.end - next.start);
            end = next.end;
            // The longest reading wins; one that ends within a number is none.
            let whole = !groups.get(at + taken + 1).is_some_and(|after| after.joined);
            if let Some(kind) = kind(group.mark, &digits, &shape, whole) {
                best = Some((kind, end));
            }
        }
        let start = group.start - group.opens;
        if let Some((kind, end)) = best
            && !is_sum(text, group.start, end)
        {
            into.push(text.span(start, end + check(text, end, kind), kind));
        } else if digits.len() > LONGEST && shape.first().is_none_or(|first| *first > 8) {
            into.push(text.span(start, end.max(group.end), SpanKind::FileNumber));
        }
    }
}

/// Digits in a row.
struct Group {
    start: usize,
    end: usize,
    /// `+` or `(` before it.
    mark: Option<char>,
    /// How many bytes of such marks.
    opens: usize,
    /// Whether little stands between it and the group before.
    joined: bool,
    /// Whether it is the tail of a word.
    follows_letter: bool,
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
    let mut at = 0;
    while at < bytes.len() {
        if !is_figure(byte(at)) {
            at += 1;
            continue;
        }
        let start = at;
        while is_figure(byte(at)) {
            at += 1;
        }
        let before = start.checked_sub(1).map_or(b' ', byte);
        let apart = !before.is_ascii_alphanumeric() && !byte(at).is_ascii_alphanumeric();
        let figures = bytes.get(start..at).unwrap_or_default();
        let digits = figures.iter().filter(|b| b.is_ascii_digit()).count();
        if digits == figures.len() || (apart && (digits > 0 || figures == b"l")) {
            groups.push(group(text, groups.last(), start, at));
            continue;
        }
        // Letters are letters here: only the digits among them count.
        let mut from = start;
        for part in figures.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()) {
            let end = from + part.len();
            if part.first().is_some_and(u8::is_ascii_digit) {
                groups.push(group(text, groups.last(), from, end));
            }
            from = end;
        }
    }
    groups
}

/// A digit, or a letter that a machine reads for one.
const fn is_figure(b: u8) -> bool {
    b.is_ascii_digit() || matches!(b, b'o' | b'l' | b'i')
}

fn group(text: &str, last: Option<&Group>, start: usize, end: usize) -> Group {
    let byte =
        |back: usize| start.checked_sub(back).and_then(|at| text.as_bytes().get(at)).copied();
    let before = byte(1).unwrap_or(b' ');
    let opens = match (before, byte(2)) {
        (b'+', Some(b'(')) | (b'(', Some(b'+')) => 2,
        (b'+' | b'(' | b'#' | b'*', _) => 1,
        _ => 0,
    };
    let plus = before == b'+' || (opens == 2);
    let joined = last.is_some_and(|last| {
        let gap = text.get(last.end..start).unwrap_or_default();
        let dashes = gap.len() <= 5 && gap.bytes().all(|b| b == b'-');
        let little = gap.len() <= 3
            && gap.bytes().all(|b| matches!(b, b' ' | b'.' | b'-' | b'_' | b'(' | b')'));
        dashes || little || matches!(gap, "," | "'" | "/")
    });
    Group {
        start,
        end,
        mark: if plus { Some('+') } else { None },
        opens,
        joined: joined && !plus,
        follows_letter: before.is_ascii_alphabetic() || !before.is_ascii(),
    }
}

/// What a number is, by its digits and how they are grouped.
fn kind(mark: Option<char>, digits: &str, shape: &[usize], whole: bool) -> Option<SpanKind> {
    let years = |pair: &str| pair.starts_with("19") || pair.starts_with("20");
    let second = digits.get(4..).unwrap_or_default();
    if mark.is_some() {
        return (digits.len() >= 8).then_some(SpanKind::Phone);
    }
    match (digits.len(), shape) {
        (8, [8] | [2, 3, 3]) => Some(SpanKind::Document),
        (8, [2, 2, 2, 2] | [3, 3, 2] | [3, 2, 3]) if whole => Some(SpanKind::Document),
        (8, [1, 3, 4] | [3, 5] | [2, 6] | [6, 2]) if whole => {
            (!digits.starts_with('0')).then_some(SpanKind::Document)
        }
        (8, [4, 4]) if whole && !(years(digits) && years(second)) => Some(SpanKind::Document),
        (9, [9] | [3, 3, 3] | [3, 6] | [6, 3] | [1, 1, 1, 1, 1, 1, 1, 1, 1])
            if digits.starts_with("00") =>
        {
            Some(SpanKind::ForeignerCard)
        }
        (9, shape) if digits.starts_with('9') && is_grouped(shape) => Some(SpanKind::Phone),
        (9, [2 | 3, ..]) if digits.starts_with('0') => Some(SpanKind::Phone),
        (9, [9]) => {
            Some(if digits.starts_with('0') { SpanKind::Phone } else { SpanKind::FileNumber })
        }
        (11 | 13, _) if digits.trim_start_matches("00").starts_with("519") => Some(SpanKind::Phone),
        (11, [11]) => Some(SpanKind::Document),
        (10.., [_]) => Some(SpanKind::FileNumber),
        (12..=20, [4 | 5, 4, 4, ..] | [3, 3, 10, ..]) if whole => Some(SpanKind::FileNumber),
        // In groups that nobody counts or dates by.
        (9..=20, [_, ..])
            if whole && shape.iter().all(|len| *len > 1) && !has_year(digits, shape) =>
        {
            Some(SpanKind::FileNumber)
        }
        _ => None,
    }
}

/// Whether one of the groups is a year.
fn has_year(digits: &str, shape: &[usize]) -> bool {
    let mut from = 0;
    shape.iter().any(|len| {
        let group = digits.get(from..from + len).unwrap_or_default();
        from += len;
        group.len() == 4 && (group.starts_with("19") || group.starts_with("20"))
    })
}

/// The digit that a letter was read for.
const fn digit(figure: char) -> char {
    match figure {
        'o' => '0',
        'l' | 'i' => '1',
        figure => figure,
    }
}

/// Groups as people dictate a mobile number: by twos, threes, fours, or digit by digit, which
/// they do at the beginning only.
fn is_grouped(shape: &[usize]) -> bool {
    let lone = shape.iter().filter(|len| **len == 1).count();
    let leading = shape.iter().take_while(|len| **len == 1).count();
    lone <= leading.max(1)
}

/// The letter or digit that checks an identity document.
fn check(text: &Folded, end: usize, kind: SpanKind) -> usize {
    if kind != SpanKind::Document {
        return 0;
    }
    let rest = text.slice(end, end + 4).as_bytes();
    let ends = |next: Option<&u8>| next.is_none_or(|b| !b.is_ascii_alphanumeric());
    match rest {
        [b'-', check, rest @ ..] if check.is_ascii_alphanumeric() && ends(rest.first()) => 2,
        [b' ', b'-', b' ', check] if check.is_ascii_digit() => 4,
        _ => 0,
    }
}

/// Money, and how many of something.
pub(super) fn is_sum(text: &Folded, start: usize, end: usize) -> bool {
    let before = text.slice(start.saturating_sub(4), start).trim_end();
    let money = before.ends_with("s/") || before.ends_with("s/.") || before.ends_with('$');
    let after = text.word(text.word_from(end));
    money
        || matches!(
            after,
            "soles" | "dolares" | "habitantes" | "euros" | "personas" | "nuevos" | "pesos"
        )
}

/// Whether a number is that of a law, which identifies nobody.
pub(super) fn is_law(text: &Folded, start: usize) -> bool {
    let at = text.word_from(start);
    let before = (at.saturating_sub(4)..at).map(|before| text.word(before));
    let letters: String = before.clone().filter(|word| word.len() == 1).collect();
    let named = |word: &str| {
        matches!(word, "ley" | "decreto" | "supremo" | "legislativo" | "ministerial" | "directiva")
            || matches!(word, "ds" | "rm" | "dl" | "du")
    };
    before.clone().any(named) || ["ds", "rm", "dl"].iter().any(|law| letters.starts_with(law))
}

/// Proposes plates and passports of which the letters stand apart, where they are no word.
pub(super) fn find_apart(text: &Folded, into: &mut Vec<TextSpan>) {
    for at in 0..text.words().len() {
        let (letters, digits) = (text.word(at), text.word(at + 1));
        if text.gap(at) != " " || !digits.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let kind = match (letters.len(), digits.len()) {
            (3, 3) => SpanKind::Plate,
            (2, 6 | 7) => SpanKind::Passport,
            _ => continue,
        };
        let spoken = letters.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let unit = matches!(letters, "hrs" | "kgs" | "mts" | "art" | "inc" | "num" | "exp" | "cem");
        let written = text.case(at) == Case::Upper && !is_ordinary(letters) || letters.len() == 2;
        if !unit && (!spoken || written) && (letters.len() > 2 || text.case(at) == Case::Upper) {
            into.push(text.span_of_words(at, at + 1, kind));
        }
    }
}

/// Most groups of one number; most digits.
const MOST: usize = 13;
const LONGEST: usize = 20;
