//! Tables become records.
//!
//! A file is decoded (`decode`), cut into rows (`table`), its columns are bound to fields
//! (`map`, `plan`), cells become values (`cell`), and rows become records that are not there
//! yet (`load`). Every length is bounded; a problem names row and column, never a value.

pub(crate) mod cell;
pub(crate) mod decode;
pub(crate) mod fold;
pub(crate) mod load;
pub(crate) mod map;
pub(crate) mod moment;
pub(crate) mod plan;
mod same;
pub(crate) mod section;
pub(crate) mod table;
pub(crate) mod tally;
pub(crate) mod template;

/// Why a cell or a row cannot be taken: the id of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reason(pub(crate) &'static str);

/// A row that did not go in.
pub(crate) struct Problem {
    /// From 1, the header not counted.
    pub(crate) row: u64,
    /// The line of the file where the row begins.
    pub(crate) line: u64,
    /// A name from the map or the schema, or a number: a header may be data by mistake.
    pub(crate) column: Option<String>,
    pub(crate) reason: Reason,
}
