//! `escrow`: what custodians keep.

mod deal;
mod gather;

use std::path::Path;

use amparo::Share;
use serde_json::json;
use zeroize::Zeroizing;

use crate::args;
use crate::commands::identity::write_new;
use crate::failure::{Exit, Failure};
use crate::messages::text;
use crate::session::{Session, read_bounded};

pub(super) fn run(session: &Session, command: &args::Escrow) -> Result<(), Failure> {
    match command {
        args::Escrow::Setup(args) => deal::setup(session, args),
        args::Escrow::Drill { shares } => gather::drill(session, shares),
        args::Escrow::Recover(args) => gather::recover(session, args),
        args::Escrow::Replace(args) => deal::replace(session, args),
        args::Escrow::CheckShare { file, seal_to, out } => {
            let resealed = seal_to.as_deref().zip(out.as_deref());
            check_share(session, file, resealed)
        }
    }
}

/// The custodian's side: needs no vault, and shows nothing of what the share holds.
fn check_share(
    session: &Session,
    file: &Path,
    resealed: Option<(&str, &Path)>,
) -> Result<(), Failure> {
    let share = read_share(session, file)?;
    let fingerprint = share.fingerprint();
    if session.globals.fingerprint.as_ref().is_some_and(|text| !fingerprint.matches(text)) {
        return Err(Failure::own("error-unknown-fingerprint").exit(Exit::Integrity));
    }
    if let Some((card, out)) = resealed {
        write_new(out, &share.seal_to(card)?)?;
        let file = out.display().to_string();
        session.output.say(&text!(session.messages, "share-resealed", file = file));
    }
    let founder = share.signed_by_founder();
    let document = json!({
        "valid": true,
        "vault_id": share.vault().to_string(),
        "fingerprint": fingerprint.to_string(),
        "escrow_epoch": share.epoch(),
        "share": share.index(),
        "quorum": share.quorum(),
        "custodians": share.custodians(),
        "signed_by_founder": founder,
    });
    session.output.data(&document, || lines(session, &share))?;
    for id in ["share-compare", "share-alone"] {
        session.output.say(&text!(session.messages, id));
    }
    Ok(())
}

fn lines(session: &Session, share: &Share) -> String {
    let messages = &session.messages;
    let signer = if share.signed_by_founder() { "founder" } else { "other" };
    [
        text!(
            messages,
            "share-is",
            index = share.index(),
            custodians = share.custodians(),
            quorum = share.quorum(),
        ),
        text!(
            messages,
            "share-of",
            fingerprint = share.fingerprint().to_string(),
            epoch = share.epoch(),
        ),
        text!(messages, "share-whole", signer = signer),
    ]
    .join("\n")
}

/// Reads a share: a typed text, or a sealed file with the identity of whoever acts.
fn read_share(session: &Session, file: &Path) -> Result<Share, Failure> {
    let bytes = Zeroizing::new(read_bounded(file, MAX_SHARE)?);
    let identity = if Share::is_sealed(&bytes) { Some(session.identity()?) } else { None };
    Ok(Share::read(&bytes, identity.as_ref())?)
}

const MAX_SHARE: u64 = 64 << 10;
