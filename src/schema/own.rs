//! Record types that a vault has whatever its schema says: the ledger of consent and the list of
//! recipients. Their names cannot be those of a schema's types, and nobody but the vault writes
//! them.

use crate::schema::{Field, Index, Kind, RecordType};

/// One entry of a person's ledger; stands under the person, who lists all of them.
pub(crate) const LEDGER: &str = "@ledger";
/// Somebody who may receive data.
pub(crate) const RECIPIENT: &str = "@recipient";
/// The one field of both: JSON.
pub(crate) const ENTRY: &str = "entry";

/// The types that come with a type that is about people.
pub(super) fn types_for(subject: &RecordType) -> [RecordType; 2] {
    [kind(subject, LEDGER, Some(subject.name.clone())), kind(subject, RECIPIENT, None)]
}

fn kind(subject: &RecordType, name: &str, parent: Option<String>) -> RecordType {
    let entry = Field {
        name: ENTRY.to_owned(),
        es: String::new(),
        en: String::new(),
        kind: Kind::LongText,
        compartment: subject.home.clone(),
        sensitivity: String::new(),
        index: Index::None,
        generalise: None,
        vocabulary: None,
        required: true,
        free_text: false,
        pattern: None,
        pattern_from: None,
        retired: false,
        matcher: None,
    };
    RecordType {
        name: name.to_owned(),
        es: String::new(),
        en: String::new(),
        complete: parent.is_some(),
        parent,
        home: subject.home.clone(),
        key: Vec::new(),
        subject: None,
        blocked_if: None,
        retention: None,
        fields: vec![entry],
    }
}
