//! Amparo keeps survivor and case files as records whose every field is sealed on its own.

mod codec;
mod crypto;
mod error;
mod id;
mod keys;
mod record;
mod schema;
mod seal;
mod secret;
pub mod store;
mod time;

pub use error::{Error, ErrorKind, Place, Result};
pub use id::{AttachmentId, InstanceId, MemberId, RecordId, VaultId};
pub use secret::SecretText;
pub use time::{Clock, Date, FixedClock, SystemClock, Timestamp};
