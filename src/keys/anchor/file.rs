//! The anchor in files.
//!
//! `anchor.key` has three fixed sectors of 4,096 bytes, preallocated, overwritten in place,
//! synced and read back: two slots and a generation. It is written by init, erase, removal,
//! recovery, restore and panic only. `anchor.head` holds no secret and is replaced by rename.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::crypto::{fill_random, kdf};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::keys::anchor::{AnchorGrade, AnchorSlot, AnchorStore, HEAD_FILE, MAX_HEAD, SECTOR};
use crate::keys::durable::{destroy_in_place, read_up_to, refresh_file, sync_folder, write_new};
use crate::secret::SecretBytes;

const KEY_FILE: &str = "anchor.key";
const SUFFIX: &str = ".anchor";

/// An open file, by device and number.
#[derive(Debug)]
struct Seen {
    id: (u64, u64),
    file: File,
    /// When the path was last found to lead to this file.
    asked: Instant,
}

impl Seen {
    fn new(file: File) -> Result<Self> {
        let meta = file.metadata().map_err(Error::io)?;
        Ok(Self { id: (meta.dev(), meta.ino()), file, asked: Instant::now() })
    }

    /// Whether the file still is the anchor. That it was removed or replaced shows at once in
    /// the open file; that a folder above it was moved, at the next walk of the path, which takes
    /// three times as long.
    fn stands(&mut self, folder: &Path) -> bool {
        if self.file.metadata().map_or(0, |meta| meta.nlink()) == 0 {
            return false;
        }
        let now = Instant::now();
        if now.duration_since(self.asked) < PATH_HOLDS {
            return true;
        }
        self.asked = now;
        fs::metadata(folder.join(KEY_FILE)).is_ok_and(|meta| (meta.dev(), meta.ino()) == self.id)
    }
}

/// How long a path is taken to lead where it led.
const PATH_HOLDS: Duration = Duration::from_millis(50);

/// The default: two files in `<vault>.anchor/`, so that copying a vault does not copy them.
#[derive(Clone, Debug)]
pub struct FileAnchor {
    folder: PathBuf,
    /// The key file as last opened, so that asking for the generation opens nothing.
    seen: Arc<Mutex<Option<Seen>>>,
}

impl FileAnchor {
    /// The anchor's folder beside a vault's: `<vault>.anchor`.
    #[must_use]
    pub fn beside(vault: &Path) -> Self {
        let mut name = vault.file_name().unwrap_or_default().to_os_string();
        name.push(SUFFIX);
        Self::at(vault.with_file_name(name))
    }

    /// The vault beside which this folder lies, if its name is that of an anchor.
    pub(crate) fn vault(&self) -> Option<PathBuf> {
        let name = self.folder.file_name()?.to_str()?.strip_suffix(SUFFIX)?;
        Some(self.folder.with_file_name(name))
    }

    /// An anchor in a folder of the caller's choice.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        Self { folder, seen: Arc::default() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder and the empty key file.
    ///
    /// # Errors
    ///
    /// `Exists` if there is an anchor already: nothing is ever overwritten.
    pub fn create(&self) -> Result<()> {
        let place = |error: Error| error.at(Place::File(KEY_FILE.to_owned()));
        fs::DirBuilder::new().mode(0o700).create(&self.folder).map_err(Error::io).map_err(place)?;
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# The anchor of a vault. Do not copy it.\n";
        write_new(&self.folder.join("CACHEDIR.TAG"), tag.as_bytes()).map_err(place)?;
        write_new(&self.folder.join(KEY_FILE), &[0; 3 * SECTOR]).map_err(place)?;
        sync_folder(&self.folder)
    }

    /// Makes the folder and the empty key file unless they are there; what a kill in the midst
    /// of that left is made anew.
    pub(crate) fn create_again(&self) -> Result<()> {
        if self.folder.exists() && self.open_key(Access::Read)?.is_none() {
            fs::remove_dir_all(&self.folder).map_err(Error::io)?;
        }
        if self.folder.exists() { Ok(()) } else { self.create() }
    }

    fn open_key(&self, write: Access) -> Result<Option<File>> {
        let path = self.folder.join(KEY_FILE);
        match OpenOptions::new().read(true).write(write == Access::Write).open(path) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(error).at(Place::File(KEY_FILE.to_owned()))),
        }
    }

    fn need_key(&self, write: Access) -> Result<File> {
        self.open_key(write)?.ok_or_else(|| {
            Error::new(ErrorKind::NoAnchor, "the anchor is not here")
                .at(Place::File(KEY_FILE.to_owned()))
        })
    }

    fn sectors(&self) -> Result<Option<[SecretBytes; 3]>> {
        let Some(file) = self.open_key(Access::Read)? else {
            return Ok(None);
        };
        let mut sectors = [(); 3].map(|()| SecretBytes::new(vec![0; SECTOR]));
        for (sector, offset) in sectors.iter_mut().zip(OFFSETS) {
            read_up_to(&file, sector, offset)?;
        }
        Ok(Some(sectors))
    }

    fn overwrite(&self, index: usize, bytes: &[u8]) -> Result<()> {
        let offset = OFFSETS.get(index).copied().unwrap_or_default();
        let mut sector = SecretBytes::new(vec![0; SECTOR]);
        sector.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let file = self.need_key(Access::Write)?;
        file.write_all_at(&sector, offset).map_err(Error::io)?;
        file.sync_all().map_err(Error::io)?;
        let mut back = SecretBytes::new(vec![0; SECTOR]);
        read_up_to(&file, &mut back, offset)?;
        if kdf::equal(&back, &sector) {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::Io, "the anchor did not keep what was written"))
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

const OFFSETS: [u64; 3] = [0, SECTOR as u64, 2 * SECTOR as u64];
const GENERATION: usize = 2;

impl AnchorStore for FileAnchor {
    fn grade(&self) -> AnchorGrade {
        let text = self.folder.to_string_lossy();
        let removable = ["/media/", "/run/media/", "/mnt/", "/Volumes/"];
        if removable.iter().any(|root| text.starts_with(root)) {
            AnchorGrade::None
        } else {
            AnchorGrade::BestEffort
        }
    }

    fn slots(&self) -> Result<Vec<AnchorSlot>> {
        let Some([first, second, _]) = self.sectors()? else {
            return Ok(Vec::new());
        };
        Ok([first, second].iter().filter_map(|sector| AnchorSlot::from_bytes(sector)).collect())
    }

    fn write_spare(&self, slot: &AnchorSlot) -> Result<()> {
        if slot.head.len() > MAX_HEAD {
            return Err(Error::new(ErrorKind::TooLong, "the anchor's head is too long"));
        }
        let Some([first, second, _]) = self.sectors()? else {
            return Err(Error::new(ErrorKind::NoAnchor, "the anchor is not here"));
        };
        let epoch = |sector: &SecretBytes| AnchorSlot::from_bytes(sector).map(|s| s.erase_epoch);
        // Never over the slot that is current until the journal says otherwise.
        let current = slot.erase_epoch.checked_sub(1);
        let spare = match (epoch(&first), epoch(&second)) {
            (first, _) if first.is_some() && first == current => 1,
            (_, second) if second.is_some() && second == current => 0,
            (None, _) => 0,
            _ => 1,
        };
        self.overwrite(spare, &slot.to_bytes())
    }

    fn destroy(&self, erase_epoch: u64) -> Result<()> {
        let Some([first, second, _]) = self.sectors()? else {
            return Ok(());
        };
        for (index, sector) in [first, second].iter().enumerate() {
            // A sector torn by a crash may still hold most of a key.
            let doomed = match AnchorSlot::from_bytes(sector) {
                Some(slot) => slot.erase_epoch == erase_epoch,
                None => sector.iter().any(|byte| *byte != 0),
            };
            if doomed {
                let mut noise = [0; SECTOR];
                fill_random(&mut noise)?;
                self.overwrite(index, &noise)?;
                self.overwrite(index, &[])?;
            }
        }
        Ok(())
    }

    fn panic(&self) -> Result<()> {
        let file = self.need_key(Access::Write)?;
        let slots = GENERATION * SECTOR;
        let destroyed = destroy_in_place(&file, slots);
        // A session that could not be told apart from one before must end too: any other number.
        let mut bytes = [0; 8];
        let offset = OFFSETS.get(GENERATION).copied().unwrap_or_default();
        let read = read_up_to(&file, &mut bytes, offset);
        let raised = u64::from_le_bytes(bytes).wrapping_add(1).to_le_bytes();
        let raised = file.write_all_at(&raised, offset).and_then(|()| file.sync_all());
        destroyed?;
        read?;
        raised.map_err(Error::io)
    }

    fn generation(&self) -> Result<u64> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.as_mut().is_some_and(|seen| seen.stands(&self.folder)) {
            *seen = None;
        }
        let Seen { file, .. } = match &mut *seen {
            Some(seen) => seen,
            none => none.insert(Seen::new(self.need_key(Access::Read)?)?),
        };
        let mut bytes = [0; 8];
        let offset = OFFSETS.get(GENERATION).copied().unwrap_or_default();
        file.read_exact_at(&mut bytes, offset)
            .map_err(|_| Error::new(ErrorKind::NoAnchor, "the anchor is cut short"))?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn head(&self) -> Result<Option<Vec<u8>>> {
        match File::open(self.folder.join(HEAD_FILE)) {
            Ok(file) => {
                let mut bytes = vec![0; MAX_HEAD + 1];
                let len = read_up_to(&file, &mut bytes, 0)?;
                bytes.truncate(len);
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(error).at(Place::File(HEAD_FILE.to_owned()))),
        }
    }

    fn put_head(&self, head: &[u8]) -> Result<()> {
        let place = |error: Error| error.at(Place::File(HEAD_FILE.to_owned()));
        refresh_file(&self.folder.join(HEAD_FILE), head).map_err(place)
    }

    fn forget_head(&self) -> Result<()> {
        match fs::remove_file(self.folder.join(HEAD_FILE)) {
            Ok(()) => sync_folder(&self.folder),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io(error).at(Place::File(HEAD_FILE.to_owned()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::VaultId;

    #[test]
    fn two_slots_alternate_and_a_destroyed_one_is_gone_from_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let anchor = FileAnchor::beside(&dir.path().join("vault"));
        assert!(anchor.slots().unwrap().is_empty());
        assert_eq!(anchor.generation().unwrap_err().kind(), ErrorKind::NoAnchor);
        anchor.create().unwrap();
        for epoch in 1..6 {
            let slot =
                AnchorSlot::generate(VaultId::from_bytes([1; 16]), epoch, vec![7; 9]).unwrap();
            anchor.write_spare(&slot).unwrap();
            let epochs: Vec<_> =
                anchor.slots().unwrap().iter().map(AnchorSlot::erase_epoch).collect();
            assert!(epochs.contains(&epoch) && (epoch == 1 || epochs.contains(&(epoch - 1))));
            let file = dir.path().join("vault.anchor/anchor.key");
            if epoch > 1 {
                let before =
                    anchor.slots().unwrap().into_iter().find(|s| s.erase_epoch < epoch).unwrap();
                anchor.destroy(epoch - 1).unwrap();
                let bytes = fs::read(file).unwrap();
                assert!(!bytes.windows(32).any(|w| w == before.key.expose()));
            }
            assert_eq!(anchor.slots().unwrap().len(), 1);
        }
        assert_eq!(anchor.generation().unwrap(), 0);
        assert!(anchor.create().is_err());
    }

    #[test]
    fn a_slot_with_any_flipped_byte_is_no_slot() {
        let slot = AnchorSlot::generate(VaultId::from_bytes([1; 16]), 7, vec![7; 9]).unwrap();
        let bytes = slot.to_bytes();
        assert_eq!(AnchorSlot::from_bytes(&bytes).map(|slot| slot.erase_epoch), Some(7));
        for at in 0..bytes.len() {
            let mut bad = bytes.to_vec();
            bad[at] ^= 1;
            assert!(AnchorSlot::from_bytes(&bad).is_none(), "byte {at}");
        }
    }

    #[test]
    fn a_slot_that_a_crash_left_torn_is_destroyed_with_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let anchor = FileAnchor::beside(&dir.path().join("vault"));
        anchor.create().unwrap();
        let slot = |epoch| AnchorSlot::generate(VaultId::from_bytes([1; 16]), epoch, vec![7; 9]);
        anchor.write_spare(&slot(3).unwrap()).unwrap();
        let torn = slot(4).unwrap();
        // Magic, vault, epoch, the whole key; the rest was never written.
        anchor.overwrite(1, torn.to_bytes().get(..64).unwrap()).unwrap();
        let holds_key = || {
            let bytes = fs::read(dir.path().join("vault.anchor/anchor.key")).unwrap();
            bytes.windows(32).any(|bytes| bytes == torn.key.expose())
        };
        assert!(holds_key() && anchor.slots().unwrap().len() == 1);
        anchor.destroy(3).unwrap();
        assert!(!holds_key() && anchor.slots().unwrap().is_empty());
    }

    #[test]
    fn a_key_file_that_was_replaced_moved_or_removed_is_not_taken_for_the_one_that_was_open() {
        let dir = tempfile::tempdir().unwrap();
        let anchor = FileAnchor::beside(&dir.path().join("vault"));
        anchor.create().unwrap();
        assert_eq!(anchor.generation().unwrap(), 0);
        let (folder, file) = (anchor.folder(), anchor.folder().join(KEY_FILE));
        let mut bytes = fs::read(&file).unwrap();
        bytes[2 * SECTOR] = 7;
        fs::write(folder.join("other"), &bytes).unwrap();
        fs::rename(folder.join("other"), &file).unwrap();
        assert_eq!(anchor.generation().unwrap(), 7);
        // In place, as a panic does.
        let raised = OpenOptions::new().write(true).open(&file).unwrap();
        raised.write_all_at(&[8], OFFSETS[GENERATION]).unwrap();
        assert_eq!(anchor.generation().unwrap(), 8);
        let away = dir.path().join("away");
        fs::rename(folder, &away).unwrap();
        std::thread::sleep(PATH_HOLDS);
        assert_eq!(anchor.generation().unwrap_err().kind(), ErrorKind::NoAnchor);
        fs::rename(&away, folder).unwrap();
        assert_eq!(anchor.generation().unwrap(), 8);
        fs::remove_dir_all(folder).unwrap();
        assert_eq!(anchor.generation().unwrap_err().kind(), ErrorKind::NoAnchor);
    }
}
