//! A vault damaged in every way that a disk, a person or a program could damage it, thousands of
//! times over, each time from a seed. It opens or says why; it never shows a wrong value; what is
//! lost is said; nothing crosses the API but errors.
//!
//! ```sh
//! cargo test --test harness                                   # some hundred trials
//! AMPARO_TRIALS=5000 cargo test --test harness                # as many of each kind as you like
//! AMPARO_TRIALS=1 AMPARO_SEED=1234 AMPARO_DAMAGE="cut short" cargo test --test harness
//! ```
//!
//! Crashes at each named step between two changes of the file system are tests of the library
//! itself (`store::tests`, `vault::tests`), which can stop there; here the process is killed at
//! random instants.

#![cfg(feature = "sled")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a program that tests may fail, and prints what it found"
)]

mod damage;
mod faults;
mod kills;
mod random;
mod table;
mod vault;

use std::process::ExitCode;
use std::time::Instant;

use table::Table;

/// Trials of each kind unless `AMPARO_TRIALS` says otherwise.
const TRIALS: u64 = 40;

fn main() -> ExitCode {
    if let Some(code) = kills::work() {
        return code;
    }
    // `cargo test NAME` runs every test binary with a filter.
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    if filter.is_some_and(|filter| !"harness".contains(&filter)) {
        return ExitCode::SUCCESS;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let trials = number("AMPARO_TRIALS").unwrap_or(TRIALS);
    let seed = number("AMPARO_SEED").unwrap_or(1);
    let started = Instant::now();
    let pristine = vault::Pristine::new();
    // What a trial panics with is counted; the trace of each would bury the table.
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let mut table = Table::default();
    let only = std::env::var("AMPARO_DAMAGE").unwrap_or_default();
    for kind in damage::KINDS.iter().filter(|kind| kind.name.contains(&only)) {
        table.run(kind.name, trials, seed, |random| damage::trial(&pristine, *kind, random));
    }
    if damage::BACKUP.contains(&only) {
        let trial = |random: &mut random::Random| damage::backup(&pristine, random);
        table.run(damage::BACKUP, trials, seed, trial);
    }
    for kind in faults::KINDS.iter().filter(|kind| kind.name.contains(&only)) {
        table.run(kind.name, trials.div_ceil(4), seed, |random| faults::trial(*kind, random));
    }
    if kills::NAME.contains(&only) {
        table.run(kills::NAME, trials.div_ceil(4), seed, kills::trial);
    }
    std::panic::set_hook(loud);
    // No trial reached the vault that the others are copies of.
    pristine.expect_whole();
    println!("{table}{} s", started.elapsed().as_secs());
    if table.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
