//! A QR code (ISO/IEC 18004), drawn as rectangles.

use qrcodegen::{QrCode, QrCodeEcc};

use crate::error::{Error, ErrorKind, Result};
use crate::export::pdf::Shape;
use crate::export::pdf::flow::Flow;

impl Flow {
    /// Sets a code at the right, with the quiet zone that a camera needs within `side`, and what
    /// stands beside it. A screen reader passes over it: the letters are to be on the page too.
    pub(crate) fn beside_code(
        &mut self,
        text: &str,
        side: f32,
        inner: impl FnOnce(&mut Self),
    ) -> Result<()> {
        self.make_room(side);
        let top = self.y;
        self.code(text, side)?;
        self.right -= side + 10.0;
        inner(self);
        self.right += side + 10.0;
        self.y = self.y.max(top + side);
        Ok(())
    }

    fn code(&mut self, text: &str, side: f32) -> Result<()> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium)
            .map_err(|_| Error::new(ErrorKind::TooLong, "too long for a code"))?;
        let module = side / coordinate(code.size() + 2 * QUIET);
        let (left, top) = (self.right - side, self.y);
        let place = |at: i32| coordinate(at + QUIET) * module;
        let mut blocks = Vec::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                // A run of dark modules is one rectangle.
                let dark = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
                let end = x + i32::try_from(dark).unwrap_or(0);
                if end > x {
                    let (from, to) = (left + place(x), left + place(end));
                    blocks.push([from, top + place(y), to, top + place(y + 1)]);
                }
                x = end + 1;
            }
        }
        self.sheet().ground.push(Shape::Blocks(blocks));
        Ok(())
    }
}

/// A code has fewer than 200 modules on a side.
#[allow(clippy::cast_precision_loss, reason = "far below 2^24")]
const fn coordinate(modules: i32) -> f32 {
    modules as f32
}

/// Light modules around a code.
const QUIET: i32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn is the code, module by module.
    #[test]
    fn the_rectangles_are_the_modules() {
        let text = "AMPARO-0123456789";
        let mut flow = Flow::new().unwrap();
        let top = flow.y;
        flow.code(text, 100.0).unwrap();
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let module = 100.0 / coordinate(code.size() + 2 * QUIET);
        let left = flow.right - 100.0;
        let Some(Shape::Blocks(blocks)) = flow.sheet().ground.last().cloned() else { panic!() };
        for y in -QUIET..code.size() + QUIET {
            for x in -QUIET..code.size() + QUIET {
                let at = |at: i32| (coordinate(at + QUIET) + 0.5) * module;
                let (h, v) = (left + at(x), top + at(y));
                let dark = blocks.iter().any(|[l, t, r, b]| *l < h && h < *r && *t < v && v < *b);
                assert_eq!(dark, code.get_module(x, y), "{x} {y}");
            }
        }
    }
}
