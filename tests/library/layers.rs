//! The table of layers in `docs/design.md`, held against what the sources name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by layer; a module may name those of lower layers, and what [`PEERS`] adds.
const LAYERS: &[&[&str]] = &[
    &["error", "secret", "id", "time", "codec", "spelling", "language"],
    &["crypto"],
    &["schema", "record", "consent", "store"],
    &["keys"],
    &["seal", "escrow", "audit", "search"],
    &["redact", "export", "stats"],
    &["vault"],
];

/// What a module may name within its own layer, and why.
const PEERS: &[(&str, &[&str])] = &[
    // An error names a record as its place, and reading an id can fail.
    ("error", &["id"]),
    ("id", &["error", "spelling"]),
    ("time", &["error", "spelling"]),
    ("codec", &["error"]),
    // Values are checked against fields; a schema knows nothing of values.
    ("record", &["schema"]),
    ("language", &["time"]),
    // A renderer sees views; a view knows no renderer.
    ("export", &["redact"]),
];

/// Layer 5 sees what was opened, never keys.
const BLIND_TO_KEYS: &[&str] = &["redact", "export", "stats"];

#[test]
fn no_module_names_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for path in sources(&root) {
        let relative = path.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        let text = fs::read_to_string(&path).unwrap();
        if module == "bin" {
            // Another crate: it cannot reach a private module, and must not take one in.
            assert!(!text.contains("../../../src/"), "{} takes in the library", relative.display());
            continue;
        }
        // The front page and the doors of fuzz targets and benches stand above all layers; test doubles
        // of a module's own tests may come from anywhere.
        if ["lib", "fuzzing", "benching"].contains(&module)
            || relative.with_extension("").components().any(|c| c.as_os_str() == "tests")
        {
            continue;
        }
        let layer = layer_of(module).unwrap_or_else(|| panic!("{module} is not in the table"));
        seen.insert(module.to_owned());
        for named in named_modules(&text, &relative.with_extension("")) {
            let below = layer_of(&named).is_some_and(|other| other < layer);
            let peer =
                PEERS.iter().any(|(from, to)| *from == module && to.contains(&named.as_str()));
            let blind = BLIND_TO_KEYS.contains(&module) && named == "keys";
            if named != module && (blind || !(below || peer)) {
                wrong.push(format!("{} names {named}", relative.display()));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    for module in
        ["error", "crypto", "schema", "record", "store", "keys", "seal", "search", "audit", "vault"]
    {
        assert!(seen.contains(module), "{module} was not read");
    }
}

#[test]
fn paths_of_every_shape_are_read() {
    let at = |text: &str, file: &str| {
        named_modules(text, Path::new(file)).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(
        at("use crate::{codec, vault::{self, read}, id};", "seal/mod"),
        ["codec", "id", "vault"]
    );
    assert_eq!(at("let x = crate::keys::tree::root();", "seal/group"), ["keys"]);
    assert_eq!(at("use super::super::vault::Live;", "seal/group"), ["vault"]);
    assert_eq!(at("use super::vault::Live;", "codec"), ["vault"]);
    assert_eq!(at("use super::vault;", "seal/mod"), ["vault"]);
    assert_eq!(at("use super::FORMAT;", "seal/group"), [""; 0]);
    assert_eq!(at("//! as crate::vault\n// crate::vault\nuse crate::Error;", "id"), ["Error"]);
    assert_eq!(at("use amparo::x;\npub(in crate::vault) fn f() {}", "id"), ["vault"]);
    assert_eq!(at("fn f() {}\n#[cfg(test)]\nmod tests { use crate::vault::V; }", "id"), [""; 0]);
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// The modules of the crate's root that a source names outside comments and its tests.
fn named_modules(text: &str, file: &Path) -> BTreeSet<String> {
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    let code: String = text[..end]
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    // How many `super`s lead from this file's module to the root of the crate.
    let depth = file.components().filter(|part| part.as_os_str() != "mod").count();
    let upwards = format!("{}::", vec!["super"; depth].join("::"));
    let mut named = BTreeSet::new();
    for prefix in ["crate::", &upwards] {
        for (at, _) in code.match_indices(prefix) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            first_segments(&code[at + prefix.len()..], &mut named);
        }
    }
    // The front page's re-exports stand above all layers: named here, they are not in the table.
    named.retain(|name| !name.is_empty() && name != "super" && name != "self");
    named
}

/// `a::b` gives `a`; `{a, b::{c}, d}` gives `a`, `b`, `d`.
fn first_segments(rest: &str, into: &mut BTreeSet<String>) {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        into.insert(word(rest));
        return;
    };
    let (mut depth, mut start) = (0, true);
    for (at, c) in group.char_indices() {
        if start {
            into.insert(word(&group[at..]));
        }
        start = depth == 0 && c == ',';
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return,
            '}' => depth -= 1,
            _ => {}
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
