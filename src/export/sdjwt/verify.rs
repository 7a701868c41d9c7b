//! From the text of an SD-JWT to what it proves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sd_jwt_payload::Hasher;

use crate::crypto::sign::VerifyKey;
use crate::error::Result;
use crate::export::sdjwt::claims::{Claims, Record};
use crate::export::sdjwt::disclosure::{self, Sha256};
use crate::export::sdjwt::issue::join;
use crate::export::sdjwt::{
    ExportManifest, MAX_DISCLOSURES, MAX_TEXT, VerifiedClaim, VerifiedRecord, jws, malformed,
    tampered, too_long,
};
use crate::redact::Mark;
use crate::secret::SecretText;

/// An export as SD-JWT whose signature holds and whose every disclosure was signed.
///
/// # Security
///
/// The signature is checked under the key that the text itself brings: anybody can sign an export
/// of their own making. Compare [`thumbprint`](Self::thumbprint) with the one that the
/// organisation told you by another way before you believe anything else. An export proves who
/// vouches for it, not that what it says is true.
///
/// # Examples
///
/// ```
/// # let text = include_str!("../../../tests/data/sd_jwt/sample.sdjwt");
/// use amparo::VerifiedExport;
///
/// let export = VerifiedExport::verify(text)?;
/// assert_eq!(export.thumbprint(), "0YuCW4N9LKPsO0jPKKgDYo3H7HH2LkiT8YLuFGslZXI");
/// assert!(export.kept_back().is_empty());
///
/// // Passes on what a shelter needs, and no more.
/// let shorter = VerifiedExport::present(text, |path| path == "R02.interpreter_needed")?;
/// let export = VerifiedExport::verify(shorter.expose())?;
/// assert!(export.kept_back().contains("R02.sex"));
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone)]
pub struct VerifiedExport {
    signer: VerifyKey,
    manifest: ExportManifest,
    records: Vec<VerifiedRecord>,
    kept_back: BTreeSet<String>,
}

impl VerifiedExport {
    /// Verifies the text of an export. It must be whole, with nothing before or behind it.
    ///
    /// # Errors
    ///
    /// `Tampered` if a signature does not hold, or a disclosure was not signed or stands twice;
    /// `BadInput` if it is not an export as this library writes it; `NewerFormat`; `TooLong`
    /// above 64 MiB or 200,000 disclosures.
    pub fn verify(text: &str) -> Result<Self> {
        Presentation::read(text).map(|read| read.export)
    }

    /// Leaves out the disclosures of the paths, such as `R07.sex`, that are not to be kept.
    /// What is left verifies, and says which ones are missing.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn present(text: &str, keep: impl Fn(&str) -> bool) -> Result<SecretText> {
        let read = Presentation::read(text)?;
        let kept: Vec<&str> = read
            .disclosures
            .iter()
            .filter(|(path, _)| keep(path))
            .map(|(_, disclosure)| *disclosure)
            .collect();
        join(read.jwt, kept.into_iter())
    }

    /// The Ed25519 public key of whoever signed.
    #[must_use]
    pub const fn signer(&self) -> &[u8; 32] {
        &self.signer.0
    }

    /// The thumbprint of that key (RFC 7638), to compare with one that is known.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        jws::thumbprint(&self.signer)
    }

    /// What the export says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &ExportManifest {
        &self.manifest
    }

    /// The records, by code, with the fields that are disclosed here.
    #[must_use]
    pub fn records(&self) -> &[VerifiedRecord] {
        &self.records
    }

    /// The paths of the manifest that whoever presents the export kept back.
    #[must_use]
    pub const fn kept_back(&self) -> &BTreeSet<String> {
        &self.kept_back
    }
}

impl fmt::Debug for VerifiedExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedExport(..)")
    }
}

/// An export that was verified, and the pieces of its text.
struct Presentation<'a> {
    export: VerifiedExport,
    jwt: &'a str,
    disclosures: Vec<(String, &'a str)>,
}

impl<'a> Presentation<'a> {
    fn read(text: &'a str) -> Result<Self> {
        let ends = text.bytes().filter(|byte| *byte == b'~').count();
        if text.len() > MAX_TEXT || ends > MAX_DISCLOSURES + 1 {
            return Err(too_long());
        }
        let body = text.strip_suffix('~').ok_or_else(|| {
            // A key binding proves that a holder has a key; these exports name no holder.
            malformed("the export does not end after its disclosures")
        })?;
        let mut parts = body.split('~');
        let jwt = parts.next().unwrap_or_default();
        let (signer, payload) = jws::open(jwt)?;
        let (manifest, records) = Claims::read(&payload)?.into_parts()?;
        let mut opening = Opening::new(&manifest, &records);
        let mut disclosures = Vec::with_capacity(ends);
        for part in parts {
            disclosures.push((opening.open(part)?, part));
        }
        let (claims, kept_back) = opening.finish()?;
        let records = gather(records, claims);
        let export = VerifiedExport { signer, manifest, records, kept_back };
        Ok(Self { export, jwt, disclosures })
    }
}

/// What was disclosed of each record.
type ByRecord = BTreeMap<String, Vec<VerifiedClaim>>;

/// Takes one disclosure after another, each at most once.
struct Opening<'a> {
    manifest: &'a ExportManifest,
    /// The record of each digest that no disclosure has used yet.
    open: BTreeMap<&'a str, &'a str>,
    kept_back: BTreeSet<String>,
    claims: ByRecord,
}

impl<'a> Opening<'a> {
    fn new(manifest: &'a ExportManifest, records: &'a BTreeMap<String, Record>) -> Self {
        let digests_of = |(code, record): (&'a String, &'a Record)| {
            record.fields.digests.iter().map(move |digest| (digest.as_str(), code.as_str()))
        };
        let open = records.iter().flat_map(digests_of).collect();
        Self { manifest, open, kept_back: manifest.shown.clone(), claims: BTreeMap::new() }
    }

    /// The path that it discloses.
    fn open(&mut self, text: &str) -> Result<String> {
        // Nothing of a disclosure is read before its digest is found.
        let digest = Sha256.encoded_digest(text);
        let code = self
            .open
            .remove(digest.as_str())
            .ok_or_else(|| tampered("a disclosure was altered, or stands twice"))?;
        let (name, value, changed) = disclosure::read(text)?;
        let path = format!("{code}.{name}");
        if !self.kept_back.remove(&path) {
            return Err(malformed("a disclosure is of a field that the manifest does not list"));
        }
        let claim = VerifiedClaim { name, value, changed };
        self.claims.entry(code.to_owned()).or_default().push(claim);
        Ok(path)
    }

    /// What was disclosed, and what was not, if the counts of the manifest allow for it.
    fn finish(self) -> Result<(ByRecord, BTreeSet<String>)> {
        let mut counts: BTreeMap<Option<Mark>, u64> = BTreeMap::new();
        for claim in self.claims.values().flatten() {
            *counts.entry(claim.changed).or_default() += 1;
        }
        let changed: u64 = self.manifest.changed.values().sum();
        let shown = u64::try_from(self.manifest.shown.len()).unwrap_or(u64::MAX);
        for (mark, count) in counts {
            let most = match mark {
                Some(mark) => self.manifest.changed.get(&mark).copied().unwrap_or_default(),
                None => shown.saturating_sub(changed),
            };
            if count > most {
                return Err(malformed("the manifest counts other changes than are disclosed"));
            }
        }
        Ok((self.claims, self.kept_back))
    }
}

fn gather(records: BTreeMap<String, Record>, mut claims: ByRecord) -> Vec<VerifiedRecord> {
    let gathered = records.into_iter().map(|(code, record)| {
        let mut claims = claims.remove(&code).unwrap_or_default();
        claims.sort_by(|a, b| a.name.cmp(&b.name));
        VerifiedRecord { code, record_type: record.record_type, parent: record.parent, claims }
    });
    gathered.collect()
}
