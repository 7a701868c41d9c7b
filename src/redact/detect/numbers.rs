//! Numbers that are told by their length and first digits, however they are grouped.

use regex::Regex;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::pattern::pattern;
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
            digits.push_str(text.slice(next.start, next.end));
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
        if !byte(at).is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        let before = start.checked_sub(1).map_or(b' ', byte);
        let opens = match (before, start.checked_sub(2).map(byte)) {
            (b'+', Some(b'(')) | (b'(', Some(b'+')) => 2,
            (b'+' | b'(', _) => 1,
            _ => 0,
        };
        let plus = before == b'+' || (opens == 2);
        let joined = groups.last().is_some_and(|last| {
            let gap = text.get(last.end..start).unwrap_or_default();
            gap.len() <= 3 && gap.bytes().all(|b| matches!(b, b' ' | b'.' | b'-' | b'(' | b')'))
        });
        groups.push(Group {
            start,
            end: at,
            mark: if plus { Some('+') } else { None },
            opens,
            joined: joined && !plus,
            follows_letter: before.is_ascii_alphabetic() || !before.is_ascii(),
        });
    }
    groups
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
        (8, [1, 3, 4] | [3, 5] | [2, 6] | [2, 2, 2, 2] | [6, 2]) if whole => {
            (!digits.starts_with('0')).then_some(SpanKind::Document)
        }
        (8, [4, 4]) if whole && !(years(digits) && years(second)) => Some(SpanKind::Document),
        (9, [9] | [3, 3, 3] | [3, 6] | [6, 3]) if digits.starts_with("00") => {
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
        _ => None,
    }
}

/// Groups as people dictate a mobile number: by twos, threes, fours, or digit by digit.
fn is_grouped(shape: &[usize]) -> bool {
    let lone = shape.iter().filter(|len| **len == 1).count();
    lone <= 1 || lone == shape.len()
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
fn is_sum(text: &Folded, start: usize, end: usize) -> bool {
    let before = text.slice(start.saturating_sub(4), start).trim_end();
    let money = before.ends_with("s/") || before.ends_with("s/.") || before.ends_with('$');
    let after = text.word(text.word_from(end));
    money || matches!(after, "soles" | "dolares" | "habitantes" | "euros")
}

/// Words that announce a number, what kind it is, and the number.
pub(super) fn announced() -> Vec<(SpanKind, Option<Regex>)> {
    vec![
        (SpanKind::Document, pattern(DNI)),
        (SpanKind::ForeignerCard, pattern(FOREIGNER)),
        (SpanKind::Passport, pattern(PASSPORT)),
        (SpanKind::Passport, pattern(r"\b(\d?[a-z]{1,3}\d{6,9}|[a-z]{2}[.-]\d{6,9})\b")),
        (SpanKind::ForeignerCard, pattern(r"\b([ve]-? ?\d{1,2}\.?\d{3}\.?\d{3})\b")),
        (SpanKind::Phone, pattern(PHONE)),
        (SpanKind::Plate, pattern(PLATE)),
        (
            SpanKind::Plate,
            pattern(r"\b([a-z][a-z0-9]{2} ?- ?\d{3}|\d{4}-\d[a-z]|[a-z]\d[a-z]\d{3})\b"),
        ),
        (SpanKind::FileNumber, pattern(FILE)),
        (SpanKind::FileNumber, pattern(COURT)),
        (SpanKind::FileNumber, pattern(SIGNED)),
        (SpanKind::FileNumber, pattern(ACCOUNT)),
    ]
}

const DNI: &str = r"\b(?:d ?\. ?n ?\. ?i|dni|cui|documentos?(?: nacional)?(?: de)?(?: identidad)?|
libreta electoral|identificad[oa] con|ruc){N}(\d(?:[ .-]{0,3}\d){7}(?: ?- ?[0-9a-z]\b)?)\b";

const FOREIGNER: &str = r"\b(?:c ?\. ?e|ce|carnet?s?(?: de)?(?: extranjeria| refugiado| refugio)?|
extranjeria|ptp|p\.t\.p|cpp|c\.p\.p|permiso temporal(?: de permanencia)?|cedula(?: de identidad)?|
extranjer[oa])(?: (?:de )?[a-z]{4,14}){0,2}{N}([a-z]{0,3} ?-?\d(?:[ .-]{0,2}\d){4,13})\b";

const PASSPORT: &str = r"\b(?:pasaportes?|passport|pas\.)(?:,? (?:[a-z]{2,14} ?){1,4}?)??
{N}([0-9a-z]{0,3}[ .-]{0,2}\d(?:[ .-]?\d){4,11}[a-z]?)\b";

const PHONE: &str = r"\b(?:telefonos?|tel|telf|tlf|fono|celular(?:es)?|cel|fijo|whatsapp|wsp|wasap|
wasapp|llam[a-z]{1,8} al|movil|anexo|numero|contacto){N}
(\+?\d(?:[ .()-]{0,3}\d){5,13}(?:(?: ?/ ?| y | o )\d(?:[ .()-]{0,3}\d){5,13})?)\b";

const PLATE: &str = r"\b(?:placas?|rodaje|auto|carro|moto|mototaxi|motokar|taxi|camioneta|vehiculo|
camion|combi|custer|bus|volquete|patrullero|colectivo|movilidad)(?: de)?(?: rodaje)?{N}([a-z][a-z0-9]{1,2}[ -]{0,3}\d{3,4}|
[a-z]\d[a-z0-9][ -]{0,3}\d{3}|\d{4}[ -]{0,3}[a-z0-9]{1,2}[a-z]|[a-z]{2}[ -]{0,3}\d{4,5})\b";

const FILE: &str = r"\b(?:expedientes?|exp|exped|expte|carpetas?|denuncias?|casos?|atestado|
parte policial|oficio|informe|ficha|historia clinica|h\.? ?c|hc|protocolo|pericia|certificado|constancia|reclamo|memorando|ref|referencia|solicitud|cml|
medico legal|ocurrencia|registro|queja|cuaderno|incidente|legajo|sidpol|orden|codigo|tramite|acta)
(?: (?:fiscal|policial|judicial|verbal|administrativ[oa]|medico|legal|penal|virtual|de denuncia|
clinica|civil|electronico|interno)){0,3}(?:[ :.,;#°()-]|\bnro\b|\bnumero\b|\bnum\b|\bno\b|\bn\b|
\bes\b|\bel\b){1,10}?((?:n-)?[a-z]{0,6}-?\d{2,14}(?: ?[-/] ?[0-9a-z]{1,10}){1,8}|[a-z]{0,4}-?\d{5,14})\b";

const COURT: &str = r"\b(\d{1,12} ?- ?(?:19|20)\d{2} ?- ?(?:\d{1,6}[a-z]{0,8}|[a-z]{2,8})
(?: ?- ?(?:[0-9]{1,6}|[a-z]{2,4})){0,6})\b";

const SIGNED: &str = r"\bn(?:ro)?\.? ?[°o]?[ .:]{0,2}(\d{2,7}-\d{2,4})\b";

const ACCOUNT: &str = r"\b(?:cuenta|cci|interbancari[oa]|ahorros|bcp|yape|plin|imei)(?: de)?{N}(\d(?:[ -]?\d){7,22})\b";

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
