use std::fs::{self, OpenOptions};
use std::path::Path;

use proptest::prelude::*;

use super::*;

/// Bytes of which no two places look alike.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
}

fn create(path: &Path) -> File {
    OpenOptions::new().read(true).write(true).create_new(true).open(path).unwrap()
}

fn sealed(folder: &Path, plain: &[u8]) -> (Sealed, std::path::PathBuf) {
    let name = FileName::generate().unwrap();
    let path = folder.join(name.to_string());
    let sealed = seal_file(name, &mut &plain[..], &mut create(&path)).unwrap();
    (sealed, path)
}

fn opened(path: &Path, sealed: &Sealed) -> Result<PlainFile> {
    let file = File::open(path).unwrap();
    PlainFile::open(file, &sealed.stored, &sealed.key, sealed.plain.bytes)
}

/// All of it, or the error; never wrong bytes.
fn read(path: &Path, sealed: &Sealed) -> Result<Vec<u8>> {
    let mut file = opened(path, sealed)?;
    let mut out = Vec::new();
    file.read_to_end(&mut out).map_err(of_reading)?;
    file.finish()?;
    Ok(out)
}

const CHUNK: usize = 64 << 10;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_length_and_any_seek_give_the_plaintext(
        border in prop::sample::select(vec![0, CHUNK, 2 * CHUNK, 4 * CHUNK, 5 * CHUNK]),
        off in 0_usize..4,
        seeks in prop::collection::vec((0_usize..6 * CHUNK, 0_usize..70_000), 1..12),
    ) {
        let length = (border + off).saturating_sub(2);
        let folder = tempfile::tempdir().unwrap();
        let plain = content(length);
        let (sealed, path) = sealed(folder.path(), &plain);
        prop_assert_eq!(sealed.plain.bytes, length as u64);
        prop_assert_eq!(sealed.plain.blake3, <[u8; 32]>::from(blake3::hash(&plain)));
        prop_assert_eq!(sealed.plain.sha256, crate::crypto::sha256_of(&plain));
        let stored = fs::read(&path).unwrap();
        prop_assert_eq!(sealed.stored.blake3, <[u8; 32]>::from(blake3::hash(&stored)));
        prop_assert!(read(&path, &sealed).unwrap() == plain);
        let mut file = opened(&path, &sealed).unwrap();
        for (at, many) in seeks {
            file.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut part = Vec::new();
            (&mut file).take(many as u64).read_to_end(&mut part).unwrap();
            let end = (at + many).min(length);
            prop_assert!(part == plain.get(at..end).unwrap_or_default());
        }
        prop_assert_eq!(file.seek(SeekFrom::End(0)).unwrap(), length as u64);
        prop_assert!(file.seek(SeekFrom::Current(-(length as i64) - 1)).is_err());
    }
}

#[test]
fn any_flipped_bit_cut_or_tail_is_an_error_and_never_a_wrong_byte() {
    let folder = tempfile::tempdir().unwrap();
    let plain = content(2 * CHUNK + 5);
    let (sealed, path) = sealed(folder.path(), &plain);
    let good = fs::read(&path).unwrap();
    let kind = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        assert!(sealed.stored.verify(File::open(&path).unwrap()).is_err());
        read(&path, &sealed).map(|read| assert!(read == plain)).unwrap_err().kind()
    };
    let ours = good.windows(4).position(|window| window == b"--- ").unwrap();
    for at in (0..ours + 80).step_by(3).chain((ours + 80..good.len()).step_by(997)) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert_eq!(kind(&bad), ErrorKind::Tampered, "{at}");
    }
    for cut in [0, 1, ours, good.len() - 1, good.len() - 16, good.len() - CHUNK - 16] {
        assert_eq!(kind(&good[..cut]), ErrorKind::Tampered, "{cut}");
    }
    assert_eq!(kind(&[&good[..], b"x"].concat()), ErrorKind::Tampered);
    // A header that never ends is not read into memory.
    assert_eq!(kind(&vec![b'a'; good.len()]), ErrorKind::Tampered);
}

#[test]
fn another_name_key_or_file_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let (one, path) = sealed(folder.path(), &content(100));
    let (two, other) = sealed(folder.path(), &content(100));
    let tampered = |file: Result<PlainFile>| file.err().map(|error| error.kind());
    assert_eq!(tampered(opened(&other, &one)), Some(ErrorKind::Tampered));
    let file = || File::open(&path).unwrap();
    let with = |stored: StoredFile, key: &Key<16>| PlainFile::open(file(), &stored, key, 100);
    assert_eq!(tampered(with(one.stored, &two.key)), Some(ErrorKind::Tampered));
    let renamed = StoredFile { name: two.stored.name, ..one.stored };
    assert_eq!(tampered(with(renamed, &one.key)), Some(ErrorKind::Tampered));
    assert!(with(one.stored, &one.key).is_ok());
    // The key is in memory and in the sealed field, not in the file.
    let bytes = fs::read(&path).unwrap();
    assert!(!bytes.windows(16).any(|window| window == one.key.expose()));
    let hex = HEXLOWER.encode(one.key.expose());
    assert!(!bytes.windows(32).any(|window| window == hex.as_bytes()));
}

#[test]
fn a_length_tells_its_first_bits_only() {
    let folder = tempfile::tempdir().unwrap();
    let length = |plain: usize| {
        let (sealed, path) = sealed(folder.path(), &content(plain));
        let header = fs::read(&path).unwrap();
        let at = header.windows(5).position(|window| window == b"\n--- ").unwrap();
        // The random stanza that age adds has a random length.
        sealed.stored.bytes - at as u64
    };
    assert_eq!(length(0), length(4096));
    assert_eq!(length(200_000), length(200_400));
}

#[test]
fn a_source_that_fails_midway_fails_the_sealing() {
    struct Breaks(usize);
    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = buffer.len().min(self.0);
            self.0 -= read;
            if read == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(read) }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    for length in [10, 3 << 20] {
        let path = folder.path().join(length.to_string());
        let name = FileName::generate().unwrap();
        let error = seal_file(name, &mut Breaks(length), &mut create(&path)).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::DiskFull);
    }
}
