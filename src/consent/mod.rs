//! Consent: what was said, and what may leave because of it.
//!
//! A consent is a header that never changes and events that are only added; its state at a
//! moment is derived. [`decide`] answers whether one field may go to one recipient for one
//! purpose at one moment. It is pure: this layer knows no record, no store, no clock.

pub(crate) mod codes;
mod decide;
mod event;
mod grant;
mod interchange;
mod ledger;
mod policy;
mod reason;
mod recall;
mod request;
mod scope;
mod standing;
mod state;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use codes::{
    Action, Authority, Basis, BlockReason, Channel, Condition, Identifiability, Party,
    RecipientKind,
};
pub use decide::{Cited, Decision, Effect, decide};
pub use event::{Digest, Event, EventCode, Means, Speaker, Statement, What};
pub use grant::{Consent, Grant, RecipientEntry};
pub use interchange::{ConsentDocument, Controller};
pub use ledger::{
    Approval, Birth, Block, Disclosure, DisclosureTerms, ExportReceipt, Ledger, Override,
    OverrideTerms, Recall, Subject,
};
pub use policy::{AgeRow, OverrideRule, Policy, Prohibition, Purpose, ReadLog, Voice};
pub use reason::{Missing, Obligation, Reason};
pub use request::{Datum, Recipient, Request, Shape};
pub use scope::{DataScope, RecipientRef, Scope};
pub use state::Standing;
