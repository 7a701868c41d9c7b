//! The two languages of what people read on paper and in files.

use crate::time::Date;

/// The language of a page or an export.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub enum Language {
    /// Spanish, as spoken in Peru.
    #[default]
    Spanish,
    /// English.
    English,
}

/// Spanish, English.
#[derive(Clone, Copy)]
pub(crate) struct Phrase(pub(crate) &'static str, pub(crate) &'static str);

impl Language {
    /// BCP 47.
    pub(crate) const fn tag(self) -> &'static str {
        self.of(Phrase("es", "en"))
    }

    pub(crate) const fn of(self, phrase: Phrase) -> &'static str {
        match self {
            Self::Spanish => phrase.0,
            Self::English => phrase.1,
        }
    }

    /// The one of two texts that is in this language.
    pub(crate) fn pick<'a>(self, es: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Spanish => es,
            Self::English => en,
        }
    }

    /// A day in words.
    pub(crate) fn day(self, date: Date) -> String {
        let months = self.of(MONTHS);
        let month = months.split(' ').nth(usize::from(date.month()).saturating_sub(1));
        let (day, month, year) = (date.day(), month.unwrap_or_default(), date.year());
        // The day stays with its month.
        match self {
            Self::Spanish => format!("{day}\u{a0}de\u{a0}{month} de\u{a0}{year}"),
            Self::English => format!("{day}\u{a0}{month} {year}"),
        }
    }

    /// A month in words.
    pub(crate) fn month(self, date: Date) -> String {
        let month = self.of(MONTHS).split(' ').nth(usize::from(date.month()).saturating_sub(1));
        let (month, year) = (month.unwrap_or_default(), date.year());
        match self {
            Self::Spanish => format!("{month} de\u{a0}{year}"),
            Self::English => format!("{month} {year}"),
        }
    }

    /// `a, b y c`; `y` becomes `e` before its own sound.
    pub(crate) fn list(self, words: &[String]) -> String {
        let Some((last, rest)) = words.split_last() else {
            return String::new();
        };
        if rest.is_empty() {
            return last.clone();
        }
        let lower = last.to_lowercase();
        let sounds =
            lower.starts_with('i') || (lower.starts_with("hi") && !lower.starts_with("hie"));
        let and = match self {
            Self::Spanish if sounds => "e",
            Self::Spanish => "y",
            Self::English => "and",
        };
        // What holds a comma itself is told apart by semicolons.
        let mark = if words.iter().any(|words| words.contains(',')) { ";" } else { "," };
        let joined = rest.join(&format!("{mark} "));
        let before = if mark == ";" { ";" } else { "" };
        format!("{joined}{before} {and} {last}")
    }
}

const MONTHS: Phrase = Phrase(
    "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
    "January February March April May June July August September October November December",
);
