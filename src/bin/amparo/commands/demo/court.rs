//! The demo's court file: one girl's case, read by two people, reserved, sealed, opened, verified.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use amparo::{
    Bundle, ExportRequest, Identity, Language, RecipientRef, RecordEdit, RecordId, SecretText,
    Vault,
};

use super::consent::{PROSECUTOR, PURPOSE};
use crate::commands::identity::write_new;
use crate::failure::Failure;
use crate::messages::{Lang, text};
use crate::session::Session;

/// What came of it.
pub(super) struct Court {
    pub(super) case: RecordId,
    pub(super) export: String,
    pub(super) files: usize,
    pub(super) withheld: usize,
}

pub(super) fn story(
    session: &Session,
    page: &mut String,
    (dir, vault): (&Path, &Path),
    keys: &BTreeMap<&'static str, Identity>,
    girl: RecordId,
) -> Result<Court, Failure> {
    let messages = &session.messages;
    let _ = writeln!(page, "\n{}", text!(messages, "demo-court", to = PROSECUTOR));
    let key = |role| keys.get(role).ok_or(Failure::own("error-internal"));
    let director = Vault::open(vault, key("director")?)?;
    let case = director.read(girl)?.parent().ok_or(Failure::own("error-not-found"))?;
    write_narrative(&director, case, girl)?;
    approve(&director, case)?;
    director.close()?;
    let lawyer = Vault::open(vault, key("lawyer")?)?;
    let spans = approve(&lawyer, case)?;
    let _ = writeln!(page, "  {}", text!(messages, "demo-court-read", spans = spans));
    let request = request(session, &lawyer)?;
    write_new(&dir.join(PREVIEW), &lawyer.preview_page(case, &request)?)?;
    let export = lawyer.export(case, &request)?;
    let manifest = export.manifest().clone();
    let withheld: usize = export.view().fields().filter(|field| field.shown().is_none()).count();
    let changed = export.view().fields().filter(|f| f.mark().is_some()).count() - withheld;
    export.seal_into(dir.join(SEALED))?;
    lawyer.close()?;
    let counts = text!(
        messages,
        "demo-court-counts",
        kept = manifest.kept,
        changed = changed,
        withheld = withheld
    );
    let _ = writeln!(page, "  {counts}");
    let prosecutor = SecretText::from(
        fs::read_to_string(dir.join("prosecutor.key"))
            .map_err(|error| Failure::io(&error, Some(dir)))?,
    );
    let prosecutor = Identity::parse(prosecutor.expose().as_bytes(), None)?;
    let bundle = Bundle::open(dir.join(SEALED), &prosecutor)?;
    let verified = bundle.verify()?;
    bundle.write_into(dir.join(OPENED))?;
    let files = bundle.files().count();
    let thumbprint = verified.proof.thumbprint();
    let line = text!(messages, "demo-court-verified", files = files, key = thumbprint);
    let _ = writeln!(page, "  {line}");
    for (id, path) in [
        ("demo-look-preview", PREVIEW.to_owned()),
        ("demo-look-pdf", format!("{OPENED}/case.pdf")),
        ("demo-look-html", format!("{OPENED}/case.html")),
    ] {
        let _ = writeln!(page, "  {}  {}", dir.join(path).display(), text!(messages, id));
    }
    Ok(Court { case, export: manifest.export, files, withheld })
}

/// A narrative that names the girl, as narratives do.
fn write_narrative(vault: &Vault, case: RecordId, girl: RecordId) -> Result<(), Failure> {
    let person = vault.read(girl)?;
    let text = |name| person.field(name).map(|value| value.to_text()).unwrap_or_default();
    let (given, surname) = (text("given_names"), text("paternal_surname"));
    let (given, surname, phone) = (given.expose(), surname.expose(), text("phone"));
    let narrative = format!(
        "Texto de la demostraci\u{f3}n, sobre alguien que no existe. {given} {surname} lleg\u{f3} con \
         su madre. La se\u{f1}ora dej\u{f3} el n\u{fa}mero {} y pidi\u{f3} que {given} pueda seguir en \
         su colegio. Se acord\u{f3} volver a conversar con {given} la semana siguiente.",
        phone.expose()
    );
    let revision = vault.read(case)?.revision();
    vault.edit(case, revision, RecordEdit::new().set("narrative", narrative))?;
    Ok(())
}

/// Reads the case's narrative and lets it leave as proposed; gives the number of spans hidden.
fn approve(vault: &Vault, case: RecordId) -> Result<usize, Failure> {
    let review = vault.review(case, "narrative")?;
    vault.approve_text(case, "narrative", review.digest, &review.proposed)?;
    Ok(review.proposed.len())
}

fn request(session: &Session, vault: &Vault) -> Result<ExportRequest, Failure> {
    let known = vault.recipients()?;
    let found = known.iter().find(|(_, entry)| entry.name == PROSECUTOR);
    let (id, _) = found.ok_or(Failure::own("error-not-found"))?;
    let language = match session.lang() {
        Lang::Es => Language::Spanish,
        Lang::En => Language::English,
    };
    let to = RecipientRef::Recipient(*id);
    Ok(ExportRequest::new("court_coded", PURPOSE, &to).language(language))
}

const PREVIEW: &str = "preview.html";
const SEALED: &str = "court-file";
const OPENED: &str = "court-file-opened";
