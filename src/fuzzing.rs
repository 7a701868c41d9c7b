//! Doors for the fuzz targets, built only under `--cfg fuzzing`: each takes hostile bytes.

use crate::audit::{Continuation, SignedCheckpoint};
use crate::consent::{ConsentDocument, Policy};
use crate::id::VaultId;
use crate::keys::identity::Identity;
use crate::keys::ring::KeyRing;
use crate::keys::roster::SealedRoster;
use crate::keys::tree::fuzz_node;
use crate::schema::Schema;
use crate::seal::{SealedRecord, SectionHead};

/// An identity file from anywhere.
pub fn identity(bytes: &[u8]) {
    let _ = Identity::parse(bytes, None);
}

/// A roster that the store's operator wrote.
pub fn roster(bytes: &[u8]) {
    if let Ok(roster) = SealedRoster::parse(bytes) {
        let _ = roster.open(&VaultId::from_bytes([0; 16]), &KeyRing::default());
    }
}

/// A record's row: what parses is written back the same.
pub fn sealed_record(bytes: &[u8]) {
    if let Ok(record) = SealedRecord::parse(bytes) {
        for (_, section) in &record.sections {
            let _ = SectionHead::parse(section);
        }
        assert!(record.to_bytes().is_ok_and(|again| again == bytes));
    }
}

/// A node of the key tree, as it is before sealing.
pub fn tree_node(bytes: &[u8]) {
    if let Some((level, bytes)) = bytes.split_first() {
        fuzz_node(level % 10, bytes);
    }
}

/// A segment of the journal, a frame's payload or a part of a run.
#[cfg(feature = "sled")]
pub fn journal(bytes: &[u8]) {
    crate::store::fuzzing::journal(bytes);
}

/// A backup that somebody hands over, or a list of what was erased (the first byte says which).
pub fn backup_file(bytes: &[u8]) {
    crate::vault::fuzz_backup(bytes);
}

/// A checkpoint that somebody kept, alone or with the proof that it continues another.
pub fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let kept = SignedCheckpoint::parse(text);
    if let Ok(note) = &kept {
        assert_eq!(note.to_string(), text);
        let _ = note.verify(text);
    }
    if let Ok(continuation) = Continuation::parse(text) {
        let again = Continuation::parse(&continuation.to_string());
        assert!(again.is_ok_and(|again| again == continuation));
        let _ = continuation.continues(continuation.newer().checkpoint());
    }
}

/// A schema's source: what parses is kept byte for byte and succeeds itself.
pub fn schema(bytes: &[u8]) {
    let Ok(source) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(schema) = Schema::parse(source) {
        assert_eq!(schema.source(), source);
        assert!(schema.check_evolution_from(&schema).is_ok());
    }
}

/// A consent receipt: what is read can be written, and is then read the same.
pub fn consent_json(bytes: &[u8]) {
    let read =
        std::str::from_utf8(bytes).ok().and_then(|text| ConsentDocument::from_dpv(text).ok());
    let (Some(document), Ok(policy)) = (read, Policy::peru()) else {
        return;
    };
    let _ = document.to_fhir(&policy);
    // Other labels may make it too long.
    if let Ok(again) = document.to_dpv(&policy) {
        assert!(ConsentDocument::from_dpv(&again).is_ok_and(|same| same == document));
    }
}

/// An export from anybody: its text, what its sender signed, or one disclosure of it.
pub fn sd_jwt(bytes: &[u8]) {
    crate::export::sdjwt::fuzzing::sd_jwt(bytes);
}

/// A share that a stranger brings: signed by anybody, typed, or sealed.
pub fn escrow_share(bytes: &[u8]) {
    crate::escrow::fuzzing::escrow_share(bytes);
}

/// An invented share in each of its forms, for the seeds.
#[must_use]
pub fn escrow_share_samples() -> Vec<(&'static str, Vec<u8>)> {
    crate::escrow::fuzzing::samples().map(Vec::from).unwrap_or_default()
}
