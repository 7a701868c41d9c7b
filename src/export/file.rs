//! One file of an export, finished and still in memory.

use std::fmt;

use zeroize::Zeroizing;

use crate::consent::Digest;
use crate::error::Result;

/// A finished file.
pub(crate) struct File {
    /// Lower case letters, digits, `-` and one dot; the same in every export.
    pub(crate) name: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    pub(crate) origin: Origin,
}

/// Who wrote a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A renderer, and so the export itself.
    Rendered,
    /// An attached picture, its pixels written anew.
    WrittenAnew,
    /// Somebody else: an attached file, byte for byte.
    AsItWas,
}

impl File {
    pub(crate) fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes: Zeroizing::new(bytes), origin: Origin::Rendered }
    }

    pub(crate) fn digest(&self) -> Result<Digest> {
        Digest::of(self.bytes.as_slice())
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({})", self.name)
    }
}
