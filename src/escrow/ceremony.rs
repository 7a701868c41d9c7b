//! A ceremony: a fresh secret, split, signed, tried out, and gone when this returns.

use crate::crypto::envelope;
use crate::crypto::sign::SignKey;
use crate::error::{Error, ErrorKind, Result};
use crate::escrow::EscrowSecret;
use crate::escrow::share::{Share, SplitFacts};
use crate::escrow::split::{check_bounds, combine, split, subsets};
use crate::id::VaultId;
use crate::keys::Fingerprint;
use crate::keys::roster::{Custodian, Escrow, Split};

/// What is agreed before a ceremony.
pub(crate) struct Terms<'a> {
    pub(crate) vault: VaultId,
    pub(crate) fingerprint: Fingerprint,
    /// Above that of every escrow the vault had.
    pub(crate) epoch: u32,
    pub(crate) quorum: u8,
    /// Name and age recipient of each custodian.
    pub(crate) custodians: &'a [(String, String)],
}

/// What a ceremony leaves behind: the entry of the roster, and the shares to hand over, in the
/// order of the custodians. Nobody has the secret any more.
pub(crate) struct Dealt {
    pub(crate) escrow: Escrow,
    pub(crate) shares: Vec<Share>,
}

/// Holds a ceremony; `dealer` is the administrator who signs the shares.
pub(crate) fn hold(terms: &Terms<'_>, dealer: &SignKey) -> Result<Dealt> {
    let count = u8::try_from(terms.custodians.len()).unwrap_or(u8::MAX);
    check_bounds(terms.quorum, count)?;
    let recipients = terms.custodians.iter();
    let recipients = recipients.map(|(_, text)| envelope::parse_recipient(text));
    let recipients: Vec<String> =
        recipients.map(|one| one.map(|one| one.to_string())).collect::<Result<_>>()?;
    if repeats(&recipients) || repeats(terms.custodians.iter().map(|(name, _)| name)) {
        return Err(Error::new(ErrorKind::Exists, "a custodian is named twice"));
    }

    let secret = EscrowSecret::generate()?;
    let commitment = secret.commitment(&terms.vault, terms.epoch);
    let facts = SplitFacts {
        vault: terms.vault,
        fingerprint: *terms.fingerprint.as_bytes(),
        epoch: terms.epoch,
        quorum: terms.quorum,
        custodians: count,
    };
    let values = split(&secret.0, terms.quorum, count)?;
    let deal = |(index, value)| Share::deal(facts, index, value, dealer);
    let shares = (1..).zip(&values).map(deal).collect::<Result<Vec<_>>>()?;
    try_all(&shares, facts, &commitment)?;

    let card = secret.identity()?.card();
    let names = terms.custodians.iter().map(|(name, _)| name.clone());
    let custodians = names.zip(recipients).zip(&shares);
    let custodians = custodians.map(|((name, recipient), share)| {
        let share = share.hash();
        Custodian { name, recipient, share }
    });
    let split = Split {
        verify: card.verify_key().0,
        quorum: terms.quorum,
        commitment,
        custodians: custodians.collect(),
    };
    let escrow = Escrow { epoch: terms.epoch, recipient: card.recipient(), split: Some(split) };
    Ok(Dealt { escrow, shares })
}

/// Every quorum there can be recovers, from what the custodians will hold: after this nobody can
/// try again.
fn try_all(shares: &[Share], facts: SplitFacts, commitment: &[u8; 32]) -> Result<()> {
    let read = |share: &Share| Share::read(share.to_text().expose().as_bytes(), None);
    let read = shares.iter().map(read).collect::<Result<Vec<_>>>()?;
    let all: Vec<&Share> = read.iter().collect();
    for quorum in subsets(&all, usize::from(facts.quorum)) {
        let points: Vec<_> = quorum.iter().map(|share| share.point()).collect();
        let secret = EscrowSecret(combine(&points)?);
        if secret.commitment(&facts.vault, facts.epoch) != *commitment {
            return Err(Error::new(ErrorKind::Internal, "a quorum would not recover"));
        }
    }
    Ok(())
}

fn repeats<T: Ord>(items: impl IntoIterator<Item = T>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    !items.into_iter().all(|item| seen.insert(item))
}
