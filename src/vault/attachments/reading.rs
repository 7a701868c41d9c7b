//! Reading attachments: what is said of a file, its bytes from anywhere, and all of it, verified
//! before it is put anywhere.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::audit::{Leaf, Seen, compartment_bit, leaf_row};
use crate::consent::Digest;
use crate::crypto::random;
use crate::crypto::sign::VerifyKey;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{AttachmentId, MemberId, RecordId, VaultId};
use crate::keys::Fingerprint;
use crate::keys::durable::sync_folder;
use crate::record::FieldValue;
use crate::schema::own::{CUSTODY, FILE};
use crate::seal::SectionId;
use crate::seal::file::{FileName, PlainFile, StoredFile, of_reading};
use crate::seal::pump::pump;
use crate::secret::{Key, SecretBytes, SecretText};
use crate::time::Timestamp;
use crate::vault::attachments::statement::{About, Facts, Link};
use crate::vault::attachments::{Files, not_a_file};
use crate::vault::holds::is_damage;
use crate::vault::meta::{self, BYTES, FILE_KEY};
use crate::vault::read::{Loaded, code_of, home_of, stored_code};
use crate::vault::signature::PublicKey;
use crate::vault::write::vault_name;
use crate::vault::{FIRST_RECORD_SLOT, Live, Vault};

/// What is known of an attached file.
#[derive(Clone)]
#[non_exhaustive]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The record that it belongs to.
    pub record: RecordId,
    /// Who may open it.
    pub compartment: String,
    /// What kind of file, as whoever attached it said.
    pub kind: String,
    /// What sort of file, as its first bytes tell.
    pub media_type: String,
    /// What it was called.
    pub name: Option<String>,
    /// Length.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// BLAKE3 of the file.
    pub blake3: Digest,
    /// Who collected it.
    pub collected_by: Option<String>,
    /// When it was collected.
    pub collected_at: Option<Timestamp>,
    /// Where it was collected.
    pub collected_where: Option<String>,
    /// Anything else.
    pub note: Option<String>,
    /// Who attached it and to whom it went since, in order; each signed, and verified.
    pub custody: Vec<Custodian>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({})", self.id)
    }
}

/// A link of the chain of custody.
#[derive(Clone)]
#[non_exhaustive]
pub struct Custodian {
    /// When it was signed.
    pub at: Timestamp,
    /// The member who signed.
    pub by: MemberId,
    /// The member's name.
    pub by_name: String,
    /// Whether it was signed with the key from which the vault's fingerprint is made: then
    /// whoever knows the fingerprint knows whose key it is.
    pub founder: bool,
    /// From whom and to whom it went; nothing for the member who attached it.
    pub hand_over: Option<(String, String)>,
    /// When it went, if that was not when it was signed.
    pub when: Option<Timestamp>,
    /// For what.
    pub why: Option<String>,
}

impl std::fmt::Debug for Custodian {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Custodian(..)")
    }
}

/// What was signed about a file, verified.
pub(super) struct Chain {
    pub(super) record: RecordId,
    /// The type of the record that the file belongs to.
    pub(super) of_type: String,
    pub(super) compartment: String,
    pub(super) facts: Facts,
    pub(super) links: Vec<Link>,
    /// Digest of the last of them.
    pub(super) last: Digest,
    /// What the log says of whoever reads it.
    pub(super) seen: Seen,
}

/// The bytes of an attached file, decrypted as they are read. Every 64 KiB are authenticated
/// before one of them is given; what was altered is an error of the kind `InvalidData`.
pub struct AttachmentReader(PlainFile);

impl AttachmentReader {
    /// Length of the file.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "the length of a file, not of a collection")]
    pub const fn len(&self) -> u64 {
        self.0.len()
    }
}

impl Read for AttachmentReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Seek for AttachmentReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl std::fmt::Debug for AttachmentReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttachmentReader(..)")
    }
}

impl Vault {
    /// The files attached to a record, the oldest first, those that this role cannot open too.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `NoCompartment` if this role does not hold the record's home.
    pub fn attachments(&self, record: RecordId) -> Result<Vec<AttachmentId>> {
        self.ensure_alive()?;
        let live = self.live();
        let loaded = self.recent_record(&live, &record)?;
        let listed = self.listed(&live, &loaded)?;
        let files = listed.iter().filter(|(_, kind)| kind.name.starts_with(FILE));
        Ok(files.map(|(id, _)| AttachmentId::of(id)).collect())
    }

    /// What is known of a file.
    ///
    /// # Errors
    ///
    /// `NotFound`; `NoCompartment`; `Tampered`, `Missing` if it is not what was written, or what
    /// was signed does not hold.
    pub fn attachment(&self, id: AttachmentId) -> Result<Attachment> {
        self.ensure_alive()?;
        let Chain { record, compartment, facts, links, seen, .. } = {
            let live = self.live();
            self.chain(&live, id)?
        };
        self.saw([seen])?;
        Ok(Attachment {
            id,
            record,
            compartment,
            kind: facts.kind,
            media_type: facts.media_type,
            name: facts.name,
            bytes: facts.bytes,
            sha256: facts.sha256,
            blake3: facts.blake3,
            collected_by: facts.collected_by,
            collected_at: facts.collected_at,
            collected_where: facts.collected_where,
            note: facts.note,
            custody: links.into_iter().map(|link| custodian(&self.id, link)).collect(),
        })
    }

    /// Opens a file, to be read from anywhere.
    ///
    /// # Errors
    ///
    /// As [`Vault::attachment`].
    pub fn open_attachment(&self, id: AttachmentId) -> Result<AttachmentReader> {
        self.ensure_alive()?;
        let live = self.live();
        let loaded = self.load_file(&live, id)?;
        let (code, link) = self.entry_of_file(&live, &loaded)?;
        let facts = facts_of(&loaded, &link)?;
        let file = self.open_file(&live, &loaded, facts)?;
        let seen = seen(&loaded, code);
        drop(live);
        self.saw([seen])?;
        Ok(AttachmentReader(file))
    }

    /// Writes a file out, to a path where nothing is. It gets its name once all of it was read
    /// and is what was attached; until then it lies beside, under a random name.
    ///
    /// # Errors
    ///
    /// As [`Vault::attachment`]; `Exists`; `DiskFull`, `Io`.
    ///
    /// # Security
    ///
    /// What is written lies there in clear, readable to its owner alone.
    pub fn save_attachment(&self, id: AttachmentId, path: impl AsRef<Path>) -> Result<Attachment> {
        let path = path.as_ref();
        let place = |error: Error| error.or_at(|| Place::File(path.to_string_lossy().into_owned()));
        let attachment = self.attachment(id)?;
        if fs::symlink_metadata(path).is_ok() {
            let what = "a file of this name is there";
            return Err(place(Error::new(ErrorKind::Exists, what)));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let beside = FileName::from_bytes(random()?);
        let beside = folder.join(format!(".{beside}.part"));
        let written = self.write_out(&attachment, &beside, &place).and_then(|()| {
            // Refuses what came meanwhile, which a rename would replace.
            fs::hard_link(&beside, path)
                .or_else(|error| match error.kind() {
                    io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied => {
                        fs::rename(&beside, path)
                    }
                    _ => Err(error),
                })
                .map_err(Error::io)
        });
        let _ = fs::remove_file(&beside);
        written.map_err(place)?;
        let _ = sync_folder(folder);
        Ok(attachment)
    }

    /// What fails in writing is at `place`, what fails in reading is at the file's record.
    fn write_out(
        &self,
        attachment: &Attachment,
        path: &Path,
        place: &dyn Fn(Error) -> Error,
    ) -> Result<()> {
        let mut options = OpenOptions::new();
        let mut out =
            options.write(true).create_new(true).mode(0o600).open(path).map_err(Error::io)?;
        let mut write =
            |block: &[u8]| out.write_all(block).map_err(|error| place(Error::io(error)));
        self.read_through(attachment, &mut write)
            .map_err(|error| error.or_at(|| Place::Record(attachment.id.record())))?;
        out.sync_all().map_err(Error::io)
    }

    /// All of a file in memory, and that it is what was signed. Whoever calls has bounded it.
    pub(in crate::vault) fn read_whole(&self, attachment: &Attachment) -> Result<SecretBytes> {
        let length = usize::try_from(attachment.bytes)
            .map_err(|_| Error::new(ErrorKind::TooLong, "a file does not fit into memory"))?;
        // Full size at once: a buffer that grows leaves copies behind.
        let mut bytes = SecretBytes::new(Vec::with_capacity(length));
        self.read_through(attachment, |block| {
            bytes.extend_from_slice(block);
            Ok(())
        })?;
        Ok(bytes)
    }

    fn read_through(
        &self,
        attachment: &Attachment,
        sink: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let AttachmentReader(mut file) = self.open_attachment(attachment.id)?;
        let digests = pump(&mut file, of_reading, sink)?;
        file.finish()?;
        let whole = digests.bytes == attachment.bytes
            && digests.sha256 == attachment.sha256.0
            && digests.blake3 == attachment.blake3.0;
        match whole {
            true => Ok(()),
            false => Err(astray(attachment.id.record(), "an attached file is not what was signed")),
        }
    }

    /// Every file that a record names, with the record. Every member can tell. `unread` hears of
    /// each record that is damaged, and says whether to go on.
    pub(in crate::vault) fn named_files(
        &self,
        live: &Live,
        unread: &mut dyn FnMut(Error) -> Result<()>,
    ) -> Result<BTreeMap<FileName, (RecordId, StoredFile)>> {
        let mut named = BTreeMap::new();
        live.tree.walk(self.store.as_ref(), &mut |slot, entry| {
            if slot >= FIRST_RECORD_SLOT {
                let id = RecordId::from_slot(slot, entry.tail);
                let read = self
                    .load(live, &id)
                    .and_then(|loaded| meta::read_file(&self.vault_section(live, &loaded)?));
                match read {
                    Ok(Some(file)) => drop(named.insert(file.name, (id, file))),
                    Ok(None) => {}
                    Err(error) if is_damage(&error) => {
                        unread(error.or_at(|| Place::Record(id)))?;
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })?;
        Ok(named)
    }

    pub(super) fn load_file(&self, live: &Live, id: AttachmentId) -> Result<Loaded> {
        let loaded = match self.load_record(live, &id.record()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(not_a_file(id)),
            loaded => loaded?,
        };
        let meta = self.meta(live, &loaded)?;
        if !meta.record_type.starts_with(FILE) {
            return Err(not_a_file(id));
        }
        Ok(loaded)
    }

    /// The file of an attachment, opened.
    pub(super) fn open_file(
        &self,
        live: &Live,
        loaded: &Loaded,
        facts: &Facts,
    ) -> Result<PlainFile> {
        let missing = || astray(loaded.id, "an attachment names no file");
        let stored = meta::read_file(&self.vault_section(live, loaded)?)?.ok_or_else(missing)?;
        let (code, _) = self.entry_of_file(live, loaded)?;
        let record_type = self.meta(live, loaded)?.record_type;
        let section = self.open_section(live, loaded, &record_type, SectionId::fields(code))?;
        let key = section.ok_or_else(missing)?.field(FILE_KEY, BYTES)?.ok_or_else(missing)?;
        let key = Key::from_slice(&key).ok_or_else(missing)?;
        let file = Files::of(&self.folder).open(&stored.name)?;
        PlainFile::open(file, &stored, &key, facts.bytes)
            .map_err(|error| error.or_at(|| Place::File(stored.name.to_string())))
    }

    /// The statement that a record about a file holds, and the compartment where. Written once.
    pub(super) fn entry_of_file(&self, live: &Live, loaded: &Loaded) -> Result<(u8, Link)> {
        let meta = self.meta(live, loaded)?;
        let kind = live.schema.stored_type(&meta.record_type)?;
        if meta.revision != 1 {
            return Err(astray(loaded.id, "an entry of a file was edited"));
        }
        let mut elsewhere = None;
        for field in &kind.fields {
            let code = code_of(live, &field.compartment)?;
            let section = SectionId::fields(code);
            if !live.ring.holds(code) {
                elsewhere = elsewhere.or(loaded.section(section)?.map(|_| &field.compartment));
                continue;
            }
            let Some(section) = self.open_section(live, loaded, &kind.name, section)? else {
                continue;
            };
            let stored = stored_code(field.kind);
            let Some(bytes) = section.field(&field.name, stored)? else { continue };
            let text = FieldValue::decode(stored, &bytes)?;
            let text = text.as_text().map(SecretText::from).unwrap_or_default();
            return Ok((code, Link::from_text(text.expose())?));
        }
        match elsewhere {
            Some(compartment) => {
                let what = "this role does not open the file";
                let place = Place::Section { record: loaded.id, compartment: compartment.clone() };
                Err(Error::new(ErrorKind::NoCompartment, what).at(place))
            }
            None => Err(Error::new(ErrorKind::Missing, "an entry of a file is empty")
                .at(Place::Record(loaded.id))),
        }
    }

    /// All that was signed about a file, each link in its place and of a member.
    pub(super) fn chain(&self, live: &Live, id: AttachmentId) -> Result<Chain> {
        let loaded = self.load_file(live, id)?;
        let record_type = self.meta(live, &loaded)?.record_type;
        let of_type = record_type.strip_prefix(FILE).unwrap_or_default().to_owned();
        let kind = live.schema.stored_type(&record_type)?;
        live.ring.newest(home_of(live, kind)?)?;
        let missing = || astray(loaded.id, "a file stands under no record");
        let record = self.parent(live, &loaded, kind)?.ok_or_else(missing)?;
        let (code, first) = self.entry_of_file(live, &loaded)?;
        let facts = facts_of(&loaded, &first)?.clone();
        self.prove_link(live, &loaded.id, &first, Digest([0; 32]))?;
        let mut last = first.digest()?;
        let mut links = vec![first];
        for (child, kind) in self.listed(live, &loaded)? {
            if !kind.name.starts_with(CUSTODY) {
                continue;
            }
            let loaded = self.load_record(live, &child)?;
            let (lies, link) = self.entry_of_file(live, &loaded)?;
            if lies != code || !matches!(link.statement.about, About::HandedOver(_)) {
                return Err(astray(child, "a hand-over is not of this file"));
            }
            self.prove_link(live, &child, &link, last)?;
            last = link.digest()?;
            links.push(link);
        }
        let compartment = live.schema.compartment_name(code).unwrap_or_default().to_owned();
        Ok(Chain { record, of_type, compartment, facts, links, last, seen: seen(&loaded, code) })
    }

    /// A link is signed by a member of the roster, comes after the one before it, and is what
    /// its leaf names, which wrote this record.
    fn prove_link(&self, live: &Live, id: &RecordId, link: &Link, previous: Digest) -> Result<()> {
        let at = |error: Error| error.or_at(|| Place::Record(*id));
        let said = &link.statement;
        let member = live.roster.body.member(said.by);
        if member.is_none_or(|member| member.verify_key().0 != said.key.0) {
            return Err(astray(*id, "what was said of a file is signed by nobody of the roster"));
        }
        link.verify().map_err(at)?;
        let here = said.previous == previous && said.fingerprint == self.fingerprint.to_string();
        let bytes = self.store.get(&leaf_row(said.leaf))?;
        let missing = || Error::new(ErrorKind::Missing, "a leaf is missing");
        let bytes = bytes.ok_or_else(missing).map_err(at)?;
        let leaf = Leaf::open(&self.id, &live.ring, said.leaf, &bytes).map_err(at)?.leaf;
        let written = leaf.changes.iter().any(|change| change.slot == id.slot());
        let named = leaf.note == Some(link.digest()?.0) && leaf.log_root == said.log_root.0;
        if here && named && written && leaf.actor_id() == said.by {
            return Ok(());
        }
        Err(astray(*id, "what was said of a file is not in its place"))
    }
}

/// The reading of an attachment, as the log names it.
fn seen(loaded: &Loaded, compartment: u8) -> Seen {
    let name = vault_name(&loaded.group, &loaded.id);
    Seen { slot: loaded.id.slot(), name, compartments: compartment_bit(compartment) }
}

fn facts_of<'a>(loaded: &Loaded, link: &'a Link) -> Result<&'a Facts> {
    match &link.statement.about {
        About::Attached(facts) => Ok(facts),
        About::HandedOver(_) => Err(astray(loaded.id, "an attachment has no first statement")),
    }
}

pub(super) fn custodian(vault: &VaultId, link: Link) -> Custodian {
    let said = link.statement;
    let founder = is_founder(vault, &said.key, &said.fingerprint);
    let (hand_over, when, why) = match said.about {
        About::Attached(_) => (None, None, None),
        About::HandedOver(one) => (Some((one.from, one.to)), one.when, one.why),
    };
    Custodian { at: said.at, by: said.by, by_name: said.name, founder, hand_over, when, why }
}

/// Whether a fingerprint is made of this key.
pub(super) fn is_founder(vault: &VaultId, key: &PublicKey, fingerprint: &str) -> bool {
    Fingerprint::new(vault, &VerifyKey(key.0)).matches(fingerprint)
}

fn astray(id: RecordId, what: &'static str) -> Error {
    Error::new(ErrorKind::Tampered, what).at(Place::Record(id))
}
