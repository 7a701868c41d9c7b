//! What a new version of a schema may change.
//!
//! Records outlive schemas, and keys follow the schema: a field that moved to another
//! compartment would be readable by people who were never meant to read it, and a code with
//! another meaning would change testimony. So versions only add, widen and retire.
//!
//! | may change | must stay |
//! |---|---|
//! | labels, patterns, profiles, retentions, `free_text` set | name of the schema; the version rises |
//! | new types, new compartments and roles at the end of their lists | order and names of compartments |
//! | new fields that are not required | kind, compartment, vocabulary, index of a field |
//! | new codes, retired codes and fields | every type, field, vocabulary and code |
//! | a required field that is not any more | parent, home, `complete` of a type; its key |
//! | | sensitivity and generalisation of a field; compartments of a role; who administers |
//!
//! An index stays because postings of older records would be missing from a new one. A role
//! stays because members were admitted to what it held: another set is another role.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::schema::{Field, RecordType, Role, Schema, Term, Vocabulary};

impl Schema {
    /// Checks that records written under `old` keep their meaning under this schema.
    ///
    /// # Errors
    ///
    /// `BadSchemaChange` at the name that changed. The same source is always allowed.
    pub fn check_evolution_from(&self, old: &Self) -> Result<()> {
        if self.source() == old.source() {
            return Ok(());
        }
        if self.name() != old.name() {
            return Err(refuse("the schema has another name", self.name()));
        }
        if self.version() <= old.version() {
            return Err(refuse("a changed schema has a higher version", "version"));
        }
        if self.utc_offset() != old.utc_offset() {
            return Err(refuse("the offset changed", "utc_offset"));
        }
        for (at, compartment) in old.compartments().iter().enumerate() {
            if self.compartments().get(at).is_none_or(|new| new.name != compartment.name) {
                return Err(refuse("a compartment was moved or removed", &compartment.name));
            }
        }
        for role in old.roles() {
            check_role(self.role(&role.name), role)?;
        }
        for sensitivity in old.sensitivities() {
            if !self.sensitivities().iter().any(|new| new.name == sensitivity.name) {
                return Err(refuse("a sensitivity was removed", &sensitivity.name));
            }
        }
        for vocabulary in old.vocabularies() {
            check_vocabulary(self.vocabulary(&vocabulary.name), vocabulary)?;
        }
        for record_type in old.record_types() {
            let new = self.record_types().iter().find(|new| new.name == record_type.name);
            check_type(new, record_type)?;
        }
        Ok(())
    }
}

/// A director holds every compartment by definition, so a new compartment widens the role.
fn check_role(new: Option<&Role>, old: &Role) -> Result<()> {
    let new = new.ok_or_else(|| refuse("a role was removed", &old.name))?;
    if new.administers != old.administers {
        return Err(refuse("who administers changed", &old.name));
    }
    let sorted = |role: &Role| {
        let mut names = role.compartments.clone();
        names.sort_unstable();
        names
    };
    if !old.administers && sorted(new) != sorted(old) {
        return Err(refuse("the compartments of a role changed", &old.name));
    }
    Ok(())
}

fn check_vocabulary(new: Option<&Vocabulary>, old: &Vocabulary) -> Result<()> {
    let new = new.ok_or_else(|| refuse("a vocabulary was removed", &old.name))?;
    let kept =
        |term: &Term| new.term(&term.code).is_some_and(|found| found.retired || !term.retired);
    if old.entries.iter().all(kept) {
        return Ok(());
    }
    Err(refuse("a code was removed, or taken back into use", &old.name))
}

fn check_type(new: Option<&RecordType>, old: &RecordType) -> Result<()> {
    let new = new.ok_or_else(|| refuse("a record type was removed", &old.name))?;
    if new.parent != old.parent {
        return Err(refuse("the parent of a record type changed", &old.name));
    }
    if new.home != old.home {
        return Err(refuse("the home of a record type changed", &old.name));
    }
    // Older parents would have no list, or one that nobody keeps any more.
    if new.complete != old.complete {
        return Err(refuse("`complete` of a record type changed", &old.name));
    }
    // A ledger stands under each of them.
    if old.subject.is_some() && new.subject != old.subject {
        return Err(refuse("what a decision on consent needs of a type changed", &old.name));
    }
    if old.blocked_if.is_some() && new.blocked_if != old.blocked_if {
        return Err(refuse("who is blocked changed", &old.name));
    }
    // An import that was done under the old key would double its records under a new one.
    if !old.key.is_empty() && new.key != old.key {
        return Err(refuse("the key of a record type changed", &old.name));
    }
    for field in &old.fields {
        let found = new.fields.iter().find(|found| found.name == field.name);
        let why = match found {
            None => Some("a field was removed; retire it instead"),
            Some(found) => field_change(found, field),
        };
        if let Some(why) = why {
            return Err(Error::new(ErrorKind::BadSchemaChange, why).at(old.place(&field.name)));
        }
    }
    let added = new.fields.iter().filter(|field| old.field(&field.name).is_err());
    for field in added {
        if field.required {
            let why = "a new field is required, and older records have none";
            return Err(Error::new(ErrorKind::BadSchemaChange, why).at(new.place(&field.name)));
        }
    }
    Ok(())
}

fn field_change(new: &Field, old: &Field) -> Option<&'static str> {
    if new.kind != old.kind {
        Some("the kind of a field changed")
    } else if new.compartment != old.compartment {
        Some("the compartment of a field changed")
    } else if new.vocabulary != old.vocabulary {
        Some("the vocabulary of a field changed")
    } else if new.index != old.index {
        Some("the index of a field changed")
    } else if new.sensitivity != old.sensitivity {
        Some("the sensitivity of a field changed")
    } else if new.generalise != old.generalise {
        Some("the generalisation of a field changed")
    } else if new.required && !old.required {
        Some("a field became required, and older records may have none")
    } else if old.free_text && !new.free_text {
        Some("a free text is not free text any more")
    } else if old.retired && !new.retired {
        Some("a retired field was taken back into use")
    } else {
        None
    }
}

fn refuse(why: &'static str, name: &str) -> Error {
    Error::new(ErrorKind::BadSchemaChange, why).at(Place::Schema(name.to_owned()))
}

#[cfg(test)]
mod tests;
