//! `escrow drill` and `recover`: what custodians bring, judged piece by piece.

use std::path::PathBuf;

use amparo::{ErrorKind, MemberCard, Place, Share};
use serde_json::{Value, json};

use super::deal;
use crate::args;
use crate::failure::{Failure, describe_place};
use crate::messages::text;
use crate::session::{Session, Tell, read_bounded};

type Pieces = Vec<(String, amparo::Result<Share>)>;

pub(super) fn drill(session: &Session, files: &[PathBuf]) -> Result<(), Failure> {
    let pieces = pieces(session, files)?;
    let vault = session.open(Tell::News)?;
    let drill = vault.drill(pieces)?;
    vault.close()?;
    tell(session, &drill.refused);
    session.output.say(&text!(session.messages, "escrow-drilled"));
    session
        .output
        .data(&json!({ "recovers": true, "refused": refused(&drill.refused) }), String::new)
}

pub(super) fn recover(session: &Session, args: &args::EscrowRecover) -> Result<(), Failure> {
    let card: MemberCard = args.new_director.parse()?;
    let path = session.vault_path();
    let pieces = pieces(session, &args.shares)?;
    let recovery = session.options().recover(&path, pieces)?;
    tell(session, recovery.refused());
    let refused = refused(recovery.refused());
    let ceremony = recovery.deal()?;
    let epoch = ceremony.epoch();
    let out = args.out.clone().unwrap_or_else(|| {
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".shares-{epoch}"));
        path.with_file_name(name)
    });
    let files = deal::hand_over(session, &ceremony, &out, args.print.as_deref())?;
    let name = args.name.clone().unwrap_or_else(|| format!("director {epoch}"));
    let done = recovery.finish(ceremony, &name, &card)?;
    session.output.say(&text!(session.messages, "escrow-recovered", name = name.as_str()));
    session.output.say(&text!(session.messages, "escrow-in-force", epoch = epoch));
    if let Some(code) = &done.code {
        session.output.say(&text!(session.messages, "restore-code", code = code.as_str()));
    }
    let mut document = deal::document(epoch, None, &files);
    if let Value::Object(map) = &mut document {
        map.insert("director".to_owned(), json!(done.director.to_string()));
        map.insert("name".to_owned(), json!(name));
        map.insert("code".to_owned(), json!(done.code));
        map.insert("refused".to_owned(), refused);
    }
    session.output.data(&document, || deal::lines(&files))
}

/// Reads every file; one that is no share is judged with the others, at its name.
fn pieces(session: &Session, files: &[PathBuf]) -> Result<Pieces, Failure> {
    let mut pieces = Vec::new();
    let mut identity = None;
    for file in files {
        let bytes = zeroize::Zeroizing::new(read_bounded(file, MAX_SHARE)?);
        if Share::is_sealed(&bytes) && identity.is_none() {
            identity = Some(session.identity()?);
        }
        let share = Share::read(&bytes, identity.as_ref());
        pieces.push((file.display().to_string(), share));
    }
    Ok(pieces)
}

fn tell(session: &Session, refused: &[(ErrorKind, Place)]) {
    for (kind, place) in refused {
        let place = describe_place(place, &session.messages);
        let kind = text!(session.messages, &format!("error-{}", kind.code()));
        session.output.say(&text!(session.messages, "escrow-refused", place = place, kind = kind));
    }
}

fn refused(refused: &[(ErrorKind, Place)]) -> Value {
    let one = |(kind, place): &(ErrorKind, Place)| json!({ "kind": kind.code(), "place": place.to_string() });
    refused.iter().map(one).collect()
}

const MAX_SHARE: u64 = 64 << 10;
