//! A finished export: searched, then logged, then written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use crate::consent::{Datum, ExportReceipt, Identifiability, Obligation, RecipientEntry, Request};
use crate::crypto::envelope;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::folder::Half;
use crate::export::{self, File, Manifest, bundle};
use crate::id::RecordId;
use crate::redact::{Redacted, RedactedView};
use crate::secret::SecretText;
use crate::vault::Vault;
use crate::vault::consents::Consents;
use crate::vault::exports::verdicts::Question;
use crate::vault::exports::{Prepared, searched};

/// An export, finished in memory. Nothing has left yet.
pub struct Export<'a> {
    pub(super) vault: &'a Vault,
    pub(super) view: RedactedView,
    pub(super) files: Vec<File>,
    pub(super) manifest: Manifest,
    /// What is asked once more of each person when it is written.
    pub(super) requests: Vec<(RecordId, Vec<Request>)>,
    pub(super) recipient: (RecordId, RecipientEntry),
    pub(super) fulfilled: BTreeSet<Obligation>,
    pub(super) coded: BTreeMap<String, SecretText>,
    pub(super) unsearched: Vec<String>,
    pub(super) reference: bool,
}

impl<'a> Export<'a> {
    pub(super) fn finish(
        vault: &'a Vault,
        prepared: Prepared,
        recipient: (RecordId, RecipientEntry),
        fulfilled: BTreeSet<Obligation>,
    ) -> Result<Self> {
        let Prepared { redacted, question, leaving, seed, files: attached } = prepared;
        let keys = (&seed, vault.identity.sign_key());
        let complete = |view: &RedactedView, attached: Vec<File>| {
            let mut files = export::render(view)?;
            files.extend(attached);
            export::complete(view, files, keys, |_| ())
        };
        let attached = attached.into_iter().map(|one| vault.leaving_file(&one.known, one.name));
        let (files, manifest) = complete(&redacted.view, attached.collect::<Result<_>>()?)?;
        let scan = searched(&redacted, &files, |view| Ok(complete(view, Vec::new())?.0))?;
        let Redacted { view, coded, .. } = redacted;
        let requests = vault.requests(&question, leaving)?;
        let unsearched = scan.unsearched().union(&view.unopened()).cloned().collect();
        Ok(Self {
            vault,
            view,
            files,
            manifest,
            requests,
            recipient,
            fulfilled,
            coded,
            unsearched,
            reference: false,
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

    /// The fields (`record_type.field`) with a value that was kept back, and that is too short or
    /// too common, in whole or in part, for a search of the finished files to tell anything; and
    /// the lines of what this role does not open ([`RedactedView::unopened`]).
    #[must_use]
    pub fn unsearched(&self) -> &[String] {
        &self.unsearched
    }

    /// Logs the export in the ledger of everybody concerned, then writes a folder that holds it
    /// as one file, `bundle.age`, sealed to the recipient and padded.
    ///
    /// # Errors
    ///
    /// `Exists` if something stands in the folder's place, and `NotFound` at the folder in which
    /// it should stand, before anything is logged; `Refused` at a field that consent does not
    /// permit any more; `ReadOnly`, `Io`, `DiskFull`. No half bundle is left behind; if
    /// writing fails after logging, the ledger names a recipient who received nothing.
    pub fn seal_into(self, out: impl AsRef<Path>) -> Result<Vec<RecordId>> {
        let out = out.as_ref();
        // A place where no folder can be made is refused before anything is logged.
        let half = Half::begin(out)?;
        let sealed = bundle::seal(&self.files, &self.recipient.1.age_recipient)?;
        let receipts = self.log(true)?;
        half.finish(out, std::iter::once((bundle::SEALED, sealed.as_slice())))?;
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
        let half = Half::begin(out)?;
        let receipts = self.log(false)?;
        half.finish(out, self.files())?;
        Ok(receipts)
    }

    /// What each label of the export stands for, as JSON sealed to the recipient: to be handed
    /// over apart from the bundle, or not at all. The receipt then says that it was.
    ///
    /// # Errors
    ///
    /// `Refused` at a field, if consent lets its data leave under a code only.
    pub fn sealed_reference_list(&mut self) -> Result<Vec<u8>> {
        let now = self.vault.now(&self.vault.live());
        if self.view.records().is_empty() {
            return Err(Error::new(ErrorKind::Refused, "a table has no such list"));
        }
        let mut asked = self.requests.clone();
        for (person, requests) in &mut asked {
            for request in requests.iter_mut() {
                request.identifiability = Identifiability::Identified;
            }
            let consents = Consents { vault: self.vault, person: *person };
            for (decision, request) in consents.decide_each(requests, now)?.iter().zip(requests) {
                if !decision.is_permit() {
                    let what = "consent lets it leave under a code only";
                    let Datum { record_type, field, .. } = request.data.clone();
                    let place = Place::Field { record_type, field };
                    return Err(Error::new(ErrorKind::Refused, what).at(place));
                }
            }
        }
        (self.requests, self.reference) = (asked, true);
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
            reference: self.reference,
            fulfilled: self.fulfilled.clone(),
        };
        self.vault.disclose(self.recipient.0, &self.requests, Some(&receipt))
    }
}

impl Vault {
    /// What is asked once more of each person whose data leaves.
    pub(super) fn requests(
        &self,
        question: &Question,
        leaving: BTreeMap<RecordId, BTreeSet<String>>,
    ) -> Result<Vec<(RecordId, Vec<Request>)>> {
        let of = |(person, fields): (RecordId, BTreeSet<String>)| {
            let requests = fields.iter().map(|field| self.question(question, field));
            Ok((person, requests.collect::<Result<Vec<_>>>()?))
        };
        leaving.into_iter().map(of).collect()
    }
}

impl fmt::Debug for Export<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Export({})", self.manifest.export)
    }
}
