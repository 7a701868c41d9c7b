//! Documents that are written, read back, damaged and held against the standards.

mod dpv;
mod fhir;
mod generated;
mod sample;
mod schema;

pub(super) use sample::{policy, sample};
