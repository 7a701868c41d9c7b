//! What leaves the vault on paper or in a file: renderers that see what they are given and
//! nothing else.
//!
//! This layer knows no record and no key. What a page says stands in a plain value made for that
//! page; how it is set is the business of [`pdf`].

#[cfg(feature = "pdf")]
mod consent_page;
mod csv;
mod front;
mod html;
mod markup;
#[cfg(feature = "pdf")]
mod pdf;
mod plain;
mod preview;
mod table;
#[cfg(feature = "xlsx")]
mod xlsx;

#[cfg(feature = "pdf")]
pub use consent_page::{
    Candour, ConsentPage, PageConsent, PageItem, PageRecipient, PageState, Wording,
};
