//! What a profile makes of a field: it can only narrow what consent permits.

use std::collections::BTreeSet;

use crate::consent::Identifiability;
use crate::redact::Mark;
use crate::schema::{Field, Index, Kind, Profile, Schema, Treatment};

/// What becomes of a field that may leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rule {
    Keep,
    Coarsen,
    Code,
    Withhold(Mark),
}

/// What whoever asks for an export says beside the profile; fields are `record_type.field`.
#[derive(Clone, Default)]
pub(crate) struct Narrowing {
    /// What an `allowlist` shows.
    pub(crate) allow: BTreeSet<String>,
    /// What does not go, whatever else would let it.
    pub(crate) withhold: BTreeSet<String>,
}

impl Rule {
    pub(crate) fn of(
        profile: &Profile,
        record_type: &str,
        field: &Field,
        narrowing: &Narrowing,
    ) -> Self {
        let name = format!("{record_type}.{}", field.name);
        if narrowing.withhold.contains(&name) {
            return Self::Withhold(Mark::Narrowed);
        }
        // A code by which the vault finds a record stands for her in every export alike: where
        // names are coded or dropped, so is it.
        let sensitivity = if is_key(field) { "identifier" } else { field.sensitivity.as_str() };
        match profile.by_sensitivity.get(sensitivity) {
            Some(Treatment::Keep) => Self::Keep,
            Some(Treatment::Generalise) => coarsened(field),
            Some(Treatment::Pseudonym) if field.kind == Kind::Attachment => {
                Self::Withhold(Mark::File)
            }
            Some(Treatment::Pseudonym) => Self::Code,
            Some(Treatment::Allowlist) if narrowing.allow.contains(&name) => Self::Keep,
            Some(Treatment::CodedOnly) if is_closed(field.kind) => Self::Keep,
            Some(
                Treatment::Allowlist | Treatment::CodedOnly | Treatment::Count | Treatment::Drop,
            )
            | None => Self::Withhold(Mark::Profile),
        }
    }
}

impl Rule {
    /// What becomes of a file. It may hold anything: who is in it, and what of her nobody should
    /// know. So a profile lets it leave only if it keeps that too, beside these sensitivities.
    pub(crate) fn of_file(
        (profile, schema): (&Profile, &Schema),
        record_type: &str,
        (field, sensitivities): (&Field, &[String]),
        narrowing: &Narrowing,
    ) -> Self {
        let any = schema.sensitivities().iter().map(|one| &one.name);
        let any = any.filter(|name| matches!(name.as_str(), "identifier" | "special"));
        let mut rules = sensitivities.iter().chain(any).map(|sensitivity| {
            let field = Field { sensitivity: sensitivity.clone(), ..field.clone() };
            Self::of(profile, record_type, &field, narrowing)
        });
        match rules.find(|rule| *rule != Self::Keep) {
            None if !sensitivities.is_empty() => Self::Keep,
            Some(Self::Withhold(mark)) => Self::Withhold(mark),
            _ => Self::Withhold(Mark::Profile),
        }
    }
}

/// What the field's own rule makes coarser; without one, what its kind allows. A closed list is
/// coarse already, and nothing is a coarser text.
fn coarsened(field: &Field) -> Rule {
    match field.generalise.as_deref() {
        Some("drop") => Rule::Withhold(Mark::Profile),
        Some(_) => Rule::Coarsen,
        None => match field.kind {
            Kind::Code | Kind::CodeList | Kind::Boolean => Rule::Keep,
            Kind::Date
            | Kind::DateTime
            | Kind::Integer
            | Kind::Decimal
            | Kind::Place
            | Kind::PlaceList
            | Kind::Country => Rule::Coarsen,
            Kind::Text | Kind::LongText | Kind::TextList | Kind::Phone | Kind::Attachment => {
                Rule::Withhold(Mark::Profile)
            }
        },
    }
}

/// How far a profile lets people be recognised: what consent is asked for.
pub(crate) fn identifiability(profile: &Profile) -> Identifiability {
    let least = match profile.by_sensitivity.get("identifier") {
        Some(Treatment::Keep | Treatment::Generalise | Treatment::Allowlist) => {
            Identifiability::Identified
        }
        _ if profile.k.is_some() => Identifiability::Aggregate,
        _ => Identifiability::Coded,
    };
    // A place of refuge, a witness: kept, it leads to her as surely as a name.
    match profile.by_sensitivity.get("life_safety") {
        Some(Treatment::Keep | Treatment::Allowlist) => Identifiability::Identified,
        _ => least,
    }
}

/// Whether the field is what somebody is called.
pub(crate) fn is_name(field: &Field) -> bool {
    field.index == Index::Phonetic && field.sensitivity == "identifier"
}

/// Whether the field is a code of the organisation's own that leads to one record.
fn is_key(field: &Field) -> bool {
    field.index == Index::Exact && field.kind == Kind::Text && field.sensitivity == "operational"
}

const fn is_closed(kind: Kind) -> bool {
    matches!(kind, Kind::Code | Kind::CodeList | Kind::Boolean | Kind::Country)
}
