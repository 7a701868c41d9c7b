//! Redaction by construction: from records to a view in which withheld values do not exist.

mod detect;
mod mark;
mod view;

pub use detect::{KnownPeople, KnownPerson, SpanKind, TextSpan, propose};
pub use mark::Mark;
pub use view::{Cover, Data, Outcome, Part, RedactedField, RedactedRecord, RedactedView, Shown};
