//! `identity`: the file that says who is acting.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use amparo::{Argon2Cost, Identity};
use serde_json::json;

use crate::args;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::Session;

pub(super) fn run(session: &Session, command: &args::Identity) -> Result<(), Failure> {
    match command {
        args::Identity::New { file, no_passphrase } => new(session, file, *no_passphrase),
        args::Identity::Card { file } => card(session, &session.unlock(file)?),
    }
}

fn new(session: &Session, file: &Path, plain: bool) -> Result<(), Failure> {
    if file.symlink_metadata().is_ok() {
        return Err(Failure::own("file-exists").with("place", file.display()));
    }
    let identity = Identity::generate()?;
    if plain {
        write_new(file, identity.to_plain().expose().as_bytes())?;
        session.output.say(&text!(
            session.messages,
            "identity-plain",
            file = file.display().to_string(),
        ));
    } else {
        let passphrase = session.new_passphrase()?;
        write_new(file, &identity.seal(&passphrase, Argon2Cost::default())?)?;
    }
    card(session, &identity)
}

fn card(session: &Session, identity: &Identity) -> Result<(), Failure> {
    let card = identity.card();
    let (recipient, card) = (card.recipient(), card.to_string());
    let document = json!({ "card": card, "age_recipient": recipient });
    session.output.data(&document, || card.clone())?;
    if !session.output.is_json() {
        let recipient = recipient.as_str();
        session.output.say(&text!(session.messages, "identity-recipient", recipient = recipient));
    }
    Ok(())
}

/// Writes a file that nobody else may read, and never over another.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::io(&error, Some(path));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}
