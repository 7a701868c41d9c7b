//! Making a vault: everything, the anchor too, is built in `<vault>.new`; then two renames, the
//! anchor's first.

use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::{Act, Change, Leaf, compartment_bit, leaf_row};
use crate::consent::Policy;
use crate::crypto::aead::Nonces;
use crate::crypto::merkle::{Frontier, leaf_hash};
use crate::crypto::{envelope, random};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::{InstanceId, MemberId, RecordId, VaultId};
use crate::keys::anchor::{AnchorSlot, AnchorStore, FileAnchor};
use crate::keys::capsule::{self, Capsule};
use crate::keys::durable::{sync_folder, write_new};
use crate::keys::head::AnchorHead;
use crate::keys::identity::Identity;
use crate::keys::ring::{KeyRing, MAX_COMPARTMENTS, VAULT};
use crate::keys::roster::{Body, Entry, Escrow, RoleEntry, Roster};
use crate::keys::tree::{Entry as TreeEntry, KeyTree, fresh_key, root_key};
use crate::schema::Schema;
use crate::seal::{self, Group, SealedRecord, SectionId, SectionVersion, seal_section};
use crate::store::Batch;
use crate::time::Timestamp;
use crate::vault::folder::{Header, building};
use crate::vault::meta::{self, Meta, Particulars};
use crate::vault::policy::{self, SignedPolicy};
use crate::vault::state::State;
use crate::vault::write::vault_name;
use crate::vault::{FIRST_RECORD_SLOT, Vault, VaultOptions, open, record_row, roster_row};

const FIRST_EPOCH: u64 = 1;

impl VaultOptions {
    pub(super) fn create_at(
        self,
        path: &Path,
        schema: &Schema,
        identity: &Identity,
    ) -> Result<Vault> {
        let place = |error: Error| error.or_at(|| Place::File(path.to_string_lossy().into_owned()));
        let occupied = path.exists() && !is_empty_folder(path);
        if occupied || path.file_name().is_none() {
            return Err(place(Error::new(ErrorKind::Exists, "the folder exists already")));
        }
        let beside = FileAnchor::beside(path);
        if self.anchor.is_none() && beside.folder().exists() && !building(path).exists() {
            return Err(place(Error::new(
                ErrorKind::Exists,
                "an anchor of this name exists already",
            )));
        }
        let staging = Staging::begin(path).map_err(place)?;
        let staged = FileAnchor::at(staging.folder.join(ANCHOR));
        let anchor: Arc<dyn AnchorStore> = match &self.anchor {
            Some(anchor) => Arc::clone(anchor),
            None => {
                staged.create().map_err(place)?;
                Arc::new(staged.clone())
            }
        };
        let used = !anchor.slots()?.is_empty() || anchor.head()?.is_some();
        if used || self.store.as_ref().is_some_and(|store| store.position().sequence > 0) {
            return Err(Error::new(ErrorKind::Exists, "the store or the anchor is in use already"));
        }
        let folder = staging.folder.join(VAULT_FOLDER);
        fs::DirBuilder::new().mode(0o700).create(&folder).map_err(Error::io).map_err(place)?;
        self.build(&folder, anchor.as_ref(), schema, identity)?;
        if path.exists() {
            fs::remove_dir(path).map_err(Error::io).map_err(place)?;
        }
        if self.anchor.is_none() {
            fs::rename(staged.folder(), beside.folder()).map_err(Error::io).map_err(place)?;
        }
        fs::rename(&folder, path).map_err(Error::io).map_err(place)?;
        sync_folder(parent_of(path))?;
        drop(staging);
        self.open_at(path, identity)
    }

    fn build(
        &self,
        folder: &Path,
        anchor: &dyn AnchorStore,
        schema: &Schema,
        identity: &Identity,
    ) -> Result<()> {
        let header = Header {
            vault: VaultId::from_bytes(random()?),
            instance: InstanceId::from_bytes(random()?),
        };
        let compartments = u8::try_from(schema.compartments().len())
            .ok()
            .filter(|count| *count <= MAX_COMPARTMENTS)
            .ok_or_else(|| Error::new(ErrorKind::BadSchema, "too many compartments"))?;
        let ring = KeyRing::generate(compartments)?;
        let member = MemberId::from_bytes(random()?);
        let at = self.clock.now();
        let body = self.first_body(&header, schema, identity, (member, at.as_second()))?;
        let signers = [(member, identity.sign_key())];
        let (roster, roster_bytes) = Roster::build(1, [0; 32], body, &ring, &signers)?;

        let slot = AnchorSlot::generate(header.vault, FIRST_EPOCH, Vec::new())?;
        let (vault_epoch, ck) = ring.newest(VAULT)?;
        let key = root_key(&header.vault, ck, &slot.key, FIRST_EPOCH);
        let store = open::make_store(self, folder, header.instance)?;
        let mut batch = Batch::new();
        batch.put(roster_row(0), roster_bytes.clone());
        batch.put(roster_row(1), roster_bytes);

        let tree = KeyTree::empty(header.vault, vault_epoch, key.clone());
        let mut edit = tree.edit(store.as_ref());
        let maker = Maker { vault: &header.vault, identity, ring: &ring, schema, by: member, at };
        let mut changes = Vec::new();
        for system in [System::Schema, System::Index, System::Policy] {
            let id = RecordId::from_slot(edit.next_slot(), random()?);
            let (place, change) = maker.system_record(system, &id, &mut batch)?;
            edit.append(place)?;
            changes.push(change);
        }
        edit.reserve_up_to(FIRST_RECORD_SLOT);
        let sealed = edit.seal(&mut batch, key.clone(), FIRST_EPOCH, vault_epoch)?;
        let root = *sealed.tree.root();

        let leaf = Leaf {
            index: 0,
            at: at.as_second(),
            actor: *member.as_bytes(),
            act: Act::Created,
            roster: 1,
            log_root: Frontier::default().root(),
            erase_epoch: FIRST_EPOCH,
            slots: root.slots,
            tree: root.digest,
            changes,
            note: None,
            reads: Vec::new(),
        };
        let bytes = leaf.seal(&header.vault, &ring, identity.sign_key())?;
        let mut log = Frontier::default();
        log.append(leaf_hash(&bytes));
        batch.put(leaf_row(0), bytes);
        let state = State { root, roster_version: 1, roster_hash: roster.hash, log: log.clone() };
        batch.state(state.to_bytes(&key));

        anchor.write_spare(&slot)?;
        capsule::write_first(
            folder,
            &Capsule::seal(&header.vault, &slot, &roster.body, member, identity)?,
        )?;
        let position = store.commit(&batch)?;
        let head = AnchorHead {
            vault: header.vault,
            instance: header.instance,
            erase_epoch: FIRST_EPOCH,
            roster_version: 1,
            roster_hash: roster.hash,
            sequence: position.sequence,
            chain: position.chain,
            tree: root.digest,
            log,
        };
        anchor.put_head(&head.to_bytes(&key))?;
        header.write(folder)?;
        sync_folder(folder)
    }

    fn first_body(
        &self,
        header: &Header,
        schema: &Schema,
        identity: &Identity,
        (member, at): (MemberId, i64),
    ) -> Result<Body> {
        let no_role =
            || Error::new(ErrorKind::BadSchema, "the schema has no role that administers");
        let mut roles = Vec::new();
        for role in schema.roles() {
            let codes = role.compartments.iter().filter_map(|name| schema.compartment_code(name));
            roles.push(RoleEntry {
                name: role.name.clone(),
                compartments: codes.collect(),
                administers: role.administers,
            });
        }
        let director = roles
            .iter()
            .find(|role| role.administers && role.compartments.len() == schema.compartments().len())
            .ok_or_else(no_role)?
            .name
            .clone();
        let card = identity.card();
        let escrow = match &self.escrow {
            None => None,
            Some(recipient) => Some(Escrow {
                epoch: 1,
                recipient: envelope::parse_recipient(recipient)?.to_string(),
                split: None,
            }),
        };
        Ok(Body {
            vault: *header.vault.as_bytes(),
            name: self.name.clone(),
            compartments: schema.compartments().iter().map(|c| c.name.clone()).collect(),
            roles,
            members: vec![Entry {
                id: *member.as_bytes(),
                name: director.clone(),
                role: director,
                recipient: card.recipient(),
                verify: card.verify_key().0,
                added: at,
                removed: None,
            }],
            escrow,
        })
    }
}

/// The records that belong to the vault itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    /// The schema's source, in `vault`.
    Schema,
    /// No section at all: its group holds SK_index of every compartment.
    Index,
    /// The signed policies, in `vault`.
    Policy,
}

struct Maker<'a> {
    vault: &'a VaultId,
    identity: &'a Identity,
    ring: &'a KeyRing,
    schema: &'a Schema,
    by: MemberId,
    at: Timestamp,
}

impl Maker<'_> {
    fn first_policy(&self) -> Result<String> {
        let key = self.identity.sign_key();
        let first = SignedPolicy::sign(self.vault, None, &Policy::peru()?, (self.by, key), self.at);
        policy::to_document(&[first])
    }

    fn system_record(
        &self,
        system: System,
        id: &RecordId,
        batch: &mut Batch,
    ) -> Result<(TreeEntry, Change)> {
        let codes = match system {
            System::Schema | System::Policy => VAULT..=VAULT,
            System::Index => {
                VAULT..=u8::try_from(self.schema.compartments().len()).unwrap_or(VAULT)
            }
        };
        let mut group = Group::generate(codes.map(SectionId::fields))?;
        let mut row = SealedRecord::default();
        let document = match system {
            System::Schema => Some(("@schema", self.schema.source().to_owned())),
            System::Policy => Some(("@policy", self.first_policy()?)),
            System::Index => None,
        };
        if let Some((record_type, document)) = document {
            let meta = Meta {
                record_type: record_type.to_owned(),
                revision: 1,
                changed: self.at.as_second(),
                by: *self.by.as_bytes(),
            };
            let particulars = Particulars::new(meta, Vec::new(), 1);
            let mut fields = particulars.fields()?;
            fields.extend(meta::document_fields(&document)?);
            let slot = group.slot_mut(meta::SECTION)?;
            let (epoch, ck) = self.ring.newest(VAULT)?;
            let version = SectionVersion {
                ck,
                sk: &slot.sk,
                epoch,
                revision: 1,
                schema_version: self.schema.version(),
                previous: [0; 32],
            };
            let place = seal::Place {
                vault: self.vault,
                record: id,
                record_type: "",
                section: meta::SECTION,
            };
            let sealed = seal_section(&place, &version, fields, &mut Nonces::draw(1)?)?;
            slot.digest = sealed.digest;
            row.put_section(meta::SECTION, sealed.bytes);
        }
        let key = fresh_key()?;
        let (sealed, digest) = group.seal(self.vault, id, &key)?;
        row.group = sealed;
        batch.put(record_row(id), row.to_bytes()?);
        let change = Change {
            slot: id.slot(),
            name: vault_name(&group, id),
            digest,
            revision: 1,
            compartments: compartment_bit(VAULT),
            links: 0,
        };
        Ok((TreeEntry { tail: id.tail(), key, digest }, change))
    }
}

pub(super) fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

pub(super) const VAULT_FOLDER: &str = "vault";
pub(super) const ANCHOR: &str = "anchor";
const MAKING: &str = "making";

/// The folder in which a vault and its anchor are made, removed when done or given up.
///
/// Nothing in it was ever used, so that removing one that a kill left behind loses nothing. A
/// folder without the mark, or with the mark locked, is somebody else's.
pub(super) struct Staging {
    pub(super) folder: PathBuf,
    _lock: File,
}

impl Staging {
    pub(super) fn begin(path: &Path) -> Result<Self> {
        let folder = building(path);
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Self::clear(&folder, path)?;
                fs::DirBuilder::new().mode(0o700).create(&folder).map_err(Error::io)?;
            }
            Err(error) => return Err(Error::io(error)),
        }
        write_new(&folder.join(MAKING), b"")?;
        let lock = lock(&folder)?;
        Ok(Self { folder, _lock: lock })
    }

    fn clear(folder: &Path, path: &Path) -> Result<()> {
        let _lock = lock(folder)?;
        let (vault, anchor) = (folder.join(VAULT_FOLDER), folder.join(ANCHOR));
        if vault.exists() && !anchor.exists() && !path.exists() {
            // Killed between the two last renames: all is made, and the anchor in its place.
            fs::rename(&vault, path).map_err(Error::io)?;
            sync_folder(parent_of(path))?;
            fs::remove_dir_all(folder).map_err(Error::io)?;
            return Err(Error::new(ErrorKind::Exists, "an earlier making was finished: open it"));
        }
        fs::remove_dir_all(folder).map_err(Error::io)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn lock(folder: &Path) -> Result<File> {
    let file = File::open(folder.join(MAKING)).map_err(|_| {
        Error::new(ErrorKind::Exists, "a folder of that name with .new exists already")
    })?;
    file.try_lock().map_err(|_| Error::new(ErrorKind::Busy, "this vault is being made already"))?;
    Ok(file)
}

pub(super) fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
