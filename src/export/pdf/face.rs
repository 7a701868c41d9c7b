//! The typeface: what text looks like, and how wide it is.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face as Shaper, UnicodeBuffer};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, ErrorKind, Result};

/// How heavy letters are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// Noto Sans in both weights.
pub(super) struct Faces {
    regular: Face,
    bold: Face,
}

/// One weight of the typeface.
pub(super) struct Face {
    pub(super) font: Font,
    shaper: Shaper<'static>,
    em: f32,
}

/// Text as glyphs; lengths are in parts of the size.
pub(super) struct Shaped {
    pub(super) glyphs: Vec<KrillaGlyph>,
    pub(super) width: f32,
}

impl Shaped {
    /// Gives every glyph the same room, in parts of the size, and sets it in the middle of that.
    pub(super) fn spread(&mut self, pitch: f32) {
        self.width = 0.0;
        for glyph in &mut self.glyphs {
            glyph.x_offset += (pitch - glyph.x_advance) / 2.0;
            glyph.x_advance = pitch;
            self.width += pitch;
        }
    }
}

impl Faces {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            regular: Face::new(ttf_noto_sans::REGULAR)?,
            bold: Face::new(ttf_noto_sans::BOLD)?,
        })
    }

    pub(super) const fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    fn new(bytes: &'static [u8]) -> Result<Self> {
        let bad = || Error::new(ErrorKind::Internal, "the typeface cannot be read");
        let shaper = Shaper::from_slice(bytes, 0).ok_or_else(bad)?;
        let font = Font::new(bytes.into(), 0).ok_or_else(bad)?;
        let em = font.units_per_em();
        Ok(Self { font, shaper, em })
    }

    /// Text as it can be set: composed, every space alike, without controls; a letter that the
    /// typeface lacks leaves a mark in its place.
    pub(super) fn settable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.nfc() {
            if c.is_whitespace() && c != NO_BREAK {
                out.push(' ');
            } else if c.is_control() || is_silent(c) {
                // The typeface has glyphs for some of these, which a PDF must not hold.
            } else if self.shaper.glyph_index(c).is_some() && !is_private(c) {
                out.push(c);
            } else {
                out.push(char::REPLACEMENT_CHARACTER);
            }
        }
        out
    }

    pub(super) fn shape(&self, text: &str) -> Shaped {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let infos = shaped.glyph_infos();
        let mut width = 0.0;
        let mut glyphs = Vec::with_capacity(infos.len());
        // From the back, so that each cluster ends where the one after it starts.
        let (mut cluster, mut end) = (text.len(), text.len());
        for (info, position) in infos.iter().zip(shaped.glyph_positions()).rev() {
            let start = usize::try_from(info.cluster).unwrap_or(cluster);
            if start != cluster {
                (cluster, end) = (start, cluster);
            }
            let advance = self.part(position.x_advance);
            width += advance;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                advance,
                self.part(position.x_offset),
                self.part(position.y_offset),
                self.part(position.y_advance),
                start..end,
                None,
            ));
        }
        glyphs.reverse();
        Shaped { glyphs, width }
    }

    /// Advances are small integers.
    #[allow(clippy::cast_precision_loss, reason = "a glyph is narrower than 2^24 units")]
    fn part(&self, units: i32) -> f32 {
        units as f32 / self.em
    }
}

/// Marks of direction and joins: they could turn a line around, and have no width.
const fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Without a meaning that a screen reader could say.
const fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

const NO_BREAK: char = '\u{a0}';
