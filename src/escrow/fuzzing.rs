//! What the fuzz target feeds: an envelope that somebody signed, a typed text, a file.

use crate::crypto::labels;
use crate::crypto::sign::{SIGNATURE, SignKey};
use crate::escrow::share::{LENGTH, Share, SplitFacts};
use crate::escrow::text;
use crate::id::VaultId;
use crate::keys::identity::Identity;
use crate::secret::Key;

/// The first byte says which.
pub(crate) fn escrow_share(bytes: &[u8]) {
    let Some((what, bytes)) = bytes.split_first() else {
        return;
    };
    match what % 3 {
        0 => signed(bytes),
        1 => typed(bytes),
        _ => {
            let identity = Identity::from_escrow_secret(&Key::init_with(|key| key.fill(5)));
            let _ = Share::read(bytes, identity.ok().as_ref());
        }
    }
}

/// Whoever holds a ceremony signs what he likes: what is read is typed and read the same.
fn signed(bytes: &[u8]) {
    let dealer = dealer();
    let mut envelope = bytes.to_vec();
    envelope.resize(LENGTH - SIGNATURE - 32, 0);
    envelope.extend(dealer.verify_key().0);
    let signature = dealer.sign(labels::SHARE_SIGNATURE, &envelope);
    envelope.extend(signature);
    if let Ok(share) = Share::from_envelope(&envelope) {
        assert!((1..=share.custodians()).contains(&share.index()));
        let again = Share::read(share.to_text().expose().as_bytes(), None);
        assert!(again.is_ok_and(|again| again.hash() == share.hash()));
    }
}

/// One envelope has one text, but for what does not matter in it.
fn typed(bytes: &[u8]) {
    if let Ok(envelope) = text::read(bytes) {
        let again = text::write(&envelope);
        assert!(text::read(again.expose().as_bytes()).is_ok_and(|same| same == envelope));
    }
}

/// An invented share in each of its forms, each with the byte that says which.
pub(crate) fn samples() -> Option<[(&'static str, Vec<u8>); 3]> {
    let facts = SplitFacts {
        vault: VaultId::from_bytes([7; 16]),
        fingerprint: [8; 20],
        epoch: 1,
        quorum: 2,
        custodians: 3,
    };
    let value = Key::init_with(|key| key.fill(9));
    let share = Share::deal(facts, 1, &value, &dealer()).ok()?;
    let text = share.to_text();
    let envelope = text::read(text.expose().as_bytes()).ok()?;
    let identity = Identity::from_escrow_secret(&Key::init_with(|key| key.fill(5))).ok()?;
    let sealed = share.seal_to(&identity.card().recipient()).ok()?;
    Some([
        ("envelope", [b"\0".as_slice(), &envelope].concat()),
        ("text", [b"\x01", text.expose().as_bytes()].concat()),
        ("sealed", [b"\x02".as_slice(), &sealed].concat()),
    ])
}

fn dealer() -> SignKey {
    SignKey::from_seed(&Key::init_with(|key| key.fill(5)))
}
