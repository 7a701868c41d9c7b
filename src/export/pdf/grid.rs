//! Lines of groups to be copied by hand: every letter has the same room, every line a number.

use crate::export::pdf::face::Weight;
use crate::export::pdf::flow::{Across, Flow, Role};
use crate::export::pdf::{Ink, Node, Shape, Text};

/// How a grid looks.
pub(crate) struct Grid {
    /// Of the letters.
    pub(crate) size: f32,
    /// From line to line.
    pub(crate) leading: f32,
    /// Room for one letter.
    pub(crate) pitch: f32,
    /// Between groups.
    pub(crate) gap: f32,
}

impl Grid {
    /// Sets lines whose groups stand apart by spaces; each with its number before it.
    pub(crate) fn set(&self, flow: &mut Flow, text: &str) {
        flow.group(Role::Table, |flow| {
            for (number, line) in (1_u32..).zip(text.lines()) {
                flow.make_room(self.leading);
                let top = flow.y;
                // Every other line stands on grey, for the eye to follow.
                if number.is_multiple_of(2) {
                    let (left, right, bottom) = (flow.left, flow.right, top + self.leading);
                    let shape = Shape::Fill { left, top, right, bottom, ink: Ink::MIST };
                    flow.sheet().ground.push(shape);
                }
                flow.group(Role::Row, |flow| {
                    let mut x = flow.left + 4.0;
                    let number = number.to_string();
                    self.cell(flow, Role::Head(Across::Row), number, &mut x);
                    x = flow.left + NUMBER;
                    for group in line.split(' ') {
                        self.cell(flow, Role::Cell, group.to_owned(), &mut x);
                        x += self.gap;
                    }
                });
                flow.y = top + self.leading;
            }
        });
    }

    fn cell(&self, flow: &mut Flow, role: Role, words: String, x: &mut f32) {
        let is_number = matches!(role, Role::Head(_));
        let (weight, ink, size) = match is_number {
            true => (Weight::Regular, Ink::GREY, self.size * 0.7),
            false => (Weight::Bold, Ink::BLACK, self.size),
        };
        let pitch = (!is_number).then_some(self.pitch);
        let baseline = flow.y + self.leading / 2.0 + self.size * 0.36;
        let number = flow.next_text();
        let start = *x;
        words.chars().for_each(|_| *x += self.pitch);
        let text =
            Text { number: Some(number), x: start, baseline, size, weight, ink, pitch, words };
        flow.sheet().text.push(text);
        flow.group(role, |flow| flow.push(Node::Text(number)));
    }
}

/// Room for the number of a line.
const NUMBER: f32 = 28.0;
