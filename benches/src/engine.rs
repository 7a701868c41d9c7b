//! What every engine can do, and the process that does it: one for each engine, so that memory
//! is counted apart, told step by step over a pipe, so that the engines take turns.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use crate::measure;
use crate::sample::{self, Sample};

pub const NOTES: u64 = 12;

/// One store of case files. Records are numbered from 0 in the order of adding.
pub trait Engine {
    /// Adds case files in one durable commit.
    fn add(&mut self, files: &[Sample]);
    /// Adds notes under the newest case file, in one durable commit.
    fn add_notes(&mut self, notes: &[Sample]);
    /// Opens one field of a case file; gives its length.
    fn field(&mut self, record: usize) -> usize;
    /// Opens the case file that has the notes, and them; gives how many fields it opened.
    fn case(&mut self) -> usize;
    /// How many case files have this surname.
    fn find(&mut self, surname: &str) -> usize;
    fn compact(&mut self);
}

/// Opens or creates the engine's files in a folder.
pub type Open = fn(&Path) -> Box<dyn Engine>;

/// The worker's side: a line in, its figures out, times in microseconds.
pub fn serve(open: Open, folder: &Path) {
    let mut engine = Some(open(folder));
    let mut next = 0;
    let mut rng = fastrand::Rng::with_seed(7);
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (what, count) = line.split_once(' ').unwrap();
        let count: u64 = count.parse().unwrap();
        let engine_now = engine.as_mut();
        let mut figures = vec![];
        match what {
            "add" => {
                let files: Vec<Sample> = (next..next + count).map(sample::file).collect();
                next += count;
                figures.push(timed(|| engine_now.unwrap().add(&files)));
            }
            "notes" => {
                let notes: Vec<Sample> = (0..count).map(|i| sample::note(next, i)).collect();
                figures.push(timed(|| engine_now.unwrap().add_notes(&notes)));
            }
            // `count` records, each once to warm up and then again, timed.
            "field" | "any-field" => {
                let engine = engine_now.unwrap();
                let span = usize::try_from(next).unwrap();
                let records: Vec<usize> = (0..count).map(|_| rng.usize(..span)).collect();
                if what == "field" {
                    for record in &records {
                        assert_eq!(engine.field(*record), 9);
                    }
                }
                let all = timed(|| {
                    for record in &records {
                        assert_eq!(engine.field(*record), 9);
                    }
                });
                figures.push(all / count as f64);
            }
            "case" => {
                let engine = engine_now.unwrap();
                let fields = 20 + NOTES as usize * 6;
                assert_eq!(engine.case(), fields);
                let all = timed(|| {
                    for _ in 0..count {
                        assert_eq!(engine.case(), fields);
                    }
                });
                figures.push(all / count as f64);
            }
            "find" => {
                let names: Vec<String> = (0..count)
                    .map(|_| match &sample::file(rng.u64(..next)).values[5] {
                        sample::Value::Text(text) => text.clone(),
                        sample::Value::Integer(_) => String::new(),
                    })
                    .collect();
                let engine = engine_now.unwrap();
                let all = timed(|| {
                    for name in &names {
                        assert!(engine.find(name) > 0);
                    }
                });
                figures.push(all / count as f64);
            }
            "compact" => figures.push(timed(|| engine_now.unwrap().compact())),
            "close" => figures.push(timed(|| drop(engine.take()))),
            "open" => figures.push(timed(|| engine = Some(open(folder)))),
            "size" => figures.push(measure::disk(folder) as f64),
            "peak" => figures.push(measure::peak() as f64),
            _ => panic!("no such step"),
        }
        let line: Vec<String> = figures.iter().map(f64::to_string).collect();
        println!("{}", line.join(" "));
    }
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1e6
}

/// The asking side.
pub struct Worker {
    pub name: &'static str,
    pub folder: PathBuf,
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Worker {
    pub fn start(name: &'static str, folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["worker", name])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
        Self { name, folder, child, input, output: BufReader::new(output) }
    }

    pub fn ask(&mut self, what: &str, count: u64) -> f64 {
        writeln!(self.input.as_mut().unwrap(), "{what} {count}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().parse().unwrap_or_else(|_| panic!("{} stopped at {what}", self.name))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
