//! What the log was at one moment, on three lines that a partner can keep: a checkpoint (C2SP
//! tlog-checkpoint) as a signed note (C2SP signed-note), signed by the member who printed it.
//!
//! ```text
//! amparo/<vault id>
//! <leaves, in decimal>
//! <root of the log, base64>
//!
//! — amparo/<vault id> <base64 of 4 bytes of key id and 64 of Ed25519>
//! ```

use std::fmt;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::crypto::proof::{self, MAX_SIZE};
use crate::crypto::sign::{SIGNATURE, SignKey, VerifyKey};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::VaultId;

/// Longest note that is read: C2SP allows a megabyte, ours have three lines and some signatures.
const MAX_NOTE: usize = 64 << 10;
/// Most signatures that are looked at.
const MAX_SIGNATURES: usize = 100;
/// Signature type of Ed25519 in a signed note.
const ED25519: u8 = 1;
/// Longest proof: a path has at most one hash a level, and one more.
const MAX_PATH: usize = 64;

/// The log at one moment: how many leaves, and the root of them (RFC 6962, 2.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: [u8; 32],
}

impl Checkpoint {
    pub(crate) fn new(vault: &VaultId, size: u64, root: [u8; 32]) -> Self {
        Self { origin: origin(vault), size, root }
    }

    /// Which log: `amparo/` and the vault's id.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 root of the leaves.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// The root as it stands in the note.
    #[must_use]
    pub fn root_base64(&self) -> String {
        BASE64.encode(&self.root)
    }

    pub(crate) fn is_of(&self, vault: &VaultId) -> bool {
        self.origin == origin(vault)
    }

    pub(crate) fn sign(self, key: &SignKey) -> Result<SignedCheckpoint> {
        let text = self.to_string();
        let mut bytes = key_id(&self.origin, &key.verify_key()).to_vec();
        bytes.extend_from_slice(&key.sign_note(&text)?);
        let signatures = vec![NoteSignature { name: self.origin.clone(), bytes }];
        Ok(SignedCheckpoint { checkpoint: self, text, signatures })
    }

    /// Reads the text of a note, which must be what [`fmt::Display`] writes, and nothing else.
    fn parse(text: &str) -> Result<Self> {
        let mut lines = text.split_terminator('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(malformed());
        };
        let size = size.parse().ok().filter(|size| *size <= MAX_SIZE).ok_or_else(malformed)?;
        let checkpoint = Self { origin: origin.to_owned(), size, root: hash(root)? };
        // Extension lines are allowed by the standard and written by nobody here.
        if checkpoint.to_string() == text { Ok(checkpoint) } else { Err(malformed()) }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, BASE64.encode(&self.root))
    }
}

/// A checkpoint with the signatures under it. `Display` gives the note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    text: String,
    signatures: Vec<NoteSignature>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct NoteSignature {
    name: String,
    /// Four bytes of key id, then the signature.
    bytes: Vec<u8>,
}

impl SignedCheckpoint {
    /// Reads a note. Nothing is verified yet.
    ///
    /// # Errors
    ///
    /// `BadInput` if it is no checkpoint, or too long.
    pub fn parse(note: &str) -> Result<Self> {
        if note.len() > MAX_NOTE {
            return Err(Error::new(ErrorKind::TooLong, "a checkpoint has at most 64 KiB"));
        }
        let (text, below) = note.rsplit_once("\n\n").ok_or_else(malformed)?;
        let text = format!("{text}\n");
        let signatures: Vec<_> =
            below.split_terminator('\n').map(NoteSignature::parse).collect::<Result<_>>()?;
        if signatures.is_empty() || signatures.len() > MAX_SIGNATURES || !below.ends_with('\n') {
            return Err(malformed());
        }
        Ok(Self { checkpoint: Checkpoint::parse(&text)?, text, signatures })
    }

    /// What was signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Verifies the note with a key as [`Vault::checkpoint_key`](crate::Vault::checkpoint_key)
    /// gives it: `<name>+<key id>+<base64 of 1 and the key>`.
    ///
    /// # Errors
    ///
    /// `BadInput` for a text that is no such key; `Tampered` if no signature by it is right.
    pub fn verify(&self, key: &str) -> Result<()> {
        let bad = || Error::new(ErrorKind::BadInput, "not the key of a checkpoint");
        // A name has no plus sign, base64 may.
        let mut parts = key.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(bytes)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let bytes = decode(bytes).ok_or_else(bad)?;
        let bytes = bytes.split_first().filter(|(kind, _)| **kind == ED25519);
        let key = VerifyKey(bytes.and_then(|(_, key)| key.try_into().ok()).ok_or_else(bad)?);
        if key_text(name, &key).split('+').nth(1) != Some(id) || name != self.checkpoint.origin {
            return Err(bad());
        }
        self.verify_by(&key)
    }

    pub(crate) fn verify_by(&self, key: &VerifyKey) -> Result<()> {
        let id = key_id(&self.checkpoint.origin, key);
        let right = self.signatures.iter().any(|signature| {
            let parts = signature.bytes.split_first_chunk::<4>();
            let signed = parts.and_then(|(named, signed)| {
                let signed: &[u8; SIGNATURE] = signed.try_into().ok()?;
                (*named == id && signature.name == self.checkpoint.origin).then_some(signed)
            });
            signed.is_some_and(|signed| key.verify_note(&self.text, signed).is_ok())
        });
        let wrong = || Error::new(ErrorKind::Tampered, "the checkpoint is not signed by that key");
        if right { Ok(()) } else { Err(wrong()) }
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, bytes } in &self.signatures {
            writeln!(f, "\u{2014} {name} {}", BASE64.encode(bytes))?;
        }
        Ok(())
    }
}

impl NoteSignature {
    /// A line that begins with an em dash. Whose key it is, and of which kind, is for the
    /// verifier to know; what it does not know it passes over.
    fn parse(line: &str) -> Result<Self> {
        let rest = line.strip_prefix("\u{2014} ").ok_or_else(malformed)?;
        let (name, bytes) = rest.split_once(' ').ok_or_else(malformed)?;
        let bytes = decode(bytes).ok_or_else(malformed)?;
        let odd = |c: char| c.is_whitespace() || c == '+';
        if name.is_empty() || name.contains(odd) || bytes.len() < 5 {
            return Err(malformed());
        }
        Ok(Self { name: name.to_owned(), bytes })
    }
}

/// A checkpoint with the proof that it continues an older one, in the form in which a witness
/// takes it (C2SP tlog-witness, `add-checkpoint`): `old <leaves>`, the hashes of the proof in
/// base64, an empty line, the note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Continuation {
    old: u64,
    path: Vec<[u8; 32]>,
    /// The newer checkpoint.
    newer: SignedCheckpoint,
}

impl Continuation {
    pub(crate) const fn new(old: u64, path: Vec<[u8; 32]>, newer: SignedCheckpoint) -> Self {
        Self { old, path, newer }
    }

    /// Reads one. Nothing is verified yet.
    ///
    /// # Errors
    ///
    /// `BadInput` if it is none, or too long.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_NOTE {
            return Err(Error::new(ErrorKind::TooLong, "a checkpoint has at most 64 KiB"));
        }
        let (head, note) = text.split_once("\n\n").ok_or_else(malformed)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(|old| old.parse().ok()).ok_or_else(malformed)?;
        let path = lines.map(hash).take(MAX_PATH + 1).collect::<Result<Vec<_>>>()?;
        if path.len() > MAX_PATH {
            return Err(malformed());
        }
        Ok(Self { old, path, newer: SignedCheckpoint::parse(note)? })
    }

    /// The newer checkpoint.
    #[must_use]
    pub const fn newer(&self) -> &SignedCheckpoint {
        &self.newer
    }

    /// Whether the newer log begins with the older one. Signatures are verified apart.
    ///
    /// # Errors
    ///
    /// `BadInput` if it is of another log or begins at another size; `RolledBack` if it does
    /// not.
    pub fn continues(&self, kept: &Checkpoint) -> Result<()> {
        let newer = self.newer.checkpoint();
        if newer.origin != kept.origin || self.old != kept.size {
            return Err(Error::new(ErrorKind::BadInput, "the proof is about another checkpoint"));
        }
        if kept.size == newer.size {
            // The same tree needs no path; one that differs needs no other proof.
            let same = kept.root == newer.root && self.path.is_empty();
            let forked = || Error::new(ErrorKind::RolledBack, "two logs of one length differ");
            return if same { Ok(()) } else { Err(forked()) };
        }
        let (old, new) = ((kept.size, &kept.root), (newer.size, &newer.root));
        proof::verify_consistency(old, new, &self.path)
    }
}

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash)))?;
        write!(f, "\n{}", self.newer)
    }
}

/// The name of a vault's log.
fn origin(vault: &VaultId) -> String {
    format!("amparo/{vault}")
}

/// A key in the form in which verifiers of signed notes take it.
pub(crate) fn checkpoint_key(vault: &VaultId, key: &VerifyKey) -> String {
    key_text(&origin(vault), key)
}

fn key_text(name: &str, key: &VerifyKey) -> String {
    let mut bytes = vec![ED25519];
    bytes.extend_from_slice(&key.0);
    let id = data_encoding::HEXLOWER.encode(&key_id(name, key));
    format!("{name}+{id}+{}", BASE64.encode(&bytes))
}

/// C2SP signed-note: the first four bytes of SHA-256 over name, newline, type and key.
fn key_id(name: &str, key: &VerifyKey) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.0);
    let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
    [a, b, c, d]
}

fn hash(text: &str) -> Result<[u8; 32]> {
    decode(text).and_then(|bytes| bytes.try_into().ok()).ok_or_else(malformed)
}

/// Base64 as it is written and in no other spelling: the crate would take two texts in a row.
fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok().filter(|bytes| BASE64.encode(bytes) == text)
}

fn malformed() -> Error {
    Error::new(ErrorKind::BadInput, "not a checkpoint").at(Place::File("checkpoint".to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::Key;

    const VAULT: VaultId = VaultId::from_bytes([7; 16]);

    fn key(byte: u8) -> SignKey {
        SignKey::from_seed(&Key::init_with(|key| key.fill(byte)))
    }

    fn signed() -> SignedCheckpoint {
        Checkpoint::new(&VAULT, 3, [9; 32]).sign(&key(5)).unwrap()
    }

    /// The key id of the Go project's own tests (`golang.org/x/mod/sumdb/note`).
    #[test]
    fn a_key_is_named_as_others_name_it() {
        let bytes = BASE64.decode(b"ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let key = VerifyKey(bytes[1..].try_into().unwrap());
        let expected = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(key_text("PeterNeumann", &key), expected);
    }

    #[test]
    fn a_note_is_read_as_it_was_written_and_verifies_with_its_key_only() {
        let note = signed().to_string();
        let read = SignedCheckpoint::parse(&note).unwrap();
        assert_eq!((read.to_string(), &read), (note, &signed()));
        read.verify(&checkpoint_key(&VAULT, &key(5).verify_key())).unwrap();
        let other = checkpoint_key(&VAULT, &key(6).verify_key());
        assert_eq!(read.verify(&other).unwrap_err().kind(), ErrorKind::Tampered);
        let elsewhere = checkpoint_key(&VaultId::from_bytes([8; 16]), &key(5).verify_key());
        assert_eq!(read.verify(&elsewhere).unwrap_err().kind(), ErrorKind::BadInput);
    }

    #[test]
    fn a_witness_may_sign_below_and_a_stranger_proves_nothing() {
        let mut note = signed().to_string();
        note.push_str("\u{2014} witness.example AAAAAAEC\n");
        let read = SignedCheckpoint::parse(&note).unwrap();
        read.verify(&checkpoint_key(&VAULT, &key(5).verify_key())).unwrap();
        let only = note.replace(&format!("\u{2014} amparo/{VAULT} "), "\u{2014} other ");
        let read = SignedCheckpoint::parse(&only).unwrap();
        assert!(read.verify(&checkpoint_key(&VAULT, &key(5).verify_key())).is_err());
    }

    #[test]
    fn another_size_or_root_breaks_the_signature() {
        let note = signed().to_string();
        let ours = checkpoint_key(&VAULT, &key(5).verify_key());
        let root = BASE64.encode(&[9; 32]);
        for altered in
            [note.replace("\n3\n", "\n4\n"), note.replace(&root, &BASE64.encode(&[8; 32]))]
        {
            let read = SignedCheckpoint::parse(&altered).unwrap();
            assert_eq!(read.verify(&ours).unwrap_err().kind(), ErrorKind::Tampered);
        }
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let note = signed().to_string();
        for bad in [
            String::new(),
            note.replace("\n3\n", "\n03\n"),
            note.replace("\n3\n", "\n+3\n"),
            note.replace("\n3\n", "\n18446744073709551615\n"),
            note.replace("\n\n", "\nextension\n\n"),
            note.trim_end().to_owned(),
            note.replace('\u{2014}', "-"),
            note.replace("=\n", "=AAAA\n"),
            note.replace('\n', "\r\n"),
            "x".repeat(MAX_NOTE + 1),
        ] {
            assert!(SignedCheckpoint::parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_continuation_holds_for_what_it_continues() {
        let leaves: Vec<[u8; 32]> = (0..9).map(|n| [n; 32]).collect();
        let root = |size: usize| {
            let mut edge = crate::crypto::merkle::Frontier::default();
            leaves[..size].iter().for_each(|leaf| edge.append(*leaf));
            edge.root()
        };
        let mut at = |index: u64| Ok(leaves[usize::try_from(index).unwrap()]);
        for old in 1..=9_usize {
            let kept = Checkpoint::new(&VAULT, old as u64, root(old));
            let newer = Checkpoint::new(&VAULT, 9, root(9)).sign(&key(5)).unwrap();
            let path = proof::consistency(old as u64, 9, &mut at).unwrap();
            let written = Continuation::new(old as u64, path, newer);
            let read = Continuation::parse(&written.to_string()).unwrap();
            assert_eq!(read, written);
            read.continues(&kept).unwrap();
            let forked = Checkpoint::new(&VAULT, old as u64, [1; 32]);
            assert_eq!(read.continues(&forked).unwrap_err().kind(), ErrorKind::RolledBack);
            let longer = Checkpoint::new(&VAULT, 10, root(9));
            assert_eq!(read.continues(&longer).unwrap_err().kind(), ErrorKind::BadInput);
        }
    }

    /// What `tests/interop/checkpoint.py` verified, in another language and with none of our code.
    #[test]
    fn the_samples_are_what_another_program_verified() {
        let leaves: Vec<[u8; 32]> = (0..23).map(|n| [n; 32]).collect();
        let at = |size: u64| {
            let mut edge = crate::crypto::merkle::Frontier::default();
            leaves.iter().take(usize::try_from(size).unwrap()).for_each(|leaf| edge.append(*leaf));
            Checkpoint::new(&VAULT, size, edge.root()).sign(&key(5)).unwrap()
        };
        let mut leaf = |index: u64| Ok(leaves[usize::try_from(index).unwrap()]);
        let path = proof::consistency(13, 23, &mut leaf).unwrap();
        let newer = Continuation::new(13, path, at(23)).to_string();
        let key = checkpoint_key(&VAULT, &key(5).verify_key());
        assert_eq!(at(13).to_string(), include_str!("../../tests/data/checkpoint/kept.note"));
        assert_eq!(newer, include_str!("../../tests/data/checkpoint/newer.note"));
        assert_eq!(key, include_str!("../../tests/data/checkpoint/key.txt").trim_end());
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in "(old [0-9]{1,25}\n)?(amparo/[0-9a-f]{0,8}\n)?[0-9\n]{0,9}([A-Za-z0-9+/]{43}=\n){0,3}\n(— \\PC{0,20}\n){0,3}") {
            let _ = SignedCheckpoint::parse(&text).map(|note| note.verify("a+b+c"));
            let _ = Continuation::parse(&text);
        }
    }
}
