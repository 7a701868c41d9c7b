//! How long does it take to check a vault, on how many cores, and with how much memory?
//!
//! `measure_check [records] [folder]`: makes the vault in the folder if it is not there, else
//! checks it. Run it with `taskset -c 0` for one core.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement prints, and may end in a panic"
)]

use std::time::Instant;

use amparo::{Identity, RecordDraft, Schema, Vault};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let records: usize = arguments.next().map_or(100_000, |count| count.parse().unwrap());
    let folder = std::path::PathBuf::from(arguments.next().unwrap_or_else(|| "measured".into()));
    let (path, key) = (folder.join("vault"), folder.join("rosa.key"));
    if !path.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let rosa = Identity::generate().unwrap();
        std::fs::write(&key, rosa.to_plain().expose()).unwrap();
        fill(&Vault::create(&path, &Schema::peru().unwrap(), &rosa).unwrap(), records);
        println!("{records} records made");
        return;
    }
    let rosa = Identity::parse(&std::fs::read(&key).unwrap(), None).unwrap();
    let vault = Vault::open(&path, &rosa).unwrap();
    let start = Instant::now();
    vault.check_quick().unwrap();
    println!("quick: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let before = peak();
    let start = Instant::now();
    let report = vault.check(&mut |_| ()).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} records, {} sections, {} postings, {} leaves, {} findings: {seconds:.1} s, {:.0}/s",
        report.records,
        report.sections,
        report.postings,
        report.leaves,
        report.findings.len(),
        report.records as f64 / seconds,
    );
    println!("peak memory: {before} MB when opened, {} MB after", peak());
    let cores = std::thread::available_parallelism().unwrap();
    println!("cores: {cores}");
}

/// A case with four people, again and again.
fn fill(vault: &Vault, records: usize) {
    let names = ["Quispe", "Mamani", "Huaman", "Flores", "Condori", "Rojas", "Ccori", "Vilca"];
    for first in (0..records).step_by(500) {
        let some = (first..records.min(first + 500)).map(|n| {
            if n % 5 == 0 {
                return RecordDraft::new("case")
                    .set("case_code", format!("HCO-{n}"))
                    .set("registration_date", "2026-03-01")
                    .set("status", "open");
            }
            RecordDraft::new("person")
                .under_draft((n - first) / 5 * 5)
                .set("survivor_code", format!("S-{n}"))
                .set("given_names", format!("Flor {}", n % 997))
                .set("paternal_surname", names.get(n % names.len()).copied().unwrap_or_default())
                .set("birth_date", "2012-05-04")
                .set("sex", "female")
                .set("phone", format!("9{n:08}"))
                .set("safe_location", "Refugio Ficticio")
        });
        vault.add_all(some.collect()).unwrap();
    }
    vault.compact().unwrap();
}

/// The most memory that this process has taken, in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
