//! Labels that stand for names and numbers in one export, and in no other.

use std::collections::{BTreeMap, BTreeSet};

use crate::crypto::{kdf, labels};
use crate::id::RecordId;
use crate::language::{Language, Phrase};
use crate::schema::Kind;
use crate::secret::Key;

/// Draws labels such as `PERSONA K7M4P2`: one for each person and each value of an export. They come
/// from the export's seed by a keyed function, so that nobody without it can tell what one
/// stands for, and two exports have nothing in common.
pub(crate) struct Labels {
    key: Key,
    language: Language,
    drawn: BTreeMap<[u8; 16], String>,
    taken: BTreeSet<String>,
}

impl Labels {
    pub(crate) fn new(seed: &Key, language: Language) -> Self {
        let key = kdf::prf_key(seed, labels::EXPORT_LABEL, &[]);
        Self { key, language, drawn: BTreeMap::new(), taken: BTreeSet::new() }
    }

    /// The label of whoever a record is about.
    pub(crate) fn person(&mut self, record: RecordId) -> String {
        let word = self.language.of(Phrase("PERSONA", "PERSON"));
        self.draw(word, &[b"person", record.as_bytes()])
    }

    /// The label of a value; equal values of one kind have one label.
    pub(crate) fn value(&mut self, kind: Kind, value: &str) -> String {
        let word = match kind {
            Kind::Phone => self.language.of(Phrase("TELÉFONO", "PHONE")),
            _ => self.language.of(Phrase("DATO", "ITEM")),
        };
        self.draw(word, &[b"value", word.as_bytes(), value.as_bytes()])
    }

    fn draw(&mut self, word: &str, what: &[&[u8]]) -> String {
        let of: [u8; 16] = kdf::prf(&self.key, labels::EXPORT_LABEL, what);
        if let Some(known) = self.drawn.get(&of) {
            return known.clone();
        }
        let mut attempt = 0_u32;
        let label = loop {
            let draw: [u8; LENGTH] =
                kdf::prf(&self.key, labels::EXPORT_LABEL, &[&of, &attempt.to_le_bytes()]);
            let code = draw.iter().zip([LETTERS, DIGITS].iter().cycle());
            let code: String = code.filter_map(|(byte, of)| pick(of, *byte)).collect();
            if self.taken.insert(code.clone()) {
                break format!("{word} {code}");
            }
            attempt += 1;
        };
        self.drawn.insert(of, label.clone());
        label
    }
}

fn pick(from: &[u8], byte: u8) -> Option<char> {
    from.get(usize::from(byte) % from.len()).map(|c| char::from(*c))
}

/// Two million codes: long enough that a label of one export hardly ever occurs in another,
/// where it would seem to be the same person.
const LENGTH: usize = 6;
/// Without those that are taken for a digit or for each other.
const LETTERS: &[u8] = b"ACDEFGHJKMNPRTVWXY";
const DIGITS: &[u8] = b"2346789";

#[cfg(test)]
mod tests {
    use super::*;

    fn seed(byte: u8) -> Key {
        Key::init_with(|key| key.fill(byte))
    }

    #[test]
    fn a_label_is_stable_in_one_export_and_shared_by_no_two_things() {
        let mut labels = Labels::new(&seed(1), Language::Spanish);
        let person = |n: u64| RecordId::from_slot(n, [0; 10]);
        let first = labels.person(person(100));
        let all: BTreeSet<String> = (0..2000).map(|n| labels.person(person(n))).collect();
        assert_eq!(all.len(), 2000);
        assert_eq!(labels.person(person(100)), first);
        assert!(first.starts_with("PERSONA "));
        let phone = labels.value(Kind::Phone, "987654321");
        assert_eq!(labels.value(Kind::Phone, "987654321"), phone);
        assert!(!all.iter().any(|one| one.split(' ').nth(1) == phone.split(' ').nth(1)));
    }

    #[test]
    fn two_exports_give_one_thing_two_labels() {
        let of = |byte: u8| -> Vec<String> {
            let mut labels = Labels::new(&seed(byte), Language::English);
            (0..64).map(|n| labels.person(RecordId::from_slot(n, [0; 10]))).collect()
        };
        let one: BTreeSet<_> = of(1).into_iter().collect();
        assert_eq!((one.len(), of(1).into_iter().collect()), (64, one.clone()));
        assert!(of(2).iter().all(|label| !one.contains(label)));
    }
}
