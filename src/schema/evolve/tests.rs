use proptest::prelude::*;

use super::*;

/// A small schema with one of everything, so that a change can be made by replacing text.
const BASE: &str = r#"
name = "small"
version = 1
utc_offset = "-05:00"

[[compartment]]
name = "case"
es = "Caso"
en = "Case"

[[compartment]]
name = "identity"
es = "Identidad"
en = "Identity"

[[role]]
name = "director"
es = "Director"
en = "Director"
compartments = ["case", "identity"]
administers = true

[[role]]
name = "counter"
es = "Conteo"
en = "Counter"
compartments = ["case"]

[[sensitivity]]
name = "plain"
es = "Simple"
en = "Plain"

[[sensitivity]]
name = "special"
es = "Especial"
en = "Special"

[[vocabulary]]
name = "status"
terms = [
  { code = "open", es = "Abierto", en = "Open" },
  { code = "old", es = "Viejo", en = "Old", retired = true },
]

[[vocabulary]]
name = "level"
terms = [{ code = "high", es = "Alto", en = "High" }]

[[type]]
name = "case"
es = "Caso"
en = "Case"
home = "case"
key = ["code"]
fields = [
  { name = "code", kind = "text", compartment = "case", sensitivity = "plain", index = "exact", required = true, es = "Clave", en = "Code" },
  { name = "status", kind = "code", vocabulary = "status", compartment = "case", sensitivity = "plain", es = "Estado", en = "Status" },
  { name = "day", kind = "date", compartment = "case", sensitivity = "plain", generalise = "month", es = "Fecha", en = "Day" },
  { name = "story", kind = "longtext", compartment = "identity", sensitivity = "special", free_text = true, es = "Relato", en = "Story" },
  { name = "gone", kind = "text", compartment = "case", sensitivity = "plain", retired = true, es = "Antes", en = "Before" },
]

[[type]]
name = "person"
es = "Persona"
en = "Person"
parent = "case"
home = "case"
fields = [
  { name = "names", kind = "text", compartment = "identity", sensitivity = "special", index = "phonetic", es = "Nombres", en = "Names" },
]
"#;

/// Changes that a new version may make, each on its own or with others.
const ALLOWED: &[(&str, &str)] = &[
    (r#"es = "Estado""#, r#"es = "Situaci\u00f3n""#),
    (
        r#"{ code = "open","#,
        r#"{ code = "shut", es = "Cerrado", en = "Closed" }, { code = "open","#,
    ),
    (r#"en = "Open" }"#, r#"en = "Open", retired = true }"#),
    (r#"required = true, es = "Clave""#, r#"es = "Clave""#),
    (r#"es = "Relato""#, r#"retired = true, es = "Relato""#),
    (r#"index = "phonetic", es"#, r#"index = "phonetic", free_text = true, es"#),
    (
        r#"  { name = "day""#,
        "  { name = \"added\", kind = \"text\", compartment = \"case\", sensitivity = \"plain\", es = \"X\", en = \"X\" },\n  { name = \"day\"",
    ),
    (
        "[[type]]\nname = \"person\"",
        "[[type]]\nname = \"note\"\nes = \"Nota\"\nen = \"Note\"\nhome = \"case\"\nfields = [{ name = \"text\", kind = \"text\", required = true, compartment = \"case\", sensitivity = \"plain\", es = \"X\", en = \"X\" }]\n\n[[type]]\nname = \"person\"",
    ),
    (
        "[[role]]\nname = \"counter\"",
        "[[role]]\nname = \"lawyer\"\nes = \"Abogada\"\nen = \"Lawyer\"\ncompartments = [\"case\"]\n\n[[role]]\nname = \"counter\"",
    ),
];

/// Changes that it may not make, and the name that the refusal gives.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    (r#"name = "small""#, r#"name = "other""#, "other"),
    (r#"utc_offset = "-05:00""#, r#"utc_offset = "-04:00""#, "utc_offset"),
    (
        r#"kind = "date", compartment = "case", sensitivity = "plain", generalise = "month""#,
        r#"kind = "datetime", compartment = "case", sensitivity = "plain", generalise = "month""#,
        "case.day",
    ),
    (
        r#"kind = "longtext", compartment = "identity""#,
        r#"kind = "longtext", compartment = "case""#,
        "case.story",
    ),
    (r#"vocabulary = "status", comp"#, r#"vocabulary = "level", comp"#, "case.status"),
    (r#"generalise = "month", "#, "", "case.day"),
    (r#"generalise = "month""#, r#"generalise = "year""#, "case.day"),
    (r#"sensitivity = "special", free_text"#, r#"sensitivity = "plain", free_text"#, "case.story"),
    (r#"free_text = true, "#, "", "case.story"),
    (r#"index = "phonetic""#, r#"index = "exact""#, "person.names"),
    (r#"index = "phonetic", "#, "", "person.names"),
    (r#"{ name = "day""#, r#"{ name = "date""#, "case.day"),
    (r#"generalise = "month", es"#, r#"generalise = "month", required = true, es"#, "case.day"),
    (r#"retired = true, es = "Antes""#, r#"es = "Antes""#, "case.gone"),
    (
        r#"  { name = "day""#,
        "  { name = \"added\", kind = \"text\", required = true, compartment = \"case\", sensitivity = \"plain\", es = \"X\", en = \"X\" },\n  { name = \"day\"",
        "case.added",
    ),
    (r#"code = "open""#, r#"code = "opened""#, "status"),
    (r#", retired = true },"#, r#" },"#, "status"),
    ("[[vocabulary]]\nname = \"level\"", "[[vocabulary]]\nname = \"grade\"", "level"),
    ("name = \"person\"", "name = \"survivor\"", "person"),
    ("parent = \"case\"\n", "", "person"),
    (
        "en = \"Person\"\nparent = \"case\"\nhome = \"case\"",
        "en = \"Person\"\nparent = \"case\"\nhome = \"identity\"",
        "person",
    ),
    ("parent = \"case\"\n", "parent = \"case\"\ncomplete = true\n", "person"),
    (r#"key = ["code"]"#, "key = []", "case"),
    (r#"compartments = ["case"]"#, r#"compartments = ["case", "identity"]"#, "counter"),
    (r#"compartments = ["case"]"#, "compartments = []", "counter"),
    (
        r#"compartments = ["case"]"#,
        "compartments = [\"case\", \"identity\"]\nadministers = true",
        "counter",
    ),
    ("name = \"counter\"", "name = \"counting\"", "counter"),
];

fn changed(change: &str, by: &str, source: &str) -> String {
    assert!(source.contains(change), "{change}");
    source.replacen(change, by, 1)
}

fn next(source: &str) -> String {
    changed("version = 1", "version = 2", source)
}

fn check(source: &str) -> Result<()> {
    let (old, new) = (Schema::parse(BASE).unwrap(), Schema::parse(source).unwrap());
    new.check_evolution_from(&old)
}

#[test]
fn each_allowed_change_is_allowed() {
    check(BASE).unwrap();
    check(&next(BASE)).unwrap();
    for (change, by) in ALLOWED {
        check(&next(&changed(change, by, BASE))).unwrap_or_else(|e| panic!("{by}: {e}"));
    }
}

#[test]
fn each_forbidden_change_is_refused_at_its_name() {
    for (change, by, name) in FORBIDDEN {
        let error = check(&next(&changed(change, by, BASE))).expect_err(by);
        assert_eq!(error.kind(), ErrorKind::BadSchemaChange);
        assert_eq!(error.place().unwrap().to_string(), *name, "{by}");
    }
}

#[test]
fn a_change_raises_the_version() {
    let (change, by) = ALLOWED[0];
    assert!(check(&changed(change, by, BASE)).is_err());
    let old = Schema::parse(&next(BASE)).unwrap();
    assert!(Schema::parse(BASE).unwrap().check_evolution_from(&old).is_err());
}

#[test]
fn compartments_are_added_at_the_end_only() {
    let at_end = "\n[[role]]\nname = \"director\"";
    let added = "\n[[compartment]]\nname = \"legal\"\nes = \"Legal\"\nen = \"Legal\"\n\n[[role]]\nname = \"director\"";
    let all = (r#"["case", "identity"]"#, r#"["case", "identity", "legal"]"#);
    let widened = changed(all.0, all.1, &next(BASE));
    check(&changed(at_end, added, &widened)).unwrap();
    let first = "\n[[compartment]]\nname = \"case\"";
    let before = "\n[[compartment]]\nname = \"legal\"\nes = \"Legal\"\nen = \"Legal\"\n\n[[compartment]]\nname = \"case\"";
    let error = check(&changed(first, before, &widened)).unwrap_err();
    assert_eq!(error.place().unwrap().to_string(), "case");
}

#[test]
fn the_schema_for_peru_follows_itself() {
    let peru = Schema::peru().unwrap();
    peru.check_evolution_from(&peru).unwrap();
}

proptest! {
    #[test]
    fn allowed_changes_stay_allowed_together(mask in 0_u16..512) {
        let mut source = next(BASE);
        for (bit, (change, by)) in ALLOWED.iter().enumerate() {
            if mask & (1 << bit) != 0 {
                source = changed(change, by, &source);
            }
        }
        prop_assert!(check(&source).is_ok());
    }

    #[test]
    fn no_allowed_change_hides_a_forbidden_one(mask in 0_u16..512, at in 0..FORBIDDEN.len()) {
        let (change, by, _) = FORBIDDEN[at];
        let mut source = next(&changed(change, by, BASE));
        for (bit, (change, by)) in ALLOWED.iter().enumerate() {
            if mask & (1 << bit) != 0 && source.contains(change) {
                let widened = changed(change, by, &source);
                if Schema::parse(&widened).is_ok() {
                    source = widened;
                }
            }
        }
        // Some pairs undo each other: a field both required and not, a code both kept and not.
        let both = Schema::parse(&source).unwrap();
        if both.source().contains(by) && !by.is_empty() && !by.contains("required") {
            prop_assert!(check(&source).is_err());
        }
    }
}
