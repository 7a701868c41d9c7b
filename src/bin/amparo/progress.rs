//! Progress bars: on stderr, on a terminal only, unless `--quiet`.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::messages::{Messages, text};

/// How far a long command has come.
pub(crate) struct Progress {
    bar: ProgressBar,
}

/// Whether a bar may be drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    Terminal,
    Never,
}

impl Progress {
    /// A bar over `total` steps; its template is a message: rate and time left need words.
    pub(crate) fn new(total: u64, show: Show, template: &str, messages: &Messages) -> Self {
        let target = match show {
            Show::Terminal => ProgressDrawTarget::stderr(),
            Show::Never => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template(&text!(messages, template)) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar }
    }

    pub(crate) fn at(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// How many of these went by in a second, so far.
    pub(crate) fn rate(&self, done: u64) -> u64 {
        let milliseconds = u64::try_from(self.bar.elapsed().as_millis()).unwrap_or(u64::MAX);
        done.saturating_mul(1000) / milliseconds.max(1)
    }

    pub(crate) fn note(&self, note: String) {
        self.bar.set_message(note);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
