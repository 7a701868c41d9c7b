//! Keys and signatures as entries of a ledger and receipts hold them: in hexadecimal.

use crate::crypto::sign::SIGNATURE;
use crate::error::{Error, ErrorKind, Result};

macro_rules! hexadecimal {
    ($(#[doc = $doc:literal])+ $name:ident, $len:expr, $bad:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) struct $name(pub(super) [u8; $len]);

        crate::spelling::spelled!($name);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
                bytes
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(Self)
                    .ok_or_else(|| Error::new(ErrorKind::BadValue, $bad))
            }
        }
    };
}

hexadecimal!(
    /// An Ed25519 signature.
    Signature,
    SIGNATURE,
    "not a signature"
);
hexadecimal!(
    /// Random bytes that make a digest unguessable.
    Salt,
    16,
    "not a salt"
);
hexadecimal!(
    /// An Ed25519 verifying key.
    PublicKey,
    32,
    "not a key"
);
