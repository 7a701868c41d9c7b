//! The whole vault held against itself: key tree, rows, sections, history, postings, log.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Change, Walk, compartment_bit};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::capsule;
use crate::keys::ring::VAULT;
use crate::keys::roster::Escrow;
use crate::keys::tree::NODE_TABLE;
use crate::record::FieldValue;
use crate::schema::RecordType;
use crate::seal::{SectionHead, SectionId};
use crate::search::normal::words;
use crate::search::{Scope, WordKey, posting_key};
use crate::store::Store;
use crate::vault::holds::HoldBook;
use crate::vault::links::listed_alone;
use crate::vault::meta::Particulars;
use crate::vault::past::{read_leaf, verify_rosters};
use crate::vault::postings::index_keys;
use crate::vault::read::{Loaded, code_of, home_of, stored_code};
use crate::vault::write::history_row;
use crate::vault::{
    BACKUPS_SLOT, FIRST_RECORD_SLOT, HISTORY_TABLE, Live, POLICY_SLOT, RECORD_TABLE, SCHEMA_SLOT,
    Vault,
};

/// Most findings that one check lists.
const MAX_FINDINGS: usize = 1000;

/// How far a check, or another reading of every record, has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "two numbers")]
pub struct CheckProgress {
    /// Slots and leaves looked at.
    pub done: u64,
    /// Slots and leaves in all.
    pub total: u64,
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of thing.
    pub kind: ErrorKind,
    /// Where.
    pub place: Place,
    /// In a phrase, without any value.
    pub detail: &'static str,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReport {
    /// Records in the key tree.
    pub records: u64,
    /// Sections proved the newest; those this session can open were opened whole.
    pub sections: u64,
    /// Postings that must be there and were looked up.
    pub postings: u64,
    /// Attached files, each read whole.
    pub files: u64,
    /// Leaves of the log, each judged by the roster before it.
    pub leaves: u64,
    /// What is wrong, at most the first 1,000.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    fn find(&mut self, error: &Error, place: impl FnOnce() -> Place) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding {
                kind: error.kind(),
                place: error.place().cloned().unwrap_or_else(place),
                detail: error.detail(),
            });
        }
    }

    fn say(&mut self, kind: ErrorKind, place: Place, detail: &'static str) {
        self.find(&Error::new(kind, detail).at(place.clone()), || place);
    }
}

impl Vault {
    /// Compares root, log and anchor: what every opening does as well. Milliseconds.
    ///
    /// # Errors
    ///
    /// `Tampered`, `RolledBack`, `Missing` if they do not agree.
    pub fn check_quick(&self) -> Result<()> {
        self.ensure_alive()?;
        let live = self.live();
        self.store.verify_newest()?;
        live.tree.lookup(self.store.as_ref(), 0)?;
        verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        self.check_capsule(&live)
    }

    /// Walks the key tree against every row and every row against the key tree, opens every
    /// section that this session can, looks up every posting, and judges every leaf of the log.
    ///
    /// What is wrong is listed in the report. Writers wait until it is done, and `progress` must
    /// not call the vault.
    ///
    /// # Errors
    ///
    /// `Io` if the store cannot be read at all; `NoAnchor`.
    pub fn check(&self, progress: &mut dyn FnMut(CheckProgress)) -> Result<CheckReport> {
        self.ensure_alive()?;
        let live = self.live();
        let mut report = CheckReport::default();
        let total = live.tree.root().slots + live.log.size();
        let mut expected = Expected::default();
        let mut done = 0;
        let walked = live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            let id = RecordId::from_slot(slot, entry.tail);
            expected.records.insert(slot, Is { id, digest: entry.digest, sections: None });
            if slot >= FIRST_RECORD_SLOT {
                report.records += 1;
                if let Err(error) = self.check_record(&live, &id, &mut expected, &mut report) {
                    report.find(&error, || Place::Record(id));
                }
            } else if let Err(error) = self.check_system(&live, &id) {
                report.find(&error, || Place::Record(id));
            }
            done = slot + 1;
            progress(CheckProgress { done, total });
            Ok(())
        });
        let whole =
            walked.inspect_err(|error| report.find(error, || Place::Schema("key tree".to_owned())));
        if whole.is_ok() {
            self.check_rows(&live, &expected, &mut report)?;
            let place = || Place::File("files".to_owned());
            report.files = self.check_files(&live, &mut |error| report.find(&error, place))?;
        }
        if let Err(error) = self.check_capsule(&live) {
            report.find(&error, || Place::File("capsule".to_owned()));
        }
        self.check_log(&live, &mut expected, &mut report, &mut |leaves| {
            progress(CheckProgress { done: live.tree.root().slots + leaves, total });
        })?;
        Ok(report)
    }

    /// The capsule is this vault's, of the newest root, and written by a member.
    pub(super) fn check_capsule(&self, live: &Live) -> Result<()> {
        let capsule = capsule::read_current(&self.folder)?
            .ok_or_else(|| Error::new(ErrorKind::Missing, "the capsule is missing"))?;
        if capsule.vault != self.id || capsule.erase_epoch != live.tree.root().erase_epoch {
            return Err(Error::new(ErrorKind::Tampered, "the capsule is not the newest"));
        }
        let escrow = live.roster.body.escrow.as_ref().map_or(0, |escrow| escrow.epoch);
        if capsule.escrow_epoch != escrow {
            return Err(Error::new(ErrorKind::Tampered, "the capsule is sealed to another escrow"));
        }
        if capsule.writer != Escrow::SIGNER {
            return capsule.verify(&live.roster.body);
        }
        // Written by the escrow that the newest recovery replaced.
        let rosters = verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)?;
        let mut past = rosters.values().rev().filter_map(|roster| roster.body.escrow.as_ref());
        if past.any(|escrow| capsule.verify_by(escrow).is_ok()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Tampered, "the capsule was written by a stranger"))
    }

    /// The vault's own records: what opening does not read of them.
    fn check_system(&self, live: &Live, id: &RecordId) -> Result<()> {
        let loaded = self.load(live, id)?;
        if matches!(id.slot(), SCHEMA_SLOT | POLICY_SLOT | BACKUPS_SLOT) {
            self.particulars(live, &loaded)?;
        }
        if id.slot() == POLICY_SLOT {
            self.policies(live)?;
        }
        if id.slot() == BACKUPS_SLOT {
            self.known_backups(live)?;
        }
        Ok(())
    }

    fn check_record(
        &self,
        live: &Live,
        id: &RecordId,
        expected: &mut Expected,
        report: &mut CheckReport,
    ) -> Result<()> {
        let loaded = self.load(live, id)?;
        let particulars = self.particulars(live, &loaded)?;
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
        let mut sections = BTreeMap::new();
        for slot in &loaded.group.slots {
            if let Some((bytes, _)) = loaded.section(slot.section)? {
                sections.insert(slot.section, SectionHead::parse(bytes)?.0.revision);
                report.sections += 1;
            }
        }
        if let Some(is) = expected.records.get_mut(&id.slot()) {
            is.sections = Some(sections);
        }
        expected.holds.see(id, &particulars);
        self.open_record(live, &loaded, None)?;
        self.check_history(live, &loaded, &particulars, expected)?;
        for key in &particulars.postings {
            report.postings += 1;
            if self.store.get(&posting_key(key))?.is_none() {
                report.say(ErrorKind::Missing, Place::Record(*id), "a posting is missing");
            }
        }
        self.check_links(live, &loaded, kind, report)?;
        self.check_words(live, &loaded, kind, &mut expected.common, report)
    }

    fn check_history(
        &self,
        live: &Live,
        loaded: &Loaded,
        particulars: &Particulars,
        expected: &mut Expected,
    ) -> Result<()> {
        for past in &particulars.history {
            for (section, prior) in past.kept() {
                if let Some(slot) = loaded.group.slot(section) {
                    let key = history_row(&slot.sk, prior);
                    let bytes = self.store.get(&key)?.ok_or_else(|| {
                        Error::new(ErrorKind::Missing, "an older revision is missing")
                            .at(loaded.place(section.compartment))
                    })?;
                    SectionHead::parse(&bytes)?;
                    expected.history.insert(key);
                }
            }
        }
        let mut then = loaded.clone();
        for past in particulars.history.iter().rev() {
            self.step_back(&mut then, past)?;
            self.open_record(live, &then, None)?;
        }
        Ok(())
    }

    /// A parent's list and its children of `complete` types agree, as far as this session opens
    /// the list.
    fn check_links(
        &self,
        live: &Live,
        loaded: &Loaded,
        kind: &RecordType,
        report: &mut CheckReport,
    ) -> Result<()> {
        let home = home_of(live, kind)?;
        if live.ring.holds(home) {
            for child in self.linked(live, loaded)? {
                let entry = live.tree.lookup(self.store.as_ref(), child.slot())?;
                if entry.is_none_or(|entry| entry.tail != child.tail()) {
                    let what = "a child that it lists is gone";
                    report.say(ErrorKind::Missing, Place::Record(loaded.id), what);
                }
            }
        }
        if kind.complete
            && let Some(parent) = self.parent(live, loaded, kind)?
            && self.opens_list(live, kind)?
            && !self.linked(live, &self.load_record(live, &parent)?)?.contains(&loaded.id)
        {
            let what = "its parent does not list it";
            report.say(ErrorKind::Missing, Place::Record(loaded.id), what);
        }
        Ok(())
    }

    /// Every word of what this session opens must lead back to the record.
    fn check_words(
        &self,
        live: &Live,
        loaded: &Loaded,
        kind: &RecordType,
        common: &mut Common,
        report: &mut CheckReport,
    ) -> Result<()> {
        let mut leads =
            |compartment: u8, scope: Scope<'_>, word_kind: u8, text: &str| -> Result<()> {
                let mut found = false;
                for key in index_keys(live, compartment)? {
                    let word = WordKey::new(&key, scope, word_kind, text);
                    found = found || common.lead(&word, self.store.as_ref(), &loaded.id)?;
                }
                if !found {
                    report.say(
                        ErrorKind::Missing,
                        Place::Record(loaded.id),
                        "a search word does not lead to its record",
                    );
                }
                Ok(())
            };
        let home = home_of(live, kind)?;
        if live.ring.holds(home) {
            leads(home, Scope::Type { record_type: &kind.name }, 0, "")?;
            if !listed_alone(live, kind)
                && let Some(parent) = self.parent(live, loaded, kind)?
            {
                leads(home, Scope::Child { record_type: &kind.name, parent: &parent }, 0, "")?;
            }
        }
        for field in kind.fields.iter().filter(|field| field.is_indexed()) {
            let compartment = code_of(live, &field.compartment)?;
            if !live.ring.holds(compartment) {
                continue;
            }
            let Some(section) =
                self.open_section(live, loaded, &kind.name, SectionId::fields(compartment))?
            else {
                continue;
            };
            let code = stored_code(field.kind);
            let Some(bytes) = section.field(&field.name, code)? else { continue };
            let scope = Scope::Field { record_type: &kind.name, field: &field.name };
            for word in words(field, &FieldValue::decode(code, &bytes)?) {
                leads(compartment, scope, word.kind as u8, word.text.expose())?;
            }
        }
        Ok(())
    }

    /// Rows that the key tree does not know.
    fn check_rows(&self, live: &Live, expected: &Expected, report: &mut CheckReport) -> Result<()> {
        self.store.scan(&[RECORD_TABLE], &mut |key, _| {
            let id = key.get(1..).and_then(|id| id.try_into().ok()).map(RecordId::from_bytes);
            if id.is_none_or(|id| expected.records.get(&id.slot()).is_none_or(|is| is.id != id)) {
                let place = id.map_or(Place::Schema("row".to_owned()), Place::Record);
                report.say(ErrorKind::Tampered, place, "a row that the key tree does not know");
            }
            Ok(())
        })?;
        let mut extra = 0;
        self.store.scan(&[HISTORY_TABLE], &mut |key, _| {
            extra += u64::from(!expected.history.contains(key));
            Ok(())
        })?;
        if extra > 0 {
            report.say(
                ErrorKind::Tampered,
                Place::Schema("history".to_owned()),
                "history rows of no record",
            );
        }
        let top = live.tree.root().height;
        self.store.scan(&[NODE_TABLE], &mut |key, _| {
            if key.get(1).is_none_or(|level| *level >= top) {
                report.say(
                    ErrorKind::Tampered,
                    Place::Schema("key tree".to_owned()),
                    "a node above the top",
                );
            }
            Ok(())
        })
    }

    fn check_log(
        &self,
        live: &Live,
        expected: &mut Expected,
        report: &mut CheckReport,
        progress: &mut dyn FnMut(u64),
    ) -> Result<()> {
        let rosters = match verify_rosters(self.store.as_ref(), &self.id, &live.ring, &live.roster)
        {
            Ok(rosters) => rosters,
            Err(error) => {
                report.find(&error, || Place::Roster(live.roster.version));
                return Ok(());
            }
        };
        let mut walk = Walk::from_the_start(&rosters);
        let mut said: BTreeMap<u64, Said> = BTreeMap::new();
        for index in 0..live.log.size() {
            let bytes = match read_leaf(self.store.as_ref(), index) {
                Err(error) if error.kind() != ErrorKind::Missing => return Err(error),
                bytes => bytes,
            };
            match bytes.and_then(|bytes| walk.step(&self.id, &live.ring, &bytes)) {
                Ok(leaf) => {
                    if !expected.holds.hear(&leaf) {
                        let what = "what a legal hold forbids was done";
                        report.say(ErrorKind::Tampered, Place::Leaf(index), what);
                    }
                    for change in &leaf.changes {
                        said.entry(change.slot).or_default().hear(change);
                    }
                }
                Err(error) => {
                    // What follows cannot be judged without it.
                    report.find(&error, || Place::Leaf(index));
                    return Ok(());
                }
            }
            report.leaves += 1;
            progress(report.leaves);
        }
        if !walk.ends_at(&live.log, live.roster.version, live.tree.root().erase_epoch) {
            report.say(
                ErrorKind::Tampered,
                Place::Leaf(live.log.size()),
                "the log does not end where the newest commit says",
            );
        }
        for (slot, is) in &expected.records {
            if is.sections.is_some() && !expected.holds.agrees(*slot) {
                let what = "a legal hold is not as the log says";
                report.say(ErrorKind::Tampered, Place::Record(is.id), what);
            }
            match said.remove(slot) {
                Some(said) if said.explains(is) => {}
                Some(_) => report.say(
                    ErrorKind::Tampered,
                    Place::Record(is.id),
                    "a record is not as the log says it was written",
                ),
                None => report.say(
                    ErrorKind::Tampered,
                    Place::Record(is.id),
                    "a record came without a leaf of the log",
                ),
            }
        }
        for (slot, _) in said.into_iter().filter(|(_, said)| said.digest != [0; 32]) {
            let place = Place::Node { level: 0, index: slot };
            report.say(ErrorKind::Missing, place, "a record went without a leaf of the log");
        }
        Ok(())
    }
}

/// What the leaves say of a slot.
#[derive(Default)]
struct Said {
    digest: [u8; 32],
    /// Newest revision by compartment; every change but one of links writes `vault`.
    revisions: BTreeMap<u8, u32>,
    links: u32,
}

impl Said {
    fn hear(&mut self, change: &Change) {
        self.digest = change.digest;
        for compartment in 1..32 {
            if change.compartments & compartment_bit(compartment) != 0 {
                self.revisions.insert(compartment, change.revision);
            }
        }
        if change.revision > 0 {
            let vault = self.revisions.entry(VAULT).or_default();
            *vault = change.revision.max(*vault);
        }
        self.links = self.links.max(change.links);
    }

    /// Whether a record is as its leaves left it, no section older and none gone: a member who
    /// forged the key tree, which every member can, could not sign for a compartment of others.
    fn explains(&self, is: &Is) -> bool {
        let whole = is.sections.as_ref().is_none_or(|sections| {
            let of = |part| sections.iter().filter(move |(id, _)| (id.part != 0) == part);
            let fields = of(false).map(|(id, revision)| (id.compartment, *revision));
            let links = of(true).map(|(_, revision)| *revision);
            fields
                .eq(self.revisions.iter().map(|(compartment, revision)| (*compartment, *revision)))
                && links.eq((self.links > 0).then_some(self.links))
        });
        whole && self.digest == is.digest
    }
}

/// What is there in a slot.
struct Is {
    id: RecordId,
    digest: [u8; 32],
    /// The revision of each section that was written; `None` if the record could not be read,
    /// which was found already, or is the vault's own.
    sections: Option<BTreeMap<SectionId, u32>>,
}

/// What the key tree and the records say must be in the store.
#[derive(Default)]
struct Expected {
    records: BTreeMap<u64, Is>,
    history: BTreeSet<Vec<u8>>,
    holds: HoldBook,
    common: Common,
}

/// The records behind words that many records share, read once each.
#[derive(Default)]
struct Common(BTreeMap<Vec<u8>, Vec<RecordId>>);

/// A word of fewer records is read anew each time.
const COMMON: usize = 16;

impl Common {
    fn lead(&mut self, word: &WordKey, store: &dyn Store, id: &RecordId) -> Result<bool> {
        let key = word.key(0);
        if let Some(records) = self.0.get(&key) {
            return Ok(records.binary_search(id).is_ok());
        }
        let mut records = word.records(store)?;
        let leads = records.contains(id);
        if records.len() >= COMMON {
            records.sort_unstable();
            self.0.insert(key, records);
        }
        Ok(leads)
    }
}
