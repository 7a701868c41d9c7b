//! The last look before anything leaves: is a word of what was kept back in a finished file?
//!
//! A view cannot hold a withheld value. But the same name can stand in another field, in a text
//! that somebody approved too quickly, in a title that a renderer wrote. So the finished bytes
//! are searched for every name, number and text that was kept back.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::redact::hidden::{Hidden, HiddenClass};
use crate::secret::SecretText;

/// What is searched for, made ready once for all files of an export.
pub(crate) struct Scan {
    /// Whole words, folded, each with the field it comes from.
    words: BTreeMap<SecretText, Place>,
    /// Stretches without spaces and punctuation.
    stretches: Vec<Place>,
    matcher: AhoCorasick,
    unsearched: BTreeSet<String>,
}

impl Scan {
    /// `standing` are words that stand in an export whatever was kept back: its labels, its
    /// closed lists. They tell nothing, and to search for them would find them.
    ///
    /// # Errors
    ///
    /// `TooLong` if there is too much to search for.
    pub(crate) fn new(hidden: &[Hidden], standing: &BTreeSet<SecretText>) -> Result<Self> {
        let mut words = BTreeMap::new();
        let mut wanted: BTreeMap<SecretText, Place> = BTreeMap::new();
        let mut unsearched = BTreeSet::new();
        for one in hidden {
            let tokens = tokens(one.text.expose());
            let mut found = false;
            for token in &tokens {
                let long = token.expose().chars().count() >= LEAST_WORD;
                if !long || standing.contains(token) || !tells(one.class, token.expose()) {
                    continue;
                }
                found = true;
                words.entry(token.clone()).or_insert_with(|| one.place.clone());
            }
            // A value of one word is told by that word alone.
            let stands = tokens.iter().all(|token| standing.contains(token)) && tokens.len() == 1;
            for stretch in stretches(one).into_iter().filter(|_| !stands) {
                found = true;
                wanted.entry(stretch).or_insert_with(|| one.place.clone());
            }
            if !found {
                unsearched.insert(one.place.to_string());
            }
        }
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(wanted.keys().map(|text| text.expose().as_bytes()))
            .map_err(|_| Error::new(ErrorKind::TooLong, "too much is kept back to search for"))?;
        Ok(Self { words, stretches: wanted.into_values().collect(), matcher, unsearched })
    }

    /// Looks for anything of it in a text.
    ///
    /// # Errors
    ///
    /// `Leaks` at the field whose value was found; never the value.
    pub(crate) fn search(&self, text: &str) -> Result<()> {
        let tokens = tokens(text);
        if let Some(place) = tokens.iter().find_map(|token| self.words.get(token)) {
            return Err(found(place));
        }
        match self.matcher.find(squeezed(&tokens).expose()) {
            None => Ok(()),
            Some(hit) => Err(self
                .stretches
                .get(hit.pattern().as_usize())
                .map_or_else(|| Error::new(ErrorKind::Internal, "an unknown pattern"), found)),
        }
    }

    /// The fields of which nothing is long or rare enough to be searched for.
    pub(crate) fn unsearched(&self) -> &BTreeSet<String> {
        &self.unsearched
    }
}

/// Words in lower case without accents, compatibility forms resolved.
pub(crate) fn tokens(text: &str) -> Vec<SecretText> {
    let mut words = Vec::new();
    let mut word = String::with_capacity(64);
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        if is_combining_mark(c) || is_unseen(c) {
            continue;
        }
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() {
            words.push(SecretText::from(std::mem::replace(&mut word, String::with_capacity(64))));
        }
    }
    if !word.is_empty() {
        words.push(word.into());
    }
    words
}

/// What may stand inside a word without being seen.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a single word of such a value tells something of it.
fn tells(class: HiddenClass, word: &str) -> bool {
    match class {
        HiddenClass::Name => true,
        HiddenClass::Identifier => has_digit(word) || (word.len() > LEAST_WORD && !is_common(word)),
        // Lines and prose are made of words that occur anywhere; long numbers do not.
        HiddenClass::Line | HiddenClass::Prose => word.len() > LEAST_WORD && has_digit(word),
    }
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_common(word: &str) -> bool {
    COMMON.contains(&word)
}

/// The whole of a value, two words of a line together, the sentences of prose.
fn stretches(hidden: &Hidden) -> Vec<SecretText> {
    let text = hidden.text.expose();
    let long = |stretch: &SecretText| {
        let digits = stretch.expose().bytes().filter(u8::is_ascii_digit).count();
        stretch.expose().len() >= if digits >= 4 { LEAST_NUMBER } else { LEAST_STRETCH }
    };
    let mut found: Vec<SecretText> = match hidden.class {
        HiddenClass::Prose => {
            let sentences = text.split(['.', ';', '\n', '!', '?']).chain([text]);
            let sentences = sentences.map(|sentence| squeezed(&tokens(sentence)));
            sentences.filter(|one| one.expose().len() >= LEAST_SENTENCE).collect()
        }
        HiddenClass::Line => {
            let words = tokens(text);
            let tells =
                |word: &SecretText| word.expose().len() >= LEAST_WORD && !is_common(word.expose());
            let pairs = words.windows(2).filter(|pair| pair.iter().all(tells));
            pairs.map(squeezed).chain([squeezed(&words)]).collect()
        }
        HiddenClass::Name | HiddenClass::Identifier => vec![squeezed(&tokens(text))],
    };
    found.retain(long);
    found
}

fn squeezed(tokens: &[SecretText]) -> SecretText {
    let length = tokens.iter().map(|token| token.expose().len()).sum();
    let mut out = String::with_capacity(length);
    tokens.iter().for_each(|token| out.push_str(token.expose()));
    out.into()
}

fn found(place: &Place) -> Error {
    Error::new(ErrorKind::Leaks, "a value that was kept back stands in a finished file")
        .at(place.clone())
}

/// Words of addresses and offices, which tell nothing alone.
const COMMON: &[&str] = &[
    "asentamiento",
    "avenida",
    "barrio",
    "calle",
    "carretera",
    "casa",
    "caserio",
    "centro",
    "comunidad",
    "con",
    "cuadra",
    "del",
    "desde",
    "distrito",
    "donde",
    "entre",
    "esta",
    "frente",
    "hasta",
    "humano",
    "interior",
    "jiron",
    "lote",
    "manzana",
    "mercado",
    "ninguna",
    "ninguno",
    "para",
    "pasaje",
    "piso",
    "plaza",
    "poblado",
    "puerta",
    "sector",
    "segundo",
    "tercer",
    "urbanizacion",
];
/// In letters and digits. Shorter words occur by chance.
const LEAST_WORD: usize = 4;
const LEAST_NUMBER: usize = 6;
const LEAST_STRETCH: usize = 8;
const LEAST_SENTENCE: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(class: HiddenClass, text: &str) -> Hidden {
        Hidden { place: Place::Schema("person.x".to_owned()), class, text: text.into() }
    }

    fn scan(class: HiddenClass, text: &str) -> Scan {
        Scan::new(&[hidden(class, text)], &BTreeSet::new()).unwrap()
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let scan = scan(HiddenClass::Name, "Mar\u{ed}a Huam\u{e1}n");
        for text in [
            "la se\u{f1}ora Huaman lleg\u{f3}",
            "HUAM\u{c1}N",
            "huama\u{301}n",
            "\u{ff28}\u{ff55}\u{ff41}\u{ff4d}\u{ff41}\u{ff4e}",
            "Hua\u{200b}m\u{e1}n",
            "\"name\":\"Mar\u{ed}a\"",
            "M a r i a . H u a m a n",
        ] {
            assert!(scan.search(text).is_err(), "{text}");
        }
        for text in ["Huamanga", "mariana", "hua man", ""] {
            assert!(scan.search(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_number_is_found_however_it_is_spaced() {
        let scan = scan(HiddenClass::Identifier, "+51 987 654 321");
        for text in ["51987654321", "(51) 987-654-321", "tel:51.987.654.321x"] {
            assert!(scan.search(text).is_err(), "{text}");
        }
        assert!(scan.search("987 111 222").is_ok());
    }

    #[test]
    fn a_sentence_of_prose_is_found_and_its_words_are_not() {
        let scan =
            scan(HiddenClass::Prose, "Vino sola. Cuenta que viajaba con su hermana a la feria.");
        assert!(scan.search("dijo: cuenta que viajaba con su hermana a la feria").is_err());
        assert!(scan.search("viajaba con su hermana").is_ok());
    }

    #[test]
    fn a_word_of_an_address_tells_and_a_word_of_a_line_does_not() {
        let address = scan(HiddenClass::Identifier, "Jr. Los Huarangos 123, frente al mercado");
        assert!(address.search("vive por huarangos").is_err());
        assert!(address.search("fue al mercado").is_ok());
        let line = scan(HiddenClass::Line, "Casa de acogida ficticia 36");
        assert!(line.search("una acogida").is_ok());
        assert!(line.search("la acogida ficticia").is_err());
    }

    #[test]
    fn what_stands_in_every_export_is_not_searched_for_and_what_is_short_is_listed() {
        let standing = BTreeSet::from([SecretText::from("campos")]);
        let scan = Scan::new(&[hidden(HiddenClass::Name, "Campos")], &standing).unwrap();
        assert!(scan.search("campos reservados").is_ok());
        assert_eq!(scan.unsearched().len(), 1);
        let short = Scan::new(&[hidden(HiddenClass::Name, "Ana Paz")], &BTreeSet::new()).unwrap();
        assert_eq!(short.unsearched().len(), 1);
        assert!(short.search("ana").is_ok());
    }
}
