//! The process killed at a random instant. It says what it did; that must be there.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use amparo::{Identity, RecordId, Schema, Vault};

use crate::random::Random;
use crate::table::Outcome;
use crate::vault::{Truth, case, judge, options};

pub(crate) const NAME: &str = "killed at a random instant";
/// Set for the process that is killed: the folder that holds its vault.
const HOME: &str = "AMPARO_HARNESS_HOME";

/// The work of the process that is killed; nothing in any other.
pub(crate) fn work() -> Option<ExitCode> {
    let home = PathBuf::from(std::env::var_os(HOME)?);
    let key = fs::read(home.join("director.key")).unwrap();
    let vault = open(&home, &Identity::parse(&key, None).unwrap());
    let mut out = std::io::stdout();
    for number in 0.. {
        let value = format!("HCO-{}-{number}", std::process::id());
        let id = vault.add(case(&value)).unwrap();
        writeln!(out, "{id} {value}").unwrap();
        if number % 40 == 39 {
            vault.compact().unwrap();
        }
    }
    Some(ExitCode::SUCCESS)
}

fn open(home: &Path, director: &Identity) -> Vault {
    options(home).open(home.join("vault"), director).unwrap()
}

pub(crate) fn trial(random: &mut Random) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let director = Identity::generate().unwrap();
    fs::write(home.path().join("director.key"), director.to_plain().expose()).unwrap();
    let schema = Schema::peru().unwrap();
    drop(options(home.path()).create(home.path().join("vault"), &schema, &director).unwrap());
    let mut records: BTreeMap<RecordId, String> = BTreeMap::new();
    for round in 0..3 {
        let mut worker = Command::new(std::env::current_exe().unwrap())
            .env(HOME, home.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(worker.stdout.take().unwrap());
        let mut text = String::new();
        // Sometimes before it wrote anything, sometimes after.
        if round == 0 || random.below(4) > 0 {
            said.read_line(&mut text).unwrap();
        }
        std::thread::sleep(Duration::from_micros(random.below(80_000)));
        worker.kill().unwrap();
        said.read_to_string(&mut text).unwrap();
        worker.wait().unwrap();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        for line in whole.lines() {
            let (id, value) = line.split_once(' ').unwrap();
            records.insert(id.parse().unwrap(), value.to_owned());
        }
    }
    if records.is_empty() {
        return Outcome::Silent("the process that was to be killed wrote nothing".to_owned());
    }
    match judge(home.path(), &director, &Truth { records, ..Truth::default() }) {
        Outcome::Harmless | Outcome::Repaired => Outcome::Repaired,
        lost => Outcome::Silent(format!("after a kill: {lost:?}")),
    }
}
