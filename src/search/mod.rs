//! Postings: an index that shows no equal values, no frequencies and no links.
//!
//! ```text
//! IK[c][epoch] = KDF(CK[c][epoch] || SK_index[c])
//! K_word       = PRF(IK, scope || kind || normalised value)
//! posting i    = key PRF(K_word, i); value 8 random bytes | masked id | PRF tag
//! ```
//! A word's postings are numbered without gaps. Whoever lacks the compartment can neither find
//! nor test one. A removal overwrites a posting with noise of the same shape.

pub(crate) mod normal;

use crate::crypto::{kdf, labels, random};
use crate::error::Result;
use crate::id::RecordId;
use crate::secret::Key;
use crate::store::Store;

/// First byte of a posting's store key.
pub(crate) const POSTING_TABLE: u8 = b'p';
/// Value of a posting: 8 random bytes, 16 of masked id, 16 of tag.
pub(crate) const POSTING: usize = 40;
/// A record's postings are padded with noise to a multiple of this.
pub(crate) const PADDING: usize = 8;

/// What a word says of a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Scope<'a> {
    /// A word of a field's value.
    Field { record_type: &'a str, field: &'a str },
    /// The record is of this type.
    Type { record_type: &'a str },
    /// The record stands under a parent.
    Child { record_type: &'a str, parent: &'a RecordId },
}

/// The index key of a compartment: both gates.
pub(crate) fn index_key(ck: &Key, sk_index: &Key) -> Key {
    kdf::derive(labels::INDEX, &[ck.expose(), sk_index.expose()])
}

/// The key of one word in one scope.
#[derive(Clone, PartialEq)]
pub(crate) struct WordKey(Key);

impl WordKey {
    pub(crate) fn new(index_key: &Key, scope: Scope<'_>, kind: u8, text: &str) -> Self {
        let parts: [&[u8]; 5] = match scope {
            Scope::Field { record_type, field } => {
                [b"field", record_type.as_bytes(), field.as_bytes(), &[kind], text.as_bytes()]
            }
            Scope::Type { record_type } => [b"type", record_type.as_bytes(), b"", b"", b""],
            Scope::Child { record_type, parent } => {
                [b"child", record_type.as_bytes(), parent.as_bytes(), b"", b""]
            }
        };
        Self(kdf::prf_key(index_key, labels::WORD, &parts))
    }

    /// What the store key of posting `i` is made of.
    pub(crate) fn prf(&self, i: u64) -> [u8; 16] {
        kdf::prf(&self.0, labels::POSTING, &[&i.to_le_bytes()])
    }

    /// The store key of posting `i`.
    pub(crate) fn key(&self, i: u64) -> Vec<u8> {
        posting_key(&self.prf(i))
    }

    /// The value of posting `i` that leads to a record.
    pub(crate) fn seal(&self, i: u64, record: &RecordId, random: [u8; 8]) -> Vec<u8> {
        let mut id = self.mask(i, &random);
        id.iter_mut().zip(record.as_bytes()).for_each(|(m, b)| *m ^= b);
        let mut value = Vec::with_capacity(POSTING);
        value.extend_from_slice(&random);
        value.extend_from_slice(&id);
        value.extend_from_slice(&self.tag(i, &random, &id));
        value
    }

    /// The record behind a posting; `None` for noise.
    pub(crate) fn open(&self, i: u64, value: &[u8]) -> Option<RecordId> {
        let (random, rest) = value.split_first_chunk::<8>()?;
        let (id, tag) = rest.split_first_chunk::<16>()?;
        if !kdf::equal(&self.tag(i, random, id), tag) {
            return None;
        }
        let mut bytes = self.mask(i, random);
        bytes.iter_mut().zip(id).for_each(|(m, b)| *m ^= b);
        Some(RecordId::from_bytes(bytes))
    }

    fn mask(&self, i: u64, random: &[u8; 8]) -> [u8; 16] {
        kdf::prf(&self.0, labels::POSTING_MASK, &[&i.to_le_bytes(), random])
    }

    fn tag(&self, i: u64, random: &[u8; 8], id: &[u8; 16]) -> [u8; 16] {
        kdf::prf(&self.0, labels::POSTING_TAG, &[&i.to_le_bytes(), random, id])
    }

    /// The number of postings: found by doubling, then bisection, since they have no gaps.
    pub(crate) fn count(&self, store: &dyn Store) -> Result<u64> {
        self.count_after(store, &self.prf(0))
    }

    /// As [`Self::count`], for who has derived the first posting's key already.
    pub(crate) fn count_after(&self, store: &dyn Store, first: &[u8; 16]) -> Result<u64> {
        if store.get(&posting_key(first))?.is_none() {
            return Ok(0);
        }
        let there = |i: u64| Ok(store.get(&self.key(i))?.is_some());
        let mut present = 0;
        let mut absent = 1;
        while there(absent)? {
            present = absent;
            absent *= 2;
        }
        while absent - present > 1 {
            let middle = present + (absent - present) / 2;
            if there(middle)? {
                present = middle;
            } else {
                absent = middle;
            }
        }
        Ok(absent)
    }

    /// Every record behind the word, in the order of writing; noise is passed over.
    pub(crate) fn records(&self, store: &dyn Store) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        for i in 0.. {
            let Some(value) = store.get(&self.key(i))? else { break };
            found.extend(self.open(i, &value));
        }
        Ok(found)
    }
}

/// The store key of a posting from its 16 bytes.
pub(crate) fn posting_key(prf: &[u8; 16]) -> Vec<u8> {
    let mut key = Vec::with_capacity(17);
    key.push(POSTING_TABLE);
    key.extend_from_slice(prf);
    key
}

/// What takes the place of a posting that is removed: noise to all but the holder of `key`, the
/// index's own, who can sweep it out once nobody reads that index any more.
pub(crate) fn dead(key: &Key, prf: &[u8; 16]) -> Result<Vec<u8>> {
    let random: [u8; POSTING - 16] = random()?;
    let tag: [u8; 16] = kdf::prf(key, labels::POSTING_DEAD, &[prf, &random]);
    Ok([random.as_slice(), &tag].concat())
}

/// Whether [`dead`] made this row.
pub(crate) fn is_dead(key: &Key, prf: &[u8], value: &[u8]) -> bool {
    value.len() == POSTING
        && value.split_last_chunk::<16>().is_some_and(|(random, tag)| {
            kdf::equal(&kdf::prf::<16>(key, labels::POSTING_DEAD, &[prf, random]), tag)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::tree::fresh_key;
    use crate::store::{Batch, MemoryStore};

    fn word(text: &str) -> WordKey {
        let ik = Key::init_with(|k| k.fill(1));
        WordKey::new(&ik, Scope::Field { record_type: "person", field: "name" }, 1, text)
    }

    #[test]
    fn postings_are_found_in_order_and_noise_is_passed_over() {
        for count in [0, 1, 2, 3, 7, 8, 9, 100] {
            let store = MemoryStore::default();
            let word = word("quispe");
            let mut batch = Batch::new();
            let ids: Vec<_> = (0..count).map(|i| RecordId::from_slot(i, [1; 10])).collect();
            for (i, id) in ids.iter().enumerate() {
                batch.put(word.key(i as u64), word.seal(i as u64, id, [3; 8]));
            }
            store.commit(&batch).unwrap();
            assert_eq!(word.count(&store).unwrap(), count);
            assert_eq!(word.records(&store).unwrap(), ids);
            if count > 2 {
                let mut batch = Batch::new();
                batch.put(word.key(1), dead(&fresh_key().unwrap(), &word.prf(1)).unwrap());
                store.commit(&batch).unwrap();
                assert_eq!(word.count(&store).unwrap(), count);
                assert_eq!(word.records(&store).unwrap().len() as u64, count - 1);
            }
        }
    }

    #[test]
    fn a_guess_without_the_compartment_key_matches_nothing() {
        let (ck, sk) = (fresh_key().unwrap(), fresh_key().unwrap());
        let scope = Scope::Field { record_type: "person", field: "dni" };
        let right = WordKey::new(&index_key(&ck, &sk), scope, 1, "00000001");
        let value = right.seal(0, &RecordId::from_bytes([5; 16]), [3; 8]);
        // All that somebody with the tree but another compartment key can derive.
        let guess = WordKey::new(&index_key(&fresh_key().unwrap(), &sk), scope, 1, "00000001");
        assert_ne!(guess.key(0), right.key(0));
        assert!(guess.open(0, &value).is_none());
        assert_eq!(right.open(0, &value), Some(RecordId::from_bytes([5; 16])));
    }

    #[test]
    fn words_of_two_scopes_or_kinds_are_two_words() {
        let ik = fresh_key().unwrap();
        let parent = RecordId::from_bytes([1; 16]);
        let words = [
            WordKey::new(&ik, Scope::Field { record_type: "a", field: "bc" }, 1, "x"),
            WordKey::new(&ik, Scope::Field { record_type: "ab", field: "c" }, 1, "x"),
            WordKey::new(&ik, Scope::Field { record_type: "a", field: "bc" }, 2, "x"),
            WordKey::new(&ik, Scope::Type { record_type: "a" }, 1, "x"),
            WordKey::new(&ik, Scope::Child { record_type: "a", parent: &parent }, 1, "x"),
        ];
        for (i, a) in words.iter().enumerate() {
            for b in &words[i + 1..] {
                assert_ne!(a.key(0), b.key(0));
            }
        }
    }
}
