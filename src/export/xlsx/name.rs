//! Names of sheets that Excel takes.

use std::collections::BTreeSet;

use crate::export::plain::plain_line;
use crate::language::{Language, Phrase};

/// The names that are taken, in lower case: Excel does not tell them apart otherwise.
#[derive(Default)]
pub(super) struct SheetNames(BTreeSet<String>);

impl SheetNames {
    /// A name after a label: at most 31 units of UTF-16, of characters that are allowed, and no
    /// other sheet's.
    pub(super) fn take(&mut self, label: &str, language: Language) -> String {
        let label = plain_line(label);
        let allowed: String = label.chars().filter(|c| !"[]:*?/\\".contains(*c)).collect();
        let mut base = allowed.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        // The name of the sheet in which Excel tracks changes.
        if base.is_empty() || base.eq_ignore_ascii_case("history") {
            base = language.of(SHEET);
        }
        let mut name = cut(base, MAX_UNITS);
        for number in 2_u32.. {
            if self.0.insert(name.to_lowercase()) {
                break;
            }
            let end = format!(" {number}");
            name = cut(base, MAX_UNITS.saturating_sub(end.len())) + &end;
        }
        name
    }
}

fn cut(text: &str, mut left: usize) -> String {
    let fits = |c: &char| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    let cut: String = text.chars().take_while(fits).collect();
    cut.trim_end_matches(|c: char| c == '\'' || c.is_whitespace()).to_owned()
}

const MAX_UNITS: usize = 31;
const SHEET: Phrase = Phrase("Registros", "Records");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::markup::tests::hostile;

    #[test]
    fn names_are_such_as_a_workbook_takes() {
        let mut names = SheetNames::default();
        for (label, wanted) in [
            ("Persona", "Persona"),
            ("PERSONA", "PERSONA 2"),
            ("'Caso: [a/b]*?\\'", "Caso ab"),
            ("", "Registros"),
            ("History", "Registros 2"),
            ("Medida de protección solicitada o dictada", "Medida de protección solicitada"),
            ("Medida de protección solicitada y vigente", "Medida de protección solicita 2"),
        ] {
            assert_eq!(names.take(label, Language::Spanish), wanted);
        }
    }

    #[test]
    fn hostile_labels_name_sheets_too() {
        let mut names = SheetNames::default();
        for label in hostile() {
            let name = names.take(&label, Language::English);
            assert!((1..=31).contains(&name.encode_utf16().count()), "{name}");
            assert!(!name.contains(['[', ']', ':', '*', '?', '/', '\\', '\n']), "{name}");
        }
    }
}
