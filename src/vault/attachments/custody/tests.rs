//! A custody file by somebody who can sign what he likes, with a key and a log of his own.

use super::*;
use crate::audit::Checkpoint;
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::crypto::proof::inclusion;
use crate::crypto::sign::SignKey;
use crate::vault::attachments::statement::{HandOver, Statement};
use crate::vault::tests::{Office, case};
use crate::{Identity, NewAttachment};

fn genuine(office: &Office) -> Custody {
    let vault = office.create();
    let case = vault.add(case("HCO-0001")).unwrap();
    let id = vault.attach(case, &NewAttachment::new("photo"), &mut &b"foto"[..]).unwrap();
    vault.hand_over(id, &HandOver::new("Fiscalía Ficticia")).unwrap();
    vault.custody(id).unwrap()
}

/// The first links as they are, and one more under this key, as it must follow.
fn gone_on_with(genuine: &Custody, keep: usize, key: &SignKey) -> Vec<Link> {
    let mut links: Vec<Link> =
        genuine.links[..keep].iter().map(|proved| proved.link.clone()).collect();
    let (previous, leaf) = match links.last() {
        Some(last) => (last.digest().unwrap(), last.statement.leaf + 1),
        None => (Digest([0; 32]), 0),
    };
    let about = match keep {
        0 => About::Attached(genuine.facts().unwrap().clone()),
        _ => About::HandedOver(HandOver::new("Estudio Inventado").from("director")),
    };
    let like = genuine.links[0].link.statement.clone();
    let key_of = PublicKey(key.verify_key().0);
    let statement = Statement { leaf, previous, about, key: key_of, ..like };
    links.push(Link::sign(statement, key).unwrap());
    links
}

/// A log that holds these links in their places, and a checkpoint of it under this key.
fn in_a_log_of_his_own(genuine: &Custody, links: Vec<Link>, key: &SignKey) -> Custody {
    let at = |index: u64| usize::try_from(index).unwrap();
    let size = links.last().unwrap().statement.leaf + 1;
    let mut rows = vec![b"invented".to_vec(); at(size)];
    for link in &links {
        rows[at(link.statement.leaf)] = [b"leaf".as_slice(), &link.digest().unwrap().0].concat();
    }
    let mut log = Frontier::default();
    rows.iter().for_each(|row| log.append(leaf_hash(row)));
    let prove = |link: Link| {
        let index = link.statement.leaf;
        let path = inclusion(size, index, &mut |index| Ok(leaf_hash(&rows[at(index)]))).unwrap();
        let leaf = BASE64.encode(&rows[at(index)]);
        ProvedLink { link, leaf, path: path.into_iter().map(Digest).collect() }
    };
    Custody {
        links: links.into_iter().map(prove).collect(),
        checkpoint: Checkpoint::new(&genuine.vault, size, log.root())
            .sign(key)
            .unwrap()
            .to_string(),
        signer: PublicKey(key.verify_key().0),
        ..genuine.clone()
    }
}

#[test]
fn nobody_else_passes_for_the_founder_whatever_genuine_parts_the_file_has() {
    let office = Office::new();
    let genuine = genuine(&office);
    let stranger = Identity::generate().unwrap();
    let key = stranger.sign_key();
    assert!(genuine.founder_signed());
    assert!(genuine.custodians().iter().all(|link| link.founder));
    let all: Vec<Link> = genuine.links.iter().map(|proved| proved.link.clone()).collect();
    for (links, founder) in [
        // Our fingerprint over a foreign key, in a log of one leaf.
        (gone_on_with(&genuine, 0, key), vec![false]),
        // What a recipient of a genuine file can go on with.
        (gone_on_with(&genuine, 1, key), vec![true, false]),
        (gone_on_with(&genuine, 2, key), vec![true, true, false]),
        // Genuine statements under an invented checkpoint.
        (all, vec![true, true]),
    ] {
        let forged = in_a_log_of_his_own(&genuine, links, key);
        let read = Custody::verify(&forged.to_json().unwrap()).unwrap();
        assert_eq!(read.fingerprint(), genuine.fingerprint());
        let told: Vec<bool> = read.custodians().iter().map(|link| link.founder).collect();
        assert_eq!(told, founder);
        assert!(!read.founder_signed());
        let error = office.open().confirm_custody(&read).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Tampered | ErrorKind::RolledBack), "{error:?}");
    }
}
