//! Who may open the vault.

use crate::audit::Act;
use crate::crypto::random;
use crate::crypto::sign::SignKey;
use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::keys::card::MemberCard;
use crate::keys::identity::Identity;
use crate::keys::roster::{Entry, Roster};
use crate::time::Timestamp;
use crate::vault::commit::Tx;
use crate::vault::{Vault, roster_row};

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
        self.change_roster(name, card, role, None)
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
        self.change_roster(name, card, role, Some(second))
    }

    fn change_roster(
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
        let before = &live.roster;
        if name.trim().is_empty() || name.len() > MAX_NAME {
            return Err(Error::new(ErrorKind::BadValue, "a member's name has 1 to 256 bytes"));
        }
        if before.body.role(role).is_none() {
            // Without the name: it may be data in the wrong place.
            return Err(Error::new(ErrorKind::NotFound, "no such role"));
        }
        let taken = |entry: &Entry| {
            entry.removed.is_none()
                && (entry.name == name
                    || entry.recipient == card.recipient()
                    || entry.verify == card.verify_key().0)
        };
        if before.body.members.iter().any(taken) {
            return Err(Error::new(ErrorKind::Exists, "the name or the card is a member already"));
        }
        let id = MemberId::from_bytes(random()?);
        let mut body = before.body.clone();
        body.members.push(Entry {
            id: *id.as_bytes(),
            name: name.to_owned(),
            role: role.to_owned(),
            recipient: card.recipient(),
            verify: card.verify_key().0,
            added: self.now(&live).as_second(),
            removed: None,
        });
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
        } else if Roster::needs_two(&before.body, &body) {
            return Err(Error::new(
                ErrorKind::NeedsSecondSignature,
                "a change among administrators needs a second signature",
            ));
        }
        let (roster, bytes) =
            Roster::build(before.version + 1, before.hash, body, &live.ring, &signers)?;
        roster.succeeds(before)?;
        let mut tx = Tx::begin(self, &live);
        tx.batch.put(roster_row(0), bytes.clone());
        tx.batch.put(roster_row(roster.version), bytes);
        let root = *live.tree.root();
        let key = live.tree.root_key().clone();
        let Tx { mut edit, mut batch, changes } = tx;
        edit.touch()?;
        let fresh = crate::keys::tree::FreshKeys::No;
        let sealed = edit.seal(&mut batch, key, root.erase_epoch, root.vault_epoch, fresh)?;
        let stamp = (roster.version, roster.hash);
        let ready = self.finish(&live, sealed, batch, changes, Act::RosterChanged, stamp)?;
        drop(live);
        self.commit(ready, |live| live.roster = roster)?;
        self.after_commit(&mut writer, 1);
        if role_administers(&self.live().roster, id) {
            // Until there is an escrow the capsule is sealed to every administrator.
            self.renew_capsule()?;
        }
        // The member is in; a head that cannot be written now is written at closing.
        let _ = self.note_position();
        Ok(id)
    }
}

fn role_administers(roster: &Roster, id: MemberId) -> bool {
    let entry = roster.body.member(id);
    entry.and_then(|entry| roster.body.role_of(entry)).is_some_and(|role| role.administers)
}
