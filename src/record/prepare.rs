//! Checks of drafts and edits against the schema.

use std::collections::BTreeMap;
use std::mem;

use crate::error::{Error, ErrorKind, Result};
use crate::record::{FieldValue, RecordDraft, RecordEdit, reading};
use crate::schema::{Field, Matcher, RecordType, Schema};
use crate::secret::SecretText;

/// A value that is kept but looks unusual; it names the field, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The record type.
    pub record_type: String,
    /// The field.
    pub field: String,
    /// What is unusual.
    pub kind: WarningKind,
}

/// What is unusual about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WarningKind {
    /// It does not have the usual form of such a document or number.
    UnusualForm,
    /// The district is not in the table of this program.
    UnknownPlace,
    /// The code is retired.
    RetiredCode,
    /// The field is retired.
    RetiredField,
}

impl WarningKind {
    /// Every kind, for tables of messages.
    pub const ALL: &[Self] =
        &[Self::UnusualForm, Self::UnknownPlace, Self::RetiredCode, Self::RetiredField];

    /// A stable name in kebab case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnusualForm => "unusual-form",
            Self::UnknownPlace => "unknown-place",
            Self::RetiredCode => "retired-code",
            Self::RetiredField => "retired-field",
        }
    }
}

impl Schema {
    /// Reads every value of a draft as the kind of its field, and checks it.
    ///
    /// Empty values are removed. Unusual forms of Peruvian documents are kept and reported:
    /// a file that exists must never be turned away for its number.
    ///
    /// ```
    /// use amparo::{RecordDraft, Schema, WarningKind};
    /// let schema = Schema::peru()?;
    /// let mut document = RecordDraft::new("identity_document")
    ///     .set("doc_type", "DNI")
    ///     .set("doc_number", "1234567");
    /// let warnings = schema.prepare(&mut document)?;
    /// assert_eq!(warnings[0].kind, WarningKind::UnusualForm);
    /// # Ok::<(), amparo::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `UnknownType`, `UnknownField`; at a field: `BadValue`, `UnknownCode`, `TooLong`,
    /// `Required`.
    pub fn prepare(&self, draft: &mut RecordDraft) -> Result<Vec<Warning>> {
        let kind = self.stored_type(draft.record_type())?;
        let mut checked = BTreeMap::new();
        for (name, value) in mem::take(&mut draft.fields) {
            let field = kind.field(&name)?;
            if !value.is_empty() {
                let value = self.read(kind, field, value)?;
                checked.insert(name, value);
            }
        }
        for field in kind.fields.iter().filter(|field| field.required) {
            if !checked.contains_key(&field.name) {
                return Err(missing(kind, field));
            }
        }
        let warnings = self.warnings(kind, &checked);
        draft.fields = checked;
        Ok(warnings)
    }

    /// Reads every value of an edit as the kind of its field, and checks it; an empty value
    /// empties the field. A form that depends on a field outside the edit is not checked.
    ///
    /// # Errors
    ///
    /// As for [`prepare`](Self::prepare); `Required` where a required field is emptied.
    pub fn prepare_edit(&self, record_type: &str, edit: &mut RecordEdit) -> Result<Vec<Warning>> {
        let kind = self.record_type(record_type)?;
        let mut checked = BTreeMap::new();
        let mut emptied = Vec::new();
        for (name, value) in mem::take(&mut edit.fields) {
            let field = kind.field(&name)?;
            match value.filter(|value| !value.is_empty()) {
                Some(value) => {
                    let value = self.read(kind, field, value)?;
                    checked.insert(name, value);
                }
                None if field.required => return Err(missing(kind, field)),
                None => emptied.push(name),
            }
        }
        let warnings = self.warnings(kind, &checked);
        let set = checked.into_iter().map(|(name, value)| (name, Some(value)));
        edit.fields = set.chain(emptied.into_iter().map(|name| (name, None))).collect();
        Ok(warnings)
    }

    fn read(&self, kind: &RecordType, field: &Field, value: FieldValue) -> Result<FieldValue> {
        let place = || kind.place(&field.name);
        let value = reading::read(self, field, value).map_err(|error| error.or_at(place))?;
        // A list of nothing but separators.
        if value.is_empty() {
            return Err(Error::new(ErrorKind::BadValue, "the list is empty").at(place()));
        }
        Ok(value)
    }

    fn warnings(&self, kind: &RecordType, values: &BTreeMap<String, FieldValue>) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for field in &kind.fields {
            let Some(value) = values.get(&field.name) else {
                continue;
            };
            let mut warn = |unusual| {
                let (record_type, field) = (kind.name.clone(), field.name.clone());
                warnings.push(Warning { record_type, field, kind: unusual });
            };
            if field.retired {
                warn(WarningKind::RetiredField);
            }
            if self.is_retired_code(field, value) {
                warn(WarningKind::RetiredCode);
            }
            if !is_usual(self.matcher(kind, field, values), value) {
                warn(WarningKind::UnusualForm);
            }
            if !is_known_place(value) {
                warn(WarningKind::UnknownPlace);
            }
        }
        warnings
    }

    fn is_retired_code(&self, field: &Field, value: &FieldValue) -> bool {
        let Some(terms) = field.vocabulary.as_deref().and_then(|name| self.vocabulary(name)) else {
            return false;
        };
        let retired = |code: &SecretText| terms.term(code.expose()).is_some_and(|t| t.retired);
        match value {
            FieldValue::Code(code) => retired(code),
            FieldValue::CodeList(codes) => codes.iter().any(retired),
            _ => false,
        }
    }

    /// The form that the field names, or that the code beside it names.
    fn matcher<'a>(
        &'a self,
        kind: &RecordType,
        field: &'a Field,
        values: &BTreeMap<String, FieldValue>,
    ) -> Option<&'a Matcher> {
        let by_code = || {
            let from = kind.field(field.pattern_from.as_deref()?).ok()?;
            let code = values.get(&from.name)?.as_text()?;
            self.vocabulary(from.vocabulary.as_deref()?)?.term(code)?.matcher.as_ref()
        };
        by_code().or(field.matcher.as_ref())
    }
}

fn is_usual(matcher: Option<&Matcher>, value: &FieldValue) -> bool {
    let Some(matcher) = matcher else { return true };
    // People space and dash long numbers as they like: either spelling will do.
    let usual = |text: &SecretText| {
        let mut dense = String::with_capacity(text.expose().len());
        dense.extend(text.expose().chars().filter(|c| !matches!(c, ' ' | '(' | ')' | '.' | '-')));
        matcher.is_match(text.expose()) || matcher.is_match(SecretText::from(dense).expose())
    };
    match value {
        FieldValue::Text(text) => usual(text),
        FieldValue::TextList(items) => items.iter().all(usual),
        _ => true,
    }
}

fn is_known_place(value: &FieldValue) -> bool {
    match value {
        FieldValue::Place(place) => place.is_known(),
        FieldValue::PlaceList(places) => places.iter().all(|place| place.is_known()),
        _ => true,
    }
}

fn missing(kind: &RecordType, field: &Field) -> Error {
    Error::new(ErrorKind::Required, "a required field is empty").at(kind.place(&field.name))
}

#[cfg(test)]
mod tests;
