//! Checks of record types and fields, while a schema is read.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::error::{Error, Place, Result};
use crate::schema::check::{Check, bad, names};
use crate::schema::raw::{RawField, RawSubject, RawType};
use crate::schema::record_type::ALWAYS;
use crate::schema::{Field, Index, Kind, RecordType, SubjectFields, Vocabulary, retention};

pub(super) fn types(
    check: Check<'_>,
    raw: Vec<RawType>,
    compartments: &BTreeSet<String>,
    sensitivities: &BTreeSet<String>,
    vocabularies: &BTreeMap<String, Vocabulary>,
) -> Result<Vec<RecordType>> {
    if raw.is_empty() || raw.len() > MAX_TYPES {
        let place = Place::Schema("type".to_owned());
        return Err(bad("a schema has 1 to 256 record types").at(place));
    }
    check.unique(raw.iter().map(|t| &t.name))?;
    let known = names(raw.iter().map(|t| t.name.get_ref().as_str()));
    let parents: BTreeMap<String, String> = raw
        .iter()
        .filter_map(|t| Some((t.name.get_ref().clone(), t.parent.as_ref()?.get_ref().clone())))
        .collect();
    let kept =
        names(raw.iter().filter(|t| t.retention.is_some()).map(|t| t.name.get_ref().as_str()));
    let with = Names { check, compartments, sensitivities, vocabularies };
    let mut found = Vec::with_capacity(raw.len());
    for kind in raw {
        check.labels(&kind.name, &kind.es, &kind.en)?;
        if let Some(parent) = &kind.parent {
            check.known(parent, &known, "no such record type")?;
            if is_circle(kind.name.get_ref(), &parents) {
                return Err(check.refuse_at(parent, &kind.name, "the parents form a circle"));
            }
        }
        check.known(&kind.home, compartments, "no such compartment")?;
        // Erasing what is due above must not take what has to be kept below.
        if kind.retention.is_some() && stands_under(kind.name.get_ref(), &parents, &kept) {
            return Err(check.refuse(&kind.name, "a type above it has a retention already"));
        }
        if let Some(subject) = kind.subject.as_ref().filter(|_| found.iter().any(is_subject)) {
            let why = "one record type is about the people whose data it is";
            return Err(check.refuse_at(&subject.birth_date, &kind.name, why));
        }
        found.push(with.record_type(kind)?);
    }
    Ok(found)
}

/// What the fields may refer to.
struct Names<'a> {
    check: Check<'a>,
    compartments: &'a BTreeSet<String>,
    sensitivities: &'a BTreeSet<String>,
    vocabularies: &'a BTreeMap<String, Vocabulary>,
}

impl Names<'_> {
    fn record_type(&self, raw: RawType) -> Result<RecordType> {
        let check = self.check;
        if raw.fields.is_empty() || raw.fields.len() > MAX_FIELDS {
            return Err(check.refuse(&raw.name, "a record type has 1 to 512 fields"));
        }
        check.unique(raw.fields.iter().map(|f| &f.name))?;
        let name = raw.name.get_ref().clone();
        let mut links = Vec::new();
        let mut fields = Vec::with_capacity(raw.fields.len());
        for field in raw.fields {
            links.extend(field.pattern_from.clone().map(|from| (field.name.clone(), from)));
            fields.push(self.field(&name, field)?);
        }
        let find = |wanted: &str| fields.iter().find(|f: &&Field| f.name == wanted);
        for (field, from) in &links {
            if find(from.get_ref()).is_none_or(|f| f.kind != Kind::Code) {
                let place = format!("{name}.{}", field.get_ref());
                return Err(check.fail(&from.span(), &place, "no code field of this name"));
            }
        }
        check.unique(raw.key.iter())?;
        for key in &raw.key {
            if find(key.get_ref()).is_none_or(|f| f.index != Index::Exact) {
                return Err(check.refuse_at(key, &raw.name, "a key field is indexed exactly"));
            }
        }
        let named = |name: &Spanned<String>, kind: Kind| match find(name.get_ref())
            .is_some_and(|field| field.kind == kind)
        {
            true => Ok(name.get_ref().clone()),
            false => Err(check.refuse_at(name, &raw.name, "no field of this name and kind")),
        };
        let subject = raw.subject.as_ref().map(|subject| subject_fields(subject, named));
        let blocked_if = match &raw.blocked_if {
            Some(name) if name.get_ref() == ALWAYS => Some(ALWAYS.to_owned()),
            Some(name) => Some(named(name, Kind::Boolean)?),
            None => None,
        };
        let retention = raw
            .retention
            .map(|said| retention::read(check, &raw.name, said, &fields))
            .transpose()?;
        Ok(RecordType {
            subject: subject.transpose()?,
            blocked_if,
            retention,
            name,
            es: raw.es,
            en: raw.en,
            parent: raw.parent.map(Spanned::into_inner),
            home: raw.home.into_inner(),
            complete: raw.complete,
            key: raw.key.into_iter().map(Spanned::into_inner).collect(),
            fields,
        })
    }

    fn field(&self, record_type: &str, raw: RawField) -> Result<Field> {
        let check = self.check;
        let place = format!("{record_type}.{}", raw.name.get_ref());
        check.labels_of(&raw.name, &place, &raw.es, &raw.en)?;
        let refuse = |at: &Spanned<String>, why| -> Error { check.fail(&at.span(), &place, why) };
        if !self.compartments.contains(raw.compartment.get_ref()) {
            return Err(refuse(&raw.compartment, "no such compartment"));
        }
        if !self.sensitivities.contains(raw.sensitivity.get_ref()) {
            return Err(refuse(&raw.sensitivity, "no such sensitivity"));
        }
        match (&raw.vocabulary, raw.kind.is_coded()) {
            (Some(name), true) if !self.vocabularies.contains_key(name.get_ref()) => {
                return Err(refuse(name, "no such vocabulary"));
            }
            (Some(name), false) => return Err(refuse(name, "the kind has no vocabulary")),
            (None, true) => return Err(refuse(&raw.name, "a code has a vocabulary")),
            (Some(_), true) | (None, false) => {}
        }
        if !raw.kind.allows(raw.index) {
            return Err(refuse(&raw.name, "the kind cannot be indexed so"));
        }
        if let Some(rule) = &raw.generalise
            && !may_generalise(rule.get_ref(), raw.kind)
        {
            return Err(refuse(rule, "the kind cannot be generalised so"));
        }
        let textual = matches!(raw.kind, Kind::Text | Kind::TextList | Kind::Phone);
        if let Some(pattern) = raw.pattern.as_ref().or(raw.pattern_from.as_ref())
            && !textual
        {
            return Err(refuse(pattern, "only text has a pattern"));
        }
        if raw.free_text && !matches!(raw.kind, Kind::Text | Kind::LongText | Kind::TextList) {
            return Err(refuse(&raw.name, "only text is free text"));
        }
        if raw.required && raw.retired {
            return Err(refuse(&raw.name, "a retired field is not required"));
        }
        let matcher = check.pattern(raw.pattern.as_ref(), &place)?;
        Ok(Field {
            name: raw.name.into_inner(),
            es: raw.es,
            en: raw.en,
            kind: raw.kind,
            compartment: raw.compartment.into_inner(),
            sensitivity: raw.sensitivity.into_inner(),
            index: raw.index,
            generalise: raw.generalise.map(Spanned::into_inner),
            vocabulary: raw.vocabulary.map(Spanned::into_inner),
            required: raw.required,
            free_text: raw.free_text,
            pattern: raw.pattern.map(Spanned::into_inner),
            pattern_from: raw.pattern_from.map(Spanned::into_inner),
            retired: raw.retired,
            matcher,
        })
    }
}

fn is_subject(kind: &RecordType) -> bool {
    kind.subject.is_some()
}

fn subject_fields(
    raw: &RawSubject,
    named: impl Fn(&Spanned<String>, Kind) -> Result<String>,
) -> Result<SubjectFields> {
    let may = |name: &Option<Spanned<String>>, kind| {
        name.as_ref().map(|name| named(name, kind)).transpose()
    };
    Ok(SubjectFields {
        birth_date: named(&raw.birth_date, Kind::Date)?,
        estimated: may(&raw.estimated, Kind::Boolean)?,
        age: may(&raw.age, Kind::Integer)?,
        interpreter: may(&raw.interpreter, Kind::Boolean)?,
    })
}

/// Whether following the parents from here comes to no end.
fn is_circle(name: &str, parents: &BTreeMap<String, String>) -> bool {
    let mut at = name;
    for _ in 0..=parents.len() {
        match parents.get(at) {
            Some(parent) => at = parent,
            None => return false,
        }
    }
    true
}

/// Whether a type stands under one of these, at any depth; the parents form no circle.
fn stands_under(name: &str, parents: &BTreeMap<String, String>, these: &BTreeSet<String>) -> bool {
    let mut at = name;
    for _ in 0..=parents.len() {
        match parents.get(at) {
            Some(parent) if these.contains(parent) => return true,
            Some(parent) => at = parent,
            None => return false,
        }
    }
    false
}

fn may_generalise(rule: &str, kind: Kind) -> bool {
    match rule {
        "drop" => true,
        "month" | "year" => matches!(kind, Kind::Date | Kind::DateTime),
        "age_band" | "majority" => matches!(kind, Kind::Date | Kind::Integer),
        "ubigeo_department" => matches!(kind, Kind::Place | Kind::PlaceList),
        "region" => matches!(kind, Kind::Country | Kind::Place | Kind::PlaceList),
        _ => false,
    }
}

const MAX_TYPES: usize = 256;
const MAX_FIELDS: usize = 512;
