//! How a value, a box and a mark are set in HTML.

use crate::export::markup::Markup;
use crate::language::Language;
use crate::redact::{Mark, Outcome, Part};

/// What became of a value, as its recipient sees it.
pub(crate) fn outcome(page: &mut Markup, outcome: &Outcome, language: Language) {
    match outcome {
        Outcome::Kept(shown) => parts(page, shown.parts(), language),
        Outcome::Changed(shown, mark) => {
            parts(page, shown.parts(), language);
            page.text(" ");
            sign(page, *mark, language);
        }
        Outcome::Withheld(mark) => black_box(page, *mark, language),
    }
}

/// A black box: nothing of it depends on what it stands for.
pub(crate) fn black_box(page: &mut Markup, mark: Mark, language: Language) {
    let (label, words) = (mark.label(language), mark.words(language));
    let said = format!("{label}: {words}");
    let attributes = [("class", "box"), ("role", "img"), ("aria-label", &*said), ("title", words)];
    page.tag("span", &attributes, |page| page.text(&label));
}

/// The letter beside a value that was changed.
pub(crate) fn sign(page: &mut Markup, mark: Mark, language: Language) {
    let (code, words) = (mark.code(), mark.words(language));
    let said = format!("{code}: {words}");
    let attributes = [("class", "mark"), ("role", "img"), ("aria-label", &*said), ("title", words)];
    page.tag("span", &attributes, |page| page.text(code));
}

fn parts(page: &mut Markup, parts: &[Part], language: Language) {
    for part in parts {
        match part {
            Part::Text(text) => page.foreign(text.expose()),
            Part::Label(label) => page.classed("bdi", "label", label),
            Part::Gap(mark) => black_box(page, *mark, language),
        }
    }
}
