//! From a schema's source to a checked schema.
//!
//! A schema may come from outside the organisation, so everything is bounded, and everything
//! that another layer relies on is checked here once: names, references, kinds, indexes.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::check::{Check, MAX_LABEL, bad, is_code, is_label, names, position};
use crate::schema::raw::{RawNamed, RawProfile, RawRole, RawSchema, RawVocabulary};
use crate::schema::{
    Compartment, Parts, Profile, Role, Sensitivity, Term, VAULT, Vocabulary, own, types,
};
use crate::time::offset_seconds;

/// Reads and checks a schema.
pub(super) fn parse(source: &str) -> Result<Parts> {
    if source.len() > MAX_SOURCE {
        return Err(Error::new(ErrorKind::TooLong, "a schema is longer than 1 MiB"));
    }
    let raw: RawSchema = toml::from_str(source).map_err(|error| {
        // The message quotes the source; only its position is kept.
        let at = error.span().unwrap_or_default();
        let (line, column) = position(source, at.start);
        bad("the schema cannot be read").at(Place::Line { line, column })
    })?;
    let check = Check { source };
    check.name(&raw.name)?;
    if *raw.version.get_ref() == 0 {
        return Err(check.fail(&raw.version.span(), "version", "a version starts at 1"));
    }
    if let Some(offset) = &raw.utc_offset
        && offset_seconds(offset.get_ref()).is_none()
    {
        return Err(check.fail(&offset.span(), "utc_offset", "not an offset of the form -05:00"));
    }
    let compartments = compartments(check, raw.compartments)?;
    let held = names(compartments.iter().map(|c| c.name.as_str()));
    let roles = roles(check, raw.roles, &held)?;
    let sensitivities = sensitivities(check, raw.sensitivities)?;
    let known = names(sensitivities.iter().map(|s| s.name.as_str()));
    let profiles = profiles(check, raw.profiles, &known)?;
    let vocabularies = vocabularies(check, raw.vocabularies)?;
    let types = types::types(check, raw.types, &held, &known, &vocabularies)?;
    let subject = types.iter().find(|kind| kind.subject.is_some());
    let files = types.iter().flat_map(|kind| own::types_of_files(kind, &compartments));
    let own = subject.map(own::types_for).into_iter().flatten().chain(files).collect();
    Ok(Parts {
        source: source.to_owned(),
        name: raw.name.into_inner(),
        version: raw.version.into_inner(),
        utc_offset: raw.utc_offset.map(Spanned::into_inner),
        compartments,
        roles,
        sensitivities,
        profiles,
        vocabularies,
        types,
        own,
    })
}

fn compartments(check: Check<'_>, raw: Vec<RawNamed>) -> Result<Vec<Compartment>> {
    check.count(raw.len(), MAX_COMPARTMENTS, "compartment", "a schema has 1 to 31 compartments")?;
    check.unique(raw.iter().map(|c| &c.name))?;
    let mut found = Vec::with_capacity(raw.len());
    for RawNamed { name, es, en } in raw {
        if name.get_ref() == VAULT {
            return Err(check.refuse(&name, "every member holds `vault`: it is not declared"));
        }
        check.labels(&name, &es, &en)?;
        found.push(Compartment { name: name.into_inner(), es, en });
    }
    Ok(found)
}

fn roles(check: Check<'_>, raw: Vec<RawRole>, held: &BTreeSet<String>) -> Result<Vec<Role>> {
    check.count(raw.len(), MAX_ROLES, "role", "a schema has 1 to 64 roles")?;
    check.unique(raw.iter().map(|r| &r.name))?;
    let mut found = Vec::with_capacity(raw.len());
    for role in raw {
        check.labels(&role.name, &role.es, &role.en)?;
        check.unique(role.compartments.iter())?;
        for name in &role.compartments {
            check.known(name, held, "no such compartment")?;
        }
        // Who admits a member must hold every key that the member is given.
        if role.administers && role.compartments.len() != held.len() {
            return Err(check.refuse(&role.name, "a role that administers holds every compartment"));
        }
        found.push(Role {
            name: role.name.into_inner(),
            es: role.es,
            en: role.en,
            compartments: role.compartments.into_iter().map(Spanned::into_inner).collect(),
            administers: role.administers,
        });
    }
    if !found.iter().any(|role| role.administers) {
        return Err(bad("no role administers").at(Place::Schema("role".to_owned())));
    }
    Ok(found)
}

fn sensitivities(check: Check<'_>, raw: Vec<RawNamed>) -> Result<Vec<Sensitivity>> {
    check.count(
        raw.len(),
        MAX_SENSITIVITIES,
        "sensitivity",
        "a schema has 1 to 32 sensitivities",
    )?;
    check.unique(raw.iter().map(|s| &s.name))?;
    let mut found = Vec::with_capacity(raw.len());
    for RawNamed { name, es, en } in raw {
        check.labels(&name, &es, &en)?;
        found.push(Sensitivity { name: name.into_inner(), es, en });
    }
    Ok(found)
}

fn profiles(
    check: Check<'_>,
    raw: Vec<RawProfile>,
    known: &BTreeSet<String>,
) -> Result<Vec<Profile>> {
    if raw.len() > MAX_PROFILES {
        return Err(bad("a schema has at most 64 profiles").at(Place::Schema("profile".to_owned())));
    }
    check.unique(raw.iter().map(|p| &p.name))?;
    let mut found = Vec::with_capacity(raw.len());
    for profile in raw {
        check.labels(&profile.name, &profile.es, &profile.en)?;
        if !profile.by_sensitivity.keys().all(|name| known.contains(name)) {
            return Err(check.refuse(&profile.name, "no such sensitivity"));
        }
        for purpose in &profile.purposes {
            let plain = |b: u8| b.is_ascii_lowercase() || matches!(b, b'_' | b'|' | b'=');
            let text = purpose.get_ref();
            if text.is_empty() || text.len() > MAX_LABEL || !text.bytes().all(plain) {
                return Err(check.refuse_at(purpose, &profile.name, "not a purpose"));
            }
        }
        found.push(Profile {
            name: profile.name.into_inner(),
            es: profile.es,
            en: profile.en,
            purposes: profile.purposes.into_iter().map(Spanned::into_inner).collect(),
            by_sensitivity: profile.by_sensitivity,
            k: profile.k,
            small_cell: profile.small_cell,
        });
    }
    Ok(found)
}

fn vocabularies(check: Check<'_>, raw: Vec<RawVocabulary>) -> Result<BTreeMap<String, Vocabulary>> {
    if raw.len() > MAX_VOCABULARIES {
        let place = Place::Schema("vocabulary".to_owned());
        return Err(bad("a schema has at most 512 vocabularies").at(place));
    }
    check.unique(raw.iter().map(|v| &v.name))?;
    let mut found = BTreeMap::new();
    for vocabulary in raw {
        let name = &vocabulary.name;
        if vocabulary.terms.is_empty() || vocabulary.terms.len() > MAX_TERMS {
            return Err(check.refuse(name, "a vocabulary has 1 to 1,024 codes"));
        }
        check.name(name)?;
        let mut codes = BTreeSet::new();
        let mut entries = Vec::with_capacity(vocabulary.terms.len());
        for term in vocabulary.terms {
            if !is_code(term.code.get_ref()) {
                return Err(check.refuse_at(&term.code, name, "not a code"));
            }
            if !codes.insert(term.code.get_ref().clone()) {
                return Err(check.refuse_at(&term.code, name, "the code stands here twice"));
            }
            if !(is_label(&term.es) && is_label(&term.en)) {
                return Err(check.refuse_at(&term.code, name, "a label is empty or too long"));
            }
            let matcher = check.pattern(term.pattern.as_ref(), name.get_ref())?;
            entries.push(Term {
                code: term.code.into_inner(),
                es: term.es,
                en: term.en,
                pattern: term.pattern.map(Spanned::into_inner),
                retired: term.retired,
                matcher,
            });
        }
        let name = vocabulary.name.into_inner();
        found.insert(name.clone(), Vocabulary { name, entries });
    }
    Ok(found)
}

const MAX_SOURCE: usize = 1 << 20;
/// Compartments are bits of a word, and bit 0 is `vault`.
const MAX_COMPARTMENTS: usize = 31;
const MAX_ROLES: usize = 64;
const MAX_SENSITIVITIES: usize = 32;
const MAX_PROFILES: usize = 64;
const MAX_VOCABULARIES: usize = 512;
const MAX_TERMS: usize = 1024;

#[cfg(test)]
mod tests;
