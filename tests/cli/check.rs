//! Vaults that are damaged on the disk: exit 5, and what `check --repair` makes of them.

use std::fs;
use std::path::PathBuf;

use crate::world::World;

/// A vault with a case and a person, and the journal's segment.
fn filled() -> (World, String, PathBuf) {
    let world = World::with_vault();
    let case = world.case("HCO-0001");
    let person = world.person(&case, "Flor Canario", "Quispe");
    let journal = world.path("vault/store/journal");
    let segment = fs::read_dir(journal).unwrap().next().unwrap().unwrap().path();
    (world, person, segment)
}

/// Where the frames of a segment begin.
fn frames(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len()).step_by(512).filter(|at| bytes.get(*at) == Some(&0xa5)).collect()
}

fn flip(file: &PathBuf, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    *bytes.get_mut(at).unwrap() ^= 4;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_torn_journal_is_exit_5_and_a_repair_loses_nothing() {
    let (world, person, segment) = filled();
    let name = segment.file_name().unwrap().to_str().unwrap();
    let middle = frames(&fs::read(&segment).unwrap())[2] + 100;
    flip(&segment, middle);
    let torn = fs::read(&segment).unwrap();
    let refused = world.fails(5, &["check"]);
    assert!(refused.err.contains("check --repair"), "{refused:?}");
    world.fails(2, &["check", "--repair", "--quick"]);

    let report = world.json(&["check", "--repair"]);
    assert_eq!(report["repair"]["damaged"], serde_json::json!([name]));
    assert_eq!(report["repair"]["commits_lost"], 0);
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["repair"]["kept_in"], "damaged-1");
    assert_eq!(fs::read(world.path("vault/store/damaged-1").join(name)).unwrap(), torn);
    assert_eq!(world.json(&["record", "show", &person])["fields"]["given_names"], "Flor Canario");
    world.ok(&["check"]);
    world.ok(&["check", "--quick"]);
    let again = world.ok(&["check", "--repair", "--lang", "es"]);
    assert!(again.err.contains("No hubo nada que reconstruir"), "{again:?}");
    assert!(!world.exists("vault/store/damaged-2"));
}

#[test]
fn a_vault_without_sled_is_healed_at_opening() {
    let (world, person, _) = filled();
    fs::remove_dir_all(world.path("vault/store/sled")).unwrap();
    world.ok(&["record", "show", &person]);
    world.ok(&["check"]);
}

#[test]
fn what_cannot_be_rebuilt_is_named_with_exit_5() {
    let (world, _, segment) = filled();
    // The key tree's top is written anew with each record.
    world.case("HCO-0002");
    let bytes = fs::read(&segment).unwrap();
    let frames = frames(&bytes);
    // A frame of one or two sectors is an opening; of the others, behind the segment's own and
    // the vault's first, the second is the person's.
    let long = |two: &&[usize]| matches!(two, [first, next] if next - first > 1024);
    let at = frames.windows(2).skip(2).filter(long).nth(1).and_then(|two| two.first()).unwrap();
    flip(&segment, at + 300);
    // sled, which would have had it too, is lost as well.
    fs::remove_dir_all(world.path("vault/store/sled")).unwrap();
    let run = world.run(&["check", "--repair", "--format", "json"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.err.contains("amparo restore"), "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["repair"]["commits_lost"], 1);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|one| one["place"].as_str().unwrap().starts_with("record ")));
    assert!(findings.iter().any(|one| one["place"].as_str().unwrap().starts_with("log leaf ")));
    let text = world.run(&["check", "--lang", "es"]);
    assert_eq!(text.code, 5);
}

#[test]
fn a_capsule_that_was_made_anew_is_told_by_the_check_that_made_it() {
    let (world, ..) = filled();
    for args in [&["check"][..], &["check", "--quick"]] {
        fs::remove_file(world.path("vault/capsule")).unwrap();
        let run = world.ok(args);
        assert!(run.err.contains("made anew"), "{run:?}");
        let run = world.ok(args);
        assert!(!run.err.contains("made anew"), "{run:?}");
    }
}
