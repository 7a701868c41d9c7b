//! The escrow of a vault: a ceremony, the drill that proves it, and whom it was dealt to.
//!
//! The order of a ceremony is that shares are handed over first and put in force then: killed in
//! between, the shares belong to no escrow and the vault is as it was.

use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::escrow::EscrowSecret;
use crate::escrow::ceremony::{self, Dealt, Terms};
use crate::escrow::quorum::{Facts, Piece, Quorum};
use crate::escrow::share::Share;
use crate::id::{MemberId, VaultId};
use crate::keys::identity::Identity;
use crate::keys::roster::Escrow;
use crate::time::Timestamp;
use crate::vault::{DRILL_SLOT, Live, Vault};

/// Days after which a drill is to be held again.
pub(super) const DRILL_DAYS: i64 = 90;

/// A ceremony that was held. Its shares are to be handed over, then it is put in force with
/// [`Vault::put_escrow_in_force`]; dropped before, nothing happened.
pub struct Ceremony {
    dealt: Dealt,
}

impl Ceremony {
    /// The name of each custodian and their share, in the order of the shares.
    pub fn shares(&self) -> impl Iterator<Item = (&str, &Share)> {
        let split = self.dealt.escrow.split.iter().flat_map(|split| &split.custodians);
        split.map(|custodian| custodian.name.as_str()).zip(&self.dealt.shares)
    }

    /// The name of each custodian and their share, sealed to their age recipient.
    ///
    /// # Errors
    ///
    /// `Internal` if a share cannot be sealed.
    pub fn sealed(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let split = self.dealt.escrow.split.iter().flat_map(|split| &split.custodians);
        let seal = |(custodian, share): (&crate::keys::roster::Custodian, &Share)| {
            Ok((custodian.name.clone(), share.seal_to(&custodian.recipient)?))
        };
        split.zip(&self.dealt.shares).map(seal).collect()
    }

    /// That it was held for this vault.
    pub(super) fn ensure_of(&self, vault: VaultId) -> Result<()> {
        if self.dealt.shares.iter().all(|share| share.vault() == vault) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Conflict, "the ceremony was held for another vault"))
    }

    /// What stands in the roster of it.
    pub(super) fn escrow(self) -> Escrow {
        self.dealt.escrow
    }

    /// Raised when the escrow's secret is replaced.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.dealt.escrow.epoch
    }
}

impl std::fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ceremony({})", self.dealt.escrow.epoch)
    }
}

/// What a drill showed: that these pieces would recover the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drill {
    /// Pieces that are not shares of this vault's escrow, each at its name.
    pub refused: Vec<(ErrorKind, Place)>,
}

/// The newest drill, as the vault remembers it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LastDrill {
    pub(super) at: Timestamp,
    by: MemberId,
    pub(super) escrow_epoch: u32,
}

impl Vault {
    /// Holds a ceremony: a fresh secret, split among custodians (name and age recipient), of whom
    /// `quorum` together recover the vault. Every quorum is tried out before the secret is wiped.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `BadInput` for a quorum that is not
    /// between 2 and the number of custodians, at most 9, or what is no age recipient; `Exists`
    /// if somebody is named twice.
    pub fn hold_ceremony(&self, quorum: u8, custodians: &[(String, String)]) -> Result<Ceremony> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let live = self.live();
        let terms = Terms {
            vault: self.id,
            fingerprint: self.fingerprint,
            epoch: epoch_of(&live) + 1,
            quorum,
            custodians,
        };
        ceremony::hold(&terms, self.identity.sign_key()).map(|dealt| Ceremony { dealt })
    }

    /// The same quorum of the same custodians, but for one who leaves and one who comes.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such custodian; as [`Vault::hold_ceremony`].
    pub fn hold_ceremony_without(
        &self,
        leaves: &str,
        (name, recipient): (&str, &str),
    ) -> Result<Ceremony> {
        let (quorum, mut custodians) = self.custodians()?;
        let found = custodians.iter_mut().find(|(known, _)| known == leaves);
        let found = found.ok_or_else(|| Error::new(ErrorKind::NotFound, "no such custodian"))?;
        *found = (name.to_owned(), recipient.to_owned());
        self.hold_ceremony(quorum, &custodians)
    }

    /// How many must come together, and the name and age recipient of each custodian.
    ///
    /// # Errors
    ///
    /// `NotFound` if no escrow is set up.
    pub fn custodians(&self) -> Result<(u8, Vec<(String, String)>)> {
        self.ensure_alive()?;
        let live = self.live();
        let split = live.roster.body.escrow.as_ref().and_then(|escrow| escrow.split.as_ref());
        let split = split.ok_or_else(no_escrow)?;
        let custodians = split.custodians.iter();
        let custodians = custodians.map(|one| (one.name.clone(), one.recipient.clone()));
        Ok((split.quorum, custodians.collect()))
    }

    /// Puts a ceremony in force, once its shares were handed over: from then on the capsule is
    /// sealed to this escrow alone. If it replaces another, every compartment gets new keys, and
    /// [`Vault::reseal`] is to follow: the old shares open nothing that is written from then on,
    /// and this folder not at all.
    ///
    /// # Errors
    ///
    /// `NeedsSecondSignature` where there are two administrators; `Conflict` if the escrow
    /// changed since the ceremony; as [`Vault::remove_member`].
    pub fn put_escrow_in_force(&self, ceremony: Ceremony, second: Option<&Identity>) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        ceremony.ensure_of(self.id)?;
        let mut writer = self.writer();
        let live = self.live();
        let escrow = ceremony.dealt.escrow;
        if escrow.epoch <= epoch_of(&live) {
            return Err(Error::new(ErrorKind::Conflict, "the escrow changed since the ceremony"));
        }
        let replaces = live.roster.body.escrow.is_some();
        let mut body = live.roster.body.clone();
        body.escrow = Some(escrow);
        let all = all_compartments(&live);
        drop(live);
        if replaces {
            self.rotate(&mut writer, body, &all, second)
        } else {
            self.raise_with(&mut writer, body, second)
        }
    }

    /// Proves that these shares would recover the vault, notes that they did, and forgets them.
    ///
    /// # Errors
    ///
    /// `TooFewShares` and the other kinds of a share, at its name; `NotFound` if no escrow is set
    /// up; `NotAllowed` unless this session's role administers.
    pub fn drill(&self, pieces: Vec<(String, Result<Share>)>) -> Result<Drill> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let mut writer = self.writer();
        let live = self.live();
        let escrow = live.roster.body.escrow.as_ref().ok_or_else(no_escrow)?;
        let facts = Facts { vault: self.id, fingerprint: self.fingerprint, escrow };
        let pieces = pieces.into_iter().map(|(name, share)| Piece { name, share }).collect();
        let quorum = Quorum::collect(pieces, &facts);
        let refused = refused(&quorum);
        secret_of(quorum).map(drop)?;
        let last =
            LastDrill { at: self.now(&live), by: self.member, escrow_epoch: epoch_of(&live) };
        let document = serde_json::to_string(&last)
            .map_err(|_| Error::new(ErrorKind::Internal, "a drill did not encode"))?;
        let ready = self.put_document(&live, (DRILL_SLOT, "@drill"), &document, Act::Drilled)?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(&mut writer, 1);
        Ok(Drill { refused })
    }

    /// The newest drill of the escrow that is in force.
    pub(super) fn last_drill(&self, live: &Live) -> Result<Option<LastDrill>> {
        let unreadable = |_| Error::new(ErrorKind::Tampered, "the newest drill cannot be read");
        let document = self.find_document(live, DRILL_SLOT)?;
        let last: Option<LastDrill> = document
            .map_or(Ok(None), |text| serde_json::from_str(&text).map(Some).map_err(unreadable))?;
        Ok(last.filter(|last| last.escrow_epoch == epoch_of(live)))
    }
}

/// The secret, or why there is none: a piece that is wrong is named rather than counted as missing.
pub(super) fn secret_of(quorum: Quorum) -> Result<EscrowSecret> {
    let wrong = quorum.refused().first().cloned();
    quorum.into_secret().map_err(|few| wrong.unwrap_or(few))
}

/// What is wrong with pieces that were not used.
pub(super) fn refused(quorum: &Quorum) -> Vec<(ErrorKind, Place)> {
    let unnamed = || Place::File(String::new());
    let place = |error: &Error| error.place().cloned().unwrap_or_else(unnamed);
    quorum.refused().iter().map(|error| (error.kind(), place(error))).collect()
}

pub(super) fn all_compartments(live: &Live) -> Vec<u8> {
    (1..).zip(&live.roster.body.compartments).map(|(code, _)| code).collect()
}

fn epoch_of(live: &Live) -> u32 {
    live.roster.body.escrow.as_ref().map_or(0, |escrow: &Escrow| escrow.epoch)
}

fn no_escrow() -> Error {
    Error::new(ErrorKind::NotFound, "no escrow is set up")
}
