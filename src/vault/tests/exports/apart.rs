//! Two exports of one case: nothing joins them but what both show, and nothing of the vault
//! stands in either. And one export made twice is one.

use std::collections::BTreeSet;

use super::planted::{Planted, Said};
use super::reader::{Files, Reading, paper_text, readings};
use super::*;
use crate::language::Language;

impl World {
    fn files(&self, root: RecordId, request: &ExportRequest) -> Files {
        let export = self.vault.export(root, request).unwrap();
        export.files().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect()
    }

    fn rewrite(&self, record: RecordId, field: &str, text: &str) {
        let revision = self.vault.read(record).unwrap().revision();
        self.vault.edit(record, revision, RecordEdit::new().set(field, text)).unwrap();
    }
}

fn bytes<'a>(files: &'a Files, name: &str) -> &'a [u8] {
    &files.iter().find(|(known, _)| known == name).unwrap().1
}

/// Labels, salts, digests, signatures and the id of an export.
fn drawn(files: &Files) -> BTreeSet<String> {
    let json: serde_json::Value = serde_json::from_slice(bytes(files, "case.json")).unwrap();
    let mut drawn = BTreeSet::from([json["export"]["id"].as_str().unwrap().to_owned()]);
    for field in json["records"].as_array().unwrap().iter().flat_map(|r| r["fields"].as_array()) {
        let coded = field.iter().filter(|field| field["mark"] == "S");
        let labels = coded.map(|field| field["text"].as_str().unwrap());
        drawn.extend(labels.map(|label| label.split(' ').nth(1).unwrap().to_owned()));
    }
    let proof = String::from_utf8(bytes(files, "proof.sd-jwt").to_vec()).unwrap();
    let decode = |part: &str| {
        let plain = data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap();
        serde_json::from_slice::<serde_json::Value>(&plain).unwrap()
    };
    let (jwt, disclosures) = proof.split_once('~').unwrap();
    let mut parts = jwt.split('.').skip(1);
    let payload = decode(parts.next().unwrap());
    drawn.insert(parts.next().unwrap().to_owned());
    for record in payload["records"].as_object().unwrap().values() {
        let digests = record["fields"]["_sd"].as_array().into_iter().flatten();
        drawn.extend(digests.map(|digest| digest.as_str().unwrap().to_owned()));
    }
    for disclosure in disclosures.split('~').filter(|one| !one.is_empty()) {
        drawn.insert(decode(disclosure)[0].as_str().unwrap().to_owned());
        drawn.insert(disclosure.to_owned());
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(bytes(files, "manifest.json")).unwrap();
    // A table in which nothing was drawn is the same in both.
    let digests = manifest["files"].as_array().unwrap().iter();
    let digests = digests.filter(|file| file["name"].as_str().unwrap().starts_with("case."));
    drawn.extend(digests.map(|file| file["sha256"].as_str().unwrap().to_owned()));
    drawn
}

#[test]
fn two_exports_of_one_case_share_nothing_that_was_drawn() {
    let planted = Planted::new(11, &[Said::Agreed, Said::Agreed, Said::Agreed]);
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut count = 0;
    for seed in [None, None, Some([1; 32]), Some([2; 32])] {
        let mut request = ExportRequest::new("court_coded", LEGAL, &planted.world.prosecutor);
        if let Some(seed) = seed {
            request = request.seed(seed);
        }
        let drawn = drawn(&planted.world.files(planted.case, &request));
        assert!(drawn.len() > 60, "{}", drawn.len());
        count += drawn.len();
        all.extend(drawn);
    }
    assert_eq!(all.len(), count);
}

#[test]
fn the_order_of_records_does_not_tell_which_was_written_first() {
    let world = World::agreed();
    let names: Vec<String> = (0..6).map(|nth| format!("pariente {nth} inventado")).collect();
    for name in &names {
        let relative = RecordDraft::new("household_member").under(world.woman);
        world.vault.add(relative.set("relation", name.as_str())).unwrap();
    }
    let mut orders = BTreeSet::new();
    let mut first = BTreeSet::new();
    for seed in 0..24 {
        let request = world.request("court_full").seed([seed; 32]);
        let view = world.vault.preview(world.woman, &request).unwrap();
        let found = field(&view, "household_member", "relation")
            .into_iter()
            .map(|field| field.shown().unwrap().to_text(Language::Spanish).expose().to_owned());
        let order: Vec<String> = found.collect();
        assert_eq!(order.iter().collect::<BTreeSet<_>>(), names.iter().collect());
        first.insert(order[0].clone());
        orders.insert(order);
    }
    assert!(orders.len() >= 20 && first.len() >= 4, "{orders:?}");
}

/// The key in the proof is the member's own, for as long as she is one: whoever receives two
/// exports knows that one hand signed both. Nothing else of the vault is there.
#[test]
fn nothing_of_the_vault_stands_in_an_export_but_the_key_of_whoever_signed() {
    let planted = Planted::new(12, &[Said::Agreed, Said::Agreed]);
    let vault = &planted.world.vault;
    let mut ids: BTreeSet<Vec<u8>> = BTreeSet::from([
        vault.id().as_bytes().to_vec(),
        vault.member.as_bytes().to_vec(),
        planted.world.prosecutor_id.as_bytes().to_vec(),
        planted.world.prosecutor_id.tail().to_vec(),
    ]);
    ids.extend(planted.values.iter().map(|value| value.record.as_bytes().to_vec()));
    ids.extend(planted.values.iter().map(|value| value.record.tail().to_vec()));
    ids.extend(vault.members().iter().map(|member| member.id.as_bytes().to_vec()));
    for (person, ..) in &planted.persons {
        let ledger = vault.consents(*person).unwrap().ledger().unwrap();
        ids.extend(ledger.consents.iter().map(|one| one.id.as_bytes().to_vec()));
    }
    let mut words: BTreeSet<String> = BTreeSet::from([
        vault.fingerprint().to_string(),
        planted.world.office.path().display().to_string(),
        planted.world.office.director.card().to_string(),
        "Lectora".to_owned(),
    ]);
    words.extend(vault.members().iter().map(|member| member.recipient.clone()));
    words.extend(vault.recipients().unwrap().iter().map(|(_, one)| one.age_recipient.clone()));
    words.extend(paths(planted.world.office.dir.path()));
    words.extend(ids.iter().map(|id| data_encoding::HEXLOWER.encode(id)));
    words.extend(ids.iter().map(|id| data_encoding::BASE64URL_NOPAD.encode(id)));
    assert!(ids.len() > 30 && words.len() > 70);
    let key = planted.world.office.director.sign_key().verify_key();
    let key = data_encoding::BASE64URL_NOPAD.encode(&key.0);
    for profile in ["court_full", "court_coded"] {
        let request = ExportRequest::new(profile, LEGAL, &planted.world.prosecutor);
        let files = planted.world.files(planted.case, &request);
        let view = vault.preview(planted.case, &request).unwrap();
        let preview = ("preview.html".to_owned(), view.to_preview().unwrap());
        for (name, bytes) in files.iter().chain([&preview]) {
            let reading = Reading::of(name, bytes);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(reading.said(&words), BTreeSet::new(), "{name}");
            for id in ids.iter().filter(|id| id.len() >= 8) {
                assert!(!bytes.windows(id.len()).any(|at| at == id), "an id in {name}");
            }
            assert_eq!(reading.says(&key), name == "proof.sd-jwt");
        }
    }
}

/// The names of all files and folders, as far as they are names of this vault's own.
fn paths(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(paths(&entry.path()));
        }
        found.push(entry.file_name().into_string().unwrap());
    }
    // A number alone, such as that of a segment, stands in any PDF.
    let tells = |c: &char| c.is_ascii_alphanumeric();
    found.retain(|name| {
        name.chars().filter(tells).count() >= 8 && name.contains(|c: char| c.is_ascii_alphabetic())
    });
    found
}

#[test]
fn the_same_request_gives_the_same_bytes_in_every_file() {
    let planted = Planted::new(13, &[Said::Agreed, Said::Agreed]);
    for (profile, language) in [
        ("court_full", Language::Spanish),
        ("court_coded", Language::English),
        ("own_coded", Language::Spanish),
    ] {
        let request = ExportRequest::new(profile, LEGAL, &planted.world.prosecutor);
        let request = request.language(language).seed([9; 32]);
        let one = planted.world.files(planted.case, &request);
        assert!(one.len() > 10);
        assert!(one == planted.world.files(planted.case, &request), "{profile}");
    }
}

/// Not even a byte: what was withheld could as well not be as long as it is.
#[test]
fn the_length_of_a_withheld_value_changes_no_byte() {
    let world = World::agreed();
    let (case, woman) = (world.case(), world.woman);
    let all = |withhold: &[&str]| {
        ["court_full", "court_coded"].map(|profile| {
            let request = world.request(profile);
            world.files(case, &withhold.iter().fold(request, |all, field| all.withhold(field)))
        })
    };
    let long = |words: usize| "Palabra inventada, ".repeat(words);
    for (record, field, short, long) in [
        // Unread; beyond the profile; without consent.
        (case, "narrative", "Fue".to_owned(), long(2_100)),
        (woman, "safe_location", "Casa".to_owned(), long(100)),
    ] {
        world.rewrite(record, field, &short);
        let before = all(&[]);
        world.rewrite(record, field, &long);
        assert!(before == all(&[]), "{field}");
    }
    let fields = ["address", "given_names", "phone", "alias", "occupation", "religion"];
    let names = fields.map(|field| format!("person.{field}"));
    let names = names.each_ref().map(String::as_str);
    fields.iter().for_each(|field| world.rewrite(woman, field, "Casa"));
    let before = all(&names);
    fields.iter().for_each(|field| world.rewrite(woman, field, &"larguísimo ".repeat(170)));
    assert!(before == all(&names));
}

#[test]
fn what_a_reader_hid_has_the_length_of_its_label() {
    let world = World::agreed();
    let (case, girl) = (world.case(), world.girl);
    let other = RecordEdit::new().set("birth_date", "1991-01-01");
    world.vault.edit(girl, 1, other).unwrap();
    let consents = world.vault.consents(girl).unwrap();
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    let export = |hidden: &str| {
        world.rewrite(case, "narrative", &format!("Antes {hidden} y después."));
        let digest = world.vault.review(case, "narrative").unwrap().digest;
        let end = 6 + hidden.chars().count();
        let kind = crate::redact::SpanKind::Other;
        let spans = [ReviewSpan { start: 6, end, kind, who: None }];
        world.vault.approve_text(case, "narrative", digest, &spans).unwrap();
        world.files(case, &world.request("court_full"))
    };
    let short = export("Ñu");
    assert!(paper_text(bytes(&short, "case.pdf")).contains("y después."));
    assert!(short == export(&"Villa Inventada ".repeat(300)));
}

/// Of two names that a label stands for, the label tells nothing but that they are two.
#[test]
fn a_label_is_as_long_as_any_other() {
    let world = World::agreed();
    let export = |address: &str| {
        world.rewrite(world.woman, "address", address);
        world.files(world.case(), &world.request("court_coded"))
    };
    let (short, long) = (export("Lima"), export(&"Jirón de la Larga Dirección ".repeat(70)));
    for ((name, one), (_, other)) in short.iter().zip(&long) {
        // Compressed, other letters have another length.
        if !matches!(name.as_str(), "case.pdf" | "case.xlsx") {
            assert_eq!(one.len(), other.len(), "{name}");
        }
    }
    let lines = |files| paper_text(bytes(files, "case.pdf")).lines().count();
    assert_eq!(lines(&short), lines(&long));
    assert!(readings(&long).iter().all(|file| !file.says("Larga Dirección")));
}
