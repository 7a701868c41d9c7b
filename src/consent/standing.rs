//! What one consent says about one request at one moment, for each of the two sides.

use std::collections::BTreeSet;

use crate::consent::codes::{Condition, Party};
use crate::consent::event::{Event, Speaker, What};
use crate::consent::grant::Consent;
use crate::consent::ledger::Ledger;
use crate::consent::policy::{AgeRow, Policy};
use crate::consent::reason::Reason;
use crate::consent::request::Request;
use crate::consent::scope::Scope;
use crate::id::RecordId;
use crate::time::Timestamp;

/// The person herself, or whoever speaks for her.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Subject,
    Guardian,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Subject, Self::Guardian];

    const fn of(speaker: &Speaker) -> Self {
        match speaker.party {
            Party::Subject => Self::Subject,
            _ => Self::Guardian,
        }
    }

    pub(super) const fn refuses(self) -> Reason {
        match self {
            Self::Subject => Reason::Refused,
            Self::Guardian => Reason::GuardianRefuses,
        }
    }
}

/// A statement by which a side agrees, in force at the moment asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Agreement<'a> {
    pub(super) consent: RecordId,
    pub(super) party: Party,
    pub(super) event: RecordId,
    pub(super) said_at: Timestamp,
    pub(super) conditions: &'a BTreeSet<Condition>,
}

impl Agreement<'_> {
    /// Whether a refusal of the same side no longer stands because of it: it was said later, and
    /// not by somebody who only stands in for a guardian who refused.
    pub(super) fn answers(&self, refusal: &Refusal) -> bool {
        let stands_in = matches!(self.party, Party::TrustedAdult | Party::Caseworker);
        self.said_at > refusal.said_at && !stands_in
    }
}

/// A statement by which a side refuses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Refusal {
    pub(super) said_at: Timestamp,
    pub(super) consent: RecordId,
    pub(super) event: RecordId,
}

/// The question, and what it is asked of.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) request: &'a Request,
    pub(super) ledger: &'a Ledger,
    pub(super) policy: &'a Policy,
    pub(super) row: &'a AgeRow,
    pub(super) minor: bool,
    pub(super) now: Timestamp,
}

/// How a side came by an agreement, on the way through the events of a consent.
#[derive(Clone, Copy)]
struct Track<'a> {
    agreed: Result<(Agreement<'a>, Timestamp), Reason>,
    /// Whether this side ever agreed here: only then can it renew.
    before: bool,
    /// Whether this side took its word back: then only a new consent counts.
    over: bool,
}

impl<'a> Question<'a> {
    /// What the sides agreed to in this consent, in the order of [`Side::BOTH`].
    pub(super) fn agreements(&self, consent: &'a Consent) -> [Result<Agreement<'a>, Reason>; 2] {
        if let Err(reason) = consent.terms.covers(self.request) {
            return [Err(reason); 2];
        }
        let mut events = self.events(consent);
        events.sort_by_key(|(id, event)| (event.said_at, rank(&event.what), *id));
        let new = Track { agreed: Err(Reason::NotAnswered), before: false, over: false };
        let [mut subject, mut guardian] = [new; 2];
        for (id, event) in events {
            let track = match Side::of(&event.by) {
                Side::Subject => &mut subject,
                Side::Guardian => &mut guardian,
            };
            if self.ledger.is_silenced(event, self.now) {
                if event.what.agrees() {
                    track.fall_short(Reason::GiverBlocked);
                }
            } else if let Some(ended) = self.hear(consent, *id, event, track) {
                return [Err(ended); 2];
            }
        }
        [self.of_subject(&subject, &guardian), self.still(&guardian)]
    }

    /// Takes in one event; gives the reason if it ends the consent for everybody.
    fn hear(
        &self,
        consent: &'a Consent,
        id: RecordId,
        event: &Event,
        track: &mut Track<'a>,
    ) -> Option<Reason> {
        let side = Side::of(&event.by);
        match &event.what {
            What::Requested => {}
            What::Deferred => track.agreed = Err(Reason::Deferred),
            What::Given | What::AssentGiven | What::ReconfirmedAsAdult => {
                self.agree(consent, id, event, consent.terms.until, track);
            }
            What::Renewed { until } if track.before => {
                self.agree(consent, id, event, *until, track);
            }
            What::Renewed { .. } => {}
            What::Refused | What::Dissented => track.agreed = Err(side.refuses()),
            What::Restricted { part } if self.falls_under(part) => {
                return Some(Reason::Restricted);
            }
            What::Restricted { .. } => {}
            What::Withdrawn { part } if part.as_ref().is_none_or(|p| self.falls_under(p)) => {
                // Who speaks for her takes back their own word only; she takes back all.
                if side == Side::Subject {
                    return Some(Reason::Withdrawn);
                }
                *track = Track { agreed: Err(Reason::Withdrawn), before: false, over: true };
            }
            What::Withdrawn { .. } => {}
            What::Superseded { .. } => return Some(Reason::Superseded),
            What::Invalidated => return Some(Reason::Invalidated),
            What::Revoked => return Some(Reason::Revoked),
            What::EnteredInError => return Some(Reason::EnteredInError),
        }
        None
    }

    fn agree(
        &self,
        consent: &'a Consent,
        id: RecordId,
        event: &Event,
        until: Timestamp,
        track: &mut Track<'a>,
    ) {
        if track.over {
            return;
        }
        if let Some(reason) = self.defect(event) {
            return track.fall_short(reason);
        }
        let conditions = &consent.terms.conditions;
        let (consent, said_at) = (consent.id, event.said_at);
        track.before = true;
        let party = event.by.party;
        track.agreed = Ok((Agreement { consent, party, event: id, said_at, conditions }, until));
    }

    /// Why an agreement does not count, however clearly it was said.
    fn defect(&self, event: &Event) -> Option<Reason> {
        let confirms = event.what == What::ReconfirmedAsAdult;
        match event.by.party {
            Party::Subject => {
                let subject = self.ledger.subject;
                if confirms && self.said_of_a_minor(event.said_at) {
                    return Some(Reason::GiverNotEntitled);
                }
                if subject.needs_interpreter && event.means.interpreter().is_none() {
                    return Some(Reason::InterpreterMissing);
                }
            }
            _ if confirms => return Some(Reason::GiverNotEntitled),
            Party::Guardian => {}
            other if self.row.substitutes.contains(&other) => {}
            _ => return Some(Reason::GiverNotEntitled),
        }
        if event.means.witnesses().len() < self.policy.witnesses(event.means.channel) {
            return Some(Reason::WitnessMissing);
        }
        (self.policy.notice_required() && event.means.notice.is_none())
            .then_some(Reason::NoticeMissing)
    }

    /// What is left of her own agreement.
    fn of_subject(&self, own: &Track<'a>, others: &Track<'a>) -> Result<Agreement<'a>, Reason> {
        match (own.agreed, others.agreed) {
            // An adult, for whom others spoke.
            (Err(Reason::NotAnswered), Ok((other, _))) if !self.minor => {
                Err(if self.said_of_a_minor(other.said_at) {
                    Reason::LapsedAtMajority
                } else {
                    Reason::GiverNotEntitled
                })
            }
            // Somebody spoke in her place who may not.
            (Err(Reason::NotAnswered), Err(Reason::GiverNotEntitled)) => {
                Err(Reason::GiverNotEntitled)
            }
            _ => self.still(own),
        }
    }

    /// What is left of an agreement now.
    fn still(&self, track: &Track<'a>) -> Result<Agreement<'a>, Reason> {
        let (agreement, until) = track.agreed?;
        if self.now >= until {
            Err(Reason::Expired)
        } else if !self.minor && self.said_of_a_minor(agreement.said_at) {
            Err(Reason::LapsedAtMajority)
        } else {
            Ok(agreement)
        }
    }

    fn said_of_a_minor(&self, at: Timestamp) -> bool {
        self.policy.is_minor(self.ledger.subject.birth, at)
    }

    /// The refusals of a side in this consent that bear on the request. A mistake, a new version
    /// or a withdrawal of the consent around it does not unsay a no.
    pub(super) fn refusals(
        &self,
        consent: &'a Consent,
        side: Side,
    ) -> impl Iterator<Item = Refusal> {
        let touches = consent.terms.scope.touches(self.request);
        self.events(consent)
            .into_iter()
            .filter(move |(_, event)| {
                touches
                    && event.what.refuses()
                    && Side::of(&event.by) == side
                    && !self.ledger.is_silenced(event, self.now)
            })
            .map(|(id, event)| Refusal { said_at: event.said_at, consent: consent.id, event: *id })
    }

    /// The events that had been said by now.
    fn events(&self, consent: &'a Consent) -> Vec<&'a (RecordId, Event)> {
        consent.events.iter().filter(|(_, event)| event.said_at <= self.now).collect()
    }

    fn falls_under(&self, part: &Scope) -> bool {
        let action = part.actions.is_empty() || part.actions.contains(&self.request.action);
        action && part.touches(self.request)
    }
}

impl Track<'_> {
    /// A statement that does not count takes nothing from one that does.
    fn fall_short(&mut self, reason: Reason) {
        if let Err(before) = self.agreed {
            self.agreed = Err(before.max(reason));
        }
    }
}

/// Of two things said at the same moment the one that allows less is heard last.
pub(super) const fn rank(what: &What) -> u8 {
    match what {
        What::Requested => 0,
        What::Given | What::AssentGiven | What::ReconfirmedAsAdult => 1,
        What::Renewed { .. } => 2,
        What::Deferred => 3,
        What::Refused | What::Dissented => 4,
        What::Restricted { .. } | What::Withdrawn { .. } => 5,
        What::Superseded { .. } | What::Invalidated | What::Revoked | What::EnteredInError => 6,
    }
}
