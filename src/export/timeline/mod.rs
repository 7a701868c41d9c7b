//! Two pages made from the log of one case: for the house what was done, in order; for the person
//! herself who has seen her file, and to whom it was given.

#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{AuditAct, AuditEvent, AuditGiven, AuditHandOver, AuditRecord, AuditTouch};
use crate::consent::Policy;
use crate::export::html::{BASE, heads};
use crate::export::markup::Markup;
use crate::language::{Language, Phrase};
use crate::schema::Schema;
use crate::schema::own::FILE;
use crate::time::{Date, Timestamp};

/// The log of one case, with what gives its codes their words.
pub(crate) struct Timeline {
    pub(crate) schema: Schema,
    pub(crate) policy: Policy,
    pub(crate) language: Language,
    pub(crate) now: Timestamp,
    /// The id of the record that it is about.
    pub(crate) record: String,
    /// Oldest first.
    pub(crate) events: Vec<AuditEvent>,
}

/// What one member did, in sum.
#[derive(Default)]
struct Part {
    reads: usize,
    writes: usize,
    given: usize,
    /// The days of it, where the organisation is.
    read_on: BTreeSet<Date>,
    wrote_on: BTreeSet<Date>,
    last: Option<Timestamp>,
}

impl Timeline {
    /// Who did what, when and why, in order.
    pub(crate) fn for_the_house(&self) -> Vec<u8> {
        let title = self.say(words::TITLE);
        Markup::document(self.language, title, &[BASE, STYLE], |page| {
            page.line();
            page.tag("header", &[], |page| {
                page.tag("div", &[("class", "banner")], |page| {
                    page.element("strong", self.say(words::BANNER));
                    page.element("p", self.say(words::BANNER_WHY));
                });
                page.element("h1", title);
                self.cover(page);
            });
            page.line();
            page.tag("main", &[], |page| {
                page.tag("section", &[], |page| self.people(page));
                page.line();
                page.tag("section", &[], |page| self.in_order(page));
                page.line();
                page.tag("section", &[], |page| {
                    self.list(page, words::LIMITS, &words::LIMITS_WORDS);
                });
            });
            page.line();
        })
    }

    /// Who has seen the file, and to whom it was given, in plain words.
    pub(crate) fn for_the_person(&self) -> Vec<u8> {
        let title = self.say(words::HER_TITLE);
        Markup::document(self.language, title, &[BASE, STYLE], |page| {
            page.line();
            page.tag("header", &[], |page| {
                page.element("h1", title);
                page.classed("p", "care", self.say(words::HER_CARE));
                page.classed("p", "lead", self.say(words::HER_INTRO));
                page.element("p", &self.language.day(self.policy.day(self.now)));
            });
            page.line();
            page.tag("main", &[], |page| {
                page.tag("section", &[], |page| self.handed_over(page));
                page.line();
                let read = |part: &Part| part.read_on.clone();
                let none = (words::HER_READERS, words::HER_NO_READERS);
                page.tag("section", &[], |page| self.on_days(page, none, read));
                page.line();
                let wrote = |part: &Part| part.wrote_on.clone();
                let none = (words::HER_WRITERS, words::HER_NO_WRITERS);
                page.tag("section", &[], |page| self.on_days(page, none, wrote));
                page.line();
                page.tag("section", &[], |page| {
                    self.list(page, words::HER_QUESTIONS, &words::HER_LIMITS);
                });
            });
            page.line();
        })
    }

    fn cover(&self, page: &mut Markup) {
        let rows = [
            (words::RECORD, self.record.clone()),
            (words::MADE, self.policy.local(self.now)),
            (words::ENTRIES, self.events.len().to_string()),
        ];
        page.line();
        page.tag("dl", &[("class", "cover")], |page| {
            for (name, text) in rows {
                page.line();
                page.element("dt", self.say(name));
                page.element("dd", &text);
            }
        });
    }

    /// What each member did, by name and role.
    fn parts(&self) -> BTreeMap<(&str, &str), Part> {
        let mut parts: BTreeMap<(&str, &str), Part> = BTreeMap::new();
        for event in &self.events {
            let part = parts.entry((&event.by, &event.role)).or_default();
            let day = self.policy.day(event.at);
            let touched = |touch| event.records.iter().any(|record| record.touch == touch);
            if touched(AuditTouch::Read) {
                part.reads += 1;
                part.read_on.insert(day);
            }
            if !matches!(event.act, AuditAct::Read | AuditAct::Unlocked | AuditAct::Disclosed) {
                part.writes += 1;
                part.wrote_on.insert(day);
            }
            part.given += usize::from(!event.given.is_empty() || !event.handed.is_empty());
            part.last = part.last.max(Some(event.at));
        }
        parts
    }

    fn people(&self, page: &mut Markup) {
        page.element("h2", self.say(words::PEOPLE));
        let columns = [words::NAME, words::READS, words::WRITES, words::GIVEN, words::LAST];
        page.tag("table", &[], |page| {
            page.tag("thead", &[], |page| heads(page, &columns.map(|column| self.say(column))));
            page.tag("tbody", &[], |page| {
                for ((name, role), part) in self.parts() {
                    page.line();
                    page.tag("tr", &[], |page| {
                        page.tag("th", &[("scope", "row")], |page| self.member(page, name, role));
                        for count in [part.reads, part.writes, part.given] {
                            page.element("td", &count.to_string());
                        }
                        let last = part.last.map(|at| self.policy.local(at));
                        page.element("td", &last.unwrap_or_default());
                    });
                }
            });
        });
    }

    fn in_order(&self, page: &mut Markup) {
        page.element("h2", self.say(words::IN_ORDER));
        if self.events.is_empty() {
            page.element("p", self.say(words::NOTHING));
        }
        for day in self.events.chunk_by(|a, b| self.policy.day(a.at) == self.policy.day(b.at)) {
            let Some(first) = day.first() else { continue };
            page.line();
            let date = self.language.day(self.policy.day(first.at));
            page.classed("h3", "day", &date);
            page.tag("ol", &[("class", "events")], |page| {
                for event in day {
                    page.line();
                    page.tag("li", &[("class", class(event))], |page| self.event(page, event));
                }
            });
        }
    }

    fn event(&self, page: &mut Markup, event: &AuditEvent) {
        let local = self.policy.local(event.at);
        page.classed("span", "when", local.get(11..).unwrap_or(&local));
        page.classed("span", "what", event.act.words(self.language));
        page.text(" \u{2014} ");
        self.member(page, &event.by, &event.role);
        page.text(" ");
        let leaf = format!("({} {})", self.say(words::ENTRY), event.leaf);
        page.classed("span", "leaf", &leaf);
        if event.failed_unlocks > 0 {
            page.element("p", &words::failed(self.language, event.failed_unlocks));
        }
        if event.unreadable {
            page.element("p", self.say(words::UNREADABLE));
        }
        if let Some(reason) = event.reason {
            self.told(page, &[(words::WHY, words::reason(reason, self.language).to_owned())]);
        }
        if let Some(why) = &event.why {
            self.told(page, &[(words::WHY, why.clone())]);
        }
        for given in &event.given {
            let mut rows = self.given(given);
            rows.extend(given.export.clone().map(|export| (words::EXPORT, export)));
            self.told(page, &rows);
        }
        for handed in &event.handed {
            self.told(page, &self.handed(handed));
        }
        if !event.records.is_empty() {
            page.tag("ul", &[("class", "details")], |page| {
                for record in &event.records {
                    page.line();
                    page.tag("li", &[], |page| self.record(page, record));
                }
            });
        }
    }

    fn record(&self, page: &mut Markup, record: &AuditRecord) {
        let (name, id) = (self.kind(record.record_type.as_deref()), record.id);
        page.foreign(&name.unwrap_or_else(|| self.say(words::GONE).to_owned()));
        if let Some(id) = id {
            page.text(" ");
            page.classed("span", "code", &id.to_string());
        }
        page.text(&format!(": {}", words::touch(record.touch, self.language)));
        if !record.compartments.is_empty() {
            let named = record.compartments.iter().map(|name| self.compartment(name));
            let named = self.language.list(&named.collect::<Vec<_>>());
            let parts = format!(" ({} {named})", self.say(words::PARTS));
            page.classed("span", "part", &parts);
        }
    }

    fn handed_over(&self, page: &mut Markup) {
        page.element("h2", self.say(words::HER_GIVEN));
        if self.events.iter().any(|event| event.unreadable) {
            page.element("p", self.say(words::HER_UNREADABLE));
        }
        // A file whose hand-over this role does not open went to somebody all the same.
        let sealed = |event: &AuditEvent| {
            event.act == AuditAct::HandedOver && event.handed.is_empty() && !event.unreadable
        };
        let went = self.events.iter().flat_map(|event| {
            let mut told: Vec<_> = event.given.iter().map(|given| self.given(given)).collect();
            told.extend(event.handed.iter().map(|handed| self.handed(handed)));
            if sealed(event) {
                let to = self.say(words::HER_SEALED).to_owned();
                told.push(vec![(words::WHAT, self.say(words::FILE).to_owned()), (words::TO, to)]);
            }
            told.into_iter().map(move |rows| (event, rows))
        });
        let mut went = went.peekable();
        if went.peek().is_none() {
            page.element("p", self.say(words::HER_NOT_GIVEN));
            return;
        }
        page.tag("ul", &[("class", "people")], |page| {
            for (event, rows) in went {
                page.line();
                page.tag("li", &[], |page| {
                    page.element("b", &self.language.day(self.policy.day(event.at)));
                    self.told(page, &rows);
                });
            }
        });
    }

    fn on_days(
        &self,
        page: &mut Markup,
        (title, nobody): (Phrase, Phrase),
        days: impl Fn(&Part) -> BTreeSet<Date>,
    ) {
        page.element("h2", self.say(title));
        let parts = self.parts();
        let found = parts.iter().map(|(who, part)| (who, days(part)));
        let found: Vec<_> = found.filter(|(_, days)| !days.is_empty()).collect();
        if found.is_empty() {
            page.element("p", self.say(nobody));
            return;
        }
        page.tag("ul", &[("class", "people")], |page| {
            for ((name, role), days) in found {
                page.line();
                page.tag("li", &[], |page| {
                    self.member(page, name, role);
                    let last = days.last().map(|day| self.language.day(*day)).unwrap_or_default();
                    let words = words::on_days(self.language, days.len(), &last);
                    page.text(&format!(" \u{2014} {words}"));
                });
            }
        });
    }

    fn given(&self, given: &AuditGiven) -> Vec<(Phrase, String)> {
        let purpose = self.policy.purpose(&given.purpose).map_or_else(
            |_| given.purpose.clone(),
            |purpose| self.language.pick(&purpose.es, &purpose.en).to_owned(),
        );
        let mut rows = vec![
            (words::TO, given.recipient.clone()),
            (words::FOR, purpose),
            (words::WHAT, self.fields(&given.fields)),
        ];
        let how = [(given.left_open, words::LEFT_OPEN), (given.reference, words::REFERENCE)];
        let how = how.into_iter().filter(|(done, _)| *done);
        rows.extend(how.map(|(_, how)| (words::HOW, self.say(how).to_owned())));
        rows
    }

    fn handed(&self, handed: &AuditHandOver) -> Vec<(Phrase, String)> {
        let mut rows = vec![
            (words::WHAT, self.say(words::FILE).to_owned()),
            (words::FROM, handed.from.clone()),
            (words::TO, handed.to.clone()),
        ];
        rows.extend(handed.when.map(|when| (words::WHEN, self.policy.local(when))));
        rows.extend(handed.why.clone().map(|why| (words::WHY, why)));
        rows
    }

    fn told(&self, page: &mut Markup, rows: &[(Phrase, String)]) {
        page.tag("dl", &[("class", "told")], |page| {
            for (name, text) in rows {
                page.element("dt", self.say(*name));
                page.tag("dd", &[], |page| page.foreign(text));
            }
        });
    }

    fn list(&self, page: &mut Markup, title: Phrase, points: &[Phrase]) {
        page.element("h2", self.say(title));
        page.tag("ul", &[], |page| {
            for point in points {
                page.element("li", self.say(*point));
            }
        });
    }

    fn member(&self, page: &mut Markup, name: &str, role: &str) {
        page.foreign(name);
        let role = self.schema.role(role).map_or_else(
            || role.to_owned(),
            |role| self.language.pick(&role.es, &role.en).to_owned(),
        );
        if !role.is_empty() {
            page.text(", ");
            page.tag("span", &[("class", "who")], |page| page.foreign(&role));
        }
    }

    fn kind(&self, name: Option<&str>) -> Option<String> {
        if name?.starts_with(FILE) {
            return Some(self.say(words::FILE).to_owned());
        }
        let kind = self.schema.record_type(name?).ok()?;
        Some(self.language.pick(&kind.es, &kind.en).to_owned())
    }

    fn compartment(&self, name: &str) -> String {
        let known = self.schema.compartments().iter().find(|one| one.name == name);
        known.map_or_else(|| name.to_owned(), |one| self.language.pick(&one.es, &one.en).to_owned())
    }

    /// The labels of fields that are named `record_type.field`, type by type.
    fn fields(&self, names: &BTreeSet<String>) -> String {
        let mut by_type: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for name in names {
            let (kind, field) = name.split_once('.').unwrap_or(("", name));
            let known = self.schema.record_type(kind).and_then(|kind| kind.field(field));
            let label = known.map_or(field, |field| self.language.pick(&field.es, &field.en));
            by_type.entry(kind).or_default().push(label.to_owned());
        }
        let of_type = |(kind, fields): (&str, Vec<String>)| {
            let name = self.kind(Some(kind)).unwrap_or_else(|| kind.to_owned());
            format!("{name}: {}", self.language.list(&fields))
        };
        by_type.into_iter().map(of_type).collect::<Vec<_>>().join(". ")
    }

    const fn say(&self, phrase: Phrase) -> &'static str {
        self.language.of(phrase)
    }
}

fn class(event: &AuditEvent) -> &'static str {
    match event.act {
        AuditAct::Disclosed => "given",
        AuditAct::Erased => "erased",
        AuditAct::Read | AuditAct::Unlocked => "read",
        _ => "",
    }
}

const STYLE: &str = include_str!("style.css");
