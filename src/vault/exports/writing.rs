//! A finished export: searched, then logged, then written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use crate::consent::{Datum, ExportReceipt, Obligation, RecipientEntry, Request};
use crate::crypto::envelope;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::{self, File, Manifest, bundle, folder};
use crate::id::RecordId;
use crate::redact::{Mark, Redacted, RedactedView, Scan, tokens};
use crate::secret::SecretText;
use crate::vault::Vault;
use crate::vault::exports::Prepared;

/// An export, finished in memory. Nothing has left yet.
pub struct Export<'a> {
    vault: &'a Vault,
    view: RedactedView,
    files: Vec<File>,
    manifest: Manifest,
    /// What is asked once more of each person when it is written.
    requests: BTreeMap<RecordId, Vec<Request>>,
    recipient: (RecordId, RecipientEntry),
    fulfilled: BTreeSet<Obligation>,
    coded: BTreeMap<String, SecretText>,
    unsearched: Vec<String>,
}

impl<'a> Export<'a> {
    pub(super) fn finish(
        vault: &'a Vault,
        prepared: Prepared,
        recipient: (RecordId, RecipientEntry),
        fulfilled: BTreeSet<Obligation>,
    ) -> Result<Self> {
        let Prepared { redacted, question, leaving, seed } = prepared;
        let Redacted { view, hidden, standing, coded } = redacted;
        let keys = (&seed, vault.identity.sign_key());
        let (files, manifest) = export::complete(&view, export::render(&view)?, keys)?;
        let scan = Scan::new(&hidden, &standing_words(&view, &standing)?)?;
        search_view(&view, &scan)?;
        for file in &files {
            export::extract::texts(file, |text| scan.search(text))?;
        }
        let mut requests = BTreeMap::new();
        for (person, fields) in leaving {
            let of: Result<Vec<Request>> =
                fields.iter().map(|field| vault.question(&question, field)).collect();
            requests.insert(person, of?);
        }
        Ok(Self {
            vault,
            view,
            files,
            manifest,
            requests,
            recipient,
            fulfilled,
            coded,
            unsearched: scan.unsearched().iter().cloned().collect(),
        })
    }

    /// What it shows.
    #[must_use]
    pub const fn view(&self) -> &RedactedView {
        &self.view
    }

    /// What it consists of.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The finished files: a name and the bytes of each.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()))
    }

    /// The fields (`record_type.field`) with a value that was kept back and is too short or too
    /// common for a search of the finished files to tell anything.
    #[must_use]
    pub fn unsearched(&self) -> &[String] {
        &self.unsearched
    }

    /// Logs the export in the ledger of everybody concerned, then writes a folder that holds it
    /// as one file, `bundle.age`, sealed to the recipient and padded.
    ///
    /// # Errors
    ///
    /// `Exists` if something stands in the folder's place; `Refused` at a field that consent
    /// does not permit any more; `ReadOnly`, `Io`, `DiskFull`. No half bundle is left behind; if
    /// writing fails after logging, the ledger names a recipient who received nothing.
    pub fn seal_into(self, out: impl AsRef<Path>) -> Result<Vec<RecordId>> {
        let out = out.as_ref();
        folder::check_free(out)?;
        let sealed = bundle::seal(&self.files, &self.recipient.1.age_recipient)?;
        let receipts = self.log(true)?;
        folder::write(out, std::iter::once((bundle::SEALED, sealed.as_slice())))?;
        Ok(receipts)
    }

    /// As [`Self::seal_into`], with the files themselves, open to whoever finds them.
    ///
    /// # Errors
    ///
    /// As [`Self::seal_into`].
    ///
    /// # Security
    ///
    /// The folder protects nothing. The ledger says that it was left open.
    pub fn write_open_into(self, out: impl AsRef<Path>) -> Result<Vec<RecordId>> {
        let out = out.as_ref();
        folder::check_free(out)?;
        let receipts = self.log(false)?;
        folder::write(out, self.files())?;
        Ok(receipts)
    }

    /// What each label of the export stands for, as JSON sealed to the recipient: to be handed
    /// over apart from the bundle, or not at all.
    ///
    /// # Errors
    ///
    /// `Internal`.
    pub fn sealed_reference_list(&self) -> Result<Vec<u8>> {
        let labels: BTreeMap<&str, &str> =
            self.coded.iter().map(|(label, text)| (label.as_str(), text.expose())).collect();
        let list = serde_json::json!({
            "format": "amparo-reference-list",
            "version": 1,
            "export": self.view.cover().export,
            "labels": labels,
        });
        let plain = zeroize::Zeroizing::new(list.to_string());
        let recipient = envelope::parse_recipient(&self.recipient.1.age_recipient)?;
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
        envelope::seal_to(recipients, plain.as_bytes())
    }

    /// Asks everybody concerned once more, and notes what leaves.
    fn log(&self, sealed: bool) -> Result<Vec<RecordId>> {
        let manifest = self.files.iter().find(|file| file.name == export::MANIFEST);
        let manifest = manifest
            .ok_or_else(|| Error::new(ErrorKind::Internal, "an export without a manifest"))?;
        let receipt = ExportReceipt {
            export: self.manifest.export.clone(),
            profile: self.manifest.profile.clone(),
            manifest: manifest.digest()?,
            records: self.manifest.records,
            kept: self.manifest.kept,
            marked: self.manifest.marked.clone(),
            policy_version: self.manifest.policy_version,
            sealed,
            fulfilled: self.fulfilled.clone(),
        };
        // A no of one person must not leave a disclosure in the ledger of another.
        for (person, requests) in &self.requests {
            let consents = self.vault.consents(*person)?;
            let decisions = consents.decide_each(requests, consents.now())?;
            if let Some((request, _)) =
                requests.iter().zip(decisions).find(|(_, decision)| !decision.is_permit())
            {
                let Datum { record_type, field, .. } = request.data.clone();
                return Err(Error::new(ErrorKind::Refused, "consent does not permit it")
                    .at(Place::Field { record_type, field }));
            }
        }
        let mut receipts = Vec::with_capacity(self.requests.len());
        for (person, requests) in &self.requests {
            let consents = self.vault.consents(*person)?;
            receipts.push(consents.disclose(self.recipient.0, requests, Some(receipt.clone()))?);
        }
        Ok(receipts)
    }
}

/// Searches what is shown field by field, so that both fields can be named.
fn search_view(view: &RedactedView, scan: &Scan) -> Result<()> {
    for record in view.records() {
        for field in record.fields() {
            let Some(shown) = field.shown() else { continue };
            let text = shown.to_text(view.cover().language);
            scan.search(text.expose()).map_err(|error| {
                let within = format!("{}.{}", record.record_type(), field.name());
                let hidden = error.place().map(ToString::to_string).unwrap_or_default();
                error.at(Place::Schema(format!("{hidden} in {within}")))
            })?;
        }
    }
    Ok(())
}

/// The words that such an export holds whatever was kept back.
fn standing_words(view: &RedactedView, standing: &[SecretText]) -> Result<BTreeSet<SecretText>> {
    let mut words = BTreeSet::new();
    for file in export::render(&view.skeleton())? {
        export::extract::texts(&file, |text| {
            words.extend(tokens(text));
            Ok(())
        })?;
    }
    let marks = Mark::ALL.iter().map(|mark| mark.words(view.cover().language));
    words.extend(marks.flat_map(tokens));
    words.extend(standing.iter().flat_map(|text| tokens(text.expose())));
    Ok(words)
}

impl fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Export({})", self.manifest.export)
    }
}
