//! Showing a record: what is open by compartment, what is sealed as a count.

use std::collections::BTreeMap;
use std::fmt::Write;

use amparo::{FieldValue, Hold, Record, RecordId, Schema, SecretText, Vault};
use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use crate::commands::hold;
use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::output::shown;
use crate::session::{Session, Tell};

/// How much of a record is wanted.
pub(super) enum Part {
    Whole,
    Fields(Vec<String>),
    Children,
}

pub(super) fn run(session: &Session, id: RecordId, part: &Part) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let tree = match part {
        Part::Whole => Tree { record: vault.read(id)?, held: vault.hold_on(id)?, children: None },
        Part::Fields(fields) => {
            let fields: Vec<_> = fields.iter().map(String::as_str).collect();
            let record = vault.read_fields(id, &fields)?;
            Tree { record, held: vault.hold_on(id)?, children: None }
        }
        Part::Children => Tree::read(&vault, id)?,
    };
    let schema = vault.schema();
    vault.close()?;
    if session.output.is_json() {
        session.output.json(&Seen { tree: &tree, schema: &schema })
    } else {
        let mut page = SecretPage::default();
        page.record(session, &schema, &tree, 0)?;
        session.output.text(&page.0)
    }
}

/// A record and what stands under it.
struct Tree {
    record: Record,
    /// The hold on it or above it.
    held: Option<Hold>,
    children: Option<Vec<Self>>,
}

impl Tree {
    /// The depth is bounded by the schema, whose parents form no circle.
    fn read(vault: &Vault, id: RecordId) -> Result<Self, Failure> {
        let record = vault.read(id)?;
        let mut children = Vec::new();
        for child in vault.children(id)? {
            children.push(Self::read(vault, child)?);
        }
        Ok(Self { record, held: vault.hold_on(id)?, children: Some(children) })
    }
}

/// The JSON form, written straight from the opened record: no copy of a value is made.
struct Seen<'a> {
    tree: &'a Tree,
    schema: &'a Schema,
}

impl Serialize for Seen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Tree { record, held, children } = self.tree;
        let len = 7 + usize::from(children.is_some());
        let mut out = serializer.serialize_struct("Record", len)?;
        out.serialize_field("id", &record.id().to_string())?;
        out.serialize_field("type", record.record_type())?;
        out.serialize_field("revision", &record.revision())?;
        out.serialize_field("parent", &record.parent().map(|id| id.to_string()))?;
        out.serialize_field("fields", &Fields { record, schema: self.schema })?;
        out.serialize_field("sealed", record.sealed())?;
        out.serialize_field("held", &held.as_ref().map(hold::document))?;
        if let Some(children) = children {
            let children: Vec<_> =
                children.iter().map(|tree| Seen { tree, schema: self.schema }).collect();
            out.serialize_field("children", &children)?;
        }
        out.end()
    }
}

/// Fields in the order of the schema, which is the order in which people read them.
struct Fields<'a> {
    record: &'a Record,
    schema: &'a Schema,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.record.fields().len()))?;
        if let Ok(kind) = self.schema.record_type(self.record.record_type()) {
            for field in &kind.fields {
                if let Some(value) = self.record.field(&field.name) {
                    map.serialize_entry(&field.name, &Shown(value))?;
                }
            }
        }
        map.end()
    }
}

/// One value as JSON.
pub(in crate::commands) struct Shown<'a>(pub(in crate::commands) &'a FieldValue);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = |items: &[SecretText], serializer: S| {
            serializer.collect_seq(items.iter().map(SecretText::expose))
        };
        match self.0 {
            FieldValue::Integer(number) => serializer.serialize_i64(*number),
            FieldValue::Boolean(value) => serializer.serialize_bool(*value),
            FieldValue::TextList(items) | FieldValue::CodeList(items) => list(items, serializer),
            FieldValue::PlaceList(places) => {
                serializer.collect_seq(places.iter().map(ToString::to_string))
            }
            other => serializer.serialize_str(other.to_text().expose()),
        }
    }
}

/// The text form; wiped when it was written.
#[derive(Default)]
struct SecretPage(zeroize::Zeroizing<String>);

impl SecretPage {
    fn record(
        &mut self,
        session: &Session,
        schema: &Schema,
        tree: &Tree,
        depth: usize,
    ) -> Result<(), Failure> {
        let (messages, lang, record) = (&session.messages, session.lang(), &tree.record);
        let kind = schema.record_type(record.record_type())?;
        let indent = "    ".repeat(depth);
        let head = text!(
            messages,
            "record-head",
            kind = labels::of_type(kind, lang),
            id = record.id().to_string(),
            revision = record.revision(),
        );
        let _ = writeln!(self.0, "{indent}{head}");
        if let (Some(parent), 0) = (record.parent(), depth) {
            let _ =
                writeln!(self.0, "{}", text!(messages, "record-parent", id = parent.to_string()));
        }
        if let Some(held) = &tree.held {
            let _ = writeln!(self.0, "{indent}  {}", hold::words(session, held));
        }
        for compartment in schema.compartments() {
            let fields = || {
                let all = kind.fields.iter().filter(|field| field.compartment == compartment.name);
                all.filter_map(|field| Some((field, record.field(&field.name)?)))
            };
            let width =
                fields().map(|(field, _)| labels::of_field(field, lang).chars().count()).max();
            let Some(width) = width else { continue };
            let label = labels::of_compartment(schema, &compartment.name, lang);
            let _ = writeln!(self.0, "{indent}  {label}");
            for (field, value) in fields() {
                let label = labels::of_field(field, lang);
                let value = labels::of_value(schema, field, value, messages);
                let lines: Vec<String> = value.split('\n').map(shown).collect();
                let value = lines.join(&format!("\n{indent}{:1$}", "", width + 6));
                let _ = writeln!(self.0, "{indent}    {label:width$}  {value}");
            }
        }
        self.sealed(session, schema, record.sealed(), &indent);
        for child in tree.children.iter().flatten() {
            self.0.push('\n');
            self.record(session, schema, child, depth + 1)?;
        }
        Ok(())
    }

    fn sealed(
        &mut self,
        session: &Session,
        schema: &Schema,
        sealed: &BTreeMap<String, usize>,
        indent: &str,
    ) {
        for (compartment, count) in sealed {
            let label = labels::of_compartment(schema, compartment, session.lang());
            let words = text!(session.messages, "record-sealed", count = *count);
            let _ = writeln!(self.0, "{indent}  {label}: {words}");
        }
    }
}
