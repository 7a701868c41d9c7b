//! The vault: the one type that joins keys, sealing, search, the log and the store.
//!
//! A session belongs to one identity and wipes its keys on drop. Reads take a shared lock, so
//! that what they see of the key tree and of the rows is of one moment; writers come one by one.

mod advance;
mod attachments;
mod audit;
mod backup;
mod bulk;
mod check;
mod commit;
mod consents;
mod create;
mod disclosures;
mod edit;
mod erase;
mod escrow;
mod evolve;
mod exports;
mod family;
mod find;
mod folder;
mod history;
mod holds;
mod interchange;
mod ledger;
mod links;
mod members;
mod meta;
mod notice;
mod open;
mod options;
mod overrides;
mod own;
mod panic;
mod past;
mod policy;
mod postings;
mod read;
mod readings;
mod receipt;
mod recent;
mod recipients;
mod recovery;
mod reseal;
mod retention;
mod rotation;
mod seen;
mod signature;
mod state;
mod status;
mod unlock;
mod witness;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
#[cfg(feature = "sled")]
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use attachments::{Attachment, AttachmentReader, Custodian, Custody, HandOver, NewAttachment};
pub use audit::AuditRequest;
#[cfg(fuzzing)]
pub(crate) use backup::fuzz_backup;
pub use backup::{
    BackupFile, BackupKind, BackupProgress, BackupReceipt, BackupRequest, KnownBackup, Restore,
    RestoreReport, Restored, SealedTo,
};
pub use check::{CheckProgress, CheckReport, Finding};
#[cfg(benching)]
pub(crate) use commit::UNLOGGED;
pub use consents::{Consents, Withdrawal};
pub use escrow::{Ceremony, Drill};
pub use exports::{Export, ExportRequest, ReviewState, TextReview};
pub use history::Revision;
pub use holds::Hold;
pub use members::Member;
pub use notice::Notice;
pub use options::VaultOptions;
pub use panic::PanicReport;
pub use policy::PolicyVersion;
pub use readings::ReviewSpan;
pub use receipt::{
    Against, BackupLeft, Because, Erasure, ErasureReceipt, Finality, SignedReceipt, ToTell,
};
pub use recovery::{Recovered, Recovery};
pub use reseal::ResealProgress;
pub use retention::{Due, DueRecords};
pub use status::{EscrowStatus, Status};
pub use unlock::note_failed_unlock;

use crate::audit::FIRST_RECORD_SLOT;
use crate::consent::Policy;
use crate::crypto::merkle::Frontier;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InstanceId, MemberId, RecordId, VaultId};
use crate::keys::Fingerprint;
use crate::keys::anchor::AnchorStore;
use crate::keys::identity::Identity;
use crate::keys::pin::{PinStore, PinnedCheckpoint};
use crate::keys::ring::KeyRing;
use crate::keys::roster::{RoleEntry, Roster};
use crate::keys::tree::KeyTree;
use crate::schema::Schema;
use crate::seal::Group;
use crate::secret::Key;
use crate::store::Store;
use crate::time::{Clock, Timestamp};

/// First byte of a record row's store key.
const RECORD_TABLE: u8 = b'r';
/// First byte of a history row's store key.
const HISTORY_TABLE: u8 = b'h';
/// First byte of the rosters' store keys.
const ROSTER_TABLE: u8 = b'm';
/// The slot of the schema's record.
const SCHEMA_SLOT: u64 = 0;
/// The slot of the group that holds SK_index of every compartment.
const INDEX_SLOT: u64 = 1;
/// The slot of the policies' record.
const POLICY_SLOT: u64 = 2;
/// The slot of the newest drill's record.
const DRILL_SLOT: u64 = 4;
/// The slot of the record of known backups, which the first backup takes.
const BACKUPS_SLOT: u64 = 3;

/// An open vault, as one identity sees it.
///
/// `Vault` is `Send + Sync`: share it behind an `Arc` among threads.
///
/// ```
/// # fn main() -> amparo::Result<()> {
/// # #[cfg(feature = "sled")] {
/// # let dir = tempfile::tempdir().unwrap();
/// # let path = dir.path().join("vault");
/// use amparo::{Identity, RecordDraft, Schema, Vault};
///
/// let rosa = Identity::generate()?;
/// let vault = Vault::create(&path, &Schema::peru()?, &rosa)?;
/// let case = RecordDraft::new("case")
///     .set("case_code", "HCO-0001")
///     .set("registration_date", "2026-03-01")
///     .set("status", "open");
/// let case = vault.add(case)?;
/// let record = vault.read(case)?;
/// assert_eq!(record.field("case_code").and_then(|v| v.as_text()), Some("HCO-0001"));
/// # }
/// # Ok(())
/// # }
/// ```
pub struct Vault {
    id: VaultId,
    instance: InstanceId,
    folder: PathBuf,
    fingerprint: Fingerprint,
    store: Arc<dyn Store>,
    anchor: Arc<dyn AnchorStore>,
    anchor_place: String,
    clock: Arc<dyn Clock>,
    pins: Option<Arc<dyn PinStore>>,
    identity: Identity,
    member: MemberId,
    generation: u64,
    writable: bool,
    ended: AtomicBool,
    notices: Mutex<Vec<Notice>>,
    /// Checkpoints of this vault that partners kept.
    witnessed: Mutex<Vec<PinnedCheckpoint>>,
    live: RwLock<Live>,
    recent: recent::Recent,
    /// What was read and is not in the log yet.
    seen: seen::Unlogged,
    /// The policy in force, and the digest of the record and the roster that it was read
    /// under.
    policy: Mutex<Option<(policy::ReadUnder, Policy)>>,
    writer: Mutex<Writer>,
    #[cfg(test)]
    hook: Mutex<Option<advance::Hook>>,
}

/// What changes with every commit; read under the shared lock.
struct Live {
    tree: KeyTree,
    log: Frontier,
    newest_leaf: Timestamp,
    roster: Roster,
    role: RoleEntry,
    ring: KeyRing,
    schema: Schema,
    /// SK_index by compartment.
    index: Group,
}

impl Live {
    /// Drops every key that opens something.
    fn wipe(&mut self, vault: VaultId) {
        self.ring = KeyRing::default();
        self.index = Group::default();
        let nothing = Key::init_with(|_| ());
        self.tree = KeyTree::new(vault, *self.tree.root(), nothing);
    }
}

/// What only the one writer needs.
#[derive(Default)]
struct Writer {
    /// How many postings a word has, by the key of its first; a session's memory.
    ends: BTreeMap<u128, u64>,
    since_head: usize,
}

impl Vault {
    /// Makes a vault in a folder that must not exist, with this identity as its first director,
    /// the embedded store, and the anchor beside it. See [`VaultOptions`] for more.
    ///
    /// # Errors
    ///
    /// `Exists` if the folder or its anchor is there; `Io`, `DiskFull`, `NoPermission`.
    #[cfg(feature = "sled")]
    pub fn create(path: impl AsRef<Path>, schema: &Schema, identity: &Identity) -> Result<Self> {
        VaultOptions::new().create(path, schema, identity)
    }

    /// Opens a vault.
    ///
    /// # Errors
    ///
    /// `NotFound`, `Busy`, `NotMember`, `NoAnchor`; `Tampered`, `RolledBack` or `Missing` if what
    /// is stored is not what was written; `NewerFormat`.
    #[cfg(feature = "sled")]
    pub fn open(path: impl AsRef<Path>, identity: &Identity) -> Result<Self> {
        VaultOptions::new().open(path, identity)
    }

    /// The vault's id.
    #[must_use]
    pub const fn id(&self) -> VaultId {
        self.id
    }

    /// What people compare to be sure of the vault.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The organisation's name for the vault.
    #[must_use]
    pub fn name(&self) -> String {
        self.live().roster.body.name.clone()
    }

    /// The schema in force.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.live().schema.clone()
    }

    /// The role of this session's identity.
    #[must_use]
    pub fn role(&self) -> String {
        self.live().role.name.clone()
    }

    /// The compartments that this session opens, in the order of the schema.
    #[must_use]
    pub fn compartments(&self) -> Vec<String> {
        let live = self.live();
        live.roster
            .body
            .compartments
            .iter()
            .zip(1_u8..)
            .filter(|(_, code)| live.ring.holds(*code))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// What happened while opening that a person should know.
    #[must_use]
    pub fn notices(&self) -> Vec<Notice> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the session in good order: the anchor's head and the pin say how far it came.
    /// Dropping a vault does the same, without telling about a failure.
    ///
    /// # Errors
    ///
    /// `Io` or `DiskFull` if the head, the pin, or what was read could not be written; nothing
    /// else is lost.
    pub fn close(self) -> Result<()> {
        let noted = self.log_reads().and_then(|()| self.note_position());
        // Dropped next: it has nothing left to note.
        self.end();
        noted
    }

    /// Moves every row to its cheapest place on the disk and drops what no row needs any more.
    ///
    /// # Errors
    ///
    /// `ReadOnly`, `Io`, `DiskFull`; a failure loses nothing.
    pub fn compact(&self) -> Result<()> {
        self.ensure_writable()?;
        let _writer = self.writer();
        self.note_position()?;
        self.store.compact().map(drop)
    }

    fn live(&self) -> RwLockReadGuard<'_, Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn live_mut(&self) -> RwLockWriteGuard<'_, Live> {
        self.live.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn witnessed(&self) -> MutexGuard<'_, Vec<PinnedCheckpoint>> {
        self.witnessed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, notice: Notice) {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).push(notice);
    }

    /// Before every operation: the session has not ended, and no panic has passed over it.
    fn ensure_alive(&self) -> Result<()> {
        if self.ended.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::SessionEnded, "the session has ended; open again"));
        }
        let gone = match self.anchor.generation() {
            Ok(generation) if generation == self.generation => return Ok(()),
            Ok(_) => {
                // A panic passed over: what this session wrote since must not outlive it.
                for slot in self.anchor.slots().unwrap_or_default() {
                    let _ = self.anchor.destroy(slot.erase_epoch());
                }
                let _ = crate::keys::capsule::destroy_unless_escrowed(&self.folder);
                Error::new(ErrorKind::NoAnchor, "the anchor was destroyed")
            }
            Err(error) if error.kind() == ErrorKind::NoAnchor => error,
            Err(error) => return Err(error),
        };
        self.end();
        // Whoever is at work holds them a moment longer, and finds the session ended next.
        if let Ok(mut live) = self.live.try_write() {
            live.wipe(self.id);
        }
        Err(gone)
    }

    fn ensure_writable(&self) -> Result<()> {
        self.ensure_alive()?;
        if self.writable {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::ReadOnly, "the vault is open for reading only"))
        }
    }

    fn ensure_administrator(&self) -> Result<()> {
        if self.live().role.administers {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::NotAllowed, "only an administrator may do this"))
        }
    }

    fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
        self.recent.forget();
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        let _ = self.log_reads();
        // A close that failed here loses nothing: the journal has it all.
        let _ = self.note_position();
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.id)
    }
}

fn record_row(id: &RecordId) -> Vec<u8> {
    let mut key = Vec::with_capacity(17);
    key.push(RECORD_TABLE);
    key.extend_from_slice(id.as_bytes());
    key
}

/// The store key of a roster version; version 0 stands for the newest.
fn roster_row(version: u64) -> Vec<u8> {
    let mut key = vec![ROSTER_TABLE];
    key.extend_from_slice(&version.to_be_bytes());
    key
}
