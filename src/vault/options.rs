//! How a vault is made or opened: everything the library must be given, in one place.

use std::path::Path;
use std::sync::Arc;

use crate::error::{ErrorKind, Result};
use crate::keys::anchor::AnchorStore;
use crate::keys::identity::Identity;
use crate::keys::pin::PinStore;
use crate::schema::Schema;
use crate::store::Store;
use crate::time::{Clock, SystemClock};
use crate::vault::{Notice, Vault};

/// What a vault needs from outside: a clock, pins, a name, and where things are kept.
///
/// ```no_run
/// # fn main() -> amparo::Result<()> {
/// use std::sync::Arc;
/// use amparo::{FilePins, Identity, VaultOptions};
/// # let rosa = Identity::generate()?;
/// let vault = VaultOptions::new()
///     .pins(Arc::new(FilePins::new("/home/rosa/.config/amparo/pins")))
///     .open("vault", &rosa)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct VaultOptions {
    pub(super) name: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) pins: Option<Arc<dyn PinStore>>,
    pub(super) fingerprint: Option<String>,
    pub(super) escrow: Option<String>,
    pub(super) store: Option<Arc<dyn Store>>,
    pub(super) anchor: Option<Arc<dyn AnchorStore>>,
    pub(super) writable: bool,
    /// The code of a restore that this user was told to accept.
    pub(super) accepted: Option<String>,
    /// Opens a folder whose restore is not finished: to finish it.
    pub(super) restoring: bool,
}

impl VaultOptions {
    /// The system's clock, the embedded store, the anchor beside the folder, no pins.
    #[must_use]
    pub fn new() -> Self {
        Self {
            name: String::new(),
            clock: Arc::new(SystemClock),
            pins: None,
            fingerprint: None,
            escrow: None,
            store: None,
            anchor: None,
            writable: true,
            accepted: None,
            restoring: false,
        }
    }

    /// The organisation's name, for a vault that is made.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where this user's pins are kept.
    #[must_use]
    pub fn pins(mut self, pins: Arc<dyn PinStore>) -> Self {
        self.pins = Some(pins);
        self
    }

    /// The fingerprint that the vault must have.
    #[must_use]
    pub fn fingerprint(mut self, fingerprint: &str) -> Self {
        self.fingerprint = Some(fingerprint.to_owned());
        self
    }

    /// An escrow recipient (`age1...`) that stands in the first roster of a vault that is made,
    /// not split among anybody: no quorum can recover with it.
    ///
    /// # Security
    ///
    /// Whoever has its secret can, with the vault's folder, open everything.
    #[must_use]
    pub fn escrow(mut self, recipient: &str) -> Self {
        self.escrow = Some(recipient.to_owned());
        self
    }

    /// Another store than the embedded one.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// Another place for the anchor: a TPM, a keychain, a key service.
    #[must_use]
    pub fn anchor(mut self, anchor: Arc<dyn AnchorStore>) -> Self {
        self.anchor = Some(anchor);
        self
    }

    /// Accepts that the vault was restored from a backup: the code is what whoever restored it
    /// was shown, and told by another way.
    ///
    /// # Security
    ///
    /// A restored vault is older than what this user saw, which otherwise is refused. The code
    /// names one restore, signed by an administrator; without it a restore that somebody once
    /// did as an exercise could be slipped in.
    #[must_use]
    pub fn accept_restore(mut self, code: &str) -> Self {
        self.accepted = Some(code.to_owned());
        self
    }

    /// Opens for reading only: nothing on the disk is changed.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.writable = false;
        self
    }

    /// Makes a vault; see [`Vault::create`].
    ///
    /// # Errors
    ///
    /// As [`Vault::create`]; `BadInput` for an escrow that is no age recipient.
    pub fn create(
        self,
        path: impl AsRef<Path>,
        schema: &Schema,
        identity: &Identity,
    ) -> Result<Vault> {
        self.create_at(path.as_ref(), schema, identity)
    }

    /// Opens a vault; see [`Vault::open`]. Where the disk takes no more it is open for reading
    /// only, and a notice says so.
    ///
    /// # Errors
    ///
    /// As [`Vault::open`]; `UnknownFingerprint` or `RolledBack` if the vault is not the pinned
    /// one, or older than it was.
    pub fn open(self, path: impl AsRef<Path>, identity: &Identity) -> Result<Vault> {
        let reading = self.writable.then(|| self.clone().read_only());
        let opened = self.open_at(path.as_ref(), identity).and_then(|vault| {
            if reading.is_some() {
                vault.log_unlock()?;
            }
            Ok(vault)
        });
        match (opened, reading) {
            // A disk that takes no more keeps nobody from reading.
            (Err(error), Some(reading))
                if matches!(error.kind(), ErrorKind::DiskFull | ErrorKind::Io) =>
            {
                let vault = reading.open_at(path.as_ref(), identity)?;
                vault.note(Notice::UnlockNotLogged);
                Ok(vault)
            }
            (opened, _) => opened,
        }
    }
}

impl Default for VaultOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for VaultOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VaultOptions(..)")
    }
}
