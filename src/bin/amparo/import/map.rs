//! The map file: which column is which field. `docs/import.md` is its manual.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::failure::Failure;
use crate::session::read_text;

/// A map as it is written.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Map {
    pub(crate) encoding: Option<String>,
    pub(crate) delimiter: Option<char>,
    pub(crate) date_format: Option<String>,
    pub(crate) place_scheme: Option<String>,
    pub(crate) list_separator: Option<String>,
    pub(crate) decimal_comma: bool,
    /// Cells that say nothing: `-`, `S/D`.
    pub(crate) empty: Vec<String>,
    pub(crate) ignore: Vec<String>,
    pub(crate) ignore_rest: bool,
    /// What the file says and what the field holds, by the name of a vocabulary or a kind.
    pub(crate) translate: BTreeMap<String, BTreeMap<String, String>>,
    // A table whose rows are one record each needs no `[[record]]`: these stand for it.
    pub(crate) parent: Option<Parent>,
    pub(crate) columns: BTreeMap<String, Column>,
    pub(crate) constants: BTreeMap<String, Constant>,
    pub(crate) only_if: Vec<String>,
    pub(crate) record: Vec<RecordMap>,
}

/// One record of a row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordMap {
    #[serde(rename = "type")]
    pub(crate) record_type: String,
    pub(crate) parent: Option<Parent>,
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, Column>,
    #[serde(default)]
    pub(crate) constants: BTreeMap<String, Constant>,
    #[serde(default)]
    pub(crate) only_if: Vec<String>,
}

/// What a record stands under.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Parent {
    /// Another record of the same row, by its type.
    SameRow(String),
    /// A record that is in the vault, by its key.
    InVault(FoundParent),
}

/// A parent that the vault already has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FoundParent {
    #[serde(rename = "type")]
    pub(crate) record_type: String,
    pub(crate) key_column: String,
}

/// Where a column goes.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Column {
    Field(String),
    Ruled(Rules),
}

/// A column with rules of its own.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    pub(crate) field: String,
    pub(crate) zero_pad: Option<usize>,
    pub(crate) date_format: Option<String>,
    pub(crate) place_scheme: Option<String>,
    pub(crate) list_separator: Option<String>,
    #[serde(default)]
    pub(crate) translate: BTreeMap<String, String>,
}

/// A value that the file does not hold; text may name columns in braces.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Constant {
    Text(String),
    Boolean(bool),
    Integer(i64),
}

impl Column {
    pub(crate) fn into_rules(self) -> Rules {
        match self {
            Self::Field(field) => Rules { field, ..Rules::default() },
            Self::Ruled(rules) => rules,
        }
    }
}

impl Constant {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Boolean(value) => value.to_string(),
            Self::Integer(number) => number.to_string(),
        }
    }
}

impl Map {
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let source = read_text(path, MAX_MAP)?;
        // The parser's message quotes the file; line and column find the place.
        toml::from_str(&source).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = source.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
            Failure::own("map-unreadable")
                .with("place", path.display())
                .with("line", line)
                .with("column", column)
        })
    }

    /// Whether a trimmed cell is empty, or one of the words for it.
    pub(crate) fn says_nothing(&self, text: &str) -> bool {
        let same = |mark: &String| mark.trim().to_lowercase() == text.to_lowercase();
        text.is_empty() || self.empty.iter().any(same)
    }

    /// Takes the records of a row out; a map without any describes one of the type asked for.
    pub(crate) fn take_records(&mut self, record_type: &str) -> Result<Vec<RecordMap>, Failure> {
        let mut records = std::mem::take(&mut self.record);
        let (columns, constants) =
            (std::mem::take(&mut self.columns), std::mem::take(&mut self.constants));
        let parent = self.parent.take();
        if records.is_empty() {
            records.push(RecordMap {
                record_type: record_type.to_owned(),
                parent,
                columns,
                constants,
                only_if: std::mem::take(&mut self.only_if),
            });
        } else if parent.is_some() || !columns.is_empty() || !constants.is_empty() {
            return Err(Failure::own("map-both"));
        } else if records.iter().all(|record| record.record_type != record_type) {
            return Err(Failure::own("map-other-type").with("kind", record_type));
        }
        Ok(records)
    }
}

const MAX_MAP: u64 = 1 << 20;
