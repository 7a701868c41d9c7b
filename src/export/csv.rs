//! A table as CSV after RFC 4180, for programs, and for spreadsheets that run what they read.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, ErrorKind, Result};
use crate::export::front::truth;
use crate::export::plain::plain;
use crate::export::table::{Cell, Content, Table};

/// A table as a file: UTF-8 with a byte order mark, without which Excel garbles accents.
///
/// # Errors
///
/// `Internal` if it cannot be written.
pub(super) fn csv(table: &Table) -> Result<Vec<u8>> {
    let head = table.columns.iter().map(|column| safe(&column.label).into_owned()).collect();
    let rows = table.rows.iter();
    write(head, rows.map(|row| row.iter().map(|cell| text(cell, table)).collect()))
}

/// A head and rows of text as a file.
///
/// # Errors
///
/// `Internal` if it cannot be written.
pub(super) fn plain_rows<const N: usize>(
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<Vec<u8>> {
    let head = head.iter().map(|cell| safe(cell).into_owned()).collect();
    write(head, rows.map(|row| row.iter().map(|cell| safe(&plain(cell)).into_owned()).collect()))
}

/// One line of a file that is written line by line, without the mark at its start.
///
/// # Errors
///
/// `Internal` if it cannot be written.
pub(crate) fn csv_line<'a>(cells: impl Iterator<Item = &'a str>) -> Result<Vec<u8>> {
    let cells = cells.map(|cell| safe(&plain(cell)).into_owned()).collect();
    let line = write(cells, std::iter::empty())?;
    Ok(line.strip_prefix(MARK).map_or_else(Vec::new, <[u8]>::to_vec))
}

/// A line ends in CR LF.
fn write(head: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = || Error::new(ErrorKind::Internal, "a table could not be written");
    let bytes = Vec::from(MARK);
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(bytes);
    for row in std::iter::once(head).chain(rows) {
        // The crate's message may quote a path or a length; its kind is enough.
        writer.write_record(row).map_err(|_| failed())?;
    }
    writer.into_inner().map_err(|_| failed())
}

fn text(cell: &Cell, table: &Table) -> String {
    match &cell.content {
        Content::Empty => String::new(),
        Content::Text(text) => safe(text.expose()).into_owned(),
        // A number of its own type may start with a minus.
        Content::Integer(number) => number.to_string(),
        Content::Boolean(one) => truth(table.language, *one).to_owned(),
    }
}

/// Text of which a spreadsheet makes no formula: an apostrophe stands before what would begin one.
///
/// A spreadsheet set to another separator than the comma makes a new cell at a semicolon, and one
/// that lost count of the quotes at a line break; what follows them is a beginning too.
fn safe(text: &str) -> Cow<'_, str> {
    let (mut safe, mut done, mut begins) = (String::new(), 0, true);
    for (at, c) in text.char_indices() {
        if begins && opens_formula(c) || at == 0 && c == '\n' {
            safe.push_str(text.get(done..at).unwrap_or_default());
            safe.push('\'');
            done = at;
        }
        begins = matches!(c, ';' | '\n') || begins && (c.is_whitespace() || c == '"');
    }
    if safe.is_empty() {
        return Cow::Borrowed(text);
    }
    safe.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(safe)
}

/// Also in the wide, small and raised forms that a spreadsheet folds to plain ones.
fn opens_formula(c: char) -> bool {
    // The minus of mathematics folds to nothing else.
    c == '\u{2212}'
        || matches!(c, '\t' | '\r')
        || matches!(c.nfkc().next(), Some('=' | '+' | '-' | '@'))
}

/// The byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = "\u{feff}".as_bytes();

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::export::markup::tests::hostile;
    use crate::export::table::tables;
    use crate::language::Language;
    use crate::redact::sample_hostile::{Sample, kept, number, truth};
    use crate::redact::{Mark, Outcome};

    /// The cells of a file, after the head.
    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    fn is_formula(text: &str) -> bool {
        text.starts_with(['\t', '\r', '\n'])
            || text.trim_start().starts_with([
                '=', '+', '-', '@', '\u{2212}', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
            ])
    }

    fn written(values: &[&str]) -> Vec<u8> {
        let mut sample = Sample::new(Language::Spanish);
        for value in values {
            sample = sample.record("p", "P", [("a", (*value).to_owned(), kept(value))]);
        }
        csv(&tables(&sample.view())[0]).unwrap()
    }

    #[test]
    fn what_opens_a_formula_is_text() {
        for (from, to) in [
            ("=1+1", "'=1+1"),
            ("  =1", "  '=1"),
            ("\u{200b}=1", "'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\u{a0}+51 999", "\u{a0}'+51 999"),
            ("-5", "'-5"),
            ("\n=1", "'\n'=1"),
            ("\t=1", " '=1"),
            ("a;=1\n- b", "a;'=1\n'- b"),
            ("\"=1\"", "\"'=1\""),
            ("a = b - c @ d", "a = b - c @ d"),
            ("", ""),
        ] {
            assert_eq!(safe(&plain(from)), to, "{from:?}");
        }
    }

    #[test]
    fn numbers_stay_numbers_and_accents_are_read() {
        let field = |name, outcome| (name, "Ñ".to_owned(), outcome);
        let view = Sample::new(Language::Spanish).record(
            "p",
            "P",
            [
                field("a", number(-5)),
                field("b", truth(true, "x")),
                field("c", Outcome::Withheld(Mark::Consent)),
            ],
        );
        let bytes = csv(&tables(&view.view())[0]).unwrap();
        let wanted =
            "\u{feff}Registro,Depende de,Ñ (a),Ñ (b),Ñ (c)\r\nR01,,-5,Sí,[RESERVADO C]\r\n";
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), wanted);
    }

    #[test]
    fn no_hostile_value_makes_a_formula() {
        let values = hostile();
        let rows = read(&written(&values.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!(rows.len(), values.len() + 1);
        assert!(rows.iter().flatten().all(|cell| !is_formula(cell)));
    }

    proptest! {
        #[test]
        fn no_value_makes_a_formula(
            text in any::<String>(),
            close in "[ \t\r\n\"';,=+@\u{ff1d}\u{a0}\u{200b}a-]{0,12}",
        ) {
            let rows = read(&written(&[&text, &close]));
            prop_assert!(rows.iter().flatten().all(|cell| !is_formula(cell)));
            // Nor where a spreadsheet takes the semicolon for its separator.
            for cell in rows.iter().flatten().flat_map(|cell| cell.split([';', '\n'])) {
                prop_assert!(!is_formula(cell.trim_start_matches([' ', '"'])));
            }
        }
    }
}
