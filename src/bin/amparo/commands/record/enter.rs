//! Entering and changing a record.

use std::io::Read;
use std::path::{Path, PathBuf};

use amparo::{FieldValue, Kind, RecordDraft, RecordEdit, RecordId, RecordType, Warning};
use serde_json::json;
use zeroize::Zeroizing;

use super::parse_id;
use crate::args;
use crate::commands::hold;
use crate::entry::{Entered, Object};
use crate::failure::Failure;
use crate::labels;
use crate::messages::text;
use crate::session::{Session, Tell, read_bounded};

/// What `record edit` was asked to change.
pub(super) struct Changes {
    pub(super) sets: Vec<String>,
    pub(super) clears: Vec<String>,
    pub(super) json: Option<PathBuf>,
    pub(super) revision: Option<u32>,
    /// Destroys what the fields were before.
    pub(super) erase_old: bool,
}

pub(super) fn add(session: &Session, args: args::RecordAdd) -> Result<(), Failure> {
    let parent = args.parent.as_deref().map(parse_id).transpose()?;
    let entered = entered(args.sets, args.json.as_deref())?;
    let vault = session.open(Tell::News)?;
    let schema = vault.schema();
    let kind = schema.record_type(&args.record_type)?;
    let mut draft = RecordDraft::new(args.record_type.as_str());
    if let Some(parent) = parent {
        draft = draft.under(parent);
    }
    for (name, value) in values(kind, entered)? {
        if let Some(value) = value {
            draft.insert(name, value);
        }
    }
    warn(session, kind, &schema.prepare(&mut draft)?);
    let id = vault.add(draft)?.to_string();
    vault.close()?;
    session.output.data(&json!({ "id": id }), || id.clone())
}

pub(super) fn edit(session: &Session, id: RecordId, changes: Changes) -> Result<(), Failure> {
    let mut entered = entered(changes.sets, changes.json.as_deref())?;
    entered.extend(changes.clears.into_iter().map(|name| (name, Entered::Empty)));
    if entered.is_empty() {
        return Err(Failure::usage("nothing-to-change"));
    }
    let vault = session.open(Tell::News)?;
    let current = vault.read(id)?;
    let schema = vault.schema();
    let kind = schema.record_type(current.record_type())?;
    let mut edit = RecordEdit::new();
    for (name, value) in values(kind, entered)? {
        edit.insert(name, value);
    }
    warn(session, kind, &schema.prepare_edit(&kind.name, &mut edit)?);
    let base = changes.revision.unwrap_or_else(|| current.revision());
    let revision = match changes.erase_old {
        true => vault.rectify(id, base, edit).map_err(hold::refusal)?,
        false => vault.edit(id, base, edit)?,
    };
    vault.close()?;
    let document = json!({ "id": id.to_string(), "revision": revision });
    session.output.data(&document, || revision.to_string())
}

/// Everything typed and read, in order; a later entry is not yet merged with an earlier one.
fn entered(sets: Vec<String>, json: Option<&Path>) -> Result<Vec<(String, Entered)>, Failure> {
    let mut entries = json.map(read_json).transpose()?.unwrap_or_default();
    for set in sets {
        // Wiped on drop, whatever becomes of it; the argument vector itself cannot be.
        let set = Zeroizing::new(set);
        let (name, value) = set.split_once('=').ok_or(Failure::usage("set-without-value"))?;
        entries.push((name.trim().to_owned(), Entered::Text(value.into())));
    }
    Ok(entries)
}

fn read_json(source: &Path) -> Result<Vec<(String, Entered)>, Failure> {
    let json = if source == Path::new("-") {
        let mut bytes = Zeroizing::new(Vec::new());
        std::io::stdin()
            .lock()
            .take(MAX_JSON + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::io(&error, None))?;
        if bytes.len() as u64 > MAX_JSON {
            return Err(Failure::own("file-too-long").with("place", "stdin"));
        }
        bytes
    } else {
        Zeroizing::new(read_bounded(source, MAX_JSON)?)
    };
    Object::parse(&json).map(|Object(entries)| entries)
}

/// One value for each field: a list may be given one item at a time, anything else once.
fn values(
    kind: &RecordType,
    entered: Vec<(String, Entered)>,
) -> Result<Vec<(String, Option<FieldValue>)>, Failure> {
    let mut merged: Vec<(String, Entered)> = Vec::new();
    for (name, value) in entered {
        let field = kind.field(&name)?;
        let Some((_, known)) = merged.iter_mut().find(|(known, _)| *known == name) else {
            merged.push((name, value));
            continue;
        };
        let list = matches!(field.kind, Kind::TextList | Kind::CodeList | Kind::PlaceList);
        match (list, items(known), items(&value)) {
            (true, Some(mut first), Some(second)) => {
                first.extend(second);
                *known = Entered::List(first);
            }
            _ => return Err(Failure::usage("field-twice").with("field", &field.name)),
        }
    }
    Ok(merged.into_iter().map(|(name, value)| (name, value.into_value())).collect())
}

fn items(value: &Entered) -> Option<Vec<amparo::SecretText>> {
    match value {
        Entered::Empty => None,
        Entered::Text(text) => Some(vec![text.clone()]),
        Entered::List(items) => Some(items.clone()),
    }
}

/// Says which fields look unusual: their labels, never what stands in them.
fn warn(session: &Session, kind: &RecordType, warnings: &[Warning]) {
    for warning in warnings {
        let label = kind
            .field(&warning.field)
            .map_or(warning.field.as_str(), |field| labels::of_field(field, session.lang()));
        let id = format!("warning-{}", warning.kind.code());
        session.output.say(&text!(session.messages, &id, field = label));
    }
}

const MAX_JSON: u64 = 1 << 20;
