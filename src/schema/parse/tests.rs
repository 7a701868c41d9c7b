use proptest::prelude::*;

use crate::error::{ErrorKind, Place};
use crate::schema::Schema;

const SMALL: &str = r#"name = "small"
version = 1

[[compartment]]
name = "case"
es = "Caso"
en = "Case"

[[role]]
name = "director"
es = "Director"
en = "Director"
compartments = ["case"]
administers = true

[[sensitivity]]
name = "plain"
es = "Simple"
en = "Plain"

[[profile]]
name = "court"
es = "Juzgado"
en = "Court"
purposes = ["legal_proceedings"]
by_sensitivity = { plain = "keep" }

[[vocabulary]]
name = "status"
terms = [{ code = "open", es = "Abierto", en = "Open", pattern = '^\d+$' }]

[[type]]
name = "case"
es = "Caso"
en = "Case"
home = "case"
key = ["code"]
fields = [
  { name = "code", kind = "text", compartment = "case", sensitivity = "plain", index = "exact", pattern_from = "status", es = "Clave", en = "Code" },
  { name = "status", kind = "code", vocabulary = "status", compartment = "case", sensitivity = "plain", es = "Estado", en = "Status" },
  { name = "day", kind = "date", compartment = "case", sensitivity = "plain", generalise = "month", es = "Fecha", en = "Day" },
]
"#;

/// A replacement, and the place that the error names.
const BROKEN: &[(&str, &str, &str)] = &[
    // What TOML and serde refuse.
    ("version = 1", "version = \"canary\"", "line 2, column 11"),
    ("version = 1", "version = -1", "line 2, column 11"),
    ("version = 1", "version = canary", "line 2, column 11"),
    ("version = 1", "version = 1\ncanary = 1", "line 3, column 1"),
    ("kind = \"date\"", "kind = \"canary\"", "line 41, column 26"),
    ("plain = \"keep\"", "plain = \"canary\"", "line 26, column 28"),
    ("index = \"exact\"", "index = \"canary\"", "line 39, column 88"),
    // What the schema means.
    ("version = 1", "version = 0", "line 2, column 11: version"),
    ("version = 1", "version = 1\nutc_offset = \"canary\"", "line 3, column 14: utc_offset"),
    ("name = \"small\"", "name = \"The Canary\"", "line 1, column 8: ?"),
    (
        "name = \"case\"\nes = \"Caso\"\nen = \"Case\"\n\n[[role]]",
        "name = \"vault\"\nes = \"x\"\nen = \"x\"\n\n[[role]]",
        "line 5, column 8: vault",
    ),
    (
        "[[role]]",
        "[[compartment]]\nname = \"case\"\nes = \"x\"\nen = \"x\"\n\n[[role]]",
        "line 10, column 8: case",
    ),
    ("compartments = [\"case\"]", "compartments = [\"other\"]", "line 13, column 17: other"),
    (
        "compartments = [\"case\"]",
        "compartments = [\"case\", \"case\"]",
        "line 13, column 25: case",
    ),
    ("compartments = [\"case\"]", "compartments = []", "line 10, column 8: director"),
    ("administers = true", "administers = false", "role"),
    ("by_sensitivity = { plain", "by_sensitivity = { other", "line 22, column 8: court"),
    ("[\"legal_proceedings\"]", "[\"The Canary\"]", "line 25, column 13: court"),
    ("code = \"open\"", "code = \"The Canary\"", "line 30, column 19: status"),
    (
        "terms = [{",
        "terms = [{ code = \"open\", es = \"x\", en = \"x\" }, {",
        "line 30, column 58: status",
    ),
    ("es = \"Abierto\"", "es = \" \"", "line 30, column 19: status"),
    ("pattern = '^\\d+$'", "pattern = '('", "line 30, column 66: status"),
    ("pattern = '^\\d+$'", "pattern = '((a{99}){99}){99}'", "line 30, column 66: status"),
    ("home = \"case\"", "home = \"other\"", "line 36, column 8: other"),
    ("home = \"case\"", "home = \"case\"\nparent = \"other\"", "line 37, column 10: other"),
    ("home = \"case\"", "home = \"case\"\nparent = \"case\"", "line 37, column 10: case"),
    ("key = [\"code\"]", "key = [\"day\"]", "line 37, column 8: case"),
    ("key = [\"code\"]", "key = [\"code\", \"code\"]", "line 37, column 16: code"),
    ("name = \"day\"", "name = \"status\"", "line 41, column 12: status"),
    (
        "\"code\", vocabulary = \"status\"",
        "\"code\", vocabulary = \"other\"",
        "line 40, column 50: case.status",
    ),
    (
        "kind = \"code\", vocabulary = \"status\", ",
        "kind = \"code\", ",
        "line 40, column 12: case.status",
    ),
    ("kind = \"date\"", "kind = \"date\", vocabulary = \"status\"", "line 41, column 47: case.day"),
    ("kind = \"date\"", "kind = \"text\"", "line 41, column 92: case.day"),
    ("kind = \"date\"", "kind = \"date\", pattern = 'x'", "line 41, column 44: case.day"),
    ("kind = \"date\"", "kind = \"date\", free_text = true", "line 41, column 12: case.day"),
    ("kind = \"date\"", "kind = \"date\", index = \"phonetic\"", "line 41, column 12: case.day"),
    (
        "kind = \"date\"",
        "kind = \"date\", required = true, retired = true",
        "line 41, column 12: case.day",
    ),
    ("pattern_from = \"status\"", "pattern_from = \"day\"", "line 39, column 112: case.code"),
    ("generalise = \"month\"", "generalise = \"other\"", "line 41, column 92: case.day"),
    (
        "\"date\", compartment = \"case\"",
        "\"date\", compartment = \"other\"",
        "line 41, column 48: case.day",
    ),
    ("en = \"Day\"", "en = \"\"", "line 41, column 12: case.day"),
];

#[test]
fn the_small_schema_is_read() {
    let schema = Schema::parse(SMALL).unwrap();
    assert_eq!((schema.name(), schema.version(), schema.source()), ("small", 1, SMALL));
    assert_eq!(schema.compartment_code("vault"), Some(0));
    assert_eq!(schema.compartment_code("case"), Some(1));
    assert_eq!(schema.compartment_name(1), Some("case"));
    assert_eq!((schema.compartment_name(0), schema.compartment_name(2)), (Some("vault"), None));
    assert_eq!(schema.compartment_code("other"), None);
    assert_eq!(format!("{schema:?}"), "Schema(small 1)");
}

#[test]
fn each_fault_names_its_line_and_its_field_and_no_value() {
    for (change, by, place) in BROKEN {
        assert!(SMALL.contains(change), "{change}");
        let error = Schema::parse(&SMALL.replacen(change, by, 1)).expect_err(by);
        assert_eq!(error.kind(), ErrorKind::BadSchema, "{by}");
        assert_eq!(error.place().unwrap().to_string(), *place, "{by}");
        let shown = format!("{error} {error:?}").to_lowercase();
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn sizes_are_bounded() {
    let many = |what: &str, count: usize, make: &dyn Fn(usize) -> String| {
        let all: String = (0..count).map(make).collect();
        Schema::parse(&SMALL.replacen(what, &format!("{all}{what}"), 1))
    };
    let compartment = |i| format!("[[compartment]]\nname = \"c{i}\"\nes = \"x\"\nen = \"x\"\n\n");
    assert_eq!(
        many("[[role]]", 31, &compartment).unwrap_err().place(),
        Some(&Place::Schema("compartment".into()))
    );
    let field = |i| {
        format!(
            "  {{ name = \"f{i}\", kind = \"text\", compartment = \"case\", sensitivity = \"plain\", es = \"x\", en = \"x\" }},\n"
        )
    };
    let first = "  { name = \"code\"";
    assert!(many(first, 509, &field).is_ok());
    assert!(many(first, 510, &field).is_err());
    let record_type = |i| {
        format!(
            "[[type]]\nname = \"t{i}\"\nes = \"x\"\nen = \"x\"\nhome = \"case\"\nfields = [{}]\n\n",
            field(i).trim().trim_end_matches(',')
        )
    };
    assert!(many("[[type]]", 255, &record_type).is_ok());
    assert!(many("[[type]]", 256, &record_type).is_err());
    let long = format!("{SMALL}#{}", "x".repeat(1 << 20));
    assert_eq!(Schema::parse(&long).unwrap_err().kind(), ErrorKind::TooLong);
    let deep = format!("{SMALL}x = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(Schema::parse(&deep).unwrap_err().kind(), ErrorKind::BadSchema);
    assert!(
        Schema::parse(&SMALL.replace("name = \"day\"", &format!("name = \"{}\"", "d".repeat(65))))
            .is_err()
    );
}

#[test]
fn parents_do_not_form_a_circle() {
    let tail = "\n[[type]]\nname = \"a\"\nes = \"x\"\nen = \"x\"\nhome = \"case\"\nparent = \"case\"\nfields = [{ name = \"f\", kind = \"text\", compartment = \"case\", sensitivity = \"plain\", es = \"x\", en = \"x\" }]\n";
    assert!(Schema::parse(&format!("{SMALL}{tail}")).is_ok());
    let circle =
        format!("{SMALL}{tail}").replacen("home = \"case\"", "home = \"case\"\nparent = \"a\"", 1);
    let error = Schema::parse(&circle).unwrap_err();
    assert_eq!(error.detail(), "the parents form a circle");
}

proptest! {
    #[test]
    fn no_source_panics(source in "\\PC{0,200}") {
        prop_assert!(Schema::parse(&source).is_err());
    }

    #[test]
    fn no_cut_or_changed_source_panics(at in 0..SMALL.len(), cut: bool, by in "[\\PC\n]{0,3}") {
        let (head, tail) = SMALL.split_at(at);
        let tail = if cut { "" } else { tail.get(1..).unwrap_or_default() };
        if let Err(error) = Schema::parse(&format!("{head}{by}{tail}")) {
            prop_assert!(matches!(error.kind(), ErrorKind::BadSchema));
        }
    }
}
