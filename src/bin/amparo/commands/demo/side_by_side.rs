//! One case as three roles open it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use amparo::{Identity, Record, RecordId, Schema, Vault};

use super::ROLES;
use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::session::Session;

/// The records of the case that is shown, the case first.
pub(super) fn case(director: &Vault) -> Result<Vec<RecordId>, Failure> {
    let found = director.find("case", "case_code", SHOWN)?;
    below(director, *found.first().ok_or(Failure::own("error-not-found"))?)
}

/// Opens the case with each key; returns its id.
pub(super) fn show(
    session: &Session,
    page: &mut String,
    vault: &Path,
    keys: &BTreeMap<&'static str, Identity>,
    ids: &[RecordId],
) -> Result<RecordId, Failure> {
    let mut columns: Vec<Vec<Record>> = Vec::new();
    let mut schema = None;
    for role in ROLES {
        let key = keys.get(role).ok_or(Failure::own("error-internal"))?;
        let vault = Vault::open(vault, key)?;
        columns.push(ids.iter().map(|id| vault.read(*id)).collect::<Result<_, _>>()?);
        schema = Some(vault.schema());
        vault.close()?;
    }
    let schema = schema.ok_or(Failure::own("error-internal"))?;
    table(session, page, &schema, &columns)?;
    ids.first().copied().ok_or(Failure::own("error-not-found"))
}

fn table(
    session: &Session,
    page: &mut String,
    schema: &Schema,
    columns: &[Vec<Record>],
) -> Result<(), Failure> {
    let (messages, lang) = (&session.messages, session.lang());
    let _ = writeln!(page, "\n{}", text!(messages, "demo-roles", case = SHOWN));
    let heads = ROLES.map(|role| {
        schema.role(role).map_or(role, |role| lang.pick(&role.es, &role.en)).to_owned()
    });
    let _ = writeln!(page, "  {:LABEL$}  {}", "", cells(&heads));
    let sealed = text!(messages, "demo-sealed");
    let Some(whole) = columns.first() else {
        return Ok(());
    };
    for (index, record) in whole.iter().enumerate() {
        let kind = schema.record_type(record.record_type())?;
        let mut rows = FIELDS.iter().filter(|(kind, _)| *kind == record.record_type()).peekable();
        if rows.peek().is_some() {
            let _ = writeln!(page, "  {}", labels::of_type(kind, lang));
        }
        for (_, name) in rows {
            let field = kind.field(name)?;
            let shown: Vec<String> = columns
                .iter()
                .map(|records| {
                    let value = records.get(index).and_then(|record| record.field(name));
                    value.map_or_else(
                        || sealed.clone(),
                        |value| labels::of_value(schema, field, value, messages),
                    )
                })
                .collect();
            let label = cut(labels::of_field(field, lang), LABEL - 2);
            let _ = writeln!(page, "    {label:0$}  {1}", LABEL - 2, cells(&shown));
        }
    }
    Ok(())
}

/// A record and all below it, each type once.
fn below(vault: &Vault, id: RecordId) -> Result<Vec<RecordId>, Failure> {
    let mut ids = vec![id];
    let mut seen: Vec<String> = Vec::new();
    for child in vault.children(id)? {
        let kind = vault.read_fields(child, &[])?.record_type().to_owned();
        if !seen.contains(&kind) {
            seen.push(kind);
            ids.extend(below(vault, child)?);
        }
    }
    Ok(ids)
}

fn cells(texts: &[String]) -> String {
    let padded: Vec<String> =
        texts.iter().map(|text| format!("{:CELL$}", cut(text, CELL))).collect();
    padded.join("  ").trim_end().to_owned()
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['~']).collect()
}

const SHOWN: &str = "HCO-0001";
const LABEL: usize = 28;
const CELL: usize = 24;

const FIELDS: &[(&str, &str)] = &[
    ("case", "case_code"),
    ("case", "risk_level"),
    ("case", "cem_ficha_no"),
    ("case", "narrative"),
    ("person", "survivor_code"),
    ("person", "given_names"),
    ("person", "paternal_surname"),
    ("person", "birth_date"),
    ("person", "home_ubigeo"),
    ("person", "address"),
    ("person", "phone"),
    ("person", "safe_location"),
    ("identity_document", "doc_number"),
    ("incident", "incident_date"),
    ("incident", "pe_violence_types"),
    ("incident", "account"),
    ("alleged_perpetrator", "full_name"),
    ("alleged_perpetrator", "whereabouts"),
    ("risk_assessment", "level"),
    ("service", "service_type"),
    ("service", "institution"),
    ("legal_proceeding", "stage"),
    ("legal_proceeding", "carpeta_fiscal"),
];
