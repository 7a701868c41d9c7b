//! The roster: members, roles, grants. Versioned, chained by hash, signed, its body sealed.
//!
//! age does not authenticate a sender, so a grant is believed only through the roster's
//! signature. A roster is judged by the one before it; the first by the fingerprint.

use serde::{Deserialize, Serialize};

use crate::codec::{Reader, Writer};
use crate::crypto::sign::{SIGNATURE, SignKey, VerifyKey};
use crate::crypto::{SUITE, aead, envelope, kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, VaultId};
use crate::keys::Fingerprint;
use crate::keys::identity::Identity;
use crate::keys::ring::{KeyRing, VAULT};

mod escrow;

pub(crate) use escrow::{Custodian, Escrow, Split};

const FORMAT: u8 = 1;
/// Most grants of a roster; a member tries them one by one, 110 us each.
const MAX_GRANTS: usize = 512;
const MAX_GRANT: usize = 256 << 10;
const MAX_BODY: usize = 512 << 10;
const MAX_SIGNATURES: usize = 16;
/// Longest roster, in bytes.
pub(crate) const MAX_ROSTER: usize = 1 << 20;

/// A person of the roster.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) id: [u8; 8],
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) recipient: String,
    pub(crate) verify: [u8; 32],
    pub(crate) added: i64,
    /// Set on removal; the entry stays, so that old signatures can be judged.
    pub(crate) removed: Option<i64>,
}

impl Entry {
    pub(crate) fn member_id(&self) -> MemberId {
        MemberId::from_bytes(self.id)
    }

    pub(crate) fn verify_key(&self) -> VerifyKey {
        VerifyKey(self.verify)
    }
}

/// What a role may open and do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoleEntry {
    pub(crate) name: String,
    pub(crate) compartments: Vec<u8>,
    pub(crate) administers: bool,
}

/// The sealed part of a roster.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    pub(crate) vault: [u8; 16],
    pub(crate) name: String,
    /// Names by code; code 0 is `vault` and not listed.
    pub(crate) compartments: Vec<String>,
    pub(crate) roles: Vec<RoleEntry>,
    pub(crate) members: Vec<Entry>,
    pub(crate) escrow: Option<Escrow>,
}

impl Body {
    pub(crate) fn role(&self, name: &str) -> Option<&RoleEntry> {
        self.roles.iter().find(|role| role.name == name)
    }

    pub(crate) fn member(&self, id: MemberId) -> Option<&Entry> {
        self.members.iter().find(|entry| &entry.id == id.as_bytes())
    }

    pub(crate) fn member_by_key(&self, key: VerifyKey) -> Option<&Entry> {
        self.members.iter().find(|entry| entry.verify == key.0 && entry.removed.is_none())
    }

    pub(crate) fn role_of(&self, entry: &Entry) -> Option<&RoleEntry> {
        self.role(&entry.role)
    }

    fn administrators(&self) -> Vec<&Entry> {
        let administers =
            |e: &&Entry| self.role(&e.role).is_some_and(|r| r.administers) && e.removed.is_none();
        self.members.iter().filter(administers).collect()
    }

    /// All who administer leave.
    pub(crate) fn dismiss_administrators(&mut self, now: i64) {
        let administering: Vec<[u8; 8]> =
            self.administrators().iter().map(|entry| entry.id).collect();
        for entry in &mut self.members {
            if administering.contains(&entry.id) {
                entry.removed = Some(now);
            }
        }
    }

    /// Recipients of the capsule while no escrow is set up: the administrators.
    pub(crate) fn administrator_recipients(&self) -> Vec<String> {
        self.administrators().iter().map(|entry| entry.recipient.clone()).collect()
    }
}

/// One version of the roster, opened and parsed; trusted once [`Roster::succeeds`] agreed.
#[derive(Clone)]
pub(crate) struct Roster {
    pub(crate) version: u64,
    pub(crate) previous: [u8; 32],
    pub(crate) body: Body,
    pub(crate) hash: [u8; 32],
    signed: Vec<u8>,
    signatures: Vec<(MemberId, [u8; SIGNATURE])>,
}

impl Roster {
    /// Builds, seals and signs a version; `granted` names who receives which ring.
    pub(crate) fn build(
        version: u64,
        previous: [u8; 32],
        body: Body,
        ring: &KeyRing,
        signers: &[(MemberId, &SignKey)],
    ) -> Result<(Self, Vec<u8>)> {
        let mut grants = Vec::new();
        let living = body.members.iter().filter(|entry| entry.removed.is_none());
        for entry in living {
            let role = body.role(&entry.role).ok_or_else(unknown_role)?;
            if !role.compartments.is_empty() {
                grants.push(grant(&ring.subset(&role.compartments), &entry.recipient)?);
            }
        }
        if let Some(escrow) = &body.escrow {
            grants.push(grant(ring, &escrow.recipient)?);
        }
        if grants.len() > MAX_GRANTS {
            return Err(Error::new(ErrorKind::TooLong, "too many members"));
        }
        let (epoch, key) = ring.newest(VAULT)?;
        let mut out = Writer::new();
        out.u8(FORMAT).u8(SUITE).u64(version).raw(&previous);
        out.u16(u16::try_from(grants.len()).unwrap_or(u16::MAX));
        for grant in &grants {
            out.bytes(grant);
        }
        let plain = zeroize::Zeroizing::new(
            postcard::to_allocvec(&body)
                .map_err(|_| Error::new(ErrorKind::Internal, "a roster did not encode"))?,
        );
        let vault = VaultId::from_bytes(body.vault);
        let aad = out.as_slice().to_vec();
        let sealed =
            aead::seal(&kdf::prf_key(key, labels::ROSTER, &[vault.as_bytes()]), &aad, &plain)?;
        out.u32(epoch).bytes(&sealed);
        let signed = out.into_vec();
        let signatures: Vec<_> = signers
            .iter()
            .map(|(id, key)| (*id, key.sign(labels::ROSTER_SIGNATURE, &signed)))
            .collect();
        let mut out = Writer::new();
        out.raw(&signed).u8(u8::try_from(signatures.len()).unwrap_or(u8::MAX));
        for (id, signature) in &signatures {
            out.raw(id.as_bytes()).raw(signature);
        }
        let bytes = out.into_vec();
        if bytes.len() > MAX_ROSTER {
            return Err(Error::new(ErrorKind::TooLong, "the roster is too long"));
        }
        let hash = kdf::digest(labels::ROSTER_HASH, &[&bytes]);
        Ok((Self { version, previous, body, hash, signed, signatures }, bytes))
    }

    /// Judges this version by the one before it: number, chain, and the signatures of people
    /// who administered then; two of them if the administrators change and there were two. The
    /// escrow's signature counts as theirs, once: what it signs must not keep that escrow.
    pub(crate) fn succeeds(&self, before: &Self) -> Result<()> {
        let place = || Place::Roster(self.version);
        if self.version != before.version + 1
            || self.previous != before.hash
            || self.body.vault != before.body.vault
        {
            return Err(tampered("the roster does not follow the one before it").at(place()));
        }
        if self.signed_by_escrow(&before.body) {
            let both = self.body.escrow.as_ref().zip(before.body.escrow.as_ref());
            return match both.is_some_and(|(new, old)| new.replaces(old)) {
                true => Ok(()),
                false => Err(tampered("a recovery did not replace the escrow").at(place())),
            };
        }
        let judges = before.body.administrators();
        let valid = self.valid_signers(&judges);
        let needed =
            if judges.len() >= 2 && self.changes_administrators(&before.body) { 2 } else { 1 };
        if valid < needed {
            return Err(tampered("the roster lacks a signature").at(place()));
        }
        Ok(())
    }

    /// Judges a first version by the fingerprint.
    pub(crate) fn begins(&self, fingerprint: Fingerprint) -> Result<()> {
        let founders = self.body.administrators();
        let founder =
            founders.first().ok_or_else(|| tampered("the first roster has no director"))?;
        let vault = VaultId::from_bytes(self.body.vault);
        if self.version != 1
            || Fingerprint::new(&vault, &founder.verify_key()) != fingerprint
            || self.valid_signers(&founders) != 1
        {
            return Err(Error::new(
                ErrorKind::UnknownFingerprint,
                "this is not the vault of that fingerprint",
            ));
        }
        Ok(())
    }

    /// Whether a change from `before` needs a second signature.
    pub(crate) fn needs_two(before: &Body, after: &Body) -> bool {
        before.administrators().len() >= 2 && administrators_differ(before, after)
    }

    fn changes_administrators(&self, before: &Body) -> bool {
        administrators_differ(before, &self.body)
    }

    fn signed_by_escrow(&self, before: &Body) -> bool {
        let key = before.escrow.as_ref().and_then(Escrow::verify_key);
        key.is_some_and(|key| self.is_signed(&Escrow::SIGNER, key))
    }

    fn is_signed(&self, by: &MemberId, key: VerifyKey) -> bool {
        self.signatures.iter().any(|(id, signature)| {
            id == by && key.verify(labels::ROSTER_SIGNATURE, &self.signed, signature).is_ok()
        })
    }

    fn valid_signers(&self, judges: &[&Entry]) -> usize {
        let good = |judge: &&&Entry| self.is_signed(&judge.member_id(), judge.verify_key());
        judges.iter().filter(good).count()
    }
}

fn administrators_differ(before: &Body, after: &Body) -> bool {
    let people = |body: &Body| {
        let entry = |entry: &&Entry| (entry.verify, entry.id, entry.recipient.clone());
        let mut people: Vec<_> = body.administrators().iter().map(entry).collect();
        people.sort_unstable();
        people
    };
    people(before) != people(after) || before.escrow != after.escrow || before.roles != after.roles
}

/// A roster as stored: its outer shape read, its body still sealed, nothing believed.
pub(crate) struct SealedRoster {
    version: u64,
    previous: [u8; 32],
    grants: Vec<Vec<u8>>,
    epoch: u32,
    sealed: Vec<u8>,
    signed: Vec<u8>,
    aad_len: usize,
    signatures: Vec<(MemberId, [u8; SIGNATURE])>,
    hash: [u8; 32],
}

impl SealedRoster {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_ROSTER {
            return Err(tampered("the roster is too long"));
        }
        let mut input = Reader::new(bytes);
        check_format(input.u8()?, input.u8()?)?;
        let (version, previous) = (input.u64()?, input.array()?);
        let count = usize::from(input.u16()?);
        if count > MAX_GRANTS {
            return Err(tampered("the roster has too many grants"));
        }
        let mut grants = Vec::new();
        for _ in 0..count {
            grants.push(input.bytes(MAX_GRANT)?.to_vec());
        }
        let aad_len = bytes.len() - input.remaining();
        let epoch = input.u32()?;
        let sealed = input.bytes(MAX_BODY)?.to_vec();
        let signed_len = bytes.len() - input.remaining();
        let signed = bytes.get(..signed_len).unwrap_or_default().to_vec();
        let count = usize::from(input.u8()?);
        if count > MAX_SIGNATURES {
            return Err(tampered("the roster has too many signatures"));
        }
        let mut signatures = Vec::new();
        for _ in 0..count {
            signatures.push((MemberId::from_bytes(input.array()?), input.array()?));
        }
        input.finish()?;
        let hash = kdf::digest(labels::ROSTER_HASH, &[bytes]);
        Ok(Self { version, previous, grants, epoch, sealed, signed, aad_len, signatures, hash })
    }

    pub(crate) const fn version(&self) -> u64 {
        self.version
    }

    pub(crate) const fn hash(&self) -> [u8; 32] {
        self.hash
    }

    /// Tries the grants one by one: the one place where a key is found by trial.
    pub(crate) fn unlock(&self, identity: &Identity) -> Result<KeyRing> {
        for grant in &self.grants {
            if let Some(plain) = envelope::open_with(identity.age(), grant)? {
                return KeyRing::from_bytes(&plain);
            }
        }
        Err(Error::new(ErrorKind::NotMember, "this identity is not a member of the vault"))
    }

    pub(crate) fn open(self, vault: &VaultId, ring: &KeyRing) -> Result<Roster> {
        let key = ring.get(VAULT, self.epoch)?;
        let aad = self.signed.get(..self.aad_len).unwrap_or_default();
        let plain =
            aead::open(&kdf::prf_key(key, labels::ROSTER, &[vault.as_bytes()]), aad, &self.sealed)?;
        let body: Body =
            postcard::from_bytes(&plain).map_err(|_| tampered("the roster cannot be read"))?;
        if &body.vault != vault.as_bytes() {
            return Err(tampered("the roster belongs to another vault"));
        }
        let Self { version, previous, signed, signatures, hash, .. } = self;
        Ok(Roster { version, previous, body, hash, signed, signatures })
    }
}

fn grant(ring: &KeyRing, recipient: &str) -> Result<Vec<u8>> {
    let recipient = envelope::parse_recipient(recipient)?;
    envelope::seal_to(std::iter::once(&recipient as &dyn age::Recipient), &ring.to_bytes())
}

/// Refuses what a newer program wrote.
pub(crate) fn check_format(format: u8, suite: u8) -> Result<()> {
    if format == FORMAT && suite == SUITE {
        Ok(())
    } else if format == 0 || suite == 0 {
        Err(tampered("not a stored object"))
    } else {
        Err(Error::new(ErrorKind::NewerFormat, "written by a newer version of this program"))
    }
}

fn unknown_role() -> Error {
    Error::new(ErrorKind::NotFound, "no such role")
}

fn tampered(what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what)
}

#[cfg(test)]
mod tests;
