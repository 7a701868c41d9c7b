//! Every label that separates one use of a key or hash from another, in one list.
//!
//! Contexts of `derive_key` are constants with a date, as the BLAKE3 paper asks (section 6.2).

use std::sync::LazyLock;

use blake3::hazmat::{ContextKey, hash_derive_key_context};

/// A domain: the context of a derived key or the first input of a keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(pub(crate) &'static str);

impl Label {
    /// The label as the context of `derive_key`: hashed once, not at every use.
    pub(crate) fn context(self) -> ContextKey {
        // What is used most stands first in the list.
        let known = CONTEXTS.iter().find(|(label, _)| *label == self);
        known.map_or_else(|| hash_derive_key_context(self.0), |(_, context)| *context)
    }
}

static CONTEXTS: LazyLock<Vec<(Label, ContextKey)>> =
    LazyLock::new(|| ALL.iter().map(|label| (*label, hash_derive_key_context(label.0))).collect());

macro_rules! labels {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        $($(#[doc = $doc])+ pub(crate) const $name: Label = Label($text);)+

        const ALL: &[Label] = &[$($name,)+];
    };
}

labels! {
    /// RK of a section from CK and SK.
    SECTION = "amparo 2026-11 section";
    /// Key of one field, and the tag that stands for its path in a head.
    FIELD = "amparo 2026-11 field";
    /// MAC over a section head.
    SECTION_MAC = "amparo 2026-11 section mac";
    /// Digest of a section head.
    HEAD_DIGEST = "amparo 2026-11 head digest";
    /// Store key of an older revision.
    HISTORY = "amparo 2026-11 history";
    /// Name of a record in the log.
    LOG_NAME = "amparo 2026-11 log name";
    /// K_root from CK[vault] and A[e].
    ROOT = "amparo 2026-11 root";
    /// Sealed nodes of the key tree and a record's group.
    NODE = "amparo 2026-11 node";
    /// Digest of a sealed node.
    NODE_DIGEST = "amparo 2026-11 node digest";
    /// MAC over the state of a commit.
    STATE_MAC = "amparo 2026-11 state mac";
    /// MAC over anchor.head.
    ANCHOR_HEAD = "amparo 2026-11 anchor head";
    /// Checksum of the vault's header.
    VAULT_HEADER = "amparo 2026-11 vault header";
    /// Checksum of an anchor slot.
    ANCHOR_SLOT = "amparo 2026-11 anchor slot";
    /// Capsule signature.
    CAPSULE = "amparo 2026-11 capsule";
    /// Signature under a backup.
    BACKUP = "amparo 2026-11 backup";
    /// Signature under a list of what was erased.
    ERASURES = "amparo 2026-11 erasures";
    /// Index key from CK and its leaf.
    INDEX = "amparo 2026-11 index";
    /// Key of one word.
    WORD = "amparo 2026-11 word";
    /// Store key of a posting.
    POSTING = "amparo 2026-11 posting";
    /// Mask over the id in a posting.
    POSTING_MASK = "amparo 2026-11 posting mask";
    /// Tag of a posting.
    POSTING_TAG = "amparo 2026-11 posting tag";
    /// Tag of a posting that was removed.
    POSTING_DEAD = "amparo 2026-11 posting dead";
    /// Key of log leaves.
    LEAF = "amparo 2026-11 leaf";
    /// Signature of a log leaf.
    LEAF_SIGNATURE = "amparo 2026-11 leaf signature";
    /// Key of the roster's sealed body.
    ROSTER = "amparo 2026-11 roster";
    /// Signature of a roster.
    ROSTER_SIGNATURE = "amparo 2026-11 roster signature";
    /// Hash that chains rosters.
    ROSTER_HASH = "amparo 2026-11 roster hash";
    /// Signature of a policy.
    POLICY_SIGNATURE = "amparo 2026-11 policy signature";
    /// Signature of a receipt for an erasure.
    ERASURE_RECEIPT = "amparo 2026-11 erasure receipt";
    /// Digest that chains policies.
    POLICY_DIGEST = "amparo 2026-11 policy digest";
    /// Digest that chains the entries of a ledger.
    LEDGER_DIGEST = "amparo 2026-11 ledger digest";
    /// Signature of an override by whoever asks for or approves it.
    APPROVAL_SIGNATURE = "amparo 2026-11 approval signature";
    /// Labels of one export, from its seed.
    EXPORT_LABEL = "amparo 2026-11 export label";
    /// Id and order of an export.
    EXPORT_ORDER = "amparo 2026-11 export order";
    /// Digest by which a text was approved for export.
    REVIEW_TEXT = "amparo 2026-11 review text";
    /// Digest by which an attached file was approved for export.
    REVIEW_FILE = "amparo 2026-11 review file";
    /// Key of the digests by which texts are approved, from the first key of a compartment.
    TEXT_KEY = "amparo 2026-11 text key";
    /// Signature under the approval of a text or the release of a field.
    REVIEW_SIGNATURE = "amparo 2026-11 review signature";
    /// Salts of the disclosures of one export, from its seed.
    EXPORT_SALT = "amparo 2026-11 export salt";
    /// Fingerprint of a vault.
    FINGERPRINT = "amparo 2026-11 fingerprint";
    /// Signing seed of an identity that came as a plain age key.
    SIGNING_SEED = "amparo 2026-11 signing seed from age identity";
    /// age identity of the escrow, from its secret.
    ESCROW_RECIPIENT = "amparo 2026-11 escrow recipient";
    /// Signing seed of the escrow, from its secret.
    ESCROW_SIGNING = "amparo 2026-11 escrow signing seed";
    /// Commitment to the escrow's secret.
    ESCROW_COMMITMENT = "amparo 2026-11 escrow commitment";
    /// Salted hash of a share.
    SHARE_HASH = "amparo 2026-11 share hash";
    /// Signature of a share by whoever held the ceremony.
    SHARE_SIGNATURE = "amparo 2026-11 share signature";
    /// Checksum of a share that is typed.
    SHARE_TEXT = "amparo 2026-11 share text";
    /// Fingerprint of what a check compares without holding it.
    CHECK_MEMBER = "amparo 2026-11 check member";
    /// Key of what an interrupted check leaves behind.
    CHECK_BOOKMARK = "amparo 2026-11 check bookmark";
    /// Signature of it.
    CHECK_BOOKMARK_SIGNATURE = "amparo 2026-11 check bookmark signature";
    /// Signature of a statement about an attached file.
    CUSTODY_SIGNATURE = "amparo 2026-11 custody signature";
    /// A signed statement as the next one and the log name it.
    CUSTODY_DIGEST = "amparo 2026-11 custody digest";
    /// Key that wraps an age file key under a passphrase.
    PASSPHRASE = "amparo 2026-11 passphrase";
    /// Commitment to a passphrase key.
    PASSPHRASE_COMMITMENT = "amparo 2026-11 passphrase commitment";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps a signature under a label apart from one over a JWS (see `crypto::sign`).
    #[test]
    fn the_length_of_a_label_fits_one_byte() {
        assert!(ALL.iter().all(|label| label.0.len() < 256));
    }

    #[test]
    fn no_label_is_a_prefix_of_another_use() {
        for (i, a) in ALL.iter().enumerate() {
            for b in &ALL[i + 1..] {
                assert_ne!(a.0, b.0);
            }
        }
    }
}
