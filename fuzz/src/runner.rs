//! Runs a target: files that are named, or every seed and then mutations of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::mutate::Mutator;

const DEFAULT_SECONDS: u64 = 10;
/// An input that takes longer than this is a finding.
const SLOWEST: Duration = Duration::from_secs(5);

/// `TARGET FILE...` replays files; `TARGET [--seconds N] [--seed N]` fuzzes.
pub fn run(name: &'static str, door: fn(&[u8])) -> ExitCode {
    let (mut seconds, mut seed, mut files) = (DEFAULT_SECONDS, 1, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|text| text.parse().ok());
        match argument.as_str() {
            "--seconds" => seconds = number().expect("--seconds needs a number"),
            "--seed" => seed = number().expect("--seed needs a number"),
            _ => files.push(PathBuf::from(argument)),
        }
    }
    if !files.is_empty() {
        for file in &files {
            door(&fs::read(file).expect("the file cannot be read"));
            println!("{name}: {} passed", file.display());
        }
        return ExitCode::SUCCESS;
    }
    match fuzz(name, door, Duration::from_secs(seconds), seed) {
        Ok(said) => {
            println!("{name}: {said}");
            ExitCode::SUCCESS
        }
        Err(finding) => {
            eprintln!("{name}: {finding}");
            ExitCode::FAILURE
        }
    }
}

fn fuzz(name: &str, door: fn(&[u8]), time: Duration, seed: u64) -> Result<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds: Vec<PathBuf> = fs::read_dir(folder.join("seeds").join(name))
        .map_err(|_| "there are no seeds".to_owned())?
        .map(|entry| entry.expect("a seed").path())
        .collect();
    seeds.sort();
    let corpus: Vec<Vec<u8>> = seeds
        .iter()
        .map(|path| fs::read(path).expect("a seed"))
        .collect();
    if corpus.is_empty() {
        return Err("there are no seeds".to_owned());
    }
    let keep = |input: &[u8], why: &str| {
        let artifacts = folder.join("artifacts");
        let path = artifacts.join(format!("{name}-{seed}"));
        let _ = fs::create_dir_all(&artifacts);
        let _ = fs::write(&path, input);
        format!("{why}; the input is in {}", path.display())
    };
    for (path, input) in seeds.iter().zip(&corpus) {
        attempt(door, input).map_err(|why| format!("{why} on the seed {}", path.display()))?;
    }
    let mut mutator = Mutator::new(corpus, seed);
    let (started, mut runs) = (Instant::now(), 0_u64);
    while started.elapsed() < time {
        let input = mutator.next();
        attempt(door, &input).map_err(|why| keep(&input, why))?;
        runs += 1;
    }
    Ok(format!(
        "{} seeds and {runs} mutations of them (seed {seed}) passed",
        seeds.len()
    ))
}

fn attempt(door: fn(&[u8]), input: &[u8]) -> Result<(), &'static str> {
    let started = Instant::now();
    std::panic::catch_unwind(|| door(input)).map_err(|_| "a panic")?;
    if started.elapsed() > SLOWEST {
        Err("too slow")
    } else {
        Ok(())
    }
}
