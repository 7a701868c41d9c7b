//! The page that a person takes home: what she said yes and no to, and what she can ask for.

mod entry;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use crate::error::Result;
use crate::export::pdf::{About, Flow, Frame, Ink, Role, Run, Style};
use crate::language::{Language, Phrase};
use crate::secret::SecretText;
use crate::time::Date;

pub use entry::{PageConsent, PageItem, PageRecipient, PageState, Wording};
pub use words::Candour;

/// A page for a person to keep, in words for somebody of ten to twelve years.
///
/// # Security
///
/// A page is carried home, where whoever did harm may find it. Unless it is asked to be
/// [`Candour::Full`] it tells nothing of what happened nor of the kind of help: in place of what
/// the caller calls things it uses neutral words, and leaves out names, organisation and contact
/// unless the caller gave words for a discreet page. Both kinds number the consents alike, so
/// that the short page can be read beside the full one that stays in the office.
///
/// The bytes are not encrypted, and nothing wipes them from memory.
///
/// ```
/// use amparo::{ConsentPage, PageConsent, PageRecipient, PageState, RecipientKind};
///
/// let page = ConsentPage::new("2026-03-14".parse()?).with(
///     PageConsent::new(PageState::InForce { until: "2027-03-13".parse()? })
///         .purpose("legal_proceedings")
///         .recipient(PageRecipient::of(RecipientKind::Prosecutor)),
/// );
/// assert!(page.to_pdf()?.starts_with(b"%PDF-1.7"));
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone)]
pub struct ConsentPage {
    /// The day that stands at its foot.
    pub printed_on: Date,
    /// The language.
    pub language: Language,
    /// How much it gives away.
    pub candour: Candour,
    /// Who gives it.
    pub organisation: Option<Wording>,
    /// What the person wants to be called on it: a code, a name; nothing stands there without.
    pub person: Option<SecretText>,
    /// Whom she can talk to, and how.
    pub contact: Option<Wording>,
    /// What was said, in the order of its numbers.
    pub consents: Vec<PageConsent>,
    /// How many people are blocked; a discreet page is silent about it, none names them.
    pub blocked: usize,
}

impl ConsentPage {
    /// A discreet page in Spanish on which nothing stands yet.
    #[must_use]
    pub const fn new(printed_on: Date) -> Self {
        Self {
            printed_on,
            language: Language::Spanish,
            candour: Candour::Discreet,
            organisation: None,
            person: None,
            contact: None,
            consents: Vec::new(),
            blocked: 0,
        }
    }

    /// Adds a consent or refusal.
    #[must_use]
    pub fn with(mut self, consent: PageConsent) -> Self {
        self.consents.push(consent);
        self
    }

    /// The page as a PDF: A4, tagged for screen readers, of equal bytes for an equal page. Of its
    /// making it says nothing but title and language.
    ///
    /// # Errors
    ///
    /// `UnknownCode` on a full page, if a purpose or category is not of the built-in policy and
    /// came without words; `Internal` if it cannot be written.
    pub fn to_pdf(&self) -> Result<Vec<u8>> {
        let mut flow = Flow::new()?;
        self.head(&mut flow);
        if self.consents.is_empty() {
            flow.gap(10.0);
            flow.paragraph(&[Run::bold(self.say(words::NOTHING))], BODY);
        }
        for section in Section::ALL {
            self.section(section, &mut flow)?;
        }
        self.remember(&mut flow);
        self.talk(&mut flow);
        flow.finish(&About {
            title: self.say(words::TITLE),
            language: self.language.tag(),
            footer: &|sheet, of| words::footer(self.language, self.printed_on, sheet, of),
        })
    }

    fn head(&self, flow: &mut Flow) {
        let organisation = self.wording(self.organisation.as_ref()).map(SecretText::expose);
        let person = self.person.as_ref().map(SecretText::expose);
        let both: Vec<&str> = [organisation, person].into_iter().flatten().collect();
        if !both.is_empty() {
            flow.paragraph(&[Run::plain(&both.join(" · "))], SMALL);
        }
        flow.heading(1, self.say(words::TITLE), Style::new(26.0));
        flow.gap(2.0);
        flow.paragraph(&[Run::plain(self.veiled(words::INTRO))], BODY);
        flow.gap(6.0);
        let frame = Frame { fill: Some(Ink::MIST), pad: 8.0, ..Frame::default() };
        flow.frame(frame, |flow| {
            flow.paragraph(&[Run::plain(self.veiled(words::KEEPING))], BODY);
        });
    }

    fn section(&self, section: Section, flow: &mut Flow) -> Result<()> {
        let mut entries = Vec::new();
        for (at, consent) in self.consents.iter().enumerate() {
            if Section::of(&consent.state) == section {
                entries.push((at + 1, consent.lines(self.language, self.candour)?));
            }
        }
        let Some((first, rest)) = entries.split_first() else {
            return Ok(());
        };
        flow.gap(11.0);
        // The heading stays with its first entry; the list starts with it.
        flow.keep(|flow| {
            let style = Style::new(15.0);
            flow.sign(section.sign(), style);
            flow.indent(22.0, |flow| flow.heading(2, self.say(section.title()), style));
            flow.group(Role::List, |flow| set(flow, section, first));
        });
        if !rest.is_empty() {
            flow.group(Role::List, |flow| {
                for entry in rest {
                    flow.keep(|flow| set(flow, section, entry));
                }
            });
        }
        Ok(())
    }

    fn remember(&self, flow: &mut Flow) {
        let blocked = self.candour == Candour::Full && self.blocked > 0;
        let blocked = blocked.then(|| self.say(words::BLOCKED));
        let item = |flow: &mut Flow, right| {
            flow.gap(1.5);
            flow.item(Run::plain("•"), BODY, 12.0, |flow| {
                flow.paragraph(&[Run::plain(right)], BODY);
            });
        };
        let [first, rest @ ..] = words::RIGHTS.map(|right| self.veiled(right));
        flow.gap(12.0);
        flow.keep(|flow| {
            flow.heading(2, self.say(words::REMEMBER), Style::new(15.0));
            flow.group(Role::List, |flow| item(flow, first));
        });
        flow.group(Role::List, |flow| {
            for right in rest.into_iter().chain(blocked) {
                flow.keep(|flow| item(flow, right));
            }
        });
    }

    fn talk(&self, flow: &mut Flow) {
        flow.gap(11.0);
        let contact = self.wording(self.contact.as_ref()).map(SecretText::expose);
        let frame = Frame { edge: Some(Ink::BLACK), pad: 7.0, ..Frame::default() };
        flow.keep(|flow| {
            flow.frame(frame, |flow| {
                flow.heading(2, self.say(words::TALK), LEAD);
                let whom = contact.unwrap_or_else(|| self.say(words::GIVER));
                flow.paragraph(&[Run::plain(whom)], LEAD);
            });
        });
    }

    const fn say(&self, phrase: Phrase) -> &'static str {
        self.language.of(phrase)
    }

    const fn veiled(&self, phrase: words::Veiled) -> &'static str {
        self.say(self.candour.of(phrase))
    }

    fn wording<'a>(&self, wording: Option<&'a Wording>) -> Option<&'a SecretText> {
        wording.and_then(|wording| wording.on(self.candour))
    }
}

impl fmt::Debug for ConsentPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsentPage(..)")
    }
}

/// Sets one entry: its number and what it is for, then its lines.
fn set(flow: &mut Flow, section: Section, (number, lines): &(usize, entry::Lines)) {
    flow.gap(5.0);
    let bar = if section == Section::Yes { Ink::BLACK } else { Ink::GREY };
    flow.frame(Frame { bar: Some(bar), pad: 4.0, ..Frame::default() }, |flow| {
        flow.item(Run::bold(&format!("{number}.")), LEAD, 22.0, |flow| {
            flow.paragraph(&[Run::bold(lines.title.expose())], LEAD);
            for (label, text) in &lines.labelled {
                flow.paragraph(&[Run::bold(label), Run::plain(text.expose())], BODY);
            }
        });
    });
}

/// The parts of the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Yes,
    No,
    Open,
    Ended,
}

impl Section {
    const ALL: [Self; 4] = [Self::Yes, Self::No, Self::Open, Self::Ended];

    const fn of(state: &PageState) -> Self {
        match state {
            PageState::InForce { .. } => Self::Yes,
            PageState::Refused => Self::No,
            PageState::Open => Self::Open,
            PageState::Ended { .. } => Self::Ended,
        }
    }

    const fn title(self) -> Phrase {
        match self {
            Self::Yes => words::YES,
            Self::No => words::NO,
            Self::Open => words::OPEN,
            Self::Ended => words::ENDED,
        }
    }

    /// Strokes within a square of side 1.
    const fn sign(self) -> &'static [(f32, f32)] {
        match self {
            Self::Yes => &[(0.1, 0.55), (0.4, 0.85), (0.95, 0.15)],
            Self::No => &[(0.15, 0.15), (0.85, 0.85), (0.5, 0.5), (0.85, 0.15), (0.15, 0.85)],
            Self::Open => &[(0.15, 0.15), (0.85, 0.15), (0.85, 0.85), (0.15, 0.85), (0.15, 0.15)],
            Self::Ended => &[(0.1, 0.5), (0.9, 0.5)],
        }
    }
}

const LEAD: Style = Style::new(12.0);
const BODY: Style = Style::new(11.0);
const SMALL: Style = Style::new(10.0).ink(Ink::GREY);
