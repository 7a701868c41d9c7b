//! What the fuzz target feeds: a text, what somebody signed, a disclosure that somebody signed.

use data_encoding::BASE64URL_NOPAD as BASE64;

use crate::crypto::sign::SignKey;
use crate::export::sdjwt::{VerifiedExport, disclosure, jws};
use crate::secret::Key;

/// The first byte says which.
pub(crate) fn sd_jwt(bytes: &[u8]) {
    let Some((what, bytes)) = bytes.split_first() else {
        return;
    };
    match what % 3 {
        0 => text(bytes),
        1 => payload(bytes),
        _ => {
            // No name that it gives is a reserved one.
            if let Ok((name, ..)) = disclosure::read(&BASE64.encode(bytes)) {
                assert!(disclosure::is_name(&name));
            }
        }
    }
}

/// What verifies and is kept whole is the same text.
fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if VerifiedExport::verify(text).is_ok() {
        let again = VerifiedExport::present(text, |_| true);
        assert!(again.is_ok_and(|again| again.expose() == text));
    }
}

/// Whoever signs may sign anything; with no disclosure, all that is listed was kept back.
fn payload(bytes: &[u8]) {
    let signer = SignKey::from_seed(&Key::init_with(|key| key.fill(5)));
    let verified =
        jws::sign(bytes, &signer).and_then(|jwt| VerifiedExport::verify(&format!("{jwt}~")));
    if let Ok(verified) = verified {
        assert_eq!(verified.kept_back(), &verified.manifest().shown);
    }
}
