//! Addresses as Peru writes them: a street with its number, a block and lot, a settlement, a
//! kilometre of a road, one after another.

use std::sync::OnceLock;

use regex::Regex;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::pattern::pattern;
use crate::redact::detect::words::{is_function, is_particle};
use crate::redact::{SpanKind, TextSpan};

/// Proposes addresses, each from its first part to its last.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    static HEADS: OnceLock<Vec<(Head, Option<Regex>)>> = OnceLock::new();
    let heads = HEADS
        .get_or_init(|| HEAD_WORDS.iter().map(|(head, words)| (*head, pattern(words))).collect());
    let mut parts: Vec<(usize, usize, bool)> = Vec::new();
    for (head, words) in heads {
        let found = words.iter().flat_map(|words| words.find_iter(text.text()));
        parts.extend(found.filter_map(|found| {
            let first = text.word_from(found.start());
            let next = text.word_from(found.end());
            let alone = !matches!(head, Head::Room | Head::Unnumbered);
            Some((first, part(text, *head, next)?, alone))
        }));
    }
    parts.sort_unstable();
    let mut parts = parts.into_iter().peekable();
    while let Some((first, mut last, mut enough)) = parts.next() {
        let more = |last: usize, start: usize| start <= last || joins(text, last, start);
        while let Some((_, end, alone)) = parts.next_if(|(start, ..)| more(last, *start)) {
            last = last.max(end);
            enough |= alone;
        }
        if enough {
            into.push(text.span_of_words(first, last, SpanKind::Address));
        }
    }
}

/// What a part of an address begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    /// An abbreviation that is nothing else, before a street's name.
    Street,
    /// A word that is also one of every day, before a street's name.
    Way,
    /// A settlement, before its name.
    Settlement,
    /// A block, lot, floor or kilometre, before its number or letter.
    Unit,
    /// What is part of an address only beside another part, before its number.
    Room,
    /// `s/n`, likewise.
    Unnumbered,
}

/// The last word of the part that continues with the word `at`.
fn part(text: &Folded, head: Head, at: usize) -> Option<usize> {
    // A full stop after a whole word ends the sentence.
    let head_word = at.checked_sub(1).map_or("", |head| text.word(head));
    if head_word.len() > 4 && text.gap_before(at).starts_with('.') {
        return None;
    }
    match head {
        Head::Unit | Head::Room => unit(text, at),
        Head::Unnumbered => at.checked_sub(1),
        Head::Street | Head::Way | Head::Settlement => {
            let name = name(text, head, at)?;
            Some(number(text, name).unwrap_or(name))
        }
    }
}

/// Capitalised words and particles; in small letters, as many as come before a number.
fn name(text: &Folded, head: Head, at: usize) -> Option<usize> {
    let mut last = None;
    let mut figures = false;
    for next in at..at + MOST {
        let word = text.word(next);
        if word.is_empty() || (next > at && !continues(text.gap_before(next))) {
            break;
        }
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        if number && next > at && !figures {
            break;
        }
        // 28 de Julio, and villages named after nothing but a number.
        figures = number || (figures && is_particle(word));
        let road = matches!(word, "carretera" | "via" | "pista" | "trocha");
        let dated = number && text.word(next + 1) == "de";
        if text.is_capital(next) && !is_ender(word)
            || road
            || (number && (dated || (head == Head::Street && word.len() <= 3)))
        {
            last = Some(next);
        } else if !is_particle(word) {
            break;
        }
    }
    if last.is_none_or(|last| text.case(last) == Case::Lower) {
        last = small_name(text, head, at).or(last);
    }
    last
}

/// A name in small letters: up to its number, or a few words after a word that is only used so.
fn small_name(text: &Folded, head: Head, at: usize) -> Option<usize> {
    let mut last = None;
    for next in at..at + MOST {
        let word = text.word(next);
        if word.is_empty() || (next > at && !continues(text.gap_before(next))) {
            break;
        }
        if number(text, next.checked_sub(1)?).is_some() && next > at {
            return last;
        }
        // The kilometre, block or lot that goes on stands in for a number.
        let unit = matches!(word, "km" | "mz" | "mza" | "manzana" | "lt" | "lote" | "cdra" | "s");
        if unit && next > at {
            return last;
        }
        let month = next > at + 1 && text.word(next - 1) == "de";
        if is_ender(word) && !is_particle(word) || (word == "y" && !month) {
            break;
        }
        last = Some(next);
    }
    // Without a number: particles and one word of a street, two of a settlement.
    let most = match head {
        Head::Street => 1,
        Head::Settlement => 2,
        _ => return None,
    };
    let mut taken = 0;
    let mut end = None;
    for next in at..=last? {
        let word = text.word(next);
        if is_particle(word) && text.word(next) != "y" {
            continue;
        }
        taken += 1;
        end = Some(next);
        if taken == most {
            break;
        }
    }
    end
}

/// The house number that stands after a word, and what belongs to it.
fn number(text: &Folded, before: usize) -> Option<usize> {
    let gap = text.gap(before);
    if gap.len() > 4 || gap.contains(['\n', ';', '(', ')']) || gap.starts_with(". ") {
        return None;
    }
    let mut at = before + 1;
    if matches!(text.word(at), "n" | "nro" | "no" | "num" | "numero" | "nr") {
        if text.gap(at).len() > 4 {
            return None;
        }
        at += 1;
        // N.o: the raised letter folds to one of its own.
        at += usize::from(text.word(at) == "o");
    } else if matches!(text.word(at), "cdra" | "cuadra") || (text.word(at) == "c" && gap == " ") {
        at += 1;
    }
    let word = text.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let letter = word.len() <= 3 && word.bytes().any(|b| b.is_ascii_digit());
    let figure = (1..=5).contains(&digits) && word.len() <= digits + 1;
    if !(figure || (letter && at > before))
        || (is_counted(text.word(at + 1)) && text.gap(at) == " ")
    {
        // C-19: a block's letter, then the number.
        let block = word.len() == 1 && text.gap(at) == "-" && text.is_capital(at);
        let next = text.word(at + 1);
        return (block && next.bytes().all(|b| b.is_ascii_digit()) && !next.is_empty())
            .then_some(at + 1);
    }
    let tail = text.word(at + 1);
    let more = matches!(text.gap(at), "-" | " - " | "/") && tail.len() <= 4 && !tail.is_empty();
    Some(if more { at + 1 } else { at })
}

/// The number or letter of a block, lot, floor or kilometre.
fn unit(text: &Folded, at: usize) -> Option<usize> {
    let gap = text.gap_before(at);
    if gap.len() > 4 || gap.contains(['\n', ';', '(', ')']) {
        return None;
    }
    let mut at = at;
    if matches!(text.word(at), "n" | "nro" | "no" | "numero") && text.gap(at).len() <= 4 {
        at += 1;
        at += usize::from(text.word(at) == "o");
    }
    let word = text.word(at);
    let digit = word.bytes().any(|b| b.is_ascii_digit());
    let letter = word.len() <= 2 && !word.is_empty() && (text.is_capital(at) || !is_function(word));
    let roman = word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) && text.is_capital(at);
    if !((digit && word.len() <= 6) || letter || roman) || is_counted(text.word(at + 1)) {
        return None;
    }
    let mut last = at;
    while matches!(text.gap(last), "-" | "." | "'" | "+" | "/" | "\"-\"")
        && text.word(last + 1).len() <= 4
    {
        last += 1;
    }
    // The road whose kilometre it is.
    let mut road = last;
    for next in last + 1..last + 5 {
        let word = text.word(next);
        if !continues(text.gap_before(next)) {
            break;
        }
        if matches!(word, "carretera" | "via" | "autopista" | "pista" | "panamericana" | "ruta") {
            road = next;
            break;
        }
        if !is_particle(word) {
            break;
        }
    }
    if road == last {
        return Some(last);
    }
    // Towards a town.
    let towards = matches!(text.word(road + 1), "a" | "hacia" | "entre");
    let named = name(text, Head::Settlement, road + 1 + usize::from(towards));
    let mut last = named.unwrap_or(road);
    while matches!(text.gap(last), "-" | " - ") && text.is_capital(last + 1) {
        last = name(text, Head::Settlement, last + 1).unwrap_or(last + 1);
    }
    Some(last)
}

/// Whether a part may follow another.
fn joins(text: &Folded, last: usize, next: usize) -> bool {
    if next == last + 1 {
        let gap = text.gap(last);
        return gap.len() <= 4
            && !gap.contains('\n')
            && !gap.starts_with(". ")
            && !gap.contains(';');
    }
    let link = text.word(last + 1);
    next == last + 2 && matches!(link, "de" | "del" | "en" | "y") && text.gap(last).len() <= 2
}

fn continues(gap: &str) -> bool {
    matches!(gap, " " | "-" | ". " | "." | "\n" | " - " | " \"" | "\" ")
}

/// Words that no street is called by: there its name has ended.
fn is_ender(word: &str) -> bool {
    is_function(word) && !is_particle(word) || is_head(word)
}

fn is_head(word: &str) -> bool {
    matches!(
        word,
        "n" | "nro"
            | "no"
            | "mz"
            | "mza"
            | "manzana"
            | "lt"
            | "lte"
            | "lote"
            | "dpto"
            | "int"
            | "interior"
            | "piso"
            | "block"
            | "urb"
            | "cuadra"
            | "cdra"
            | "km"
            | "dni"
            | "telefono"
            | "cel"
            | "celular"
            | "distrito"
            | "provincia"
            | "s"
    )
}

/// What is counted after a number, so that the number is not a house's.
fn is_counted(word: &str) -> bool {
    COUNTED.split_whitespace().any(|counted| counted == word)
}

const COUNTED: &str = "anos ano meses mes dias dia semanas horas hora minutos soles sol veces personas \
    hijos hijas ninos ninas metros cuadras casas puertas policias hombres mujeres am pm mg kg \
    kilos fotos efectivos sujetos familias";

/// `\b` after each, so that no word is cut.
const HEAD_WORDS: &[(Head, &str)] = &[
    (
        Head::Street,
        r"\b(?:ca\.|carr\.|cl\.|c/|
(?:jr|jiron|av|avda|avenida|psje|pje|psj|prol|prolongacion|malecon|alameda)\b\.?)",
    ),
    (
        Head::Way,
        r"\b(?:calle|pasaje|carretera|callejon|quinta|ovalo|parque|autopista|trocha|paradero)\b",
    ),
    (
        Head::Settlement,
        r"\b(?:urb|urbanizacion|aa ?\.? ?hh|a\. ?h|a ?\.? ?a ?\.? ?h ?\.? ?h|ah|asent(?:amiento|\.) humano|
pp ?\.? ?jj|p\. ?j|pj|pueblo joven|c\. ?p(?:\. ?m)?|cp|cc ?\.? ?pp|centro poblado(?: menor)?|caserio|
asoc|asociacion de vivienda|asociacion|coop|cooperativa|comunidad(?: campesina| nativa)?|cc ?\.? ?nn|
conjunto habitacional|residencial|res\.|condominio|upis|fundo|hacienda|barrio|anexo|sector|
programa de vivienda|ampliacion)\b\.?",
    ),
    (
        Head::Unit,
        r"\b(?:mz|mza|mzna|manzana|lt|lte|lote|block|blok|bloque|blq|dpto|depto|km|kilometro|parcela|
cdra|sector)\b\.?",
    ),
    (
        Head::Room,
        r"\b(?:dep|departamento|int|interior|piso|etapa|torre|cuadra|zona|grupo|comite|oficina|of|
tienda|stand|puesto|cuarto)\b\.?",
    ),
    (Head::Unnumbered, r"\b(?:s ?/ ?n|s\.n\.|sin numero)\b"),
];

/// Most words of a name.
const MOST: usize = 7;
