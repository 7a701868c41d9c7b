//! Redaction by construction: from records to a view in which withheld values do not exist.

mod mark;
#[cfg(test)]
pub(crate) mod sample_hostile;
mod view;

pub use mark::Mark;
pub use view::{Cover, Data, Outcome, Part, RedactedField, RedactedRecord, RedactedView, Shown};
