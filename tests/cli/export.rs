//! What leaves: shown before, sealed to one, opened and verified by them, refused, called back.

use std::fs;

use serde_json::{Value, json};

use crate::world::{Run, World};

struct Case {
    world: World,
    case: String,
    woman: String,
}

const LEGAL: [&str; 2] = ["--purpose", "legal_proceedings"];
const TO: &str = "Fiscalía Ficticia";
const UNTIL: [&str; 2] = ["--until", "2099-12-31"];

impl Case {
    /// A woman who agreed, and a prosecutor whose key is `fiscal.id`.
    fn new() -> Self {
        let case = Self::silent();
        case.world.ok(&case.say("give", &UNTIL));
        case
    }

    /// The same, and nobody said anything.
    fn silent() -> Self {
        let world = World::with_vault();
        world.ok(&["identity", "new", "fiscal.id", "--no-passphrase"]);
        let key = fs::read(world.path("fiscal.id")).unwrap();
        let key = amparo::Identity::parse(&key, None).unwrap().card().recipient();
        world.ok(&["recipient", "add", TO, &key, "--kind", "prosecutor"]);
        let case = world.case("HCO-0001");
        let woman = world.person(&case, "Flor", "Quispe");
        world.ok(&["record", "edit", &woman, "--set", "birth_date=1990-05-17"]);
        world.ok(&["record", "edit", &case, "--set", "narrative=Vino Flor, con Elsa."]);
        Self { world, case, woman }
    }

    fn say<'a>(&'a self, what: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["consent", what, &self.woman][..], &LEGAL, &["--recipient", TO], more].concat()
    }

    fn export<'a>(&'a self, profile: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let what = ["export", self.case.as_str(), "--profile", profile, "--to", TO];
        [&what[..], &LEGAL, more].concat()
    }

    fn fiscal(&self, args: &[&str]) -> Run {
        self.world.run_as("fiscal", args, b"")
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.world.path(folder)).unwrap();
        let names = entries.map(|one| one.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.world.path(file)).unwrap()
    }
}

#[test]
fn a_preview_is_written_and_nothing_leaves() {
    let case = Case::new();
    let run = case.world.ok(&case.export("court_coded", &["--preview", "antes.html"]));
    assert!(run.err.contains("it is for you"), "{run:?}");
    assert!(run.err.contains("fields as they stand") && run.err.contains("× S:"), "{run:?}");
    let page = case.read("antes.html");
    assert!(!page.contains("Flor") && !page.contains("Casa canario"));
    let ledger = case.world.json(&["consent", "show", &case.woman]);
    assert!(!ledger.to_string().contains("court_coded"), "{ledger}");
    case.world.fails(1, &case.export("court_coded", &["--preview", "antes.html"]));
    case.world.fails(2, &case.export("court_coded", &[]));
}

#[test]
fn what_is_sealed_is_opened_and_verified_by_its_recipient_alone() {
    let case = Case::new();
    let world = &case.world;
    let run = world.ok(&case.export("court_full", &["--out", "sale"]));
    assert!(run.err.contains("sealed, only Fiscalía Ficticia can open it"), "{run:?}");
    assert_eq!((run.out.trim().len(), case.names("sale")), (12, vec!["bundle.age".to_owned()]));
    for stranger in ["verify", "open"] {
        let out: &[&str] = if stranger == "open" { &["--out", "ajeno"] } else { &[] };
        let run = world.fails(3, &[&[stranger, "sale"], out].concat());
        assert!(run.out.is_empty() && !world.exists("ajeno"), "{run:?}");
    }
    let verified = case.fiscal(&["verify", "sale", "--format", "json"]);
    assert_eq!(verified.code, 0, "{verified:?}");
    let document: Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!(
        (&document["verified"], &document["export"]),
        (&json!(true), &json!(run.out.trim()))
    );
    let opened = case.fiscal(&["open", "sale", "--out", "abierto"]);
    assert_eq!(opened.code, 0, "{opened:?}");
    let files = case.names("abierto");
    for name in ["case.html", "case.json", "case.pdf", "manifest.json", "proof.sd-jwt"] {
        assert!(files.iter().any(|known| known == name), "{files:?}");
    }
    assert!(case.read("abierto/case.json").contains("Flor"));
    assert!(!case.read("abierto/case.json").contains("Casa canario"));
    // An opened folder needs no key, and the proof alone neither.
    let run = world.ok(&["verify", "abierto"]);
    assert!(run.err.contains("not proved: whose key it is"), "{run:?}");
    world.ok(&["verify", "abierto/proof.sd-jwt"]);
    assert_eq!(case.fiscal(&["open", "sale", "--out", "abierto"]).code, 1);
}

#[test]
fn what_was_tampered_with_does_not_verify() {
    let case = Case::new();
    let world = &case.world;
    let run = world.ok(&case.export("court_full", &["--out", "sale", "--plain"]));
    assert!(run.err.contains("NOT sealed"), "{run:?}");
    world.ok(&["verify", "sale"]);
    let page = case.read("sale/case.html");
    world.write("sale/case.html", page.replace("Flor", "Otra"));
    let run = world.fails(5, &["verify", "sale"]);
    assert!(run.err.contains("case.html") && run.out.is_empty(), "{run:?}");
    world.write("sale/case.html", page);
    world.ok(&["verify", "sale"]);
    world.write("sale/mas.txt", "algo");
    world.fails(5, &["verify", "sale"]);
    fs::remove_file(world.path("sale/mas.txt")).unwrap();
    let proof = case.read("sale/proof.sd-jwt");
    let last = proof.trim_end_matches('~').rsplit('~').next().unwrap().to_owned();
    let cut = proof.replace(&format!("~{last}"), "");
    let none = format!("{}~", proof.split('~').next().unwrap());
    for shorter in [&cut, &none] {
        world.write("sale/proof.sd-jwt", shorter);
        let run = world.fails(5, &["verify", "sale"]);
        assert!(run.err.contains("proof.sd-jwt") && run.out.is_empty(), "{run:?}");
    }
    world.write("sale/proof.sd-jwt", &proof);
    world.ok(&["verify", "sale"]);
    fs::remove_file(world.path("sale/case.json")).unwrap();
    world.fails(5, &["verify", "sale"]);
    world.write("cut.sd-jwt", cut);
    let cut = world.json(&["verify", "cut.sd-jwt"]);
    assert_eq!(cut["kept_back"].as_array().unwrap().len(), 1);
    world.write("bad.sd-jwt", proof.replace(&last, &last.to_lowercase()));
    assert_ne!(world.run(&["verify", "bad.sd-jwt"]).code, 0);

    world.ok(&case.export("court_full", &["--out", "otra"]));
    let mut sealed = fs::read(world.path("otra/bundle.age")).unwrap();
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    world.write("otra/bundle.age", sealed);
    let run = case.fiscal(&["open", "otra", "--out", "roto"]);
    assert_eq!((run.code, world.exists("roto")), (5, false), "{run:?}");
}

#[test]
fn what_may_not_leave_is_refused_with_reasons() {
    let case = Case::silent();
    let world = &case.world;
    let run = world.fails(4, &case.export("court_full", &["--out", "sale"]));
    assert!(run.err.contains("nothing of it may leave"), "{run:?}");
    assert!(run.err.contains(" × ") && !run.err.contains("Flor"), "{run:?}");
    assert!(run.out.is_empty() && !world.exists("sale"), "{run:?}");
    world.ok(&case.say("give", &[&UNTIL[..], &["--condition", "notify_first"]].concat()));
    let run = world.fails(4, &case.export("court_full", &["--out", "sale"]));
    assert!(run.err.contains("notify_first"), "{run:?}");
    world.ok(&case.export("court_full", &["--out", "sale", "--fulfilled", "notify_first"]));
}

#[test]
fn what_is_asked_wrongly_is_refused_and_replaces_nothing() {
    let case = Case::new();
    let world = &case.world;
    let run = world.fails(1, &case.export("no_such", &["--out", "sale"]));
    assert!(run.err.contains("profile") && run.err.contains("court_coded"), "{run:?}");
    let other = ["export", &case.case, "--profile", "court_full", "--to", TO, "--out", "sale"];
    let run = world.fails(1, &[&other[..], &["--purpose", "no_such"]].concat());
    assert!(run.err.contains("purpose") && run.err.contains(LEGAL[1]), "{run:?}");
    let of_a_kind = [
        "export",
        &case.case,
        "--profile",
        "court_full",
        "--to",
        "kind:prosecutor",
        "--out",
        "sale",
    ];
    let run = world.fails(2, &[&of_a_kind[..], &LEGAL].concat());
    assert!(run.err.contains("recipient of the list"), "{run:?}");
    assert!(!world.exists("sale"));
    world.fails(4, &case.export("referral", &["--out", "sale"]));
    world.fails(1, &case.export("court_full", &["--out", "sale", "--withhold", "person.nmae"]));
    world.fails(1, &case.export("court_full", &["--out", "sale", "--field", "nmae"]));
    let nobody =
        ["export", &case.case, "--profile", "court_full", "--to", "Nadie", "--out", "sale"];
    world.fails(1, &[&nobody[..], &LEGAL].concat());
    fs::create_dir(world.path("hay")).unwrap();
    world.write("hay/mio", "mio");
    let run = world.fails(1, &case.export("court_full", &["--out", "hay"]));
    assert!(run.err.contains("hay"), "{run:?}");
    assert_eq!(case.names("hay"), ["mio"]);
    let ledger = world.json(&["consent", "show", &case.woman]);
    assert!(!ledger.to_string().contains("court_full"), "{ledger}");
}

#[test]
fn what_cannot_be_written_is_not_logged() {
    let case = Case::new();
    let world = &case.world;
    let run = world.fails(1, &case.export("court_coded", &["--out", "no/such/sale"]));
    assert!(run.err.contains("no/such") && !run.err.contains("record"), "{run:?}");
    let list = |file| ["--out", "sale", "--reference", file];
    let run = world.fails(1, &case.export("court_coded", &list("no/such/lista.age")));
    assert!(run.err.contains("no/such"), "{run:?}");
    world.write("lista.age", "mia");
    world.fails(1, &case.export("court_coded", &list("lista.age")));
    assert_eq!((case.read("lista.age").as_str(), world.exists("sale")), ("mia", false));
    // A list of an export that was not made does not stay.
    fs::create_dir(world.path("sale")).unwrap();
    world.fails(1, &case.export("court_coded", &list("otra.age")));
    assert!(!world.exists("otra.age"));
    let ledger = world.json(&["consent", "show", &case.woman]);
    assert!(!ledger.to_string().contains("court_coded"), "{ledger}");
    fs::remove_dir(world.path("sale")).unwrap();
    world.ok(&case.export("court_coded", &list("otra.age")));
    assert!(world.exists("otra.age") && world.exists("sale"));
}

#[test]
fn an_attached_file_is_listed_approved_and_leaves() {
    let case = Case::new();
    let world = &case.world;
    world.write("Canaria.pdf", "%PDF-1.7 un oficio inventado");
    world.write("Canaria.jpg", "no picture at all");
    let attach = |file: &str| {
        let shown = world.json(&["attach", &case.woman, file, "--kind", "other"]);
        shown["id"].as_str().unwrap().to_owned()
    };
    let (letter, picture) = (attach("Canaria.pdf"), attach("Canaria.jpg"));
    let export = |out: &str| {
        world.ok(&case.export("court_full", &["--out", out, "--plain"]));
        case.names(out).into_iter().filter(|name| name.starts_with("file-")).collect::<Vec<_>>()
    };
    assert_eq!(export("before"), [""; 0]);
    let state = |id: &str| {
        let list = world.json(&["review", "list", &case.case]);
        let found = list.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap().clone();
        assert_eq!(found["file_of"], case.woman.as_str());
        found["state"].clone()
    };
    assert_eq!((state(&letter), state(&picture)), (json!("unread"), json!("unread")));
    let run = world.ok(&["review", "approve-file", &letter]);
    assert!(run.err.contains("approved"), "{run:?}");
    let run = world.fails(1, &["review", "approve-file", &picture]);
    assert!(run.err.contains(&picture) && !run.err.contains("Canaria"), "{run:?}");
    assert_eq!((state(&letter), state(&picture)), (json!("approved"), json!("unread")));
    assert!(world.ok(&["review", "list"]).out.contains(&format!("file of {}", case.woman)));
    assert_eq!(export("after"), ["file-001.pdf"]);
    assert!(case.read("after/manifest.json").contains("not_altered"));
    world.ok(&["verify", "after"]);
    let run = world.ok(&["review", "retract", &letter]);
    assert!(run.err.contains("taken back"), "{run:?}");
    assert_eq!(state(&letter), json!("unread"));
    assert_eq!(export("taken-back"), [""; 0]);
    world.fails(1, &["review", "retract", &case.case, "narrative"]);
}

#[test]
fn a_text_is_shown_approved_and_leaves() {
    let case = Case::new();
    let world = &case.world;
    let list = world.json(&["review", "list", &case.case]);
    assert_eq!(list[0]["field"], "case.narrative");
    assert_eq!(list[0]["state"], "unread");
    let shown = world.json(&["review", "show", &case.case, "narrative"]);
    assert_eq!(shown["content"], "Vino Flor, con Elsa.");
    let who = shown["spans"].as_array().unwrap().iter().find(|span| span["start"] == 5);
    assert_eq!(who.unwrap()["who"], json!(case.woman));
    let page = world.ok(&["review", "show", &case.case, "narrative"]);
    assert!(page.out.contains("[[Flor|person]]") && page.err.contains("read all of it"));
    let spans = json!({ "text": shown["text"], "spans": [
        { "start": 5, "end": 9, "kind": "person", "who": case.woman },
        { "start": 15, "end": 19, "kind": "other" },
    ]});
    world.write("spans.json", spans.to_string());
    let run = world.ok(&["review", "approve", &case.case, "narrative", "--spans", "spans.json"]);
    assert!(run.err.contains("approved"), "{run:?}");
    let list = world.ok(&["review", "list"]);
    assert!(list.out.contains("case.narrative") && list.out.contains("approved"), "{list:?}");
    for (profile, text) in [("court_full", "Vino Flor, con ["), ("court_coded", "Vino PERSON")] {
        world.ok(&case.export(profile, &["--out", profile, "--plain"]));
        let json = case.read(&format!("{profile}/case.json"));
        assert!(json.contains(text) && !json.contains("Elsa"), "{json}");
    }
    // What was read is no longer what is there.
    world.ok(&["record", "edit", &case.case, "--set", "narrative=Vino Flor, con otra."]);
    world.fails(1, &["review", "approve", &case.case, "narrative", "--spans", "spans.json"]);
    assert_eq!(world.json(&["review", "list", &case.case])[0]["state"], "unread");
    world.write("bad.json", "{\"text\": \"Elsa");
    let run =
        world.fails(1, &["review", "approve", &case.case, "narrative", "--spans", "bad.json"]);
    assert!(!run.err.contains("Elsa"), "{run:?}");
}

#[test]
fn what_could_mislead_a_reader_on_a_terminal_is_shown_as_something() {
    let case = Case::new();
    let world = &case.world;
    let text = "narrative=Vino \u{202e}roF\u{202c}, con\u{200b} Elsa\u{2066}.";
    world.ok(&["record", "edit", &case.case, "--set", text]);
    let page = world.ok(&["review", "show", &case.case, "narrative"]).out;
    let bare = page.replace("[[", "").replace("|person]]", "");
    assert!(bare.starts_with("Vino \u{fffd}roF\u{fffd}, con\u{fffd} Elsa\u{fffd}."), "{page:?}");
    assert!(!page.contains(['\u{202e}', '\u{202c}', '\u{200b}', '\u{2066}']));
}

#[test]
fn a_name_that_a_reader_overlooked_stops_the_export() {
    let case = Case::new();
    let world = &case.world;
    let shown = world.json(&["review", "show", &case.case, "narrative"]);
    world.write("spans.json", json!({ "text": shown["text"], "spans": [] }).to_string());
    world.ok(&["review", "approve", &case.case, "narrative", "--spans", "spans.json"]);
    let run = world.fails(4, &case.export("court_coded", &["--out", "sale"]));
    assert!(run.err.contains("stands in a finished file: nothing was written"), "{run:?}");
    assert!(run.err.contains("person.given_names") && !run.err.contains("Flor"), "{run:?}");
    assert!(!world.exists("sale"));
}

#[test]
fn what_she_takes_back_leaves_no_more_and_calls_back_who_has_it() {
    let case = Case::new();
    let world = &case.world;
    world.ok(&case.export("court_full", &["--out", "sale"]));
    let run = world.ok(&case.say("withdraw", &[]));
    assert!(run.err.contains(TO), "{run:?}");
    world.fails(4, &case.export("court_full", &["--out", "tarde"]));
    assert!(!world.exists("tarde"));
    let recalls = world.json(&["consent", "recalls", &case.woman]);
    assert!(recalls.to_string().contains(TO), "{recalls}");
    assert_eq!(recalls.as_array().unwrap().len(), 1);
}
