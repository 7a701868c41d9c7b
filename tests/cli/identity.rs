//! Identity files, passphrases, and the first steps of a vault.

use crate::world::World;

#[test]
fn an_identity_file_is_private_and_never_overwritten() {
    let world = World::empty();
    let run = world.ok(&["identity", "new", "a.id", "--no-passphrase"]);
    assert!(run.out.starts_with("amparo-member1") && run.out.trim().lines().count() == 1);
    assert!(run.err.starts_with("warning: "), "{run:?}");
    let before = std::fs::read(world.path("a.id")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path("a.id")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let refused = world.fails(1, &["identity", "new", "a.id", "--no-passphrase"]);
    assert!(refused.err.contains("hint: ") && refused.out.is_empty());
    assert_eq!(std::fs::read(world.path("a.id")).unwrap(), before);
    let shown = world.ok(&["identity", "card", "a.id"]);
    assert_eq!(shown.out, run.out);
    let card = world.json(&["identity", "card", "a.id"]);
    assert_eq!(card["card"], run.out.trim());
    let recipient = card["age_recipient"].as_str().unwrap();
    assert!(recipient.starts_with("age1") && shown.err.contains(recipient));
}

#[test]
fn a_passphrase_comes_from_its_file_and_a_wrong_one_locks() {
    let world = World::empty();
    world.write("right", "correcto caballo\nsegunda l\u{ed}nea\n");
    world.write("wrong", "canario equivocado\n");
    world.write("none", "\n");
    let card = world.ok(&["identity", "new", "a.id", "--passphrase-file", "right"]).out;
    let same = world.ok(&["identity", "card", "a.id", "--passphrase-file", "right"]).out;
    assert_eq!(card, same);
    let wrong = world.fails(3, &["identity", "card", "a.id", "--passphrase-file", "wrong"]);
    assert!(!wrong.err.contains("canario"), "{wrong:?}");
    world.fails(1, &["identity", "card", "a.id", "--passphrase-file", "none"]);
    world.fails(1, &["identity", "card", "a.id", "--passphrase-file", "absent"]);
}

#[test]
fn a_vault_is_made_once_and_known_by_its_fingerprint() {
    let world = World::with_vault();
    let status = world.json(&["status"]);
    let fingerprint = status["fingerprint"].as_str().unwrap();
    for key in
        ["vault_id", "records", "members", "escrow", "anchor_grade", "log_size", "key_epochs"]
    {
        assert!(status.get(key).is_some(), "{key}");
    }
    assert_eq!((&status["records"], &status["members"]), (&0.into(), &1.into()));
    assert!(status["escrow"].is_null());
    world.fails(1, &["init", "--name", "Otra"]);
    world.ok(&["status", "--fingerprint", fingerprint]);
    let other = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA";
    world.fails(5, &["status", "--fingerprint", other]);
}

#[test]
fn nobody_and_nowhere_are_said_plainly() {
    let world = World::with_vault();
    let mut command = world.command();
    let output = command.arg("status").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("AMPARO_IDENTITY"));
    world.fails(1, &["status", "--vault", "nowhere"]);
    world.fails(1, &["status", "--identity", "nobody.id"]);
}

#[test]
fn a_member_card_stands_for_the_key_to_seal_to() {
    let world = World::with_vault();
    let card = world.json(&["identity", "new", "a.id", "--no-passphrase"]);
    let [card, key] = ["card", "age_recipient"].map(|name| card[name].as_str().unwrap().to_owned());
    world.ok(&["recipient", "add", "Fiscal\u{ed}a", &card, "--kind", "prosecutor"]);
    let list = world.json(&["recipient", "list"]);
    assert_eq!(list[0]["age_recipient"], key);
    world.fails(1, &["recipient", "add", "Otra", card.trim_start_matches('a'), "--kind", "court"]);
}
