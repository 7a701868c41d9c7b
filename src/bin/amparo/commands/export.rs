//! `export`: a redacted file for one recipient, or what it would be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use amparo::{
    Error, ErrorKind, Export, ExportRequest, Language, Mark, Obligation, RecipientRef, RecordId,
    RedactedView, Vault,
};
use serde_json::json;

use crate::args;
use crate::commands::consent::{code, recipient_of};
use crate::commands::identity::write_new;
use crate::failure::{Exit, Failure};
use crate::messages::{Lang, text};
use crate::progress::Progress;
use crate::session::{Session, Tell};

pub(super) fn run(session: &Session, args: args::Export) -> Result<(), Failure> {
    let vault = match args.out {
        Some(_) => session.open(Tell::News)?,
        None => session.open(Tell::News)?,
    };
    let request = request(session, &vault, &args)?;
    for place in args.out.iter().chain(&args.reference) {
        has_a_folder(place)?;
    }
    let mut export = match (&args.id, &args.all) {
        (Some(id), _) => {
            let id: RecordId = id.parse()?;
            if let Some(file) = &args.preview {
                preview(session, &vault, (id, &request), file)?;
                if args.out.is_none() {
                    return session.output.data(&json!({ "preview": file }), String::new);
                }
            }
            let explain = |error| explain(session, &vault, id, &request, error);
            vault.export(id, &request).map_err(explain)?
        }
        (None, Some(record_type)) => table(session, &vault, record_type, &request)?,
        (None, None) => return Err(Failure::usage("error-not-found")),
    };
    let Some(out) = &args.out else { return Ok(()) };
    let cover = export.view().cover().clone();
    let list = match &args.reference {
        Some(file) if file.symlink_metadata().is_ok() => {
            return Err(Failure::own("file-exists").with("place", file.display()));
        }
        Some(file) => Some((file, export.sealed_reference_list()?)),
        None => None,
    };
    let manifest = export.manifest().clone();
    told(session, &export);
    // A list that cannot be written stops the export before anything is logged.
    if let Some((file, list)) = &list {
        write_new(file, list)?;
    }
    let written = if args.plain { export.write_open_into(out) } else { export.seal_into(out) };
    let receipts = written.inspect_err(|_| {
        if let Some((file, _)) = list {
            // Sealed to the recipient, and of an export that does not exist.
            let _ = fs::remove_file(file);
        }
    })?;
    vault.close()?;
    counts(session, (manifest.records, manifest.kept), &manifest.marked);
    let place = out.display().to_string();
    let said = if args.plain { "export-open" } else { "export-sealed" };
    session.output.say(&text!(session.messages, said, dir = place, to = cover.recipient));
    let document = json!({
        "export": manifest.export,
        "out": out,
        "sealed": !args.plain,
        "reference": args.reference,
        "receipts": receipts,
        "manifest": manifest,
    });
    session.output.data(&document, || manifest.export.clone())
}

/// Refuses a place in a folder that does not exist, by the folder's name.
fn has_a_folder(place: &Path) -> Result<(), Failure> {
    let around = place.parent().filter(|around| !around.as_os_str().is_empty());
    match around {
        Some(around) if !around.is_dir() => {
            Err(Failure::own("file-not-found").with("place", around.display()))
        }
        _ => Ok(()),
    }
}

fn preview(
    session: &Session,
    vault: &Vault,
    (id, request): (RecordId, &ExportRequest),
    file: &Path,
) -> Result<(), Failure> {
    write_new(file, &vault.preview_page(id, request)?)?;
    let place = file.display().to_string();
    session.output.say(&text!(session.messages, "export-preview", file = place));
    let view = vault.preview(id, request)?;
    let marked = view.marked().into_iter().map(|(mark, n)| (mark.code().to_owned(), n)).collect();
    counts(session, (view.records().len(), view.kept()), &marked);
    unopened_by(session, &view);
    Ok(())
}

fn table<'a>(
    session: &Session,
    vault: &'a Vault,
    record_type: &str,
    request: &ExportRequest,
) -> Result<Export<'a>, Failure> {
    let bar = Progress::new(1, session.bars(), "progress-export", &session.messages);
    Ok(vault.export_table(record_type, request, &mut |done, of| bar.at(done as u64, of as u64))?)
}

pub(super) fn request(
    session: &Session,
    vault: &Vault,
    args: &args::Export,
) -> Result<ExportRequest, Failure> {
    // The recipient's language, not the operator's: Spanish unless another is asked for.
    let language = match session.globals.lang {
        Some(Lang::En) => Language::English,
        _ => Language::Spanish,
    };
    known("unknown-profile", &args.profile, vault.schema().profiles().iter().map(|one| &one.name))?;
    known("unknown-purpose", &args.purpose, vault.policy()?.purposes().map(|one| &one.code))?;
    let to = recipient_of(vault, &args.to)?;
    if args.out.is_some() && !matches!(to, RecipientRef::Recipient(_)) {
        return Err(Failure::usage("recipient-listed"));
    }
    let mut request = ExportRequest::new(&args.profile, &args.purpose, &to).language(language);
    for field in &args.fields {
        request = request.allow(field);
    }
    for field in &args.withhold {
        request = request.withhold(field);
    }
    for one in &args.fulfilled {
        request = request.fulfilled(code::<Obligation>(one)?);
    }
    Ok(request)
}

/// Refuses what is none of these names, and says which there are.
fn known<'a>(
    refusal: &'static str,
    name: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<(), Failure> {
    let all: Vec<&str> = names.map(String::as_str).collect();
    match all.contains(&name) {
        true => Ok(()),
        false => Err(Failure::own(refusal).with("known", all.join(", "))),
    }
}

/// Says in words why an export was refused.
fn explain(
    session: &Session,
    vault: &Vault,
    id: RecordId,
    request: &ExportRequest,
    error: Error,
) -> Failure {
    let messages = &session.messages;
    let Ok(view) = vault.preview(id, request) else { return error.into() };
    if error.kind() != ErrorKind::Refused {
        return error.into();
    }
    if view.fields().all(|field| field.shown().is_none()) {
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        for field in view.fields() {
            let id = match field.mark() {
                Some(Mark::Consent) => format!("reason-{}", field.reason()).replace('_', "-"),
                _ => "export-by-profile".to_owned(),
            };
            *reasons.entry(text!(messages, &id)).or_default() += 1;
        }
        for (reason, count) in reasons {
            let line = text!(messages, "export-refused-because", count = count, reason = reason);
            session.output.say(&line);
        }
        return Failure::own("export-nothing").exit(Exit::Refused);
    }
    let open: Vec<String> = view
        .cover()
        .obligations
        .iter()
        .filter(|one| ExportRequest::must_come_before(**one))
        .map(|one| {
            let words = text!(messages, &format!("obligation-{one}").replace('_', "-"));
            format!("{one} ({words})")
        })
        .collect();
    if error.place().is_some_and(|place| open.iter().any(|one| one.starts_with(&place.to_string())))
    {
        return Failure::own("export-first").with("what", open.join("; ")).exit(Exit::Refused);
    }
    error.into()
}

/// What whoever makes the export should know before it leaves.
fn told(session: &Session, export: &Export<'_>) {
    for one in &export.view().cover().obligations {
        let words = text!(session.messages, &format!("obligation-{one}").replace('_', "-"));
        session.output.say(&text!(session.messages, "decision-obliges", words = words));
    }
    let unopened = export.view().unopened();
    for place in export.unsearched().iter().filter(|place| !unopened.contains(*place)) {
        let place = place.as_str();
        session.output.say(&text!(session.messages, "export-unsearched", place = place));
    }
    unopened_by(session, export.view());
}

/// What nobody could search the files for.
fn unopened_by(session: &Session, view: &RedactedView) {
    for place in view.unopened() {
        session.output.say(&text!(session.messages, "export-unopened", place = place));
    }
}

fn counts(session: &Session, (records, kept): (usize, usize), marked: &BTreeMap<String, usize>) {
    session.output.say(&text!(session.messages, "export-counts", records = records, kept = kept));
    let language = session.lang().into();
    for mark in Mark::ALL {
        let Some(count) = marked.get(mark.code()) else { continue };
        let words = mark.words(language);
        let line = text!(
            session.messages,
            "export-marked",
            count = *count,
            code = mark.code(),
            words = words
        );
        session.output.say(&line);
    }
}
