//! How many records a second are sealed again after a departure, and how long a recovery takes.
//!
//! ```sh
//! cargo run --release --example measure_keys -- DIR 20000
//! ```

#![allow(clippy::print_stdout, reason = "this program is here to print")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use amparo::{Identity, RecordDraft, Schema, Share, Vault, VaultOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [dir, records] = args.as_slice() else {
        return Err("a folder and a number of records".into());
    };
    let records: usize = records.parse()?;
    let path = Path::new(dir).join(format!("vault-{records}"));
    let director = Identity::generate()?;
    let vault = Vault::create(&path, &Schema::peru()?, &director)?;
    let started = Instant::now();
    fill(&vault, records)?;
    rate("records written", records, started);

    let people = ["Ana", "Berta", "Carla"]
        .map(|name| Identity::generate().map(|it| (name.to_owned(), it.card().recipient())));
    let custodians: Vec<(String, String)> = people.into_iter().collect::<Result<_, _>>()?;
    let started = Instant::now();
    let ceremony = vault.hold_ceremony(2, &custodians)?;
    let shares: Vec<Share> = ceremony.shares().map(|(_, share)| share.clone()).collect();
    vault.put_escrow_in_force(ceremony, None)?;
    println!("escrow set up: {:?}", started.elapsed());

    vault.add_member("Quien se va", &Identity::generate()?.card(), "lawyer")?;
    let started = Instant::now();
    vault.remove_member("Quien se va")?;
    println!("a member removed, new keys in force: {:?}", started.elapsed());
    let started = Instant::now();
    vault.reseal(&mut |_| ())?;
    rate("records sealed again, with their words", records, started);
    vault.close()?;

    std::fs::remove_dir_all(path.with_extension("anchor"))?;
    let started = Instant::now();
    let pieces = shares.into_iter().map(|share| (String::new(), Ok(share))).collect();
    let recovery = VaultOptions::new().recover(&path, pieces)?;
    let ceremony = recovery.deal()?;
    let new = Identity::generate()?;
    recovery.finish(ceremony, "Directora", &new.card())?;
    println!("recovered, a new director can open it: {:?}", started.elapsed());
    let vault = Vault::open(&path, &new)?;
    vault.reseal(&mut |_| ())?;
    println!("recovered and all sealed again: {:?}", started.elapsed());
    Ok(())
}

fn fill(vault: &Vault, records: usize) -> Result<(), Box<dyn Error>> {
    for first in (0..records / 2).step_by(500) {
        let drafts = (0..500).flat_map(|nth| {
            let number = first + nth;
            let case = RecordDraft::new("case")
                .set("case_code", format!("HCO-{number:07}"))
                .set("registration_date", "2026-03-01")
                .set("status", "open");
            let person = RecordDraft::new("person")
                .set("survivor_code", format!("S-{number:07}"))
                .set("given_names", "Flor de Prueba")
                .set("paternal_surname", format!("Inventada {number}"))
                .set("birth_date", "2012-05-04")
                .set("sex", "female")
                .under_draft(nth * 2);
            [case, person]
        });
        vault.add_all(drafts.collect())?;
    }
    Ok(())
}

fn rate(what: &str, count: usize, since: Instant) {
    let took = since.elapsed();
    let a_second = f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64();
    println!("{count} {what}: {took:?}, {a_second:.0} a second");
}
