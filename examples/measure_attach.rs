//! How long a file takes into a vault and out again, against plain `age` with the same bytes in
//! the same process.
//!
//! `cargo run --release --example measure_attach -- [MIB] [DIR]`

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement, not a library"
)]

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use amparo::{Identity, NewAttachment, RecordDraft, Schema, Vault};

/// Runs of each, in turns: a disk has moods.
const RUNS: usize = 3;

fn main() {
    let mut args = std::env::args().skip(1);
    let mib: u64 = args.next().map_or(1024, |text| text.parse().unwrap());
    let folder = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("amparo-measure-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    measure(&folder, mib);
    fs::remove_dir_all(&folder).unwrap();
}

fn measure(folder: &Path, mib: u64) {
    let rosa = Identity::generate().unwrap();
    let vault = Vault::create(folder.join("vault"), &Schema::peru().unwrap(), &rosa).unwrap();
    let case = RecordDraft::new("case").set("case_code", "HCO-0001");
    let case = case.set("registration_date", "2026-03-01").set("status", "open");
    let case = vault.add(case).unwrap();
    let source = folder.join("source");
    invent(&source, mib << 20);
    let key = age::x25519::Identity::generate();
    let mut best = [Duration::MAX; 4];
    for run in 0..RUNS {
        let sealed = folder.join("plain.age");
        let took = [
            timed("age, sealed and synced", mib, || seal(&source, &sealed, &key)),
            timed("attached", mib, || {
                let mut file = File::open(&source).unwrap();
                let new = NewAttachment::new("video");
                vault.attach(case, &new, &mut file).unwrap();
            }),
            timed("age, opened to nowhere", mib, || open(&sealed, &key)),
            timed("attachment, read to nowhere", mib, || {
                let id = *vault.attachments(case).unwrap().last().unwrap();
                let mut file = vault.open_attachment(id).unwrap();
                io::copy(&mut file, &mut io::sink()).unwrap();
            }),
        ];
        best.iter_mut().zip(took).for_each(|(best, took)| *best = took.min(*best));
        let last = *vault.attachments(case).unwrap().last().unwrap();
        if run == 0 {
            timed("written out, verified", mib, || {
                vault.save_attachment(last, folder.join("out")).unwrap();
            });
            fs::remove_file(folder.join("out")).unwrap();
        }
        fs::remove_file(sealed).unwrap();
        vault
            .erase(last.record(), &amparo::Erasure::new(amparo::ErasureReason::Retention))
            .unwrap();
    }
    let [age, ours, age_back, ours_back] = best.map(|took| took.as_secs_f64());
    println!("best of {RUNS}: in {:.2} times age, out {:.2}", ours / age, ours_back / age_back);
}

/// Bytes that no disk compresses.
fn invent(path: &Path, length: u64) {
    let mut seed = blake3::Hasher::new().finalize_xof();
    let mut file = File::create_new(path).unwrap();
    let mut block = vec![0; 1 << 20];
    for _ in 0..length >> 20 {
        seed.fill(&mut block);
        file.write_all(&block).unwrap();
    }
    file.sync_all().unwrap();
}

fn seal(from: &Path, to: &Path, key: &age::x25519::Identity) {
    let recipient = key.to_public();
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let file = File::create_new(to).unwrap();
    let mut out = age::Encryptor::with_recipients(recipients).unwrap().wrap_output(&file).unwrap();
    let mut source = File::open(from).unwrap();
    let mut block = vec![0; 256 << 10];
    loop {
        let read = source.read(&mut block).unwrap();
        if read == 0 {
            break;
        }
        out.write_all(&block[..read]).unwrap();
    }
    out.finish().unwrap();
    file.sync_all().unwrap();
}

fn open(path: &Path, key: &age::x25519::Identity) {
    let file = BufReader::new(File::open(path).unwrap());
    let decryptor = age::Decryptor::new_buffered(file).unwrap();
    let mut reader = decryptor.decrypt(std::iter::once(key as &dyn age::Identity)).unwrap();
    io::copy(&mut reader, &mut io::sink()).unwrap();
}

fn timed(what: &str, mib: u64, work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    let took = start.elapsed();
    println!(
        "{what:28} {:6.2} s, {:5.0} MiB/s",
        took.as_secs_f64(),
        mib as f64 / took.as_secs_f64()
    );
    took
}
