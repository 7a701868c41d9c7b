//! Vaults whose store is damaged on the disk, and what a repair makes of them.

use std::fs;
use std::path::PathBuf;

use amparo::{ErrorKind, Place, Vault, VaultOptions};

use crate::office::{Office, case, copy, text};

const CASES: usize = 400;

/// A closed vault whose rows all lie in runs.
fn filled() -> (Office, Vec<amparo::RecordId>) {
    let office = Office::new();
    let vault = office.create();
    let cases =
        (0..CASES).map(|n| case(&format!("HCO-{n:04}")).set("narrative", "relato ".repeat(40)));
    let ids = vault.add_all(cases.collect()).unwrap();
    vault.compact().unwrap();
    vault.close().unwrap();
    (office, ids)
}

fn largest_run(office: &Office) -> PathBuf {
    let runs = fs::read_dir(office.path().join("store/runs")).unwrap();
    let runs = runs.map(|entry| entry.unwrap().path());
    runs.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
}

fn repair(office: &Office) -> (Vault, amparo::CheckReport) {
    let vault = Vault::open(office.path(), &office.director).unwrap();
    let report = vault.check(&mut |_| ()).unwrap();
    vault.repair(&report, &mut |_| ()).unwrap();
    let report = vault.check(&mut |_| ()).unwrap();
    (vault, report)
}

#[test]
fn of_a_damaged_run_all_but_the_damaged_block_is_there_again_and_the_rest_is_named() {
    let (office, ids) = filled();
    let whole = tempfile::tempdir().unwrap();
    copy(office.dir.path(), whole.path());
    let run = largest_run(&office);
    let bytes = fs::read(&run).unwrap();
    let (mut records, mut indexes) = (0, 0);
    for part in [20, 40, 60, 80, 100] {
        let at = (bytes.len() - 1) * part / 100;
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        fs::write(&run, &damaged).unwrap();
        let store = VaultOptions::new().repair_store(office.path()).unwrap();
        assert_eq!(store.damaged, [run.file_name().unwrap().to_str().unwrap()]);
        assert!(store.blocks_lost <= 2, "{part} %: {store:?}");
        let kept = office.path().join("store").join(store.kept_in.unwrap()).join(&store.damaged[0]);
        assert_eq!(fs::read(kept).unwrap(), damaged);
        match Vault::open(office.path(), &office.director) {
            Ok(vault) => drop(vault),
            Err(error) => panic!("{part} %: {error:?}"),
        }
        let (vault, report) = repair(&office);
        let lost: Vec<_> = ids.iter().filter(|id| vault.read(**id).is_err()).collect();
        assert!(lost.len() < 20, "{part} %: {} records", lost.len());
        for id in &lost {
            let named = |place: &Place| *place == Place::Record(**id);
            assert!(report.findings.iter().any(|one| named(&one.place)), "{part} %: {id}");
        }
        records += lost.len();
        indexes += usize::from(store.blocks_lost > 0 && report.findings.is_empty());
        for (n, id) in ids.iter().enumerate().filter(|(_, id)| !lost.contains(id)) {
            let code = format!("HCO-{n:04}");
            if n % 20 == 0 {
                assert_eq!(text(&vault.read(*id).unwrap(), "case_code").as_ref(), Some(&code));
                assert_eq!(vault.find("case", "case_code", &code).unwrap(), [*id], "{part} %");
            }
        }
        vault.add(case("after")).unwrap();
        vault.compact().unwrap();
        drop(vault);
        for folder in ["vault", "vault.anchor"] {
            fs::remove_dir_all(office.dir.path().join(folder)).unwrap();
            copy(&whole.path().join(folder), &office.dir.path().join(folder));
        }
    }
    assert!(records > 0, "no block of records was hit");
    assert!(indexes > 0, "no block of the index was hit");
}

#[test]
fn a_vault_that_is_open_is_not_repaired_and_a_folder_that_is_none_is_refused() {
    let (office, _) = filled();
    let vault = office.open();
    let repaired = VaultOptions::new().repair_store(office.path());
    assert_eq!(repaired.unwrap_err().kind(), ErrorKind::Busy);
    drop(vault);
    assert!(VaultOptions::new().repair_store(office.path()).unwrap().is_whole());
    let none = VaultOptions::new().repair_store(office.dir.path());
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    // Without its newest commit nothing can be rebuilt, and nothing is touched.
    let journal = office.path().join("store/journal");
    fs::remove_dir_all(&journal).unwrap();
    let gone = VaultOptions::new().repair_store(office.path());
    assert_eq!(gone.unwrap_err().kind(), ErrorKind::Missing);
}
