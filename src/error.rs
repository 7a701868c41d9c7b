//! The one error of the crate: a kind, and a place.
//!
//! An error names a place, never a value: messages reach terminals, logs and bug reports.

use std::fmt;

use crate::id::RecordId;

/// Why an operation did not happen.
///
/// ```
/// use amparo::{ErrorKind, Schema};
/// let error = Schema::parse("records = 3").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::BadSchema);
/// ```
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    place: Option<Box<Place>>,
    detail: &'static str,
}

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of this kind, for whoever brings a store, an anchor or a clock of their own. The
    /// detail is a fixed phrase: what a program writes cannot quote what a person did.
    #[must_use]
    pub const fn new(kind: ErrorKind, detail: &'static str) -> Self {
        Self { kind, place: None, detail }
    }

    /// The same at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// Keeps a place that is already there: the innermost knows best.
    pub(crate) fn or_at(self, place: impl FnOnce() -> Place) -> Self {
        if self.place.is_some() { self } else { self.at(place()) }
    }

    /// An error of the operating system. Its message may quote a path; only its kind is kept.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "shape of map_err")]
    pub fn io(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        match error.kind() {
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => {
                Self::new(ErrorKind::DiskFull, "the disk is full")
            }
            Io::ReadOnlyFilesystem => {
                Self::new(ErrorKind::ReadOnly, "the file system is read-only")
            }
            Io::PermissionDenied => Self::new(ErrorKind::NoPermission, "permission denied"),
            Io::NotFound => Self::new(ErrorKind::NotFound, "no such file"),
            Io::AlreadyExists => Self::new(ErrorKind::Exists, "a file of this name exists"),
            _ => Self::new(ErrorKind::Io, "reading or writing failed"),
        }
    }

    /// What went wrong, for a program to match on.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where it went wrong, when one place can be named.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }

    /// A fixed English phrase for developers; never holds a value.
    #[must_use]
    pub const fn detail(&self) -> &'static str {
        self.detail
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail)?;
        if let Some(place) = &self.place {
            write!(f, " ({place})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.kind)
    }
}

impl std::error::Error for Error {}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $code:literal,)+) => {
        /// The kinds of failure; each has a stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[doc = $doc])+ $kind,)+ }

        impl ErrorKind {
            /// Every kind, for tables of messages.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// A stable name in kebab case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)+ }
            }
        }
    };
}

kinds! {
    /// Reading or writing failed.
    Io = "io",
    /// No room is left on the disk.
    DiskFull = "disk-full",
    /// The operating system refused access.
    NoPermission = "no-permission",
    /// The vault was opened for reading only, or lies on read-only media.
    ReadOnly = "read-only",
    /// Another process has the vault open for writing.
    Busy = "busy",
    /// Something of this name is there already.
    Exists = "exists",
    /// There is no such record, file or member.
    NotFound = "not-found",
    /// The record was changed by somebody else since it was read.
    Conflict = "conflict",
    /// The schema has no such record type.
    UnknownType = "unknown-type",
    /// The record type has no such field.
    UnknownField = "unknown-field",
    /// A code is not in the vocabulary of the field.
    UnknownCode = "unknown-code",
    /// A value is not of the kind of its field.
    BadValue = "bad-value",
    /// A required field is empty.
    Required = "required",
    /// A value, row or file is longer than allowed.
    TooLong = "too-long",
    /// A record stands under a parent of the wrong type.
    BadParent = "bad-parent",
    /// A schema cannot be read, or contradicts itself.
    BadSchema = "bad-schema",
    /// A new schema changes what an older one promised.
    BadSchemaChange = "bad-schema-change",
    /// A policy cannot be read, or contradicts itself.
    BadPolicy = "bad-policy",
    /// Somebody who is blocked neither gives nor receives.
    Blocked = "blocked",
    /// Consent or policy does not let it leave.
    Refused = "refused",
    /// A value that was kept back stands in a finished file.
    Leaks = "leaks",
    /// An input file cannot be read as what it should be.
    BadInput = "bad-input",
    /// A field is not indexed in the way a search asks for.
    NotIndexed = "not-indexed",
    /// A wrong passphrase, or a damaged identity file.
    WrongPassphrase = "wrong-passphrase",
    /// The identity is not a member of this vault.
    NotMember = "not-member",
    /// The role does not hold the compartment.
    NoCompartment = "no-compartment",
    /// The role may not do this.
    NotAllowed = "not-allowed",
    /// A change among administrators needs the signature of a second one.
    NeedsSecondSignature = "needs-second-signature",
    /// Key derivation parameters are outside the bounds.
    BadParameters = "bad-parameters",
    /// The anchor of the vault is not here: this is a copy, or the anchor was destroyed.
    NoAnchor = "no-anchor",
    /// A file is sealed to somebody else.
    NotSealedToYou = "not-sealed-to-you",
    /// A share was mistyped, or is damaged.
    ShareDamaged = "share-damaged",
    /// A share was not made by whom it says, or is none of those that the roster knows.
    ShareForged = "share-forged",
    /// A share belongs to another vault.
    ShareForeign = "share-foreign",
    /// A share belongs to another split of the escrow than the others.
    ShareOutdated = "share-outdated",
    /// A share was given twice.
    ShareTwice = "share-twice",
    /// Too few custodians came together.
    TooFewShares = "too-few-shares",
    /// The format is newer than this program.
    NewerFormat = "newer-format",
    /// Stored bytes were altered, swapped or cut.
    Tampered = "tampered",
    /// Stored bytes are older than what was seen before.
    RolledBack = "rolled-back",
    /// A row that must be there is not.
    Missing = "missing",
    /// The vault is not the one that was pinned.
    UnknownFingerprint = "unknown-fingerprint",
    /// A backup that was not written to its end, or was cut.
    Unfinished = "unfinished",
    /// An earlier failure ended this session; open the vault again.
    SessionEnded = "session-ended",
    /// The operating system gave no random bytes.
    NoRandomness = "no-randomness",
    /// A defect in this program or a library of it; nothing was changed.
    Internal = "internal",
}

/// Where something went wrong. Holds positions and names from the schema, never data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// A file that the caller named or that belongs to a vault.
    File(String),
    /// A line and column of an input, both from 1.
    Line {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A line and group of a text that is typed from paper, both from 1.
    TypedLine {
        /// The file's name, where there are several; else empty.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Group within the line, from 1, where one can be named.
        group: Option<usize>,
    },
    /// How many shares there are, and how many must come together.
    Quorum {
        /// Shares that are valid.
        present: usize,
        /// The quorum.
        needed: usize,
    },
    /// A row (from 1, the header not counted) and a column of a table.
    Cell {
        /// Row, from 1, the header not counted.
        row: usize,
        /// The column's name in the schema.
        column: String,
    },
    /// A record.
    Record(RecordId),
    /// A record's section in one compartment.
    Section {
        /// The record.
        record: RecordId,
        /// The compartment's name or number.
        compartment: String,
    },
    /// A field of a record type.
    Field {
        /// The record type.
        record_type: String,
        /// The field.
        field: String,
    },
    /// A record type or another name of the schema.
    Schema(String),
    /// A line of a schema's source, and the name that it is about.
    SchemaLine {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The name: of a record type, `type.field`, a vocabulary, a role.
        name: String,
    },
    /// A node of the key tree.
    Node {
        /// Level, 0 at the records.
        level: u8,
        /// Index within the level.
        index: u64,
    },
    /// A leaf of the log.
    Leaf(u64),
    /// A version of the roster.
    Roster(u64),
    /// A byte offset in a file of the store.
    Offset {
        /// The file's name within the store.
        file: String,
        /// Offset in bytes.
        offset: u64,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(name) => write!(f, "{name}"),
            Self::Line { line, column } => write!(f, "line {line}, column {column}"),
            Self::TypedLine { file, line, group } => {
                let comma = if file.is_empty() { "" } else { ", " };
                write!(f, "{file}{comma}line {line}")?;
                group.map_or(Ok(()), |group| write!(f, ", group {group}"))
            }
            Self::Quorum { present, needed } => write!(f, "{present} of {needed}"),
            Self::Cell { row, column } => write!(f, "row {row}, column {column}"),
            Self::Record(id) => write!(f, "record {id}"),
            Self::Section { record, compartment } => write!(f, "record {record}, {compartment}"),
            Self::Field { record_type, field } => write!(f, "{record_type}.{field}"),
            Self::Schema(name) => write!(f, "{name}"),
            Self::SchemaLine { line, column, name } => {
                write!(f, "line {line}, column {column}: {name}")
            }
            Self::Node { level, index } => write!(f, "key tree node {level}/{index}"),
            Self::Leaf(index) => write!(f, "log leaf {index}"),
            Self::Roster(version) => write!(f, "roster {version}"),
            Self::Offset { file, offset } => write!(f, "{file}, offset {offset}"),
        }
    }
}
