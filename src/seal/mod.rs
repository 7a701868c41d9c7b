//! Records as they are stored: sections of fields, each field sealed on its own.
//!
//! A section is a record's fields in one compartment at one revision. Its keys need both gates:
//!
//! ```text
//! RK = KDF(CK || SK || place), 96 bytes --> encryption root | commitment | MAC key
//! FK[field] | tag = PRF(encryption root, field path), 48 bytes
//! ```
//! Round-trip contract: what [`seal_section`] made opens under the same keys and the same place,
//! and MUST NOT open under any other vault, record, compartment, part, epoch, revision, schema
//! version, record type, field path, kind or padding class.

pub(crate) mod file;
mod group;
pub(crate) mod pump;
mod sealed;

pub(crate) use group::{Group, GroupSlot, MAX_SLOTS};
pub(crate) use sealed::{FieldHead, SealedRecord, SectionHead, SectionId, head_digest};

use std::sync::Arc;

use crate::codec::Writer;
use crate::crypto::aead::Nonces;
use crate::crypto::{SUITE, aead, kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{RecordId, VaultId};
use crate::secret::{Key, SecretBytes};
use sealed::MAC;
use zeroize::{Zeroize, Zeroizing};

const FORMAT: u8 = 1;
/// Smallest padded value, as a power of two.
const MIN_CLASS: u8 = 5;
/// Largest padded value: 64 KiB.
const MAX_CLASS: u8 = 16;

/// Where a section stands; every byte of it is bound to what is sealed there.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) vault: &'a VaultId,
    pub(crate) record: &'a RecordId,
    pub(crate) record_type: &'a str,
    pub(crate) section: SectionId,
}

/// A field to seal: its path, the code of its kind, its encoded value.
pub(crate) struct PlainField<'a> {
    pub(crate) path: &'a str,
    pub(crate) kind: u8,
    pub(crate) value: SecretBytes,
}

/// RK: encryption root, commitment, MAC key.
struct SectionKeys(Box<Zeroizing<[[u8; 32]; 3]>>);

impl SectionKeys {
    fn derive(place: &Place<'_>, ck: &Key, sk: &Key, epoch: u32, revision: u32) -> Self {
        let mut fixed = Writer::with_capacity(64);
        fixed.u8(SUITE).raw(place.vault.as_bytes()).raw(place.record.as_bytes());
        place.section.write(&mut fixed);
        fixed.u32(epoch).u32(revision);
        let mut rk = Self(Box::new(Zeroizing::new([[0; 32]; 3])));
        let parts: [&[u8]; 3] = [ck.expose(), sk.expose(), fixed.as_slice()];
        kdf::derive_into(labels::SECTION, &parts, rk.0.as_flattened_mut());
        rk
    }

    fn commitment(&self) -> &[u8; 32] {
        let [_, commitment, _] = &**self.0;
        commitment
    }

    /// The key of a field, and the tag that stands for its path: one output, so one hash.
    fn field(&self, path: &str, drawn: &mut FieldKey) {
        let [root, ..] = &**self.0;
        kdf::prf_into(root, labels::FIELD, &[path.as_bytes()], drawn);
    }

    fn mac(&self, head: &[u8]) -> [u8; 32] {
        let [.., key] = &**self.0;
        let mut mac = [0; 32];
        kdf::prf_into(key, labels::SECTION_MAC, &[head], &mut mac);
        mac
    }
}

/// Key (32) and tag (16) of a field, in a place that is wiped.
type FieldKey = [u8; 48];

fn key_and_tag(drawn: &FieldKey) -> Result<(&[u8; 32], &[u8; 16])> {
    let (key, tag) = drawn.split_first_chunk().ok_or_else(misplaced)?;
    Ok((key, tag.first_chunk().ok_or_else(misplaced)?))
}

/// What a section is sealed under.
pub(crate) struct SectionVersion<'a> {
    pub(crate) ck: &'a Key,
    pub(crate) sk: &'a Key,
    pub(crate) epoch: u32,
    pub(crate) revision: u32,
    pub(crate) schema_version: u32,
    /// Digest of the head that this one replaces; zeros for the first.
    pub(crate) previous: [u8; 32],
}

/// A sealed section, and the digest of its head that the key tree binds.
pub(crate) struct Sealed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: [u8; 32],
}

/// Seals a section: head, then ciphertexts in the order of the head. Values are laid out where
/// they will stand and sealed there, so that no copy of one is left behind.
pub(crate) fn seal_section(
    place: &Place<'_>,
    version: &SectionVersion<'_>,
    fields: Vec<PlainField<'_>>,
    nonces: &mut Nonces,
) -> Result<Sealed> {
    let (epoch, revision) = (version.epoch, version.revision);
    let keys = SectionKeys::derive(place, version.ck, version.sk, epoch, revision);
    let mut drawn = Zeroizing::new(vec![[0; 48]; fields.len()]);
    let mut laid = Vec::with_capacity(fields.len());
    for (drawn, field) in drawn.iter_mut().zip(&fields) {
        keys.field(field.path, drawn);
        let (key, tag) = key_and_tag(drawn)?;
        laid.push((tag, key, field));
    }
    laid.sort_unstable_by_key(|(tag, ..)| *tag);
    let heads = laid.iter().map(|(tag, _, field)| {
        let class = class_for(field.value.len())?;
        Ok(FieldHead { tag: **tag, aead_tag: [0; aead::TAG], class })
    });
    let mut head = SectionHead {
        section: place.section,
        epoch,
        revision,
        schema_version: version.schema_version,
        commitment: *keys.commitment(),
        previous: version.previous,
        nonce: nonces.next()?,
        fields: heads.collect::<Result<_>>()?,
    };
    let start = head.signed_len() + MAC;
    let total = head.fields.iter().map(FieldHead::len).sum::<usize>();
    let mut bytes = vec![0; start + total];
    let (signed, mut body) = bytes.split_at_mut_checked(start).ok_or_else(misplaced)?;

    let mut aad = FieldAad::new(place, [epoch, revision, version.schema_version]);
    for (entry, (_, key, field)) in head.fields.iter_mut().zip(laid) {
        let (buffer, rest) = body.split_at_mut_checked(entry.len()).ok_or_else(misplaced)?;
        body = rest;
        pad_into(&field.value, buffer)?;
        let aad = aad.of(field.path, field.kind, entry.class);
        let sealed = aead::seal_in_place(key, &head.nonce, aad, buffer);
        if sealed.is_err() {
            buffer.zeroize();
        }
        entry.aead_tag = sealed?;
    }
    let written = head.to_bytes()?;
    let mac = keys.mac(&written);
    let digest = kdf::digest(labels::HEAD_DIGEST, &[&written, &mac]);
    let (head, tail) = signed.split_at_mut_checked(written.len()).ok_or_else(misplaced)?;
    head.copy_from_slice(&written);
    *tail.first_chunk_mut().ok_or_else(misplaced)? = mac;
    Ok(Sealed { bytes, digest })
}

/// What opening a section proved: its head, and the keys of its fields.
pub(crate) struct Proved {
    head: SectionHead,
    keys: SectionKeys,
}

impl Proved {
    pub(crate) const fn epoch(&self) -> u32 {
        self.head.epoch
    }

    pub(crate) const fn head(&self) -> &SectionHead {
        &self.head
    }
}

/// A section whose head was proved authentic; fields open one by one.
pub(crate) struct OpenSection<'a> {
    place: Place<'a>,
    body: &'a [u8],
    proved: Arc<Proved>,
}

impl<'a> OpenSection<'a> {
    /// Checks commitment and MAC in constant time before anything is opened. That the head is
    /// the newest is the key tree's to say, before this.
    pub(crate) fn open(place: Place<'a>, bytes: &'a [u8], ck: &Key, sk: &Key) -> Result<Self> {
        let (head, signed, mac, body) = SectionHead::parse(bytes)?;
        if head.section != place.section {
            return Err(tampered("a section stands in another's place"));
        }
        let keys = SectionKeys::derive(&place, ck, sk, head.epoch, head.revision);
        if !kdf::equal(keys.commitment(), &head.commitment) || !kdf::equal(&keys.mac(signed), mac) {
            return Err(tampered("a section does not open"));
        }
        Ok(Self { place, body, proved: Arc::new(Proved { head, keys }) })
    }

    /// Opens the same bytes at the same place once more. Whoever keeps `proved` keeps the bytes
    /// with it.
    pub(crate) fn again(place: Place<'a>, bytes: &'a [u8], proved: Arc<Proved>) -> Result<Self> {
        let body = bytes.get(proved.head.signed_len() + MAC..);
        let body = body.ok_or_else(|| tampered("a section ends early"))?;
        Ok(Self { place, body, proved })
    }

    pub(crate) fn proved(&self) -> Arc<Proved> {
        Arc::clone(&self.proved)
    }

    /// Opens one field; `None` if the section has no such field.
    pub(crate) fn field(&self, path: &str, kind: u8) -> Result<Option<SecretBytes>> {
        let Proved { head, keys } = &*self.proved;
        let mut drawn = Zeroizing::new([0; 48]);
        keys.field(path, &mut drawn);
        let (key, tag) = key_and_tag(&drawn)?;
        let mut offset = 0_usize;
        for field in &head.fields {
            let end = offset.saturating_add(field.len());
            if field.tag != *tag {
                offset = end;
                continue;
            }
            let sealed =
                self.body.get(offset..end).ok_or_else(|| tampered("a section ends early"))?;
            let stamp = [head.epoch, head.revision, head.schema_version];
            let mut aad = FieldAad::new(&self.place, stamp);
            let aad = aad.of(path, kind, field.class);
            let mut plain = SecretBytes::new(sealed.to_vec());
            aead::open_in_place(key, &head.nonce, &field.aead_tag, aad, &mut plain)?;
            return unpad(plain).map(Some);
        }
        Ok(None)
    }
}

/// The AAD of a section's fields: the same for all but path, kind and class.
struct FieldAad {
    bytes: Vec<u8>,
    shared: usize,
}

impl FieldAad {
    /// `stamp` is key epoch, revision, schema version.
    fn new(place: &Place<'_>, stamp: [u32; 3]) -> Self {
        let mut out = Writer::with_capacity(128);
        out.u8(FORMAT).u8(SUITE).raw(place.vault.as_bytes()).raw(place.record.as_bytes());
        place.section.write(&mut out);
        for number in stamp {
            out.u32(number);
        }
        out.bytes(place.record_type.as_bytes());
        let bytes = out.into_vec();
        Self { shared: bytes.len(), bytes }
    }

    fn of(&mut self, path: &str, kind: u8, class: u8) -> &[u8] {
        self.bytes.truncate(self.shared);
        let len = u32::try_from(path.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&len.to_le_bytes());
        self.bytes.extend_from_slice(path.as_bytes());
        self.bytes.extend_from_slice(&[kind, class]);
        &self.bytes
    }
}

/// The power of two, from 32 bytes to 64 KiB, that holds a length and a value.
fn class_for(len: usize) -> Result<u8> {
    (MIN_CLASS..=MAX_CLASS)
        .find(|class| 1_usize << class >= len + 4)
        .ok_or_else(|| Error::new(ErrorKind::TooLong, "a value is too long for a field"))
}

/// `u32` length, value, zeros: into a buffer that is as long as its class and holds zeros.
fn pad_into(value: &[u8], buffer: &mut [u8]) -> Result<()> {
    let (head, rest) = buffer.split_first_chunk_mut().ok_or_else(misplaced)?;
    *head = u32::try_from(value.len()).unwrap_or(u32::MAX).to_le_bytes();
    rest.get_mut(..value.len()).ok_or_else(misplaced)?.copy_from_slice(value);
    Ok(())
}

fn misplaced() -> Error {
    Error::new(ErrorKind::Internal, "a section was laid out wrongly")
}

fn unpad(mut padded: SecretBytes) -> Result<SecretBytes> {
    let bad = || tampered("a value is padded wrongly");
    let len = u32::from_le_bytes(*padded.first_chunk().ok_or_else(bad)?) as usize;
    let end = len.checked_add(4).filter(|end| *end <= padded.len()).ok_or_else(bad)?;
    if padded.iter().skip(end).any(|byte| *byte != 0) {
        return Err(bad());
    }
    padded.copy_within(4..end, 0);
    let tail = padded.get_mut(len..).ok_or_else(bad)?;
    tail.zeroize();
    padded.truncate(len);
    Ok(padded)
}

fn tampered(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}

#[cfg(test)]
mod tests;
