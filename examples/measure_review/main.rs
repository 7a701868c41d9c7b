//! Measures what is proposed in the sets of invented case notes.
//!
//! ```sh
//! cargo run --release --example measure_review
//! cargo run --release --example measure_review -- tuning third
//! cargo run --release --example measure_review -- --missed tuning
//! ```

use std::error::Error;
use std::io::{Write, stdout};

mod measure;

use measure::{Measure, Notes};

const SETS: &[&str] = &["tuning", "held_out", "third", "fourth", "fifth", "sixth", "seventh"];

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut out = stdout().lock();
    if let [flag, name] = args.as_slice()
        && flag == "--missed"
    {
        let notes = Notes::read(name)?;
        for line in notes.missed().chain(notes.needless()) {
            writeln!(out, "{line}")?;
        }
        return Ok(());
    }
    let some: Vec<&str> = args.iter().map(String::as_str).collect();
    for name in if some.is_empty() { SETS } else { &some } {
        let measure = Measure::of(&Notes::read(name)?);
        writeln!(out, "{name}: {measure}")?;
    }
    Ok(())
}
