//! Values of the case, wherever they stand in a text and however they are spaced.

use aho_corasick::{AhoCorasick, MatchKind};
use zeroize::Zeroizing;

use crate::redact::detect::folded::Folded;
use crate::redact::detect::words::is_ordinary;
use crate::redact::{KnownPeople, SpanKind, TextSpan};
use crate::schema::fold::folded;

/// Proposes what equals a recorded value or alias when only letters and digits are compared.
pub(super) fn find(text: &Folded, known: &KnownPeople, into: &mut Vec<TextSpan>) {
    let mut patterns: Vec<Zeroizing<String>> = Vec::new();
    let mut what = Vec::new();
    let values = known.values.iter().map(|value| (value, SpanKind::Recorded, None));
    let aliases = known.people.iter().enumerate().flat_map(|(who, person)| {
        person.aliases.iter().map(move |alias| (alias, SpanKind::Person, Some(who)))
    });
    for (value, kind, who) in values.chain(aliases) {
        let value = folded(value.expose());
        // One ordinary word is an alias only where it looks like a name.
        let ordinary = kind == SpanKind::Person && is_ordinary(value.expose().trim());
        let mut bare = Zeroizing::new(String::with_capacity(value.expose().len()));
        bare.extend(value.expose().chars().filter(|c| c.is_alphanumeric()));
        if (SHORTEST..=LONGEST).contains(&bare.chars().count()) && !ordinary {
            patterns.push(bare);
            what.push((kind, who));
        }
    }
    let patterns = patterns.iter().map(|pattern| pattern.as_bytes());
    let Ok(search) = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns) else {
        return;
    };
    let squeezed = Squeezed::new(text);
    for found in search.find_overlapping_iter(squeezed.text.as_bytes()) {
        let start = squeezed.starts.get(found.start()).copied().flatten();
        let end = squeezed.ends.get(found.end()).copied().flatten();
        let what = what.get(found.pattern().as_usize());
        if let (Some(start), Some(end), Some((kind, who))) = (start, end, what) {
            into.push(text.span(start, end, *kind).naming(*who));
        }
    }
}

/// The letters and digits of a text alone, and where its words began and ended.
struct Squeezed {
    text: Zeroizing<String>,
    /// For each byte, the byte of the folded text where a word begins.
    starts: Vec<Option<usize>>,
    /// For each byte and the one after the last, where a word has ended.
    ends: Vec<Option<usize>>,
}

impl Squeezed {
    fn new(text: &Folded) -> Self {
        let mut squeezed = Zeroizing::new(String::with_capacity(text.text().len()));
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for (index, word) in text.words().iter().enumerate() {
            starts.resize(squeezed.len(), None);
            starts.push(Some(word.start));
            squeezed.extend(text.word(index).chars().filter(|c| c.is_alphanumeric()));
            ends.resize(squeezed.len(), None);
            ends.push(Some(word.end));
        }
        Self { text: squeezed, starts, ends }
    }
}

/// Fewer letters and digits would be found everywhere.
const SHORTEST: usize = 4;
/// A value that is longer is a text of its own, not an identifier.
const LONGEST: usize = 256;
