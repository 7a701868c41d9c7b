//! The stored form of a record: one row with the sealed group and every section.

use crate::codec::{Reader, Writer};
use crate::crypto::{SUITE, aead, kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::keys::roster::check_format;

use super::{FORMAT, MAX_CLASS, MIN_CLASS};

/// Longest row, in bytes: larger content goes to attachments.
pub(crate) const MAX_ROW: usize = 1 << 20;
const MAX_GROUP: usize = 20 << 10;
const MAX_SECTIONS: usize = 64;
const MAX_FIELDS: usize = 1024;
/// Bytes that a field takes in its section's head.
const FIELD_HEAD: usize = 16 + aead::TAG + 1;
pub(super) const MAC: usize = 32;

/// A compartment of a record, and which part of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct SectionId {
    pub(crate) compartment: u8,
    /// 0 holds the fields; 1, in the home compartment, the links.
    pub(crate) part: u8,
}

impl SectionId {
    pub(crate) const fn fields(compartment: u8) -> Self {
        Self { compartment, part: 0 }
    }

    pub(crate) fn write(self, out: &mut Writer) {
        out.u8(self.compartment).u8(self.part);
    }

    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { compartment: input.u8()?, part: input.u8()? })
    }
}

/// One field as its section's head lists it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldHead {
    /// Stands for the path: PRF(encryption root, path).
    pub(crate) tag: [u8; 16],
    pub(crate) aead_tag: [u8; aead::TAG],
    /// Padding class: the ciphertext is a power of two long, and this is the power.
    pub(crate) class: u8,
}

impl FieldHead {
    /// Bytes of the ciphertext.
    pub(crate) fn len(&self) -> usize {
        1 << self.class.min(MAX_CLASS)
    }
}

/// The head of a section; what its MAC and its digest cover.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SectionHead {
    pub(crate) section: SectionId,
    pub(crate) epoch: u32,
    pub(crate) revision: u32,
    pub(crate) schema_version: u32,
    pub(crate) commitment: [u8; 32],
    /// Digest of the head that this one replaced; zeros, and not stored, if there was none.
    pub(crate) previous: [u8; 32],
    /// One for all fields of the section: each has a key of its own that seals nothing else.
    pub(crate) nonce: [u8; aead::NONCE],
    pub(crate) fields: Vec<FieldHead>,
}

impl SectionHead {
    /// Bytes of the head up to its MAC.
    pub(super) fn signed_len(&self) -> usize {
        let previous = if self.replaces() { 32 } else { 0 };
        2 + 2 + 3 * 4 + 32 + 1 + previous + aead::NONCE + 2 + self.fields.len() * FIELD_HEAD
    }

    fn replaces(&self) -> bool {
        self.previous != [0; 32]
    }

    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let too_many = |_| Error::new(ErrorKind::TooLong, "a section has too many fields");
        let mut out = Writer::with_capacity(self.signed_len());
        out.u8(FORMAT).u8(SUITE);
        self.section.write(&mut out);
        out.u32(self.epoch).u32(self.revision).u32(self.schema_version);
        out.raw(&self.commitment).u8(u8::from(self.replaces()));
        if self.replaces() {
            out.raw(&self.previous);
        }
        out.raw(&self.nonce);
        out.u16(u16::try_from(self.fields.len()).map_err(too_many)?);
        for field in &self.fields {
            out.raw(&field.tag).raw(&field.aead_tag).u8(field.class);
        }
        Ok(out.into_vec())
    }

    /// Reads a section: its head, the bytes that the MAC covers, the MAC, the ciphertexts.
    #[allow(clippy::type_complexity, reason = "four parts of one slice")]
    pub(crate) fn parse(bytes: &[u8]) -> Result<(Self, &[u8], &[u8], &[u8])> {
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let section = SectionId::read(&mut input)?;
        let (epoch, revision, schema_version) = (input.u32()?, input.u32()?, input.u32()?);
        let commitment = input.array()?;
        let previous = match input.u8()? {
            0 => [0; 32],
            1 => input.array()?,
            _ => return Err(bad_previous()),
        };
        let nonce = input.array()?;
        let count = usize::from(input.u16()?);
        if count > MAX_FIELDS {
            return Err(Error::new(ErrorKind::Tampered, "a section has too many fields"));
        }
        let mut fields = Vec::with_capacity(count.min(input.remaining() / FIELD_HEAD));
        let mut total = 0_usize;
        for _ in 0..count {
            let (tag, aead_tag, class) = (input.array()?, input.array()?, input.u8()?);
            if !(MIN_CLASS..=MAX_CLASS).contains(&class) {
                return Err(Error::new(ErrorKind::Tampered, "a field is not of a padding class"));
            }
            let field = FieldHead { tag, aead_tag, class };
            total += field.len();
            fields.push(field);
        }
        if !fields.is_sorted_by(|a, b| a.tag < b.tag) {
            return Err(Error::new(
                ErrorKind::Tampered,
                "the fields of a section are out of order",
            ));
        }
        let signed_len = bytes.len() - input.remaining();
        let mac = input.take(MAC)?;
        let body = input.take(input.remaining())?;
        if body.len() != total {
            return Err(Error::new(ErrorKind::Tampered, "a section is not as long as it says"));
        }
        let signed = bytes.get(..signed_len).unwrap_or_default();
        let head =
            Self { section, epoch, revision, schema_version, commitment, previous, nonce, fields };
        // Zeros are written as nothing: one meaning has one encoding.
        if head.signed_len() != signed_len {
            return Err(bad_previous());
        }
        Ok((head, signed, mac, body))
    }
}

fn bad_previous() -> Error {
    Error::new(ErrorKind::Tampered, "a section says wrongly what it replaced")
}

/// Digest of a section's head with its MAC: what the key tree and the next head bind.
pub(crate) fn head_digest(section: &[u8]) -> Result<[u8; 32]> {
    let (_, signed, mac, _) = SectionHead::parse(section)?;
    Ok(kdf::digest(labels::HEAD_DIGEST, &[signed, mac]))
}

/// A record's row: the sealed group, then the sections by id.
#[derive(Clone, Default)]
pub(crate) struct SealedRecord {
    pub(crate) group: Vec<u8>,
    pub(crate) sections: Vec<(SectionId, Vec<u8>)>,
}

impl SealedRecord {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let too_long = || Error::new(ErrorKind::TooLong, "the record is too long for a row");
        let size = self.sections.iter().map(|(_, bytes)| bytes.len() + 8).sum::<usize>();
        let mut out = Writer::with_capacity(size + self.group.len() + 16);
        out.u8(FORMAT).u8(SUITE).bytes(&self.group);
        out.u8(u8::try_from(self.sections.len()).map_err(|_| too_long())?);
        for (id, bytes) in &self.sections {
            id.write(&mut out);
            out.bytes(bytes);
        }
        if out.len() > MAX_ROW {
            return Err(too_long());
        }
        Ok(out.into_vec())
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_ROW {
            return Err(Error::new(ErrorKind::Tampered, "a row is too long"));
        }
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let group = input.bytes(MAX_GROUP)?.to_vec();
        let count = usize::from(input.u8()?);
        if count > MAX_SECTIONS {
            return Err(Error::new(ErrorKind::Tampered, "a row has too many sections"));
        }
        let mut sections: Vec<(SectionId, Vec<u8>)> = Vec::new();
        for _ in 0..count {
            let id = SectionId::read(&mut input)?;
            if sections.last().is_some_and(|(last, _)| *last >= id) {
                return Err(Error::new(ErrorKind::Tampered, "the sections are out of order"));
            }
            sections.push((id, input.bytes(MAX_ROW)?.to_vec()));
        }
        input.finish()?;
        Ok(Self { group, sections })
    }

    pub(crate) fn section(&self, id: SectionId) -> Option<&[u8]> {
        self.sections.iter().find(|(at, _)| *at == id).map(|(_, bytes)| bytes.as_slice())
    }

    /// Puts or replaces a section, keeping the order of ids.
    pub(crate) fn put_section(&mut self, id: SectionId, bytes: Vec<u8>) {
        match self.sections.binary_search_by_key(&id, |(at, _)| *at) {
            Ok(at) => {
                if let Some(slot) = self.sections.get_mut(at) {
                    slot.1 = bytes;
                }
            }
            Err(at) => self.sections.insert(at, (id, bytes)),
        }
    }
}
