//! Lines to be filled in by hand.

use crate::export::pdf::face::Weight;
use crate::export::pdf::flow::{Flow, Style};
use crate::export::pdf::lines::Run;
use crate::export::pdf::{Ink, Shape};

impl Flow {
    /// Sets words, and a line from them to the right margin.
    pub(crate) fn blank(&mut self, words: &str, style: Style) {
        self.make_room(style.size * style.leading);
        let width = self.faces.of(Weight::Regular).shape(words).width * style.size;
        self.paragraph(&[Run::plain(words)], style);
        let y = self.y - style.size * (style.leading - 1.0) / 2.0;
        let points = vec![(self.left + width + 6.0, y), (self.right, y)];
        self.sheet().ground.push(Shape::Stroke { points, width: 0.6, ink: Ink::GREY });
    }
}
