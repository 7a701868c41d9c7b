//! Attached files: none leaves unless somebody approved this very one, and then as it may.

use super::*;
use crate::consent::{Policy, RecipientEntry};
use crate::export::{AttachedAs, Bundle};
use crate::vault::exports::ReviewState;
use crate::vault::ledger::Entry;
use crate::vault::readings::FileTerms;
use crate::vault::tests::attachments;
use crate::vault::tests::consents::{NOW, at, fiscal, forge};
use crate::{AttachmentId, Place};

const LETTER: &[u8] = b"%PDF-1.7\n(Oficio inventado de la comisaria)\n%%EOF";

/// The case of two women, both of age, who agreed.
fn grown() -> World {
    let world = World::new();
    let girl = RecordEdit::new().set("birth_date", "1991-01-01");
    world.vault.edit(world.girl, 1, girl).unwrap();
    for person in [world.girl, world.woman] {
        let consents = world.vault.consents(person).unwrap();
        consents.give(world.grant(), &by(Party::Subject)).unwrap();
    }
    world
}

fn attach(world: &World, name: &str, bytes: &[u8]) -> AttachmentId {
    let new = NewAttachment::new("other").name(name).note("nota canaria");
    world.vault.attach(world.woman, &new, &mut &bytes[..]).unwrap()
}

/// The line of the woman's file, as an export by this profile would show it.
fn line(world: &World, request: &ExportRequest, field: &str) -> Option<Mark> {
    let view = world.vault.preview(world.woman, request).unwrap();
    super::field(&view, "person", field)[0].mark()
}

fn mark(world: &World) -> Option<Mark> {
    line(world, &world.request("court_full"), "attached_file_1")
}

fn exported(world: &World) -> Result<Vec<(String, Vec<u8>)>> {
    let export = world.vault.export(world.woman, &world.request("court_full"))?;
    Ok(export.files().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect())
}

fn state(world: &World, id: AttachmentId) -> ReviewState {
    let record = world.vault.attachment(id).unwrap().record;
    let all = world.vault.file_reviews(record).unwrap();
    all.iter().find(|(one, of, _)| (*one, *of) == (id, record)).unwrap().2
}

/// An approval by a member with a program of her own, who looks at nothing.
fn approve_blindly(world: &World, id: AttachmentId) {
    let known = world.vault.attachment(id).unwrap();
    let keeper = known.record;
    world
        .vault
        .consents(keeper)
        .unwrap()
        .write(|live, policy, book| {
            let content = world.vault.file_digest(live, &known)?;
            let terms = FileTerms { record: keeper, file: id, content, policy: policy.version() };
            let signature = world.vault.sign_reading((keeper, &book.last), &terms)?;
            Ok(vec![Entry::FileReview { terms, signature }])
        })
        .unwrap();
}

#[test]
fn an_approved_file_leaves_as_it_is_and_the_manifest_says_so() {
    let world = grown();
    let prosecutor = Identity::generate().unwrap();
    let entry = RecipientEntry { age_recipient: prosecutor.card().recipient(), ..fiscal("Fiscal") };
    let to = RecipientRef::Recipient(world.vault.add_recipient(&entry).unwrap());
    let consents = world.vault.consents(world.woman).unwrap();
    let grant = Grant::new(LEGAL, to.clone(), world.grant().until);
    consents.give(grant, &by(Party::Subject)).unwrap();
    let id = attach(&world, "Canaria.pdf", LETTER);
    assert_eq!((mark(&world), state(&world, id)), (Some(Mark::File), ReviewState::Unread));
    world.vault.approve_file(id).unwrap();
    assert_eq!((mark(&world), state(&world, id)), (None, ReviewState::Approved));
    let export = world.vault.export(world.woman, &ExportRequest::new("court_full", LEGAL, &to));
    let export = export.unwrap();
    let (_, left) = export.files().find(|(name, _)| *name == "file-001.pdf").unwrap();
    assert_eq!(left, LETTER);
    for (name, bytes) in export.files() {
        assert!(!String::from_utf8_lossy(bytes).to_lowercase().contains("canaria"), "{name}");
        assert!(!String::from_utf8_lossy(bytes).contains(&id.to_string()), "{name}");
    }
    let json = export.files().find(|(name, _)| *name == "case.json").unwrap().1;
    let json: serde_json::Value = serde_json::from_slice(json).unwrap();
    let fields = json["records"][0]["fields"].as_array().unwrap();
    assert_eq!(json["records"][0]["code"], "R01");
    assert!(fields.iter().any(|field| field["value"] == "file-001.pdf"));
    let out = world.office.dir.path().join("out");
    export.seal_into(&out).unwrap();
    let verified = Bundle::open(&out, &prosecutor).unwrap().verify().unwrap();
    let files = verified.manifest.files;
    let file = files.iter().find(|file| file.name == "file-001.pdf").unwrap();
    assert_eq!(file.attached, Some(AttachedAs::NotAltered));
    assert_eq!(file.sha256, world.vault.attachment(id).unwrap().sha256);
    assert!(files.iter().filter(|file| file.attached.is_some()).count() == 1);
    let ledger = consents.ledger().unwrap();
    assert!(ledger.disclosures[0].terms.fields.contains("person.attached-case"));
    assert_eq!(world.vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn an_approval_that_was_taken_back_lets_no_file_leave() {
    let world = grown();
    let [one, two] = ["uno.pdf", "dos.pdf"].map(|name| attach(&world, name, LETTER));
    let vault = &world.vault;
    let nothing = |id| vault.retract_file_review(id).unwrap_err().kind();
    assert_eq!(nothing(one), ErrorKind::NotFound);
    vault.approve_file(one).unwrap();
    vault.approve_file(two).unwrap();
    vault.retract_file_review(one).unwrap();
    assert_eq!(
        [one, two].map(|id| state(&world, id)),
        [ReviewState::Unread, ReviewState::Approved]
    );
    assert_eq!(nothing(one), ErrorKind::NotFound);
    let left = exported(&world).unwrap();
    assert_eq!(left.iter().filter(|(name, _)| name.starts_with("file-")).count(), 1);
    // It was no last word.
    vault.approve_file(one).unwrap();
    assert_eq!(state(&world, one), ReviewState::Approved);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_file_about_a_minor_is_looked_through_by_two() {
    let world = World::agreed();
    let second = Identity::generate().unwrap();
    world.vault.add_member("Segunda", &second.card(), "director").unwrap();
    let new = NewAttachment::new("other");
    let id = world.vault.attach(world.girl, &new, &mut &LETTER[..]).unwrap();
    let leaves = |world: &World| {
        let export = world.vault.export(world.girl, &world.request("court_full")).unwrap();
        export.files().any(|(name, _)| name.starts_with("file-"))
    };
    world.vault.approve_file(id).unwrap();
    world.vault.approve_file(id).unwrap();
    assert_eq!(state(&world, id), ReviewState::NeedsSecondReader);
    assert!(!leaves(&world));
    let world = world.turn(Some(&second), NOW);
    world.vault.approve_file(id).unwrap();
    assert_eq!(state(&world, id), ReviewState::Approved);
    assert!(leaves(&world));
}

#[test]
fn a_file_leaves_only_where_consent_and_profile_let_all_of_it_leave() {
    let world = grown();
    let id = attach(&world, "oficio.pdf", LETTER);
    world.vault.approve_file(id).unwrap();
    let of = |request: &ExportRequest| line(&world, request, "attached_file_1");
    let full = world.request("court_full");
    assert_eq!(of(&full), None);
    assert_eq!(of(&full.withhold("person.attached-case")), Some(Mark::Narrowed));
    // A file tells who she is, whatever labels stand for her elsewhere.
    assert_eq!(of(&world.request("court_coded")), Some(Mark::File));
    let source = world.vault.policy().unwrap().source().to_owned();
    let consents = world.vault.consents(world.woman).unwrap();
    let held = world.vault.export(world.woman, &world.request("court_full")).unwrap();
    consents.withdraw(LEGAL, &world.prosecutor, &by(Party::Subject)).unwrap();
    assert_eq!(of(&world.request("court_full")), Some(Mark::Consent));
    // One that was made ready before she took it back does not leave either.
    let out = world.office.dir.path().join("late");
    assert_eq!(held.seal_into(&out).unwrap_err().kind(), ErrorKind::Refused);
    // Another category does not do; this one does.
    for (category, mark) in [("identity", Some(Mark::Consent)), ("case", None)] {
        consents.give(world.grant().category(category), &by(Party::Subject)).unwrap();
        assert_eq!(of(&world.request("court_full")), mark, "{category}");
    }
    // What was approved under an older policy is to be looked through again.
    let newer = source.replace("version = 1\n", "version = 2\n");
    world.vault.set_policy(&Policy::parse(&newer).unwrap()).unwrap();
    assert_eq!(of(&world.request("court_full")), Some(Mark::File));
}

#[test]
fn an_altered_approval_or_another_file_lets_nothing_leave() {
    let other = "0".repeat(32);
    for (key, value) in [("policy", "9"), ("file", &*other), ("record", &*other), ("content", "")] {
        let world = grown();
        let id = attach(&world, "oficio.pdf", LETTER);
        let entry = world.vault.approve_file(id).unwrap();
        forge(&world.vault, entry, 1, |text| {
            let mut line: serde_json::Value = serde_json::from_str(text).unwrap();
            let terms = &mut line["entry"]["file_review"]["terms"];
            terms[key] = match key {
                "policy" => 9.into(),
                "content" => "0".repeat(64).into(),
                _ => value.into(),
            };
            // Keys of entries stand in an order of their own.
            let FileTerms { record, file, content, policy } =
                serde_json::from_value(terms.clone()).unwrap();
            let terms = FileTerms { record, file, content, policy };
            let signature = &line["entry"]["file_review"]["signature"];
            format!(
                r#"{{"previous":{},"entry":{{"file_review":{{"terms":{},"signature":{signature}}}}}}}"#,
                line["previous"],
                serde_json::to_string(&terms).unwrap(),
            )
        });
        assert_eq!(exported(&world).unwrap_err().kind(), ErrorKind::Tampered, "{key}");
    }
    // An approval of one file is none of another with the same bytes.
    let world = grown();
    let (one, two) = (attach(&world, "a.pdf", LETTER), attach(&world, "b.pdf", LETTER));
    world.vault.approve_file(one).unwrap();
    assert_eq!(
        (state(&world, one), state(&world, two)),
        (ReviewState::Approved, ReviewState::Unread)
    );
    let files = exported(&world).unwrap();
    assert_eq!(files.iter().filter(|(name, _)| name.starts_with("file-")).count(), 1);
    // Another file in its place on the disk.
    let stored = attachments::files(&world.office.path());
    let bytes: Vec<Vec<u8>> = stored.iter().map(|path| fs::read(path).unwrap()).collect();
    fs::write(&stored[0], &bytes[1]).unwrap();
    fs::write(&stored[1], &bytes[0]).unwrap();
    assert_eq!(exported(&world).unwrap_err().kind(), ErrorKind::Tampered);
}

#[test]
fn what_cannot_leave_is_refused_when_it_is_approved_and_when_it_would_leave() {
    for (name, bytes) in [
        ("Canaria.jpg", &b"no picture at all"[..]),
        ("Canaria.JPEG", LETTER),
        ("Canaria.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("Canaria", b"\xff\xd8\xff\xe0 and nothing of a picture"),
        ("Canaria", b"GIF89a\x01\0\x01\0"),
        ("scan", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
        ("svg", b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("Canaria", b"\0\0\0\x18ftypmsf1\0\0\0\0"),
        ("Canaria", b"\xff\x0a\xfa\x1f"),
        ("Canaria.jpg", b"\0\0\0\x18ftypheic\0\0\0\0"),
    ] {
        let world = grown();
        let id = attach(&world, name, bytes);
        let approved = world.vault.approve_file(id).map(drop);
        assert_eq!(state(&world, id), ReviewState::Unread);
        approve_blindly(&world, id);
        let left = exported(&world).map(drop);
        for error in [approved.unwrap_err(), left.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::BadInput, "{name}");
            assert_eq!(error.place(), Some(&Place::Record(id.record())));
            let said = format!("{error} {error:?}").to_lowercase();
            assert!(!said.contains("canaria") && !said.contains("woman"), "{said}");
        }
        let ledger = world.vault.consents(world.woman).unwrap().ledger().unwrap();
        assert!(ledger.disclosures.is_empty());
    }
}

#[test]
fn what_is_called_a_photo_leaves_as_one_or_not_at_all() {
    let world = grown();
    let photo = NewAttachment::new("photo").name("sin terminacion");
    let id = world.vault.attach(world.woman, &photo, &mut &LETTER[..]).unwrap();
    assert_eq!(world.vault.approve_file(id).unwrap_err().kind(), ErrorKind::BadInput);
    approve_blindly(&world, id);
    assert_eq!(exported(&world).unwrap_err().kind(), ErrorKind::BadInput);
}

#[test]
fn what_is_withheld_and_stands_in_a_file_stops_the_export() {
    let text = "Vive en el Refugio Ficticio desde junio";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for text in [text.as_bytes(), &wide] {
        let world = grown();
        let bytes = [b"%PDF-1.7\n\xff\x01", text, b"\x02\xfe%%EOF"].concat();
        let id = attach(&world, "informe.pdf", &bytes);
        exported(&world).unwrap();
        world.vault.approve_file(id).unwrap();
        let error = exported(&world).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Leaks);
        assert!(!format!("{error} {error:?}").contains("Ficticio"));
        // Left out, it stops nothing.
        let without = world.request("court_full").withhold("person.attached-case");
        world.vault.export(world.woman, &without).unwrap();
    }
}

#[test]
fn a_file_that_could_endanger_a_life_leaves_by_its_field_alone_and_if_it_is_released() {
    let safe =
        |world: &World| world.grant().category("safety").category("case").category("identity");
    let world = World::agreed_to(&own_schema(), safe);
    let second = Identity::generate().unwrap();
    world.vault.add_member("Segunda", &second.card(), "director").unwrap();
    let new = NewAttachment::new("other").compartment("safety");
    let loose = world.vault.attach(world.woman, &new, &mut &LETTER[..]).unwrap();
    let new = NewAttachment::new("other").field("photo");
    let named = world.vault.attach(world.woman, &new, &mut &LETTER[..]).unwrap();
    world.vault.approve_file(loose).unwrap();
    world.vault.approve_file(named).unwrap();
    let open = |world: &World| {
        let request = world.request("own_open").allow("person.photo");
        let request = request.allow("person.attached-safety");
        (line(world, &request, "photo"), line(world, &request, "attached_file_1"))
    };
    // A profile that shows names only when they are named shows no file otherwise.
    assert_eq!(line(&world, &world.request("own_open"), "photo"), Some(Mark::Profile));
    assert_eq!(open(&world), (Some(Mark::TwoPeople), Some(Mark::TwoPeople)));
    let until = at("2026-11-22T16:00:00Z");
    world.vault.release(world.woman, "photo", (LEGAL, world.prosecutor_id), until).unwrap();
    let world = world.turn(Some(&second), NOW);
    assert_eq!(open(&world), (None, Some(Mark::TwoPeople)));
    let request = world.request("own_open").allow("person.photo");
    let export = world.vault.export(world.woman, &request).unwrap();
    let files: Vec<_> = export.files().filter(|(name, _)| name.starts_with("file-")).collect();
    assert_eq!(files, [("file-001.pdf", LETTER)]);
}

#[test]
fn what_this_role_does_not_open_is_said_to_be_there() {
    let world = grown();
    let lawyer = Identity::generate().unwrap();
    world.vault.add_member("Abogada de Prueba", &lawyer.card(), "lawyer").unwrap();
    let new = NewAttachment::new("other").compartment("safety");
    world.vault.attach(world.woman, &new, &mut &LETTER[..]).unwrap();
    let world = world.turn(Some(&lawyer), NOW);
    assert_eq!(mark(&world), Some(Mark::Sealed));
    assert_eq!(world.vault.file_reviews(world.woman).unwrap(), []);
}

#[test]
fn more_than_a_bundle_holds_is_refused_before_it_is_read() {
    use crate::vault::exports::attached::{Leaving, check_room};
    let world = grown();
    let known = world.vault.attachment(attach(&world, "a.pdf", LETTER)).unwrap();
    let of = |bytes: u64, count: usize| -> Vec<Leaving> {
        let mut known = known.clone();
        known.bytes = bytes;
        let one = |_| Leaving { name: String::new(), known: known.clone() };
        (0..count).map(one).collect()
    };
    check_room(&of(256 << 20, 2)).unwrap();
    for files in [of(256 << 20, 3), of(u64::MAX, 2), of(1, 1001)] {
        assert_eq!(check_room(&files).unwrap_err().kind(), ErrorKind::TooLong);
    }
}

#[cfg(feature = "images")]
mod images {
    use image::codecs::jpeg::JpegEncoder;
    use image::{ExtendedColorType, ImageEncoder as _};

    use super::*;

    const CANARY: &[u8] = b"CANARY-8.0464S-77.0428W";

    fn jpeg() -> Vec<u8> {
        let mut out = Vec::new();
        let pixels: Vec<u8> = (0..16 * 16 * 3_u32).map(|at| at.to_le_bytes()[0]).collect();
        let encoder = JpegEncoder::new_with_quality(&mut out, 90);
        encoder.write_image(&pixels, 16, 16, ExtendedColorType::Rgb8).unwrap();
        out
    }

    /// The same with Exif 2.32 by hand: a maker, and a GPS directory with a latitude.
    fn with_place(jpeg: &[u8]) -> Vec<u8> {
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            let head = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
            [&head[..], &count.to_le_bytes(), &value.to_le_bytes()].concat()
        };
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
        exif.extend(entry(0x010f, 2, u32::try_from(CANARY.len()).unwrap(), 92));
        exif.extend(entry(0x8825, 4, 1, 38));
        exif.extend([0; 4]);
        exif.extend(2_u16.to_le_bytes());
        exif.extend(entry(0x0001, 2, 2, u32::from(b'S')));
        exif.extend(entry(0x0002, 5, 3, 68));
        exif.extend([0; 4]);
        [8_u32, 1, 2, 1, 4704, 100].iter().for_each(|n| exif.extend(n.to_le_bytes()));
        exif.extend(CANARY);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], b"\xff\xe1", &length, &exif, &jpeg[2..], CANARY].concat()
    }

    #[test]
    fn a_photograph_leaves_without_the_place_where_it_was_taken() {
        let world = grown();
        let planted = with_place(&jpeg());
        let id = attach(&world, "IMG_0001.jpg", &planted);
        world.vault.approve_file(id).unwrap();
        let export = world.vault.export(world.woman, &world.request("court_full")).unwrap();
        let (_, left) = export.files().find(|(name, _)| *name == "file-001.jpg").unwrap();
        let finds = |what: &[u8]| left.windows(what.len()).any(|window| window == what);
        assert!(planted.windows(4).any(|window| window == b"Exif"));
        assert!(!finds(b"Exif") && !finds(CANARY) && !finds(&4704_u32.to_le_bytes()));
        let (one, two) = (
            image::load_from_memory(&planted).unwrap().to_rgb8(),
            image::load_from_memory(left).unwrap().to_rgb8(),
        );
        assert_eq!(one.dimensions(), two.dimensions());
        let files = &export.manifest().files;
        let file = files.iter().find(|file| file.name == "file-001.jpg").unwrap();
        assert_eq!(file.attached, Some(AttachedAs::WrittenAnew));
        assert_ne!(file.sha256, world.vault.attachment(id).unwrap().sha256);
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_refused_twice() {
        let mut bomb = jpeg();
        let frame = bomb.windows(2).position(|pair| pair == b"\xff\xc0").unwrap();
        bomb[frame + 5..frame + 9].fill(0xff);
        let world = grown();
        let id = attach(&world, "IMG_0002.jpg", &bomb);
        let approved = world.vault.approve_file(id).unwrap_err();
        approve_blindly(&world, id);
        let left = exported(&world).unwrap_err();
        for error in [approved, left] {
            assert_eq!(error.kind(), ErrorKind::TooLong);
            assert_eq!(error.place(), Some(&Place::Record(id.record())));
            assert!(!format!("{error} {error:?}").contains("IMG"));
        }
    }
}
