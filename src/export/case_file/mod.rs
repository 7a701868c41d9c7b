//! A case file on paper: a cover, a section for each record, the legend, the log as an annex.

mod words;

use std::borrow::Cow;

use crate::error::Result;
use crate::export::front::Front;
use crate::export::log::LogLine;
use crate::export::pdf::{About, Flow, Frame, Ink, Role, Run, Style, Table};
use crate::export::plain::{plain, plain_line};
use crate::language::{Language, Phrase};
use crate::redact::{Mark, Outcome, Part, RedactedField, RedactedRecord, RedactedView, Shown};

/// A finished file, and the sheet of each line of the log.
pub(crate) struct CaseFile {
    pub(crate) pdf: Vec<u8>,
    pub(crate) sheets: Vec<usize>,
}

/// Sets the view as a PDF. Each sheet bears a number that no other export has.
pub(crate) fn case_file(view: &RedactedView, log: &[LogLine]) -> Result<CaseFile> {
    let file = Setter { view, front: Front::of(view), language: view.cover().language };
    let mut flow = Flow::new()?;
    file.cover(&mut flow);
    let sheets = file.records(&mut flow, log);
    file.legend(&mut flow);
    file.annex(&mut flow, log, &sheets);
    let title = format!("{} {}", file.front.title, view.cover().export);
    let pdf = flow.finish(&About {
        title: &title,
        language: file.language.tag(),
        footer: &|sheet, of| file.footer(sheet, of),
    })?;
    Ok(CaseFile { pdf, sheets })
}

struct Setter<'a> {
    view: &'a RedactedView,
    front: Front,
    language: Language,
}

impl Setter<'_> {
    fn cover(&self, flow: &mut Flow) {
        let cover = self.view.cover();
        flow.paragraph(&[Run::plain(&plain_line(&cover.organisation))], SMALL);
        flow.heading(1, self.front.title, Style::new(26.0));
        flow.gap(4.0);
        flow.paragraph(&[Run::plain(&plain_line(&cover.profile_words))], LEAD);
        flow.gap(18.0);
        let rows =
            self.front.rows.iter().map(|(label, text)| {
                vec![vec![vec![Run::bold(label)]], vec![vec![Run::plain(text)]]]
            });
        Table { shares: &[0.3, 0.7], head: &[], style: BODY }.set(flow, rows, |_| ());
        flow.gap(16.0);
        let frame = Frame { fill: Some(Ink::MIST), pad: 10.0, ..Frame::default() };
        flow.frame(frame, |flow| {
            flow.paragraph(&[Run::plain(self.say(words::NOTICE))], BODY);
        });
        flow.gap(16.0);
        flow.heading(2, self.say(words::CONDITIONS), HEAD);
        flow.group(Role::List, |flow| {
            for duty in &self.front.duties {
                flow.item(Run::plain("•"), BODY, 12.0, |flow| {
                    flow.paragraph(&[Run::plain(duty)], BODY);
                });
            }
        });
        self.contents(flow);
    }

    fn contents(&self, flow: &mut Flow) {
        flow.gap(16.0);
        flow.heading(2, self.say(words::CONTENTS), HEAD);
        flow.paragraph(&[Run::plain(&self.front.counts)], BODY);
        flow.gap(4.0);
        let mut types: Vec<(&str, Vec<&str>)> = Vec::new();
        for record in self.view.records() {
            match types.iter_mut().find(|(label, _)| *label == record.label()) {
                Some((_, codes)) => codes.push(record.code()),
                None => types.push((record.label(), vec![record.code()])),
            }
        }
        let lines: Vec<(Cow<'_, str>, String)> =
            types.into_iter().map(|(label, codes)| (plain_line(label), codes.join(", "))).collect();
        let rows = lines.iter().map(|(label, codes)| {
            vec![vec![vec![Run::bold(label)]], vec![vec![Run::plain(codes)]]]
        });
        Table { shares: &[0.4, 0.6], head: &[], style: DENSE }.set(flow, rows, |_| ());
    }

    /// Sets the records; gives the sheet of each line of the log.
    fn records(&self, flow: &mut Flow, log: &[LogLine]) -> Vec<usize> {
        flow.next_sheet();
        flow.heading(1, self.say(words::RECORDS), Style::new(20.0));
        let mut log = log.iter().map(|line| line.at).peekable();
        let mut sheets = Vec::new();
        for (nth, record) in self.view.records().iter().enumerate() {
            let mut field = 0;
            self.record(flow, record, |sheet| {
                if log.next_if_eq(&(nth, field)).is_some() {
                    sheets.push(sheet);
                }
                field += 1;
            });
        }
        sheets
    }

    fn record(&self, flow: &mut Flow, record: &RedactedRecord, placed: impl FnMut(usize)) {
        flow.gap(14.0);
        // The heading stays with its first rows.
        flow.make_room(90.0);
        let label = plain_line(record.label());
        flow.heading(2, &format!("{} · {label}", record.code()), HEAD);
        if let Some(parent) = record.parent() {
            flow.paragraph(&[Run::faint(self.say(words::UNDER)), Run::faint(parent)], SMALL);
        }
        flow.gap(3.0);
        if record.fields().is_empty() {
            flow.paragraph(&[Run::faint(self.say(words::EMPTY))], BODY);
            return;
        }
        let values: Vec<Vec<Vec<Piece>>> =
            record.fields().iter().map(|field| self.value(field)).collect();
        let labels: Vec<Cow<'_, str>> =
            record.fields().iter().map(|field| plain_line(field.label())).collect();
        let rows = labels.iter().zip(&values).map(|(label, value)| {
            let value = value.iter().map(|line| line.iter().map(Piece::run).collect());
            vec![vec![vec![Run::bold(label)]], value.collect()]
        });
        Table { shares: &[0.32, 0.68], head: &[], style: BODY }.set(flow, rows, placed);
    }

    /// What stands in the value's place: paragraphs of pieces.
    fn value(&self, field: &RedactedField) -> Vec<Vec<Piece>> {
        match field.outcome() {
            Outcome::Kept(shown) => self.shown(shown),
            Outcome::Changed(shown, mark) => {
                let mut lines = self.shown(shown);
                if let Some(last) = lines.last_mut() {
                    last.push(Piece::Faint(format!("({})", mark.code())));
                }
                lines
            }
            Outcome::Withheld(mark) => vec![vec![self.shut(*mark)]],
        }
    }

    fn shown(&self, shown: &Shown) -> Vec<Vec<Piece>> {
        let mut lines = vec![Vec::new()];
        for part in shown.parts() {
            match part {
                Part::Text(text) => {
                    for (nth, words) in plain(text.expose()).split('\n').enumerate() {
                        if nth > 0 {
                            lines.push(Vec::new());
                        }
                        push(&mut lines, Piece::Plain(words.to_owned()));
                    }
                }
                Part::Label(label) => {
                    push(&mut lines, Piece::Bold(plain_line(label).replace(' ', "\u{a0}")));
                }
                Part::Gap(mark) => push(&mut lines, self.shut(*mark)),
            }
        }
        lines
    }

    fn shut(&self, mark: Mark) -> Piece {
        Piece::Shut(mark.label(self.language))
    }

    fn legend(&self, flow: &mut Flow) {
        if self.front.legend.is_empty() {
            return;
        }
        flow.gap(24.0);
        flow.make_room(120.0);
        flow.heading(1, self.say(words::LEGEND), Style::new(16.0));
        flow.gap(3.0);
        let rows = self.front.legend.iter().map(|entry| {
            let words = entry.mark.words(self.language);
            vec![vec![vec![Run::bold(entry.mark.code())]], vec![vec![Run::plain(words)]]]
        });
        let head = [self.say(words::CODE), self.say(words::MEANING)];
        Table { shares: &[0.14, 0.86], head: &head, style: BODY }.set(flow, rows, |_| ());
    }

    fn annex(&self, flow: &mut Flow, log: &[LogLine], sheets: &[usize]) {
        flow.next_sheet();
        flow.heading(1, self.say(words::LOG), Style::new(16.0));
        flow.gap(3.0);
        if log.is_empty() {
            flow.paragraph(&[Run::plain(self.say(words::NOTHING_WITHHELD))], BODY);
            return;
        }
        let numbers: Vec<String> = sheets.iter().map(usize::to_string).collect();
        let rows = log.iter().zip(&numbers).map(|(line, sheet)| {
            let texts = [sheet, &line.record, &line.label, line.mark.code(), &line.rule];
            texts.into_iter().map(|text: &str| vec![vec![Run::plain(text)]]).collect()
        });
        let head = [words::SHEET, words::RECORD, words::FIELD, words::CODE, words::RULE];
        let head = head.map(|phrase| self.say(phrase));
        Table { shares: &[0.08, 0.11, 0.44, 0.1, 0.27], head: &head, style: DENSE }.set(
            flow,
            rows,
            |_| (),
        );
    }

    fn footer(&self, sheet: usize, of: usize) -> String {
        let export = &self.view.cover().export;
        let (word, out_of) = (self.say(words::SHEET), self.say(words::OF));
        format!("{export}-{sheet:04} · {word} {sheet} {out_of} {of}")
    }

    const fn say(&self, phrase: Phrase) -> &'static str {
        self.language.of(phrase)
    }
}

/// A stretch of a value.
enum Piece {
    Plain(String),
    Bold(String),
    Faint(String),
    Shut(String),
}

impl Piece {
    fn run(&self) -> Run<'_> {
        match self {
            Self::Plain(text) => Run::plain(text),
            Self::Bold(text) => Run::bold(text),
            Self::Faint(text) => Run::faint(text),
            Self::Shut(text) => Run::boxed(text),
        }
    }
}

fn push(lines: &mut [Vec<Piece>], piece: Piece) {
    if let Some(last) = lines.last_mut() {
        last.push(piece);
    }
}

const LEAD: Style = Style::new(14.0);
const HEAD: Style = Style::new(13.0);
const BODY: Style = Style::new(10.5);
const DENSE: Style = Style::new(9.0);
const SMALL: Style = Style::new(9.5).ink(Ink::GREY);
