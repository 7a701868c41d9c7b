//! Breaking text into lines by its measured width.

use crate::export::pdf::face::{Faces, Weight};

/// Words of one weight within a paragraph; the next run starts after a space.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    weight: Weight,
    text: &'a str,
}

/// What one line holds, left to right.
pub(super) type Line = Vec<(Weight, String)>;

impl<'a> Run<'a> {
    pub(crate) const fn plain(text: &'a str) -> Self {
        Self { weight: Weight::Regular, text }
    }

    pub(crate) const fn bold(text: &'a str) -> Self {
        Self { weight: Weight::Bold, text }
    }
}

/// Breaks runs into lines no wider than `width`; a line broken between words ends in a
/// space, for whoever copies the text or hears it.
pub(super) fn broken(faces: &Faces, runs: &[Run<'_>], size: f32, width: f32) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    let mut filled = 0.0;
    for run in runs {
        let face = faces.of(run.weight);
        let space = face.shape(" ").width * size;
        let text = face.settable(run.text);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            for (nth, (part, wide)) in
                parts(faces, run.weight, word, size, width).into_iter().enumerate()
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
                    append(line, run.weight, part);
                }
            }
        }
    }
    lines
}

fn append(line: &mut Line, weight: Weight, part: &str) {
    match line.last_mut() {
        Some((same, text)) if *same == weight => {
            text.push(' ');
            text.push_str(part);
        }
        last => {
            if let Some((_, text)) = last {
                text.push(' ');
            }
            line.push((weight, part.to_owned()));
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
