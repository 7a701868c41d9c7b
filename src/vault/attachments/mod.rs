//! Files attached to records, and who had them.
//!
//! An attachment is a record of the vault's own under the one that it belongs to, so that it is
//! listed, sealed, proved the newest and erased as every record is. It holds the key of an age
//! file in the folder `files`, and what was signed when the file came. Each hand-over is a record
//! under it.

mod check;
mod custody;
mod files;
#[cfg(feature = "pdf")]
mod page;
mod reading;
pub(super) mod sniff;
mod statement;
mod told;

use std::io::Read;

pub use custody::Custody;
pub(super) use files::Files;
pub use reading::{Attachment, AttachmentReader, Custodian};
pub use statement::HandOver;
use statement::{About, Facts, Link, Statement, short};

use crate::audit::Act;
use crate::consent::Digest;
use crate::crypto::random;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{AttachmentId, RecordId};
use crate::record::{FieldValue, RecordDraft, RecordEdit};
use crate::schema::own::{CUSTODY, FILE, entry_in};
use crate::schema::{Kind, RecordType};
use crate::seal::file::{FileName, Sealed, seal_file};
use crate::secret::Key;
use crate::time::Timestamp;
use crate::vault::read::{code_of, home_of};
use crate::vault::signature::{PublicKey, Salt};
use crate::vault::write::Deed;
use crate::vault::{Live, Vault, Writer};

/// The vocabulary of a schema that says what kinds of files there are.
const KINDS: &str = "attachment_kind";
/// An unnamed file is removed once nobody wrote to it for so long, in seconds.
const UNNAMED_FOR: i64 = 24 * 60 * 60;

/// What is said of a file when it is attached.
///
/// ```
/// let photo = amparo::NewAttachment::new("photo").name("IMG_0001.jpg").collected_by("R. Prueba");
/// assert_eq!(format!("{photo:?}"), "NewAttachment(..)");
/// ```
#[derive(Clone)]
pub struct NewAttachment {
    kind: String,
    name: Option<String>,
    collected_by: Option<String>,
    collected_at: Option<Timestamp>,
    collected_where: Option<String>,
    note: Option<String>,
    compartment: Option<String>,
    field: Option<String>,
}

impl NewAttachment {
    /// A file of this kind: a code of the schema's vocabulary `attachment_kind`, if it has one.
    #[must_use]
    pub fn new(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            name: None,
            collected_by: None,
            collected_at: None,
            collected_where: None,
            note: None,
            compartment: None,
            field: None,
        }
    }

    /// What the file was called.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Who collected it.
    #[must_use]
    pub fn collected_by(mut self, who: impl Into<String>) -> Self {
        self.collected_by = Some(who.into());
        self
    }

    /// When it was collected.
    #[must_use]
    pub const fn collected_at(mut self, when: Timestamp) -> Self {
        self.collected_at = Some(when);
        self
    }

    /// Where it was collected.
    #[must_use]
    pub fn collected_where(mut self, place: impl Into<String>) -> Self {
        self.collected_where = Some(place.into());
        self
    }

    /// Anything else.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Who may open it; else whoever holds the home compartment of the record.
    #[must_use]
    pub fn compartment(mut self, compartment: impl Into<String>) -> Self {
        self.compartment = Some(compartment.into());
        self
    }

    /// Puts it into a field of the record, whose compartment it then has.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    fn check(&self) -> Result<()> {
        let texts = [&self.name, &self.collected_by, &self.collected_where, &self.note];
        short(texts.map(Option::as_ref))?;
        if self.kind.len() > 64 || self.kind.trim().is_empty() {
            return Err(Error::new(ErrorKind::UnknownCode, "not a kind of file"));
        }
        Ok(())
    }
}

impl std::fmt::Debug for NewAttachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewAttachment(..)")
    }
}

impl AttachmentId {
    /// The record that stands for the file.
    #[must_use]
    pub const fn record(&self) -> RecordId {
        RecordId::from_bytes(*self.as_bytes())
    }

    pub(super) const fn of(record: &RecordId) -> Self {
        Self::from_bytes(*record.as_bytes())
    }
}

impl Vault {
    /// Attaches a file to a record. The source is read once, a block at a time, and may be of
    /// any length; others read and write the vault meanwhile. On disk when this returns.
    ///
    /// # Errors
    ///
    /// `NotFound` for the record; `UnknownCode` for the kind, `UnknownField`, `BadValue` for a
    /// field that takes no file; `NoCompartment`; `TooLong` for words of more than 2,048 bytes;
    /// `DiskFull`, `Io`, `ReadOnly`. What the source gives as an error is an `Io`.
    ///
    /// The field is filled in a commit of its own. If that fails, the file is attached all the
    /// same: the error's place is then the attachment's record, and no other error has that place.
    pub fn attach(
        &self,
        record: RecordId,
        new: &NewAttachment,
        source: &mut dyn Read,
    ) -> Result<AttachmentId> {
        self.ensure_writable()?;
        new.check()?;
        // Before a long file is read.
        self.place_of(&self.live(), record, new)?;
        let files = Files::of(&self.folder);
        let name = FileName::generate()?;
        let attached = self.attach_file(record, new, (&files, name), source);
        match attached {
            Ok(id) => {
                files.settle(&name);
                let filled = self.fill_field(record, new, id);
                filled.map_err(|error| error.at(Place::Record(id.record())))?;
                Ok(id)
            }
            // A commit that failed may be on the disk all the same: opening sorts it out.
            Err(error) if self.ended.load(std::sync::atomic::Ordering::SeqCst) => Err(error),
            Err(error) => {
                files.discard(&name);
                Err(error)
            }
        }
    }

    fn attach_file(
        &self,
        record: RecordId,
        new: &NewAttachment,
        (files, name): (&Files, FileName),
        source: &mut dyn Read,
    ) -> Result<AttachmentId> {
        let mut file = files.create(&name)?;
        let Sealed { key, plain, stored } = seal_file(name, source, &mut file)?;
        drop(file);
        files.sync()?;
        let facts = Facts {
            kind: new.kind.clone(),
            media_type: sniff::media_type(&plain.head).to_owned(),
            name: new.name.clone(),
            bytes: plain.bytes,
            sha256: Digest(plain.sha256),
            blake3: Digest(plain.blake3),
            collected_by: new.collected_by.clone(),
            collected_at: new.collected_at,
            collected_where: new.collected_where.clone(),
            note: new.note.clone(),
        };
        self.ensure_writable()?;
        let mut writer = self.writer();
        let live = self.live();
        let (record_type, compartment) = self.place_of(&live, record, new)?;
        let record_type = format!("{FILE}{record_type}");
        let file = Some((stored, key, code_of(&live, &compartment)?));
        let link = self.link(&live, Digest([0; 32]), About::Attached(facts))?;
        drop(live);
        let place = (record, record_type.as_str(), compartment.as_str());
        let id = self.add_link(&mut writer, place, &link, (Act::Attached, file))?;
        Ok(AttachmentId::of(&id))
    }

    /// Notes that a file changed hands, signed by this session's member.
    ///
    /// # Errors
    ///
    /// `NotFound` if there is no such file; `Required` without somebody to whom; `TooLong`;
    /// `NoCompartment`; `Tampered` if what was signed before does not hold; `ReadOnly`,
    /// `DiskFull`, `Io`.
    pub fn hand_over(&self, id: AttachmentId, hand_over: &HandOver) -> Result<()> {
        self.ensure_writable()?;
        hand_over.check()?;
        let mut writer = self.writer();
        let live = self.live();
        let chain = self.chain(&live, id)?;
        let mut hand_over = hand_over.clone();
        if hand_over.from.is_empty() {
            hand_over.from = self.own_name(&live);
        }
        let link = self.link(&live, chain.last, About::HandedOver(hand_over))?;
        let record_type = format!("{CUSTODY}{}", chain.of_type);
        drop(live);
        let place = (id.record(), record_type.as_str(), chain.compartment.as_str());
        self.add_link(&mut writer, place, &link, (Act::HandedOver, None)).map(|_| ())
    }

    /// Where a file of this record goes: the record's type, and the compartment.
    fn place_of(
        &self,
        live: &Live,
        record: RecordId,
        new: &NewAttachment,
    ) -> Result<(String, String)> {
        let loaded = self.load_record(live, &record)?;
        let kind = live.schema.record_type(&self.meta(live, &loaded)?.record_type)?;
        if let Some(kinds) = live.schema.vocabulary(KINDS)
            && kinds.term(&new.kind).is_none()
        {
            return Err(Error::new(ErrorKind::UnknownCode, "the schema has no such kind of file"));
        }
        let compartment = compartment_of(kind, new)?;
        let code = live.schema.compartment_code(&compartment).filter(|code| *code > 0);
        let unknown = || Error::new(ErrorKind::BadValue, "the schema has no such compartment");
        live.ring.newest(code.ok_or_else(unknown)?)?;
        live.ring.newest(home_of(live, kind)?)?;
        Ok((kind.name.clone(), compartment))
    }

    /// A field holds a file of its own record and no other; so a record that is being added has
    /// none yet.
    pub(super) fn ensure_own_file(
        &self,
        live: &Live,
        record: Option<RecordId>,
        value: &FieldValue,
    ) -> Result<()> {
        let FieldValue::Attachment(id) = value else { return Ok(()) };
        let found = record.map_or(Ok(None), |_| {
            let loaded = self.load_file(live, *id)?;
            let kind = live.schema.stored_type(&self.meta(live, &loaded)?.record_type)?;
            self.parent(live, &loaded, kind)
        });
        let not_found = |error: &Error| error.kind() == ErrorKind::NotFound;
        match found {
            Ok(Some(parent)) if Some(parent) == record => Ok(()),
            Err(error) if !not_found(&error) => Err(error),
            _ => Err(Error::new(ErrorKind::BadValue, "the field names no file of its record")),
        }
    }

    /// Signs a statement for the leaf that is written next. Whoever calls holds the writer's
    /// lock.
    fn link(&self, live: &Live, previous: Digest, about: About) -> Result<Link> {
        let key = self.identity.sign_key();
        let statement = Statement {
            salt: Salt(random()?),
            fingerprint: self.fingerprint.to_string(),
            leaf: live.log.size(),
            log_root: Digest(live.log.root()),
            at: self.now(live),
            by: self.member,
            name: self.own_name(live),
            key: PublicKey(key.verify_key().0),
            previous,
            about,
        };
        Link::sign(statement, key)
    }

    fn add_link(
        &self,
        writer: &mut Writer,
        (parent, record_type, compartment): (RecordId, &str, &str),
        link: &Link,
        (act, file): (Act, Option<(crate::seal::file::StoredFile, Key<16>, u8)>),
    ) -> Result<RecordId> {
        let entry = link.to_text()?;
        let draft = RecordDraft::new(record_type).under(parent).set(entry_in(compartment), entry);
        let deed = Deed { act, note: Some(link.digest()?.0), file };
        let ids = self.add_with(writer, vec![draft], deed)?;
        ids.first().copied().ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was added"))
    }

    fn own_name(&self, live: &Live) -> String {
        live.roster.body.member(self.member).map(|entry| entry.name.clone()).unwrap_or_default()
    }

    fn fill_field(&self, record: RecordId, new: &NewAttachment, id: AttachmentId) -> Result<()> {
        let Some(field) = &new.field else { return Ok(()) };
        let fill = || {
            let revision = self.look_at(record, Some(&[field]))?.0.revision();
            self.edit(record, revision, RecordEdit::new().set(field, id)).map(|_| ())
        };
        match fill() {
            // Somebody edited the record meanwhile.
            Err(error) if error.kind() == ErrorKind::Conflict => fill(),
            filled => filled,
        }
    }

    /// After a kill: what a durable commit names goes to its place, and the rest is removed,
    /// once it has lain for a day. Nobody else writes while this session holds the store's lock,
    /// so a wrong clock takes nothing that is needed.
    pub(super) fn sweep_files(&self) {
        let files = Files::of(&self.folder);
        let in_flight = files.in_flight();
        if !self.writable || in_flight.is_empty() {
            return;
        }
        let live = self.live();
        // If what is named cannot be told, nothing is removed.
        let Ok(named) = self.named_files(&live, &mut Err) else { return };
        let now = self.clock.now().as_second();
        for (name, written) in in_flight {
            if named.contains_key(&name) {
                files.settle(&name);
            } else if now.saturating_sub(written) > UNNAMED_FOR {
                files.discard(&name);
            }
        }
    }
}

fn compartment_of(kind: &RecordType, new: &NewAttachment) -> Result<String> {
    let Some(name) = &new.field else {
        return Ok(new.compartment.clone().unwrap_or_else(|| kind.home.clone()));
    };
    let field = kind.field(name)?;
    let refused = |what| Err(Error::new(ErrorKind::BadValue, what).at(kind.place(name)));
    if field.kind != Kind::Attachment {
        return refused("this field holds no file");
    }
    if new.compartment.as_ref().is_some_and(|named| *named != field.compartment) {
        return refused("the field lies in another compartment");
    }
    Ok(field.compartment.clone())
}

fn not_a_file(id: AttachmentId) -> Error {
    Error::new(ErrorKind::NotFound, "no such file").at(Place::Record(id.record()))
}
