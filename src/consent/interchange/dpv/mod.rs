//! The receipt: JSON-LD after the Data Privacy Vocabulary 2.3 and its guide to ISO/IEC TS 27560.
//!
//! What the vocabulary has a term for stands under that term; what it has none for stands under
//! `amparo:`. [`read`] takes a receipt apart, puts it together again and compares: so whatever
//! follows from other parts (statuses, durations, notices of a record) is sure to agree.

mod read;
mod terms;
mod write;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use read::read;
pub(super) use write::write;

use crate::consent::event::What;
use crate::consent::interchange::ConsentDocument;
use crate::consent::policy::Policy;

/// What purposes are called, by their codes.
#[derive(Default)]
pub(super) struct Labels(BTreeMap<String, Label>);

/// What a purpose is called, as far as it is known.
#[derive(Default)]
struct Label {
    term: Option<String>,
    /// By language, as `es`.
    titles: BTreeMap<String, String>,
}

impl Labels {
    /// Those of a document's purposes that the policy knows; an old consent may have others.
    pub(super) fn of(document: &ConsentDocument, policy: &Policy) -> Self {
        let mut codes = BTreeSet::new();
        for consent in &document.consents {
            codes.extend(&consent.terms.scope.purposes);
            for (_, event) in &consent.events {
                if let What::Restricted { part } | What::Withdrawn { part: Some(part) } =
                    &event.what
                {
                    codes.extend(&part.purposes);
                }
            }
        }
        let known = codes.into_iter().filter_map(|code| policy.purpose(code).ok());
        let labels = known.map(|purpose| {
            let term = terms::is_term(&purpose.dpv).then(|| purpose.dpv.clone());
            let titles = [("es", &purpose.es), ("en", &purpose.en)];
            let titles = titles.map(|(language, title)| (language.to_owned(), title.clone()));
            (purpose.code.clone(), Label { term, titles: titles.into() })
        });
        Self(labels.collect())
    }
}
