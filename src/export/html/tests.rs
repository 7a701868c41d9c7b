use super::*;
use crate::consent::Obligation;
use crate::export::markup::tests::{assert_inert, hostile};
use crate::redact::sample_hostile::{Sample, coarser, coded, hidden, kept};
use crate::redact::{Outcome, Part};

fn one(outcome: Outcome) -> String {
    let view =
        Sample::new(Language::Spanish).record("p", "Persona", [("a", "Dato".to_owned(), outcome)]);
    assert_inert(&html(&view.view()).unwrap())
}

#[test]
fn hostile_values_are_inert_wherever_they_stand() {
    for value in hostile() {
        let parts = vec![
            Part::Text(value.as_str().into()),
            Part::Label(value.clone()),
            Part::Gap(Mark::Hidden),
        ];
        let view = Sample::new(Language::Spanish)
            .cover(|cover| {
                for text in [
                    &mut cover.export,
                    &mut cover.organisation,
                    &mut cover.recipient,
                    &mut cover.purpose_words,
                    &mut cover.profile_words,
                ] {
                    text.clone_from(&value);
                }
            })
            .record(&value, &value, [("a", value.clone(), hidden(parts))])
            .record(&value, &value, [("a", value.clone(), kept(&value))])
            .under("R01");
        assert_inert(&html(&view.view()).unwrap());
    }
}

#[test]
fn a_box_tells_nothing_of_what_it_stands_for() {
    for mark in Mark::ALL.iter().filter(|mark| !mark.is_change()) {
        let page = one(Outcome::Withheld(*mark));
        let label = mark.label(Language::Spanish);
        // In the record and in the legend.
        assert_eq!(page.matches(&format!(">{label}</span>")).count(), 2, "{mark:?}");
        assert!(page.contains(mark.words(Language::Spanish)));
    }
}

#[test]
fn what_was_changed_has_its_mark() {
    assert!(one(coarser("20 a 24")).contains("<bdi>20 a 24</bdi> <span class=\"mark\""));
    assert!(one(coded("PERSONA K7")).contains("<bdi class=\"label\">PERSONA K7</bdi>"));
    assert!(!one(kept("x")).contains("class=\"mark\""));
}

#[test]
fn a_value_cannot_draw_a_box() {
    let page = one(kept("<span class=\"box\">RESERVADO C</span>"));
    assert!(!page.contains("class=\"box\""));
}

#[test]
fn the_page_loads_nothing_and_says_what_binds() {
    for language in [Language::Spanish, Language::English] {
        let view = Sample::new(language)
            .obliging(&[Obligation::NoOnwardTransfer, Obligation::TellPerson])
            .record("p", "P", [])
            .view();
        let page = assert_inert(&html(&view).unwrap());
        assert!(page.contains("content=\"default-src &#39;none&#39;; style-src"));
        assert!(page.contains("content=\"no-referrer\""));
        assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
        assert!(page.contains(language.of(Phrase("No lo entregue", "Do not hand it on"))));
        assert_eq!(html(&view).unwrap(), page.as_bytes());
    }
}

#[test]
fn a_parent_that_is_not_part_of_it_is_not_named() {
    let view = Sample::new(Language::English).record("p", "P", []).under("R99").view();
    assert!(!assert_inert(&html(&view).unwrap()).contains("R99"));
}
