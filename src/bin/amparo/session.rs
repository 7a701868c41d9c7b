//! One run: language, streams, who is acting, and the vault they open.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use amparo::{
    ErrorKind, FilePins, Identity, Notice, SecretText, Vault, VaultOptions, note_failed_unlock,
};
use clap::FromArgMatches;

use crate::args::{Arguments, Globals};
use crate::commands;
use crate::failure::{Exit, Failure};
use crate::help;
use crate::messages::{Lang, Messages, text};
use crate::output::Output;
use crate::progress::Show;

/// Runs the program with these arguments.
pub(crate) fn run(args: Vec<OsString>) -> ExitCode {
    let environment = std::env::var("LANG").ok();
    let messages = Messages::new(Lang::detect(&args, environment.as_deref()));
    let parsed = help::command(&messages)
        .try_get_matches_from(args)
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return help::answer(&error, &messages),
    };
    let Arguments { globals, command } = arguments;
    let output = Output::new(globals.format);
    let session = Session { globals, messages, output };
    match commands::run(&session, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&session.messages),
    }
}

/// What every command has at hand.
pub(crate) struct Session {
    pub(crate) globals: Globals,
    pub(crate) messages: Messages,
    pub(crate) output: Output,
}

/// Which notices of a vault are worth a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    /// All of them: the command is about the vault's health.
    Everything,
    /// What matters of a vault that was just made: it was certainly not known before.
    New,
    /// All but that nothing can be written, which whoever only reads did not ask for.
    News,
}

impl Session {
    pub(crate) fn lang(&self) -> Lang {
        self.messages.lang()
    }

    /// Where the vault is.
    pub(crate) fn vault_path(&self) -> PathBuf {
        vault_path(self.globals.vault.clone())
    }

    /// Whose file it is, if anybody was named.
    pub(crate) fn identity_path(&self) -> Option<PathBuf> {
        let from_environment = || std::env::var_os("AMPARO_IDENTITY").map(PathBuf::from);
        self.globals.identity.clone().or_else(from_environment)
    }

    /// Unlocks the identity of whoever acts.
    pub(crate) fn identity(&self) -> Result<Identity, Failure> {
        let path = self.identity_path().ok_or(Failure::usage("identity-not-named"))?;
        self.unlock(&path)
    }

    /// Unlocks an identity file, asking for the passphrase if it has one.
    pub(crate) fn unlock(&self, path: &Path) -> Result<Identity, Failure> {
        let bytes = read_bounded(path, MAX_IDENTITY)?;
        let passphrase =
            if Identity::is_sealed(&bytes) { Some(self.passphrase(path)?) } else { None };
        Identity::parse(&bytes, passphrase.as_ref()).map_err(|error| {
            if error.kind() == ErrorKind::WrongPassphrase {
                note_failed_unlock(self.vault_path());
            }
            error.into()
        })
    }

    fn passphrase(&self, path: &Path) -> Result<SecretText, Failure> {
        match &self.globals.passphrase_file {
            Some(file) => first_line(file),
            None => ask(&text!(self.messages, "ask-passphrase", file = path.display().to_string())),
        }
    }

    /// A passphrase for a new identity: from the file, else asked twice.
    pub(crate) fn new_passphrase(&self) -> Result<SecretText, Failure> {
        if let Some(file) = &self.globals.passphrase_file {
            return first_line(file);
        }
        let first = ask(&text!(self.messages, "ask-new-passphrase"))?;
        let second = ask(&text!(self.messages, "ask-again"))?;
        if first == second { Ok(first) } else { Err(Failure::own("passphrases-differ")) }
    }

    /// Opens the vault as whoever acts.
    pub(crate) fn open(&self, tell: Tell) -> Result<Vault, Failure> {
        self.open_with(self.options(), tell)
    }

    /// Opens the vault so that nothing can be written.
    pub(crate) fn open_to_read(&self) -> Result<Vault, Failure> {
        self.open_with(self.options().read_only(), Tell::News)
    }

    fn open_with(&self, options: VaultOptions, tell: Tell) -> Result<Vault, Failure> {
        let identity = self.identity()?;
        let vault = options.open(self.vault_path(), &identity)?;
        self.tell(&vault, tell);
        Ok(vault)
    }

    /// The options that the flags ask for.
    pub(crate) fn options(&self) -> VaultOptions {
        let mut options = VaultOptions::new();
        if let Some(dir) = pins_dir() {
            options = options.pins(Arc::new(FilePins::new(dir)));
        }
        if let Some(fingerprint) = &self.globals.fingerprint {
            options = options.fingerprint(fingerprint);
        }
        options
    }

    /// Says what the vault wants its user to know.
    pub(crate) fn tell(&self, vault: &Vault, tell: Tell) {
        for notice in vault.notices() {
            let told = match tell {
                Tell::Everything => true,
                Tell::New => notice != Notice::PinnedAgain,
                Tell::News => notice != Notice::ReadOnly,
            };
            if told {
                let id = format!("notice-{}", notice.code());
                let fingerprint = vault.fingerprint().to_string();
                let words = text!(self.messages, &id, fingerprint = fingerprint);
                self.output.say(&text!(self.messages, "notice", words = words));
            }
        }
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn bars(&self) -> Show {
        let seen = std::io::stderr().is_terminal() && !self.globals.quiet;
        if seen { Show::Terminal } else { Show::Never }
    }
}

/// Reads a file of at most `max` bytes.
pub(crate) fn read_bounded(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::io(&error, Some(path));
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > max {
        return Err(Failure::own("file-too-long").with("place", path.display()));
    }
    Ok(bytes)
}

/// Reads a UTF-8 file of at most `max` bytes.
pub(crate) fn read_text(path: &Path, max: u64) -> Result<String, Failure> {
    // `FromUtf8Error` prints what it read: only the place is kept.
    String::from_utf8(read_bounded(path, max)?)
        .map_err(|_| Failure::own("file-not-utf8").with("place", path.display()))
}

fn first_line(path: &Path) -> Result<SecretText, Failure> {
    let file = File::open(path).map_err(|error| Failure::io(&error, Some(path)))?;
    let mut line = String::with_capacity(MAX_PASSPHRASE as usize);
    let read = BufReader::new(file.take(MAX_PASSPHRASE)).read_line(&mut line);
    let line = SecretText::from(line);
    read.map_err(|error| Failure::io(&error, Some(path)))?;
    let passphrase = line.expose().trim_end_matches(['\r', '\n']);
    if passphrase.is_empty() {
        return Err(Failure::own("passphrase-empty").with("place", path.display()));
    }
    Ok(passphrase.into())
}

fn ask(prompt: &str) -> Result<SecretText, Failure> {
    let typed = rpassword::prompt_password(format!("{prompt} "))
        .map_err(|_| Failure::own("passphrase-needed").exit(Exit::Locked))?;
    let typed = SecretText::from(typed);
    if typed.expose().is_empty() { Err(Failure::own("passphrase-empty")) } else { Ok(typed) }
}

/// The vault that was named, or else.
pub(crate) fn vault_path(named: Option<PathBuf>) -> PathBuf {
    named
        .or_else(|| std::env::var_os("AMPARO_VAULT").map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("vault"))
}

/// Where fingerprints are pinned: outside every vault.
pub(crate) fn pins_dir() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".config")))?;
    Some(config.join("amparo").join("pins"))
}

const MAX_IDENTITY: u64 = 64 << 10;
const MAX_PASSPHRASE: u64 = 4 << 10;
