//! Amparo keeps survivor and case files as records whose every field is sealed on its own.
//!
//! ```
//! # #[cfg(feature = "sled")]
//! # fn main() -> amparo::Result<()> {
//! use amparo::{Identity, RecordDraft, RecordEdit, Schema, Vault};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("vault");
//! let rosa = Identity::generate()?;
//! let vault = Vault::create(&path, &Schema::peru()?, &rosa)?;
//! let case = RecordDraft::new("case")
//!     .set("case_code", "HCO-0001")
//!     .set("registration_date", "2026-03-01")
//!     .set("status", "open");
//! let case = vault.add(case)?;
//! let revision = vault.edit(case, 1, RecordEdit::new().set("status", "closed"))?;
//! assert_eq!((revision, vault.history(case)?.len()), (2, 2));
//! vault.close()
//! # }
//! # #[cfg(not(feature = "sled"))]
//! # fn main() {}
//! ```
//!
//! It protects the content of a vault's folder against a thief, against members outside their
//! role, against whoever can write the store, and, after an erasure, against everybody. It does
//! not protect against somebody at an unlocked session or malware; `SECURITY.md` says more.
//!
//! | part | what it is |
//! |---|---|
//! | [`Vault`], [`VaultOptions`] | an open vault: add, read, edit, find, erase, check |
//! | [`Schema`], [`RecordType`], [`Field`] | what a record holds, and who may read it |
//! | [`RecordDraft`], [`RecordEdit`], [`Record`], [`FieldValue`] | a record as entered, changed, opened |
//! | [`Identity`], [`MemberCard`], [`Member`] | people and their keys |
//! | `ConsentPage` | the page that a person takes home (feature `pdf`) |
//! | [`Share`], `SharePages` | what a custodian keeps, sealed, typed, or on paper (feature `pdf`) |
//! | [`ExportRequest`], [`Export`], [`RedactedView`] | what leaves: asked for, finished, and as it is shown |
//! | [`TextReview`], [`propose`], [`Vault::approve_file`] | free text and files, looked through by people before they leave |
//! | [`Bundle`], [`VerifiedExport`] | the recipient's side: opened, checked |
//! | `scrub_image` | an image with its pixels and nothing else (feature `images`) |
//! | [`BackupRequest`], [`BackupFile`], [`Restore`] | the vault as one file, and back |
//! | [`AnchorStore`], [`PinStore`], [`Clock`] | what an embedder may bring |
//! | [`store`] | where sealed rows lie; bring your own, or use the embedded one |
//!
//! Features: `sled` (the embedded store), `pdf` (pages to print), `xlsx` (workbooks), `images`
//! (images that leave are written anew) and `cli` (the command line), all on by default; the
//! library needs none of them. The stored format carries a format and a suite byte everywhere; it
//! is not frozen before 1.0. The library prints nothing, logs nothing, and reads no environment.

mod audit;
#[cfg(benching)]
#[doc(hidden)]
pub mod benching;
mod codec;
mod consent;
mod crypto;
mod error;
mod escrow;
mod export;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod id;
mod keys;
mod language;
mod record;
mod redact;
mod schema;
mod seal;
mod search;
mod secret;
mod spelling;
pub mod store;
mod time;
mod vault;

pub use audit::{
    AuditAct, AuditEvent, AuditGiven, AuditHandOver, AuditRecord, AuditTouch, Checkpoint,
    Continuation, ErasureReason, SignedCheckpoint,
};
pub use consent::{
    Action, AgeRow, Approval, Authority, Basis, Birth, Block, BlockReason, Channel, Cited,
    Condition, Consent, ConsentDocument, Controller, DataScope, Datum, Decision, Digest,
    Disclosure, DisclosureTerms, Effect, Event, EventCode, ExportReceipt, Grant, Identifiability,
    Ledger, Means, Missing, Obligation, Override, OverrideRule, OverrideTerms, Party, Policy,
    Prohibition, Purpose, ReadLog, Reason, Recall, Recipient, RecipientEntry, RecipientKind,
    RecipientRef, Request, Scope, Shape, Speaker, Standing, Statement, Subject, Voice, What,
    decide,
};
pub use error::{Error, ErrorKind, Place, Result};
pub use escrow::share::Share;
pub use export::{
    AttachedAs, Bundle, ClaimValue, ExportManifest, Manifest, ManifestFile, VerifiedBundle,
    VerifiedClaim, VerifiedExport, VerifiedRecord,
};
#[cfg(feature = "pdf")]
pub use export::{
    Candour, ConsentPage, PageConsent, PageItem, PageRecipient, PageState, SharePages, Wording,
};
pub use id::{AttachmentId, BackupId, InstanceId, MemberId, RecordId, VaultId};
pub use keys::Fingerprint;
pub use keys::anchor::{AnchorGrade, AnchorSlot, AnchorStore, FileAnchor};
pub use keys::card::MemberCard;
pub use keys::identity::Identity;
pub use keys::passphrase::Argon2Cost;
pub use keys::pin::{FilePins, Pin, PinStore};
pub use language::Language;
pub use record::{Decimal, FieldValue, Record, RecordDraft, RecordEdit, Warning, WarningKind};
pub use redact::{
    Cover, Data, KnownPeople, KnownPerson, Mark, Outcome, Part, RedactedField, RedactedRecord,
    RedactedView, Shown, SpanKind, TextSpan, propose,
};
#[cfg(feature = "images")]
pub use redact::{ScrubbedImage, scrub_image};
pub use schema::{
    Compartment, District, DueBecause, Field, Index, Kind, PlaceCode, PlaceScheme, Profile,
    RecordType, Retention, RetentionRule, Role, Schema, Sensitivity, SubjectFields, Term,
    Treatment, Vocabulary,
};
pub use secret::SecretText;
pub use time::{Clock, Date, FixedClock, SystemClock, Timestamp};
pub use vault::{
    Against, Attachment, AttachmentReader, AuditRequest, BackupFile, BackupKind, BackupLeft,
    BackupProgress, BackupReceipt, BackupRequest, Because, Ceremony, CheckProgress, CheckReport,
    Consents, Custodian, Custody, Drill, Due, DueRecords, Erasure, ErasureReceipt, EscrowStatus,
    Export, ExportRequest, Finality, Finding, HandOver, Hold, KnownBackup, Member, NewAttachment,
    Notice, PanicReport, PolicyVersion, Recovered, Recovery, ResealProgress, Restore,
    RestoreReport, Restored, ReviewSpan, ReviewState, Revision, SealedTo, SignedReceipt, Status,
    TextReview, ToTell, Vault, VaultOptions, Withdrawal, note_failed_unlock,
};

#[cfg(all(doctest, feature = "sled"))]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(all(doctest, feature = "sled"))]
#[doc = include_str!("../docs/export.md")]
struct Exports;
