//! `reseal`: goes on with sealing everything again after a departure.

use amparo::Vault;
use serde_json::json;

use crate::failure::Failure;
use crate::messages::text;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let records = all(session, &vault)?;
    vault.close()?;
    session.output.data(&json!({ "resealed": records }), String::new)
}

/// Seals again whatever is left, with a bar, and says how much it was.
pub(super) fn all(session: &Session, vault: &Vault) -> Result<u64, Failure> {
    if !vault.needs_reseal() {
        session.output.say(&text!(session.messages, "reseal-nothing"));
        return Ok(0);
    }
    let records = {
        let bar = Progress::new(0, session.bars(), "progress-reseal", &session.messages);
        vault.reseal(&mut |step| bar.at(step.done, step.total))?
    };
    session.output.say(&text!(session.messages, "reseal-done", records = records));
    Ok(records)
}
