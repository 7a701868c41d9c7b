use super::*;
use crate::keys::identity::Identity;
use crate::keys::roster::{Entry, RoleEntry};

const VAULT_ID: VaultId = VaultId::from_bytes([1; 16]);
const DIRECTOR: usize = 0;
const LAWYER: usize = 1;
const GONE: usize = 2;

/// A director, a lawyer who holds compartment 2, and a director who has left.
struct Office {
    people: Vec<Identity>,
    body: Body,
    ring: KeyRing,
}

fn office() -> Office {
    let people: Vec<_> = (0..3).map(|_| Identity::generate().unwrap()).collect();
    let member = |(number, identity): (usize, &Identity)| Entry {
        id: [u8::try_from(number).unwrap(); 8],
        name: format!("Persona {number}"),
        role: if number == LAWYER { "lawyer" } else { "director" }.into(),
        recipient: identity.card().recipient(),
        verify: identity.card().verify_key().0,
        added: 0,
        removed: (number == GONE).then_some(1),
    };
    let members = people.iter().enumerate().map(member).collect();
    let role = |name: &str, compartments: &[u8], administers| RoleEntry {
        name: name.into(),
        compartments: compartments.to_vec(),
        administers,
    };
    let body = Body {
        vault: *VAULT_ID.as_bytes(),
        name: "Casa de Prueba".into(),
        compartments: vec!["case".into(), "legal".into()],
        roles: vec![role("director", &[1, 2], true), role("lawyer", &[2], false)],
        members,
        escrow: None,
    };
    Office { people, body, ring: KeyRing::generate(2).unwrap() }
}

impl Office {
    fn seal(&self, leaf: &Leaf, signer: usize) -> Vec<u8> {
        leaf.seal(&VAULT_ID, &self.ring, self.people[signer].sign_key()).unwrap()
    }

    fn judge(&self, leaf: &Leaf, signer: usize) -> Result<()> {
        let bytes = self.seal(leaf, signer);
        Leaf::open(&VAULT_ID, &self.ring, leaf.index, &bytes).unwrap().judge(&self.body)
    }

    fn rosters(&self) -> BTreeMap<u64, Roster> {
        let signers = [(MemberId::from_bytes([0; 8]), self.people[DIRECTOR].sign_key())];
        let body = self.body.clone();
        let (roster, _) = Roster::build(1, [0; 32], body, &self.ring, &signers).unwrap();
        BTreeMap::from([(1, roster.clone()), (2, roster)])
    }
}

fn leaf(actor: usize, act: Act, change: Option<Change>) -> Leaf {
    Leaf {
        index: 0,
        at: 0,
        actor: [u8::try_from(actor).unwrap(); 8],
        act,
        roster: 1,
        log_root: Frontier::default().root(),
        erase_epoch: 1 + u64::from(matches!(act, Act::Erased(_))),
        slots: 20,
        tree: [3; 32],
        changes: change.into_iter().collect(),
        note: None,
        reads: Vec::new(),
    }
}

fn change(slot: u64, compartment: u8, digest: u8) -> Option<Change> {
    let compartments = compartment_bit(compartment);
    Some(Change { slot, name: [0; 16], digest: [digest; 32], revision: 1, compartments, links: 0 })
}

#[test]
fn a_leaf_holds_for_what_its_signer_might_do() {
    let office = office();
    for (actor, act, change) in [
        (LAWYER, Act::Added, change(16, 2, 1)),
        (LAWYER, Act::Edited, change(16, 2, 1)),
        (DIRECTOR, Act::Edited, change(16, 1, 1)),
        (DIRECTOR, Act::Erased(ErasureReason::Retention), change(16, 0, 0)),
        (DIRECTOR, Act::Created, change(1, 0, 1)),
        (DIRECTOR, Act::SchemaChanged, change(0, 0, 1)),
        (DIRECTOR, Act::PolicyChanged, change(2, 0, 1)),
        (DIRECTOR, Act::RosterChanged, None),
    ] {
        office.judge(&leaf(actor, act, change), actor).unwrap();
    }
    for (number, (actor, act, change)) in [
        (LAWYER, Act::Added, change(16, 1, 1)),
        (LAWYER, Act::Edited, change(16, 0, 0)),
        (LAWYER, Act::Erased(ErasureReason::Retention), change(16, 0, 0)),
        (LAWYER, Act::Created, None),
        (LAWYER, Act::SchemaChanged, None),
        (LAWYER, Act::PolicyChanged, None),
        (LAWYER, Act::RosterChanged, None),
        (LAWYER, Act::Edited, change(0, 0, 1)),
        (LAWYER, Act::Added, change(15, 0, 1)),
        (DIRECTOR, Act::Edited, change(1, 0, 1)),
        (DIRECTOR, Act::Erased(ErasureReason::Retention), change(16, 0, 1)),
        (DIRECTOR, Act::SchemaChanged, change(16, 0, 0)),
        (GONE, Act::Edited, change(16, 2, 1)),
    ]
    .into_iter()
    .enumerate()
    {
        let judged = office.judge(&leaf(actor, act, change), actor);
        assert_eq!(judged.unwrap_err().kind(), ErrorKind::Tampered, "case {number}");
    }
    let another = office.judge(&leaf(DIRECTOR, Act::Edited, change(16, 1, 1)), LAWYER);
    assert_eq!(another.unwrap_err().kind(), ErrorKind::Tampered, "another's signature");
    let nobody = office.judge(&leaf(7, Act::Edited, change(16, 1, 1)), LAWYER);
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Tampered, "nobody of the roster");
}

#[test]
fn a_walk_takes_only_a_leaf_that_continues_the_log() {
    let office = office();
    let rosters = office.rosters();
    let first = leaf(DIRECTOR, Act::Edited, change(16, 1, 1));
    let then = |bend: fn(&mut Leaf)| {
        let mut walk = Walk::from_the_start(&rosters);
        walk.step(&VAULT_ID, &office.ring, &office.seal(&first, DIRECTOR)).unwrap();
        let mut next = Leaf { index: 1, log_root: walk.log.root(), ..first.clone() };
        bend(&mut next);
        walk.step(&VAULT_ID, &office.ring, &office.seal(&next, DIRECTOR)).map(drop)
    };
    then(|_| ()).unwrap();
    let bent: [fn(&mut Leaf); 7] = [
        |leaf| leaf.index = 2,
        |leaf| leaf.log_root = [0; 32],
        |leaf| leaf.roster = 2,
        |leaf| leaf.erase_epoch = 2,
        |leaf| leaf.slots = 19,
        |leaf| {
            let closed = change(16, 0, 0).into_iter().collect();
            (leaf.act, leaf.changes) = (Act::Erased(ErasureReason::Retention), closed);
        },
        |leaf| leaf.actor = [2; 8],
    ];
    for (number, bend) in bent.into_iter().enumerate() {
        assert_eq!(then(bend).unwrap_err().kind(), ErrorKind::Tampered, "case {number}");
    }
}
