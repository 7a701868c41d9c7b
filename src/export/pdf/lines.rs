//! Breaking text into lines by its measured width.

use crate::export::pdf::face::{Faces, Weight};

/// How a run looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Look {
    Plain,
    Bold,
    /// Small beside what it is about.
    Faint,
    /// White on black: the label of something that was kept back.
    Box,
}

/// Words of one look within a paragraph; the next run starts after a space.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    look: Look,
    text: &'a str,
}

/// What one line holds, left to right.
pub(super) type Line = Vec<(Look, String)>;

impl Look {
    pub(super) const fn weight(self) -> Weight {
        match self {
            Self::Plain | Self::Faint => Weight::Regular,
            Self::Bold | Self::Box => Weight::Bold,
        }
    }
}

impl<'a> Run<'a> {
    pub(crate) const fn plain(text: &'a str) -> Self {
        Self { look: Look::Plain, text }
    }

    pub(crate) const fn bold(text: &'a str) -> Self {
        Self { look: Look::Bold, text }
    }

    pub(crate) const fn faint(text: &'a str) -> Self {
        Self { look: Look::Faint, text }
    }

    /// A label that no line breaks.
    pub(crate) const fn boxed(text: &'a str) -> Self {
        Self { look: Look::Box, text }
    }
}

/// Breaks runs into lines no wider than `width`; a line broken between words ends in a
/// space, for whoever copies the text or hears it.
pub(super) fn broken(faces: &Faces, runs: &[Run<'_>], size: f32, width: f32) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    let mut filled = 0.0;
    for run in runs {
        let face = faces.of(run.look.weight());
        let space = face.shape(" ").width * size;
        let text = face.settable(run.text);
        // A box is one word, however many its label has.
        let ends: &[char] = if run.look == Look::Box { &[] } else { &[' '] };
        let mut fresh_run = true;
        for word in text.split(ends).filter(|word| !word.is_empty()) {
            for (nth, (part, wide)) in
                parts(faces, run.look.weight(), word, size, width).into_iter().enumerate()
            {
                let fresh = lines.last().is_none_or(Vec::is_empty);
                if !fresh && filled + space + wide > width {
                    if let (0, Some((_, text))) = (nth, lines.last_mut().and_then(|l| l.last_mut()))
                    {
                        text.push(' ');
                    }
                    lines.push(Line::new());
                    filled = 0.0;
                }
                filled += if filled > 0.0 { space + wide } else { wide };
                if let Some(line) = lines.last_mut() {
                    append(line, run.look, part, fresh_run);
                }
                fresh_run = false;
            }
        }
    }
    lines
}

fn append(line: &mut Line, look: Look, part: &str, fresh_run: bool) {
    match line.last_mut() {
        // Two boxes side by side stay two.
        Some((same, text)) if *same == look && !(fresh_run && look == Look::Box) => {
            text.push(' ');
            text.push_str(part);
        }
        last => {
            if let Some((_, text)) = last {
                text.push(' ');
            }
            line.push((look, part.to_owned()));
        }
    }
}

/// A word, or the pieces of one that no line can hold, each with its width.
fn parts<'a>(
    faces: &Faces,
    weight: Weight,
    word: &'a str,
    size: f32,
    width: f32,
) -> Vec<(&'a str, f32)> {
    let shaped = faces.of(weight).shape(word);
    if shaped.width * size <= width {
        return vec![(word, shaped.width * size)];
    }
    let mut cuts = Vec::new();
    let (mut start, mut filled) = (0, 0.0);
    for glyph in &shaped.glyphs {
        let advance = glyph.x_advance * size;
        let at = glyph.text_range.start;
        // A cut falls between clusters: a mark stays on its letter.
        if filled + advance > width && at > start {
            cuts.extend(word.get(start..at).map(|part| (part, filled)));
            (start, filled) = (at, 0.0);
        }
        filled += advance;
    }
    cuts.extend(word.get(start..).map(|part| (part, filled)));
    cuts
}
