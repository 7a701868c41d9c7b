//! A member card: what a person hands to an administrator to be added.

use std::fmt;
use std::str::FromStr;

use bech32::{Bech32m, Hrp};

use crate::crypto::envelope;
use crate::crypto::sign::VerifyKey;
use crate::error::{Error, ErrorKind, Result};

const HRP: Hrp = Hrp::parse_unchecked("amparo-member");
const AGE_HRP: Hrp = Hrp::parse_unchecked("age");

/// The public keys of one person, written `amparo-member1...` (Bech32m, BIP 350, over the
/// 32-byte X25519 key and the 32-byte Ed25519 key).
#[derive(Clone)]
pub struct MemberCard {
    recipient: age::x25519::Recipient,
    verify: VerifyKey,
}

impl MemberCard {
    pub(crate) const fn new(recipient: age::x25519::Recipient, verify: VerifyKey) -> Self {
        Self { recipient, verify }
    }

    /// The age recipient, `age1...`.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.recipient.to_string()
    }

    pub(crate) const fn verify_key(&self) -> VerifyKey {
        self.verify
    }
}

impl fmt::Display for MemberCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recipient = self.recipient.to_string();
        let mut bytes = bech32::decode(&recipient).map_err(|_| fmt::Error)?.1;
        bytes.extend_from_slice(&self.verify.0);
        f.write_str(&bech32::encode::<Bech32m>(HRP, &bytes).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for MemberCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemberCard({self})")
    }
}

impl FromStr for MemberCard {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::new(ErrorKind::BadInput, "not a member card");
        let text = text.trim();
        if text.len() > 200 {
            return Err(bad());
        }
        let checked = bech32::primitives::decode::CheckedHrpstring::new::<Bech32m>(text)
            .map_err(|_| bad())?;
        if checked.hrp() != HRP {
            return Err(bad());
        }
        let bytes: Vec<u8> = checked.byte_iter().collect();
        let (recipient, verify) = bytes.split_first_chunk::<32>().ok_or_else(bad)?;
        let verify = VerifyKey(verify.try_into().map_err(|_| bad())?);
        let recipient = bech32::encode::<bech32::Bech32>(AGE_HRP, recipient).map_err(|_| bad())?;
        Ok(Self { recipient: envelope::parse_recipient(&recipient)?, verify })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::identity::Identity;

    #[test]
    fn a_mistyped_card_is_refused() {
        let card = Identity::generate().unwrap().card().to_string();
        assert_eq!(card.parse::<MemberCard>().unwrap().to_string(), card);
        for i in 0..card.len() {
            let mut bad = card.clone().into_bytes();
            bad[i] = if bad[i] == b'q' { b'p' } else { b'q' };
            assert!(String::from_utf8(bad).unwrap().parse::<MemberCard>().is_err());
        }
    }
}
