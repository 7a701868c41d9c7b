//! A case to be read: who she is, what was said, what is asked, what comes of it.
//!
//! All is in 2026 and in Lima's time; a moment is `"03-02"` (noon) or `"03-02 09:30"`.

use std::collections::BTreeSet;

use super::histories::{member, record};
use crate::consent::*;
use crate::time::{Date, Timestamp};

/// Somebody who speaks.
pub(super) type Voice = (Party, u8);
pub(super) const SHE: Voice = (Party::Subject, 90);
pub(super) const MOTHER: Voice = (Party::Guardian, 91);
pub(super) const FATHER: Voice = (Party::Guardian, 92);
pub(super) const AUNT: Voice = (Party::TrustedAdult, 93);
pub(super) const CASEWORKER: Voice = (Party::Caseworker, 94);
pub(super) const COURT: Voice = (Party::Court, 95);

pub(super) const LEGAL: &str = "legal_proceedings";
pub(super) const AUTHORITIES: &str = "share_authorities";
pub(super) const REPORTING: &str = "reporting_nonidentifiable";

pub(super) struct Case {
    title: &'static str,
    ledger: Ledger,
    request: Request,
    now: Timestamp,
    policy: Policy,
    expected: Option<Expected>,
}

struct Expected {
    reason: Reason,
    obligations: Option<BTreeSet<Obligation>>,
    missing: Option<BTreeSet<Missing>>,
    cited: Option<usize>,
}

pub(super) fn at(moment: &str) -> Timestamp {
    let (day, hour) = moment.split_once(' ').unwrap_or((moment, "12:00"));
    format!("2026-{day}T{hour}:00-05:00").parse().unwrap()
}

/// A part of a consent: this purpose, these recipients, all data, every action.
pub(super) fn part(purpose: &str, recipient: RecipientRef) -> Scope {
    Scope {
        purposes: [purpose.to_owned()].into(),
        recipients: [recipient].into(),
        ..Scope::default()
    }
}

pub(super) fn kind(kind: RecipientKind) -> RecipientRef {
    RecipientRef::Kind(kind)
}

/// A woman of 31. She is asked for nothing yet.
pub(super) fn woman(title: &'static str) -> Case {
    Case::new(title, Birth::On(Date::new(1994, 11, 20).unwrap()))
}

/// A child or a young person, by the day of birth.
pub(super) fn born(date: &str, title: &'static str) -> Case {
    Case::new(title, Birth::On(date.parse().unwrap()))
}

/// Who was born on this day at the latest.
pub(super) fn born_by(date: &str, title: &'static str) -> Case {
    Case::new(title, Birth::By(date.parse().unwrap()))
}

pub(super) fn of_unknown_age(title: &'static str) -> Case {
    Case::new(title, Birth::Unknown)
}

impl Case {
    fn new(title: &'static str, birth: Birth) -> Self {
        let data = Datum {
            record_type: "incident".to_owned(),
            field: "concerns".to_owned(),
            category: "account".to_owned(),
            sensitivity: "special".to_owned(),
            shape: Shape::Plain,
        };
        let request = Request {
            purpose: LEGAL.to_owned(),
            recipient: Recipient::of_kind(RecipientKind::Prosecutor),
            data,
            action: Action::Export,
            identifiability: Identifiability::Identified,
        };
        let ledger = Ledger {
            subject: Subject { birth, needs_interpreter: false },
            consents: vec![],
            blocks: vec![],
            unknown: Default::default(),
            overrides: vec![],
            disclosures: vec![],
        };
        let policy = Policy::peru().unwrap();
        Self { title, ledger, request, now: at("04-01"), policy, expected: None }
    }

    pub(super) const fn title(&self) -> &'static str {
        self.title
    }

    pub(super) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(super) fn speaks_another_language(mut self) -> Self {
        self.ledger.subject.needs_interpreter = true;
        self
    }

    /// The organisation's policy wants something else.
    pub(super) fn where_policy_says(mut self, instead: &str, of: &str) -> Self {
        let source = self.policy.source().replacen(of, instead, 1);
        self.policy = Policy::parse(&source).unwrap();
        self
    }

    /// Opens a consent: her account, identified, for whoever is of this kind, until the end of
    /// the year. What follows is said of it.
    pub(super) fn consent(mut self, purpose: &str, recipient: RecipientKind) -> Self {
        let id = record(u8::try_from(self.ledger.consents.len()).unwrap() + 1);
        let until = at("12-31 23:59");
        let terms = Grant::new(purpose, RecipientRef::Kind(recipient), until).category("account");
        self.ledger.consents.push(Consent { id, terms, events: vec![] });
        self
    }

    /// The common one.
    pub(super) fn for_the_prosecutor(self) -> Self {
        self.consent(LEGAL, RecipientKind::Prosecutor)
    }

    fn last(&mut self) -> &mut Consent {
        self.ledger.consents.last_mut().unwrap()
    }

    /// Changes the terms of the consent that was opened last.
    pub(super) fn terms(mut self, change: impl FnOnce(&mut Grant)) -> Self {
        change(&mut self.last().terms);
        self
    }

    pub(super) fn until(self, moment: &str) -> Self {
        self.terms(|terms| terms.until = at(moment))
    }

    pub(super) fn on_condition(self, condition: Condition) -> Self {
        self.terms(|terms| _ = terms.conditions.insert(condition))
    }

    /// Says something, signed.
    pub(super) fn on(self, moment: &str, voice: Voice, what: What) -> Self {
        self.said(moment, voice, what, Means::new(Channel::Written))
    }

    /// Says something in some other way.
    pub(super) fn said(
        mut self,
        moment: &str,
        (party, who): Voice,
        what: What,
        means: Means,
    ) -> Self {
        let by = Speaker::new(party).known_as(record(who));
        let event = Event { what, said_at: at(moment), by, means };
        let count = self.ledger.consents.iter().map(|consent| consent.events.len()).sum::<usize>();
        let id = record(20 + u8::try_from(count).unwrap());
        self.last().events.push((id, event));
        self
    }

    pub(super) fn blocked_since(mut self, moment: &str, (_, who): Voice) -> Self {
        let because = BlockReason::Perpetrator;
        self.ledger.blocks.push(Block { who: record(who), because, since: at(moment) });
        self
    }

    /// Opens an override for the prosecutor, for as long as may be.
    pub(super) fn override_asked(mut self, moment: &str) -> Self {
        let asked_at = at(moment);
        let terms = OverrideTerms {
            purpose: LEGAL.to_owned(),
            recipient: RecipientRef::Kind(RecipientKind::Prosecutor),
            fields: BTreeSet::new(),
            basis: Basis::VitalInterest,
            reason: "she may be killed".into(),
            until: at("12-31"),
            once: false,
            person_told: false,
        };
        let id = record(60 + u8::try_from(self.ledger.overrides.len()).unwrap());
        self.ledger.overrides.push(Override { id, terms, asked_at, approvals: vec![] });
        self
    }

    pub(super) fn override_terms(mut self, change: impl FnOnce(&mut OverrideTerms)) -> Self {
        change(&mut self.ledger.overrides.last_mut().unwrap().terms);
        self
    }

    /// A member approves of the override that was opened last; the first leads.
    pub(super) fn approved_by(mut self, who: u8, moment: &str) -> Self {
        let approvals = &mut self.ledger.overrides.last_mut().unwrap().approvals;
        let id = record(70 + u8::try_from(approvals.len()).unwrap());
        approvals.push(Approval { id, member: member(who), leads: who == 1, at: at(moment) });
        self
    }

    /// Her account left for the prosecutor, under the consent or override that came last.
    pub(super) fn left(mut self, moment: &str) -> Self {
        let consent = self.ledger.consents.last().map(|consent| consent.id);
        let under = self.ledger.overrides.last().map(|one| one.id).or(consent).into_iter();
        let terms = DisclosureTerms {
            purpose: LEGAL.to_owned(),
            recipient: record(80),
            received_by: Recipient::of_kind(RecipientKind::Prosecutor),
            under: under.collect(),
            export: None,
            fields: ["incident.concerns".to_owned()].into(),
        };
        let id = record(120 + u8::try_from(self.ledger.disclosures.len()).unwrap());
        self.ledger.disclosures.push(Disclosure { id, at: at(moment), terms });
        self
    }

    pub(super) fn disclosure(mut self, change: impl FnOnce(&mut DisclosureTerms)) -> Self {
        change(&mut self.ledger.disclosures.last_mut().unwrap().terms);
        self
    }

    /// When it is asked whether her account may go to the prosecutor, with her name, in a file.
    pub(super) fn asked(mut self, moment: &str) -> Self {
        self.now = at(moment);
        self
    }

    /// What is asked instead.
    pub(super) fn asks(mut self, change: impl FnOnce(&mut Request)) -> Self {
        change(&mut self.request);
        self
    }

    pub(super) fn asks_for(self, purpose: &str, recipient: RecipientKind) -> Self {
        self.asks(|request| {
            purpose.clone_into(&mut request.purpose);
            request.recipient = Recipient::of_kind(recipient);
        })
    }

    fn expect(mut self, reason: Reason) -> Self {
        let (obligations, missing, cited) = (None, None, None);
        self.expected = Some(Expected { reason, obligations, missing, cited });
        self
    }

    fn expected(&mut self) -> &mut Expected {
        self.expected.as_mut().unwrap()
    }

    pub(super) fn permits(self) -> Self {
        self.expect(Reason::ConsentInForce)
    }

    pub(super) fn permits_by_override(self) -> Self {
        self.expect(Reason::OverrideInForce)
    }

    pub(super) fn denies(self, reason: Reason) -> Self {
        assert!(reason < Reason::ConsentInForce, "{}", self.title);
        self.expect(reason)
    }

    pub(super) fn if_so(mut self, obligations: &[Obligation]) -> Self {
        self.expected().obligations = Some(obligations.iter().copied().collect());
        self
    }

    pub(super) fn lacking(mut self, missing: &[Missing]) -> Self {
        self.expected().missing = Some(missing.iter().copied().collect());
        self
    }

    /// On how many statements it rests.
    pub(super) fn resting_on(mut self, count: usize) -> Self {
        self.expected().cited = Some(count);
        self
    }

    pub(super) fn check(&self) {
        let Self { title, ledger, request, now, policy, expected } = self;
        let expected = expected.as_ref().unwrap_or_else(|| panic!("{title}: expects nothing"));
        let decision = decide(request, ledger, policy, *now);
        assert_eq!(decision.reason, expected.reason, "{title}");
        assert_eq!(decision.is_permit(), decision.reason >= Reason::ConsentInForce, "{title}");
        if let Some(obligations) = &expected.obligations {
            assert_eq!(decision.obligations, *obligations, "{title}");
        }
        if let Some(missing) = &expected.missing {
            assert_eq!(decision.missing, *missing, "{title}");
        }
        if let Some(count) = expected.cited {
            assert_eq!(decision.cited.len(), count, "{title}");
        }
    }
}

/// Checks each, and that no two have one title.
pub(super) fn check_all(cases: &[Case]) {
    let titles: BTreeSet<_> = cases.iter().map(Case::title).collect();
    assert_eq!(titles.len(), cases.len());
    for case in cases {
        case.check();
    }
}
