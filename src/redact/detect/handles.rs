//! E-mail addresses, and names on social networks.

use regex::Regex;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::pattern::pattern;
use crate::redact::detect::words::{is_function, is_particle};
use crate::redact::{SpanKind, TextSpan};

/// Proposes everything with an `@`, addresses of profiles, and what stands after the name of a
/// network.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    at_signs(text, into);
    joined(text, into);
    let Some(network) = pattern(NETWORK) else { return };
    for found in network.find_iter(text.text()) {
        after_network(text, found.end(), into);
    }
}

/// The expressions that need no second look.
pub(super) fn patterns() -> Vec<(SpanKind, Option<Regex>)> {
    let spelled = r"\b((?:[a-z0-9_-]{1,40} (?:punto|guion bajo|guion|raya) ){0,4}[a-z0-9._-]{2,64} ?(?:\(at\)|\[at\]|\(a\)|\[@\]|\(@\)|\(arroba\)| arroba ) ?[a-z0-9-]{2,63}
(?:(?: ?\. ?| punto )[a-z]{2,24}){1,4})";
    // With a comma, a space or nothing where a machine or a hurried hand left out a mark.
    let slipped = r"\b([a-z0-9._+-]{1,64}(?: ?@ ?[a-z0-9-]{2,40}(?: ?[.,] ?| )| ?(?:gmail|hotmail|
yahoo|outlook|icloud)[., ]?)(?:com|pe|net|org|es|edu)\b(?:[.,]pe\b)?)";
    let spoken = r"\b(arroba [a-z0-9._]{3,40})\b";
    let said = r"\b(?:es|cuenta|usuari[oa]|perfil|nick|user|como|insta|face) ([a-z0-9_]{3,40}
(?: (?:punto|guion bajo|raya baja) [a-z0-9_]{1,40}){1,3})\b";
    let profile = r"((?:https?://)?(?:[a-z-]{1,8}\.)?\b(?:facebook|fb|instagram|tiktok|twitter|
x|youtube|youtu|t|wa|m|linkedin|snapchat|threads|discord|kwai|messenger|onlyfans|telegram)
\.(?:com|me|net|be|gg|pe)/[^ \n,;()<>]{1,200})";
    vec![
        (SpanKind::Email, pattern(spelled)),
        (SpanKind::Email, pattern(slipped)),
        (SpanKind::Handle, pattern(spoken)),
        (SpanKind::Handle, pattern(said)),
        (SpanKind::Handle, pattern(profile)),
    ]
}

/// To both sides of an `@` as far as an address can reach; each byte is read twice at most.
fn at_signs(text: &Folded, into: &mut Vec<TextSpan>) {
    let bytes = text.text().as_bytes();
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%');
    for (at, _) in text.text().match_indices('@') {
        let before = bytes.get(..at).unwrap_or_default();
        let after = bytes.get(at + 1..).unwrap_or_default();
        // Written apart: rosa @ example.pe
        let apart = usize::from(before.ends_with(b" ") && after.starts_with(b" "));
        let before = before.get(..at - apart).unwrap_or_default();
        let local = before.iter().rev().take_while(|b| part(b)).count();
        let mut name = after.iter().take_while(|b| part(b)).count();
        // A full stop ends the sentence, not the address.
        while name > 0
            && after.get(name - 1).is_some_and(|b| !b.is_ascii_alphanumeric() && *b != b'_')
        {
            name -= 1;
        }
        if local > 0 && name > 0 {
            into.push(text.span(at - local, at + 1 + name, SpanKind::Email));
        } else if name > 1 {
            into.push(text.span(at, at + 1 + name, SpanKind::Handle));
        } else if let Some(rest) = after.strip_prefix(b" ").filter(|_| name == 0) {
            // Apart from what follows: rosa@ example.pe, @ flor_q
            let host = rest.iter().take_while(|b| part(b)).count();
            let host = rest.get(..host).unwrap_or_default();
            let letter = host.first().is_some_and(u8::is_ascii_alphabetic);
            if local > 1 && host.contains(&b'.') {
                into.push(text.span(at - apart - local, at + 2 + host.len(), SpanKind::Email));
            } else if letter && host.len() > 2 {
                into.push(text.span(at, at + 2 + host.len(), SpanKind::Handle));
            }
        }
    }
}

/// Words that an underscore joins, and three small ones or more that full stops join: flor_q,
/// flor.quispe.q; other than the names of fields and of sites.
fn joined(text: &Folded, into: &mut Vec<TextSpan>) {
    let joins =
        |gap: &str| (1..=3).contains(&gap.len()) && gap.bytes().all(|b| matches!(b, b'.' | b'_'));
    let mut at = 0;
    while at < text.words().len() {
        let (first, mut underscore) = (at, false);
        while at + 1 < text.words().len() && joins(text.gap(at)) {
            underscore |= text.gap(at).contains('_');
            at += 1;
        }
        let mut words = (first..=at).map(|at| text.word(at));
        let letters = words.clone().any(|word| word.bytes().any(|b| b.is_ascii_alphabetic()));
        let field = text.gap(at).trim_start_matches('"').starts_with(':');
        let small = (first..=at).all(|at| text.case(at) == Case::Lower);
        let site = words.any(|word| SITES.contains(&word));
        let begins = text.word(first).len() > 2 && !text.word(first).starts_with(char::is_numeric);
        let before = first.checked_sub(1).map_or("", |before| text.word(before));
        let told = at > first && TELLS.contains(&before) && text.word(at).len() > 2;
        let trailing = text.gap(at).starts_with('_') && at > first;
        underscore |= trailing;
        if underscore && letters && !field || (at > first + 1 || told) && small && begins && !site {
            let start = text.words().get(first).map_or(0, |word| word.start);
            let end = text.words().get(at).map_or(start, |word| word.end);
            into.push(text.span(start, end + usize::from(trailing), SpanKind::Handle));
        }
        at += 1;
    }
}

/// What a network's name introduces: a word no language has, one in quotes, or any after `es`.
fn after_network(text: &Folded, end: usize, into: &mut Vec<TextSpan>) {
    let begin = text.word_from(end);
    let mut introduced = false;
    // Users and accounts are in every note; what is capital after them need not be a profile.
    let usual = begin.checked_sub(1).is_some_and(|network| {
        matches!(text.word(network), "usuario" | "usuaria" | "cuenta" | "redes" | "nick")
    });
    for at in begin..begin + MOST {
        let gap = text.gap_before(at);
        if gap.len() > 4 || gap.contains('\n') || gap.starts_with(". ") {
            return;
        }
        introduced |= gap.contains([':', '"', '\'']);
        let Some(word) = text.words().get(at) else { return };
        let (first, mut last) = (at, at);
        // Dots, dashes and underscores join the words of a handle.
        while matches!(text.gap(last), "." | "_" | "-" | "__" | "._" | "_." | "..")
            && last + 1 < text.words().len()
        {
            last += 1;
        }
        let digits = text.word(last).ends_with(|c: char| c.is_ascii_digit())
            && text.word(last).starts_with(|c: char| c.is_alphabetic());
        let folded = text.word(at);
        if last > first || digits {
            let underscore = text.slice(word.start.saturating_sub(1), word.start) == "_";
            let end = text.words().get(last).map_or(word.end, |word| word.end);
            let end = end + usize::from(text.slice(end, end + 1) == "_");
            into.push(text.span(word.start - usize::from(underscore), end, SpanKind::Handle));
            return;
        }
        // All that stands in quotes, whatever the words.
        if gap.ends_with('"')
            && let Some(more) = ahead(text, word.start).find('"')
        {
            into.push(text.span(word.start, word.start + more, SpanKind::Handle));
            return;
        }
        // A name may begin with an article: `se llama La Verdad de Ana`.
        let titled = introduced && text.is_capital(first) && text.is_capital(first + 1);
        let link = !titled && LINKS.split_whitespace().any(|link| link == folded);
        if !link {
            let named = text.is_capital(first) && !usual;
            let word = (introduced && folded.len() > 3 || named) && !is_function(folded);
            if titled || word {
                into.push(shown(text, first, gap.ends_with(['"', '\''])));
            }
            return;
        }
        introduced |=
            matches!(folded, "es" | "como" | "usuario" | "usuaria" | "user" | "nick" | "llama");
    }
}

/// A name that is shown on a profile: capitalised words, with what stands in brackets after them.
fn shown(text: &Folded, first: usize, quoted: bool) -> TextSpan {
    let mut last = first;
    for next in first + 1..first + MOST {
        if text.gap(next - 1) != " " || !(quoted || text.is_capital(first)) {
            break;
        }
        if text.is_capital(next) {
            last = next;
        } else if !is_particle(text.word(next)) {
            break;
        }
    }
    let start = text.words().get(first).map_or(0, |word| word.start);
    let end = text.words().get(last).map_or(start, |word| word.end);
    let bracket = ahead(text, end).strip_prefix(" (").filter(|_| text.is_capital(last + 1));
    let more = bracket.and_then(|rest| rest.find(')')).map_or(0, |at| at + " ()".len());
    text.span(start, end + more, SpanKind::Handle)
}

/// As much of the text after a byte as a name may be long.
fn ahead(text: &Folded, start: usize) -> &str {
    let rest = text.slice(start, text.text().len());
    rest.get(..rest.floor_char_boundary(LONGEST)).unwrap_or_default()
}

const NETWORK: &str = r"\b(?:instagram|insta|ig|tik ?tok|facebook|face|fb|twitter|telegram|snapchat|
messenger|kwai|discord|roblox|free fire|youtube|threads|onlyfans|badoo|tinder|bigo|redes|perfil|
usuari[oa]|nick|cuenta)\b";

/// What leads to the name of an account of two words.
const TELLS: &[&str] = &[
    "desde", "era", "es", "usuario", "usuaria", "como", "cuenta", "perfil", "nick", "user",
    "llama", "snap", "tambien",
];

const LINKS: &str = "que es como usuario usuaria user nick llama se cuenta perfil la el su un una de con \
    nombre aparece figura en llamado llamada bajo facebook instagram tiktok telegram insta face fb \
    messenger ella mi tiene era hace llamar grupo canal pagina solo falso falsa detectada red social redes";

/// Of an office or a shop rather than of somebody.
const SITES: &[&str] = &["www", "gob", "edu", "org", "com", "mil"];

/// Longest name in quotes or brackets, in bytes.
const LONGEST: usize = 48;
/// Most words between a network and a name on it.
const MOST: usize = 7;
