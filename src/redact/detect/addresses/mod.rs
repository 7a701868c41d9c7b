//! Addresses as Peru writes them: a street with its number, a block and lot, a settlement, a
//! kilometre of a road, one after another.

mod around;
mod words;

use std::sync::OnceLock;

use regex::Regex;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::pattern::pattern;
use crate::redact::detect::spoken;
use crate::redact::detect::words::{is_counted, is_function, is_numbered, is_particle};
use crate::redact::{SpanKind, TextSpan};
use words::{HEAD_WORDS, Head, is_ender, is_month};

/// Proposes addresses, each from its first part to its last.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    static HEADS: OnceLock<Vec<(Head, Option<Regex>)>> = OnceLock::new();
    let heads = HEADS
        .get_or_init(|| HEAD_WORDS.iter().map(|(head, words)| (*head, pattern(words))).collect());
    let mut parts: Vec<(usize, usize, u8)> = Vec::new();
    for (head, words) in heads {
        let found = words.iter().flat_map(|words| words.find_iter(text.text()));
        parts.extend(found.filter_map(|found| {
            let first = text.word_from(found.start());
            let next = text.word_from(found.end());
            let last = part(text, *head, next)?;
            // A street in small letters alone is any street: `por la calle del molino`.
            let any = *head == Head::Way
                && text.case(last) == Case::Lower
                && !text.word(last).starts_with(|c: char| c.is_ascii_digit());
            Some((first, last, if any { 1 } else { weight(*head) }))
        }));
    }
    parts.extend((1..text.words().len()).filter_map(|at| numbered(text, at)));
    parts.sort_unstable();
    let free = free(text, into);
    let is_free = |at: usize| free.get(at).copied().unwrap_or(false);
    let mut parts = parts.into_iter().peekable();
    while let Some((first, mut last, mut weight)) = parts.next() {
        let more = |last: usize, start: usize| start <= last || joins(text, last, start);
        loop {
            let reach = around::last(text, last, &is_free);
            let next = parts.next_if(|(start, ..)| more(last, *start) || more(reach, *start));
            let Some((_, end, also)) = next else {
                last = reach;
                break;
            };
            last = last.max(end);
            weight = weight.saturating_add(also);
        }
        if weight >= ENOUGH {
            let first = around::first(text, first, &is_free);
            into.push(closed(text, first, last));
        }
    }
}

/// From one word to another, with the quote or bracket that closes one within.
fn closed(text: &Folded, first: usize, last: usize) -> TextSpan {
    let start = text.words().get(first).map_or(0, |word| word.start);
    let end = text.words().get(last).map_or(start, |word| word.end);
    let within = text.slice(start, end);
    let open = (text.gap(last).starts_with(')') && within.contains('('))
        || (text.gap(last).starts_with('"') && within.matches('"').count() % 2 == 1);
    text.span(start, end + usize::from(open), SpanKind::Address)
}

/// For each word, whether no known person is named by it.
fn free(text: &Folded, spans: &[TextSpan]) -> Vec<bool> {
    let mut people: Vec<TextSpan> = spans.to_vec();
    people.retain(|span| span.kind == SpanKind::Person && span.who.is_some());
    people.sort_unstable_by_key(|span| span.start);
    let mut people = people.into_iter().peekable();
    let words = 0..text.words().len();
    words
        .map(|at| {
            let word = text.span_of_words(at, at, SpanKind::Other);
            while people.next_if(|person| person.end <= word.start).is_some() {}
            people.peek().is_none_or(|person| person.start >= word.end)
        })
        .collect()
}

/// How much a part says of itself: two rooms, or a building and a room, are an address too.
const fn weight(head: Head) -> u8 {
    match head {
        Head::Room | Head::Whole | Head::Site => 1,
        _ => ENOUGH,
    }
}

const ENOUGH: u8 = 2;

/// A street without a word for it, after one that leads to a place: `en Huallaga 744`.
fn numbered(text: &Folded, at: usize) -> Option<(usize, usize, u8)> {
    let before = text.word(at - 1);
    let leads = matches!(
        before,
        "en" | "por" | "de" | "a" | "desde" | "hasta" | "x" | "direccion" | "domicilio"
    );
    if !leads || !matches!(text.gap(at - 1), " " | ": ") {
        return None;
    }
    let named = |at: usize| text.case(at) == Case::Title && !is_numbered(text.word(at));
    if !named(at) {
        return None;
    }
    let more = (at + 1..at + MOST).take_while(|next| {
        text.gap(next - 1) == " " && (named(*next) || is_particle(text.word(*next)))
    });
    let last = more.last().unwrap_or(at);
    let house = number(text, last)?;
    let digits = text.word(last + 1);
    let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let small = digits.len() < 2 || !digits.bytes().all(|b| b.is_ascii_digit());
    (text.gap(last) == " " && !year && !small).then_some((at, house, ENOUGH))
}

/// The last word of the part that continues with the word `at`.
fn part(text: &Folded, head: Head, at: usize) -> Option<usize> {
    // A full stop after a whole word ends the sentence, a comma what it says.
    let head_word = at.checked_sub(1).map_or("", |head| text.word(head));
    let ended = ['.', ',', ';'].iter().any(|mark| text.gap_before(at).starts_with(*mark));
    let short = matches!(head_word, "prolong" | "transv" | "carret" | "pasaj");
    let whole = (head_word.len() > 4 && !short) || matches!(head_word, "lote" | "piso");
    if whole && ended && head != Head::Whole {
        return None;
    }
    match head {
        Head::Unit | Head::Room => unit(text, at),
        Head::Whole => at.checked_sub(1),
        Head::Street | Head::Way | Head::Settlement | Head::Site => {
            let towards = head == Head::Way && matches!(text.word(at), "a" | "hacia");
            let name = name(text, head, at + usize::from(towards))?;
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
        let month = is_month(word) && next > at + 1 && text.word(next - 1) == "de";
        if text.is_capital(next) && !is_ender(word)
            || road
            || month
            || (number
                && (dated
                    || (matches!(head, Head::Street | Head::Way)
                        && word.len() <= 3
                        && !is_counted(text.word(next + 1)))))
        {
            last = Some(next);
        } else if !is_particle(word) {
            break;
        }
    }
    let small = |last: usize| text.case(last) == Case::Lower && !is_month(text.word(last));
    if last.is_none_or(small) {
        last = small_name(text, head, at).or(last);
    }
    last
}

/// A name in small letters: up to its number, or a few words after a word that is only used so.
fn small_name(text: &Folded, head: Head, at: usize) -> Option<usize> {
    let mut last = None;
    if head == Head::Settlement && text.word(at).starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
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
        let filed = is_numbered(word);
        if is_ender(word) && !is_particle(word) || (word == "y" && !month) || filed {
            break;
        }
        last = Some(next);
    }
    // Without a number: particles and one word of a street, two of a settlement.
    let most = match head {
        Head::Street | Head::Way => 1,
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
    // In words, from a hundred on: fewer are also names of streets.
    if let Some((last, digits)) = spoken::number(text, at)
        && (digits.len() > 2 || at > before + 1)
    {
        return Some(last);
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
    if let Some((last, _)) = spoken::number(text, at)
        && !is_counted(text.word(last + 1))
    {
        return Some(last);
    }
    let word = text.word(at);
    let digit = word.bytes().any(|b| b.is_ascii_digit());
    // A small a, e, o or y is a letter where the lot comes next.
    let lettered = text.is_capital(at)
        || !is_function(word)
        || (word.len() == 1 && matches!(text.word(at + 1), "lt" | "lte" | "lote"));
    let letter = word.len() <= 2 && !word.is_empty() && lettered;
    let roman = word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) && text.is_capital(at);
    if !((digit && word.len() <= 6) || letter || roman) || is_counted(text.word(at + 1)) {
        return None;
    }
    let mut last = at;
    while matches!(text.gap(last), "-" | "." | "'" | "+" | " + " | "/" | "\"-\"")
        && (1..=4).contains(&text.word(last + 1).len())
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
        if matches!(
            word,
            "carretera" | "via" | "autopista" | "pista" | "panamericana" | "ruta" | "trocha"
        ) {
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
    next == last + 2
        && matches!(link, "de" | "del" | "en" | "y" | "con" | "esq")
        && text.gap(last).len() <= 2
}

fn continues(gap: &str) -> bool {
    matches!(gap, " " | "-" | ". " | "." | "\n" | " - " | " \"" | "\" ")
}

/// Most words of a name.
const MOST: usize = 7;
