//! What leaves the vault on paper or in a file: renderers that see what they are given and
//! nothing else.
//!
//! This layer knows no record and no key of the vault. A renderer sees a [`RedactedView`], or a
//! plain value made for its page; how a page is set is the business of [`pdf`].

pub(crate) mod bundle;
#[cfg(feature = "pdf")]
mod case_file;
#[cfg(feature = "pdf")]
mod consent_page;
pub(crate) mod csv;
pub(crate) mod extract;
mod file;
pub(crate) mod folder;
mod foreign;
mod front;
mod html;
mod json;
mod log;
mod manifest;
mod markup;
#[cfg(feature = "pdf")]
pub(crate) mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod plain;
mod preview;
mod received;
pub(crate) mod sdjwt;
#[cfg(feature = "pdf")]
mod share_page;
mod table;
pub(crate) mod timeline;
#[cfg(feature = "xlsx")]
mod xlsx;

#[cfg(feature = "pdf")]
pub use consent_page::{
    Candour, ConsentPage, PageConsent, PageItem, PageRecipient, PageState, Wording,
};
pub(crate) use file::{File, Origin};
pub(crate) use manifest::MANIFEST;
pub use manifest::{AttachedAs, Manifest, ManifestFile};
pub use received::{Bundle, VerifiedBundle};
pub use sdjwt::{ClaimValue, ExportManifest, VerifiedClaim, VerifiedExport, VerifiedRecord};
#[cfg(feature = "pdf")]
pub use share_page::SharePages;

use crate::crypto::sign::SignKey;
use crate::error::Result;
use crate::redact::RedactedView;
use crate::secret::Key;

/// The files of an export that hold its data, on paper, for a screen, for programs.
pub(crate) fn render(view: &RedactedView) -> Result<Vec<File>> {
    let lines = log::log(view);
    let mut files = Vec::new();
    #[cfg(feature = "pdf")]
    let sheets = {
        let paper = case_file::case_file(view, &lines)?;
        files.push(File::new("case.pdf", paper.pdf));
        paper.sheets
    };
    #[cfg(not(feature = "pdf"))]
    let sheets = Vec::new();
    files.push(File::new("case.html", html::html(view)?));
    #[cfg(feature = "xlsx")]
    files.push(File::new("case.xlsx", xlsx::xlsx(view)?));
    files.push(File::new("case.json", json::json(view)?));
    for table in table::tables(view) {
        files.push(File::new(format!("table-{}.csv", table.record_type), csv::csv(&table)?));
    }
    files.push(File::new("redactions.csv", log::csv(&lines, &sheets, view.cover().language)?));
    Ok(files)
}

/// The files, with the manifest that names them all, and the proof that signs it. `recount` may
/// put right what the manifest counts, where a file holds more than the view.
pub(crate) fn complete(
    view: &RedactedView,
    mut files: Vec<File>,
    (seed, key): (&Key, &SignKey),
    recount: impl FnOnce(&mut Manifest),
) -> Result<(Vec<File>, Manifest)> {
    let mut manifest = Manifest::of(view, &files)?;
    recount(&mut manifest);
    files.push(manifest.to_file()?);
    let digests = files.iter().map(|file| Ok((file.name.clone(), file.digest()?)));
    let proof = sdjwt::issue(view, &digests.collect::<Result<Vec<_>>>()?, seed, key)?;
    files.push(File::new(PROOF, proof.expose().as_bytes().to_vec()));
    Ok((files, manifest))
}

impl RedactedView {
    /// The view as a page for whoever prepares an export: what would leave, what would not, and
    /// why. One HTML file without any outside reference.
    ///
    /// # Errors
    ///
    /// `Internal` if it cannot be written.
    pub fn to_preview(&self) -> Result<Vec<u8>> {
        preview::preview(self)
    }
}

/// Name of the signed proof within a bundle.
pub(crate) const PROOF: &str = "proof.sd-jwt";
