//! The command line, run as a user runs it: arguments, streams, exit codes, files.

mod access;
mod cases;
mod demo;
mod identity;
mod import;
mod messages;
mod record;
mod world;
