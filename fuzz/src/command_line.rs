//! The command line's reader of tables, taken in from its sources, with what it needs.

#[path = "../../src/bin/amparo/entry.rs"]
#[allow(dead_code, reason = "the command line uses the rest")]
pub mod entry;

/// In place of the command line's failures, which speak through its messages.
#[allow(dead_code, reason = "the same shape as the one it stands for")]
pub mod failure {
    use std::io;
    use std::path::Path;

    pub struct Failure;

    impl Failure {
        pub const fn own(_: &'static str) -> Self {
            Self
        }

        pub fn with(self, _: &'static str, _: impl ToString) -> Self {
            self
        }

        pub fn io(_: &io::Error, _: Option<&Path>) -> Self {
            Self
        }
    }
}

#[allow(dead_code, reason = "the command line uses the rest")]
pub mod import;
