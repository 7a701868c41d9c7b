//! The shape of a schema's source, before anything is checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::schema::{Index, Kind, Treatment};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSchema {
    pub(super) name: Spanned<String>,
    pub(super) version: Spanned<u32>,
    pub(super) utc_offset: Option<Spanned<String>>,
    #[serde(default, rename = "compartment")]
    pub(super) compartments: Vec<RawNamed>,
    #[serde(default, rename = "role")]
    pub(super) roles: Vec<RawRole>,
    #[serde(default, rename = "sensitivity")]
    pub(super) sensitivities: Vec<RawNamed>,
    #[serde(default, rename = "profile")]
    pub(super) profiles: Vec<RawProfile>,
    #[serde(default, rename = "vocabulary")]
    pub(super) vocabularies: Vec<RawVocabulary>,
    #[serde(default, rename = "type")]
    pub(super) types: Vec<RawType>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNamed {
    pub(super) name: Spanned<String>,
    pub(super) es: String,
    pub(super) en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRole {
    pub(super) name: Spanned<String>,
    pub(super) es: String,
    pub(super) en: String,
    pub(super) compartments: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) administers: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProfile {
    pub(super) name: Spanned<String>,
    pub(super) es: String,
    pub(super) en: String,
    #[serde(default)]
    pub(super) purposes: Vec<Spanned<String>>,
    pub(super) by_sensitivity: BTreeMap<String, Treatment>,
    pub(super) k: Option<u32>,
    pub(super) small_cell: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVocabulary {
    pub(super) name: Spanned<String>,
    pub(super) terms: Vec<RawTerm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerm {
    pub(super) code: Spanned<String>,
    pub(super) es: String,
    pub(super) en: String,
    pub(super) pattern: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) retired: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawType {
    pub(super) name: Spanned<String>,
    pub(super) es: String,
    pub(super) en: String,
    pub(super) parent: Option<Spanned<String>>,
    pub(super) home: Spanned<String>,
    #[serde(default)]
    pub(super) complete: bool,
    #[serde(default)]
    pub(super) key: Vec<Spanned<String>>,
    pub(super) subject: Option<RawSubject>,
    pub(super) blocked_if: Option<Spanned<String>>,
    pub(super) retention: Option<RawRetention>,
    pub(super) fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSubject {
    pub(super) birth_date: Spanned<String>,
    pub(super) estimated: Option<Spanned<String>>,
    pub(super) age: Option<Spanned<String>>,
    pub(super) interpreter: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    pub(super) until: Option<Spanned<String>>,
    pub(super) years: Option<Spanned<u16>>,
    pub(super) from: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) name: Spanned<String>,
    pub(super) es: String,
    pub(super) en: String,
    pub(super) kind: Kind,
    pub(super) compartment: Spanned<String>,
    pub(super) sensitivity: Spanned<String>,
    #[serde(default)]
    pub(super) index: Index,
    pub(super) generalise: Option<Spanned<String>>,
    pub(super) vocabulary: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) required: bool,
    #[serde(default)]
    pub(super) free_text: bool,
    pub(super) pattern: Option<Spanned<String>>,
    pub(super) pattern_from: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) retired: bool,
}
