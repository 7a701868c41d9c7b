//! Names compared as people compare them: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `"  Apellido  PATERNO: "` and `"apellido_paterno"` fold to the same text.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        assert_eq!(fold("  Nº de  Órgano: "), "nº de organo");
        assert_eq!(fold("apellido_paterno"), fold("APELLIDO PATERNO"));
        assert_eq!(fold("Año"), fold("ano"));
        assert_eq!(fold("---"), "");
    }
}
