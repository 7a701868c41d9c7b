//! The last part of a backup: what an opening needs beside the rows, and who wrote it.

use crate::codec::{Reader, Writer};
use crate::crypto::sign::SIGNATURE;
use crate::crypto::{SUITE, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::id::MemberId;
use crate::keys::capsule::{Capsule, MAX_CAPSULE};
use crate::keys::identity::Identity;
use crate::keys::roster::{Body, check_format};
use crate::store::MAX_STATE;
use crate::store::backup::BackupHeader;
use crate::time::Timestamp;
use crate::vault::backup::erasures::MAX_ERASURES;
use crate::vault::state::State;

const FORMAT: u8 = 1;

/// What is signed under a backup. Vault, instance and position stand in the header, which the
/// hash of the rows covers.
pub(super) struct Manifest {
    pub(super) writer: MemberId,
    pub(super) at: Timestamp,
    /// Rows of this file, removals among them.
    pub(super) rows: u64,
    /// Rows of the store at that moment.
    pub(super) total: u64,
    /// The hash that ends the chain of header and rows.
    pub(super) chain: [u8; 32],
    /// The state of the commit whose rows these are.
    pub(super) state: Vec<u8>,
    /// The one thing that leads to `A[e]`.
    pub(super) capsule: Vec<u8>,
    /// What was erased so far; empty if nothing was.
    pub(super) erasures: Vec<u8>,
}

impl Manifest {
    pub(super) fn sign(&self, identity: &Identity) -> Vec<u8> {
        let mut out = Writer::with_capacity(self.capsule.len() + self.erasures.len() + 1024);
        out.u8(FORMAT).u8(SUITE).raw(self.writer.as_bytes());
        out.u64(self.at.as_second().cast_unsigned()).u64(self.rows).u64(self.total);
        out.raw(&self.chain).bytes(&self.state).bytes(&self.capsule).bytes(&self.erasures);
        let signature = identity.sign_key().sign(labels::BACKUP, out.as_slice());
        out.raw(&signature);
        out.into_vec()
    }
}

/// A manifest that holds against header and rows; who signed it is still to be judged.
pub(super) struct SignedManifest {
    pub(super) manifest: Manifest,
    pub(super) state: State,
    pub(super) capsule: Capsule,
    signed: Vec<u8>,
    signature: [u8; SIGNATURE],
}

impl SignedManifest {
    pub(super) fn parse(bytes: &[u8], header: &BackupHeader, chain: [u8; 32]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let manifest = Manifest {
            writer: MemberId::from_bytes(input.array()?),
            at: Timestamp::from_second(input.u64()?.cast_signed())
                .map_err(|_| tampered("a backup has no date"))?,
            rows: input.u64()?,
            total: input.u64()?,
            chain: input.array()?,
            state: input.bytes(MAX_STATE)?.to_vec(),
            capsule: input.bytes(usize::try_from(MAX_CAPSULE).unwrap_or(usize::MAX))?.to_vec(),
            erasures: input.bytes(MAX_ERASURES)?.to_vec(),
        };
        let signed = bytes.get(..bytes.len() - input.remaining()).unwrap_or_default().to_vec();
        let signature = input.array()?;
        input.finish()?;
        let state = State::read_unproved(&manifest.state)?;
        let capsule = Capsule::parse(&manifest.capsule)?;
        if manifest.chain != chain {
            return Err(tampered("a backup's last part belongs to other rows"));
        }
        if capsule.vault != header.vault || capsule.erase_epoch != state.root.erase_epoch {
            return Err(tampered("a backup's capsule is not that of its rows"));
        }
        Ok(Self { manifest, state, capsule, signed, signature })
    }

    /// Whether somebody who administers, now or then, signed it.
    pub(super) fn verify(&self, roster: &Body) -> Result<()> {
        let writer = roster.member(self.manifest.writer);
        let writer =
            writer.filter(|writer| roster.role_of(writer).is_some_and(|role| role.administers));
        let stranger = || tampered("the backup was signed by nobody who may");
        let key = writer.ok_or_else(stranger)?.verify_key();
        key.verify(labels::BACKUP, &self.signed, &self.signature)?;
        self.capsule.verify(roster)
    }
}

fn tampered(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}
