//! The list of what was erased, so that a backup from before gives none of it back.
//!
//! It lies in the vault's folder in clear: slots and numbers, and names that nobody can compute
//! once the record is gone. Two rules say what an entry kills in a tree that is restored:
//! - a record whose own key gives the entry's name, in whatever copy of the vault it was erased;
//! - in a backup of the very copy that wrote the entry, whatever a tree older than the entry's e
//!   holds in its slot. After a restore slots are given out anew, so this rule ends there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::audit::Leaf;
use crate::codec::{Reader, Writer};
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::crypto::sign::SIGNATURE;
use crate::crypto::{SUITE, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, MemberId, VaultId};
use crate::keys::durable::replace_file;
use crate::keys::roster::{Body, check_format};
use crate::vault::past::read_leaf;
use crate::vault::{Live, Vault};

const FORMAT: u8 = 1;
const FILE: &str = "erasures";
/// Longest list, in bytes: half a million entries.
pub(super) const MAX_ERASURES: usize = 17 << 20;
const MAX_COPIES: u32 = 64;

/// Of one slot: the e that closed it, and the record's name in the log (zeros if the record
/// could not be read then).
type Closed = BTreeMap<(u64, u64), [u8; 16]>;

/// What was erased, by the copy of the vault that erased it.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(in crate::vault) struct Erasures {
    /// How far the log was read.
    covers: Frontier,
    erase_epoch: u64,
    pub(in crate::vault) copies: BTreeMap<InstanceId, Closed>,
}

/// A list with the signature of whoever wrote it.
#[derive(Clone, Debug)]
pub(super) struct SignedErasures {
    pub(super) vault: VaultId,
    pub(super) list: Erasures,
    writer: MemberId,
    signed: Vec<u8>,
    signature: [u8; SIGNATURE],
}

impl SignedErasures {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let damaged = || Error::new(ErrorKind::Tampered, "a list of erasures is not in order");
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let vault = VaultId::from_bytes(input.array()?);
        let writer = MemberId::from_bytes(input.array()?);
        let erase_epoch = input.u64()?;
        let covers = Frontier::read(&mut input)?;
        let mut copies: BTreeMap<InstanceId, Closed> = BTreeMap::new();
        let count = input.u32()?;
        if count > MAX_COPIES {
            return Err(damaged());
        }
        for _ in 0..count {
            let instance = InstanceId::from_bytes(input.array()?);
            let mut closed = Closed::new();
            for _ in 0..input.u32()? {
                let at = (input.u64()?, input.u64()?);
                if closed.last_key_value().is_some_and(|(last, _)| *last >= at) {
                    return Err(damaged());
                }
                closed.insert(at, input.array()?);
            }
            if copies.last_key_value().is_some_and(|(last, _)| *last >= instance) {
                return Err(damaged());
            }
            copies.insert(instance, closed);
        }
        let signed = bytes.get(..bytes.len() - input.remaining()).unwrap_or_default().to_vec();
        let signature = input.array()?;
        input.finish()?;
        Ok(Self {
            vault,
            list: Erasures { covers, erase_epoch, copies },
            writer,
            signed,
            signature,
        })
    }

    /// Whether somebody who administers in this roster signed it. A list can be newer than the
    /// roster, and its writer unknown to it.
    pub(super) fn is_signed(&self, roster: &Body) -> bool {
        let writer = roster.member(self.writer);
        writer
            .filter(|writer| writer.removed.is_none())
            .filter(|writer| roster.role_of(writer).is_some_and(|role| role.administers))
            .is_some_and(|writer| {
                let key = writer.verify_key();
                key.verify(labels::ERASURES, &self.signed, &self.signature).is_ok()
            })
    }
}

impl Erasures {
    /// Whether anything was ever erased.
    pub(super) fn is_empty(&self) -> bool {
        self.copies.values().all(BTreeMap::is_empty)
    }

    /// The newest e that it knows of.
    pub(super) const fn reaches(&self) -> u64 {
        self.erase_epoch
    }

    /// Takes in what another list says.
    pub(super) fn join(&mut self, other: &Self) {
        for (instance, closed) in &other.copies {
            let ours = self.copies.entry(*instance).or_default();
            for (at, name) in closed {
                // A name that is known is not taken back.
                let known = ours.entry(*at).or_insert([0; 16]);
                if *known == [0; 16] {
                    *known = *name;
                }
            }
        }
    }

    /// Every slot that was closed, with the copy that closed it, e and the name.
    pub(super) fn entries(&self) -> impl Iterator<Item = (InstanceId, u64, u64, [u8; 16])> + '_ {
        self.copies.iter().flat_map(|(instance, closed)| {
            closed.iter().map(|((slot, epoch), name)| (*instance, *slot, *epoch, *name))
        })
    }
}

impl Vault {
    /// Brings the list in the folder up to the newest erase, if this session may sign it.
    pub(in crate::vault) fn note_erasures(&self) -> Result<()> {
        self.note_erasures_with(&Erasures::default())
    }

    /// As [`Self::note_erasures`], with entries that other copies of the vault brought.
    pub(super) fn note_erasures_with(&self, others: &Erasures) -> Result<()> {
        let live = self.live();
        let epoch = live.tree.root().erase_epoch;
        if !self.writable || !live.role.administers || (epoch == 1 && others.is_empty()) {
            return Ok(());
        }
        let before = self.erasures(&live).unwrap_or_default();
        if before.erase_epoch == epoch && others.is_empty() {
            return Ok(());
        }
        let mut list = match self.read_on(&live, before.clone())? {
            Some(list) => list,
            // Not of this log: what other copies said is kept, the rest read anew.
            None => {
                let mut fresh = Erasures::default();
                fresh.join(&before);
                self.read_on(&live, fresh)?.ok_or_else(|| {
                    Error::new(ErrorKind::Tampered, "the log is not what the newest commit says")
                })?
            }
        };
        list.join(others);
        list.erase_epoch = epoch;
        let bytes = self.sign_erasures(&list)?;
        replace_file(&self.folder.join(FILE), &bytes).map_err(|error| error.at(place()))
    }

    /// The list as it lies in the folder, believed if an administrator signed it.
    pub(in crate::vault) fn erasures(&self, live: &Live) -> Option<Erasures> {
        let bytes = read_list(&self.folder.join(FILE)).ok()??;
        let signed = SignedErasures::parse(&bytes).ok()?;
        let ours = signed.vault == self.id && signed.is_signed(&live.roster.body);
        ours.then_some(signed.list)
    }

    /// Reads the leaves after those that a list covers; `None` if it covers another log.
    fn read_on(&self, live: &Live, mut list: Erasures) -> Result<Option<Erasures>> {
        let closed = list.copies.entry(self.instance).or_default();
        for index in list.covers.size()..live.log.size() {
            let bytes = read_leaf(self.store.as_ref(), index)?;
            let leaf = Leaf::open(&self.id, &live.ring, index, &bytes)?.leaf;
            for change in leaf.changes.iter().filter(|change| change.digest == [0; 32]) {
                closed.insert((change.slot, leaf.erase_epoch), change.name);
            }
            list.covers.append(leaf_hash(&bytes));
        }
        Ok((list.covers == live.log).then_some(list))
    }

    fn sign_erasures(&self, list: &Erasures) -> Result<Vec<u8>> {
        let mut out = Writer::new();
        out.u8(FORMAT).u8(SUITE).raw(self.id.as_bytes()).raw(self.member.as_bytes());
        out.u64(list.erase_epoch);
        list.covers.write(&mut out);
        let count = |len| u32::try_from(len).unwrap_or(u32::MAX);
        out.u32(count(list.copies.len()));
        for (instance, closed) in &list.copies {
            out.raw(instance.as_bytes()).u32(count(closed.len()));
            for ((slot, epoch), name) in closed {
                out.u64(*slot).u64(*epoch).raw(name);
            }
        }
        if out.len() + SIGNATURE > MAX_ERASURES || list.copies.len() > MAX_COPIES as usize {
            return Err(Error::new(ErrorKind::TooLong, "the list of erasures is too long"));
        }
        let signature = self.identity.sign_key().sign(labels::ERASURES, out.as_slice());
        out.raw(&signature);
        Ok(out.into_vec())
    }
}

/// The list of a vault's folder, as bytes.
pub(super) fn list_of(folder: &Path) -> Result<Option<Vec<u8>>> {
    read_list(&folder.join(FILE))
}

/// A list in a file of its own, as bytes; `None` if there is no such file.
pub(super) fn read_list(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(meta) if meta.len() <= MAX_ERASURES as u64 => {
            fs::read(path).map(Some).map_err(Error::io)
        }
        Ok(_) => Err(Error::new(ErrorKind::TooLong, "the list of erasures is too long")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(error)),
    }
}

fn place() -> Place {
    Place::File(FILE.to_owned())
}
