//! A full disk, read-only media, a second process, a newer format, cut files: a clear error
//! each time, and nothing lost once the cause is gone.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use amparo::{ErrorKind, Identity, RecordId, Vault, VaultOptions};

use crate::office::{Office, case, copy, kind_of, schema, text};

/// Set for the second process only: the folder of the vault that it is to hold.
const HOLD: &str = "AMPARO_TEST_HOLD_FOLDER";

/// Set for the process that runs out of room only: the small file system.
const FULL: &str = "AMPARO_TEST_FULL_FOLDER";

type Truth = BTreeMap<RecordId, String>;

fn add(vault: &Vault, truth: &mut Truth, code: &str) -> amparo::Result<()> {
    let id = vault.add(case(code).set("narrative", code.repeat(200)))?;
    truth.insert(id, code.to_owned());
    Ok(())
}

fn assert_whole(vault: &Vault, truth: &Truth) {
    for (id, code) in truth {
        let record = vault.read(*id).unwrap();
        assert_eq!(text(&record, "case_code").as_ref(), Some(code));
        assert_eq!(text(&record, "narrative"), Some(code.repeat(200)));
    }
    let mut listed = vault.list("case", None, 100_000).unwrap();
    listed.sort_unstable();
    assert_eq!(listed, truth.keys().copied().collect::<Vec<_>>());
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
}

/// A vault with some records, closed.
fn filled() -> (Office, Truth) {
    let office = Office::new();
    let vault = office.create();
    let mut truth = Truth::new();
    for number in 0..12 {
        add(&vault, &mut truth, &format!("HCO-{number:04}")).unwrap();
    }
    vault.close().unwrap();
    (office, truth)
}

fn skipped(what: &str, why: &str) {
    io::stderr().write_all(format!("skipped: {what}: {why}\n").as_bytes()).unwrap();
}

/// Something mounted for a test, gone with it.
struct Mount(PathBuf);

impl Mount {
    /// Runs `mount` with these arguments; whoever may not mount gets nothing.
    fn new(arguments: &[&str], at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let done = Command::new("mount").args(arguments).arg(at).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success()).then(|| Self(at.to_path_buf()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("small");
    let Some(_mount) = Mount::new(&["-t", "tmpfs", "-o", "size=48m", "tmpfs"], &at) else {
        return skipped("a full disk", "no file system can be mounted here");
    };
    // In a process of its own: sled, which is not to be trusted after it, has one set of
    // threads for all.
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "damage::on_a_full_disk", "--nocapture"])
        .env(FULL, &at)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The process with the full disk; as a test of its own it does nothing.
#[test]
fn on_a_full_disk() {
    let Some(at) = std::env::var_os(FULL).map(PathBuf::from) else { return };
    let rosa = Identity::generate().unwrap();
    let path = at.join("vault");
    let vault = Vault::create(&path, schema(), &rosa).unwrap();
    let mut truth = Truth::new();
    add(&vault, &mut truth, "before").unwrap();
    let free = |keep: usize| {
        let mut ballast = fs::File::create(at.join("ballast")).unwrap();
        while ballast.write_all(&[1; 4096]).is_ok() {}
        let len = ballast.metadata().unwrap().len();
        ballast.set_len(len.saturating_sub(keep as u64)).unwrap();
    };
    free(256 << 10);
    // The segment is preallocated: room runs out when the next one is needed.
    let narrative = "relato ".repeat(5_000);
    let error = loop {
        let code = format!("HCO-{}", truth.len());
        match vault.add(case(&code).set("narrative", narrative.as_str())) {
            Ok(id) => truth.insert(id, code),
            Err(error) => break error,
        };
        assert!(truth.len() < 5_000, "the disk never was full");
    };
    assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
    // Nobody knows what is on the disk now: the session has ended, and says so.
    let again = truth.keys().map(|id| vault.read(*id).map(drop)).collect::<Vec<_>>();
    assert!(
        again.iter().all(|read| !matches!(read, Err(e) if e.kind() != ErrorKind::SessionEnded))
    );
    let closing = Instant::now();
    drop(vault);
    assert!(closing.elapsed().as_secs() < 60, "closing hangs");
    // Still full: it opens, or says why not.
    if let Err(error) = Vault::open(&path, &rosa) {
        assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
    }
    fs::remove_file(at.join("ballast")).unwrap();
    let vault = Vault::open(&path, &rosa).unwrap();
    for (id, code) in &truth {
        assert_eq!(text(&vault.read(*id).unwrap(), "case_code").as_ref(), Some(code));
    }
    assert_eq!(vault.list("case", None, 100_000).unwrap().len(), truth.len());
    assert_eq!(vault.check(&mut |_| ()).unwrap().findings, []);
    vault.add(case("after")).unwrap();

    free(16 << 10);
    let another = Vault::create(at.join("another"), schema(), &rosa);
    assert_eq!(kind_of(another), ErrorKind::DiskFull);
    assert!(!at.join("another").exists(), "half a vault was left");
}

#[test]
fn a_read_only_folder_is_read_and_not_written() {
    let (office, truth) = filled();
    let vault = VaultOptions::new().read_only().open(office.path(), &office.director).unwrap();
    assert_whole(&vault, &truth);
    assert_eq!(kind_of(vault.add(case("no"))), ErrorKind::ReadOnly);
    assert_eq!(
        kind_of(vault.erase(
            *truth.keys().next().unwrap(),
            &amparo::Erasure::new(amparo::ErasureReason::SurvivorRequest)
        )),
        ErrorKind::ReadOnly
    );
    drop(vault);

    let source = office.dir.path().to_str().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let at = elsewhere.path().join("bound");
    match Mount::new(&["--bind", "-o", "ro", source], &at) {
        None => skipped("a read-only file system", "no folder can be mounted here"),
        Some(_mount) => {
            let path = at.join("vault");
            assert_eq!(kind_of(Vault::open(&path, &office.director)), ErrorKind::ReadOnly);
            let made = Vault::create(at.join("another"), schema(), &office.director);
            assert_eq!(kind_of(made), ErrorKind::ReadOnly);
            let vault = VaultOptions::new().read_only().open(&path, &office.director).unwrap();
            assert_whole(&vault, &truth);
        }
    }
    let vault = office.open();
    assert_whole(&vault, &truth);
}

#[test]
fn a_second_process_is_told_that_the_vault_is_in_use() {
    let (office, mut truth) = filled();
    fs::write(office.dir.path().join("rosa.key"), office.director.to_plain().expose()).unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "damage::holder", "--nocapture", "--test-threads=1"])
        .env(HOLD, office.dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(holder.stdout.take().unwrap());
    let mut line = String::new();
    while line.trim_end() != "held" {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "the other process died");
    }
    assert_eq!(kind_of(Vault::open(office.path(), &office.director)), ErrorKind::Busy);
    // A process that is killed leaves no lock behind.
    holder.kill().unwrap();
    holder.wait().unwrap();
    let vault = office.open();
    assert_whole(&vault, &truth);
    add(&vault, &mut truth, "after").unwrap();
    assert_whole(&vault, &truth);
}

/// The other process; as a test of its own it does nothing.
#[test]
fn holder() {
    let Ok(folder) = std::env::var(HOLD) else { return };
    let folder = Path::new(&folder);
    let rosa = Identity::parse(&fs::read(folder.join("rosa.key")).unwrap(), None).unwrap();
    let _vault = Vault::open(folder.join("vault"), &rosa).unwrap();
    io::stdout().write_all(b"\nheld\n").unwrap();
    let _ = io::stdin().read(&mut [0]);
}

#[test]
fn a_newer_format_is_said_and_not_touched() {
    let (office, truth) = filled();
    let header = office.path().join("amparo.vault");
    let bytes = fs::read(&header).unwrap();
    let mut newer = bytes.clone();
    newer[7] += 1;
    fs::write(&header, &newer).unwrap();
    assert_eq!(kind_of(Vault::open(office.path(), &office.director)), ErrorKind::NewerFormat);
    assert_eq!(fs::read(&header).unwrap(), newer);
    fs::write(&header, bytes).unwrap();
    assert_whole(&office.open(), &truth);
}

#[test]
fn a_cut_or_missing_file_is_noticed_or_harmless() {
    let (office, truth) = filled();
    let root = office.dir.path();
    let whole = tempfile::tempdir().unwrap();
    copy(root, whole.path());
    let mut files = Vec::new();
    walk(root, &mut files);
    assert!(files.len() > 5, "{files:?}");
    let (mut noticed, mut harmless) = (0, 0);
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let full = bytes.len();
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for cut in [
            None,
            Some(0),
            Some(used / 3),
            Some(used.saturating_sub(1)),
            Some(full.saturating_sub(1)),
        ] {
            match cut {
                None => fs::remove_file(file).unwrap(),
                Some(len) => fs::write(file, &bytes[..len.min(full)]).unwrap(),
            }
            let what =
                format!("{} cut to {cut:?} of {full}", file.strip_prefix(root).unwrap().display());
            match Vault::open(office.path(), &office.director) {
                Err(error) => {
                    noticed += 1;
                    assert!(is_clear(error.kind()), "{what}: {error:?}");
                }
                Ok(vault) => {
                    let lost = truth.keys().filter(|id| vault.read(**id).is_err()).count();
                    let listed = vault.list("case", None, 100).map_or(0, |ids| ids.len());
                    if lost > 0 || listed < truth.len() {
                        // What the session did not say when it opened, it says at the read.
                        noticed += 1;
                        let kinds: Vec<_> =
                            truth.keys().filter_map(|id| vault.read(*id).err()).collect();
                        assert!(
                            kinds.iter().all(|error| is_clear(error.kind())),
                            "{what}: {kinds:?}"
                        );
                        assert!(lost > 0, "{what}: {listed} listed, and no error");
                    } else {
                        harmless += 1;
                        assert_whole(&vault, &truth);
                    }
                }
            }
            // Put back, everything is there again.
            for folder in ["vault", "vault.anchor"] {
                fs::remove_dir_all(root.join(folder)).unwrap();
                copy(&whole.path().join(folder), &root.join(folder));
            }
        }
    }
    let line =
        format!("{} files cut five ways: {noticed} noticed, {harmless} harmless\n", files.len());
    io::stderr().write_all(line.as_bytes()).unwrap();
    assert_whole(&office.open(), &truth);
}

#[test]
fn a_foreign_folder_is_not_taken_for_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    let rosa = Identity::generate().unwrap();
    assert_eq!(kind_of(Vault::open(folder.path(), &rosa)), ErrorKind::NotFound);
    fs::write(folder.path().join("amparo.vault"), "a shopping list").unwrap();
    assert_eq!(kind_of(Vault::open(folder.path(), &rosa)), ErrorKind::Tampered);
}

fn is_clear(kind: ErrorKind) -> bool {
    use ErrorKind as K;
    [K::Tampered, K::Missing, K::RolledBack, K::NoAnchor, K::NotFound, K::NewerFormat]
        .contains(&kind)
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, into) } else { into.push(path) }
    }
    into.sort();
}
