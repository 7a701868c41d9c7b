//! Raising e: a fresh anchor, so that what hung from the one before can never be opened again.
//!
//! One order serves every act that raises it: an erase, a rotation of keys, a recovery, a
//! restore. It is what makes it safe to be killed anywhere (`docs/design.md`): spare slot, next
//! capsule, *one* journal frame (the point of no return), read back, capsule renamed, old slot
//! overwritten last, so that its presence says that work is left.

use std::path::Path;

use crate::audit::Act;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::VaultId;
use crate::keys::anchor::{AnchorSlot, AnchorStore};
use crate::keys::capsule::{self, Capsule};
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::roster::Roster;
use crate::keys::tree::{KeyTree, root_key};
use crate::secret::Key;
use crate::vault::commit::{Ready, Tx};
use crate::vault::{Live, Vault, roster_row};

/// The steps, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    SpareSlot,
    NextCapsule,
    Frame,
    ReadBack,
    CapsuleRenamed,
    OldSlotGone,
    Head,
}

/// Called after each step; a test copies the folders there, or stops.
#[cfg(test)]
pub(super) type Hook = Box<dyn Fn(Step) -> Result<()> + Send>;

/// A new roster with the keys of those who stay, and its stored form.
pub(super) struct NewRoster {
    pub(super) roster: Roster,
    pub(super) bytes: Vec<u8>,
    pub(super) ring: KeyRing,
}

/// Steps 1 to 3 are done: a slot and a capsule wait for their frame.
pub(super) struct Advance {
    epoch: u64,
    vault_epoch: u32,
    key: Key,
    roster: Option<NewRoster>,
}

impl Vault {
    /// Steps 2 and 3. Whoever calls holds the writer's lock; until the frame, all of it is undone
    /// by the next opening.
    pub(super) fn begin_advance(&self, live: &Live, roster: Option<NewRoster>) -> Result<Advance> {
        let epoch = live.tree.root().erase_epoch + 1;
        let ring = roster.as_ref().map_or(&live.ring, |new| &new.ring);
        let body = roster.as_ref().map_or(&live.roster.body, |new| &new.roster.body);
        let mut slot = AnchorSlot::generate(self.id, epoch, Vec::new())?;
        let (vault_epoch, ck) = ring.newest(VAULT)?;
        let key = root_key(&self.id, ck, &slot.key, epoch);
        slot.head = self.head_now(live).to_bytes(&key);
        self.anchor.write_spare(&slot)?;
        self.ensure_alive()?;
        self.step(Step::SpareSlot)?;
        let bytes = Capsule::seal(&self.id, &slot, body, self.member, &self.identity)?;
        capsule::write_next(&self.folder, &bytes)?;
        self.step(Step::NextCapsule)?;
        Ok(Advance { epoch, vault_epoch, key, roster })
    }

    /// Seals what is to become durable together with the new epoch.
    pub(super) fn ready_advance(
        &self,
        live: &Live,
        advance: &Advance,
        tx: Tx<'_>,
        act: Act,
    ) -> Result<Ready> {
        let Tx { mut edit, mut batch, changes, note } = tx;
        // The top is sealed anew under the new root key, whatever else changed.
        edit.touch()?;
        let (mut ring, mut stamp) = (&live.ring, (live.roster.version, live.roster.hash));
        if let Some(new) = &advance.roster {
            batch.put(roster_row(0), new.bytes.clone());
            batch.put(roster_row(new.roster.version), new.bytes.clone());
            ring = &new.ring;
            stamp = (new.roster.version, new.roster.hash);
        }
        let sealed =
            edit.seal(&mut batch, advance.key.clone(), advance.epoch, advance.vault_epoch)?;
        self.finish(live, sealed, batch, (changes, note), act, stamp, ring)
    }

    /// Steps 4 to 8. An error ends the session and touches nothing more: opening sorts it out.
    pub(super) fn complete_advance(
        &self,
        advance: Advance,
        ready: Ready,
        then: impl FnOnce(&mut Live),
    ) -> Result<()> {
        let Advance { epoch, roster, .. } = advance;
        let taken = |live: &mut Live| {
            // Nobody reads while the commit is done, so nothing old is kept anew.
            self.recent.forget();
            if let Some(new) = roster {
                live.roster = new.roster;
                live.ring = new.ring;
            }
            then(live);
        };
        let done = self.commit(ready, taken).and_then(|_| self.settle_frame(epoch));
        done.inspect_err(|_| self.end())
    }

    /// Steps 5 to 8, once the frame is durable.
    fn settle_frame(&self, epoch: u64) -> Result<()> {
        self.step(Step::Frame)?;
        self.store.verify_newest()?;
        self.prove_root(epoch)?;
        self.step(Step::ReadBack)?;
        capsule::promote_next(&self.folder)?;
        self.step(Step::CapsuleRenamed)?;
        self.anchor.destroy(epoch - 1)?;
        self.ensure_alive()?;
        self.step(Step::OldSlotGone)?;
        // All is done; a head that cannot be written now is written at the next opening.
        let _ = self.note_position();
        self.step(Step::Head)
    }

    /// Opens the newest root under the slot as the medium gives it now: only then may the slot
    /// before it go.
    pub(super) fn prove_root(&self, epoch: u64) -> Result<()> {
        let slots = self.anchor.slots()?;
        let slot = slots.iter().find(|slot| slot.vault == self.id && slot.erase_epoch == epoch);
        let slot = slot
            .ok_or_else(|| Error::new(ErrorKind::NoAnchor, "the new slot of the anchor is gone"))?;
        let live = self.live();
        let root = *live.tree.root();
        let ck = live.ring.get(VAULT, root.vault_epoch)?;
        let key = root_key(&self.id, ck, &slot.key, epoch);
        KeyTree::new(self.id, root, key).lookup(self.store.as_ref(), 0).map(|_| ())
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "a test stops here")]
    const fn step(&self, _: Step) -> Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self, step: Step) -> Result<()> {
        let hook = self.hook.lock().unwrap();
        hook.as_ref().map_or(Ok(()), |hook| hook(step))
    }
}

/// Finishes or undoes what an interrupted advance left, before the vault is opened.
///
/// `epoch` is that of the newest root in the journal. Gives its slot.
pub(super) fn settle(
    folder: &Path,
    anchor: &dyn AnchorStore,
    (vault, epoch): (VaultId, u64),
    writable: bool,
) -> Result<(AnchorSlot, Settled)> {
    let mut slots = anchor.slots()?;
    slots.retain(|slot| slot.vault == vault);
    if slots.is_empty() {
        return Err(Error::new(ErrorKind::NoAnchor, "no anchor here: recover or restore"));
    }
    let has = |epoch: u64| slots.iter().any(|slot| slot.erase_epoch() == epoch);
    let Some(current) = slots.iter().find(|slot| slot.erase_epoch() == epoch) else {
        return Err(Error::new(
            ErrorKind::RolledBack,
            "the anchor and the journal are of different ages",
        )
        .at(Place::File("anchor.key".to_owned())));
    };
    let before = epoch.checked_sub(1).filter(|before| has(*before));
    let next = capsule::next_epoch(folder)?;
    let settled = Settled {
        finish: before,
        promote: next == Some(epoch),
        undone: next.is_some_and(|next| next != epoch),
    };
    if writable {
        match next {
            Some(next) if next == epoch => capsule::promote_next(folder)?,
            _ => capsule::remove_next(folder)?,
        }
    }
    Ok((current.clone(), settled))
}

/// What [`settle`] found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    /// The old slot that is still to be destroyed once the frame was read back.
    pub(super) finish: Option<u64>,
    /// The capsule of the newest root was still to be renamed.
    pub(super) promote: bool,
    /// Something of an advance that never came to its point of no return.
    pub(super) undone: bool,
}
