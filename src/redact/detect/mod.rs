//! Spans of a free text that may identify somebody.
//!
//! What has a form (documents, telephones, plates, days) is found by its form; what is recorded
//! in the case is found however it is spelled. A stranger's name is found by luck at best: a
//! proposal is where a person begins to read, never a reason not to.
//!
//! A text is folded once, each byte remembering its scalar value; every search runs over the
//! folded text and its words, and none does more than a bounded amount of work for each.

mod addresses;
mod announced;
mod codes;
mod dates;
mod districts;
mod folded;
mod handles;
mod kind;
mod known;
mod names;
mod numbers;
mod pattern;
mod person;
mod recorded;
mod slip;
mod span;
mod spoken;
mod unlisted;
mod words;

pub use kind::SpanKind;
pub use known::KnownPeople;
pub use person::KnownPerson;
pub use span::TextSpan;

use std::sync::OnceLock;

use regex::Regex;

use folded::Folded;

/// Proposes the spans of a text that may identify somebody, sorted and apart from each other.
///
/// # Security
///
/// A text without proposals is not a text without names. Nothing here knows a stranger's name, a
/// place by its description, or a story that only one person can have lived: a person reads all
/// of it before it leaves.
#[must_use]
pub fn propose(text: &str, known: &KnownPeople) -> Vec<TextSpan> {
    let text = Folded::new(text);
    let mut spans = Vec::new();
    for (kind, pattern) in patterns() {
        matches(&text, *kind, pattern, &mut spans);
    }
    dates::find(&text, &mut spans);
    numbers::find(&text, &mut spans);
    numbers::find_apart(&text, &mut spans);
    codes::find(&text, &mut spans);
    spoken::find(&text, &mut spans);
    handles::find(&text, &mut spans);
    names::find(&text, known, &mut spans);
    addresses::find(&text, &mut spans);
    districts::find(&text, &mut spans);
    recorded::find(&text, known, &mut spans);
    span::merged(spans)
}

/// The first group of each match, without white space at its ends.
fn matches(text: &Folded, kind: SpanKind, pattern: &Regex, into: &mut Vec<TextSpan>) {
    let mut at = 0;
    while let Some(found) = pattern.captures_at(text.text(), at).and_then(|found| found.get(1)) {
        let end = found.start() + found.as_str().trim_end().len();
        let start = found.end() - found.as_str().trim_start().len();
        if kind != SpanKind::FileNumber || !numbers::is_law(text, start) {
            into.push(text.span(start, end, kind));
        }
        at = found.end();
    }
}

fn patterns() -> &'static [(SpanKind, Regex)] {
    static PATTERNS: OnceLock<Vec<(SpanKind, Regex)>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let all = announced::patterns().into_iter().chain(handles::patterns());
        all.filter_map(|(kind, pattern)| Some((kind, pattern?))).collect()
    })
}

#[cfg(test)]
mod tests;
