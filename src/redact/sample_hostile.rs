//! Views for tests of renderers: whatever a test says, however hostile.

use std::collections::BTreeSet;

use crate::consent::{Missing, Obligation, Reason};
use crate::language::{Language, Phrase};
use crate::redact::{
    Cover, Data, Mark, Outcome, Part, RedactedField, RedactedRecord, RedactedView, Shown,
};
use crate::time::{Date, Timestamp};

/// A view in the making; records and fields are added at its end.
pub(crate) struct Sample(RedactedView);

impl Sample {
    pub(crate) fn new(language: Language) -> Self {
        let say = |es, en| language.of(Phrase(es, en)).to_owned();
        let made_at: Timestamp = "2026-11-20T15:04:05Z".parse().unwrap();
        let cover = Cover {
            export: "K7TQ4MZX2RBA".to_owned(),
            made_at,
            made_on: Date::new(2026, 11, 20).unwrap(),
            language,
            organisation: say("Casa de Prueba", "House of Samples"),
            recipient: say(
                "Primera Fiscalía Provincial de Prueba",
                "First Provincial Prosecutor of Samples",
            ),
            purpose: "legal_proceedings".to_owned(),
            purpose_words: say("un proceso ante la fiscalía o el juzgado", "legal proceedings"),
            profile: "court_coded".to_owned(),
            profile_words: say(
                "Expediente con clave (reserva de identidad)",
                "Court file with identity reserved",
            ),
            policy_version: 3,
            obligations: BTreeSet::new(),
        };
        Self(RedactedView { cover, records: Vec::new() })
    }

    /// Changes the cover.
    pub(crate) fn cover(mut self, change: impl FnOnce(&mut Cover)) -> Self {
        change(&mut self.0.cover);
        self
    }

    pub(crate) fn obliging(mut self, obligations: &[Obligation]) -> Self {
        self.0.cover.obligations.extend(obligations);
        self
    }

    /// Adds a record with fields of these names, labels and outcomes; its code is its number.
    pub(crate) fn record(
        mut self,
        record_type: &str,
        label: &str,
        fields: impl IntoIterator<Item = (&'static str, String, Outcome)>,
    ) -> Self {
        let code = format!("R{:02}", self.0.records.len() + 1);
        let fields = fields.into_iter().map(|(name, label, outcome)| RedactedField {
            name: name.to_owned(),
            label,
            sensitivity: "special".to_owned(),
            outcome,
            reason: Reason::ConsentInForce,
            missing: BTreeSet::new(),
        });
        self.0.records.push(RedactedRecord {
            code,
            parent: None,
            record_type: record_type.to_owned(),
            label: label.to_owned(),
            fields: fields.collect(),
        });
        self
    }

    /// Puts the last record under the record of this code.
    pub(crate) fn under(mut self, parent: &str) -> Self {
        self.0.records.last_mut().unwrap().parent = Some(parent.to_owned());
        self
    }

    /// Adds a field to the last record, with all that is decided of it.
    pub(crate) fn field(
        mut self,
        (name, label, sensitivity): (&str, &str, &str),
        outcome: Outcome,
        reason: Reason,
        missing: &[Missing],
    ) -> Self {
        self.0.records.last_mut().unwrap().fields.push(RedactedField {
            name: name.to_owned(),
            label: label.to_owned(),
            sensitivity: sensitivity.to_owned(),
            outcome,
            reason,
            missing: missing.iter().copied().collect(),
        });
        self
    }

    pub(crate) fn view(self) -> RedactedView {
        self.0
    }
}

/// Words, as they were.
pub(crate) fn kept(text: &str) -> Outcome {
    Outcome::Kept(shown(vec![Part::Text(text.into())]))
}

/// A whole number, as it was.
pub(crate) fn number(number: i64) -> Outcome {
    let parts = vec![Part::Text(number.to_string().into())];
    Outcome::Kept(Shown { parts, data: Data::Integer(number) })
}

/// Yes or no, as it was.
pub(crate) fn truth(truth: bool, words: &str) -> Outcome {
    let parts = vec![Part::Text(words.into())];
    Outcome::Kept(Shown { parts, data: Data::Boolean(truth) })
}

/// Words in place of finer ones.
pub(crate) fn coarser(text: &str) -> Outcome {
    Outcome::Changed(shown(vec![Part::Text(text.into())]), Mark::Coarser)
}

/// A label of the export.
pub(crate) fn coded(label: &str) -> Outcome {
    Outcome::Changed(shown(vec![Part::Label(label.to_owned())]), Mark::Coded)
}

/// A text of which parts are hidden.
pub(crate) fn hidden(parts: Vec<Part>) -> Outcome {
    Outcome::Changed(shown(parts), Mark::Hidden)
}

fn shown(parts: Vec<Part>) -> Shown {
    Shown { parts, data: Data::Words }
}
