//! A signature as an entry of a ledger holds it.

use crate::crypto::sign::SIGNATURE;
use crate::error::{Error, ErrorKind, Result};

/// An Ed25519 signature, spelled in hexadecimal.
#[derive(Clone, Copy)]
pub(super) struct Signature(pub(super) [u8; SIGNATURE]);

crate::spelling::spelled!(Signature);

impl std::fmt::Display for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl std::str::FromStr for Signature {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| Error::new(ErrorKind::BadValue, "not a signature"))
    }
}
