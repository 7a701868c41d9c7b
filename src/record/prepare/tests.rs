use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::error::Place;
use crate::schema::Schema;

fn peru() -> Schema {
    Schema::peru().unwrap()
}

fn person() -> RecordDraft {
    RecordDraft::new("person").set("survivor_code", "P-1").set("sex", "Mujer")
}

/// What the field holds after a draft with this text was prepared.
fn read(record_type: &str, field: &str, value: impl Into<FieldValue>) -> Result<SecretText> {
    let schema = peru();
    let mut edit = RecordEdit::new().set(field, value);
    schema.prepare_edit(record_type, &mut edit)?;
    let value = edit.fields().get(field).unwrap().as_ref();
    Ok(value.map(FieldValue::to_text).unwrap_or_default())
}

fn refused(record_type: &str, field: &str, value: impl Into<FieldValue>) -> ErrorKind {
    let error = read(record_type, field, value).unwrap_err();
    let place = Place::Field { record_type: record_type.into(), field: field.into() };
    assert_eq!(error.place(), Some(&place));
    error.kind()
}

#[test]
fn text_is_read_as_the_kind_of_its_field() {
    for (record_type, field, text, stored) in [
        ("person", "given_names", "  Mari\u{301}a  ", "Mar\u{ed}a"),
        ("person", "birth_date", "03/01/2012", "2012-01-03"),
        ("person", "birth_date", "2012-01-03", "2012-01-03"),
        ("person", "pregnant", "S\u{ed}", "true"),
        ("person", "pregnant", "NO", "false"),
        ("person", "sex", "mujer", "female"),
        ("person", "sex", "FEMALE", "female"),
        ("person", "mother_tongue", "castellano", "es"),
        ("person", "nationality", "Per\u{fa}", "PE"),
        ("person", "home_ubigeo", "INEI:100601", "inei:100601"),
        ("person", "age_at_registration", " 014 ", "14"),
        ("person", "alias", "Flaca; La Chola ;", "Flaca; La Chola"),
        ("case", "cem_condition", "1", "1"),
        (
            "case",
            "protection_concerns",
            "sexually_exploited;Explotaci\u{f3}n sexual",
            "sexually_exploited",
        ),
        ("exploitation", "debt_amount_pen", "1500.50", "1500.5"),
        (
            "exploitation",
            "transit_ubigeos",
            "inei:250101; reniec:140101",
            "inei:250101; reniec:140101",
        ),
        ("legal_event", "at", "2026-03-01 10:04", "2026-03-01T15:04:00Z"),
        ("legal_event", "at", "01/03/2026 10:04:05", "2026-03-01T15:04:05Z"),
        ("legal_event", "at", "2026-03-01T10:04:05-05:00", "2026-03-01T15:04:05Z"),
        ("case", "narrative", "  one\nline ", "  one\nline "),
    ] {
        assert_eq!(read(record_type, field, text).unwrap().expose(), stored, "{field}: {text}");
    }
    assert_eq!(read("case", "cem_condition", 1).unwrap().expose(), "1");
    assert_eq!(read("exploitation", "debt_amount_pen", 3).unwrap().expose(), "3");
}

#[test]
fn a_value_of_another_kind_is_refused_at_its_field() {
    for (record_type, field, text) in [
        ("person", "birth_date", "1/13/2012"),
        ("person", "birth_date", "2012-1-3"),
        ("person", "birth_date", "3 de enero"),
        ("person", "pregnant", "tal vez"),
        ("person", "home_ubigeo", "100601"),
        ("person", "age_at_registration", "1.5"),
        ("person", "photo", "photo.jpg"),
        ("exploitation", "debt_amount_pen", "1,500"),
        ("legal_event", "at", "2026-03-01"),
        ("legal_event", "at", "2026-03-01 25:00"),
        ("person", "address", "a\u{0}b"),
    ] {
        assert_eq!(refused(record_type, field, text), ErrorKind::BadValue, "{field}: {text}");
    }
    assert_eq!(refused("person", "sex", "canary"), ErrorKind::UnknownCode);
    assert_eq!(refused("person", "nationality", "XX"), ErrorKind::UnknownCode);
    assert_eq!(refused("case", "protection_concerns", "canary;"), ErrorKind::UnknownCode);
    // A number has lost the leading zeros of a document by then.
    assert_eq!(refused("identity_document", "doc_number", 1_234_567), ErrorKind::BadValue);
    assert_eq!(refused("person", "given_names", true), ErrorKind::BadValue);
}

#[test]
fn lengths_are_bounded() {
    assert!(read("person", "address", "a".repeat(16 << 10)).is_ok());
    assert_eq!(refused("person", "address", "a".repeat((16 << 10) + 1)), ErrorKind::TooLong);
    assert!(read("case", "narrative", "a".repeat(48 << 10)).is_ok());
    assert_eq!(refused("case", "narrative", "a".repeat((48 << 10) + 1)), ErrorKind::TooLong);
    assert_eq!(refused("person", "alias", vec!["a"; 257]), ErrorKind::TooLong);
    assert_eq!(refused("person", "alias", "a;".repeat(257)), ErrorKind::TooLong);
}

#[test]
fn required_fields_are_asked_for() {
    let schema = peru();
    let mut draft = RecordDraft::new("person").set("survivor_code", "P-1").set("sex", "  ");
    let error = schema.prepare(&mut draft).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Required);
    assert_eq!(error.to_string(), "a required field is empty (person.sex)");
    for empty in [RecordEdit::new().clear("sex"), RecordEdit::new().set("sex", "")] {
        let error = schema.prepare_edit("person", &mut empty.clone()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Required);
    }
    let mut draft = person().set("address", " ");
    schema.prepare(&mut draft).unwrap();
    assert_eq!(draft.fields().len(), 2);
    let mut edit = RecordEdit::new().set("address", "");
    schema.prepare_edit("person", &mut edit).unwrap();
    assert!(edit.fields().get("address").unwrap().is_none());
}

#[test]
fn names_outside_the_schema_are_refused_unseen() {
    let schema = peru();
    let error = schema.prepare(&mut RecordDraft::new("canary")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownType);
    let wrong = schema.prepare(&mut person().set("canary", "x")).unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::UnknownField);
    assert!(!format!("{error}{error:?}{wrong}{wrong:?}").contains("canary"));
}

#[test]
fn an_unusual_document_is_kept_with_a_warning() {
    let schema = peru();
    for (doc_type, number, usual) in [
        ("dni", "01234567", true),
        ("dni", "1234567", false),
        ("dni", "012345678", false),
        ("dni", "0123456K", false),
        ("ce", "001234567", true),
        ("ce", "1234", false),
        ("passport", "AB123456", true),
        ("passport", "#", false),
        ("ve_ci", "V-12345678", true),
        ("other", "anything at all", true),
    ] {
        let mut draft = RecordDraft::new("identity_document")
            .set("doc_type", doc_type)
            .set("doc_number", number);
        let warnings = schema.prepare(&mut draft).unwrap();
        let kinds: Vec<_> = warnings.iter().map(|w| (w.field.as_str(), w.kind)).collect();
        let expected: &[_] = if usual { &[] } else { &[("doc_number", WarningKind::UnusualForm)] };
        assert_eq!(kinds, expected, "{doc_type} {number}");
        assert_eq!(draft.fields().get("doc_number").unwrap().as_text(), Some(number));
    }
}

#[test]
fn usual_forms_are_not_reported() {
    let schema = peru();
    let warned = |record_type: &str, field: &str, text: &str| {
        let mut edit = RecordEdit::new().set(field, text);
        schema.prepare_edit(record_type, &mut edit).unwrap().first().map(|w| w.kind)
    };
    for (record_type, field, text) in [
        ("person", "phone", "+51 987 654 321"),
        ("person", "phone", "987654321"),
        ("person", "phone", "(062) 51-2345"),
        ("household_member", "phone", "01 123 4567"),
        ("alleged_perpetrator", "vehicle_plate", "ABC-123"),
        ("alleged_perpetrator", "vehicle_plate", "1234-5a"),
        ("legal_proceeding", "carpeta_fiscal", "506014501-2024-1234-0"),
        ("legal_proceeding", "expediente_judicial", "01234-2024-0-1201-JR-FC-02"),
        ("person", "home_ubigeo", "reniec:140101"),
    ] {
        assert_eq!(warned(record_type, field, text), None, "{field}: {text}");
    }
    for (record_type, field, text, kind) in [
        ("person", "phone", "12345", WarningKind::UnusualForm),
        ("alleged_perpetrator", "vehicle_plate", "ABCDE", WarningKind::UnusualForm),
        ("legal_proceeding", "carpeta_fiscal", "1234", WarningKind::UnusualForm),
        ("person", "home_ubigeo", "inei:990101", WarningKind::UnknownPlace),
    ] {
        assert_eq!(warned(record_type, field, text), Some(kind), "{field}: {text}");
    }
}

static PERU: LazyLock<Schema> = LazyLock::new(peru);

fn any_field() -> impl Strategy<Value = (&'static RecordType, &'static Field)> {
    let all: Vec<_> =
        PERU.record_types().iter().flat_map(|t| t.fields.iter().map(move |f| (t, f))).collect();
    prop::sample::select(all)
}

/// Texts near enough to each kind that many are read.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[ ;a-z\u{e1}\u{f1}\n-]{0,40}",
        "[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}( [0-9]{2}:[0-9]{2})?",
        "-?[0-9]{1,20}(\\.[0-9]{0,8})?",
        "(inei|reniec|x):[0-9]{6}(; ?inei:[0-9]{6})?",
        "si|no|open|female|PE|given|[0-9a-f]{32}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_read_is_stored_and_read_again((kind, field) in any_field(), text in any_text()) {
        let mut edit = RecordEdit::new().set(&field.name, text.as_str());
        match PERU.prepare_edit(&kind.name, &mut edit) {
            Err(error) => {
                prop_assert_eq!(error.place(), Some(&kind.place(&field.name)));
            }
            Ok(_) => if let Some(Some(value)) = edit.fields().get(&field.name) {
                let decoded = FieldValue::decode(value.code(), &value.encode()).unwrap();
                prop_assert!(&decoded == value);
                // Its one spelling means the same.
                let mut again = RecordEdit::new().set(&field.name, value.to_text());
                PERU.prepare_edit(&kind.name, &mut again).unwrap();
                let again = again.fields().get(&field.name).unwrap().as_ref();
                prop_assert!(again == Some(value));
                let mut same = RecordEdit::new().set(&field.name, value.clone());
                PERU.prepare_edit(&kind.name, &mut same).unwrap();
                let same = same.fields().get(&field.name).unwrap().as_ref();
                prop_assert!(same == Some(value));
            }
        }
    }

    #[test]
    fn no_error_or_warning_quotes_a_value((kind, field) in any_field(), tail in "[ ;:/*0-9]{0,6}") {
        let text = format!("Canary{tail}");
        let mut edit = RecordEdit::new().set(&field.name, text.as_str());
        let shown = match PERU.prepare_edit(&kind.name, &mut edit) {
            Err(error) => format!("{error} {error:?}"),
            Ok(warnings) => format!("{warnings:?} {edit:?}"),
        };
        prop_assert!(!shown.contains("Canary"));
    }
}
