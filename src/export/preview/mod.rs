//! The preview for whoever prepares an export: what would leave, what would not, and why.
//!
//! It tells more than a recipient may know, and stays in the house. The filter is made of radio
//! buttons that stand before the records they filter, so that it works without a script and in
//! browsers of ten years ago.

mod consent_words;
mod state;
mod summary;
#[cfg(test)]
mod tests;
mod why;
mod words;

use std::collections::BTreeSet;

use crate::consent::Reason;
use crate::error::Result;
use crate::export::front::Front;
use crate::export::html::{BASE, cover, heads, name, value};
use crate::export::markup::Markup;
use crate::language::{Language, Phrase};
use crate::redact::{RedactedField, RedactedRecord, RedactedView};

use state::State;
use why::Cause;

/// Sets a view as the page that is read before an export is made.
///
/// # Errors
///
/// None today; other renderers of a view can fail.
pub(crate) fn preview(view: &RedactedView) -> Result<Vec<u8>> {
    let page = Preview { language: view.cover().language, view };
    let title = page.language.of(words::TITLE);
    Ok(Markup::document(page.language, title, &[BASE, STYLE], |markup| page.write(markup)))
}

struct Preview<'a> {
    language: Language,
    view: &'a RedactedView,
}

impl Preview<'_> {
    fn write(&self, page: &mut Markup) {
        let language = self.language;
        page.line();
        page.tag("a", &[("class", "skip"), ("href", "#fields")], |page| {
            page.text(self.say(words::SKIP));
        });
        page.line();
        page.tag("header", &[], |page| {
            page.tag("div", &[("class", "banner")], |page| {
                page.element("strong", self.say(words::BANNER));
                page.element("p", self.say(words::BANNER_WHY));
            });
            page.line();
            page.element("h1", self.say(words::TITLE));
            page.element("p", &words::decided(language, &language.day(self.view.cover().made_on)));
            cover(page, &Front::of(self.view));
        });
        page.line();
        page.tag("main", &[], |page| {
            page.tag("section", &[("class", "summary")], |page| self.summary(page));
            page.line();
            page.tag("section", &[("class", "duties")], |page| self.duties(page));
            page.line();
            let named = [("class", "all"), ("id", "fields"), ("tabindex", "-1")];
            page.tag("section", &named, |page| self.fields(page));
        });
        page.line();
    }

    fn fields(&self, page: &mut Markup) {
        page.element("h2", self.say(words::FIELDS));
        if self.view.records().is_empty() {
            page.element("p", self.say(words::NO_RECORDS));
            return;
        }
        self.filter(page);
        for state in State::ALL {
            page.line();
            page.tag("p", &[("class", "note"), ("id", note(state))], |page| {
                page.text(state.note(self.language));
            });
        }
        page.line();
        page.tag("div", &[("class", "records")], |page| {
            for (at, record) in self.view.records().iter().enumerate() {
                page.line();
                let states: BTreeSet<State> = record.fields().iter().map(State::of).collect();
                let classes: Vec<&str> = states.into_iter().map(State::class).collect();
                let class = format!("record {}", classes.join(" "));
                let id = format!("r{}", at + 1);
                let named = [("class", &*class), ("aria-labelledby", &*id)];
                page.tag("section", &named, |page| self.record(page, &id, record));
            }
        });
    }

    fn record(&self, page: &mut Markup, id: &str, record: &RedactedRecord) {
        page.tag("h3", &[("id", id)], |page| name(page, record));
        page.line();
        page.tag("table", &[("class", "fields")], |page| {
            page.tag("thead", &[], |page| {
                let columns = [words::FIELD, words::SEEN, words::STATE];
                heads(page, &columns.map(|column| self.say(column)));
            });
            page.tag("tbody", &[], |page| {
                for field in record.fields() {
                    page.line();
                    let class = State::of(field).class();
                    page.tag("tr", &[("class", class)], |page| self.field(page, field));
                }
            });
        });
    }

    fn field(&self, page: &mut Markup, field: &RedactedField) {
        let (language, state) = (self.language, State::of(field));
        page.tag("th", &[("scope", "row")], |page| {
            page.foreign(field.label());
            page.tag("span", &[("class", "sensitivity")], |page| {
                page.element("b", self.say(words::SENSITIVITY));
                page.text(" ");
                match words::sensitivity(field.sensitivity()) {
                    Some(words) => page.text(self.say(words)),
                    None => page.foreign(field.sensitivity()),
                }
            });
        });
        let seen = [("class", "value"), ("data-label", self.say(words::SEEN))];
        page.tag("td", &seen, |page| value::outcome(page, field.outcome(), language));
        page.tag("td", &[("class", "why")], |page| {
            page.classed("span", "state", state.word(language));
            let cause = Cause::of(field);
            for words in cause.into_iter().flat_map(|cause| cause.words(language)) {
                page.element("p", words);
            }
            if state != State::Withheld {
                self.permit(page, field.reason(), state);
            }
            if let Some(cause) = cause {
                self.help(page, &cause.help(field.missing(), language), state);
            }
        });
    }

    /// What lets it leave; a change is told without it, unless she did not agree.
    fn permit(&self, page: &mut Markup, reason: Reason, state: State) {
        let words = why::permit(reason, self.language);
        match (reason, state) {
            (Reason::OverrideInForce, _) => {
                page.tag("p", &[], |page| page.element("strong", words));
            }
            (_, State::Changed) => {}
            _ => page.element("p", words),
        }
    }

    fn help(&self, page: &mut Markup, help: &[&str], state: State) {
        if help.is_empty() && state == State::Changed {
            return;
        }
        page.tag("p", &[("class", "help")], |page| {
            page.element("b", &format!("{}:", self.say(words::HELP)));
            page.text(" ");
            match help {
                [] => page.text(self.say(words::NO_HELP)),
                help => page.text(&help.join(" ")),
            }
        });
    }

    const fn say(&self, phrase: Phrase) -> &'static str {
        self.language.of(phrase)
    }
}

/// The id of what the page says while it is filtered.
const fn note(state: State) -> &'static str {
    match state {
        State::Leaves => "note-leaves",
        State::Changed => "note-changed",
        State::Withheld => "note-withheld",
    }
}

const STYLE: &str = include_str!("style.css");
