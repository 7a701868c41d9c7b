//! What is issued verifies; whatever else is refused.

mod hostile;
mod promises;
mod sample;

use data_encoding::BASE64URL_NOPAD as BASE64;
use serde_json::Value;

use super::*;
use crate::consent::Digest;
use crate::crypto::sign::SignKey;
use crate::redact::{RedactedView, sample as views};
use crate::secret::Key;

fn seed(byte: u8) -> Key {
    Key::init_with(|key| key.fill(byte))
}

fn signer(byte: u8) -> SignKey {
    SignKey::from_seed(&seed(byte))
}

fn files() -> Vec<(String, Digest)> {
    vec![("expediente.pdf".into(), Digest([1; 32])), ("datos/datos.json".into(), Digest([2; 32]))]
}

fn issued(view: &RedactedView) -> String {
    issue(view, &files(), &seed(7), &signer(5)).unwrap().expose().to_owned()
}

/// Its JWT and its disclosures.
fn pieces(text: &str) -> (&str, Vec<&str>) {
    let mut parts = text.strip_suffix('~').unwrap().split('~');
    (parts.next().unwrap(), parts.collect())
}

fn joined(jwt: &str, disclosures: &[&str]) -> String {
    let mut text = format!("{jwt}~");
    for disclosure in disclosures {
        text.push_str(disclosure);
        text.push('~');
    }
    text
}

fn decoded(text: &str) -> String {
    String::from_utf8(BASE64.decode(text.as_bytes()).unwrap()).unwrap()
}

fn payload(jwt: &str) -> Value {
    serde_json::from_str(&decoded(jwt.split('.').nth(1).unwrap())).unwrap()
}

fn refusal(text: &str) -> ErrorKind {
    VerifiedExport::verify(text).unwrap_err().kind()
}
