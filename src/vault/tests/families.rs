//! What a parent lists: all of it, nothing else, and as much as fits.

use super::backups::no_findings;
use super::*;
use crate::audit::Act;
use crate::crypto::random;
use crate::error::Place;
use crate::schema::RecordType;
use crate::vault::commit::Tx;
use crate::vault::links::{LinkEdit, list_fields};

/// Puts children into the list of a parent that is not theirs.
fn forge_children(vault: &Vault, parent: RecordId, children: &[RecordId]) -> Result<()> {
    forge_list(vault, |kind, links| {
        children.iter().for_each(|child| links.add(kind, parent, *child));
    })
}

/// Rewrites lists as a member could who changed the program.
fn forge_list(vault: &Vault, forge: impl FnOnce(&RecordType, &mut LinkEdit)) -> Result<()> {
    let live = vault.live();
    let mut tx = Tx::begin(vault, &live);
    let mut links = LinkEdit::default();
    forge(live.schema.record_type("person")?, &mut links);
    vault.write_links(&live, &mut tx, links, &[])?;
    let ready = vault.ready(&live, tx, Act::Edited)?;
    drop(live);
    vault.commit(ready, |_| ()).map(drop)
}

#[test]
fn a_family_comes_in_one_commit() {
    let office = Office::new();
    let vault = office.create();
    let leaves = vault.live().log.size();
    let document =
        RecordDraft::new("identity_document").set("doc_type", "dni").set("doc_number", "12345678");
    let girl = |code: &str| {
        RecordDraft::new("person").set("survivor_code", code).set("sex", "female").under_draft(0)
    };
    let drafts = vec![case("HCO-0001"), girl("S-1"), girl("S-2"), document.under_draft(2)];
    let ids = vault.add_all(drafts).unwrap();
    assert_eq!(vault.live().log.size(), leaves + 1);
    let again = vault.add(girl("S-3").under(ids[0])).unwrap();
    drop(vault);
    let vault = office.open();
    assert_eq!(vault.children(ids[0]).unwrap(), [ids[1], ids[2], again]);
    assert_eq!(vault.children(ids[2]).unwrap(), [ids[3]]);
    assert_eq!(vault.read(ids[3]).unwrap().parent(), Some(ids[2]));
    assert_eq!(vault.read(ids[0]).unwrap().revision(), 1);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    for at in [0, 1] {
        let astray = RecordDraft::new("person").set("survivor_code", "S-4").set("sex", "female");
        let refused = vault.add(astray.under_draft(at)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::BadParent);
    }
    vault.erase(ids[0], &asked()).unwrap();
    for id in ids {
        assert_eq!(vault.read(id).unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_list_that_names_a_record_of_another_takes_nothing_along() {
    let office = Office::new();
    let vault = office.create();
    let [one, two] = ["HCO-0001", "HCO-0002"].map(|code| vault.add(case(code)).unwrap());
    let girl = vault.add(person(one, "Quispe")).unwrap();
    forge_children(&vault, two, &[girl]).unwrap();
    assert_eq!(vault.children(two).unwrap_err().kind(), ErrorKind::Tampered);
    assert_eq!(vault.erase(two, &asked()).unwrap_err().kind(), ErrorKind::Tampered);
    vault.read(girl).unwrap();
    vault.read(two).unwrap();
}

#[test]
fn a_child_that_its_parent_does_not_list_is_found() {
    let office = Office::new();
    let vault = office.create();
    let [one, two] = ["HCO-0001", "HCO-0002"].map(|code| vault.add(case(code)).unwrap());
    // Their children lie mixed, and several in a row.
    let girls = [one, one, two, one, two].map(|of| vault.add(person(of, "Quispe")).unwrap());
    no_findings(&vault);
    for (girl, parent) in [(girls[1], one), (girls[4], two)] {
        forge_list(&vault, |kind, links| links.remove(kind, Some(parent), girl)).unwrap();
    }
    let findings = vault.check(&mut |_| ()).unwrap().findings;
    let found: Vec<_> = findings.iter().map(|f| (f.kind, f.place.clone())).collect();
    let missing = |girl| (ErrorKind::Missing, Place::Record(girl));
    assert_eq!(found, [missing(girls[1]), missing(girls[4])]);
}

#[test]
fn a_list_holds_some_sixty_thousand_and_says_when_it_is_full() {
    let office = Office::new();
    let vault = office.create();
    let parent = vault.add(case("HCO-0001")).unwrap();
    let id = |slot| RecordId::from_slot(1_000_000 + slot, random().unwrap());
    let mut all: Vec<RecordId> = Vec::new();
    // At every edge of a part, and at the last place.
    for length in [4_094, 4_095, 4_096, 8_190, 8_191, 61_425] {
        let more: Vec<_> = (all.len() as u64..length).map(id).collect();
        forge_children(&vault, parent, &more).unwrap();
        all.extend(more);
        let live = vault.live();
        let loaded = vault.load_record(&live, &parent).unwrap();
        assert_eq!(vault.linked(&live, &loaded).unwrap(), all);
    }
    assert_eq!(
        forge_children(&vault, parent, &[id(61_425)]).unwrap_err().kind(),
        ErrorKind::TooLong
    );
    assert_eq!(vault.read(parent).unwrap().revision(), 1);
    assert_eq!(list_fields(&[]).unwrap().len(), 1);
}
