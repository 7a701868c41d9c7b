//! Bytes from a source to a sink, hashed on the way: on a second core once they are many.

use std::io::Read;
use std::sync::mpsc;
use std::thread;

use sha2::Digest as _;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind, Result};

/// How much goes at a time.
const BLOCK: usize = 256 << 10;
/// Blocks on their way.
const BLOCKS: usize = 4;
/// How much of the beginning is kept, to tell what sort of file it is.
const HEAD: usize = 1024;

/// What was learned of the bytes that went by.
pub(crate) struct Digests {
    pub(crate) bytes: u64,
    pub(crate) blake3: [u8; 32],
    pub(crate) sha256: [u8; 32],
    /// The first bytes.
    pub(crate) head: Zeroizing<Vec<u8>>,
}

/// Gives all that a source has to a sink, a block at a time, never more than a few in memory.
pub(crate) fn pump(
    source: &mut dyn Read,
    failed: fn(std::io::Error) -> Error,
    mut sink: impl FnMut(&[u8]) -> Result<()>,
) -> Result<Digests> {
    let mut block = Block::new();
    let mut last = block.fill(source, failed)?;
    let head = Zeroizing::new(block.bytes().iter().copied().take(HEAD).collect::<Vec<u8>>());
    sink(block.bytes())?;
    let mut hashing = Hashing::default();
    if last {
        hashing.take(block.bytes());
        return Ok(hashing.finish(head));
    }
    let hashing = thread::scope(|scope| {
        let (give, taken) = mpsc::sync_channel::<Block>(BLOCKS);
        let (back, empty) = mpsc::channel::<Block>();
        for _ in 1..BLOCKS {
            let _ = back.send(Block::new());
        }
        let work = move || {
            for block in taken {
                hashing.take(block.bytes());
                let _ = back.send(block);
            }
            hashing
        };
        let worker = thread::Builder::new().spawn_scoped(scope, work).map_err(Error::io)?;
        let mut going = give.send(block).is_ok();
        while going && !last {
            let Ok(mut block) = empty.recv() else { break };
            last = block.fill(source, failed)?;
            sink(block.bytes())?;
            going = give.send(block).is_ok();
        }
        drop(give);
        worker.join().map_err(|_| Error::new(ErrorKind::Internal, "hashing a file failed"))
    })?;
    Ok(hashing.finish(head))
}

/// Plaintext on its way; wiped once, when it is done with.
struct Block {
    bytes: Zeroizing<Vec<u8>>,
    used: usize,
}

impl Block {
    fn new() -> Self {
        Self { bytes: Zeroizing::new(vec![0; BLOCK]), used: 0 }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.used).unwrap_or_default()
    }

    /// Fills the block; whether the source is at its end.
    fn fill(&mut self, source: &mut dyn Read, failed: fn(std::io::Error) -> Error) -> Result<bool> {
        self.used = 0;
        while let Some(rest) = self.bytes.get_mut(self.used..).filter(|rest| !rest.is_empty()) {
            match source.read(rest) {
                Ok(0) => return Ok(true),
                Ok(read) => self.used += read.min(rest.len()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(false)
    }
}

#[derive(Default)]
struct Hashing {
    blake3: blake3::Hasher,
    sha256: sha2::Sha256,
    bytes: u64,
}

impl Hashing {
    fn take(&mut self, bytes: &[u8]) {
        self.blake3.update(bytes);
        self.sha256.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn finish(self, head: Zeroizing<Vec<u8>>) -> Digests {
        let blake3 = *self.blake3.finalize().as_bytes();
        Digests { bytes: self.bytes, blake3, sha256: self.sha256.finalize().into(), head }
    }
}
