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
use crate::redact::days::{Day, days, shortened};
use crate::redact::hidden::{Hidden, HiddenClass, HiddenPart};
use crate::search::normal::is_particle;
use crate::secret::SecretText;

/// What is searched for, made ready once for all files of an export.
pub(crate) struct Scan {
    /// Whole words, folded, each with the field it comes from.
    words: BTreeMap<SecretText, Place>,
    /// Days, with four figures of the year and with two.
    days: BTreeMap<Day, Place>,
    /// Stretches without spaces and punctuation.
    stretches: Vec<Place>,
    matcher: AhoCorasick,
    unsearched: BTreeSet<String>,
}

/// What stands in an export whatever was kept back: its labels, its closed lists, its days. It
/// tells nothing, and to search for it would find it.
#[derive(Default)]
pub(crate) struct Standing {
    words: BTreeSet<SecretText>,
    days: BTreeSet<Day>,
}

impl Standing {
    pub(crate) fn add(&mut self, text: &str) {
        let words = tokens(text);
        self.days.extend(days(text, &words).into_iter().map(shortened));
        self.words.extend(words);
    }
}

impl Scan {
    /// `kept` are values that other fields show by a decision of their own: a span of a text that
    /// says the same is no secret.
    ///
    /// # Errors
    ///
    /// `TooLong` if there is too much to search for.
    pub(crate) fn new(hidden: &[Hidden], kept: &[SecretText], standing: &Standing) -> Result<Self> {
        let kept: Vec<Vec<SecretText>> = kept.iter().map(|text| tokens(text.expose())).collect();
        let kept_words: BTreeSet<&SecretText> = kept.iter().flatten().collect();
        let kept_values: Vec<SecretText> = kept.iter().map(|words| squeezed(words)).collect();
        let is_kept = |one: &Hidden, stretch: &SecretText| {
            one.part == HiddenPart::Span
                && kept_values.iter().any(|value| value.expose().contains(stretch.expose()))
        };
        let mut words = BTreeMap::new();
        let mut wanted: BTreeMap<SecretText, Place> = BTreeMap::new();
        let mut unsearched = BTreeSet::new();
        let mut wanted_days = BTreeMap::new();
        // Parts of names that are too short; another value may say them all the same.
        let mut short = Vec::new();
        for one in hidden {
            let tokens = tokens(one.text.expose());
            if one.class == HiddenClass::Day {
                let stands = |day: &Day| standing.days.contains(&shortened(*day));
                let told = days(one.text.expose(), &tokens);
                if told.is_empty() || told.iter().any(stands) {
                    unsearched.insert(one.place.to_string());
                }
                for day in told.into_iter().filter(|day| !stands(day)) {
                    for day in [day, shortened(day)] {
                        wanted_days.entry(day).or_insert_with(|| one.place.clone());
                    }
                }
                continue;
            }
            let mut found = false;
            for token in &tokens {
                let letters = token.expose().chars().count();
                let long = letters >= least_word(one);
                let shown = one.part == HiddenPart::Span && kept_words.contains(token);
                // Nothing of it is left to search for, and that is no lack.
                found |= shown;
                let said = shown || standing.words.contains(token);
                // So few letters stand in any file by chance: that they do is no reason not to
                // list them.
                if letters < LEAST_WORD && !shown && is_part_of_name(one, token.expose()) {
                    short.push((token.clone(), &one.place));
                }
                if !long || said || !tells(one.class, token.expose()) {
                    continue;
                }
                found = true;
                words.entry(token.clone()).or_insert_with(|| one.place.clone());
            }
            // A value of one word is told by that word alone.
            let standing = &standing.words;
            let stands = tokens.len() == 1 && tokens.iter().all(|token| standing.contains(token));
            let searched = |stretch: &SecretText| !stands && !is_kept(one, stretch);
            for stretch in stretches(one).into_iter().filter(searched) {
                found = true;
                wanted.entry(stretch).or_insert_with(|| one.place.clone());
            }
            if !found {
                unsearched.insert(one.place.to_string());
            }
        }
        let unfound = short.into_iter().filter(|(token, _)| !words.contains_key(token));
        unsearched.extend(unfound.map(|(_, place)| place.to_string()));
        let matcher = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(wanted.keys().map(|text| text.expose().as_bytes()))
            .map_err(|_| Error::new(ErrorKind::TooLong, "too much is kept back to search for"))?;
        let (days, stretches) = (wanted_days, wanted.into_values().collect());
        Ok(Self { words, days, stretches, matcher, unsearched })
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
        if !self.days.is_empty() {
            let mut told = days(text, &tokens).into_iter();
            if let Some(place) = told.find_map(|day| self.days.get(&day)) {
                return Err(found(place));
            }
        }
        match self.matcher.find(squeezed(&tokens).expose()) {
            None => Ok(()),
            Some(hit) => Err(self
                .stretches
                .get(hit.pattern().as_usize())
                .map_or_else(|| Error::new(ErrorKind::Internal, "an unknown pattern"), found)),
        }
    }

    /// The fields of which nothing, or a part of a name not, is long or rare enough to be
    /// searched for.
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
        HiddenClass::Name => !is_particle(word),
        HiddenClass::Day => false,
        HiddenClass::Identifier => word.len() > LEAST_WORD && !is_common(word),
        // Lines and prose are made of words that occur anywhere; long numbers do not.
        HiddenClass::Line | HiddenClass::Prose => word.len() > LEAST_WORD && has_digit(word),
    }
}

/// From how many letters on a word is searched for. What somebody is called is short at times, and
/// a word that is marked as a name in a text may be any.
const fn least_word(hidden: &Hidden) -> usize {
    match (hidden.class, hidden.part) {
        (HiddenClass::Name, HiddenPart::Whole) => LEAST_NAME,
        _ => LEAST_WORD,
    }
}

/// Whether a word that is too short to be searched for is part of what somebody is called.
fn is_part_of_name(hidden: &Hidden, word: &str) -> bool {
    hidden.class == HiddenClass::Name && !is_particle(word)
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
        HiddenClass::Day => Vec::new(),
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
const LEAST_NAME: usize = 3;
const LEAST_NUMBER: usize = 6;
const LEAST_STRETCH: usize = 8;
const LEAST_SENTENCE: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(class: HiddenClass, text: &str) -> Hidden {
        let part = HiddenPart::Whole;
        Hidden { place: Place::Schema("person.x".to_owned()), class, part, text: text.into() }
    }

    fn scan(class: HiddenClass, text: &str) -> Scan {
        Scan::new(&[hidden(class, text)], &[], &Standing::default()).unwrap()
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
    fn a_span_that_another_field_shows_is_no_secret_and_a_whole_value_is() {
        let whole = hidden(HiddenClass::Identifier, "987 654 321");
        let span = Hidden { part: HiddenPart::Span, ..whole.clone() };
        let kept = [SecretText::from("987654321")];
        let of = |one| Scan::new(&[one], &kept, &Standing::default()).unwrap();
        assert!(of(span).search("987654321").is_ok());
        assert!(of(whole).search("987654321").is_err());
    }

    #[test]
    fn what_stands_in_every_export_is_not_searched_for_and_what_is_short_is_listed() {
        let mut standing = Standing::default();
        standing.add("campos");
        let scan = Scan::new(&[hidden(HiddenClass::Name, "Campos")], &[], &standing).unwrap();
        assert!(scan.search("campos reservados").is_ok());
        assert_eq!(scan.unsearched().len(), 1);
        let short = self::scan(HiddenClass::Name, "Li Yu");
        assert_eq!(short.unsearched().len(), 1);
        assert!(short.search("li").is_ok());
    }

    #[test]
    fn each_part_of_a_name_is_searched_for_or_its_field_is_listed() {
        let luz = scan(HiddenClass::Name, "Luz Marina de los Ríos");
        assert!(luz.search("Vino Luz, sola").is_err());
        for text in ["contraluz y luzca", "los de la casa"] {
            assert!(luz.search(text).is_ok(), "{text}");
        }
        assert!(luz.unsearched().is_empty());
        let both = scan(HiddenClass::Name, "Jo Marina");
        assert!(both.search("Marina").is_err() && both.search("Vino Jo").is_ok());
        assert_eq!(both.unsearched().len(), 1);
        // What a reader marked as a name may be any word: a short one is listed.
        let span = Hidden { part: HiddenPart::Span, ..hidden(HiddenClass::Name, "la Luz") };
        let span = Scan::new(&[span], &[], &Standing::default()).unwrap();
        assert!(span.search("con luz").is_ok());
        assert_eq!(span.unsearched().len(), 1);
    }

    #[test]
    fn a_day_that_was_kept_back_is_found_however_it_is_written() {
        let born = scan(HiddenClass::Day, "2017-10-10");
        for text in ["nacida el 10 de octubre de 2017", "10/10/2017", "10.10.17", "\"2017-10-10\""]
        {
            assert!(born.search(text).is_err(), "{text}");
        }
        for text in ["octubre de 2017", "2017-10", "11/10/2017", "6-11"] {
            assert!(born.search(text).is_ok(), "{text}");
        }
        assert!(born.unsearched().is_empty());
        let mut standing = Standing::default();
        standing.add("hecho el 10 de octubre de 2017");
        let hidden = [hidden(HiddenClass::Day, "2017-10-10")];
        let same = Scan::new(&hidden, &[], &standing).unwrap();
        assert!(same.search("2017-10-10").is_ok());
        assert_eq!(same.unsearched().len(), 1);
    }
}
