//! The demonstration, whole.

use crate::world::World;

#[test]
fn the_demo_opens_what_it_should_and_the_thief_finds_nothing() {
    let world = World::empty();
    let demo = world.json(&["demo", "show"]);
    assert_eq!(demo["cases"], 200);
    assert_eq!(demo["thief"]["found"], 0);
    assert!(demo["thief"]["looked_for"].as_u64() > Some(50));
    assert_eq!(demo["findings"], 0);
    assert!(demo["found_by_sound"].as_u64() > Some(0));
    let court = &demo["court_file"];
    assert!(court["files"].as_u64() > Some(10) && court["withheld"].as_u64() > Some(0));
    let verified = world.json(&["verify", "show/court-file-opened"]);
    assert_eq!(verified["export"], court["export"]);
    assert!(world.exists("show/preview.html") && world.exists("show/court-file/bundle.age"));
    let shown = demo["shown"].as_str().unwrap();
    let show = |role: &str, lang: &str| {
        let key = demo["identities"][role].as_str().unwrap();
        let vault = demo["vault"].as_str().unwrap();
        world
            .ok(&["record", "show", shown, "--vault", vault, "--identity", key, "--lang", lang])
            .out
    };
    assert!(show("director", "en").contains("Case narrative"));
    assert!(show("statistician", "es").contains("Hechos y relato: sellados: "));
    let refused = world.fails(1, &["demo", "show"]);
    assert!(refused.err.contains("not empty"));
}

#[test]
fn generated_pages_and_completions_are_there() {
    let world = World::empty();
    assert!(world.ok(&["generate", "man"]).out.contains(".TH"));
    std::fs::create_dir(world.path("man")).unwrap();
    world.ok(&["generate", "man", "--out", "man"]);
    assert!(world.exists("man/amparo.1") && world.exists("man/amparo-record-add.1"));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(world.ok(&["generate", "completions", shell]).out.contains("amparo"), "{shell}");
    }
}
