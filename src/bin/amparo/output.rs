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

/// Words that others entered, in one line: nothing in them moves the cursor, turns words around or
/// hides one from whoever reads.
pub(crate) fn shown(words: &str) -> String {
    let show = |c| match c {
        '\n' | '\t' => ' ',
        c if misleads(c) => '\u{fffd}',
        c => c,
    };
    words.chars().map(show).collect()
}

/// What could move the cursor, turn words around or hide one.
pub(crate) fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_entered_stays_in_its_line_and_turns_nothing_around() {
        assert_eq!(shown("Fiscalía Ficticia, 2.º piso"), "Fiscalía Ficticia, 2.º piso");
        assert_eq!(shown("a\nb\tc"), "a b c");
        let hostile = shown("a\u{1b}[2J\r\u{9b}\u{7}\u{202e}b\u{200b}\u{2028}\u{85}");
        assert_eq!(hostile.matches('\u{fffd}').count(), 8);
        assert!(!hostile.chars().any(misleads));
    }
}
