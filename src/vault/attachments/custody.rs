//! The custody file: what a court or a partner checks without a key of the vault.
//!
//! What each step proves, and on whose word it rests, stands in `docs/design.md`, "Chain of
//! custody".

use std::io::Read;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::audit::{Leaf, SignedCheckpoint, checkpoint_key};
use crate::consent::Digest;
use crate::crypto::proof::verify_inclusion;
use crate::crypto::sign::VerifyKey;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{AttachmentId, RecordId, VaultId};
#[cfg(feature = "pdf")]
use crate::language::Language;
use crate::seal::file::of_reading;
use crate::seal::pump::pump;
use crate::vault::attachments::reading::{Custodian, custodian, is_founder};
use crate::vault::attachments::statement::{About, Facts, Link};
use crate::vault::past::read_leaf;
use crate::vault::signature::PublicKey;
use crate::vault::{Live, Vault};

/// Longest custody file that is read.
const MAX_CUSTODY: usize = 16 << 20;
/// Most links of a chain that is read.
const MAX_LINKS: usize = 10_000;
/// Longest proof: one hash a level.
const MAX_PATH: usize = 64;

/// What is known of a file and of whoever had it, with the proofs.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custody {
    format: String,
    version: u32,
    vault: VaultId,
    links: Vec<ProvedLink>,
    /// A note (C2SP tlog-checkpoint), signed by whoever made this file.
    checkpoint: String,
    /// Ed25519 key of that member.
    signer: PublicKey,
}

/// A statement, and its leaf in the log.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvedLink {
    link: Link,
    /// The leaf as it is hashed; its content is sealed, its last 32 bytes are the digest of the
    /// statement. In base64.
    leaf: String,
    /// The path from the leaf to the root of the checkpoint.
    path: Vec<Digest>,
}

impl Custody {
    /// Reads a custody file and checks all that can be checked without the vault: every
    /// signature, that each statement follows the one before, that the log of the checkpoint
    /// holds each, and that the checkpoint is signed.
    ///
    /// # Errors
    ///
    /// `Tampered` if it is none, or anything of it does not hold; `NewerFormat`.
    ///
    /// # Security
    ///
    /// Whose the keys are it does not say, and the fingerprint in it is what somebody wrote there:
    /// [`Custody::founder_signed`] tells it if one member signed all, [`Vault::confirm_custody`]
    /// of every member, and else whoever made the file must be asked.
    pub fn verify(json: &str) -> Result<Self> {
        if json.len() > MAX_CUSTODY {
            return Err(altered());
        }
        let read: Self = serde_json::from_str(json).map_err(|_| altered())?;
        if read.format != FORMAT || read.links.len() > MAX_LINKS {
            return Err(altered());
        }
        if read.version != VERSION {
            let what = "written by a newer version of this program";
            return Err(Error::new(ErrorKind::NewerFormat, what));
        }
        read.check()?;
        Ok(read)
    }

    fn check(&self) -> Result<()> {
        let note = SignedCheckpoint::parse(&self.checkpoint).map_err(|_| altered())?;
        let key = VerifyKey(self.signer.0);
        // The key's text names the vault's log as well.
        note.verify(&checkpoint_key(&self.vault, &key)).map_err(|_| altered())?;
        let log = (note.checkpoint().size(), note.checkpoint().root());
        let (mut previous, mut before) = (Digest([0; 32]), None);
        let first = self.links.first().ok_or_else(altered)?;
        for (place, proved) in self.links.iter().enumerate() {
            let said = &proved.link.statement;
            let at = |error: Error| error.or_at(|| Place::Leaf(said.leaf));
            proved.link.verify().map_err(at)?;
            let digest = proved.link.digest()?;
            let comes = matches!(said.about, About::Attached(_));
            let follows = said.previous == previous
                && before.is_none_or(|before| before < said.leaf)
                && comes == (place == 0)
                && said.fingerprint == first.link.statement.fingerprint;
            let leaf = BASE64.decode(proved.leaf.as_bytes()).map_err(|_| altered())?;
            let named = leaf.split_last_chunk::<32>().is_some_and(|(_, note)| *note == digest.0);
            if !follows || !named || proved.path.len() > MAX_PATH {
                return Err(at(altered()));
            }
            let path: Vec<[u8; 32]> = proved.path.iter().map(|hash| hash.0).collect();
            verify_inclusion(log, (said.leaf, &leaf), &path).map_err(at)?;
            (previous, before) = (digest, Some(said.leaf));
        }
        Ok(())
    }

    /// Holds a file against it.
    ///
    /// # Errors
    ///
    /// `Tampered` if it is another file; `Io` if it cannot be read.
    pub fn verify_file(&self, file: &mut dyn Read) -> Result<()> {
        let facts = self.facts()?;
        let digests = pump(file, of_reading, |_| Ok(()))?;
        let same = digests.bytes == facts.bytes
            && digests.sha256 == facts.sha256.0
            && digests.blake3 == facts.blake3.0;
        let other = || Error::new(ErrorKind::Tampered, "the file is not the one that was attached");
        if same { Ok(()) } else { Err(other()) }
    }

    /// Whether every statement and the checkpoint are signed with the key from which the vault's
    /// fingerprint is made: then whoever knows the fingerprint knows whose key it is.
    ///
    /// # Security
    ///
    /// Of one statement [`Custodian::founder`] tells it. That is not enough: whoever was given a
    /// genuine file can go on with it under keys and a log of their own.
    #[must_use]
    pub fn founder_signed(&self) -> bool {
        is_founder(&self.vault, &self.signer, &self.fingerprint())
            && self.custodians().iter().all(|link| link.founder)
    }

    /// SHA-256 of the file.
    ///
    /// # Errors
    ///
    /// `Tampered`, for one that was not verified.
    pub fn sha256(&self) -> Result<Digest> {
        self.facts().map(|facts| facts.sha256)
    }

    /// The fingerprint of the vault, as the statements name it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.links.first().map(|first| first.link.statement.fingerprint.clone()).unwrap_or_default()
    }

    /// The key that signed the checkpoint, as verifiers of C2SP signed notes take it.
    #[must_use]
    pub fn checkpoint_key(&self) -> String {
        checkpoint_key(&self.vault, &VerifyKey(self.signer.0))
    }

    /// Who had it, in order.
    #[must_use]
    pub fn custodians(&self) -> Vec<Custodian> {
        let custodian = |proved: &ProvedLink| custodian(&self.vault, proved.link.clone());
        self.links.iter().map(custodian).collect()
    }

    pub(super) fn facts(&self) -> Result<&Facts> {
        match self.links.first().map(|first| &first.link.statement.about) {
            Some(About::Attached(facts)) => Ok(facts),
            _ => Err(altered()),
        }
    }

    /// As JSON, to hand out and keep.
    ///
    /// # Errors
    ///
    /// `Internal` if it cannot be encoded.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "a custody file did not encode"))
    }

    /// As a page to print: A4, tagged for screen readers.
    ///
    /// # Errors
    ///
    /// `Internal` if it cannot be written.
    #[cfg(feature = "pdf")]
    pub fn to_pdf(&self, language: Language) -> Result<Vec<u8>> {
        super::page::page(self, language)
    }

    /// The statements with their signatures, for the page.
    #[cfg(feature = "pdf")]
    pub(super) fn statements(&self) -> impl Iterator<Item = &Link> {
        self.links.iter().map(|proved| &proved.link)
    }

    /// The checkpoint's note, for the page.
    #[cfg(feature = "pdf")]
    pub(super) fn note(&self) -> &str {
        &self.checkpoint
    }
}

impl std::fmt::Debug for Custody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Custody(..)")
    }
}

impl Vault {
    /// The custody file of an attachment, as the log is now. Reads every leaf of the log, once
    /// for each statement.
    ///
    /// # Errors
    ///
    /// As [`Vault::attachment`]; `Missing` at a leaf.
    ///
    /// # Security
    ///
    /// It says in clear what the file is, who collected it, and who had it. It is no export:
    /// consent is not asked, and nothing notes that it was handed on but a hand-over.
    pub fn custody(&self, id: AttachmentId) -> Result<Custody> {
        self.ensure_alive()?;
        let live = self.live();
        let chain = self.chain(&live, id)?;
        let checkpoint = self.checkpoint_of(&live)?.to_string();
        let mut links = Vec::with_capacity(chain.links.len());
        for link in chain.links {
            let proof = self.prove_leaf(&live, link.statement.leaf)?;
            links.push(ProvedLink {
                link,
                leaf: BASE64.encode(&proof.leaf),
                path: proof.path.into_iter().map(Digest).collect(),
            });
        }
        let custody = Custody {
            format: FORMAT.to_owned(),
            version: VERSION,
            vault: self.id,
            links,
            checkpoint,
            signer: PublicKey(self.identity.sign_key().verify_key().0),
        };
        custody.check()?;
        drop(live);
        self.saw([chain.seen])?;
        Ok(custody)
    }

    /// Holds a custody file against this vault: every signer is of the roster, now or once, and
    /// the log begins as the checkpoint says, with these very leaves, and the file that is kept is
    /// the one that it is about, with every hand-over that was noted before the checkpoint. Gives
    /// the file's id, unless it was erased since: then nobody can tell what was left out.
    ///
    /// # Errors
    ///
    /// `Tampered`, `RolledBack` if anything of it is not so; as [`Vault::read`].
    pub fn confirm_custody(&self, custody: &Custody) -> Result<Option<AttachmentId>> {
        self.ensure_alive()?;
        custody.check()?;
        let refused = |what| Err(Error::new(ErrorKind::Tampered, what));
        let ours = self.fingerprint.to_string();
        if custody.vault != self.id || custody.fingerprint() != ours {
            return refused("the custody file is of another vault");
        }
        let note = SignedCheckpoint::parse(&custody.checkpoint)?;
        self.confirm_checkpoint(&note)?;
        let live = self.live();
        for proved in &custody.links {
            let said = &proved.link.statement;
            let member = live.roster.body.member(said.by);
            if member.is_none_or(|member| member.verify_key().0 != said.key.0) {
                return refused("a statement is signed by nobody of the roster");
            }
            if BASE64.encode(&read_leaf(self.store.as_ref(), said.leaf)?) != proved.leaf {
                return refused("the log does not say what the custody file says");
            }
        }
        let Some(id) = self.written_by(&live, custody)? else { return Ok(None) };
        let known = self.chain(&live, id)?.links;
        let noted = known.iter().filter(|link| link.statement.leaf < note.checkpoint().size());
        let noted = noted.map(Link::digest).collect::<Result<Vec<_>>>()?;
        let told = custody.links.iter().map(|proved| proved.link.digest());
        if noted != told.collect::<Result<Vec<_>>>()? {
            return refused("the custody file leaves out a hand-over");
        }
        let loaded = self.load_file(&live, id)?;
        let mut file = self.open_file(&live, &loaded, custody.facts()?)?;
        drop(live);
        custody.verify_file(&mut file)?;
        file.finish()?;
        Ok(Some(id))
    }

    /// The file whose record the first statement's leaf wrote.
    fn written_by(&self, live: &Live, custody: &Custody) -> Result<Option<AttachmentId>> {
        let Some(first) = custody.links.first() else { return Ok(None) };
        let index = first.link.statement.leaf;
        let leaf =
            Leaf::open(&self.id, &live.ring, index, &read_leaf(self.store.as_ref(), index)?)?.leaf;
        let mut unread = None;
        for change in leaf.changes {
            let Some(entry) = live.tree.lookup(self.store.as_ref(), change.slot)? else { continue };
            let id = AttachmentId::of(&RecordId::from_slot(change.slot, entry.tail));
            match self.load_file(live, id) {
                Ok(_) => return Ok(Some(id)),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => unread = Some(error),
            }
        }
        // What is damaged was not erased.
        unread.map_or(Ok(None), Err)
    }
}

fn altered() -> Error {
    Error::new(ErrorKind::Tampered, "not a custody file, or it was altered")
}

const FORMAT: &str = "amparo-custody";
const VERSION: u32 = 1;

#[cfg(test)]
mod tests;
