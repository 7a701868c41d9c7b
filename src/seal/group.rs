//! A record's group: the section key (SK) and the digest of the newest head of each section.
//!
//! It lies sealed in the record's row. Its key and its digest are the record's place in the key
//! tree, so that destroying that place destroys every SK of the record.

use crate::codec::{Reader, Writer};
use crate::crypto::{aead, fill_random, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{RecordId, VaultId};
use crate::keys::tree::{fresh_key, node_digest};
use crate::secret::{Key, SecretBytes};

use super::SectionId;

/// Most slots of a group: their number is a byte.
pub(crate) const MAX_SLOTS: usize = 255;

/// The slot of one section; written or not.
#[derive(Clone)]
pub(crate) struct GroupSlot {
    pub(crate) section: SectionId,
    pub(crate) sk: Key,
    /// Digest of the newest head; zeros while nothing is written.
    pub(crate) digest: [u8; 32],
}

/// The slots of a record, by section.
#[derive(Clone, Default)]
pub(crate) struct Group {
    pub(crate) slots: Vec<GroupSlot>,
}

impl Group {
    /// Fresh section keys for these sections, in order.
    pub(crate) fn generate(sections: impl IntoIterator<Item = SectionId>) -> Result<Self> {
        let sections: Vec<SectionId> = sections.into_iter().collect();
        // One call to the system for all keys of a record.
        let mut drawn = SecretBytes::new(vec![0; 32 * sections.len()]);
        fill_random(&mut drawn)?;
        let (keys, _) = drawn.as_chunks::<32>();
        let slot = |(section, key): (SectionId, &[u8; 32])| GroupSlot {
            section,
            sk: Key::init_with(|sk| sk.copy_from_slice(key)),
            digest: [0; 32],
        };
        let mut slots: Vec<GroupSlot> = sections.into_iter().zip(keys).map(slot).collect();
        slots.sort_by_key(|slot| slot.section);
        Ok(Self { slots })
    }

    pub(crate) fn slot(&self, section: SectionId) -> Option<&GroupSlot> {
        self.slots.iter().find(|slot| slot.section == section)
    }

    /// The slot of a section, made with a fresh key if the group has none yet.
    pub(crate) fn slot_mut(&mut self, section: SectionId) -> Result<&mut GroupSlot> {
        let at = match self.slots.binary_search_by_key(&section, |slot| slot.section) {
            Ok(at) => at,
            Err(at) => {
                self.slots.insert(at, GroupSlot { section, sk: fresh_key()?, digest: [0; 32] });
                at
            }
        };
        self.slots
            .get_mut(at)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "a group lost its slot"))
    }

    /// Seals the group; the digest goes into the key tree.
    pub(crate) fn seal(
        &self,
        vault: &VaultId,
        record: &RecordId,
        key: &Key,
    ) -> Result<(Vec<u8>, [u8; 32])> {
        let mut out = Writer::with_capacity(1 + self.slots.len() * 66);
        out.u8(u8::try_from(self.slots.len()).unwrap_or(u8::MAX));
        for slot in &self.slots {
            slot.section.write(&mut out);
            out.raw(slot.sk.expose()).raw(&slot.digest);
        }
        let plain = SecretBytes::new(out.into_vec());
        let sealed = aead::seal(key, &aad(vault, record), &plain)?;
        let digest = node_digest(&sealed);
        Ok((sealed, digest))
    }

    pub(crate) fn open(
        vault: &VaultId,
        record: &RecordId,
        key: &Key,
        sealed: &[u8],
    ) -> Result<Self> {
        let plain = aead::open(key, &aad(vault, record), sealed)?;
        let mut input = Reader::new(&plain);
        let count = usize::from(input.u8()?);
        if count > MAX_SLOTS {
            return Err(Error::new(ErrorKind::Tampered, "a group has too many slots"));
        }
        let mut slots = Vec::new();
        for _ in 0..count {
            let section = SectionId::read(&mut input)?;
            let sk = Key::from_slice(input.take(32)?)
                .ok_or_else(|| Error::new(ErrorKind::Tampered, "a group cannot be read"))?;
            slots.push(GroupSlot { section, sk, digest: input.array()? });
        }
        input.finish()?;
        Ok(Self { slots })
    }
}

fn aad(vault: &VaultId, record: &RecordId) -> Vec<u8> {
    let mut out = Writer::with_capacity(80);
    out.bytes(labels::NODE.0.as_bytes()).raw(vault.as_bytes()).bytes(record.as_bytes());
    out.into_vec()
}
