//! What leaves the vault on paper or in a file: renderers that see what they are given and
//! nothing else.
//!
//! This layer knows no record and no key. What a page says stands in a plain value made for that
//! page; how it is set is the business of [`pdf`].

pub(crate) mod bundle;
#[cfg(feature = "pdf")]
mod case_file;
#[cfg(feature = "pdf")]
mod consent_page;
mod csv_cell;
pub(crate) mod extract;
mod file;
pub(crate) mod folder;
mod json;
pub(crate) mod log;
mod manifest;
#[cfg(feature = "pdf")]
mod pdf;
mod received;

pub(crate) use file::File;
pub(crate) use json::json;
pub(crate) use manifest::MANIFEST;
pub use manifest::{Manifest, ManifestFile};
pub use received::Bundle;
pub(crate) mod sdjwt;

#[cfg(feature = "pdf")]
pub use consent_page::{
    Candour, ConsentPage, PageConsent, PageItem, PageRecipient, PageState, Wording,
};

use crate::error::Result;
use crate::redact::RedactedView;

/// Every file of an export but the manifest.
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
    files.push(File::new("case.json", json(view)?));
    files.push(File::new("redactions.csv", log::csv(&lines, &sheets, view.cover().language)?));
    Ok(files)
}

impl RedactedView {
    /// TEMP
    pub fn to_preview(&self) -> Result<Vec<u8>> {
        json(self)
    }
}
pub use sdjwt::{ClaimValue, ExportManifest, VerifiedClaim, VerifiedExport, VerifiedRecord};
