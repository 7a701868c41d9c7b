//! Amparo keeps survivor and case files as records whose every field is sealed on its own.

mod audit;
#[cfg(benching)]
#[doc(hidden)]
pub mod benching;
mod codec;
mod crypto;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod id;
mod keys;
mod record;
mod schema;
mod seal;
mod search;
mod secret;
pub mod store;
mod time;
mod vault;

pub use error::{Error, ErrorKind, Place, Result};
pub use id::{AttachmentId, InstanceId, MemberId, RecordId, VaultId};
pub use keys::Fingerprint;
pub use keys::anchor::{AnchorGrade, AnchorSlot, AnchorStore, FileAnchor};
pub use keys::card::MemberCard;
pub use keys::identity::Identity;
pub use keys::passphrase::Argon2Cost;
pub use keys::pin::{FilePins, Pin, PinStore};
pub use record::{Decimal, FieldValue, Record, RecordDraft, RecordEdit, Warning, WarningKind};
pub use schema::{
    Compartment, District, Field, Index, Kind, PlaceCode, PlaceScheme, Profile, RecordType, Role, Schema,
    Sensitivity, Term, Treatment, Vocabulary,
};
pub use secret::SecretText;
pub use vault::{
    CheckProgress, CheckReport, EscrowStatus, Finding, Member, Notice, Revision, Status, Vault,
    VaultOptions,
};
pub use time::{Clock, Date, FixedClock, SystemClock, Timestamp};
