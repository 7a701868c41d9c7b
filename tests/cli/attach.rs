//! Files and their custody, from the command line.

use crate::world::World;

#[test]
fn a_file_is_attached_listed_taken_out_and_handed_over_with_proofs() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let bytes: Vec<u8> =
        b"\x89PNG\r\n\x1a\n".iter().copied().chain((0..90_000).map(|n| (n % 251) as u8)).collect();
    world.write("foto.png", &bytes);
    let said = ["--collected-by", "R. Prueba", "--collected-at", "2026-03-01", "--field", "photo"];
    let attach = ["attach", &person, "foto.png", "--kind", "photo"];
    let shown = world.json(&[&attach[..], &said[..]].concat());
    let id = shown["id"].as_str().unwrap().to_owned();
    assert_eq!((&shown["media_type"], &shown["bytes"]), (&"image/png".into(), &90_008.into()));
    let record = world.json(&["record", "show", &person]);
    assert_eq!(record["fields"]["photo"], id.as_str());
    assert_eq!(
        (&shown["compartment"], &shown["record"]),
        (&"safety".into(), &person.clone().into())
    );
    assert_eq!(shown["collected_at"], "2026-03-01T05:00:00Z");
    assert_eq!(world.json(&["attach", &person, "--list"])[0]["id"], id.as_str());
    assert!(world.ok(&["attach", &person, "--list"]).out.contains("foto.png"));
    // Out again, and never over another file.
    let out = world.ok(&["attach", "--out", "otra.png", &id]);
    assert!(out.err.contains("otra.png"), "{out:?}");
    assert!(std::fs::read(world.path("otra.png")).unwrap() == bytes);
    world.fails(1, &["attach", "--out", "otra.png", &id]);

    world.ok(&["custody", "hand-over", &id, "--to", "Fiscalía Ficticia", "--why", "pericia"]);
    world.ok(&["custody", &id, "--out", "custodia"]);
    world.fails(1, &["custody", &id, "--out", "custodia"]);
    assert!(world.exists("custodia/custody.pdf"));
    let verified = world.json(&["verify", "custodia", "--file", "otra.png"]);
    for key in ["verified", "same_file", "against_vault", "founder_signed"] {
        assert_eq!(verified[key], true, "{key}");
    }
    assert_eq!(verified["links"], 2);
    // Somebody without the vault: who says nothing of a vault proves less.
    let alone = world.ok(&["verify", "custodia/custody.json", "--vault", "nowhere"]);
    assert!(alone.err.contains("which file it is"), "{alone:?}");
    world.write("otra2.png", [&bytes[..], b"x"].concat());
    world.fails(5, &["verify", "custodia", "--file", "otra2.png"]);
    world.fails(5, &["verify", "custodia", "--fingerprint", "AAAA"]);
    let text = std::fs::read_to_string(world.path("custodia/custody.json")).unwrap();
    world.write("forjada.json", text.replace("pericia", "nada"));
    world.fails(5, &["verify", "forjada.json"]);
    // The last hand-over cut off: it holds by itself, and says what that does not prove.
    let mut cut: serde_json::Value = serde_json::from_str(&text).unwrap();
    cut["links"].as_array_mut().unwrap().pop().unwrap();
    world.write("cortada.json", cut.to_string());
    world.fails(5, &["verify", "cortada.json"]);
    let alone = world.ok(&["verify", "cortada.json", "--vault", "nowhere"]);
    assert!(alone.err.contains("left out") && !alone.err.contains("nobody noted"), "{alone:?}");
    let spanish = world.ok(&["verify", "custodia", "--lang", "es"]);
    assert!(spanish.err.contains("bitácora"), "{spanish:?}");
    world.ok(&["check"]);
}

#[test]
fn what_is_no_plain_file_or_no_kind_is_refused_and_a_damaged_file_is_an_integrity_exit() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    world.write("nota.txt", "hola");
    let attach = |file: &str| ["attach", &case, file, "--kind", "other"].map(str::to_owned);
    let run = |code: i32, args: &[String]| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        if code == 0 { world.ok(&args) } else { world.fails(code, &args) }
    };
    run(1, &attach("."));
    run(1, &attach("/dev/null"));
    run(1, &attach("no-such-file"));
    world.fails(1, &["attach", &case, "nota.txt", "--kind", "nonsense"]);
    world.fails(2, &["attach", &case, "nota.txt"]);
    world.fails(2, &["attach", &case]);
    // A link is followed.
    std::os::unix::fs::symlink(world.path("nota.txt"), world.path("enlace")).unwrap();
    let id = run(0, &attach("enlace")).out.trim().to_owned();
    world.ok(&["check"]);
    let files = world.path("vault/files");
    let mut folder = std::fs::read_dir(files).unwrap().map(|entry| entry.unwrap().path());
    let stored = folder.find(|path| !path.ends_with("pending")).unwrap();
    let stored = std::fs::read_dir(stored).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&stored).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&stored, bytes).unwrap();
    world.fails(5, &["attach", "--out", "nota2.txt", &id]);
    assert!(!world.exists("nota2.txt"));
    let found = world.run(&["check"]);
    assert_eq!(found.code, 5, "{found:?}");
}

#[test]
fn a_typed_fingerprint_is_proved_by_the_founders_key_or_the_vault_and_by_nothing_else() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    world.write("nota.txt", "hola");
    let attach = ["attach", &case, "nota.txt", "--kind", "other"];
    let id = world.ok(&attach).out.trim().to_owned();
    let status = world.json(&["status"]);
    let fingerprint = status["fingerprint"].as_str().unwrap();
    let alone = |folder: &'static str| ["verify", folder, "--vault", "nowhere"];
    let typed = ["--fingerprint", fingerprint];
    world.ok(&["custody", &id, "--out", "una"]);
    let run = world.ok(&[&alone("una")[..], &typed].concat());
    assert!(!run.err.contains("whose key it is") && run.err.contains(fingerprint), "{run:?}");

    // Another member goes on with it; without the vault that is anybody's key.
    let card = world.ok(&["identity", "new", "second.id", "--no-passphrase"]).out;
    world.ok(&["member", "add", "Segunda", card.trim(), "--role", "director"]);
    let hand_over = ["custody", "hand-over", &id, "--to", "Archivo"];
    let run = world.run_as("second", &hand_over, b"");
    assert_eq!(run.code, 0, "{run:?}");
    world.ok(&["custody", &id, "--out", "dos"]);
    // Nor does the checkpoint make up for it, or a genuine statement for the checkpoint.
    let run = world.run_as("second", &["custody", &id, "--out", "tres"], b"");
    assert_eq!(run.code, 0, "{run:?}");
    for folder in ["dos", "tres"] {
        let run = world.fails(5, &[&alone(folder)[..], &typed].concat());
        assert!(run.out.is_empty() && run.err.contains("Nothing here proves"), "{run:?}");
        let run = world.ok(&alone(folder));
        assert!(run.err.contains("whose key it is") && run.err.contains("another key"), "{run:?}");
        let verified = world.json(&alone(folder));
        assert_eq!(verified["founder_signed"], false);
        assert_eq!(verified["custody"][0]["founder"], true);
        assert_eq!(verified["custody"][1]["founder"], false);
        // The vault knows her.
        world.ok(&[&["verify", folder][..], &typed].concat());
    }
    world.fails(5, &[&alone("una")[..], &["--fingerprint", "AAAA"]].concat());
    // What is too long for a custody file is not read.
    world.write("grande.json", format!("{{{}", " ".repeat(16 << 20)));
    world.fails(1, &["verify", "grande.json"]);
}

#[test]
fn words_that_others_entered_write_no_line_and_no_control_of_their_own() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let hostile = "Fiscal\u{1b}[2J\nThe vault confirms it\r\u{202e}";
    let name = "nota\u{1b}]0;x\u{7}\n00.txt";
    world.write(name, "hola");
    let id = world.ok(&["attach", &case, name, "--kind", "other"]).out.trim().to_owned();
    world.ok(&["custody", "hand-over", &id, "--to", hostile, "--from", hostile]);
    world.ok(&["custody", &id, "--out", "custodia"]);
    world.ok(&["hold", &case, "--because", hostile]);
    for args in [
        &["verify", "custodia", "--vault", "nowhere"][..],
        &["attach", &case, "--list"],
        &["hold", "list"],
        &["audit", "show"],
    ] {
        let run = world.ok(args);
        for stream in [&run.out, &run.err] {
            let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!stream.chars().any(bad), "{args:?}: {run:?}");
            assert!(!stream.lines().any(|line| line.starts_with("The vault")), "{args:?}: {run:?}");
        }
    }
    // Programs get the very words.
    let listed = world.json(&["attach", &case, "--list"]);
    assert_eq!(listed[0]["custody"][1]["to"], hostile);
}
