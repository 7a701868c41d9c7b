//! When two records are the same: by key, or by content under the same owner.

use amparo::{RecordDraft, RecordId, RecordType, SecretText};

/// Stands for a key or a content, so that no values are kept for comparing.
pub(super) type Digest = [u8; 32];

/// What a record stands under: nothing, a record of the vault, or one of this batch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Nobody,
    Stored(RecordId),
    Waiting(u64),
}

/// The values of a record's key.
pub(super) fn key_texts(kind: &RecordType, draft: &RecordDraft) -> Vec<(String, SecretText)> {
    let texts = kind.key.iter().filter_map(|key| Some((key.clone(), draft.field(key)?.to_text())));
    texts.collect()
}

/// Lengths go before texts, so that no two lists of values spell the same bytes.
pub(super) fn key_digest(index: usize, kind: &RecordType, draft: &RecordDraft) -> Digest {
    let mut hash = blake3::Hasher::new();
    hash.update(b"key").update(&(index as u64).to_le_bytes());
    for (_, text) in key_texts(kind, draft) {
        hash.update(&(text.expose().len() as u64).to_le_bytes()).update(text.expose().as_bytes());
    }
    *hash.finalize().as_bytes()
}

/// Two records with this in common say the same, as far as the file goes.
pub(super) fn content_digest(
    index: usize,
    owner: Owner,
    fields: &[&str],
    text: impl Fn(&str) -> Option<SecretText>,
) -> Digest {
    let mut hash = blake3::Hasher::new();
    hash.update(b"content").update(&(index as u64).to_le_bytes());
    match owner {
        Owner::Nobody => hash.update(&[0]),
        Owner::Stored(id) => hash.update(&[1]).update(id.as_bytes()),
        Owner::Waiting(slot) => hash.update(&[2]).update(&slot.to_le_bytes()),
    };
    for field in fields {
        match text(field) {
            Some(text) => hash
                .update(&(text.expose().len() as u64 + 1).to_le_bytes())
                .update(text.expose().as_bytes()),
            None => hash.update(&0_u64.to_le_bytes()),
        };
    }
    *hash.finalize().as_bytes()
}
