//! A passphrase as an age recipient and identity: Argon2id (RFC 9106) in a stanza of ours.
//!
//! ```text
//! -> argon2id BASE64(salt, 16 bytes) memory_KiB passes lanes
//! BASE64(commitment, 32 bytes || nonce, 24 || tag, 16 || file key, 16)
//! ```
//! The parameters are bounded before anything is allocated and bound to the wrapped key. The
//! commitment is compared in constant time before the key is unwrapped.

use std::cell::Cell;
#[allow(clippy::disallowed_types, reason = "the trait's signature")]
use std::collections::HashSet;

use age::secrecy::ExposeSecret;
use age::{DecryptError, EncryptError};
use age_core::format::{FileKey, Stanza};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::{BASE64_NOPAD, HEXLOWER};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::crypto::{SUITE, aead, kdf, labels, random};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::{Key, SecretText};

const STANZA: &str = "argon2id";
const SALT: usize = 16;
const FILE_KEY: usize = 16;
const BODY: usize = 32 + aead::OVERHEAD + FILE_KEY;
/// Longest passphrase, in bytes after normalisation.
const MAX_PASSPHRASE: usize = 1024;

/// How much work a passphrase costs to test. Memory in KiB, passes, lanes (RFC 9106, 3.1).
///
/// The default (64 MiB, 3 passes, 4 lanes) is the second recommended option of RFC 9106, 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Argon2Cost {
    /// The least that is accepted: 19 MiB, 2 passes, 1 lane.
    pub const FLOOR: Self = Self { memory_kib: 19 << 10, passes: 2, lanes: 1 };
    /// The most that is accepted: 1 GiB, 10 passes, 8 lanes.
    pub const CEILING: Self = Self { memory_kib: 1 << 20, passes: 10, lanes: 8 };

    /// Costs within the bounds.
    ///
    /// # Errors
    ///
    /// `BadParameters` outside [`Self::FLOOR`] and [`Self::CEILING`].
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self> {
        let (low, high) = (Self::FLOOR, Self::CEILING);
        let inside = (low.memory_kib..=high.memory_kib).contains(&memory_kib)
            && (low.passes..=high.passes).contains(&passes)
            && (low.lanes..=high.lanes).contains(&lanes);
        if inside {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(Error::new(ErrorKind::BadParameters, "Argon2id costs are out of bounds"))
        }
    }

    fn derive(self, passphrase: &SecretText, salt: &[u8; SALT]) -> Result<Key> {
        if passphrase.expose().len() > 3 * MAX_PASSPHRASE {
            return Err(Error::new(ErrorKind::TooLong, "the passphrase is too long"));
        }
        // NFC makes text at most three times as long (UAX #15); growth would leave copies behind.
        let mut normal = Zeroizing::new(String::with_capacity(passphrase.expose().len() * 3));
        normal.extend(passphrase.expose().nfc());
        if normal.len() > MAX_PASSPHRASE {
            return Err(Error::new(ErrorKind::TooLong, "the passphrase is too long"));
        }
        let failed = |_| Error::new(ErrorKind::BadParameters, "Argon2id refused its parameters");
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(failed)?;
        let mut result = Ok(());
        let key =
            Key::init_with(|out| {
                result = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(normal.as_bytes(), salt, out);
            });
        result.map_err(failed)?;
        Ok(key)
    }

    fn aad(self, salt: &[u8; SALT]) -> Vec<u8> {
        let mut bytes = vec![SUITE];
        for number in [self.memory_kib, self.passes, self.lanes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(salt);
        bytes
    }
}

impl Default for Argon2Cost {
    fn default() -> Self {
        Self { memory_kib: 64 << 10, passes: 3, lanes: 4 }
    }
}

/// Wraps an age file key under a passphrase.
pub(crate) struct Recipient<'a> {
    pub(crate) passphrase: &'a SecretText,
    pub(crate) cost: Argon2Cost,
}

impl Recipient<'_> {
    fn wrap(&self, file_key: &FileKey) -> Result<Stanza> {
        let salt: [u8; SALT] = random()?;
        let key = self.cost.derive(self.passphrase, &salt)?;
        let aad = self.cost.aad(&salt);
        let commitment: [u8; 32] = kdf::prf(&key, labels::PASSPHRASE_COMMITMENT, &[&aad]);
        let wrap = kdf::prf_key(&key, labels::PASSPHRASE, &[]);
        let mut body = commitment.to_vec();
        body.extend(aead::seal(&wrap, &aad, file_key.expose_secret())?);
        let Argon2Cost { memory_kib, passes, lanes } = self.cost;
        Ok(Stanza {
            tag: STANZA.to_owned(),
            args: vec![
                BASE64_NOPAD.encode(&salt),
                memory_kib.to_string(),
                passes.to_string(),
                lanes.to_string(),
            ],
            body,
        })
    }
}

impl age::Recipient for Recipient<'_> {
    #[allow(clippy::disallowed_types, reason = "the trait's signature")]
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> std::result::Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let failed = |_| EncryptError::Io(std::io::Error::other("passphrase"));
        let stanza = self.wrap(file_key).map_err(failed)?;
        // A label nobody else can have keeps other recipients out of the file.
        let label = HEXLOWER.encode(&random::<16>().map_err(failed)?);
        Ok((vec![stanza], HashSet::from([label])))
    }
}

/// Unwraps what [`Recipient`] wrapped, and remembers why it could not.
pub(crate) struct Unwrapper<'a> {
    passphrase: &'a SecretText,
    failure: Cell<Option<ErrorKind>>,
}

impl<'a> Unwrapper<'a> {
    pub(crate) const fn new(passphrase: &'a SecretText) -> Self {
        Self { passphrase, failure: Cell::new(None) }
    }

    /// A wrong passphrase unless the parameters were at fault.
    pub(crate) fn failure(&self) -> Error {
        match self.failure.get() {
            Some(ErrorKind::BadParameters) => {
                Error::new(ErrorKind::BadParameters, "Argon2id costs are out of bounds")
            }
            _ => Error::new(
                ErrorKind::WrongPassphrase,
                "wrong passphrase, or a damaged identity file",
            ),
        }
    }

    fn unwrap(&self, stanza: &Stanza) -> Result<FileKey> {
        let bad = || Error::new(ErrorKind::WrongPassphrase, "a damaged stanza");
        let [salt, memory, passes, lanes] = stanza.args.as_slice() else {
            return Err(bad());
        };
        let salt = BASE64_NOPAD.decode(salt.as_bytes()).map_err(|_| bad())?;
        let salt: [u8; SALT] = salt.try_into().map_err(|_| bad())?;
        let number = |text: &String| text.parse::<u32>().map_err(|_| bad());
        let cost = Argon2Cost::new(number(memory)?, number(passes)?, number(lanes)?)?;
        if stanza.body.len() != BODY {
            return Err(bad());
        }
        let (commitment, wrapped) = stanza.body.split_first_chunk::<32>().ok_or_else(bad)?;
        let key = cost.derive(self.passphrase, &salt)?;
        let aad = cost.aad(&salt);
        let ours: [u8; 32] = kdf::prf(&key, labels::PASSPHRASE_COMMITMENT, &[&aad]);
        if !kdf::equal(&ours, commitment) {
            return Err(bad());
        }
        let plain = aead::open(&kdf::prf_key(&key, labels::PASSPHRASE, &[]), &aad, wrapped)?;
        let file_key: &[u8; FILE_KEY] = plain.as_slice().try_into().map_err(|_| bad())?;
        Ok(FileKey::init_with_mut(|out| out.copy_from_slice(file_key)))
    }
}

impl age::Identity for Unwrapper<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<std::result::Result<FileKey, DecryptError>> {
        (stanza.tag == STANZA).then(|| {
            self.unwrap(stanza).map_err(|error| {
                self.failure.set(Some(error.kind()));
                DecryptError::DecryptionFailed
            })
        })
    }
}
