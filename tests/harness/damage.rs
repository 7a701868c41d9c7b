//! Damage to the files of a closed vault.

#![allow(clippy::ptr_arg, reason = "all changes to a file are of one type")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::random::Random;
use crate::table::Outcome;
use crate::vault::{Pristine, copy, judge};

/// One way to damage a vault.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// Does it, and says to what.
    hurt: fn(&Pristine, &Path, &mut Random) -> String,
}

pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "a bit flipped", hurt: |_, home, random| one_file(home, random, flip) },
    Kind { name: "a block zeroed", hurt: |_, home, random| one_file(home, random, zero) },
    Kind {
        name: "a block overwritten by another",
        hurt: |_, home, random| one_file(home, random, shuffle),
    },
    Kind { name: "a file cut short", hurt: |_, home, random| one_file(home, random, cut) },
    Kind {
        name: "rubbish at the end of a file",
        hurt: |_, home, random| one_file(home, random, extend),
    },
    Kind { name: "a file dropped", hurt: drop_one },
    Kind { name: "two files exchanged", hurt: exchange },
    Kind { name: "a file of an older day", hurt: older },
    Kind { name: "a file that no longer was", hurt: undead },
    Kind { name: "all of it of an older day", hurt: all_older },
];

pub(crate) fn trial(pristine: &Pristine, kind: Kind, random: &mut Random) -> Outcome {
    let home = pristine.copy();
    let what = (kind.hurt)(pristine, home.path(), random);
    match judge(home.path(), &pristine.director, &pristine.truth) {
        Outcome::Silent(how) => Outcome::Silent(format!("{what}: {how}")),
        lost @ (Outcome::Refused | Outcome::LostAndSaid) if is_sled(&what) => {
            Outcome::Silent(format!("{what}: the journal survived, and {lost:?}"))
        }
        outcome => outcome,
    }
}

/// Whether all that was damaged lies in sled, which holds nothing that the journal does not.
fn is_sled(what: &str) -> bool {
    what.split(" and ").flat_map(|what| what.split(", ")).all(|one| one.starts_with(SLED))
}

const SLED: &str = "vault/store/sled/";

pub(crate) const BACKUP: &str = "a file of a backup, restored";

/// Of a backup of three files one is damaged: it is restored whole or not at all.
pub(crate) fn backup(pristine: &Pristine, random: &mut Random) -> Outcome {
    let home = tempfile::tempdir().unwrap();
    let files = pristine.copy_backups(home.path());
    let path = random.pick(&files);
    let change = *random.pick(CHANGES);
    let what = format!("{} at {}", name(home.path(), path), edit(path, random, change));
    match pristine.restore(home.path(), &files) {
        Outcome::Silent(how) => Outcome::Silent(format!("{what}: {how}")),
        outcome => outcome,
    }
}

/// Every file of the vault and of its anchor.
fn files(home: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&home.join("vault"), &mut found);
    walk(&home.join("vault.anchor"), &mut found);
    found.sort();
    found
}

/// A change to a file's bytes; says where.
type Change = fn(&mut Vec<u8>, &mut Random) -> usize;

/// Damage to a single file.
const CHANGES: &[Change] = &[flip, zero, shuffle, cut, extend];

/// Changes a file of the vault.
fn one_file(home: &Path, random: &mut Random, change: Change) -> String {
    let path = random.pick(&files(home)).clone();
    format!("{} at {}", name(home, &path), edit(&path, random, change))
}

fn edit(path: &Path, random: &mut Random, change: Change) -> String {
    let mut bytes = fs::read(path).unwrap();
    let length = bytes.len();
    let at = change(&mut bytes, random);
    fs::write(path, bytes).unwrap();
    format!("{at} of {length}")
}

fn name(home: &Path, path: &Path) -> String {
    path.strip_prefix(home).unwrap().display().to_string()
}

/// A place in a file, half of the time among its bytes that are not zero: much of a segment is
/// room for later.
fn place(bytes: &[u8], random: &mut Random) -> usize {
    let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let end = if random.below(2) == 0 && used > 0 { used } else { bytes.len() };
    usize::try_from(random.below(end as u64)).unwrap()
}

fn flip(bytes: &mut Vec<u8>, random: &mut Random) -> usize {
    let at = place(bytes, random);
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
    at
}

/// A sector or a page.
fn block(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    let size = *random.pick(&[512, 4096]);
    let at = place(bytes, random) / size * size;
    at..bytes.len().min(at + size)
}

fn zero(bytes: &mut Vec<u8>, random: &mut Random) -> usize {
    let block = block(bytes, random);
    bytes[block.clone()].fill(0);
    block.start
}

fn shuffle(bytes: &mut Vec<u8>, random: &mut Random) -> usize {
    let (from, to) = (block(bytes, random), block(bytes, random));
    let size = from.len().min(to.len());
    bytes.copy_within(from.start..from.start + size, to.start);
    to.start
}

fn cut(bytes: &mut Vec<u8>, random: &mut Random) -> usize {
    let at = place(bytes, random);
    bytes.truncate(at);
    at
}

fn extend(bytes: &mut Vec<u8>, random: &mut Random) -> usize {
    let at = bytes.len();
    for _ in 0..=random.below(5000) {
        bytes.push(u8::try_from(random.below(256)).unwrap());
    }
    at
}

fn drop_one(_: &Pristine, home: &Path, random: &mut Random) -> String {
    let files = files(home);
    let file = random.pick(&files);
    fs::remove_file(file).unwrap();
    name(home, file)
}

fn exchange(_: &Pristine, home: &Path, random: &mut Random) -> String {
    let mut files = files(home);
    let one = &random.pick(&files).clone();
    files.retain(|file| file != one);
    let two = random.pick(&files);
    let (first, second) = (fs::read(one).unwrap(), fs::read(two).unwrap());
    fs::write(one, second).unwrap();
    fs::write(two, first).unwrap();
    format!("{} and {}", name(home, one), name(home, two))
}

/// One of the files that changed since.
fn older(pristine: &Pristine, home: &Path, random: &mut Random) -> String {
    let before = pristine.before(*random.pick(&[0, 1]));
    let pairs = files(&before).into_iter().map(|old| {
        let new = home.join(old.strip_prefix(&before).unwrap());
        (old, new)
    });
    let is_changed = |(old, new): &(PathBuf, PathBuf)| {
        new.exists() && fs::read(old).unwrap() != fs::read(new).unwrap()
    };
    let changed: Vec<_> = pairs.filter(is_changed).collect();
    let (old, new) = random.pick(&changed);
    fs::copy(old, new).unwrap();
    name(home, new)
}

/// Brings back what an older copy has and the newest has not.
fn undead(pristine: &Pristine, home: &Path, random: &mut Random) -> String {
    let mut found = Vec::new();
    let before = pristine.before(*random.pick(&[0, 1]));
    for old in files(&before) {
        let new = home.join(old.strip_prefix(&before).unwrap());
        if !new.exists() && (found.is_empty() || random.below(2) == 0) {
            fs::create_dir_all(new.parent().unwrap()).unwrap();
            fs::copy(old, &new).unwrap();
            found.push(name(home, &new));
        }
    }
    found.join(", ")
}

/// The vault, its anchor or both; the pins are the user's.
fn all_older(pristine: &Pristine, home: &Path, random: &mut Random) -> String {
    let before = pristine.before(*random.pick(&[0, 1]));
    let which: &&[&str] =
        random.pick(&[&["vault"] as &[&str], &["vault.anchor"], &["vault", "vault.anchor"]]);
    for name in *which {
        fs::remove_dir_all(home.join(name)).unwrap();
        copy(&before.join(name), &home.join(name));
    }
    which.join(", ")
}
