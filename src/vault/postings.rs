//! The postings of a commit: new words appended, the words of old values turned into noise.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::crypto::{Draw, random};
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::record::FieldValue;
use crate::schema::RecordType;
use crate::seal::SectionId;
use crate::search::normal::words;
use crate::search::{self, PADDING, POSTING, Scope, WordKey};
use crate::secret::Key;
use crate::store::{Batch, Expect};
use crate::vault::read::code_of;
use crate::vault::write::name_compartment;
use crate::vault::{Live, Vault};

/// Postings of one commit, with the ends of words as they will be after it.
pub(super) struct IndexEdit<'a> {
    vault: &'a Vault,
    live: &'a Live,
    keys: BTreeMap<u8, Key>,
    known: &'a BTreeMap<u128, u64>,
    ends: BTreeMap<u128, u64>,
    /// Postings of the record at hand.
    fresh: Vec<[u8; 16]>,
    /// Every posting of the commit: a batch takes them fastest all at once.
    rows: Vec<([u8; 16], Vec<u8>)>,
    randomness: Draw<8>,
    noise: Draw<POSTING>,
}

impl<'a> IndexEdit<'a> {
    pub(super) fn new(
        vault: &'a Vault,
        live: &'a Live,
        known: &'a mut BTreeMap<u128, u64>,
    ) -> Self {
        if known.len() > MAX_ENDS {
            known.retain(|_, end| *end > RARE);
            if known.len() > MAX_ENDS / 2 {
                known.clear();
            }
        }
        Self {
            vault,
            live,
            keys: BTreeMap::new(),
            known,
            ends: BTreeMap::new(),
            fresh: Vec::new(),
            rows: Vec::new(),
            randomness: Draw::default(),
            noise: Draw::default(),
        }
    }

    fn word(&mut self, compartment: u8, scope: Scope<'_>, kind: u8, text: &str) -> Result<WordKey> {
        if !self.keys.contains_key(&compartment) {
            let (_, ck) = self.live.ring.newest(compartment)?;
            self.keys.insert(compartment, index_key(self.live, compartment, ck)?);
        }
        let key = self
            .keys
            .get(&compartment)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "an index key was lost"))?;
        Ok(WordKey::new(key, scope, kind, text))
    }

    pub(super) fn add(
        &mut self,
        compartment: u8,
        scope: Scope<'_>,
        kind: u8,
        text: &str,
        id: &RecordId,
    ) -> Result<()> {
        let word = self.word(compartment, scope, kind, text)?;
        let first = word.prf(0);
        let end = match self.ends.entry(u128::from_be_bytes(first)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let known = self.known.get(entry.key()).copied();
                let count = || word.count_after(self.vault.store.as_ref(), &first);
                entry.insert(known.map_or_else(count, Ok)?)
            }
        };
        let prf = if *end == 0 { first } else { word.prf(*end) };
        self.rows.push((prf, word.seal(*end, id, self.randomness.next()?)));
        self.fresh.push(prf);
        *end += 1;
        Ok(())
    }

    pub(super) fn add_value(
        &mut self,
        kind: &RecordType,
        name: &str,
        value: &FieldValue,
        id: &RecordId,
    ) -> Result<()> {
        let field = kind.field(name)?;
        if !field.is_indexed() {
            return Ok(());
        }
        let compartment = code_of(self.live, &field.compartment)?;
        let scope = Scope::Field { record_type: &kind.name, field: &field.name };
        for word in words(field, value) {
            self.add(compartment, scope, word.kind as u8, word.text.expose(), id)
                .map_err(|error| name_compartment(self.live, error, id, compartment))?;
        }
        Ok(())
    }

    /// As [`Self::add_value`], for a record that may have some of its words in the newest index
    /// already: those of its postings are kept.
    pub(super) fn add_missing(
        &mut self,
        kind: &RecordType,
        (name, value): (&str, &FieldValue),
        id: &RecordId,
        postings: &BTreeSet<[u8; 16]>,
        kept: &mut BTreeSet<[u8; 16]>,
    ) -> Result<()> {
        let field = kind.field(name)?;
        let compartment = code_of(self.live, &field.compartment)?;
        let scope = Scope::Field { record_type: &kind.name, field: &field.name };
        for word in words(field, value) {
            let key = self.word(compartment, scope, word.kind as u8, word.text.expose())?;
            let count = key.count(self.vault.store.as_ref())?;
            match (0..count).map(|i| key.prf(i)).find(|prf| postings.contains(prf)) {
                Some(prf) => {
                    kept.insert(prf);
                }
                None => self.add(compartment, scope, word.kind as u8, word.text.expose(), id)?,
            }
        }
        Ok(())
    }

    /// Appends the words that are new and finds the postings of those that are gone.
    pub(super) fn replace_value(
        &mut self,
        kind: &RecordType,
        name: &str,
        (before, after): (Option<FieldValue>, Option<FieldValue>),
        id: &RecordId,
        postings: &BTreeSet<[u8; 16]>,
        gone: &mut BTreeSet<[u8; 16]>,
    ) -> Result<()> {
        let field = kind.field(name)?;
        if !field.is_indexed() {
            return Ok(());
        }
        let compartment = code_of(self.live, &field.compartment)?;
        let scope = Scope::Field { record_type: &kind.name, field: &field.name };
        let all = |value: &Option<FieldValue>| {
            value.as_ref().map(|v| words(field, v)).unwrap_or_default()
        };
        let (before, after) = (all(&before), all(&after));
        for word in after.iter().filter(|word| !before.contains(word)) {
            self.add(compartment, scope, word.kind as u8, word.text.expose(), id)?;
        }
        for word in before.iter().filter(|word| !after.contains(word)) {
            for key in index_keys(self.live, compartment)? {
                let word = WordKey::new(&key, scope, word.kind as u8, word.text.expose());
                for i in 0..word.count(self.vault.store.as_ref())? {
                    gone.extend(Some(word.prf(i)).filter(|key| postings.contains(key)));
                }
            }
        }
        Ok(())
    }

    /// The postings of a record that has `count` others already, and noise up to a full number.
    pub(super) fn take_padded(&mut self, count: usize) -> Result<Vec<[u8; 16]>> {
        let mut postings = std::mem::take(&mut self.fresh);
        while !(count + postings.len()).is_multiple_of(PADDING) {
            let key = random()?;
            self.rows.push((key, self.noise.next()?.to_vec()));
            postings.push(key);
        }
        // In the order of random numbers: nobody counts the words of one compartment.
        postings.sort_unstable();
        Ok(postings)
    }

    /// Puts every posting into the batch; gives the ends of words as they are after it.
    pub(super) fn finish(self, batch: &mut Batch) -> BTreeMap<u128, u64> {
        for (prf, _) in &self.rows {
            // Never over another: a gap that somebody made must not be written past.
            batch.expect(search::posting_key(prf), Expect::Absent);
        }
        batch.put_all(self.rows.into_iter().map(|(prf, value)| (search::posting_key(&prf), value)));
        self.ends
    }
}

/// IK of a compartment at the epoch of `ck`.
pub(super) fn index_key(live: &Live, compartment: u8, ck: &Key) -> Result<Key> {
    let slot = live
        .index
        .slot(SectionId::fields(compartment))
        .ok_or_else(|| Error::new(ErrorKind::Missing, "a compartment has no index key"))?;
    Ok(search::index_key(ck, &slot.sk))
}

/// IK of a compartment in every index that is still in use, the newest first: there are several
/// only from a rotation until all is sealed again.
pub(super) fn index_keys(live: &Live, compartment: u8) -> Result<Vec<Key>> {
    let mut keys = vec![index_key(live, compartment, live.ring.newest(compartment)?.1)?];
    let older = live.index.slots.iter().filter(|slot| slot.section.compartment == compartment);
    for slot in older.filter(|slot| slot.section.part > 0) {
        keys.extend(live.ring.epochs(compartment).map(|(_, ck)| search::index_key(ck, &slot.sk)));
    }
    Ok(keys)
}

/// The keys under which removed postings are known again: that of the newest index, then those
/// of the older ones.
pub(super) fn dead_keys(live: &Live) -> Result<(Key, Vec<Key>)> {
    let mut older = index_keys(live, VAULT)?;
    let newest = older.remove(0);
    Ok((newest, older))
}

/// Words whose number of postings a session remembers; at 40 bytes each about 16 MB.
const MAX_ENDS: usize = 400_000;
/// A word with more postings than this costs many reads to count, and is soon met again.
const RARE: u64 = 2;
