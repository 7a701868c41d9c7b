//! Measures what is proposed in three sets of invented case notes.
//!
//! ```sh
//! cargo run --release --example measure_review
//! cargo run --release --example measure_review -- --missed tuning
//! ```

use std::error::Error;
use std::io::{Write, stdout};

mod measure;

use measure::{Measure, Notes};

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
    for name in ["tuning", "held_out", "third"] {
        let measure = Measure::of(&Notes::read(name)?);
        writeln!(out, "{name}: {measure}")?;
    }
    Ok(())
}
