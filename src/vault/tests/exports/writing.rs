//! What goes wrong while an export is written leaves no half of it, and the ledger tells the
//! truth of what may have left.

use super::*;
use crate::consent::RecipientEntry;
use crate::vault::tests::consents::{NOW, fiscal, open_at};

impl World {
    fn disclosures(&self, person: RecordId) -> usize {
        self.vault.consents(person).unwrap().ledger().unwrap().disclosures.len()
    }

    fn made(&self) -> Export<'_> {
        self.vault.export(self.case(), &self.request("court_full")).unwrap()
    }
}

#[test]
fn what_stands_in_the_folders_place_stops_it_before_it_is_logged() {
    let world = World::agreed();
    let root = world.office.dir.path();
    fs::write(root.join("file"), b"mine").unwrap();
    fs::create_dir(root.join("folder")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("link")).unwrap();
    for name in ["file", "folder", "link"] {
        let sealed = world.made().seal_into(root.join(name)).unwrap_err();
        let open = world.made().write_open_into(root.join(name)).unwrap_err();
        assert_eq!((sealed.kind(), open.kind()), (ErrorKind::Exists, ErrorKind::Exists));
    }
    assert_eq!(fs::read(root.join("file")).unwrap(), b"mine");
    assert_eq!(fs::read_dir(root.join("folder")).unwrap().count(), 0);
    // Too long for the file system to look for; and a path through a file.
    assert!(world.made().seal_into(root.join("x".repeat(300))).is_err());
    assert!(world.made().seal_into(root.join("file").join("out")).is_err());
    assert_eq!(world.disclosures(world.girl) + world.disclosures(world.woman), 0);
}

#[test]
fn an_export_that_cannot_be_written_is_not_logged_and_leaves_nothing_behind() {
    let world = World::agreed();
    let root = world.office.dir.path();
    let before = fs::read_dir(root).unwrap().count();
    // The name itself fits; that of the unfinished folder beside it does not.
    let long = world.made().seal_into(root.join("x".repeat(250))).unwrap_err();
    let gone = world.made().seal_into(root.join("no/such/place")).unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    let Some(crate::Place::File(folder)) = gone.place() else { panic!("{gone:?}") };
    assert!(folder.ends_with("no/such"), "{folder}");
    assert!(world.made().write_open_into(root.join("no/such/place")).is_err());
    let nameless = world.made().seal_into(root.join("nowhere/..")).unwrap_err();
    for error in [long, gone, nameless] {
        assert_ne!(error.kind(), ErrorKind::Exists);
        assert!(!format!("{error:?}").contains("Flor"));
    }
    assert_eq!(fs::read_dir(root).unwrap().count(), before);
    assert_eq!(world.disclosures(world.girl), 0);
    assert_eq!(world.vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn an_unfinished_export_of_before_is_in_nobodys_way() {
    let world = World::agreed();
    let root = world.office.dir.path();
    fs::create_dir(root.join(".out.unfinished")).unwrap();
    fs::write(root.join(".out.unfinished/bundle.age"), b"half").unwrap();
    world.made().seal_into(root.join("out")).unwrap();
    assert!(!root.join(".out.unfinished").exists());
    let names: Vec<_> = fs::read_dir(root.join("out")).unwrap().map(|e| e.unwrap()).collect();
    assert_eq!(names.len(), 1);
    assert_ne!(fs::read(names[0].path()).unwrap(), b"half");
}

/// Two people agreed. One takes it back after the export was made ready: whoever it is, nothing
/// leaves, and nobody's ledger says that something did.
#[test]
fn a_no_of_one_person_leaves_no_trace_in_the_ledger_of_the_other() {
    for nth in 0..2 {
        let world = World::agreed();
        let who = [world.girl, world.woman][nth];
        let export = world.made();
        let consents = world.vault.consents(who).unwrap();
        consents.withdraw(LEGAL, &world.prosecutor, &by(Party::Subject)).unwrap();
        let out = world.office.dir.path().join("out");
        assert_eq!(export.seal_into(&out).unwrap_err().kind(), ErrorKind::Refused);
        assert!(!out.exists());
        assert_eq!(world.disclosures(world.girl) + world.disclosures(world.woman), 0, "{nth}");
    }
}

#[test]
fn whoever_may_only_read_the_vault_exports_nothing() {
    let world = World::agreed();
    let (case, request) = (world.case(), world.request("court_full"));
    let World { office, vault, .. } = world;
    vault.close().unwrap();
    let vault = VaultOptions::new().read_only().open(office.path(), &office.director).unwrap();
    let out = office.dir.path().join("out");
    vault.preview(case, &request).unwrap();
    let export = vault.export(case, &request).unwrap();
    assert_eq!(export.seal_into(&out).unwrap_err().kind(), ErrorKind::ReadOnly);
    assert!(!out.exists());
}

#[test]
fn what_is_sealed_is_opened_by_its_recipient_and_by_nobody_else() {
    let world = World::new();
    let key = Identity::generate().unwrap();
    let entry =
        RecipientEntry { age_recipient: key.card().recipient(), ..fiscal("Otra Fiscalía") };
    let to = RecipientRef::Recipient(world.vault.add_recipient(&entry).unwrap());
    let grant = Grant::new(LEGAL, to.clone(), world.grant().until);
    world.vault.consents(world.woman).unwrap().give(grant, &by(Party::Subject)).unwrap();
    let request = ExportRequest::new("court_full", LEGAL, &to);
    let export = world.vault.export(world.woman, &request).unwrap();
    let files: Vec<_> = export.files().map(|(n, b)| (n.to_owned(), b.to_vec())).collect();
    let out = world.office.dir.path().join("out");
    export.seal_into(&out).unwrap();
    let bundle = crate::export::Bundle::open(&out, &key).unwrap();
    let opened: Vec<_> = bundle.files().map(|(n, b)| (n.to_owned(), b.to_vec())).collect();
    assert_eq!(opened, files);
    bundle.verify().unwrap();
    for stranger in [&world.office.director, &Identity::generate().unwrap()] {
        let refused = crate::export::Bundle::open(&out, stranger).map(drop).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::NotAllowed);
    }
    // The ledger of a later session still names it.
    let World { office, vault, woman, .. } = world;
    vault.close().unwrap();
    let vault = open_at(&office, &office.director, NOW);
    let ledger = vault.consents(woman).unwrap().ledger().unwrap();
    assert!(ledger.disclosures[0].terms.export.as_ref().unwrap().sealed);
}
