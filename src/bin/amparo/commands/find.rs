//! `find`: by exact value, by sound, by first letters or by month, as the schema says.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::BufRead;

use amparo::{Field, RecordId, RecordType, SecretText, Vault};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::args;
use crate::commands::record::Shown;
use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: args::Find) -> Result<(), Failure> {
    let typed = SecretText::from(args.value);
    let value = if typed.expose() == "-" { first_line_of_stdin()? } else { typed };
    let vault = session.open(Tell::News)?;
    let ids = vault.find(&args.record_type, &args.field, value.expose())?;
    rows(session, &vault, &args.record_type, &ids)?;
    if ids.is_empty() {
        session.output.say(&text!(session.messages, "find-nothing"));
    }
    vault.close().map_err(Failure::from)
}

/// A name on the command line stays in the shell's history; stdin leaves none.
fn first_line_of_stdin() -> Result<SecretText, Failure> {
    let mut line = String::new();
    let read = std::io::Read::take(std::io::stdin().lock(), MAX_LINE).read_line(&mut line);
    let line = SecretText::from(line);
    read.map_err(|error| Failure::io(&error, None))?;
    Ok(line.expose().trim().into())
}

/// One row for each record: its id, and what tells it apart without telling who it is about.
pub(super) fn rows(
    session: &Session,
    vault: &Vault,
    record_type: &str,
    ids: &[RecordId],
) -> Result<(), Failure> {
    let schema = vault.schema();
    let kind = schema.record_type(record_type)?;
    let held = vault.compartments();
    let fields: Vec<&Field> =
        telling(kind).filter(|field| held.contains(&field.compartment)).collect();
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut found = Vec::new();
    for id in ids {
        // The fields are the role's own; without any, the id alone is the row.
        let record = if names.is_empty() { None } else { Some(vault.read_fields(*id, &names)?) };
        found.push(Row { id: *id, kind, record });
    }
    session.output.data(&found, || {
        let mut lines = String::new();
        for row in &found {
            let _ = write!(lines, "{}", row.id);
            for field in &fields {
                let value = row.record.as_ref().and_then(|record| record.field(&field.name));
                if let Some(value) = value {
                    let _ = write!(
                        lines,
                        "  {}",
                        labels::of_value(&schema, field, value, &session.messages)
                    );
                }
            }
            lines.push('\n');
        }
        lines
    })
}

/// The key of the type, else its first required field; nothing that identifies a person.
fn telling(kind: &RecordType) -> impl Iterator<Item = &Field> {
    let plain = |field: &&Field| matches!(field.sensitivity.as_str(), "operational" | "technical");
    let keyed = kind.fields.iter().any(|field| plain(&field) && kind.key.contains(&field.name));
    kind.fields
        .iter()
        .filter(plain)
        .filter(move |field| if keyed { kind.key.contains(&field.name) } else { field.required })
        .take(3)
}

struct Row<'a> {
    id: RecordId,
    kind: &'a RecordType,
    record: Option<amparo::Record>,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = self.record.iter().flat_map(|record| record.fields());
        let fields: BTreeMap<_, _> = fields.map(|(name, value)| (name, Shown(value))).collect();
        let mut row = serializer.serialize_struct("Row", 3)?;
        row.serialize_field("id", &self.id.to_string())?;
        row.serialize_field("type", &self.kind.name)?;
        row.serialize_field("fields", &fields)?;
        row.end()
    }
}

const MAX_LINE: u64 = 16 << 10;
