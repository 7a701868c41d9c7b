//! Measures what is proposed in three sets of invented case notes.
//!
//! ```sh
//! cargo run --release --example measure_review
//! cargo run --release --example measure_review -- --missed tuning
//! ```

use std::error::Error;
use std::io::{Write, stdout};

mod measure;

use measure::{Half, Measure};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut out = stdout().lock();
    if let [flag, half] = args.as_slice()
        && flag == "--missed"
    {
        let half = Half::read(half)?;
        for line in half.missed().chain(half.needless()) {
            writeln!(out, "{line}")?;
        }
        return Ok(());
    }
    for name in ["tuning", "held_out", "third"] {
        let measure = Measure::of(&Half::read(name)?);
        writeln!(out, "{name}: {measure}")?;
    }
    Ok(())
}
