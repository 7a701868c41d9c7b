//! Who may open what.

use std::path::{Path, PathBuf};

use crate::world::World;

#[test]
fn a_role_sees_its_fields_and_counts_of_the_others() {
    let world = World::with_vault();
    for role in ["lawyer", "statistician"] {
        world.member(role);
    }
    assert_eq!(world.json(&["member", "list"]).as_array().unwrap().len(), 3);
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let seen = |who| {
        let run = world.run_as(who, &["record", "show", &person, "--format", "json"], b"");
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str::<serde_json::Value>(&run.out).unwrap()
    };
    let director = seen("director");
    assert_eq!(director["fields"]["given_names"], "Flor Canario");
    assert_eq!(
        (director["parent"].as_str(), director["revision"].as_u64()),
        (Some(&*case), Some(1))
    );
    let lawyer = seen("lawyer");
    assert_eq!(lawyer["fields"]["given_names"], "Flor Canario");
    assert_eq!(lawyer["sealed"], serde_json::json!({ "safety": 1 }));
    let statistician = seen("statistician");
    assert!(statistician["fields"].get("given_names").is_none());
    assert_eq!(statistician["sealed"], serde_json::json!({ "identity": 3, "safety": 1 }));
    let text = world.run_as("statistician", &["record", "show", &person, "--lang", "es"], b"");
    assert!(text.out.contains("Identidad y contacto: sellados: 3 campos"), "{text:?}");
}

#[test]
fn locked_doors_are_exit_3() {
    let world = World::with_vault();
    world.member("statistician");
    world.ok(&["identity", "new", "stranger.id", "--no-passphrase"]);
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor", "Quispe");
    let locked: [(&str, &[&str]); 5] = [
        ("stranger", &["status"]),
        ("statistician", &["find", "person", "paternal_surname", "Quispe"]),
        ("statistician", &["record", "show", &person, "--field", "given_names"]),
        ("statistician", &["record", "edit", &person, "--set", "given_names=Canario"]),
        ("statistician", &["member", "add", "Canario", "CARD", "--role", "director"]),
    ];
    let card = world.ok(&["identity", "card", "stranger.id"]).out;
    for (who, args) in locked {
        let args: Vec<_> =
            args.iter().map(|arg| if *arg == "CARD" { card.trim() } else { arg }).collect();
        let run = world.run_as(who, &args, b"");
        assert_eq!(run.code, 3, "{args:?}: {run:?}");
        assert!(run.out.is_empty() && run.err.contains("error: "), "{run:?}");
        assert!(!run.err.contains("Quispe") && !run.err.contains("Canario"), "{run:?}");
    }
    world.fails(1, &["member", "add", "X", "not-a-card", "--role", "lawyer"]);
    let unknown = world.fails(1, &["member", "add", "X", card.trim(), "--role", "queen"]);
    assert!(unknown.err.contains("psychologist"));
}

#[test]
fn a_flipped_byte_is_exit_5() {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    world.person(&case, "Flor", "Quispe");
    world.ok(&["check", "--quick"]);
    let report = world.json(&["check"]);
    assert_eq!(report["findings"], serde_json::json!([]));
    assert!(report["records"].as_u64() >= Some(2));
    let (vault, whole) = (world.path("vault"), world.path("whole"));
    copy(&vault, &whole);
    let mut noticed = 0;
    for file in files_under(&whole) {
        let mut bytes = std::fs::read(&file).unwrap();
        let Some(last) = bytes.iter().rposition(|byte| *byte != 0) else {
            continue;
        };
        bytes[last / 2] ^= 0x40;
        std::fs::remove_dir_all(&vault).unwrap();
        copy(&whole, &vault);
        std::fs::write(vault.join(file.strip_prefix(&whole).unwrap()), bytes).unwrap();
        let run = world.run(&["check", "--format", "json"]);
        assert!(matches!(run.code, 0 | 1 | 3 | 5), "{file:?}: {run:?}");
        assert!(!run.err.contains("panicked") && !run.err.contains("Quispe"), "{run:?}");
        noticed += u32::from(run.code == 5);
    }
    assert!(noticed > 0, "no file of the vault is guarded");
}

fn copy(from: &Path, to: &Path) {
    for file in files_under(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(file, target).unwrap();
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}
