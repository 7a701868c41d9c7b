//! Each field decided once, by everybody whose data it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::{Action, Identifiability, Recipient, Request};
use crate::error::Result;
use crate::id::RecordId;
use crate::redact::Verdict;
use crate::time::Timestamp;
use crate::vault::Vault;
use crate::vault::consents::{Consents, datum};
use crate::vault::exports::tree::Branch;

/// By the people concerned and the field (`record_type.field`).
pub(super) type Verdicts = BTreeMap<(BTreeSet<RecordId>, String), Verdict>;

/// What all questions of an export have in common.
pub(super) struct Question {
    pub(super) purpose: String,
    pub(super) action: Action,
    pub(super) recipient: Recipient,
    pub(super) identifiability: Identifiability,
}

impl Vault {
    pub(super) fn question(&self, question: &Question, field: &str) -> Result<Request> {
        Ok(Request {
            purpose: question.purpose.clone(),
            recipient: question.recipient.clone(),
            data: datum(&self.schema(), field)?,
            action: question.action,
            identifiability: question.identifiability,
        })
    }

    /// Decides every field of the records: it may leave if everybody concerned lets it. Where
    /// nobody is concerned there is nobody who could.
    pub(super) fn verdicts(
        &self,
        branches: &[Branch],
        question: &Question,
        now: Timestamp,
    ) -> Result<Verdicts> {
        let mut asked: BTreeMap<RecordId, BTreeSet<String>> = BTreeMap::new();
        let mut combined: BTreeSet<(BTreeSet<RecordId>, String)> = BTreeSet::new();
        for branch in branches {
            for field in branch.asked() {
                let name = format!("{}.{field}", branch.record.record_type());
                for person in &branch.persons {
                    asked.entry(*person).or_default().insert(name.clone());
                }
                combined.insert((branch.persons.clone(), name));
            }
        }
        let mut decided = BTreeMap::new();
        for (person, fields) in asked {
            let requests: Result<Vec<Request>> =
                fields.iter().map(|field| self.question(question, field)).collect();
            let decisions = Consents { vault: self, person }.decide_each(&requests?, now)?;
            decided.extend(fields.into_iter().map(|field| (person, field)).zip(decisions));
        }
        let join = |persons: &BTreeSet<RecordId>, field: &String| {
            let mut all = persons.iter().filter_map(|p| decided.get(&(*p, field.clone())));
            let first = all.next()?;
            let one = |decision: &crate::consent::Decision| Verdict {
                permitted: decision.is_permit(),
                reason: decision.reason,
                missing: decision.missing.clone(),
                obligations: decision.obligations.clone(),
            };
            Some(all.map(one).fold(one(first), |a, b| a.and(b)))
        };
        let joined = combined.into_iter().filter_map(|(persons, field)| {
            let verdict = join(&persons, &field)?;
            Some(((persons, field), verdict))
        });
        Ok(joined.collect())
    }
}
