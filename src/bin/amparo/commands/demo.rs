//! `demo`: two hundred invented cases, searched, opened by three roles, and seen by a thief.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use amparo::{Identity, RecordId, Schema, Vault, VaultOptions};
use fastrand::Rng;
use serde_json::json;

use crate::commands::identity::write_new;
use crate::demo::cases::Cases;
use crate::demo::thief::{self, Loot};
use crate::demo::{Invented, SEED, territory};
use crate::failure::Failure;
use crate::messages::text;
use crate::progress::Progress;
use crate::session::Session;

mod consent;
mod court;
mod side_by_side;

pub(super) fn run(session: &Session, dir: &Path) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut demo = Demo::make(session, dir)?;
    let canaries = demo.fill(session)?;
    let filled = begun.elapsed().as_millis();
    demo.story(session, filled)?;
    let mut page = std::mem::take(&mut demo.page);
    let found = demo.find(session, &mut page)?;
    let heard = consent::story(session, &mut page, &demo.director, dir)?;
    let report = demo.director.check(&mut |_| ())?;
    let Demo { vault_path: path, keys, director, records, .. } = demo;
    let case = side_by_side::case(&director)?;
    // One process has a vault open at a time: from here one role after the other reads it.
    director.close()?;
    let shown = side_by_side::show(session, &mut page, &path, &keys, &case)?;
    let loot = thief::search(dir, &canaries).map_err(|error| Failure::io(&error, Some(dir)))?;
    thief_page(session, &mut page, &loot);
    let messages = &session.messages;
    let _ = writeln!(
        page,
        "\n{}",
        text!(messages, "demo-check", records = report.records, findings = report.findings.len())
    );
    let court = court::story(session, &mut page, (dir, &path), &keys, heard.girl)?;
    next_page(session, &mut page, dir, &shown, &heard.girl, &court.case);
    let document = json!({
        "dir": dir.display().to_string(),
        "vault": path.display().to_string(),
        "identities": ROLES.map(|role| (role, key_path(dir, role).display().to_string())).into_iter().collect::<BTreeMap<_, _>>(),
        "cases": CASES,
        "records": records,
        "fill_milliseconds": filled,
        "found_by_sound": found,
        "girl": heard.girl.to_string(),
        "girl_permitted": heard.permitted,
        "shown": shown.to_string(),
        "court_file": { "case": court.case, "export": court.export, "files": court.files, "withheld": court.withheld },
        "thief": { "files": loot.files, "bytes": loot.bytes, "looked_for": loot.wanted, "found": loot.found },
        "findings": report.findings.len(),
    });
    session.output.data(&document, || page)
}

/// A vault of invented cases and three who may open parts of it.
struct Demo {
    vault_path: PathBuf,
    keys: BTreeMap<&'static str, Identity>,
    director: Vault,
    records: usize,
    page: String,
}

impl Demo {
    fn make(session: &Session, dir: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::io(&error, Some(dir));
        fs::create_dir_all(dir).map_err(failed)?;
        if fs::read_dir(dir).map_err(failed)?.next().is_some() {
            return Err(Failure::own("demo-not-empty").with("place", dir.display()));
        }
        let mut keys = BTreeMap::new();
        for role in ROLES {
            let identity = Identity::generate()?;
            write_new(&key_path(dir, role), identity.to_plain().expose().as_bytes())?;
            keys.insert(role, identity);
        }
        let vault_path = dir.join("vault");
        // Not pinned: a demo leaves no trace outside of its folder.
        let name = text!(session.messages, "demo-name");
        let director = keys.get(DIRECTOR).ok_or(Failure::own("error-internal"))?;
        let director =
            VaultOptions::new().name(&name).create(&vault_path, &Schema::peru()?, director)?;
        for role in ROLES.into_iter().filter(|role| *role != DIRECTOR) {
            if let Some(key) = keys.get(role) {
                director.add_member(
                    &text!(session.messages, "demo-member", role = role),
                    &key.card(),
                    role,
                )?;
            }
        }
        Ok(Self { vault_path, keys, director, records: 0, page: String::new() })
    }

    /// Adds everything, parents before children; returns what a thief would look for.
    fn fill(&mut self, session: &Session) -> Result<Vec<String>, Failure> {
        let mut rng = Rng::with_seed(SEED);
        let Cases { cases, canaries } = Cases::invent(&mut rng, CASES);
        let mut waiting: Vec<(Option<RecordId>, Invented)> = Vec::new();
        waiting.extend(cases.into_iter().map(|case| (None, case)));
        waiting.extend(territory::activities(&mut rng).into_iter().map(|it| (None, it)));
        waiting.extend(territory::threats(&mut rng).into_iter().map(|it| (None, it)));
        let bar =
            Progress::new(waiting.len() as u64, session.bars(), "progress-demo", &session.messages);
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(BATCH));
            let (mut drafts, mut children) = (Vec::new(), Vec::new());
            for (parent, invented) in std::mem::replace(&mut waiting, rest) {
                drafts.push(match parent {
                    Some(parent) => invented.draft.under(parent),
                    None => invented.draft,
                });
                children.push(invented.children);
            }
            let ids = self.director.add_all(drafts)?;
            self.records += ids.len();
            for (id, children) in ids.into_iter().zip(children) {
                waiting.extend(children.into_iter().map(|child| (Some(id), child)));
            }
            bar.at(self.records as u64, (self.records + waiting.len()) as u64);
        }
        Ok(canaries)
    }

    fn story(&mut self, session: &Session, milliseconds: u128) -> Result<(), Failure> {
        let messages = &session.messages;
        let folder =
            self.vault_path.parent().map(|dir| dir.display().to_string()).unwrap_or_default();
        session.output.say(&text!(messages, "demo-warning", dir = folder.as_str()));
        let seconds = format!("{}.{:02}", milliseconds / 1000, milliseconds % 1000 / 10);
        let head =
            text!(messages, "demo-made", cases = CASES, records = self.records, seconds = seconds);
        let _ = writeln!(self.page, "{head}");
        for kind in self.director.schema().record_types() {
            let count = self.director.list(&kind.name, None, self.records)?.len();
            if count > 0 {
                let label = crate::labels::of_type(kind, session.lang());
                let _ = writeln!(self.page, "  {count:>5}  {label}");
            }
        }
        Ok(())
    }

    /// A name typed as it sounds.
    fn find(&self, session: &Session, page: &mut String) -> Result<usize, Failure> {
        let ids = self.director.find("person", "paternal_surname", HEARD)?;
        let head = text!(session.messages, "demo-find", heard = HEARD, count = ids.len());
        let _ = writeln!(page, "\n{head}");
        for id in ids.iter().take(4) {
            let names = ["survivor_code", "given_names", "paternal_surname", "maternal_surname"];
            let person = self.director.read_fields(*id, &names)?;
            let texts = names.map(|name| person.field(name).map(|value| value.to_text()));
            let texts: Vec<_> = texts.iter().flatten().map(|text| text.expose()).collect();
            let _ = writeln!(page, "  {id}  {}", texts.join(" "));
        }
        Ok(ids.len())
    }
}

fn thief_page(session: &Session, page: &mut String, loot: &Loot) {
    let messages = &session.messages;
    let _ = writeln!(page, "\n{}", text!(messages, "demo-thief"));
    if let Some(excerpt) = &loot.excerpt {
        let _ = write!(page, "  {}\n{}", excerpt.file.display(), excerpt.dump());
    }
    let count = text!(
        messages,
        "demo-thief-count",
        files = loot.files,
        kilobytes = loot.bytes / 1024,
        wanted = loot.wanted,
        found = loot.found,
    );
    let _ = writeln!(page, "{count}");
}

fn next_page(
    session: &Session,
    page: &mut String,
    dir: &Path,
    shown: &RecordId,
    girl: &RecordId,
    case: &RecordId,
) {
    let _ = writeln!(page, "\n{}", text!(session.messages, "demo-next"));
    let dir = dir.display();
    let vault = format!("--vault {dir}/vault");
    for command in [
        format!("amparo {vault} --identity {dir}/lawyer.key record show {shown} --children"),
        format!(
            "amparo {vault} --identity {dir}/statistician.key record show {shown} --format json"
        ),
        format!("amparo {vault} --identity {dir}/director.key find person paternal_surname uaman"),
        format!(
            "amparo {vault} --identity {dir}/statistician.key find person paternal_surname uaman"
        ),
        format!(
            "amparo {vault} --identity {dir}/director.key record edit {shown} --set risk_level=low"
        ),
        format!("amparo {vault} --identity {dir}/director.key record history {shown}"),
        format!("amparo {vault} --identity {dir}/lawyer.key consent show {girl}"),
        format!(
            "amparo {vault} --identity {dir}/lawyer.key consent check {girl} --purpose legal_proceedings --recipient 'Fiscalía de Prueba'"
        ),
        format!(
            "amparo {vault} --identity {dir}/lawyer.key export {case} --profile court_full --purpose legal_proceedings --to 'Fiscalía de Prueba' --out {dir}/full"
        ),
        format!("amparo --identity {dir}/prosecutor.key verify {dir}/full"),
        format!("amparo {vault} --identity {dir}/lawyer.key review list {case}"),
        format!(
            "amparo {vault} --identity {dir}/lawyer.key consent withdraw {girl} --purpose legal_proceedings --recipient 'Fiscalía de Prueba'"
        ),
        format!("amparo {vault} --identity {dir}/director.key check"),
    ] {
        let _ = writeln!(page, "  {command}");
    }
}

fn key_path(dir: &Path, role: &str) -> PathBuf {
    dir.join(format!("{role}.key"))
}

const CASES: usize = 200;
const BATCH: usize = 1000;
const DIRECTOR: &str = "director";
const ROLES: [&str; 3] = [DIRECTOR, "lawyer", "statistician"];
/// As somebody might hear "Quispe" on the telephone.
const HEARD: &str = "Kispe";
