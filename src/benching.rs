//! Doors for the benches, built only under `--cfg benching`: sealing without vault or store, and
//! commits without a leaf of the log.

use std::sync::atomic::Ordering;

use crate::crypto::aead::Nonces;
use crate::error::Result;
use crate::id::{RecordId, VaultId};
use crate::keys::ring::KeyRing;
use crate::keys::tree::fresh_key;
use crate::seal::{
    Group, Place, PlainField, SealedRecord, SectionId, SectionVersion, seal_section,
};
use crate::secret::SecretBytes;
use crate::vault::UNLOGGED;

/// From now on the commits of this process have no leaf. Their vault will not open again.
pub fn without_a_log() {
    UNLOGGED.store(true, Ordering::Relaxed);
}

/// Keys of a vault that is nowhere.
pub struct Sealing {
    vault: VaultId,
    record: RecordId,
    ring: KeyRing,
}

impl Sealing {
    /// Fresh keys for compartments 1 to `compartments`, and `vault`.
    ///
    /// # Errors
    ///
    /// `NoRandomness`.
    pub fn new(compartments: u8) -> Result<Self> {
        let ring = KeyRing::generate(compartments)?;
        Ok(Self {
            vault: VaultId::from_bytes([1; 16]),
            record: RecordId::from_bytes([2; 16]),
            ring,
        })
    }

    /// Seals fields (compartment, path, value) and a section of particulars into a row.
    ///
    /// # Errors
    ///
    /// As adding a record.
    pub fn seal(&self, fields: &[(u8, &str, Vec<u8>)]) -> Result<Vec<u8>> {
        let field = |path, value: &[u8]| PlainField {
            path,
            kind: 1,
            value: SecretBytes::new(value.to_vec()),
        };
        let mut sections = std::collections::BTreeMap::<u8, Vec<PlainField<'_>>>::new();
        for (compartment, path, value) in fields {
            sections.entry(*compartment).or_default().push(field(path, value));
        }
        let particulars = [("@meta", [0; 20].as_slice()), ("@postings", &[0; 384])];
        sections.insert(0, particulars.map(|(path, value)| field(path, value)).into());
        let mut group = Group::generate(sections.keys().map(|code| SectionId::fields(*code)))?;
        let mut row = SealedRecord::default();
        let mut nonces = Nonces::draw(sections.len())?;
        for (code, fields) in sections {
            let section = SectionId::fields(code);
            let (epoch, ck) = self.ring.newest(code)?;
            let slot = group.slot_mut(section)?;
            let place =
                Place { vault: &self.vault, record: &self.record, record_type: "file", section };
            let version = SectionVersion {
                ck,
                sk: &slot.sk,
                epoch,
                revision: 1,
                schema_version: 1,
                previous: slot.digest,
            };
            let sealed = seal_section(&place, &version, fields, &mut nonces)?;
            slot.digest = sealed.digest;
            row.put_section(section, sealed.bytes);
        }
        row.group = group.seal(&self.vault, &self.record, &fresh_key()?)?.0;
        row.to_bytes()
    }
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealing(..)")
    }
}
