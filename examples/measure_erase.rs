//! How long does it take to erase one record among 10,000, and among a million?
//!
//! ```sh
//! cargo run --release --example measure_erase -- DIR 10000
//! cargo run --release --example measure_erase -- DIR 1000000
//! ```
//!
//! Beside it stands what the disk takes for the five syncs that no erase can do without.

#![allow(clippy::print_stdout, reason = "this program is here to print")]

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use amparo::{Identity, RecordDraft, Schema, Vault, VaultOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, records] = args.as_slice() else {
        return Err("a folder and a number of records".into());
    };
    let records: usize = records.parse()?;
    let path = Path::new(dir).join(format!("vault-{records}"));
    let identity = Identity::generate()?;
    let escrow = Identity::generate()?.card().recipient();
    let vault = VaultOptions::new().escrow(&escrow).create(&path, &Schema::peru()?, &identity)?;
    let cases = fill(&vault, records)?;
    let mut took: Vec<Duration> = Vec::new();
    for case in cases {
        let started = Instant::now();
        vault.erase(case, &amparo::Erasure::new(amparo::ErasureReason::Retention))?;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let at = |nth: usize| took.get(nth).copied().unwrap_or_default();
    let [least, median, most] = [at(0), at(took.len() / 2), at(took.len().saturating_sub(1))];
    println!("{records} records, {} erases of a case with one person under it", took.len());
    println!("least {least:?}, median {median:?}, most {most:?}");
    println!("five syncs of this disk, median: {:?}", syncs(Path::new(dir))?);
    vault.close()?;
    Ok(())
}

/// Cases with one person each; gives some of them, from everywhere in the vault.
fn fill(vault: &Vault, records: usize) -> Result<Vec<amparo::RecordId>, Box<dyn Error>> {
    let mut some = Vec::new();
    let mut made = 0;
    while made < records {
        let drafts = (0..500).flat_map(|nth| {
            let number = made / 2 + nth;
            let case = RecordDraft::new("case")
                .set("case_code", format!("HCO-{number:07}"))
                .set("registration_date", "2026-03-01")
                .set("status", "open");
            let person = RecordDraft::new("person")
                .set("survivor_code", format!("S-{number:07}"))
                .set("sex", "female")
                .under_draft(nth * 2);
            [case, person]
        });
        let ids = vault.add_all(drafts.collect())?;
        if made % (records / 1000 / 50).max(1) * 1000 == 0 {
            some.extend(ids.first());
        }
        made += ids.len();
    }
    Ok(some)
}

/// Spare slot, next capsule, frame, capsule's name, old slot.
fn syncs(dir: &Path) -> Result<Duration, Box<dyn Error>> {
    let path = dir.join("syncs");
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        for _ in 0..5 {
            let mut file = std::fs::File::create(&path)?;
            file.write_all(&[7; 4096])?;
            file.sync_all()?;
        }
        took.push(started.elapsed());
    }
    std::fs::remove_file(path)?;
    took.sort_unstable();
    Ok(took.get(took.len() / 2).copied().unwrap_or_default())
}
