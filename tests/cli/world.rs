//! A folder of its own for each test: identities, a vault, and the program run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A temporary folder in which the program runs, with no settings of the user.
pub(crate) struct World {
    dir: tempfile::TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl World {
    pub(crate) fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A vault whose director is `director.id`.
    pub(crate) fn with_vault() -> Self {
        let world = Self::empty();
        world.ok(&["identity", "new", "director.id", "--no-passphrase"]);
        world.ok(&["init", "--name", "Prueba"]);
        world
    }

    /// Admits a member whose identity is `<role>.id`.
    pub(crate) fn member(&self, role: &str) {
        let file = format!("{role}.id");
        let card = self.ok(&["identity", "new", &file, "--no-passphrase"]).out;
        self.ok(&["member", "add", &format!("Integrante {role}"), card.trim(), "--role", role]);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs as the director, in English.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_as("director", args, b"")
    }

    /// Runs as the holder of `<who>.id`, with something on stdin.
    pub(crate) fn run_as(&self, who: &str, args: &[&str], stdin: &[u8]) -> Run {
        let mut child = self
            .command()
            .env("AMPARO_IDENTITY", format!("{who}.id"))
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads no stdin closes it early.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_amparo"));
        command
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("XDG_CONFIG_HOME", self.path("config"));
        command
    }

    /// Runs and expects success.
    #[track_caller]
    pub(crate) fn ok(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}: {run:?}");
        run
    }

    /// Runs and expects this exit code.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code, code, "{args:?}: {run:?}");
        assert!(run.err.starts_with("error: ") || run.err.contains("\nerror: "), "{run:?}");
        run
    }

    /// Runs with `--format json` and reads the one document.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let run = self.ok(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&run.out).unwrap()
    }

    /// Adds a case and returns its id.
    pub(crate) fn case(&self, code: &str) -> String {
        let code = format!("case_code={code}");
        let args = [
            "record",
            "add",
            "case",
            "--set",
            &code,
            "--set",
            "registration_date=2026-01-31",
            "--set",
            "status=open",
        ];
        self.ok(&args).out.trim().to_owned()
    }

    /// Adds a survivor under a case and returns her id.
    pub(crate) fn person(&self, case: &str, names: &str, surname: &str) -> String {
        let json = serde_json::json!({
            "survivor_code": format!("S-{surname}"),
            "given_names": names,
            "paternal_surname": surname,
            "maternal_surname": "de Prueba",
            "sex": "female",
            "safe_location": "Casa canario",
        });
        let args = ["record", "add", "person", "--parent", case, "--json", "-"];
        let run = self.run_as("director", &args, json.to_string().as_bytes());
        assert_eq!(run.code, 0, "{run:?}");
        run.out.trim().to_owned()
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        Path::exists(&self.path(name))
    }
}
