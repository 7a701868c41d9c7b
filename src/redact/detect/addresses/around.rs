//! What an address goes on with and what leads to it: `segundo piso, puerta azul`, `al costado de
//! la posta`, `la ultima casa de`, the settlement before a block.

use super::words::{is_month, is_ordinal, is_within};
use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::words::{is_function, is_particle, is_said};

/// The last word of an address that ends with the word `last`, with all that it goes on with;
/// `is_free` says of a word that no known person is named by it.
pub(super) fn last(text: &Folded, last: usize, is_free: &impl Fn(usize) -> bool) -> usize {
    let mut last = last;
    for _ in 0..MOST_PHRASES {
        match phrase(text, last, is_free).or_else(|| place(text, last, is_free)) {
            Some(next) => last = next,
            None => break,
        }
    }
    last
}

/// The first word of an address that begins with the word `first`.
pub(super) fn first(text: &Folded, first: usize, is_free: &impl Fn(usize) -> bool) -> usize {
    let start = lead(text, first);
    match settlement(text, start, is_free) {
        Some(settled) => lead(text, settled),
        None => start,
    }
}

/// The first of the words that lead to an address: `los altos de`, `la esquina de`, `la`.
fn lead(text: &Folded, first: usize) -> usize {
    let (mut start, mut at) = (first, first);
    for _ in 0..MOST_WORDS {
        let Some(before) = at.checked_sub(1) else { break };
        let word = text.word(before);
        let leads = is_within(word) || is_ordinal(word);
        let article = is_article(word);
        let links = article || matches!(word, "a" | "al") || is_particle(word);
        if text.gap(before) != " " || !(leads || links) {
            break;
        }
        if leads || (article && start == at && !text.is_capital(at)) {
            start = before;
        }
        at = before;
    }
    start
}

fn is_article(word: &str) -> bool {
    matches!(word, "la" | "el" | "los" | "las")
}

/// A settlement without a word for it: `Pampa Alta Mz. 8`, `Los Pinos, Mz. C`.
fn settlement(text: &Folded, first: usize, is_free: &impl Fn(usize) -> bool) -> Option<usize> {
    let mut found = None;
    for before in (first.saturating_sub(MOST_OF_A_PLACE)..first).rev() {
        let (word, gap) = (text.word(before), text.gap(before));
        let near = gap == " " || (before + 1 == first && matches!(gap, ", " | " - "));
        let named =
            text.is_capital(before) && (!is_function(word) || is_article(word)) && is_free(before);
        if !near || !(named || is_particle(word)) {
            break;
        }
        if named {
            found = Some(before);
        }
    }
    // A sentence begins with a capital of its own.
    found.filter(|found| !text.gap_before(*found).contains(['.', '\n', '"']))
}

/// The last word of a phrase that says where in a house or beside what.
fn phrase(text: &Folded, last: usize, is_free: &impl Fn(usize) -> bool) -> Option<usize> {
    if !matches!(text.gap(last), " " | ", " | " - " | " (" | ". " | "," | " / " | "; ") {
        return None;
    }
    let mut begins = last + 1;
    for _ in 0..MOST_LEADING {
        let word = text.word(begins);
        let leads = is_ordinal(word)
            || is_particle(word)
            || matches!(word, "a" | "al" | "en" | "por" | "hay" | "ex" | "o");
        if is_within(word) || !leads || !matches!(text.gap(begins), " " | "." | ". " | ".° ") {
            break;
        }
        begins += 1;
    }
    if !is_within(text.word(begins)) || (begins > last + 1 && text.gap(last) == "; ") {
        return None;
    }
    // A new sentence may begin with a house.
    if text.gap(last) == ". " && text.case(last + 1) == Case::Title && begins - last < 2 {
        let short = text.word(last + 1).len() <= 4 || text.word(last + 1) == "referencia";
        if !short {
            return None;
        }
    }
    let mut end = begins;
    let mut at = begins;
    for _ in 0..MOST_WORDS {
        let gap = text.gap(at);
        let figure = text.word(at + 1).starts_with(|c: char| c.is_ascii_digit());
        let short = gap.starts_with('.') && (text.word(at).len() <= 4 || figure);
        if !(matches!(gap, " " | " \"" | "\" " | "-" | " - " | ": " | " # ") || short) {
            break;
        }
        at += 1;
        let word = text.word(at);
        let corner = matches!(text.word(at - 1), "esquina" | "esq" | "cruce");
        let has = word == "con" && (corner || is_within(text.word(at + 1)));
        if word.is_empty() || ENDS.contains(&word) && !has || is_said(word) || !is_free(at) {
            break;
        }
        if !(is_particle(word) || is_function(word) && word.len() > 1) {
            end = at;
        }
    }
    Some(end)
}

/// The last word of a place, a corner or a number after an address: `120, Villa Alta`,
/// `Lima con Ayacucho`, `edificio 3, 401`.
fn place(text: &Folded, last: usize, is_free: &impl Fn(usize) -> bool) -> Option<usize> {
    let gap = text.gap(last);
    let corner = gap == " " && matches!(text.word(last + 1), "con" | "esq" | "y" | "de" | "del");
    let begins = last + 1 + usize::from(corner);
    if !corner && !matches!(gap, ", " | " - " | "-" | " (") {
        return None;
    }
    let number = text.word(begins);
    let figures = number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit());
    if figures && !number.is_empty() && !corner {
        return matches!(text.gap(begins), "" | ". " | "." | ", " | "; " | ")").then_some(begins);
    }
    let mut end = None;
    for at in begins..begins + MOST_OF_A_PLACE {
        let word = text.word(at);
        let named = text.is_capital(at) && !is_function(word) && is_free(at);
        let links = is_particle(word) && end.is_some() || is_article(word) && text.is_capital(at);
        if !(named || links) || is_month(word) {
            break;
        }
        if named {
            end = Some(at);
        }
        if text.gap(at) != " " {
            break;
        }
    }
    let end = end?;
    // Whoever does something after a comma is no place.
    let after = text.gap(end).trim_start_matches(' ');
    let closed =
        after.starts_with(['.', ',', ';', ')', '\n', '-', '/']) || end + 1 == text.words().len();
    (closed || (corner && text.case(end) == Case::Title)).then_some(end)
}

/// There what stands around a house has ended.
const ENDS: &[&str] = &[
    "que",
    "donde",
    "cuando",
    "con",
    "pero",
    "porque",
    "se",
    "no",
    "le",
    "me",
    "quien",
    "para",
    "y",
    "desde",
    "su",
    "mi",
    "sus",
    "ella",
    "ya",
    "hasta",
    "como",
    "dni",
    "cel",
    "celular",
    "telefono",
    "telf",
    "distrito",
    "provincia",
    "hoy",
    "ayer",
    "es",
    "esta",
    "tiene",
    "hace",
    "cuyo",
    "cuya",
];

const MOST_PHRASES: usize = 6;
const MOST_WORDS: usize = 9;
const MOST_LEADING: usize = 5;
const MOST_OF_A_PLACE: usize = 5;
