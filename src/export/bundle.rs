//! The files of an export as one: packed, padded, and sealed to whoever receives them.

use std::collections::BTreeSet;
use std::io::Read;

use zeroize::Zeroizing;

use crate::crypto::{envelope, padme};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::File;

/// Name of the sealed file in the folder of an export.
pub(crate) const SEALED: &str = "bundle.age";

/// Packs and pads the files, and seals them to an `age1...` recipient.
pub(crate) fn seal(files: &[File], recipient: &str) -> Result<Vec<u8>> {
    let recipient = envelope::parse_recipient(recipient)?;
    let packed = pack(files)?;
    envelope::seal_to(std::iter::once(&recipient as &dyn age::Recipient), &packed)
}

/// Opens a sealed bundle.
pub(crate) fn open(sealed: &[u8], identity: &dyn age::Identity) -> Result<Vec<File>> {
    let plain = envelope::open_up_to(identity, sealed, MAX_BUNDLE)?.ok_or_else(|| {
        Error::new(ErrorKind::NotAllowed, "the bundle is sealed to somebody else")
    })?;
    unpack(&plain)
}

/// A tar archive (POSIX.1-2001 ustar) that says nothing but names and lengths, padded with zeros
/// as Padme has it: at most 12 % more, and a length that tells little.
fn pack(files: &[File]) -> Result<Zeroizing<Vec<u8>>> {
    let failed = |_| Error::new(ErrorKind::Internal, "the bundle cannot be packed");
    if files.len() > MAX_FILES {
        return Err(Error::new(ErrorKind::TooLong, "an export has at most 1,000 files"));
    }
    let blocks: usize = files.iter().map(|file| 2 * BLOCK + file.bytes.len()).sum();
    let length = padded(blocks + 2 * BLOCK);
    if length > MAX_BUNDLE {
        return Err(Error::new(ErrorKind::TooLong, "an export has at most 512 MiB"));
    }
    // Full size at once: a buffer that grows leaves copies behind.
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    {
        let mut archive = tar::Builder::new(&mut *out);
        for file in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(file.bytes.len() as u64);
            header.set_mode(0o600);
            header.set_mtime(0);
            archive.append_data(&mut header, &file.name, file.bytes.as_slice()).map_err(failed)?;
        }
        archive.finish().map_err(failed)?;
    }
    let length = length.max(out.len());
    out.resize(length, 0);
    Ok(out)
}

fn unpack(packed: &[u8]) -> Result<Vec<File>> {
    let bad = || Error::new(ErrorKind::BadInput, "the bundle cannot be unpacked");
    let mut names = BTreeSet::new();
    let mut files = Vec::new();
    for entry in tar::Archive::new(packed).entries().map_err(|_| bad())? {
        let mut entry = entry.map_err(|_| bad())?;
        let name = entry.path_bytes();
        let name = std::str::from_utf8(&name).map_err(|_| bad())?.to_owned();
        // A name decides where a file is written: plain files of this folder only.
        if !entry.header().entry_type().is_file() || !is_plain_name(&name) {
            return Err(Error::new(ErrorKind::BadInput, "the bundle holds more than plain files"));
        }
        if !names.insert(name.clone()) || files.len() >= MAX_FILES {
            return Err(Error::new(ErrorKind::BadInput, "the bundle holds too many files")
                .at(Place::File(name)));
        }
        let size = usize::try_from(entry.size()).ok().filter(|size| *size <= packed.len());
        let mut bytes = Vec::with_capacity(size.ok_or_else(bad)?);
        entry.read_to_end(&mut bytes).map_err(|_| bad())?;
        files.push(File::new(name, bytes));
    }
    match files.is_empty() {
        true => Err(bad()),
        false => Ok(files),
    }
}

/// Lower case letters, digits, `-` and `_`, with single dots between.
pub(crate) fn is_plain_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && name.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        })
}

/// Only the first bits of a bundle's length tell.
fn padded(length: usize) -> usize {
    usize::try_from(padme::padded(length as u64, LEAST)).unwrap_or(usize::MAX)
}

const BLOCK: usize = 512;
const LEAST: u64 = 64 << 10;
/// Longest bundle before it is sealed.
pub(crate) const MAX_BUNDLE: usize = 512 << 20;
/// Longest sealed bundle: 16 bytes for each 64 KiB, and a header.
pub(crate) const MAX_SEALED: u64 = (513 << 20) + 4096;
pub(crate) const MAX_FILES: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<File> {
        vec![File::new("a.json", b"{}".to_vec()), File::new("b-1.csv", vec![b'x'; 5000])]
    }

    fn names(files: &[File]) -> Vec<(&str, usize)> {
        files.iter().map(|file| (file.name.as_str(), file.bytes.len())).collect()
    }

    #[test]
    fn a_bundle_opens_for_its_recipient_alone() {
        let (one, other) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
        let sealed = seal(&files(), &one.to_public().to_string()).unwrap();
        assert_eq!(names(&open(&sealed, &one).unwrap()), [("a.json", 2), ("b-1.csv", 5000)]);
        assert_eq!(open(&sealed, &other).unwrap_err().kind(), ErrorKind::NotAllowed);
        for at in (0..sealed.len()).step_by(997) {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(open(&bad, &one).is_err(), "byte {at}");
            assert!(open(&sealed[..at], &one).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn equal_files_pack_to_equal_bytes_of_a_padded_length() {
        let packed = pack(&files()).unwrap();
        assert_eq!(*packed, *pack(&files()).unwrap());
        assert_eq!(packed.len() as u64, LEAST);
        let least = LEAST as usize;
        for length in [1, least, least + 1, 100_000, 1 << 20, (1 << 20) + 1, 123_456_789] {
            let padded = padded(length);
            assert!(padded >= length && (padded <= least || padded <= length + length / 8));
        }
    }

    #[test]
    fn a_bundle_that_would_write_elsewhere_is_refused() {
        let with = |name: &str, kind: tar::EntryType| {
            let mut archive = tar::Builder::new(Vec::new());
            let mut header = tar::Header::new_ustar();
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(kind);
            header.set_size(0);
            header.set_cksum();
            archive.append(&header, std::io::empty()).unwrap();
            archive.into_inner().unwrap()
        };
        assert!(unpack(&with("fine.json", tar::EntryType::Regular)).is_ok());
        for name in ["../up", "/etc/x", "a/b", "..", ".", ".x", "A", "x..y", ""] {
            assert!(unpack(&with(name, tar::EntryType::Regular)).is_err(), "{name}");
        }
        for kind in [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Directory] {
            assert!(unpack(&with("x", kind)).is_err());
        }
    }
}
