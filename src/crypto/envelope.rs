//! Files sealed to people: age v1 with X25519 recipients (C2SP age).

use std::io::{Read, Write};
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use crate::secret::SecretBytes;

/// Longest plaintext this module opens; grants, capsules and identities are far shorter.
const MAX_PLAIN: usize = 1 << 20;

/// An age identity of a person, from its `AGE-SECRET-KEY-1...` text.
pub(crate) fn parse_identity(text: &str) -> Result<age::x25519::Identity> {
    // The parser's message may quote the key: dropped.
    age::x25519::Identity::from_str(text)
        .map_err(|_| Error::new(ErrorKind::BadInput, "not an age identity"))
}

/// Checks and normalises an `age1...` recipient.
pub(crate) fn parse_recipient(text: &str) -> Result<age::x25519::Recipient> {
    age::x25519::Recipient::from_str(text.trim())
        .map_err(|_| Error::new(ErrorKind::BadInput, "not an age recipient"))
}

/// Seals bytes to any of the recipients.
pub(crate) fn seal_to<'a>(
    recipients: impl Iterator<Item = &'a dyn age::Recipient>,
    plain: &[u8],
) -> Result<Vec<u8>> {
    let failed = |_| Error::new(ErrorKind::Internal, "sealing to a recipient failed");
    let encryptor = age::Encryptor::with_recipients(recipients)
        .map_err(|_| Error::new(ErrorKind::BadInput, "no recipient to seal to"))?;
    let mut out = Vec::with_capacity(plain.len() + 512);
    let mut writer = encryptor.wrap_output(&mut out).map_err(failed)?;
    writer.write_all(plain).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

/// Opens an age file. `None` if it is sealed to somebody else.
pub(crate) fn open_with(
    identity: &dyn age::Identity,
    sealed: &[u8],
) -> Result<Option<SecretBytes>> {
    open_up_to(identity, sealed, MAX_PLAIN)
}

/// As [`open_with`], for a plaintext of at most `most` bytes.
pub(crate) fn open_up_to(
    identity: &dyn age::Identity,
    sealed: &[u8],
    most: usize,
) -> Result<Option<SecretBytes>> {
    let damaged = || Error::new(ErrorKind::Tampered, "a sealed file is damaged");
    let decryptor = age::Decryptor::new_buffered(sealed).map_err(|_| damaged())?;
    let reader = match decryptor.decrypt(std::iter::once(identity)) {
        Ok(reader) => reader,
        Err(age::DecryptError::NoMatchingKeys) => return Ok(None),
        Err(_) => return Err(damaged()),
    };
    let mut plain = SecretBytes::new(Vec::with_capacity(sealed.len()));
    reader.take(most as u64 + 1).read_to_end(&mut plain).map_err(|_| damaged())?;
    if plain.len() > most {
        return Err(Error::new(ErrorKind::TooLong, "a sealed file is too long"));
    }
    Ok(Some(plain))
}
