//! From a view to the text of an SD-JWT.

use std::collections::{BTreeMap, BTreeSet};

use sd_jwt_payload::Hasher;

use crate::consent::Digest;
use crate::crypto::sign::SignKey;
use crate::error::{Error, ErrorKind, Result};
use crate::export::sdjwt::claims::{Claims, Fields, Record};
use crate::export::sdjwt::disclosure::{self, Sha256};
use crate::export::sdjwt::{ClaimValue, ExportManifest, MAX_TEXT, jws, too_long};
use crate::redact::{Mark, Outcome, RedactedView};
use crate::secret::{Key, SecretText};

/// Signs a view, with the digests of the other files of its export.
///
/// Equal view, files, seed and key give equal bytes. The seed is the export's own: under another,
/// no salt and no digest is the same.
pub(crate) fn issue(
    view: &RedactedView,
    files: &[(String, Digest)],
    seed: &Key,
    key: &SignKey,
) -> Result<SecretText> {
    let mut draft = Draft::default();
    for record in view.records() {
        let mut digests = BTreeSet::new();
        for field in record.fields() {
            let (shown, changed) = match field.outcome() {
                Outcome::Kept(shown) => (shown, None),
                Outcome::Changed(shown, mark) => (shown, Some(*mark)),
                Outcome::Withheld(mark) => {
                    *draft.withheld.entry(*mark).or_default() += 1;
                    continue;
                }
            };
            if let Some(mark) = changed {
                *draft.changed.entry(mark).or_default() += 1;
            }
            let (code, name) = (record.code(), field.name());
            let value = ClaimValue::of(shown, view.cover().language);
            let salt = disclosure::salt(seed, code, name);
            let text = disclosure::write(&salt, name, &value, changed)?;
            let digest = Sha256.encoded_digest(text.expose());
            draft.disclosures.insert(digest.clone(), text);
            digests.insert(digest);
            // Else one salt would serve two values.
            if !draft.shown.insert(format!("{code}.{name}")) {
                return Err(Error::new(ErrorKind::Internal, "a field stands twice in a view"));
            }
        }
        let entry = Record {
            record_type: record.record_type().to_owned(),
            parent: record.parent().map(str::to_owned),
            fields: Fields { digests },
        };
        if draft.records.insert(record.code().to_owned(), entry).is_some() {
            return Err(Error::new(ErrorKind::Internal, "a record stands twice in a view"));
        }
    }
    draft.sign(view, files, key)
}

#[derive(Default)]
struct Draft {
    records: BTreeMap<String, Record>,
    shown: BTreeSet<String>,
    changed: BTreeMap<Mark, u64>,
    withheld: BTreeMap<Mark, u64>,
    /// By digest: their order tells nothing either.
    disclosures: BTreeMap<String, SecretText>,
}

impl Draft {
    fn sign(
        self,
        view: &RedactedView,
        files: &[(String, Digest)],
        key: &SignKey,
    ) -> Result<SecretText> {
        let cover = view.cover();
        let by_name: BTreeMap<String, Digest> = files.iter().cloned().collect();
        if by_name.len() != files.len() {
            return Err(Error::new(ErrorKind::Internal, "a file stands twice in an export"));
        }
        // Neither the organisation nor the recipient is named: the text may be passed on.
        let manifest = ExportManifest {
            export: cover.export.clone(),
            made_at: cover.made_at,
            profile: cover.profile.clone(),
            purpose: cover.purpose.clone(),
            policy_version: cover.policy_version,
            shown: self.shown,
            changed: self.changed,
            withheld: self.withheld,
            files: by_name,
        };
        let payload = Claims::write(manifest, self.records)?;
        let jwt = jws::sign(&payload, key)?;
        join(&jwt, self.disclosures.values().map(SecretText::expose))
    }
}

/// `JWT~disclosure~...~`: the end says that no key binding follows.
pub(super) fn join<'a>(
    jwt: &'a str,
    disclosures: impl Iterator<Item = &'a str> + Clone,
) -> Result<SecretText> {
    let len = jwt.len() + 1 + disclosures.clone().map(|text| text.len() + 1).sum::<usize>();
    if len > MAX_TEXT {
        return Err(too_long());
    }
    // A buffer that grows leaves copies behind.
    let mut text = String::with_capacity(len);
    for part in std::iter::once(jwt).chain(disclosures) {
        text.push_str(part);
        text.push('~');
    }
    Ok(text.into())
}
