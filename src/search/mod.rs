//! Search without a trail.

pub(crate) mod normal;
