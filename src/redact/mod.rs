//! Redaction by construction: from records to a view in which withheld values do not exist.
//!
//! A field is decided by consent, then put through a profile, which can only narrow. What is
//! kept back goes on a list apart, for the search of the finished files, and nowhere else.

mod attached;
mod coarser;
mod days;
mod detect;
mod hidden;
#[cfg(feature = "images")]
mod image;
mod labels;
mod mark;
mod redactor;
mod rule;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
pub(crate) mod sample_hostile;
mod saying;
mod scan;
mod text;
mod view;

#[cfg(feature = "images")]
pub use self::image::{ScrubbedImage, scrub_image};
pub(crate) use attached::{AttachedFile, FileState, attached_line};
pub use detect::{KnownPeople, KnownPerson, SpanKind, TextSpan, propose};
pub use mark::Mark;
pub(crate) use redactor::{Asked, Redacted, Redactor, Verdict};
pub(crate) use rule::{Narrowing, Rule, identifiability, is_name};
pub(crate) use saying::Saying;
pub(crate) use scan::{Scan, Standing};
pub(crate) use text::{ApprovedSpan, ApprovedText};
pub use view::{Cover, Data, Outcome, Part, RedactedField, RedactedRecord, RedactedView, Shown};
