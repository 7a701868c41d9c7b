//! What people said, and what may leave because of it.

use serde_json::json;

use crate::world::World;

struct Case {
    world: World,
    woman: String,
    girl: String,
    father: String,
}

const LEGAL: [&str; 2] = ["--purpose", "legal_proceedings"];
const TO: [&str; 2] = ["--recipient", "Fiscalía Ficticia"];

impl Case {
    fn new() -> Self {
        let world = World::with_vault();
        world.ok(&["identity", "new", "fiscal.id", "--no-passphrase"]);
        let age = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let add = ["recipient", "add", "Fiscalía Ficticia", age, "--kind", "prosecutor"];
        world.ok(&add);
        let case = world.case("HCO-0001");
        let woman = world.person(&case, "Flor", "Quispe");
        world.ok(&["record", "edit", &woman, "--set", "birth_date=1990-05-17"]);
        let girl = world.person(&case, "Luz", "Quispe");
        world.ok(&["record", "edit", &girl, "--set", "birth_date=2020-05-17"]);
        let father = [
            "record",
            "add",
            "household_member",
            "--parent",
            &girl,
            "--set",
            "is_alleged_perpetrator=true",
        ];
        let father = world.ok(&father).out.trim().to_owned();
        Self { world, woman, girl, father }
    }

    fn say<'a>(&'a self, what: &'a str, person: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        [&["consent", what, person][..], &LEGAL, &TO, more].concat()
    }

    #[track_caller]
    fn denied(&self, person: &str, reason: &str) {
        let run = self.world.run(&self.say("check", person, &[]));
        assert_eq!((run.code, run.out.trim()), (4, reason), "{run:?}");
        assert!(run.err.contains("denied: "), "{run:?}");
    }
}

#[test]
fn she_agrees_and_takes_it_back() {
    let case = Case::new();
    let world = &case.world;
    case.denied(&case.woman, "no_consent");
    let id = world.ok(&case.say("give", &case.woman, &["--until", "2099-12-31"])).out;
    let run = world.ok(&case.say("check", &case.woman, &[]));
    assert_eq!(run.out, "consent_in_force\n");
    assert!(run.err.contains(&format!("rests on {}", id.trim())), "{run:?}");
    let field = world.json(&case.say("check", &case.woman, &["--field", "given_names"]));
    assert_eq!(field["effect"], "permit");
    assert_eq!(field["cited"][0]["of"], id.trim());
    assert_eq!(field["missing"], json!([]));
    let place = ["--field", "person.safe_location", "--format", "json"];
    let run = world.run(&case.say("check", &case.woman, &place));
    let denied: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &denied["reason_code"]), (4, &json!("data_not_covered")));

    let disclose = ["--field", "person.given_names", "--field", "person.phone"];
    world.ok(&case.say("disclose", &case.woman, &disclose));
    let said = ["--mode", "phone", "--at", "2026-01-01"];
    let run = world.ok(&case.say("withdraw", &case.woman, &said));
    assert!(run.err.contains("to be told at once: Fiscalía Ficticia"), "{run:?}");
    case.denied(&case.woman, "withdrawn");
    let recalls = world.json(&["consent", "recalls", &case.woman]);
    assert_eq!(recalls[0]["after_withdrawal"], true);
    let shown = world.json(&["consent", "show", &case.woman]);
    assert_eq!(shown["consents"][0]["standing"], "ended");
    assert_eq!(shown["consents"][0]["events"].as_array().unwrap().len(), 2);
    let text = world.ok(&["consent", "show", &case.woman, "--lang", "es"]).out;
    assert!(text.contains("no vigente: fue retirado"), "{text}");
    assert!(text.contains("a: Fiscalía Ficticia"), "{text}");
}

#[test]
fn an_accused_father_says_nothing_and_a_child_has_the_last_word() {
    let case = Case::new();
    let world = &case.world;
    let until = ["--until", "2099-12-31"];
    let father = ["--by", "guardian", "--who", &case.father];
    let run = world.fails(4, &case.say("give", &case.girl, &[&until[..], &father].concat()));
    assert!(run.out.is_empty() && !run.err.contains("Luz"), "{run:?}");
    let mother = ["--by", "guardian", "--name", "Mamá Inventada"];
    world.ok(&case.say("give", &case.girl, &[&until[..], &mother].concat()));
    case.denied(&case.girl, "subject_must_agree");
    world.ok(&case.say("give", &case.girl, &until));
    world.ok(&case.say("check", &case.girl, &[]));
    world.ok(&case.say("refuse", &case.girl, &[]));
    case.denied(&case.girl, "child_dissents");
}

#[test]
fn an_override_waits_for_a_second_member() {
    let case = Case::new();
    let world = &case.world;
    world.member("lawyer");
    let why = ["--basis", "mandatory_report", "--reason", "Denuncia obligatoria"];
    let asked = world.ok(&case.say("override", &case.woman, &why));
    assert!(asked.err.contains("not in force yet"), "{asked:?}");
    case.denied(&case.woman, "override_not_approved");
    world.fails(3, &["consent", "approve", asked.out.trim()]);
    let approve = ["consent", "approve", asked.out.trim()];
    let run = world.run_as("lawyer", &approve, b"");
    assert_eq!(run.code, 0, "{run:?}");
    let run = world.ok(&case.say("check", &case.woman, &[]));
    assert_eq!(run.out, "override_in_force\n");
    assert!(run.err.contains("tell her that it was done"), "{run:?}");
}

#[test]
fn bad_input_is_refused_and_stores_nothing() {
    let case = Case::new();
    let world = &case.world;
    let woman = case.woman.as_str();
    let until = ["--until", "2099-12-31"];
    let give = |more: &[&'static str]| case.say("give", woman, more);
    world.fails(2, &give(&[]));
    world.fails(1, &give(&["--until", "2001-01-01"]));
    world.fails(1, &give(&[until[0], until[1], "--at", "2098-01-01"]));
    world.fails(1, &give(&[until[0], until[1], "--category", "nothing"]));
    world.fails(1, &give(&[until[0], until[1], "--field", "person.nothing"]));
    let words = world.fails(2, &give(&[until[0], until[1], "--mode", "shouting"]));
    assert!(words.err.contains("thumbprint"), "{words:?}");
    let stranger = ["consent", "give", woman, LEGAL[0], LEGAL[1], "--recipient", "Nadie"];
    world.fails(1, &[&stranger[..], &until].concat());
    let curious = ["consent", "give", woman, "--purpose", "curiosity", TO[0], TO[1]];
    world.fails(1, &[&curious[..], &until].concat());
    world.fails(1, &case.say("withdraw", woman, &[]));
    world.fails(1, &["consent", "note", woman, woman, "revoked"]);
    world.fails(2, &["consent", "note", woman, woman, "renewed"]);
    let shown = world.json(&["consent", "show", woman]);
    assert_eq!(shown["consents"], json!([]));
}

#[test]
fn consents_travel_as_a_receipt() {
    let case = Case::new();
    let world = &case.world;
    let until = ["--until", "2099-12-31"];
    let aloud = ["--mode", "oral_witnessed", "--witness", "Testigo Inventado"];
    world.ok(&case.say("give", &case.woman, &[&until[..], &aloud].concat()));
    world.ok(&case.say("withdraw", &case.woman, &[]));
    let receipt = world.ok(&["consent", "export", &case.woman, "--as", "dpv"]).out;
    assert!(receipt.contains("dpv:ConsentReceipt") && receipt.contains("Testigo Inventado"));
    let fhir = world.json(&["consent", "export", &case.woman, "--as", "fhir"]);
    assert_eq!(fhir["resourceType"], "Bundle");
    world.write("receipt.json", &receipt);
    let again = world.ok(&["consent", "import", "receipt.json"]);
    assert!(again.out.trim().is_empty() && again.err.contains("here already"), "{again:?}");
    let moved = ["consent", "import", "receipt.json", "--person", &case.girl];
    assert_eq!(world.ok(&moved).out.lines().count(), 2);
    assert!(world.ok(&moved).out.trim().is_empty());
    let shown = world.json(&["consent", "show", &case.girl]);
    assert_eq!(shown["consents"][0]["events"][0]["what"], "given");
    for bad in ["{}", "[", "", &receipt.replace("dpv-27560:receipt", "dpv-27560:other")] {
        world.write("bad.json", bad);
        let run = world.fails(1, &["consent", "import", "bad.json"]);
        assert!(!run.err.contains("Testigo"), "{run:?}");
    }
    world.write("stranger.json", receipt.replace("Fiscalía Ficticia", "Otra Fiscalía"));
    world.fails(1, &["consent", "import", "stranger.json", "--person", &case.girl]);
}

#[test]
fn she_takes_a_page_home() {
    let case = Case::new();
    let world = &case.world;
    world.ok(&case.say("give", &case.woman, &["--until", "2099-12-31"]));
    let run = world.ok(&["consent", "print", &case.woman, "--out", "hoja.pdf"]);
    assert!(run.err.contains("tells nothing of what happened"), "{run:?}");
    let page = std::fs::read(world.path("hoja.pdf")).unwrap();
    assert!(page.starts_with(b"%PDF-1.7"));
    world.fails(1, &["consent", "print", &case.woman, "--out", "hoja.pdf"]);
    assert_eq!(std::fs::read(world.path("hoja.pdf")).unwrap(), page);
    let full = ["consent", "print", &case.woman, "--out", "otra.pdf", "--full", "--lang", "en"];
    world.ok(&[&full[..], &["--name", "Flor", "--contact", "Rosa, 900 000 000"]].concat());
    world.ok(&["consent", "print", &case.girl, "--out", "vacia.pdf"]);
}

#[test]
fn a_policy_is_shown_and_replaced() {
    let world = World::with_vault();
    let shown = world.json(&["policy", "show"]);
    assert_eq!((&shown["version"], &shown["majority"]), (&json!(1), &json!(18)));
    let source = world.ok(&["policy", "show", "--source"]).out;
    world.write("policy.toml", source.replace("version = 1\n", "version = 2\n"));
    world.ok(&["policy", "set", "policy.toml"]);
    world.fails(1, &["policy", "set", "policy.toml"]);
    world.write("broken.toml", source.replace("hours = 72", "hours = 73"));
    let run = world.fails(1, &["policy", "set", "broken.toml"]);
    assert!(run.err.contains("line "), "{run:?}");
    let page = world.ok(&["policy", "show", "--lang", "es"]).out;
    assert!(page.contains("peru 2") && page.contains("desde los 15 años"), "{page}");
}
