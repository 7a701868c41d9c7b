//! Record types that a vault has whatever its schema says: the ledger of consent, the list of
//! recipients, and for each type the files attached to it with their hand-overs. Their names
//! cannot be those of a schema's types, and nobody but the vault writes them.

use crate::schema::{Compartment, Field, Index, Kind, RecordType, Schema};

/// One entry of a person's ledger; stands under the person, who lists all of them.
pub(crate) const LEDGER: &str = "@ledger";
/// Somebody who may receive data.
pub(crate) const RECIPIENT: &str = "@recipient";
/// The one field of both: JSON.
pub(crate) const ENTRY: &str = "entry";
/// A file attached to a record of a type; what follows is the type's name.
pub(crate) const FILE: &str = "@file.";
/// A hand-over of such a file.
pub(crate) const CUSTODY: &str = "@custody.";

/// What stands for the files of a record that no field names, where consent is asked and a
/// profile looked up; what follows is the compartment that they lie in.
pub(crate) const ATTACHED: &str = "attached-";

/// The field that stands for files in a compartment, and every sensitivity that fields of the
/// compartment have, in the schema's order: a file may hold what any of them holds.
pub(crate) fn attached_in(schema: &Schema, compartment: &str) -> Option<(Field, Vec<String>)> {
    let known = schema.compartments().iter().find(|known| known.name == compartment)?;
    let kinds = schema.record_types().iter();
    let held: Vec<&Field> = kinds
        .flat_map(|kind| &kind.fields)
        .filter(|field| field.compartment == known.name)
        .collect();
    let listed = schema.sensitivities().iter().map(|one| one.name.clone());
    let found: Vec<String> =
        listed.filter(|name| held.iter().any(|field| field.sensitivity == *name)).collect();
    let field = Field {
        kind: Kind::Attachment,
        sensitivity: found.last().cloned().unwrap_or_default(),
        ..entry(format!("{ATTACHED}{compartment}"), compartment)
    };
    Some((field, found))
}

/// The types that every record type brings: its files, and under each the hand-overs. What they
/// say lies in one compartment of the vault's choice, so they have a field for each.
pub(super) fn types_of_files(of: &RecordType, compartments: &[Compartment]) -> [RecordType; 2] {
    let fields = || compartments.iter().map(|one| entry(entry_in(&one.name), &one.name));
    let file = format!("{FILE}{}", of.name);
    let hand_over = format!("{CUSTODY}{}", of.name);
    [
        own(of, file.clone(), Some(of.name.clone()), fields().collect()),
        own(of, hand_over, Some(file), fields().collect()),
    ]
}

/// The field of a file's entry in a compartment.
pub(crate) fn entry_in(compartment: &str) -> String {
    format!("{ENTRY}.{compartment}")
}

/// The types that come with a type that is about people.
pub(super) fn types_for(subject: &RecordType) -> [RecordType; 2] {
    let fields = || vec![Field { required: true, ..entry(ENTRY.to_owned(), &subject.home) }];
    [
        own(subject, LEDGER.to_owned(), Some(subject.name.clone()), fields()),
        own(subject, RECIPIENT.to_owned(), None, fields()),
    ]
}

fn entry(name: String, compartment: &str) -> Field {
    Field {
        name,
        es: String::new(),
        en: String::new(),
        kind: Kind::LongText,
        compartment: compartment.to_owned(),
        sensitivity: String::new(),
        index: Index::None,
        generalise: None,
        vocabulary: None,
        required: false,
        free_text: false,
        pattern: None,
        pattern_from: None,
        retired: false,
        matcher: None,
    }
}

/// A type of the vault's own, with the home of the type that it belongs to.
fn own(of: &RecordType, name: String, parent: Option<String>, fields: Vec<Field>) -> RecordType {
    RecordType {
        name,
        es: String::new(),
        en: String::new(),
        complete: parent.is_some(),
        parent,
        home: of.home.clone(),
        key: Vec::new(),
        subject: None,
        blocked_if: None,
        retention: None,
        fields,
    }
}
