//! `verify`: what a file proves, in plain words, and what it does not.

use std::io::Read;
use std::path::Path;

use amparo::{Bundle, Error, ErrorKind, SignedReceipt, VerifiedExport};
use serde_json::{Value, json};

use crate::args;
use crate::commands::{audit, backup, custody, erase};
use crate::failure::{Exit, Failure};
use crate::messages::text;
use crate::session::{Session, read_text};

pub(super) fn run(session: &Session, args: &args::Verify) -> Result<(), Failure> {
    if args.path.is_file() && begins_with(&args.path, b"amparoB")? {
        return backup::verify(session, &args.path);
    }
    let custody = args.path.join(custody::JSON);
    if custody.is_file() {
        return custody::verify(session, &custody, args.file.as_deref());
    }
    for start in [&b"amparo/"[..], b"old "] {
        if args.path.is_file() && begins_with(&args.path, start)? {
            let beside = (args.key.as_deref(), args.since.as_deref());
            return audit::verify(session, &args.path, beside);
        }
    }
    if args.path.is_file() && begins_with(&args.path, b"{")? {
        // A receipt is shorter.
        let text = read_text(&args.path, custody::MAX_CUSTODY)?;
        if custody::is_custody(&text) {
            return custody::verify(session, &args.path, args.file.as_deref());
        }
        return receipt(session, &text);
    }
    if args.path.is_file() && !begins_with(&args.path, b"age-")? {
        let proof = VerifiedExport::verify(&read_text(&args.path, MAX_PROOF)?).map_err(altered)?;
        proved(session, &proof);
        return session.output.data(&document(&proof), || proof.manifest().export.clone());
    }
    let bundle = match Bundle::is_sealed(&args.path) {
        true => Bundle::open(&args.path, &session.identity()?)?,
        false => Bundle::read(&args.path)?,
    };
    let verified = bundle.verify().map_err(altered)?;
    let files = verified.manifest.files.len() + 2;
    session.output.say(&text!(session.messages, "verify-files", files = files));
    proved(session, &verified.proof);
    let mut document = document(&verified.proof);
    if let Value::Object(map) = &mut document {
        map.insert("manifest".to_owned(), json!(verified.manifest));
    }
    session.output.data(&document, || verified.manifest.export.clone())
}

/// What a recipient can do about it is not what somebody with a vault would.
pub(super) fn altered(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::Tampered | ErrorKind::Missing => {
            let place = error.place().map(ToString::to_string).unwrap_or_default();
            Failure::own("verify-altered").with("place", place).exit(Exit::Integrity)
        }
        _ => error.into(),
    }
}

/// Says what holds, and then what nobody can read from it.
fn proved(session: &Session, proof: &VerifiedExport) {
    let say = |line: String| session.output.say(&line);
    let messages = &session.messages;
    let manifest = proof.manifest();
    let made_at = manifest.made_at.to_string();
    let id = manifest.export.as_str();
    say(text!(messages, "verify-signed", export = id, made_at = made_at, key = proof.thumbprint()));
    let shown: usize = proof.records().iter().map(|record| record.claims().len()).sum();
    say(text!(messages, "verify-shown", fields = shown, all = manifest.shown.len()));
    if !proof.kept_back().is_empty() {
        say(text!(messages, "verify-kept-back", fields = proof.kept_back().len()));
    }
    let withheld: u64 = manifest.withheld.values().sum();
    say(text!(messages, "verify-withheld", fields = withheld));
    for id in ["verify-not-who", "verify-not-true", "verify-not-all"] {
        say(text!(messages, "verify-not", words = text!(messages, id)));
    }
}

fn document(proof: &VerifiedExport) -> Value {
    let manifest = proof.manifest();
    json!({
        "verified": true,
        "export": manifest.export,
        "made_at": manifest.made_at.to_string(),
        "signer": proof.thumbprint(),
        "profile": manifest.profile,
        "purpose": manifest.purpose,
        "policy_version": manifest.policy_version,
        "shown": manifest.shown,
        "kept_back": proof.kept_back(),
        "withheld": counts(&manifest.withheld),
        "changed": counts(&manifest.changed),
    })
}

fn counts(marks: &std::collections::BTreeMap<amparo::Mark, u64>) -> Value {
    marks.iter().map(|(mark, count)| (mark.code().to_owned(), json!(count))).collect()
}

/// A receipt for an erasure: by itself, and against the log if a vault and an identity are named.
fn receipt(session: &Session, text: &str) -> Result<(), Failure> {
    let signed = SignedReceipt::verify(text).map_err(altered)?;
    let (messages, date) = (&session.messages, signed.receipt().erased_at.to_string());
    session.output.say(&text!(messages, "verify-receipt", date = date, key = signed.signer()));
    let against_log = session.identity_path().is_some() && session.vault_path().exists();
    if against_log {
        let vault = session.open_to_read()?;
        vault.confirm_receipt(&signed)?;
        session.output.say(&text!(messages, "verify-receipt-log"));
    } else {
        session.output.say(&text!(messages, "verify-receipt-no-log"));
    }
    let document = json!({
        "verified": true,
        "against_log": against_log,
        "signer": signed.signer(),
        "receipt": signed.receipt(),
    });
    session.output.data(&document, || erase::words(&signed, messages).join("\n"))
}

/// An age file and a backup say so in their first line; a proof is a JWT, a receipt an object.
fn begins_with(path: &Path, magic: &[u8]) -> Result<bool, Failure> {
    let failed = |error| Failure::io(&error, Some(path));
    let mut start = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(magic.len() as u64).read_to_end(&mut start).map_err(failed)?;
    Ok(start == magic)
}

const MAX_PROOF: u64 = 64 << 20;
