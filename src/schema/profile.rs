//! How exports treat fields, kept as data: sensitivities and redaction profiles.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How much harm the disclosure of a field can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sensitivity {
    /// The name that fields refer to.
    pub name: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
}

/// How one kind of export treats each sensitivity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// The name that an export asks for.
    pub name: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
    /// The purposes that this profile serves.
    pub purposes: Vec<String>,
    /// The treatment of each sensitivity; one that is not named is withheld.
    pub by_sensitivity: BTreeMap<String, Treatment>,
    /// The smallest group in which a person of the microdata stands.
    pub k: Option<u32>,
    /// Table cells below this number are suppressed.
    pub small_cell: Option<u32>,
}

/// What an export does with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Treatment {
    /// Shows it.
    Keep,
    /// Shows it made coarser.
    Generalise,
    /// Shows a label that stands for it in this export only.
    Pseudonym,
    /// Shows it when the request names the field.
    Allowlist,
    /// Shows it when it is a code.
    CodedOnly,
    /// Counts it.
    Count,
    /// Withholds it.
    Drop,
}
