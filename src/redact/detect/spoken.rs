//! Numbers and plates that are said in words: `nueve ochenta y tres, ciento catorce, siete`.

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::words::is_function;
use crate::redact::{SpanKind, TextSpan};

/// Proposes numbers of so many digits that they can only be somebody's, and plates.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    let mut at = 0;
    while at < text.words().len() {
        match identifier(text, at) {
            Some((last, kind)) => {
                into.push(text.span_of_words(at, last, kind));
                at = last + 1;
            }
            None => at += 1,
        }
    }
}

/// The last word of a number in words and its digits: `ciento doce`, `cuarenta y uno`, `cero`.
pub(super) fn number(text: &Folded, at: usize) -> Option<(usize, String)> {
    let (mut last, mut sum) = (at, value(text.word(at))?);
    let follows = |before: usize| (text.gap(before) == " ").then(|| text.word(before + 1));
    let small = follows(last).and_then(value).filter(|small| (1..100).contains(small));
    if let Some(small) = small.filter(|_| sum >= 100) {
        (last, sum) = (last + 1, sum + small);
    }
    let unit = follows(last).filter(|word| *word == "y").and_then(|_| follows(last + 1));
    let unit = unit.and_then(value).filter(|unit| (1..10).contains(unit));
    if let Some(unit) = unit.filter(|_| sum % 10 == 0 && sum % 100 >= 30) {
        (last, sum) = (last + 2, sum + unit);
    }
    Some((last, sum.to_string()))
}

/// What has been said so far.
#[derive(Default)]
struct Said {
    digits: String,
    /// How many numbers the digits were said in.
    numbers: usize,
    letters: usize,
    /// Whether one of the letters can be nothing else: `a`, `de`, `e` are words first.
    spelled: bool,
    dashes: usize,
}

/// The longest number, plate or file's number that begins with a word.
fn identifier(text: &Folded, first: usize) -> Option<(usize, SpanKind)> {
    let mut said = Said::default();
    let mut best = None;
    let mut at = first;
    for _ in 0..MOST {
        let word = text.word(at);
        let mut last = at;
        if let Some((end, digits)) = number(text, at) {
            said.digits.push_str(&digits);
            said.numbers += 1;
            last = end;
        } else if matches!(word, "mil" | "millon" | "millones") && at > first {
            said.numbers += 1;
        } else if matches!(word, "guion" | "raya") && at > first {
            said.dashes += 1;
        } else if LETTERS.contains(&word) {
            said.letters += 1;
            said.spelled |= !is_function(word);
        } else if is_written(text, at) {
            said.digits.extend(word.chars().filter(char::is_ascii_digit));
            said.letters += word.chars().filter(char::is_ascii_alphabetic).count();
            said.spelled = true;
        } else {
            break;
        }
        if let Some(kind) = said.kind() {
            best = Some((last, kind));
        }
        if !matches!(text.gap(last), " " | ", " | "," | "-" | " - " | "... ") {
            break;
        }
        at = last + 1;
    }
    best
}

impl Said {
    fn kind(&self) -> Option<SpanKind> {
        let digits = self.digits.len();
        match self {
            Self { numbers: 0, .. } => None,
            Self { letters: 0, numbers: 3.., .. } if digits >= 7 => Some(match digits {
                8 => SpanKind::Document,
                9 if self.digits.starts_with("00") => SpanKind::ForeignerCard,
                7 | 9 => SpanKind::Phone,
                _ => SpanKind::FileNumber,
            }),
            Self { letters: 2..=4, spelled: true, .. } if digits + self.letters == 6 => {
                Some(SpanKind::Plate)
            }
            Self { letters: 1, numbers: 3.., .. } if digits == 5 => Some(SpanKind::Plate),
            Self { dashes: 1.., .. } if digits >= 3 => Some(SpanKind::FileNumber),
            _ => None,
        }
    }
}

/// A group of capitals and digits, as the rest of a plate is written.
fn is_written(text: &Folded, at: usize) -> bool {
    let word = text.word(at);
    text.case(at) == Case::Upper
        && (2..=3).contains(&word.len())
        && word.is_ascii()
        && !(is_function(word) || matches!(word, "dni" | "ruc" | "cui" | "ptp" | "cpp" | "ce"))
}

/// The number that a word says; tens and units are also written as one: `ochentaicinco`.
fn value(word: &str) -> Option<u32> {
    let whole = NAMES.iter().find_map(|(from, step, names)| {
        let at = names.split_whitespace().position(|name| name == word)?;
        Some(from + step * u32::try_from(at).ok()?)
    });
    whole.or_else(|| {
        let (tens, unit) = word.split_once("tai")?;
        let tens = value(&format!("{tens}ta")).filter(|tens| *tens >= 30)?;
        Some(tens + value(unit).filter(|unit| (1..10).contains(unit))?)
    })
}

/// The first number of a row, the step to the next, and what they are called.
const NAMES: [(u32, u32, &str); 4] = [
    (
        0,
        1,
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    ),
    (
        16,
        1,
        "dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres \
        veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve",
    ),
    (30, 10, "treinta cuarenta cincuenta sesenta setenta ochenta noventa"),
    (
        100,
        100,
        "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos \
        ochocientos novecientos",
    ),
];

/// The names of the letters.
const LETTERS: &[&str] = &[
    "a", "be", "ce", "de", "e", "efe", "ge", "hache", "i", "jota", "ka", "ele", "eme", "ene", "o",
    "pe", "cu", "ere", "erre", "ese", "te", "u", "ve", "uve", "equis", "ye", "zeta",
];

/// Most words of one number.
const MOST: usize = 16;
