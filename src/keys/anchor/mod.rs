//! The anchor: the secret outside the store that the root of the key tree needs.

mod file;

use std::fmt;

use zeroize::Zeroizing;

use crate::codec::{Reader, Writer};
use crate::crypto::{fill_random, kdf, labels};
use crate::error::Result;
use crate::id::VaultId;
use crate::secret::Key;

pub use file::FileAnchor;

const SECTOR: usize = 4096;
const MAGIC: [u8; 8] = *b"amparoA1";
pub(crate) const HEAD_FILE: &str = "anchor.head";
/// Longest head, in bytes.
pub(crate) const MAX_HEAD: usize = 3072;

/// How well an anchor forgets what is overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnchorGrade {
    /// A device that destroys keys: a TPM, a keychain, a key service.
    Hardware,
    /// Files overwritten in place; flash and copy-on-write file systems may keep old blocks.
    BestEffort,
    /// A place that others can copy, such as removable media.
    None,
}

impl AnchorGrade {
    /// A stable name in kebab case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hardware => "hardware",
            Self::BestEffort => "best-effort",
            Self::None => "none",
        }
    }
}

/// A\[e\] with its epoch and the head that stood when it was written.
#[derive(Clone)]
pub struct AnchorSlot {
    pub(crate) vault: VaultId,
    pub(crate) erase_epoch: u64,
    pub(crate) key: Key,
    pub(crate) head: Vec<u8>,
}

impl AnchorSlot {
    pub(crate) fn generate(vault: VaultId, erase_epoch: u64, head: Vec<u8>) -> Result<Self> {
        let mut drawn = Ok(());
        let key = Key::init_with(|key| drawn = fill_random(key));
        drawn.map(|()| Self { vault, erase_epoch, key, head })
    }

    /// The slot as bytes of at most 4,096, for stores of an embedder.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::with_capacity(SECTOR);
        out.raw(&MAGIC)
            .raw(self.vault.as_bytes())
            .u64(self.erase_epoch)
            .raw(self.key.expose())
            .bytes(&self.head);
        let checksum = kdf::digest(labels::ANCHOR_SLOT, &[out.as_slice()]);
        out.raw(&checksum);
        Zeroizing::new(out.into_vec())
    }

    /// Reads a slot; `None` if it is empty, destroyed or torn.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut input = Reader::new(bytes);
        let magic: [u8; 8] = input.array().ok()?;
        let vault = VaultId::from_bytes(input.array().ok()?);
        let erase_epoch = input.u64().ok()?;
        let key = Key::from_slice(input.take(32).ok()?)?;
        let head = input.bytes(MAX_HEAD).ok()?.to_vec();
        let body = bytes.get(..bytes.len() - input.remaining())?;
        let checksum: [u8; 32] = input.array().ok()?;
        let whole = kdf::equal(&checksum, &kdf::digest(labels::ANCHOR_SLOT, &[body]));
        (magic == MAGIC && whole).then_some(Self { vault, erase_epoch, key, head })
    }

    /// The erase epoch of this slot.
    #[must_use]
    pub const fn erase_epoch(&self) -> u64 {
        self.erase_epoch
    }
}

impl fmt::Debug for AnchorSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnchorSlot(..)")
    }
}

/// Where the anchor is kept. By default a pair of files beside the vault; an embedder may use a
/// TPM, a keychain or a key service.
///
/// # Security
///
/// `destroy` must leave nothing from which the slot can be read again: erasure is as strong as
/// this. The operator of the store must not be able to reach the anchor.
pub trait AnchorStore: Send + Sync {
    /// How well it forgets.
    fn grade(&self) -> AnchorGrade;

    /// The readable slots, at most two.
    ///
    /// # Errors
    ///
    /// `Io` if the anchor is there and cannot be read.
    fn slots(&self) -> Result<Vec<AnchorSlot>>;

    /// Writes a slot beside the one of the epoch before and reads it back.
    ///
    /// # Errors
    ///
    /// `Io` or `DiskFull`; the current slot is untouched.
    fn write_spare(&self, slot: &AnchorSlot) -> Result<()>;

    /// Destroys the slot of this epoch, and any torn one, for good and makes sure of it.
    ///
    /// # Errors
    ///
    /// `Io` if it could not be overwritten.
    fn destroy(&self, erase_epoch: u64) -> Result<()>;

    /// Destroys every slot, whatever is in it, and every copy that is kept of one, then raises the
    /// generation. Asks nobody, and waits for no lock.
    ///
    /// # Errors
    ///
    /// `NoAnchor` if there is none; `Io` if something could not be overwritten: the rest was all
    /// the same.
    fn panic(&self) -> Result<()>;

    /// A number that a panic raises; a session ends when it changes.
    ///
    /// # Errors
    ///
    /// `NoAnchor` if the anchor is gone.
    fn generation(&self) -> Result<u64>;

    /// The newest head, if there is one.
    ///
    /// # Errors
    ///
    /// `Io` if it cannot be read.
    fn head(&self) -> Result<Option<Vec<u8>>>;

    /// Replaces the head.
    ///
    /// # Errors
    ///
    /// `Io` or `DiskFull`.
    fn put_head(&self, head: &[u8]) -> Result<()>;

    /// Removes the head, where no slot is left that it could belong to.
    ///
    /// # Errors
    ///
    /// `Io`.
    fn forget_head(&self) -> Result<()>;
}
