use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::store::backup::chunk::Row;

fn header(base: Option<Base>, backup: u8) -> BackupHeader {
    BackupHeader {
        vault: VaultId::from_bytes([1; 16]),
        instance: InstanceId::from_bytes([2; 16]),
        backup: BackupId::from_bytes([backup; 16]),
        position: Position { sequence: 7, chain: [3; 32] },
        base,
    }
}

fn write(path: &std::path::Path, header: &BackupHeader, rows: &[Row]) -> Base {
    let mut writer = BackupWriter::begin(path, header).unwrap();
    for (key, row) in rows {
        writer.push(key, row.as_deref()).unwrap();
    }
    writer.finish(path, b"last part").unwrap()
}

fn read(path: &std::path::Path) -> Result<Vec<Row>> {
    let mut reader = BackupReader::open(path)?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        rows.push(row);
    }
    assert_eq!(reader.end()?.last, b"last part");
    Ok(rows)
}

fn row(key: u8, len: usize) -> Row {
    (vec![b'r', key], Some(vec![key; len]))
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

#[test]
fn every_cut_and_every_flipped_bit_is_noticed() {
    let folder = Folder::new();
    let (whole, bad) = (folder.file("whole"), folder.file("bad"));
    let rows = [row(1, 10), row(2, 0), (vec![b'r', 3], None)];
    write(&whole, &header(None, 1), &rows);
    assert_eq!(read(&whole).unwrap(), rows);
    let bytes = fs::read(&whole).unwrap();
    for len in 0..bytes.len() {
        fs::write(&bad, &bytes[..len]).unwrap();
        let kind = read(&bad).unwrap_err().kind();
        // Shorter than the magic it could be anything.
        let expected = if len < 8 { ErrorKind::BadInput } else { ErrorKind::Unfinished };
        assert_eq!(kind, expected, "cut at {len}");
    }
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            fs::write(&bad, flipped).unwrap();
            assert!(read(&bad).is_err(), "bit {bit} of byte {at}");
        }
    }
    fs::write(&bad, [&bytes[..], b"x"].concat()).unwrap();
    assert_eq!(read(&bad).unwrap_err().kind(), ErrorKind::Tampered);
    let mut newer = bytes;
    newer[7] = b'2';
    fs::write(&bad, newer).unwrap();
    assert_eq!(read(&bad).unwrap_err().kind(), ErrorKind::NewerFormat);
}

#[test]
fn a_second_attempt_goes_on_and_gives_the_same_file() {
    let folder = Folder::new();
    let rows: Vec<Row> = (0..40).map(|key| row(key, 100_000)).collect();
    let (first, second) = (folder.file("first"), folder.file("second"));
    write(&first, &header(None, 1), &rows);
    let bytes = fs::read(&first).unwrap();
    for cut in [0, 3, 100, 177, 178, 1_500_000, bytes.len() - 1, bytes.len()] {
        fs::write(part_of(&second), &bytes[..cut]).unwrap();
        let mut writer = BackupWriter::begin(&second, &header(None, 1)).unwrap();
        for (key, row) in &rows {
            writer.push(key, row.as_deref()).unwrap();
        }
        writer.end_rows().unwrap();
        assert!(
            writer.resumed() as usize <= cut && (cut < 1_500_000 || writer.resumed() > 1_000_000)
        );
        writer.finish(&second, b"last part").unwrap();
        assert!(!part_of(&second).exists());
        assert_eq!(fs::read(&second).unwrap(), bytes, "cut at {cut}");
        fs::remove_file(&second).unwrap();
    }
}

#[test]
fn what_somebody_planted_in_an_attempt_is_not_taken_over() {
    let folder = Folder::new();
    let rows: Vec<Row> = (0..30).map(|key| row(key, 100_000)).collect();
    let (honest, planted) = (folder.file("honest"), folder.file("planted"));
    write(&honest, &header(None, 1), &rows);
    let mut others = rows.clone();
    others[3] = row(3, 99_999);
    write(&planted, &header(None, 1), &others);
    let target = folder.file("target");
    fs::rename(&planted, part_of(&target)).unwrap();
    write(&target, &header(None, 1), &rows);
    assert_eq!(fs::read(&target).unwrap(), fs::read(&honest).unwrap());
}

#[test]
fn names_that_are_taken_are_left_alone() {
    let folder = Folder::new();
    let path = folder.file("a");
    fs::write(part_of(&path), b"a letter").unwrap();
    let error = BackupWriter::begin(&path, &header(None, 1)).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Exists);
    assert_eq!(fs::read(part_of(&path)).unwrap(), b"a letter");
    fs::remove_file(part_of(&path)).unwrap();
    let writer = BackupWriter::begin(&path, &header(None, 1)).unwrap();
    let busy = BackupWriter::begin(&path, &header(None, 1)).err().unwrap();
    assert_eq!(busy.kind(), ErrorKind::Busy);
    fs::write(&path, b"a letter").unwrap();
    assert_eq!(writer.finish(&path, b"last part").unwrap_err().kind(), ErrorKind::Exists);
    assert_eq!(fs::read(&path).unwrap(), b"a letter");
}

#[test]
fn only_the_increment_of_this_very_backup_is_laid_over_it() {
    let folder = Folder::new();
    let [full, other, forged, inc] = ["full", "other", "forged", "inc"].map(|n| folder.file(n));
    let base = write(&full, &header(None, 1), &[row(1, 1), row(2, 1), row(3, 1)]);
    write(&other, &header(None, 2), &[row(1, 1)]);
    // The same id, other rows.
    write(&forged, &header(None, 1), &[row(1, 2)]);
    write(&inc, &header(Some(base), 3), &[(vec![b'r', 2], None), row(3, 5), row(4, 1)]);
    let all = |files: &[&PathBuf]| -> Result<Vec<Vec<u8>>> {
        let mut layers = Layers::open(files)?;
        let mut keys = Vec::new();
        while let Some((key, _)) = layers.next_row()? {
            keys.push(key);
        }
        layers.end().map(|_| keys)
    };
    assert_eq!(all(&[&full, &inc]).unwrap(), [b"r\x01", b"r\x03", b"r\x04"]);
    for wrong in
        [&[&inc][..], &[&other, &inc], &[&forged, &inc], &[&full, &full], &[&full, &inc, &inc], &[]]
    {
        assert_eq!(all(wrong).unwrap_err().kind(), ErrorKind::BadInput, "{wrong:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A full backup and its increments give what the last of the states was.
    #[test]
    fn layers_agree_with_a_map(states in prop::collection::vec(
        prop::collection::btree_map(0_u8..20, 0_usize..4, 0..12), 1..4)) {
        let folder = Folder::new();
        let (mut files, mut base): (Vec<PathBuf>, Option<Base>) = (Vec::new(), None);
        let mut before = std::collections::BTreeMap::new();
        for (number, state) in states.iter().enumerate() {
            let path = folder.file(&number.to_string());
            let mut rows = Vec::new();
            for key in 0..20 {
                match (before.get(&key), state.get(&key)) {
                    (was, Some(is)) if was != Some(is) => rows.push(row(key, *is)),
                    (Some(_), None) => rows.push((vec![b'r', key], None)),
                    _ => {}
                }
            }
            base = Some(write(&path, &header(base, u8::try_from(number).unwrap()), &rows));
            files.push(path);
            before = state.clone();
        }
        let mut layers = Layers::open(&files).unwrap();
        let mut left = Vec::new();
        while let Some(row) = layers.next_row().unwrap() {
            left.push(row);
        }
        layers.end().unwrap();
        let expected: Vec<_> = before.iter().map(|(key, len)| row(*key, *len)).collect();
        let left: Vec<Row> = left.into_iter().map(|(key, row)| (key, Some(row))).collect();
        prop_assert_eq!(left, expected);
    }

    /// Any bytes after an honest beginning give an error, not a panic.
    #[test]
    fn hostile_bytes_never_panic(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = Folder::new();
        let path = folder.file("a");
        let (mut bytes, _) = header(None, 1).to_bytes();
        bytes.extend(tail);
        fs::write(&path, bytes).unwrap();
        prop_assert!(read(&path).is_err());
    }
}
