//! The file that its recipient reads: one page of HTML that needs nothing but a browser.

#[cfg(test)]
mod tests;
pub(crate) mod value;
mod words;

use std::collections::BTreeMap;

use crate::error::Result;
use crate::export::front::{Front, LegendEntry};
use crate::export::markup::Markup;
use crate::export::plain::plain_line;
use crate::language::{Language, Phrase};
use crate::redact::{Mark, RedactedRecord, RedactedView};

/// Sets a view as one self-contained page.
///
/// # Errors
///
/// None today; other renderers of a view can fail.
pub(crate) fn html(view: &RedactedView) -> Result<Vec<u8>> {
    let file = File { front: Front::of(view), language: view.cover().language, view };
    // The title stands in the list of windows and in the history of the browser: it names nobody.
    let title = format!("{} {}", file.front.title, plain_line(&view.cover().export));
    Ok(Markup::document(file.language, &title, &[BASE, STYLE], |page| file.write(page)))
}

struct File<'a> {
    front: Front,
    language: Language,
    view: &'a RedactedView,
}

impl File<'_> {
    fn write(&self, page: &mut Markup) {
        page.line();
        page.tag("header", &[], |page| {
            page.element("h1", self.front.title);
            cover(page, &self.front);
            self.duties(page);
        });
        page.line();
        page.tag("section", &[], |page| self.reading(page));
        page.line();
        if self.view.records().is_empty() {
            page.element("p", self.say(words::NO_RECORDS));
        } else {
            let named = [("class", "contents"), ("aria-labelledby", "contents")];
            page.tag("nav", &named, |page| self.contents(page));
        }
        page.line();
        page.tag("main", &[], |page| {
            let records = self.view.records();
            let places: BTreeMap<&str, usize> =
                records.iter().enumerate().map(|(at, record)| (record.code(), at)).collect();
            for (at, record) in records.iter().enumerate() {
                page.line();
                let parent = record.parent().and_then(|code| places.get(code));
                let parent = parent.and_then(|at| Some((*at, records.get(*at)?)));
                let named = [("class", "record"), ("aria-labelledby", &*anchor(at))];
                page.tag("section", &named, |page| self.record(page, at, record, parent));
            }
        });
        page.line();
        let export = plain_line(&self.view.cover().export);
        let end = words::end(self.language, &export, self.view.records().len());
        page.element("footer", &end);
    }

    fn duties(&self, page: &mut Markup) {
        page.line();
        page.tag("section", &[("class", "duties")], |page| {
            page.element("h2", self.say(words::DUTIES));
            page.tag("ul", &[], |page| {
                for duty in &self.front.duties {
                    page.element("li", duty);
                }
            });
        });
    }

    fn reading(&self, page: &mut Markup) {
        page.element("h2", self.say(words::READING));
        page.line();
        page.classed("p", "counts", &self.front.counts);
        let legend = &self.front.legend;
        if legend.is_empty() {
            page.element("p", self.say(words::NO_MARKS));
            return;
        }
        if legend.iter().any(|entry| is_boxed(entry.mark)) {
            page.element("p", self.say(words::BOXES));
        }
        if legend.iter().any(|entry| entry.mark == Mark::Coded) {
            page.element("p", self.say(words::LABELS));
        }
        page.line();
        page.tag("table", &[("class", "legend")], |page| {
            page.tag("thead", &[], |page| {
                let columns = [words::MARK, words::MEANING, words::FIELDS];
                heads(page, &columns.map(|column| self.say(column)));
            });
            page.tag("tbody", &[], |page| {
                for entry in legend {
                    self.legend_row(page, entry);
                }
            });
        });
    }

    fn legend_row(&self, page: &mut Markup, entry: &LegendEntry) {
        let language = self.language;
        page.line();
        page.tag("tr", &[], |page| {
            page.tag("th", &[("scope", "row")], |page| match is_boxed(entry.mark) {
                // In the legend the meaning stands beside it.
                true => page.classed("span", "box", &entry.mark.label(language)),
                false => page.classed("span", "mark", entry.mark.code()),
            });
            page.element("td", entry.mark.words(language));
            match entry.fields {
                0 => page.classed("td", "count", self.say(words::INSIDE)),
                count => page.classed("td", "count", &count.to_string()),
            }
        });
    }

    fn contents(&self, page: &mut Markup) {
        page.tag("h2", &[("id", "contents")], |page| page.text(self.say(words::CONTENTS)));
        page.tag("ol", &[], |page| {
            for (at, record) in self.view.records().iter().enumerate() {
                page.line();
                page.tag("li", &[], |page| link(page, at, record));
            }
        });
    }

    fn record(
        &self,
        page: &mut Markup,
        at: usize,
        record: &RedactedRecord,
        parent: Option<(usize, &RedactedRecord)>,
    ) {
        page.tag("h2", &[("id", &*anchor(at))], |page| name(page, record));
        if let Some((at, parent)) = parent {
            page.tag("p", &[("class", "parent")], |page| {
                page.text(self.say(words::UNDER));
                page.text(" ");
                link(page, at, parent);
            });
        }
        if record.fields().is_empty() {
            page.element("p", self.say(words::NO_FIELDS));
            return;
        }
        page.line();
        page.tag("table", &[("class", "fields")], |page| {
            page.tag("thead", &[("class", "unseen")], |page| {
                heads(page, &[self.say(words::FIELD), self.say(words::CONTENT)]);
            });
            page.tag("tbody", &[], |page| {
                for field in record.fields() {
                    page.line();
                    page.tag("tr", &[], |page| {
                        page.tag("th", &[("scope", "row")], |page| page.foreign(field.label()));
                        page.tag("td", &[("class", "value")], |page| {
                            value::outcome(page, field.outcome(), self.language);
                        });
                    });
                }
            });
        });
    }

    const fn say(&self, phrase: Phrase) -> &'static str {
        self.language.of(phrase)
    }
}

/// What the export says of itself.
pub(crate) fn cover(page: &mut Markup, front: &Front) {
    page.line();
    page.tag("dl", &[("class", "cover")], |page| {
        for (name, text) in &front.rows {
            page.line();
            page.element("dt", name);
            page.tag("dd", &[], |page| page.foreign(text));
        }
    });
}

/// The code of a record and what it is.
pub(crate) fn name(page: &mut Markup, record: &RedactedRecord) {
    page.tag("span", &[("class", "code")], |page| page.foreign(record.code()));
    page.text(" ");
    page.foreign(record.label());
}

/// The heads of columns.
pub(crate) fn heads(page: &mut Markup, columns: &[&str]) {
    page.tag("tr", &[], |page| {
        for column in columns {
            page.tag("th", &[("scope", "col")], |page| page.text(column));
        }
    });
}

fn link(page: &mut Markup, at: usize, record: &RedactedRecord) {
    page.tag("a", &[("href", &*format!("#{}", anchor(at)))], |page| name(page, record));
}

/// By its place, so that no code can break a reference.
fn anchor(at: usize) -> String {
    format!("r{}", at + 1)
}

/// Whether a mark stands in a box; else it stands beside what was changed.
const fn is_boxed(mark: Mark) -> bool {
    !mark.is_change() || matches!(mark, Mark::Hidden)
}

/// Letters, tables, boxes, labels: what the pages for both readers share.
pub(crate) const BASE: &str = include_str!("base.css");
const STYLE: &str = include_str!("style.css");
