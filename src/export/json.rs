//! A view as JSON: for programs, and for whoever wants all of it in one text.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};
use crate::export::front::binds;
use crate::language::Language;
use crate::redact::{Cover, Data, Outcome, RedactedField, RedactedRecord, RedactedView, Shown};
use crate::secret::SecretText;

/// The view as one JSON document.
pub(crate) fn json(view: &RedactedView) -> Result<Vec<u8>> {
    let language = view.cover().language;
    let document = Document {
        format: "amparo-export",
        version: 1,
        export: Head(view.cover()),
        legend: Legend(view),
        records: view.records().iter().map(|record| Record { record, language }).collect(),
    };
    serde_json::to_vec_pretty(&document)
        .map_err(|_| Error::new(ErrorKind::Internal, "an export did not encode"))
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    export: Head<'a>,
    legend: Legend<'a>,
    records: Vec<Record<'a>>,
}

/// The cover, as JSON files and manifests say it.
pub(super) struct Head<'a>(pub(super) &'a Cover);

impl Serialize for Head<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let cover = self.0;
        let binding = cover.obligations.iter().filter(|one| binds(**one));
        let obligations: Vec<&str> = binding.map(|one| one.code()).collect();
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("id", &cover.export)?;
        map.serialize_entry("made_at", &cover.made_at.to_string())?;
        map.serialize_entry("language", cover.language.tag())?;
        map.serialize_entry("organisation", &cover.organisation)?;
        map.serialize_entry("recipient", &cover.recipient)?;
        map.serialize_entry("purpose", &cover.purpose)?;
        map.serialize_entry("profile", &cover.profile)?;
        map.serialize_entry("policy_version", &cover.policy_version)?;
        map.serialize_entry("obligations", &obligations)?;
        map.end()
    }
}

struct Legend<'a>(&'a RedactedView);

impl Serialize for Legend<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let language = self.0.cover().language;
        to.collect_map(self.0.legend().into_iter().map(|mark| (mark.code(), mark.words(language))))
    }
}

struct Record<'a> {
    record: &'a RedactedRecord,
    language: Language,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let fields: Vec<Field<'_>> = self
            .record
            .fields()
            .iter()
            .map(|field| Field { field, language: self.language })
            .collect();
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("code", self.record.code())?;
        map.serialize_entry("type", self.record.record_type())?;
        map.serialize_entry("label", self.record.label())?;
        if let Some(parent) = self.record.parent() {
            map.serialize_entry("parent", parent)?;
        }
        map.serialize_entry("fields", &fields)?;
        map.end()
    }
}

struct Field<'a> {
    field: &'a RedactedField,
    language: Language,
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("name", self.field.name())?;
        map.serialize_entry("label", self.field.label())?;
        if let Outcome::Kept(shown) | Outcome::Changed(shown, _) = self.field.outcome() {
            let text = shown.to_text(self.language);
            map.serialize_entry("value", &Value { shown, text: &text })?;
            map.serialize_entry("text", text.expose())?;
        }
        if let Some(mark) = self.field.mark() {
            map.serialize_entry("mark", mark.code())?;
        }
        map.end()
    }
}

/// What programs read.
struct Value<'a> {
    shown: &'a Shown,
    text: &'a SecretText,
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        match self.shown.data() {
            Data::Words => to.serialize_str(self.text.expose()),
            Data::Code(code) => to.serialize_str(code.expose()),
            Data::Integer(number) => to.serialize_i64(*number),
            Data::Boolean(yes) => to.serialize_bool(*yes),
            Data::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item.expose())?;
                }
                list.end()
            }
        }
    }
}
