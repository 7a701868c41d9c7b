//! A10: after a panic nothing opens with any staff key, whatever state things were in.

use super::*;
use crate::FileAnchor;
use crate::keys::anchor::AnchorSlot;
use crate::keys::capsule::read_current;
use crate::vault::erase::Step;

fn anchor_of(office: &Office) -> FileAnchor {
    FileAnchor::beside(&office.path())
}

fn strike(office: &Office) -> PanicReport {
    VaultOptions::new().panic(office.path())
}

#[test]
fn after_a_panic_no_staff_key_opens_anything() {
    let office = Office::new();
    let vault = office.create();
    let id = vault.add(case("HCO-0001")).unwrap();
    let slots = anchor_of(&office).slots().unwrap();
    let before = read_current(&office.path()).unwrap().unwrap();
    assert!(before.open(office.director.age()).is_ok(), "the adversary knows how");
    let report = strike(&office);
    assert!(report.is_final() && !report.recoverable_by_custodians, "{report:?}");
    // The session that was open ends at its next operation and holds no keys any more.
    assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::NoAnchor);
    assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::SessionEnded);
    assert!(!vault.live().ring.holds(1) && vault.live().index.slots.is_empty());
    drop(vault);
    let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnchor);
    // The capsule was the directors': it went too.
    let capsule = fs::read(office.path().join("capsule")).unwrap();
    assert!(capsule.iter().all(|byte| *byte == 0));
    let key = slots[0].key.expose();
    let anchor = fs::read(anchor_of(&office).folder().join("anchor.key")).unwrap();
    assert!(!anchor.windows(32).any(|bytes| bytes == key));
    assert!(anchor[..8192].iter().all(|byte| *byte == 0));
}

#[test]
fn a_capsule_of_the_custodians_outlives_a_panic() {
    let office = Office::new();
    let escrow = age::x25519::Identity::generate();
    let made = VaultOptions::new().escrow(&escrow.to_public().to_string());
    drop(made.create(office.path(), &Schema::peru().unwrap(), &office.director).unwrap());
    let report = strike(&office);
    assert!(report.is_final() && report.recoverable_by_custodians);
    let capsule = read_current(&office.path()).unwrap().unwrap();
    assert!(capsule.open(&escrow).is_ok() && capsule.open(office.director.age()).is_err());
}

#[test]
fn a_panic_that_was_cut_short_is_finished_by_the_next() {
    // What a kill leaves: noise in one slot, one of two slots, the generation not raised.
    let states: [fn(&mut [u8]); 4] = [
        |bytes| bytes[..4096].fill(0xa5),
        |bytes| bytes[..4096].fill(0),
        |bytes| bytes[..8192].fill(0),
        |bytes| bytes[8192..].fill(0xff),
    ];
    for (nth, state) in states.into_iter().enumerate() {
        let office = Office::new();
        drop(office.create());
        let anchor = anchor_of(&office);
        let file = anchor.folder().join("anchor.key");
        let slot = anchor.slots().unwrap().remove(0);
        let other = AnchorSlot::generate(slot.vault, slot.erase_epoch + 1, Vec::new()).unwrap();
        anchor.write_spare(&other).unwrap();
        let mut bytes = fs::read(&file).unwrap();
        state(&mut bytes);
        fs::write(&file, bytes).unwrap();
        let before = anchor.generation().unwrap();
        assert!(strike(&office).is_final(), "state {nth}");
        assert!(anchor.slots().unwrap().is_empty());
        assert_ne!(anchor.generation().unwrap(), before);
        let error = VaultOptions::new().open(office.path(), &office.director).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoAnchor);
    }
}

#[test]
fn a_session_in_the_middle_of_an_erase_leaves_nothing_that_opens() {
    let office = Office::new();
    let vault = office.create();
    let id = vault.add(case("HCO-0001")).unwrap();
    let path = office.path();
    *vault.hook.lock().unwrap() = Some(Box::new(move |step| {
        // The spare slot is written; the capsule of the directors comes next.
        if step == Step::NextCapsule {
            assert!(VaultOptions::new().panic(&path).is_final());
        }
        Ok(())
    }));
    assert_eq!(vault.erase(id).unwrap_err().kind(), ErrorKind::NoAnchor);
    drop(vault);
    assert!(anchor_of(&office).slots().unwrap().is_empty());
    for name in ["capsule", "capsule.next"] {
        let bytes = fs::read(office.path().join(name)).unwrap();
        assert!(bytes.iter().all(|byte| *byte == 0), "{name}");
    }
}

#[test]
fn what_is_damaged_missing_or_elsewhere_is_said_or_found() {
    let pins = tempfile::tempdir().unwrap();
    let options = || VaultOptions::new().pins(Arc::new(crate::FilePins::new(pins.path())));
    let office = Office::new();
    let make = |office: &Office| {
        let made = options().create(office.path(), &Schema::peru().unwrap(), &office.director);
        made.unwrap().close().unwrap();
    };
    make(&office);
    // The folder was moved and its anchor was not: the pin knows where it is.
    let moved = office.dir.path().join("elsewhere");
    fs::rename(office.path(), &moved).unwrap();
    assert!(!VaultOptions::new().panic(&moved).is_final());
    assert_eq!(anchor_of(&office).slots().unwrap().len(), 1);
    assert!(options().panic(&moved).is_final());
    assert!(anchor_of(&office).slots().unwrap().is_empty());

    // The anchor of another vault stands where the pin saw this one's: it is left alone.
    let first = Office::new();
    make(&first);
    let moved = first.dir.path().join("elsewhere");
    fs::rename(first.path(), &moved).unwrap();
    fs::remove_dir_all(first.dir.path().join("vault.anchor")).unwrap();
    first.create().close().unwrap();
    let report = options().panic(&moved);
    assert!(!report.is_final() && report.destroyed.is_empty());
    assert_eq!(anchor_of(&first).slots().unwrap().len(), 1);

    // Neither header nor store are needed, nor the folder.
    for what in ["amparo.vault", "store", ""] {
        let office = Office::new();
        make(&office);
        let path = office.path().join(what);
        let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        removed.unwrap();
        assert!(options().panic(office.path()).is_final(), "{what}");
    }
    // No anchor, a folder in its place: said, and the capsule goes all the same.
    let office = Office::new();
    make(&office);
    let file = anchor_of(&office).folder().join("anchor.key");
    fs::remove_file(&file).unwrap();
    let report = VaultOptions::new().panic(office.path());
    assert_eq!(report.failed[0].1.kind(), ErrorKind::NoAnchor);
    fs::create_dir(&file).unwrap();
    let report = VaultOptions::new().panic(office.path());
    assert_eq!(report.failed[0].1.kind(), ErrorKind::Io);
    assert!(fs::read(office.path().join("capsule")).unwrap().iter().all(|byte| *byte == 0));
}
