//! The anchor's head: how far the vault had come when the anchor was last written. No secret.

use crate::codec::{Reader, Writer};
use crate::crypto::merkle::Frontier;
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, VaultId};
use crate::keys::anchor::HEAD_FILE;
use crate::secret::Key;

/// What the anchor remembers of the vault, so that an older one is refused. Holds no secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct AnchorHead {
    pub(crate) vault: VaultId,
    pub(crate) instance: InstanceId,
    pub(crate) erase_epoch: u64,
    pub(crate) roster_version: u64,
    pub(crate) roster_hash: [u8; 32],
    pub(crate) sequence: u64,
    pub(crate) chain: [u8; 32],
    pub(crate) tree: [u8; 32],
    pub(crate) log: Frontier,
}

impl AnchorHead {
    /// Encodes with a MAC under K_root.
    pub(crate) fn to_bytes(&self, root_key: &Key) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(1).raw(self.vault.as_bytes()).raw(self.instance.as_bytes()).u64(self.erase_epoch);
        out.u64(self.roster_version).raw(&self.roster_hash).u64(self.sequence).raw(&self.chain);
        out.raw(&self.tree);
        self.log.write(&mut out);
        let mac: [u8; 32] = kdf::prf(root_key, labels::ANCHOR_HEAD, &[out.as_slice()]);
        out.raw(&mac);
        out.into_vec()
    }

    /// The erase epoch that a head claims, before its MAC can be checked.
    pub(crate) fn claimed_epoch(bytes: &[u8]) -> Option<u64> {
        let epoch: [u8; 8] = bytes.get(33..41)?.try_into().ok()?;
        Some(u64::from_le_bytes(epoch))
    }

    pub(crate) fn from_bytes(bytes: &[u8], root_key: &Key) -> Result<Self> {
        let bad = || {
            Error::new(ErrorKind::Tampered, "the anchor's head was altered")
                .at(Place::File(HEAD_FILE.to_owned()))
        };
        let (body, mac) = bytes.split_last_chunk::<32>().ok_or_else(bad)?;
        let ours: [u8; 32] = kdf::prf(root_key, labels::ANCHOR_HEAD, &[body]);
        if !kdf::equal(&ours, mac) {
            return Err(bad());
        }
        let mut input = Reader::new(body);
        if input.u8()? != 1 {
            return Err(Error::new(ErrorKind::NewerFormat, "the anchor is of a newer format"));
        }
        let head = Self {
            vault: VaultId::from_bytes(input.array()?),
            instance: InstanceId::from_bytes(input.array()?),
            erase_epoch: input.u64()?,
            roster_version: input.u64()?,
            roster_hash: input.array()?,
            sequence: input.u64()?,
            chain: input.array()?,
            tree: input.array()?,
            log: Frontier::read(&mut input)?,
        };
        input.finish()?;
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::anchor::MAX_HEAD;

    #[test]
    fn a_head_is_believed_only_under_its_key() {
        let key = Key::init_with(|k| k.fill(1));
        let head = AnchorHead {
            vault: VaultId::from_bytes([1; 16]),
            instance: InstanceId::from_bytes([2; 16]),
            erase_epoch: 3,
            roster_version: 4,
            roster_hash: [5; 32],
            sequence: 6,
            chain: [7; 32],
            tree: [8; 32],
            log: Frontier::default(),
        };
        let bytes = head.to_bytes(&key);
        assert!(bytes.len() <= MAX_HEAD);
        assert_eq!(AnchorHead::from_bytes(&bytes, &key).unwrap(), head);
        assert_eq!(AnchorHead::claimed_epoch(&bytes), Some(3));
        for i in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[i] ^= 1;
            assert!(AnchorHead::from_bytes(&bad, &key).is_err());
        }
    }
}
