//! What stands in a restored folder until what was erased since is erased again: such a folder
//! shows nothing.

use std::fs;
use std::path::Path;

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::InstanceId;
use crate::keys::durable::{sync_folder, write_new};
use crate::vault::backup::erasures::{MAX_ERASURES, SignedErasures};

const FILE: &str = "restoring";
const FORMAT: u8 = 1;
const MAX_LISTS: usize = 8;

/// The copy of the vault whose backup this was, and every list of erasures that was found.
pub(super) struct Marker {
    pub(super) of: InstanceId,
    pub(super) lists: Vec<Found>,
}

/// A list of erasures that was found.
pub(super) struct Found {
    pub(super) list: SignedErasures,
    /// Whether somebody named its file: then it counts although nobody is known who signed it.
    pub(super) named: bool,
    bytes: Vec<u8>,
}

impl Marker {
    pub(super) const fn new(of: InstanceId) -> Self {
        Self { of, lists: Vec::new() }
    }

    pub(super) fn add(&mut self, bytes: Vec<u8>, named: bool) -> Result<()> {
        if self.lists.len() >= MAX_LISTS {
            return Err(Error::new(ErrorKind::TooLong, "too many lists of erasures"));
        }
        let list = SignedErasures::parse(&bytes)?;
        self.lists.push(Found { list, named, bytes });
        Ok(())
    }

    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let mut out = Writer::new();
        out.u8(FORMAT).raw(self.of.as_bytes()).u8(u8::try_from(self.lists.len()).unwrap_or(0));
        for found in &self.lists {
            out.u8(u8::from(found.named)).bytes(&found.bytes);
        }
        write_new(&folder.join(FILE), out.as_slice())
    }

    /// # Errors
    ///
    /// `NotFound` if the folder is finished.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let place = || Place::File(FILE.to_owned());
        let path = folder.join(FILE);
        let meta = fs::metadata(&path).map_err(Error::io)?;
        if meta.len() > (MAX_LISTS * MAX_ERASURES) as u64 {
            return Err(Error::new(ErrorKind::Tampered, "the file is too long").at(place()));
        }
        let bytes = fs::read(&path).map_err(Error::io)?;
        Self::parse(&bytes).map_err(|error| error.or_at(place))
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        if input.u8()? != FORMAT {
            return Err(Error::new(ErrorKind::NewerFormat, "written by a newer program"));
        }
        let mut marker = Self::new(InstanceId::from_bytes(input.array()?));
        for _ in 0..input.u8()? {
            let named = input.u8()? == 1;
            marker.add(input.bytes(MAX_ERASURES)?.to_vec(), named)?;
        }
        input.finish()?;
        Ok(marker)
    }

    pub(super) fn remove(folder: &Path) -> Result<()> {
        match fs::remove_file(folder.join(FILE)) {
            Ok(()) => sync_folder(folder),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io(error)),
        }
    }
}

/// Whether a folder was restored and must not be shown yet.
pub(super) fn is_unfinished(folder: &Path) -> bool {
    folder.join(FILE).exists()
}
