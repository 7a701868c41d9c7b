//! Checks of names and labels that say where in a schema's source they failed.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::field::Matcher;

/// Checks that name the line, the column and the thing.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    pub(super) source: &'a str,
}

impl Check<'_> {
    pub(super) fn fail(self, at: &Range<usize>, name: &str, why: &'static str) -> Error {
        let (line, column) = position(self.source, at.start);
        bad(why).at(Place::SchemaLine { line, column, name: shown(name) })
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
        if is_name(name.get_ref()) { Ok(()) } else { Err(self.refuse(name, "not a name")) }
    }

    pub(super) fn labels(self, name: &Spanned<String>, es: &str, en: &str) -> Result<()> {
        self.labels_of(name, name.get_ref(), es, en)
    }

    /// The same for a thing whose full name is longer, as a field's is.
    pub(super) fn labels_of(
        self,
        name: &Spanned<String>,
        full: &str,
        es: &str,
        en: &str,
    ) -> Result<()> {
        let why = if !is_name(name.get_ref()) {
            "not a name"
        } else if !(is_label(es) && is_label(en)) {
            "a label is empty or too long"
        } else {
            return Ok(());
        };
        Err(self.fail(&name.span(), full, why))
    }

    pub(super) fn known(
        self,
        name: &Spanned<String>,
        among: &BTreeSet<String>,
        why: &'static str,
    ) -> Result<()> {
        if among.contains(name.get_ref()) { Ok(()) } else { Err(self.refuse(name, why)) }
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

    pub(super) fn count(
        self,
        found: usize,
        most: usize,
        what: &str,
        why: &'static str,
    ) -> Result<()> {
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
        let matcher = if text.len() > MAX_LABEL { None } else { Matcher::new(text) };
        let why = "not a pattern, or one that is too large";
        matcher.map(Some).ok_or_else(|| self.fail(&pattern.span(), name, why))
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
    if dotted { name.to_owned() } else { "?".to_owned() }
}

fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(plain)
}

pub(super) fn is_code(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'.');
    (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(plain)
}

pub(super) fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= MAX_LABEL && !text.chars().any(char::is_control)
}

/// Line and column from 1, the column in characters.
pub(super) fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

const MAX_NAME: usize = 64;
pub(super) const MAX_LABEL: usize = 256;
