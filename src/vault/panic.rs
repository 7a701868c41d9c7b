//! Panic: the anchor is destroyed at once, by whoever can reach it, and with it every key.
//!
//! It asks for no identity and waits for no lock. The anchor comes first, before anything is read
//! that could be damaged, missing or slow; then what else an administrator's key could open.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::keys::anchor::{AnchorStore, FileAnchor};
use crate::keys::capsule::{self, Left};
use crate::vault::VaultOptions;
use crate::vault::folder::Header;

/// What a panic reached.
///
/// What it cannot reach: swap and hibernation images, exports and previews that lie open, copies
/// of the vault's folder made before escrow was set up, and what people remember or copied.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct PanicReport {
    /// Places of the anchor that hold nothing any more.
    pub destroyed: Vec<String>,
    /// What could not be destroyed, and why.
    pub failed: Vec<(String, Error)>,
    /// A capsule is left that a quorum of custodians, and nobody else, can open.
    pub recoverable_by_custodians: bool,
}

impl PanicReport {
    /// Whether nothing here opens with any staff key any more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        !self.destroyed.is_empty() && self.failed.is_empty()
    }

    fn strike(&mut self, place: String, anchor: &dyn AnchorStore) {
        match anchor.panic() {
            Ok(()) => self.destroyed.push(place),
            Err(error) => self.failed.push((place, error)),
        }
    }
}

impl VaultOptions {
    /// Destroys the anchor of a vault in well under 50 ms: nothing opens afterwards with any
    /// staff key, and every open session ends at its next operation. Whoever set up escrow can
    /// have the vault back with a quorum of custodians; nobody else can, ever.
    ///
    /// The anchor is that of the options, else the one beside the folder, and where the pins saw
    /// it as well. Bind it to a key, a script or a button: it needs no identity, no lock, and
    /// neither folder nor store in good order.
    ///
    /// # Security
    ///
    /// As strong as [`AnchorStore::panic`]. Look at the report: what failed is still there.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// let report = amparo::VaultOptions::new().panic("vault");
    /// assert!(report.is_final(), "{:?}", report.failed);
    /// ```
    pub fn panic(&self, vault: impl AsRef<Path>) -> PanicReport {
        let folder = vault.as_ref();
        let mut report = PanicReport::default();
        match &self.anchor {
            Some(anchor) => report.strike("anchor".to_owned(), anchor.as_ref()),
            None => self.strike_files(folder, &mut report),
        }
        match capsule::destroy_unless_escrowed(folder) {
            Ok(left) => report.recoverable_by_custodians = left == Left::Escrowed,
            Err(error) => report.failed.push((folder.to_string_lossy().into_owned(), error)),
        }
        report
    }

    fn strike_files(&self, folder: &Path, report: &mut PanicReport) {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.into());
        let beside = FileAnchor::beside(&folder);
        let place = |anchor: &FileAnchor| anchor.folder().to_string_lossy().into_owned();
        let struck = beside.panic();
        if let Ok(Some(pinned)) = self.pinned_elsewhere(&folder, &beside) {
            report.strike(place(&pinned), &pinned);
        }
        match struck {
            Ok(()) => report.destroyed.push(place(&beside)),
            // It was elsewhere, and is gone from there.
            Err(error) if error.kind() == ErrorKind::NoAnchor && report.is_final() => {}
            Err(error) => report.failed.push((place(&beside), error)),
        }
    }

    /// The anchor where a pin saw it, unless it is another vault's by now.
    fn pinned_elsewhere(&self, folder: &Path, beside: &FileAnchor) -> Result<Option<FileAnchor>> {
        let Some(pins) = &self.pins else { return Ok(None) };
        let header = Header::read(folder)?;
        let Some(pin) = pins.load(&header.vault)?.filter(|pin| !pin.anchor.is_empty()) else {
            return Ok(None);
        };
        let pinned = FileAnchor::at((&pin.anchor).into());
        let ours = pinned.slots()?.iter().all(|slot| slot.vault == header.vault);
        let there = pinned.folder() != beside.folder() && pinned.generation().is_ok();
        Ok((ours && there).then_some(pinned))
    }
}
