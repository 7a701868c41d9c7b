//! Text flowing down sheets.

use crate::error::Result;
use crate::export::pdf::face::{Faces, Weight};
use crate::export::pdf::lines::{Line, Look, Run, broken};
use crate::export::pdf::write::{About, write};
use crate::export::pdf::{BOTTOM, Heading, Ink, MARGIN, Node, Shape, Sheet, TOP, Text, WIDTH};

/// What a part of the text is, to a screen reader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// A heading of this level and these words; no level is left out on the way down.
    Heading(u16, String),
    Paragraph,
    List,
    Item,
    /// The bullet or number of an item.
    Label,
    Body,
    Table,
    Row,
    /// The heading of a column, or of a row.
    Head(Across),
    Cell,
}

/// What the heading of a table is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Across {
    Column,
    Row,
}

/// How a paragraph looks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) ink: Ink,
    /// From line to line, in parts of the size.
    pub(crate) leading: f32,
}

impl Style {
    pub(crate) const fn new(size: f32) -> Self {
        Self { size, ink: Ink::BLACK, leading: 1.36 }
    }

    pub(crate) const fn ink(mut self, ink: Ink) -> Self {
        self.ink = ink;
        self
    }
}

/// What stands around a block: it goes on over sheets.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Frame {
    /// What the block stands on.
    pub(crate) fill: Option<Ink>,
    /// A line around it.
    pub(crate) edge: Option<Ink>,
    /// A bar at its left.
    pub(crate) bar: Option<Ink>,
    /// Room between frame and text.
    pub(crate) pad: f32,
}

/// The typesetter: everything is set below what came before, within the current margins.
pub(crate) struct Flow {
    pub(super) faces: Faces,
    sheets: Vec<Sheet>,
    /// Open groups, the outermost first; the first is the document.
    open: Vec<Vec<Node>>,
    texts: usize,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) y: f32,
}

/// A place to go back to.
struct Mark {
    sheets: usize,
    ground: usize,
    text: usize,
    headings: usize,
    nodes: usize,
    texts: usize,
    y: f32,
}

impl Flow {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            faces: Faces::new()?,
            sheets: vec![Sheet::default()],
            open: vec![Vec::new()],
            texts: 0,
            left: MARGIN,
            right: WIDTH - MARGIN,
            y: TOP,
        })
    }

    /// The sheets as a PDF.
    pub(crate) fn finish(mut self, about: &About<'_>) -> Result<Vec<u8>> {
        write(&self.faces, &self.sheets, self.open.pop().unwrap_or_default(), about)
    }

    /// Leaves room; none at the top of a sheet.
    pub(crate) fn gap(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    pub(crate) fn heading(&mut self, level: u16, words: &str, style: Style) {
        let words = self.faces.of(Weight::Bold).settable(words);
        if level <= 2 {
            let heading = Heading { level, words: words.clone(), top: self.y };
            self.sheet().headings.push(heading);
        }
        self.group(Role::Heading(level, words.clone()), |flow| {
            flow.lines(&[Run::bold(&words)], style);
        });
    }

    pub(crate) fn paragraph(&mut self, runs: &[Run<'_>], style: Style) {
        self.group(Role::Paragraph, |flow| flow.lines(runs, style));
    }

    /// Opens a group in the tree of tags.
    pub(crate) fn group(&mut self, role: Role, inner: impl FnOnce(&mut Self)) {
        self.open.push(Vec::new());
        inner(self);
        let nodes = self.open.pop().unwrap_or_default();
        self.push(Node::Group(role, nodes));
    }

    /// An item of a list: its label hangs to the left of its body.
    pub(crate) fn item(
        &mut self,
        label: Run<'_>,
        style: Style,
        hang: f32,
        body: impl FnOnce(&mut Self),
    ) {
        self.make_room(style.size * style.leading);
        self.group(Role::Item, |flow| {
            let (sheet, top) = (flow.sheets.len(), flow.y);
            flow.group(Role::Label, |flow| flow.lines(&[label], style));
            if flow.sheets.len() == sheet {
                flow.y = top;
            }
            flow.left += hang;
            flow.group(Role::Body, body);
            flow.left -= hang;
        });
    }

    /// Keeps a block on one sheet, if it fits on one. It is set twice where it does not fit on
    /// what is left of this one.
    pub(crate) fn keep(&mut self, block: impl Fn(&mut Self)) {
        let mark = self.mark();
        block(self);
        if self.sheets.len() > mark.sheets && mark.y > TOP {
            self.go_back(&mark);
            self.turn();
            block(self);
        }
    }

    /// Sets a block within a frame.
    pub(crate) fn frame(&mut self, frame: Frame, inner: impl FnOnce(&mut Self)) {
        let bar = if frame.bar.is_some() { BAR } else { 0.0 };
        let (first, start) = (self.sheets.len() - 1, self.y);
        let below = self.sheet().ground.len();
        self.y += frame.pad;
        self.left += frame.pad + bar;
        self.right -= frame.pad;
        inner(self);
        self.left -= frame.pad + bar;
        self.right += frame.pad;
        self.y += frame.pad;
        let (left, right, end) = (self.left, self.right, self.y);
        let count = self.sheets.len();
        for (at, sheet) in self.sheets.iter_mut().enumerate().skip(first) {
            let top = if at == first { start } else { TOP - frame.pad };
            let bottom = if at + 1 == count { end } else { BOTTOM + frame.pad };
            // Below the frames within.
            let below = if at == first { below } else { 0 };
            sheet.ground.splice(below..below, frame.shapes(left, top, right, bottom));
        }
    }

    /// A tick or a cross before what comes next, as high as its first line.
    pub(crate) fn sign(&mut self, sign: &[(f32, f32)], style: Style) {
        self.make_room(style.size * style.leading);
        let side = style.size;
        let (left, top) = (self.left, self.y + (style.leading - 1.0) * side / 2.0);
        let points = sign.iter().map(|(x, y)| (left + x * side, top + y * side)).collect();
        let shape = Shape::Stroke { points, width: side / 7.0, ink: style.ink };
        self.sheet().ground.push(shape);
    }

    /// Sets a block further to the right.
    pub(crate) fn indent(&mut self, by: f32, inner: impl FnOnce(&mut Self)) {
        self.left += by;
        inner(self);
        self.left -= by;
    }

    /// Goes on at the top of a new sheet.
    pub(crate) fn next_sheet(&mut self) {
        if self.y > TOP {
            self.turn();
        }
    }

    /// Starts a new sheet unless this much room is left.
    pub(crate) fn make_room(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.turn();
        }
    }

    /// The number of the sheet that is being set, from 1.
    pub(crate) fn sheet_number(&self) -> usize {
        self.sheets.len()
    }

    fn lines(&mut self, runs: &[Run<'_>], style: Style) {
        let height = style.size * style.leading;
        for line in broken(&self.faces, runs, style.size, self.right - self.left) {
            self.make_room(height);
            let (left, top) = (self.left, self.y);
            for node in self.line(line, style, left, top) {
                self.push(node);
            }
            self.y += height;
        }
    }

    /// Sets a line at a place of this sheet.
    pub(super) fn line(&mut self, line: Line, style: Style, left: f32, top: f32) -> Vec<Node> {
        let height = style.size * style.leading;
        // Half of the leading above, half below; capitals are 0.71 high.
        let baseline = top + height / 2.0 + style.size * 0.36;
        let mut x = left;
        let mut nodes = Vec::with_capacity(line.len());
        for (look, words) in line {
            let weight = look.weight();
            let width = self.faces.of(weight).shape(&words).width * style.size;
            let ink = match look {
                Look::Box => Ink::PAPER,
                Look::Faint => Ink::GREY,
                Look::Plain | Look::Bold => style.ink,
            };
            if look == Look::Box {
                let shut = self.faces.of(weight).shape(words.trim_end()).width * style.size;
                let (top, bottom) = (top + height * 0.09, top + height * 0.93);
                let (left, right) = (x - BOX_PAD, x + shut + BOX_PAD);
                let shape = Shape::Fill { left, top, right, bottom, ink: Ink::BLACK };
                self.sheet().ground.push(shape);
            }
            let (number, size) = (self.next_text(), style.size);
            let (named, number) = (number, Some(number));
            let pitch = None;
            self.sheet().text.push(Text { number, x, baseline, size, weight, ink, pitch, words });
            nodes.push(Node::Text(named));
            x += width;
        }
        nodes
    }

    /// The number of the next text, for the tree of tags.
    pub(super) fn next_text(&mut self) -> usize {
        self.texts += 1;
        self.texts - 1
    }

    pub(super) fn push(&mut self, node: Node) {
        if let Some(nodes) = self.open.last_mut() {
            nodes.push(node);
        }
    }

    pub(super) fn turn(&mut self) {
        self.sheets.push(Sheet::default());
        self.y = TOP;
    }

    #[expect(clippy::expect_used, reason = "starts with one; going back leaves one")]
    pub(super) fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a sheet")
    }

    fn mark(&mut self) -> Mark {
        let (sheets, texts, y) = (self.sheets.len(), self.texts, self.y);
        let nodes = self.open.last().map_or(0, Vec::len);
        let sheet = self.sheet();
        let (ground, text) = (sheet.ground.len(), sheet.text.len());
        Mark { sheets, ground, text, headings: sheet.headings.len(), nodes, texts, y }
    }

    fn go_back(&mut self, mark: &Mark) {
        self.sheets.truncate(mark.sheets);
        let sheet = self.sheet();
        sheet.ground.truncate(mark.ground);
        sheet.text.truncate(mark.text);
        sheet.headings.truncate(mark.headings);
        if let Some(nodes) = self.open.last_mut() {
            nodes.truncate(mark.nodes);
        }
        (self.texts, self.y) = (mark.texts, mark.y);
    }
}

impl Frame {
    fn shapes(self, left: f32, top: f32, right: f32, bottom: f32) -> Vec<Shape> {
        let fill = self.fill.map(|ink| Shape::Fill { left, top, right, bottom, ink });
        let edge = self.edge.map(|ink| {
            let points = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
            let points = [points, vec![(left, top), (right, top)]].concat();
            Shape::Stroke { points, width: 0.8, ink }
        });
        let bar = self.bar.map(|ink| Shape::Fill { left, top, right: left + BAR, bottom, ink });
        [fill, edge, bar].into_iter().flatten().collect()
    }
}

/// How far a box reaches beyond its label.
const BOX_PAD: f32 = 1.0;
/// How wide the bar of a frame is.
const BAR: f32 = 3.0;
