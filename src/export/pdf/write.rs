//! Sheets become a PDF: tagged after ISO 14289-1 (PDF/UA-1), fonts embedded.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use krilla::color::luma;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, LineJoin, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag,
    TagGroup, TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use crate::error::{Error, ErrorKind, Result};
use crate::export::pdf::face::{Faces, Weight};
use crate::export::pdf::flow::{Across, Role};
use crate::export::pdf::{FOOTER, HEIGHT, Ink, MARGIN, Node, Shape, Sheet, Text, WIDTH};

/// What a file says about itself, and at the foot of each sheet.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    /// BCP 47.
    pub(crate) language: &'a str,
    /// From the number of a sheet and how many there are.
    pub(crate) footer: &'a dyn Fn(usize, usize) -> String,
}

pub(super) fn write(
    faces: &Faces,
    sheets: &[Sheet],
    tree: Vec<Node>,
    about: &About<'_>,
) -> Result<Vec<u8>> {
    // What krilla says of a failure may quote the text.
    let bad = || Error::new(ErrorKind::Internal, "the sheets cannot be written as a PDF");
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| bad())?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut chapters: Vec<OutlineNode> = Vec::new();
    let mut numbered = BTreeMap::new();
    for (at, sheet) in sheets.iter().enumerate() {
        let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(bad)?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for shape in &sheet.ground {
            aside(&mut surface, ArtifactType::Layout, |surface| draw(surface, shape));
        }
        for text in &sheet.text {
            let Some(number) = text.number else {
                aside(&mut surface, ArtifactType::Header, |surface| set(surface, faces, text));
                continue;
            };
            let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            set(&mut surface, faces, text);
            surface.end_tagged();
            numbered.insert(number, id);
        }
        let words = faces.of(Weight::Regular).settable(&(about.footer)(at + 1, sheets.len()));
        let (size, ink, weight) = (10.0, Ink::GREY, Weight::Regular);
        let (x, baseline) = (MARGIN, FOOTER);
        let footer = Text { number: None, x, baseline, size, weight, ink, pitch: None, words };
        aside(&mut surface, ArtifactType::Footer, |surface| set(surface, faces, &footer));
        surface.finish();
        page.finish();
        for heading in &sheet.headings {
            let place = XyzDestination::new(at, Point::from_xy(0.0, heading.top));
            let node = OutlineNode::new(heading.words.clone(), place);
            match (heading.level, chapters.last_mut()) {
                (2, Some(chapter)) => chapter.push_child(node),
                _ => chapters.push(node),
            }
        }
    }
    let mut outline = Outline::new();
    for chapter in chapters {
        outline.push_child(chapter);
    }
    let mut tags = TagTree::new().with_lang(Some(about.language.to_owned()));
    for node in tree {
        tags.push(tag(node, &mut numbered).ok_or_else(bad)?);
    }
    document.set_tag_tree(tags);
    document.set_outline(outline);
    document.set_metadata(
        Metadata::new()
            .title(about.title.to_owned())
            .language(about.language.to_owned())
            .text_direction(TextDirection::LeftToRight),
    );
    document.finish().map_err(|_| bad())
}

/// Each text has one place in the tree: it is taken out when that is found.
fn tag(node: Node, ids: &mut BTreeMap<usize, Identifier>) -> Option<krilla::tagging::Node> {
    match node {
        Node::Text(number) => ids.remove(&number).map(Into::into),
        Node::Group(role, nodes) => {
            let mut group = TagGroup::new(role.into_kind()?);
            for node in nodes {
                group.push(tag(node, ids)?);
            }
            Some(group.into())
        }
    }
}

impl Role {
    fn into_kind(self) -> Option<TagKind> {
        Some(match self {
            Self::Heading(level, words) => Tag::Hn(NonZeroU16::new(level)?, Some(words)).into(),
            Self::Paragraph => Tag::P.into(),
            Self::List => Tag::L(ListNumbering::None).into(),
            Self::Item => Tag::LI.into(),
            Self::Label => Tag::Lbl.into(),
            Self::Body => Tag::LBody.into(),
            Self::Table => Tag::Table.into(),
            Self::Row => Tag::TR.into(),
            Self::Head(Across::Column) => Tag::TH(TableHeaderScope::Column).into(),
            Self::Head(Across::Row) => Tag::TH(TableHeaderScope::Row).into(),
            Self::Cell => Tag::TD.into(),
        })
    }
}

/// Draws what a screen reader passes over.
fn aside(surface: &mut Surface<'_>, kind: ArtifactType, inner: impl FnOnce(&mut Surface<'_>)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    inner(surface);
    surface.end_tagged();
}

fn set(surface: &mut Surface<'_>, faces: &Faces, text: &Text) {
    let face = faces.of(text.weight);
    let mut shaped = face.shape(&text.words);
    if let Some(pitch) = text.pitch {
        shaped.spread(pitch / text.size);
    }
    let start = Point::from_xy(text.x, text.baseline);
    surface.set_stroke(None);
    surface.set_fill(Some(fill(text.ink)));
    surface.draw_glyphs(start, &shaped.glyphs, face.font.clone(), &text.words, text.size, false);
}

fn draw(surface: &mut Surface<'_>, shape: &Shape) {
    let mut path = PathBuilder::new();
    match shape {
        Shape::Fill { left, top, right, bottom, ink } => {
            if let Some(rect) = Rect::from_ltrb(*left, *top, *right, *bottom) {
                path.push_rect(rect);
            }
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink)));
        }
        Shape::Blocks(blocks) => {
            for [left, top, right, bottom] in blocks {
                if let Some(rect) = Rect::from_ltrb(*left, *top, *right, *bottom) {
                    path.push_rect(rect);
                }
            }
            surface.set_stroke(None);
            surface.set_fill(Some(fill(Ink::BLACK)));
        }
        Shape::Stroke { points, width, ink } => {
            for (nth, (x, y)) in points.iter().enumerate() {
                if nth == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
            }
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: luma::Color::new(ink.0).into(),
                width: *width,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                ..Stroke::default()
            }));
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: luma::Color::new(ink.0).into(), ..Fill::default() }
}
