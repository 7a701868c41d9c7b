//! Days and moments as people type them.

use amparo::{Date, Policy, Timestamp};

use crate::failure::Failure;

/// A moment, or the beginning of a day where the organisation is.
pub(in crate::commands) fn day_or_moment(
    policy: &Policy,
    text: &str,
) -> Result<Timestamp, Failure> {
    match text.parse::<Date>() {
        Ok(day) => Ok(Timestamp::from_second(policy.end_of(day)?.as_second() - 86_400)?),
        Err(_) => Ok(text.parse()?),
    }
}

/// A moment, or the end of a day where the organisation is.
pub(super) fn end(policy: &Policy, text: &str) -> Result<Timestamp, Failure> {
    match text.parse::<Date>() {
        Ok(day) => Ok(policy.end_of(day)?),
        Err(_) => Ok(text.parse()?),
    }
}
