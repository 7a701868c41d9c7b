//! `custody`: who had a file, for a court; and one more link.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use amparo::{Custodian, Custody, HandOver, Language};
use serde::Deserialize;
use serde_json::json;

use crate::args;
use crate::commands::attach::{self, attachment_id, document};
use crate::commands::consent::day_or_moment;
use crate::commands::identity::write_new;
use crate::commands::verify::altered;
use crate::failure::{Exit, Failure};
use crate::messages::{Lang, text};
use crate::output::shown;
use crate::session::{Session, Tell, read_text};

/// Name of the file for programs within the folder.
pub(super) const JSON: &str = "custody.json";
const PDF: &str = "custody.pdf";
/// Longest one that is read.
pub(super) const MAX_CUSTODY: u64 = 16 << 20;

pub(super) fn run(session: &Session, args: &args::Custody) -> Result<(), Failure> {
    match (&args.command, &args.id, &args.out) {
        (Some(args::CustodyCommand::HandOver(link)), ..) => hand_over(session, link),
        (None, Some(id), Some(out)) => write(session, id, out),
        (None, ..) => Err(Failure::usage("not-an-id")),
    }
}

fn write(session: &Session, id: &str, out: &Path) -> Result<(), Failure> {
    // What is read is logged.
    let vault = session.open(Tell::News)?;
    let custody = vault.custody(attachment_id(id)?)?;
    vault.close()?;
    let language = match session.lang() {
        Lang::Es => Language::Spanish,
        Lang::En => Language::English,
    };
    let (json, pdf) = (custody.to_json()?, custody.to_pdf(language)?);
    let made = DirBuilder::new().mode(0o700).create(out);
    made.map_err(|error| Failure::io(&error, Some(out)))?;
    write_new(&out.join(JSON), json.as_bytes())?;
    write_new(&out.join(PDF), &pdf)?;
    let place = out.display().to_string();
    session.output.say(&text!(session.messages, "custody-written", dir = place));
    session.output.say(&text!(session.messages, "custody-hand-over", id = id));
    let sha256 = custody.sha256()?.to_string();
    let document = json!({
        "out": out,
        "sha256": sha256,
        "fingerprint": custody.fingerprint(),
        "links": custody.custodians().len(),
        "checkpoint_key": custody.checkpoint_key(),
    });
    session.output.data(&document, || sha256.clone())
}

fn hand_over(session: &Session, args: &args::CustodyHandOver) -> Result<(), Failure> {
    let id = attachment_id(&args.id)?;
    let vault = session.open(Tell::News)?;
    let mut link = HandOver::new(args.to.as_str());
    if let Some(from) = &args.from {
        link = link.from(from.as_str());
    }
    if let Some(why) = &args.why {
        link = link.why(why.as_str());
    }
    if let Some(at) = &args.at {
        link = link.when(day_or_moment(&vault.policy()?, at)?);
    }
    vault.hand_over(id, &link)?;
    let attachment = vault.attachment(id)?;
    vault.close()?;
    let links = attachment.custody.len();
    session.output.data(&document(&attachment), || links.to_string())
}

/// Whether a file for `verify` is one of these. Of all else in it nothing is kept.
pub(super) fn is_custody(json: &str) -> bool {
    let read: Option<Named> = serde_json::from_str(json).ok();
    read.is_some_and(|named| named.format == "amparo-custody")
}

#[derive(Deserialize)]
struct Named {
    format: String,
}

/// What a custody file proves, against the file and the vault if they are named.
pub(super) fn verify(session: &Session, path: &Path, file: Option<&Path>) -> Result<(), Failure> {
    let custody = Custody::verify(&read_text(path, MAX_CUSTODY)?).map_err(altered)?;
    let Held { same_file, against_vault, whole } = held_against(session, &custody, file)?;
    ensure_known(session, &custody, against_vault)?;
    let messages = &session.messages;
    let say = |line: String| session.output.say(&line);
    let not = |id| say(text!(messages, "verify-not", words = text!(messages, id)));
    let (links, sha256) = (custody.custodians(), custody.sha256()?.to_string());
    say(text!(messages, "verify-custody", links = links.len(), sha256 = sha256.as_str()));
    links.iter().for_each(|link| say(words(session, link)));
    if against_vault {
        say(text!(messages, "verify-custody-vault"));
    }
    if same_file {
        say(text!(messages, "verify-custody-file"));
    } else {
        not("verify-custody-no-file");
    }
    let (founder, fingerprint) = (custody.founder_signed(), custody.fingerprint());
    match (founder, against_vault) {
        (_, true) => {}
        (true, _) => {
            say(text!(messages, "verify-custody-founder", fingerprint = fingerprint.as_str()));
        }
        (false, _) => not("verify-not-who"),
    }
    let rest = if whole { "verify-custody-copies" } else { "verify-custody-left-out" };
    for id in ["verify-custody-before", "verify-custody-clock", rest] {
        not(id);
    }
    let document = json!({
        "verified": true,
        "sha256": sha256,
        "same_file": same_file,
        "against_vault": against_vault,
        "nothing_left_out": whole,
        "fingerprint": fingerprint,
        "founder_signed": founder,
        "links": links.len(),
        "custody": attach::links(&links),
        "checkpoint_key": custody.checkpoint_key(),
    });
    session.output.data(&document, || shown(&fingerprint))
}

/// What a custody file was held against.
struct Held {
    /// The file that it is about.
    same_file: bool,
    against_vault: bool,
    /// Every hand-over that the vault noted before the checkpoint.
    whole: bool,
}

/// Holds it against the file that it is about, and against the vault.
fn held_against(
    session: &Session,
    custody: &Custody,
    file: Option<&Path>,
) -> Result<Held, Failure> {
    if let Some(path) = file {
        let opened = std::fs::File::open(path);
        let mut opened = opened.map_err(|error| Failure::io(&error, Some(path)))?;
        custody.verify_file(&mut opened).map_err(altered)?;
    }
    if session.identity_path().is_none() || !session.vault_path().exists() {
        return Ok(Held { same_file: file.is_some(), against_vault: false, whole: false });
    }
    let vault = session.open_to_read()?;
    let kept = vault.confirm_custody(custody)?.is_some();
    vault.close()?;
    // Of a file that was erased the vault cannot tell who had it.
    Ok(Held { same_file: file.is_some() || kept, against_vault: true, whole: kept })
}

/// Whoever types a fingerprint asks whose it is. What stands in the file anybody can write there:
/// the keys must answer, or the vault.
fn ensure_known(session: &Session, custody: &Custody, against_vault: bool) -> Result<(), Failure> {
    let Some(typed) = &session.globals.fingerprint else { return Ok(()) };
    let id = match plain(typed) == plain(&custody.fingerprint()) {
        false => "error-unknown-fingerprint",
        true if against_vault || custody.founder_signed() => return Ok(()),
        true => "verify-custody-others",
    };
    Err(Failure::own(id).exit(Exit::Integrity))
}

/// A link in a line.
fn words(session: &Session, link: &Custodian) -> String {
    let (messages, at, by) = (&session.messages, link.at.to_string(), link.by_name.as_str());
    let key = if link.founder { "founder" } else { "other" };
    match &link.hand_over {
        None => text!(messages, "verify-custody-came", at = at, by = by, key = key),
        Some((from, to)) => {
            let (from, to) = (from.as_str(), to.as_str());
            text!(
                messages,
                "verify-custody-went",
                at = at,
                by = by,
                key = key,
                from = from,
                to = to
            )
        }
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
