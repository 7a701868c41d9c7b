//! Invented histories: few people, few recipients, few moments, so that things often meet.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::consent::*;
use crate::id::{MemberId, RecordId};
use crate::time::{Date, Timestamp};

/// A question, and all that it is decided on.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) request: Request,
    pub(super) ledger: Ledger,
    pub(super) policy: Policy,
    pub(super) now: Timestamp,
}

impl Story {
    pub(super) fn decide(&self) -> Decision {
        decide(&self.request, &self.ledger, &self.policy, self.now)
    }

    /// The same with something changed.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    pub(super) fn events(&mut self) -> impl Iterator<Item = &mut Event> {
        let consents = self.ledger.consents.iter_mut();
        consents.flat_map(|consent| consent.events.iter_mut().map(|(_, event)| event))
    }

    /// Adds an event to a consent, whichever of them an index happens to mean.
    pub(super) fn say(&mut self, index: usize, event: Event) {
        let count = self.ledger.consents.len().max(1);
        if let Some(consent) = self.ledger.consents.get_mut(index % count) {
            consent.events.push((record(NEW), event));
        }
    }

    pub(super) fn is_minor(&self) -> bool {
        self.policy.is_minor(self.ledger.subject.birth, self.now)
    }
}

pub(super) const fn record(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

pub(super) const fn member(n: u8) -> MemberId {
    MemberId::from_bytes([n; 8])
}

/// An id that no history uses.
pub(super) const NEW: u8 = 250;
/// A person of the case who may be blocked, and two more.
pub(super) const PEOPLE: [u8; 3] = [100, 101, 102];
/// The record about her.
pub(super) const HERSELF: u8 = 103;
const LISTED: [u8; 2] = [110, 111];

/// Half days from 1 March 2026 in Lima; she comes of age in the middle of the sixth day.
pub(super) fn tick(n: i64) -> Timestamp {
    let first: Timestamp = "2026-03-01T05:00:00Z".parse().unwrap();
    Timestamp::from_second(first.as_second() + n * 43_200).unwrap()
}

pub(super) fn story() -> BoxedStrategy<Story> {
    let people = (birth(), prop::bool::weighted(0.2), blocks());
    let said = (vec(consent_seed(), 0..4), vec(override_seed(), 0..3), vec(disclosure(), 0..3));
    (request(), people, said, policy(), 8..16_i64)
        .prop_map(|(request, people, said, policy, now)| {
            let (birth, needs_interpreter, blocks) = people;
            let (consents, overrides, disclosures) = said;
            let mut consents: Vec<_> = consents
                .into_iter()
                .zip(1..)
                .map(|(seed, n)| seed.grow(record(n), &request))
                .collect();
            for (n, consent) in (0_u8..).zip(&mut consents) {
                for (k, (id, _)) in (0_u8..).zip(&mut consent.events) {
                    *id = record(10 + n * 10 + k);
                }
            }
            let overrides = overrides.into_iter().zip(5..).map(|(seed, n)| seed.grow(n, &request));
            let ledger = Ledger {
                subject: Subject { birth, needs_interpreter },
                consents,
                blocks,
                unknown: Default::default(),
                overrides: overrides.collect(),
                disclosures,
            };
            Story { request, ledger, policy, now: tick(now) }
        })
        .boxed()
}

/// Peru's policy, the same with a notice, and one that hears a guardian at 15.
pub(super) fn policy() -> BoxedStrategy<Policy> {
    static POLICIES: LazyLock<[Policy; 3]> = LazyLock::new(|| {
        let peru = Policy::peru().unwrap();
        let notice = peru.source().replace("notice_required = false", "notice_required = true");
        let heard = peru.source().replacen("\"is_told\"", "\"is_heard\"", 1);
        [Policy::parse(&notice).unwrap(), Policy::parse(&heard).unwrap(), peru]
    });
    prop_oneof![1 => Just(0), 1 => Just(1), 4 => Just(2_usize)]
        .prop_map(|n| POLICIES[n].clone())
        .boxed()
}

pub(super) fn birth() -> BoxedStrategy<Birth> {
    let years =
        prop_oneof![2 => Just(18), 2 => Just(15), 1 => Just(6), 1 => Just(3), 2 => Just(30)];
    let day = (years, 4..9_u8).prop_map(|(years, day)| Date::new(2026 - years, 3, day).unwrap());
    prop_oneof![
        6 => day.clone().prop_map(Birth::On),
        1 => day.prop_map(Birth::By),
        1 => Just(Birth::Unknown),
    ]
    .boxed()
}

fn blocks() -> BoxedStrategy<Vec<Block>> {
    let who = prop_oneof![6 => select(&PEOPLE[..2]), 1 => select(&LISTED[..]), 1 => Just(HERSELF)];
    let block = (who, 0..18_i64).prop_map(|(who, since)| Block {
        who: record(who),
        because: BlockReason::Perpetrator,
        since: tick(since),
    });
    prop_oneof![2 => Just(vec![]), 1 => vec(block, 1..3)].boxed()
}

const PURPOSES: [&str; 3] = ["legal_proceedings", "share_authorities", "media_images"];

pub(super) fn request() -> BoxedStrategy<Request> {
    let purpose = prop_oneof![6 => Just(0), 1 => Just(1), 1 => Just(2_usize)];
    let action = prop_oneof![6 => Just(Action::Export), 1 => Just(Action::Share), 1 => Just(Action::Publish)];
    let shape =
        select(vec![Shape::Plain, Shape::Plain, Shape::FreeText, Shape::Place, Shape::Attachment]);
    let sensitivity = prop_oneof![5 => Just("special"), 1 => Just("life_safety")];
    let content = (select(vec!["statement", "date"]), shape, sensitivity);
    (purpose, recipient(), content, action, identifiability())
        .prop_map(|(purpose, recipient, (field, shape, sensitivity), action, identifiability)| {
            Request {
                purpose: PURPOSES[purpose].to_owned(),
                recipient,
                data: Datum {
                    record_type: "incident".to_owned(),
                    field: field.to_owned(),
                    category: "account".to_owned(),
                    sensitivity: sensitivity.to_owned(),
                    shape,
                },
                action,
                identifiability,
            }
        })
        .boxed()
}

fn recipient() -> BoxedStrategy<Recipient> {
    let listed = |n, kind| Recipient {
        id: Some(record(n)),
        organisation: Some("one".to_owned()),
        ..Recipient::of_kind(kind)
    };
    let relative =
        Recipient { who: Some(record(PEOPLE[0])), ..Recipient::of_kind(RecipientKind::Family) };
    let team =
        Recipient { team: Some("team".to_owned()), ..Recipient::of_kind(RecipientKind::Team) };
    prop_oneof![
        6 => Just(listed(LISTED[0], RecipientKind::Prosecutor)),
        2 => Just(listed(LISTED[1], RecipientKind::Upe)),
        1 => Just(relative),
        1 => Just(team),
        1 => Just(Recipient::of_kind(RecipientKind::Donor)),
        1 => Just(Recipient::of_kind(RecipientKind::Media)),
    ]
    .boxed()
}

fn identifiability() -> BoxedStrategy<Identifiability> {
    select(Identifiability::ALL).boxed()
}

/// Any part of what can be named; in the end `fit` makes it cover the request.
fn scope() -> BoxedStrategy<Scope> {
    let recipients = vec![
        RecipientRef::Recipient(record(LISTED[0])),
        RecipientRef::Recipient(record(LISTED[1])),
        RecipientRef::Organisation("one".to_owned()),
        RecipientRef::Kind(RecipientKind::Prosecutor),
        RecipientRef::Kind(RecipientKind::Upe),
        RecipientRef::Team("team".to_owned()),
    ];
    let fields = vec!["incident.statement", "incident.date", "person.date"];
    let some = |set: BTreeSet<&str>| set.into_iter().map(str::to_owned).collect();
    let only =
        (btree_set(select(vec!["account", "identity"]), 0..2), btree_set(select(fields), 0..2))
            .prop_map(move |(categories, fields)| DataScope::Only {
                categories: some(categories),
                fields: some(fields),
            });
    let data = prop_oneof![1 => Just(DataScope::Everything), 4 => only];
    let actions = subsequence(vec![Action::Share, Action::Export, Action::Publish], 1..=3);
    (subsequence(PURPOSES.to_vec(), 1..=2), subsequence(recipients, 1..=3), data, actions)
        .prop_map(|(purposes, recipients, data, actions)| Scope {
            purposes: purposes.into_iter().map(str::to_owned).collect(),
            recipients: recipients.into_iter().collect(),
            data,
            actions: actions.into_iter().collect(),
        })
        .boxed()
}

/// A part of what a consent covers, for withdrawals and restrictions.
pub(super) fn part() -> BoxedStrategy<Scope> {
    (scope(), prop::bool::ANY)
        .prop_map(|(mut scope, every)| {
            if every {
                scope.actions.clear();
            }
            scope
        })
        .boxed()
}

fn fit(scope: &mut Scope, request: &Request) {
    scope.purposes.insert(request.purpose.clone());
    scope.recipients.insert(RecipientRef::Kind(request.recipient.kind));
    scope.actions.insert(request.action);
    if let DataScope::Only { categories, .. } = &mut scope.data {
        categories.insert(request.data.category.clone());
    }
}

#[derive(Clone, Debug)]
struct ConsentSeed {
    terms: Grant,
    fits: bool,
    events: Vec<Event>,
}

impl ConsentSeed {
    fn grow(mut self, id: RecordId, request: &Request) -> Consent {
        if self.fits {
            fit(&mut self.terms.scope, request);
            self.terms.identifiability = self.terms.identifiability.max(request.identifiability);
        }
        Consent {
            id,
            terms: self.terms,
            events: self.events.into_iter().map(|e| (id, e)).collect(),
        }
    }
}

fn consent_seed() -> BoxedStrategy<ConsentSeed> {
    let conditions = btree_set(select(Condition::ALL), 0..2);
    let until = prop_oneof![1 => 6..16_i64, 4 => Just(40)];
    let terms = (scope(), identifiability(), conditions, until).prop_map(
        |(scope, identifiability, conditions, until)| Grant {
            scope,
            identifiability,
            conditions,
            until: tick(until),
        },
    );
    (terms, prop::bool::weighted(0.7), vec(event(), 1..6))
        .prop_map(|(terms, fits, events)| ConsentSeed { terms, fits, events })
        .boxed()
}

pub(super) fn event() -> BoxedStrategy<Event> {
    let what = prop_oneof![
        12 => select(vec![What::Given, What::AssentGiven]),
        2 => Just(What::ReconfirmedAsAdult),
        2 => prop_oneof![8..16_i64, Just(40)].prop_map(|until| What::Renewed { until: tick(until) }),
        1 => Just(What::Requested),
        1 => Just(What::Deferred),
        6 => no(),
    ];
    said(what).boxed()
}

/// What can only take something away.
pub(super) fn no() -> BoxedStrategy<What> {
    prop_oneof![
        3 => select(vec![What::Refused, What::Dissented]),
        1 => part().prop_map(|part| What::Restricted { part }),
        1 => part().prop_map(|part| What::Withdrawn { part: Some(part) }),
        1 => Just(What::Withdrawn { part: None }),
        2 => select(vec![
            What::Superseded { by: record(1) },
            What::Invalidated,
            What::Revoked,
            What::EnteredInError,
            What::Deferred,
        ]),
    ]
    .boxed()
}

/// What was said at some moment, by somebody, somehow.
pub(super) fn said(what: impl Strategy<Value = What> + 'static) -> BoxedStrategy<Event> {
    (what, 0..18_i64, speaker(), means())
        .prop_map(|(what, at, by, means)| Event { what, said_at: tick(at), by, means })
        .boxed()
}

pub(super) fn speaker() -> BoxedStrategy<Speaker> {
    let her = prop_oneof![Just(None), Just(Some(HERSELF))].prop_map(|who| (Party::Subject, who));
    let parent = prop::option::of(select(&PEOPLE[..])).prop_map(|who| (Party::Guardian, who));
    let others = select(vec![Party::TrustedAdult, Party::Caseworker, Party::Court]);
    let other = (others, prop::option::of(select(&PEOPLE[1..])));
    prop_oneof![5 => her, 5 => parent, 1 => other]
        .prop_map(|(party, who)| {
            let speaker = Speaker::new(party);
            who.map_or(speaker.clone(), |who| speaker.known_as(record(who)))
        })
        .boxed()
}

fn means() -> BoxedStrategy<Means> {
    let channel = prop_oneof![4 => Just(Channel::Written), 1 => select(Channel::ALL)];
    let noted = (prop::bool::weighted(0.8), prop::bool::weighted(0.8), prop::bool::weighted(0.7));
    (channel, noted)
        .prop_map(|(channel, (interpreter, notice, witness))| {
            let mut means = Means::new(channel);
            if interpreter {
                means = means.interpreted_by("somebody");
            }
            if witness {
                means = means.witnessed_by("somebody");
            }
            if notice { means.on_notice(Digest([7; 32])) } else { means }
        })
        .boxed()
}

#[derive(Clone, Debug)]
struct OverrideSeed {
    fits: bool,
    named: bool,
    hours: i64,
    asked_at: i64,
    once: bool,
    told: bool,
    approvals: Vec<(u8, bool, i64)>,
}

impl OverrideSeed {
    fn grow(self, n: u8, request: &Request) -> Override {
        let id = record(n);
        let Datum { record_type, field, .. } = &request.data;
        let field = if self.named { format!("{record_type}.{field}") } else { "a.b".to_owned() };
        let purpose = if self.fits { request.purpose.as_str() } else { "tracing" };
        let terms = OverrideTerms {
            purpose: purpose.to_owned(),
            recipient: RecipientRef::Kind(request.recipient.kind),
            fields: if self.fits && !self.named { BTreeSet::new() } else { [field].into() },
            basis: Basis::VitalInterest,
            reason: "danger".into(),
            until: Timestamp::from_second(tick(self.asked_at).as_second() + self.hours * 3600)
                .unwrap(),
            once: self.once,
            person_told: self.told,
        };
        let approvals =
            self.approvals.into_iter().zip(10 + 10 * n..).map(|((who, leads, at), id)| Approval {
                id: record(id),
                member: member(who),
                leads,
                at: tick(at),
            });
        Override { id, terms, asked_at: tick(self.asked_at), approvals: approvals.collect() }
    }
}

fn override_seed() -> BoxedStrategy<OverrideSeed> {
    let approval = (0..3_u8, prop::bool::weighted(0.6), 2..14_i64);
    let flags = (
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.3),
        prop::bool::ANY,
    );
    (flags, 24..100_i64, 4..16_i64, vec(approval, 1..5))
        .prop_map(|((fits, named, once, told), hours, asked_at, approvals)| OverrideSeed {
            fits,
            named,
            hours,
            asked_at,
            once,
            told,
            approvals,
        })
        .boxed()
}

pub(super) fn disclosure() -> BoxedStrategy<Disclosure> {
    let under = btree_set((1..7_u8).prop_map(record), 1..4);
    let fields = btree_set(select(vec!["incident.statement", "incident.date"]), 1..3);
    (under, recipient(), 2..18_i64, select(&PURPOSES[..]), fields, 0..200_u8)
        .prop_map(|(under, received_by, at, purpose, fields, id)| Disclosure {
            id: record(id),
            at: tick(at),
            terms: DisclosureTerms {
                purpose: purpose.to_owned(),
                recipient: received_by.id.unwrap_or(record(LISTED[0])),
                received_by,
                under,
                export: None,
                fields: fields.into_iter().map(str::to_owned).collect(),
            },
        })
        .boxed()
}
