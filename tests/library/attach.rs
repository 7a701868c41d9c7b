//! Attaching to a field, when the disk fills up between the two commits.

use std::io::Read;
use std::sync::Arc;

use amparo::{ErrorKind, NewAttachment, Place, RecordDraft, VaultOptions};

use crate::faulty::{Fault, FaultyStore};
use crate::office::{Office, case, schema};

#[test]
fn a_file_whose_field_could_not_be_filled_is_named_by_the_error() {
    let office = Office::new();
    let store = Arc::new(FaultyStore::default());
    let options = || VaultOptions::new().store(store.clone());
    let vault = options().create(office.path(), schema(), &office.director).unwrap();
    let case = vault.add(case("HCO-0001")).unwrap();
    let girl = RecordDraft::new("person").under(case).set("survivor_code", "S-1");
    let girl = vault.add(girl.set("given_names", "Flor").set("sex", "female")).unwrap();
    store.set(Fault::FillsUp);
    let new = NewAttachment::new("photo").field("photo");
    let error = vault.attach(girl, &new, &mut &b"foto"[..]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DiskFull);
    drop(vault);
    store.set(Fault::None);
    let vault = options().open(office.path(), &office.director).unwrap();
    let attached = vault.attachments(girl).unwrap();
    assert_eq!(attached.len(), 1);
    assert_eq!(error.place(), Some(&Place::Record(attached[0].record())));
    let mut bytes = Vec::new();
    vault.open_attachment(attached[0]).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"foto");
    assert_eq!(vault.read(girl).unwrap().field("photo"), None);
}
