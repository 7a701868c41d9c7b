//! Failures: a kind becomes an exit code, a message and a hint.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use amparo::{Error, ErrorKind, Place};

use crate::messages::{Messages, text};
use crate::output::{say, shown};

/// Why a command did not do its work.
pub(crate) enum Failure {
    /// The library refused or failed.
    Library(Error),
    /// The command line itself found something wrong: a message's id, its variables, an exit.
    Own { id: &'static str, args: Vec<(&'static str, String)>, exit: Exit },
    /// Everything was said already.
    Said(Exit),
    /// The reader of stdout went away, which is success.
    BrokenPipe,
}

/// The exit codes that scripts rely on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    Failed = 1,
    Usage = 2,
    Locked = 3,
    Refused = 4,
    Integrity = 5,
    Quorum = 6,
}

impl Failure {
    /// A failure that the command line found.
    pub(crate) const fn own(id: &'static str) -> Self {
        Self::Own { id, args: Vec::new(), exit: Exit::Failed }
    }

    pub(crate) const fn usage(id: &'static str) -> Self {
        Self::Own { id, args: Vec::new(), exit: Exit::Usage }
    }

    /// Adds a variable of the message: a name or a number, never a value of a record.
    pub(crate) fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        if let Self::Own { args, .. } = &mut self {
            args.push((key, value.to_string()));
        }
        self
    }

    pub(crate) fn exit(mut self, code: Exit) -> Self {
        if let Self::Own { exit, .. } = &mut self {
            *exit = code;
        }
        self
    }

    /// The message of the operating system may quote what it likes; its kind is kept.
    pub(crate) fn io(error: &io::Error, path: Option<&Path>) -> Self {
        use io::ErrorKind as Io;
        let id = match error.kind() {
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => "error-disk-full",
            Io::ReadOnlyFilesystem => "error-read-only",
            Io::PermissionDenied => "error-no-permission",
            Io::NotFound => "file-not-found",
            Io::AlreadyExists => "file-exists",
            Io::IsADirectory => "file-is-folder",
            _ => "error-io",
        };
        Self::own(id).with("place", path.map(|path| path.display().to_string()).unwrap_or_default())
    }

    /// Says what went wrong, and what to do.
    pub(crate) fn report(&self, messages: &Messages) -> ExitCode {
        let exit = match self {
            Self::BrokenPipe => return ExitCode::SUCCESS,
            Self::Said(exit) => *exit,
            Self::Library(error) => {
                say(&format!("error: {}", describe(error, messages)));
                hint(&format!("hint-{}", error.kind().code()), messages);
                exit_of(error.kind())
            }
            Self::Own { id, args, exit } => {
                let args: Vec<_> =
                    args.iter().map(|(key, value)| (*key, value.as_str().into())).collect();
                let mut line = messages.format(id, &args);
                if let Some(place) = place_argument(self).filter(|place| !line.contains(*place)) {
                    line = format!("{line} ({place})");
                }
                say(&format!("error: {line}"));
                hint(&format!("hint-{}", id.trim_start_matches("error-")), messages);
                *exit
            }
        };
        ExitCode::from(exit as u8)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

/// The exit code of a kind.
pub(crate) const fn exit_of(kind: ErrorKind) -> Exit {
    match kind {
        ErrorKind::WrongPassphrase
        | ErrorKind::NotMember
        | ErrorKind::NoCompartment
        | ErrorKind::NotAllowed
        | ErrorKind::NoAnchor
        | ErrorKind::NotSealedToYou
        | ErrorKind::NeedsSecondSignature => Exit::Locked,
        ErrorKind::Tampered
        | ErrorKind::RolledBack
        | ErrorKind::Missing
        | ErrorKind::Unfinished
        | ErrorKind::UnknownFingerprint => Exit::Integrity,
        ErrorKind::Blocked | ErrorKind::Refused | ErrorKind::Leaks => Exit::Refused,
        ErrorKind::ShareDamaged
        | ErrorKind::ShareForged
        | ErrorKind::ShareForeign
        | ErrorKind::ShareOutdated
        | ErrorKind::ShareTwice
        | ErrorKind::TooFewShares => Exit::Quorum,
        _ => Exit::Failed,
    }
}

/// The message of an error with its place.
pub(crate) fn describe(error: &Error, messages: &Messages) -> String {
    let mut line = messages.format(&format!("error-{}", error.kind().code()), &[]);
    if let Some(place) = error.place() {
        line = format!("{line} ({})", shown(&describe_place(place, messages)));
    }
    if wants_detail(error.kind()) {
        line.push_str(&text!(messages, "error-detail", detail = error.detail()));
    }
    line
}

/// A place in the user's language.
pub(crate) fn describe_place(place: &Place, messages: &Messages) -> String {
    match place {
        Place::Line { line, column } => {
            text!(messages, "place-line", line = *line, column = *column)
        }
        Place::TypedLine { file, line, group } => {
            let place = match group {
                Some(group) => text!(messages, "place-group", line = *line, group = *group),
                None => text!(messages, "place-typed-line", line = *line),
            };
            if file.is_empty() { place } else { format!("{file}: {place}") }
        }
        Place::Quorum { present, needed } => {
            text!(messages, "place-quorum", present = *present, needed = *needed)
        }
        Place::Cell { row, column } => {
            text!(messages, "place-cell", row = *row, column = column.as_str())
        }
        Place::Record(id) => text!(messages, "place-record", id = id.to_string()),
        Place::Section { record, compartment } => text!(
            messages,
            "place-section",
            id = record.to_string(),
            compartment = compartment.as_str(),
        ),
        Place::Node { level, index } => {
            text!(messages, "place-node", level = u32::from(*level), index = *index)
        }
        Place::Leaf(index) => text!(messages, "place-leaf", index = *index),
        Place::Roster(version) => text!(messages, "place-roster", version = *version),
        Place::Row(key) => text!(messages, "place-row", key = key.as_str()),
        Place::Offset { file, offset } => {
            text!(messages, "place-offset", file = file.as_str(), offset = *offset)
        }
        other => other.to_string(),
    }
}

/// Kinds that stand for many causes: the library's phrase says which.
const fn wants_detail(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BadSchema
            | ErrorKind::BadSchemaChange
            | ErrorKind::BadPolicy
            | ErrorKind::BadInput
            | ErrorKind::BadValue
            | ErrorKind::BadParameters
            | ErrorKind::TooLong
            | ErrorKind::Tampered
            | ErrorKind::Missing
            | ErrorKind::RolledBack
            | ErrorKind::Unfinished
            | ErrorKind::Internal
    )
}

fn place_argument(failure: &Failure) -> Option<&str> {
    let Failure::Own { args, .. } = failure else {
        return None;
    };
    args.iter().find(|(key, place)| *key == "place" && !place.is_empty()).map(|(_, place)| &**place)
}

fn hint(id: &str, messages: &Messages) {
    if let Some(hint) = messages.find(id, &[]) {
        say(&format!("hint: {hint}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locked_and_broken_vaults_have_exit_codes_of_their_own() {
        for kind in ErrorKind::ALL {
            let expected = match kind.code() {
                "wrong-passphrase"
                | "not-member"
                | "no-compartment"
                | "not-allowed"
                | "no-anchor"
                | "not-sealed-to-you"
                | "needs-second-signature" => Exit::Locked,
                "tampered" | "rolled-back" | "missing" | "unknown-fingerprint" | "unfinished" => {
                    Exit::Integrity
                }
                "blocked" | "refused" | "leaks" => Exit::Refused,
                "share-damaged" | "share-forged" | "share-foreign" | "share-outdated"
                | "share-twice" | "too-few-shares" => Exit::Quorum,
                _ => Exit::Failed,
            };
            assert_eq!(exit_of(*kind), expected, "{kind:?}");
        }
    }
}
