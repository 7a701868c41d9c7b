//! A small typesetter: text flows down A4 sheets, and the tags that a screen reader follows grow
//! beside it.
//!
//! Setting and writing are two steps. [`Flow`] breaks lines and sheets and keeps a list of marks
//! for each sheet, so that a block can be taken back and a footer can say how many sheets there
//! are. `write` then draws the marks and ties each to its place in the tree of tags.
//!
//! Equal input gives equal bytes, and a file says of its making nothing but title and language.

mod code;
mod face;
mod flow;
mod form;
mod grid;
mod lines;
mod table;
mod write;

pub(crate) use face::Weight;
pub(crate) use flow::{Flow, Frame, Role, Style};
pub(crate) use grid::Grid;
pub(crate) use lines::Run;
pub(crate) use table::Table;
pub(crate) use write::About;

/// How dark: 0 is black, 255 the paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ink(pub(crate) u8);

impl Ink {
    pub(crate) const BLACK: Self = Self(0);
    pub(crate) const GREY: Self = Self(80);
    pub(crate) const MIST: Self = Self(238);
    pub(crate) const PAPER: Self = Self(255);
}

/// What lies on one sheet, in points from its upper left corner.
#[derive(Default)]
struct Sheet {
    /// Drawn first: what text stands on.
    ground: Vec<Shape>,
    text: Vec<Text>,
    headings: Vec<Heading>,
}

/// A decoration; a screen reader passes over it.
#[derive(Clone)]
enum Shape {
    Fill {
        left: f32,
        top: f32,
        right: f32,
        bottom: f32,
        ink: Ink,
    },
    Stroke {
        points: Vec<(f32, f32)>,
        width: f32,
        ink: Ink,
    },
    /// Black rectangles, drawn as one so that no seam shows: left, top, right, bottom.
    Blocks(Vec<[f32; 4]>),
}

/// A stretch of one line in one weight; the tree of tags names it by its number. What has none is
/// for the eye alone.
struct Text {
    number: Option<usize>,
    x: f32,
    baseline: f32,
    size: f32,
    weight: Weight,
    ink: Ink,
    /// Room for each letter, where all have the same.
    pitch: Option<f32>,
    words: String,
}

struct Heading {
    level: u16,
    words: String,
    top: f32,
}

/// The tree of tags.
enum Node {
    Group(Role, Vec<Self>),
    Text(usize),
}

const WIDTH: f32 = 595.276;
const HEIGHT: f32 = 841.89;
/// Two centimetres.
const MARGIN: f32 = 56.7;
const TOP: f32 = 42.0;
/// Where text ends; the footer lies below.
const BOTTOM: f32 = HEIGHT - 52.0;
const FOOTER: f32 = HEIGHT - 30.0;
