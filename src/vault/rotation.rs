//! Rotation: new keys, a new roster and a new anchor in one step.
//!
//! What it does at once: nobody who is not in the new roster opens anything that is written from
//! then on. What was written before is sealed again afterwards (`reseal`): until then it stays
//! readable to whoever kept the older keys and reads the disk.

use crate::audit::{Act, Change};
use crate::crypto::sign::SignKey;
use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::keys::identity::Identity;
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::roster::{Body, Escrow, Roster};
use crate::keys::tree::fresh_key;
use crate::seal::{Group, GroupSlot, MAX_SLOTS, SectionId};
use crate::vault::advance::NewRoster;
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::{INDEX_SLOT, Live, Vault, Writer};

/// Most indexes in use at once: each rotation adds one until all is sealed again.
const MAX_INDEXES: u8 = 4;

impl Vault {
    /// Puts `body` in force with fresh keys for these compartments, `vault` and every index.
    pub(super) fn rotate(
        &self,
        writer: &mut Writer,
        body: Body,
        compartments: &[u8],
        second: Option<&Identity>,
    ) -> Result<()> {
        let live = self.live();
        let mut ring = live.ring.clone();
        ring.rotate(compartments.iter().copied().filter(|code| *code != VAULT))?;
        ring.rotate([VAULT])?;
        let roster = self.next_roster(&live, body, ring, second)?;
        // A recovery must not wait for work that only the one who is lost could have finished.
        let most = if self.member == Escrow::SIGNER { u8::MAX } else { MAX_INDEXES };
        let index = next_index(&live.index, most)?;
        self.advance_index(live, writer, roster, Some(index), Act::Rotated)
    }

    /// Puts `body` in force with a new anchor and capsule and the keys as they are.
    pub(super) fn raise_with(
        &self,
        writer: &mut Writer,
        body: Body,
        second: Option<&Identity>,
    ) -> Result<()> {
        let live = self.live();
        let roster = self.next_roster(&live, body, live.ring.clone(), second)?;
        self.advance_index(live, writer, roster, None, Act::Rotated)
    }

    /// Drops the keys that nothing needs any more, once all is sealed again.
    pub(super) fn retire(&self, writer: &mut Writer) -> Result<()> {
        let live = self.live();
        let mut ring = live.ring.clone();
        ring.retire()?;
        let roster = self.next_roster(&live, live.roster.body.clone(), ring, None)?;
        let mut index = live.index.clone();
        index.slots.retain(|slot| slot.section.part == 0);
        self.advance_index(live, writer, roster, Some(index), Act::Retired)
    }

    /// The next version of the roster, signed, with what each grant then holds.
    pub(super) fn next_roster(
        &self,
        live: &Live,
        body: Body,
        ring: KeyRing,
        second: Option<&Identity>,
    ) -> Result<NewRoster> {
        let before = &live.roster;
        let mut signers: Vec<(MemberId, &SignKey)> = vec![(self.member, self.identity.sign_key())];
        if let Some(second) = second {
            let entry = before.body.member_by_key(second.sign_key().verify_key());
            let entry = entry.filter(|entry| {
                entry.member_id() != self.member
                    && before.body.role_of(entry).is_some_and(|role| role.administers)
            });
            let entry = entry.ok_or_else(|| {
                Error::new(ErrorKind::NotAllowed, "the second signer is no other administrator")
            })?;
            signers.push((entry.member_id(), second.sign_key()));
        } else if self.member != Escrow::SIGNER && Roster::needs_two(&before.body, &body) {
            return Err(Error::new(
                ErrorKind::NeedsSecondSignature,
                "a change among administrators needs a second signature",
            ));
        }
        let (roster, bytes) =
            Roster::build(before.version + 1, before.hash, body, &ring, &signers)?;
        roster.succeeds(before)?;
        Ok(NewRoster { roster, bytes, ring })
    }

    fn advance_index(
        &self,
        live: std::sync::RwLockReadGuard<'_, Live>,
        writer: &mut Writer,
        roster: NewRoster,
        index: Option<Group>,
        act: Act,
    ) -> Result<()> {
        let loaded = self.load_own(&live, INDEX_SLOT)?;
        let advance = self.begin_advance(&live, Some(roster))?;
        let mut tx = Tx::begin(self, &live);
        if let Some(index) = &index {
            let mut row = loaded.row.clone();
            let digest = tx.put_record(self, &loaded.id, &mut row, index, RecordEntry::Known)?;
            tx.changes.push(Change {
                slot: INDEX_SLOT,
                name: [0; 16],
                digest,
                revision: 0,
                compartments: 0,
                links: 0,
            });
        }
        let ready = self.ready_advance(&live, &advance, tx, act)?;
        drop(live);
        self.ensure_writable()?;
        // Words are counted anew: what was known is of another index.
        writer.ends.clear();
        self.complete_advance(advance, ready, |live| {
            if let Some(index) = index {
                live.index = index;
            }
        })
    }
}

/// A fresh key for every compartment's index; the ones before move up a place.
fn next_index(index: &Group, most: u8) -> Result<Group> {
    let mut next = Group::default();
    for slot in &index.slots {
        let SectionId { compartment, part } = slot.section;
        if part == 0 {
            let section = slot.section;
            next.slots.push(GroupSlot { section, sk: fresh_key()?, digest: [0; 32] });
        }
        if part + 1 >= most || next.slots.len() >= MAX_SLOTS {
            return Err(Error::new(
                ErrorKind::Conflict,
                "too many rotations at once: finish sealing again first",
            ));
        }
        let section = SectionId { compartment, part: part + 1 };
        next.slots.push(GroupSlot { section, ..slot.clone() });
    }
    next.slots.sort_by_key(|slot| slot.section);
    Ok(next)
}
