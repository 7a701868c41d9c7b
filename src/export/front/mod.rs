//! What stands before the records of every file that people read: the cover and the legend, in
//! words.

mod words;

use crate::consent::Obligation;
use crate::export::plain::plain_line;
use crate::language::{Language, Phrase};
use crate::redact::{Mark, RedactedView};

/// The front page of a file for its recipient.
pub(crate) struct Front {
    /// The title.
    pub(crate) title: &'static str,
    /// What the export says of itself: a name and plain text.
    pub(crate) rows: Vec<(&'static str, String)>,
    /// What binds whoever receives it.
    pub(crate) duties: Vec<&'static str>,
    /// The marks that occur, in the order of the legend.
    pub(crate) legend: Vec<LegendEntry>,
    /// How many fields stand as they were, changed, and not at all.
    pub(crate) counts: String,
}

/// A mark that occurs, and on how many fields; none has it that has it only inside a text.
pub(crate) struct LegendEntry {
    /// The mark.
    pub(crate) mark: Mark,
    /// How many fields have it.
    pub(crate) fields: usize,
}

impl Front {
    pub(crate) fn of(view: &RedactedView) -> Self {
        let cover = view.cover();
        let language = cover.language;
        let rows = [
            (words::ORGANISATION, cover.organisation.clone()),
            (words::RECIPIENT, cover.recipient.clone()),
            (words::PURPOSE, capital(&cover.purpose_words)),
            (words::PROFILE, cover.profile_words.clone()),
            (words::DATE, language.day(cover.made_on)),
            (words::EXPORT, cover.export.clone()),
            (words::POLICY, words::version(language, cover.policy_version)),
        ];
        let counted = view.marked();
        let (mut changed, mut withheld) = (0, 0);
        for (mark, count) in &counted {
            *(if mark.is_change() { &mut changed } else { &mut withheld }) += count;
        }
        let entry =
            |mark| LegendEntry { mark, fields: counted.get(&mark).copied().unwrap_or_default() };
        let duties = cover.obligations.iter().filter_map(|duty| words::duty(*duty));
        Self {
            title: language.of(words::TITLE),
            rows: rows
                .into_iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(name, text)| (language.of(name), plain_line(&text).into_owned()))
                .collect(),
            duties: [words::LAW]
                .into_iter()
                .chain(duties)
                .map(|phrase: Phrase| language.of(phrase))
                .collect(),
            legend: view.legend().into_iter().map(entry).collect(),
            counts: words::counts(language, view.kept(), changed, withheld),
        }
    }
}

/// Whether something binds whoever receives an export; the rest tells how it came about.
pub(crate) const fn binds(obligation: Obligation) -> bool {
    words::duty(obligation).is_some()
}

/// The words for yes and no.
pub(crate) const fn truth(language: Language, truth: bool) -> &'static str {
    match truth {
        true => language.of(Phrase("Sí", "Yes")),
        false => language.of(Phrase("No", "No")),
    }
}

/// A policy's words follow others; here they begin a line.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(char::to_uppercase).into_iter().flatten().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::sample_hostile::{Sample, coded, hidden, kept};
    use crate::redact::{Outcome, Part};

    #[test]
    fn the_recipient_is_not_told_how_the_file_came_about() {
        let all = Sample::new(Language::Spanish).obliging(Obligation::ALL).view();
        let front = Front::of(&all);
        assert_eq!(front.duties.len(), 3);
        assert_eq!(Front::of(&Sample::new(Language::English).view()).duties.len(), 1);
    }

    #[test]
    fn the_legend_has_the_marks_that_occur_and_no_other() {
        let label = String::new;
        let view = Sample::new(Language::Spanish).record(
            "person",
            "Persona",
            [
                ("a", label(), kept("x")),
                ("b", label(), coded("PERSONA K7")),
                ("c", label(), hidden(vec![Part::Gap(Mark::Consent)])),
                ("d", label(), Outcome::Withheld(Mark::Profile)),
            ],
        );
        let front = Front::of(&view.view());
        let legend: Vec<_> = front.legend.iter().map(|entry| (entry.mark, entry.fields)).collect();
        let wanted = [(Mark::Consent, 0), (Mark::Profile, 1), (Mark::Hidden, 1), (Mark::Coded, 1)];
        assert_eq!(legend, wanted);
        assert_eq!(front.counts, "1 dato tal como consta, 2 modificados y 1 reservado.");
    }
}
