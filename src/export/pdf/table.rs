//! Tables: rows go on over sheets, and the heading of the columns is said again on each.

use crate::export::pdf::flow::{Across, Flow, Role, Style};
use crate::export::pdf::lines::{Line, Run, broken};
use crate::export::pdf::{BOTTOM, Ink, Node, Shape, TOP};

/// A table of fixed columns.
pub(crate) struct Table<'a> {
    /// The share of each column in the width.
    pub(crate) shares: &'a [f32],
    /// The headings of the columns; none for a list of names and values.
    pub(crate) head: &'a [&'a str],
    pub(crate) style: Style,
}

/// What stands in one cell: paragraphs of runs.
pub(crate) type Cell<'a> = Vec<Vec<Run<'a>>>;

impl Table<'_> {
    /// Sets the rows that `next` gives; where there are no headings of columns, the first cell is
    /// the heading of its row. `placed` hears the sheet on which each row begins.
    pub(crate) fn set<'r>(
        &self,
        flow: &mut Flow,
        rows: impl Iterator<Item = Vec<Cell<'r>>>,
        mut placed: impl FnMut(usize),
    ) {
        flow.group(Role::Table, |flow| {
            let head: Vec<Cell<'_>> =
                self.head.iter().map(|words| vec![vec![Run::bold(words)]]).collect();
            let head = self.broken(flow, &head);
            if !self.head.is_empty() {
                flow.make_room(3.0 * self.height(&head));
                let nodes = self.row(flow, &head, None);
                flow.push(Node::Group(Role::Row, nodes));
            }
            for row in rows {
                let cells = self.broken(flow, &row);
                let height = self.height(&cells).min(BOTTOM - TOP - self.height(&head));
                // A short row stays whole; a long one begins where it is, with two lines at least.
                let least = 2.0 * self.line_height() + 2.0 * PAD;
                let needed = if height > KEEP { least } else { height };
                if flow.y + needed > BOTTOM {
                    self.turn(flow, &head);
                }
                placed(flow.sheet_number());
                let nodes = self.row(flow, &cells, Some(&head));
                flow.push(Node::Group(Role::Row, nodes));
            }
        });
    }

    fn turn(&self, flow: &mut Flow, head: &[Vec<Line>]) {
        flow.turn();
        if !self.head.is_empty() {
            // Said again for the eye alone: the tree of tags has it once.
            let before = flow.sheet().text.len();
            self.row(flow, head, None);
            flow.sheet().text.iter_mut().skip(before).for_each(|text| text.number = None);
        }
    }

    /// Sets a row, over as many sheets as it takes, and gives its cells for the tree of tags.
    fn row(&self, flow: &mut Flow, cells: &[Vec<Line>], head: Option<&[Vec<Line>]>) -> Vec<Node> {
        let mut tags: Vec<Vec<Node>> = cells.iter().map(|_| Vec::new()).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        let mut from = 0;
        while from < lines {
            let room = BOTTOM - flow.y - 2.0 * PAD;
            let fit = self.fits(room).max(1);
            let to = lines.min(from + fit);
            let top = flow.y;
            let mut left = flow.left;
            for ((cell, share), tags) in cells.iter().zip(self.shares).zip(&mut tags) {
                for (nth, line) in cell.iter().enumerate().take(to).skip(from) {
                    let down = self.down(nth - from);
                    tags.extend(flow.line(line.clone(), self.style, left + GAP, top + PAD + down));
                }
                left += share * (flow.right - flow.left);
            }
            flow.y = top + self.down(to - from) + 2.0 * PAD;
            self.rule(flow, top, head.is_none());
            from = to;
            if from < lines {
                self.turn(flow, head.unwrap_or_default());
            }
        }
        let roles = (0..cells.len()).map(|nth| match (head, nth) {
            (None, _) => Role::Head(Across::Column),
            (Some(_), 0) if self.head.is_empty() => Role::Head(Across::Row),
            (Some(_), _) => Role::Cell,
        });
        roles.zip(tags).map(|(role, nodes)| Node::Group(role, nodes)).collect()
    }

    fn rule(&self, flow: &mut Flow, top: f32, is_head: bool) {
        let (left, right, bottom) = (flow.left, flow.right, flow.y);
        let sheet = flow.sheet();
        if is_head {
            // Below whatever stands on this sheet already.
            sheet.ground.insert(0, Shape::Fill { left, top, right, bottom, ink: Ink::MIST });
        }
        let points = vec![(left, bottom), (right, bottom)];
        sheet.ground.push(Shape::Stroke { points, width: 0.4, ink: Ink(170) });
    }

    fn broken(&self, flow: &Flow, row: &[Cell<'_>]) -> Vec<Vec<Line>> {
        let width = flow.right - flow.left;
        let cells = row.iter().zip(self.shares).map(|(cell, share)| {
            let room = share * width - 2.0 * GAP;
            let lines = cell.iter();
            lines.flat_map(|runs| broken(&flow.faces, runs, self.style.size, room)).collect()
        });
        cells.collect()
    }

    fn height(&self, cells: &[Vec<Line>]) -> f32 {
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        if lines == 0 { 0.0 } else { self.down(lines) + 2.0 * PAD }
    }

    fn line_height(&self) -> f32 {
        self.style.size * self.style.leading
    }

    #[allow(clippy::cast_precision_loss, reason = "a sheet has fewer than 2^24 lines")]
    fn down(&self, lines: usize) -> f32 {
        lines as f32 * self.line_height()
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sheet has room for a few hundred lines, and never for fewer than none"
    )]
    fn fits(&self, room: f32) -> usize {
        (room / self.line_height()).max(0.0) as usize
    }
}

/// Room above and below the lines of a row.
const PAD: f32 = 3.0;
/// Room beside the text of a cell.
const GAP: f32 = 3.0;
/// A row up to this height is not broken.
const KEEP: f32 = 120.0;
