//! The decision: may this field go to this recipient for this purpose at this moment?

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::consent::codes::{Action, Condition, Identifiability, codes};
use crate::consent::ledger::{Birth, Disclosure, Ledger, Override};
use crate::consent::policy::{Policy, Voice};
use crate::consent::reason::{Missing, Obligation, Reason};
use crate::consent::request::{Recipient, Request, Shape};
use crate::consent::standing::{Agreement, Question, Refusal, Side};
use crate::id::RecordId;
use crate::time::Timestamp;

codes! {
    /// Whether data may leave.
    Effect {
        /// It may, under the obligations named.
        Permit = "permit",
        /// It may not.
        Deny = "deny",
    }
}

/// An answer, and what it rests on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// Whether it may leave.
    pub effect: Effect,
    /// Why.
    #[serde(rename = "reason_code")]
    pub reason: Reason,
    /// What whoever acts on a permit must do; empty for a denial.
    pub obligations: BTreeSet<Obligation>,
    /// What it rests on; never empty for a permit.
    pub cited: BTreeSet<Cited>,
    /// What would turn a denial into a permit; empty where nothing would, and for a permit.
    pub missing: BTreeSet<Missing>,
    /// The version of the policy that was asked.
    pub policy_version: u32,
}

/// A statement that a decision rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Cited {
    /// The consent or override.
    pub of: RecordId,
    /// The event of it; for an override, the approval.
    pub event: RecordId,
}

impl Decision {
    /// Whether it may leave.
    #[must_use]
    pub fn is_permit(&self) -> bool {
        self.effect == Effect::Permit
    }
}

/// Decides one request. Total and pure: the same input gives the same answer, whatever the order
/// in which events were stored, and nothing said after `now` counts.
///
/// Default deny. The order of what is asked: does the policy know the purpose and not forbid it;
/// is the recipient blocked; does anybody who must be heard say no; does everybody who must
/// agree; and only then, does an override stand against the denial.
#[must_use]
pub fn decide(request: &Request, ledger: &Ledger, policy: &Policy, now: Timestamp) -> Decision {
    let deny = |reason| Decision::deny(policy, reason, None);
    let birth = ledger.subject.birth;
    let minor = policy.is_minor(birth, now);
    let (Ok(_), Some(row)) = (policy.purpose(&request.purpose), policy.row(policy.age(birth, now)))
    else {
        return deny(Reason::UnknownPurpose);
    };
    if policy.prohibits(request, minor) {
        return deny(Reason::Prohibited);
    }
    let question = Question { request, ledger, policy, row, minor, now };
    let Recipient { who, id, .. } = request.recipient;
    if ledger.is_blocked(who, now) || ledger.is_blocked(id, now) {
        return deny(Reason::RecipientBlocked);
    }
    let denial = match question.by_consent() {
        permit if permit.is_permit() => return permit,
        denial => denial,
    };
    match question.by_override() {
        Some(Ok(permit)) => permit,
        Some(Err(reason)) => {
            let missing = denial.missing.into_iter().chain(reason.missing().iter().copied());
            Decision { reason, missing: missing.collect(), ..deny(reason) }
        }
        None => denial,
    }
}

impl Question<'_> {
    fn by_consent(&self) -> Decision {
        let [subject, guardian] = self.standings();
        if let (Err(_), Some(refusal)) = (&subject.best, subject.refusal) {
            let reason = if self.minor { Reason::ChildDissents } else { Reason::Refused };
            return Decision::deny(self.policy, reason, Some(refusal));
        }
        if self.row.guardian != Voice::IsTold
            && let (Err(_), Some(refusal)) = (&guardian.best, guardian.refusal)
        {
            return Decision::deny(self.policy, Reason::GuardianRefuses, Some(refusal));
        }
        let needs = [
            (self.row.child == Voice::MustAgree, &subject, &guardian, Reason::SubjectMustAgree),
            (self.row.guardian == Voice::MustAgree, &guardian, &subject, Reason::GuardianMissing),
        ];
        let mut agreements = Vec::new();
        let mut failed = None;
        for (needed, own, other, alone) in needs {
            match own.best {
                Ok(agreement) => agreements.push(agreement),
                // The other side agreed, and this one said nothing about it.
                Err(reason) if needed && reason <= Reason::NotAnswered && other.best.is_ok() => {
                    failed = failed.max(Some(alone));
                }
                Err(reason) if needed => failed = failed.max(Some(reason)),
                Err(_) => {}
            }
        }
        match failed {
            None => self.permit(&agreements),
            Some(Reason::GuardianMissing) if self.ledger.subject.birth == Birth::Unknown => {
                Decision::deny(self.policy, Reason::AgeUnknown, None)
            }
            Some(reason) => Decision::deny(self.policy, reason, None),
        }
    }

    /// For each side the newest agreement that no later refusal of the same side stands against,
    /// or the nearest that there is to one.
    fn standings(&self) -> [Standing<'_>; 2] {
        let mut standings = Side::BOTH.map(|side| {
            let consents = self.ledger.consents.iter();
            let refusal = consents.flat_map(|consent| self.refusals(consent, side)).max();
            Standing { best: Err(Reason::NoConsent), refusal }
        });
        for consent in &self.ledger.consents {
            let found = self.agreements(consent).into_iter().zip(Side::BOTH);
            for (standing, (found, side)) in standings.iter_mut().zip(found) {
                let refused = |a: &Agreement<'_>| standing.refusal.is_some_and(|r| !a.answers(&r));
                let found = match found {
                    Ok(agreement) if refused(&agreement) => Err(side.refuses()),
                    found => found,
                };
                standing.best = match (standing.best, found) {
                    (Ok(a), Ok(b)) => Ok(newer(a, b)),
                    (Ok(a), Err(_)) | (Err(_), Ok(a)) => Ok(a),
                    (Err(a), Err(b)) => Err(a.max(b)),
                };
            }
        }
        standings
    }

    fn permit(&self, agreements: &[Agreement<'_>]) -> Decision {
        let mut obligations = self.by_content();
        for condition in agreements.iter().flat_map(|agreement| agreement.conditions) {
            obligations.extend(match condition {
                Condition::ReviewEach => Some(Obligation::ReviewEach),
                Condition::NotifyFirst => Some(Obligation::NotifyFirst),
                Condition::NoOnwardTransfer => Some(Obligation::NoOnwardTransfer),
                Condition::SafeContactOnly => Some(Obligation::SafeContactOnly),
                Condition::HumanReviewedRedaction => Some(Obligation::HumanReview),
                // Free text was refused above.
                Condition::WithoutNarrative => None,
            });
        }
        let cited = agreements.iter().map(|a| Cited { of: a.consent, event: a.event }).collect();
        Decision::permit(self.policy, Reason::ConsentInForce, obligations, cited)
    }

    /// What the content itself asks for, whoever agreed.
    fn by_content(&self) -> BTreeSet<Obligation> {
        let mut obligations = BTreeSet::new();
        obligations.extend(match self.request.data.shape {
            Shape::FreeText => Some(Obligation::HumanReview),
            Shape::Attachment => Some(Obligation::ScrubAttachment),
            Shape::Place if self.request.identifiability < Identifiability::Identified => {
                Some(Obligation::GeneralisePlace)
            }
            Shape::Plain | Shape::Place => None,
        });
        if self.policy.needs_two(&self.request.data.sensitivity) {
            obligations.insert(Obligation::SecondPerson);
        }
        obligations
    }

    /// The newest override that permits what consent does not; the nearest reason if none does.
    fn by_override(&self) -> Option<Result<Decision, Reason>> {
        let overrides = self.ledger.overrides.iter();
        let mut asked: Vec<_> = overrides.filter(|one| self.is_asked_by(one)).collect();
        asked.sort_by_key(|one| Reverse((one.asked_at, one.id)));
        let mut nearest = None;
        for one in asked {
            match self.in_force(one) {
                Ok(permit) => return Some(Ok(permit)),
                Err(reason) => nearest = nearest.max(Some(reason)),
            }
        }
        nearest.map(Err)
    }

    fn is_asked_by(&self, one: &Override) -> bool {
        let Request { purpose, recipient, data, .. } = self.request;
        let fields = &one.terms.fields;
        let named = fields.is_empty()
            || fields.iter().any(|name| {
                name.split_once('.') == Some((data.record_type.as_str(), data.field.as_str()))
            });
        // What was made public cannot be taken back after three days.
        self.request.action != Action::Publish
            && one.asked_at <= self.now
            && one.terms.purpose == *purpose
            && one.terms.recipient.includes(recipient)
            && named
    }

    fn in_force(&self, one: &Override) -> Result<Decision, Reason> {
        let approvals: Vec<_> = one.approvals.iter().filter(|a| a.at <= self.now).collect();
        let members: BTreeSet<_> = approvals.iter().map(|approval| approval.member).collect();
        if members.len() < 2 {
            return Err(Reason::OverrideNotApproved);
        }
        if !approvals.iter().any(|approval| approval.leads) {
            return Err(Reason::OverrideWithoutLead);
        }
        let hours = i64::from(self.policy.override_rule().hours);
        let longest = one.asked_at.as_second().saturating_add(hours * 3600);
        if self.now >= one.terms.until || self.now.as_second() >= longest {
            return Err(Reason::OverrideExpired);
        }
        let used = |disclosure: &Disclosure| {
            disclosure.at <= self.now && disclosure.terms.under.contains(&one.id)
        };
        if one.terms.once && self.ledger.disclosures.iter().any(used) {
            return Err(Reason::OverrideUsed);
        }
        let mut obligations = self.by_content();
        obligations.insert(Obligation::ReviewOverride);
        if !one.terms.person_told {
            obligations.insert(Obligation::TellPerson);
        }
        let cited = approvals.iter().map(|a| Cited { of: one.id, event: a.id }).collect();
        Ok(Decision::permit(self.policy, Reason::OverrideInForce, obligations, cited))
    }
}

/// Where one side stands.
struct Standing<'a> {
    best: Result<Agreement<'a>, Reason>,
    /// The newest refusal that bears on the request.
    refusal: Option<Refusal>,
}

fn newer<'a>(a: Agreement<'a>, b: Agreement<'a>) -> Agreement<'a> {
    if (a.said_at, a.event) < (b.said_at, b.event) { b } else { a }
}

impl Decision {
    fn permit(
        policy: &Policy,
        reason: Reason,
        obligations: BTreeSet<Obligation>,
        cited: BTreeSet<Cited>,
    ) -> Self {
        let policy_version = policy.version();
        let missing = BTreeSet::new();
        Self { effect: Effect::Permit, reason, obligations, cited, missing, policy_version }
    }

    fn deny(policy: &Policy, reason: Reason, refusal: Option<Refusal>) -> Self {
        Self {
            effect: Effect::Deny,
            reason,
            obligations: BTreeSet::new(),
            cited: refusal.map(|r| Cited { of: r.consent, event: r.event }).into_iter().collect(),
            missing: reason.missing().iter().copied().collect(),
            policy_version: policy.version(),
        }
    }
}
