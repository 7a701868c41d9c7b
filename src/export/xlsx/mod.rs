//! A view as a workbook: the cover, and a sheet for each record type.
//!
//! Everything that somebody entered is written as a string of a cell that stays text when it is
//! edited. Of its making the workbook says the day of the export and nothing else.

mod dress;
mod name;
#[cfg(test)]
mod tests;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::error::{Error, ErrorKind, Result};
use crate::export::front::{Front, truth};
use crate::export::table::{Cell, Content, Table, tables};
use crate::language::{Language, Phrase};
use crate::redact::RedactedView;

use dress::Dress;
use name::SheetNames;

/// Sets a view as a workbook; an equal view gives equal bytes.
///
/// # Errors
///
/// `TooLong` if one type has more records or fields than a sheet has rows or columns; `Internal`
/// if it cannot be written.
pub(crate) fn xlsx(view: &RedactedView) -> Result<Vec<u8>> {
    let tables = tables(view);
    for table in &tables {
        fits(table.rows.len(), table.columns.len())?;
    }
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(view)?);
    let (dress, mut names) = (Dress::new(), SheetNames::default());
    let language = view.cover().language;
    cover(workbook.add_worksheet(), view, &mut names, &dress).map_err(failed)?;
    for table in &tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.take(&table.label, language)).map_err(failed)?;
        fill(sheet, table, &dress).map_err(failed)?;
    }
    workbook.save_to_buffer().map_err(failed)
}

fn properties(view: &RedactedView) -> Result<DocProperties> {
    let day = view.cover().made_at.date();
    let (year, month, day) = (day.year(), day.month(), day.day());
    let year = u16::try_from(year).unwrap_or_default();
    let made = ExcelDateTime::from_ymd(year, month, day).map_err(failed)?;
    Ok(DocProperties::new().set_author("").set_creation_datetime(&made))
}

/// The first sheet.
fn cover(
    sheet: &mut Worksheet,
    view: &RedactedView,
    names: &mut SheetNames,
    dress: &Dress,
) -> std::result::Result<(), XlsxError> {
    let (front, language) = (Front::of(view), view.cover().language);
    sheet.set_name(names.take(language.of(COVER), language))?;
    for (column, width) in (0..).zip(COVER_WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut row = 0;
    let mut line = |cells: [(&str, &Format); 3], skip: u32| {
        row += skip;
        heighten(
            sheet,
            row,
            lines(cells.iter().skip(1).map(|(text, _)| *text), &[COVER_WIDTHS[1]]),
        )?;
        for (column, (text, format)) in (0..).zip(cells) {
            if !text.is_empty() {
                string(sheet, (row, column), text, language, format)?;
            }
        }
        row += 1;
        Ok::<(), XlsxError>(())
    };
    let none = ("", &dress.text);
    line([(front.title, &dress.title), none, none], 0)?;
    for (at, (name, text)) in (0..).zip(&front.rows) {
        line([(name, &dress.name), (text, &dress.text), none], u32::from(at == 0))?;
    }
    line([(language.of(DUTIES), &dress.title), none, none], 1)?;
    for duty in &front.duties {
        line([none, (duty, &dress.text), none], 0)?;
    }
    line([(language.of(LEGEND), &dress.title), none, none], 1)?;
    line([none, (&front.counts, &dress.text), none], 0)?;
    for entry in &front.legend {
        let (label, format) = match entry.mark.is_change() {
            true => (entry.mark.code().to_owned(), &dress.changed),
            false => (entry.mark.label(language), &dress.withheld),
        };
        let count = entry.fields.to_string();
        let words = entry.mark.words(language);
        line([(&label, format), (words, &dress.text), (&count, &dress.text)], 0)?;
    }
    if front.legend.iter().any(|entry| entry.mark.is_change()) {
        line([none, (language.of(SLANTED), &dress.text), none], 0)?;
    }
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// The sheet of one record type.
fn fill(sheet: &mut Worksheet, table: &Table, dress: &Dress) -> std::result::Result<(), XlsxError> {
    let language = table.language;
    for (column, head) in (0..).zip(&table.columns) {
        string(sheet, (0, column), &head.label, language, &dress.head)?;
    }
    let widths = widths(table);
    for (row, cells) in (1..).zip(&table.rows) {
        let texts = cells.iter().map(|cell| match &cell.content {
            Content::Text(text) => text.expose(),
            Content::Empty | Content::Integer(_) | Content::Boolean(_) => "",
        });
        heighten(sheet, row, lines(texts, &widths))?;
        for (column, cell) in (0..).zip(cells) {
            put(sheet, (row, column), cell, language, dress)?;
        }
    }
    for (at, column) in (0..).zip(widths) {
        sheet.set_column_width(at, column)?;
    }
    // What fits was counted before.
    let last_row = u32::try_from(table.rows.len()).unwrap_or(MAX_ROWS - 1);
    let last_column = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(MAX_COLUMNS);
    sheet.autofilter(0, 0, last_row, last_column)?.set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    language: Language,
    dress: &Dress,
) -> std::result::Result<(), XlsxError> {
    let format = dress.of(cell);
    match &cell.content {
        Content::Empty => {}
        Content::Text(text) => string(sheet, (row, column), text.expose(), language, format)?,
        Content::Boolean(one) => {
            string(sheet, (row, column), truth(language, *one), language, format)?;
        }
        Content::Integer(number) => match exact(*number) {
            Some(number) => {
                sheet.write_number_with_format(row, column, number, dress.number(cell))?;
            }
            None => string(sheet, (row, column), &number.to_string(), language, format)?,
        },
    }
    Ok(())
}

/// The one way in for text.
fn string(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    language: Language,
    format: &Format,
) -> std::result::Result<(), XlsxError> {
    let mut text = within(text, language);
    // The crate takes what stands between these for its own markup, and does not escape it: a
    // space behind them makes it text.
    if text.starts_with("<r>") && text.ends_with("</r>") {
        text.push(' ');
    }
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

/// What a cell holds of a text; where that is not all of it, it says so.
fn within(text: &str, language: Language) -> String {
    if text.encode_utf16().take(MAX_UNITS + 1).count() <= MAX_UNITS {
        return text.to_owned();
    }
    let note = language.of(CUT);
    let mut left = MAX_UNITS.saturating_sub(note.encode_utf16().count());
    let mut kept: String = text
        .chars()
        .take_while(|c| match left.checked_sub(c.len_utf16()) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        })
        .collect();
    kept.push_str(note);
    kept
}

/// A number that a spreadsheet, which knows only floating point, holds as it is.
#[allow(clippy::cast_precision_loss, reason = "no more than 53 bits")]
fn exact(number: i64) -> Option<f64> {
    (number.unsigned_abs() <= 1 << 53).then_some(number as f64)
}

/// A width for each column, in characters: of its words, but neither too narrow nor too wide.
fn widths(table: &Table) -> Vec<f64> {
    let longest = |text: &str| text.lines().map(|line| line.chars().take(60).count()).max();
    let mut widths: Vec<usize> = table
        .columns
        .iter()
        // Room for the button of the filter.
        .map(|column| longest(&column.label).unwrap_or_default() + 4)
        .collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            let needed = match &cell.content {
                Content::Text(text) => longest(text.expose()).unwrap_or_default() + 2,
                Content::Integer(number) => number.to_string().len() + 2,
                Content::Empty | Content::Boolean(_) => 0,
            };
            *width = needed.max(*width);
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "at most 64")]
    widths.into_iter().map(|width| width.clamp(11, 52) as f64).collect()
}

/// How many lines the tallest of these cells takes, about.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "no more than a cell's text, over a width above one"
)]
fn lines<'a>(texts: impl Iterator<Item = &'a str>, widths: &[f64]) -> usize {
    let count = |(text, width): (&str, &f64)| {
        // Words do not fill a line to its end.
        let lines = text.lines().map(|line| (line.chars().count() as f64 * 1.1 / width).ceil());
        lines.map(|lines| lines.max(1.0) as usize).sum()
    };
    texts.zip(widths).map(count).max().unwrap_or_default()
}

/// Not every program makes a row as high as its text by itself.
fn heighten(sheet: &mut Worksheet, row: u32, lines: usize) -> std::result::Result<(), XlsxError> {
    let lines = u16::try_from(lines).unwrap_or(u16::MAX);
    if lines > 1 {
        sheet.set_row_height(row, (f64::from(lines) * LINE).min(HIGHEST))?;
    }
    Ok(())
}

fn fits(rows: usize, columns: usize) -> Result<()> {
    // One row is the head.
    if rows >= MAX_ROWS as usize {
        return Err(Error::new(ErrorKind::TooLong, "more records than a sheet has rows"));
    }
    if columns > usize::from(MAX_COLUMNS) {
        return Err(Error::new(ErrorKind::TooLong, "more fields than a sheet has columns"));
    }
    Ok(())
}

/// The crate's messages quote sheet names, which are words of the schema; its kind is enough.
#[allow(clippy::needless_pass_by_value, reason = "shape of map_err")]
fn failed(_: XlsxError) -> Error {
    Error::new(ErrorKind::Internal, "a workbook could not be written")
}

// ECMA-376 sets none of these; they are what Excel opens.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u16 = 16_384;
/// In units of UTF-16, as Excel counts.
const MAX_UNITS: usize = 32_767;
const A4: u8 = 9;
/// In points.
const LINE: f64 = 15.0;
const HIGHEST: f64 = 409.0;
/// In characters.
const COVER_WIDTHS: [f64; 3] = [26.0, 90.0, 10.0];

const COVER: Phrase = Phrase("Carátula", "Cover");
const DUTIES: Phrase = Phrase("Obligaciones de quien lo recibe", "What binds whoever receives it");
const LEGEND: Phrase = Phrase("Marcas", "Marks");
const SLANTED: Phrase = Phrase(
    "Las celdas en cursiva sobre fondo gris contienen datos modificados.",
    "Cells in italics on grey hold what was changed.",
);
const CUT: Phrase =
    Phrase(" [... continúa en los datos JSON]", " [... continues in the JSON data]");
