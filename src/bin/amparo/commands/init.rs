//! `init`: a new vault; the identity becomes its director.

use std::path::Path;

use amparo::Schema;
use serde_json::json;

use crate::args;
use crate::failure::Failure;
use crate::session::{Session, Tell, read_text};

pub(super) fn run(session: &Session, args: &args::Init) -> Result<(), Failure> {
    let schema = read_schema(&args.schema)?;
    let identity = session.identity()?;
    let path = session.vault_path();
    let vault = session.options().name(&args.name).create(&path, &schema, &identity)?;
    session.tell(&vault, Tell::New);
    let fingerprint = vault.fingerprint().to_string();
    let document = json!({
        "vault_id": vault.id().to_string(),
        "fingerprint": fingerprint,
        "vault": path.display().to_string(),
    });
    vault.close()?;
    session.output.data(&document, || fingerprint.clone())
}

/// The built-in schema, or one from a file.
pub(super) fn read_schema(source: &Path) -> Result<Schema, Failure> {
    if source == Path::new("peru") {
        return Schema::peru().map_err(Failure::from);
    }
    Schema::parse(&read_text(source, MAX_SCHEMA)?).map_err(Failure::from)
}

const MAX_SCHEMA: u64 = 1 << 20;
