//! Exports: what leaves is what was decided, and nothing else does.

#![allow(clippy::string_slice, reason = "a test may fail at a letter that was cut in two")]

mod attached;
mod reviews;
mod sealed;
mod writing;

// Whoever reads an export has all its files.
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod apart;
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod canary;
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod hostile;
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod leaks;
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod planted;
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod reader;
#[cfg(all(feature = "pdf", feature = "xlsx"))]
mod withheld;

use super::consents::{NOW, World, by, open_at};
use super::*;
use crate::consent::{Grant, Obligation, Party, Reason, RecipientKind, RecipientRef};
use crate::redact::{Mark, RedactedField, RedactedView};

const LEGAL: &str = "legal_proceedings";

impl World {
    /// Both agree, and whoever speaks for the girl.
    fn agreed() -> Self {
        Self::agreed_to(&Schema::peru().unwrap(), Self::grant)
    }

    fn agreed_to(schema: &Schema, grant: fn(&Self) -> Grant) -> Self {
        let world = Self::of(schema);
        for (person, party) in [
            (world.woman, Party::Subject),
            (world.girl, Party::Guardian),
            (world.girl, Party::Subject),
        ] {
            let consents = world.vault.consents(person).unwrap();
            consents.give(grant(&world), &by(party)).unwrap();
        }
        world
    }

    fn case(&self) -> RecordId {
        self.vault.read(self.girl).unwrap().parent().unwrap()
    }

    /// The same vault, as somebody else opens it at another moment.
    fn turn(self, identity: Option<&Identity>, now: &str) -> Self {
        let Self { office, vault, girl, woman, prosecutor, prosecutor_id } = self;
        vault.close().unwrap();
        let vault = open_at(&office, identity.unwrap_or(&office.director), now);
        Self { office, vault, girl, woman, prosecutor, prosecutor_id }
    }

    fn request(&self, profile: &str) -> ExportRequest {
        ExportRequest::new(profile, LEGAL, &self.prosecutor).seed([7; 32])
    }

    fn json(&self, profile: &str) -> serde_json::Value {
        let export = self.vault.export(self.case(), &self.request(profile)).unwrap();
        let (_, bytes) = export.files().find(|(name, _)| *name == "case.json").unwrap();
        serde_json::from_slice(bytes).unwrap()
    }
}

/// The schema of an organisation that made two profiles of its own.
pub(super) fn own_schema() -> Schema {
    let own = "[[profile]]\nname = \"own_coded\"\nes = \"Propio\"\nen = \"Own\"\npurposes = []\n\
        by_sensitivity = { operational = \"keep\", quasi_identifier = \"keep\", \
        identifier = \"drop\", special = \"pseudonym\", life_safety = \"drop\" }\n\n\
        [[profile]]\nname = \"own_open\"\nes = \"Abierto\"\nen = \"Open\"\npurposes = []\n\
        by_sensitivity = { operational = \"keep\", quasi_identifier = \"generalise\", \
        identifier = \"allowlist\", special = \"keep\", life_safety = \"keep\" }\n\n";
    let source = Schema::peru().unwrap().source().to_owned();
    Schema::parse(&source.replacen("[[profile]]", &format!("{own}[[profile]]"), 1)).unwrap()
}

fn field<'a>(view: &'a RedactedView, record_type: &str, name: &str) -> Vec<&'a RedactedField> {
    let records = view.records().iter().filter(|record| record.record_type() == record_type);
    records.flat_map(|record| record.fields()).filter(|field| field.name() == name).collect()
}

fn marks(view: &RedactedView, record_type: &str, name: &str) -> Vec<Option<Mark>> {
    field(view, record_type, name).into_iter().map(RedactedField::mark).collect()
}

#[test]
fn without_consent_nothing_leaves() {
    let world = World::new();
    let view = world.vault.preview(world.case(), &world.request("court_full")).unwrap();
    assert_eq!(view.kept(), 0);
    let name = field(&view, "person", "given_names")[0];
    assert_eq!((name.mark(), name.reason()), (Some(Mark::Consent), Reason::NoConsent));
    let refused = world.vault.export(world.case(), &world.request("court_full")).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
}

#[test]
fn a_profile_keeps_codes_and_withholds() {
    let world = World::agreed();
    let full = world.vault.preview(world.case(), &world.request("court_full")).unwrap();
    assert_eq!(marks(&full, "person", "given_names"), [None, None]);
    assert_eq!(marks(&full, "person", "safe_location"), [Some(Mark::Consent); 2]);
    assert_eq!(marks(&full, "case", "narrative"), [Some(Mark::Unread)]);
    let coded = world.vault.preview(world.case(), &world.request("court_coded")).unwrap();
    assert_eq!(marks(&coded, "person", "given_names"), [Some(Mark::Coded); 2]);
    assert_eq!(marks(&coded, "person", "birth_date"), [Some(Mark::Coarser); 2]);
    let text = serde_json::to_string(&world.json("court_coded")).unwrap();
    assert!(!text.contains("Flor") && !text.contains("912345678") && !text.contains("2012"));
    assert!(text.contains("12-17"), "{text}");
    assert!(serde_json::to_string(&world.json("court_full")).unwrap().contains("Flor"));
}

#[test]
fn a_no_of_one_person_holds_for_what_is_about_both() {
    let world = World::agreed();
    let consents = world.vault.consents(world.woman).unwrap();
    consents.withdraw(LEGAL, &world.prosecutor, &by(Party::Subject)).unwrap();
    let view = world.vault.preview(world.case(), &world.request("court_full")).unwrap();
    assert_eq!(marks(&view, "case", "status"), [Some(Mark::Consent)]);
    let names = marks(&view, "person", "given_names");
    assert!(names.contains(&None) && names.contains(&Some(Mark::Consent)), "{names:?}");
}

/// The schema of somebody who lets cases list no persons.
fn without_the_list() -> Schema {
    let source = Schema::peru().unwrap().source().to_owned();
    let (listed, left_out) =
        ("complete = true\nkey = [\"survivor_code\"]", "key = [\"survivor_code\"]");
    assert!(source.contains(listed));
    Schema::parse(&source.replacen(listed, left_out, 1)).unwrap()
}

#[test]
fn a_dropped_posting_takes_nobody_out_of_those_who_are_asked() {
    for schema in [Schema::peru().unwrap(), without_the_list()] {
        let world = World::agreed_to(&schema, World::grant);
        let consents = world.vault.consents(world.girl).unwrap();
        consents.withdraw(LEGAL, &world.prosecutor, &by(Party::Subject)).unwrap();
        let case = world.case();
        let live = world.vault.live();
        let girl = world.vault.load_record(&live, &world.girl).unwrap();
        let mut batch = crate::store::Batch::new();
        batch.state(world.vault.store.state());
        for posting in world.vault.particulars(&live, &girl).unwrap().postings {
            batch.remove(crate::search::posting_key(&posting));
        }
        drop(live);
        world.vault.store.commit(&batch).unwrap();
        let view = world.vault.preview(case, &world.request("court_full")).unwrap();
        assert_eq!(marks(&view, "case", "status"), [Some(Mark::Consent)]);
        assert_eq!(marks(&view, "person", "given_names").len(), 2);
        world.vault.erase(case, &asked()).unwrap();
        assert_eq!(world.vault.read(world.girl).unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn withdrawn_consent_blocks_export_and_recalls_what_left() {
    let world = World::agreed();
    let out = world.office.dir.path().join("out");
    let export = world.vault.export(world.girl, &world.request("court_full")).unwrap();
    let late = world.vault.export(world.girl, &world.request("court_full")).unwrap();
    let receipts = export.seal_into(&out).unwrap();
    assert_eq!(receipts.len(), 1);
    let consents = world.vault.consents(world.girl).unwrap();
    let withdrawal = consents.withdraw(LEGAL, &world.prosecutor, &by(Party::Subject)).unwrap();
    assert_eq!(withdrawal.recalls[0].disclosure, receipts[0]);
    let refused = world.vault.export(world.girl, &world.request("court_full")).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    // One that was made ready before she took it back does not leave either.
    let elsewhere = world.office.dir.path().join("late");
    assert_eq!(late.seal_into(&elsewhere).unwrap_err().kind(), ErrorKind::Refused);
    assert!(!elsewhere.exists());
}

#[test]
fn the_same_request_at_the_same_time_with_the_same_seed_gives_the_same_bytes() {
    let world = World::agreed();
    let bytes = |seed: u8| -> Vec<(String, Vec<u8>)> {
        let request = world.request("court_coded").seed([seed; 32]);
        let export = world.vault.export(world.case(), &request).unwrap();
        export.files().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect()
    };
    assert_eq!(bytes(1), bytes(1));
    assert_ne!(bytes(1), bytes(2));
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let world = World::agreed();
    let refuse = |request: &ExportRequest| {
        world.vault.export(world.girl, request).map(drop).unwrap_err().kind()
    };
    assert_eq!(refuse(&world.request("no_such")), ErrorKind::UnknownCode);
    assert_eq!(refuse(&world.request("stats_microdata")), ErrorKind::Refused);
    assert_eq!(refuse(&world.request("referral")), ErrorKind::Refused);
    let kind = RecipientRef::Kind(RecipientKind::Prosecutor);
    assert_eq!(refuse(&ExportRequest::new("court_full", LEGAL, &kind)), ErrorKind::NotFound);
    let slip = world.request("court_full").withhold("person.nmae");
    assert_eq!(refuse(&slip), ErrorKind::UnknownField);
    let out = world.office.dir.path().join("out");
    fs::create_dir(&out).unwrap();
    let export = world.vault.export(world.girl, &world.request("court_full")).unwrap();
    assert_eq!(export.seal_into(&out).unwrap_err().kind(), ErrorKind::Exists);
    let ledger = world.vault.consents(world.girl).unwrap().ledger().unwrap();
    assert!(ledger.disclosures.is_empty());
}

#[test]
fn what_must_be_done_before_is_asked_for() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    let grant = world.grant().on_condition(crate::consent::Condition::NotifyFirst);
    consents.give(grant, &by(Party::Subject)).unwrap();
    let request = world.request("court_full");
    let refused = world.vault.export(world.woman, &request).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert!(refused.to_string().contains("notify_first"));
    let request = request.fulfilled(Obligation::NotifyFirst);
    let export = world.vault.export(world.woman, &request).unwrap();
    export.write_open_into(world.office.dir.path().join("out")).unwrap();
    let ledger = consents.ledger().unwrap();
    let receipt = ledger.disclosures[0].terms.export.as_ref().unwrap();
    assert!(!receipt.sealed && receipt.fulfilled.contains(&Obligation::NotifyFirst));
    assert_eq!(world.vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_name_behind_a_label_is_told_only_to_whom_may_know_it() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    let coded = crate::consent::Identifiability::Coded;
    consents.give(world.grant().at_most(coded), &by(Party::Subject)).unwrap();
    let mut export = world.vault.export(world.woman, &world.request("court_coded")).unwrap();
    assert_eq!(export.sealed_reference_list().unwrap_err().kind(), ErrorKind::Refused);
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    let mut export = world.vault.export(world.woman, &world.request("court_coded")).unwrap();
    let list = export.sealed_reference_list().unwrap();
    assert!(!list.is_empty());
    export.seal_into(world.office.dir.path().join("out")).unwrap();
    let ledger = consents.ledger().unwrap();
    assert!(ledger.disclosures[0].terms.export.as_ref().unwrap().reference);
}

#[test]
fn what_a_role_cannot_open_is_said_to_be_there() {
    let world = World::agreed();
    let lawyer = Identity::generate().unwrap();
    world.vault.add_member("Abogada de Prueba", &lawyer.card(), "lawyer").unwrap();
    let World { office, vault, girl, prosecutor, .. } = world;
    vault.close().unwrap();
    let vault = open_at(&office, &lawyer, NOW);
    let view = vault.preview(girl, &ExportRequest::new("court_full", LEGAL, &prosecutor)).unwrap();
    assert_eq!(marks(&view, "person", "sealed-safety"), [Some(Mark::Sealed)]);
}

#[test]
fn an_attached_file_is_withheld_whole_and_named() {
    let world = World::agreed();
    let photo = NewAttachment::new("photo").name("Canaria.jpg").note("nota canaria");
    world.vault.attach(world.girl, &photo, &mut &b"canary bytes of a file"[..]).unwrap();
    let view = world.vault.preview(world.case(), &world.request("court_full")).unwrap();
    let marks = marks(&view, "person", "attached_file_1");
    assert_eq!(marks, [Some(Mark::File)]);
    let export = world.vault.export(world.case(), &world.request("court_full")).unwrap();
    let (_, log) = export.files().find(|(name, _)| *name == "redactions.csv").unwrap();
    assert!(String::from_utf8_lossy(log).contains("Archivo adjunto 1"));
    for (name, bytes) in export.files() {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        assert!(!text.contains("canari") && !text.contains("canary"), "{name}");
    }
    world.vault.preview_page(world.case(), &world.request("court_full")).unwrap();
}
