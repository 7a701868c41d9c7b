//! What stands before the fields: how many leave, why others do not, what is to be done; and the
//! filter.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::Missing;
use crate::export::html::{heads, value};
use crate::export::markup::Markup;
use crate::language::Phrase;
use crate::redact::RedactedField;

use super::Preview;
use super::consent_words::{Moment, obligation};
use super::state::State;
use super::why::Cause;
use super::words;

impl Preview<'_> {
    pub(super) fn summary(&self, page: &mut Markup) {
        page.element("h2", self.say(words::SUMMARY));
        page.line();
        page.tag("ul", &[("class", "figures")], |page| {
            for state in State::ALL {
                page.line();
                page.tag("li", &[("class", state.class())], |page| {
                    page.classed("span", "figure", &self.count(state).to_string());
                    page.text(" ");
                    page.text(state.words(self.language));
                });
            }
        });
        self.causes(page, State::Withheld, words::WITHHELD_WHY);
        self.causes(page, State::Changed, words::CHANGED_WHY);
    }

    /// One line for each cause, the most frequent first.
    fn causes(&self, page: &mut Markup, state: State, title: Phrase) {
        let mut causes: BTreeMap<Cause, (usize, BTreeSet<Missing>)> = BTreeMap::new();
        for field in self.all().filter(|field| State::of(field) == state) {
            if let Some(cause) = Cause::of(field) {
                let (count, missing) = causes.entry(cause).or_default();
                *count += 1;
                missing.extend(field.missing());
            }
        }
        if causes.is_empty() {
            return;
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        page.line();
        page.element("h3", self.say(title));
        page.tag("table", &[("class", "causes")], |page| {
            page.tag("thead", &[], |page| {
                let columns = [words::MARK, words::WHY, words::HELP, words::COUNT];
                heads(page, &columns.map(|column| self.say(column)));
            });
            page.tag("tbody", &[], |page| {
                for (cause, (count, missing)) in &causes {
                    page.line();
                    page.tag("tr", &[], |page| self.cause(page, *cause, *count, missing));
                }
            });
        });
    }

    fn cause(&self, page: &mut Markup, cause: Cause, count: usize, missing: &BTreeSet<Missing>) {
        let language = self.language;
        page.tag("td", &[], |page| match cause.mark().is_change() {
            true => value::sign(page, cause.mark(), language),
            false => value::black_box(page, cause.mark(), language),
        });
        page.tag("th", &[("scope", "row")], |page| page.text(&cause.words(language).join(" ")));
        let help = cause.help(missing, language);
        page.tag("td", &[], |page| match (&*help, cause.mark().is_change()) {
            ([], true) => {}
            ([], false) => page.text(self.say(words::NO_HELP)),
            (help, _) => page.text(&help.join(" ")),
        });
        page.classed("td", "count", &count.to_string());
    }

    pub(super) fn duties(&self, page: &mut Markup) {
        page.element("h2", self.say(words::TO_DO));
        let obligations = &self.view.cover().obligations;
        if obligations.is_empty() {
            page.element("p", self.say(words::NOTHING_TO_DO));
        }
        for moment in Moment::ALL {
            let duties: Vec<&str> = obligations
                .iter()
                .map(|one| obligation(*one))
                .filter(|(when, _)| *when == moment)
                .map(|(_, phrase)| self.say(phrase))
                .collect();
            if duties.is_empty() {
                continue;
            }
            page.line();
            page.element("h3", self.say(moment.words()));
            page.tag("ul", &[("class", "tasks")], |page| {
                for duty in duties {
                    page.element("li", duty);
                }
            });
        }
    }

    /// The buttons, side by side with what they filter: the style sheet sees only siblings.
    pub(super) fn filter(&self, page: &mut Markup) {
        page.tag("p", &[("class", "filter"), ("id", "filter")], |page| {
            page.text(self.say(words::SHOW));
        });
        let all = (words::ALL, self.all().count());
        self.button(page, "show-all", &format!("{} ({})", self.say(all.0), all.1));
        for state in State::ALL {
            let words = format!("{} ({})", state.words(self.language), self.count(state));
            self.button(page, button(state), &words);
        }
    }

    fn button(&self, page: &mut Markup, id: &'static str, words: &str) {
        let mut attributes = vec![
            ("type", "radio"),
            ("name", "show"),
            ("id", id),
            ("aria-describedby", "filter"),
            ("class", "choice"),
        ];
        if id == "show-all" {
            attributes.push(("checked", "checked"));
        }
        page.void("input", &attributes);
        page.tag("label", &[("for", id)], |page| page.text(words));
    }

    fn count(&self, state: State) -> usize {
        self.all().filter(|field| State::of(field) == state).count()
    }

    fn all(&self) -> impl Iterator<Item = &RedactedField> {
        self.view.records().iter().flat_map(|record| record.fields())
    }
}

const fn button(state: State) -> &'static str {
    match state {
        State::Leaves => "show-leaves",
        State::Changed => "show-changed",
        State::Withheld => "show-withheld",
    }
}
