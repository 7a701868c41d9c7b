//! Identifiers: random bytes with a hexadecimal spelling, one type for each kind of thing.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;

use crate::error::{Error, ErrorKind, Result};

macro_rules! identifier {
    ($(#[doc = $doc:literal])+ $name:ident, $len:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The identifier made of these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes, as they are stored.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                let bad = || Error::new(ErrorKind::BadValue, "not an identifier");
                let bytes = HEXLOWER.decode(text.trim().as_bytes()).map_err(|_| bad())?;
                bytes.try_into().map(Self).map_err(|_| bad())
            }
        }
    };
}

crate::spelling::spelled!(RecordId, AttachmentId, BackupId, MemberId, VaultId);

identifier!(
    /// A record: tree number (1 byte), slot in the key tree (5 bytes, big-endian), 10 random
    /// bytes. Written as 32 hexadecimal digits.
    RecordId,
    16
);
identifier!(
    /// A vault: 16 random bytes.
    VaultId,
    16
);
identifier!(
    /// One physical copy of a vault; a restored backup gets a new one.
    InstanceId,
    16
);
identifier!(
    /// A member of a vault's roster: 8 random bytes.
    MemberId,
    8
);
identifier!(
    /// A file attached to a record: the id of the record that stands for it. The file itself has
    /// a random name that only that record knows.
    AttachmentId,
    16
);

identifier!(
    /// A backup: 16 random bytes.
    BackupId,
    16
);

impl RecordId {
    /// The record's place in the key tree.
    pub(crate) fn slot(&self) -> u64 {
        let [_, a, b, c, d, e, ..] = self.0;
        u64::from_be_bytes([0, 0, 0, a, b, c, d, e])
    }

    /// Joins a slot below 2^40 and the random tail.
    pub(crate) fn from_slot(slot: u64, tail: [u8; 10]) -> Self {
        let [_, _, _, a, b, c, d, e] = slot.to_be_bytes();
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip([0, a, b, c, d, e].iter().chain(&tail)) {
            *to = *from;
        }
        Self(bytes)
    }

    pub(crate) fn tail(&self) -> [u8; 10] {
        let [_, _, _, _, _, _, tail @ ..] = self.0;
        tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_spelling() {
        let id = RecordId::from_slot(0x12_3456_789a, [9; 10]);
        assert_eq!(id.to_string(), "00123456789a09090909090909090909");
        assert_eq!(id.to_string().parse::<RecordId>().unwrap(), id);
        assert_eq!((id.slot(), id.tail()), (0x12_3456_789a, [9; 10]));
        for bad in
            ["", "00", "zz123456789a09090909090909090909", "00123456789a090909090909090909090"]
        {
            assert!(bad.parse::<RecordId>().is_err());
        }
    }
}
