//! stdout is data, stderr is words.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::failure::Failure;

/// What goes to stdout.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// The two streams of the program. Everything it prints passes here.
pub(crate) struct Output {
    format: Format,
}

impl Output {
    pub(crate) const fn new(format: Format) -> Self {
        Self { format }
    }

    pub(crate) const fn is_json(&self) -> bool {
        matches!(self.format, Format::Json)
    }

    /// Writes lines of data.
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        let mut out = BufWriter::new(io::stdout().lock());
        out.write_all(text.as_bytes()).map_err(closed)?;
        if !text.is_empty() && !text.ends_with('\n') {
            out.write_all(b"\n").map_err(closed)?;
        }
        out.flush().map_err(closed)
    }

    /// Writes the one JSON document of a command.
    pub(crate) fn json(&self, document: &impl Serialize) -> Result<(), Failure> {
        let mut out = BufWriter::new(io::stdout().lock());
        serde_json::to_writer_pretty(&mut out, document).map_err(|error| {
            closed(
                error.io_error_kind().map_or_else(|| io::ErrorKind::Other.into(), io::Error::from),
            )
        })?;
        out.write_all(b"\n").map_err(closed)?;
        out.flush().map_err(closed)
    }

    /// Writes one form or the other, as the user asked.
    pub(crate) fn data(
        &self,
        document: &impl Serialize,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.is_json() { self.json(document) } else { self.text(&text()) }
    }

    /// Writes raw bytes of data.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(closed)
    }

    /// Writes words for a person. That nobody listens is no failure.
    pub(crate) fn say(&self, words: &str) {
        say(words);
    }
}

/// Words to stderr, where there is no [`Output`] yet.
pub(crate) fn say(words: &str) {
    let _ = writeln!(io::stderr().lock(), "{words}");
}

/// A reader that went away took what it wanted.
fn closed(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::BrokenPipe
    } else {
        Failure::io(&error, None)
    }
}
