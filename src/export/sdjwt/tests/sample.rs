//! The committed sample, which other programs read too. No test writes it.

use super::*;

const SAMPLE: &str = include_str!("../../../../tests/data/sd_jwt/sample.sdjwt");

#[test]
fn the_sample_is_what_is_issued_today() {
    assert_eq!(issued(&views::view()), SAMPLE);
}

#[test]
fn the_sample_verifies_and_is_of_its_signer() {
    let verified = VerifiedExport::verify(SAMPLE).unwrap();
    assert_eq!(verified.thumbprint(), "0YuCW4N9LKPsO0jPKKgDYo3H7HH2LkiT8YLuFGslZXI");
    assert_eq!(verified.manifest().shown.len(), 13);
}
