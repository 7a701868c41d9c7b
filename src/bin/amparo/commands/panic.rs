//! `panic`: the anchor is destroyed before anything else is done.
//!
//! Words, files and settings come afterwards: whoever types it may have seconds.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use amparo::{FilePins, PanicReport, VaultOptions};
use serde_json::json;

use crate::failure::{Exit, Failure, describe};
use crate::messages::{Lang, Messages, text};
use crate::output::{Format, Output};
use crate::session::{Session, pins_dir, vault_path};

/// A panic that was typed as one is meant to be: only with flags that every command has.
pub(crate) struct Hurry {
    vault: Option<PathBuf>,
    format: Format,
}

impl Hurry {
    /// Reads the arguments without the parser, which would first load every word of the help.
    pub(crate) fn asked(args: &[OsString]) -> Option<Self> {
        let mut hurry = Self { vault: None, format: Format::Text };
        let mut commands = 0;
        let mut args = args.iter().skip(1);
        while let Some(arg) = args.next() {
            let arg = arg.to_str()?;
            let (flag, value) =
                arg.split_once('=').map_or((arg, None), |(flag, value)| (flag, Some(value.into())));
            match flag {
                "panic" => commands += 1,
                "--yes" | "--quiet" => {}
                "--vault" => hurry.vault = Some(value.or_else(|| args.next().cloned())?.into()),
                "--format" => {
                    let value: OsString = value.or_else(|| args.next().cloned())?;
                    if value == "json" {
                        hurry.format = Format::Json;
                    }
                }
                "--identity" | "--passphrase-file" | "--lang" | "--fingerprint" => {
                    value.or_else(|| args.next().cloned())?;
                }
                _ => return None,
            }
        }
        (commands == 1).then_some(hurry)
    }

    /// Destroys, then speaks.
    pub(crate) fn run(self, args: &[OsString]) -> ExitCode {
        let report = strike(self.vault);
        let environment = std::env::var("LANG").ok();
        let messages = Messages::new(Lang::detect(args, environment.as_deref()));
        match tell(&report, &messages, &Output::new(self.format)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(&messages),
        }
    }
}

/// The same for whoever typed it in some other way.
pub(super) fn run(session: &Session) -> Result<(), Failure> {
    tell(&strike(session.globals.vault.clone()), &session.messages, &session.output)
}

fn strike(vault: Option<PathBuf>) -> PanicReport {
    let mut options = VaultOptions::new();
    if let Some(dir) = pins_dir() {
        options = options.pins(Arc::new(FilePins::new(dir)));
    }
    options.panic(vault_path(vault))
}

fn tell(report: &PanicReport, messages: &Messages, output: &Output) -> Result<(), Failure> {
    for (place, error) in &report.failed {
        let what = describe(error, messages);
        let line = text!(messages, "panic-failed", place = place.as_str(), what = what);
        output.say(&format!("error: {line}"));
    }
    let failed: Vec<_> = report
        .failed
        .iter()
        .map(|(place, error)| json!({ "place": place, "error": error.kind().code() }))
        .collect();
    let document = json!({
        "final": report.is_final(),
        "destroyed": report.destroyed,
        "failed": failed,
        "recoverable_by_custodians": report.recoverable_by_custodians,
    });
    // Whoever reads it may be gone; the words and the exit code are for who typed it.
    let printed = output.data(&document, || report.destroyed.join("\n"));
    if report.is_final() {
        output.say(&text!(messages, "panic-done"));
    }
    let left = if report.recoverable_by_custodians { "panic-custodians" } else { "panic-nobody" };
    output.say(&text!(messages, left));
    output.say(&text!(messages, "panic-not-reached"));
    match report.is_final() {
        true => printed,
        false => Err(Failure::Said(Exit::Failed)),
    }
}
