//! `verify`: what a file proves, in plain words.

use amparo::Bundle;
use serde_json::json;

use crate::args;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::Session;

pub(super) fn run(session: &Session, args: &args::Verify) -> Result<(), Failure> {
    let bundle = match Bundle::is_sealed(&args.path) {
        true => Bundle::open(&args.path, &session.identity()?)?,
        false => Bundle::read(&args.path)?,
    };
    let manifest = bundle.verify()?;
    let files = manifest.files.len();
    session.output.say(&text!(session.messages, "verify-files", files = files));
    session
        .output
        .data(&json!({ "verified": true, "manifest": manifest }), || manifest.export.clone())
}
