//! The `links` section: what must not be hidden by dropping a posting.
//!
//! It stands in the parent's home compartment and lists the children of every type that the
//! schema marks `complete`. Writing it raises no revision of the parent.

use std::collections::BTreeMap;

use crate::audit::Change;
use crate::crypto::aead::Nonces;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::schema::RecordType;
use crate::seal::{PlainField, SealedRecord, SectionHead, SectionId};
use crate::secret::SecretBytes;
use crate::vault::commit::{RecordEntry, Tx};
use crate::vault::meta::BYTES;
use crate::vault::read::{Loaded, home_of};
use crate::vault::write::vault_name;
use crate::vault::{Live, Vault};

/// The list in parts that fit a field each: every path of the section.
pub(super) const CHILDREN: [&str; 15] = [
    "@children",
    "@children.1",
    "@children.2",
    "@children.3",
    "@children.4",
    "@children.5",
    "@children.6",
    "@children.7",
    "@children.8",
    "@children.9",
    "@children.10",
    "@children.11",
    "@children.12",
    "@children.13",
    "@children.14",
];
/// Ids in one part: with its length, the list fills 64 KiB.
const PART: usize = 4095;

/// Children that come to, or leave, their parents' lists in one commit.
#[derive(Default)]
pub(super) struct LinkEdit {
    come: BTreeMap<RecordId, Vec<RecordId>>,
    leave: BTreeMap<RecordId, Vec<RecordId>>,
}

impl LinkEdit {
    pub(super) fn add(&mut self, kind: &RecordType, parent: RecordId, child: RecordId) {
        if kind.complete {
            self.come.entry(parent).or_default().push(child);
        }
    }

    pub(super) fn remove(&mut self, kind: &RecordType, parent: Option<RecordId>, child: RecordId) {
        if let Some(parent) = parent.filter(|_| kind.complete) {
            self.leave.entry(parent).or_default().push(child);
        }
    }
}

impl Vault {
    /// The children of `complete` types, as their parent lists them.
    pub(super) fn linked(&self, live: &Live, parent: &Loaded) -> Result<Vec<RecordId>> {
        let record_type = self.meta(live, parent)?.record_type;
        let kind = live.schema.stored_type(&record_type)?;
        let section = SectionId { compartment: home_of(live, kind)?, part: 1 };
        let Some(section) = self.open_section(live, parent, &record_type, section)? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for path in CHILDREN {
            let Some(part) = section.field(path, BYTES)? else { break };
            let (ids, rest) = part.as_chunks::<16>();
            if !rest.is_empty() {
                return Err(Error::new(ErrorKind::Tampered, "a list of children cannot be read")
                    .at(Place::Record(parent.id)));
            }
            found.extend(ids.iter().map(|id| RecordId::from_bytes(*id)));
            if ids.len() < PART {
                break;
            }
        }
        Ok(found)
    }

    /// Rewrites the lists of the parents concerned; a parent that goes in the same commit is
    /// left alone.
    pub(super) fn write_links(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        links: LinkEdit,
        going: &[RecordId],
    ) -> Result<()> {
        let LinkEdit { mut come, mut leave } = links;
        let parents: std::collections::BTreeSet<_> =
            come.keys().chain(leave.keys()).copied().collect();
        for parent in parents.into_iter().filter(|parent| !going.contains(parent)) {
            let loaded = self.load_record(live, &parent)?;
            let gone = leave.remove(&parent).unwrap_or_default();
            let mut ids = self.linked(live, &loaded)?;
            ids.retain(|id| !gone.contains(id));
            ids.extend(come.remove(&parent).unwrap_or_default());
            self.write_list(live, tx, &loaded, &ids)?;
        }
        Ok(())
    }

    fn write_list(
        &self,
        live: &Live,
        tx: &mut Tx<'_>,
        loaded: &Loaded,
        ids: &[RecordId],
    ) -> Result<()> {
        let record_type = self.meta(live, loaded)?.record_type;
        let home = home_of(live, live.schema.stored_type(&record_type)?)?;
        let section = SectionId { compartment: home, part: 1 };
        let revision = match loaded.section(section)? {
            Some((bytes, _)) => SectionHead::parse(bytes)?.0.revision.saturating_add(1),
            None => 1,
        };
        let fields = list_fields(ids).map_err(|error| error.at(Place::Record(loaded.id)))?;
        let (mut row, mut group): (SealedRecord, _) = (loaded.row.clone(), loaded.group.clone());
        let mut nonces = Nonces::draw(1)?;
        let at = (&loaded.id, record_type.as_str(), section);
        self.seal_into(live, &mut row, &mut group, at, revision, fields, &mut nonces)?;
        let entry = RecordEntry::Known;
        let digest = tx.put_record(self, &loaded.id, &mut row, &group, entry)?;
        let name = vault_name(&group, &loaded.id);
        let slot = loaded.id.slot();
        tx.changes.push(Change {
            slot,
            name,
            digest,
            revision: 0,
            compartments: 0,
            links: revision,
        });
        Ok(())
    }
}

/// A list of children as the fields of a section, one at least.
pub(super) fn list_fields(ids: &[RecordId]) -> Result<Vec<PlainField<'static>>> {
    if ids.len() > CHILDREN.len() * PART {
        return Err(Error::new(ErrorKind::TooLong, "at most 61,425 records stand under one"));
    }
    let field = |path, ids: &[RecordId]| {
        let bytes = ids.iter().flat_map(|id| *id.as_bytes()).collect();
        PlainField { path, kind: BYTES, value: SecretBytes::new(bytes) }
    };
    let (first, rest) = ids.split_at(ids.len().min(PART));
    let paths = CHILDREN.into_iter();
    let parts = std::iter::once(first).chain(rest.chunks(PART));
    Ok(paths.zip(parts).map(|(path, ids)| field(path, ids)).collect())
}

/// Whether only the lists of parents say what children of this type there are: whoever could ask
/// the index for them opens the list, so they have no words there.
pub(super) fn listed_alone(live: &Live, kind: &RecordType) -> bool {
    let parent = kind.parent.as_deref().and_then(|parent| live.schema.stored_type(parent).ok());
    kind.complete && parent.is_some_and(|parent| parent.home == kind.home)
}
