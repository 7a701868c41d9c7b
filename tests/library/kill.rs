//! Kill -9 at 300 random instants of a mixed workload: every acknowledged write is there,
//! whole; nothing half-written is visible; the vault opens every time.
//!
//! The test runs its own binary as the worker. The worker says what it is about to do, does
//! it, and says that it is done; what it said is what the vault is held against.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use amparo::{
    ErrorKind, FilePins, Identity, RecordDraft, RecordEdit, RecordId, Vault, VaultOptions,
};

use crate::office::{case, kind_of, schema, text};

const VAULTS: u64 = 10;
const KILLS_A_VAULT: u64 = 30;
const BATCH: usize = 50;
const LONGEST_LIFE_MS: u64 = 120;
/// Set for the worker only: the folder that holds the vault.
const FOLDER: &str = "AMPARO_TEST_KILL_FOLDER";
const SEED: &str = "AMPARO_TEST_KILL_SEED";

#[test]
fn nothing_acknowledged_is_lost() {
    let started = Instant::now();
    let halves = std::thread::scope(|scope| {
        let half = |part: u64| move || (part..VAULTS).step_by(2).map(torment).collect::<Vec<_>>();
        let threads = [scope.spawn(half(0)), scope.spawn(half(1))];
        threads.map(|thread| thread.join().unwrap())
    });
    let mut total = Tally::default();
    for tally in halves.iter().flatten() {
        total.add(tally);
    }
    // Past the harness, which keeps what a test prints.
    let Tally { kills, records, edits, erases, reopenings, in_flight, opening } = total;
    let seconds = started.elapsed().as_secs_f32();
    let report = format!(
        "kills {kills} ({opening} while opening, {in_flight} within a write) | acknowledged: records \
         {records}, edits {edits}, erases {erases}, reopenings {reopenings} | lost 0 | {seconds:.0} s\n"
    );
    io::stderr().write_all(report.as_bytes()).unwrap();
    assert_eq!(kills, VAULTS * KILLS_A_VAULT);
    assert!(
        records > 1000 && edits > 100 && erases > 10 && in_flight > 50,
        "too little was at stake"
    );
}

#[derive(Default)]
struct Tally {
    kills: u64,
    records: usize,
    edits: usize,
    erases: usize,
    reopenings: usize,
    in_flight: usize,
    opening: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.records += other.records;
        self.edits += other.edits;
        self.erases += other.erases;
        self.reopenings += other.reopenings;
        self.in_flight += other.in_flight;
        self.opening += other.opening;
    }
}

/// One vault, killed again and again while it grows.
fn torment(number: u64) -> Tally {
    let folder = tempfile::tempdir().unwrap();
    let rosa = Identity::generate().unwrap();
    std::fs::write(folder.path().join("rosa.key"), rosa.to_plain().expose()).unwrap();
    options(folder.path()).create(folder.path().join("vault"), schema(), &rosa).unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (number + 1));
    let (mut model, mut tally) = (Model::default(), Tally::default());
    for kill in 1..=KILLS_A_VAULT {
        let said = one_life(folder.path(), &model, &mut random, kill % 6 == 0);
        let opened = said.iter().any(|line| line == "ack open");
        tally.opening += usize::from(!opened);
        let (touched, unfinished) = model.apply(&said, &mut tally);
        tally.in_flight += usize::from(opened && unfinished.is_some());
        let vault = options(folder.path()).open(folder.path().join("vault"), &rosa).unwrap();
        model.settle(&vault, unfinished.as_deref(), touched, kill % 10 == 0);
        vault.close().unwrap();
        tally.kills += 1;
    }
    tally
}

fn options(folder: &Path) -> VaultOptions {
    VaultOptions::new().pins(Arc::new(FilePins::new(folder.join("pins"))))
}

/// Runs the worker, kills it, and gives the lines that it finished saying.
fn one_life(folder: &Path, model: &Model, random: &mut Random, while_opening: bool) -> Vec<String> {
    let mut worker = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::worker", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(SEED, random.next().to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut alive = String::new();
    for (id, record) in &model.records {
        let person = u8::from(record.parent.is_some());
        alive.push_str(&format!("{id} {person} {}\n", record.revision));
    }
    worker.stdin.take().unwrap().write_all(alive.as_bytes()).unwrap();
    let mut output = BufReader::new(worker.stdout.take().unwrap());
    let mut said = Vec::new();
    let signal = if while_opening { "try open" } else { "ack open" };
    loop {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "the worker died by itself: {said:?}");
        said.push(line.trim_end().to_owned());
        if line.trim_end() == signal {
            break;
        }
    }
    std::thread::sleep(Duration::from_micros(random.below(LONGEST_LIFE_MS * 1000)));
    worker.kill().unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    let status = worker.wait().unwrap();
    assert_eq!(status.code(), None, "the worker died by itself: {rest}");
    let whole = rest.rfind('\n').map_or("", |end| &rest[..end]);
    said.extend(whole.lines().map(str::to_owned));
    said.retain(|line| line.starts_with("try ") || line.starts_with("ack "));
    said
}

/// What the vault must hold.
#[derive(Default)]
struct Model {
    records: BTreeMap<RecordId, Expected>,
    erased: BTreeSet<RecordId>,
}

#[derive(Clone, PartialEq, Debug)]
struct Expected {
    revision: u32,
    value: String,
    parent: Option<RecordId>,
}

impl Model {
    /// Takes in what was acknowledged; gives the records it touched and what was left undone.
    fn apply(
        &mut self,
        said: &[String],
        tally: &mut Tally,
    ) -> (BTreeSet<RecordId>, Option<String>) {
        let (mut touched, mut open) = (BTreeSet::new(), None);
        for line in said {
            if let Some(what) = line.strip_prefix("try ") {
                open = Some(what.to_owned());
                continue;
            }
            open = None;
            match words(line)[1..] {
                ["add", value, id] => {
                    tally.records += 1;
                    touched.insert(id.parse().unwrap());
                    self.insert(id, value.to_owned(), None);
                }
                ["batch", parent, value, ref ids @ ..] => {
                    tally.records += ids.len();
                    for (index, id) in ids.iter().enumerate() {
                        touched.insert(id.parse().unwrap());
                        self.insert(id, format!("{value}.{index}"), Some(parent.parse().unwrap()));
                    }
                }
                ["edit", id, revision, value] => {
                    tally.edits += 1;
                    let id = id.parse().unwrap();
                    touched.insert(id);
                    let record = self.records.get_mut(&id).unwrap();
                    record.revision = revision.parse().unwrap();
                    record.value = value.to_owned();
                }
                ["erase", id] => {
                    tally.erases += 1;
                    self.forget(id.parse().unwrap());
                }
                ["open"] => {}
                ["reopen"] => tally.reopenings += 1,
                ref other => panic!("{other:?}"),
            }
        }
        (touched, open)
    }

    fn insert(&mut self, id: &str, value: String, parent: Option<RecordId>) {
        self.records.insert(id.parse().unwrap(), Expected { revision: 1, value, parent });
    }

    fn forget(&mut self, doomed: RecordId) {
        let all = self.family(doomed);
        self.records.retain(|id, _| !all.contains(id));
        self.erased.extend(all);
    }

    fn family(&self, head: RecordId) -> BTreeSet<RecordId> {
        let children = self.records.iter().filter(|(_, record)| record.parent == Some(head));
        children.map(|(id, _)| *id).chain([head]).collect()
    }

    /// Holds the vault against the model, and takes in how the unfinished write came out.
    fn settle(
        &mut self,
        vault: &Vault,
        unfinished: Option<&str>,
        touched: BTreeSet<RecordId>,
        fully: bool,
    ) {
        let unfinished = words(unfinished.unwrap_or_default());
        if let ["erase", id] = unfinished[..] {
            let id = id.parse().unwrap();
            if vault.read(id).is_err() {
                self.forget(id);
            }
        }
        if let ["edit", id, revision, value] = unfinished[..] {
            let record = self.records.get_mut(&id.parse().unwrap()).unwrap();
            let now = vault.read(id.parse().unwrap()).unwrap().revision();
            if now > record.revision {
                assert_eq!(now.to_string(), revision);
                (record.revision, record.value) = (now, value.to_owned());
            }
        }
        let listed: BTreeSet<RecordId> = ["case", "person"]
            .iter()
            .flat_map(|kind| vault.list(kind, None, 100_000).unwrap())
            .collect();
        let known: BTreeSet<RecordId> = self.records.keys().copied().collect();
        let lost: Vec<_> = known.difference(&listed).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?} ({unfinished:?})");
        let unknown: Vec<_> = listed.difference(&known).copied().collect();
        match unfinished[..] {
            ["add", value] if unknown.len() == 1 => {
                self.insert(&unknown[0].to_string(), value.to_owned(), None);
            }
            ["batch", parent, value] if unknown.len() == BATCH => {
                for (index, id) in unknown.iter().enumerate() {
                    let parent = Some(parent.parse().unwrap());
                    self.insert(&id.to_string(), format!("{value}.{index}"), parent);
                }
            }
            _ => assert_eq!(unknown, [], "half of something is visible ({unfinished:?})"),
        }
        for (id, expected) in &self.records {
            if fully
                || touched.contains(id)
                || unknown.contains(id)
                || unfinished.contains(&&*id.to_string())
            {
                assert_eq!(&whole(vault, *id), expected, "{id}");
            }
        }
        for id in &self.erased {
            assert_eq!(kind_of(vault.read(*id)), ErrorKind::NotFound);
        }
        if fully {
            assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
        }
    }
}

/// Reads a record, whose two compartments must say the same.
fn whole(vault: &Vault, id: RecordId) -> Expected {
    let record = vault.read(id).unwrap();
    let [code, other] = fields(record.parent().is_some());
    let value = text(&record, code).unwrap();
    assert_eq!(text(&record, other).as_ref(), Some(&value), "half an edit is visible");
    Expected { revision: record.revision(), value, parent: record.parent() }
}

const fn fields(person: bool) -> [&'static str; 2] {
    if person { ["survivor_code", "given_names"] } else { ["case_code", "narrative"] }
}

fn words(line: &str) -> Vec<&str> {
    line.split(' ').filter(|word| !word.is_empty()).collect()
}

/// The process that is killed; as a test of its own it does nothing.
#[test]
fn worker() {
    let Ok(folder) = std::env::var(FOLDER) else {
        assert!(std::env::var(SEED).is_err(), "a worker needs a folder");
        return;
    };
    let folder = Path::new(&folder);
    let mut random = Random(std::env::var(SEED).unwrap().parse().unwrap());
    let mut alive: Vec<(RecordId, bool, u32)> = io::stdin()
        .lines()
        .map(|line| {
            let line = line.unwrap();
            let [id, person, revision] = words(&line)[..] else { panic!("{line}") };
            (id.parse().unwrap(), person == "1", revision.parse().unwrap())
        })
        .collect();
    let rosa = Identity::parse(&std::fs::read(folder.join("rosa.key")).unwrap(), None).unwrap();
    let open = || options(folder).open(folder.join("vault"), &rosa).unwrap();
    say("\ntry open");
    let mut vault = open();
    say("ack open");
    let name = random.next();
    for round in 0_u32.. {
        let value = format!("v{name:016x}-{round}");
        let cases: Vec<_> =
            alive.iter().filter(|(_, person, _)| !person).map(|(id, ..)| *id).collect();
        match random.below(100) {
            0..4 => {
                say("try reopen");
                vault.close().unwrap();
                vault = open();
                say("ack reopen");
            }
            4..12 if cases.len() > 3 => {
                let doomed = cases[random.index(cases.len())];
                say(&format!("try erase {doomed}"));
                let children = vault.children(doomed).unwrap();
                vault
                    .erase(doomed, &amparo::Erasure::new(amparo::ErasureReason::SurvivorRequest))
                    .unwrap();
                say(&format!("ack erase {doomed}"));
                alive.retain(|(id, ..)| *id != doomed && !children.contains(id));
            }
            12..18 if !cases.is_empty() => {
                let parent = cases[random.index(cases.len())];
                say(&format!("try batch {parent} {value}"));
                let people = (0..BATCH).map(|index| person(parent, &format!("{value}.{index}")));
                let ids = vault.add_all(people.collect()).unwrap();
                let list: Vec<String> = ids.iter().map(RecordId::to_string).collect();
                say(&format!("ack batch {parent} {value} {}", list.join(" ")));
                alive.extend(ids.into_iter().map(|id| (id, true, 1)));
            }
            18..60 if !alive.is_empty() => {
                let chosen = random.index(alive.len());
                let (id, person, revision) = &mut alive[chosen];
                say(&format!("try edit {id} {} {value}", *revision + 1));
                let [code, other] = fields(*person);
                let edit = RecordEdit::new().set(code, value.as_str()).set(other, value.as_str());
                *revision = vault.edit(*id, *revision, edit).unwrap();
                say(&format!("ack edit {id} {revision} {value}"));
            }
            _ => {
                say(&format!("try add {value}"));
                let id = vault.add(case(&value).set("narrative", value.as_str())).unwrap();
                say(&format!("ack add {value} {id}"));
                alive.push((id, false, 1));
            }
        }
    }
}

fn person(parent: RecordId, value: &str) -> RecordDraft {
    RecordDraft::new("person")
        .under(parent)
        .set("survivor_code", value)
        .set("given_names", value)
        .set("sex", "female")
}

/// One line in one write, on its way before this returns.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// SplitMix64: the same instants every time, as far as the machine allows.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap()
    }
}
