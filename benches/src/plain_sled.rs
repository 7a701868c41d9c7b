//! sled 0.34.7 alone, nothing sealed: one row for each record, no search words (a row for each
//! word, as Amparo has, took it 68 s and 11 GB of memory), `fdatasync` on its log for durability,
//! since its own `flush` does not sync the disk's cache on Linux.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::sample::{ONE_FIELD, Sample, Value};

pub struct PlainSled {
    db: sled::Db,
    log: PathBuf,
    next: u64,
    with_notes: u64,
}

pub fn open(folder: &Path) -> Box<dyn Engine> {
    let db = sled::Config::new()
        .path(folder.join("db"))
        .flush_every_ms(None)
        .cache_capacity(64 << 20)
        .open()
        .unwrap();
    let next = db.scan_prefix([b'r']).next_back().map_or(0, |row| number(&row.unwrap().0) + 1);
    Box::new(PlainSled { db, log: folder.join("db/db"), next, with_notes: 0 })
}

fn number(key: &[u8]) -> u64 {
    u64::from_be_bytes(key[1..9].try_into().unwrap())
}

fn key(record: u64) -> [u8; 9] {
    let mut key = [b'r'; 9];
    key[1..].copy_from_slice(&record.to_be_bytes());
    key
}

/// Length, then bytes, for each field in order.
fn encode(sample: &Sample) -> Vec<u8> {
    let mut row = Vec::new();
    for value in &sample.values {
        let number;
        let bytes: &[u8] = match value {
            Value::Text(text) => text.as_bytes(),
            Value::Integer(value) => {
                number = value.to_le_bytes();
                &number
            }
        };
        row.extend_from_slice(&u32::try_from(bytes.len()).unwrap().to_le_bytes());
        row.extend_from_slice(bytes);
    }
    row
}

fn fields(row: &[u8]) -> Vec<Vec<u8>> {
    let (mut rest, mut found) = (row, Vec::new());
    while let Some((len, after)) = rest.split_first_chunk() {
        let (field, after) = after.split_at(u32::from_le_bytes(*len) as usize);
        found.push(field.to_vec());
        rest = after;
    }
    found
}

impl PlainSled {
    fn commit(&mut self, batch: sled::Batch) {
        self.db.apply_batch(batch).unwrap();
        self.db.flush().unwrap();
        File::open(&self.log).unwrap().sync_data().unwrap();
    }
}

impl Engine for PlainSled {
    fn add(&mut self, files: &[Sample]) {
        let mut batch = sled::Batch::default();
        for file in files {
            batch.insert(&key(self.next), encode(file));
            self.next += 1;
        }
        self.commit(batch);
    }

    fn add_notes(&mut self, notes: &[Sample]) {
        let parent = self.next - 1;
        let mut batch = sled::Batch::default();
        for (i, note) in notes.iter().enumerate() {
            let mut key = key(parent).to_vec();
            key[0] = b'n';
            key.push(u8::try_from(i).unwrap());
            batch.insert(key, encode(note));
        }
        self.with_notes = parent;
        self.commit(batch);
    }

    fn field(&mut self, record: usize) -> usize {
        let row = self.db.get(key(record as u64)).unwrap().unwrap();
        let mut rest = &row[..];
        for _ in 0..ONE_FIELD {
            let (len, after) = rest.split_first_chunk().unwrap();
            rest = &after[u32::from_le_bytes(*len) as usize..];
        }
        let (len, after) = rest.split_first_chunk().unwrap();
        after[..u32::from_le_bytes(*len) as usize].to_vec().len()
    }

    fn case(&mut self) -> usize {
        let mut count = fields(&self.db.get(key(self.with_notes)).unwrap().unwrap()).len();
        let mut prefix = key(self.with_notes);
        prefix[0] = b'n';
        for row in self.db.scan_prefix(prefix) {
            count += fields(&row.unwrap().1).len();
        }
        count
    }

    fn find(&mut self, _: &str) -> usize {
        panic!("plain sled keeps no search words");
    }

    fn compact(&mut self) {
        self.db.flush().unwrap();
    }
}
