//! The records of a view as tables, one for each record type, for spreadsheets and programs.

use std::collections::BTreeMap;

use crate::export::plain::{plain, plain_line};
use crate::language::{Language, Phrase};
use crate::redact::{Data, Mark, Outcome, Part, RedactedField, RedactedView, Shown};
use crate::secret::SecretText;

/// The records of one type: a row each, and a column for each field that occurs.
pub(crate) struct Table {
    /// The name of the type in the schema.
    pub(crate) record_type: String,
    /// The type in words.
    #[cfg_attr(not(feature = "xlsx"), allow(dead_code, reason = "only a workbook says it"))]
    pub(crate) label: String,
    /// The language of its words.
    pub(crate) language: Language,
    /// The record's code, its parent's, and then the fields.
    pub(crate) columns: Vec<Column>,
    /// As many cells each as there are columns.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A column.
pub(crate) struct Column {
    /// The name of the field in the schema; empty for a code.
    pub(crate) name: String,
    /// What stands at its head: no two of a table are alike.
    pub(crate) label: String,
}

/// A cell, and the mark if its value does not stand as it was.
#[derive(Clone, Default)]
pub(crate) struct Cell {
    /// What stands in it.
    pub(crate) content: Content,
    /// The mark.
    #[cfg_attr(not(feature = "xlsx"), allow(dead_code, reason = "only a workbook says it"))]
    pub(crate) mark: Option<Mark>,
}

/// What stands in a cell; text is plain, and not yet safe for a spreadsheet.
#[derive(Clone, Default)]
pub(crate) enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// Words, or the label of a box in brackets.
    Text(SecretText),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
}

/// One table for each record type, in the order in which the types first occur.
pub(crate) fn tables(view: &RedactedView) -> Vec<Table> {
    let language = view.cover().language;
    let mut tables: Vec<Table> = Vec::new();
    let mut places = BTreeMap::new();
    for record in view.records() {
        let at = *places.entry(record.record_type()).or_insert_with(|| {
            tables.push(Table::new(record.record_type(), record.label(), language));
            tables.len() - 1
        });
        if let Some(table) = tables.get_mut(at) {
            table.add_columns(record.fields());
        }
    }
    for table in &mut tables {
        table.tell_columns_apart();
        let at: BTreeMap<&str, usize> =
            table.columns.iter().enumerate().map(|(at, column)| (&*column.name, at)).collect();
        for record in view.records().iter().filter(|r| r.record_type() == table.record_type) {
            let mut row = vec![Cell::default(); table.columns.len()];
            let codes = [Some(record.code()), record.parent()].map(|code| code.map(Cell::line));
            for (cell, code) in row.iter_mut().zip(codes) {
                *cell = code.unwrap_or_default();
            }
            for field in record.fields() {
                let place = at.get(field.name()).and_then(|at| row.get_mut(*at));
                if let Some(cell) = place {
                    *cell = Cell::of(field, language);
                }
            }
            table.rows.push(row);
        }
    }
    tables
}

impl Table {
    fn new(record_type: &str, label: &str, language: Language) -> Self {
        let code =
            |phrase: Phrase| Column { name: String::new(), label: language.of(phrase).to_owned() };
        Self {
            record_type: record_type.to_owned(),
            label: plain_line(label).into_owned(),
            language,
            columns: vec![code(RECORD), code(PARENT)],
            rows: Vec::new(),
        }
    }

    /// Puts each new field behind the one it follows: fields that are empty here and filled there
    /// still come out in the order of the schema.
    fn add_columns(&mut self, fields: &[RedactedField]) {
        let mut next = CODES;
        for field in fields {
            let known = self.columns.iter().skip(CODES).position(|c| c.name == field.name());
            next = match known {
                Some(at) => CODES + at + 1,
                None => {
                    let label = plain_line(field.label()).into_owned();
                    self.columns.insert(next, Column { name: field.name().to_owned(), label });
                    next + 1
                }
            };
        }
    }

    /// Columns of one label would be taken for each other: the name in the schema tells them
    /// apart.
    fn tell_columns_apart(&mut self) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for column in &self.columns {
            *counts.entry(column.label.clone()).or_default() += 1;
        }
        for column in self.columns.iter_mut().skip(CODES) {
            let alike = counts.get(&column.label).is_some_and(|count| *count > 1);
            if alike || column.label.trim().is_empty() {
                column.label = format!("{} ({})", column.label, plain_line(&column.name));
            }
        }
    }
}

impl Cell {
    fn of(field: &RedactedField, language: Language) -> Self {
        let content = match field.outcome() {
            Outcome::Kept(shown) | Outcome::Changed(shown, _) => Content::of(shown, language),
            Outcome::Withheld(mark) => bracketed(*mark, language).into(),
        };
        Self { content, mark: field.mark() }
    }

    fn line(text: &str) -> Self {
        Self { content: plain_line(text).into_owned().into(), mark: None }
    }
}

impl Content {
    fn of(shown: &Shown, language: Language) -> Self {
        match shown.data() {
            Data::Integer(number) => Self::Integer(*number),
            Data::Boolean(truth) => Self::Boolean(*truth),
            Data::Words | Data::Code(_) | Data::List(_) => {
                let parts = shown.parts().iter().map(|part| match part {
                    Part::Text(text) => plain(text.expose()).into_owned(),
                    Part::Label(label) => plain_line(label).into_owned(),
                    Part::Gap(mark) => bracketed(*mark, language),
                });
                // Where two parts meet, marks could flood and letters compose anew.
                plain(&parts.collect::<String>()).into_owned().into()
            }
        }
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }
}

fn bracketed(mark: Mark, language: Language) -> String {
    format!("[{}]", mark.label(language))
}

/// How many columns stand before the fields.
const CODES: usize = 2;
const RECORD: Phrase = Phrase("Registro", "Record");
const PARENT: Phrase = Phrase("Depende de", "Stands under");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::sample_hostile::{Sample, hidden, kept, number, truth};

    fn field(name: &'static str, outcome: Outcome) -> (&'static str, String, Outcome) {
        (name, name.to_uppercase(), outcome)
    }

    fn texts(row: &[Cell]) -> Vec<String> {
        let text = |cell: &Cell| match &cell.content {
            Content::Empty => String::new(),
            Content::Text(text) => text.expose().to_owned(),
            Content::Integer(number) => number.to_string(),
            Content::Boolean(truth) => truth.to_string(),
        };
        row.iter().map(text).collect()
    }

    #[test]
    fn fields_that_are_empty_in_the_first_record_stand_in_their_place() {
        let view = Sample::new(Language::Spanish)
            .record("case", "Caso", [field("code", kept("HCO-1"))])
            .record("person", "Persona", [field("a", kept("1")), field("d", kept("4"))])
            .under("R01")
            .record("case", "Caso", [])
            .record("person", "Persona", [field("b", number(-2)), field("c", truth(true, "Sí"))])
            .record(
                "person",
                "Persona",
                [field("a", kept("")), field("b", Outcome::Withheld(Mark::Consent))],
            )
            .view();
        let [case, person] = tables(&view).try_into().ok().unwrap();
        assert_eq!((&*case.record_type, case.rows.len()), ("case", 2));
        let labels: Vec<&str> = person.columns.iter().map(|column| &*column.label).collect();
        assert_eq!(labels, ["Registro", "Depende de", "B", "C", "A", "D"]);
        let rows: Vec<Vec<String>> = person.rows.iter().map(|row| texts(row)).collect();
        assert_eq!(rows[0], ["R02", "R01", "", "", "1", "4"]);
        assert_eq!(rows[1], ["R04", "", "-2", "true", "", ""]);
        assert_eq!(rows[2], ["R05", "", "[RESERVADO C]", "", "", ""]);
        assert_eq!(person.rows[2][2].mark, Some(Mark::Consent));
    }

    #[test]
    fn a_text_keeps_its_boxes_and_loses_what_is_unseen() {
        let parts = vec![
            Part::Text("Vio a \u{202e}".into()),
            Part::Label("PERSONA K7".to_owned()),
            Part::Text(" en ".into()),
            Part::Gap(Mark::Hidden),
            Part::Text(".\r\nFin".into()),
        ];
        let view = Sample::new(Language::English).record("p", "P", [field("a", hidden(parts))]);
        let table = &tables(&view.view())[0];
        assert_eq!(texts(&table.rows[0])[2], "Vio a PERSONA K7 en [WITHHELD R].\nFin");
    }

    #[test]
    fn no_two_columns_are_alike() {
        let fields = [("a", "Fecha"), ("b", "Fecha"), ("c", ""), ("d", "Registro")]
            .map(|(name, label)| (name, label.to_owned(), kept("x")));
        let view = Sample::new(Language::Spanish).record("p", "P", fields).view();
        let table = &tables(&view)[0];
        let labels: Vec<&str> = table.columns.iter().map(|column| &*column.label).collect();
        let wanted = ["Registro", "Depende de", "Fecha (a)", "Fecha (b)", " (c)", "Registro (d)"];
        assert_eq!(labels, wanted);
    }
}
