//! The page that a custodian keeps: a share in letters and as a code, and what to do with it.

#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use crate::error::{Error, ErrorKind, Result};
use crate::escrow::share::Share;
use crate::export::pdf::{About, Flow, Frame, Grid, Ink, Role, Run, Style};
use crate::language::{Language, Phrase};
use crate::secret::SecretText;
use crate::time::Date;

/// Shares on paper, a sheet for each custodian.
///
/// # Security
///
/// Whoever has a quorum of these sheets and a copy of the vault's folder can read everything. The
/// bytes are not encrypted, and nothing wipes them from memory; a printer may keep what it
/// printed.
#[derive(Clone)]
pub struct SharePages {
    /// The day that stands on it.
    pub printed_on: Date,
    /// The language.
    pub language: Language,
    shares: Vec<(Option<SecretText>, Share)>,
}

impl SharePages {
    /// No sheet yet; in Spanish.
    #[must_use]
    pub const fn new(printed_on: Date) -> Self {
        Self { printed_on, language: Language::Spanish, shares: Vec::new() }
    }

    /// Adds the sheet of a share, with the custodian's name if it is to stand there.
    #[must_use]
    pub fn with(mut self, share: Share, custodian: Option<SecretText>) -> Self {
        self.shares.push((custodian, share));
        self
    }

    /// The sheets as a PDF: A4, tagged for screen readers.
    ///
    /// # Errors
    ///
    /// `TooLong` if a name leaves no room on its sheet; `Internal` if it cannot be written.
    pub fn to_pdf(&self) -> Result<Vec<u8>> {
        let mut flow = Flow::new()?;
        for (number, (custodian, share)) in (1..).zip(&self.shares) {
            flow.next_sheet();
            self.sheet(&mut flow, custodian.as_ref(), share)?;
            // What lies on a second sheet is easily left in the printer.
            if flow.sheet_number() != number {
                return Err(Error::new(ErrorKind::TooLong, "a share does not fit on its sheet"));
            }
        }
        flow.finish(&About {
            title: self.say(words::TITLE),
            language: self.language.tag(),
            footer: &|_, _| self.say(words::FOOTER).to_owned(),
        })
    }

    fn sheet(&self, flow: &mut Flow, custodian: Option<&SecretText>, share: &Share) -> Result<()> {
        let language = self.language;
        flow.heading(1, &words::heading(language, share), Style::new(24.0));
        if let Some(name) = custodian {
            flow.paragraph(&[Run::bold(name.expose())], LEAD);
        }
        flow.gap(3.0);
        flow.paragraph(&[Run::plain(&words::what(language, share))], BODY);
        flow.gap(5.0);
        self.facts(flow, share);
        flow.gap(8.0);
        let text = share.to_text();
        flow.heading(2, self.say(words::LETTERS), LEAD);
        flow.paragraph(&[Run::plain(self.say(words::TYPING))], SMALL);
        flow.gap(3.0);
        GRID.set(flow, text.expose());
        flow.gap(9.0);
        // In one line, without gaps: what a camera hands on.
        let one_line = text.expose().trim_end().replace('\n', "-").replace(' ', "");
        let one_line = SecretText::from(one_line);
        flow.beside_code(one_line.expose(), CODE, |flow| self.rules(flow))?;
        flow.gap(7.0);
        self.call(flow);
        Ok(())
    }

    fn facts(&self, flow: &mut Flow, share: &Share) {
        let (fingerprint, epoch) = (share.fingerprint().to_string(), share.epoch().to_string());
        let (needed, day) =
            (words::needed(self.language, share), self.language.day(self.printed_on));
        let facts = [
            (words::FINGERPRINT, &fingerprint),
            (words::NEEDED, &needed),
            (words::EPOCH, &epoch),
            (words::DAY, &day),
        ];
        let [first, rest @ ..] =
            facts.map(|(label, value)| [Run::plain(self.say(label)), Run::bold(value.as_str())]);
        let frame = Frame { fill: Some(Ink::MIST), pad: 5.0, ..Frame::default() };
        flow.frame(frame, |flow| {
            flow.paragraph(&first, BODY);
            flow.paragraph(rest.as_flattened(), BODY);
        });
    }

    fn rules(&self, flow: &mut Flow) {
        flow.heading(2, self.say(words::RULES), LEAD);
        flow.group(Role::List, |flow| {
            for rule in words::ALL_RULES {
                flow.gap(1.5);
                flow.item(Run::plain("\u{2022}"), BODY, 11.0, |flow| {
                    flow.paragraph(&[Run::plain(self.say(rule))], BODY);
                });
            }
        });
    }

    fn call(&self, flow: &mut Flow) {
        let frame = Frame { edge: Some(Ink::BLACK), pad: 6.0, ..Frame::default() };
        flow.frame(frame, |flow| {
            flow.heading(2, self.say(words::CALL), LEAD);
            for line in [words::CALL_FIRST, words::CALL_SECOND] {
                flow.gap(5.0);
                flow.blank(self.say(line), BODY);
            }
        });
    }

    const fn say(&self, phrase: Phrase) -> &'static str {
        self.language.of(phrase)
    }
}

impl fmt::Debug for SharePages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharePages(..)")
    }
}

const LEAD: Style = Style::new(12.5);
const BODY: Style = Style::new(10.0);
const SMALL: Style = Style::new(9.0).ink(Ink::GREY);
const GRID: Grid = Grid { size: 15.5, leading: 20.5, pitch: 14.5, gap: 19.0 };
/// Side of the code, quiet zone included: 5.3 cm.
const CODE: f32 = 150.0;
