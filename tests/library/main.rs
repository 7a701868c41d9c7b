//! Tests that see the library as an embedder does, and the sources as a reader does.

#![cfg(feature = "sled")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::exit,
    reason = "a helper of a test may fail the test"
)]

mod attach;
mod damage;
mod faulty;
mod kill;
mod layers;
mod office;
mod repair;
mod review;
mod secrets;
