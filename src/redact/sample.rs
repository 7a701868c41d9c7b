//! An invented view with one of everything, for the tests of renderers.
//!
//! `tests/data/sd_jwt/sample.sdjwt` was made of [`view`]: what it holds stays as it is.

use std::collections::BTreeSet;

use crate::consent::{Missing, Obligation, Reason};
use crate::language::Language;
use crate::redact::{
    Cover, Data, Mark, Outcome, Part, RedactedField, RedactedRecord, RedactedView, Shown,
};
use crate::time::Date;

/// A case, a person and an incident, as a prosecutor may see them.
pub(crate) fn view() -> RedactedView {
    RedactedView { cover: cover(), records: vec![case(), person(), incident()] }
}

/// Names of fields that are withheld in [`view`].
pub(crate) const WITHHELD: &[&str] = &[
    "case_manager_code",
    "cem_ficha_no",
    "risk_level",
    "address",
    "phone",
    "photo",
    "religion",
    "safe_location",
    "account",
];

fn cover() -> Cover {
    Cover {
        export: "K7M2Q9T4X1B6".into(),
        made_at: "2026-03-14T15:00:00Z".parse().unwrap(),
        made_on: Date::new(2026, 3, 14).unwrap(),
        language: Language::Spanish,
        organisation: "Centro Ficticio".into(),
        recipient: "Fiscalía de Prueba".into(),
        purpose: "legal_proceedings".into(),
        purpose_words: "Proceso legal".into(),
        profile: "court_coded".into(),
        profile_words: "Expediente con clave (reserva de identidad)".into(),
        policy_version: 3,
        obligations: BTreeSet::from([Obligation::NoOnwardTransfer]),
    }
}

fn case() -> RedactedRecord {
    let text = "La señora [\"Flor\"] pidió orientación.\nVolvió con su hermana: 50 % más segura.";
    record(
        "R01",
        None,
        "case",
        "Caso",
        vec![
            field("case_code", "Código de caso", "operational", kept(words("HCO-0001"))),
            withheld("case_manager_code", "Código de responsable", "operational", Mark::Profile),
            field(
                "registration_date",
                "Fecha de registro",
                "operational",
                kept(code("2026-03-01")),
            ),
            field("status", "Estado", "operational", kept(coded("Abierto", "open"))),
            withheld("cem_ficha_no", "N.º de ficha CEM", "identifier", Mark::Consent),
            field(
                "protection_concerns",
                "Motivos de protección",
                "special",
                kept(list(&["trafficking", "violence_at_home"])),
            ),
            withheld("risk_level", "Nivel de riesgo", "operational", Mark::Narrowed),
            field("narrative", "Relato del caso", "special", kept(words(text))),
        ],
    )
}

fn person() -> RedactedRecord {
    record(
        "R02",
        Some("R01"),
        "person",
        "Persona sobreviviente",
        vec![
            field(
                "given_names",
                "Nombres",
                "identifier",
                Outcome::Changed(label("PERSONA K7"), Mark::Coded),
            ),
            field(
                "birth_date",
                "Fecha de nacimiento",
                "quasi_identifier",
                Outcome::Changed(coded("marzo de 1998", "1998-03"), Mark::Coarser),
            ),
            field("age_at_registration", "Edad", "quasi_identifier", kept(integer(27))),
            field("sex", "Sexo", "quasi_identifier", kept(coded("Mujer", "female"))),
            field(
                "interpreter_needed",
                "¿Requiere intérprete?",
                "operational",
                kept(boolean(true)),
            ),
            withheld("religion", "Religión", "special", Mark::SmallGroup),
            withheld("address", "Dirección", "identifier", Mark::Consent),
            withheld("phone", "Teléfono", "identifier", Mark::Consent),
            withheld("safe_location", "Ubicación segura / refugio", "life_safety", Mark::TwoPeople),
            withheld("photo", "Fotografía", "life_safety", Mark::File),
        ],
    )
}

fn incident() -> RedactedRecord {
    record(
        "R07",
        Some("R01"),
        "incident",
        "Incidente",
        vec![
            field("ubigeo", "UBIGEO del hecho", "quasi_identifier", {
                Outcome::Changed(coded("Huánuco", "inei:10"), Mark::Coarser)
            }),
            field(
                "health_findings",
                "Hallazgos de salud",
                "special",
                Outcome::Changed(
                    with_gap("Atendida por ", Mark::Hidden, " en la posta."),
                    Mark::Hidden,
                ),
            ),
            field("within_72h", "¿Dentro de 72 horas?", "special", kept(boolean(false))),
            withheld("account", "Relato (en palabras de la persona)", "special", Mark::Unread),
        ],
    )
}

fn record(
    code: &str,
    parent: Option<&str>,
    record_type: &str,
    label: &str,
    fields: Vec<RedactedField>,
) -> RedactedRecord {
    RedactedRecord {
        code: code.into(),
        parent: parent.map(Into::into),
        record_type: record_type.into(),
        label: label.into(),
        fields,
    }
}

/// A field of any outcome.
pub(crate) fn field(name: &str, label: &str, sensitivity: &str, outcome: Outcome) -> RedactedField {
    let refused = matches!(outcome, Outcome::Withheld(Mark::Consent));
    RedactedField {
        name: name.into(),
        label: label.into(),
        sensitivity: sensitivity.into(),
        outcome,
        reason: if refused { Reason::DataNotCovered } else { Reason::ConsentInForce },
        missing: refused.then_some(Missing::Consent).into_iter().collect(),
    }
}

fn withheld(name: &str, label: &str, sensitivity: &str, mark: Mark) -> RedactedField {
    field(name, label, sensitivity, Outcome::Withheld(mark))
}

/// A view of one record with these fields, for tests that draw them.
pub(crate) fn view_of(fields: Vec<RedactedField>) -> RedactedView {
    RedactedView { cover: cover(), records: vec![record("R01", None, "case", "Caso", fields)] }
}

/// As it was.
pub(crate) const fn kept(shown: Shown) -> Outcome {
    Outcome::Kept(shown)
}

/// A text.
pub(crate) fn words(text: &str) -> Shown {
    Shown { parts: vec![Part::Text(text.into())], data: Data::Words }
}

/// A code that people read as it is.
pub(crate) fn code(code: &str) -> Shown {
    coded(code, code)
}

/// A code, and what people read for it.
pub(crate) fn coded(text: &str, code: &str) -> Shown {
    Shown { parts: vec![Part::Text(text.into())], data: Data::Code(code.into()) }
}

/// A whole number.
pub(crate) fn integer(number: i64) -> Shown {
    Shown { parts: vec![Part::Text(number.to_string().into())], data: Data::Integer(number) }
}

/// Yes or no.
pub(crate) fn boolean(value: bool) -> Shown {
    let text = if value { "Sí" } else { "No" };
    Shown { parts: vec![Part::Text(text.into())], data: Data::Boolean(value) }
}

/// Several codes.
pub(crate) fn list(items: &[&str]) -> Shown {
    let data = Data::List(items.iter().map(|item| (*item).into()).collect());
    Shown { parts: vec![Part::Text(items.join("; ").into())], data }
}

/// A label in place of a name.
pub(crate) fn label(label: &str) -> Shown {
    Shown { parts: vec![Part::Label(label.into())], data: Data::Words }
}

/// A text of which a part is hidden.
pub(crate) fn with_gap(before: &str, mark: Mark, after: &str) -> Shown {
    let parts = vec![Part::Text(before.into()), Part::Gap(mark), Part::Text(after.into())];
    Shown { parts, data: Data::Words }
}
