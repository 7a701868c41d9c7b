//! Nothing secret is in a `Debug` output, and no error says a value: canaries stand in every
//! field of every record type, in names, passphrases and files, and every kind of error that
//! can be forced through the public API is searched for them.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::fmt::Debug;
use std::io::Write as _;
use std::sync::Arc;

use amparo::store::Batch;
use amparo::{
    AnchorStore, Argon2Cost, AttachmentId, BackupFile, BackupRequest, ConsentDocument, Decimal,
    Error, ErrorKind, ExportRequest, Field, FieldValue, FileAnchor, FilePins, Grant, Identity,
    Kind, MemberCard, Party, PlaceCode, Policy, RecipientEntry, RecipientKind, RecipientRef,
    RecordDraft, RecordEdit, RecordId, Restore, Result, Schema, SecretText, Share, Speaker,
    Statement, Timestamp, Vault, VaultOptions,
};
use serde::{Deserialize, Serialize};

use crate::faulty::{Fault, FaultyStore};
use crate::office::{Office, case, copy, schema};

/// In texts, names, passphrases, codes and files; searched without regard to case.
const CANARY: &str = "Canario7391";
/// Canaries that are a date, a number, a telephone number and a place.
const TYPED: [&str; 5] = ["canario7391", "1973-09-17", "7391739173", "973917391", "739173"];

#[test]
fn debug_names_the_type_and_no_more() {
    let office = Office::new();
    let vault = office.create();
    let draft = case(CANARY);
    let id = vault.add(draft.clone()).unwrap();
    let anchor = FileAnchor::beside(&office.path());
    let slot = anchor.slots().unwrap().remove(0);
    let mut batch = Batch::new();
    batch.put(CANARY, CANARY).state(CANARY);
    vault.hold(id, CANARY).unwrap();
    let shown: [(&dyn Debug, &str); 16] = [
        (&office.director, "Identity(..)"),
        (&SecretText::from(CANARY), "SecretText(..)"),
        (&FieldValue::from(CANARY), "FieldValue(..)"),
        (&"7391739173".parse::<Decimal>().unwrap(), "Decimal(..)"),
        (&PlaceCode::new(amparo::PlaceScheme::Inei, 739_173).unwrap(), "PlaceCode(..)"),
        (&draft, "RecordDraft(..)"),
        (&RecordEdit::new().set("case_code", CANARY), "RecordEdit(..)"),
        (&vault.read(id).unwrap(), "Record(..)"),
        (&slot, "AnchorSlot(..)"),
        (&VaultOptions::new().name(CANARY), "VaultOptions(..)"),
        (&batch, "Batch { rows: 1, .. }"),
        (&vault, &format!("Vault({})", vault.id())),
        (&vault.members().remove(0), "Member(..)"),
        (&vault.history(id).unwrap().remove(0), "Revision(..)"),
        (&vault.hold_on(id).unwrap().unwrap(), "Hold(..)"),
        (&vault.status().unwrap(), "Status(..)"),
    ];
    for (value, expected) in shown {
        assert_eq!(format!("{value:?}"), expected);
    }
    // A card is public: it is what people send each other.
    let card = office.director.card();
    assert_eq!(format!("{card:?}"), format!("MemberCard({card})"));
}

#[test]
fn no_error_says_a_value() {
    let mut aviary = Aviary::default();
    in_every_field(&mut aviary);
    in_schemas_and_files(&mut aviary);
    in_what_people_do(&mut aviary);
    in_a_store_that_lies(&mut aviary);
    in_folders(&mut aviary);

    // What a test cannot bring about by the public API alone, and why.
    let elsewhere = [
        ErrorKind::DiskFull, // `damage` fills a small file system, where it may mount one
        ErrorKind::NoPermission, // whoever runs as root is refused nothing
        ErrorKind::NoRandomness, // the operating system always has some
        ErrorKind::Internal, // a defect
        // Nothing public makes shares or brings them together; the escrow's own tests do.
        ErrorKind::ShareForged,
        ErrorKind::ShareForeign,
        ErrorKind::ShareOutdated,
        ErrorKind::ShareTwice,
        ErrorKind::TooFewShares,
    ];
    let missed: Vec<_> = ErrorKind::ALL
        .iter()
        .filter(|kind| !aviary.kinds.contains(kind) && !elsewhere.contains(kind))
        .collect();
    assert_eq!(missed, [&ErrorKind::Io; 0], "kinds that no error here has");
    let line = format!("{} errors of {} kinds, no canary\n", aviary.searched, aviary.kinds.len());
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

#[test]
#[should_panic(expected = "says a value")]
fn a_canary_would_be_found() {
    let error = "Canario7391".parse::<std::net::IpAddr>().map_err(|_| ());
    assert!(error.is_err());
    Aviary::search("nested Error { value: \"CANARIO7391\" }");
}

/// Looks at every error, and remembers which kinds it saw.
#[derive(Default)]
struct Aviary {
    kinds: BTreeSet<ErrorKind>,
    searched: usize,
}

impl Aviary {
    #[track_caller]
    fn fails<T>(&mut self, result: Result<T>) -> ErrorKind {
        let Err(error) = result else { panic!("this had to fail") };
        self.look(&error);
        error.kind()
    }

    fn may_fail<T>(&mut self, result: Result<T>) -> Option<T> {
        result.inspect_err(|error| self.look(error)).ok()
    }

    fn look(&mut self, error: &Error) {
        self.kinds.insert(error.kind());
        self.searched += 1;
        Self::search(&format!(
            "{error} {error:?} {error:#?} {} {:?}",
            error.detail(),
            error.place()
        ));
        if let Some(place) = error.place() {
            Self::search(&format!("{place} {place:?}"));
        }
        let mut source = error.source();
        while let Some(inner) = source {
            Self::search(&format!("{inner} {inner:?}"));
            source = inner.source();
        }
    }

    fn search(text: &str) {
        let text = text.to_lowercase();
        for canary in TYPED {
            assert!(!text.contains(canary), "an error says a value: {text}");
        }
    }
}

/// A value of the field's kind that is a canary where the kind allows one.
fn fitting(field: &Field) -> FieldValue {
    let terms = field.vocabulary.as_deref().and_then(|name| schema().vocabulary(name));
    let code = terms.and_then(|v| v.entries.first()).map_or("PE", |term| term.code.as_str());
    let place = PlaceCode::new(amparo::PlaceScheme::Inei, 739_173).unwrap();
    match field.kind {
        Kind::Date => FieldValue::from("1973-09-17"),
        Kind::DateTime => FieldValue::from("1973-09-17T07:39:17Z"),
        Kind::Integer => FieldValue::from(7_391_739_173_i64),
        Kind::Decimal => FieldValue::from("7391739173.7391"),
        Kind::Boolean => FieldValue::from(true),
        Kind::Code | Kind::Country => FieldValue::from(code),
        Kind::CodeList => FieldValue::from(vec![code]),
        Kind::TextList => FieldValue::from(vec![CANARY, CANARY]),
        Kind::Attachment => FieldValue::Attachment(AttachmentId::from_bytes([7; 16])),
        Kind::Place => FieldValue::Place(place),
        Kind::PlaceList => FieldValue::PlaceList(vec![place]),
        Kind::Phone => FieldValue::from("973917391"),
        _ => FieldValue::from(CANARY),
    }
}

/// Values that hardly any kind takes.
fn unfitting() -> Vec<FieldValue> {
    let place = PlaceCode::new(amparo::PlaceScheme::Reniec, 739_173).unwrap();
    vec![
        FieldValue::from(CANARY),
        FieldValue::from(CANARY.repeat(8_000)),
        FieldValue::from(format!("1973-09-17{CANARY}")),
        FieldValue::from("1973-09-17T99:99:99Z"),
        FieldValue::from("973917391x7391739173"),
        FieldValue::from("inei:739173x"),
        FieldValue::from(vec![CANARY; 3]),
        FieldValue::TextList(vec![SecretText::from(CANARY); 5_000]),
        FieldValue::CodeList(vec![SecretText::from(CANARY)]),
        FieldValue::Code(SecretText::from(CANARY)),
        FieldValue::from(7_391_739_173_i64),
        FieldValue::Decimal("-7391739173.7391".parse().unwrap()),
        FieldValue::DateTime("1973-09-17T07:39:17Z".parse::<Timestamp>().unwrap()),
        FieldValue::PlaceList(vec![place; 5_000]),
    ]
}

#[derive(Serialize)]
struct Shapeless {
    case_code: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "never read: no value fits")]
enum Closed {
    OnlyThis,
}

fn in_every_field(aviary: &mut Aviary) {
    let office = Office::new();
    let vault = office.create();
    let mut ids: BTreeMap<&str, RecordId> = BTreeMap::new();
    for kind in schema().record_types() {
        let mut draft = RecordDraft::new(kind.name.as_str());
        if let Some(parent) = &kind.parent {
            draft = draft.under(ids[parent.as_str()]);
        }
        // A file is attached first, and then stands in a field.
        for field in kind.fields.iter().filter(|field| field.kind != Kind::Attachment) {
            draft.insert(field.name.as_str(), fitting(field));
        }
        let id = vault.add(draft.clone()).unwrap_or_else(|error| panic!("{}: {error}", kind.name));
        ids.insert(kind.name.as_str(), id);
        let revision = vault.read(id).unwrap().revision();
        for field in &kind.fields {
            let name = field.name.as_str();
            for value in unfitting() {
                // Some of these fit some kinds; then nothing is to be searched.
                let bad = draft.clone().set(name, value.clone());
                aviary.may_fail(schema().prepare(&mut bad.clone()));
                let mut edit = RecordEdit::new().set(name, value);
                aviary.may_fail(schema().prepare_edit(&kind.name, &mut edit));
            }
            let worst = FieldValue::from(CANARY.repeat(8_000));
            aviary.fails(vault.add(draft.clone().set(name, worst.clone())));
            aviary.fails(vault.edit(id, revision, RecordEdit::new().set(name, worst)));
            for text in [CANARY, "1973-09-17", "1973-99", "7391739173", "", "%*", "C*"] {
                aviary.may_fail(vault.find(&kind.name, name, text));
            }
            if field.required {
                aviary.fails(vault.edit(id, revision, RecordEdit::new().clear(name)));
            }
        }
        aviary.fails(vault.edit(
            id,
            revision + 1,
            RecordEdit::new().set(kind.fields[0].name.as_str(), CANARY),
        ));
        aviary.fails(vault.add(draft.clone().set(CANARY, CANARY)));
        aviary.fails(vault.read_fields(id, &[CANARY]));
        aviary.fails(vault.read_revision(id, 9));
        // serde quotes what it read.
        aviary.may_fail(vault.read_as::<BTreeMap<String, bool>>(id));
        aviary.may_fail(vault.read_as::<BTreeMap<String, i64>>(id));
        aviary.may_fail(vault.read_as::<BTreeMap<String, Closed>>(id));
        aviary.may_fail(vault.read_as::<BTreeMap<String, BTreeMap<String, u8>>>(id));
        aviary.may_fail(vault.read_as::<Vec<String>>(id));
    }
    aviary.fails(vault.add(RecordDraft::new(CANARY)));
    aviary.fails(vault.add(RecordDraft::new("case")));
    aviary.fails(vault.add(case(CANARY).under(ids["person"])));
    aviary.fails(vault.add_all(vec![case(CANARY); 1_001]));
    aviary.fails(vault.list(CANARY, None, 1));
    aviary.fails(vault.find("case", CANARY, CANARY));
    let keys = BTreeMap::from([(CANARY.to_owned(), vec![CANARY.to_owned()])]);
    aviary.fails(vault.add_as("case", None, &Shapeless { case_code: keys.clone() }));
    aviary.fails(vault.add_as("case", None, &keys));
    aviary.fails(vault.add_as("case", None, &CANARY));
    let json = serde_json::json!({ "case_code": { CANARY: CANARY }, CANARY: [CANARY, [CANARY]] });
    aviary.fails(vault.add_as("case", None, &json));
    aviary.fails(vault.read(RecordId::from_bytes([9; 16])));
}

fn in_schemas_and_files(aviary: &mut Aviary) {
    let source = schema().source();
    let lines: Vec<&str> = source.lines().collect();
    // A value where a key, a number, a table, a list, an end of line belongs.
    for at in (0..lines.len()).step_by(23) {
        for bad in [
            CANARY,
            &format!("{CANARY} = 7391739173"),
            &format!("x = \"{CANARY}"),
            &format!("[{CANARY}"),
        ] {
            let mut changed = lines.clone();
            changed.insert(at, bad);
            aviary.may_fail(Schema::parse(&changed.join("\n")));
        }
    }
    // A name of the schema may be named: these stand where only a value can.
    for (old, new) in [
        ("version = 1", "version = \"Canario7391\""),
        ("kind = \"text\"", "kind = \"canario7391\""),
    ] {
        aviary.fails(Schema::parse(&source.replacen(old, new, 1)));
    }
    aviary.fails(Schema::parse(&format!("{source}\n# {}", CANARY.repeat(200_000))));
    let smaller =
        source.replacen("version = 1", "version = 2", 1).replacen("required = true, ", "", 1);
    if let Some(changed) = aviary.may_fail(Schema::parse(&smaller)) {
        aviary.may_fail(changed.check_evolution_from(schema()));
        aviary.fails(schema().check_evolution_from(&changed));
    }

    let policy = Policy::peru().unwrap();
    let lines: Vec<&str> = policy.source().lines().collect();
    for at in (0..lines.len()).step_by(7) {
        let line = format!("x = \"{CANARY}");
        let changed = [&lines[..at], &[line.as_str()], &lines[at..]].concat();
        aviary.fails(Policy::parse(&changed.join("\n")));
    }
    aviary.fails(ConsentDocument::from_dpv(&format!("{{\"x\": \"{CANARY}\"}}")));
    aviary.fails(Share::read(CANARY.as_bytes(), None));
    let sealed = format!("age-encryption.org/v1\n{CANARY}");
    let kind = aviary.fails(Share::read(sealed.as_bytes(), None));
    assert_eq!(kind, ErrorKind::NotSealedToYou);
    aviary.fails(Share::read(sealed.as_bytes(), Some(&Identity::generate().unwrap())));
    aviary.fails(CANARY.parse::<MemberCard>());
    aviary.fails(CANARY.parse::<RecordId>());
    aviary.fails(CANARY.parse::<PlaceCode>());
    aviary.fails(CANARY.parse::<Decimal>());
    aviary.fails(CANARY.parse::<Timestamp>());
    aviary.fails(CANARY.parse::<amparo::Date>());
    let passphrase = SecretText::from(CANARY);
    let rosa = Identity::generate().unwrap();
    aviary.fails(Identity::parse(CANARY.as_bytes(), Some(&passphrase)));
    aviary.fails(Identity::parse(format!("AGE-SECRET-KEY-1{CANARY}").as_bytes(), None));
    aviary.fails(Identity::parse(format!("{}{CANARY}", rosa.to_plain().expose()).as_bytes(), None));
    let sealed = rosa.seal(&SecretText::from("otra frase"), Argon2Cost::FLOOR).unwrap();
    assert_eq!(
        aviary.fails(Identity::parse(&sealed, Some(&passphrase))),
        ErrorKind::WrongPassphrase
    );
    aviary.fails(Identity::parse(&sealed, None));
    aviary.fails(rosa.seal(&SecretText::from(CANARY.repeat(500)), Argon2Cost::FLOOR));
    aviary.fails(Argon2Cost::new(8, 1, 1));
}

fn in_what_people_do(aviary: &mut Aviary) {
    let office = Office::new();
    let path = office.path();
    let vault = VaultOptions::new().name(CANARY).create(&path, schema(), &office.director).unwrap();
    let id = vault.add(case(CANARY)).unwrap();
    aviary.fails(VaultOptions::new().name(CANARY).create(&path, schema(), &office.director));
    aviary.fails(VaultOptions::new().escrow(CANARY).create(
        office.dir.path().join("e"),
        schema(),
        &office.director,
    ));
    aviary.fails(Vault::open(&path, &office.director));
    let lawyer = Identity::generate().unwrap();
    vault.add_member(CANARY, &lawyer.card(), "lawyer").unwrap();
    aviary.fails(vault.add_member(CANARY, &Identity::generate().unwrap().card(), "lawyer"));
    aviary.fails(vault.add_member(&CANARY.repeat(100), &lawyer.card(), "lawyer"));
    aviary.fails(vault.add_member("Otra", &Identity::generate().unwrap().card(), CANARY));
    let second = Identity::generate().unwrap();
    vault.add_member("Segunda", &second.card(), "director").unwrap();
    let third = Identity::generate().unwrap().card();
    let kind = aviary.fails(vault.add_member(CANARY, &third, "director"));
    assert!([ErrorKind::NeedsSecondSignature, ErrorKind::Exists].contains(&kind));
    aviary.fails(vault.add_member("Tercera Canario7391", &third, "director"));
    aviary.fails(vault.add_member_cosigned(CANARY, &third, "director", &lawyer));
    let erasure = amparo::Erasure::new(amparo::ErasureReason::CourtOrder).note(CANARY);
    aviary.fails(vault.lift_hold(id, CANARY));
    aviary.fails(vault.hold(id, &CANARY.repeat(100)));
    vault.hold(id, CANARY).unwrap();
    aviary.fails(vault.hold(id, CANARY));
    assert_eq!(aviary.fails(vault.erase(id, &erasure)), ErrorKind::Refused);
    vault.lift_hold(id, CANARY).unwrap();
    in_what_they_say(aviary, &vault, id);
    drop(vault);

    let vault = Vault::open(&path, &lawyer).unwrap();
    aviary.fails(vault.erase(id, &amparo::Erasure::new(amparo::ErasureReason::SurvivorRequest)));
    aviary.fails(vault.add_member("Cuarta", &third, "lawyer"));
    aviary.fails(vault.add(case("HCO-2").set("tags", CANARY)));
    for field in
        schema().record_type("person").unwrap().fields.iter().filter(|field| field.is_indexed())
    {
        aviary.may_fail(vault.find("person", &field.name, CANARY));
    }
    let revision = vault.read(id).unwrap().revision();
    for kind in schema().record_types() {
        for field in &kind.fields {
            let draft = RecordDraft::new(kind.name.as_str())
                .under(id)
                .set(field.name.as_str(), fitting(field));
            aviary.may_fail(vault.add(draft));
            if kind.name == "case" {
                let edit = RecordEdit::new().set(field.name.as_str(), fitting(field));
                aviary.may_fail(vault.edit(id, revision, edit));
                aviary.may_fail(vault.read_fields(id, &[field.name.as_str()]));
            }
        }
    }
    drop(vault);
    let vault = VaultOptions::new().read_only().open(&path, &office.director).unwrap();
    assert_eq!(aviary.fails(vault.add(case(CANARY))), ErrorKind::ReadOnly);
    drop(vault);
    aviary.fails(Vault::open(&path, &Identity::generate().unwrap()));
    aviary.fails(VaultOptions::new().fingerprint(CANARY).open(&path, &office.director));
}

fn in_what_they_say(aviary: &mut Aviary, vault: &Vault, case: RecordId) {
    let person = RecordDraft::new("person").under(case).set("survivor_code", CANARY);
    let person = vault.add(person.set("sex", "female").set("given_names", CANARY)).unwrap();
    let father = RecordDraft::new("household_member").under(person).set("full_name", CANARY);
    let father = vault.add(father.set("is_alleged_perpetrator", true)).unwrap();
    let consents = vault.consents(person).unwrap();
    let until = "2099-01-01T00:00:00Z".parse().unwrap();
    let media = RecipientRef::Organisation(CANARY.to_owned());
    let grant = |purpose: &str| Grant::new(purpose, media.clone(), until);
    let said = Statement::by(Party::Guardian).from(Speaker::new(Party::Guardian).named(CANARY));
    let accused = Speaker::new(Party::Guardian).named(CANARY).known_as(father);
    let kind = aviary.fails(consents.give(grant("services"), &said.clone().from(accused)));
    assert_eq!(kind, ErrorKind::Blocked);
    aviary.fails(consents.give(grant(CANARY), &said));
    aviary.fails(consents.give(grant("services").category(CANARY), &said));
    aviary.fails(consents.give(grant("services").field(CANARY), &said));
    aviary.fails(consents.give(grant("services"), &said.clone().at(until)));
    let long = said.clone().from(Speaker::new(Party::Guardian).named(&CANARY.repeat(1000)));
    aviary.fails(consents.give(grant("services"), &long));
    aviary.fails(consents.withdraw("services", &media, &said));
    let entry = RecipientEntry {
        name: CANARY.to_owned(),
        kind: RecipientKind::Police,
        organisation: Some(CANARY.to_owned()),
        age_recipient: CANARY.to_owned(),
    };
    aviary.fails(vault.add_recipient(&entry));
    let age_recipient = Identity::generate().unwrap().card().recipient();
    let police = vault.add_recipient(&RecipientEntry { age_recipient, ..entry }).unwrap();
    let left = consents.disclosed("services", police, &["person.given_names"]);
    assert_eq!(aviary.fails(left), ErrorKind::Refused);
    in_what_leaves(aviary, vault, (person, RecipientRef::Recipient(police)));
}

/// A name that goes by a label stands in another field as it is.
fn in_what_leaves(aviary: &mut Aviary, vault: &Vault, (person, to): (RecordId, RecipientRef)) {
    let request = |profile: &str| ExportRequest::new(profile, "legal_proceedings", &to);
    // Her name alone is that of the organisation too.
    let name = format!("{CANARY} Vespertina");
    let edit = RecordEdit::new().set("birth_date", "1990-05-17").set("given_names", name.as_str());
    let edit = edit.set("education_level", name.as_str());
    vault.edit(person, 1, edit).unwrap();
    assert_eq!(aviary.fails(vault.export(person, &request("court_full"))), ErrorKind::Refused);
    let until = "2099-01-01T00:00:00Z".parse().unwrap();
    let consents = vault.consents(person).unwrap();
    let grant = Grant::new("legal_proceedings", to.clone(), until);
    consents.give(grant, &Statement::by(Party::Subject)).unwrap();
    let left_out = request("court_full").withhold("person.given_names");
    assert_eq!(aviary.fails(vault.export(person, &left_out)), ErrorKind::Leaks);
    aviary.fails(vault.export(person, &request(CANARY)));
    aviary.fails(vault.export(person, &request("court_full").allow(CANARY)));
    aviary.fails(vault.review(person, CANARY));
    let until = "2001-01-01T00:00:00Z".parse().unwrap();
    let RecipientRef::Recipient(id) = to else { return };
    aviary.fails(vault.release(person, "given_names", ("legal_proceedings", id), until));
}

fn in_a_store_that_lies(aviary: &mut Aviary) {
    let office = Office::new();
    let store = Arc::new(FaultyStore::default());
    let options = VaultOptions::new().store(store.clone());
    let vault = options.create(office.path(), schema(), &office.director).unwrap();
    let id = vault.add(case(CANARY).set("narrative", CANARY)).unwrap();
    // Group, vault section, first and last bytes of the others. (The links are read by
    // `children` alone.)
    for at in [0, 1, 100, 200, 400, 1_000, usize::MAX] {
        store.set(Fault::Flip(at));
        aviary.may_fail(vault.read(id));
    }
    store.set(Fault::Flip(100));
    assert_eq!(aviary.fails(vault.read(id)), ErrorKind::Tampered);
    aviary.fails(vault.history(id));
    aviary.may_fail(vault.find("case", "case_code", CANARY));
    if let Some(report) = aviary.may_fail(vault.check(&mut |_| ())) {
        assert!(!report.findings.is_empty());
        Aviary::search(&format!("{report:?}"));
    }
    store.set(Fault::Hide);
    assert_eq!(aviary.fails(vault.read(id)), ErrorKind::Missing);
    store.set(Fault::Refuse(office.dir.path().join("not a folder").display().to_string()));
    aviary.fails(vault.add(case(CANARY)));
    store.set(Fault::None);
    assert_eq!(aviary.fails(vault.add(case(CANARY))), ErrorKind::SessionEnded);
}

fn in_folders(aviary: &mut Aviary) {
    let office = Office::new();
    let (path, root) = (office.path(), office.dir.path());
    std::fs::write(root.join("file"), CANARY).unwrap();
    aviary.fails(Vault::create(root.join("file").join("vault"), schema(), &office.director));
    aviary.fails(Vault::open(root.join("nowhere"), &office.director));
    let pins = || VaultOptions::new().pins(Arc::new(FilePins::new(root.join("pins"))));
    let vault = pins().name(CANARY).create(&path, schema(), &office.director).unwrap();
    let id = vault.add(case(CANARY)).unwrap();
    let (backup, cut) = (root.join("backup"), root.join("cut"));
    let request = BackupRequest::new().label(CANARY);
    vault.backup(&backup, &request, &mut |_| ()).unwrap();
    aviary.fails(vault.backup(&backup, &request, &mut |_| ()));
    let long = BackupRequest::new().label(&CANARY.repeat(100));
    aviary.fails(vault.backup(&cut, &long, &mut |_| ()));
    vault.close().unwrap();
    let bytes = std::fs::read(&backup).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let restored = Restore::new(&cut).into_folder(root.join("r"), None, &mut |_| ());
    assert_eq!(aviary.fails(restored), ErrorKind::Unfinished);
    aviary.fails(BackupFile::verify(root.join("file"), &mut |_| ()));

    // A copy without its anchor; then the whole set back to what it was.
    copy(&path, &root.join("copy"));
    assert_eq!(aviary.fails(Vault::open(root.join("copy"), &office.director)), ErrorKind::NoAnchor);
    copy(&root.join("vault.anchor"), &root.join("old.anchor"));
    let vault = pins().open(&path, &office.director).unwrap();
    vault.erase(id, &amparo::Erasure::new(amparo::ErasureReason::SurvivorRequest)).unwrap();
    vault.close().unwrap();
    for (old, new) in [("copy", "vault"), ("old.anchor", "vault.anchor")] {
        std::fs::remove_dir_all(root.join(new)).unwrap();
        copy(&root.join(old), &root.join(new));
    }
    assert_eq!(aviary.fails(pins().open(&path, &office.director)), ErrorKind::RolledBack);

    let header = path.join("amparo.vault");
    let bytes = std::fs::read(&header).unwrap();
    let mut newer = bytes.clone();
    newer[7] = b'2';
    std::fs::write(&header, newer).unwrap();
    assert_eq!(aviary.fails(Vault::open(&path, &office.director)), ErrorKind::NewerFormat);
    std::fs::write(&header, [CANARY.as_bytes(), &bytes].concat()).unwrap();
    assert_eq!(aviary.fails(Vault::open(&path, &office.director)), ErrorKind::Tampered);
}
