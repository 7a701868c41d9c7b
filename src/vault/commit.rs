//! One commit: the key tree sealed, a signed leaf, the state, the store; then the session's own
//! picture of the vault moves on.

use crate::audit::{Act, Change, Leaf, Seen, leaf_row};
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InstanceId, RecordId};
use crate::keys::head::AnchorHead;
use crate::keys::pin::{Pin, PinnedCheckpoint};
use crate::keys::ring::KeyRing;
use crate::keys::tree::{Entry, KeyTree, SealedEdit, TreeEdit, fresh_key};
use crate::seal::{Group, SealedRecord};
use crate::store::{Batch, Expect, Position};
use crate::time::Timestamp;
use crate::vault::state::State;
use crate::vault::{Live, Vault, Writer, record_row};

/// Set by a bench that measures what the log costs.
#[cfg(benching)]
pub(crate) static UNLOGGED: std::sync::atomic::AtomicBool =
    std::sync::atomic::AtomicBool::new(false);

/// Always, but in that bench.
#[cfg(benching)]
fn is_logged() -> bool {
    !UNLOGGED.load(std::sync::atomic::Ordering::Relaxed)
}

#[cfg(not(benching))]
const fn is_logged() -> bool {
    true
}

/// Commits, weighed by size, between two refreshes of the anchor's head.
const HEAD_EVERY: usize = 256;
/// Rows that weigh as much as one commit.
const ROWS_PER_COMMIT: usize = 512;

/// Changes on their way into one commit.
pub(super) struct Tx<'a> {
    pub(super) edit: TreeEdit<'a>,
    pub(super) batch: Batch,
    pub(super) changes: Vec<Change>,
    /// Digest of what was signed about a file, if that is what the commit is.
    pub(super) note: Option<[u8; 32]>,
}

impl<'a> Tx<'a> {
    pub(super) fn begin(vault: &'a Vault, live: &'a Live) -> Self {
        let edit = live.tree.edit(vault.store.as_ref());
        Self { edit, batch: Batch::new(), changes: Vec::new(), note: None }
    }

    /// Puts a record's row and binds its group into the key tree.
    pub(super) fn put_record(
        &mut self,
        vault: &Vault,
        id: &RecordId,
        row: &mut SealedRecord,
        group: &Group,
        entry: RecordEntry,
    ) -> Result<[u8; 32]> {
        // Always a new key: who left may have kept the one before.
        let key = fresh_key()?;
        let (sealed, digest) = group.seal(&vault.id, id, &key)?;
        row.group = sealed;
        self.batch.put(record_row(id), row.to_bytes()?);
        let place = Entry { tail: id.tail(), key, digest };
        match entry {
            RecordEntry::New => {
                self.edit.append(place)?;
            }
            RecordEntry::Known => self.edit.replace(id.slot(), place)?,
        }
        Ok(digest)
    }
}

/// Whether a record has a place in the tree yet.
pub(super) enum RecordEntry {
    New,
    Known,
}

/// A commit that is sealed and only waits for the store.
pub(super) struct Ready {
    pub(super) batch: Batch,
    pub(super) tree: KeyTree,
    log: Frontier,
    at: Timestamp,
    reads: Vec<Seen>,
}

impl Ready {
    /// When its leaf says that it was done.
    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }
}

impl Vault {
    /// Now, and never before the newest leaf.
    pub(super) fn now(&self, live: &Live) -> Timestamp {
        self.clock.now().max(live.newest_leaf)
    }

    /// Seals the tree under the current keys, adds the leaf and the state.
    pub(super) fn ready(&self, live: &Live, tx: Tx<'_>, act: Act) -> Result<Ready> {
        let root = *live.tree.root();
        let key = live.tree.root_key().clone();
        let Tx { edit, mut batch, changes, note } = tx;
        let sealed = edit.seal(&mut batch, key, root.erase_epoch, root.vault_epoch)?;
        let stamp = (live.roster.version, live.roster.hash);
        self.finish(live, sealed, batch, (changes, note), act, stamp, &live.ring)
    }

    /// Adds leaf and state to a batch whose tree is sealed; `ring` is that of the roster which
    /// `roster` names.
    #[allow(clippy::too_many_arguments, reason = "each is one part of the commit")]
    pub(super) fn finish(
        &self,
        live: &Live,
        sealed: SealedEdit,
        mut batch: Batch,
        (changes, note): (Vec<Change>, Option<[u8; 32]>),
        act: Act,
        roster: (u64, [u8; 32]),
        ring: &KeyRing,
    ) -> Result<Ready> {
        let at = self.now(live);
        let tree = sealed.tree;
        let leaf = Leaf {
            index: live.log.size(),
            at: at.as_second(),
            actor: *self.member.as_bytes(),
            act,
            roster: live.roster.version,
            log_root: live.log.root(),
            erase_epoch: tree.root().erase_epoch,
            slots: tree.root().slots,
            tree: tree.root().digest,
            changes,
            note,
            reads: self.seen.next(),
        };
        let mut log = live.log.clone();
        if is_logged() {
            let bytes = leaf.seal(&self.id, ring, self.identity.sign_key())?;
            log.append(leaf_hash(&bytes));
            // Another session over the same store would write the same leaf: one of them loses.
            batch.expect(leaf_row(leaf.index), Expect::Absent);
            batch.put(leaf_row(leaf.index), bytes);
        }
        let (roster_version, roster_hash) = roster;
        let state = State { root: *tree.root(), roster_version, roster_hash, log: log.clone() };
        batch.state(state.to_bytes(tree.root_key()));
        Ok(Ready { batch, tree, log, at, reads: leaf.reads })
    }

    /// Makes a sealed commit durable. Nobody reads between the store's change and ours.
    pub(super) fn commit(&self, ready: Ready, then: impl FnOnce(&mut Live)) -> Result<Position> {
        let mut live = self.live_mut();
        let position = self.store.commit(&ready.batch).inspect_err(|error| {
            // After a conflict this session's picture is stale; after a failed write nobody
            // knows what is on the disk. Opening again sorts it out.
            if !matches!(error.kind(), ErrorKind::TooLong | ErrorKind::ReadOnly) {
                self.end();
            }
        })?;
        self.seen.logged(&ready.reads);
        live.tree = ready.tree;
        live.log = ready.log;
        live.newest_leaf = ready.at;
        then(&mut live);
        Ok(position)
    }

    /// A commit that changes nothing and says something.
    pub(super) fn log(&self, writer: &mut Writer, act: Act) -> Result<()> {
        let live = self.live();
        let ready = self.ready(&live, Tx::begin(self, &live), act)?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(writer, 0);
        Ok(())
    }

    /// Housekeeping after a commit; its failure is not the commit's.
    pub(super) fn after_commit(&self, writer: &mut Writer, rows: usize) {
        writer.since_head += 1 + rows / ROWS_PER_COMMIT;
        if writer.since_head >= HEAD_EVERY {
            writer.since_head = 0;
            if self.note_position().is_ok() {
                let _ = self.store.maintain();
            }
        }
    }

    /// Refreshes the anchor's head and the pin.
    pub(super) fn note_position(&self) -> Result<()> {
        if !self.writable || self.ensure_alive().is_err() {
            return Ok(());
        }
        let live = self.live();
        let head = self.head_now(&live);
        self.anchor.put_head(&head.to_bytes(live.tree.root_key()))?;
        self.save_pin(&live)
    }

    pub(super) fn head_now(&self, live: &Live) -> AnchorHead {
        head_of(self.id, self.instance, self.store.position(), live)
    }

    pub(super) fn save_pin(&self, live: &Live) -> Result<()> {
        let Some(pins) = &self.pins else { return Ok(()) };
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        pins.save(
            &self.id,
            &Pin {
                vault: self.id.to_string(),
                fingerprint: self.fingerprint.to_string(),
                roster_version: live.roster.version,
                roster_hash: hex(&live.roster.hash),
                erase_epoch: live.tree.root().erase_epoch,
                log: PinnedCheckpoint::new(live.log.size(), &live.log.root()),
                anchor: self.anchor_place.clone(),
                witnessed: self.witnessed().clone(),
            },
        )
    }
}

fn head_of(
    vault: crate::id::VaultId,
    instance: InstanceId,
    position: Position,
    live: &Live,
) -> AnchorHead {
    AnchorHead {
        vault,
        instance,
        erase_epoch: live.tree.root().erase_epoch,
        roster_version: live.roster.version,
        roster_hash: live.roster.hash,
        sequence: position.sequence,
        chain: position.chain,
        tree: live.tree.root().digest,
        log: live.log.clone(),
    }
}

/// For places that must say why a write cannot be.
pub(super) fn too_many(count: usize) -> Result<()> {
    if count <= crate::audit::MAX_RECORDS {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::TooLong, "at most 1,000 records in one commit"))
    }
}
