//! What holds of every history.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::histories::*;
use crate::consent::*;
use crate::time::{Date, Timestamp};

/// What `covers` says, said once more and plainly.
fn covers(terms: &Grant, request: &Request) -> bool {
    let Recipient { id, organisation, kind, team, .. } = &request.recipient;
    let datum = &request.data;
    let is_named = terms.scope.recipients.iter().any(|named| match named {
        RecipientRef::Recipient(one) => id.as_ref() == Some(one),
        RecipientRef::Organisation(one) => organisation.as_ref() == Some(one),
        RecipientRef::Kind(one) => kind == one,
        RecipientRef::Team(one) => team.as_ref() == Some(one),
    });
    let holds = match &terms.scope.data {
        DataScope::Everything => true,
        DataScope::Only { categories, fields } => {
            categories.contains(&datum.category)
                || fields.contains(&format!("{}.{}", datum.record_type, datum.field))
        }
    };
    let narrative =
        datum.shape == Shape::FreeText && terms.conditions.contains(&Condition::WithoutNarrative);
    terms.scope.purposes.contains(&request.purpose)
        && is_named
        && holds
        && terms.scope.actions.contains(&request.action)
        && request.identifiability <= terms.identifiability
        && !narrative
}

/// Terms for what is asked, for which the scope is still to be said.
fn grant_for(request: &Request) -> Grant {
    Grant::new(&request.purpose, RecipientRef::Kind(request.recipient.kind), tick(40))
}

fn holds_no_refusal(consent: &Consent) -> bool {
    !consent.events.iter().any(|(_, event)| event.what.refuses())
}

/// An override that lacks nothing.
fn sound_override(story: &Story) -> Override {
    let approval =
        |n: u8, leads| Approval { id: record(n), member: member(n), leads, at: story.now };
    Override {
        id: record(NEW),
        terms: OverrideTerms {
            purpose: story.request.purpose.clone(),
            recipient: RecipientRef::Kind(story.request.recipient.kind),
            fields: BTreeSet::new(),
            basis: Basis::VitalInterest,
            reason: "danger".into(),
            until: tick(1_000),
            once: false,
            person_told: true,
        },
        asked_at: story.now,
        approvals: vec![approval(251, true), approval(252, false)],
    }
}

#[test]
fn the_histories_hold_permits_and_every_reason() {
    let mut runner = TestRunner::deterministic();
    let mut by_consent = 0;
    let mut by_override = 0;
    let mut reasons = BTreeSet::new();
    for _ in 0..4000 {
        let decision = story().new_tree(&mut runner).unwrap().current().decide();
        reasons.insert(decision.reason);
        by_consent += u32::from(decision.reason == Reason::ConsentInForce);
        by_override += u32::from(decision.reason == Reason::OverrideInForce);
        assert_eq!(decision.is_permit(), decision.reason >= Reason::ConsentInForce);
    }
    assert!(by_consent >= 400, "{by_consent} of 4000 permit by consent");
    assert!(by_override >= 100, "{by_override} of 4000 permit by override");
    // The histories ask for known purposes only.
    let missed: Vec<_> = Reason::ALL.iter().filter(|reason| !reasons.contains(reason)).collect();
    assert_eq!(missed, [&Reason::UnknownPurpose]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn an_empty_ledger_permits_nothing(request in request(), birth in birth(), policy in policy(), now in 0..20_i64) {
        let subject = Subject { birth, needs_interpreter: false };
        let ledger = Ledger { subject, consents: vec![], blocks: vec![], unknown: Default::default(), overrides: vec![], disclosures: vec![] };
        let decision = decide(&request, &ledger, &policy, tick(now));
        prop_assert!(!decision.is_permit());
        prop_assert!(decision.cited.is_empty());
    }

    #[test]
    fn only_what_covers_a_request_permits_it(story in story()) {
        let permit = story.decide();
        if permit.reason == Reason::ConsentInForce {
            let bare = story.with(|s| s.ledger.consents.retain(|one| covers(&one.terms, &s.request)));
            prop_assert_eq!(bare.decide(), permit);
        }
        let bare = story.with(|s| {
            let request = s.request.clone();
            s.ledger.consents.retain(|one| !covers(&one.terms, &request));
            s.ledger.overrides.clear();
        });
        prop_assert!(!bare.decide().is_permit());
    }

    #[test]
    fn saying_no_never_turns_a_denial_into_a_permit(story in story(), index in 0..4_usize, no in said(no())) {
        let after = story.with(|s| s.say(index, no));
        prop_assert!(story.decide().is_permit() || !after.decide().is_permit());
    }

    #[test]
    fn a_refusal_of_its_own_never_turns_a_denial_into_a_permit(
        story in story(),
        refusals in proptest::collection::vec(
            (part(), said(prop_oneof![Just(What::Refused), Just(What::Dissented)])),
            2,
        ),
    ) {
        let mut before = story;
        for (n, (scope, no)) in (NEW..).zip(refusals) {
            let after = before.with(|s| {
                let mut terms = Grant { scope, ..grant_for(&s.request) };
                terms.scope.purposes.insert(s.request.purpose.clone());
                terms.scope.recipients.insert(RecipientRef::Kind(s.request.recipient.kind));
                s.ledger.consents.push(Consent { id: record(n), terms, events: vec![(record(n), no)] });
            });
            prop_assert!(before.decide().is_permit() || !after.decide().is_permit());
            before = after;
        }
    }

    #[test]
    fn a_prohibition_never_turns_a_denial_into_a_permit(
        story in story(),
        minors: bool,
        kind in proptest::sample::select(RecipientKind::ALL),
        from in proptest::sample::select(Identifiability::ALL),
    ) {
        let rule = format!(
            "[[prohibition]]\ncode = \"another\"\nes = \"\"\nen = \"\"\nminors = {minors}\n\
             recipients = [\"{kind}\"]\nfrom_identifiability = \"{from}\"\n\n[override]"
        );
        let source = story.policy.source().replace("[override]", &rule);
        let after = story.with(|s| s.policy = Policy::parse(&source).unwrap());
        prop_assert!(story.decide().is_permit() || !after.decide().is_permit());
        let meant = story.request.recipient.kind == kind && story.request.identifiability >= from;
        if meant && (!minors || story.is_minor()) {
            prop_assert_eq!(after.decide().reason, Reason::Prohibited);
        }
    }

    #[test]
    fn withdrawing_never_widens(
        story in story(),
        index in 0..4_usize,
        part in proptest::option::of(part()),
        by in speaker(),
        at in 0..18_i64,
        others in proptest::collection::vec(request(), 6),
    ) {
        let event = Event {
            what: What::Withdrawn { part },
            said_at: tick(at),
            by,
            means: Means::new(Channel::Phone),
        };
        let after = story.with(|s| s.say(index, event));
        for request in others.into_iter().chain([story.request.clone()]) {
            let asked = |story: &Story| story.with(|s| s.request = request.clone()).decide();
            prop_assert!(asked(&story).is_permit() || !asked(&after).is_permit());
        }
    }

    #[test]
    fn what_she_withdraws_is_over(story in story(), index in 0..4_usize) {
        let over = story.with(|s| {
            let event = Event {
                what: What::Withdrawn { part: None },
                said_at: s.now,
                by: Speaker::new(Party::Subject),
                means: Means::new(Channel::OralRecorded),
            };
            s.say(index, event);
        });
        if let Some(consent) = story.ledger.consents.get(index % story.ledger.consents.len().max(1)) {
            let decision = over.decide();
            let rests = decision.cited.iter().any(|cited| cited.of == consent.id);
            prop_assert!(!rests || !decision.is_permit());
        }
    }

    #[test]
    fn what_is_said_after_now_counts_for_nothing(story in story(), once: bool) {
        let story = story.with(|s| if once {
            let mut one = sound_override(s);
            one.terms.once = true;
            s.ledger.disclosures.iter_mut().for_each(|left| _ = left.terms.under.insert(one.id));
            s.ledger.overrides.push(one);
        });
        let past = story.with(|s| {
            let now = s.now;
            s.ledger.blocks.retain(|block| block.since <= now);
            s.ledger.overrides.retain(|one| one.asked_at <= now);
            s.ledger.disclosures.retain(|one| one.at <= now);
            for one in &mut s.ledger.overrides {
                one.approvals.retain(|approval| approval.at <= now);
            }
            for consent in &mut s.ledger.consents {
                consent.events.retain(|(_, event)| event.said_at <= now);
            }
        });
        prop_assert_eq!(story.decide(), past.decide());
        prop_assert_eq!(story.ledger.recalls(story.now), past.ledger.recalls(story.now));
    }

    #[test]
    fn the_order_of_storage_counts_for_nothing(
        (story, other) in story().prop_flat_map(|story| {
            let Ledger { consents, blocks, overrides, disclosures, .. } = story.ledger.clone();
            let parts = (
                Just(consents).prop_shuffle(),
                Just(blocks).prop_shuffle(),
                Just(overrides).prop_shuffle(),
                Just(disclosures).prop_shuffle(),
            );
            (Just(story), parts)
        }),
        seed in 0..7_usize,
    ) {
        let shuffled = story.with(|s| {
            (s.ledger.consents, s.ledger.blocks, s.ledger.overrides, s.ledger.disclosures) = other;
            for consent in &mut s.ledger.consents {
                let length = consent.events.len();
                consent.events.rotate_left(seed % length);
                if seed % 2 == 0 { consent.events.reverse(); }
            }
            for one in &mut s.ledger.overrides {
                one.approvals.reverse();
            }
        });
        prop_assert_eq!(shuffled.decide(), story.decide());
        prop_assert_eq!(shuffled.ledger.recalls(story.now), story.ledger.recalls(story.now));
    }

    #[test]
    fn a_narrower_grant_never_gets_more(
        story in story(),
        index in 0..4_usize,
        kept in part(),
        cap in proptest::sample::select(Identifiability::ALL),
        what in 0..5,
    ) {
        let narrower = story.with(|s| {
            let count = s.ledger.consents.len().max(1);
            let Some(consent) = s.ledger.consents.get_mut(index % count) else { return };
            if !holds_no_refusal(consent) {
                return;
            }
            let Grant { scope, identifiability, .. } = &mut consent.terms;
            match what {
                0 => scope.purposes.retain(|one| kept.purposes.contains(one)),
                1 => scope.recipients.retain(|one| kept.recipients.contains(one)),
                2 => scope.actions.retain(|one| kept.actions.contains(one)),
                3 => *identifiability = (*identifiability).min(cap),
                _ => match (&mut scope.data, kept.data) {
                    (DataScope::Only { categories, fields }, DataScope::Only { categories: c, fields: f }) => {
                        categories.retain(|one| c.contains(one));
                        fields.retain(|one| f.contains(one));
                    }
                    (data @ DataScope::Everything, kept) => *data = kept,
                    // Everything is no less than what is named.
                    (DataScope::Only { .. }, DataScope::Everything) => {}
                },
            }
        });
        let lost = !narrower.decide().is_permit();
        prop_assert!(story.decide().is_permit() || lost);
    }

    #[test]
    fn a_field_by_name_gets_no_more_than_its_category(story in story()) {
        let fields = BTreeSet::from(["incident.statement".to_owned()]);
        let named = story.with(|s| {
            for consent in s.ledger.consents.iter_mut().filter(|one| holds_no_refusal(one)) {
                if let DataScope::Only { categories, .. } = &consent.terms.scope.data
                    && categories.contains("account")
                {
                    let fields = fields.clone();
                    consent.terms.scope.data = DataScope::Only { categories: BTreeSet::new(), fields };
                }
            }
        });
        prop_assert!(story.decide().is_permit() || !named.decide().is_permit());
    }

    #[test]
    fn what_may_go_with_her_name_may_go_without(story in story()) {
        let less = |identifiability| story.with(|s| s.request.identifiability = identifiability).decide();
        let permits: Vec<_> = Identifiability::ALL.iter().map(|one| less(*one).is_permit()).collect();
        prop_assert!(permits.is_sorted_by(|less, more| less >= more), "{permits:?}");
    }

    #[test]
    fn a_permit_cites_what_was_said(story in story()) {
        let decision = story.decide();
        prop_assert!(!decision.is_permit() || !decision.cited.is_empty());
        let mut said = BTreeSet::new();
        for cited in &decision.cited {
            let blocked = |who| story.ledger.blocks.iter().any(|b| Some(b.who) == who && b.since <= story.now);
            if decision.reason == Reason::OverrideInForce {
                let one = story.ledger.overrides.iter().find(|one| one.id == cited.of).unwrap();
                let approval = one.approvals.iter().find(|a| a.id == cited.event).unwrap();
                prop_assert!(approval.at <= story.now && one.asked_at <= story.now);
                continue;
            }
            let consent = story.ledger.consents.iter().find(|one| one.id == cited.of).unwrap();
            let (_, event) = consent.events.iter().find(|(id, _)| *id == cited.event).unwrap();
            prop_assert!(event.said_at <= story.now);
            if decision.is_permit() {
                prop_assert!(covers(&consent.terms, &story.request));
                prop_assert!(event.what.agrees());
                prop_assert!(!blocked(event.by.who));
                said.insert(event.by.party == Party::Subject);
            } else {
                prop_assert!(event.what.refuses());
            }
        }
        if decision.reason == Reason::ConsentInForce {
            let row = story.policy.row(story.policy.age(story.ledger.subject.birth, story.now)).unwrap();
            prop_assert!(row.child != Voice::MustAgree || said.contains(&true));
            prop_assert!(row.guardian != Voice::MustAgree || said.contains(&false));
        }
    }

    #[test]
    fn a_decision_keeps_its_form(story in story()) {
        let decision = story.decide();
        prop_assert_eq!(decision.policy_version, story.policy.version());
        if decision.is_permit() {
            prop_assert!(decision.missing.is_empty());
            let read = decision.obligations.contains(&Obligation::HumanReview);
            prop_assert!(read || story.request.data.shape != Shape::FreeText);
            let two = decision.obligations.contains(&Obligation::SecondPerson);
            prop_assert_eq!(two, story.request.data.sensitivity == "life_safety");
        } else {
            prop_assert!(decision.obligations.is_empty());
            let helps = decision.reason.can_be_overridden() && decision.reason < Reason::OverrideExpired;
            prop_assert!(!decision.missing.is_empty() || !helps);
        }
    }

    #[test]
    fn nothing_that_is_over_permits(story in story(), way in 0..7) {
        let over = story.with(|s| {
            s.ledger.overrides.clear();
            let now = s.now;
            let what = match way {
                0 => What::Superseded { by: record(NEW) },
                1 => What::Invalidated,
                2 => What::Revoked,
                3 => What::EnteredInError,
                4 => What::Withdrawn { part: None },
                5 => {
                    for event in s.events() {
                        if let What::Renewed { until } = &mut event.what {
                            *until = (*until).min(now);
                        }
                    }
                    s.ledger.consents.iter_mut().for_each(|one| one.terms.until = one.terms.until.min(now));
                    return;
                }
                _ => {
                    // She comes of age today; all was said before.
                    let today = s.policy.day(now);
                    let born = Date::new(today.year() - 18, today.month(), today.day()).unwrap();
                    s.ledger.subject.birth = Birth::On(born);
                    let yesterday = Timestamp::from_second(now.as_second() - 2 * 86_400).unwrap();
                    s.events().for_each(|event| event.said_at = event.said_at.min(yesterday));
                    return;
                }
            };
            let by = Speaker::new(Party::Subject);
            let event = Event { what, said_at: now, by, means: Means::new(Channel::Phone) };
            for index in 0..s.ledger.consents.len() {
                s.say(index, event.clone());
            }
        });
        prop_assert!(!over.decide().is_permit());
    }

    #[test]
    fn a_permit_rests_on_nothing_that_is_over(story in story()) {
        let decision = story.decide();
        let resting = decision.cited.iter().filter(|_| decision.reason == Reason::ConsentInForce);
        for cited in resting {
            let consent = story.ledger.consents.iter().find(|one| one.id == cited.of).unwrap();
            let (_, agreed) = consent.events.iter().find(|(id, _)| *id == cited.event).unwrap();
            let until = match agreed.what {
                What::Renewed { until } => until,
                _ => consent.terms.until,
            };
            prop_assert!(story.now < until);
            let minor_then = story.policy.is_minor(story.ledger.subject.birth, agreed.said_at);
            prop_assert!(story.is_minor() || !minor_then);
            let blocked = |who| story.ledger.blocks.iter().any(|b| Some(b.who) == who && b.since <= story.now);
            let heard = consent.events.iter().map(|(_, event)| event).filter(|event| {
                event.said_at <= story.now && !blocked(event.by.who)
            });
            for event in heard {
                let ends = matches!(
                    event.what,
                    What::Superseded { .. } | What::Invalidated | What::Revoked | What::EnteredInError
                );
                prop_assert!(!ends);
                let her = event.by.party == Party::Subject;
                let same_side = her == (agreed.by.party == Party::Subject);
                let withdrawn = event.what == What::Withdrawn { part: None };
                prop_assert!(!(withdrawn && (her || same_side)));
                prop_assert!(!(same_side && event.what.refuses() && event.said_at >= agreed.said_at));
            }
        }
    }

    #[test]
    fn nobody_blocked_receives(story in story(), who: bool) {
        let blocked = story.with(|s| {
            let id = Some(record(NEW));
            *(if who { &mut s.request.recipient.who } else { &mut s.request.recipient.id }) = id;
            let because = BlockReason::CourtOrder;
            s.ledger.blocks.push(Block { who: record(NEW), because, since: s.now });
            let one = sound_override(s);
            s.ledger.overrides.push(one);
        });
        prop_assert!(matches!(blocked.decide().reason, Reason::RecipientBlocked | Reason::Prohibited));
    }

    #[test]
    fn what_a_blocked_person_says_permits_nothing(story in story()) {
        let blocked: BTreeSet<_> =
            story.ledger.blocks.iter().filter(|b| b.since <= story.now).map(|b| b.who).collect();
        let silent = story.with(|s| {
            for consent in &mut s.ledger.consents {
                consent.events.retain(|(_, event)| {
                    event.by.party == Party::Subject
                        || event.by.who.is_none_or(|who| !blocked.contains(&who))
                });
            }
        });
        let (with, without) = (story.decide(), silent.decide());
        prop_assert_eq!(with.is_permit(), without.is_permit());
        prop_assert_eq!(with.cited, without.cited);
        prop_assert_eq!(with.obligations, without.obligations);
    }

    #[test]
    fn a_block_never_takes_away_her_own_no(story in story(), index in 0..4_usize, no in said(no())) {
        let says = |known: bool| story.with(|s| {
            let mut by = Speaker::new(Party::Subject);
            if known {
                by = by.known_as(record(NEW));
                s.ledger.blocks.push(Block { who: record(NEW), because: BlockReason::Conflict, since: tick(0) });
            }
            s.say(index, Event { by, ..no.clone() });
        });
        prop_assert_eq!(says(true).decide(), says(false).decide());
    }

    #[test]
    fn an_unknown_birth_date_decides_like_a_newborn(story in story()) {
        let born = |birth| story.with(|s| s.ledger.subject.birth = birth).decide();
        let newborn = born(Birth::On(story.policy.day(story.now)));
        let mut unknown = born(Birth::Unknown);
        if unknown.reason == Reason::AgeUnknown {
            prop_assert_eq!(newborn.reason, Reason::GuardianMissing);
            unknown = Decision { reason: newborn.reason, missing: newborn.missing.clone(), ..unknown };
        } else if !unknown.missing.is_empty() {
            unknown.missing.clone_from(&newborn.missing);
        }
        prop_assert_eq!(unknown, newborn);
    }

    #[test]
    fn a_childs_no_beats_every_guardian(
        story in story(),
        scope in part(),
        guardian in proptest::collection::vec(said(Just(What::Given)), 3),
    ) {
        let no = story.with(|s| {
            s.ledger.overrides.clear();
            let mut terms = Grant { scope, ..grant_for(&s.request) };
            terms.scope.purposes.insert(s.request.purpose.clone());
            terms.scope.recipients.insert(RecipientRef::Kind(s.request.recipient.kind));
            terms.scope.data = DataScope::Everything;
            let by = Speaker::new(Party::Subject);
            let event = Event { what: What::Dissented, said_at: s.now, by, means: Means::new(Channel::Phone) };
            s.ledger.consents.push(Consent { id: record(NEW), terms, events: vec![(record(NEW), event)] });
            for (index, event) in guardian.into_iter().enumerate() {
                let by = Speaker::new(Party::Guardian);
                s.say(index, Event { by, said_at: s.now, ..event });
            }
        });
        let reason = no.decide().reason;
        prop_assert!(!no.decide().is_permit());
        if reason.can_be_overridden() {
            prop_assert_eq!(reason, if no.is_minor() { Reason::ChildDissents } else { Reason::Refused });
        }
    }

    #[test]
    fn an_override_stands_against_a_denial_but_not_a_prohibition_or_a_block(story in story()) {
        let before = story.with(|s| s.ledger.overrides.clear()).decide();
        let after = story.with(|s| {
            let one = sound_override(s);
            s.ledger.overrides.push(one);
        });
        // Nothing is published on an override.
        let may = before.reason.can_be_overridden() && story.request.action != Action::Publish;
        let permitted = before.is_permit() || may;
        prop_assert_eq!(after.decide().is_permit(), permitted);
    }

    #[test]
    fn an_override_needs_two_a_lead_and_its_hours(story in story()) {
        let decision = story.decide();
        if decision.reason == Reason::OverrideInForce {
            let id = decision.cited.first().unwrap().of;
            let one = story.ledger.overrides.iter().find(|one| one.id == id).unwrap();
            let approved = || one.approvals.iter().filter(|approval| approval.at <= story.now);
            prop_assert!(approved().map(|approval| approval.member).collect::<BTreeSet<_>>().len() >= 2);
            prop_assert!(approved().any(|approval| approval.leads));
            prop_assert!(story.now < one.terms.until);
            prop_assert!(story.now.as_second() < one.asked_at.as_second() + 72 * 3600);
            let mut used = story.ledger.disclosures.iter().filter(|d| {
                d.at <= story.now && d.terms.under.contains(&id)
            });
            prop_assert!(!one.terms.once || used.next().is_none());
            prop_assert!(decision.obligations.contains(&Obligation::ReviewOverride));
            prop_assert_eq!(
                decision.obligations.contains(&Obligation::TellPerson),
                !one.terms.person_told
            );
        }
    }

    #[test]
    fn being_asked_changes_nothing(story in story(), index in 0..4_usize, asked in said(Just(What::Requested))) {
        let after = story.with(|s| s.say(index, asked));
        prop_assert_eq!(after.decide(), story.decide());
    }
}
