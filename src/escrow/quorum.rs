//! An untrusted quorum: shares from strangers, believed piece by piece.

use std::collections::BTreeSet;

use crate::crypto::kdf;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::escrow::EscrowSecret;
use crate::escrow::share::{Share, SplitFacts};
use crate::escrow::split::{MIN_QUORUM, combine, subsets};
use crate::id::VaultId;
use crate::keys::Fingerprint;
use crate::keys::roster::Escrow;

/// Most pieces that are looked at together.
const MAX_PIECES: usize = 16;

/// What somebody brought: a name for it, and the share if it could be read.
pub(crate) struct Piece {
    pub(crate) name: String,
    pub(crate) share: Result<Share>,
}

/// What pieces are judged by, from a roster that is believed.
pub(crate) struct Facts<'a> {
    pub(crate) vault: VaultId,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) escrow: &'a Escrow,
}

/// Pieces as they were judged: the secret if they are enough, and what is wrong with the others.
pub(crate) struct Quorum {
    secret: Result<EscrowSecret>,
    refused: Vec<Error>,
}

impl Quorum {
    /// Judges pieces by the roster: each by its salted hash, the secret by its commitment.
    pub(crate) fn collect(pieces: Vec<Piece>, facts: &Facts<'_>) -> Self {
        let mut table = Table::sift(pieces, facts.vault);
        let Some(split) = &facts.escrow.split else {
            let nothing = Error::new(ErrorKind::NotFound, "the vault has no custodians yet");
            return Self { secret: Err(nothing), refused: table.refused };
        };
        let expected = SplitFacts {
            vault: facts.vault,
            fingerprint: *facts.fingerprint.as_bytes(),
            epoch: facts.escrow.epoch,
            quorum: split.quorum,
            custodians: facts.escrow.custodians(),
        };
        table.retain(|share| {
            if share.epoch() != expected.epoch {
                return Err(other_split());
            }
            let known = split.custodians.get(usize::from(share.index()).wrapping_sub(1));
            let known = known.is_some_and(|one| kdf::equal(&one.share, &share.hash()));
            if known && share.facts() == expected { Ok(()) } else { Err(unknown()) }
        });
        let secret = table.recombine(split.quorum, |secret| {
            kdf::equal(&secret.commitment(&facts.vault, expected.epoch), &split.commitment)
        });
        table.end(secret)
    }

    /// Judges pieces where nobody is left who could open the roster: only a secret that `opens`
    /// something is believed. Collect again by the roster that it opened: what a forger signed
    /// for himself cannot be told from a share before.
    pub(crate) fn collect_blind(
        pieces: Vec<Piece>,
        vault: VaultId,
        opens: impl Fn(&EscrowSecret) -> bool,
    ) -> Self {
        let mut table = Table::sift(pieces, vault);
        let sets: BTreeSet<_> = table.shares.iter().map(|(_, share)| set_of(share)).collect();
        let mut failed: Vec<Error> = Vec::new();
        // The newest first: an older one opens an older copy of the vault.
        for set in sets.iter().rev() {
            let of_set = table.shares.iter().filter(|(_, share)| set_of(share) == *set);
            let shares: Vec<&Share> = of_set.map(|(_, share)| share).collect();
            match recombine(&shares, set.0.quorum, &opens) {
                Ok(secret) => {
                    let same = |share: &Share| set_of(share) == *set;
                    table.retain(|share| if same(share) { Ok(()) } else { Err(other_split()) });
                    return table.end(Ok(secret));
                }
                Err(error) => failed.push(error),
            }
        }
        // Most helpful is what came nearest; a set that is complete and opens nothing, least.
        failed.sort_by_key(missing);
        let none = || too_few(0, usize::from(MIN_QUORUM));
        table.end(Err(failed.into_iter().next().unwrap_or_else(none)))
    }

    /// What is wrong with the pieces that were not used, each at its name.
    pub(crate) fn refused(&self) -> &[Error] {
        &self.refused
    }

    /// The secret, if the pieces were enough.
    pub(crate) fn into_secret(self) -> Result<EscrowSecret> {
        self.secret
    }
}

/// The pieces that are still believed.
struct Table {
    shares: Vec<(String, Share)>,
    refused: Vec<Error>,
}

impl Table {
    /// Keeps what can be read, is of this vault, and was not brought before.
    fn sift(pieces: Vec<Piece>, vault: VaultId) -> Self {
        let mut table = Self { shares: Vec::new(), refused: Vec::new() };
        for piece in pieces {
            let share = piece.share.and_then(|share| table.admit(&share, vault).map(|()| share));
            match share {
                Ok(share) => table.shares.push((piece.name, share)),
                Err(error) => table.refused.push(at_piece(error, &piece.name)),
            }
        }
        table
    }

    fn admit(&self, share: &Share, vault: VaultId) -> Result<()> {
        if share.vault() != vault {
            return Err(Error::new(ErrorKind::ShareForeign, "a share of another vault"));
        }
        if self.shares.iter().any(|(_, known)| kdf::equal(&known.hash(), &share.hash())) {
            return Err(Error::new(ErrorKind::ShareTwice, "a share that is here already"));
        }
        if self.shares.len() == MAX_PIECES {
            return Err(Error::new(ErrorKind::TooLong, "more shares than a vault can have"));
        }
        Ok(())
    }

    fn retain(&mut self, judge: impl Fn(&Share) -> Result<()>) {
        for (name, share) in std::mem::take(&mut self.shares) {
            match judge(&share) {
                Ok(()) => self.shares.push((name, share)),
                Err(error) => self.refused.push(at_piece(error, &name)),
            }
        }
    }

    fn recombine(&self, quorum: u8, fits: impl Fn(&EscrowSecret) -> bool) -> Result<EscrowSecret> {
        let shares: Vec<&Share> = self.shares.iter().map(|(_, share)| share).collect();
        recombine(&shares, quorum, &fits)
    }

    fn end(self, secret: Result<EscrowSecret>) -> Quorum {
        Quorum { secret, refused: self.refused }
    }
}

/// Of one ceremony, as far as the shares themselves say it.
fn set_of(share: &Share) -> (SplitFacts, [u8; 32]) {
    (share.facts(), share.dealer().0)
}

/// Tries every quorum of shares with different indices. More than one where a ceremony was
/// broken off and held again: its shares look alike until they are recombined.
fn recombine(
    shares: &[&Share],
    quorum: u8,
    fits: &impl Fn(&EscrowSecret) -> bool,
) -> Result<EscrowSecret> {
    let quorum = usize::from(quorum);
    let different = |shares: &[&Share]| -> usize {
        shares.iter().map(|share| share.index()).collect::<BTreeSet<u8>>().len()
    };
    if different(shares) < quorum {
        return Err(too_few(different(shares), quorum));
    }
    for chosen in subsets(shares, quorum) {
        if different(&chosen) < quorum {
            continue;
        }
        let points: Vec<_> = chosen.iter().map(|share| share.point()).collect();
        let secret = EscrowSecret(combine(&points)?);
        if fits(&secret) {
            return Ok(secret);
        }
    }
    Err(Error::new(ErrorKind::ShareForged, "the shares do not recombine to the vault's secret"))
}

/// The piece is named, and the line of it that is wrong.
fn at_piece(error: Error, name: &str) -> Error {
    let file = name.to_owned();
    match error.place() {
        Some(&Place::TypedLine { line, group, .. }) => {
            error.at(Place::TypedLine { file, line, group })
        }
        _ => error.or_at(|| Place::File(file)),
    }
}

fn too_few(present: usize, needed: usize) -> Error {
    Error::new(ErrorKind::TooFewShares, "more shares are needed")
        .at(Place::Quorum { present, needed })
}

fn missing(error: &Error) -> usize {
    match error.place() {
        Some(Place::Quorum { present, needed }) => needed - present,
        _ => usize::MAX,
    }
}

const fn other_split() -> Error {
    Error::new(ErrorKind::ShareOutdated, "a share of another escrow of this vault")
}

const fn unknown() -> Error {
    Error::new(ErrorKind::ShareForged, "not one of the shares that the roster knows")
}
