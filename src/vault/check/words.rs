//! The index against the records: each word that a record has leads back to it, and to nobody
//! who has not got it.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use crate::error::{ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::record::FieldValue;
use crate::schema::RecordType;
use crate::seal::SectionId;
use crate::search::normal::words;
use crate::search::{Scope, WordKey, posting_key};
use crate::vault::check::cores::spread;
use crate::vault::check::records::Checker;
use crate::vault::check::tally::{Of, Tally, bucket};
use crate::vault::check::{CheckReport, ranges};
use crate::vault::links::listed_alone;
use crate::vault::postings::index_keys;
use crate::vault::read::{Loaded, code_of, home_of, stored_code};

/// Words whose first posting that leads anywhere is remembered.
const MAX_LEADERS: usize = 100_000;
/// So much noise before it is read again rather than remembered.
const SOON: u64 = 4;

/// A word in every index that is still in use, the newest first.
pub(super) struct WordIn(Vec<WordKey>);

impl WordIn {
    /// What the word is known by: of the newest index.
    fn name(&self) -> [u8; 16] {
        self.0.first().map_or([0; 16], |word| word.prf(0))
    }
}

/// Who has a word, as far as the records of one bucket say.
struct Holders {
    word: WordIn,
    slots: Vec<u64>,
}

impl Checker<'_> {
    /// Every word of a record, as far as this session opens what it is made of.
    pub(super) fn each_word(
        &self,
        loaded: &Loaded,
        kind: &RecordType,
        visit: &mut dyn FnMut(WordIn) -> Result<()>,
    ) -> Result<()> {
        let (vault, live) = (self.vault, self.live);
        let mut word = |compartment: u8, scope: Scope<'_>, word_kind: u8, text: &str| {
            let keys = index_keys(live, compartment)?;
            let of = |key| WordKey::new(key, scope, word_kind, text);
            visit(WordIn(keys.iter().map(of).collect()))
        };
        let home = home_of(live, kind)?;
        if live.ring.holds(home) {
            word(home, Scope::Type { record_type: &kind.name }, 0, "")?;
            if !listed_alone(live, kind)
                && let Some(parent) = vault.parent(live, loaded, kind)?
            {
                word(home, Scope::Child { record_type: &kind.name, parent: &parent }, 0, "")?;
            }
        }
        for field in kind.fields.iter().filter(|field| field.is_indexed()) {
            let compartment = code_of(live, &field.compartment)?;
            if !live.ring.holds(compartment) {
                continue;
            }
            let section = SectionId::fields(compartment);
            let Some(section) = vault.open_section(live, loaded, &kind.name, section)? else {
                continue;
            };
            let code = stored_code(field.kind);
            let Some(bytes) = section.field(&field.name, code)? else { continue };
            let scope = Scope::Field { record_type: &kind.name, field: &field.name };
            for one in words(field, &FieldValue::decode(code, &bytes)?) {
                word(compartment, scope, one.kind as u8, one.text.expose())?;
            }
        }
        Ok(())
    }

    /// Counts a word that a record has. The first record to which it leads counts all to which
    /// it leads: so every list is read once.
    pub(super) fn count_word(&self, word: &WordIn, id: &RecordId, tally: &mut Tally) -> Result<()> {
        let name = word.name();
        tally.expect(&self.key, Of::Words, &[&name, id.as_bytes()]);
        for key in &word.0 {
            if self.leader(key)? == Some(*id) {
                for found in key.records(self.vault.store.as_ref())? {
                    tally.find(&self.key, Of::Words, &[&name, found.as_bytes()]);
                }
            }
        }
        Ok(())
    }

    /// The first record to which a word leads.
    fn leader(&self, word: &WordKey) -> Result<Option<RecordId>> {
        let lock = || self.leaders.lock().unwrap_or_else(PoisonError::into_inner);
        let known = u128::from_le_bytes(word.prf(0));
        if let Some(leader) = lock().get(&known) {
            return Ok(*leader);
        }
        for i in 0.. {
            let value = self.vault.store.get(&posting_key(&word.prf(i)))?;
            let leader = value.as_ref().and_then(|value| word.open(i, value));
            if value.is_some() && leader.is_none() {
                continue;
            }
            if i >= SOON {
                let mut leaders = lock();
                if leaders.len() >= MAX_LEADERS {
                    leaders.clear();
                }
                leaders.insert(known, leader);
            }
            return Ok(leader);
        }
        Ok(None)
    }

    /// Names the words of some buckets that do not lead where they should.
    pub(super) fn name_words(&self, buckets: &[u8], report: &mut CheckReport) -> Result<()> {
        for one in buckets {
            if report.is_full() {
                break;
            }
            let mut holders: BTreeMap<[u8; 16], Holders> = BTreeMap::new();
            let slots = self.live.tree.root().slots;
            spread(
                ranges(0..slots),
                |range| self.words_within(&range, *one),
                |found| {
                    for (word, slot) in found {
                        let holders = holders
                            .entry(word.name())
                            .or_insert_with(|| Holders { word, slots: Vec::new() });
                        holders.slots.push(slot);
                    }
                },
            )?;
            for holders in holders.into_values() {
                if let Err(error) = self.name_word(holders, report) {
                    report.find(&error, || Place::Schema("index".to_owned()));
                }
            }
        }
        Ok(())
    }

    fn words_within(&self, range: &std::ops::Range<u64>, one: u8) -> Vec<(WordIn, u64)> {
        let mut found = Vec::new();
        self.each_record(range, &mut |loaded| {
            let record_type = self.vault.meta(self.live, loaded)?.record_type;
            let kind = self.live.schema.stored_type(&record_type)?;
            self.each_word(loaded, kind, &mut |word| {
                if bucket(&word.name()) == one {
                    found.push((word, loaded.id.slot()));
                }
                Ok(())
            })
        });
        found
    }

    fn name_word(&self, mut holders: Holders, report: &mut CheckReport) -> Result<()> {
        let mut leads: Vec<RecordId> = Vec::new();
        for key in &holders.word.0 {
            leads.extend(key.records(self.vault.store.as_ref())?);
        }
        leads.sort_unstable();
        holders.slots.sort_unstable();
        let mut before = None;
        for id in &leads {
            let tampered = |what| (ErrorKind::Tampered, Place::Record(*id), what);
            let wrong = if before.replace(*id) == Some(*id) {
                Some(tampered("a search word leads to it twice"))
            } else if self.vault.is_live(self.live, id).is_ok_and(|live| !live) {
                Some(tampered("a search word leads to a record that there is not"))
            } else if holders.slots.binary_search(&id.slot()).is_err() && self.is_readable(id) {
                Some(tampered("a search word leads to it that it has not got"))
            } else {
                None
            };
            if let Some((kind, place, what)) = wrong {
                report.say(kind, place, what);
                report.index = true;
            }
        }
        for slot in holders.slots {
            let there = leads.binary_search_by_key(&slot, RecordId::slot).is_ok();
            let entry = self.live.tree.lookup(self.vault.store.as_ref(), slot);
            if let Ok(Some(entry)) = entry
                && !there
            {
                let id = RecordId::from_slot(slot, entry.tail);
                let what = "a search word does not lead to its record";
                report.say(ErrorKind::Missing, Place::Record(id), what);
                report.index = true;
            }
        }
        Ok(())
    }

    /// Whether all words of a record can be known.
    fn is_readable(&self, id: &RecordId) -> bool {
        let read = || {
            let loaded = self.vault.load_record(self.live, id)?;
            let record_type = self.vault.meta(self.live, &loaded)?.record_type;
            let kind = self.live.schema.stored_type(&record_type)?;
            self.each_word(&loaded, kind, &mut |_| Ok(()))
        };
        read().is_ok()
    }
}
