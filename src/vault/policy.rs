//! The policies on consent: each version signed by an administrator and bound to the one before.

use std::sync::PoisonError;

use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::codec::Writer;
use crate::consent::{Digest, Policy};
use crate::crypto::sign::{SIGNATURE, SignKey};
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, VaultId};
use crate::keys::roster::Body;
use crate::schema::Schema;
use crate::time::Timestamp;
use crate::vault::signature::Signature;
use crate::vault::{Live, POLICY_SLOT, Vault};

/// The digest of the policies' record and the version of the roster.
pub(super) type ReadUnder = ([u8; 32], u64);

/// One version of the policy, as stored.
#[derive(Serialize, Deserialize)]
pub(super) struct SignedPolicy {
    source: String,
    by: MemberId,
    at: Timestamp,
    previous: Digest,
    signature: Signature,
}

impl SignedPolicy {
    pub(super) fn sign(
        vault: &VaultId,
        before: Option<&Self>,
        policy: &Policy,
        (by, key): (MemberId, &SignKey),
        at: Timestamp,
    ) -> Self {
        let previous = before.map_or(Digest([0; 32]), Self::digest);
        let source = policy.source().to_owned();
        let mut signed = Self { source, by, at, previous, signature: Signature([0; SIGNATURE]) };
        signed.signature = Signature(key.sign(labels::POLICY_SIGNATURE, &signed.body(vault)));
        signed
    }

    fn body(&self, vault: &VaultId) -> Vec<u8> {
        let mut out = Writer::with_capacity(self.source.len() + 96);
        out.raw(vault.as_bytes()).raw(&self.previous.0).raw(self.by.as_bytes());
        out.u64(self.at.as_second().cast_unsigned()).bytes(self.source.as_bytes());
        out.into_vec()
    }

    /// What the next version names as the one before it.
    fn digest(&self) -> Digest {
        Digest(kdf::digest(labels::POLICY_DIGEST, &[&self.signature.0, self.source.as_bytes()]))
    }

    /// An administrator, of today or of then, signed it.
    fn verify(&self, vault: &VaultId, roster: &Body) -> Result<()> {
        let member = roster.member(self.by);
        let administers = |member| roster.role_of(member).is_some_and(|role| role.administers);
        let member = member.filter(|member| administers(member)).ok_or_else(|| {
            Error::new(ErrorKind::Tampered, "a policy is signed by no administrator")
        })?;
        let key = member.verify_key();
        key.verify(labels::POLICY_SIGNATURE, &self.body(vault), &self.signature.0)
    }
}

/// What is stored of all versions.
pub(super) fn to_document(versions: &[SignedPolicy]) -> Result<String> {
    serde_json::to_string(versions)
        .map_err(|_| Error::new(ErrorKind::Internal, "the policies did not encode"))
}

/// One version of the policy, for people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PolicyVersion {
    /// The policy.
    pub policy: Policy,
    /// The name of the administrator who signed it.
    pub by: String,
    /// When it was put in force.
    pub since: Timestamp,
}

impl Vault {
    /// The policy on consent in force.
    ///
    /// # Errors
    ///
    /// `Tampered` if it is not what an administrator signed.
    pub fn policy(&self) -> Result<Policy> {
        self.ensure_alive()?;
        self.policy_now(&self.live())
    }

    /// Every version of the policy, oldest first.
    ///
    /// # Errors
    ///
    /// As [`Vault::policy`].
    pub fn policy_history(&self) -> Result<Vec<PolicyVersion>> {
        self.ensure_alive()?;
        let live = self.live();
        let name = |by| live.roster.body.member(by).map(|member| member.name.clone());
        let versions = self.policies(&live)?;
        let version = |one: SignedPolicy| {
            let by = name(one.by).unwrap_or_default();
            Ok(PolicyVersion { policy: Policy::parse(&one.source)?, by, since: one.at })
        };
        versions.into_iter().map(version).collect()
    }

    /// Puts a policy in force, signed by this session's identity.
    ///
    /// # Errors
    ///
    /// `NotAllowed` unless this session's role administers; `BadPolicy` if its version is not
    /// above today's, or it names a category, sensitivity or role that the schema does not have.
    pub fn set_policy(&self, policy: &Policy) -> Result<()> {
        self.ensure_writable()?;
        self.ensure_administrator()?;
        let mut writer = self.writer();
        let live = self.live();
        let mut versions = self.policies(&live)?;
        let newest = versions.last().map(|one| Policy::parse(&one.source)).transpose()?;
        if newest.is_some_and(|newest| newest.version() >= policy.version()) {
            return Err(bad("a changed policy has a higher version", "version"));
        }
        fits(policy, &live.schema)?;
        let signer = (self.member, self.identity.sign_key());
        let at = self.now(&live);
        versions.push(SignedPolicy::sign(&self.id, versions.last(), policy, signer, at));
        let document = to_document(&versions)?;
        let ready = self.replace_document(&live, POLICY_SLOT, &document, Act::PolicyChanged)?;
        drop(live);
        self.commit(ready, |_| ())?;
        self.after_commit(&mut writer, 1);
        Ok(())
    }

    /// Read once for each state of the vault: the key tree's top vouches for what was read.
    pub(super) fn policy_now(&self, live: &Live) -> Result<Policy> {
        let entry = live.tree.lookup(self.store.as_ref(), POLICY_SLOT)?.ok_or_else(unreadable)?;
        let now = (entry.digest, live.roster.version);
        let mut known = self.policy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, policy)) = known.as_ref().filter(|(then, _)| *then == now) {
            return Ok(policy.clone());
        }
        let versions = self.policies(live)?;
        let newest = versions.last().ok_or_else(unreadable)?;
        let policy = Policy::parse(&newest.source)?;
        *known = Some((now, policy.clone()));
        Ok(policy)
    }

    /// Every version, each proved to be signed and to follow the one before.
    pub(super) fn policies(&self, live: &Live) -> Result<Vec<SignedPolicy>> {
        let document = self.document(live, POLICY_SLOT)?;
        let versions: Vec<SignedPolicy> =
            serde_json::from_str(&document).map_err(|_| unreadable())?;
        let mut previous = Digest([0; 32]);
        for version in &versions {
            version.verify(&self.id, &live.roster.body)?;
            if version.previous != previous {
                return Err(unreadable());
            }
            previous = version.digest();
        }
        Ok(versions)
    }
}

/// A policy speaks of the schema's compartments, sensitivities and roles.
fn fits(policy: &Policy, schema: &Schema) -> Result<()> {
    for purpose in policy.purposes() {
        for name in &purpose.categories {
            if !schema.compartments().iter().any(|one| one.name == *name) {
                return Err(bad("a purpose names no category of the schema", &purpose.code));
            }
        }
    }
    let known = |name: &String| schema.sensitivities().iter().any(|one| one.name == *name);
    for rule in policy.prohibitions() {
        if !rule.sensitivities.iter().all(known) {
            return Err(bad("a prohibition names no sensitivity of the schema", &rule.code));
        }
    }
    if !policy.two_person_sensitivities().all(known) {
        return Err(bad("no such sensitivity in the schema", "two_person"));
    }
    if !policy.override_rule().leads.iter().all(|role| schema.role(role).is_some()) {
        return Err(bad("no such role in the schema", "override"));
    }
    Ok(())
}

fn bad(why: &'static str, at: &str) -> Error {
    Error::new(ErrorKind::BadPolicy, why).at(Place::Schema(at.to_owned()))
}

fn unreadable() -> Error {
    Error::new(ErrorKind::Tampered, "the policies cannot be read")
}
