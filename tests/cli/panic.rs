//! `panic`, while others have the vault open, and when it is killed on the way.

use std::process::Stdio;
use std::time::Duration;

use amparo::{ErrorKind, Identity, VaultOptions};

use crate::world::World;

fn director(world: &World) -> Identity {
    Identity::parse(&std::fs::read(world.path("director.id")).unwrap(), None).unwrap()
}

#[test]
fn a_panic_waits_for_no_lock_and_ends_who_has_it() {
    let world = World::with_vault();
    let vault = VaultOptions::new().open(world.path("vault"), &director(&world)).unwrap();
    world.fails(1, &["check"]);
    let run = world.ok(&["panic", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["final"], true);
    assert_eq!(report["recoverable_by_custodians"], false);
    assert!(run.err.contains("nothing here opens") && run.err.contains("Not reached"), "{run:?}");
    let ended = vault.list("case", None, 1).unwrap_err();
    assert_eq!(ended.kind(), ErrorKind::NoAnchor);
    drop(vault);
    world.fails(3, &["status"]);
    world.ok(&["panic", "--lang", "es"]);
}

#[test]
fn a_panic_without_an_anchor_says_so_first() {
    let world = World::with_vault();
    let run = world.fails(1, &["panic", "--vault=nowhere"]);
    assert!(run.err.starts_with("error: Not destroyed"), "{run:?}");
    world.ok(&["status"]);
    world.fails(2, &["panic", "nowhere"]);
    world.ok(&["panic", "--help"]);
    world.ok(&["status"]);
    // What a shell or a keyboard leaves out does not matter.
    let mut command = world.command();
    assert_eq!(command.args(["--yes", "--quiet", "panic"]).status().unwrap().code(), Some(0));
    world.fails(3, &["status"]);
}

#[test]
fn a_panic_that_is_killed_can_be_done_again() {
    let world = World::with_vault();
    let (key, kept) = (world.path("vault.anchor/anchor.key"), world.path("kept"));
    let capsule = world.path("vault/capsule");
    std::fs::copy(&key, &kept).unwrap();
    std::fs::copy(&capsule, world.path("capsule")).unwrap();
    for wait in 0..25 {
        std::fs::copy(&kept, &key).unwrap();
        std::fs::copy(world.path("capsule"), &capsule).unwrap();
        let mut child = world
            .command()
            .arg("panic")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(400 * wait));
        child.kill().unwrap();
        child.wait().unwrap();
        world.ok(&["panic"]);
        let bytes = std::fs::read(&key).unwrap();
        assert!(bytes[..8192].iter().all(|byte| *byte == 0), "after {wait}");
        assert!(std::fs::read(&capsule).unwrap().iter().all(|byte| *byte == 0));
        world.fails(3, &["status"]);
    }
}
