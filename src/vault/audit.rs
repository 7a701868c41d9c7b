//! The log read for people: each leaf judged, its records named as far as this role may know.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::audit::{
    Act, AuditAct, AuditEvent, AuditGiven, AuditRecord, AuditTouch, Change, Leaf, Walk,
    compartment_bit,
};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::timeline::Timeline;
use crate::id::RecordId;
use crate::keys::roster::{Escrow, Roster};
use crate::language::Language;
use crate::schema::RecordType;
use crate::schema::own::{CUSTODY, FILE, LEDGER};
use crate::time::Timestamp;
use crate::vault::family::Unseen;
use crate::vault::holds::is_damage;
use crate::vault::ledger::Entry;
use crate::vault::past::{read_leaf, verify_rosters};
use crate::vault::read::not_found;
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault};

/// Most events of one page.
const MAX_EVENTS: usize = 20_000;

/// Which part of the log is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditRequest {
    record: Option<RecordId>,
    since: Option<Timestamp>,
}

impl AuditRequest {
    /// All of it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What touched a record or anything under it. One that was erased can be named, too.
    #[must_use]
    pub const fn record(mut self, record: RecordId) -> Self {
        self.record = Some(record);
        self
    }

    /// What was done at this moment or later.
    #[must_use]
    pub const fn since(mut self, at: Timestamp) -> Self {
        self.since = Some(at);
        self
    }
}

impl Vault {
    /// Reads the log, oldest first. Each leaf is judged as it comes by: signed by a member who
    /// might, and the continuation of the one before; so the first error ends it.
    ///
    /// Neither closure may call the vault; `progress` is told leaves done and leaves in all, and
    /// `event` says whether to go on.
    ///
    /// # Errors
    ///
    /// `Tampered` or `Missing` at a leaf; otherwise as [`Vault::read`].
    pub fn audit(
        &self,
        request: &AuditRequest,
        progress: &mut dyn FnMut(u64, u64),
        event: &mut dyn FnMut(AuditEvent) -> ControlFlow<()>,
    ) -> Result<()> {
        self.ensure_alive()?;
        self.log_reads()?;
        let live = self.live();
        let wanted = match request.record {
            Some(id) => Wanted::under(self.slots_under(&live, id, Others::Too)?),
            None => Wanted::default(),
        };
        self.tell_log(&live, (&wanted, request.since), progress, event)
    }

    fn tell_log(
        &self,
        live: &Live,
        (wanted, since): (&Wanted, Option<Timestamp>),
        progress: &mut dyn FnMut(u64, u64),
        event: &mut dyn FnMut(AuditEvent) -> ControlFlow<()>,
    ) -> Result<()> {
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let mut walk = Walk::from_the_start(&rosters);
        while walk.size() < live.log.size() {
            let bytes = read_leaf(self.store.as_ref(), walk.size())?;
            let leaf = walk.step(&self.id, &live.ring, &bytes)?;
            progress(walk.size(), live.log.size());
            let old = since.is_some_and(|since| leaf.at < since.as_second());
            if !old && wanted.touched_by(&leaf) {
                let then = rosters.get(&leaf.roster);
                if event(self.event(live, then, &leaf, wanted)?).is_break() {
                    return Ok(());
                }
            }
        }
        if !walk.ends_at(&live.log, live.roster.version, live.tree.root().erase_epoch) {
            let what = "the log does not end where the newest commit says";
            return Err(Error::new(ErrorKind::Tampered, what).at(Place::Leaf(walk.size())));
        }
        Ok(())
    }

    /// The log of one case as one page of HTML: who, what, when and why.
    ///
    /// # Errors
    ///
    /// As [`Vault::audit`]; `TooLong` for more than 20,000 entries.
    pub fn audit_page(&self, record: RecordId, language: Language) -> Result<Vec<u8>> {
        let under = |live: &Live| self.slots_under(live, record, Others::Too).map(Wanted::under);
        let (events, now) = self.events_of(&under)?;
        let (schema, policy) = (self.schema(), self.policy()?);
        let record = record.to_string();
        Ok(Timeline { schema, policy, language, now, record, events }.for_the_house())
    }

    /// The page for the person herself: who has seen her file, and to whom it was given. Her file
    /// is what stands under her, and what of the case stands under nobody; of other people in the
    /// case the page tells nothing, nor of what this session's role does not open.
    ///
    /// # Errors
    ///
    /// As [`Vault::audit_page`]; `NotFound` also for a record that was erased: with it went what
    /// the page would say.
    pub fn survivor_page(&self, record: RecordId, language: Language) -> Result<Vec<u8>> {
        if !self.is_live(&self.live(), &record)? {
            return Err(not_found(&record));
        }
        let (events, now) = self.events_of(&|live| self.concerning(live, record))?;
        let (schema, policy) = (self.schema(), self.policy()?);
        let record = record.to_string();
        Ok(Timeline { schema, policy, language, now, record, events }.for_the_person())
    }

    /// What stands under a person, and what she shares with the others of her case.
    fn concerning(&self, live: &Live, person: RecordId) -> Result<Wanted> {
        let mut wanted = Wanted::under(self.slots_under(live, person, Others::Too)?);
        let shared = self.ancestors(live, person).and_then(|above| match above.last() {
            Some(top) => self.slots_under(live, *top, Others::Never),
            None => Ok(BTreeSet::new()),
        });
        match shared {
            Ok(shared) => wanted.shared = shared,
            // `check` names it, and what is hers is still to be told.
            Err(error) if is_damage(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(wanted)
    }

    fn events_of(
        &self,
        wanted: &dyn Fn(&Live) -> Result<Wanted>,
    ) -> Result<(Vec<AuditEvent>, Timestamp)> {
        self.ensure_alive()?;
        self.log_reads()?;
        let live = self.live();
        let wanted = wanted(&live)?;
        let mut events = Vec::new();
        self.tell_log(&live, (&wanted, None), &mut |_, _| (), &mut |event| {
            events.push(event);
            if events.len() > MAX_EVENTS {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        if events.len() > MAX_EVENTS {
            return Err(Error::new(ErrorKind::TooLong, "a page has at most 20,000 entries"));
        }
        Ok((events, self.now(&live)))
    }

    /// The slots of a record and of all that stands under it, of its ledger too; of one that is
    /// gone its own. Of people, and what stands under them, only as asked for.
    fn slots_under(&self, live: &Live, top: RecordId, others: Others) -> Result<BTreeSet<u64>> {
        if top.slot() >= live.tree.root().slots || top.slot() < FIRST_RECORD_SLOT {
            return Err(not_found(&top));
        }
        let mut slots = BTreeSet::new();
        if !self.is_live(live, &top)? {
            // Of a slot that was closed nobody can tell the rest of the id.
            return match live.tree.lookup(self.store.as_ref(), top.slot())? {
                None => Ok(BTreeSet::from([top.slot()])),
                Some(_) => Err(not_found(&top)),
            };
        }
        let loaded = self.recent_record(live, &top)?;
        let kind = live.schema.stored_type(&self.meta(live, &loaded)?.record_type)?;
        let family = self.family(live, kind, Unseen::LeftOut)?;
        let mut next = vec![top];
        while let Some(id) = next.pop() {
            slots.insert(id.slot());
            let loaded = self.recent_record(live, &id)?;
            match self.children_in(live, &family, &loaded) {
                Ok(children) => {
                    let told = |kind: &RecordType| others == Others::Too || kind.subject.is_none();
                    let children = children.iter().filter(|(_, kind)| told(kind));
                    next.extend(children.map(|(child, _)| *child));
                }
                // Nobody can tell whether one of them is about somebody else.
                Err(error) if is_damage(&error) && others == Others::Never => {}
                // One of them cannot be read: what is listed is still to be told.
                Err(error) if is_damage(&error) => {
                    let listed = self.linked(live, &loaded).unwrap_or_default();
                    slots.extend(listed.iter().map(|child| child.slot()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(slots)
    }

    fn event(
        &self,
        live: &Live,
        roster: Option<&Roster>,
        leaf: &Leaf,
        wanted: &Wanted,
    ) -> Result<AuditEvent> {
        let (by, role) = signer(live, roster, leaf);
        let mut event = AuditEvent {
            leaf: leaf.index,
            at: Timestamp::from_second(leaf.at)?,
            by,
            role,
            act: AuditAct::from(leaf.act),
            reason: match leaf.act {
                Act::Erased(reason) => Some(reason),
                _ => None,
            },
            failed_unlocks: match leaf.act {
                Act::Unlocked(failed) => failed,
                _ => 0,
            },
            records: Vec::new(),
            given: Vec::new(),
            handed: Vec::new(),
            why: None,
            unreadable: false,
        };
        // What was read rides with the next leaf, whatever that one is about.
        if wanted.family.is_some() && !leaf.changes.iter().any(|one| wanted.change(one)) {
            event.act = AuditAct::Read;
            (event.reason, event.failed_unlocks) = (None, 0);
        }
        let of_people = |slot: u64| slot >= FIRST_RECORD_SLOT;
        let changes = leaf.changes.iter().filter(|one| of_people(one.slot) && wanted.change(one));
        for change in changes {
            let touch = match (change.digest == [0; 32], change.revision) {
                (true, _) => AuditTouch::Erased,
                (false, 0) => AuditTouch::Listed,
                (false, _) => AuditTouch::Written,
            };
            let mut record = self.named(live, change.slot, change.compartments, touch)?;
            record.revision = change.revision;
            if matches!(leaf.act, Act::Held(_)) {
                self.tell_hold(live, &record, &mut event);
            }
            match record.record_type.as_deref() {
                Some(LEDGER) => self.tell_entry(live, &record, &mut event),
                Some(own) if own.starts_with(CUSTODY) => {
                    self.tell_hand_over(live, &record, &mut event);
                }
                Some(own) if own.starts_with('@') && !own.starts_with(FILE) => {}
                _ => event.records.push(record),
            }
        }
        let reads = leaf.reads.iter();
        for seen in reads.filter(|seen| of_people(seen.slot) && wanted.slot(seen.slot)) {
            let read = self.named(live, seen.slot, seen.compartments, AuditTouch::Read)?;
            event.records.push(read);
        }
        Ok(event)
    }

    /// What is there in a slot, if anything still is.
    fn named(
        &self,
        live: &Live,
        slot: u64,
        compartments: u32,
        touch: AuditTouch,
    ) -> Result<AuditRecord> {
        let entry = live.tree.lookup(self.store.as_ref(), slot)?;
        let id = entry.map(|entry| RecordId::from_slot(slot, entry.tail));
        // Its row may be damaged: `check` says so, and the log is still to be read.
        let kind_of = |id: &RecordId| {
            let loaded = self.recent_record(live, id).ok()?;
            Some(self.meta(live, &loaded).ok()?.record_type)
        };
        let named = (1_u8..).zip(&live.roster.body.compartments);
        let opened = named.filter(|(code, _)| compartments & compartment_bit(*code) != 0);
        Ok(AuditRecord {
            id,
            slot,
            record_type: id.as_ref().and_then(kind_of),
            touch,
            revision: 0,
            compartments: opened.map(|(_, name)| name.clone()).collect(),
        })
    }

    /// What an entry of a ledger says of it, if this role opens it.
    fn tell_entry(&self, live: &Live, record: &AuditRecord, event: &mut AuditEvent) {
        let entry = match record.id.map(|id| self.entry_at(live, &id)) {
            Some(Ok(entry)) => entry,
            Some(Err(error)) if error.kind() == ErrorKind::NoCompartment => return,
            // `check` names it, and the log is still to be read.
            Some(Err(_)) => {
                event.unreadable = true;
                return;
            }
            None => return,
        };
        match entry {
            Entry::Disclosure(terms) => event.given.push(AuditGiven {
                purpose: terms.purpose,
                recipient: self
                    .recipient_at(live, terms.recipient)
                    .map(|recipient| recipient.name)
                    .unwrap_or_default(),
                fields: terms.fields,
                left_open: terms.export.as_ref().is_some_and(|export| !export.sealed),
                reference: terms.export.as_ref().is_some_and(|export| export.reference),
                export: terms.export.map(|export| export.export),
            }),
            Entry::Override { terms, .. } => event.why = Some(terms.reason().to_owned()),
            _ => {}
        }
    }

    /// To whom a file went, if this role opens what was said of it.
    fn tell_hand_over(&self, live: &Live, record: &AuditRecord, event: &mut AuditEvent) {
        match record.id.map(|id| self.hand_over_at(live, &id)) {
            Some(Ok(Some(handed))) => event.handed.push(handed),
            Some(Err(error)) if error.kind() == ErrorKind::NoCompartment => {}
            // `check` names it, and the log is still to be read.
            Some(Err(_)) => event.unreadable = true,
            Some(Ok(None)) | None => {}
        }
    }

    /// Why a hold was laid or lifted by this leaf, as its record says.
    fn tell_hold(&self, live: &Live, record: &AuditRecord, event: &mut AuditEvent) {
        let Some(id) = record.id else { return };
        let said = self.recent_record(live, &id).and_then(|held| self.particulars(live, &held));
        match said {
            Ok(said) => {
                let mut holds = said.holds.iter();
                let here = holds.find(|hold| hold.leaf == event.leaf);
                event.why = here.map(|hold| hold.because.expose().to_owned());
            }
            Err(_) => event.unreadable = true,
        }
    }
}

/// Whether what is about other people is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    Too,
    Never,
}

/// The slots whose leaves are told; without a family all of them.
#[derive(Default)]
struct Wanted {
    family: Option<BTreeSet<u64>>,
    /// What several people share: that one more came under it is not told.
    shared: BTreeSet<u64>,
}

impl Wanted {
    fn under(family: BTreeSet<u64>) -> Self {
        Self { family: Some(family), shared: BTreeSet::new() }
    }

    fn slot(&self, slot: u64) -> bool {
        self.own(slot) || self.shared.contains(&slot)
    }

    fn own(&self, slot: u64) -> bool {
        self.family.as_ref().is_none_or(|slots| slots.contains(&slot))
    }

    fn change(&self, change: &Change) -> bool {
        let listed = change.revision == 0 && change.links > 0 && change.digest != [0; 32];
        self.own(change.slot) || (!listed && self.shared.contains(&change.slot))
    }

    fn touched_by(&self, leaf: &Leaf) -> bool {
        self.family.is_none()
            || leaf.changes.iter().any(|one| self.change(one))
            || leaf.reads.iter().any(|seen| self.slot(seen.slot))
    }
}

/// Name and role of whoever signed a leaf, by the roster that judged it.
fn signer(live: &Live, then: Option<&Roster>, leaf: &Leaf) -> (String, String) {
    let id = leaf.actor_id();
    if id == Escrow::SIGNER {
        return ("escrow".to_owned(), "escrow".to_owned());
    }
    let entry = then.unwrap_or(&live.roster).body.member(id);
    entry.map_or_else(
        || (id.to_string(), String::new()),
        |entry| (entry.name.clone(), entry.role.clone()),
    )
}
