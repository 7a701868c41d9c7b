//! A backup as a file: rows of a store in order of keys, in chunks that are chained by hash, and
//! a last part that the layers above fill.
//!
//! The rows are what the store held at one moment, ciphertext all of it, so the file needs no
//! key and no cover of its own. An *increment* holds what differs from other files before it,
//! removals too. The chain guards against accidents and against files that do not belong
//! together; against people stands the signature that the last part carries.
//!
//! A file is written under the name `FILE.part`. Whoever writes the same rows again writes the
//! same bytes, so a second attempt passes over what the first one wrote and compares it.

mod chunk;
mod layers;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use layers::Layers;
pub(crate) use read::{BackupReader, Ended};
pub(crate) use write::{BackupWriter, begun, part_of};

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{BackupId, InstanceId, VaultId};
use crate::store::Position;

/// Longest payload of rows, unless one row alone is longer.
const CHUNK: usize = 1 << 20;
/// Longest payload of the last part.
pub(crate) const MAX_LAST: usize = 32 << 20;
/// Before a payload: kind (1), length (4).
const FRAME_HEAD: usize = 5;
const ROWS: u8 = 1;
const LAST: u8 = 2;
const MAGIC: [u8; 8] = *b"amparoB1";

/// What stands at the beginning of a backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BackupHeader {
    pub(crate) vault: VaultId,
    pub(crate) instance: InstanceId,
    pub(crate) backup: BackupId,
    /// The commit whose rows these are.
    pub(crate) position: Position,
    /// What an increment is to be laid over.
    pub(crate) base: Option<Base>,
}

/// A finished backup, named so that no other can stand in for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Base {
    pub(crate) backup: BackupId,
    /// The hash that ends its chain.
    pub(crate) chain: [u8; 32],
}

impl BackupHeader {
    /// Length, in bytes: the last 32 are a hash of all before, where the chain begins.
    pub(crate) const LEN: usize = 8 + 3 * 16 + 8 + 32 + 1 + 16 + 32 + 32;

    fn to_bytes(self) -> (Vec<u8>, [u8; 32]) {
        let mut out = Writer::with_capacity(Self::LEN);
        out.raw(&MAGIC).raw(self.vault.as_bytes()).raw(self.instance.as_bytes());
        out.raw(self.backup.as_bytes()).u64(self.position.sequence).raw(&self.position.chain);
        match &self.base {
            None => out.u8(0).raw(&[0; 48]),
            Some(base) => out.u8(1).raw(base.backup.as_bytes()).raw(&base.chain),
        };
        let hash = *blake3::hash(out.as_slice()).as_bytes();
        out.raw(&hash);
        (out.into_vec(), hash)
    }

    /// Reads a header, and gives the hash at which the chain begins.
    fn from_bytes(bytes: &[u8]) -> Result<(Self, [u8; 32])> {
        let damaged = || Error::new(ErrorKind::Tampered, "a backup's header was altered");
        let mut input = Reader::new(bytes);
        if input.array::<8>()? != MAGIC {
            let newer = bytes.starts_with(MAGIC.get(..7).unwrap_or_default());
            return Err(if newer {
                Error::new(ErrorKind::NewerFormat, "written by a newer version of this program")
            } else {
                Error::new(ErrorKind::BadInput, "not a backup")
            });
        }
        let mut header = Self {
            vault: VaultId::from_bytes(input.array()?),
            instance: InstanceId::from_bytes(input.array()?),
            backup: BackupId::from_bytes(input.array()?),
            position: Position { sequence: input.u64()?, chain: input.array()? },
            base: None,
        };
        let kind = input.u8()?;
        let base = Base { backup: BackupId::from_bytes(input.array()?), chain: input.array()? };
        header.base = (kind == 1).then_some(base);
        // One meaning has one encoding.
        let (again, hash) = header.to_bytes();
        if again == bytes { Ok((header, hash)) } else { Err(damaged()) }
    }
}

/// The hash that chains a frame to what stands before it.
fn chain_of(before: &[u8; 32], head: &[u8], payload: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before).update(head).update(payload);
    *hasher.finalize().as_bytes()
}

fn frame_head(kind: u8, payload: &[u8]) -> Result<[u8; FRAME_HEAD]> {
    let most = if kind == ROWS { chunk::MAX_PAYLOAD } else { MAX_LAST };
    let too_long = || Error::new(ErrorKind::TooLong, "a part of a backup is too long");
    let len = u32::try_from(payload.len()).ok().filter(|_| payload.len() <= most);
    let [a, b, c, d] = len.ok_or_else(too_long)?.to_le_bytes();
    Ok([kind, a, b, c, d])
}

/// Makes every hash of a file right, so that a fuzz target comes past them.
#[cfg(fuzzing)]
pub(crate) fn mend(bytes: &[u8]) -> Vec<u8> {
    let (head, mut rest) = bytes.split_at(bytes.len().min(BackupHeader::LEN - 32));
    let mut out = head.to_vec();
    let mut chain = *blake3::hash(head).as_bytes();
    out.extend(chain);
    rest = rest.get(32..).unwrap_or_default();
    while let Some((head, tail)) = rest.split_first_chunk::<FRAME_HEAD>() {
        let [_, a, b, c, d] = *head;
        let len = (u32::from_le_bytes([a, b, c, d]) as usize).min(tail.len());
        let (payload, tail) = tail.split_at(len);
        chain = chain_of(&chain, head, payload);
        out.extend([&head[..], payload, &chain].concat());
        rest = tail.get(32..).unwrap_or_default();
    }
    out
}
