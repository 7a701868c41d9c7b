//! What a user would ask, answered for Amparo and its rivals in one run.
//!
//! `cargo run --release -- [--records N] [--commits N] [--folder PATH] [question ...]`, in this
//! folder. Questions: add log import one case find open sealing show; all of them by default.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a program that measures may stop at the first error"
)]

mod engine;
mod measure;
mod ours;
mod plain_sled;
mod sample;
mod sealing;
mod sqlcipher;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use engine::{NOTES, Open, Worker};
use measure::{median, percentile, ratio, time};

const IN_A_COMMIT: u64 = 1_000;

struct Plan {
    records: u64,
    commits: u64,
    folder: PathBuf,
    questions: Vec<String>,
}

impl Plan {
    fn asks(&self, question: &str) -> bool {
        self.questions.is_empty() || self.questions.iter().any(|asked| asked == question)
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["worker", name, folder] => return engine::serve(opener(name), Path::new(folder)),
        ["show", folder] => return show(Path::new(folder)),
        _ => {}
    }
    let mut plan =
        Plan { records: 100_000, commits: 400, folder: std::env::temp_dir(), questions: vec![] };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--records" => plan.records = arguments.next().unwrap().parse().unwrap(),
            "--commits" => plan.commits = arguments.next().unwrap().parse().unwrap(),
            "--folder" => plan.folder = arguments.next().unwrap().into(),
            _ => plan.questions.push(argument),
        }
    }
    plan.folder.push(format!("amparo-benches-{}", std::process::id()));
    println!(
        "case files of 20 fields over 6 compartments with 23 search words; {} cores; {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        plan.folder.display()
    );
    if plan.asks("sealing") {
        sealing::print(501);
    }
    if plan.asks("add") {
        add(&plan);
    }
    if plan.asks("log") {
        log(&plan);
    }
    if ["import", "one", "case", "find", "open", "show"].iter().any(|q| plan.asks(q)) {
        large(&plan);
    }
    let _ = std::fs::remove_dir_all(&plan.folder);
}

fn opener(name: &str) -> Open {
    match name {
        "amparo" => ours::open,
        "no log" => ours::open_unlogged,
        "sqlcipher" => sqlcipher::open,
        "sled" => plain_sled::open,
        _ => panic!("no such engine"),
    }
}

fn workers(folder: &Path) -> Vec<Worker> {
    ["amparo", "sqlcipher", "sled"].map(|name| Worker::start(name, folder.join(name))).into()
}

/// The same step by each engine in turn, `rounds` times; figures by engine.
fn in_turns(workers: &mut [Worker], rounds: u64, what: &str, count: u64) -> Vec<Vec<f64>> {
    let mut figures = vec![Vec::new(); workers.len()];
    for _ in 0..rounds {
        for (worker, figures) in workers.iter_mut().zip(&mut figures) {
            figures.push(worker.ask(what, count));
        }
    }
    figures
}

fn table(question: &str, workers: &[Worker], figures: &[Vec<f64>]) {
    println!("\n{question}");
    println!("  {:<10} {:>12} {:>12} {:>12} {:>12} {:>14}", "", "median", "90 %", "slowest", "total", "Amparo/this");
    for (worker, these) in workers.iter().zip(figures) {
        println!(
            "  {:<10} {:>12} {:>12} {:>12} {:>12} {:>14.2}",
            worker.name,
            time(median(these)),
            time(percentile(these, 90)),
            time(percentile(these, 100)),
            time(these.iter().sum()),
            ratio(&figures[0], these),
        );
    }
}

fn add(plan: &Plan) {
    let mut workers = workers(&plan.folder.join("add"));
    // A vault that has something in it already.
    in_turns(&mut workers, 2, "add", IN_A_COMMIT);
    let figures = in_turns(&mut workers, plan.commits, "add", 1);
    let question = "How long does adding one case take? (one durable commit each; 2,000 there before)";
    table(question, &workers, &figures);
}

/// What the signed leaf in each commit costs, beside the same vault without one.
fn log(plan: &Plan) {
    let folder = plan.folder.join("log");
    let mut workers =
        ["amparo", "no log"].map(|name| Worker::start(name, folder.join(name)));
    in_turns(&mut workers, 2, "add", IN_A_COMMIT);
    let figures = in_turns(&mut workers, plan.commits, "add", 1);
    table("What does the log cost? (one case in one durable commit; 2,000 there before)", &workers, &figures);
}

fn large(plan: &Plan) {
    let mut workers = workers(&plan.folder.join("large"));
    let commits = plan.records / IN_A_COMMIT;
    let figures = in_turns(&mut workers, commits, "add", IN_A_COMMIT);
    let question = format!("How long does an import take? ({commits} commits of {IN_A_COMMIT} case files)");
    table(&question, &workers, &figures);
    println!("  (sled: one row for each record and no search words)");
    let total = |figures: &[f64]| figures.iter().sum::<f64>();
    for (worker, these) in workers.iter().zip(&figures) {
        println!(
            "  {:<10} {:>8.0} records/s, total Amparo/this {:.2}",
            worker.name,
            plan.records as f64 / total(these) * 1e6,
            total(&figures[0]) / total(these),
        );
    }
    sizes("after the import", &mut workers);
    in_turns(&mut workers, 1, "notes", NOTES);

    if plan.asks("one") {
        let figures = in_turns(&mut workers, 15, "field", 500);
        table("How long does opening one field take? (by id, warm: 500 records, each opened before)", &workers, &figures);
        let figures = in_turns(&mut workers, 15, "any-field", 500);
        table("... of any record? (500 at random, not opened before)", &workers, &figures);
    }
    if plan.asks("case") {
        let figures = in_turns(&mut workers, 15, "case", 50);
        let question = format!("How long does opening one case take? (20 fields, and {NOTES} notes of 6)");
        table(&question, &workers, &figures);
    }
    if plan.asks("find") {
        let figures = in_turns(&mut workers[..2], 15, "find", 20);
        table("How long does finding people by the sound of a surname take?", &workers[..2], &figures);
    }
    if plan.asks("open") {
        let figures = in_turns(&mut workers, 1, "compact", 0);
        table("How long does compacting take?", &workers, &figures);
        sizes("compacted", &mut workers);
        let (mut closing, mut opening) = (vec![vec![]; 3], vec![vec![]; 3]);
        for _ in 0..5 {
            for (i, worker) in workers.iter_mut().enumerate() {
                closing[i].push(worker.ask("close", 0));
                opening[i].push(worker.ask("open", 0));
            }
        }
        let question = format!("How long does the store take to open? ({} records)", plan.records);
        table(&question, &workers, &opening);
        table("... to close?", &workers, &closing);
    }
    if plan.asks("show") {
        let folders: Vec<PathBuf> = workers.iter().map(|worker| worker.folder.clone()).collect();
        drop(workers);
        whole_process(&folders[0]);
    }
}

fn sizes(when: &str, workers: &mut [Worker]) {
    let size = in_turns(workers, 1, "size", 0);
    let peak = in_turns(workers, 1, "peak", 0);
    println!("\nHow large is it, {when}?");
    for (i, worker) in workers.iter().enumerate() {
        println!(
            "  {:<10} disk {:>8.1} MiB, Amparo/this {:.2}; peak memory {:>6.0} MiB",
            worker.name,
            size[i][0] / f64::from(1 << 20),
            size[0][0] / size[i][0],
            peak[i][0] / 1024.0,
        );
    }
}

/// A process that opens the vault with a plain identity and reads one record, whole.
fn whole_process(folder: &Path) {
    let mut figures = Vec::new();
    for _ in 0..11 {
        let start = Instant::now();
        let status = Command::new(std::env::current_exe().unwrap()).arg("show").arg(folder).status();
        assert!(status.unwrap().success());
        figures.push(start.elapsed().as_secs_f64() * 1e6);
    }
    println!(
        "\nHow long does showing one record take, as a whole process? median {}, slowest {}",
        time(median(&figures)),
        time(percentile(&figures, 100))
    );
}

fn show(folder: &Path) {
    let vault = amparo::Vault::open(folder.join("vault"), &ours::identity(folder)).unwrap();
    let ids = std::fs::read(folder.join("ids")).unwrap();
    let (ids, _) = ids.as_chunks::<16>();
    let record = vault.read(amparo::RecordId::from_bytes(ids[ids.len() / 2])).unwrap();
    assert_eq!(record.fields().len(), 20);
}
