//! From a schema's source to a checked schema.
//!
//! A schema may come from outside the organisation, so everything is bounded, and everything
//! that another layer relies on is checked here once: names, references, kinds, indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::field::Matcher;
use crate::schema::raw::{RawNamed, RawProfile, RawRole, RawSchema, RawVocabulary};
use crate::schema::{
    Compartment, Parts, Profile, Role, Sensitivity, Term, VAULT, Vocabulary, types,
};

/// Reads and checks a schema.
pub(super) fn parse(source: &str) -> Result<Parts> {
    if source.len() > MAX_SOURCE {
        return Err(Error::new(
            ErrorKind::TooLong,
            "a schema is longer than 1 MiB",
        ));
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
    let compartments = compartments(check, raw.compartments)?;
    let held = names(compartments.iter().map(|c| c.name.as_str()));
    let roles = roles(check, raw.roles, &held)?;
    let sensitivities = sensitivities(check, raw.sensitivities)?;
    let known = names(sensitivities.iter().map(|s| s.name.as_str()));
    let profiles = profiles(check, raw.profiles, &known)?;
    let vocabularies = vocabularies(check, raw.vocabularies)?;
    let types = types::types(check, raw.types, &held, &known, &vocabularies)?;
    Ok(Parts {
        source: source.to_owned(),
        name: raw.name.into_inner(),
        version: raw.version.into_inner(),
        compartments,
        roles,
        sensitivities,
        profiles,
        vocabularies,
        types,
    })
}

fn compartments(check: Check<'_>, raw: Vec<RawNamed>) -> Result<Vec<Compartment>> {
    check.count(
        raw.len(),
        MAX_COMPARTMENTS,
        "compartment",
        "a schema has 1 to 31 compartments",
    )?;
    check.unique(raw.iter().map(|c| &c.name))?;
    let mut found = Vec::with_capacity(raw.len());
    for RawNamed { name, es, en } in raw {
        if name.get_ref() == VAULT {
            return Err(check.refuse(&name, "every member holds `vault`: it is not declared"));
        }
        check.labels(&name, &es, &en)?;
        found.push(Compartment {
            name: name.into_inner(),
            es,
            en,
        });
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
            return Err(check.refuse(
                &role.name,
                "a role that administers holds every compartment",
            ));
        }
        found.push(Role {
            name: role.name.into_inner(),
            es: role.es,
            en: role.en,
            compartments: role
                .compartments
                .into_iter()
                .map(Spanned::into_inner)
                .collect(),
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
        found.push(Sensitivity {
            name: name.into_inner(),
            es,
            en,
        });
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
        if !profile
            .by_sensitivity
            .keys()
            .all(|name| known.contains(name))
        {
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
            purposes: profile
                .purposes
                .into_iter()
                .map(Spanned::into_inner)
                .collect(),
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

/// Checks that name the line, the column and the thing.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    source: &'a str,
}

impl Check<'_> {
    pub(super) fn fail(self, at: &Range<usize>, name: &str, why: &'static str) -> Error {
        let (line, column) = position(self.source, at.start);
        bad(why).at(Place::SchemaLine {
            line,
            column,
            name: shown(name),
        })
    }

    pub(super) fn refuse(self, name: &Spanned<String>, why: &'static str) -> Error {
        self.fail(&name.span(), name.get_ref(), why)
    }

    pub(super) fn refuse_at(
        self,
        at: &Spanned<String>,
        name: &Spanned<String>,
        why: &'static str,
    ) -> Error {
        self.fail(&at.span(), name.get_ref(), why)
    }

    pub(super) fn name(self, name: &Spanned<String>) -> Result<()> {
        if is_name(name.get_ref()) {
            Ok(())
        } else {
            Err(self.refuse(name, "not a name"))
        }
    }

    pub(super) fn labels(self, name: &Spanned<String>, es: &str, en: &str) -> Result<()> {
        self.name(name)?;
        if is_label(es) && is_label(en) {
            return Ok(());
        }
        Err(self.refuse(name, "a label is empty or too long"))
    }

    pub(super) fn known(
        self,
        name: &Spanned<String>,
        among: &BTreeSet<String>,
        why: &'static str,
    ) -> Result<()> {
        if among.contains(name.get_ref()) {
            Ok(())
        } else {
            Err(self.refuse(name, why))
        }
    }

    pub(super) fn unique<'n>(self, all: impl Iterator<Item = &'n Spanned<String>>) -> Result<()> {
        let mut seen = BTreeSet::new();
        for name in all {
            if !seen.insert(name.get_ref()) {
                return Err(self.refuse(name, "the name stands here twice"));
            }
        }
        Ok(())
    }

    fn count(self, found: usize, most: usize, what: &str, why: &'static str) -> Result<()> {
        if (1..=most).contains(&found) {
            return Ok(());
        }
        Err(bad(why).at(Place::Schema(what.to_owned())))
    }

    pub(super) fn pattern(
        self,
        pattern: Option<&Spanned<String>>,
        name: &str,
    ) -> Result<Option<Matcher>> {
        let Some(pattern) = pattern else {
            return Ok(None);
        };
        let text = pattern.get_ref();
        let matcher = if text.len() > MAX_LABEL {
            None
        } else {
            Matcher::new(text)
        };
        let why = "not a pattern, or one that is too large";
        matcher
            .map(Some)
            .ok_or_else(|| self.fail(&pattern.span(), name, why))
    }
}

pub(super) const fn bad(why: &'static str) -> Error {
    Error::new(ErrorKind::BadSchema, why)
}

pub(super) fn names<'a>(all: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    all.map(str::to_owned).collect()
}

/// A name that is safe to show: what is not a name may be anything at all.
fn shown(name: &str) -> String {
    let dotted = name.split('.').all(is_name);
    if dotted {
        name.to_owned()
    } else {
        "?".to_owned()
    }
}

fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(plain)
}

fn is_code(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'.');
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(plain)
}

fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= MAX_LABEL && !text.chars().any(char::is_control)
}

/// Line and column from 1, the column in characters.
fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

const MAX_SOURCE: usize = 1 << 20;
/// Compartments are bits of a word, and bit 0 is `vault`.
const MAX_COMPARTMENTS: usize = 31;
const MAX_ROLES: usize = 64;
const MAX_SENSITIVITIES: usize = 32;
const MAX_PROFILES: usize = 64;
const MAX_VOCABULARIES: usize = 512;
const MAX_TERMS: usize = 1024;
const MAX_NAME: usize = 64;
const MAX_LABEL: usize = 256;
