//! `attach`: a file to a record, and out again.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use amparo::{Attachment, AttachmentId, Custodian, Error, NewAttachment, Place, RecordId, Vault};
use serde_json::{Value, json};

use crate::args;
use crate::commands::consent::day_or_moment;
use crate::commands::record::parse_id;
use crate::failure::Failure;
use crate::messages::text;
use crate::output::shown;
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: &args::Attach) -> Result<(), Failure> {
    match (&args.file, &args.kind, &args.out) {
        (_, _, Some(out)) => take_out(session, &args.id, out),
        (Some(file), Some(kind), None) => attach(session, args, file, kind),
        _ => list(session, &args.id),
    }
}

fn attach(session: &Session, args: &args::Attach, path: &Path, kind: &str) -> Result<(), Failure> {
    let record = parse_id(&args.id)?;
    let bar = Progress::new(0, session.bars(), "progress-backup", &session.messages);
    let mut source = Steady::open(path, bar)?;
    let vault = session.open(Tell::News)?;
    let mut new = NewAttachment::new(kind);
    if let Some(name) = path.file_name() {
        new = new.name(name.to_string_lossy());
    }
    if let Some(when) = &args.collected_at {
        new = new.collected_at(day_or_moment(&vault.policy()?, when)?);
    }
    for (value, set) in [
        (&args.collected_by, NewAttachment::collected_by as fn(_, String) -> _),
        (&args.collected_where, NewAttachment::collected_where),
        (&args.note, NewAttachment::note),
        (&args.compartment, NewAttachment::compartment),
        (&args.field, NewAttachment::field),
    ] {
        if let Some(value) = value {
            new = set(new, value.clone());
        }
    }
    let attached = vault.attach(record, &new, &mut source);
    if source.changed {
        return Err(Failure::own("attach-changed").with("place", path.display()));
    }
    let id = attached.map_err(|error| unfilled(session, record, error))?;
    drop(source);
    let attachment = vault.attachment(id)?;
    vault.close()?;
    session.output.say(&text!(session.messages, "attach-original"));
    session.output.data(&document(&attachment), || id.to_string())
}

/// An error at another record than this one is about the field alone: the file is attached, and
/// its id must not be lost.
fn unfilled(session: &Session, record: RecordId, error: Error) -> Failure {
    if let Some(Place::Record(attached)) = error.place()
        && *attached != record
    {
        let id = attached.to_string();
        session.output.say(&text!(session.messages, "attach-field-empty", id = id));
    }
    error.into()
}

fn take_out(session: &Session, id: &str, out: &Path) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let attachment = vault.save_attachment(attachment_id(id)?, out)?;
    vault.close()?;
    let place = out.display().to_string();
    session.output.say(&text!(session.messages, "attach-in-clear", file = place));
    session.output.data(&document(&attachment), || attachment.sha256.to_string())
}

fn list(session: &Session, id: &str) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    let ids = vault.attachments(parse_id(id)?)?;
    let known = |id: &AttachmentId| -> Result<Option<Attachment>, Failure> {
        match vault.attachment(*id) {
            Err(error) if error.kind() == amparo::ErrorKind::NoCompartment => Ok(None),
            known => Ok(known.map(Some)?),
        }
    };
    let found: Vec<_> = ids.iter().map(known).collect::<Result<_, _>>()?;
    let documents: Vec<Value> =
        ids.iter().zip(&found).map(|(id, found)| listed(id, found.as_ref())).collect();
    let page = page(session, &vault, &ids, &found);
    vault.close()?;
    session.output.data(&documents, || page)
}

fn page(
    session: &Session,
    vault: &Vault,
    ids: &[AttachmentId],
    found: &[Option<Attachment>],
) -> String {
    let schema = vault.schema();
    let mut page = String::new();
    for (id, found) in ids.iter().zip(found) {
        let line = match found {
            Some(file) => {
                let term = schema.vocabulary("attachment_kind").and_then(|v| v.term(&file.kind));
                let kind = term.map_or(file.kind.as_str(), |t| session.lang().pick(&t.es, &t.en));
                let name = file.name.as_deref().unwrap_or_default();
                format!("{kind:24}  {:>12}  {}  {name}", file.bytes, file.media_type)
            }
            None => text!(session.messages, "attach-sealed"),
        };
        let _ = writeln!(page, "{id}  {}", shown(&line));
    }
    page
}

fn listed(id: &AttachmentId, found: Option<&Attachment>) -> Value {
    found.map_or_else(|| json!({ "id": id.to_string(), "sealed": true }), document)
}

/// What is known of a file, for programs.
pub(super) fn document(file: &Attachment) -> Value {
    json!({
        "id": file.id.to_string(),
        "record": file.record.to_string(),
        "compartment": file.compartment,
        "kind": file.kind,
        "media_type": file.media_type,
        "name": file.name,
        "bytes": file.bytes,
        "sha256": file.sha256.to_string(),
        "blake3": file.blake3.to_string(),
        "collected_by": file.collected_by,
        "collected_at": file.collected_at.as_ref().map(ToString::to_string),
        "collected_where": file.collected_where,
        "note": file.note,
        "custody": links(&file.custody),
    })
}

/// Who had a file, for programs.
pub(super) fn links(custody: &[Custodian]) -> Vec<Value> {
    let link = |link: &Custodian| {
        json!({
            "at": link.at.to_string(),
            "by": link.by_name,
            "founder": link.founder,
            "from": link.hand_over.as_ref().map(|(from, _)| from),
            "to": link.hand_over.as_ref().map(|(_, to)| to),
            "when": link.when.as_ref().map(ToString::to_string),
            "why": link.why,
        })
    };
    custody.iter().map(link).collect()
}

pub(super) fn attachment_id(typed: &str) -> Result<AttachmentId, Failure> {
    typed.parse().map_err(|_| Failure::usage("not-an-id"))
}

/// A plain file that stays as it is while it is read. A link is followed, since folders of
/// photographs have them; a device, a pipe or a folder is no evidence.
struct Steady {
    file: File,
    length: u64,
    modified: Option<SystemTime>,
    read: u64,
    changed: bool,
    bar: Progress,
}

impl Steady {
    fn open(path: &Path, bar: Progress) -> Result<Self, Failure> {
        let failed = |error| Failure::io(&error, Some(path));
        // Looked at before it is opened: opening a pipe waits for whoever writes to it.
        if !std::fs::metadata(path).map_err(failed)?.is_file() {
            return Err(Failure::own("attach-not-a-file").with("place", path.display()));
        }
        let file = File::open(path).map_err(failed)?;
        let meta = file.metadata().map_err(failed)?;
        let (length, modified) = (meta.len(), meta.modified().ok());
        Ok(Self { file, length, modified, read: 0, changed: false, bar })
    }
}

impl Read for Steady {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read += read as u64;
        self.bar.at(self.read, self.length);
        if read == 0 || self.read > self.length {
            let meta = self.file.metadata()?;
            self.changed = self.read != self.length
                || meta.len() != self.length
                || meta.modified().ok() != self.modified;
        }
        if self.changed { Err(io::ErrorKind::InvalidData.into()) } else { Ok(read) }
    }
}
