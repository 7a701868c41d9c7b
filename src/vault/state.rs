//! The state of a commit: the newest root, roster and log edge, with a MAC under K_root.

use crate::codec::{Reader, Writer};
use crate::crypto::merkle::Frontier;
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::keys::tree::RootRecord;
use crate::secret::Key;

const FORMAT: u8 = 1;

/// What every commit carries, so that an opening finds the newest root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct State {
    pub(crate) root: RootRecord,
    pub(crate) roster_version: u64,
    pub(crate) roster_hash: [u8; 32],
    pub(crate) log: Frontier,
}

impl State {
    pub(crate) fn to_bytes(&self, root_key: &Key) -> Vec<u8> {
        let mut out = Writer::with_capacity(RootRecord::LEN + 512);
        out.u8(FORMAT);
        self.root.write(&mut out);
        out.u64(self.roster_version).raw(&self.roster_hash);
        self.log.write(&mut out);
        let mac: [u8; 32] = kdf::prf(root_key, labels::STATE_MAC, &[out.as_slice()]);
        out.raw(&mac);
        out.into_vec()
    }

    /// Reads a state before its key is known: it says which key that is.
    pub(crate) fn read_unproved(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        match input.u8()? {
            FORMAT => {}
            0 => return Err(Error::new(ErrorKind::Tampered, "the newest commit has no state")),
            _ => return Err(Error::new(ErrorKind::NewerFormat, "written by a newer program")),
        }
        let state = Self {
            root: RootRecord::read(&mut input)?,
            roster_version: input.u64()?,
            roster_hash: input.array()?,
            log: Frontier::read(&mut input)?,
        };
        input.array::<32>()?;
        input.finish()?;
        Ok(state)
    }

    /// Whether the bytes are what a holder of K_root wrote.
    pub(crate) fn prove(bytes: &[u8], root_key: &Key) -> Result<()> {
        let bad = || Error::new(ErrorKind::Tampered, "the newest commit's state was altered");
        let (body, mac) = bytes.split_last_chunk::<32>().ok_or_else(bad)?;
        let ours: [u8; 32] = kdf::prf(root_key, labels::STATE_MAC, &[body]);
        if kdf::equal(&ours, mac) { Ok(()) } else { Err(bad()) }
    }
}
