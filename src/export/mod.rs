//! What leaves the vault on paper or in a file: renderers that see what they are given and
//! nothing else.
//!
//! This layer knows no record and no key. What a page says stands in a plain value made for that
//! page; how it is set is the business of [`pdf`].

pub(crate) mod bundle;
#[cfg(feature = "pdf")]
mod consent_page;
mod csv_cell;
mod file;
pub(crate) mod folder;
mod json;
pub(crate) mod log;
mod manifest;
#[cfg(feature = "pdf")]
mod pdf;

pub(crate) use file::File;
pub(crate) use json::json;
pub(crate) use manifest::MANIFEST;
pub use manifest::{Manifest, ManifestFile};

#[cfg(feature = "pdf")]
pub use consent_page::{
    Candour, ConsentPage, PageConsent, PageItem, PageRecipient, PageState, Wording,
};

use crate::error::Result;
use crate::redact::RedactedView;

/// Every file of an export but the manifest.
pub(crate) fn render(view: &RedactedView) -> Result<Vec<File>> {
    let lines = log::log(view);
    let language = view.cover().language;
    Ok(vec![
        File::new("case.json", json(view)?),
        File::new("redactions.csv", log::csv(&lines, &[], language)?),
    ])
}
