//! Each record against the key tree: its row, sections, history, links, and what the log says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Mutex;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::schema::RecordType;
use crate::seal::{SectionHead, SectionId};
use crate::secret::Key;
use crate::vault::check::log::Window;
use crate::vault::check::tally::{Of, Tally};
use crate::vault::check::{Finding, MAX_EXTRA, MAX_FINDINGS};
use crate::vault::holds::HoldBook;
use crate::vault::meta::{Particulars, Past};
use crate::vault::read::{Loaded, home_of};
use crate::vault::write::history_row;
use crate::vault::{BACKUPS_SLOT, FIRST_RECORD_SLOT, Live, POLICY_SLOT, SCHEMA_SLOT, Vault};

/// A check under way: what all its threads share.
pub(super) struct Checker<'a> {
    pub(super) vault: &'a Vault,
    pub(super) live: &'a Live,
    /// Under which members are counted.
    pub(super) key: Key,
    /// The first record to which a word leads, for words that begin with noise.
    pub(super) leaders: Mutex<BTreeMap<u128, Option<RecordId>>>,
}

/// What came of some slots.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) records: u64,
    pub(super) sections: u64,
    pub(super) postings: u64,
    /// Records whose lists of postings and of history cannot be known.
    pub(super) unread: u64,
    pub(super) findings: Vec<Finding>,
    /// Rows that belong to nothing.
    pub(super) extra: Vec<Vec<u8>>,
    pub(super) tally: Tally,
    /// The parent met last, and whom it lists: siblings lie together.
    pub(super) family: Option<(RecordId, BTreeSet<RecordId>)>,
}

impl Part {
    pub(super) fn find(&mut self, error: &Error, place: impl FnOnce() -> Place) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding::new(error, place));
        }
    }

    pub(super) fn say(&mut self, kind: ErrorKind, place: Place, detail: &'static str) {
        self.find(&Error::new(kind, detail).at(place.clone()), || place);
    }

    /// A row that belongs to nothing.
    pub(super) fn say_extra(&mut self, row: &[u8], place: Place, detail: &'static str) {
        self.say(ErrorKind::Tampered, place, detail);
        if self.extra.len() < MAX_EXTRA {
            self.extra.push(row.to_vec());
        }
    }

    /// Adds what came of other slots.
    pub(super) fn join(&mut self, other: &Self) {
        self.records += other.records;
        self.sections += other.sections;
        self.postings += other.postings;
        self.unread += other.unread;
        self.tally.join(&other.tally);
    }
}

impl<'a> Checker<'a> {
    pub(super) fn new(vault: &'a Vault, live: &'a Live, key: Key) -> Self {
        Self { vault, live, key, leaders: Mutex::default() }
    }

    /// Checks all that stands in some slots.
    pub(super) fn check_slots(
        &self,
        slots: &Range<u64>,
        log: Option<(&Window, &HoldBook)>,
    ) -> Part {
        let (window, holds) = log.unzip();
        let mut part = Part::default();
        let mut there = Vec::new();
        let mut broken = false;
        let walked = self.live.tree.walk_within(self.vault.store.as_ref(), slots, &mut |found| {
            let (slot, entry) = match found {
                Ok(found) => found,
                Err(error) => {
                    broken = true;
                    part.find(&error, || Place::Schema("key tree".to_owned()));
                    return Ok(());
                }
            };
            there.push(slot);
            let id = RecordId::from_slot(slot, entry.tail);
            let mut sections = None;
            let checked = if slot >= FIRST_RECORD_SLOT {
                part.records += 1;
                self.check_record(&id, holds, &mut sections, &mut part)
            } else {
                self.check_system(&id)
            };
            if let Err(error) = checked {
                part.find(&error, || Place::Record(id));
                // A damaged part of the store is named once, and after it who lies there.
                if matches!(error.place(), Some(Place::Offset { .. })) {
                    let what = "a record lies in a part of the store that cannot be read";
                    part.say(error.kind(), Place::Record(id), what);
                }
            }
            let what = match window.map(|window| window.of(slot)) {
                Some(Some(said)) if !said.explains(&entry.digest, sections.as_ref()) => {
                    "a record is not as the log says it was written"
                }
                Some(None) => "a record came without a leaf of the log",
                _ => return Ok(()),
            };
            part.say(ErrorKind::Tampered, Place::Record(id), what);
            Ok(())
        });
        if let Err(error) = walked {
            part.find(&error, || Place::Schema("key tree".to_owned()));
        }
        // Under a broken node nobody knows what there is.
        for slot in slots.clone().filter(|slot| !broken && there.binary_search(slot).is_err()) {
            if window.and_then(|window| window.of(slot)).is_some_and(|said| !said.closed()) {
                let place = Place::Node { level: 0, index: slot };
                part.say(ErrorKind::Missing, place, "a record went without a leaf of the log");
            }
        }
        part
    }

    /// Visits the records of some slots that can be loaded; what `visit` cannot read is passed
    /// over, since it was found before. Says how many were not read.
    pub(super) fn each_record(
        &self,
        slots: &Range<u64>,
        visit: &mut dyn FnMut(&Loaded) -> Result<()>,
    ) -> u64 {
        let mut unread = 0;
        let walked = self.live.tree.walk_within(self.vault.store.as_ref(), slots, &mut |found| {
            let loaded = found.and_then(|(slot, entry)| {
                let id = RecordId::from_slot(slot, entry.tail);
                if slot < FIRST_RECORD_SLOT {
                    return Ok(None);
                }
                self.vault.load(self.live, &id).map(Some)
            });
            let visited = loaded.and_then(|loaded| loaded.as_ref().map_or(Ok(()), &mut *visit));
            unread += u64::from(visited.is_err());
            Ok(())
        });
        unread + u64::from(walked.is_err())
    }

    /// The vault's own records: what opening does not read of them.
    fn check_system(&self, id: &RecordId) -> Result<()> {
        let (vault, live) = (self.vault, self.live);
        let loaded = vault.load(live, id)?;
        if matches!(id.slot(), SCHEMA_SLOT | POLICY_SLOT | BACKUPS_SLOT) {
            vault.particulars(live, &loaded)?;
        }
        if id.slot() == POLICY_SLOT {
            vault.policies(live)?;
        }
        if id.slot() == BACKUPS_SLOT {
            vault.known_backups(live)?;
        }
        Ok(())
    }

    fn check_record(
        &self,
        id: &RecordId,
        holds: Option<&HoldBook>,
        sections: &mut Option<BTreeMap<SectionId, u32>>,
        part: &mut Part,
    ) -> Result<()> {
        let (vault, live) = (self.vault, self.live);
        let listed = vault.load(live, id).and_then(|loaded| {
            let particulars = vault.particulars(live, &loaded)?;
            Ok((loaded, particulars))
        });
        let (loaded, particulars) = listed.inspect_err(|_| part.unread += 1)?;
        if holds.is_some_and(|holds| !holds.explains(id.slot(), &particulars)) {
            let what = "a legal hold is not as the log says";
            part.say(ErrorKind::Tampered, Place::Record(*id), what);
        }
        for key in &particulars.postings {
            part.postings += 1;
            part.tally.expect(&self.key, Of::Postings, &[key]);
        }
        for key in history_rows(&loaded, &particulars) {
            part.tally.expect(&self.key, Of::History, &[key.get(1..).unwrap_or_default()]);
        }
        let kind = live.schema.stored_type(&particulars.meta.record_type)?;
        for (section, _) in &loaded.row.sections {
            if loaded.group.slot(*section).is_none() {
                return Err(Error::new(
                    ErrorKind::Tampered,
                    "a section that the key tree does not know",
                )
                .at(loaded.place(section.compartment)));
            }
        }
        let mut written = BTreeMap::new();
        for slot in &loaded.group.slots {
            if let Some((bytes, _)) = loaded.section(slot.section)? {
                written.insert(slot.section, SectionHead::parse(bytes)?.0.revision);
                part.sections += 1;
            }
        }
        *sections = Some(written);
        vault.open_record(live, &loaded, None)?;
        self.check_history(&loaded, &particulars)?;
        self.check_links(&loaded, kind, part)?;
        self.each_word(&loaded, kind, &mut |word| self.count_word(&word, id, &mut part.tally))
    }

    /// Every older revision is there, and is what the one after it replaced.
    fn check_history(&self, loaded: &Loaded, particulars: &Particulars) -> Result<()> {
        for (section, prior) in particulars.history.iter().flat_map(Past::kept) {
            if let Some(slot) = loaded.group.slot(section) {
                let key = history_row(&slot.sk, prior);
                let bytes = self.vault.store.get(&key)?.ok_or_else(|| {
                    Error::new(ErrorKind::Missing, "an older revision is missing")
                        .at(loaded.place(section.compartment))
                })?;
                SectionHead::parse(&bytes)?;
            }
        }
        let mut then = loaded.clone();
        for past in particulars.history.iter().rev() {
            self.vault.step_back(&mut then, past)?;
            self.vault.open_record(self.live, &then, None)?;
        }
        Ok(())
    }

    /// A parent's list and its children of `complete` types agree, as far as this session opens
    /// the list.
    fn check_links(&self, loaded: &Loaded, kind: &RecordType, part: &mut Part) -> Result<()> {
        let (vault, live) = (self.vault, self.live);
        let home = home_of(live, kind)?;
        if live.ring.holds(home) {
            for child in vault.linked(live, loaded)? {
                if !vault.is_live(live, &child)? {
                    let what = "a child that it lists is gone";
                    part.say(ErrorKind::Missing, Place::Record(loaded.id), what);
                }
            }
        }
        if kind.complete
            && let Some(parent) = vault.parent(live, loaded, kind)?
            && vault.opens_list(live, kind)?
        {
            let family = part.family.take().filter(|(met, _)| *met == parent);
            let family = match family {
                Some(family) => family,
                None => {
                    let listed = vault.linked(live, &vault.load_record(live, &parent)?)?;
                    (parent, listed.into_iter().collect())
                }
            };
            if !family.1.contains(&loaded.id) {
                let what = "its parent does not list it";
                part.say(ErrorKind::Missing, Place::Record(loaded.id), what);
            }
            part.family = Some(family);
        }
        Ok(())
    }
}

/// The store keys of all older revisions that a record keeps.
pub(super) fn history_rows(loaded: &Loaded, particulars: &Particulars) -> Vec<Vec<u8>> {
    let kept = particulars.history.iter().flat_map(Past::kept);
    kept.filter_map(|(section, prior)| {
        loaded.group.slot(section).map(|slot| history_row(&slot.sk, prior))
    })
    .collect()
}
