//! Labels of the schema in the user's language.

use amparo::{Field, FieldValue, PlaceCode, RecordType, Schema};

use crate::messages::{Lang, Messages, text};

/// The label of a record type.
pub(crate) fn of_type(record_type: &RecordType, lang: Lang) -> &str {
    lang.pick(&record_type.es, &record_type.en)
}

/// The label of a field.
pub(crate) fn of_field(field: &Field, lang: Lang) -> &str {
    lang.pick(&field.es, &field.en)
}

/// The label of a compartment; `vault` has none in a schema.
pub(crate) fn of_compartment(schema: &Schema, name: &str, lang: Lang) -> String {
    schema
        .compartments()
        .iter()
        .find(|compartment| compartment.name == name)
        .map_or(name, |compartment| lang.pick(&compartment.es, &compartment.en))
        .to_owned()
}

/// A value as a person reads it: codes by their labels, yes and no in words.
pub(crate) fn of_value(
    schema: &Schema,
    field: &Field,
    value: &FieldValue,
    messages: &Messages,
) -> String {
    let term = |code: &str| of_code(schema, field, code, messages.lang());
    match value {
        FieldValue::Boolean(true) => text!(messages, "yes"),
        FieldValue::Boolean(false) => text!(messages, "no"),
        FieldValue::Code(code) => term(code.expose()),
        FieldValue::CodeList(codes) => {
            codes.iter().map(|code| term(code.expose())).collect::<Vec<_>>().join("; ")
        }
        FieldValue::Place(place) => of_place(*place),
        FieldValue::PlaceList(places) => {
            places.iter().map(|place| of_place(*place)).collect::<Vec<_>>().join("; ")
        }
        other => other.to_text().expose().to_owned(),
    }
}

fn of_place(place: PlaceCode) -> String {
    match place.district() {
        Some(district) => {
            format!("{}, {}, {} ({place})", district.name, district.province, district.department)
        }
        None => place.to_string(),
    }
}

fn of_code(schema: &Schema, field: &Field, code: &str, lang: Lang) -> String {
    let vocabulary = field.vocabulary.as_deref().and_then(|name| schema.vocabulary(name));
    vocabulary
        .and_then(|vocabulary| vocabulary.entries.iter().find(|term| term.code == code))
        .map_or(code, |term| lang.pick(&term.es, &term.en))
        .to_owned()
}
