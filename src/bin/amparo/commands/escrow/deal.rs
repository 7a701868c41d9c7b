//! `escrow setup` and `replace`: a ceremony, its shares handed over, then put in force.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use amparo::{Ceremony, SecretText, SharePages, Vault};
use serde_json::{Value, json};

use crate::args;
use crate::commands::identity::write_new;
use crate::commands::reseal;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::{Session, Tell};

pub(super) fn setup(session: &Session, args: &args::EscrowSetup) -> Result<(), Failure> {
    let custodians =
        args.custodians.iter().map(|typed| named(typed)).collect::<Result<Vec<_>, _>>()?;
    let vault = session.open(Tell::News)?;
    let ceremony = vault.hold_ceremony(args.quorum, &custodians)?;
    put_in_force(session, vault, ceremony, &args.hand_over, Some(args.quorum))
}

pub(super) fn replace(session: &Session, args: &args::EscrowReplace) -> Result<(), Failure> {
    let (name, recipient) = named(&args.new)?;
    let vault = session.open(Tell::News)?;
    let ceremony = vault.hold_ceremony_without(&args.name, (&name, &recipient))?;
    put_in_force(session, vault, ceremony, &args.hand_over, None)
}

/// `NAME=age1...` or `NAME=amparo-member1...`.
fn named(typed: &str) -> Result<(String, String), Failure> {
    let (name, recipient) = typed.split_once('=').ok_or(Failure::usage("not-a-custodian"))?;
    let recipient = match recipient.trim().parse::<amparo::MemberCard>() {
        Ok(card) => card.recipient(),
        Err(_) => recipient.trim().to_owned(),
    };
    Ok((name.trim().to_owned(), recipient))
}

fn put_in_force(
    session: &Session,
    vault: Vault,
    ceremony: Ceremony,
    to: &args::HandOver,
    quorum: Option<u8>,
) -> Result<(), Failure> {
    // Handed over first: a ceremony whose shares could not be written never happened.
    let files = hand_over(session, &ceremony, &to.out, to.print.as_deref())?;
    let second = to.second.as_deref().map(|path| session.unlock(path)).transpose()?;
    let epoch = ceremony.epoch();
    vault.put_escrow_in_force(ceremony, second.as_ref())?;
    session.output.say(&text!(session.messages, "escrow-in-force", epoch = epoch));
    if vault.needs_reseal() {
        reseal::all(session, &vault)?;
    }
    vault.close()?;
    let document = document(epoch, quorum, &files);
    session.output.data(&document, || lines(&files))
}

/// Writes each share to a file of its custodian's, and the sheets if they were asked for.
pub(super) fn hand_over(
    session: &Session,
    ceremony: &Ceremony,
    out: &Path,
    print: Option<&Path>,
) -> Result<Vec<PathBuf>, Failure> {
    DirBuilder::new().mode(0o700).create(out).map_err(|error| Failure::io(&error, Some(out)))?;
    let mut files = Vec::new();
    for (number, (name, sealed)) in (1..).zip(ceremony.sealed()?) {
        let file = out.join(format!("{number}-{}.share", plain(&name)));
        write_new(&file, &sealed)?;
        files.push(file);
    }
    if let Some(print) = print {
        let mut pages = SharePages::new(amparo::Clock::now(&amparo::SystemClock).date());
        pages.language = session.lang().into();
        for (name, share) in ceremony.shares() {
            pages = pages.with(share.clone(), Some(SecretText::from(name)));
        }
        write_new(print, &pages.to_pdf()?)?;
        let file = print.display().to_string();
        session.output.say(&text!(session.messages, "escrow-printed", file = file));
    }
    Ok(files)
}

pub(super) fn document(epoch: u32, quorum: Option<u8>, files: &[PathBuf]) -> Value {
    let shares: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    json!({ "escrow_epoch": epoch, "quorum": quorum, "shares": shares })
}

pub(super) fn lines(files: &[PathBuf]) -> String {
    files.iter().map(|file| format!("{}\n", file.display())).collect()
}

/// A name as part of a file's.
fn plain(name: &str) -> String {
    let keep = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.chars().map(keep).take(40).collect()
}
