//! A table from bytes to its last row, as the command `import` reads it.

#[path = "../../src/bin/amparo/import/decode.rs"]
pub mod decode;
#[path = "../../src/bin/amparo/import/table.rs"]
pub mod table;

use std::io::{Seek, Write};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason(pub &'static str);

thread_local! {
    // In memory where there is such a folder: a disk would make this a hundred times slower.
    static FILE: tempfile::NamedTempFile = tempfile::NamedTempFile::new_in("/dev/shm")
        .or_else(|_| tempfile::NamedTempFile::new())
        .expect("a file");
}

/// Reads a table to its end, as `import` does.
pub fn read(bytes: &[u8]) {
    FILE.with(|named| {
        let mut file = named.as_file();
        file.set_len(0).expect("a file");
        file.rewind().expect("a file");
        file.write_all(bytes).expect("a file");
        let path = named.path();
        let Ok(found) = decode::Found::detect(path) else {
            return;
        };
        let Ok(shape) = table::Shape::detect(path, found) else {
            return;
        };
        let Ok(mut table) = table::Table::open(path, found, shape) else {
            return;
        };
        let mut rows = 0;
        while let Ok(Some(row)) = table.next_row() {
            rows += 1;
            assert!(rows <= bytes.len() + 1, "more rows than bytes");
            for (index, _) in row.cells.unwrap_or_default() {
                assert!(index < table.headers.len());
            }
        }
        assert!(table.position() <= bytes.len() as u64);
    });
}
