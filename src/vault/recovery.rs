//! Recovery: a quorum of custodians opens a vault that nobody else can open any more.
//!
//! The escrow opens its grant in the roster and the capsule in the folder, which gives the
//! anchor. It ends in a rekey: a new director, new keys, a new escrow, a new anchor. Until that
//! frame is durable nothing is final, and the same shares may be used again.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::escrow::EscrowSecret;
use crate::escrow::quorum::{Facts, Piece, Quorum};
use crate::escrow::share::Share;
use crate::id::MemberId;
use crate::keys::anchor::{AnchorStore, FileAnchor};
use crate::keys::capsule;
use crate::keys::card::MemberCard;
use crate::keys::identity::Identity;
use crate::keys::ring::{KeyRing, VAULT};
use crate::keys::tree::root_key;
use crate::secret::Key;
use crate::vault::escrow::{Ceremony, all_compartments, refused, secret_of};
use crate::vault::folder::Header;
use crate::vault::past::{fingerprint_of, read_roster, verify_rosters};
use crate::vault::state::State;
use crate::vault::{Vault, VaultOptions, backup, open};

/// A vault that a quorum has opened, before it has a new director.
pub struct Recovery {
    vault: Vault,
    refused: Vec<(ErrorKind, Place)>,
    /// Whether the folder is a backup that was unpacked.
    restoring: bool,
}

/// What a recovery ended in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The new director.
    pub director: MemberId,
    /// For whoever saw the vault before it was lost: see [`VaultOptions::accept_restore`].
    pub code: Option<String>,
}

impl std::fmt::Debug for Recovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recovery(..)")
    }
}

impl VaultOptions {
    /// Opens the vault in a folder with the shares of a quorum of custodians. An anchor that is
    /// there is used; where there is none, the capsule in the folder gives it.
    ///
    /// Go on with [`Recovery::deal`], hand the new shares over, then [`Recovery::finish`].
    ///
    /// # Errors
    ///
    /// `TooFewShares` and the other kinds of a share, at its name; `Tampered` if the folder is of
    /// another fingerprint than its shares; `RolledBack` if capsule and journal are of different
    /// ages; as [`VaultOptions::open`].
    pub fn recover(
        self,
        path: impl AsRef<Path>,
        pieces: Vec<(String, Result<Share>)>,
    ) -> Result<Recovery> {
        let path = path.as_ref();
        let header = Header::read(path)?;
        let pieces = || {
            let piece = |(name, share)| Piece { name, share };
            pieces.clone().into_iter().map(piece).collect::<Vec<_>>()
        };
        let (secret, refused, state, ring) = {
            // Nothing is written before the shares were judged.
            let (store, _) = open::open_store(&self.clone().read_only(), path, header.instance)?;
            let sealed = read_roster(store.as_ref(), 0)?;
            let opens = |secret: &EscrowSecret| {
                secret.identity().is_ok_and(|identity| sealed.unlock(&identity).is_ok())
            };
            let blind = secret_of(Quorum::collect_blind(pieces(), header.vault, opens))?;
            // What it opened says which shares there are: each piece is judged by that.
            let ring = sealed.unlock(&blind.identity()?)?;
            let roster = sealed.open(&header.vault, &ring)?;
            let rosters = verify_rosters(store.as_ref(), &header.vault, &ring, &roster)?;
            let fingerprint = fingerprint_of(&header.vault, &rosters)?;
            let escrow = roster.body.escrow.as_ref();
            let escrow = escrow.ok_or_else(|| {
                Error::new(ErrorKind::Tampered, "shares open a roster that knows no escrow")
            })?;
            let facts = Facts { vault: header.vault, fingerprint, escrow };
            let quorum = Quorum::collect(pieces(), &facts);
            let refused = refused(&quorum);
            (secret_of(quorum)?, refused, store.state(), ring)
        };
        let identity = secret.identity()?;
        self.plant_from_capsule(path, &header, (&state, &ring), &identity)?;
        let restoring = backup::ensure_finished(path).is_err();
        // What was unpacked is older than what was seen: that it counts is the quorum's act, and
        // the shares say which vault it is.
        let vault = Self { restoring, pins: None, ..self }.open_at(path, &identity)?;
        Ok(Recovery { vault, refused, restoring })
    }

    /// Puts A\[e\] of the capsule in place where no slot is left.
    fn plant_from_capsule(
        &self,
        path: &Path,
        header: &Header,
        (state, ring): (&[u8], &KeyRing),
        escrow: &Identity,
    ) -> Result<()> {
        let root = State::read_unproved(state)?.root;
        let (epoch, ck) = (root.erase_epoch, ring.get(VAULT, root.vault_epoch)?);
        let anchor: Arc<dyn AnchorStore> = match &self.anchor {
            Some(anchor) => Arc::clone(anchor),
            None => {
                let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
                let beside = FileAnchor::beside(&absolute);
                beside.create_again()?;
                Arc::new(beside)
            }
        };
        if anchor.slots()?.iter().any(|slot| slot.vault == header.vault) {
            return Ok(());
        }
        let capsules = capsule::read_all(path)?;
        // Whoever wrote a capsule, the newest commit says whether what it holds is the anchor.
        let fits =
            |key: &Key| State::prove(state, &root_key(&header.vault, ck, key, epoch)).is_ok();
        let of_now = capsules.iter().filter(|one| {
            one.vault == header.vault && one.erase_epoch == epoch && one.escrow_epoch > 0
        });
        let key = of_now.filter_map(|one| one.open(escrow.age()).ok()).find(fits);
        let key = key.ok_or_else(|| {
            let kind = if capsules.is_empty() { ErrorKind::Missing } else { ErrorKind::RolledBack };
            Error::new(kind, "no capsule of this escrow fits the newest commit")
                .at(Place::File("capsule".to_owned()))
        })?;
        anchor.forget_head()?;
        backup::plant(anchor.as_ref(), header.vault, epoch, key)
    }
}

impl Recovery {
    #[cfg(test)]
    pub(super) const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Pieces that were not used, each with what is wrong with it.
    #[must_use]
    pub fn refused(&self) -> &[(ErrorKind, Place)] {
        &self.refused
    }

    /// A new escrow for the same custodians: the one that was just used has been together once.
    ///
    /// # Errors
    ///
    /// As [`Vault::hold_ceremony`].
    pub fn deal(&self) -> Result<Ceremony> {
        let (quorum, custodians) = self.vault.custodians()?;
        self.vault.hold_ceremony(quorum, &custodians)
    }

    /// Puts a new director in the place of all who administered, with fresh keys for every
    /// compartment, a fresh anchor and the new escrow, all in one step. [`Vault::reseal`] is to
    /// follow, by the director. Who administered before may be the new director, or be admitted
    /// again; the other members stay.
    ///
    /// # Errors
    ///
    /// `Exists` if the card is a member's; as [`Vault::put_escrow_in_force`].
    pub fn finish(self, ceremony: Ceremony, name: &str, card: &MemberCard) -> Result<Recovered> {
        let vault = &self.vault;
        ceremony.ensure_of(vault.id)?;
        let (body, all, id) = {
            let live = vault.live();
            let mut body = live.roster.body.clone();
            let role = body.roles.iter().find(|role| role.administers);
            let role =
                role.ok_or_else(|| Error::new(ErrorKind::Internal, "no role administers"))?;
            let role = role.name.clone();
            // Lost or coerced, they are why this happens; and two signatures must not need theirs.
            let now = vault.now(&live).as_second();
            body.dismiss_administrators(now);
            let id = vault.enter(&live, &mut body, (name, card, &role))?;
            body.escrow = Some(ceremony.escrow());
            (body, all_compartments(&live), id)
        };
        // Killed between this and the frame below, the next attempt finds the leaf of it.
        if self.restoring {
            vault.finish_restore()?;
        }
        let code = vault.code_of_restore()?;
        let mut writer = vault.writer();
        vault.rotate(&mut writer, body, &all, None)?;
        drop(writer);
        Ok(Recovered { director: id, code })
    }
}
