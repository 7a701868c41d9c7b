//! Days, in figures and in words.

use std::sync::OnceLock;

use regex::Regex;

use crate::redact::detect::folded::Folded;
use crate::redact::detect::pattern::pattern;
use crate::redact::detect::slip::one_slip;
use crate::redact::detect::words::is_counted;
use crate::redact::{SpanKind, TextSpan};

/// Proposes days; months and years alone are none.
///
/// A weekday beside a day belongs to it: `miercoles once de junio`, `22 de mayo (viernes)`.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    for pattern in patterns() {
        let mut at = 0;
        while let Some(found) = pattern.captures_at(text.text(), at).and_then(|all| all.get(1)) {
            if is_share(text, found.start(), found.end()) {
                at = found.end();
                continue;
            }
            let (start, end) = (begins(text, found.start()), ends(text, found.end()));
            into.push(text.span(start, end, SpanKind::Date));
            at = month_end(found.start(), found.as_str());
        }
    }
    misspelled(text, into);
    in_company(text, into);
}

/// A day of a month with one slip of the pen: `4 de otubre`.
fn misspelled(text: &Folded, into: &mut Vec<TextSpan>) {
    static DAYS: OnceLock<Option<Regex>> = OnceLock::new();
    let days = DAYS.get_or_init(|| pattern(&format!(r"\b{DAY} del? ([a-z]{{4,11}})\b")));
    for found in days.iter().flat_map(|days| days.captures_iter(text.text())) {
        let (Some(all), Some(month)) = (found.get(0), found.get(1)) else { continue };
        if MONTHS.iter().any(|known| one_slip(known, month.as_str())) {
            into.push(text.span(all.start(), all.end(), SpanKind::Date));
        }
    }
}

/// Two small numbers alone may be anything; where others like them or whole days stand too, they
/// are days: `14/1 visita, 2/2 llamada`. So they are at the head of a line: `3.8 visita`.
fn in_company(text: &Folded, into: &mut Vec<TextSpan>) {
    static PAIRS: OnceLock<Vec<Regex>> = OnceLock::new();
    let pairs = PAIRS.get_or_init(|| PAIR_FORMS.iter().filter_map(|form| pattern(form)).collect());
    let mut found = Vec::new();
    for pairs in pairs {
        let all = pairs.captures_iter(text.text()).filter_map(|all| all.get(1));
        found.extend(
            all.filter(|pair| is_day(pair.as_str()) && !is_share(text, pair.start(), pair.end())),
        );
    }
    let days = into.iter().filter(|span| span.kind == SpanKind::Date).count();
    let heads = found.iter().any(|pair| pair.as_str().contains('.'));
    if days + found.len() > 1 || heads {
        into.extend(found.iter().map(|pair| text.span(pair.start(), pair.end(), SpanKind::Date)));
    }
}

const PAIR_FORMS: &[&str] = &[
    r"(?:^|[^0-9a-z/.,-])(\d{1,2}/\d{1,2})(?:$|[^0-9a-z/%-])",
    r"(?:^|\n)(\d{1,2}\.\d{1,2}) [a-z]",
];

fn is_day(pair: &str) -> bool {
    let numbers = pair.split_once(['/', '.']);
    let read =
        numbers.and_then(|(day, month)| Some((day.parse::<u8>().ok()?, month.parse::<u8>().ok()?)));
    read.is_some_and(|(day, month)| (1..=31).contains(&day) && (1..=12).contains(&month))
}

/// Where the search goes on: what looks like a day's year may be the next day, `13 de mayo, 15 de
/// mayo`.
fn month_end(start: usize, day: &str) -> usize {
    let next = day.rfind(',').filter(|comma| day.len() - comma <= 4);
    start + next.unwrap_or(day.len())
}

/// Half a tablet, pain of seven in ten, a height, a sum, from ten to twelve years: two small
/// numbers that are no day.
fn is_share(text: &Folded, start: usize, end: usize) -> bool {
    let found = text.slice(start, end);
    let short =
        found.len() <= 5 && found.bytes().all(|b| b.is_ascii_digit() || b"/-.".contains(&b));
    if !short {
        return false;
    }
    let first = text.word_from(start);
    let before = first.checked_sub(1).map_or("", |before| text.word(before));
    let of = SCALES.split_whitespace().any(|word| word == before);
    let point = found.contains('.') && matches!(before, "las" | "la" | "s" | "talla" | "imc");
    let after = text.word(text.word_from(end));
    of || point
        || is_counted(after)
        || matches!(after, "tab" | "tableta" | "pastilla" | "kilo" | "litro")
}

const SCALES: &str = "dolor eva intensidad glasgow puntaje nota escala riesgo presion pa temperatura \
    inciso numeral articulo art capitulo";

/// Where the weekday before a day begins.
fn begins(text: &Folded, start: usize) -> usize {
    let before = text.word_from(start).checked_sub(1);
    let word = before.and_then(|before| text.words().get(before));
    match (before, word) {
        (Some(before), Some(word))
            if matches!(text.slice(word.end, start), " " | ", " | ". " | "." | ".," | "-")
                && is_weekday(text.word(before)) =>
        {
            word.start
        }
        _ => start,
    }
}

/// Where the weekday after a day ends, with the brackets that are around it.
fn ends(text: &Folded, end: usize) -> usize {
    let after = text.word_from(end);
    let Some(word) = text.words().get(after).filter(|_| is_weekday(text.word(after))) else {
        return end;
    };
    match text.slice(end, word.start) {
        " (" | "(" => {
            let tail = text.gap(after);
            word.end + tail.find(')').filter(|at| *at < 2).map_or(0, |at| at + 1)
        }
        ", " | " " => word.end,
        _ => end,
    }
}

fn is_weekday(word: &str) -> bool {
    let whole = ["lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"];
    whole.iter().any(|day| word.len() > 2 && day.starts_with(word)) && word != "mar"
}

/// The words of an expression as a machine may have read them: 1 or l for i, 0 for o.
fn misread(words: &str) -> String {
    let mut out = String::with_capacity(3 * words.len());
    let mut escaped = false;
    for c in words.chars() {
        match c {
            _ if escaped => out.push(c),
            'l' | 'i' => out.push_str("[il1]"),
            'o' => out.push_str("[o0]"),
            c => out.push(c),
        }
        escaped = c == '\\';
    }
    out
}

fn patterns() -> &'static [Regex] {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let expand = |source: &&str| {
            pattern(
                &source
                    .replace("{YEAR}", YEAR)
                    .replace("{DAY}", &misread(DAY))
                    .replace("{MONTH}", &misread(MONTH))
                    .replace("{BEFORE}", BEFORE)
                    .replace("{SAID}", SAID)
                    .replace("{SAIDMONTH}", SAID_MONTH)
                    .replace("{M}", "(?:0?[1-9]|1[0-2])")
                    .replace("{MM}", "(?:0[1-9]|1[0-2])")
                    .replace("{D}", "(?:0?[1-9]|[12]\\d|3[01])")
                    .replace("{DD}", "(?:0[1-9]|[12]\\d|3[01])"),
            )
        };
        FORMS.iter().filter_map(expand).collect()
    })
}

/// What a day may look like. Before and after one in figures stands no other part of a number.
const FORMS: &[&str] = &[
    r"\b({D} ?/ ?{M} ?/ ?(?:\d{4}|0?\d{2}))\b",
    r"(?:^|[^0-9/.-])({D} ?- ?{M} ?- ?(?:(?:19|20)\d{2}|\d{2}))\b",
    r"\b({D} ?[._] ?{M} ?[._] ?(?:19|20)\d{2})\b",
    r"(?:^|[^0-9.])({D}\.{M}\.\d{2})(?:$|[^0-9.]|\.(?:$|[^0-9]))",
    r"(?:^|[^0-9] )({DD} {MM} (?:19|20)\d{2})(?:$|[^0-9])",
    r"\b((?:19|20)\d{2} ?[-/.] ?(?:0?[1-9]|1[0-2]) ?[-/.] ?{D}(?:t\d{2}:\d{2}(?::\d{2})?)?)\b",
    r"\b({D} ?[-/. ] ?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2}) ?[-/. ] ?(?:(?:19|20)\d{2}|\d{2}))\b",
    r"(?:^|[^0-9a-z/.-])({D}[-/.](?:i{1,3}|iv|vi{0,3}|ix|xi{0,2}|{MONTH}))(?:$|[^0-9a-z-])",
    r"\b({D}[-/ .]{0,3}{MONTH}\.?[-/ .]{0,3}(?:\d{4}|\d{2}))\b",
    // A machine has read 1 as l and 0 as O.
    r"\b([0-3ol][0-9ol] ?[/.-] ?[01ol][0-9ol] ?[/.-] ?[12l][09o][0-9ol]{2})\b",
    // Without a year: after a word that leads to one, before an hour, at the head of a line, after
    // another day, or in four figures.
    r"\b{BEFORE}(?:\.?:|\.)? ({D}(?:[/-]{M}|\.{MM}))(?:$|[^0-9./-]|\.(?:$|[^0-9]))",
    r"(?:\[|\()({D}[/.-]{M}),? \d{1,2}:\d{2}",
    r"(?:^|\n)({D}[/.-]{MM})(?:$|\n|:|,| -)",
    r"[/.-]\d{2,4} (?:y|al) ({D}[/.-]{M})\b",
    r"(?:^|[^0-9a-z/.,-])({DD}[/-]{MM}|{D}/(?:0?[6-9]|1[12]|0[1-5])|(?:[4-9]|[12]\d|3[01])/{M})
(?:$|[^0-9a-z/.-]|\.(?:$|[^0-9]))",
    r"(?:^|[^0-9a-z/.,-])({DD}\.(?:0[1-9]|1[0-2]))(?:$|\n|,? ?\d{1,2}:|\.(?:$|[^0-9]))",
    r"\b((?:del?|el|dias?) (?:{DAY},? ?(?:al?|y|e)? ?(?:el )?){0,3}{DAY}(?: dias)? (?:del?|d) (?:(?:este|presente|corriente|cte)
(?: mes\b| ano\b)?|los corrientes|mes (?:pasado|en curso|anterior|proximo|siguiente|entrante)))\b",
    // Day and month as their numbers, in words or figures.
    r"\b(?:el|del|al|desde|hasta|dia) ((?:{SAID}|\d{1,2}) del (?:{SAIDMONTH}|{M}))\b",
    r"\b({MONTH} {D})(?:$|[^0-9:/%-])",
    r"\b((?:{DAY}(?: dias)? ?(?:al|a|y|o|e|,|-) ?(?:el )?){0,3}{DAY}(?: ?\(\d{1,2}\))?(?: dias?)?\.?
 ?(?:del?|d)? ?(?:este |presente )?(?:mes de )?{MONTH}\b\.?(?:,? ?(?:del?|d)? ?
(?:(?:el )?(?:presente ano|ano en curso|corriente ano|ano pasado|ano (?:de )?{YEAR}\b)|{YEAR}\b))?)",
    r"\b({MONTH} {D},? ?(?:del?)? ?{YEAR})\b",
];

const BEFORE: &str = r"(?:el|del|al|dia|dias|fecha|hasta|desde|cita|control|lunes|martes|miercoles|
jueves|viernes|sabado|domingo|para|fue|antes|hoy|ayer|nacid[oa]|nacio|venc|vence|vencio|vencimiento|
caduca|emitido|emision)";

const MONTH: &str = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|
octubre|noviembre|diciembre|ene|feb|febr|mar|mzo|abr|may|jun|jul|ago|agto|sep|sept|set|setb|stbre|setbre|
sepbre|oct|octbre|nov|novbre|dic|dicbre)";

const MONTHS: [&str; 13] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

const SAID_MONTH: &str = "(?:uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)";

const SAID: &str = "(?:primero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|\
    catorce|quince|dieci(?:seis|siete|ocho|nueve)|veinte|veinti(?:uno|dos|tres|cuatro|cinco|seis|siete|\
    ocho|nueve)|treinta(?: y uno)?)";

const DAY: &str = r"\b(?:(?:\d{1,2}|[l0-3o]\d|[0-3]l)(?: ?(?:\.? ?°|\.? ?o|ero|er|ro|do|to|avo)\b|\.?°)?|primero|primer|uno|
dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|
(?:dieci|diez y )(?:seis|siete|ocho|nueve)|veinte|(?:veinti|veinte y )(?:uno|un|dos|tres|cuatro|cinco|seis|
siete|ocho|nueve)|treinta(?: y uno?)?)";

const YEAR: &str = r"(?:(?:19|20)\d{2}|2[., ]0\d{2}|2[0o][0-9ol]{2}\b|'\d{2}|\d{2}\b|
(?:dos mil|mil novecientos)(?: (?:uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|
trece|catorce|quince|(?:dieci|diez y )(?:seis|siete|ocho|nueve)|veinte|
(?:veinti|veinte y )(?:uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)|
(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?: y (?:uno|dos|tres|cuatro|cinco|
seis|siete|ocho|nueve))?))?)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_an_expression() {
        assert_eq!(patterns().len(), FORMS.len());
    }
}
