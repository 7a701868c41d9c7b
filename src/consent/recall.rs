//! Withdrawal works backwards: whoever received something is told that it was taken back.

use crate::consent::event::{Event, What};
use crate::consent::grant::Consent;
use crate::consent::ledger::{Disclosure, Ledger, Recall};
use crate::consent::request::Recipient;
use crate::consent::scope::Scope;
use crate::id::RecordId;
use crate::time::Timestamp;

impl Ledger {
    /// Who must be told, for every consent that was withdrawn, revoked or found invalid by now:
    /// each recipient of each disclosure that rested on it, whether it was made before the
    /// withdrawal was said or after.
    #[must_use]
    pub fn recalls(&self, now: Timestamp) -> Vec<Recall> {
        let mut found: Vec<Recall> =
            self.consents.iter().flat_map(|consent| self.recalls_of(consent, now)).collect();
        found.sort();
        found
    }

    fn recalls_of<'a>(
        &'a self,
        consent: &'a Consent,
        now: Timestamp,
    ) -> impl Iterator<Item = Recall> + 'a {
        let ends = consent
            .events
            .iter()
            .filter(move |(_, event)| event.said_at <= now && !self.is_silenced(event, now));
        ends.flat_map(move |(id, event)| {
            let under = self.disclosures.iter().filter(move |one| {
                one.at <= now && one.terms.under.contains(&consent.id) && takes_back(event, one)
            });
            under.map(move |one| recall(consent.id, *id, event, one))
        })
    }
}

fn recall(consent: RecordId, event: RecordId, said: &Event, one: &Disclosure) -> Recall {
    Recall {
        recipient: one.terms.recipient,
        consent,
        event,
        disclosure: one.id,
        disclosed_at: one.at,
        withdrawn_at: said.said_at,
    }
}

fn takes_back(event: &Event, disclosure: &Disclosure) -> bool {
    match &event.what {
        What::Withdrawn { part: None } | What::Revoked | What::Invalidated => true,
        What::Withdrawn { part: Some(part) } => reaches(part, disclosure),
        _ => false,
    }
}

/// Whether a part bears on what left. Of the data only fields can be compared: a category may
/// hold any of them, so it counts.
fn reaches(part: &Scope, disclosure: &Disclosure) -> bool {
    let terms = &disclosure.terms;
    let recipient = Recipient { id: Some(terms.recipient), ..terms.received_by.clone() };
    part.purposes.contains(&terms.purpose)
        && part.names(&recipient)
        && part.data.may_include(&terms.fields)
}
