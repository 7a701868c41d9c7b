//! One record that each row becomes: its columns, constants, parent and conditions.

use std::collections::BTreeSet;

use amparo::{Field, Kind, RecordType, Schema};

use super::cell::Reader;
use super::fold::fold;
use super::map::{Map, Parent, RecordMap, Rules};
use super::template::Template;
use crate::failure::Failure;

/// One record of a row.
pub(crate) struct Section {
    pub(crate) kind: RecordType,
    pub(crate) link: Link,
    pub(crate) targets: Vec<Target>,
    pub(crate) constants: Vec<Made>,
    /// Columns that must have a value for the record to be made.
    pub(crate) only_if: Vec<String>,
}

/// What a record stands under.
pub(crate) enum Link {
    Nothing,
    Section(usize),
    InVault { kind: String, key: String, column: String },
}

/// A column and its field.
pub(crate) struct Target {
    /// The folded header.
    pub(super) column: String,
    pub(crate) index: Option<usize>,
    /// What a problem calls it: the map's name for the column, else the field's.
    pub(crate) label: String,
    pub(crate) field: Field,
    pub(crate) reader: Reader,
}

/// A field that no column holds.
pub(crate) struct Made {
    pub(crate) field: Field,
    pub(crate) template: Template,
    pub(crate) reader: Reader,
}

impl Section {
    pub(super) fn new(
        schema: &Schema,
        map: &Map,
        record: RecordMap,
        before: &[Self],
    ) -> Result<Self, Failure> {
        let kind = kind_of(schema, &record.record_type)?;
        if before.iter().any(|section| section.kind.name == kind.name) {
            return Err(Failure::own("map-type-twice").with("kind", &kind.name));
        }
        let link = match record.parent {
            None => Link::Nothing,
            Some(Parent::SameRow(name)) => Link::Section(
                before
                    .iter()
                    .position(|section| section.kind.name == name)
                    .ok_or_else(|| Failure::own("map-parent-after").with("kind", &name))?,
            ),
            Some(Parent::InVault(found)) => {
                let parent = kind_of(schema, &found.record_type)?;
                let key = parent.key.first().cloned();
                let key = key
                    .ok_or_else(|| Failure::own("map-parent-no-key").with("kind", &parent.name))?;
                Link::InVault { kind: parent.name, key, column: fold(&found.key_column) }
            }
        };
        let stands_under = match &link {
            Link::Nothing => None,
            Link::Section(index) => before.get(*index).map(|section| section.kind.name.clone()),
            Link::InVault { kind, .. } => Some(kind.clone()),
        };
        if stands_under != kind.parent {
            let parent = kind.parent.clone().unwrap_or_default();
            let id = if parent.is_empty() { "map-no-parent" } else { "map-parent" };
            return Err(Failure::own(id).with("kind", &kind.name).with("parent", parent));
        }
        let mut used = BTreeSet::new();
        let mut field_of = |name: &str| {
            let field = kind.fields.iter().find(|field| field.name == name && !field.retired);
            let field = field.cloned().ok_or_else(|| {
                Failure::own("map-unknown-field").with("kind", &kind.name).with("field", name)
            })?;
            let is_new = used.insert(field.name.clone());
            is_new
                .then_some(field)
                .ok_or_else(|| Failure::own("map-field-twice").with("field", name))
        };
        let mut targets = Vec::new();
        for (header, column) in record.columns {
            let rules = column.into_rules();
            let field = field_of(&rules.field)?;
            let reader = Reader::new(&field, map, &rules)?;
            targets.push(Target {
                column: fold(&header),
                index: None,
                label: header,
                field,
                reader,
            });
        }
        let mut constants = Vec::new();
        for (name, constant) in record.constants {
            let field = field_of(&name)?;
            let template = Template::parse(&constant.into_text())
                .ok_or_else(|| Failure::own("map-bad-template").with("field", &name))?;
            let reader = Reader::new(&field, map, &Rules::default())?;
            constants.push(Made { field, template, reader });
        }
        let only_if = record.only_if.iter().map(|name| fold(name)).collect();
        Ok(Self { kind, link, targets, constants, only_if })
    }

    /// The fields that the file sets.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let targets = self.targets.iter().map(|target| target.field.name.as_str());
        targets.chain(self.constants.iter().map(|made| made.field.name.as_str()))
    }

    /// What a value that is not of the kind of its field should have been.
    pub(crate) fn bad_value(&self, name: &str) -> &'static str {
        match self.kind.fields.iter().find(|field| field.name == name).map(|field| field.kind) {
            Some(Kind::Date) => "reason-date",
            Some(Kind::DateTime) => "reason-moment",
            Some(Kind::Integer) => "reason-integer",
            Some(Kind::Decimal) => "reason-decimal",
            Some(Kind::Boolean) => "reason-boolean",
            Some(Kind::Place | Kind::PlaceList) => "reason-place",
            _ => "error-bad-value",
        }
    }

    /// What a problem in this field calls its column.
    pub(crate) fn label(&self, field: &str) -> String {
        let target = self.targets.iter().find(|target| target.field.name == field);
        target.map_or_else(|| format!("{}.{field}", self.kind.name), |target| target.label.clone())
    }
}

fn kind_of(schema: &Schema, name: &str) -> Result<RecordType, Failure> {
    let known = schema.record_type(name).cloned();
    known.map_err(|_| Failure::own("map-unknown-type").with("kind", name))
}
