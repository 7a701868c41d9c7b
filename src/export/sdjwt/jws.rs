//! The signature: a JWS in compact form (RFC 7515), EdDSA with Ed25519 (RFC 8037).

use data_encoding::BASE64URL_NOPAD as BASE64;
use serde::{Deserialize, Serialize};

use crate::crypto;
use crate::crypto::sign::{SignKey, VerifyKey};
use crate::error::{Error, ErrorKind, Result};
use crate::export::sdjwt::{malformed, tampered, too_long};

/// Header and payload in base64url, a dot between them, and the signature over both.
pub(super) fn sign(payload: &[u8], key: &SignKey) -> Result<String> {
    if payload.len() > MAX_PAYLOAD {
        return Err(too_long());
    }
    let header = Header::of(&key.verify_key()).to_bytes()?;
    let input = [BASE64.encode(&header), BASE64.encode(payload)].join(".");
    let signature = key.sign_jws(input.as_bytes())?;
    Ok([input, BASE64.encode(&signature)].join("."))
}

/// The key of whoever signed, and the payload, once the signature holds.
pub(super) fn open(text: &str) -> Result<(VerifyKey, Vec<u8>)> {
    let bad = || malformed("this is not a signed export");
    let (input, signature) = text.rsplit_once('.').ok_or_else(bad)?;
    let (header, payload) = input.split_once('.').ok_or_else(bad)?;
    // Four letters hold three bytes.
    if header.len() > MAX_HEADER || payload.len() / 4 * 3 > MAX_PAYLOAD {
        return Err(too_long());
    }
    let decode = |text: &str| BASE64.decode(text.as_bytes()).map_err(|_| bad());
    let key = Header::read(&decode(header)?)?;
    let signature: [u8; 64] = decode(signature)?.try_into().map_err(|_| bad())?;
    key.verify_jws(input.as_bytes(), &signature)?;
    Ok((key, decode(payload)?))
}

/// The thumbprint of a key (RFC 7638 and RFC 8037, appendix A.3), in base64url.
pub(super) fn thumbprint(key: &VerifyKey) -> String {
    // Three texts: this cannot fail.
    let jwk = serde_json::to_vec(&Jwk::of(key)).unwrap_or_default();
    BASE64.encode(&crypto::sha256_of(&jwk))
}

/// What is not listed here is not understood, and refused: `crit`, `kid`, `x5c`, another `alg`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    jwk: Jwk,
    typ: String,
}

/// In the order of RFC 7638, by which a key is hashed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Jwk {
    crv: String,
    kty: String,
    x: String,
}

impl Jwk {
    fn of(key: &VerifyKey) -> Self {
        Self { crv: "Ed25519".into(), kty: "OKP".into(), x: BASE64.encode(&key.0) }
    }
}

impl Header {
    fn of(key: &VerifyKey) -> Self {
        Self { alg: ALGORITHM.into(), jwk: Jwk::of(key), typ: TYPE.into() }
    }

    fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "JSON could not be written"))
    }

    fn read(bytes: &[u8]) -> Result<VerifyKey> {
        let bad = || malformed("this is not the header of an export");
        // The message of the parser may quote what it read.
        let header: Self = serde_json::from_slice(bytes).map_err(|_| bad())?;
        // Before all else: the one algorithm (RFC 8725, section 3.1).
        if header.alg != ALGORITHM {
            return Err(tampered("signed by another algorithm than EdDSA"));
        }
        let x = BASE64.decode(header.jwk.x.as_bytes()).map_err(|_| bad())?;
        let key = VerifyKey(x.try_into().map_err(|_| bad())?);
        if Self::of(&key).to_bytes()? == bytes { Ok(key) } else { Err(bad()) }
    }
}

const ALGORITHM: &str = "EdDSA";
/// Explicit typing (RFC 9901, section 9.11), so that it is taken for no other kind of token.
const TYPE: &str = "amparo-export+sd-jwt";
/// Ours has 133 bytes, 178 in base64url.
const MAX_HEADER: usize = 1024;
/// Digests and paths of [`MAX_DISCLOSURES`](super::MAX_DISCLOSURES) fields fit.
const MAX_PAYLOAD: usize = 32 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.3.
    #[test]
    fn a_thumbprint_is_that_of_the_standard() {
        let x = BASE64.decode(b"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let thumbprint = thumbprint(&VerifyKey(x.try_into().unwrap()));
        assert_eq!(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
