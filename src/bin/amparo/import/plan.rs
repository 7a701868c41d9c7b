//! A map held against the schema and the columns of a file: what each row becomes.

use std::collections::{BTreeMap, BTreeSet};

use amparo::Schema;

use super::cell::Reader;
use super::fold::fold;
use super::map::{Map, Rules};
use super::section::{Link, Section, Target};
use super::template::{Piece, Template};
use crate::entry::Entered;
use crate::failure::Failure;

/// What each row becomes.
pub(crate) struct Plan {
    /// Parents before children.
    pub(crate) sections: Vec<Section>,
    map: Map,
    ignored: BTreeSet<String>,
    /// Whether columns may find their fields by name: only where a row is one record.
    by_name: bool,
    columns: BTreeMap<String, usize>,
    /// Columns without a name: they must stay empty.
    pub(crate) unnamed: Vec<usize>,
}

impl Plan {
    pub(crate) fn new(schema: &Schema, record_type: &str, mut map: Map) -> Result<Self, Failure> {
        let records = map.take_records(record_type)?;
        let by_name = records.len() == 1;
        let mut sections: Vec<Section> = Vec::with_capacity(records.len());
        for record in records {
            let section = Section::new(schema, &map, record, &sections)?;
            sections.push(section);
        }
        Ok(Self {
            sections,
            ignored: map.ignore.iter().map(|name| fold(name)).collect(),
            map,
            by_name,
            columns: BTreeMap::new(),
            unnamed: Vec::new(),
        })
    }

    /// Takes notice of a column; `false` if nothing is known of it.
    pub(crate) fn bind(&mut self, header: &str, index: usize) -> Result<bool, Failure> {
        let name = fold(header);
        if name.is_empty() {
            self.unnamed.push(index);
            return Ok(true);
        }
        if self.columns.insert(name.clone(), index).is_some() {
            return Err(Failure::own("table-column-twice").with("number", index + 1));
        }
        let mut known = self.ignored.contains(&name) || self.names().any(|used| used == name);
        for section in &mut self.sections {
            for target in section.targets.iter_mut().filter(|target| target.column == name) {
                target.index = Some(index);
                known = true;
            }
        }
        if !known && self.by_name {
            known = self.bind_by_name(name, index)?;
        }
        Ok(known || self.map.ignore_rest)
    }

    fn bind_by_name(&mut self, name: String, index: usize) -> Result<bool, Failure> {
        let Some(section) = self.sections.first_mut() else {
            return Ok(false);
        };
        let mut fields = section.kind.fields.iter().filter(|field| {
            !field.retired
                && [&field.name, &field.es, &field.en].iter().any(|label| fold(label) == name)
        });
        let (Some(field), None) = (fields.next(), fields.next()) else {
            return Ok(false);
        };
        if section.targets.iter().any(|target| target.field.name == field.name) {
            return Err(Failure::own("map-field-twice").with("field", &field.name));
        }
        section.targets.push(Target {
            column: name,
            index: Some(index),
            label: field.name.clone(),
            reader: Reader::new(field, &self.map, &Rules::default())?,
            field: field.clone(),
        });
        Ok(true)
    }

    /// Columns that the map names and the file does not have.
    pub(crate) fn absent(&self) -> Vec<String> {
        let unbound = self.sections.iter().flat_map(|section| &section.targets);
        let unbound = unbound.filter(|target| target.index.is_none());
        let mut absent: BTreeSet<String> = unbound.map(|target| target.label.clone()).collect();
        absent.extend(self.names().filter(|name| !self.columns.contains_key(name)));
        absent.into_iter().collect()
    }

    /// Columns used otherwise than as a field: in templates, conditions and keys of parents.
    fn names(&self) -> impl Iterator<Item = String> {
        self.sections.iter().flat_map(|section| {
            let made = section.constants.iter().flat_map(|made| made.template.columns().map(fold));
            let key = match &section.link {
                Link::InVault { column, .. } => Some(column.clone()),
                Link::Nothing | Link::Section(_) => None,
            };
            made.chain(section.only_if.iter().cloned()).chain(key)
        })
    }

    /// The text of a column by its folded name; `None` if it says nothing.
    pub(crate) fn text<'a>(&self, column: &str, cells: &'a [Entered]) -> Option<&'a str> {
        match cells.get(*self.columns.get(column)?)? {
            Entered::Text(text) => {
                Some(text.expose().trim()).filter(|text| !self.map.says_nothing(text))
            }
            Entered::Empty | Entered::List(_) => None,
        }
    }

    /// A template filled in; empty if one of its columns is.
    pub(crate) fn fill(&self, template: &Template, cells: &[Entered]) -> Entered {
        let mut filled = String::new();
        for piece in template.pieces() {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Column(column) => match self.text(&fold(column), cells) {
                    Some(text) => filled.push_str(text),
                    None => return Entered::Empty,
                },
            }
        }
        Entered::Text(filled.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(record_type: &str, map: &str) -> Result<Plan, &'static str> {
        let map: Map = toml::from_str(map).map_err(|_| "unreadable")?;
        Plan::new(&Schema::peru().unwrap(), record_type, map).map_err(|failure| match failure {
            Failure::Own { id, .. } => id,
            _ => "other",
        })
    }

    #[test]
    fn headers_find_fields_by_name_and_label() {
        let mut plan = plan("case", "ignore = [\"Observaciones\"]").unwrap();
        for (index, header) in
            ["CÓDIGO DE CASO", "registration_date", "Status", "observaciones", ""]
                .iter()
                .enumerate()
        {
            assert!(plan.bind(header, index).ok().unwrap(), "{header}");
        }
        assert!(!plan.bind("Columna rara", 5).ok().unwrap());
        assert!(plan.bind("Case code", 6).is_err());
        assert_eq!(plan.unnamed, [4]);
    }

    #[test]
    fn a_map_that_contradicts_the_schema_is_refused() {
        let refused = [
            ("", "person", "map-parent"),
            ("[columns]\nx = \"nonsense\"", "case", "map-unknown-field"),
            ("[columns]\nx = \"status\"\ny = \"status\"", "case", "map-field-twice"),
            ("[constants]\nstatus = \"{open\"", "case", "map-bad-template"),
            ("date_format = \"MMYYYY\"", "case", "ok"),
            (
                "date_format = \"MMYYYY\"\n[columns]\nx = \"registration_date\"",
                "case",
                "map-bad-date-format",
            ),
            ("parent = \"case\"", "case", "map-parent-after"),
            ("parent = { type = \"service\", key_column = \"x\" }", "person", "map-parent-no-key"),
            ("[[record]]\ntype = \"nonsense\"", "nonsense", "map-unknown-type"),
            ("[[record]]\ntype = \"case\"", "person", "map-other-type"),
            ("[[record]]\ntype = \"case\"\n[columns]\nx = \"status\"", "case", "unreadable"),
            ("[columns]\nx = \"status\"\n[[record]]\ntype = \"case\"", "case", "map-both"),
            ("[[record]]\ntype = \"case\"\n[[record]]\ntype = \"case\"", "case", "map-type-twice"),
            ("surprise = 3", "case", "unreadable"),
        ];
        for (map, record_type, expected) in refused {
            let found = plan(record_type, map).map_or_else(|id| id, |_| "ok");
            assert!(
                found == expected || (expected == "unreadable" && found == "map-both"),
                "{map}: {found}"
            );
        }
    }

    #[test]
    fn the_maps_of_the_manual_and_the_example_are_maps() {
        let manual = include_str!("../../../../docs/import.md");
        let blocks = manual.split("```toml").skip(1).filter_map(|rest| rest.split("```").next());
        let mut count = 0;
        for map in blocks {
            let _: Map = toml::from_str(map).unwrap_or_else(|error| panic!("{error}\n{map}"));
            count += 1;
        }
        assert_eq!(count, 3);
        assert!(plan("case", include_str!("../../../../examples/cem.toml")).is_ok());
    }
}
