//! The log from the command line: for people, for partners, for the person herself.

use crate::world::World;

#[test]
fn the_log_says_who_did_and_saw_what() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    world.member("lawyer");
    assert_eq!(world.run_as("lawyer", &["record", "show", &person], b"").code, 0);
    let log = world.json(&["audit", "show", "--record", &person]);
    let events = log["events"].as_array().unwrap();
    let read = events.iter().find(|event| event["act"] == "read").unwrap();
    assert_eq!((&read["by"], &read["role"]), (&"Integrante lawyer".into(), &"lawyer".into()));
    assert_eq!(read["records"][0]["id"], person.as_str());
    assert!(events.iter().all(|event| event["at"].as_str().unwrap().ends_with('Z')));
    let text = world.ok(&["audit", "show", "--lang", "es"]).out;
    assert!(text.contains("Se leyó  Integrante lawyer (lawyer)"), "{text}");
    assert!(text.contains("Se creó la bóveda"), "{text}");
    assert!(!text.contains("Quispe") && !text.contains("HCO-0001"));
    let later = world.json(&["audit", "show", "--since", "2099-01-01"]);
    assert_eq!(later["events"].as_array().unwrap().len(), 0);
    world.fails(1, &["audit", "show", "--since", "yesterday"]);
    world.fails(1, &["audit", "show", "--record", &"00".repeat(16)]);
    world.fails(2, &["audit", "show", "--html", "page.html"]);
}

#[test]
fn a_case_has_a_page_for_the_house_and_one_for_the_person() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    world.ok(&["record", "show", &person]);
    let pages = ["--html", "house.html", "--for-person", "hers.html", "--lang", "es"];
    let said = world.ok(&[&["audit", "show", "--record", &person], &pages[..]].concat());
    assert!(said.out.is_empty() && said.err.contains("hers.html"), "{said:?}");
    let read = |name| std::fs::read_to_string(world.path(name)).unwrap();
    let (house, hers) = (read("house.html"), read("hers.html"));
    assert!(house.contains("Historial del expediente") && house.contains(&person));
    assert!(hers.contains("Quién ha visto mi expediente") && !hers.contains(&person));
    for page in [&house, &hers] {
        assert!(!page.contains("<script") && !page.contains("src=") && !page.contains("Quispe"));
    }
    // Nothing is written over.
    world.fails(1, &[&["audit", "show", "--record", &person], &pages[..]].concat());
}

#[test]
fn a_partner_keeps_a_checkpoint_and_sees_when_the_log_was_cut() {
    let world = World::with_vault();
    world.case("HCO-0001");
    let before = world.path("vault");
    let made = world.ok(&["audit", "checkpoint"]);
    world.write("kept.note", &made.out);
    assert_eq!(made.out.lines().count(), 5);
    let key = world.json(&["audit", "checkpoint"])["key"].as_str().unwrap().to_owned();
    world.case("HCO-0002");
    let proof = world.ok(&["audit", "checkpoint", "--since", "kept.note"]).out;
    world.write("newer.note", &proof);

    // Anybody with the key, without the vault.
    let alone = |args: &[&str]| world.json(&[args, &["--vault", "nowhere"]].concat());
    assert_eq!(alone(&["verify", "kept.note", "--key", &key])["verified"], true);
    let since = ["verify", "newer.note", "--key", &key, "--since", "kept.note"];
    assert_eq!(alone(&since)["continues"], alone(&["verify", "kept.note", "--key", &key])["size"]);
    let size = made.out.lines().nth(1).unwrap();
    world.write("forged.note", made.out.replacen(&format!("\n{size}\n"), "\n1\n", 1));
    world.fails(5, &["verify", "forged.note", "--key", &key]);
    world.fails(2, &["verify", "kept.note", "--vault", "nowhere"]);
    world.fails(2, &["verify", "kept.note", "--key", &key, "--since", "newer.note"]);
    // And the vault itself.
    assert_eq!(world.json(&["verify", "kept.note"])["against_log"], true);
    assert_eq!(world.json(&["audit", "witness", "kept.note"])["kept"], true);
    world.fails(1, &["audit", "witness", "director.id"]);
    world.fails(5, &["audit", "witness", "forged.note"]);

    // A new vault of the same name and people is not this one.
    std::fs::rename(&before, world.path("gone")).unwrap();
    std::fs::rename(world.path("vault.anchor"), world.path("gone.anchor")).unwrap();
    world.ok(&["init", "--name", "Prueba"]);
    world.fails(1, &["audit", "witness", "kept.note"]);
}

#[test]
fn a_wrong_passphrase_is_counted() {
    let world = World::empty();
    world.write("right", "una frase de prueba larga\n");
    world.write("wrong", "otra frase de prueba\n");
    let director =
        |args: &[&str], pass: &str| world.run(&[args, &["--passphrase-file", pass]].concat());
    assert_eq!(director(&["identity", "new", "director.id"], "right").code, 0);
    assert_eq!(director(&["init", "--name", "Prueba"], "right").code, 0);
    assert_eq!(director(&["status"], "wrong").code, 3);
    assert_eq!(director(&["status"], "wrong").code, 3);
    let opened = director(&["status"], "right");
    assert!(opened.err.contains("audit show"), "{opened:?}");
    let told = director(&["audit", "show"], "right");
    assert!(told.out.contains("2 tries to unlock had failed before"), "{told:?}");
}

#[test]
fn whoever_looks_at_a_preview_has_seen_the_case() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let kind = ["--kind", "prosecutor"];
    let key = world.ok(&["identity", "new", "fiscal.key", "--no-passphrase"]).err;
    let key = key.split_whitespace().find(|word| word.starts_with("age1")).unwrap().to_owned();
    world.ok(&[&["recipient", "add", "Fiscalía Inventada", &key], &kind[..]].concat());
    let asked = ["--profile", "court_coded", "--purpose", "legal_proceedings"];
    let to = ["--to", "Fiscalía Inventada", "--preview", "seen.html"];
    world.ok(&[&["export", &case], &asked[..], &to[..]].concat());
    let log = world.json(&["audit", "show", "--record", &person]);
    let acts: Vec<_> = log["events"].as_array().unwrap().iter().map(|e| &e["act"]).collect();
    assert!(acts.contains(&&"read".into()), "{log}");
    world.fails(
        2,
        &["audit", "show", "--record", &person, "--html", "x.html", "--since", "2026-01-01"],
    );
}

#[test]
fn the_log_says_to_whom_a_file_went_and_why_a_hold_was_laid() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    world.write("nota.txt", "hola");
    let attach = ["attach", &person, "nota.txt", "--kind", "other"];
    let id = world.ok(&attach).out.trim().to_owned();
    world.ok(&["custody", "hand-over", &id, "--to", "Perito Ficticio", "--why", "pericia"]);
    world.ok(&["hold", &case, "--because", "Oficio inventado 7"]);
    let log = world.json(&["audit", "show", "--record", &case]);
    let events = log["events"].as_array().unwrap();
    let act = |name: &str| events.iter().find(|event| event["act"] == name).unwrap();
    let went = &act("handed_over")["handed"][0];
    assert_eq!((&went["to"], &went["why"]), (&"Perito Ficticio".into(), &"pericia".into()));
    assert_eq!(went["file"], id.as_str());
    assert_eq!(act("held")["why"], "Oficio inventado 7");
    let text = world.ok(&["audit", "show"]).out;
    for words in ["to Perito Ficticio [pericia]", "Oficio inventado 7"] {
        assert!(text.contains(words), "{text}");
    }
    world.ok(&["audit", "show", "--record", &person, "--for-person", "hers.html"]);
    let hers = std::fs::read_to_string(world.path("hers.html")).unwrap();
    assert!(hers.contains("Perito Ficticio") && !hers.contains("Oficio inventado 7"));
}
