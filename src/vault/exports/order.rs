//! The order of records: it tells only what is shown.

use crate::crypto::{kdf, labels};
use crate::id::RecordId;
use crate::redact::{Data, RedactedRecord};
use crate::schema::{Kind, Schema};
use crate::secret::Key;
use crate::vault::exports::tree::Branch;

/// The places of the records in their final order. A parent stands before its children;
/// siblings go by type, then by the first day or moment that is shown of each, then by lot: not
/// by when they were written.
pub(super) fn ordered(
    schema: &Schema,
    branches: &[Branch],
    records: &[RedactedRecord],
    seed: &Key,
) -> Vec<usize> {
    let keys: Vec<(usize, String, [u8; 16])> = branches
        .iter()
        .zip(records)
        .map(|(branch, record)| {
            let kinds = schema.record_types();
            let kind = kinds.iter().position(|kind| kind.name == record.record_type());
            let lot = lot(seed, branch.record.id());
            (kind.unwrap_or(kinds.len()), shown_day(schema, record), lot)
        })
        .collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); branches.len()];
    let mut next = Vec::new();
    for (at, branch) in branches.iter().enumerate() {
        match branch.parent.and_then(|parent| children.get_mut(parent)) {
            Some(siblings) => siblings.push(at),
            None => next.push(at),
        }
    }
    let mut order = Vec::with_capacity(records.len());
    while let Some(at) = next.pop() {
        order.push(at);
        let mut below = children.get_mut(at).map(std::mem::take).unwrap_or_default();
        // The last one in is the first one out.
        below.sort_by(|a, b| keys.get(*b).cmp(&keys.get(*a)));
        next.extend(below);
    }
    order
}

/// A record's place by lot.
pub(super) fn lot(seed: &Key, id: RecordId) -> [u8; 16] {
    kdf::prf(seed, labels::EXPORT_ORDER, &[id.as_bytes()])
}

/// The records in that order, each with the place of its parent in it.
pub(super) fn arrange(
    records: Vec<RedactedRecord>,
    branches: &[Branch],
    order: &[usize],
) -> Vec<(RedactedRecord, Option<usize>)> {
    let mut places = vec![0; order.len()];
    for (place, at) in order.iter().enumerate() {
        if let Some(slot) = places.get_mut(*at) {
            *slot = place;
        }
    }
    let mut records: Vec<Option<RedactedRecord>> = records.into_iter().map(Some).collect();
    let take = |at: &usize| {
        let record = records.get_mut(*at)?.take()?;
        let parent = branches.get(*at)?.parent;
        Some((record, parent.and_then(|parent| places.get(parent).copied())))
    };
    order.iter().filter_map(take).collect()
}

/// The first day or moment that is shown of a record, as it is shown.
fn shown_day(schema: &Schema, record: &RedactedRecord) -> String {
    let Ok(kind) = schema.record_type(record.record_type()) else { return String::new() };
    let dated = |name: &str| {
        kind.field(name).is_ok_and(|field| matches!(field.kind, Kind::Date | Kind::DateTime))
    };
    let days = record.fields().iter().filter(|field| dated(field.name()));
    let shown = days.filter_map(|field| match field.shown()?.data() {
        Data::Code(day) => Some(day.expose().to_owned()),
        _ => None,
    });
    shown.into_iter().next().unwrap_or_default()
}
