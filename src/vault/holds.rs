//! Legal holds: while one stands, nothing of the record is destroyed.
//!
//! A hold and its reason are sealed with the record's particulars; who laid or lifted it, and
//! when, is what a signed leaf of the log says. So a member who holds the keys can cut a hold out
//! of a record, and `check` finds that the log says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Act, Change, Holding, Leaf, Walk};
use crate::crypto::aead::Nonces;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::roster::Roster;
use crate::seal::SectionHead;
use crate::secret::SecretText;
use crate::time::Timestamp;
use crate::vault::check::CheckProgress;
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::erase::Doomed;
use crate::vault::history::name_of;
use crate::vault::meta::{self, HoldEvent, MAX_REASON, Particulars};
use crate::vault::past::{read_leaf, verify_rosters};
use crate::vault::read::Loaded;
use crate::vault::write::vault_name;
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault};

/// A legal hold that stands on a record.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hold {
    /// The record on which it was laid.
    pub record: RecordId,
    /// When it was laid.
    pub since: Timestamp,
    /// The name of the administrator who laid it.
    pub by: String,
    /// Why; empty if the record is too damaged to say.
    pub because: SecretText,
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hold(..)")
    }
}

/// A hold as its record, or the log, knows it.
struct Standing {
    record: RecordId,
    leaf: u64,
    because: SecretText,
}

impl Vault {
    /// Lays a legal hold on a record: neither it, nor what stands under it, nor what it stands
    /// under is erased while the hold stands, and no older value of it or under it is destroyed.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `NotFound`; `Exists` if the record is
    /// held already; `Required` without a reason; `TooLong` for a reason above 1,000 bytes, or
    /// the seventeenth hold on one record.
    ///
    /// # Security
    ///
    /// The reason is sealed in the compartment `vault`, which every member holds: name the file
    /// of the prosecutor or the court in it, not what happened. A panic, or somebody who destroys
    /// the disk, asks for no hold.
    pub fn hold(&self, id: RecordId, because: &str) -> Result<()> {
        self.change_hold(id, Holding::Laid, because)
    }

    /// Lifts the hold that was laid on this very record.
    ///
    /// # Errors
    ///
    /// As [`Vault::hold`]; `Conflict` if the record is not held.
    pub fn lift_hold(&self, id: RecordId, because: &str) -> Result<()> {
        self.change_hold(id, Holding::Lifted, because)
    }

    /// The hold that stands on a record or on one that it stands under, as far up as this
    /// session's role opens the links.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `Tampered` if the log does not say what the record does.
    pub fn hold_on(&self, id: RecordId) -> Result<Option<Hold>> {
        self.ensure_alive()?;
        let live = self.live();
        let held = self.held_above(&live, &self.load_record(&live, &id)?)?;
        Ok(self.attest(&live, held.into_iter().take(1).collect())?.pop())
    }

    /// Every hold for which an erase of this record would be refused.
    ///
    /// # Errors
    ///
    /// As [`Vault::erase`], and [`Vault::hold_on`].
    pub fn holds_against_erasing(&self, id: RecordId) -> Result<Vec<Hold>> {
        self.ensure_alive()?;
        self.ensure_administrator()?;
        let live = self.live();
        let held = self.held_around(&live, id, &self.doomed(&live, id)?)?;
        self.attest(&live, held)
    }

    /// Every hold that stands. Reads every record; writers wait until it is done, and `progress`
    /// must not call the vault.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; as [`Vault::read`] for a record that
    /// cannot be read.
    pub fn holds(&self, progress: &mut dyn FnMut(CheckProgress)) -> Result<Vec<Hold>> {
        self.ensure_alive()?;
        self.ensure_administrator()?;
        let live = self.live();
        let total = live.tree.root().slots;
        let mut held = Vec::new();
        live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            if slot >= FIRST_RECORD_SLOT {
                let id = RecordId::from_slot(slot, entry.tail);
                let loaded = self.load(&live, &id)?;
                held.extend(standing(id, &self.particulars(&live, &loaded)?));
            }
            progress(CheckProgress { done: slot + 1, total });
            Ok(())
        })?;
        self.attest(&live, held)
    }

    fn change_hold(&self, id: RecordId, what: Holding, because: &str) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let because = because.trim();
        let refuse = |kind, what| Err(Error::new(kind, what).at(Place::Record(id)));
        if because.is_empty() {
            return refuse(ErrorKind::Required, "a hold is laid and lifted with a reason");
        }
        if because.len() > MAX_REASON {
            return refuse(ErrorKind::TooLong, "the reason of a hold has at most 1,000 bytes");
        }
        let mut writer = self.writer();
        let live = self.live();
        let loaded = self.load_record(&live, &id)?;
        let mut particulars = self.particulars(&live, &loaded)?;
        // What the vault keeps for itself is held with the record that it stands under.
        live.schema.record_type(&particulars.meta.record_type)?;
        match (what, particulars.held()) {
            (Holding::Laid, Some(_)) => {
                return refuse(ErrorKind::Exists, "the record is held already");
            }
            (Holding::Lifted, None) => {
                return refuse(ErrorKind::Conflict, "the record is not held");
            }
            (Holding::Laid, None) if particulars.holds.len() >= 2 * MAX_HOLDS => {
                return refuse(ErrorKind::TooLong, "a record is held at most 16 times");
            }
            (Holding::Laid, None) | (Holding::Lifted, Some(_)) => {}
        }
        let event = HoldEvent { what, leaf: live.log.size(), because: because.into() };
        particulars.holds.push(event);
        let mut tx = Tx::begin(self, &live);
        self.put_particulars(&live, &mut tx, &loaded, &particulars)?;
        let ready = self.ready(&live, tx, Act::Held(what))?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(&mut writer, 1);
        Ok(())
    }

    /// Writes a record's particulars anew. That raises no revision: no field changed.
    fn put_particulars(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        loaded: &Loaded,
        particulars: &Particulars,
    ) -> Result<()> {
        let id = &loaded.id;
        let revision = match loaded.section(meta::SECTION)? {
            Some((bytes, _)) => SectionHead::parse(bytes)?.0.revision,
            None => particulars.meta.revision,
        };
        let (mut row, mut group) = (loaded.row.clone(), loaded.group.clone());
        let (fields, mut nonces) = (particulars.fields()?, Nonces::draw(1)?);
        let at = (id, "", meta::SECTION);
        self.seal_into(live, &mut row, &mut group, at, revision, fields, &mut nonces)?;
        let digest = tx.put_record(self, id, &mut row, &group, RecordEntry::Known)?;
        let (slot, name) = (id.slot(), vault_name(&group, id));
        tx.changes.push(Change { slot, name, digest, revision: 0, compartments: 0, links: 0 });
        Ok(())
    }

    /// Refuses an erase while a hold stands on anything that goes, or on what it stands under.
    pub(super) fn refuse_if_held(
        &self,
        live: &Live,
        id: RecordId,
        doomed: &[Doomed],
    ) -> Result<()> {
        self.held_around(live, id, doomed)?.first().map_or(Ok(()), |held| Err(refused(held.record)))
    }

    /// Refuses to destroy what a record was while a hold stands on it or above it.
    pub(super) fn refuse_if_held_above(&self, live: &Live, loaded: &Loaded) -> Result<()> {
        self.held_above(live, loaded)?.first().map_or(Ok(()), |held| Err(refused(held.record)))
    }

    /// The holds on a record and on those that it stands under, the nearest first.
    fn held_above(&self, live: &Live, loaded: &Loaded) -> Result<Vec<Standing>> {
        let mut found: Vec<Standing> =
            standing(loaded.id, &self.particulars(live, loaded)?).into_iter().collect();
        for id in self.ancestors(live, loaded.id)? {
            let loaded = self.load_record(live, &id)?;
            found.extend(standing(id, &self.particulars(live, &loaded)?));
        }
        Ok(found)
    }

    /// The holds on what would go with a record, and on what it stands under. Of a record that
    /// cannot be read, which may be erased all the same, the log says whether it is held, and the
    /// lists of those that are held whether it stands under one of them.
    fn held_around(&self, live: &Live, id: RecordId, doomed: &[Doomed]) -> Result<Vec<Standing>> {
        let mut found = Vec::new();
        for one in doomed {
            let loaded = one.loaded.as_ref();
            let known = match loaded.map(|loaded| (loaded, self.particulars(live, loaded))) {
                Some((loaded, Ok(_))) if one.id == id => self.held_above(live, loaded),
                Some((_, Ok(particulars))) => {
                    Ok(standing(one.id, &particulars).into_iter().collect())
                }
                Some((_, Err(error))) => Err(error),
                None => self.held_unread(live, one.id),
            };
            found.extend(match known {
                Err(error) if is_damage(&error) => self.held_unread(live, one.id)?,
                known => known?,
            });
        }
        Ok(found)
    }

    /// The holds on a record that cannot be read, or above it.
    fn held_unread(&self, live: &Live, id: RecordId) -> Result<Vec<Standing>> {
        let mut found = Vec::new();
        for (slot, leaf) in self.held_by_log(live)? {
            let Some(entry) = live.tree.lookup(self.store.as_ref(), slot)? else { continue };
            let record = RecordId::from_slot(slot, entry.tail);
            if self.lists(live, record, id)? {
                found.push(Standing { record, leaf, because: SecretText::default() });
            }
        }
        Ok(found)
    }

    /// Whether a record is another one, or lists it at any depth. Lists that a changed program
    /// wrote may go in a circle.
    fn lists(&self, live: &Live, above: RecordId, wanted: RecordId) -> Result<bool> {
        let (mut queue, mut visited) = (vec![above], BTreeSet::new());
        while let Some(next) = queue.pop() {
            if next == wanted {
                return Ok(true);
            }
            if !visited.insert(next) {
                continue;
            }
            // What cannot be read itself lists nothing that could be found.
            match self.load_record(live, &next).and_then(|loaded| self.linked(live, &loaded)) {
                Ok(children) => queue.extend(children),
                Err(error) if is_damage(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// The slots that are held as the log has it, each with the leaf that laid the hold.
    fn held_by_log(&self, live: &Live) -> Result<BTreeMap<u64, u64>> {
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let mut walk = Walk::from_the_start(&rosters);
        let mut book = HoldBook::default();
        for index in 0..live.log.size() {
            book.hear(&walk.step(&self.id, &live.ring, &read_leaf(self.store.as_ref(), index)?)?);
        }
        let held = book.said.into_iter().filter_map(|(slot, events)| match events.last() {
            Some((leaf, Holding::Laid)) => Some((slot, *leaf)),
            Some((_, Holding::Lifted)) | None => None,
        });
        Ok(held.collect())
    }

    /// Who laid each hold, and when: a leaf says so that an administrator signed.
    fn attest(&self, live: &Live, held: Vec<Standing>) -> Result<Vec<Hold>> {
        if held.is_empty() {
            return Ok(Vec::new());
        }
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let attest = |held: Standing| self.attest_one(live, &rosters, held);
        held.into_iter().map(attest).collect()
    }

    fn attest_one(
        &self,
        live: &Live,
        rosters: &BTreeMap<u64, Roster>,
        held: Standing,
    ) -> Result<Hold> {
        let Standing { record, leaf: index, because } = held;
        let forged = || {
            let what = "a legal hold is not as the log says";
            Error::new(ErrorKind::Tampered, what).at(Place::Record(record))
        };
        if index >= live.log.size() {
            return Err(forged());
        }
        let signed =
            Leaf::open(&self.id, &live.ring, index, &read_leaf(self.store.as_ref(), index)?)?;
        signed.judge(&rosters.get(&signed.leaf.roster).ok_or_else(forged)?.body)?;
        let leaf = &signed.leaf;
        let named = leaf.changes.iter().any(|change| change.slot == record.slot());
        if leaf.act != Act::Held(Holding::Laid) || !named {
            return Err(forged());
        }
        let since = Timestamp::from_second(leaf.at)?;
        Ok(Hold { record, since, by: name_of(live, leaf.actor_id()), because })
    }
}

/// The hold on a record, if one stands.
fn standing(record: RecordId, particulars: &Particulars) -> Option<Standing> {
    let held = particulars.held()?;
    Some(Standing { record, leaf: held.leaf, because: held.because.clone() })
}

fn refused(held: RecordId) -> Error {
    Error::new(ErrorKind::Refused, "a legal hold stands").at(Place::Record(held))
}

pub(super) fn is_damage(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Tampered | ErrorKind::Missing | ErrorKind::NotFound)
}

/// What the leaves of the log say of holds, by slot.
#[derive(Default)]
pub(super) struct HoldBook {
    said: BTreeMap<u64, Vec<(u64, Holding)>>,
}

impl HoldBook {
    /// Takes the next leaf; gives whether it left alone what was held.
    pub(super) fn hear(&mut self, leaf: &Leaf) -> bool {
        let mut kept = true;
        for change in &leaf.changes {
            if let Act::Held(what) = leaf.act {
                self.said.entry(change.slot).or_default().push((leaf.index, what));
            }
            let Some(events) = self.said.get(&change.slot) else { continue };
            let held = events.last().is_some_and(|(_, what)| *what == Holding::Laid);
            kept &= !(held && matches!(leaf.act, Act::Erased(_) | Act::Rectified));
            if change.digest == [0; 32] {
                self.said.remove(&change.slot);
            }
        }
        kept
    }

    /// Whether a record says of its holds what the log does.
    pub(super) fn explains(&self, slot: u64, particulars: &Particulars) -> bool {
        let events = particulars.holds.iter().map(|event| (event.leaf, event.what));
        self.said.get(&slot).into_iter().flatten().copied().eq(events)
    }
}

/// Most holds that are laid on one record.
const MAX_HOLDS: usize = 16;
