//! Writes the seeds anew: real files and rows of invented vaults. `cargo run --bin seeds`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use amparo::store::{MemoryStore, Store};
use amparo::{
    Argon2Cost, BackupRequest, Channel, Consent, ConsentDocument, Controller, Event, Grant, Identity, Means,
    Party, Policy, RecipientKind, RecipientRef, RecordDraft, RecordEdit, RecordId, Result, Schema,
    SecretText, Speaker, Vault, VaultOptions, What,
};

const SECTOR: usize = 512;
const SMALL: &str = include_str!("small.toml");

fn main() -> Result<()> {
    identities()?;
    rows()?;
    journal()?;
    backups()?;
    tree_nodes();
    schemas()?;
    tables();
    consents()?;
    exports();
    shares();
    checkpoints()?;
    Ok(())
}

fn seed(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(target);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("a seed");
    println!("{target}/{name}: {} bytes", bytes.len());
}

fn identities() -> Result<()> {
    let rosa = Identity::generate()?;
    let plain = rosa.to_plain();
    seed("identity", "plain", plain.expose().as_bytes());
    let cheapest = Argon2Cost::new(19 << 10, 2, 1)?;
    seed(
        "identity",
        "sealed",
        &rosa.seal(&SecretText::from("una frase de prueba"), cheapest)?,
    );
    let age: Vec<&str> = plain
        .expose()
        .lines()
        .filter(|line| line.starts_with("AGE-SECRET-KEY-1"))
        .collect();
    seed(
        "identity",
        "age_keygen",
        format!("# public key: none\n{}\n", age.join("\n")).as_bytes(),
    );
    Ok(())
}

fn case(code: &str) -> RecordDraft {
    RecordDraft::new("case")
        .set("case_code", code)
        .set("registration_date", "2026-03-01")
        .set("status", "open")
        .set("narrative", "Relato inventado.")
}

/// Three records, one edited, in two rosters.
fn fill(vault: &Vault) -> Result<()> {
    let head = vault.add(case("HCO-0001"))?;
    vault.edit(
        head,
        1,
        RecordEdit::new().set("narrative", "Otro relato inventado."),
    )?;
    vault.add(case("HCO-0002"))?;
    let person = RecordDraft::new("person")
        .under(head)
        .set("survivor_code", "S-1")
        .set("sex", "female");
    vault.add(
        person
            .set("given_names", "Flor")
            .set("paternal_surname", "de Prueba"),
    )?;
    vault.add_member("Abogada Ficticia", &Identity::generate()?.card(), "lawyer")?;
    Ok(())
}

fn rows() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(MemoryStore::new());
    let options = VaultOptions::new().store(store.clone());
    let vault = options.create(
        folder.path().join("vault"),
        &Schema::peru()?,
        &Identity::generate()?,
    )?;
    fill(&vault)?;
    for (prefix, target) in [(b"r", "sealed_record"), (b"m", "roster")] {
        let mut number = 0;
        store.scan(prefix, &mut |_, value| {
            // The schema's record alone is longer than 64 KiB.
            if value.len() < 16 << 10 {
                number += 1;
                seed(target, &format!("row_{number}"), value);
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// A full backup of a small vault, an increment over it, and a list of what was erased.
fn backups() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault");
    let vault = Vault::create(&path, &Schema::parse(SMALL)?, &Identity::generate()?)?;
    let id = vault.add(RecordDraft::new("case").set("code", "HCO-0001"))?;
    let [full, over] = ["full", "over"].map(|name| folder.path().join(name));
    vault.backup(&full, &BackupRequest::new(), &mut |_| ())?;
    vault.erase(id, &amparo::Erasure::new(amparo::ErasureReason::Retention))?;
    vault.backup(&over, &BackupRequest::new().since(&full), &mut |_| ())?;
    for (name, file) in [("full", &full), ("over", &over)] {
        let bytes = fs::read(file).expect("a backup");
        seed("backup_file", name, &[&[0], &bytes[..]].concat());
        seed("backup_file", &format!("{name}_mended"), &[&[1], &bytes[..]].concat());
    }
    let list = fs::read(path.join("erasures")).expect("a list");
    seed("backup_file", "erasures", &[&[2], &list[..]].concat());
    let of = [&[3, 1][..], &[7; 16], &[1]].concat();
    let len = u32::try_from(list.len()).expect("a short list");
    seed("backup_file", "marker", &[&of[..], &len.to_le_bytes(), &list].concat());
    Ok(())
}

/// The newest segment, up to the first sector that was never written; its payloads; a block.
fn journal() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault");
    let vault = Vault::create(&path, &Schema::parse(SMALL)?, &Identity::generate()?)?;
    for code in ["HCO-0001", "HCO-0002"] {
        let id = vault.add(RecordDraft::new("case").set("code", code))?;
        vault.edit(id, 1, RecordEdit::new().set("code", "HCO-0003"))?;
    }
    drop(vault);
    let mut files = Vec::new();
    walk(&path, &mut files);
    files.retain(|file| file.extension().is_some_and(|ending| ending == "seg"));
    let bytes = fs::read(files.pop().expect("a segment")).expect("a segment");
    let used = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .expect("a frame")
        .div_ceil(SECTOR)
        * SECTOR;
    seed(
        "journal",
        "segment",
        &[&[0], &bytes[..used + SECTOR]].concat(),
    );
    seed(
        "journal",
        "segment_cut",
        &[&[0], &bytes[..used - SECTOR - 100]].concat(),
    );

    // The payload of each frame: the marks of its sectors gone, between header and hash.
    let mut at = 0;
    let mut frames = 0;
    while at < used && frames < 4 {
        let flat: Vec<u8> = bytes[at..used]
            .chunks(SECTOR)
            .flat_map(|sector| &sector[1..])
            .copied()
            .collect();
        let len = u32::from_le_bytes(flat[8..12].try_into().expect("4 bytes")) as usize;
        let what = match flat[5] {
            1 => 3,
            2 => 1,
            _ => 2,
        };
        frames += 1;
        seed(
            "journal",
            &format!("payload_{frames}"),
            &[&[what], &flat[44..44 + len]].concat(),
        );
        at += (44 + len + 32).div_ceil(SECTOR - 1) * SECTOR;
    }
    let run = [
        &[2_u8][..],
        &3_u32.to_le_bytes(),
        b"abc",
        &7_u64.to_le_bytes(),
        &9_u64.to_le_bytes(),
        &[5; 32],
    ];
    seed("journal", "run", &run.concat());
    let mut footer = b"\x04AMPR\x01\0\0\0".to_vec();
    footer.extend([3_u64, 1, 4096].iter().flat_map(|n| n.to_le_bytes()));
    footer.extend([45_u32, 0].iter().flat_map(|n| n.to_le_bytes()));
    footer.extend([6; 32]);
    seed("journal", "footer", &footer);
    let mut directory = vec![5, 2, 0, 0, 0];
    for first in [b"ra", b"rb"] {
        directory.push(2);
        directory.extend(first);
        directory.extend([0; 8]);
        directory.extend([64, 0, 0, 0]);
        directory.extend([8; 16]);
    }
    seed("journal", "directory", &directory);
    seed(
        "journal",
        "group",
        &[&directory[..], &[4, 0, 0, 0, 1, 2, 3, 4]].concat(),
    );
    seed("journal", "block", b"\x06\x02\x03\0\0raxyz\x82\0\0\0rb");
    Ok(())
}

fn walk(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, into)
        } else {
            into.push(path)
        }
    }
}

/// Leaves and inner entries as `docs/format.md` has them: a bitmap, then the entries.
fn tree_nodes() {
    for (level, tail) in [(0_u8, 10), (1, 0), (3, 0)] {
        for places in [1_u16, 0b101, u16::MAX] {
            let mut bytes = vec![level];
            bytes.extend(places.to_le_bytes());
            for place in 0..places.count_ones() {
                bytes.extend(
                    (0..tail + 64).map(|byte| byte ^ u8::try_from(place).expect("below 16")),
                );
            }
            seed(
                "tree_node",
                &format!("level_{level}_{}", places.count_ones()),
                &bytes,
            );
        }
    }
}

fn schemas() -> Result<()> {
    seed("schema", "peru", Schema::peru()?.source().as_bytes());
    seed("schema", "small", Schema::parse(SMALL)?.source().as_bytes());
    Ok(())
}

fn tables() {
    seed(
        "csv_import",
        "utf8",
        "codigo,nombre,fecha\nHCO-1,Ñusta O'Higgins,01/02/2026\n".as_bytes(),
    );
    seed(
        "csv_import",
        "bom",
        "\u{feff}codigo;nombre\nHCO-1;\"Flor; de Prueba\"\n".as_bytes(),
    );
    seed(
        "csv_import",
        "windows_1252",
        b"codigo,nombre\nHCO-1,\xd1usta Mu\xf1oz\n",
    );
    seed(
        "csv_import",
        "utf16",
        &"codigo\tnombre\nHCO-1\tÑusta\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .fold(vec![0xff, 0xfe], |mut all, byte| {
                all.push(byte);
                all
            }),
    );
    seed(
        "csv_import",
        "json_lines",
        b"{\"codigo\":\"HCO-1\",\"n\":[\"a\",\"b\"],\"x\":null}\n\n{\"codigo\":2}\n{nonsense\n",
    );
    seed("csv_import", "open_quote", b"a,b\n1,\"2\n3,4\n");
    seed("csv_import", "uneven", b"a,b\n1\n1,2,3\n,,\n");
}

/// One of everything, and the least that there can be.
fn consents() -> Result<()> {
    let sample = include_str!("../../tests/data/consent-dpv.json");
    seed("consent_json", "sample", sample.as_bytes());
    let said_at = "2026-03-14T15:00:00Z".parse()?;
    let to = RecipientRef::Kind(RecipientKind::Prosecutor);
    let given = Event {
        what: What::Given,
        said_at,
        by: Speaker::new(Party::Subject),
        means: Means::new(Channel::Written),
    };
    let consent = Consent {
        id: RecordId::from_bytes([2; 16]),
        terms: Grant::new("legal_proceedings", to, "2026-06-12T05:00:00Z".parse()?),
        events: vec![(RecordId::from_bytes([3; 16]), given)],
    };
    let document = ConsentDocument {
        controller: Controller::new("Centro Ficticio"),
        person: RecordId::from_bytes([1; 16]),
        consents: vec![consent],
        recipients: Default::default(),
        issued_at: said_at,
    };
    let receipt = document.to_dpv(&Policy::peru()?)?;
    seed("consent_json", "small", receipt.as_bytes());
    Ok(())
}

/// The committed sample: its text, what is signed, and each disclosure.
fn exports() {
    let sample = include_str!("../../tests/data/sd_jwt/sample.sdjwt");
    seed("sd_jwt", "text", &[b"\0", sample.as_bytes()].concat());
    let decode = |text: &str| {
        data_encoding::BASE64URL_NOPAD
            .decode(text.as_bytes())
            .expect("base64url")
    };
    let mut parts = sample.trim_end_matches('~').split('~');
    let payload = parts.next().and_then(|jwt| jwt.split('.').nth(1));
    let payload = decode(payload.expect("a payload"));
    seed("sd_jwt", "signed", &[b"\x01", &payload[..]].concat());
    for (number, disclosure) in (1..).zip(parts) {
        let bytes = [b"\x02", &decode(disclosure)[..]].concat();
        seed("sd_jwt", &format!("disclosure_{number}"), &bytes);
    }
}

fn shares() {
    for (name, bytes) in amparo::fuzzing::escrow_share_samples() {
        seed("escrow_share", name, &bytes);
    }
}

fn checkpoints() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault");
    let vault = Vault::create(&path, &Schema::parse(SMALL)?, &Identity::generate()?)?;
    let grow = || vault.add(RecordDraft::new("case").set("code", "HCO-0001"));
    grow()?;
    let kept = vault.checkpoint()?;
    for _ in 0..5 {
        grow()?;
    }
    seed("checkpoint", "note", kept.to_string().as_bytes());
    seed("checkpoint", "continuation", vault.checkpoint_since(&kept)?.to_string().as_bytes());
    seed("checkpoint", "key", vault.checkpoint_key().as_bytes());
    Ok(())
}
