//! The rows of the store against the records: none that nobody knows, none that is missed.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::audit::LEAF_TABLE;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::ring::VAULT;
use crate::keys::tree::{FAN_OUT, NODE_TABLE};
use crate::search::{POSTING_TABLE, is_dead};
use crate::secret::Key;
use crate::store::Visit;
use crate::vault::check::cores::spread;
use crate::vault::check::records::{Checker, Part, history_rows};
use crate::vault::check::tally::{Of, bucket};
use crate::vault::check::{CheckReport, MAX_EXTRA, ranges};
use crate::vault::postings::index_keys;
use crate::vault::{HISTORY_TABLE, RECORD_TABLE, ROSTER_TABLE};

/// Tables with rows.
const TABLES: [u8; 6] =
    [RECORD_TABLE, HISTORY_TABLE, ROSTER_TABLE, NODE_TABLE, LEAF_TABLE, POSTING_TABLE];
/// Buckets whose rows are held in memory at once, when they are named.
const NAMED_AT_ONCE: usize = 8;

/// A part of the store.
#[derive(Clone, Copy)]
pub(super) enum Slice {
    Records,
    Others,
    History(u8),
    Postings(u8),
}

impl Slice {
    pub(super) fn all() -> impl Iterator<Item = Self> + Send {
        let spread = (0..=u8::MAX).flat_map(|first| [Self::Postings(first), Self::History(first)]);
        [Self::Records, Self::Others].into_iter().chain(spread)
    }

    /// How many there are.
    pub(super) const COUNT: u64 = 2 + 2 * 256;
}

/// What records list of one kind of row: who, by the key of the row.
type Listed = BTreeMap<[u8; 16], RecordId>;

impl Checker<'_> {
    /// Reads the rows of a slice: counts those that records list, names others that are too many.
    pub(super) fn check_slice(&self, slice: Slice) -> Part {
        let mut part = Part::default();
        let read = match slice {
            Slice::Records => self.check_record_rows(&mut part),
            Slice::Others => self.check_other_rows(&mut part),
            Slice::History(first) => self.each_row(Of::History, first, &mut |key, _| {
                part.tally.find(&self.key, Of::History, &[key]);
                Ok(())
            }),
            Slice::Postings(first) => self.each_row(Of::Postings, first, &mut |key, _| {
                part.tally.find(&self.key, Of::Postings, &[key]);
                Ok(())
            }),
        };
        if let Err(error) = read {
            part.find(&error, || Place::Schema("row".to_owned()));
        }
        part
    }

    /// The rows of a table that start with a byte, less postings that were given up.
    fn each_row(&self, of: Of, first: u8, visit: &mut Visit<'_>) -> Result<()> {
        let table = if of == Of::History { HISTORY_TABLE } else { POSTING_TABLE };
        let dead: Vec<Key> =
            if of == Of::Postings { index_keys(self.live, VAULT)? } else { Vec::new() };
        self.vault.store.scan(&[table, first], &mut |row, value| {
            let key = row.get(1..).unwrap_or_default();
            if dead.iter().any(|dead| is_dead(dead, key, value)) {
                return Ok(());
            }
            visit(key, value)
        })
    }

    fn check_record_rows(&self, part: &mut Part) -> Result<()> {
        let store = self.vault.store.as_ref();
        store.scan(&[RECORD_TABLE], &mut |key, _| {
            let id = key.get(1..).and_then(|id| id.try_into().ok()).map(RecordId::from_bytes);
            let Some(id) = id.filter(|id| id.as_bytes().first() == Some(&0)) else {
                let what = "a row that the key tree does not know";
                part.say_extra(key, row_place(key), what);
                return Ok(());
            };
            match self.live.tree.lookup(store, id.slot()) {
                Ok(Some(entry)) if entry.tail == id.tail() => {}
                Ok(_) => {
                    let what = "a row that the key tree does not know";
                    part.say_extra(key, Place::Record(id), what);
                }
                // The node was found; these are the records that hang from it.
                Err(error) => {
                    let what = "the keys of a record are in a node that cannot be read";
                    part.find(&Error::new(error.kind(), what), || Place::Record(id));
                }
            }
            Ok(())
        })
    }

    fn check_other_rows(&self, part: &mut Part) -> Result<()> {
        let store = self.vault.store.as_ref();
        let root = *self.live.tree.root();
        store.scan(&[NODE_TABLE], &mut |key, _| {
            let level = key.get(1).copied().unwrap_or(u8::MAX);
            let index = key.get(2..).and_then(|bytes| bytes.try_into().ok());
            let index = index.map_or(u64::MAX, u64::from_be_bytes);
            let reaches = FAN_OUT.checked_pow(u32::from(level) + 1);
            let first = reaches.and_then(|reaches| index.checked_mul(reaches));
            if level >= root.height || first.is_none_or(|first| first >= root.slots) {
                let what = "a node that no record hangs from";
                part.say_extra(key, row_place(key), what);
            }
            Ok(())
        })?;
        for (table, end, what) in [
            (LEAF_TABLE, self.live.log.size(), "a leaf beyond the end of the log"),
            (ROSTER_TABLE, self.live.roster.version + 1, "a roster newer than the newest"),
        ] {
            store.scan(&[table], &mut |key, _| {
                let number = key.get(1..).and_then(|bytes| bytes.try_into().ok());
                if number.is_none_or(|bytes| u64::from_be_bytes(bytes) >= end) {
                    part.say_extra(key, row_place(key), what);
                }
                Ok(())
            })?;
        }
        for table in (0..=u8::MAX).filter(|table| !TABLES.contains(table)) {
            store.scan(&[table], &mut |key, _| {
                part.say_extra(key, row_place(key), "a row of no table");
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Names the rows of some buckets that are missing or too many. Where the list of a record
    /// is not known, `unread`, nobody can say which are too many.
    pub(super) fn name_rows(
        &self,
        of: Of,
        buckets: &[u8],
        unread: bool,
        report: &mut CheckReport,
    ) -> Result<()> {
        for some in buckets.chunks(NAMED_AT_ONCE) {
            if report.is_full() && report.extra.len() >= MAX_EXTRA {
                break;
            }
            let mut listed = Listed::new();
            let list = |range| self.listed_within(of, &range, some);
            let slots = self.live.tree.root().slots;
            spread(ranges(0..slots), list, |found| {
                for (key, id) in found {
                    if listed.insert(key, id).is_some() {
                        let what = "two records list one row";
                        report.say(ErrorKind::Tampered, Place::Record(id), what);
                        report.index = true;
                    }
                }
            })?;
            for first in some {
                let read = self.each_row(of, *first, &mut |key, _| {
                    let known = <[u8; 16]>::try_from(key).ok();
                    let known = known.and_then(|key| listed.remove(&key)).is_some();
                    if !known && !unread {
                        report.say_extra(of, key);
                    }
                    Ok(())
                });
                if let Err(error) = read {
                    // What was not read is not missing.
                    report.find(&error, || Place::Schema("row".to_owned()));
                    listed.retain(|key, _| bucket(key) != *first);
                }
            }
            // A missing revision was named with its section.
            for id in listed.into_values().filter(|_| of == Of::Postings) {
                report.say(ErrorKind::Missing, Place::Record(id), "a posting is missing");
                report.index = true;
            }
        }
        Ok(())
    }

    fn listed_within(&self, of: Of, range: &Range<u64>, some: &[u8]) -> Vec<([u8; 16], RecordId)> {
        let mut found = Vec::new();
        self.each_record(range, &mut |loaded| {
            let particulars = self.vault.particulars(self.live, loaded)?;
            let keys = match of {
                Of::History => history_rows(loaded, &particulars)
                    .iter()
                    .filter_map(|key| key.get(1..)?.try_into().ok())
                    .collect(),
                _ => particulars.postings,
            };
            let wanted = keys.into_iter().filter(|key| some.contains(&bucket(key)));
            found.extend(wanted.map(|key| (key, loaded.id)));
            Ok(())
        });
        found
    }
}

/// A row by its key in the store: a random number, or a position.
pub(super) fn row_place(key: &[u8]) -> Place {
    Place::Row(data_encoding::HEXLOWER.encode(key))
}
