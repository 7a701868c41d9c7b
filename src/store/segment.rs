//! A segment of the journal as a whole: pure, no files.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::InstanceId;
use crate::store::Position;
use crate::store::frame::{self, Next};
use crate::store::payload::{Commit, Manifest, Rows};

/// What a segment says, every frame checked and chained.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) manifest: Manifest,
    pub(crate) commits: Vec<(Position, Commit)>,
    /// Where the newest frame lies: offset and length.
    pub(crate) newest: (usize, usize),
    /// Whether remains of a frame follow the newest one.
    pub(crate) torn: bool,
}

impl Segment {
    /// Reads a segment; `file` is the name that errors give.
    ///
    /// # Errors
    ///
    /// `Tampered` at the first frame that is damaged or not of this instance; `NewerFormat`.
    pub(crate) fn parse(bytes: &[u8], instance: &InstanceId, file: &str) -> Result<Self> {
        let at = |error: Error, offset: usize| {
            error.or_at(|| Place::Offset { file: file.to_owned(), offset: offset as u64 })
        };
        let Next::Frame(first) = frame::decode(bytes, instance, &[0; 32]).map_err(|e| at(e, 0))?
        else {
            return Err(at(Error::new(ErrorKind::Tampered, "a segment has no manifest"), 0));
        };
        let manifest = Manifest::decode(&first).map_err(|error| at(error, 0))?;
        let mut position = manifest.position();
        let mut segment =
            Self { manifest, commits: Vec::new(), newest: (0, first.len), torn: false };
        loop {
            let offset = segment.end();
            let rest = bytes.get(offset..).unwrap_or_default();
            let next = frame::decode(rest, instance, &position.chain).map_err(|e| at(e, offset))?;
            let frame = match next {
                Next::End => return Ok(segment),
                Next::Incomplete => {
                    segment.torn = true;
                    return Ok(segment);
                }
                Next::Frame(frame) => frame,
            };
            if position.sequence.checked_add(1) != Some(frame.sequence) {
                return Err(at(Error::new(ErrorKind::Tampered, "a commit is missing"), offset));
            }
            let commit = Commit::decode(frame.kind, &frame.payload).map_err(|e| at(e, offset))?;
            position = Position { sequence: frame.sequence, chain: frame.chain };
            segment.commits.push((position, commit));
            segment.newest = (offset, frame.len);
        }
    }

    /// Where the next frame goes.
    pub(crate) const fn end(&self) -> usize {
        self.newest.0 + self.newest.1
    }

    pub(crate) fn position(&self) -> Position {
        self.commits.last().map_or_else(|| self.manifest.position(), |(position, _)| *position)
    }

    pub(crate) fn state(&self) -> &[u8] {
        match self.commits.last() {
            Some((_, Commit::Rows { state, .. } | Commit::Run { state, .. })) => state,
            None => &self.manifest.state,
        }
    }

    /// The rows that stand in frames: those of commits up to `applied`, and those after it.
    pub(crate) fn into_rows(self, applied: u64) -> (Rows, Rows) {
        let (mut before, mut after) = (Rows::new(), Rows::new());
        for (position, commit) in self.commits {
            if let Commit::Rows { rows, .. } = commit {
                (if position.sequence <= applied { &mut before } else { &mut after }).extend(rows);
            }
        }
        (before, after)
    }
}
