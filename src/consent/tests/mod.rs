//! Tests of the decision: properties over invented histories, and tables of cases to be read.

mod case;
mod cases;
mod histories;
mod minors;
mod policies;
mod properties;
mod recalls;
