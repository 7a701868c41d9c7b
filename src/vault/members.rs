//! Who may open the vault.

use crate::audit::Act;
use crate::crypto::random;
use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::keys::card::MemberCard;
use crate::keys::identity::Identity;
use crate::keys::roster::{Body, Entry, Roster};
use crate::time::Timestamp;
use crate::vault::advance::NewRoster;
use crate::vault::commit::Tx;
use crate::vault::{Live, Vault, Writer, roster_row};

/// Longest name of a member, in bytes.
const MAX_NAME: usize = 256;

/// A member of the vault.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The member's id.
    pub id: MemberId,
    /// The name in the roster.
    pub name: String,
    /// The role.
    pub role: String,
    /// When the member was added.
    pub added: Timestamp,
    /// The age recipient (`age1...`).
    pub recipient: String,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Member(..)")
    }
}

impl Vault {
    /// The members, in the order in which they came.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        let live = self.live();
        let members = live.roster.body.members.iter().filter(|entry| entry.removed.is_none());
        members
            .map(|entry| Member {
                id: entry.member_id(),
                name: entry.name.clone(),
                role: entry.role.clone(),
                added: Timestamp::from_second(entry.added).unwrap_or_default(),
                recipient: entry.recipient.clone(),
            })
            .collect()
    }

    /// Adds a member with a role of the schema. Their grant holds the keys of that role's
    /// compartments and no others.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `NotFound` for an unknown role;
    /// `Exists` if the name or the card is a member already; `NeedsSecondSignature` for another
    /// administrator where there are two: see [`Vault::add_member_cosigned`].
    pub fn add_member(&self, name: &str, card: &MemberCard, role: &str) -> Result<MemberId> {
        self.admit(name, card, role, None)
    }

    /// As [`Vault::add_member`], signed by a second administrator as well.
    ///
    /// # Errors
    ///
    /// As [`Vault::add_member`]; `NotAllowed` if the second is no other administrator.
    pub fn add_member_cosigned(
        &self,
        name: &str,
        card: &MemberCard,
        role: &str,
        second: &Identity,
    ) -> Result<MemberId> {
        self.admit(name, card, role, Some(second))
    }

    fn admit(
        &self,
        name: &str,
        card: &MemberCard,
        role: &str,
        second: Option<&Identity>,
    ) -> Result<MemberId> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let mut writer = self.writer();
        let live = self.live();
        let mut body = live.roster.body.clone();
        let id = self.enter(&live, &mut body, (name, card, role))?;
        let next = self.next_roster(&live, body, live.ring.clone(), second)?;
        drop(live);
        self.put_roster(&mut writer, next)?;
        if role_administers(&self.live().roster, id) {
            // Until there is an escrow the capsule is sealed to every administrator.
            self.renew_capsule()?;
        }
        // The member is in; a head that cannot be written now is written at closing.
        let _ = self.note_position();
        Ok(id)
    }

    /// Takes a member out, at once and for good: new keys for every compartment of the role, a
    /// new roster and a new anchor. From then on they open nothing that is written, whatever keys
    /// and copies they kept. What was written before is sealed again by [`Vault::reseal`].
    ///
    /// What they copied while they were a member stays theirs: no system takes that back.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers, and for this session's own member;
    /// `NotFound`; `NeedsSecondSignature` for an administrator where there are two; `Conflict` if
    /// several removals wait for [`Vault::reseal`] already; as [`Vault::erase`] for the anchor.
    pub fn remove_member(&self, name: &str) -> Result<()> {
        self.dismiss(name, None)
    }

    /// As [`Vault::remove_member`], signed by a second administrator as well.
    ///
    /// # Errors
    ///
    /// As [`Vault::remove_member`]; `NotAllowed` if the second is no other administrator.
    pub fn remove_member_cosigned(&self, name: &str, second: &Identity) -> Result<()> {
        self.dismiss(name, Some(second))
    }

    /// Adds a member to a roster's body.
    pub(super) fn enter(
        &self,
        live: &Live,
        body: &mut Body,
        (name, card, role): (&str, &MemberCard, &str),
    ) -> Result<MemberId> {
        if name.trim().is_empty() || name.len() > MAX_NAME {
            return Err(Error::new(ErrorKind::BadValue, "a member's name has 1 to 256 bytes"));
        }
        if body.role(role).is_none() {
            // Without the name: it may be data in the wrong place.
            return Err(Error::new(ErrorKind::NotFound, "no such role"));
        }
        let taken = |entry: &Entry| {
            entry.removed.is_none()
                && (entry.name == name
                    || entry.recipient == card.recipient()
                    || entry.verify == card.verify_key().0)
        };
        if body.members.iter().any(taken) {
            return Err(Error::new(ErrorKind::Exists, "the name or the card is a member already"));
        }
        let id = MemberId::from_bytes(random()?);
        body.members.push(Entry {
            id: *id.as_bytes(),
            name: name.to_owned(),
            role: role.to_owned(),
            recipient: card.recipient(),
            verify: card.verify_key().0,
            added: self.now(live).as_second(),
            removed: None,
        });
        Ok(id)
    }

    fn dismiss(&self, name: &str, second: Option<&Identity>) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let mut writer = self.writer();
        let live = self.live();
        let now = self.now(&live).as_second();
        let mut body = live.roster.body.clone();
        let found = body.members.iter_mut().find(|e| e.removed.is_none() && e.name == name);
        let entry = found.ok_or_else(|| Error::new(ErrorKind::NotFound, "no such member"))?;
        if entry.member_id() == self.member {
            return Err(Error::new(ErrorKind::NotAllowed, "nobody removes themselves"));
        }
        entry.removed = Some(now);
        let role = entry.role.clone();
        let held = body.role(&role).map(|role| role.compartments.clone()).unwrap_or_default();
        if held.is_empty() {
            // A role that holds nothing has no grant: there are no keys to change.
            let next = self.next_roster(&live, body, live.ring.clone(), second)?;
            drop(live);
            self.put_roster(&mut writer, next)?;
            let _ = self.note_position();
            return Ok(());
        }
        drop(live);
        self.rotate(&mut writer, body, &held, second)
    }

    /// Puts a roster in force that changes no keys.
    fn put_roster(&self, writer: &mut Writer, next: NewRoster) -> Result<()> {
        let live = self.live();
        let mut tx = Tx::begin(self, &live);
        tx.batch.put(roster_row(0), next.bytes.clone());
        tx.batch.put(roster_row(next.roster.version), next.bytes);
        let roster = next.roster;
        let root = *live.tree.root();
        let key = live.tree.root_key().clone();
        let Tx { mut edit, mut batch, changes, note } = tx;
        edit.touch()?;
        let sealed = edit.seal(&mut batch, key, root.erase_epoch, root.vault_epoch)?;
        let stamp = (roster.version, roster.hash);
        let act = Act::RosterChanged;
        let ready = self.finish(&live, sealed, batch, (changes, note), act, stamp, &live.ring)?;
        drop(live);
        self.commit(ready, |live| live.roster = roster)?;
        self.after_commit(writer, 1);
        Ok(())
    }
}

fn role_administers(roster: &Roster, id: MemberId) -> bool {
    let entry = roster.body.member(id);
    entry.and_then(|entry| roster.body.role_of(entry)).is_some_and(|role| role.administers)
}
