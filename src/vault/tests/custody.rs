//! The custody file, played against by whoever holds it, and by a member who forges.

use super::attachments::{attach, photo};
use super::*;
use crate::{AttachmentId, Custody, HandOver, NewAttachment};

fn handed_over(vault: &Vault) -> AttachmentId {
    let case = vault.add(case("HCO-0001")).unwrap();
    let id = attach(vault, case, &photo());
    vault.add(super::case("HCO-0002")).unwrap();
    vault.hand_over(id, &HandOver::new("Fiscalía Ficticia").why("pericia")).unwrap();
    vault.hand_over(id, &HandOver::new("Archivo").from("Fiscalía Ficticia")).unwrap();
    id
}

#[test]
fn a_custody_file_proves_itself_and_the_vault_confirms_it() {
    let office = Office::new();
    let vault = office.create();
    let id = handed_over(&vault);
    let json = vault.custody(id).unwrap().to_json().unwrap();
    let custody = Custody::verify(&json).unwrap();
    assert_eq!(custody.custodians().len(), 3);
    assert!(custody.founder_signed());
    assert_eq!(custody.sha256().unwrap(), vault.attachment(id).unwrap().sha256);
    custody.verify_file(&mut &photo()[..]).unwrap();
    let mut other = photo();
    other[9] ^= 1;
    for bad in [&other[..], &photo()[1..], b""] {
        let error = custody.verify_file(&mut &bad[..]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tampered);
    }
    assert_eq!(vault.confirm_custody(&custody).unwrap(), Some(id));
    // The log grows, and it still holds; no id of the vault's records stands in it.
    vault.add(case("HCO-0003")).unwrap();
    vault.confirm_custody(&custody).unwrap();
    assert!(!json.contains(&id.to_string()));
    let elsewhere = Office::new();
    let stranger = elsewhere.create();
    assert_eq!(stranger.confirm_custody(&custody).unwrap_err().kind(), ErrorKind::Tampered);
    #[cfg(feature = "pdf")]
    for language in [crate::Language::Spanish, crate::Language::English] {
        assert!(custody.to_pdf(language).unwrap().starts_with(b"%PDF-"));
    }
}

#[test]
fn a_custody_file_with_anything_altered_left_out_or_exchanged_is_refused() {
    let office = Office::new();
    let vault = office.create();
    let id = handed_over(&vault);
    let json = vault.custody(id).unwrap().to_json().unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    let refused = |value: &serde_json::Value| {
        let error = Custody::verify(&value.to_string()).expect_err("was believed");
        assert_eq!(error.kind(), ErrorKind::Tampered);
    };
    // Every text and number that stands anywhere in it.
    let mut changed = 0;
    for path in leaves_of(&value, String::new()) {
        let mut altered = value.clone();
        let place = altered.pointer_mut(&path).unwrap();
        *place = match place {
            serde_json::Value::Number(number) => (number.as_u64().unwrap() + 1).into(),
            serde_json::Value::String(text) => flipped(text).into(),
            other => panic!("{other}"),
        };
        if Custody::verify(&altered.to_string()).is_ok() {
            panic!("{path} can be altered");
        }
        changed += 1;
    }
    assert!(changed > 50, "{changed}");
    // A link left out, doubled, or in another place; the last one cut is a true, older file.
    let links = |edit: &dyn Fn(&mut Vec<serde_json::Value>)| {
        let mut altered = value.clone();
        edit(altered["links"].as_array_mut().unwrap());
        altered
    };
    refused(&links(&|links| drop(links.remove(1))));
    refused(&links(&|links| drop(links.remove(0))));
    refused(&links(&|links| links.swap(1, 2)));
    refused(&links(&|links| links.push(links[2].clone())));
    refused(&links(&Vec::clear));
    Custody::verify(&links(&|links| drop(links.pop())).to_string()).unwrap();
    // The first statement of another file of the same vault.
    let another = vault.attach(
        vault.attachment(id).unwrap().record,
        &NewAttachment::new("photo"),
        &mut &b"x"[..],
    );
    let another = vault.custody(another.unwrap()).unwrap().to_json().unwrap();
    let another: serde_json::Value = serde_json::from_str(&another).unwrap();
    refused(&links(&|links| links[0] = another["links"][0].clone()));
    let mut newer = value.clone();
    newer["version"] = 2.into();
    let error = Custody::verify(&newer.to_string()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::NewerFormat);
    for bad in ["", "{}", "null", "[1]"] {
        assert_eq!(Custody::verify(bad).err().unwrap().kind(), ErrorKind::Tampered);
    }
}

/// Whoever hands on a true file can cut its end off: the vault knows what it noted.
#[test]
fn a_hand_over_cut_from_the_end_is_missed_by_the_vault() {
    let office = Office::new();
    let vault = office.create();
    let id = handed_over(&vault);
    let older = vault.custody(id).unwrap();
    vault.hand_over(id, &HandOver::new("Perito Ficticio")).unwrap();
    let json = vault.custody(id).unwrap().to_json().unwrap();
    let mut cut: serde_json::Value = serde_json::from_str(&json).unwrap();
    for left in [3, 2, 1] {
        cut["links"].as_array_mut().unwrap().pop().unwrap();
        let believed = Custody::verify(&cut.to_string()).unwrap();
        assert_eq!(believed.custodians().len(), left);
        assert_eq!(vault.confirm_custody(&believed).unwrap_err().kind(), ErrorKind::Tampered);
    }
    // What was noted after its checkpoint it cannot say.
    assert_eq!(vault.confirm_custody(&older).unwrap(), Some(id));
    vault.confirm_custody(&Custody::verify(&json).unwrap()).unwrap();
}

/// Somebody makes a chain of their own about another file: everything holds but whose key it is,
/// and the vault says so.
#[test]
fn a_chain_that_a_stranger_made_is_not_of_the_founder_and_no_vault_confirms_it() {
    let (office, other) = (Office::new(), Office::new());
    let (vault, forger) = (office.create(), other.create());
    let id = handed_over(&vault);
    let forged = handed_over(&forger);
    let (ours, theirs) = (vault.custody(id).unwrap(), forger.custody(forged).unwrap());
    let (ours, theirs) = (ours.to_json().unwrap(), theirs.to_json().unwrap());
    let fingerprint = |json: &str| Custody::verify(json).unwrap().fingerprint();
    // The forger's statements cannot be made to name our fingerprint without breaking them.
    let renamed = theirs.replace(&fingerprint(&theirs), &fingerprint(&ours));
    assert_eq!(Custody::verify(&renamed).err().unwrap().kind(), ErrorKind::Tampered);
    let believed = Custody::verify(&theirs).unwrap();
    assert_eq!(vault.confirm_custody(&believed).unwrap_err().kind(), ErrorKind::Tampered);
}

fn flipped(text: &str) -> String {
    // The first letter or digit that can be another of its kind.
    let at = text.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(0);
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = match bytes[at] {
        b'0' => b'1',
        b'1'..=b'9' => bytes[at] - 1,
        b'a' => b'b',
        _ => b'a',
    };
    String::from_utf8(bytes).unwrap()
}

fn leaves_of(value: &serde_json::Value, path: String) -> Vec<String> {
    match value {
        serde_json::Value::Object(map) => map
            .iter()
            .filter(|(key, _)| *key != "version")
            .flat_map(|(key, value)| leaves_of(value, format!("{path}/{key}")))
            .collect(),
        serde_json::Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(at, value)| leaves_of(value, format!("{path}/{at}")))
            .collect(),
        _ => vec![path],
    }
}
