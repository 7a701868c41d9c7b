//! HTML that is whole by construction.
//!
//! Names of elements and attributes, and style sheets, are words of this program; everything else
//! passes [`Markup::text`] or an attribute's value, and both pass one escape. No element is opened
//! that is not closed.

#[cfg(test)]
pub(crate) mod tests;

use crate::export::plain::plain;
use crate::language::Language;

/// A document in the making.
pub(crate) struct Markup(String);

/// Attributes of an element, names and values.
pub(crate) type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Markup {
    /// A document that loads nothing and runs nothing.
    pub(crate) fn document(
        language: Language,
        title: &str,
        style: &'static [&'static str],
        body: impl FnOnce(&mut Self),
    ) -> Vec<u8> {
        let mut page = Self("<!DOCTYPE html>\n".to_owned());
        page.tag("html", &[("lang", language.tag())], |page| {
            page.tag("head", &[], |page| {
                page.void("meta", &[("charset", "utf-8")]);
                page.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", CSP)]);
                page.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
                page.void("meta", &[("name", "color-scheme"), ("content", "light")]);
                // A telephone turns numbers into links to call, which a tap by mistake would do.
                page.void("meta", &[("name", "format-detection"), ("content", "telephone=no")]);
                let width = "width=device-width, initial-scale=1";
                page.void("meta", &[("name", "viewport"), ("content", width)]);
                page.element("title", title);
                page.tag("style", &[], |page| page.0.extend(style.iter().copied()));
            });
            page.line();
            page.tag("body", &[], body);
        });
        page.line();
        page.0.into_bytes()
    }

    /// An element, and what is inside.
    pub(crate) fn tag(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        self.open(name, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element that nothing is inside of.
    pub(crate) fn void(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.line();
        self.open(name, attributes);
    }

    /// An element of text.
    pub(crate) fn element(&mut self, name: &'static str, text: &str) {
        self.tag(name, &[], |page| page.text(text));
    }

    /// An element of a class, of text.
    pub(crate) fn classed(&mut self, name: &'static str, class: &'static str, text: &str) {
        self.tag(name, &[("class", class)], |page| page.text(text));
    }

    /// Text.
    pub(crate) fn text(&mut self, text: &str) {
        self.escape(text);
    }

    /// Words that somebody entered: in the direction of their own letters, and no other's.
    pub(crate) fn foreign(&mut self, text: &str) {
        self.tag("bdi", &[], |page| page.text(text));
    }

    /// A line break in the source, between blocks, where none can be seen.
    pub(crate) fn line(&mut self) {
        self.0.push('\n');
    }

    fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.escape(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// The one way in for what is not a word of this program.
    fn escape(&mut self, text: &str) {
        for c in plain(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
    }
}

const CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
