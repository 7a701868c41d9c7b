//! `custody`: who had a file, for a court; and one more link.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use amparo::{Custody, HandOver, Language};
use serde_json::json;

use crate::args;
use crate::commands::attach::{attachment_id, document};
use crate::commands::consent::day_or_moment;
use crate::commands::identity::write_new;
use crate::commands::verify::altered;
use crate::failure::{Exit, Failure};
use crate::messages::{Lang, text};
use crate::session::{Session, Tell, read_text};

/// Name of the file for programs within the folder.
pub(super) const JSON: &str = "custody.json";
const PDF: &str = "custody.pdf";
const MAX_CUSTODY: u64 = 16 << 20;

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

/// Whether a file for `verify` is one of these.
pub(super) fn is_custody(json: &str) -> bool {
    let read: Option<serde_json::Value> = serde_json::from_str(json).ok();
    read.is_some_and(|value| value.get("format").is_some_and(|format| format == "amparo-custody"))
}

/// What a custody file proves, against the file and the vault if they are named.
pub(super) fn verify(session: &Session, path: &Path, file: Option<&Path>) -> Result<(), Failure> {
    let custody = Custody::verify(&read_text(path, MAX_CUSTODY)?).map_err(altered)?;
    let (messages, say) = (&session.messages, |line: String| session.output.say(&line));
    let links = custody.custodians();
    say(text!(
        messages,
        "verify-custody",
        links = links.len(),
        sha256 = custody.sha256()?.to_string()
    ));
    for link in &links {
        let (at, by) = (link.at.to_string(), link.by_name.as_str());
        say(match &link.hand_over {
            None => text!(messages, "verify-custody-came", at = at, by = by),
            Some((from, to)) => text!(
                messages,
                "verify-custody-went",
                at = at,
                by = by,
                from = from.as_str(),
                to = to.as_str(),
            ),
        });
    }
    let mut same_file = false;
    if let Some(path) = file {
        let mut opened =
            std::fs::File::open(path).map_err(|error| Failure::io(&error, Some(path)))?;
        custody.verify_file(&mut opened).map_err(altered)?;
        same_file = true;
    }
    let against_vault = session.identity_path().is_some() && session.vault_path().exists();
    if against_vault {
        let vault = session.open_to_read()?;
        same_file |= vault.confirm_custody(&custody)?.is_some();
        vault.close()?;
        say(text!(messages, "verify-custody-vault"));
    }
    if same_file {
        say(text!(messages, "verify-custody-file"));
    } else {
        say(text!(messages, "verify-not", words = text!(messages, "verify-custody-no-file")));
    }
    let fingerprint = custody.fingerprint();
    if session.globals.fingerprint.as_ref().is_some_and(|typed| plain(typed) != plain(&fingerprint))
    {
        return Err(Failure::own("error-unknown-fingerprint").exit(Exit::Integrity));
    }
    let founder = custody.founder_signed();
    match (founder, against_vault) {
        (_, true) => {}
        (true, _) => {
            say(text!(messages, "verify-custody-founder", fingerprint = fingerprint.as_str()));
        }
        (false, _) => say(text!(messages, "verify-not", words = text!(messages, "verify-not-who"))),
    }
    for id in ["verify-custody-before", "verify-custody-clock", "verify-custody-copies"] {
        say(text!(messages, "verify-not", words = text!(messages, id)));
    }
    let document = json!({
        "verified": true,
        "sha256": custody.sha256()?.to_string(),
        "same_file": same_file,
        "against_vault": against_vault,
        "fingerprint": fingerprint,
        "founder_signed": founder,
        "links": links.len(),
        "checkpoint_key": custody.checkpoint_key(),
    });
    session.output.data(&document, || custody.fingerprint())
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
