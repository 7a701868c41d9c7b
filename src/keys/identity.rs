//! A person's keys: an age X25519 identity to be sealed to, an Ed25519 key to sign with.

use std::fmt;
use std::io::{Read, Write};

use age::secrecy::ExposeSecret;
use bech32::{Bech32m, Hrp};
use zeroize::Zeroizing;

use crate::crypto::sign::SignKey;
use crate::crypto::{envelope, kdf, labels, random};
use crate::error::{Error, ErrorKind, Result};
use crate::keys::card::MemberCard;
use crate::keys::passphrase::{Argon2Cost, Recipient, Unwrapper};
use crate::secret::{Key, SecretText};

const AGE_PREFIX: &str = "AGE-SECRET-KEY-1";
const AGE_HRP: Hrp = Hrp::parse_unchecked("age-secret-key-");
const SIGNING_HRP: Hrp = Hrp::parse_unchecked("amparo-signing-key-");
const SIGNING_PREFIX: &str = "AMPARO-SIGNING-KEY-1";
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
/// Longest identity file, in bytes.
const MAX_FILE: usize = 16 << 10;

/// The keys of one person, wiped on drop.
///
/// A file made by `age-keygen` works too: its signing key is then derived from the age key.
///
/// ```
/// # fn main() -> amparo::Result<()> {
/// use amparo::{Argon2Cost, Identity, SecretText};
/// let rosa = Identity::generate()?;
/// let passphrase = SecretText::from("cuatro palabras que nadie adivina");
/// let file = rosa.seal(&passphrase, Argon2Cost::FLOOR)?;
/// assert!(Identity::is_sealed(&file));
/// let again = Identity::parse(&file, Some(&passphrase))?;
/// assert_eq!(again.card().to_string(), rosa.card().to_string());
/// # Ok(())
/// # }
/// ```
pub struct Identity {
    age: age::x25519::Identity,
    sign: SignKey,
}

impl Identity {
    /// Makes a new identity.
    ///
    /// # Errors
    ///
    /// `NoRandomness` if the system gives none.
    pub fn generate() -> Result<Self> {
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(random()?);
        let seed = Key::init_with(|key| key.copy_from_slice(seed.as_slice()));
        Ok(Self { age: age::x25519::Identity::generate(), sign: SignKey::from_seed(&seed) })
    }

    /// Reads an identity file: plain, sealed with a passphrase (armored or not), or a plain
    /// `age-keygen` file.
    ///
    /// # Errors
    ///
    /// `BadInput` if it is no identity file, `WrongPassphrase` if it does not open (also when a
    /// passphrase is needed and none is given), `BadParameters` if its costs are out of bounds.
    pub fn parse(file: &[u8], passphrase: Option<&SecretText>) -> Result<Self> {
        if file.len() > MAX_FILE {
            return Err(Error::new(ErrorKind::TooLong, "an identity file is too long"));
        }
        if !Self::is_sealed(file) {
            let text = std::str::from_utf8(file).map_err(|_| not_an_identity())?;
            return Self::parse_plain(text);
        }
        let Some(passphrase) = passphrase else {
            return Err(Error::new(
                ErrorKind::WrongPassphrase,
                "the identity needs its passphrase",
            ));
        };
        let unwrapper = Unwrapper::new(passphrase);
        let reader = age::armor::ArmoredReader::new(file);
        let decryptor = age::Decryptor::new_buffered(reader).map_err(|_| not_an_identity())?;
        let opened = decryptor.decrypt(std::iter::once(&unwrapper as &dyn age::Identity));
        let opened = opened.map_err(|_| unwrapper.failure())?;
        let mut plain = Zeroizing::new(Vec::with_capacity(MAX_FILE));
        opened.take(MAX_FILE as u64).read_to_end(&mut plain).map_err(|_| unwrapper.failure())?;
        Self::parse_plain(std::str::from_utf8(&plain).map_err(|_| not_an_identity())?)
    }

    /// Whether a file needs a passphrase.
    #[must_use]
    pub fn is_sealed(file: &[u8]) -> bool {
        let file = file.trim_ascii_start();
        file.starts_with(ARMOR) || file.starts_with(b"age-encryption.org/")
    }

    fn parse_plain(text: &str) -> Result<Self> {
        let mut age = None;
        let mut seed = None;
        for line in text.lines().map(str::trim) {
            if line.starts_with(AGE_PREFIX) && age.is_none() {
                age = Some((envelope::parse_identity(line)?, line));
            } else if line.starts_with(SIGNING_PREFIX) && seed.is_none() {
                seed = Some(parse_seed(line)?);
            } else if !(line.is_empty() || line.starts_with('#')) {
                return Err(not_an_identity());
            }
        }
        let (age, line) = age.ok_or_else(not_an_identity)?;
        let seed = seed.unwrap_or_else(|| kdf::derive(labels::SIGNING_SEED, &[line.as_bytes()]));
        Ok(Self { age, sign: SignKey::from_seed(&seed) })
    }

    /// The escrow's identity: its secret is what custodians hold in parts.
    pub(crate) fn from_escrow_secret(secret: &Key) -> Result<Self> {
        let failed = || Error::new(ErrorKind::Internal, "the escrow's keys were not derived");
        let age: Key = kdf::derive(labels::ESCROW_RECIPIENT, &[secret.expose()]);
        let text = bech32::encode_upper::<bech32::Bech32>(AGE_HRP, age.expose())
            .map(Zeroizing::new)
            .map_err(|_| failed())?;
        let age = envelope::parse_identity(&text).map_err(|_| failed())?;
        let seed = kdf::derive(labels::ESCROW_SIGNING, &[secret.expose()]);
        Ok(Self { age, sign: SignKey::from_seed(&seed) })
    }

    /// The identity as the text of a plain file.
    ///
    /// # Security
    ///
    /// Whoever has this text is this person. Prefer [`Identity::seal`].
    #[must_use]
    pub fn to_plain(&self) -> SecretText {
        let age = self.age.to_string();
        let seed = self.sign.seed();
        let signing = bech32::encode_upper::<Bech32m>(SIGNING_HRP, seed.expose())
            .map(Zeroizing::new)
            .unwrap_or_default();
        let card = self.card();
        // One allocation, so that no copy of the keys is left behind by growth.
        let mut text = String::with_capacity(1024);
        for part in [
            "# Amparo identity. Keep this file to yourself.\n# Member card: ",
            &card.to_string(),
            "\n",
            age.expose_secret(),
            "\n",
            &signing,
            "\n",
        ] {
            text.push_str(part);
        }
        SecretText::from(text)
    }

    /// The identity as an armored age file that opens with the passphrase.
    ///
    /// # Errors
    ///
    /// `TooLong` for a passphrase over 1,024 bytes.
    pub fn seal(&self, passphrase: &SecretText, cost: Argon2Cost) -> Result<Vec<u8>> {
        let failed = |_| Error::new(ErrorKind::Internal, "sealing the identity failed");
        if passphrase.expose().len() > 1024 {
            return Err(Error::new(ErrorKind::TooLong, "the passphrase is too long"));
        }
        let recipient = Recipient { passphrase, cost };
        let sealed = envelope::seal_to(
            std::iter::once(&recipient as &dyn age::Recipient),
            self.to_plain().expose().as_bytes(),
        )?;
        let mut out = Vec::new();
        let mut armor =
            age::armor::ArmoredWriter::wrap_output(&mut out, age::armor::Format::AsciiArmor)
                .map_err(failed)?;
        armor.write_all(&sealed).map_err(failed)?;
        armor.finish().map_err(failed)?;
        Ok(out)
    }

    /// The public half, to hand to an administrator.
    #[must_use]
    pub fn card(&self) -> MemberCard {
        MemberCard::new(self.age.to_public(), self.sign.verify_key())
    }

    pub(crate) const fn age(&self) -> &age::x25519::Identity {
        &self.age
    }

    pub(crate) const fn sign_key(&self) -> &SignKey {
        &self.sign
    }

    pub(crate) fn duplicate(&self) -> Self {
        Self { age: self.age.clone(), sign: SignKey::from_seed(&self.sign.seed()) }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

fn parse_seed(line: &str) -> Result<Key> {
    let checked = bech32::primitives::decode::CheckedHrpstring::new::<Bech32m>(line)
        .map_err(|_| not_an_identity())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(64));
    bytes.extend(checked.byte_iter().take(33));
    Key::from_slice(&bytes).ok_or_else(not_an_identity)
}

fn not_an_identity() -> Error {
    Error::new(ErrorKind::BadInput, "not an identity file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_survives_its_file() {
        let identity = Identity::generate().unwrap();
        let again = Identity::parse(identity.to_plain().expose().as_bytes(), None).unwrap();
        assert_eq!(identity.card().to_string(), again.card().to_string());
        assert_eq!(format!("{identity:?}"), "Identity(..)");
    }

    #[test]
    fn a_plain_age_key_gets_one_signing_key() {
        let age = age::x25519::Identity::generate();
        let file = format!("# created\n{}\n", age.to_string().expose_secret());
        let one = Identity::parse(file.as_bytes(), None).unwrap();
        let two = Identity::parse(file.as_bytes(), None).unwrap();
        assert_eq!(one.card().to_string(), two.card().to_string());
    }

    #[test]
    fn one_escrow_secret_gives_one_identity() {
        let identity = |byte| {
            let secret = Key::init_with(|key| key.fill(byte));
            Identity::from_escrow_secret(&secret).unwrap().card().to_string()
        };
        assert_eq!(identity(1), identity(1));
        assert_ne!(identity(1), identity(2));
    }

    #[test]
    fn a_wrong_passphrase_and_any_flipped_byte_are_refused() {
        let identity = Identity::generate().unwrap();
        let pass = SecretText::from("canary pass");
        let file = identity.seal(&pass, Argon2Cost::FLOOR).unwrap();
        let wrong = Identity::parse(&file, Some(&SecretText::from("other"))).unwrap_err();
        assert_eq!(wrong.kind(), ErrorKind::WrongPassphrase);
        assert_eq!(Identity::parse(&file, None).unwrap_err().kind(), ErrorKind::WrongPassphrase);
        for i in (0..file.len()).step_by(29) {
            let mut bad = file.clone();
            bad[i] ^= 0x15;
            assert!(Identity::parse(&bad, Some(&pass)).is_err(), "byte {i}");
        }
    }

    #[test]
    fn costs_outside_the_bounds_are_refused_before_any_work() {
        for (m, t, p) in
            [(8, 1, 1), (19 << 10, 1, 1), (2 << 20, 3, 4), (64 << 10, 11, 4), (64 << 10, 3, 9)]
        {
            assert_eq!(Argon2Cost::new(m, t, p).unwrap_err().kind(), ErrorKind::BadParameters);
        }
        let stanza = age_core::format::Stanza {
            tag: "argon2id".into(),
            args: vec![
                "AAAAAAAAAAAAAAAAAAAAAA".into(),
                "4294967295".into(),
                "1".into(),
                "1".into(),
            ],
            body: vec![0; 88],
        };
        let pass = SecretText::from("x");
        let unwrapper = Unwrapper::new(&pass);
        assert!(age::Identity::unwrap_stanza(&unwrapper, &stanza).unwrap().is_err());
        assert_eq!(unwrapper.failure().kind(), ErrorKind::BadParameters);
    }
}
