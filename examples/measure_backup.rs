//! How long a backup, an increment and a restore take against `cp -r` of the folder.
//!
//! `cargo run --release --example measure_backup -- [RECORDS] [DIR]`

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, not a library")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use amparo::{BackupRequest, Identity, RecordDraft, RecordEdit, Restore, Schema, Vault};

fn main() {
    let mut args = std::env::args().skip(1);
    let records: usize = args.next().map_or(20_000, |text| text.parse().unwrap());
    let folder = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("amparo-measure-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    measure(&folder, records);
    fs::remove_dir_all(&folder).unwrap();
}

fn measure(folder: &Path, records: usize) {
    let rosa = Identity::generate().unwrap();
    let vault = Vault::create(folder.join("vault"), &Schema::peru().unwrap(), &rosa).unwrap();
    let mut ids = Vec::new();
    for first in (0..records).step_by(1000) {
        let drafts: Vec<_> = (first..records.min(first + 1000)).map(draft).collect();
        ids.extend(vault.add_all(drafts).unwrap());
    }
    vault.compact().unwrap();
    let size = size_of(&folder.join("vault"));
    println!("{records} records, {} MiB", size >> 20);
    timed("cp -r, then sync", size, || {
        let mut copy = Command::new("cp");
        copy.arg("-r").arg(folder.join("vault")).arg(folder.join("copy"));
        assert!(copy.status().unwrap().success());
        assert!(Command::new("sync").status().unwrap().success());
    });
    let [full, over] = ["full", "over"].map(|name| folder.join(name));
    timed("backup, read back", size, || {
        vault.backup(&full, &BackupRequest::new(), &mut |_| ()).unwrap();
    });
    println!("{:24} {} MiB", "its length", size_of(&full) >> 20);
    for id in ids.iter().step_by(100) {
        vault.edit(*id, 1, RecordEdit::new().set("status", "closed")).unwrap();
    }
    timed("increment, 1 % changed", size, || {
        vault.backup(&over, &BackupRequest::new().since(&full), &mut |_| ()).unwrap();
    });
    println!("{:24} {} KiB", "its length", size_of(&over) >> 10);
    timed("the vault's own check", size, || {
        assert!(vault.check(&mut |_| ()).unwrap().findings.is_empty());
    });
    vault.close().unwrap();
    let restore = Restore::new(&full).increment(&over);
    timed("restore, check included", size, || {
        let restored = restore.into_folder(folder.join("again"), Some(&rosa), &mut |_| ());
        assert!(restored.unwrap().report.check.unwrap().findings.is_empty());
    });
}

fn draft(number: usize) -> RecordDraft {
    RecordDraft::new("case")
        .set("case_code", format!("HCO-{number:06}"))
        .set("registration_date", "2026-03-01")
        .set("status", "open")
        .set("narrative", "Relato inventado. ".repeat(40))
}

fn timed(what: &str, bytes: u64, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    let seconds = start.elapsed().as_secs_f64();
    let rate = bytes as f64 / f64::from(1 << 20) / seconds;
    println!("{what:24} {seconds:7.2} s, {rate:6.0} MiB/s of the folder");
}

fn size_of(path: &Path) -> u64 {
    if path.is_dir() {
        fs::read_dir(path).unwrap().map(|entry| size_of(&entry.unwrap().path())).sum()
    } else {
        fs::metadata(path).unwrap().len()
    }
}
