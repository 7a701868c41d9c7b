//! The ledger in a vault: what is refused stores nothing, and nobody alters what was said.

use std::sync::Arc;

use super::*;
use crate::audit::Act;
use crate::consent::{
    Basis, BlockReason, Condition, Effect, EventCode, Grant, Means, Party, Policy, Reason,
    RecipientEntry, RecipientKind, RecipientRef, Speaker, Statement, What,
};
use crate::consent::{Channel, OverrideTerms};
use crate::keys::card::MemberCard;
use crate::schema::own::LEDGER;
use crate::seal::SectionId;
use crate::time::FixedClock;
use crate::vault::commit::{RecordEntry, Tx};

pub(super) const NOW: &str = "2026-11-22T15:00:00Z";

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn open_at(office: &Office, identity: &Identity, now: &str) -> Vault {
    VaultOptions::new().clock(Arc::new(FixedClock(at(now)))).open(office.path(), identity).unwrap()
}

pub(super) struct World {
    pub(super) office: Office,
    pub(super) vault: Vault,
    /// A girl of 14.
    pub(super) girl: RecordId,
    /// A woman of 36.
    pub(super) woman: RecordId,
    pub(super) prosecutor: RecipientRef,
    pub(super) prosecutor_id: RecordId,
}

impl World {
    pub(super) fn new() -> Self {
        Self::of(&Schema::peru().unwrap())
    }

    pub(super) fn of(schema: &Schema) -> Self {
        let office = Office::new();
        // A later clock would date the first leaf after what is said below.
        let made = VaultOptions::new().clock(Arc::new(FixedClock(at(NOW)))).name("Casa de Prueba");
        drop(made.create(office.path(), schema, &office.director).unwrap());
        let vault = open_at(&office, &office.director, NOW);
        let case = vault.add(case("HCO-0001")).unwrap();
        let girl = vault.add(person(case, "Quispe")).unwrap();
        let woman = person(case, "Huamán").set("birth_date", "1990-01-01");
        let woman = vault.add(woman).unwrap();
        let prosecutor_id = vault.add_recipient(&fiscal("Fiscalía")).unwrap();
        let prosecutor = RecipientRef::Recipient(prosecutor_id);
        Self { office, vault, girl, woman, prosecutor, prosecutor_id }
    }

    pub(super) fn grant(&self) -> Grant {
        Grant::new("legal_proceedings", self.prosecutor.clone(), at("2027-11-22T05:00:00Z"))
    }

    fn reason(&self, person: RecordId) -> Reason {
        let field = "person.given_names";
        let request = self.vault.request("legal_proceedings", &self.prosecutor, field).unwrap();
        self.vault.consents(person).unwrap().decide(&request).unwrap().reason
    }

    fn entries(&self, person: RecordId) -> usize {
        let live = self.vault.live();
        let loaded = self.vault.load_record(&live, &person).unwrap();
        let listed = self.vault.listed(&live, &loaded).unwrap();
        listed.iter().filter(|(_, kind)| kind.name == LEDGER).count()
    }

    fn household(&self, accused: bool) -> RecordId {
        let father = RecordDraft::new("household_member")
            .under(self.girl)
            .set("relation", "padre")
            .set("is_alleged_perpetrator", accused);
        self.vault.add(father).unwrap()
    }
}

pub(super) fn fiscal(name: &str) -> RecipientEntry {
    RecipientEntry {
        name: name.to_owned(),
        kind: RecipientKind::Prosecutor,
        organisation: Some("Ministerio Inventado".to_owned()),
        age_recipient: Identity::generate().unwrap().card().recipient(),
    }
}

pub(super) fn by(party: Party) -> Statement {
    Statement::by(party)
}

#[test]
fn what_was_said_decides_and_outlives_the_session() {
    let world = World::new();
    assert_eq!(world.reason(world.woman), Reason::NoConsent);
    let consents = world.vault.consents(world.woman).unwrap();
    let said = by(Party::Subject).through(
        Means::new(Channel::Thumbprint)
            .in_language("qu")
            .interpreted_by("Intérprete Inventada")
            .witnessed_by("Testiga Inventada"),
    );
    let id = consents.give(world.grant().on_condition(Condition::NotifyFirst), &said).unwrap();
    assert_eq!(world.reason(world.woman), Reason::ConsentInForce);
    let World { office, vault, woman, prosecutor, .. } = world;
    vault.close().unwrap();
    let vault = open_at(&office, &office.director, NOW);
    let ledger = vault.consents(woman).unwrap().ledger().unwrap();
    let consent = &ledger.consents[0];
    assert_eq!((consent.id, ledger.consents.len()), (id, 1));
    assert_eq!(consent.events[0].1.means.interpreter(), Some("Intérprete Inventada"));
    assert_eq!(consent.events[0].1.what.code(), EventCode::Given);
    let request = vault.request("legal_proceedings", &prosecutor, "case.narrative").unwrap();
    let decision = vault.consents(woman).unwrap().decide(&request).unwrap();
    assert_eq!((decision.effect, decision.cited.len()), (Effect::Permit, 1));
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_minor_assents_and_dissents_whatever_she_is_recorded_to_do() {
    let world = World::new();
    let consents = world.vault.consents(world.girl).unwrap();
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    assert_eq!(world.reason(world.girl), Reason::GuardianMissing);
    let policy = world.vault.policy().unwrap();
    let permits = || {
        let ledger = consents.ledger().unwrap();
        ledger.permits(&ledger.consents[0], &policy, consents.now())
    };
    assert!(!permits());
    consents.give(world.grant(), &by(Party::Guardian)).unwrap();
    assert_eq!(world.reason(world.girl), Reason::ConsentInForce);
    assert!(permits());
    consents.refuse(world.grant(), &by(Party::Subject)).unwrap();
    assert_eq!(world.reason(world.girl), Reason::ChildDissents);
    let codes: Vec<_> = consents
        .ledger()
        .unwrap()
        .consents
        .iter()
        .map(|consent| consent.events[0].1.what.code())
        .collect();
    assert_eq!(codes, [EventCode::AssentGiven, EventCode::Given, EventCode::Dissented]);
}

#[test]
fn what_is_refused_stores_nothing() {
    let world = World::new();
    let before = world.entries(world.girl);
    let consents = world.vault.consents(world.girl).unwrap();
    let grant = || world.grant();
    let to = || world.prosecutor.clone();
    let father = world.household(true);
    let nobody = RecordId::from_slot(9999, [1; 10]);
    let past = at("2020-01-01T00:00:00Z");
    let mother = by(Party::Guardian);
    let accused = mother.clone().from(Speaker::new(Party::Guardian).known_as(father));
    let tomorrow = mother.clone().at(at("2026-11-23T15:00:00Z"));
    let ended = Grant::new("legal_proceedings", to(), past);
    let unknown = Grant::new("curiosity", to(), grant().until);
    let stranger = Grant::new("legal_proceedings", RecipientRef::Recipient(nobody), grant().until);
    for (terms, said, kind) in [
        (ended, &mother, ErrorKind::BadValue),
        (unknown, &mother, ErrorKind::UnknownCode),
        (stranger, &mother, ErrorKind::NotFound),
        (grant().category("nothing"), &mother, ErrorKind::UnknownCode),
        (grant().field("person.nothing"), &mother, ErrorKind::UnknownField),
        (grant().field("given_names"), &mother, ErrorKind::UnknownField),
        (grant(), &tomorrow, ErrorKind::BadValue),
        (grant(), &accused, ErrorKind::Blocked),
    ] {
        assert_eq!(consents.give(terms.clone(), said).unwrap_err().kind(), kind);
        assert_eq!(consents.refuse(terms, said).unwrap_err().kind(), kind);
    }
    let lost = consents.record(nobody, What::Revoked, &mother).unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::NotFound);
    let lost = consents.withdraw("legal_proceedings", &to(), &mother).unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::NotFound);
    assert_eq!(
        consents.block(nobody, BlockReason::Conflict).unwrap_err().kind(),
        ErrorKind::NotFound
    );
    assert_eq!(consents.approve(nobody).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(world.entries(world.girl), before);
    assert_eq!(world.vault.consents(father).unwrap_err().kind(), ErrorKind::BadParent);
}

#[test]
fn the_blocked_neither_give_nor_receive() {
    let world = World::new();
    let consents = world.vault.consents(world.girl).unwrap();
    let father = world.household(false);
    let speaker = Speaker::new(Party::Guardian).known_as(father);
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    consents.give(world.grant(), &by(Party::Guardian).from(speaker.clone())).unwrap();
    assert_eq!(world.reason(world.girl), Reason::ConsentInForce);
    // He is noted as an alleged perpetrator: what he gave counts no more.
    let edit = RecordEdit::new().set("is_alleged_perpetrator", true);
    world.vault.edit(father, 1, edit).unwrap();
    assert_eq!(world.reason(world.girl), Reason::GiverBlocked);
    consents.give(world.grant(), &by(Party::Guardian)).unwrap();
    assert_eq!(world.reason(world.girl), Reason::ConsentInForce);
    let prosecutor = world.prosecutor_id;
    consents.block(prosecutor, BlockReason::Conflict).unwrap();
    assert_eq!(world.reason(world.girl), Reason::RecipientBlocked);
}

#[test]
fn a_withdrawal_reaches_back_to_who_received() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    let prosecutor = world.prosecutor_id;
    let fields = ["person.given_names", "person.phone"];
    let denied = consents.disclosed("legal_proceedings", prosecutor, &fields).unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Refused);
    let wide = Grant::new(
        "legal_proceedings",
        RecipientRef::Kind(RecipientKind::Prosecutor),
        world.grant().until,
    );
    let wide = consents.give(wide, &by(Party::Subject).at(at("2026-11-01T00:00:00Z"))).unwrap();
    let left = consents.disclosed("legal_proceedings", prosecutor, &fields).unwrap();
    // Said on the 10th, recorded today: the disclosure of today came too late.
    let said = by(Party::Subject).through(Means::new(Channel::Phone));
    let said = said.at(at("2026-11-10T00:00:00Z"));
    let ended = consents.withdraw("legal_proceedings", &world.prosecutor, &said).unwrap();
    assert_eq!((ended.events.len(), ended.events[0].of), (1, wide));
    let recall = &ended.recalls[0];
    assert_eq!((recall.recipient, recall.disclosure), (prosecutor, left));
    assert!(recall.disclosed_at > recall.withdrawn_at);
    assert_eq!(world.reason(world.woman), Reason::Withdrawn);
    // Another prosecutor is still covered: she took back a part.
    let other = world.vault.add_recipient(&fiscal("Otra Fiscalía")).unwrap();
    let other = RecipientRef::Recipient(other);
    let request = world.vault.request("legal_proceedings", &other, "person.phone").unwrap();
    assert!(consents.decide(&request).unwrap().is_permit());
}

#[test]
fn an_override_needs_two_and_ends_by_itself() {
    let world = World::new();
    let World { office, vault, woman, prosecutor, .. } = world;
    let second = Identity::generate().unwrap();
    vault.add_member("Abogada", &second.card(), "lawyer").unwrap();
    let third = Identity::generate().unwrap();
    vault.add_member("Consejera", &third.card(), "judicial_counsellor").unwrap();
    vault.close().unwrap();
    let terms = |until: &str| OverrideTerms {
        purpose: "legal_proceedings".to_owned(),
        recipient: prosecutor.clone(),
        fields: std::collections::BTreeSet::default(),
        basis: Basis::MandatoryReport,
        reason: "Denuncia obligatoria inventada".into(),
        until: at(until),
        once: false,
        person_told: false,
    };
    let decide = |vault: &Vault| {
        let request = vault.request("legal_proceedings", &prosecutor, "person.phone").unwrap();
        vault.consents(woman).unwrap().decide(&request).unwrap().reason
    };
    let vault = open_at(&office, &second, NOW);
    let consents = vault.consents(woman).unwrap();
    for bad in ["2026-11-25T15:00:01Z", "2026-11-22T15:00:00Z"] {
        let refused = consents.ask_override(terms(bad)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::BadValue);
    }
    let id = consents.ask_override(terms("2026-11-25T15:00:00Z")).unwrap();
    assert_eq!(decide(&vault), Reason::OverrideNotApproved);
    assert_eq!(consents.approve(id).unwrap_err().kind(), ErrorKind::NotAllowed);
    vault.close().unwrap();
    let vault = open_at(&office, &third, NOW);
    vault.consents(woman).unwrap().approve(id).unwrap();
    assert_eq!(decide(&vault), Reason::OverrideWithoutLead);
    vault.close().unwrap();
    let vault = open_at(&office, &office.director, "2026-11-25T14:59:59Z");
    vault.consents(woman).unwrap().approve(id).unwrap();
    assert_eq!(decide(&vault), Reason::OverrideInForce);
    vault.close().unwrap();
    let vault = open_at(&office, &office.director, "2026-11-25T15:00:00Z");
    assert_eq!(decide(&vault), Reason::OverrideExpired);
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

/// A member who holds every key of the compartment rewrites an entry, or the list, as the vault
/// itself would seal it.
pub(super) fn forge(vault: &Vault, id: RecordId, revision: u32, change: impl Fn(&str) -> String) {
    let mut writer = vault.writer();
    let live = vault.live();
    let loaded = vault.load_record(&live, &id).unwrap();
    let text = vault.entry_text(&live, &loaded).unwrap();
    let mut particulars = vault.particulars(&live, &loaded).unwrap();
    particulars.meta.revision = revision;
    let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
    let home = live.schema.compartment_code("case").unwrap();
    let parent = vault
        .open_section(&live, &loaded, "@ledger", SectionId::fields(home))
        .unwrap()
        .unwrap()
        .field(meta::PARENT, meta::BYTES)
        .unwrap()
        .unwrap();
    let value = FieldValue::LongText(change(text.expose()).into()).encode();
    let entry = crate::seal::PlainField { path: "entry", kind: 2, value };
    let parent = crate::seal::PlainField { path: meta::PARENT, kind: meta::BYTES, value: parent };
    let mut nonces = crate::crypto::aead::Nonces::draw(2).unwrap();
    let at = (&id, "@ledger", SectionId::fields(home));
    vault.seal_into(&live, &mut row, &mut group, at, 2, vec![parent, entry], &mut nonces).unwrap();
    let at = (&id, "", meta::SECTION);
    let fields = particulars.fields().unwrap();
    vault.seal_into(&live, &mut row, &mut group, at, 2, fields, &mut nonces).unwrap();
    let mut tx = Tx::begin(vault, &live);
    let entry = RecordEntry::Known;
    tx.put_record(vault, &id, &mut row, &group, entry).unwrap();
    let ready = vault.ready(&live, tx, Act::Edited).unwrap();
    drop(live);
    vault.commit(ready, |_| ()).unwrap();
    vault.after_commit(&mut writer, 1);
}

#[test]
fn an_entry_that_a_member_rewrote_or_hid_is_noticed() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    let first = consents.give(world.grant(), &by(Party::Subject)).unwrap();
    let ended =
        consents.withdraw("legal_proceedings", &world.prosecutor, &by(Party::Subject)).unwrap();
    let last = ended.events[0].event;
    assert_eq!(world.reason(world.woman), Reason::Withdrawn);
    let kind = || consents.ledger().unwrap_err().kind();
    // Rewritten as a first revision: what follows no longer continues it.
    forge(&world.vault, first, 1, |text| text.replace("2027-11-22", "2037-11-22"));
    assert_eq!(kind(), ErrorKind::Tampered);
    forge(&world.vault, first, 1, |text| text.replace("2037-11-22", "2027-11-22"));
    assert_eq!(world.reason(world.woman), Reason::Withdrawn);
    // Rewritten, and said to be.
    forge(&world.vault, last, 2, |text| text.replace("withdrawn", "renewed"));
    assert_eq!(kind(), ErrorKind::Tampered);
    forge(&world.vault, last, 1, |text| text.replace("withdrawn", "nonsense"));
    assert_eq!(kind(), ErrorKind::Tampered);
}

#[test]
fn whoever_holds_the_store_hides_no_entry() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    let ended =
        consents.withdraw("legal_proceedings", &world.prosecutor, &by(Party::Subject)).unwrap();
    let mut batch = crate::store::Batch::new();
    batch.remove(record_row(&ended.events[0].event));
    batch.state(world.vault.store.state());
    world.vault.store.commit(&batch).unwrap();
    world.vault.recent.forget();
    assert_eq!(consents.ledger().unwrap_err().kind(), ErrorKind::Missing);
}

#[test]
fn an_approval_of_somebody_else_does_not_count() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    let terms = OverrideTerms {
        purpose: "legal_proceedings".to_owned(),
        recipient: world.prosecutor.clone(),
        fields: std::collections::BTreeSet::default(),
        basis: Basis::VitalInterest,
        reason: "Inventado".into(),
        until: at("2026-11-23T15:00:00Z"),
        once: true,
        person_told: true,
    };
    let id = consents.ask_override(terms).unwrap();
    forge(&world.vault, id, 1, |text| text.replace("vital_interest", "court_order"));
    assert_eq!(consents.ledger().unwrap_err().kind(), ErrorKind::Tampered);
}

#[test]
fn entries_are_nobodys_to_add_edit_or_erase() {
    let world = World::new();
    let consents = world.vault.consents(world.woman).unwrap();
    let id = consents.give(world.grant(), &by(Party::Subject)).unwrap();
    let draft = RecordDraft::new("@ledger").under(world.woman).set("entry", "{}");
    assert_eq!(world.vault.add(draft).unwrap_err().kind(), ErrorKind::UnknownType);
    let edit = RecordEdit::new().set("entry", "{}");
    assert_eq!(world.vault.edit(id, 1, edit).unwrap_err().kind(), ErrorKind::UnknownType);
    assert_eq!(world.vault.erase(id, &asked()).unwrap_err().kind(), ErrorKind::UnknownType);
    assert_eq!(world.vault.children(world.woman).unwrap(), []);
    assert_eq!(world.reason(world.woman), Reason::ConsentInForce);
    // They go with the person.
    world.vault.erase(world.woman, &asked()).unwrap();
    let live = world.vault.live();
    let gone = world.vault.load_record(&live, &id).map(drop).unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
}

#[test]
fn a_role_without_the_list_does_not_take_it_for_empty() {
    let office = Office::new();
    let statistician = r#"compartments = ["case", "profile"]"#;
    let source = Schema::peru().unwrap().source().to_owned();
    let narrow = source.replace(statistician, r#"compartments = ["profile"]"#);
    assert_ne!(narrow, source);
    let schema = Schema::parse(&narrow).unwrap();
    let vault = VaultOptions::new().create(office.path(), &schema, &office.director).unwrap();
    let case = vault.add(case("HCO-0001")).unwrap();
    let woman = vault.add(person(case, "Huamán")).unwrap();
    let counter = Identity::generate().unwrap();
    vault.add_member("Estadística", &counter.card(), "statistician").unwrap();
    vault.close().unwrap();
    let vault = open_at(&office, &counter, "2099-01-01T00:00:00Z");
    assert_eq!(vault.consents(woman).unwrap_err().kind(), ErrorKind::NoCompartment);
}

#[test]
fn a_policy_is_signed_and_only_rises() {
    let world = World::new();
    let vault = &world.vault;
    let source = vault.policy().unwrap().source().to_owned();
    let same = Policy::parse(&source).unwrap();
    assert_eq!(vault.set_policy(&same).unwrap_err().kind(), ErrorKind::BadPolicy);
    let newer = source.replace("version = 1\n", "version = 2\n");
    let strict = newer.replace("notice_required = false", "notice_required = true");
    for (from, to) in [
        ("\"case\", \"profile\", \"identity\"", "\"nothing\""),
        ("[\"life_safety\"]", "[\"nothing\"]"),
        ("leads = [\"director\"]", "leads = [\"nobody\"]"),
    ] {
        let policy = Policy::parse(&newer.replacen(from, to, 1)).unwrap();
        assert_eq!(vault.set_policy(&policy).unwrap_err().kind(), ErrorKind::BadPolicy);
    }
    let consents = vault.consents(world.woman).unwrap();
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    vault.set_policy(&Policy::parse(&strict).unwrap()).unwrap();
    assert_eq!(world.reason(world.woman), Reason::NoticeMissing);
    let versions = vault.policy_history().unwrap();
    let numbers: Vec<_> = versions.iter().map(|one| one.policy.version()).collect();
    assert_eq!(numbers, [1, 2]);
    let World { office, vault, .. } = world;
    let lawyer = Identity::generate().unwrap();
    vault.add_member("Abogada", &lawyer.card(), "lawyer").unwrap();
    vault.close().unwrap();
    let vault = open_at(&office, &lawyer, NOW);
    let third = Policy::parse(&strict.replace("version = 2\n", "version = 3\n")).unwrap();
    assert_eq!(vault.set_policy(&third).unwrap_err().kind(), ErrorKind::NotAllowed);
    // She holds the key of the record, and writes it all the same.
    let live = vault.live();
    let mut versions = vault.policies(&live).unwrap();
    let key = vault.identity.sign_key();
    let by_her = policy::SignedPolicy::sign(
        &vault.id,
        versions.last(),
        &third,
        (vault.member, key),
        at(NOW),
    );
    versions.push(by_her);
    let document = policy::to_document(&versions).unwrap();
    let ready = vault.replace_document(&live, POLICY_SLOT, &document, Act::Edited).unwrap();
    drop(live);
    vault.commit(ready, |_| ()).unwrap();
    assert_eq!(vault.policy().unwrap_err().kind(), ErrorKind::Tampered);
    vault.close().unwrap();
    let refused = VaultOptions::new().open(office.path(), &office.director);
    let refused = refused.map(drop).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Tampered);
}

#[test]
fn recipients_have_a_key_and_one_name() {
    let world = World::new();
    let entry = fiscal("Fiscalía");
    assert_eq!(world.vault.add_recipient(&entry).unwrap_err().kind(), ErrorKind::Exists);
    let card: MemberCard = Identity::generate().unwrap().card();
    for bad in [
        RecipientEntry { name: String::new(), ..fiscal("x") },
        RecipientEntry { name: "a\nb".to_owned(), ..fiscal("x") },
        RecipientEntry { age_recipient: card.to_string(), ..fiscal("x") },
    ] {
        assert!(world.vault.add_recipient(&bad).is_err());
    }
    assert_eq!(world.vault.recipients().unwrap().len(), 1);
    assert_eq!(world.vault.list("person", None, 9).unwrap().len(), 2);
    assert_eq!(world.vault.recipient(world.woman).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn whom_a_role_cannot_judge_agrees_to_nothing_and_may_refuse() {
    let world = World::new();
    let father = world.household(false);
    let said =
        || Statement::by(Party::Guardian).from(Speaker::new(Party::Guardian).known_as(father));
    let consents = world.vault.consents(world.girl).unwrap();
    consents.give(world.grant(), &by(Party::Subject)).unwrap();
    consents.give(world.grant(), &said()).unwrap();
    assert_eq!(world.reason(world.girl), Reason::ConsentInForce);
    let counsellor = Identity::generate().unwrap();
    let name = "Consejera de Prueba";
    world.vault.add_member(name, &counsellor.card(), "judicial_counsellor").unwrap();
    let World { office, vault, girl, prosecutor, .. } = world;
    vault.close().unwrap();
    // Her role does not open what would say that he is accused.
    let vault = open_at(&office, &counsellor, NOW);
    let request = vault.request("legal_proceedings", &prosecutor, "person.given_names").unwrap();
    let decision = vault.consents(girl).unwrap().decide(&request).unwrap();
    assert_eq!(decision.effect, Effect::Deny, "{decision:?}");
}
