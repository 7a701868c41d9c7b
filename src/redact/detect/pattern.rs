//! Regular expressions over folded text, written short.

use regex::Regex;

/// Compiles an expression over folded text, in which a space is white space, `{N}` is what may
/// stand between a word and its number, and `\b` looks at ASCII only; `None` never matches.
///
/// Every repetition in an expression is bounded: a search that had to look to the end of the
/// text before it could decide would be quadratic on a text made for it.
pub(super) fn pattern(source: &str) -> Option<Regex> {
    let source = source.replace('\n', "").replace("{N}", NUMBER_SIGN).replace(' ', "[ \\n]");
    Regex::new(&source.replace("\\b", "(?-u:\\b)").replace("\\d", "[0-9]")).ok()
}

/// What stands between a word and its number: a sign, `nro:`, `#`, `es el`.
const NUMBER_SIGN: &str = "(?:[ :.,;#°()\"'/-]|\\bnro\\b|\\bnumero\\b|\\bnum\\b|\\bno\\b|\\bn\\b|\
    \\bes\\b|\\bel\\b|\\bcon\\b|\\bs\\b|\\bo\\b){0,10}";
