//! The workbook is read back as the archive of XML that it is.

use std::io::{Cursor, Read};

use super::*;
use crate::export::markup::tests::hostile;
use crate::redact::sample_hostile::{Sample, coarser, coded, kept, number};
use crate::redact::{Mark, Outcome};

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn label(name: &str) -> String {
    name.to_owned()
}

fn sample() -> RedactedView {
    Sample::new(Language::Spanish)
        .record("case", "Caso", [("code", label("Código"), coded("CASO K7"))])
        .record(
            "person",
            "Persona",
            [
                ("name", label("Nombre"), Outcome::Withheld(Mark::Consent)),
                ("age", label("Edad"), coarser("20 a 24 años")),
                ("children", label("Hijos"), number(3)),
                ("big", label("Grande"), number(i64::MIN)),
            ],
        )
        .view()
}

#[test]
fn an_equal_view_gives_equal_bytes() {
    assert_eq!(xlsx(&sample()).unwrap(), xlsx(&sample()).unwrap());
}

#[test]
fn the_workbook_says_its_day_and_no_author() {
    let core = part(&xlsx(&sample()).unwrap(), "docProps/core.xml");
    assert!(core.contains("<dc:creator></dc:creator>"), "{core}");
    assert_eq!(core.matches("2026-11-20T00:00:00Z").count(), 2, "{core}");
    assert!(!core.contains("Prueba"));
}

#[test]
fn numbers_are_numbers_unless_they_would_be_rounded() {
    let bytes = xlsx(&sample()).unwrap();
    assert!(part(&bytes, "xl/worksheets/sheet3.xml").contains("<v>3</v>"));
    let strings = part(&bytes, "xl/sharedStrings.xml");
    assert!(strings.contains("<t>-9223372036854775808</t>"));
    assert!(strings.contains("<t>[RESERVADO C]</t>") && strings.contains("<t>CASO K7</t>"));
}

#[test]
fn a_hostile_value_is_a_string_and_nothing_else() {
    for value in hostile() {
        let view = Sample::new(Language::English)
            .record("p", &value, [("a", value.clone(), kept(&value))])
            .view();
        let bytes = xlsx(&view).unwrap();
        let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
        assert!(!sheet.contains("<f>") && !sheet.contains("hyperlink"), "{value:.60}");
        let strings = part(&bytes, "xl/sharedStrings.xml");
        assert!(!strings.contains("<r>") && !strings.contains("<script"), "{value:.60}");
        assert!(strings.chars().all(|c| c == '\n' || c == '\r' || !c.is_control()));
    }
}

#[test]
fn a_long_text_says_where_it_goes_on() {
    let long = "\u{1f600}".repeat(20_000);
    let cut = within(&long, Language::Spanish);
    assert!(cut.encode_utf16().count() <= MAX_UNITS);
    assert!(cut.ends_with("[... continúa en los datos JSON]"));
    let just = "a".repeat(MAX_UNITS);
    assert_eq!(within(&just, Language::Spanish), just);
    let view = Sample::new(Language::Spanish).record("p", "P", [("a", label("A"), kept(&long))]);
    assert!(xlsx(&view.view()).is_ok());
}

#[test]
fn what_no_sheet_can_hold_is_refused() {
    assert!(fits(1_048_575, 16_384).is_ok());
    for (rows, columns) in [(1_048_576, 3), (1, 16_385)] {
        assert_eq!(fits(rows, columns).unwrap_err().kind(), ErrorKind::TooLong);
    }
}
