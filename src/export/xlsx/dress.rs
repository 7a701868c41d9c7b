//! How cells look: what was withheld is black, what was changed is grey and slanted.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::export::table::Cell;

/// The formats of the workbook.
pub(super) struct Dress {
    pub(super) title: Format,
    pub(super) name: Format,
    pub(super) head: Format,
    pub(super) text: Format,
    pub(super) changed: Format,
    pub(super) withheld: Format,
    number: Format,
    changed_number: Format,
}

impl Dress {
    pub(super) fn new() -> Self {
        // Text stays text when somebody edits the cell: without the format, Excel would then read
        // what starts with an equals sign as a formula.
        let text = Format::new()
            .set_num_format("@")
            .set_quote_prefix()
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        let number = Format::new().set_num_format("0").set_align(FormatAlign::Top);
        let changed = |format: &Format| {
            format.clone().set_italic().set_background_color(Color::RGB(0x00EC_EAE4))
        };
        Self {
            title: text.clone().set_bold().set_font_size(13).unset_text_wrap(),
            name: text.clone().set_font_color(Color::RGB(0x0055_534E)),
            head: text
                .clone()
                .set_bold()
                .set_border_bottom(FormatBorder::Medium)
                .set_background_color(Color::RGB(0x00F5_F3EE)),
            changed: changed(&text),
            withheld: text
                .clone()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::Black),
            changed_number: changed(&number),
            number,
            text,
        }
    }

    pub(super) fn of(&self, cell: &Cell) -> &Format {
        match cell.mark {
            None => &self.text,
            Some(mark) if mark.is_change() => &self.changed,
            Some(_) => &self.withheld,
        }
    }

    pub(super) fn number(&self, cell: &Cell) -> &Format {
        if cell.mark.is_some() { &self.changed_number } else { &self.number }
    }
}
