//! A file of any size as an age file (C2SP age) whose key is kept elsewhere, sealed.
//!
//! ```text
//! -> amparo-file NAME        16 random bytes in hexadecimal, also the name of the file
//!                            (no body: the file key is a field of the attachment's record)
//! ```
//! The plaintext is the file and zeros up to a Padme length. Round-trip contract: what
//! [`seal_file`] made opens under the same key and name only, and a reader MUST NOT give a byte
//! that was not written.

use std::cell::RefCell;
#[allow(clippy::disallowed_types, reason = "the trait's signature")]
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use age::secrecy::ExposeSecret;
use age::stream::StreamReader;
use age::{DecryptError, EncryptError};
use age_core::format::{FileKey, Stanza};
use data_encoding::HEXLOWER;

use crate::codec::{Reader as Bytes, Writer};
use crate::crypto::padme::padded;
use crate::crypto::random;
use crate::error::{Error, ErrorKind, Result};
use crate::seal::pump::{Digests, pump};
use crate::secret::Key;

const STANZA: &str = "amparo-file";
/// Shortest plaintext, padded.
const LEAST: u64 = 4 << 10;
/// Within so many bytes the header must end: our stanza and the random one that age adds take
/// some three hundred.
const MAX_HEADER: usize = 4 << 10;

/// The name of a file: random, and no name of anything else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileName([u8; 16]);

impl FileName {
    pub(crate) fn generate() -> Result<Self> {
        random().map(Self)
    }

    /// From its spelling; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

/// A file as it lies in the folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoredFile {
    pub(crate) name: FileName,
    pub(crate) bytes: u64,
    /// BLAKE3 of all of them.
    pub(crate) blake3: [u8; 32],
}

impl StoredFile {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut out = Writer::with_capacity(56);
        out.raw(self.name.as_bytes()).u64(self.bytes).raw(&self.blake3);
        out.into_vec()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut input = Bytes::new(bytes);
        let name = FileName::from_bytes(input.array()?);
        let stored = Self { name, bytes: input.u64()?, blake3: input.array()? };
        input.finish()?;
        Ok(stored)
    }

    /// Reads the file whole: what lies there is what was written.
    pub(crate) fn verify(&self, mut file: File) -> Result<()> {
        let digests = pump(&mut file, Error::io, |_| Ok(()))?;
        if digests.bytes == self.bytes && digests.blake3 == self.blake3 {
            return Ok(());
        }
        Err(damaged())
    }
}

/// A file that was just sealed.
pub(crate) struct Sealed {
    pub(crate) key: Key<16>,
    pub(crate) plain: Digests,
    pub(crate) stored: StoredFile,
}

/// Seals all that a source gives into a new file of this name, and syncs it.
pub(crate) fn seal_file(
    name: FileName,
    source: &mut dyn Read,
    target: &mut File,
) -> Result<Sealed> {
    let failed = |_| Error::new(ErrorKind::Internal, "sealing a file failed");
    let keeper = Keeper { name, key: RefCell::new(None) };
    let recipients = std::iter::once(&keeper as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(failed)?;
    let key = keeper.key.into_inner();
    let key = key.ok_or_else(|| Error::new(ErrorKind::Internal, "age gave no file key"))?;
    let tally = Tally { file: &mut *target, hasher: blake3::Hasher::new(), bytes: 0 };
    let mut out = encryptor.wrap_output(tally).map_err(Error::io)?;
    let plain = pump(source, Error::io, |block| out.write_all(block).map_err(Error::io))?;
    let mut rest = padded(plain.bytes, LEAST).saturating_sub(plain.bytes);
    while rest > 0 {
        let zeros = [0; 4096];
        let part = usize::try_from(rest).unwrap_or(zeros.len()).min(zeros.len());
        out.write_all(zeros.get(..part).unwrap_or_default()).map_err(Error::io)?;
        rest -= part as u64;
    }
    let Tally { hasher, bytes, .. } = out.finish().map_err(Error::io)?;
    let blake3 = *hasher.finalize().as_bytes();
    target.sync_all().map_err(Error::io)?;
    Ok(Sealed { key, plain, stored: StoredFile { name, bytes, blake3 } })
}

/// Counts and hashes what is written.
struct Tally<'a> {
    file: &'a mut File,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Write for Tally<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.file.write(buffer)?;
        self.hasher.update(buffer.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Takes the file key in, and writes nothing of it into the file.
struct Keeper {
    name: FileName,
    key: RefCell<Option<Key<16>>>,
}

impl age::Recipient for Keeper {
    #[allow(clippy::disallowed_types, reason = "the trait's signature")]
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> std::result::Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        // EXPOSE: into the type that wipes it; it goes into a sealed field.
        *self.key.borrow_mut() = Key::from_slice(file_key.expose_secret());
        let stanza =
            Stanza { tag: STANZA.to_owned(), args: vec![self.name.to_string()], body: Vec::new() };
        // Nobody else can be a recipient of such a file.
        Ok((vec![stanza], HashSet::from([self.name.to_string()])))
    }
}

/// Gives the key of the file of this name and of no other.
struct Holder<'a> {
    name: FileName,
    key: &'a Key<16>,
}

impl age::Identity for Holder<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<std::result::Result<FileKey, DecryptError>> {
        let ours = stanza.tag == STANZA
            && stanza.args == [self.name.to_string()]
            && stanza.body.is_empty();
        // EXPOSE: age takes the key as its own type, which wipes it.
        ours.then(|| Ok(FileKey::init_with_mut(|out| out.copy_from_slice(self.key.expose()))))
    }
}

/// The plaintext of a stored file, read from anywhere. Every chunk is authenticated before a
/// byte of it is given.
pub(crate) struct PlainFile {
    inner: StreamReader<BufReader<File>>,
    /// Length without the padding.
    bytes: u64,
    at: u64,
    /// Where the next byte of `inner` stands, unless a seek waits.
    inner_at: u64,
}

impl PlainFile {
    /// Opens a stored file whose plaintext has this length.
    pub(crate) fn open(
        mut file: File,
        stored: &StoredFile,
        key: &Key<16>,
        bytes: u64,
    ) -> Result<Self> {
        if file.metadata().map_err(Error::io)?.len() != stored.bytes {
            return Err(damaged());
        }
        let mut head = Vec::with_capacity(MAX_HEADER);
        (&mut file).take(MAX_HEADER as u64).read_to_end(&mut head).map_err(Error::io)?;
        if !head.windows(5).any(|window| window == b"\n--- ") {
            return Err(damaged());
        }
        file.rewind().map_err(Error::io)?;
        let reader = BufReader::with_capacity(MAX_HEADER, file);
        let decryptor = age::Decryptor::new_buffered(reader).map_err(|_| damaged())?;
        let holder = Holder { name: stored.name, key };
        let identities = std::iter::once(&holder as &dyn age::Identity);
        let inner = decryptor.decrypt(identities).map_err(|_| damaged())?;
        Ok(Self { inner, bytes, at: 0, inner_at: 0 })
    }

    /// Length of the file.
    pub(crate) const fn len(&self) -> u64 {
        self.bytes
    }

    /// Reads all that is left, padding too, which must be zeros: the file ends where it ended
    /// when it was written.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.inner_at != self.bytes {
            return Err(damaged());
        }
        let mut rest = [0; 4096];
        loop {
            match self.inner.read(&mut rest) {
                Ok(0) => return Ok(()),
                Ok(read) if rest.iter().take(read).all(|byte| *byte == 0) => {}
                Ok(_) => return Err(damaged()),
                Err(error) => return Err(of_reading(error)),
            }
        }
    }

    /// `age` computes with the length of the file, which whoever writes to the folder can change
    /// under its hands: a panic of it is damage.
    fn move_inner(&mut self) -> io::Result<()> {
        let (inner, at) = (&mut self.inner, self.at);
        let moved = catch_unwind(AssertUnwindSafe(|| inner.seek(SeekFrom::Start(at))));
        self.inner_at = moved.unwrap_or_else(|_| Err(io::ErrorKind::InvalidData.into()))?;
        Ok(())
    }
}

impl Read for PlainFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        if self.inner_at != self.at {
            self.move_inner()?;
        }
        let read = self.inner.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        if read == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.at += read as u64;
        self.inner_at += read as u64;
        Ok(read)
    }
}

impl Seek for PlainFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
        };
        self.at = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// What a failure while reading a sealed file means.
pub(crate) fn of_reading(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => damaged(),
        _ => Error::io(error),
    }
}

fn damaged() -> Error {
    Error::new(ErrorKind::Tampered, "an attached file is not what was written")
}

#[cfg(test)]
mod tests;
