//! What every export begins with: who asks for what, by which rules, at which moment.

use std::collections::BTreeSet;

use crate::consent::{Policy, RecipientEntry, RecipientRef};
use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::keys::tree::fresh_key;
use crate::redact::{Cover, Redactor, Saying, identifiability};
use crate::schema::{Profile, Schema, Treatment};
use crate::secret::Key;
use crate::time::Timestamp;
use crate::vault::Vault;
use crate::vault::consents::datum;
use crate::vault::exports::ExportRequest;
use crate::vault::exports::verdicts::Question;

/// A request, with all that is looked up once for it.
pub(super) struct Begun {
    pub(super) schema: Schema,
    pub(super) policy: Policy,
    pub(super) profile: Profile,
    pub(super) question: Question,
    pub(super) cover: Cover,
    pub(super) seed: Key,
    pub(super) now: Timestamp,
}

impl Begun {
    pub(super) fn redactor<'a>(&'a self, request: &'a ExportRequest) -> Redactor<'a> {
        let saying =
            Saying { schema: &self.schema, policy: &self.policy, language: request.language };
        let rules = (&self.profile, &request.narrowing);
        Redactor::new(rules, saying, self.cover.clone(), &self.seed)
    }

    /// Refuses a profile that is for tables of many people.
    pub(super) fn for_one_file(&self) -> Result<()> {
        let counts = self.profile.by_sensitivity.values().any(|one| *one == Treatment::Count);
        match counts || self.profile.k.is_some() {
            false => Ok(()),
            true => {
                Err(self.refused("this profile is for tables of many people, not for one file"))
            }
        }
    }

    /// The smallest group in which anybody of a table may stand.
    pub(super) fn smallest_group(&self) -> Result<usize> {
        let k = self.profile.k.and_then(|k| usize::try_from(k).ok()).filter(|k| *k > 1);
        k.ok_or_else(|| {
            self.refused("this profile is for one file, not for a table of many people")
        })
    }

    pub(super) fn refused(&self, why: &'static str) -> Error {
        Error::new(ErrorKind::Refused, why).at(Place::Schema(self.profile.name.clone()))
    }
}

impl Vault {
    pub(super) fn begin(&self, request: &ExportRequest) -> Result<Begun> {
        self.ensure_alive()?;
        let schema = self.schema();
        let policy = self.policy()?;
        let now = self.now(&self.live());
        let purpose = policy.purpose(&request.purpose)?.clone();
        let profile = profile(&schema, &request.profile, &request.purpose)?.clone();
        // A field that is named must be one: a slip of the pen must not let anything leave.
        for name in request.narrowing.allow.iter().chain(&request.narrowing.withhold) {
            datum(&schema, name)?;
        }
        let question = Question {
            purpose: purpose.code.clone(),
            action: purpose.handing_over(),
            recipient: self.resolve(&request.to)?,
            identifiability: identifiability(&profile),
        };
        let seed = match request.seed {
            Some(seed) => Key::init_with(|key| key.copy_from_slice(&seed)),
            None => fresh_key()?,
        };
        let language = request.language;
        let cover = Cover {
            export: export_id(&seed),
            made_at: now,
            made_on: policy.day(now),
            language,
            organisation: self.name(),
            recipient: self.called(&request.to)?,
            purpose: purpose.code.clone(),
            purpose_words: language.pick(&purpose.es, &purpose.en).to_owned(),
            profile: profile.name.clone(),
            profile_words: language.pick(&profile.es, &profile.en).to_owned(),
            policy_version: policy.version(),
            obligations: BTreeSet::new(),
        };
        Ok(Begun { schema, policy, profile, question, cover, seed, now })
    }

    /// The entry of the recipient, who must have one: there is no other key to seal to.
    pub(super) fn recipient_of(
        &self,
        request: &ExportRequest,
    ) -> Result<(RecordId, RecipientEntry)> {
        match &request.to {
            RecipientRef::Recipient(id) => Ok((*id, self.recipient(*id)?)),
            _ => {
                let what = "an export is sealed to a recipient of the list";
                Err(Error::new(ErrorKind::NotFound, what))
            }
        }
    }

    fn called(&self, to: &RecipientRef) -> Result<String> {
        Ok(match to {
            RecipientRef::Recipient(id) => self.recipient(*id)?.name,
            RecipientRef::Organisation(name) | RecipientRef::Team(name) => name.clone(),
            RecipientRef::Kind(kind) => kind.code().to_owned(),
        })
    }
}

/// The profile, if it serves the purpose.
fn profile<'a>(schema: &'a Schema, name: &str, purpose: &str) -> Result<&'a Profile> {
    let profile = schema
        .profiles()
        .iter()
        .find(|profile| profile.name == name)
        .ok_or_else(|| Error::new(ErrorKind::UnknownCode, "the schema has no such profile"))?;
    if !profile.purposes.is_empty() && !profile.purposes.iter().any(|serves| serves == purpose) {
        let what = "the profile does not serve this purpose";
        return Err(Error::new(ErrorKind::Refused, what).at(Place::Schema(profile.name.clone())));
    }
    Ok(profile)
}

/// Twelve letters and digits of Crockford's base 32, drawn for this export alone.
fn export_id(seed: &Key) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let drawn: [u8; 12] = kdf::prf(seed, labels::EXPORT_ORDER, &[b"id"]);
    let digit = |byte: &u8| DIGITS.get(usize::from(byte % 32)).map(|c| char::from(*c));
    drawn.iter().filter_map(digit).collect()
}
