use std::fs;

use super::*;
use crate::record::{FieldValue, RecordDraft, RecordEdit};

mod attachments;
mod audit;
mod backups;
mod checks;
mod consents;
mod custody;
mod departure;
mod erase;
mod escrow;
mod exports;
mod families;
mod forge;
mod holds;
mod panic;
mod retention;
mod tables;
mod tamper;

pub(super) struct Office {
    pub(super) dir: tempfile::TempDir,
    pub(super) director: Identity,
}

impl Office {
    pub(super) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), director: Identity::generate().unwrap() }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.dir.path().join("vault")
    }

    pub(super) fn create(&self) -> Vault {
        VaultOptions::new()
            .clock(Arc::new(crate::FixedClock(consents::at(consents::NOW))))
            .name("Casa de Prueba")
            .create(self.path(), &Schema::peru().unwrap(), &self.director)
            .unwrap()
    }

    pub(super) fn open(&self) -> Vault {
        VaultOptions::new().open(self.path(), &self.director).unwrap()
    }
}

pub(super) fn case(code: &str) -> RecordDraft {
    RecordDraft::new("case")
        .set("case_code", code)
        .set("registration_date", "2026-03-01")
        .set("status", "open")
        .set("cem_ficha_no", "123-2026")
        .set("narrative", "Relato inventado.")
}

pub(super) fn person(case: RecordId, surname: &str) -> RecordDraft {
    RecordDraft::new("person")
        .under(case)
        .set("survivor_code", format!("S-{surname}"))
        .set("given_names", "Flor")
        .set("paternal_surname", surname)
        .set("birth_date", "2012-05-04")
        .set("sex", "female")
        .set("phone", "912345678")
        .set("safe_location", "Refugio Ficticio")
}

/// An erasure that a survivor asked for.
pub(super) fn asked() -> Erasure {
    Erasure::new(crate::ErasureReason::SurvivorRequest)
}

fn text(record: &crate::Record, field: &str) -> String {
    record.field(field).map(|v| v.to_text().expose().to_owned()).unwrap_or_default()
}

#[test]
fn a_record_goes_in_sealed_and_comes_out() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let read = |vault: &Vault| {
        let record = vault.read(girl).unwrap();
        assert_eq!(text(&record, "paternal_surname"), "Quispe");
        assert_eq!(text(&record, "birth_date"), "2012-05-04");
        assert_eq!((record.parent(), record.revision()), (Some(case), 1));
        assert!(record.sealed().is_empty());
        assert_eq!(vault.children(case).unwrap(), [girl]);
        assert_eq!(vault.list("person", None, 10).unwrap(), [girl]);
        assert_eq!(vault.find("person", "survivor_code", "S-Quispe").unwrap(), [girl]);
        assert!(vault.find("person", "survivor_code", "S-Nadie").unwrap().is_empty());
        assert_eq!(text(&vault.read_fields(girl, &["phone"]).unwrap(), "phone"), "912345678");
    };
    read(&vault);
    vault.close().unwrap();
    let vault = office.open();
    read(&vault);
    let report = vault.check(&mut |_| ()).unwrap();
    assert_eq!(report.findings, []);
    // The vault, two records, what was read, the second opening.
    assert_eq!((report.records, report.leaves), (2, 5));
    assert_eq!(vault.status().unwrap().records, 2);
}

#[test]
fn an_edit_keeps_history_and_a_stale_one_conflicts() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let edit = RecordEdit::new().set("paternal_surname", "Mamani").clear("phone");
    assert_eq!(vault.edit(girl, 1, edit.clone()).unwrap(), 2);
    assert_eq!(vault.edit(girl, 1, edit.clone()).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(vault.edit(girl, 2, edit).unwrap(), 2, "nothing changed");
    let edit = RecordEdit::new().set("survivor_code", "S-2").set("religion", "ninguna");
    assert_eq!(vault.edit(girl, 2, edit).unwrap(), 3);
    drop(vault);
    let vault = office.open();
    let now = vault.read(girl).unwrap();
    assert_eq!(
        (text(&now, "paternal_surname"), text(&now, "phone")),
        ("Mamani".into(), String::new())
    );
    let first = vault.read_revision(girl, 1).unwrap();
    assert_eq!(
        (text(&first, "paternal_surname"), text(&first, "phone")),
        ("Quispe".into(), "912345678".into())
    );
    assert_eq!(
        (text(&first, "religion"), text(&now, "religion")),
        (String::new(), "ninguna".into())
    );
    let second = vault.read_revision(girl, 2).unwrap();
    assert_eq!(
        (text(&second, "paternal_surname"), text(&second, "survivor_code")),
        ("Mamani".into(), "S-Quispe".into())
    );
    assert!(vault.read_revision(girl, 4).is_err() && vault.read_revision(girl, 0).is_err());
    let history = vault.history(girl).unwrap();
    assert_eq!(history.iter().map(|r| r.revision).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(history[1].compartments, ["identity"]);
    assert_eq!(history[2].compartments, ["case", "account"]);
    assert!(vault.find("person", "paternal_surname", "Quispe").unwrap().is_empty());
    assert_eq!(vault.find("person", "paternal_surname", "Mamani").unwrap(), [girl]);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_role_opens_exactly_its_compartments() {
    let office = Office::new();
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = vault.add(person(case, "Quispe")).unwrap();
    let schema = Schema::peru().unwrap();
    let mut people = Vec::new();
    for role in schema.roles() {
        let identity = Identity::generate().unwrap();
        vault.add_member(&format!("Persona {}", role.name), &identity.card(), &role.name).unwrap();
        people.push((role.clone(), identity));
    }
    drop(vault);
    for (role, identity) in &people {
        if role.compartments.is_empty() {
            let error = VaultOptions::new().open(office.path(), identity).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotMember, "{}", role.name);
            continue;
        }
        let vault = VaultOptions::new().open(office.path(), identity).unwrap();
        assert_eq!(vault.compartments(), role.compartments);
        let record = vault.read(girl).unwrap();
        for field in &schema.record_type("person").unwrap().fields {
            let held = role.compartments.contains(&field.compartment);
            assert!(held || record.field(&field.name).is_none());
        }
        assert_eq!(
            record.field("given_names").is_some(),
            role.compartments.contains(&"identity".into())
        );
        assert_eq!(
            record.sealed().contains_key("safety"),
            !role.compartments.contains(&"safety".into())
        );
        let guess = vault.find("person", "paternal_surname", "Quispe");
        match role.compartments.contains(&"identity".into()) {
            true => assert_eq!(guess.unwrap(), [girl]),
            false => assert_eq!(guess.unwrap_err().kind(), ErrorKind::NoCompartment),
        }
        let edit = RecordEdit::new().set("safe_contact", role.name.as_str());
        let edited = vault.edit(girl, record.revision(), edit);
        match role.compartments.contains(&"safety".into()) {
            true => assert_eq!(edited.unwrap(), record.revision() + 1),
            false => assert_eq!(edited.unwrap_err().kind(), ErrorKind::NoCompartment),
        }
        assert_eq!(vault.check(&mut |_| ()).unwrap().findings, [], "{}", role.name);

        // By key, without any `if`: no key of this role opens a section outside it.
        let live = vault.live();
        let loaded = vault.load(&live, &girl).unwrap();
        for (section, bytes) in &loaded.row.sections {
            let sk = &loaded.group.slot(*section).unwrap().sk;
            let record_type = if section.compartment == 0 { "" } else { "person" };
            let place = crate::seal::Place {
                vault: &vault.id,
                record: &girl,
                record_type,
                section: *section,
            };
            let mut opened = false;
            for code in 0..=31 {
                for (_, ck) in live.ring.epochs(code) {
                    opened |= crate::seal::OpenSection::open(place, bytes, ck, sk).is_ok();
                }
            }
            let name = schema.compartment_name(section.compartment);
            let held = section.compartment == 0
                || name.is_some_and(|name| role.compartments.contains(&name.to_owned()));
            assert_eq!(opened, held, "{} {name:?}", role.name);
        }
    }
}

#[test]
fn two_threads_adding_and_reading_lose_nothing() {
    let office = Office::new();
    let vault = office.create();
    let ids = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|t| {
                let vault = &vault;
                scope.spawn(move || {
                    let mut ids = Vec::new();
                    for n in 0..40 {
                        let id = vault.add(case(&format!("T{t}-{n}"))).unwrap();
                        for id in &ids {
                            vault.read(*id).unwrap();
                        }
                        ids.push(id);
                    }
                    ids
                })
            })
            .collect();
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect::<Vec<_>>()
    });
    drop(vault);
    let vault = office.open();
    assert_eq!(vault.list("case", None, 1000).unwrap().len(), 80);
    for id in ids {
        vault.read(id).unwrap();
    }
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn no_plaintext_lies_in_any_file() {
    let office = Office::new();
    let vault = office.create();
    let canary = "CanarioUnico";
    let case = vault
        .add(
            case(&format!("{canary}-1"))
                .set("narrative", format!("Le dijeron {canary} en la plaza.")),
        )
        .unwrap();
    let girl = vault.add(person(case, canary)).unwrap();
    vault.edit(girl, 1, RecordEdit::new().set("given_names", format!("{canary} Dos"))).unwrap();
    vault.add_member(canary, &Identity::generate().unwrap().card(), "lawyer").unwrap();
    drop(vault);
    let mut words: Vec<String> =
        [canary, "canariounico", "CANARIOUNICO", "2012-05-04", "912345678", "Casa de Prueba"]
            .map(String::from)
            .to_vec();
    let schema = Schema::peru().unwrap();
    for kind in schema.record_types() {
        words.extend(kind.fields.iter().map(|f| f.name.clone()).filter(|name| name.len() > 7));
    }
    let mut files = 0;
    let mut folders = vec![office.dir.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = fs::read(&path).unwrap();
            for word in &words {
                let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
                for needle in [word.as_bytes(), &utf16] {
                    assert!(
                        !bytes.windows(needle.len()).any(|w| w == needle),
                        "{word} in {path:?}"
                    );
                }
            }
        }
    }
    assert!(files > 5);
}

#[test]
fn what_the_schema_refuses_leaves_nothing_behind() {
    let office = Office::new();
    let vault = office.create();
    let case_id = vault.add(case("HCO-0001")).unwrap();
    let good = case("HCO-0002");
    for (bad, kind) in [
        (RecordDraft::new("nada"), ErrorKind::UnknownType),
        (case("X").set("nada", "x"), ErrorKind::UnknownField),
        (case("X").set("status", "canary"), ErrorKind::UnknownCode),
        (case("X").set("registration_date", "canary"), ErrorKind::BadValue),
        (RecordDraft::new("case").set("case_code", "X"), ErrorKind::Required),
        (case("X").under(case_id), ErrorKind::BadParent),
        (
            RecordDraft::new("person").set("survivor_code", "X").set("sex", "female"),
            ErrorKind::BadParent,
        ),
    ] {
        let error = vault.add_all(vec![good.clone(), bad]).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
    assert_eq!(vault.list("case", None, 10).unwrap(), [case_id]);
    assert_eq!(vault.read(RecordId::from_bytes([9; 16])).unwrap_err().kind(), ErrorKind::NotFound);
    let mut other = *case_id.as_bytes();
    other[15] ^= 1;
    assert_eq!(vault.read(RecordId::from_bytes(other)).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(
        vault.read(RecordId::from_slot(0, [0; 10])).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    let _ = FieldValue::from("x");
}

#[test]
fn a_second_process_a_copy_and_a_stranger_are_told_apart() {
    let office = Office::new();
    let vault = office.create();
    assert_eq!(
        VaultOptions::new().open(office.path(), &office.director).unwrap_err().kind(),
        ErrorKind::Busy
    );
    drop(vault);
    let stranger = Identity::generate().unwrap();
    assert_eq!(
        VaultOptions::new().open(office.path(), &stranger).unwrap_err().kind(),
        ErrorKind::NotMember
    );
    let again = VaultOptions::new().create(office.path(), &Schema::peru().unwrap(), &stranger);
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Exists);
    let elsewhere = office.dir.path().join("copy");
    copy(&office.path(), &elsewhere);
    assert_eq!(
        VaultOptions::new().open(&elsewhere, &office.director).unwrap_err().kind(),
        ErrorKind::NoAnchor
    );
    office.open();
    let nowhere = VaultOptions::new().open(office.dir.path().join("none"), &stranger);
    assert_eq!(nowhere.unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_reader_of_read_only_media_changes_nothing() {
    let office = Office::new();
    let vault = office.create();
    let id = vault.add(case("HCO-0001")).unwrap();
    drop(vault);
    let before = listing(office.dir.path());
    let vault = VaultOptions::new().read_only().open(office.path(), &office.director).unwrap();
    vault.read(id).unwrap();
    assert_eq!(vault.add(case("HCO-0002")).unwrap_err().kind(), ErrorKind::ReadOnly);
    assert!(vault.notices().contains(&Notice::ReadOnly));
    vault.check(&mut |_| ()).unwrap();
    drop(vault);
    assert_eq!(listing(office.dir.path()), before);
}

/// Where the store would take it, the session itself must refuse.
#[test]
fn a_reader_writes_nothing_to_a_store_that_was_given() {
    let office = Office::new();
    let store = Arc::new(crate::store::MemoryStore::default());
    let options = || VaultOptions::new().store(Arc::clone(&store) as Arc<dyn Store>);
    let vault =
        options().create(office.path(), &Schema::peru().unwrap(), &office.director).unwrap();
    let id = vault.add(case("HCO-0001")).unwrap();
    drop(vault);
    let (before, position) = (listing(office.dir.path()), store.position());
    let vault = options().read_only().open(office.path(), &office.director).unwrap();
    let newcomer = Identity::generate().unwrap().card();
    for refused in [
        vault.add(case("HCO-0002")).map(drop),
        vault.edit(id, 1, RecordEdit::new().set("narrative", "Otra.")).map(drop),
        vault.erase(id, &asked()).map(drop),
        vault.add_member("Lucia Ficticia", &newcomer, "lawyer").map(drop),
        vault.update_schema(&Schema::peru().unwrap()),
        vault.compact(),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::ReadOnly);
    }
    vault.read(id).unwrap();
    vault.close().unwrap();
    assert_eq!((listing(office.dir.path()), store.position()), (before, position));
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

pub(super) fn listing(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(listing(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

#[test]
fn a_newer_schema_takes_force_and_a_forbidden_change_does_not() {
    let office = Office::new();
    let vault = office.create();
    let old = vault.add(case("HCO-0001")).unwrap();
    let source = Schema::peru().unwrap().source().to_owned();
    let version = format!("version = {}", vault.schema().version());
    let newer = source.replacen(&version, "version = 99", 1).replacen(
        "{ name = \"case_code\"",
        "{ name = \"nickname\", es = \"Apodo\", en = \"Nickname\", kind = \"text\", \
         compartment = \"case\", sensitivity = \"operational\" },\n  { name = \"case_code\"",
        1,
    );
    let newer = Schema::parse(&newer).unwrap();
    vault.update_schema(&newer).unwrap();
    let id = vault.add(case("HCO-0002").set("nickname", "uno")).unwrap();
    drop(vault);
    let vault = office.open();
    assert_eq!(vault.schema().version(), 99);
    assert_eq!(text(&vault.read(id).unwrap(), "nickname"), "uno");
    vault.read(old).unwrap();
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    let error = vault.update_schema(&Schema::peru().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadSchemaChange);
}

/// A folder that was copied without its anchor opens nothing, and above all it does not take the
/// anchor of the vault from which it was copied, which then would be the older of the two.
#[test]
fn a_copy_does_not_go_on_with_the_anchor_of_the_vault_itself() {
    let office = Office::new();
    let options =
        || VaultOptions::new().pins(Arc::new(crate::FilePins::new(office.dir.path().join("pins"))));
    let path = office.path();
    drop(options().create(&path, &Schema::peru().unwrap(), &office.director).unwrap());
    let id = {
        let vault = options().open(&path, &office.director).unwrap();
        vault.add(case("HCO-0001")).unwrap()
    };
    let copied = office.dir.path().join("copied");
    copy(&path, &copied);
    let refused = options().open(&copied, &office.director).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NoAnchor);
    options().open(&path, &office.director).unwrap().read(id).unwrap();
    // By another way it is the vault itself.
    let link = office.dir.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    options().open(&link, &office.director).unwrap().read(id).unwrap();
    fs::remove_file(&link).unwrap();
    // Moved without its anchor it is the vault: the pin knows where that is.
    let moved = office.dir.path().join("moved");
    fs::rename(&path, &moved).unwrap();
    options().open(&moved, &office.director).unwrap().read(id).unwrap();
}

#[test]
fn making_a_vault_never_touches_what_is_not_its_own() {
    let office = Office::new();
    let path = office.path();
    // A folder that happens to have the name: not ours.
    let other = office.dir.path().join("vault.new");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("acta.txt"), "x").unwrap();
    let make = || VaultOptions::new().create(&path, &Schema::peru().unwrap(), &office.director);
    assert_eq!(make().unwrap_err().kind(), ErrorKind::Exists);
    assert!(other.join("acta.txt").exists());
    fs::remove_dir_all(&other).unwrap();
    // What a kill left behind: cleared away.
    fs::create_dir_all(other.join("anchor")).unwrap();
    fs::write(other.join("making"), "").unwrap();
    drop(make().unwrap());
    assert!(!other.exists());
    // The anchor of a vault that was moved away.
    fs::rename(&path, office.dir.path().join("moved")).unwrap();
    assert_eq!(make().unwrap_err().kind(), ErrorKind::Exists);
    fs::create_dir(&other).unwrap();
    fs::write(other.join("making"), "").unwrap();
    assert!(make().is_err());
    fs::rename(office.dir.path().join("moved"), &path).unwrap();
    office.open();
    // Killed between the two last renames.
    fs::create_dir_all(&other).unwrap();
    fs::write(other.join("making"), "").unwrap();
    fs::rename(&path, other.join("vault")).unwrap();
    assert_eq!(make().unwrap_err().kind(), ErrorKind::Exists);
    office.open();
}
