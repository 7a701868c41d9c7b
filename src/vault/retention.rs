//! What has been kept as long as it had to be. Nothing is ever erased by itself: a person reads
//! the list, and erases.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::record::FieldValue;
use crate::schema::{DueBecause, RecordType, Retention};
use crate::time::Date;
use crate::vault::check::CheckProgress;
use crate::vault::holds::is_damage;
use crate::vault::meta::Particulars;
use crate::vault::read::Loaded;
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault};

/// A record that need not be kept any more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// The record; all that stands under it would go with it.
    pub record: RecordId,
    /// Its type.
    pub record_type: String,
    /// The first day on which it need not be kept any more.
    pub on: Date,
    /// Why.
    pub because: DueBecause,
    /// The record with the legal hold for which an erase would be refused, if one stands: on the
    /// record itself, under it, or above it, as far up as this session opens the links.
    pub held: Option<RecordId>,
}

/// What is due on a day, and what nobody could say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DueRecords {
    /// What is due, the longest first; no more than were asked for.
    pub due: Vec<Due>,
    /// How many more are due.
    pub more: u64,
    /// Records of a type with a retention whose fields name no day: they are never due.
    pub undated: u64,
    /// Records that may be due: this role does not open what would say so.
    pub sealed: u64,
    /// Records that are damaged, so that nobody knows: see [`Vault::check`].
    pub damaged: u64,
}

/// The answer for one record.
enum Answer {
    Due(Date, DueBecause),
    NotDue,
    Undated,
    Sealed,
}

/// What is found on the way through all records.
struct Finding {
    on: Date,
    limit: usize,
    found: DueRecords,
    /// Those that are due first, by day.
    first: BTreeMap<(Date, RecordId), (String, DueBecause)>,
    /// What must not be erased because of a hold on it or under it.
    held: BTreeMap<RecordId, RecordId>,
}

impl Vault {
    /// The records that are due for erasure on a day, by the retention of their type: at most
    /// `limit` of them, those that have been due for longest. Erases nothing.
    ///
    /// Keeps `limit` entries and one for each hold in memory, however many records there are.
    /// Reads every record; writers wait until it is done, and `progress` must not call the vault.
    ///
    /// # Errors
    ///
    /// `Io` if the store cannot be read; `NoAnchor`. What is damaged is counted.
    pub fn due_for_erasure(
        &self,
        on: Date,
        limit: usize,
        progress: &mut dyn FnMut(CheckProgress),
    ) -> Result<DueRecords> {
        self.ensure_alive()?;
        let live = self.live();
        let total = live.tree.root().slots;
        let mut finding = Finding {
            on,
            limit,
            found: DueRecords::default(),
            first: BTreeMap::new(),
            held: BTreeMap::new(),
        };
        live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            let id = RecordId::from_slot(slot, entry.tail);
            if slot >= FIRST_RECORD_SLOT {
                match self.ask_retention(&live, id, &mut finding) {
                    Err(error) if is_damage(&error) => finding.found.damaged += 1,
                    asked => asked?,
                }
            }
            progress(CheckProgress { done: slot + 1, total });
            Ok(())
        })?;
        let Finding { mut found, first, held, .. } = finding;
        for ((on, record), (record_type, because)) in first {
            let held = match held.get(&record) {
                Some(held) => Some(*held),
                None => match self.ancestors(&live, record) {
                    Ok(above) => {
                        above.iter().find_map(|id| held.get(id).filter(|held| *held == id))
                    }
                    Err(error) if is_damage(&error) => {
                        found.damaged += 1;
                        None
                    }
                    Err(error) => return Err(error),
                }
                .copied(),
            };
            found.due.push(Due { record, record_type, on, because, held });
        }
        Ok(found)
    }

    /// Takes one record in.
    fn ask_retention(&self, live: &Live, id: RecordId, finding: &mut Finding) -> Result<()> {
        let loaded = self.load(live, &id)?;
        let particulars = self.particulars(live, &loaded)?;
        if particulars.held().is_some() {
            finding.held.insert(id, id);
            for above in self.ancestors(live, id)? {
                finding.held.entry(above).or_insert(id);
            }
        }
        let kind = live.schema.stored_type(&particulars.meta.record_type)?;
        let Some(retention) = &kind.retention else { return Ok(()) };
        match self.due(live, &loaded, (kind, retention), finding.on)? {
            Answer::Due(on, because) => {
                let Particulars { meta, .. } = particulars;
                finding.first.insert((on, id), (meta.record_type, because));
                if finding.first.len() > finding.limit {
                    finding.first.pop_last();
                    finding.found.more += 1;
                }
            }
            Answer::NotDue => {}
            Answer::Undated => finding.found.undated += 1,
            Answer::Sealed => finding.found.sealed += 1,
        }
        Ok(())
    }

    fn due(
        &self,
        live: &Live,
        loaded: &Loaded,
        (kind, retention): (&RecordType, &Retention),
        on: Date,
    ) -> Result<Answer> {
        let due = retention.due(|field| {
            if !self.opens(live, kind, field) {
                return Err(Error::new(ErrorKind::NoCompartment, "a date is sealed to this role"));
            }
            let record = self.open_record(live, loaded, Some(&[field]))?;
            Ok(match record.field(field) {
                Some(FieldValue::Date(day)) => Some(*day),
                _ => None,
            })
        });
        match due {
            Ok(Some((day, because))) if day <= on => Ok(Answer::Due(day, because)),
            Ok(Some(_)) => Ok(Answer::NotDue),
            Ok(None) => Ok(Answer::Undated),
            Err(error) if error.kind() == ErrorKind::NoCompartment => Ok(Answer::Sealed),
            Err(error) => Err(error),
        }
    }
}
