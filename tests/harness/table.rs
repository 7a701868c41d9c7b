//! What the trials found, by kind.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::random::Random;

/// How a trial came out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// Everything is there and nothing had to be said: the damage hit what nobody needs.
    Harmless,
    /// Everything is there, and what was damaged was made anew.
    Repaired,
    /// The vault does not open, and says why.
    Refused,
    /// Something is lost or altered: it is named, at the read or by the check.
    LostAndSaid,
    /// A wrong value, or a loss that nobody was told of.
    Silent(String),
}

#[derive(Default)]
struct Row {
    name: &'static str,
    trials: u64,
    harmless: u64,
    repaired: u64,
    refused: u64,
    said: u64,
    silent: Vec<String>,
    panics: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

impl Table {
    /// Runs trials of a kind on both cores, each with a seed of its own.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        trials: u64,
        seed: u64,
        trial: impl Fn(&mut Random) -> Outcome + Sync,
    ) {
        let row = Mutex::new(Row { name, trials, ..Row::default() });
        let next = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= trials {
                            return;
                        }
                        let seed = seed + number;
                        let mut random = Random::new(seed);
                        let done = catch_unwind(AssertUnwindSafe(|| trial(&mut random)));
                        let mut row = row.lock().unwrap();
                        match done {
                            Ok(Outcome::Harmless) => row.harmless += 1,
                            Ok(Outcome::Repaired) => row.repaired += 1,
                            Ok(Outcome::Refused) => row.refused += 1,
                            Ok(Outcome::LostAndSaid) => row.said += 1,
                            Ok(Outcome::Silent(what)) => {
                                row.silent.push(format!("seed {seed}: {what}"));
                            }
                            Err(panic) => {
                                let text = panic.downcast_ref::<String>().cloned();
                                let text = text.or_else(|| {
                                    panic.downcast_ref::<&str>().map(|text| (*text).to_owned())
                                });
                                let text = text.unwrap_or_default();
                                row.panics.push(format!("seed {seed}: {text}"));
                            }
                        }
                    }
                });
            }
        });
        self.0.push(row.into_inner().unwrap());
    }

    /// Nothing silent, no panic, and something was tried.
    pub(crate) fn is_good(&self) -> bool {
        !self.0.is_empty()
            && self
                .0
                .iter()
                .all(|row| row.silent.is_empty() && row.panics.is_empty() && row.trials > 0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<34} {:>7} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7}",
            "damage", "trials", "harmless", "repaired", "refused", "lost+said", "silent", "panics"
        )?;
        for row in &self.0 {
            writeln!(
                f,
                "{:<34} {:>7} {:>9} {:>9} {:>9} {:>9} {:>7} {:>7}",
                row.name,
                row.trials,
                row.harmless,
                row.repaired,
                row.refused,
                row.said,
                row.silent.len(),
                row.panics.len()
            )?;
        }
        for row in &self.0 {
            for what in row
                .silent
                .iter()
                .map(|w| ("silent", w))
                .chain(row.panics.iter().map(|w| ("panic", w)))
            {
                writeln!(f, "{}: {}: {}", row.name, what.0, what.1)?;
            }
        }
        Ok(())
    }
}
