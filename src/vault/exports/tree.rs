//! The records of an export, and whose word counts for each.

use std::collections::BTreeSet;

use crate::audit::Seen;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::record::Record;
use crate::schema::{RecordType, Schema};
use crate::vault::exports::files::Filed;
use crate::vault::family::Unseen;
use crate::vault::read::home_of;
use crate::vault::{Live, Vault};

/// A record of an export.
pub(super) struct Branch {
    pub(super) record: Record,
    /// What the log says of it if it is shown.
    pub(super) seen: Seen,
    /// Where its parent stands in the list.
    pub(super) parent: Option<usize>,
    /// The people whose data it is: all of them have a say.
    pub(super) persons: BTreeSet<RecordId>,
    /// Its files, where they were looked up.
    pub(super) files: Vec<Filed>,
}

impl Branch {
    /// What consent is asked for: the fields that have a value, and what stands for files that
    /// none of them names.
    pub(super) fn asked(&self) -> impl Iterator<Item = &String> {
        self.record.fields().keys().chain(self.files.iter().filter_map(Filed::unnamed))
    }
}

impl Vault {
    /// A record and all that stands under it, parents first, as far as this role may know.
    ///
    /// What stands under a person is hers. What stands beside her in a case is about everybody
    /// in it.
    pub(super) fn branches(&self, schema: &Schema, root: RecordId) -> Result<Vec<Branch>> {
        let (owner, top) = self.above(schema, root)?;
        let everybody = match owner {
            Some(person) => BTreeSet::from([person]),
            None => self.persons_under(schema, top)?,
        };
        let mut found: Vec<Branch> = Vec::new();
        for (id, parent) in self.tree_under(root)? {
            let (record, seen) = self.look_at(id, None)?;
            let above = parent.and_then(|at: usize| found.get(at)).map(|b| &b.persons);
            let persons = match is_subject(schema, &record) {
                true => BTreeSet::from([id]),
                false => above.unwrap_or(&everybody).clone(),
            };
            found.push(Branch { record, seen, parent, persons, files: Vec::new() });
        }
        Ok(found)
    }

    /// A record and all that stands under it, parents first, each with the place of its parent.
    fn tree_under(&self, root: RecordId) -> Result<Vec<(RecordId, Option<usize>)>> {
        let live = self.live();
        let kind = self.kind_of(&live, root)?;
        let family = self.family(&live, kind, Unseen::LeftOut)?;
        let mut found: Vec<(RecordId, Option<usize>)> = Vec::new();
        let mut next = vec![(root, None)];
        while let Some((id, parent)) = next.pop() {
            let at = found.len();
            found.push((id, parent));
            let loaded = self.recent_record(&live, &id)?;
            let mut children = Vec::new();
            for (child, kind) in self.children_in(&live, &family, &loaded)? {
                let own = live.schema.record_type(&kind.name).is_err();
                if !own && live.ring.holds(home_of(&live, kind)?) {
                    children.push((child, Some(at)));
                }
            }
            next.extend(children.into_iter().rev());
            if found.len() + next.len() > MAX_RECORDS {
                return Err(Error::new(ErrorKind::TooLong, "an export has at most 20,000 records"));
            }
        }
        Ok(found)
    }

    fn kind_of<'a>(&self, live: &'a Live, id: RecordId) -> Result<&'a RecordType> {
        let loaded = self.recent_record(live, &id)?;
        live.schema.record_type(&self.meta(live, &loaded)?.record_type)
    }

    /// One record without what stands under it.
    pub(super) fn branch(&self, schema: &Schema, id: RecordId) -> Result<Branch> {
        let (persons, (record, seen)) = self.concerned(schema, id)?;
        Ok(Branch { record, seen, parent: None, persons, files: Vec::new() })
    }

    /// The people whose data a record is, and the record.
    pub(super) fn concerned(
        &self,
        schema: &Schema,
        id: RecordId,
    ) -> Result<(BTreeSet<RecordId>, (Record, Seen))> {
        let persons = match self.above(schema, id)? {
            (Some(person), _) => BTreeSet::from([person]),
            (None, top) => self.persons_under(schema, top)?,
        };
        Ok((persons, self.look_at(id, None)?))
    }

    /// The person whom a record stands under or is about, and the record at the top.
    pub(super) fn above(
        &self,
        schema: &Schema,
        root: RecordId,
    ) -> Result<(Option<RecordId>, RecordId)> {
        let mut at = root;
        // Types form no circle: their number bounds the way up.
        for _ in 0..=schema.record_types().len() {
            let (record, _) = self.look_at(at, None)?;
            if is_subject(schema, &record) {
                return Ok((Some(at), at));
            }
            match record.parent() {
                Some(parent) => at = parent,
                None if schema.record_type(record.record_type())?.parent.is_none() => {
                    return Ok((None, at));
                }
                // Who cannot see whose data it is cannot ask whether it may leave.
                None => {
                    let what = "this role does not see what the record stands under";
                    return Err(Error::new(ErrorKind::NoCompartment, what).at(Place::Record(at)));
                }
            }
        }
        Err(Error::new(ErrorKind::Tampered, "a record stands under itself").at(Place::Record(root)))
    }

    fn persons_under(&self, schema: &Schema, top: RecordId) -> Result<BTreeSet<RecordId>> {
        let Some(subject) = schema.subject_type() else { return Ok(BTreeSet::new()) };
        if !self.compartments().contains(&subject.home) {
            let what = "this role does not see whose data it is";
            return Err(Error::new(ErrorKind::NoCompartment, what).at(Place::Record(top)));
        }
        let live = self.live();
        let family = self.family(&live, self.kind_of(&live, top)?, Unseen::LeftOut)?;
        let mut found = BTreeSet::new();
        let mut next = vec![top];
        while let Some(id) = next.pop() {
            let loaded = self.recent_record(&live, &id)?;
            for (child, kind) in self.children_in(&live, &family, &loaded)? {
                match kind.name == subject.name {
                    true => drop(found.insert(child)),
                    false => next.push(child),
                }
            }
        }
        Ok(found)
    }
}

fn is_subject(schema: &Schema, record: &Record) -> bool {
    schema.record_type(record.record_type()).is_ok_and(|kind| kind.subject.is_some())
}

const MAX_RECORDS: usize = 20_000;
