//! What an interrupted check leaves behind, so that the next one goes on: the ranges in which
//! nothing was wrong, and what was counted there.
//!
//! It is sealed under the key of the tree's root, so an erase ends it, and signed by whoever
//! checked: another member, who holds that key too, can make none for them. What changed since
//! is found in the log and checked again. What is damaged since without a change is not looked
//! at twice; so it lasts a day, and a report says that it was used.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;

use crate::audit::{Leaf, Walk};
use crate::codec::{Reader, Writer};
use crate::crypto::merkle::Frontier;
use crate::crypto::sign::SIGNATURE;
use crate::crypto::{aead, kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::keys::durable::{replace_file, sync_folder};
use crate::keys::tree::fresh_key;
use crate::secret::Key;
use crate::time::Timestamp;
use crate::vault::check::RANGE;
use crate::vault::check::records::Part;
use crate::vault::check::tally::Tally;
use crate::vault::{Live, Vault};

const FILE: &str = "check.bookmark";
const FORMAT: u8 = 1;
/// How long it is believed, in seconds.
const LASTS: i64 = 24 * 60 * 60;
/// Longest bookmark: 20 million slots.
const MAX_BOOKMARK: u64 = 64 << 20;
/// Ranges between two writings of it, at least.
const WRITE_EVERY: usize = if cfg!(test) { 1 } else { 8 };

/// A check that is under way, or was.
pub(super) struct Bookmark {
    begun: Timestamp,
    /// Whether an earlier check left it.
    resumed: bool,
    /// The log as it was then.
    log: Frontier,
    roster: u64,
    /// Under which members were counted.
    pub(super) key: Key,
    /// By the first slot: the end, and what came of it.
    done: BTreeMap<u64, (u64, Part)>,
    unwritten: usize,
}

impl Bookmark {
    /// What an earlier check by this session's identity left, or a new one.
    pub(super) fn find(vault: &Vault, live: &Live) -> Result<Self> {
        let now = vault.now(live);
        let fresh = |begun| -> Result<Self> {
            Ok(Self {
                begun,
                resumed: false,
                log: live.log.clone(),
                roster: live.roster.version,
                key: fresh_key()?,
                done: BTreeMap::new(),
                unwritten: 0,
            })
        };
        let left = if vault.writable { Self::read(vault, live) } else { None };
        match left {
            Some(left) if left.is_recent(now) && left.roster == live.roster.version => Ok(left),
            _ => fresh(now),
        }
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        (0..LASTS).contains(&now.as_second().saturating_sub(self.begun.as_second()))
    }

    /// When the check began that this one goes on with, if any of that is left.
    pub(super) fn resumed(&self) -> Option<Timestamp> {
        Some(self.begun).filter(|_| self.resumed && !self.done.is_empty())
    }

    /// Takes in a leaf that was judged: what it changed after the bookmark was written counts
    /// for nothing any more; and if the log is another one, nothing does.
    pub(super) fn hear(&mut self, leaf: &Leaf, walk: &Walk<'_>) {
        if !self.resumed {
            return;
        }
        if walk.size() == self.log.size() && walk.root() != self.log.root() {
            self.forget();
        }
        if leaf.index >= self.log.size() {
            for change in &leaf.changes {
                self.done.remove(&(change.slot / RANGE * RANGE));
            }
        }
    }

    /// After a log that cannot be read to its end nobody knows what changed.
    pub(super) fn forget(&mut self) {
        self.done.clear();
    }

    /// Every leaf was taken in: what is left is as it is now.
    pub(super) fn catch_up(&mut self, live: &Live) {
        self.log = live.log.clone();
    }

    /// What came of a range earlier.
    pub(super) fn of(&self, range: &Range<u64>) -> Option<&Part> {
        self.done.get(&range.start).filter(|(end, _)| *end == range.end).map(|(_, part)| part)
    }

    /// Keeps what came of a range in which nothing was wrong.
    pub(super) fn keep(&mut self, vault: &Vault, live: &Live, range: &Range<u64>, part: Part) {
        if !vault.writable || !part.findings.is_empty() {
            return;
        }
        self.done.insert(range.start, (range.end, part));
        self.unwritten += 1;
        if self.unwritten >= WRITE_EVERY.max(self.done.len() / 16) {
            self.unwritten = 0;
            // Without it an interrupted check only begins anew.
            let _ = self.write(vault, live);
        }
    }

    /// The check is done.
    pub(super) fn remove(vault: &Vault) -> Result<()> {
        if !vault.writable {
            return Ok(());
        }
        match fs::remove_file(vault.folder.join(FILE)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io(error)),
            _ => sync_folder(&vault.folder),
        }
    }

    fn write(&self, vault: &Vault, live: &Live) -> Result<()> {
        let mut out = Writer::with_capacity(self.done.len() * (64 + Tally::LEN) + 1024);
        out.u64(self.begun.as_second().unsigned_abs()).u64(live.roster.version);
        live.log.write(&mut out);
        out.raw(self.key.expose()).u32(u32::try_from(self.done.len()).unwrap_or(u32::MAX));
        for (first, (end, part)) in &self.done {
            out.u64(*first).u64(*end).u64(part.records).u64(part.sections);
            out.u64(part.postings).u64(part.unread);
            part.tally.write(&mut out);
        }
        let sign = vault.identity.sign_key();
        let signature = sign.sign(labels::CHECK_BOOKMARK_SIGNATURE, &signed(vault, out.as_slice()));
        out.raw(&signature);
        let sealed = aead::seal(&sealing_key(vault, live), &[FORMAT], out.as_slice())?;
        replace_file(&vault.folder.join(FILE), &[&[FORMAT], sealed.as_slice()].concat())
    }

    /// `None` for whatever is not this identity's bookmark of this tree.
    fn read(vault: &Vault, live: &Live) -> Option<Self> {
        let path = vault.folder.join(FILE);
        if fs::metadata(&path).ok()?.len() > MAX_BOOKMARK {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let (format, sealed) = bytes.split_first()?;
        if *format != FORMAT {
            return None;
        }
        let plain = aead::open(&sealing_key(vault, live), &[FORMAT], sealed).ok()?;
        let (body, signature) = plain.split_last_chunk::<SIGNATURE>()?;
        let own = vault.identity.sign_key().verify_key();
        own.verify(labels::CHECK_BOOKMARK_SIGNATURE, &signed(vault, body), signature).ok()?;
        Self::parse(body).ok()
    }

    fn parse(body: &[u8]) -> Result<Self> {
        let bad = || Error::new(ErrorKind::Tampered, "a bookmark cannot be read");
        let mut input = Reader::new(body);
        let begun = Timestamp::from_second(i64::try_from(input.u64()?).map_err(|_| bad())?)?;
        let roster = input.u64()?;
        let log = Frontier::read(&mut input)?;
        let key = Key::from_slice(input.take(32)?).ok_or_else(bad)?;
        let mut done = BTreeMap::new();
        for _ in 0..input.u32()? {
            let (first, end) = (input.u64()?, input.u64()?);
            let (records, sections) = (input.u64()?, input.u64()?);
            let (postings, unread) = (input.u64()?, input.u64()?);
            let tally = Tally::read(&mut input)?;
            let part = Part { records, sections, postings, unread, tally, ..Part::default() };
            done.insert(first, (end, part));
        }
        input.finish()?;
        Ok(Self { begun, resumed: true, log, roster, key, done, unwritten: 0 })
    }
}

/// The root's key: another one after every erase, removal and rotation.
fn sealing_key(vault: &Vault, live: &Live) -> Key {
    let of = [vault.id.as_bytes().as_slice(), vault.instance.as_bytes()];
    kdf::prf_key(live.tree.root_key(), labels::CHECK_BOOKMARK, &of)
}

fn signed(vault: &Vault, body: &[u8]) -> Vec<u8> {
    [vault.id.as_bytes().as_slice(), vault.instance.as_bytes(), body].concat()
}
