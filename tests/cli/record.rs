//! Entering, showing, changing and finding records.

use crate::world::World;

#[test]
fn a_record_goes_in_and_comes_out() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    assert_eq!(case.len(), 32);
    let shown = world.json(&["record", "show", &case]);
    assert_eq!(shown["id"], case.as_str());
    assert_eq!(shown["type"], "case");
    assert!(shown["parent"].is_null() && shown.get("children").is_none());
    assert_eq!(shown["fields"]["registration_date"], "2026-01-31");
    // What is shown can be entered again.
    let mut copy = shown.clone();
    copy["fields"]["case_code"] = "HCO-0002".into();
    let run = world.run_as(
        "director",
        &["record", "add", "case", "--json", "-"],
        copy.to_string().as_bytes(),
    );
    assert_eq!(run.code, 0, "{run:?}");
    let listed = world.json(&["record", "list", "case"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[0]["fields"]["case_code"], "HCO-0001");
    assert_eq!(
        world.ok(&["record", "list", "case"]).out.lines().next().unwrap(),
        format!("{case}  HCO-0001")
    );
}

#[test]
fn a_case_is_shown_with_all_that_stands_under_it() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor", "Quispe");
    let args = [
        "record",
        "add",
        "identity_document",
        "--parent",
        &person,
        "--set",
        "doc_type=dni",
        "--set",
        "doc_number=1234567",
    ];
    let added = world.ok(&args);
    assert!(added.err.contains("warning: Number has an unusual form"), "{added:?}");
    assert!(!added.err.contains("1234567"));
    let tree = world.json(&["record", "show", &case, "--children"]);
    assert_eq!(tree["children"][0]["id"], person.as_str());
    assert_eq!(tree["children"][0]["children"][0]["type"], "identity_document");
    let one = world.json(&["record", "show", &person, "--field", "given_names"]);
    assert_eq!(one["fields"], serde_json::json!({ "given_names": "Flor" }));
    let text = world.ok(&["record", "show", &case, "--children", "--lang", "es"]);
    assert!(text.out.contains("Persona sobreviviente") && text.out.contains("Mujer"), "{text:?}");
}

#[test]
fn a_change_needs_the_revision_it_is_based_on() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    assert_eq!(world.ok(&["record", "edit", &case, "--set", "status=closed"]).out, "2\n");
    let stale =
        world.fails(1, &["record", "edit", &case, "--set", "status=open", "--revision", "1"]);
    assert!(stale.err.contains("hint: "));
    let edited =
        world.json(&["record", "edit", &case, "--set", "risk_level=high", "--revision", "2"]);
    assert_eq!(edited, serde_json::json!({ "id": case, "revision": 3 }));
    world.ok(&["record", "edit", &case, "--clear", "risk_level"]);
    assert!(world.json(&["record", "show", &case])["fields"].get("risk_level").is_none());
    let history = world.json(&["record", "history", &case]);
    let revisions: Vec<_> =
        history.as_array().unwrap().iter().map(|r| r["revision"].as_u64()).collect();
    assert_eq!(revisions.len(), 4, "{history}");
    assert!(history[0]["at"].as_str().unwrap().ends_with('Z'));
    world.fails(2, &["record", "edit", &case]);
    world.fails(1, &["record", "edit", &case, "--clear", "case_code"]);
}

#[test]
fn lists_are_given_item_by_item_and_anything_else_once() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    world.ok(&[
        "record",
        "edit",
        &case,
        "--set",
        "legal_basis=consent",
        "--set",
        "legal_basis=vital_interests",
    ]);
    let shown = world.json(&["record", "show", &case]);
    assert_eq!(shown["fields"]["legal_basis"], serde_json::json!(["consent", "vital_interests"]));
    world.fails(2, &["record", "edit", &case, "--set", "status=open", "--set", "status=closed"]);
    world.fails(2, &["record", "edit", &case, "--set", "status"]);
}

#[test]
fn people_are_found_by_sound_and_by_stdin() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor", "Quispe");
    let found = world.json(&["find", "person", "paternal_surname", "kispe"]);
    assert_eq!(found[0]["id"], person.as_str());
    // The row says which record, not who.
    assert_eq!(found[0]["fields"], serde_json::json!({ "survivor_code": "S-Quispe" }));
    let run = world.run_as("director", &["find", "person", "paternal_surname", "-"], b"Quispe\n");
    assert_eq!(run.out, format!("{person}  S-Quispe\n"));
    let nobody = world.ok(&["find", "person", "paternal_surname", "Canario"]);
    assert!(nobody.out.is_empty() && !nobody.err.contains("Canario"), "{nobody:?}");
    assert_eq!(
        world.json(&["find", "person", "paternal_surname", "Canario"]),
        serde_json::json!([])
    );
    world.fails(1, &["find", "person", "sex", "female"]);
}

#[test]
fn what_is_wrong_is_named_and_never_quoted() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let wrong: &[(i32, &[&str])] = &[
        (1, &["record", "add", "canario", "--set", "a=b"]),
        (1, &["record", "add", "case", "--set", "canario=b"]),
        (1, &["record", "add", "case", "--set", "case_code=x"]),
        (1, &["record", "add", "person", "--set", "survivor_code=canario", "--set", "sex=female"]),
        (1, &["record", "edit", &case, "--set", "status=canario"]),
        (1, &["record", "edit", &case, "--set", "registration_date=canario"]),
        (1, &["record", "add", "case", "--json", "canario.json"]),
        (1, &["record", "show", "00000000000000000000000000000000"]),
        (2, &["record", "show", "canario"]),
        (2, &["record", "add", "case", "canario"]),
        (2, &["record", "add", "case", "--canario", "x"]),
        (2, &["canario"]),
        (2, &["record", "list", "case", "--limit", "canario"]),
        (2, &["record", "show", &case, "--field", "status", "--children"]),
    ];
    for (code, args) in wrong {
        let run = world.fails(*code, args);
        let shown = run.err.replace("canario.json", "").to_lowercase();
        assert!(!shown.contains("canario"), "{args:?}: {run:?}");
        assert!(run.out.is_empty(), "{run:?}");
    }
    for json in [
        "{\"case_code\": \"canario\"",
        "[\"canario\"]",
        "{\"a\": {\"canario\": 1}}",
        "{\"status\": \"a\", \"status\": \"canario\"}",
        "canario",
        "",
    ] {
        let run =
            world.run_as("director", &["record", "add", "case", "--json", "-"], json.as_bytes());
        assert_eq!(run.code, 1, "{json}: {run:?}");
        assert!(!run.err.contains("canario") && run.err.contains("line"), "{json}: {run:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_success() {
    use std::io::Read;
    use std::process::Stdio;
    let world = World::empty();
    let mut child = world
        .command()
        .args(["generate", "completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
