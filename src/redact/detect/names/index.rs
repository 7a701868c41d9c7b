//! The names of a case in every form under which a text may have them.

use std::collections::BTreeMap;

use super::familiar::{self, Strength};
use crate::redact::detect::folded::Folded;
use crate::redact::detect::slip::one_slip;
use crate::redact::detect::words::{is_function, is_ordinary, is_particle};
use crate::redact::{KnownPeople, KnownPerson};
use crate::search::normal::sound;
use crate::secret::SecretText;
use zeroize::Zeroizing;

/// Which words of a text are a known name.
pub(super) struct Index {
    /// Sorted by text.
    forms: Vec<Form>,
    /// The strong forms by how they sound, sorted.
    sounds: Vec<Form>,
    /// Names as they are recorded, for slips of the pen.
    recorded: Vec<Form>,
    /// Names that are recorded after a particle.
    led: Vec<SecretText>,
    /// First letters of a whole name, in the orders in which names are abbreviated.
    initials: Vec<(SecretText, usize)>,
}

/// One form of a name, and who may be called so.
struct Form {
    text: SecretText,
    strength: Strength,
    people: Vec<usize>,
}

/// What a word of a text is.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) people: Vec<usize>,
    pub(super) certainty: Certainty,
}

/// What it takes for a word that looks like a name to be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// A neighbour that announces a name, or is one of the same person.
    Doubtful,
    /// That, or a capital letter.
    Likely,
    /// Nothing.
    Sure,
}

impl Index {
    pub(super) fn new(known: &KnownPeople) -> Self {
        let mut build = Build::default();
        for (who, person) in known.people.iter().enumerate() {
            build.person(who, person);
        }
        let sounds = build.forms.iter().filter(|form| form.strength == Strength::Strong);
        let sounds = sounds.map(|form| Form {
            text: sounded(form.text.expose()),
            strength: form.strength,
            people: form.people.clone(),
        });
        Self {
            sounds: joined(sounds.collect()),
            forms: joined(build.forms),
            recorded: joined(build.recorded),
            led: build.led,
            initials: build.initials,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// What a folded word is, wherever it stands.
    pub(super) fn look_up(&self, word: &str) -> Option<Found> {
        let letters = word.chars().count();
        if !(2..=LONGEST).contains(&letters) {
            return None;
        }
        if let Some(read) = as_letters(word) {
            return self.look_up(&read);
        }
        // Joins and pronouns are nobody but whom they name letter by letter.
        if is_function(word) {
            let form = at(&self.recorded, word)?;
            return Some(Found { people: form.people.clone(), certainty: Certainty::Likely });
        }
        let ordinary = is_ordinary(word);
        let found = |form: &Form, certainty| Found { people: form.people.clone(), certainty };
        if let Some(form) = at(&self.forms, word) {
            let certainty = match (form.strength, ordinary) {
                (Strength::Strong, false) => Certainty::Sure,
                (Strength::Strong, true) | (Strength::Weak, false) => Certainty::Likely,
                (Strength::Weak, true) => Certainty::Doubtful,
            };
            return Some(found(form, certainty));
        }
        if let Some(form) = at(&self.sounds, sounded(word).expose()) {
            let certainty = match (ordinary, letters) {
                (true, _) => Certainty::Doubtful,
                (false, ..=3) => Certainty::Likely,
                (false, _) => Certainty::Sure,
            };
            return Some(found(form, certainty));
        }
        let mut near = self.recorded.iter().filter(|form| one_slip(form.text.expose(), word));
        let first = near.next()?;
        let mut people = first.people.clone();
        people.extend(near.flat_map(|form| &form.people));
        people.sort_unstable();
        people.dedup();
        let recorded = first.text.expose();
        let certainty = match recorded.chars().count() {
            _ if ordinary => Certainty::Doubtful,
            ..=4 if recorded.chars().next() != word.chars().next() => Certainty::Doubtful,
            ..=4 => Certainty::Likely,
            5 if recorded.chars().next() != word.chars().next() => Certainty::Likely,
            _ => Certainty::Sure,
        };
        Some(Found { people, certainty })
    }

    /// Whether a particle before this word belongs to the name.
    pub(super) fn is_led(&self, word: &str) -> bool {
        self.led.iter().any(|led| led.expose() == word)
    }

    /// Whether a name as it is recorded stands within letters that no space divides.
    pub(super) fn is_within(&self, letters: &str) -> bool {
        let letters = letters.get(..letters.floor_char_boundary(LONGEST)).unwrap_or(letters);
        self.recorded.iter().any(|form| letters.contains(form.text.expose()))
    }

    /// Whether somebody of these has a name, given or of a family, that begins so.
    pub(super) fn begins(&self, letter: char, people: &[usize]) -> bool {
        let mut hers = self.initials.iter().filter(|(_, who)| people.contains(who));
        hers.any(|(initials, _)| initials.expose().starts_with(letter))
    }

    /// Who has these first letters, in this order.
    pub(super) fn with_initials(&self, letters: &str) -> Vec<usize> {
        let hers = self.initials.iter().filter(|(initials, _)| initials.expose() == letters);
        let mut people: Vec<usize> = hers.map(|(_, who)| *who).collect();
        people.dedup();
        people
    }
}

/// A word in which a machine has read letters as figures, `t1cona`, with the letters.
fn as_letters(word: &str) -> Option<Zeroizing<String>> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || 2 * digits >= word.len() {
        return None;
    }
    let mut read = Zeroizing::new(String::with_capacity(word.len()));
    for c in word.chars() {
        read.push(match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            c if c.is_ascii_digit() => return None,
            c => c,
        });
    }
    Some(read)
}

/// How a name sounds, with what foreign names are spelled by: Cynthia is Cintia, Giovanna Yovana.
fn sounded(word: &str) -> SecretText {
    let mut letters = Zeroizing::new(String::with_capacity(word.len()));
    let begins = ["gio", "geo"].iter().find_map(|start| word.strip_prefix(start));
    if begins.is_some() {
        letters.push_str("jo");
    }
    let mut before = ' ';
    let mut rest = begins.unwrap_or(word).chars().peekable();
    while let Some(c) = rest.next() {
        // Jacqueline and Jackeline, Martha, Sophia.
        let next = rest.peek().copied().unwrap_or(' ');
        let c = match (c, next) {
            ('c', 'k' | 'q') => continue,
            ('p', 'h') => 'f',
            ('h', _) if matches!(before, 't' | 'f' | 'p') => continue,
            _ => c,
        };
        // Between a consonant and a vowel y is i.
        let inner = c == 'y' && before.is_alphabetic() && !"aeioul".contains(before);
        letters.push(if inner { 'i' } else { c });
        before = c;
    }
    sound(&letters)
}

#[derive(Default)]
struct Build {
    forms: Vec<Form>,
    recorded: Vec<Form>,
    led: Vec<SecretText>,
    initials: Vec<(SecretText, usize)>,
}

impl Build {
    fn person(&mut self, who: usize, person: &KnownPerson) {
        for name in person.given.iter().chain(&person.surnames).chain(&person.aliases) {
            let name = Folded::new(name.expose());
            let led = (1..name.words().len()).filter(|at| is_particle(name.word(at - 1)));
            self.led.extend(led.map(|at| SecretText::from(name.word(at))));
        }
        let given = words(&person.given);
        let surnames = words(&person.surnames);
        for word in given.iter().chain(&words(&person.aliases)) {
            self.recorded(word, who);
            for (form, strength) in familiar::forms(word.expose()) {
                self.form(form, strength, who);
            }
        }
        for word in &surnames {
            self.recorded(word, who);
            // The family: los Quispes, los Huamanes.
            for ending in ["s", "es"] {
                self.form(format!("{}{ending}", word.expose()).into(), Strength::Strong, who);
            }
        }
        // Written together: Rosamaria, FlorQuispe.
        let whole: Vec<&SecretText> = given.iter().chain(&surnames).collect();
        for (first, second) in whole.iter().zip(whole.iter().skip(1)) {
            let both = format!("{}{}", first.expose(), second.expose());
            self.form(both.into(), Strength::Strong, who);
        }
        for (first, second) in given.iter().zip(given.iter().skip(1)) {
            for (form, strength) in familiar::joined(first.expose(), second.expose()) {
                self.form(form, strength, who);
            }
        }
        let first_letters = |words: &[SecretText]| -> String {
            words.iter().filter_map(|word| word.expose().chars().next()).collect()
        };
        let (given, surnames) = (first_letters(&given), first_letters(&surnames));
        for initials in [
            format!("{given}{surnames}"),
            format!("{surnames}{given}"),
            given.chars().take(1).chain(surnames.chars()).collect(),
            given.chars().take(1).chain(surnames.chars().take(1)).collect(),
        ] {
            if initials.chars().count() > 1 {
                self.initials.push((initials.into(), who));
            }
        }
    }

    fn recorded(&mut self, word: &SecretText, who: usize) {
        self.form(word.clone(), Strength::Strong, who);
        if word.expose().chars().count() >= 4 {
            let form = Form { text: word.clone(), strength: Strength::Strong, people: vec![who] };
            self.recorded.push(form);
        }
    }

    fn form(&mut self, text: SecretText, strength: Strength, who: usize) {
        if !is_particle(text.expose()) && text.expose().chars().nth(1).is_some() {
            self.forms.push(Form { text, strength, people: vec![who] });
        }
    }
}

/// The words of names that carry them.
fn words(names: &[SecretText]) -> Vec<SecretText> {
    let mut out = Vec::new();
    for name in names {
        let name = Folded::new(name.expose());
        let words = (0..name.words().len()).map(|at| name.word(at));
        out.extend(words.filter(|word| !is_particle(word)).map(SecretText::from));
    }
    out
}

/// Sorts forms and joins equal ones: the stronger reading, all people.
fn joined(mut forms: Vec<Form>) -> Vec<Form> {
    forms.sort_by(|a, b| a.text.expose().cmp(b.text.expose()));
    let mut out: Vec<Form> = Vec::with_capacity(forms.len());
    for form in forms {
        match out.last_mut() {
            Some(last) if last.text.expose() == form.text.expose() => {
                last.strength = last.strength.min(form.strength);
                last.people.extend(form.people);
                last.people.sort_unstable();
                last.people.dedup();
            }
            _ => out.push(form),
        }
    }
    out
}

fn at<'a>(forms: &'a [Form], text: &str) -> Option<&'a Form> {
    let found = forms.binary_search_by(|form| form.text.expose().cmp(text)).ok()?;
    forms.get(found)
}

/// What is known of the words of one text, so that each is looked up once.
#[derive(Default)]
pub(super) struct Memory<'a> {
    seen: BTreeMap<&'a str, Option<Found>>,
}

impl<'a> Memory<'a> {
    pub(super) fn look_up(&mut self, index: &Index, word: &'a str) -> Option<Found> {
        self.seen.entry(word).or_insert_with(|| index.look_up(word)).clone()
    }
}

/// No name is longer; a longer word is not looked up.
const LONGEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_a_slip_and_two_are_none() {
        for slip in ["quipse", "quispee", "quspe", "quizpe"] {
            assert!(one_slip("quispe", slip), "{slip}");
        }
        assert!(!one_slip("quispe", "quipses"));
        assert!(!one_slip("quispe", "kispi"));
    }
}
