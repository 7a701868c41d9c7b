//! The redaction log: every field that was withheld or changed, and what decided it.

use crate::error::Result;
use crate::export::csv::plain_rows;
use crate::export::plain::plain_line;
use crate::language::{Language, Phrase};
use crate::redact::{Cover, Mark, RedactedView};

/// One line of the log.
pub(crate) struct LogLine {
    pub(crate) record: String,
    pub(crate) label: String,
    pub(crate) mark: Mark,
    pub(crate) rule: String,
    /// The index of the record and of the field in the view.
    pub(crate) at: (usize, usize),
}

/// Every field that does not stand as it was, in the order of the view.
pub(crate) fn log(view: &RedactedView) -> Vec<LogLine> {
    let mut lines = Vec::new();
    for (nth, record) in view.records().iter().enumerate() {
        for (field_nth, field) in record.fields().iter().enumerate() {
            if let Some(mark) = field.mark() {
                lines.push(LogLine {
                    record: record.code().to_owned(),
                    label: plain_line(&format!("{}: {}", record.label(), field.label()))
                        .into_owned(),
                    mark,
                    rule: rule(view.cover(), mark, field.sensitivity()),
                    at: (nth, field_nth),
                });
            }
        }
    }
    lines
}

/// What decided. Which consent it was, and why it did not do, is not the recipient's to know.
fn rule(cover: &Cover, mark: Mark, sensitivity: &str) -> String {
    let say = |phrase: Phrase| cover.language.of(phrase);
    let policy = say(Phrase("política", "policy"));
    let version = cover.policy_version;
    match mark {
        Mark::Consent => {
            format!("{}; {policy} {version}", say(Phrase("consentimiento", "consent")))
        }
        Mark::Profile | Mark::Coarser | Mark::Coded | Mark::SmallGroup => {
            format!("{} {}; {sensitivity}", say(Phrase("perfil", "profile")), cover.profile)
        }
        Mark::Narrowed => say(Phrase("pedido", "request")).to_owned(),
        Mark::Unread | Mark::Hidden => say(Phrase("lectura", "review")).to_owned(),
        Mark::File => say(Phrase("adjunto", "attachment")).to_owned(),
        Mark::TwoPeople => {
            format!("{}; {policy} {version}", say(Phrase("dos personas", "two people")))
        }
    }
}

/// The log as CSV; `pages` has the sheet of each line, where there are sheets.
pub(crate) fn csv(lines: &[LogLine], pages: &[usize], language: Language) -> Result<Vec<u8>> {
    let head = [
        Phrase("hoja", "sheet"),
        Phrase("registro", "record"),
        Phrase("campo", "field"),
        Phrase("código", "code"),
        Phrase("significado", "meaning"),
        Phrase("regla", "rule"),
    ];
    let rows = lines.iter().enumerate().map(|(nth, line)| {
        let page = pages.get(nth).map(usize::to_string).unwrap_or_default();
        let (code, meaning) = (line.mark.code().to_owned(), line.mark.words(language).to_owned());
        [page, line.record.clone(), line.label.clone(), code, meaning, line.rule.clone()]
    });
    plain_rows(head.map(|phrase| language.of(phrase)), rows)
}
