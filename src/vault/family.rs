//! What stands under what, so that whoever writes the store hides none of it.
//!
//! An erase must miss nobody, and an export must ask everybody whose data it is: both take
//! absence for an answer, which a dropped posting can fake. So they follow the sealed lists that
//! parents keep. Where a schema leaves a type out of the lists, every record is asked instead what
//! it stands under: slow, and as sure.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::schema::RecordType;
use crate::vault::read::{Loaded, home_of};
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault};

/// Where the children of records are found.
pub(super) enum Family<'a> {
    /// In the lists of their parents.
    Listed,
    /// Among all records, each of which was asked.
    Walked(BTreeMap<RecordId, Vec<Child<'a>>>),
}

/// A child and its type.
pub(super) type Child<'a> = (RecordId, &'a RecordType);

/// What becomes of records whose place this session's keys do not open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unseen {
    /// They are no part of what this role may know.
    LeftOut,
    /// Nobody could promise anything: refused.
    Refused,
}

impl Vault {
    /// Finds out where to look for what stands under a record of this type.
    pub(super) fn family<'a>(
        &self,
        live: &'a Live,
        top: &RecordType,
        unseen: Unseen,
    ) -> Result<Family<'a>> {
        for kind in below(live, &top.name) {
            let matters = unseen == Unseen::Refused || live.ring.holds(home_of(live, kind)?);
            if matters && !(kind.complete && self.opens_list(live, kind)?) {
                return self.walked(live, None, unseen);
            }
        }
        Ok(Family::Listed)
    }

    /// Asks every record what it stands under, except for one that need not be readable.
    pub(super) fn walked<'a>(
        &self,
        live: &'a Live,
        but: Option<RecordId>,
        unseen: Unseen,
    ) -> Result<Family<'a>> {
        let mut children: BTreeMap<RecordId, Vec<Child<'a>>> = BTreeMap::new();
        live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            let id = RecordId::from_slot(slot, entry.tail);
            if slot < FIRST_RECORD_SLOT || Some(id) == but {
                return Ok(());
            }
            let loaded = self.load(live, &id)?;
            let kind = live.schema.stored_type(&self.meta(live, &loaded)?.record_type)?;
            if unseen == Unseen::Refused {
                live.ring.newest(home_of(live, kind)?)?;
            }
            if let Some(parent) = self.parent(live, &loaded, kind)? {
                children.entry(parent).or_default().push((id, kind));
            }
            Ok(())
        })?;
        Ok(Family::Walked(children))
    }

    /// What a record stands under, the nearest first, as far up as this session opens the links.
    pub(super) fn ancestors(&self, live: &Live, id: RecordId) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        let mut at = self.load_record(live, &id)?;
        // Types form no circle: their number bounds the way up.
        for _ in 0..live.schema.stored_types().count() {
            let kind = live.schema.stored_type(&self.meta(live, &at)?.record_type)?;
            let Some(parent) = self.parent(live, &at, kind)? else { break };
            found.push(parent);
            at = self.load_record(live, &parent)?;
        }
        Ok(found)
    }

    /// The children of a record, by type and then oldest first.
    pub(super) fn children_in<'a>(
        &self,
        live: &'a Live,
        family: &Family<'a>,
        parent: &Loaded,
    ) -> Result<Vec<Child<'a>>> {
        let mut found = match family {
            Family::Walked(children) => children.get(&parent.id).cloned().unwrap_or_default(),
            Family::Listed => self.listed(live, parent)?,
        };
        let order = live.schema.record_types();
        found.sort_by_key(|(_, kind)| order.iter().position(|known| known.name == kind.name));
        Ok(found)
    }

    /// The list of a parent, each child asked whether it stands there: a member who forged a list
    /// would otherwise choose what goes with a record.
    pub(super) fn listed<'a>(&self, live: &'a Live, parent: &Loaded) -> Result<Vec<Child<'a>>> {
        let above = self.meta(live, parent)?.record_type;
        let child = |id: RecordId| {
            let loaded = self.recent_record(live, &id)?;
            let kind = live.schema.stored_type(&self.meta(live, &loaded)?.record_type)?;
            let stands = match self.parent(live, &loaded, kind)? {
                Some(found) => found == parent.id,
                None => !live.ring.holds(home_of(live, kind)?),
            };
            if stands && kind.parent.as_deref() == Some(above.as_str()) {
                return Ok((id, kind));
            }
            let what = "a record lists one that stands under another";
            Err(Error::new(ErrorKind::Tampered, what).at(Place::Record(parent.id)))
        };
        self.linked(live, parent)?.into_iter().map(child).collect()
    }
}

/// The types whose records can stand under one of this type, at any depth; the vault's own too.
fn below<'a>(live: &'a Live, top: &str) -> Vec<&'a RecordType> {
    let mut above = BTreeSet::from([top]);
    let mut found: Vec<&RecordType> = Vec::new();
    // Types form no circle: their number bounds the way down.
    loop {
        let known = found.len();
        for kind in live.schema.stored_types() {
            let stands = kind.parent.as_deref().is_some_and(|parent| above.contains(parent));
            if stands && above.insert(&kind.name) {
                found.push(kind);
            }
        }
        if found.len() == known {
            return found;
        }
    }
}
