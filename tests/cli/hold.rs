//! Legal holds and retention from the command line.

use crate::world::World;

#[test]
fn what_is_held_is_shown_and_not_erased_until_the_hold_is_lifted() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let erase = ["erase", &case, "--reason", "court_order", "--yes", "--out", "receipt.json"];
    world.fails(2, &["hold", &person]);
    world.fails(1, &["hold", &person, "--because", " "]);
    let because = ["--because", "Carpeta 7391-2026"];
    world.ok(&[&["hold", &person], &because[..]].concat());
    world.fails(1, &[&["hold", &person], &because[..]].concat());
    let held = world.json(&["hold", "list"]);
    assert_eq!(held[0]["record"], person.as_str());
    assert_eq!(held[0]["because"], "Carpeta 7391-2026");
    assert!(world.ok(&["hold", "list"]).out.contains("Carpeta 7391-2026"));
    assert_eq!(world.json(&["record", "show", &person])["held"]["record"], person.as_str());
    assert!(world.json(&["record", "show", &case])["held"].is_null());
    let shown = world.ok(&["record", "show", &person]);
    assert!(shown.out.contains("held: ") && !shown.out.contains("7391"), "{shown:?}");

    // Before anybody is asked to confirm, and with the hint.
    let refused = world.fails(4, &erase);
    assert!(refused.err.contains(&person) && refused.err.contains("hint: "), "{refused:?}");
    assert!(!refused.err.contains("7391") && !world.exists("receipt.json"), "{refused:?}");
    world.fails(4, &["erase", &case, "--reason", "court_order"]);
    let set = ["--set", "given_names=Luz"];
    let edit = [&["record", "edit", &person], &set[..]].concat();
    let refused = world.fails(4, &[&edit[..], &["--erase-old"]].concat());
    assert!(refused.err.contains(&person), "{refused:?}");
    world.ok(&edit);

    world.member("lawyer");
    let lift = ["hold", &person, "--lift", "--because", "Archivado"];
    assert_eq!(world.run_as("lawyer", &lift, b"").code, 3);
    assert_eq!(world.run_as("lawyer", &["hold", "list"], b"").code, 3);
    assert_eq!(world.run_as("lawyer", &["record", "show", &person], b"").code, 0);
    world.ok(&lift);
    world.fails(1, &lift);
    world.ok(&erase);
    world.ok(&["check"]);
}

#[test]
fn what_is_due_is_listed_with_its_reason_and_nothing_is_erased() {
    let world = World::with_vault();
    let [old, held, new] = ["HCO-0001", "HCO-0002", "HCO-0003"].map(|code| world.case(code));
    for (case, until) in [(&old, "2025-01-31"), (&held, "2025-06-30"), (&new, "2031-12-31")] {
        let set = format!("retention_until={until}");
        world.ok(&["record", "edit", case, "--set", &set]);
    }
    world.case("HCO-0004");
    world.ok(&["hold", &held, "--because", "Carpeta 1-2026"]);
    let list = |more: &[&str]| world.json(&[&["retention", "list"], more].concat());
    assert_eq!(list(&["--on", "2025-01-31"])["due"].as_array().unwrap().len(), 0);
    let found = list(&["--on", "2025-07-01"]);
    let (first, second) = (&found["due"][0], &found["due"][1]);
    assert_eq!((&first["id"], &first["due"]), (&old.as_str().into(), &"2025-02-01".into()));
    assert_eq!((&first["because"], &first["field"]), (&"field".into(), &"retention_until".into()));
    assert!(first["held_by"].is_null() && first["years"].is_null());
    assert_eq!((&second["id"], &second["held_by"]), (&held.as_str().into(), &held.as_str().into()));
    assert_eq!(found["undated"], 1);
    assert_eq!(list(&["--on", "2025-01-30", "--within", "2"])["due"][0]["id"], old.as_str());
    assert_eq!(list(&["--on", "2032-01-01", "--limit", "1"])["more"], 2);
    // Today, whatever day that is.
    assert!(list(&[])["due"].as_array().unwrap().len() >= 2);
    let text = world.ok(&["retention", "list", "--on", "2025-07-01"]);
    assert_eq!(text.out.lines().count(), 2, "{text:?}");
    assert!(text.out.contains("HELD by") && text.err.contains("--reason retention"), "{text:?}");
    let spanish = world.ok(&["retention", "list", "--on", "2025-07-01", "--lang", "es"]);
    assert!(spanish.out.contains("RETENIDO por"), "{spanish:?}");
    world.fails(2, &["retention", "list", "--on", "ayer"]);
    for case in [&old, &held, &new] {
        world.ok(&["record", "show", case]);
    }
}
