//! `open`: the recipient's side of an export.

use amparo::Bundle;
use serde_json::json;

use crate::args;
use crate::commands::verify::altered;
use crate::failure::Failure;
use crate::messages::text;
use crate::session::Session;

pub(super) fn run(session: &Session, args: &args::Open) -> Result<(), Failure> {
    let bundle = Bundle::open(&args.bundle, &session.identity()?).map_err(altered)?;
    // A file that is not what it says is not written.
    let manifest = bundle.verify().map_err(altered)?.manifest;
    bundle.write_into(&args.out)?;
    let dir = args.out.display().to_string();
    session.output.say(&text!(session.messages, "open-done", dir = dir));
    let document = json!({ "out": args.out, "manifest": manifest });
    session.output.data(&document, || {
        let names: Vec<&str> = bundle.files().map(|(name, _)| name).collect();
        names.join("\n")
    })
}
