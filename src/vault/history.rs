//! What a record was: older sections, each bound by the head that replaced it.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{MemberId, RecordId};
use crate::record::Record;
use crate::seal::{SectionHead, SectionId, head_digest};
use crate::time::Timestamp;
use crate::vault::meta::{ERASED, Particulars, Past};
use crate::vault::read::{Loaded, not_found};
use crate::vault::write::history_row;
use crate::vault::{Live, Vault};

/// One revision of a record.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Revision {
    /// Its number, from 1.
    pub revision: u32,
    /// When it was written.
    pub at: Timestamp,
    /// The name of the member who wrote it.
    pub by: String,
    /// The compartments it wrote; all that the record had, for the first.
    pub compartments: Vec<String>,
    /// The compartments of which nobody can open what stood in this revision: it was erased.
    pub erased: Vec<String>,
}

impl std::fmt::Debug for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Revision(..)")
    }
}

impl Vault {
    /// Every revision of a record, oldest first.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`].
    pub fn history(&self, id: RecordId) -> Result<Vec<Revision>> {
        self.ensure_alive()?;
        let live = self.live();
        let loaded = self.load_record(&live, &id)?;
        let particulars = self.particulars(&live, &loaded)?;
        let mut revisions = Vec::new();
        let mut wrote = first_sections(&loaded, &particulars);
        for (nth, past) in particulars.history.iter().enumerate() {
            let later = || particulars.history.iter().skip(nth).flat_map(|past| &past.sections);
            let came: BTreeSet<u8> =
                later().filter(|(.., prior)| *prior == 0).map(|(code, ..)| *code).collect();
            let gone = later().filter(|(.., prior)| *prior == ERASED).map(|(code, ..)| *code);
            let gone = gone.filter(|code| !came.contains(code)).collect();
            let by = past.author();
            revisions.push(revision(&live, (past.revision, past.at, by), &wrote, &gone)?);
            wrote = past.sections.iter().map(|(compartment, ..)| *compartment).collect();
        }
        let meta = &particulars.meta;
        let by = MemberId::from_bytes(meta.by);
        let stamp = (meta.revision, meta.changed, by);
        revisions.push(revision(&live, stamp, &wrote, &BTreeSet::new())?);
        Ok(revisions)
    }

    /// Reads a record as it was at a revision.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `NotFound` if there was no such revision.
    pub fn read_revision(&self, id: RecordId, revision: u32) -> Result<Record> {
        self.ensure_alive()?;
        let live = self.live();
        let loaded = self.load_record(&live, &id)?;
        let particulars = self.particulars(&live, &loaded)?;
        if revision == 0 || revision > particulars.meta.revision {
            return Err(not_found(&id));
        }
        let then = self.as_of(loaded, &particulars, revision)?;
        let record = self.open_record(&live, &then, None)?;
        let seen = self.seen_of(&live, &then, record.record_type(), None)?;
        drop(live);
        self.saw([seen])?;
        Ok(record.with_revision(revision))
    }

    /// Puts back, section by section, what later revisions replaced.
    fn as_of(
        &self,
        mut loaded: Loaded,
        particulars: &Particulars,
        revision: u32,
    ) -> Result<Loaded> {
        for past in particulars.history.iter().rev().take_while(|past| past.revision >= revision) {
            self.step_back(&mut loaded, past)?;
        }
        Ok(loaded)
    }

    /// Undoes one revision.
    pub(super) fn step_back(&self, loaded: &mut Loaded, past: &Past) -> Result<()> {
        for (compartment, part, prior) in &past.sections {
            let section = SectionId { compartment: *compartment, part: *part };
            self.put_back(loaded, section, *prior)?;
        }
        Ok(())
    }

    fn put_back(&self, loaded: &mut Loaded, section: SectionId, prior: u32) -> Result<()> {
        let place = loaded.place(section.compartment);
        let missing =
            || Error::new(ErrorKind::Missing, "an older revision is missing").at(place.clone());
        if prior == ERASED {
            loaded.row.sections.retain(|(id, _)| *id != section);
            loaded.group.slot_mut(section)?.digest = [0; 32];
            return Ok(());
        }
        let Some((bytes, slot)) = loaded.section(section)? else {
            // What came from nothing, and was erased since, is not there either way.
            return if prior == 0 { Ok(()) } else { Err(missing()) };
        };
        let previous = SectionHead::parse(bytes)?.0.previous;
        let older = match prior {
            0 => None,
            _ => Some(self.store.get(&history_row(&slot.sk, prior))?.ok_or_else(missing)?),
        };
        let digest = older.as_deref().map_or(Ok([0; 32]), head_digest)?;
        if digest != previous {
            return Err(Error::new(ErrorKind::Tampered, "an older revision was altered").at(place));
        }
        loaded.row.sections.retain(|(id, _)| *id != section);
        if let Some(bytes) = older {
            loaded.row.put_section(section, bytes);
        }
        loaded.group.slot_mut(section)?.digest = digest;
        Ok(())
    }
}

/// What the first revision wrote: all there is, less what came later from nothing.
fn first_sections(loaded: &Loaded, particulars: &Particulars) -> Vec<u8> {
    let later: Vec<(u8, u8)> = particulars
        .history
        .iter()
        .flat_map(|past| &past.sections)
        .filter(|(.., prior)| *prior == 0)
        .map(|(compartment, part, _)| (*compartment, *part))
        .collect();
    let ids = loaded.row.sections.iter().map(|(id, _)| (id.compartment, id.part));
    ids.filter(|id| id.0 != 0 && !later.contains(id)).map(|(compartment, _)| compartment).collect()
}

fn revision(
    live: &Live,
    (revision, at, by): (u32, i64, MemberId),
    wrote: &[u8],
    erased: &BTreeSet<u8>,
) -> Result<Revision> {
    let name = |code: &u8| live.schema.compartment_name(*code).unwrap_or_default().to_owned();
    Ok(Revision {
        revision,
        at: Timestamp::from_second(at)
            .map_err(|error| error.at(Place::Schema("@meta".to_owned())))?,
        by: name_of(live, by),
        compartments: wrote.iter().map(name).collect(),
        erased: erased.iter().map(name).collect(),
    })
}

/// A member's name; the id if the roster has none.
pub(super) fn name_of(live: &Live, member: MemberId) -> String {
    live.roster.body.member(member).map_or_else(|| member.to_string(), |known| known.name.clone())
}
