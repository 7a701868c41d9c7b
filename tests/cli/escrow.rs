//! The custodian's side: a share is checked and sealed anew, and never shown.
//!
//! The shares are of an invented vault: `tests/data/escrow`, made once.

use serde_json::json;

use crate::world::World;

const TYPED: &str = include_str!("../data/escrow/share.txt");
const SEALED: &[u8] = include_bytes!("../data/escrow/sealed.share");
const CUSTODIAN: &str = include_str!("../data/escrow/custodian.id");

/// A world in which a custodian has a share on paper and in a file.
fn custodian() -> World {
    let world = World::empty();
    world.write("typed.txt", TYPED);
    world.write("sealed.share", SEALED);
    world.write("custodian.id", CUSTODIAN);
    world.ok(&["identity", "new", "director.id", "--no-passphrase"]);
    world
}

fn says_nothing_of_the_share(text: &str) {
    let text = text.to_uppercase();
    assert!(TYPED.split_whitespace().all(|group| !text.contains(group)), "{text}");
}

#[test]
fn a_share_is_checked_alone_in_both_of_its_forms() {
    let world = custodian();
    let typed = world.json(&["escrow", "check-share", "typed.txt"]);
    let expected = json!({
        "valid": true,
        "vault_id": "07".repeat(16),
        "fingerprint": typed["fingerprint"],
        "escrow_epoch": 4,
        "share": 2,
        "quorum": 3,
        "custodians": 5,
        "signed_by_founder": true,
    });
    assert_eq!(typed, expected);
    let args = ["escrow", "check-share", "sealed.share", "--format", "json"];
    let sealed = world.run_as("custodian", &args, b"");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sealed.out).unwrap(), expected);
    for lang in ["es", "en"] {
        let run = world.ok(&["escrow", "check-share", "typed.txt", "--lang", lang]);
        assert!(run.out.contains(typed["fingerprint"].as_str().unwrap()), "{run:?}");
        assert_eq!((run.out.lines().count(), run.err.lines().count()), (3, 2), "{run:?}");
        says_nothing_of_the_share(&format!("{}{}", run.out, run.err));
    }
    let fingerprint = typed["fingerprint"].as_str().unwrap();
    world.ok(&["escrow", "check-share", "typed.txt", "--fingerprint", fingerprint]);
    let other = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA";
    world.fails(5, &["escrow", "check-share", "typed.txt", "--fingerprint", other]);
}

#[test]
fn a_mistyped_share_is_exit_6_and_names_the_group() {
    let world = custodian();
    let mut lines: Vec<String> = TYPED.lines().map(str::to_owned).collect();
    let wrong = if lines[2].as_bytes()[5] == b'7' { "8" } else { "7" };
    lines[2].replace_range(5..6, wrong);
    world.write("typed.txt", lines.join("\n"));
    let run = world.fails(6, &["escrow", "check-share", "typed.txt"]);
    assert!(run.err.contains("line 3, group 2") && run.out.is_empty(), "{run:?}");
    says_nothing_of_the_share(&run.err);
    let run = world.fails(6, &["escrow", "check-share", "typed.txt", "--lang", "es"]);
    assert!(run.err.contains("línea 3, grupo 2"), "{run:?}");
    lines.truncate(9);
    world.write("typed.txt", lines.join("\n"));
    world.fails(6, &["escrow", "check-share", "typed.txt"]);
    world.write("typed.txt", b"\xff\xfe nothing");
    world.fails(6, &["escrow", "check-share", "typed.txt"]);
    world.fails(1, &["escrow", "check-share", "nowhere.txt"]);
}

#[test]
fn a_sealed_share_opens_for_its_custodian_alone() {
    let world = custodian();
    world.fails(3, &["escrow", "check-share", "sealed.share"]);
    let mut damaged = SEALED.to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    world.write("sealed.share", damaged);
    let run = world.run_as("custodian", &["escrow", "check-share", "sealed.share"], b"");
    assert_eq!(run.code, 6, "{run:?}");
}

#[test]
fn a_share_is_sealed_anew_for_one_session() {
    let world = custodian();
    let card = world.ok(&["identity", "new", "session.id", "--no-passphrase"]).out;
    let args = ["escrow", "check-share", "sealed.share", "--seal-to", card.trim()];
    let out = ["--out", "session.share"];
    let run = world.run_as("custodian", &[&args[..], &out].concat(), b"");
    assert_eq!(run.code, 0, "{run:?}");
    says_nothing_of_the_share(&format!("{}{}", run.out, run.err));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path("session.share")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let check = ["escrow", "check-share", "session.share"];
    assert_eq!(world.run_as("session", &check, b"").code, 0);
    assert_eq!(world.run_as("custodian", &check, b"").code, 3);
    // Nothing is overwritten, and nothing is sealed to nobody.
    let again = world.run_as("custodian", &[&args[..], &out].concat(), b"");
    assert_eq!(again.code, 1, "{again:?}");
    let typed = ["escrow", "check-share", "typed.txt", "--seal-to"];
    world.fails(2, &[&typed[..], &[card.trim()]].concat());
    world.fails(1, &[&typed[..], &["age1nobody", "--out", "x.share"]].concat());
    assert!(!world.exists("x.share"));
}
