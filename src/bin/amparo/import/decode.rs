//! Bytes of a file become UTF-8: with or without a byte order mark, or from Windows-1252.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::failure::Failure;

/// The encoding of a file, found by reading all of it once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) encoding: &'static Encoding,
    /// Whether nothing in the file says so.
    pub(crate) guessed: bool,
}

impl Found {
    pub(crate) fn name(self) -> &'static str {
        self.encoding.name()
    }

    /// A map's word for an encoding.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let encoding = Encoding::for_label(name.as_bytes())?;
        let known = [UTF_8, UTF_16LE, UTF_16BE, WINDOWS_1252].contains(&encoding);
        known.then_some(Self { encoding, guessed: false })
    }

    /// Reads the file through in small pieces.
    pub(crate) fn detect(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::io(&error, Some(path));
        let mut file = File::open(path).map_err(failed)?;
        let mut buffer = vec![0; CHUNK];
        let head = fill(&mut file, &mut buffer).map_err(failed)?;
        if let Some((encoding, _)) = Encoding::for_bom(head) {
            return Ok(Self { encoding, guessed: false });
        }
        file.rewind().map_err(failed)?;
        let (mut utf8, mut text, mut carried) = (true, true, 0);
        loop {
            let room = buffer.get_mut(carried..).unwrap_or_default();
            let read = fill(&mut file, room).map_err(failed)?.len();
            let chunk = buffer.get(..carried + read).unwrap_or_default();
            text &= chunk.iter().all(|byte| !UNDEFINED.contains(byte));
            let valid = Encoding::utf8_valid_up_to(chunk);
            let left = chunk.len() - valid;
            // A character may be cut by the end of a piece, but not by the end of the file.
            utf8 &= if read == 0 { left == 0 } else { left < 4 };
            if read == 0 {
                break;
            }
            let end = chunk.len();
            carried = if utf8 { left } else { 0 };
            buffer.copy_within(end - carried..end, 0);
        }
        match (utf8, text) {
            (true, _) => Ok(Self { encoding: UTF_8, guessed: false }),
            (false, true) => Ok(Self { encoding: WINDOWS_1252, guessed: true }),
            (false, false) => Err(Failure::own("encoding-unknown").with("place", path.display())),
        }
    }
}

/// A reader that hands out UTF-8.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    input: Buffer,
    output: Buffer,
    /// The file has ended; the decoder may still hold the rest of a character.
    ended: bool,
    done: bool,
}

/// Bytes of which a part is still to be used.
struct Buffer {
    bytes: Vec<u8>,
    from: usize,
    to: usize,
}

impl Buffer {
    fn new(size: usize) -> Self {
        Self { bytes: vec![0; size], from: 0, to: 0 }
    }

    fn left(&self) -> &[u8] {
        self.bytes.get(self.from..self.to).unwrap_or_default()
    }
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            input: Buffer::new(CHUNK),
            // No byte of the encodings known here grows to more than three.
            output: Buffer::new(3 * CHUNK + 16),
            ended: false,
            done: false,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        if self.input.left().is_empty() && !self.ended {
            self.input.from = 0;
            self.input.to = self.inner.read(&mut self.input.bytes)?;
            self.ended = self.input.to == 0;
        }
        let (result, read, written, bad) =
            self.decoder.decode_to_utf8(self.input.left(), &mut self.output.bytes, self.ended);
        self.input.from += read;
        (self.output.from, self.output.to) = (0, written);
        self.done = self.ended && result == CoderResult::InputEmpty;
        if bad { Err(io::ErrorKind::InvalidData.into()) } else { Ok(()) }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.output.left().is_empty() && !self.done {
            self.decode()?;
        }
        let read = self.output.left().read(out)?;
        self.output.from += read;
        Ok(read)
    }
}

fn fill<'a>(file: &mut File, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let mut filled = 0;
    while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(buffer.get(..filled).unwrap_or_default())
}

const CHUNK: usize = 16 << 10;

/// Bytes that text in Windows-1252 never holds.
const UNDEFINED: [u8; 6] = [0x00, 0x81, 0x8d, 0x8f, 0x90, 0x9d];

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(bytes: &[u8]) -> Option<(&'static str, bool)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("table");
        std::fs::write(&path, bytes).unwrap();
        Found::detect(&path).ok().map(|found| (found.name(), found.guessed))
    }

    fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
        let mut text = String::new();
        Decoded::new(bytes, encoding).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(detect(b""), Some(("UTF-8", false)));
        assert_eq!(detect("Ñusta".as_bytes()), Some(("UTF-8", false)));
        assert_eq!(detect(b"\xef\xbb\xbfa"), Some(("UTF-8", false)));
        assert_eq!(detect(b"\xff\xfea\0"), Some(("UTF-16LE", false)));
        assert_eq!(detect(b"\xd1usta"), Some(("windows-1252", true)));
        assert_eq!(detect(b"cut \xc3"), Some(("windows-1252", true)));
        assert_eq!(detect(b"\xd1\x00"), None);
    }

    #[test]
    fn a_character_on_the_edge_of_a_piece_is_not_cut() {
        for shift in 0..4 {
            let text = format!("{}{}", "x".repeat(CHUNK - shift), "ñandú".repeat(CHUNK));
            assert_eq!(detect(text.as_bytes()), Some(("UTF-8", false)));
            assert_eq!(decode(text.as_bytes(), UTF_8), text);
        }
    }

    #[test]
    fn marks_are_dropped_and_letters_kept() {
        assert_eq!(decode(b"\xef\xbb\xbfa", UTF_8), "a");
        assert_eq!(decode(b"\xd1usta", WINDOWS_1252), "Ñusta");
        assert_eq!(decode(b"\xff\xfe\xd1\x00", UTF_16LE), "Ñ");
        assert!(Decoded::new(&b"\xff"[..], UTF_8).read_to_string(&mut String::new()).is_err());
    }
}
