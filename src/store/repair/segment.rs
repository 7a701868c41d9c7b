//! What can still be read of a damaged segment: pure, no files.
//!
//! A frame that is whole in itself is found again behind a damaged one: its header has a check
//! of its own, and its chain hash continues either what the damaged frame must have had, or what
//! stands at its end.

use crate::error::{ErrorKind, Result};
use crate::id::InstanceId;
use crate::store::Position;
use crate::store::frame::{self, Frame, Kind, Next};
use crate::store::payload::{Commit, Manifest};

/// The frames of a segment that are whole.
#[derive(Debug, Default)]
pub(super) struct Salvaged {
    pub(super) manifest: Option<Manifest>,
    pub(super) commits: Vec<(Position, Commit)>,
    /// Whether there was anything else.
    pub(super) damaged: bool,
}

impl Salvaged {
    /// # Errors
    ///
    /// `NewerFormat` alone.
    pub(super) fn read(bytes: &[u8], instance: &InstanceId) -> Result<Self> {
        let mut salvaged = Self::default();
        // What the chain may have been before: of a segment's first frame nothing.
        let mut before = vec![[0; 32]];
        let mut offset = 0;
        while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
            match next(rest, instance, &before)? {
                Some(Next::Frame(frame)) => {
                    offset += frame.len;
                    before = vec![salvaged.take(frame)];
                }
                Some(Next::End | Next::Incomplete) => break,
                None => {
                    salvaged.damaged = true;
                    let found = frame::beyond(rest, instance, &before);
                    offset += found.len;
                    before = found.chains;
                }
            }
        }
        salvaged.damaged |= salvaged.manifest.is_none();
        Ok(salvaged)
    }

    /// Keeps a frame; gives the chain hash that the next one continues.
    fn take(&mut self, frame: Frame) -> [u8; 32] {
        let chain = frame.chain;
        if frame.kind == Kind::Manifest {
            return match Manifest::decode(&frame) {
                Ok(manifest) if self.manifest.is_none() && self.commits.is_empty() => {
                    let chain = manifest.position().chain;
                    self.manifest = Some(manifest);
                    chain
                }
                _ => self.refuse(chain),
            };
        }
        let newest = self.position().map_or(0, |position| position.sequence);
        match Commit::decode(frame.kind, &frame.payload) {
            Ok(commit) if frame.sequence > newest => {
                self.damaged |= self.position().is_some() && frame.sequence > newest + 1;
                self.commits.push((Position { sequence: frame.sequence, chain }, commit));
                chain
            }
            _ => self.refuse(chain),
        }
    }

    const fn refuse(&mut self, chain: [u8; 32]) -> [u8; 32] {
        self.damaged = true;
        chain
    }

    /// The newest commit that can be read.
    pub(super) fn position(&self) -> Option<Position> {
        let manifest = self.manifest.as_ref().map(Manifest::position);
        self.commits.last().map(|(position, _)| *position).or(manifest)
    }

    /// Its state.
    pub(super) fn state(&self) -> Option<&[u8]> {
        match self.commits.last() {
            Some((_, Commit::Rows { state, .. } | Commit::Run { state, .. })) => Some(state),
            None => self.manifest.as_ref().map(|manifest| manifest.state.as_slice()),
        }
    }

    /// The chain hashes up to the newest commit, as far back as none is missing.
    pub(super) fn trail(&self) -> Vec<[u8; 32]> {
        let mut trail = Vec::new();
        let mut last = None;
        if let Some(manifest) = &self.manifest {
            trail.clone_from(&manifest.trail);
            last = Some(manifest.sequence);
        }
        for (position, _) in &self.commits {
            if last.is_none_or(|last| last + 1 != position.sequence) {
                trail.clear();
            }
            trail.push(position.chain);
            last = Some(position.sequence);
        }
        trail
    }

    /// Commits between the manifest and `newest` that cannot be read and are newer than `known`.
    pub(super) fn missing(&self, known: u64, newest: u64) -> u64 {
        let first = self.manifest.as_ref().map(|manifest| manifest.sequence);
        let first = first.or_else(|| self.commits.first().map(|(first, _)| first.sequence - 1));
        let from = first.unwrap_or(newest).max(known);
        let there = self.commits.iter().filter(|(position, _)| position.sequence > from).count();
        newest.saturating_sub(from).saturating_sub(there as u64)
    }
}

/// What stands here, under any of these chains; `None` for damage.
fn next(rest: &[u8], instance: &InstanceId, before: &[[u8; 32]]) -> Result<Option<Next>> {
    for chain in before {
        match frame::decode(rest, instance, chain) {
            Ok(next) => return Ok(Some(next)),
            Err(error) if error.kind() == ErrorKind::NewerFormat => return Err(error),
            Err(_) => {}
        }
    }
    Ok(None)
}
