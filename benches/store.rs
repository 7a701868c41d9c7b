//! How fast is the embedded store, how large does it become, how long does it take to open?
//!
//! `cargo bench --bench store -- [records] [folder]`: 100,000 records of 26 rows by default
//! (one of 4 KiB, one of 64 bytes, 24 of 40 bytes under 16-byte keys), in the system's
//! folder for temporary files. Prints its parameters with its figures.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a program that measures may stop at the first error"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use amparo::InstanceId;
use amparo::store::{Batch, Expect, OpenMode, SledStore, Store};

const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
const RECORDS_IN_A_COMMIT: u64 = 1_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let records: u64 = arguments.next().map_or(100_000, |text| text.parse().unwrap());
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let path = folder.join(format!("amparo-bench-{}", std::process::id()));
    std::fs::create_dir(&path).unwrap();
    println!("{records} records of 26 rows (4 KiB, 64 B, 24 x 40 B; keys of 16 B) in {path:?}");

    one_record_a_commit(&path.join("commits"));
    let loaded = path.join("load");
    load(&loaded, records);
    reads(&loaded, records);
    std::fs::remove_dir_all(&path).unwrap();
}

fn one_record_a_commit(path: &Path) {
    let count = 4_000;
    let store = SledStore::create(path, INSTANCE).unwrap();
    let mut slowest = 0.0_f64;
    let mut times: Vec<f64> = Vec::new();
    let mut rolls = 0.0;
    for n in 0..count {
        let mut batch = Batch::new();
        add_record(&mut batch, n);
        let start = Instant::now();
        store.commit(&batch).unwrap();
        times.push(start.elapsed().as_secs_f64() * 1e6);
        slowest = slowest.max(times[times.len() - 1]);
        if n % 100 == 99 {
            let start = Instant::now();
            store.maintain().unwrap();
            rolls += start.elapsed().as_secs_f64();
        }
    }
    let total: f64 = times.iter().sum::<f64>() / 1e6;
    times.sort_by(f64::total_cmp);
    println!(
        "durable commit of one record: {:.0}/s, median {:.0} us, 99 % {:.0} us, slowest {slowest:.0} us; \
         maintain() {:.0} ms for {count} commits",
        f64::from(u32::try_from(count).unwrap()) / total,
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        rolls * 1e3,
    );
    timed("close", || drop(store));
    timed("open", || SledStore::open(path, INSTANCE, OpenMode::Write).unwrap().opened());
    timed("open again", || SledStore::open(path, INSTANCE, OpenMode::Write).unwrap().opened());
}

fn load(path: &Path, records: u64) {
    let store = SledStore::create(path, INSTANCE).unwrap();
    let start = Instant::now();
    let (mut in_commit, mut in_maintain) = (0.0, 0.0);
    for first in (0..records).step_by(1_000) {
        let mut batch = Batch::new();
        for n in first..records.min(first + RECORDS_IN_A_COMMIT) {
            add_record(&mut batch, n);
        }
        let start = Instant::now();
        store.commit(&batch).unwrap();
        in_commit += start.elapsed().as_secs_f64();
        let start = Instant::now();
        store.maintain().unwrap();
        in_maintain += start.elapsed().as_secs_f64();
    }
    let total = start.elapsed().as_secs_f64();
    println!(
        "load in commits of {RECORDS_IN_A_COMMIT}: {total:.1} s (commit {in_commit:.1}, maintain {in_maintain:.1}), \
         {:.0} rows/s, {}, disk {} MiB",
        (records * 26) as f64 / total,
        memory(),
        disk(path) >> 20
    );
    timed("compact", || store.compact().unwrap());
    println!("  disk {} MiB, {}", disk(path) >> 20, memory());
    drop(store);
    timed("open", || SledStore::open(path, INSTANCE, OpenMode::Write).unwrap().opened());
    timed("open read-only", || {
        SledStore::open(path, INSTANCE, OpenMode::ReadOnly).unwrap().opened()
    });
}

fn reads(path: &Path, records: u64) {
    let store = SledStore::open(path, INSTANCE, OpenMode::Write).unwrap();
    timed("first get", || store.get(&key(1, 0)).unwrap().is_some());
    for (what, first, hits) in [("absent", records, false), ("present", 0, true)] {
        for pass in ["first", "second"] {
            let count = 200_000.min(records * 26);
            let start = Instant::now();
            for n in 0..count {
                let key = key(first + (n * 7_919) % records, n % 26);
                assert_eq!(store.get(&key).unwrap().is_some(), hits);
            }
            let each = start.elapsed().as_secs_f64() * 1e6 / count as f64;
            println!("get of a row that is {what}, {pass} {count}: {each:.2} us, {}", memory());
        }
    }
    let mut batch = Batch::new();
    for n in 0..26_000 {
        batch.expect(key(records + n, n % 26), Expect::Absent);
    }
    timed("26,000 preconditions (absent) and a commit", || store.commit(&batch).unwrap().sequence);
    timed("scan of everything", || {
        let mut rows = 0_u64;
        store
            .scan(&[], &mut |_, _| {
                rows += 1;
                Ok(())
            })
            .unwrap();
        rows
    });
}

fn add_record(batch: &mut Batch, n: u64) {
    batch.put(key(n, 0), value(n, 0, 4096)).put(key(n, 1), value(n, 1, 64));
    for row in 2..26 {
        batch.put(key(n, row), value(n, row, 40));
    }
}

fn key(record: u64, row: u64) -> [u8; 16] {
    let hash = blake3::hash(&[record.to_le_bytes(), row.to_le_bytes()].concat());
    hash.as_bytes()[..16].try_into().unwrap()
}

fn value(record: u64, row: u64, len: usize) -> Vec<u8> {
    let mut value = vec![0; len];
    let seed = [record.to_le_bytes(), row.to_le_bytes(), [9; 8]].concat();
    blake3::Hasher::new().update(&seed).finalize_xof().fill(&mut value);
    value
}

fn timed<T: std::fmt::Debug>(what: &str, work: impl FnOnce() -> T) {
    let start = Instant::now();
    let done = work();
    println!("{what}: {:.1} ms, {done:?}", start.elapsed().as_secs_f64() * 1e3);
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) >> 10
    };
    format!("RSS {} MiB (peak {})", field("VmRSS"), field("VmHWM"))
}

fn disk(path: &Path) -> u64 {
    let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { disk(&path) } else { path.metadata().unwrap().len() })
        .sum()
}
