use super::*;
use crate::secret::Key;

struct Office {
    people: Vec<Identity>,
    body: Body,
    ring: KeyRing,
}

fn office(directors: usize) -> Office {
    let people: Vec<_> = (0..directors).map(|_| Identity::generate().unwrap()).collect();
    let members = people.iter().enumerate().map(|(i, p)| member(i, p, "director")).collect();
    let roles = vec![
        RoleEntry { name: "director".into(), compartments: vec![1, 2], administers: true },
        RoleEntry { name: "lawyer".into(), compartments: vec![2], administers: false },
    ];
    let body = Body {
        vault: [7; 16],
        name: "Casa de Prueba".into(),
        compartments: vec!["case".into(), "legal".into()],
        roles,
        members,
        escrow: None,
    };
    Office { people, body, ring: KeyRing::generate(2).unwrap() }
}

fn member(i: usize, identity: &Identity, role: &str) -> Entry {
    Entry {
        id: [u8::try_from(i).unwrap(); 8],
        name: format!("Persona {i}"),
        role: role.into(),
        recipient: identity.card().recipient(),
        verify: identity.card().verify_key().0,
        added: 0,
        removed: None,
    }
}

impl Office {
    fn build(
        &self,
        version: u64,
        previous: [u8; 32],
        body: Body,
        signers: &[usize],
    ) -> (Roster, Vec<u8>) {
        let signers: Vec<_> = signers
            .iter()
            .map(|&i| {
                (MemberId::from_bytes([u8::try_from(i).unwrap(); 8]), self.people[i].sign_key())
            })
            .collect();
        Roster::build(version, previous, body, &self.ring, &signers).unwrap()
    }
}

#[test]
fn a_member_unlocks_exactly_the_role() {
    let mut office = office(1);
    let lawyer = Identity::generate().unwrap();
    office.body.members.push(member(1, &lawyer, "lawyer"));
    let (_, bytes) = office.build(1, [0; 32], office.body.clone(), &[0]);
    let ring = SealedRoster::parse(&bytes).unwrap().unlock(&lawyer).unwrap();
    assert!(ring.holds(VAULT) && ring.holds(2) && !ring.holds(1));
    let stranger = Identity::generate().unwrap();
    let error = SealedRoster::parse(&bytes).unwrap().unlock(&stranger).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotMember);
    let vault = VaultId::from_bytes([7; 16]);
    let opened = SealedRoster::parse(&bytes).unwrap().open(&vault, &ring).unwrap();
    assert_eq!(opened.body.name, "Casa de Prueba");
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("Prueba") && !text.contains("Persona"));
}

#[test]
fn a_roster_signed_by_a_non_administrator_is_refused() {
    let mut office = office(1);
    let lawyer = Identity::generate().unwrap();
    office.body.members.push(member(1, &lawyer, "lawyer"));
    office.people.push(lawyer);
    let (first, _) = office.build(1, [0; 32], office.body.clone(), &[0]);
    let (good, _) = office.build(2, first.hash, office.body.clone(), &[0]);
    good.succeeds(&first).unwrap();
    let (bad, _) = office.build(2, first.hash, office.body.clone(), &[1]);
    assert_eq!(bad.succeeds(&first).unwrap_err().kind(), ErrorKind::Tampered);
    let (fork, _) = office.build(2, [9; 32], office.body.clone(), &[0]);
    assert!(fork.succeeds(&first).is_err());
    let (skip, _) = office.build(3, first.hash, office.body.clone(), &[0]);
    assert!(skip.succeeds(&first).is_err());
}

#[test]
fn a_member_who_makes_himself_director_is_refused() {
    let mut office = office(1);
    let lawyer = Identity::generate().unwrap();
    office.body.members.push(member(1, &lawyer, "lawyer"));
    office.people.push(lawyer);
    let (first, _) = office.build(1, [0; 32], office.body.clone(), &[0]);
    let mut promoted = office.body.clone();
    promoted.members[1].role = "director".into();
    let (coup, _) = office.build(2, first.hash, promoted, &[1]);
    assert!(coup.succeeds(&first).is_err());
}

#[test]
fn two_directors_must_both_sign_a_change_among_directors() {
    let mut office = office(2);
    let third = Identity::generate().unwrap();
    let (first, _) = office.build(1, [0; 32], office.body.clone(), &[0]);
    office.body.members.push(member(2, &third, "director"));
    assert!(Roster::needs_two(&first.body, &office.body));
    let (one, _) = office.build(2, first.hash, office.body.clone(), &[0]);
    assert!(one.succeeds(&first).is_err());
    let (twice, _) = office.build(2, first.hash, office.body.clone(), &[0, 0]);
    assert!(twice.succeeds(&first).is_err());
    let (both, _) = office.build(2, first.hash, office.body.clone(), &[0, 1]);
    both.succeeds(&first).unwrap();
}

#[test]
fn the_first_roster_answers_to_the_fingerprint_only() {
    let office = office(1);
    let (first, bytes) = office.build(1, [0; 32], office.body.clone(), &[0]);
    let vault = VaultId::from_bytes([7; 16]);
    first.begins(Fingerprint::new(&vault, &office.people[0].card().verify_key())).unwrap();
    let other = Identity::generate().unwrap().card().verify_key();
    let error = first.begins(Fingerprint::new(&vault, &other)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownFingerprint);
    for i in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[i] ^= 1;
        let opened =
            SealedRoster::parse(&bad).and_then(|r| r.open(&vault, &office.ring)).and_then(|r| {
                r.begins(Fingerprint::new(&vault, &office.people[0].card().verify_key()))
            });
        assert!(opened.is_err(), "byte {i}");
    }
}

/// An office of two directors with an escrow, and what is needed to sign as it.
fn with_escrow() -> (Office, Identity) {
    let mut office = office(2);
    let escrow = Identity::from_escrow_secret(&Key::init_with(|key| key.fill(7))).unwrap();
    office.body.escrow = Some(escrow_of(&escrow, 1));
    (office, escrow)
}

fn escrow_of(identity: &Identity, epoch: u32) -> Escrow {
    let card = identity.card();
    let custodian = |share| Custodian {
        name: format!("Custodia {share}"),
        recipient: card.recipient(),
        share: [share; 32],
    };
    let split = Split {
        verify: card.verify_key().0,
        quorum: 2,
        commitment: [5; 32],
        custodians: vec![custodian(1), custodian(2), custodian(3)],
    };
    Escrow { epoch, recipient: card.recipient(), split: Some(split) }
}

/// A roster after a recovery: one new director, the two old ones gone, another escrow or none.
fn recovered(office: &Office, escrow: Option<Escrow>) -> Body {
    let mut body = office.body.clone();
    body.members.iter_mut().for_each(|entry| entry.removed = Some(9));
    body.members.push(member(7, &Identity::generate().unwrap(), "director"));
    body.escrow = escrow;
    body
}

#[test]
fn the_escrow_signs_for_administrators_who_are_gone() {
    let (office, escrow) = with_escrow();
    let (first, _) = office.build(1, [0; 32], office.body.clone(), &[0]);
    let stranger = Identity::generate().unwrap();
    let newcomer = Identity::generate().unwrap();
    let sign = |body: Body, id, key| {
        Roster::build(2, first.hash, body, &office.ring, &[(id, key)]).unwrap().0
    };
    let next = escrow_of(&Identity::generate().unwrap(), 2);
    let body = recovered(&office, Some(next));
    sign(body.clone(), Escrow::SIGNER, escrow.sign_key()).succeeds(&first).unwrap();
    // The same by one director alone, by a stranger as the escrow, by the escrow as a person.
    let director = MemberId::from_bytes([0; 8]);
    for (id, key) in [
        (director, office.people[0].sign_key()),
        (Escrow::SIGNER, stranger.sign_key()),
        (Escrow::SIGNER, office.people[0].sign_key()),
        (director, escrow.sign_key()),
    ] {
        assert!(sign(body.clone(), id, key).succeeds(&first).is_err());
    }
    // A signature of the next escrow counts only from the roster on in which it stands.
    let body = recovered(&office, Some(escrow_of(&newcomer, 2)));
    assert!(sign(body, Escrow::SIGNER, newcomer.sign_key()).succeeds(&first).is_err());
}

#[test]
fn an_escrow_that_signed_is_spent() {
    let (office, escrow) = with_escrow();
    let (first, _) = office.build(1, [0; 32], office.body.clone(), &[0]);
    let fresh = Identity::generate().unwrap();
    let mut same_epoch = escrow_of(&fresh, 1);
    let mut same_recipient = escrow_of(&fresh, 2);
    same_recipient.recipient = escrow.card().recipient();
    let mut same_signer = escrow_of(&fresh, 2);
    same_signer.split.as_mut().unwrap().verify = escrow.card().verify_key().0;
    same_epoch.split = None;
    let kept = [escrow_of(&escrow, 1), same_epoch, same_recipient, same_signer];
    for kept in kept.into_iter().map(Some).chain([None]) {
        let body = recovered(&office, kept);
        let signer = (Escrow::SIGNER, escrow.sign_key());
        let (next, _) = Roster::build(2, first.hash, body, &office.ring, &[signer]).unwrap();
        assert_eq!(next.succeeds(&first).unwrap_err().kind(), ErrorKind::Tampered);
    }
}

#[test]
fn no_director_alone_changes_custodians_or_what_shares_must_be() {
    let (office, _) = with_escrow();
    let changes: [fn(&mut Split); 4] = [
        |split| split.quorum = 3,
        |split| split.commitment = [6; 32],
        |split| split.custodians[1].share = [9; 32],
        |split| split.custodians[1].name = "Otra".into(),
    ];
    let (first, _) = office.build(1, [0; 32], office.body.clone(), &[0]);
    for change in changes {
        let mut body = office.body.clone();
        change(body.escrow.as_mut().unwrap().split.as_mut().unwrap());
        let (one, _) = office.build(2, first.hash, body.clone(), &[0]);
        assert!(one.succeeds(&first).is_err());
        let (both, _) = office.build(2, first.hash, body, &[0, 1]);
        both.succeeds(&first).unwrap();
    }
}
