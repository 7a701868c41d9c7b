//! The command line, run as a user runs it: arguments, streams, exit codes, files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of a test may fail the test")]

mod access;
mod attach;
mod audit;
mod backup;
mod cases;
mod check;
mod consent;
mod demo;
mod escrow;
mod export;
mod hold;
mod identity;
mod import;
mod keys;
mod messages;
mod panic;
mod record;
mod world;
