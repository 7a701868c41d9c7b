//! What the page says of one consent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::consent::{Condition, Identifiability, Party, Reason, RecipientKind};
use crate::error::{Error, ErrorKind, Result};
use crate::export::consent_page::words::{self, Candour};
use crate::language::{Language, Phrase};
use crate::secret::SecretText;
use crate::time::Date;

/// What something is called, and what may stand in its place where somebody else may read it.
#[derive(Clone)]
pub struct Wording {
    full: SecretText,
    discreet: Option<SecretText>,
}

impl Wording {
    /// Words for a full page only.
    #[must_use]
    pub fn new(full: &str) -> Self {
        Self { full: full.into(), discreet: None }
    }

    /// What a discreet page says instead.
    #[must_use]
    pub fn discreetly(mut self, words: &str) -> Self {
        self.discreet = Some(words.into());
        self
    }

    pub(super) const fn on(&self, candour: Candour) -> Option<&SecretText> {
        match candour {
            Candour::Full => Some(&self.full),
            Candour::Discreet => self.discreet.as_ref(),
        }
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wording(..)")
    }
}

/// A purpose or a category of data, by its code. Those of the built-in policy and schema have
/// words of their own.
#[derive(Clone, Debug)]
pub struct PageItem {
    /// The code.
    pub code: String,
    /// What it is called on this page, as said to the person.
    pub words: Option<Wording>,
}

/// Somebody who receives.
#[derive(Clone, Debug)]
pub struct PageRecipient {
    /// What they are: a discreet page names no more than a kind of office.
    pub kind: RecipientKind,
    /// What they are called.
    pub name: Option<Wording>,
}

impl PageRecipient {
    /// Somebody of this kind.
    #[must_use]
    pub const fn of(kind: RecipientKind) -> Self {
        Self { kind, name: None }
    }

    /// Somebody who is called this.
    #[must_use]
    pub fn named(kind: RecipientKind, name: &str) -> Self {
        Self { kind, name: Some(Wording::new(name)) }
    }
}

/// Where a consent stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PageState {
    /// It holds.
    InForce {
        /// The last day on which it holds.
        until: Date,
    },
    /// The answer was no.
    Refused,
    /// She was asked and has not decided.
    Open,
    /// It held, and no longer does.
    Ended {
        /// The day on which it ended.
        on: Date,
        /// Why.
        because: Reason,
    },
}

/// One consent or refusal, as the page tells it.
#[derive(Clone, Debug)]
pub struct PageConsent {
    /// For what.
    pub purposes: Vec<PageItem>,
    /// To whom.
    pub recipients: Vec<PageRecipient>,
    /// Which data: categories. None stands for all in a refusal.
    pub data: Vec<PageItem>,
    /// How far she can be recognised.
    pub identifiability: Identifiability,
    /// What is asked of whoever uses it.
    pub conditions: BTreeSet<Condition>,
    /// Who said so, each with the day.
    pub said_by: Vec<(Party, Date)>,
    /// Where it stands.
    pub state: PageState,
}

impl PageConsent {
    /// One that stands so, of which nothing more is said yet.
    #[must_use]
    pub const fn new(state: PageState) -> Self {
        Self {
            purposes: Vec::new(),
            recipients: Vec::new(),
            data: Vec::new(),
            identifiability: Identifiability::Identified,
            conditions: BTreeSet::new(),
            said_by: Vec::new(),
            state,
        }
    }

    /// Adds a purpose of the built-in policy.
    #[must_use]
    pub fn purpose(mut self, code: &str) -> Self {
        self.purposes.push(PageItem { code: code.to_owned(), words: None });
        self
    }

    /// Adds a category of the built-in schema.
    #[must_use]
    pub fn category(mut self, code: &str) -> Self {
        self.data.push(PageItem { code: code.to_owned(), words: None });
        self
    }

    /// Adds a recipient.
    #[must_use]
    pub fn recipient(mut self, recipient: PageRecipient) -> Self {
        self.recipients.push(recipient);
        self
    }

    /// Adds who said so, and when.
    #[must_use]
    pub fn said_by(mut self, party: Party, on: Date) -> Self {
        self.said_by.push((party, on));
        self
    }

    /// Adds a condition.
    #[must_use]
    pub fn on_condition(mut self, condition: Condition) -> Self {
        self.conditions.insert(condition);
        self
    }

    /// What the page says of it.
    pub(super) fn lines(&self, language: Language, candour: Candour) -> Result<Lines> {
        let say = |phrase: Phrase| language.of(phrase);
        let mut labelled = Vec::new();
        let mut line = |label: Phrase, text: String| {
            if !text.is_empty() {
                labelled.push((say(label), SecretText::from(text)));
            }
        };
        line(words::WHOM, language.list(&self.receivers(language, candour)));
        match self.state {
            PageState::InForce { until } => {
                line(words::WHAT, self.which_data(language, candour)?);
                line(words::HOW, say(words::identifiability(self.identifiability)).to_owned());
                line(words::UNTIL, language.day(until));
                line(words::SAID_YES, self.speakers(language, candour));
                let rules = self.conditions.iter().map(|one| candour.of(words::condition(*one)));
                line(words::RULES, rules.map(say).collect::<Vec<_>>().join(" "));
            }
            PageState::Refused => {
                line(words::WHAT, self.which_data(language, candour)?);
                line(words::SAID_NO, self.speakers(language, candour));
            }
            PageState::Open => line(words::WHAT, self.which_data(language, candour)?),
            PageState::Ended { on, because } => {
                let day = format!("{}\u{a0}{}", say(words::ON), language.day(on));
                let why = words::ending(because).map(|why| say(candour.of(why)));
                line(words::OVER, why.map_or_else(|| day.clone(), |why| format!("{day}: {why}")));
            }
        }
        Ok(Lines { title: self.title(language, candour)?, labelled })
    }

    fn title(&self, language: Language, candour: Candour) -> Result<SecretText> {
        let mut purposes = Vec::new();
        for item in &self.purposes {
            let known = words::purpose(&item.code).map(|known| candour.of(known));
            let known = match candour {
                Candour::Full => known,
                Candour::Discreet => known.or(Some(words::AGREED_BEFORE)),
            };
            once(&mut purposes, item.said(candour, known, language)?);
        }
        if purposes.is_empty() {
            purposes.push(language.of(words::AGREED_BEFORE).to_owned());
        }
        Ok(format!("{} {}", language.of(words::FOR), language.list(&purposes)).into())
    }

    fn receivers(&self, language: Language, candour: Candour) -> Vec<String> {
        let mut names = Vec::new();
        for one in &self.recipients {
            let name = one.name.as_ref().and_then(|name| name.on(candour));
            let kind = || language.of(candour.of(words::recipient(one.kind))).to_owned();
            once(&mut names, name.map_or_else(kind, |name| name.expose().to_owned()));
        }
        names
    }

    fn speakers(&self, language: Language, candour: Candour) -> String {
        let mut days: BTreeMap<Date, Vec<String>> = BTreeMap::new();
        for (party, on) in &self.said_by {
            let who = language.of(candour.of(words::party(*party))).to_owned();
            once(days.entry(*on).or_default(), who);
        }
        let said = days.iter().map(|(on, who)| {
            format!("{}, {}\u{a0}{}", language.list(who), language.of(words::ON), language.day(*on))
        });
        said.collect::<Vec<_>>().join("; ")
    }

    fn which_data(&self, language: Language, candour: Candour) -> Result<String> {
        let mut names = Vec::new();
        let mut more = false;
        for item in &self.data {
            let known = words::category(&item.code);
            match candour {
                Candour::Full => {
                    let known = known.map(|(full, _)| full);
                    once(&mut names, item.said(candour, known, language)?);
                }
                Candour::Discreet => {
                    let known = known.and_then(|(_, discreet)| discreet);
                    match item.said(candour, known, language) {
                        Ok(name) => once(&mut names, name),
                        Err(_) => more = true,
                    }
                }
            }
        }
        if more {
            names.push(language.of(words::OTHER_DATA).to_owned());
        }
        if names.is_empty() && matches!(self.state, PageState::Refused) {
            names.push(language.of(words::ALL_DATA).to_owned());
        }
        Ok(language.list(&names))
    }
}

impl PageItem {
    /// The caller's words before ours.
    fn said(&self, candour: Candour, known: Option<Phrase>, language: Language) -> Result<String> {
        let own = self.words.as_ref().and_then(|words| words.on(candour)).map(SecretText::expose);
        own.or_else(|| known.map(|known| language.of(known))).map(str::to_owned).ok_or_else(|| {
            Error::new(ErrorKind::UnknownCode, "the page has no words for a purpose or category")
        })
    }
}

/// What stands under one number.
pub(super) struct Lines {
    pub(super) title: SecretText,
    pub(super) labelled: Vec<(&'static str, SecretText)>,
}

/// Two things with one neutral name are named once.
fn once(names: &mut Vec<String>, name: String) {
    if !names.contains(&name) {
        names.push(name);
    }
}
