//! Tables: encodings, maps, problems of rows, and importing twice.

use serde_json::{Value, json};

use crate::world::{Run, World};

const CASES: &str = "C\u{f3}digo de caso,Fecha de registro,Estado\n\
    HCO-0001,31/01/2026,Abierto\n\
    HCO-0002,2026-02-01,open\n";

/// Runs an import; the document may come with exit 1.
fn import(world: &World, args: &[&str]) -> (Run, Value) {
    let run = world.run(&[&["import"], args, &["--format", "json"]].concat());
    let document = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{run:?}"));
    (run, document)
}

fn counts(document: &Value) -> [u64; 4] {
    ["rows", "added", "skipped", "failed"].map(|key| document[key].as_u64().unwrap())
}

#[test]
fn importing_twice_adds_nothing() {
    let world = World::with_vault();
    world.write("cases.csv", CASES);
    let (dry, document) = import(&world, &["case", "cases.csv", "--dry-run"]);
    assert_eq!((dry.code, counts(&document)), (0, [2, 2, 0, 0]));
    assert_eq!(world.json(&["status"])["records"], 0);
    // It asked the vault for exact values: the sessions that made it, tried, and looked.
    let log = world.json(&["audit", "show"]);
    let opened = log["events"].as_array().unwrap().iter().filter(|one| one["act"] == "unlocked");
    assert_eq!(opened.count(), 3);
    let (run, document) = import(&world, &["case", "cases.csv"]);
    assert_eq!((run.code, counts(&document)), (0, [2, 2, 0, 0]));
    assert_eq!(document["records"], json!({ "case": 2 }));
    let (_, document) = import(&world, &["case", "cases.csv"]);
    assert_eq!(counts(&document), [2, 0, 2, 0]);
    // A row that stands twice in one file is added once.
    world
        .write("twice.csv", format!("{CASES}HCO-0003,2026-02-02,open\nHCO-0003,2026-02-02,open\n"));
    let (_, document) = import(&world, &["case", "twice.csv", "--dry-run"]);
    assert_eq!(counts(&document), [4, 1, 3, 0]);
    let (_, document) = import(&world, &["case", "twice.csv", "--batch", "1"]);
    assert_eq!(counts(&document), [4, 1, 3, 0]);
    assert_eq!(world.json(&["record", "list", "case"]).as_array().unwrap().len(), 3);
}

#[test]
fn encodings_and_delimiters_are_found() {
    let world = World::with_vault();
    world.write("bom.csv", format!("\u{feff}{CASES}"));
    let (run, document) = import(&world, &["case", "bom.csv"]);
    assert_eq!(counts(&document), [2, 2, 0, 0], "{run:?}");
    let old: Vec<u8> = CASES
        .replace("HCO-0001", "\u{d1}CO-0009")
        .replace(',', ";")
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    world.write("old.csv", old);
    let (run, document) = import(&world, &["case", "old.csv"]);
    assert!(run.err.contains("windows-1252"), "{run:?}");
    assert_eq!((&document["encoding"], counts(&document)), (&json!("windows-1252"), [2, 1, 1, 0]));
    let found = world.json(&["find", "case", "case_code", "\u{d1}CO-0009"]);
    assert_eq!(found.as_array().unwrap().len(), 1);
    world.write("binary.csv", [0_u8, 1, 2, 0xff, 0xfe, 0]);
    world.fails(1, &["import", "case", "binary.csv"]);
}

#[test]
fn problems_name_row_and_column_and_never_the_value() {
    let world = World::with_vault();
    world.write(
        "bad.csv",
        "case_code;registration_date;status;risk_level\n\
         C-1;canario;open;\n\
         C-2;2026-01-01;canario;\n\
         C-3;2026-01-01\n\
         ;2026-01-01;open;high\n\
         \"C-\n5\";2026-01-01;open;canario\n\
         C-6;2026-01-01;open;high\n",
    );
    let (run, document) = import(&world, &["case", "bad.csv"]);
    assert_eq!((run.code, counts(&document)), (1, [6, 1, 0, 5]));
    assert!(!run.err.contains("canario") && !run.out.contains("canario"), "{run:?}");
    let problems: Vec<_> = document["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| {
            (
                p["row"].as_u64().unwrap(),
                p["line"].as_u64().unwrap(),
                p["column"].as_str(),
                p["reason"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        (1, 2, Some("registration_date"), "date"),
        (2, 3, Some("status"), "unknown-code"),
        (3, 4, None, "cell-count"),
        (4, 5, Some("case_code"), "required"),
    ];
    assert_eq!(problems[..4], expected);
    assert!(run.err.contains("row 1 (line 2), column registration_date: "), "{run:?}");
    let spanish = world.run(&["import", "case", "bad.csv", "--lang", "es"]);
    assert!(spanish.err.contains("fila 2 (l\u{ed}nea 3), columna status: "), "{spanish:?}");
}

#[test]
fn only_fifty_problems_are_listed() {
    let world = World::with_vault();
    let mut table = String::from("case_code,registration_date,status\n");
    for row in 0..80 {
        table.push_str(&format!("C-{row},canario,open\n"));
    }
    world.write("bad.csv", table);
    let (run, document) = import(&world, &["case", "bad.csv"]);
    assert_eq!(counts(&document), [80, 0, 0, 80]);
    assert_eq!(document["problems"].as_array().unwrap().len(), 50);
    assert!(run.err.contains("30 more rows"), "{run:?}");
}

#[test]
fn columns_of_which_nothing_is_known_are_named_by_number() {
    let world = World::with_vault();
    // A file without a header: its first row is data.
    world.write("headless.csv", "HCO-0001,Canario Quispe,open\nHCO-0002,Otra,open\n");
    let run = world.fails(1, &["import", "case", "headless.csv"]);
    assert!(run.err.contains("1, 2") && !run.err.contains("Canario"), "{run:?}");
    let wide = CASES.replace('\n', ",Canario\n");
    world.write("wide.csv", wide);
    let run = world.fails(1, &["import", "case", "wide.csv"]);
    assert!(run.err.contains(" 4") && !run.err.contains("Canario"), "{run:?}");
    world.write("ignore.toml", "ignore = [\"canario\"]\n");
    let (_, document) = import(&world, &["case", "wide.csv", "--map", "ignore.toml"]);
    assert_eq!(counts(&document), [2, 2, 0, 0]);
}

#[test]
fn a_bad_map_is_refused_before_anything_is_read() {
    let world = World::with_vault();
    world.write("cases.csv", CASES);
    for (map, word) in [
        ("columns = 3", "line 1"),
        ("[columns]\n\"x\" = \"canario\"", "canario"),
        ("[columns]\nNADA = \"risk_level\"", "NADA"),
        ("ignore_rest = true\nplace_scheme = \"x\"\n[columns]\nNADA = \"office_ubigeo\"", "inei"),
        ("surprise = true", "line 1"),
        ("encoding = \"klingon\"", "utf-8"),
    ] {
        world.write("map.toml", map);
        let run = world.fails(1, &["import", "case", "cases.csv", "--map", "map.toml"]);
        assert!(run.err.contains(word), "{map}: {run:?}");
    }
    world.fails(1, &["import", "case", "cases.csv", "--map", "absent.toml"]);
    world.fails(2, &["import", "case", "cases.csv", "--batch", "1001"]);
    world.fails(1, &["import", "nonsense", "cases.csv"]);
    assert_eq!(world.json(&["status"])["records"], 0);
}

#[test]
fn a_row_can_be_several_records() {
    let world = World::with_vault();
    let map = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cem.toml");
    let header = "N\u{b0} FICHA;C\u{d3}DIGO;FECHA DE INGRESO;CONDICI\u{d3}N;NOMBRES;APELLIDO PATERNO;APELLIDO MATERNO;TIPO DOC;N\u{b0} DOCUMENTO;FECHA DE NACIMIENTO;EDAD;SEXO;NACIONALIDAD;LENGUA MATERNA;UBIGEO;DIRECCI\u{d3}N;TEL\u{c9}FONO;FECHA DEL HECHO;TIPO DE VIOLENCIA;LUGAR;NIVEL DE RIESGO;OBSERVACIONES";
    let rows = [
        "1-2026;CEM-1;01/02/2026;2;MAR\u{cd}A;\u{d1}AHUI;D'PRUEBA;DNI;1234567;01/01/2010;16;F;PERUANA;Quechua;80101;Jr. \"\u{d1}\";912345678;03/12/2025;F\u{ed}sica/Sexual;CASA;SEVERO;x",
        "2-2026;CEM-2;01/02/2026;2;ROSA;QUISPE;DE PRUEBA;DNI;S/D;;;F;S/D;;;;;;;;;",
        "3-2026;CEM-3;01/02/2026;2;ROSA;QUISPE;DE PRUEBA;DNI;12345678;01/01/2010;doce;F;;;;;;;;;;",
    ];
    world.write("cem.csv", format!("{header}\n{}\n", rows.join("\n")));
    let (run, document) = import(&world, &["case", "cem.csv", "--map", map]);
    assert_eq!((run.code, counts(&document)), (1, [3, 2, 0, 1]), "{run:?}");
    let records = json!({ "case": 2, "person": 2, "identity_document": 1, "incident": 1, "risk_assessment": 1 });
    assert_eq!(document["records"], records);
    assert_eq!(document["problems"][0]["column"], "EDAD");
    let document = world.json(&["find", "identity_document", "doc_number", "01234567"]);
    assert_eq!(document.as_array().unwrap().len(), 1);
    let person = world.json(&["find", "person", "paternal_surname", "nahui"]);
    let shown = world.json(&["record", "show", person[0]["id"].as_str().unwrap()]);
    assert_eq!(shown["fields"]["home_ubigeo"], "inei:080101");
    assert_eq!(shown["fields"]["survivor_code"], "CEM-1-S1");
    // A type without a key is known again by its content.
    let (_, document) = import(&world, &["case", "cem.csv", "--map", map]);
    assert_eq!((counts(&document), &document["records"]), ([3, 0, 2, 1], &json!({})));
}

#[test]
fn children_find_their_parents_by_key() {
    let world = World::with_vault();
    world.case("HCO-0001");
    world.write("services.toml", "parent = { type = \"case\", key_column = \"caso\" }\n");
    world.write("services.csv", "caso,service_type,date\nHCO-0001,safehouse_service,2026-01-01\nHCO-0001,safehouse_service,2026-01-02\nHCO-9999,safehouse_service,2026-01-03\n");
    let args = ["service", "services.csv", "--map", "services.toml"];
    let (run, document) = import(&world, &args);
    assert_eq!((run.code, counts(&document)), (1, [3, 2, 0, 1]), "{run:?}");
    assert_eq!(document["problems"][0]["reason"], "parent-not-found");
    let (_, document) = import(&world, &args);
    assert_eq!(counts(&document), [3, 0, 2, 1]);
    let needs = world.fails(1, &["import", "service", "services.csv"]);
    assert!(needs.err.contains("case"), "{needs:?}");
}

#[test]
fn json_lines_are_rows_too() {
    let world = World::with_vault();
    world.write(
        "cases.jsonl",
        "{\"case_code\": \"HCO-0001\", \"registration_date\": \"2026-01-01\", \"status\": \"open\", \"legal_basis\": [\"consent\", \"contract\"]}\n\
         {\"case_code\": \"HCO-0002\", \"registration_date\": \"2026-01-01\", \"status\": \"open\", \"restricted\": true}\n\
         {\"case_code\": \"HCO-0003\", \"canario\": \"canario\"}\n\
         nonsense\n",
    );
    let (run, document) = import(&world, &["case", "cases.jsonl"]);
    assert_eq!((run.code, counts(&document)), (1, [4, 2, 0, 2]), "{run:?}");
    assert!(!run.err.contains("canario"), "{run:?}");
    let found = world.json(&["find", "case", "case_code", "HCO-0001"]);
    let shown = world.json(&["record", "show", found[0]["id"].as_str().unwrap()]);
    assert_eq!(shown["fields"]["legal_basis"], json!(["consent", "contract"]));
}

#[test]
fn no_key_no_import() {
    let world = World::with_vault();
    world.member("statistician");
    world.write("people.toml", "parent = { type = \"case\", key_column = \"caso\" }\n");
    world.write("people.csv", "caso,survivor_code,sex,given_names\nHCO-0001,S-1,Mujer,Canario\n");
    world.case("HCO-0001");
    let args = ["import", "person", "people.csv", "--map", "people.toml"];
    let run = world.run_as("statistician", &args, b"");
    assert_eq!(run.code, 3, "{run:?}");
    assert!(!run.err.contains("Canario"), "{run:?}");
}
