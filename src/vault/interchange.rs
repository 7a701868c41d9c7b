//! Consents that come from, or go to, other programs.

use std::collections::BTreeMap;

use crate::consent::{
    Consent, ConsentDocument, Controller, Event, RecipientEntry, RecipientRef, Scope, What,
};
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::vault::consents::Consents;
use crate::vault::ledger::Entry;

impl Consents<'_> {
    /// All consents of the person as one document, with the recipients that they name.
    ///
    /// # Errors
    ///
    /// As [`Self::ledger`]; `NotFound` if a recipient is not in the list any more.
    pub fn document(&self, controller: Controller) -> Result<ConsentDocument> {
        let consents = self.ledger()?.consents;
        let mut recipients: BTreeMap<RecordId, RecipientEntry> = BTreeMap::new();
        for named in consents.iter().flat_map(named_in) {
            if let RecipientRef::Recipient(id) = named {
                recipients.insert(*id, self.vault.recipient(*id)?);
            }
        }
        let (person, issued_at) = (self.person, self.now());
        Ok(ConsentDocument { controller, person, consents, recipients, issued_at })
    }

    /// Records the consents of a document, as a member who read it: each consent and event that
    /// is not here yet. Recording it again adds nothing. Gives the ids of what was added.
    ///
    /// Recipients are found by name: the list is not widened by a file.
    ///
    /// # Errors
    ///
    /// `NotFound` for a recipient whose name is not in the list; otherwise as [`Self::give`], for
    /// any consent of it: then nothing is stored, or the consents without what happened later.
    pub fn record_document(&self, document: &ConsentDocument) -> Result<Vec<RecordId>> {
        let mut known = BTreeMap::new();
        let listed = self.vault.recipients()?;
        for (id, entry) in &document.recipients {
            let here = listed.iter().find(|(_, listed)| listed.name == entry.name);
            let (here, _) = here.ok_or_else(|| {
                Error::new(ErrorKind::NotFound, "the list has no recipient of this name")
            })?;
            known.insert(*id, *here);
        }
        let consents: Vec<Consent> = document
            .consents
            .iter()
            .map(|consent| with_recipients(consent.clone(), &known))
            .collect::<Result<_>>()?;
        let mut ids: BTreeMap<RecordId, RecordId> = BTreeMap::new();
        let mut added = self.write(|live, policy, book| {
            let mut entries = Vec::new();
            for consent in &consents {
                let mut events = consent.events.iter().map(|(_, event)| event);
                let Some(first) = events.next() else {
                    return Err(Error::new(ErrorKind::BadInput, "a consent without an event"));
                };
                let here = book.ledger.consents.iter().find(|here| is_same(here, consent, first));
                if let Some(here) = here {
                    ids.insert(consent.id, here.id);
                    continue;
                }
                self.check_event(live, policy, book, first)?;
                self.check_scope(live, policy, &consent.terms.scope)?;
                consent.terms.check(first.said_at, first.what.agrees())?;
                let (terms, first) = (consent.terms.clone(), first.clone());
                entries.push(Entry::Consent { terms, first });
            }
            Ok(entries)
        })?;
        let new = consents.iter().filter(|consent| !ids.contains_key(&consent.id));
        let new: Vec<RecordId> = new.map(|consent| consent.id).collect();
        ids.extend(new.into_iter().zip(added.iter().copied()));
        added.extend(self.write(|live, policy, book| {
            let mut entries = Vec::new();
            for consent in &consents {
                let of = *ids.get(&consent.id).ok_or_else(lost)?;
                let here = book.ledger.consents.iter().find(|here| here.id == of);
                let here = here.ok_or_else(lost)?;
                for (_, event) in consent.events.iter().skip(1) {
                    let event = with_consents(event.clone(), &ids)?;
                    if here.events.iter().all(|(_, known)| *known != event) {
                        self.check_event(live, policy, book, &event)?;
                        entries.push(Entry::Event { of, event });
                    }
                }
            }
            Ok(entries)
        })?);
        Ok(added)
    }
}

fn is_same(here: &Consent, consent: &Consent, first: &Event) -> bool {
    here.terms == consent.terms && here.events.first().is_some_and(|(_, known)| known == first)
}

fn named_in(consent: &Consent) -> impl Iterator<Item = &RecipientRef> {
    let parts = consent.events.iter().filter_map(|(_, event)| part_of(&event.what));
    let scopes = std::iter::once(&consent.terms.scope).chain(parts);
    scopes.flat_map(|scope| &scope.recipients)
}

fn part_of(what: &What) -> Option<&Scope> {
    match what {
        What::Restricted { part } | What::Withdrawn { part: Some(part) } => Some(part),
        _ => None,
    }
}

/// The same consent with the recipients' ids of this vault.
fn with_recipients(mut consent: Consent, known: &BTreeMap<RecordId, RecordId>) -> Result<Consent> {
    let translate = |scope: &mut Scope| -> Result<()> {
        let recipients = std::mem::take(&mut scope.recipients).into_iter();
        scope.recipients = recipients
            .map(|named| match named {
                RecipientRef::Recipient(id) => {
                    known.get(&id).copied().map(RecipientRef::Recipient).ok_or_else(|| {
                        Error::new(ErrorKind::NotFound, "the file does not say who receives")
                    })
                }
                other => Ok(other),
            })
            .collect::<Result<_>>()?;
        Ok(())
    };
    translate(&mut consent.terms.scope)?;
    for (_, event) in &mut consent.events {
        if let What::Restricted { part } | What::Withdrawn { part: Some(part) } = &mut event.what {
            translate(part)?;
        }
    }
    Ok(consent)
}

fn with_consents(mut event: Event, ids: &BTreeMap<RecordId, RecordId>) -> Result<Event> {
    if let What::Superseded { by } = &mut event.what {
        *by = *ids.get(by).ok_or_else(lost)?;
    }
    Ok(event)
}

fn lost() -> Error {
    Error::new(ErrorKind::NotFound, "the file speaks of a consent that it does not hold")
}
