//! Attached files leave only as somebody looked through and approved them.

use std::collections::BTreeSet;

use crate::consent::Digest;
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::bundle::MAX_BUNDLE;
use crate::export::{File, Origin};
use crate::id::{AttachmentId, RecordId};
use crate::record::FieldValue;
use crate::schema::own::ATTACHED;
use crate::schema::{Field, Schema};
use crate::secret::SecretBytes;
use crate::vault::attachments::{Attachment, sniff};
use crate::vault::consents::only;
use crate::vault::exports::releases::keeper;
use crate::vault::exports::reviews::ReviewState;
use crate::vault::exports::shelf::Shelf;
use crate::vault::exports::tree::Branch;
use crate::vault::ledger::Entry;
use crate::vault::readings::FileTerms;
use crate::vault::{Live, Vault};

/// A file of a record of an export.
pub(super) struct Filed {
    pub(super) id: AttachmentId,
    /// What is known of it, if this role opens it.
    pub(super) known: Option<Attachment>,
    pub(super) asked: AskedAs,
}

/// By what a file is asked for and shown.
pub(super) enum AskedAs {
    /// The one field that names it, and lies where the file does.
    Field(String),
    /// No field names it: this stands for it.
    Unnamed(String),
    /// No field names it, and this role does not open it.
    Sealed,
    /// Fields name it that do not agree: it does not leave.
    Astray,
}

impl Filed {
    /// What stands for a file that no field names.
    pub(super) const fn unnamed(&self) -> Option<&String> {
        match &self.asked {
            AskedAs::Unnamed(name) => Some(name),
            AskedAs::Field(_) | AskedAs::Sealed | AskedAs::Astray => None,
        }
    }
}

impl Vault {
    /// The attached files of a record and of all that stands under it that this role opens,
    /// with where the review of each stands.
    ///
    /// # Errors
    ///
    /// As [`Vault::review`].
    pub fn file_reviews(
        &self,
        root: RecordId,
    ) -> Result<Vec<(AttachmentId, RecordId, ReviewState)>> {
        let schema = self.schema();
        let branches = self.branches(&schema, root)?;
        let shelf = self.shelf(branches.iter().map(|branch| &branch.persons))?;
        let mut states = Vec::new();
        for branch in branches.iter().filter(|branch| !branch.persons.is_empty()) {
            for filed in self.files_of(&schema, branch)? {
                let Some(known) = &filed.known else { continue };
                let state = self.standing_of_file(&shelf, &branch.persons, known)?;
                states.push((filed.id, branch.record.id(), state));
            }
        }
        Ok(states)
    }

    /// Records that this session's identity has looked through all of a file and lets it leave.
    /// The approval holds for this file, as it is now, and the policy in force.
    ///
    /// # Errors
    ///
    /// `BadInput` for a picture that cannot be written anew, or that is not the one its name
    /// says; `TooLong` for what is larger than an export, or than an image may be; `NotFound` if
    /// nobody's data is in the case; otherwise as [`Vault::attachment`].
    ///
    /// # Security
    ///
    /// A JPEG or PNG image leaves written anew, with its pixels alone. Any other file leaves as
    /// it is, with all that its format hides: who wrote it, where, what was deleted.
    pub fn approve_file(&self, file: AttachmentId) -> Result<RecordId> {
        let known = self.attachment(file)?;
        let record = known.record;
        let (persons, _) = self.concerned(&self.schema(), record)?;
        let keeper = keeper(&persons, record)?;
        // What could not leave is not approved.
        drop(self.leaving_file(&known, String::new())?);
        let ids = self.consents(keeper)?.write(|live, policy, book| {
            let content = self.file_digest(live, &known)?;
            let terms = FileTerms { record, file, content, policy: policy.version() };
            let signature = self.sign_reading((keeper, &book.last), &terms)?;
            Ok(vec![Entry::FileReview { terms, signature }])
        })?;
        only(&ids)
    }

    /// Where the review of a file stands.
    pub(super) fn standing_of_file(
        &self,
        shelf: &Shelf,
        persons: &BTreeSet<RecordId>,
        known: &Attachment,
    ) -> Result<ReviewState> {
        let content = self.file_digest(&self.live(), known)?;
        let (readers, needed) = shelf.readers_of(persons, (known.record, known.id), content);
        Ok(match readers {
            0 => ReviewState::Unread,
            some if some < needed => ReviewState::NeedsSecondReader,
            _ => ReviewState::Approved,
        })
    }

    /// The files of a record, as far as this role may know.
    pub(super) fn files_of(&self, schema: &Schema, branch: &Branch) -> Result<Vec<Filed>> {
        let ids = match self.attachments(branch.record.id()) {
            Err(error) if error.kind() == ErrorKind::NoCompartment => return Ok(Vec::new()),
            ids => ids?,
        };
        let kind = schema.record_type(branch.record.record_type())?;
        let mut files = Vec::with_capacity(ids.len());
        for id in ids {
            let known = match self.attachment(id) {
                Err(error) if error.kind() == ErrorKind::NoCompartment => None,
                known => Some(known?),
            };
            let names = |field: &&Field| {
                branch.record.field(&field.name) == Some(&FieldValue::Attachment(id))
            };
            let naming: Vec<&Field> = kind.fields.iter().filter(names).collect();
            let asked = match (naming.as_slice(), &known) {
                ([], None) => AskedAs::Sealed,
                ([], Some(known)) => AskedAs::Unnamed(format!("{ATTACHED}{}", known.compartment)),
                ([one], Some(known)) if one.compartment == known.compartment => {
                    AskedAs::Field(one.name.clone())
                }
                _ => AskedAs::Astray,
            };
            files.push(Filed { id, known, asked });
        }
        Ok(files)
    }

    /// The finished file, under its name in the export.
    pub(super) fn leaving_file(&self, known: &Attachment, name: String) -> Result<File> {
        self.written_anew_or_as_it_is(known, name)
            .map_err(|error| error.or_at(|| Place::Record(known.id.record())))
    }

    fn written_anew_or_as_it_is(&self, known: &Attachment, name: String) -> Result<File> {
        if known.bytes > MAX_BUNDLE as u64 {
            return Err(Error::new(ErrorKind::TooLong, "an export has at most 512 MiB"));
        }
        let bytes = self.read_whole(known)?;
        // What was noted when it came may be older than what is known of pictures now.
        Ok(match way_out(known, sniff::media_type(&bytes))? {
            Way::Anew => File { name, bytes: anew(&bytes)?, origin: Origin::WrittenAnew },
            Way::AsItIs => File { name, bytes, origin: Origin::AsItWas },
        })
    }

    /// Digest by which a file is approved: of its SHA-256, under a key of its compartment, so
    /// that nobody else who reads the ledger can test a guess.
    pub(in crate::vault) fn file_digest(&self, live: &Live, known: &Attachment) -> Result<Digest> {
        let code = live.schema.compartment_code(&known.compartment);
        let code = code.ok_or_else(|| Error::new(ErrorKind::Internal, "no such compartment"))?;
        let key = live.ring.text_key(code)?;
        let parts: [&[u8]; 3] =
            [known.record.as_bytes(), known.id.as_bytes(), known.sha256.0.as_slice()];
        Ok(Digest(kdf::prf(&key, labels::REVIEW_FILE, &parts)))
    }
}

/// How a file leaves.
enum Way {
    Anew,
    AsItIs,
}

/// By what it is, and whether its name or whoever attached it says something else.
fn way_out(known: &Attachment, media_type: &str) -> Result<Way> {
    let bad = |what| Err(Error::new(ErrorKind::BadInput, what));
    let name = known.name.as_deref().unwrap_or_default().to_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    match media_type {
        "image/jpeg" | "image/png" if cfg!(feature = "images") => Ok(Way::Anew),
        kind if kind.starts_with("image/") => bad("a picture that cannot be written anew"),
        _ if ending.is_some_and(|ending| PICTURES.contains(&ending)) || known.kind == PHOTO => {
            bad("a file is not the picture that it is said to be")
        }
        _ => Ok(Way::AsItIs),
    }
}

#[cfg(feature = "images")]
fn anew(bytes: &[u8]) -> Result<SecretBytes> {
    Ok(SecretBytes::from(crate::redact::scrub_image(bytes)?.bytes().to_vec()))
}

#[cfg(not(feature = "images"))]
fn anew(_: &[u8]) -> Result<SecretBytes> {
    Err(Error::new(ErrorKind::BadInput, "a picture that cannot be written anew"))
}

/// What the name of a file ends in within an export, by its content.
pub(super) fn ending(media_type: &str) -> &'static str {
    let known = ENDINGS.iter().find(|(known, _)| *known == media_type);
    known.map_or("bin", |(_, ending)| ending)
}

const ENDINGS: &[(&str, &str)] = &[
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("application/pdf", "pdf"),
    ("application/zip", "zip"),
    ("application/rtf", "rtf"),
    ("audio/aac", "aac"),
    ("audio/amr", "amr"),
    ("audio/flac", "flac"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/wav", "wav"),
    ("video/3gpp", "3gp"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
    ("video/x-matroska", "mkv"),
    ("video/x-msvideo", "avi"),
];

/// What the names of pictures end in.
const PICTURES: &[&str] = &[
    "avif", "bmp", "dng", "gif", "heic", "heif", "ico", "jfif", "jp2", "jpe", "jpeg", "jpg", "jxl",
    "png", "psd", "svg", "svgz", "tif", "tiff", "webp",
];
/// The kind of file that is a picture, in the vocabulary of the schema.
const PHOTO: &str = "photo";
