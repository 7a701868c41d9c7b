//! Searching: postings lead to records, and each hit is opened before it counts.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::schema::RecordType;
use crate::search::normal::{confirms, query, words};
use crate::search::{Scope, WordKey};
use crate::vault::family::Child;
use crate::vault::postings::index_keys;
use crate::vault::read::{code_of, home_of};
use crate::vault::{Live, Vault};

impl Vault {
    /// The records of a type, oldest first, at most `limit`; with a parent, those under it.
    ///
    /// # Errors
    ///
    /// `UnknownType`; `NoCompartment` if this role does not hold the type's home compartment.
    pub fn list(
        &self,
        record_type: &str,
        parent: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>> {
        self.ensure_alive()?;
        let live = self.live();
        live.schema.record_type(record_type)?;
        self.list_stored(&live, record_type, parent, limit)
    }

    /// As [`Vault::list`], for the vault's own types too.
    pub(super) fn list_stored(
        &self,
        live: &Live,
        record_type: &str,
        parent: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>> {
        let kind = live.schema.stored_type(record_type)?;
        let scope = match &parent {
            Some(parent) => Scope::Child { record_type: &kind.name, parent },
            None => Scope::Type { record_type: &kind.name },
        };
        let candidates = match parent {
            Some(parent) if kind.complete && self.opens_list(live, kind)? => {
                self.complete_children(live, &parent, kind)?
            }
            _ => self.postings(live, home_of(live, kind)?, scope, 0, "")?,
        };
        let mut found = Vec::new();
        for id in candidates {
            if found.len() >= limit {
                break;
            }
            if self.is_live(live, &id)? {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Every record that stands under this one, by type and then oldest first, as far as this
    /// role holds their home compartments.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`].
    pub fn children(&self, id: RecordId) -> Result<Vec<RecordId>> {
        self.ensure_alive()?;
        let live = self.live();
        let loaded = self.recent_record(&live, &id)?;
        let record_type = self.meta(&live, &loaded)?.record_type;
        self.children_of(&live, &id, &record_type)
    }

    pub(super) fn children_of(
        &self,
        live: &Live,
        id: &RecordId,
        record_type: &str,
    ) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        let mut listed: Option<Vec<Child<'_>>> = None;
        for kind in live.schema.record_types() {
            let home = home_of(live, kind)?;
            if kind.parent.as_deref() != Some(record_type) || !live.ring.holds(home) {
                continue;
            }
            let scope = Scope::Child { record_type: &kind.name, parent: id };
            let candidates = if kind.complete && self.opens_list(live, kind)? {
                let listed = match &listed {
                    Some(listed) => listed,
                    None => listed.insert(self.listed(live, &*self.recent_record(live, id)?)?),
                };
                of_type(listed, kind)
            } else {
                self.postings(live, home, scope, 0, "")?
            };
            for child in candidates {
                if self.is_live(live, &child)? {
                    found.push(child);
                }
            }
        }
        Ok(found)
    }

    /// The records of a type whose field matches: exactly, by sound, by prefix (`Quisp*`) or by
    /// month (`2014-03`), as the schema indexes the field.
    ///
    /// # Errors
    ///
    /// `UnknownType`, `UnknownField`; `NotIndexed`; `NoCompartment` if this role does not hold
    /// the field's compartment: it cannot test a guess there.
    pub fn find(&self, record_type: &str, field: &str, text: &str) -> Result<Vec<RecordId>> {
        self.ensure_alive()?;
        let live = self.live();
        let kind = live.schema.record_type(record_type)?;
        let field = kind.field(field)?;
        let place = || Place::Field { record_type: kind.name.clone(), field: field.name.clone() };
        if !field.is_indexed() {
            return Err(Error::new(ErrorKind::NotIndexed, "the field is not indexed").at(place()));
        }
        let compartment = code_of(&live, &field.compartment)?;
        live.ring.newest(compartment).map_err(|error| error.at(place()))?;
        let query = query(field, text).map_err(|error| error.or_at(place))?;
        let mut hits: Option<Vec<RecordId>> = None;
        let scope = Scope::Field { record_type: &kind.name, field: &field.name };
        for word in &query {
            let found =
                self.postings(&live, compartment, scope, word.kind as u8, word.text.expose())?;
            hits = Some(match hits {
                None => found,
                Some(before) => {
                    let found: BTreeSet<_> = found.into_iter().collect();
                    before.into_iter().filter(|id| found.contains(id)).collect()
                }
            });
        }
        let mut seen = BTreeSet::new();
        let mut confirmed = Vec::new();
        for id in hits.unwrap_or_default() {
            if seen.insert(id)
                && self.or_forget(self.confirms(&live, &id, kind, &field.name, text))?
            {
                confirmed.push(id);
            }
        }
        Ok(confirmed)
    }

    /// Whether this role opens the list that a parent keeps of its children of this type: it
    /// stands in the parent's home compartment. Whoever does not has the index alone.
    pub(super) fn opens_list(&self, live: &Live, kind: &RecordType) -> Result<bool> {
        match &kind.parent {
            Some(parent) => Ok(live.ring.holds(home_of(live, live.schema.stored_type(parent)?)?)),
            None => Ok(false),
        }
    }

    /// The children of a `complete` type: their parent's own list, not the index, so that
    /// nobody who can write the store hides one.
    fn complete_children(
        &self,
        live: &Live,
        parent: &RecordId,
        kind: &RecordType,
    ) -> Result<Vec<RecordId>> {
        let parent = self.recent_record(live, parent)?;
        Ok(of_type(&self.listed(live, &parent)?, kind))
    }

    /// A posting says maybe; the record says yes.
    fn confirms(
        &self,
        live: &Live,
        id: &RecordId,
        kind: &RecordType,
        field: &str,
        text: &str,
    ) -> Result<bool> {
        if !self.is_live(live, id)? {
            return Ok(false);
        }
        let loaded = self.recent_record(live, id)?;
        if self.meta(live, &loaded)?.record_type != kind.name {
            return Ok(false);
        }
        let record = self.open_record(live, &loaded, Some(&[field]))?;
        let Some(value) = record.field(field) else { return Ok(false) };
        let field = kind.field(field)?;
        let has = words(field, value);
        Ok(query(field, text)?.iter().all(|word| has.contains(word))
            && confirms(field, value, text))
    }

    pub(super) fn is_live(&self, live: &Live, id: &RecordId) -> Result<bool> {
        let entry = live.tree.lookup(self.store.as_ref(), id.slot())?;
        Ok(entry.is_some_and(|entry| entry.tail == id.tail()))
    }

    /// The records behind a word, in every index that is still in use.
    fn postings(
        &self,
        live: &Live,
        compartment: u8,
        scope: Scope<'_>,
        kind: u8,
        text: &str,
    ) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        for key in index_keys(live, compartment)? {
            let word = WordKey::new(&key, scope, kind, text);
            found.extend(word.records(self.store.as_ref())?);
        }
        Ok(found)
    }
}

fn of_type(listed: &[Child<'_>], kind: &RecordType) -> Vec<RecordId> {
    listed.iter().filter(|(_, found)| found.name == kind.name).map(|(id, _)| *id).collect()
}
