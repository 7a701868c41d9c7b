//! A page of headings, facts and lists: for what has no layout of its own.

use crate::error::Result;
use crate::export::pdf::{About, Flow, Frame, Ink, Role, Run, Style};
use crate::language::Language;

/// What stands on it.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) footer: String,
    pub(crate) parts: Vec<Part>,
}

/// A part, from top to bottom.
pub(crate) enum Part {
    Heading(String),
    /// Each with its label.
    Facts(Vec<(String, String)>),
    List(Vec<String>),
}

impl Page {
    /// A4, tagged for screen readers.
    ///
    /// # Errors
    ///
    /// `Internal` if it cannot be written.
    pub(crate) fn to_pdf(&self, language: Language) -> Result<Vec<u8>> {
        let mut flow = Flow::new()?;
        flow.next_sheet();
        flow.heading(1, &self.title, Style::new(20.0));
        for part in &self.parts {
            flow.gap(4.0);
            match part {
                Part::Heading(text) => flow.heading(2, text, LEAD),
                Part::Facts(facts) => {
                    let frame = Frame { fill: Some(Ink::MIST), pad: 5.0, ..Frame::default() };
                    flow.frame(frame, |flow| {
                        for (label, value) in facts {
                            let label = format!("{label}: ");
                            flow.paragraph(&[Run::plain(&label), Run::bold(value)], BODY);
                        }
                    });
                }
                Part::List(items) => flow.group(Role::List, |flow| {
                    for item in items {
                        flow.item(Run::plain("\u{2022}"), BODY, 11.0, |flow| {
                            flow.paragraph(&[Run::plain(item)], BODY);
                        });
                    }
                }),
            }
        }
        flow.finish(&About {
            title: &self.title,
            language: language.tag(),
            footer: &|sheet, sheets| format!("{} \u{b7} {sheet}/{sheets}", self.footer),
        })
    }
}

const LEAD: Style = Style::new(12.5);
const BODY: Style = Style::new(9.5);
