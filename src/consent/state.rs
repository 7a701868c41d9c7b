//! How a consent stands by itself, for people who look at a ledger.

use crate::consent::codes::{Identifiability, codes};
use crate::consent::decide::decide;
use crate::consent::grant::Consent;
use crate::consent::ledger::Ledger;
use crate::consent::policy::Policy;
use crate::consent::reason::Reason;
use crate::consent::request::{Datum, Recipient, Request, Shape};
use crate::consent::scope::{DataScope, RecipientRef};
use crate::consent::standing::Question;
use crate::time::Timestamp;

codes! {
    /// How much of a consent stands.
    Standing {
        /// Somebody's agreement to all of it stands. Whether that is enough is a decision's.
        InForce = "in_force",
        /// Of some of it.
        Partly = "partly",
        /// Of nothing.
        Ended = "ended",
    }
}

impl Ledger {
    /// How much of a consent stands at a moment, and the nearest reason for what does not.
    #[must_use]
    pub fn standing(
        &self,
        consent: &Consent,
        policy: &Policy,
        now: Timestamp,
    ) -> (Standing, Option<Reason>) {
        let birth = self.subject.birth;
        let minor = policy.is_minor(birth, now);
        let Some(row) = policy.row(policy.age(birth, now)) else {
            return (Standing::Ended, None);
        };
        let (mut stands, mut nearest) = (false, None);
        for request in samples(consent) {
            let request = &request;
            let question = Question { request, ledger: self, policy, row, minor, now };
            match question.agreements(consent) {
                [Err(a), Err(b)] => nearest = nearest.max(Some(a.max(b))),
                _ => stands = true,
            }
        }
        match (stands, nearest) {
            (true, None) => (Standing::InForce, None),
            (true, reason) => (Standing::Partly, reason),
            (false, reason) => (Standing::Ended, reason),
        }
    }
}

impl Ledger {
    /// Whether something that a consent covers may go now, all that was said taken together.
    #[must_use]
    pub fn permits(&self, consent: &Consent, policy: &Policy, now: Timestamp) -> bool {
        samples(consent).any(|request| decide(&request, self, policy, now).is_permit())
    }
}

/// One request for each purpose, recipient and category or field of the terms.
fn samples(consent: &Consent) -> impl Iterator<Item = Request> + '_ {
    let scope = &consent.terms.scope;
    let data = sample_data(&scope.data);
    scope.purposes.iter().flat_map(move |purpose| {
        let data = data.clone();
        scope.recipients.iter().flat_map(move |recipient| {
            let recipient = sample_recipient(recipient);
            data.clone().into_iter().filter_map(move |data| {
                Some(Request {
                    purpose: purpose.clone(),
                    recipient: recipient.clone(),
                    data,
                    action: *scope.actions.first()?,
                    identifiability: Identifiability::Aggregate,
                })
            })
        })
    })
}

fn sample_recipient(named: &RecipientRef) -> Recipient {
    use crate::consent::codes::RecipientKind::Other;
    let of_kind = Recipient::of_kind;
    match named {
        RecipientRef::Recipient(id) => Recipient { id: Some(*id), ..of_kind(Other) },
        RecipientRef::Organisation(name) => {
            Recipient { organisation: Some(name.clone()), ..of_kind(Other) }
        }
        RecipientRef::Kind(kind) => of_kind(*kind),
        RecipientRef::Team(role) => Recipient { team: Some(role.clone()), ..of_kind(Other) },
    }
}

fn sample_data(scope: &DataScope) -> Vec<Datum> {
    let datum = |record_type: &str, field: &str, category: &str| Datum {
        record_type: record_type.to_owned(),
        field: field.to_owned(),
        category: category.to_owned(),
        sensitivity: String::new(),
        shape: Shape::Plain,
    };
    match scope {
        DataScope::Everything => vec![datum("", "", "")],
        DataScope::Only { categories, fields } => {
            let fields = fields.iter().filter_map(|field| field.split_once('.'));
            let categories = categories.iter().map(|category| datum("", "", category));
            categories.chain(fields.map(|(kind, field)| datum(kind, field, ""))).collect()
        }
    }
}
