//! `schema`: what a vault holds, and whether a schema file can be read.

use std::fmt::Write;
use std::path::Path;

use amparo::{Field, Index, RecordType, Schema};
use serde_json::{Value, json};

use crate::args;
use crate::commands::init::read_schema;
use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, command: &args::Schema) -> Result<(), Failure> {
    match command {
        args::Schema::Show { record_type, schema } => {
            let schema = shown(session, schema.as_deref())?;
            match record_type {
                Some(name) => show_type(session, &schema, schema.record_type(name)?),
                None => show_all(session, &schema),
            }
        }
        args::Schema::Check { file, after } => check(session, file, after.as_deref()),
    }
}

/// The schema asked for; else the vault's, if somebody can open one; else the built-in one.
fn shown(session: &Session, source: Option<&Path>) -> Result<Schema, Failure> {
    if let Some(source) = source {
        return read_schema(source);
    }
    if session.identity_path().is_some() && session.vault_path().exists() {
        let vault = session.open(Tell::News)?;
        let schema = vault.schema();
        vault.close()?;
        return Ok(schema);
    }
    Ok(Schema::peru()?)
}

fn check(session: &Session, file: &Path, after: Option<&Path>) -> Result<(), Failure> {
    let schema = read_schema(file)?;
    if let Some(after) = after {
        schema.check_evolution_from(&read_schema(after)?)?;
    }
    let fields: usize = schema.record_types().iter().map(|kind| kind.fields.len()).sum();
    let document = json!({
        "name": schema.name(),
        "version": schema.version(),
        "record_types": schema.record_types().len(),
        "fields": fields,
    });
    session.output.data(&document, || {
        text!(
            session.messages,
            "schema-good",
            name = schema.name(),
            version = schema.version(),
            types = schema.record_types().len(),
            fields = fields,
        )
    })
}

fn show_all(session: &Session, schema: &Schema) -> Result<(), Failure> {
    let document = json!({
        "name": schema.name(),
        "version": schema.version(),
        "compartments": schema.compartments().iter().map(|c| &c.name).collect::<Vec<_>>(),
        "roles": schema.roles().iter().map(|role| json!({
            "name": role.name,
            "compartments": role.compartments,
            "administers": role.administers,
        })).collect::<Vec<_>>(),
        "record_types": schema.record_types().iter().map(|kind| json!({
            "name": kind.name, "es": kind.es, "en": kind.en, "parent": kind.parent,
            "key": kind.key, "fields": kind.fields.len(),
        })).collect::<Vec<_>>(),
    });
    session.output.data(&document, || {
        let lang = session.lang();
        let mut lines = format!("{} {}\n\n", schema.name(), schema.version());
        for kind in schema.record_types() {
            let under = kind.parent.as_deref().map(|parent| format!("< {parent}"));
            let _ = writeln!(
                lines,
                "{:22}  {:20}  {}",
                kind.name,
                under.unwrap_or_default(),
                labels::of_type(kind, lang),
            );
        }
        lines.push('\n');
        for role in schema.roles() {
            let _ = writeln!(lines, "{:22}  {}", role.name, role.compartments.join(", "));
        }
        lines
    })
}

fn show_type(session: &Session, schema: &Schema, kind: &RecordType) -> Result<(), Failure> {
    let fields: Vec<Value> =
        kind.fields.iter().map(|field| field_document(schema, field)).collect();
    let document = json!({
        "name": kind.name, "es": kind.es, "en": kind.en, "parent": kind.parent,
        "key": kind.key, "fields": fields,
    });
    session.output.data(&document, || {
        let lang = session.lang();
        let mut lines = format!("{} ({})\n", labels::of_type(kind, lang), kind.name);
        for field in &kind.fields {
            let marks = [
                field.required.then(|| text!(session.messages, "schema-required")),
                index_word(session, field.index),
                field.vocabulary.as_ref().map(|name| codes(schema, name)),
            ];
            let marks: Vec<_> = marks.into_iter().flatten().collect();
            let _ = writeln!(
                lines,
                "  {:24}  {:12}  {:11}  {}{}{}",
                field.name,
                field.compartment,
                field.kind.name(),
                labels::of_field(field, lang),
                if marks.is_empty() { "" } else { " - " },
                marks.join("; "),
            );
        }
        lines
    })
}

fn field_document(schema: &Schema, field: &Field) -> Value {
    let vocabulary = field.vocabulary.as_deref().and_then(|name| schema.vocabulary(name));
    let codes = vocabulary.map(|vocabulary| {
        let terms = vocabulary.entries.iter();
        terms
            .map(|term| json!({ "code": term.code, "es": term.es, "en": term.en, "retired": term.retired }))
            .collect::<Vec<_>>()
    });
    json!({
        "name": field.name,
        "es": field.es,
        "en": field.en,
        "kind": field.kind.name(),
        "compartment": field.compartment,
        "sensitivity": field.sensitivity,
        "index": index_name(field.index),
        "required": field.required,
        "free_text": field.free_text,
        "retired": field.retired,
        "codes": codes,
    })
}

fn codes(schema: &Schema, name: &str) -> String {
    let Some(vocabulary) = schema.vocabulary(name) else {
        return String::new();
    };
    let current = vocabulary.entries.iter().filter(|term| !term.retired);
    current.map(|term| term.code.as_str()).collect::<Vec<_>>().join("|")
}

const fn index_name(index: Index) -> Option<&'static str> {
    match index {
        Index::Exact => Some("exact"),
        Index::Phonetic => Some("phonetic"),
        _ => None,
    }
}

fn index_word(session: &Session, index: Index) -> Option<String> {
    match index {
        Index::Exact => Some(text!(session.messages, "schema-exact")),
        Index::Phonetic => Some(text!(session.messages, "schema-phonetic")),
        _ => None,
    }
}
