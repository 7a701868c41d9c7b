//! Attached files that no field names: a line for each, which says where it is or why not.

use crate::consent::Reason;
use crate::redact::rule::Rule;
use crate::redact::view::{Outcome, RedactedField, RedactedRecord, Shown};
use crate::redact::{Mark, Redactor, Verdict};
use crate::schema::Field;

/// A file of a record that no field names.
pub(crate) struct AttachedFile<'a> {
    /// What stands for it, and the sensitivities that it may have; nothing if whoever makes the
    /// export does not open it.
    pub(crate) field: Option<(Field, Vec<String>)>,
    pub(crate) verdict: Option<&'a Verdict>,
    pub(crate) state: FileState,
}

/// What people said of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileState {
    Unread,
    Approved,
    /// It lies among what two people release, which nobody can do for a file that no field names.
    TwoPeople,
}

impl Redactor<'_> {
    /// A line for each file of a record that no field names. One that leaves has no name yet.
    pub(crate) fn attach(&self, record: &mut RedactedRecord, files: &[AttachedFile<'_>]) {
        let label = self.saying.language.pick("Archivo adjunto", "Attached file");
        for (number, file) in (1..).zip(files) {
            let outcome = self
                .kept_back(&record.record_type, file)
                .map_or_else(|| Outcome::Kept(Shown::file("")), Outcome::Withheld);
            record.fields.push(RedactedField {
                name: attached_line(number),
                label: format!("{label} {number}"),
                sensitivity: String::new(),
                outcome,
                reason: file.verdict.map_or(Reason::NoConsent, |verdict| verdict.reason),
                missing: file.verdict.map(|verdict| verdict.missing.clone()).unwrap_or_default(),
            });
        }
    }

    /// Why such a file does not leave.
    fn kept_back(&self, record_type: &str, file: &AttachedFile<'_>) -> Option<Mark> {
        let Some((field, sensitivities)) = &file.field else { return Some(Mark::Sealed) };
        if !file.verdict.is_some_and(|verdict| verdict.permitted) {
            return Some(Mark::Consent);
        }
        let of = (self.profile, self.saying.schema);
        match Rule::of_file(of, record_type, (field, sensitivities), self.narrowing) {
            Rule::Keep => {}
            Rule::Withhold(mark) => return Some(mark),
            Rule::Coarsen | Rule::Code => return Some(Mark::Profile),
        }
        match file.state {
            FileState::Approved => None,
            FileState::Unread => Some(Mark::File),
            FileState::TwoPeople => Some(Mark::TwoPeople),
        }
    }
}

/// The name of the line of a file that no field names.
pub(crate) fn attached_line(number: usize) -> String {
    format!("attached_file_{number}")
}
