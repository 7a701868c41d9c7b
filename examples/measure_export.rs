//! How long does it take to hand over a case of 300 records, and how much memory a table of
//! 10,000 people?
//!
//! ```sh
//! cargo run --release --example measure_export -- make DIR     # 10,000 invented people who agreed
//! cargo run --release --example measure_export -- case DIR     # times the export of one case
//! cargo run --release --example measure_export -- table DIR    # times the table, and its memory
//! ```

#![allow(clippy::print_stdout, reason = "this program is here to print")]

use std::path::Path;
use std::time::Instant;

use amparo::{
    ExportRequest, Grant, Identity, Party, RecipientEntry, RecipientKind, RecipientRef,
    RecordDraft, RecordId, Schema, Statement, Timestamp, Vault,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [what, dir] = args.as_slice() else {
        return Err("make, case or table, and a folder".into());
    };
    let dir = Path::new(dir);
    match what.as_str() {
        "make" => make(dir),
        "case" => case(dir),
        "table" => table(dir),
        _ => Err("make, case or table".into()),
    }
}

fn make(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir(dir)?;
    let identity = Identity::generate()?;
    std::fs::write(dir.join("key"), identity.to_plain().expose())?;
    let vault = Vault::create(dir.join("vault"), &Schema::peru()?, &identity)?;
    let to = add_recipient(&vault, "Observatorio de Prueba", RecipientKind::Research)?;
    let drafts = |range: std::ops::Range<usize>| {
        range
            .map(|n| {
                RecordDraft::new("case")
                    .set("case_code", format!("MED-{n:05}"))
                    .set("registration_date", "2026-03-01")
                    .set("status", "open")
            })
            .collect::<Vec<_>>()
    };
    for start in (0..PEOPLE).step_by(500) {
        let cases = vault.add_all(drafts(start..start + 500))?;
        let people = cases.iter().enumerate().map(|(n, case)| person(*case, start + n)).collect();
        let until = Timestamp::from_second(1_900_000_000)?;
        for person in vault.add_all(people)? {
            let grant = Grant::new(REPORTING, to.clone(), until);
            vault.consents(person)?.give(grant, &Statement::by(Party::Subject))?;
        }
    }
    println!("{PEOPLE} cases with one adult each, who agreed to be counted");
    Ok(vault.close()?)
}

fn person(case: RecordId, n: usize) -> RecordDraft {
    RecordDraft::new("person")
        .under(case)
        .set("survivor_code", format!("MED-{n:05}-S1"))
        .set("given_names", format!("Nombre{n}"))
        .set("paternal_surname", format!("Apellido{}", n % 997))
        .set("birth_date", format!("{}-05-17", 1950 + n % 50))
        .set("sex", if n.is_multiple_of(2) { "female" } else { "male" })
        .set("home_ubigeo", if n.is_multiple_of(3) { "inei:100101" } else { "inei:150101" })
        .set("phone", format!("9{n:08}"))
}

fn case(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let vault = open(dir)?;
    let id = vault.add(
        RecordDraft::new("case")
            .set("case_code", format!("UNO-{}", std::process::id()))
            .set("registration_date", "2026-03-01")
            .set("status", "open"),
    )?;
    let woman = vault.add(person(id, 12_345_678))?;
    let notes = (0..298).map(|n| {
        RecordDraft::new("service")
            .under(id)
            .set("service_type", "legal_assistance_service")
            .set("provider", format!("Proveedora Inventada {n}"))
            .set("date", format!("2026-{:02}-{:02}", n % 12 + 1, n % 28 + 1))
            .set("implemented", n % 2 == 0)
    });
    vault.add_all(notes.collect())?;
    let name = format!("Fiscalía de Prueba {}", std::process::id());
    let to = add_recipient(&vault, &name, RecipientKind::Prosecutor)?;
    let until = Timestamp::from_second(1_900_000_000)?;
    let mut grant = Grant::new("legal_proceedings", to.clone(), until).category("care");
    for category in ["case", "profile", "identity", "account", "legal"] {
        grant = grant.category(category);
    }
    vault.consents(woman)?.give(grant, &Statement::by(Party::Subject))?;
    let request = ExportRequest::new("court_full", "legal_proceedings", &to);
    for _ in 0..5 {
        let begun = Instant::now();
        let export = vault.export(id, &request)?;
        let bytes: usize = export.files().map(|(_, bytes)| bytes.len()).sum();
        let records = export.view().records().len();
        println!("{records} records, all files, searched: {:?}, {bytes} bytes", begun.elapsed());
    }
    Ok(())
}

fn table(dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let vault = open(dir)?;
    let found = vault.recipients()?;
    let (to, _) =
        found.iter().find(|(_, e)| e.kind == RecipientKind::Research).ok_or("no recipient")?;
    let request = ExportRequest::new("stats_microdata", REPORTING, &RecipientRef::Recipient(*to));
    let begun = Instant::now();
    let mut halfway = 0;
    let export = vault.export_table("person", &request, &mut |done, of| {
        if done * 2 == of {
            halfway = memory();
        }
    })?;
    let (rows, took) = (export.manifest().records, begun.elapsed());
    println!("{rows} rows in {took:?}; resident {halfway} KiB halfway, {} KiB at most", peak());
    let out = dir.join(format!("table-{}", std::process::id()));
    let begun = Instant::now();
    export.seal_into(&out)?;
    println!("logged and sealed in {:?}; {} KiB at most", begun.elapsed(), peak());
    Ok(())
}

fn open(dir: &Path) -> Result<Vault, Box<dyn std::error::Error>> {
    let identity = Identity::parse(&std::fs::read(dir.join("key"))?, None)?;
    Ok(Vault::open(dir.join("vault"), &identity)?)
}

fn add_recipient(
    vault: &Vault,
    name: &str,
    kind: RecipientKind,
) -> Result<RecipientRef, Box<dyn std::error::Error>> {
    let age_recipient = Identity::generate()?.card().recipient();
    let entry = RecipientEntry { name: name.to_owned(), kind, organisation: None, age_recipient };
    Ok(RecipientRef::Recipient(vault.add_recipient(&entry)?))
}

fn memory() -> u64 {
    status("VmRSS:")
}

fn peak() -> u64 {
    status("VmHWM:")
}

/// In KiB; 0 where the system does not tell.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}

const PEOPLE: usize = 10_000;
const REPORTING: &str = "reporting_nonidentifiable";
