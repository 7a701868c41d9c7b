//! How a consent stood at one moment, as far as FHIR can say: without age and blocks.

use crate::consent::codes::Party;
use crate::consent::event::{Event, Speaker, What};
use crate::consent::grant::Consent;
use crate::consent::scope::Scope;
use crate::consent::standing::rank;
use crate::time::Timestamp;

/// Where somebody can say less than the library's own decision knows, it permits less: whoever
/// took their word back, or refused, stands against all.
#[derive(Debug)]
pub(super) struct State<'a> {
    /// FHIR's `status`.
    pub(super) status: &'static str,
    /// From when to when it held or holds.
    pub(super) period: Option<(Timestamp, Timestamp)>,
    /// Whether it is in force.
    pub(super) permits: bool,
    /// What was taken out of it.
    pub(super) without: Vec<&'a Scope>,
    /// When it was given, or whatever was said first instead.
    pub(super) day: Option<Timestamp>,
    /// The statements by which somebody agreed.
    pub(super) agreements: Vec<&'a Event>,
}

/// The last word of a side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    None,
    Yes { until: Timestamp },
    No,
}

impl<'a> State<'a> {
    pub(super) fn of(consent: &'a Consent, now: Timestamp) -> Self {
        let mut events: Vec<_> =
            consent.events.iter().filter(|(_, event)| event.said_at <= now).collect();
        events.sort_by_key(|(id, event)| (event.said_at, rank(&event.what), *id));
        let mut sides = [Side { word: Word::None, before: false }; 2];
        let (mut wrong, mut ended) = (false, None);
        let (mut without, mut agreements) = (Vec::new(), Vec::new());
        for (_, event) in &events {
            let side = match &mut sides {
                [subject, _] if is_subject(&event.by) => subject,
                [_, guardian] => guardian,
            };
            match &event.what {
                What::Requested => {}
                What::Deferred => side.word = Word::None,
                What::Given | What::AssentGiven | What::ReconfirmedAsAdult => {
                    side.agrees(consent.terms.until);
                    agreements.push(event);
                }
                What::Renewed { until } if side.before => {
                    side.agrees(*until);
                    agreements.push(event);
                }
                What::Renewed { .. } => {}
                What::Refused | What::Dissented => side.word = Word::No,
                What::Restricted { part } | What::Withdrawn { part: Some(part) } => {
                    without.push(part);
                }
                What::EnteredInError => wrong = true,
                What::Withdrawn { part: None }
                | What::Superseded { .. }
                | What::Invalidated
                | What::Revoked => ended = ended.or(Some(event.said_at)),
            }
        }
        let until = sides.iter().filter_map(|side| match side.word {
            Word::Yes { until } => Some(until),
            Word::None | Word::No => None,
        });
        let until = until.min();
        let refused = sides.iter().any(|side| side.word == Word::No);
        let expired = until.is_some_and(|until| until <= now);
        let over = wrong || ended.is_some() || expired;
        let status = match () {
            () if wrong => "entered-in-error",
            () if over => "inactive",
            () if refused || until.is_some() => "active",
            () => "draft",
        };
        let start = agreements.iter().map(|event| event.said_at).min();
        let end = [ended, until].into_iter().flatten().min();
        let period = start.zip(end).filter(|(start, end)| start <= end);
        let day = start.or(events.first().map(|(_, event)| event.said_at));
        let permits = !over && !refused && until.is_some();
        Self { status, period, permits, without, day, agreements }
    }
}

#[derive(Clone, Copy)]
struct Side {
    word: Word,
    /// Whether this side ever agreed: only then can it renew.
    before: bool,
}

impl Side {
    const fn agrees(&mut self, until: Timestamp) {
        self.word = Word::Yes { until };
        self.before = true;
    }
}

fn is_subject(speaker: &Speaker) -> bool {
    speaker.party == Party::Subject
}
