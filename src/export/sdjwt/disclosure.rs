//! One disclosure: a salt, a name and a value, which a digest in the signed part stands for.

use data_encoding::BASE64URL_NOPAD as BASE64;
use sd_jwt_payload::{Disclosure, Hasher, SHA_ALG_NAME};
use zeroize::Zeroizing;

use crate::crypto::{self, kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::export::sdjwt::value::{self, ClaimValue, Wire};
use crate::export::sdjwt::{malformed, too_long};
use crate::redact::Mark;
use crate::secret::{Key, SecretText};

/// Length of a salt in bytes: RFC 9901, section 9.3, asks for 128 bits.
pub(super) const SALT: usize = 16;

/// SHA-256 under the name that `_sd_alg` has for it.
pub(super) struct Sha256;

impl Hasher for Sha256 {
    fn digest(&self, input: &[u8]) -> Vec<u8> {
        crypto::sha256_of(input).to_vec()
    }

    fn alg_name(&self) -> &str {
        SHA_ALG_NAME
    }
}

/// The salt of a field: nobody without the seed can tell it, and so nobody can try values
/// against a digest.
pub(super) fn salt(seed: &Key, record: &str, name: &str) -> [u8; SALT] {
    kdf::prf(seed, labels::EXPORT_SALT, &[record.as_bytes(), name.as_bytes()])
}

/// `[salt, name, value]` in base64url.
pub(super) fn write(
    salt: &[u8; SALT],
    name: &str,
    value: &ClaimValue,
    changed: Option<Mark>,
) -> Result<SecretText> {
    let salt = BASE64.encode(salt);
    // A buffer that grows leaves copies behind.
    let longest = value.longest_json() + name.len() + OVERHEAD;
    let mut json = Zeroizing::new(Vec::with_capacity(longest));
    serde_json::to_writer(&mut *json, &(&salt, name, Wire(value, changed)))
        .map_err(|_| Error::new(ErrorKind::Internal, "JSON could not be written"))?;
    let text = SecretText::from(BASE64.encode(&json));
    if text.expose().len() <= MAX_DISCLOSURE { Ok(text) } else { Err(too_long()) }
}

/// The name, the value and its mark. The digest must have been found in the signed part.
pub(super) fn read(text: &str) -> Result<(String, ClaimValue, Option<Mark>)> {
    let bad = || malformed("a disclosure is not that of a field");
    if text.len() > MAX_DISCLOSURE {
        return Err(too_long());
    }
    // The message of the parser quotes what it read.
    let parsed = Disclosure::parse(text).map_err(|_| bad())?;
    let salt = BASE64.decode(parsed.salt.as_bytes()).map_err(|_| bad())?;
    let salt = salt.try_into().map_err(|_| bad())?;
    let name = parsed.claim_name.filter(|name| is_name(name)).ok_or_else(bad)?;
    let (value, changed) = value::read(parsed.claim_value).ok_or_else(bad)?;
    // The parser is lenient: of two equal keys it takes one.
    let again = write(&salt, &name, &value, changed)?;
    if again.expose() == text { Ok((name, value, changed)) } else { Err(bad()) }
}

/// A name of the schema. None of them is a reserved one: `_sd`, `_sd_alg`, `...`.
pub(super) fn is_name(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=MAX_NAME).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(plain)
}

/// Brackets, quotes, commas, the salt and a mark.
const OVERHEAD: usize = 80;
/// As in a schema.
const MAX_NAME: usize = 64;
/// Longest disclosure: the longest prose of a record, all of it escaped, in base64url.
const MAX_DISCLOSURE: usize = 1 << 20;
