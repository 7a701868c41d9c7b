//! Acting without a consent: asked for by one member, approved by another, each with their own
//! key.

use std::collections::BTreeSet;

use crate::consent::{DataScope, OverrideTerms, Scope};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::vault::consents::{Consents, MAX_WORDS, bad, only};
use crate::vault::ledger::{Entry, asked_for};

impl Consents<'_> {
    /// Asks for an override, signed by this session's identity. It is not in force before a
    /// second member approves.
    ///
    /// # Errors
    ///
    /// `BadValue` without a reason, or with an end that is not within the policy's hours;
    /// otherwise as [`Self::give`].
    pub fn ask_override(&self, terms: OverrideTerms) -> Result<RecordId> {
        let ids = self.write(|live, policy, book| {
            let now = self.vault.now(live).as_second();
            let longest = now + i64::from(policy.override_rule().hours) * 3600;
            if terms.reason().is_empty() || terms.reason().len() > MAX_WORDS {
                return Err(bad("an override has a reason"));
            }
            if terms.until.as_second() <= now || terms.until.as_second() > longest {
                return Err(bad("an override ends within the hours of the policy"));
            }
            let scope = Scope {
                purposes: BTreeSet::from([terms.purpose.clone()]),
                recipients: BTreeSet::from([terms.recipient.clone()]),
                data: DataScope::Only { categories: BTreeSet::new(), fields: terms.fields.clone() },
                actions: BTreeSet::new(),
            };
            self.check_scope(live, policy, &scope)?;
            let signature =
                self.vault.sign_approval((self.person, &book.last), &asked_for(&terms)?);
            Ok(vec![Entry::Override { terms, signature }])
        })?;
        only(&ids)
    }

    /// Approves an override as somebody else than who asked, signed by this session's identity.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NotAllowed` if this member approved already; otherwise as [`Self::give`].
    pub fn approve(&self, id: RecordId) -> Result<RecordId> {
        let ids = self.write(|_, _, book| {
            let place = || Place::Record(id);
            let asked = book.ledger.overrides.iter().find(|one| one.id == id);
            let digest = book.overrides.get(&id);
            let (Some(asked), Some(digest)) = (asked, digest) else {
                return Err(Error::new(ErrorKind::NotFound, "no such override").at(place()));
            };
            if asked.approvals.iter().any(|approval| approval.member == self.vault.member) {
                let what = "another member approves";
                return Err(Error::new(ErrorKind::NotAllowed, what).at(place()));
            }
            let signature = self.vault.sign_approval((self.person, &book.last), digest);
            Ok(vec![Entry::Approval { of: id, signature }])
        })?;
        only(&ids)
    }
}
