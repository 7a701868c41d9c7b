//! Keys that outlive people, from the command line: departures, erasures, escrow.

use crate::world::World;

/// An age identity file's recipient, made as a custodian would.
fn custodian(world: &World, name: &str) -> String {
    let file = format!("{name}.id");
    world.ok(&["identity", "new", &file, "--no-passphrase"]).out.trim().to_owned()
}

#[test]
fn an_erase_asks_prints_a_receipt_and_the_receipt_is_confirmed_later() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let reason = ["--reason", "survivor_request"];
    world.ok(&["backup", "before.backup", "--label", "disco azul"]);
    // Without an answer nothing happens.
    let asked = world.fails(2, &[&["erase", &case], &reason[..]].concat());
    assert!(asked.err.contains("--yes"), "{asked:?}");
    world.ok(&["record", "show", &person]);
    world.fails(2, &["erase", &case, "--reason", "nonsense", "--yes"]);
    let out = ["--note", "Lo pidió.", "--out", "receipt.json", "--final", "--yes"];
    let done = world.ok(&[&["erase", &case], &reason[..], &out[..]].concat());
    assert!(done.out.is_empty() && done.err.contains("disco azul"), "{done:?}");
    world.fails(1, &["record", "show", &person]);
    let again = ["--yes", "--out", "again.json"];
    world.fails(1, &[&["erase", &case], &reason[..], &again[..]].concat());
    assert!(!world.path("again.json").exists());

    let verified = world.json(&["verify", "receipt.json"]);
    assert_eq!((&verified["verified"], &verified["against_log"]), (&true.into(), &true.into()));
    assert_eq!(verified["receipt"]["records"], 2);
    assert_eq!(verified["receipt"]["backups"][0]["label"], "disco azul");
    let text = std::fs::read_to_string(world.path("receipt.json")).unwrap();
    assert!(!text.contains("Quispe") && !text.contains(&person));
    world.write("forged.json", text.replace("\"records\": 2", "\"records\": 3"));
    world.fails(5, &["verify", "forged.json"]);
    let spanish = world.ok(&["verify", "receipt.json", "--lang", "es"]);
    assert!(spanish.out.contains("definitivo frente a"), "{spanish:?}");

    // What the backup holds does not come back, and the case of the other test stays.
    world.ok(&["restore", "before.backup", "again"]);
    world.fails(1, &["record", "show", &person, "--vault", "again"]);
}

#[test]
fn who_is_removed_opens_nothing_and_everything_is_sealed_again() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    world.member("lawyer");
    assert_eq!(world.run_as("lawyer", &["status"], b"").code, 0);
    world.fails(1, &["member", "remove", "Nadie"]);
    let removed = world.json(&["member", "remove", "Integrante lawyer"]);
    assert_eq!(removed["resealed"], 2);
    assert_eq!(world.run_as("lawyer", &["status"], b"").code, 3);
    assert_eq!(world.json(&["status"])["left_to_reseal"], 0);
    assert_eq!(world.json(&["reseal"])["resealed"], 0);
    let shown = world.json(&["record", "show", &person]);
    assert_eq!(shown["fields"]["given_names"], "Flor Canario");
    world.ok(&["check"]);
}

#[test]
fn a_value_is_rectified_and_its_history_is_gone() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let set = ["--set", "given_names=Luz"];
    world.ok(&[&["record", "edit", &person], &set[..], &["--erase-old"]].concat());
    let history = world.json(&["record", "history", &person]);
    assert_eq!(history[0]["erased"], serde_json::json!(["identity"]));
    world.ok(&["check"]);
}

#[test]
fn custodians_drill_recover_and_are_replaced() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let [ana, berta, carla] = ["ana", "berta", "carla"].map(|name| custodian(&world, name));
    let named = |name: &str, card: &str| format!("{name}={card}");
    let (a, b, c) = (named("Ana", &ana), named("Berta", &berta), named("Carla", &carla));
    let setup = ["escrow", "setup", "--quorum", "2", "--custodian", &a, "--custodian", &b];
    let dealt =
        world.ok(&[&setup[..], &["--custodian", &c, "--out", "shares", "--print", "sheets.pdf"]]
            .concat());
    assert_eq!(dealt.out.lines().count(), 3, "{dealt:?}");
    assert!(std::fs::read(world.path("sheets.pdf")).unwrap().starts_with(b"%PDF"));
    let status = world.json(&["status"]);
    assert_eq!(
        (&status["escrow"]["quorum"], &status["escrow"]["drill_due"]),
        (&2.into(), &true.into())
    );

    // Each custodian checks alone and seals the share for the director's session.
    let card =
        world.ok(&["identity", "card", "director.id"]).out.lines().next().unwrap().to_owned();
    let files = ["1-Ana", "2-Berta", "3-Carla"].map(|name| format!("shares/{name}.share"));
    for (who, file) in ["ana", "berta", "carla"].iter().zip(&files) {
        let out = format!("{who}.brought");
        let args = ["escrow", "check-share", file, "--seal-to", &card, "--out", &out];
        let run = world.run_as(who, &args, b"");
        assert_eq!(run.code, 0, "{run:?}");
    }
    let few = world.fails(6, &["escrow", "drill", "--share", "ana.brought"]);
    assert!(few.err.contains('1') && few.err.contains('2'), "{few:?}");
    world.ok(&["escrow", "drill", "--share", "ana.brought", "--share", "carla.brought"]);
    assert_eq!(world.json(&["status"])["escrow"]["drill_due"], false);

    // The anchor is gone; two custodians and a new director.
    world.ok(&["panic"]);
    world.fails(3, &["status"]);
    let new = custodian(&world, "nueva");
    let recover = ["escrow", "recover", "--share", "ana.brought", "--share", "berta.brought"];
    let recovered =
        world.json(&[&recover[..], &["--new-director", &new, "--out", "next"]].concat());
    assert_eq!(recovered["escrow_epoch"], 2);
    world.fails(3, &["status"]);
    let as_new = |args: &[&str]| {
        let run = world.run_as("nueva", args, b"");
        assert_eq!(run.code, 0, "{args:?}: {run:?}");
        run
    };
    as_new(&["reseal"]);
    assert!(as_new(&["record", "show", &person]).out.contains("Flor Canario"));
    as_new(&["check"]);
    // What was used once is worthless; a custodian is replaced.
    let spent = world.run_as("nueva", &["escrow", "drill", "--share", "ana.brought"], b"");
    assert_ne!(spent.code, 0);
    let dora = named("Dora", &custodian(&world, "dora"));
    as_new(&["escrow", "replace", "Berta", &dora, "--out", "third"]);
    assert!(world.path("third/2-Dora.share").exists());
    as_new(&["check"]);
}
