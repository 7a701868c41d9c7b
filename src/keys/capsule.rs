//! The capsule: `A[e]` sealed to the escrow, inside the vault folder.
//!
//! Any copy of the folder is so a backup that a quorum of custodians, and nobody else, can open.
//! Until escrow is set up it is sealed to the administrators.

use std::fs::{self, OpenOptions};
use std::path::Path;

use crate::codec::{Reader, Writer};
use crate::crypto::sign::SIGNATURE;
use crate::crypto::{SUITE, envelope, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, VaultId};
use crate::keys::anchor::AnchorSlot;
use crate::keys::durable::{destroy_in_place, replace_file, sync_folder, write_new};
use crate::keys::identity::Identity;
use crate::keys::roster::{Body, Escrow, check_format};
use crate::secret::{Key, SecretBytes};

const FORMAT: u8 = 1;
pub(crate) const MAX_CAPSULE: u64 = 64 << 10;
const CURRENT: &str = "capsule";
const NEXT: &str = "capsule.next";

/// A capsule as it lies in the folder; its outer part shows e.
#[derive(Debug)]
pub(crate) struct Capsule {
    pub(crate) vault: VaultId,
    /// 0 while it is sealed to the administrators.
    pub(crate) escrow_epoch: u32,
    pub(crate) erase_epoch: u64,
    pub(crate) writer: MemberId,
    sealed: Vec<u8>,
    signed: Vec<u8>,
    signature: [u8; SIGNATURE],
}

impl Capsule {
    /// Seals a slot's secret to the escrow, or to the administrators while there is none.
    pub(crate) fn seal(
        vault: &VaultId,
        slot: &AnchorSlot,
        roster: &Body,
        writer: MemberId,
        identity: &Identity,
    ) -> Result<Vec<u8>> {
        match &roster.escrow {
            Some(escrow) => {
                let recipients = vec![escrow.recipient.clone()];
                Self::seal_for(vault, slot, (escrow.epoch, recipients), (writer, identity))
            }
            None => Self::seal_to_administrators(vault, slot, roster, (writer, identity)),
        }
    }

    /// As [`Self::seal`], to the administrators although there may be an escrow.
    pub(crate) fn seal_to_administrators(
        vault: &VaultId,
        slot: &AnchorSlot,
        roster: &Body,
        writer: (MemberId, &Identity),
    ) -> Result<Vec<u8>> {
        Self::seal_for(vault, slot, (0, roster.administrator_recipients()), writer)
    }

    fn seal_for(
        vault: &VaultId,
        slot: &AnchorSlot,
        (escrow_epoch, recipients): (u32, Vec<String>),
        (writer, identity): (MemberId, &Identity),
    ) -> Result<Vec<u8>> {
        let parsed = recipients
            .iter()
            .map(|text| envelope::parse_recipient(text))
            .collect::<Result<Vec<_>>>()?;
        let mut plain = Writer::with_capacity(80);
        plain.raw(vault.as_bytes()).u32(escrow_epoch).u64(slot.erase_epoch).raw(slot.key.expose());
        let plain = SecretBytes::new(plain.into_vec());
        let sealed = envelope::seal_to(parsed.iter().map(|r| r as &dyn age::Recipient), &plain)?;
        let mut out = Writer::new();
        out.u8(FORMAT).u8(SUITE).raw(vault.as_bytes()).u32(escrow_epoch);
        out.u64(slot.erase_epoch).raw(writer.as_bytes()).bytes(&sealed);
        let signature = identity.sign_key().sign(labels::CAPSULE, out.as_slice());
        out.raw(&signature);
        Ok(out.into_vec())
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let vault = VaultId::from_bytes(input.array()?);
        let (escrow_epoch, erase_epoch) = (input.u32()?, input.u64()?);
        let writer = MemberId::from_bytes(input.array()?);
        let sealed = input.bytes(usize::try_from(MAX_CAPSULE).unwrap_or(usize::MAX))?.to_vec();
        let signed = bytes.get(..bytes.len() - input.remaining()).unwrap_or_default().to_vec();
        let signature = input.array()?;
        input.finish()?;
        Ok(Self { vault, escrow_epoch, erase_epoch, writer, sealed, signed, signature })
    }

    /// Whether an administrator wrote it.
    pub(crate) fn verify(&self, roster: &Body) -> Result<()> {
        let writer = roster
            .member(self.writer)
            .filter(|writer| writer.removed.is_none())
            .filter(|writer| roster.role_of(writer).is_some_and(|role| role.administers))
            .ok_or_else(|| {
                Error::new(ErrorKind::Tampered, "the capsule was written by a stranger")
            })?;
        writer.verify_key().verify(labels::CAPSULE, &self.signed, &self.signature)
    }

    /// Whether an escrow wrote it, at the end of a recovery.
    pub(crate) fn verify_by(&self, escrow: &Escrow) -> Result<()> {
        let key = escrow.verify_key().filter(|_| self.writer == Escrow::SIGNER);
        let key = key.ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "the capsule was written by a stranger")
        })?;
        key.verify(labels::CAPSULE, &self.signed, &self.signature)
    }

    /// Opens it with the escrow's (or an administrator's) identity and gives `A[e]`.
    pub(crate) fn open(&self, identity: &dyn age::Identity) -> Result<Key> {
        let plain = envelope::open_with(identity, &self.sealed)?.ok_or_else(|| {
            Error::new(ErrorKind::NotMember, "the capsule is not sealed to this identity")
        })?;
        let mut input = Reader::new(&plain);
        let inside = (VaultId::from_bytes(input.array()?), input.u32()?, input.u64()?);
        let key = Key::from_slice(input.take(32)?);
        input.finish()?;
        match key {
            Some(key) if inside == (self.vault, self.escrow_epoch, self.erase_epoch) => Ok(key),
            _ => Err(Error::new(ErrorKind::Tampered, "the capsule contradicts itself")),
        }
    }
}

/// Every capsule in a folder that can be read: two, where a change of the anchor was cut short.
pub(crate) fn read_all(folder: &Path) -> Result<Vec<Capsule>> {
    let mut found = Vec::new();
    for name in [CURRENT, NEXT] {
        let bytes = read(&folder.join(name))?;
        found.extend(bytes.and_then(|bytes| Capsule::parse(&bytes).ok()));
    }
    Ok(found)
}

/// Overwrites a file in place and makes sure of it; nothing if it is not there.
fn wipe(path: &Path) -> Result<()> {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => {
            let len = file.metadata().map_err(Error::io)?.len().min(MAX_CAPSULE);
            destroy_in_place(&file, usize::try_from(len).unwrap_or_default())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io(error)),
    }
}

/// Puts the first capsule in place.
pub(crate) fn write_first(folder: &Path, bytes: &[u8]) -> Result<()> {
    write_new(&folder.join(CURRENT), bytes)
}

/// Step 3 of an erase: the next capsule beside the current one, durable.
pub(crate) fn write_next(folder: &Path, bytes: &[u8]) -> Result<()> {
    replace_file(&folder.join(NEXT), bytes).map_err(|e| e.at(Place::File(NEXT.to_owned())))
}

/// Step 6 of an erase: the next capsule takes the place of the current one.
///
/// What it replaces is overwritten first, as well as files forget: an older capsule is an older
/// anchor for whoever it is sealed to. If that is as far as it comes, the next one still stands.
pub(crate) fn promote_next(folder: &Path) -> Result<()> {
    wipe(&folder.join(CURRENT))?;
    fs::rename(folder.join(NEXT), folder.join(CURRENT)).map_err(Error::io)?;
    sync_folder(folder)
}

pub(crate) fn remove_next(folder: &Path) -> Result<()> {
    match fs::remove_file(folder.join(NEXT)) {
        Ok(()) => sync_folder(folder),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io(error)),
    }
}

/// The erase epoch of the next capsule, if a readable one is there.
pub(crate) fn next_epoch(folder: &Path) -> Result<Option<u64>> {
    Ok(read(&folder.join(NEXT))?.and_then(|b| Capsule::parse(&b).ok()).map(|c| c.erase_epoch))
}

/// The current capsule.
pub(crate) fn read_current(folder: &Path) -> Result<Option<Capsule>> {
    read(&folder.join(CURRENT))?.map(|bytes| Capsule::parse(&bytes)).transpose()
}

/// Destroys capsules, where they lie, that no escrow stands behind: any administrator could open
/// them. One that cannot be read is taken for such. Gives whether one of the escrow's is left.
pub(crate) fn destroy_unless_escrowed(folder: &Path) -> Result<Left> {
    let mut left = Left::Nothing;
    let mut failed = Ok(());
    for name in [CURRENT, NEXT, "capsule.next.new"] {
        let path = folder.join(name);
        let file = match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                failed = Err(Error::io(error).at(Place::File(name.to_owned())));
                continue;
            }
        };
        let capsule = read(&path).ok().flatten().and_then(|bytes| Capsule::parse(&bytes).ok());
        if capsule.is_some_and(|capsule| capsule.escrow_epoch > 0) {
            left = Left::Escrowed;
            continue;
        }
        let len = file.metadata().map_or(MAX_CAPSULE, |meta| meta.len().min(MAX_CAPSULE));
        let len = usize::try_from(len).unwrap_or_default();
        if let Err(error) = destroy_in_place(&file, len) {
            failed = Err(error.at(Place::File(name.to_owned())));
        }
    }
    failed.map(|()| left)
}

/// Which capsules a panic leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Left {
    Nothing,
    /// One that a quorum of custodians, and nobody else, can open.
    Escrowed,
}

fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(meta) if meta.len() > MAX_CAPSULE => {
            Err(Error::new(ErrorKind::Tampered, "the capsule is too long"))
        }
        Ok(_) => fs::read(path).map(Some).map_err(Error::io),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(error)),
    }
}
