//! Names: of people recorded in the case, and of whoever stands after a title.
//!
//! A word is looked up as it is folded, as it sounds, as people shorten it, and with one slip
//! of the pen. Whether it is proposed depends on how sure that is: `Quispe` always, `Rosa` with a
//! capital, `rosa` where something next to it says that a name is meant.

mod familiar;
mod index;
mod initials;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::words::{
    acted, announces, is_function, is_office, is_ordinary, is_particle, is_said, is_title,
    is_weekday,
};
use crate::redact::{KnownPeople, SpanKind, TextSpan};
use index::{Certainty, Found, Index, Memory};

/// Proposes names of known people, and capitalised names after a title.
pub(super) fn find(text: &Folded, known: &KnownPeople, into: &mut Vec<TextSpan>) {
    let names = Names::new(text, Index::new(known));
    let mut at = 0;
    while at < text.words().len() {
        match names.run(at) {
            Some(run) => {
                at = run.last + 1;
                into.push(names.span(&run));
            }
            None => at += 1,
        }
    }
    names.initials(into);
    names.spaced(into);
    names.after_titles(into);
}

/// For each word of a text, whom it names.
struct Names<'a> {
    text: &'a Folded,
    index: Index,
    hits: Vec<Option<Vec<usize>>>,
}

/// Names in a row, from one word to another.
struct Run {
    first: usize,
    last: usize,
    /// Who has all of these names.
    people: Vec<usize>,
}

impl<'a> Names<'a> {
    fn new(text: &'a Folded, index: Index) -> Self {
        let mut memory = Memory::default();
        let words = 0..if index.is_empty() { 0 } else { text.words().len() };
        let found: Vec<Option<Found>> =
            words.map(|at| memory.look_up(&index, text.word(at))).collect();
        let mut names = Self { text, index, hits: Vec::new() };
        names.hits = found
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let word = word.as_ref()?;
                let before = at.checked_sub(1).map_or("", |before| text.word(before));
                if matches!((before, text.word(at)), ("cruz", "roja"))
                    || matches!((text.word(at), text.word(at + 1)), ("cruz", "roja"))
                {
                    return None;
                }
                if names.is_thing(at, word.certainty) {
                    return None;
                }
                let enough = match word.certainty {
                    Certainty::Sure => true,
                    Certainty::Likely => text.is_capital(at) || names.is_announced(at),
                    Certainty::Doubtful => names.is_announced(at),
                };
                enough.then(|| word.people.clone())
            })
            .collect();
        names.spread(&found);
        names
    }

    /// A day of the week, and what a number is given to: Ley 30364, Linea 100, 2 copias.
    fn is_thing(&self, at: usize, certainty: Certainty) -> bool {
        let text = self.text;
        let figures = text.word(at + 1);
        let few = figures.len() < 8 && figures.starts_with(|c: char| c.is_ascii_digit());
        let aged = matches!(text.word(at + 2), "ano" | "anos" | "mes" | "meses");
        let numbered = few && !aged && text.gap(at) == " " && certainty != Certainty::Sure;
        (numbered || is_weekday(text.word(at))) && !self.is_announced(at)
    }

    /// A word that could be a name is one beside another name of the same person.
    fn spread(&mut self, found: &[Option<Found>]) {
        let count = found.len();
        for at in (0..count).chain((0..count).rev()) {
            let Some(Some(word)) = found.get(at) else { continue };
            if self.hit(at).is_some() {
                continue;
            }
            let beside = self.beside(at).into_iter().flatten().any(|other| {
                let sure = self.hit(other);
                let likely = word.certainty == Certainty::Likely;
                let also = found.get(other).and_then(Option::as_ref);
                let also = also.filter(|it| likely && it.certainty == Certainty::Likely);
                let people = sure.or(also.map(|it| it.people.as_slice()));
                people.is_some_and(|people| shared(people, &word.people).next().is_some())
            });
            if beside && let Some(hit) = self.hits.get_mut(at) {
                *hit = Some(word.people.clone());
            }
        }
    }

    /// The next words to both sides that are no particles.
    fn beside(&self, at: usize) -> [Option<usize>; 2] {
        let near = |gap: &str| gap.len() <= 2 && !gap.contains(['.', ';', ':', '(', ')']);
        let mut sides = [None, None];
        let mut left = at;
        for _ in 0..=MAX_BETWEEN {
            if left == 0 || !near(self.text.gap_before(left)) {
                break;
            }
            left -= 1;
            if !is_particle(self.text.word(left)) {
                sides[0] = Some(left);
                break;
            }
        }
        let mut right = at;
        for _ in 0..=MAX_BETWEEN {
            if !near(self.text.gap(right)) || right + 1 >= self.hits.len() {
                break;
            }
            right += 1;
            if !is_particle(self.text.word(right)) {
                sides[1] = Some(right);
                break;
            }
        }
        sides
    }

    fn hit(&self, at: usize) -> Option<&[usize]> {
        self.hits.get(at)?.as_deref()
    }

    /// Whether the words around say that a name stands here.
    fn is_announced(&self, at: usize) -> bool {
        let text = self.text;
        let close = |gap: &str| gap.len() <= 3 && !gap.contains([';', '\n']);
        let before = |by: usize| {
            let index = at.checked_sub(by)?;
            close(text.gap(index)).then(|| text.word(index))
        };
        let Some(first) = before(1) else {
            return is_said(text.word(at + 1)) && text.gap(at) == " ";
        };
        if announces(first) || (acted(first) && text.gap_before(at) == " ") {
            return true;
        }
        // Her number follows, or his title leads over the particles of a name.
        let digits = text.word(at + 1);
        let numbered = digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit());
        let led = self.index.is_led(text.word(at));
        let mut over = (1..=MAX_BETWEEN).map_while(before).skip_while(|word| is_particle(word));
        if numbered || (led && over.next().is_some_and(announces)) {
            return true;
        }
        let acts = text.gap(at) == " " && is_said(text.word(at + 1));
        let joins = matches!(first, "que" | "porque" | "cuando" | "si" | "pero" | "y" | "mientras");
        let begins = text.gap_before(at).contains(['.', ':']);
        if acts && (begins || joins || !is_function(first)) {
            return true;
        }
        // To somebody; but not to give birth, nor to the skin.
        if matches!(first, "a" | "con") {
            let idiom = IDIOMS.contains(&text.word(at)) || text.word(at + 1) == "de";
            return !idiom;
        }
        // Whoever does something without an article is somebody.
        if text.gap(at) == " "
            && matches!(text.word(at + 1), "no" | "se" | "le" | "les" | "me" | "nos" | "ya")
            && matches!(first, "que" | "eso" | "y" | "cuando" | "pero" | "porque" | "si" | "como")
        {
            return true;
        }
        let second = before(2).unwrap_or_default();
        // At hers: `la casa de flor`, but not one in the fields.
        if matches!(first, "de" | "d") && second == "casa" {
            return !IDIOMS.contains(&text.word(at));
        }
        let link = matches!(first, "mayor" | "menor" | "la" | "el" | "de" | "es" | "era" | "llama");
        link && announces(second) && second != "menor"
    }

    /// The names in a row that begin at a word.
    fn run(&self, first: usize) -> Option<Run> {
        let mut people = self.hit(first)?.to_vec();
        let (mut last, mut is_one) = (first, true);
        while let Some(next) = self.next_name(last, &people) {
            let hers = self.hit(next).unwrap_or_default();
            let both: Vec<usize> = shared(&people, hers).collect();
            is_one &= !both.is_empty();
            if is_one {
                people = both;
            }
            last = next;
        }
        if !is_one {
            people.clear();
        }
        let begins = self.led_from(first);
        let begins = self.abbreviated(begins, &people).unwrap_or(begins);
        Some(Run { first: begins, last: self.followed_to(last), people })
    }

    /// The next name of a row: beside the last, or after particles, initials, or one unknown
    /// word if both are the same person's.
    fn next_name(&self, last: usize, people: &[usize]) -> Option<usize> {
        let text = self.text;
        let (mut strange, mut joins) = (0, false);
        for next in last + 1..=last + 1 + MAX_BETWEEN {
            let gap = text.gap(next - 1);
            let comma = gap.contains(',');
            if gap.len() > 3 || !gap.chars().all(|c| matches!(c, ' ' | '\n' | '-' | '.' | ',')) {
                return None;
            }
            let initial = text.word(next - 1).len() == 1 && next - 1 != last;
            if gap.starts_with('.') && !initial {
                return None;
            }
            let word = text.word(next);
            joins |= comma || matches!(word, "y" | "e");
            if let Some(hers) = self.hit(next) {
                let same = shared(people, hers).next().is_some();
                return (same || !(joins || strange > 0)).then_some(next);
            }
            if is_particle(word) || (word.len() == 1 && text.is_capital(next)) {
                continue;
            }
            if text.case(next) != Case::Title || is_function(word) {
                return None;
            }
            strange += 1;
        }
        None
    }

    /// Particles and initials before a name belong to it: De la Cruz, R. Quispe.
    fn led_from(&self, first: usize) -> usize {
        let text = self.text;
        let led = self.index.is_led(text.word(first));
        let (mut from, mut at) = (first, first);
        for _ in 0..MAX_BETWEEN {
            let Some(before) = at.checked_sub(1) else { break };
            let (word, gap) = (text.word(before), text.gap(before));
            let particle = is_particle(word) && word.len() > 1 && gap == " ";
            let short = word.len() == 1 || word == "ma";
            let initial = short && gap.starts_with('.') && gap.len() <= 2;
            if !(particle || initial) {
                break;
            }
            at = before;
            if led && particle || text.is_capital(before) {
                from = before;
            }
        }
        from
    }

    /// Given names of which only the initials stand before a surname: MDC Huertas.
    fn abbreviated(&self, first: usize, people: &[usize]) -> Option<usize> {
        let before = first.checked_sub(1).filter(|before| self.text.gap(*before) == " ")?;
        let word = self.text.word(before);
        let letter = word.chars().next().filter(|_| (2..=4).contains(&word.len()))?;
        let apart = self.text.case(before) == Case::Upper && self.text.case(first) == Case::Title;
        (apart && self.index.begins(letter, people)).then_some(before)
    }

    /// Capitalised words and initials after a name are more of it: nobody recorded all of it.
    fn followed_to(&self, last: usize) -> usize {
        let text = self.text;
        let mut to = last;
        let mut next = last;
        for _ in 0..MAX_BETWEEN {
            let after_initial = next > last && text.word(next).len() == 1;
            if !(matches!(text.gap(next), " " | "-")
                || after_initial && matches!(text.gap(next), ". " | "."))
            {
                break;
            }
            next += 1;
            let word = text.word(next);
            let dotted = text.gap(next).starts_with('.');
            let joins = matches!(word, "y" | "e") && !(dotted && text.is_capital(next));
            // Another known name is a span of its own.
            if self.hit(next).is_some() || joins {
                break;
            }
            if is_particle(word) && text.gap(next) == " " {
                continue;
            }
            let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase());
            let small = dotted && !matches!(word, "a" | "o" | "u");
            let initial = letter && (text.case(next) == Case::Upper || small);
            // After an initial a capital may begin a sentence.
            let named = text.case(next) == Case::Title
                && !is_function(word)
                && word.len() > 1
                && !(after_initial && text.gap(next - 1).starts_with('.'));
            if !(initial || named) {
                break;
            }
            to = next;
        }
        to
    }

    fn span(&self, run: &Run) -> TextSpan {
        let who = if let [one] = run.people.as_slice() { Some(*one) } else { None };
        self.person(run.first, run.last).naming(who)
    }

    /// Names in a row; the full stop after an initial is part of it.
    fn person(&self, first: usize, last: usize) -> TextSpan {
        let text = self.text;
        let gap = text.gap(last);
        let short = text.word(last).len() <= 4 && gap.starts_with(".,");
        let initial = text.word(last).len() == 1 && gap.starts_with('.') || short;
        match text.words().get(first).zip(text.words().get(last).filter(|_| initial)) {
            Some((from, to)) => text.span(from.start, to.end + 1, SpanKind::Person),
            None => text.span_of_words(first, last, SpanKind::Person),
        }
    }

    /// `la senora Juana Perez`, recorded or not.
    fn after_titles(&self, into: &mut Vec<TextSpan>) {
        let text = self.text;
        for at in 0..text.words().len() {
            // Abbreviations end with a full stop, and so do sentences about somebody's mother.
            let short = text.word(at).len() <= 4;
            let gap = match text.gap(at) {
                " " | ": " => true,
                ". " | "." => short,
                _ => false,
            };
            let first = at + 1;
            let word = text.word(first);
            let named = text.case(first) == Case::Title
                || (text.case(first) == Case::Upper && !is_ordinary(word));
            if gap
                && named
                && is_title(text.word(at))
                && !(is_function(word) || is_office(word) || is_title(word))
                && !word.chars().all(char::is_numeric)
            {
                into.push(self.person(first, self.followed_to(first)));
            }
        }
    }
}

fn shared<'a>(a: &'a [usize], b: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    a.iter().copied().filter(|who| b.contains(who))
}

/// Most words between two names of a row.
const MAX_BETWEEN: usize = 3;
/// What is done to or with these is no person.
const IDIOMS: &[&str] = &[
    "luz",
    "paz",
    "dolores",
    "flores",
    "esperanza",
    "consuelo",
    "salud",
    "sol",
    "alegria",
    "fe",
    "gracia",
    "socorro",
    "soledad",
    "victoria",
    "cruz",
    "campo",
    "campos",
    "mar",
    "gloria",
];
