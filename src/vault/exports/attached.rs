//! The attached files of an export: the lines that stand for them, and those that leave.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::Policy;
use crate::error::{Error, ErrorKind, Result};
use crate::export::bundle::{MAX_BUNDLE, MAX_FILES};
use crate::redact::{AttachedFile, FileState, RedactedRecord, Redactor, Verdict, attached_line};
use crate::schema::Schema;
use crate::schema::own::attached_in;
use crate::secret::Key;
use crate::vault::Vault;
use crate::vault::attachments::Attachment;
use crate::vault::exports::files::{AskedAs, Filed, ending};
use crate::vault::exports::order::lot;
use crate::vault::exports::reviews::ReviewState;
use crate::vault::exports::shelf::Shelf;
use crate::vault::exports::tree::Branch;

/// A file that leaves, and its name in the export.
pub(in crate::vault) struct Leaving {
    pub(in crate::vault) name: String,
    pub(in crate::vault) known: Attachment,
}

impl Vault {
    /// Looks up the files of each record, in an order drawn by lot: when one was attached is
    /// nobody's business.
    pub(super) fn with_files(
        &self,
        schema: &Schema,
        branches: &mut [Branch],
        seed: &Key,
    ) -> Result<()> {
        for branch in branches {
            branch.files = self.files_of(schema, branch)?;
            branch.files.sort_by_key(|file| lot(seed, file.id.record()));
        }
        Ok(())
    }

    /// The fields of a record whose file was approved.
    pub(super) fn approved_files(
        &self,
        branch: &Branch,
        shelf: &Shelf,
    ) -> Result<BTreeSet<String>> {
        let mut approved = BTreeSet::new();
        for file in &branch.files {
            let (AskedAs::Field(name), Some(known)) = (&file.asked, &file.known) else { continue };
            let state = self.standing_of_file(shelf, &branch.persons, known)?;
            if state == ReviewState::Approved {
                approved.insert(name.clone());
            }
        }
        Ok(approved)
    }

    /// Adds a line for each file that no field names.
    pub(super) fn attach_lines(
        &self,
        redactor: &Redactor<'_>,
        (policy, shelf): (&Policy, &Shelf),
        (branch, verdicts): (&Branch, &BTreeMap<String, Verdict>),
        record: &mut RedactedRecord,
    ) -> Result<()> {
        let mut lines = Vec::new();
        for file in own_lines(branch) {
            let known = file.known.as_ref();
            let field =
                known.and_then(|known| attached_in(redactor.saying.schema, &known.compartment));
            let two = |(_, held): &(_, Vec<String>)| held.iter().any(|one| policy.needs_two(one));
            let state = match known {
                Some(_) if field.as_ref().is_some_and(two) => FileState::TwoPeople,
                Some(known) => match self.standing_of_file(shelf, &branch.persons, known)? {
                    ReviewState::Approved => FileState::Approved,
                    ReviewState::Unread | ReviewState::NeedsSecondReader => FileState::Unread,
                },
                None => FileState::Unread,
            };
            let verdict = file.unnamed().and_then(|name| verdicts.get(name));
            lines.push(AttachedFile { field, verdict, state });
        }
        redactor.attach(record, &lines);
        Ok(())
    }
}

/// Names the files that leave, in the order of the records. A name tells what sort of file it
/// is, and nothing else.
pub(super) fn named(
    branches: &[Branch],
    records: &mut [RedactedRecord],
    order: &[usize],
) -> Vec<Leaving> {
    let mut leaving = Vec::new();
    for at in order {
        let (Some(branch), Some(record)) = (branches.get(*at), records.get_mut(*at)) else {
            continue;
        };
        for (line, _, known) in lines(branch) {
            let shown = record.fields().iter().find(|field| field.name() == line);
            if shown.is_none_or(|field| field.shown().is_none()) {
                continue;
            }
            let name = format!("file-{:03}.{}", leaving.len() + 1, ending(&known.media_type));
            record.name_file(&line, &name);
            leaving.push(Leaving { name, known: known.clone() });
        }
    }
    leaving
}

/// By the name of its line, what is asked for a file that no field names.
pub(super) fn asked_as(branch: &Branch) -> BTreeMap<String, &str> {
    lines(branch).map(|(line, asked, _)| (line, asked)).collect()
}

/// Refuses more than a bundle holds, before any of it is read.
pub(in crate::vault) fn check_room(leaving: &[Leaving]) -> Result<()> {
    let bytes = leaving.iter().fold(0, |sum: u64, one| sum.saturating_add(one.known.bytes));
    if leaving.len() > MAX_FILES || bytes > MAX_BUNDLE as u64 {
        let what = "an export has at most 512 MiB and 1,000 files";
        return Err(Error::new(ErrorKind::TooLong, what));
    }
    Ok(())
}

/// The name of each line of a file that could leave, what is asked for it, and the file.
fn lines(branch: &Branch) -> impl Iterator<Item = (String, &str, &Attachment)> {
    let own = (1..).zip(own_lines(branch)).filter_map(|(number, file)| {
        Some((attached_line(number), file.unnamed()?.as_str(), file.known.as_ref()?))
    });
    let fields = branch.files.iter().filter_map(|file| match &file.asked {
        AskedAs::Field(name) => Some((name.clone(), name.as_str(), file.known.as_ref()?)),
        _ => None,
    });
    fields.chain(own)
}

fn own_lines(branch: &Branch) -> impl Iterator<Item = &Filed> {
    let own = |file: &&Filed| matches!(file.asked, AskedAs::Unnamed(_) | AskedAs::Sealed);
    branch.files.iter().filter(own)
}
