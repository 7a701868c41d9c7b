//! A door for the fuzz target.

use std::io::Cursor;

use crate::store::backup::{BackupReader, mend};
use crate::vault::backup::erasures::SignedErasures;
use crate::vault::backup::file::BackupFile;
use crate::vault::backup::marker::Marker;

/// A backup (first byte 0), one with every hash made right (1), a list of what was erased (2), or
/// what a restore leaves for its end.
pub(crate) fn fuzz_backup(bytes: &[u8]) {
    match bytes.split_first() {
        Some((0, bytes)) => read(bytes.to_vec()),
        Some((1, bytes)) => read(mend(bytes)),
        Some((2, bytes)) => drop(SignedErasures::parse(bytes)),
        Some((_, bytes)) => drop(Marker::parse(bytes)),
        None => {}
    }
}

fn read(bytes: Vec<u8>) {
    let len = bytes.len() as u64;
    let Ok(mut reader) = BackupReader::of(Box::new(Cursor::new(bytes)), len, String::new()) else {
        return;
    };
    let mut last = Vec::new();
    while let Ok(Some((key, _))) = reader.next_row() {
        assert!(key > last, "rows are in order");
        last = key;
    }
    assert!(reader.progress().0 <= len);
    let header = reader.header();
    if let Ok(ended) = reader.end() {
        let _ = BackupFile::read(&header, &ended);
    }
}
