//! The escrow: one secret, split among custodians, from which all keys of a vault come back.
//!
//! The secret gives an identity ([`EscrowSecret::identity`]) that stands in the roster as a
//! member without a person. Sharing authenticates nothing: a wrong share recombines to a wrong
//! secret. So each share is signed, the roster holds its salted hash and a commitment to the
//! secret, and a quorum of strangers is believed piece by piece ([`quorum`]).
//!
//! All here is pure: no vault, no file, no clock.

pub(crate) mod ceremony;
mod check;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
pub(crate) mod quorum;
pub(crate) mod share;
pub(crate) mod split;
pub(crate) mod text;

use std::fmt;

use crate::crypto::{fill_random, kdf, labels};
use crate::error::Result;
use crate::id::VaultId;
use crate::keys::identity::Identity;
use crate::secret::Key;

/// What a quorum of custodians has together and nobody alone, wiped on drop.
#[derive(Clone)]
pub(crate) struct EscrowSecret(Key);

impl EscrowSecret {
    pub(crate) fn generate() -> Result<Self> {
        let mut drawn = Ok(());
        let key = Key::init_with(|key| drawn = fill_random(key));
        drawn.map(|()| Self(key))
    }

    /// What opens the escrow's grant and capsule, and signs the roster of a recovery.
    pub(crate) fn identity(&self) -> Result<Identity> {
        Identity::from_escrow_secret(&self.0)
    }

    /// Names the secret without telling it: 256 bits cannot be guessed.
    pub(crate) fn commitment(&self, vault: &VaultId, epoch: u32) -> [u8; 32] {
        let parts = [vault.as_bytes().as_slice(), &epoch.to_le_bytes(), self.0.expose()];
        kdf::digest(labels::ESCROW_COMMITMENT, &parts)
    }
}

impl fmt::Debug for EscrowSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EscrowSecret(..)")
    }
}

#[cfg(test)]
mod tests;
