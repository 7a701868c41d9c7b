//! A share: one part of the escrow's secret in a signed envelope of fixed length.
//!
//! It names the vault, the escrow's epoch and its place among the shares, and carries the key of
//! whoever held the ceremony, so that a custodian can check it alone. Who keeps it is not in it.

use std::fmt;

use crate::codec::{Reader, Writer};
use crate::crypto::sign::{SIGNATURE, SignKey, VerifyKey};
use crate::crypto::{SUITE, envelope, kdf, labels, random};
use crate::error::{Error, ErrorKind, Result};
use crate::escrow::{split, text};
use crate::id::VaultId;
use crate::keys::Fingerprint;
use crate::keys::card::MemberCard;
use crate::keys::identity::Identity;
use crate::secret::{Key, SecretBytes, SecretText};

const FORMAT: u8 = 1;
/// Of an envelope, in bytes.
pub(crate) const LENGTH: usize = SIGNED + SIGNATURE;
const SIGNED: usize = 2 + 16 + 20 + 4 + 3 + 16 + 32 + 32;
/// Longest file that is looked at.
const MAX_FILE: usize = 8 << 10;

/// Which split a share belongs to; equal for all of a ceremony.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct SplitFacts {
    pub(crate) vault: VaultId,
    pub(crate) fingerprint: [u8; 20],
    pub(crate) epoch: u32,
    pub(crate) quorum: u8,
    pub(crate) custodians: u8,
}

/// One of the parts that custodians keep, of which a quorum opens a vault again.
///
/// A share that was read is whole and signed: whether it is one of the vault's own only the
/// vault's roster tells.
///
/// # Security
///
/// Whoever has a quorum of shares and a copy of the vault's folder can read everything. Its
/// text is as secret as a key; it is wiped on drop.
///
/// ```no_run
/// # fn main() -> amparo::Result<()> {
/// use amparo::{Identity, Share};
/// # let ana = Identity::generate()?;
/// # let file: &[u8] = b"";
/// let share = Share::read(file, Some(&ana))?;
/// assert!(share.index() <= share.custodians());
/// // For a session of recovery, which has a card of its own.
/// let for_session = share.seal_to("amparo-member1...")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Share {
    facts: SplitFacts,
    index: u8,
    value: Key,
    dealer: VerifyKey,
    /// All of it, as it was signed.
    envelope: SecretBytes,
}

impl Share {
    /// Reads a share: a file sealed to this identity, or the typed text of a page.
    ///
    /// # Errors
    ///
    /// `ShareDamaged` if it was mistyped, at the line, or altered; `ShareForged` if its signature
    /// does not hold; `NotSealedToYou` if it is sealed to another identity, or none is given;
    /// `NewerFormat`.
    pub fn read(file: &[u8], identity: Option<&Identity>) -> Result<Self> {
        if file.len() > MAX_FILE {
            return Err(Error::new(ErrorKind::ShareDamaged, "a file too long for a share"));
        }
        if !Self::is_sealed(file) {
            return Self::from_text(file);
        }
        let closed = || Error::new(ErrorKind::NotSealedToYou, "sealed to another identity");
        let identity = identity.ok_or_else(closed)?;
        let opened = envelope::open_up_to(identity.age(), file, MAX_FILE)
            .map_err(|_| Error::new(ErrorKind::ShareDamaged, "a sealed share is damaged"))?;
        Self::from_text(&opened.ok_or_else(closed)?)
    }

    /// Whether a file needs an identity to be read.
    #[must_use]
    pub fn is_sealed(file: &[u8]) -> bool {
        file.starts_with(b"age-encryption.org/")
    }

    /// The lines that can be typed, and that stand on paper.
    #[must_use]
    pub fn to_text(&self) -> SecretText {
        text::write(&self.envelope)
    }

    /// Seals it to a member card (`amparo-member1...`) or an age recipient (`age1...`).
    ///
    /// # Errors
    ///
    /// `BadInput` if it is neither.
    pub fn seal_to(&self, recipient: &str) -> Result<Vec<u8>> {
        let recipient = match recipient.parse::<MemberCard>() {
            Ok(card) => card.recipient(),
            Err(_) => recipient.to_owned(),
        };
        let recipient = envelope::parse_recipient(&recipient)?;
        let text = self.to_text();
        // The text, so that plain `age` opens to what can be read, typed and printed.
        let plain = text.expose().as_bytes();
        envelope::seal_to(std::iter::once(&recipient as &dyn age::Recipient), plain)
    }

    /// The vault that it belongs to.
    #[must_use]
    pub const fn vault(&self) -> VaultId {
        self.facts.vault
    }

    /// What people compare: the vault's fingerprint, as whoever held the ceremony wrote it.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        Fingerprint::from_bytes(self.facts.fingerprint)
    }

    /// Whether the fingerprint itself proves who signed: the vault's first administrator. If not,
    /// another administrator may have; the vault's roster tells.
    #[must_use]
    pub fn signed_by_founder(&self) -> bool {
        Fingerprint::new(&self.facts.vault, &self.dealer) == self.fingerprint()
    }

    /// Which escrow of the vault; each new one has a higher number.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.facts.epoch
    }

    /// Which of the shares it is, from 1.
    #[must_use]
    pub const fn index(&self) -> u8 {
        self.index
    }

    /// How many shares must come together.
    #[must_use]
    pub const fn quorum(&self) -> u8 {
        self.facts.quorum
    }

    /// How many shares there are.
    #[must_use]
    pub const fn custodians(&self) -> u8 {
        self.facts.custodians
    }

    /// Makes and signs a share of a split.
    pub(crate) fn deal(
        facts: SplitFacts,
        index: u8,
        value: &Key,
        dealer: &SignKey,
    ) -> Result<Self> {
        let salt: [u8; 16] = random()?;
        let mut out = Writer::with_capacity(LENGTH);
        out.u8(FORMAT).u8(SUITE).raw(facts.vault.as_bytes()).raw(&facts.fingerprint);
        out.u32(facts.epoch).u8(index).u8(facts.quorum).u8(facts.custodians);
        out.raw(&salt).raw(value.expose()).raw(&dealer.verify_key().0);
        let signature = dealer.sign(labels::SHARE_SIGNATURE, out.as_slice());
        out.raw(&signature);
        let envelope = SecretBytes::new(out.into_vec());
        Ok(Self { facts, index, value: value.clone(), dealer: dealer.verify_key(), envelope })
    }

    /// Reads an envelope and checks its form and signature.
    pub(crate) fn from_envelope(envelope: &[u8]) -> Result<Self> {
        let damaged = || Error::new(ErrorKind::ShareDamaged, "not a share");
        let (signed, signature) = envelope.split_at_checked(SIGNED).ok_or_else(damaged)?;
        let mut input = Reader::new(signed);
        match (input.u8()?, input.u8()?) {
            (FORMAT, SUITE) => {}
            (0, _) | (_, 0) => return Err(damaged()),
            _ => {
                let what = "written by a newer version of this program";
                return Err(Error::new(ErrorKind::NewerFormat, what));
            }
        }
        let (vault, fingerprint) = (VaultId::from_bytes(input.array()?), input.array()?);
        let (epoch, index, quorum, custodians) =
            (input.u32()?, input.u8()?, input.u8()?, input.u8()?);
        input.take(16)?;
        let value = Key::from_slice(input.take(32)?).ok_or_else(damaged)?;
        let dealer = VerifyKey(input.array()?);
        let signature = signature.try_into().map_err(|_| damaged())?;
        dealer.verify(labels::SHARE_SIGNATURE, signed, &signature).map_err(|_| {
            Error::new(ErrorKind::ShareForged, "the signature of a share does not hold")
        })?;
        // Signed nonsense is no accident.
        if split::check_bounds(quorum, custodians).is_err() || index == 0 || index > custodians {
            return Err(Error::new(ErrorKind::ShareForged, "a share contradicts itself"));
        }
        let facts = SplitFacts { vault, fingerprint, epoch, quorum, custodians };
        let envelope = SecretBytes::new(envelope.to_vec());
        Ok(Self { facts, index, value, dealer, envelope })
    }

    /// What stands in the roster: the salt is in the share.
    pub(crate) fn hash(&self) -> [u8; 32] {
        kdf::digest(labels::SHARE_HASH, &[&self.envelope])
    }

    pub(crate) const fn facts(&self) -> SplitFacts {
        self.facts
    }

    pub(crate) const fn dealer(&self) -> VerifyKey {
        self.dealer
    }

    /// Index and value, to recombine.
    pub(crate) const fn point(&self) -> (u8, &Key) {
        (self.index, &self.value)
    }

    fn from_text(text: &[u8]) -> Result<Self> {
        Self::from_envelope(&text::read(text)?)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Share(..)")
    }
}
