//! The log: every leaf judged, and what the leaves say of some slots at a time.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::audit::{Change, Leaf, Walk, compartment_bit, judge_alone};
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::keys::head::AnchorHead;
use crate::keys::pin::PinnedCheckpoint;
use crate::keys::ring::VAULT;
use crate::keys::roster::Roster;
use crate::seal::SectionId;
use crate::vault::check::bookmark::Bookmark;
use crate::vault::check::records::Checker;
use crate::vault::check::{CheckReport, WINDOW};
use crate::vault::holds::HoldBook;
use crate::vault::past::read_leaf;
use crate::vault::{Live, Vault, bulk};

/// Leaves that are judged at once, on every core.
const AT_ONCE: u64 = 1024;

/// What the leaves say of the slots of one window.
pub(super) struct Window {
    slots: Range<u64>,
    said: Vec<Option<Box<Said>>>,
}

impl Window {
    fn new(slots: &Range<u64>) -> Self {
        let count = usize::try_from(WINDOW.min(slots.end - slots.start)).unwrap_or(0);
        Self { slots: slots.clone(), said: (0..count).map(|_| None).collect() }
    }

    fn hear(&mut self, leaf: &Leaf) {
        for change in &leaf.changes {
            let at = change.slot.checked_sub(self.slots.start).map(usize::try_from);
            if let Some(Ok(at)) = at
                && let Some(said) = self.said.get_mut(at)
            {
                said.get_or_insert_default().hear(change);
            }
        }
    }

    /// What is said of a slot of this window.
    pub(super) fn of(&self, slot: u64) -> Option<&Said> {
        let at = usize::try_from(slot.checked_sub(self.slots.start)?).ok()?;
        self.said.get(at)?.as_deref()
    }
}

/// What the leaves say of a slot.
#[derive(Default)]
pub(super) struct Said {
    digest: [u8; 32],
    /// Newest revision by compartment; every change but one of links writes `vault`.
    revisions: BTreeMap<u8, u32>,
    links: u32,
}

impl Said {
    fn hear(&mut self, change: &Change) {
        self.digest = change.digest;
        for compartment in 1..32 {
            if change.compartments & compartment_bit(compartment) != 0 {
                self.revisions.insert(compartment, change.revision);
            }
        }
        if change.revision > 0 {
            let vault = self.revisions.entry(VAULT).or_default();
            *vault = change.revision.max(*vault);
        }
        self.links = self.links.max(change.links);
    }

    /// Whether the newest leaf that names the slot closed it.
    pub(super) fn closed(&self) -> bool {
        self.digest == [0; 32]
    }

    /// Whether a record is as its leaves left it, no section older and none gone: a member who
    /// forged the key tree, which every member can, could not sign for a compartment of others.
    /// Without sections it could not be read, which was found already, or is the vault's own.
    pub(super) fn explains(
        &self,
        digest: &[u8; 32],
        sections: Option<&BTreeMap<SectionId, u32>>,
    ) -> bool {
        let whole = sections.is_none_or(|sections| {
            let of = |part| sections.iter().filter(move |(id, _)| (id.part != 0) == part);
            let fields = of(false).map(|(id, revision)| (id.compartment, *revision));
            let links = of(true).map(|(_, revision)| *revision);
            fields
                .eq(self.revisions.iter().map(|(compartment, revision)| (*compartment, *revision)))
                && links.eq((self.links > 0).then_some(self.links))
        });
        whole && self.digest == *digest
    }
}

/// What judging the log adds to.
pub(super) struct Judging<'a> {
    pub(super) bookmark: &'a mut Bookmark,
    pub(super) holds: &'a mut HoldBook,
    pub(super) report: &'a mut CheckReport,
}

impl Checker<'_> {
    /// Judges every leaf and holds the log against what was kept of it elsewhere; gives what the
    /// leaves say of the first slots, unless one of them could not be judged.
    pub(super) fn judge_log(
        &self,
        rosters: &BTreeMap<u64, Roster>,
        slots: &Range<u64>,
        Judging { bookmark, holds, report }: &mut Judging<'_>,
        progress: &mut dyn FnMut(u64),
    ) -> Option<Window> {
        let mut window = Window::new(slots);
        let mut walk = Walk::from_the_start(rosters);
        let kept = self.vault.kept_of_the_log(self.live, report);
        let size = self.live.log.size();
        for first in (0..size).step_by(usize::try_from(AT_ONCE).unwrap_or(1)) {
            let some = first..size.min(first + AT_ONCE);
            let mut hear = |leaf: &Leaf, walk: &Walk<'_>| {
                window.hear(leaf);
                report.leaves += 1;
                if !holds.hear(leaf) {
                    let what = "what a legal hold forbids was done";
                    report.say(ErrorKind::Tampered, Place::Leaf(leaf.index), what);
                }
                kept.hold(walk, report);
                bookmark.hear(leaf, walk);
            };
            if let Err(error) = self.judge_some(rosters, &mut walk, some, &mut hear) {
                // What follows cannot be judged without it.
                report.find(&error, || Place::Leaf(walk.size()));
                bookmark.forget();
                return None;
            }
            progress(report.leaves);
        }
        let root = self.live.tree.root();
        if !walk.ends_at(&self.live.log, self.live.roster.version, root.erase_epoch) {
            let what = "the log does not end where the newest commit says";
            report.say(ErrorKind::Tampered, Place::Leaf(size), what);
            bookmark.forget();
        }
        bookmark.catch_up(self.live);
        Some(window)
    }

    fn judge_some(
        &self,
        rosters: &BTreeMap<u64, Roster>,
        walk: &mut Walk<'_>,
        some: Range<u64>,
        hear: &mut dyn FnMut(&Leaf, &Walk<'_>),
    ) -> Result<()> {
        let (vault, ring) = (&self.vault.id, &self.live.ring);
        let store = self.vault.store.as_ref();
        let count = usize::try_from(some.end - some.start).unwrap_or(0);
        let leaves = some.clone().map(|index| Ok((index, read_leaf(store, index)?)));
        let judge = |(index, bytes): (u64, Vec<u8>)| {
            let leaf = judge_alone(vault, ring, rosters, index, &bytes);
            Ok((leaf.map_err(|error| error.or_at(|| Place::Leaf(index)))?, bytes))
        };
        if let Ok(judged) = bulk::in_turn(count, leaves, judge) {
            for (leaf, bytes) in judged {
                walk.follow(&leaf, &bytes)?;
                hear(&leaf, walk);
            }
            return Ok(());
        }
        // One by one, up to the first that is wrong.
        for index in some {
            let leaf = walk.step(vault, ring, &read_leaf(store, index)?)?;
            hear(&leaf, walk);
        }
        Ok(())
    }

    /// What the leaves, which were judged before, say of the slots of a later window.
    pub(super) fn hear_log(&self, slots: &Range<u64>) -> Result<Window> {
        let mut window = Window::new(slots);
        let mut log = Frontier::default();
        let store = self.vault.store.as_ref();
        for index in 0..self.live.log.size() {
            let bytes = read_leaf(store, index)?;
            log.append(leaf_hash(&bytes));
            window.hear(&Leaf::open(&self.vault.id, &self.live.ring, index, &bytes)?.leaf);
        }
        if log == self.live.log {
            return Ok(window);
        }
        Err(Error::new(ErrorKind::Tampered, "the log changed while it was checked")
            .at(Place::Leaf(log.size())))
    }
}

/// Roots of the log at some sizes, as somebody else keeps them.
#[derive(Default)]
struct Kept(Vec<(u64, [u8; 32], Place)>);

impl Kept {
    /// Holds the leaves so far against what was kept when there were no more.
    fn hold(&self, walk: &Walk<'_>, report: &mut CheckReport) {
        let then = self.0.iter().filter(|(size, ..)| *size == walk.size());
        for (_, _, place) in then.filter(|(_, root, _)| *root != walk.root()) {
            let what = "the log is not what it was when this was kept";
            report.say(ErrorKind::RolledBack, place.clone(), what);
        }
    }
}

impl Vault {
    /// What the anchor's head, this user's pin and partners' checkpoints say that the log was.
    fn kept_of_the_log(&self, live: &Live, report: &mut CheckReport) -> Kept {
        let mut kept = Kept::default();
        let head = self.anchor.head().and_then(|head| {
            // One of an older epoch is under a key that is gone; opening took the slot's.
            let epoch = live.tree.root().erase_epoch;
            let head = head.filter(|head| AnchorHead::claimed_epoch(head) >= Some(epoch));
            head.map(|head| AnchorHead::from_bytes(&head, live.tree.root_key())).transpose()
        });
        let place = || Place::File("anchor.head".to_owned());
        match head {
            Ok(head) => {
                kept.0.extend(head.map(|head| (head.log.size(), head.log.root(), place())));
            }
            Err(error) => report.find(&error, place),
        }
        // What a session for reading accepted stands in no pin.
        let pins = self.pins.as_ref().filter(|_| self.writable);
        let pin = pins.map_or(Ok(None), |pins| pins.load(&self.id));
        let pin_place = || Place::File("pin".to_owned());
        let pinned = match pin {
            Ok(pin) => pin.map(|pin| pin.log),
            Err(error) => {
                report.find(&error, pin_place);
                None
            }
        };
        let pinned = pinned.into_iter().map(|log| (log, pin_place()));
        let witnessed = self.witnessed().clone();
        let witnessed =
            witnessed.into_iter().map(|one| (one, Place::File("checkpoint".to_owned())));
        for (one, place) in pinned.chain(witnessed) {
            match root_of(&one) {
                Some(root) if one.log_size <= live.log.size() => {
                    kept.0.push((one.log_size, root, place));
                }
                _ => report.say(ErrorKind::RolledBack, place, "the log is shorter than it was"),
            }
        }
        kept
    }
}

fn root_of(kept: &PinnedCheckpoint) -> Option<[u8; 32]> {
    data_encoding::HEXLOWER.decode(kept.log_root.as_bytes()).ok()?.try_into().ok()
}
