//! Backup and restore from the command line.

use crate::world::World;

#[test]
fn a_vault_comes_back_and_what_was_erased_does_not() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let mut saved = world.json(&["backup", "a.backup", "--label", "disco azul"]);
    // What the vault had lost already is no property of the file.
    let missing = saved.as_object_mut().unwrap().remove("missing");
    assert_eq!(missing, Some(serde_json::json!([])));
    assert_eq!(
        (saved["kind"].as_str(), saved["sealed_to"].as_str()),
        (Some("full"), Some("directors"))
    );
    assert_eq!(world.json(&["verify", "a.backup"]), saved);
    let again = world.fails(1, &["backup", "a.backup"]);
    assert!(again.out.is_empty());
    let second = world.case("HCO-0002");
    let over = world.json(&["backup", "b.backup", "--since", "a.backup"]);
    assert_eq!(over["over"], saved["id"]);
    let list = world.json(&["backup", "list"]);
    assert_eq!(
        (list[0]["label"].as_str(), list[1]["over"].clone()),
        (Some("disco azul"), saved["id"].clone())
    );
    world.ok(&["backup", "forget", list[1]["id"].as_str().unwrap()]);
    world.fails(1, &["backup", "forget", "not-an-id"]);
    assert!(world.ok(&["backup", "list", "--lang", "es"]).out.contains("destruida"));
    world.case("HCO-0003");

    let drill = world.ok(&["restore", "b.backup", "drill", "--base", "a.backup", "--drill"]);
    assert!(!world.exists("drill") && !world.exists("drill.anchor"), "{drill:?}");
    world.fails(1, &["restore", "b.backup", "again"]);
    world.fails(1, &["restore", "a.backup", "vault"]);
    let report = world.json(&["restore", "b.backup", "again", "--base", "a.backup"]);
    assert_eq!(report["check"]["findings"], serde_json::json!([]));
    // That it was finished, that it was forgotten, the third case, and four openings.
    assert_eq!(report["commits_lost"], 7);
    let shown = world.json(&["record", "show", &person, "--vault", "again"]);
    assert_eq!(shown["fields"]["given_names"], "Flor Canario");
    world.ok(&["record", "show", &second, "--vault", "again"]);
    // The old vault is the one that is not believed any more.
    world.fails(5, &["status"]);
}

#[test]
fn others_accept_a_restored_vault_with_the_code_and_not_without() {
    let world = World::with_vault();
    world.member("lawyer");
    world.ok(&["backup", "a.backup"]);
    world.case("HCO-0001");
    let mine = |args: &[&str]| {
        let mut command = world.command();
        command.env("AMPARO_IDENTITY", "lawyer.id").env("XDG_CONFIG_HOME", world.path("hers"));
        let output = command.args(args).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(mine(&["status"]).0, Some(0));
    let report = world.json(&["restore", "a.backup", "again"]);
    assert_eq!(mine(&["status", "--vault", "again"]).0, Some(5));
    assert_eq!(mine(&["restore", "--accept", "AAAA", "--vault", "again"]).0, Some(5));
    let code = report["code"].as_str().unwrap();
    assert_eq!(mine(&["restore", "--accept", code, "--vault", "again"]).0, Some(0));
    assert_eq!(mine(&["status", "--vault", "again"]).0, Some(0));
    assert_eq!(mine(&["restore", "--accept", code, "a.backup", "x"]).0, Some(2));
}

#[test]
fn a_cut_or_altered_backup_is_exit_5_and_leaves_nothing() {
    let world = World::with_vault();
    world.case("HCO-0001");
    world.ok(&["backup", "a.backup"]);
    let bytes = std::fs::read(world.path("a.backup")).unwrap();
    world.write("cut", &bytes[..bytes.len() - 1]);
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    world.write("flipped", flipped);
    for bad in ["cut", "flipped"] {
        world.fails(5, &["verify", bad]);
        let run = world.fails(5, &["restore", bad, "again"]);
        assert!(run.out.is_empty() && !run.err.contains("panicked"), "{run:?}");
        assert!(!world.exists("again") && !world.exists("again.new"));
    }
    world.ok(&["identity", "new", "stranger.id", "--no-passphrase"]);
    let run = world.run_as("stranger", &["restore", "a.backup", "again"], b"");
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn a_backup_without_the_files_that_were_lost_is_written_and_says_so() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    world.write("nota.txt", "hola");
    world.ok(&["attach", &case, "nota.txt", "--kind", "other"]);
    std::fs::remove_dir_all(world.path("vault/files")).unwrap();
    let run = world.run(&["backup", "a.backup", "--format", "json"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.err.contains("NOT in it"), "{run:?}");
    let receipt: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(receipt["missing"].as_array().unwrap().len(), 1);
    world.ok(&["verify", "a.backup"]);
}
