//! What was said, by whom, how: the events of a consent.

use serde::{Deserialize, Serialize};

use crate::consent::codes::{Authority, Channel, Party, codes};
use crate::consent::scope::Scope;
use crate::consent::words::Words;
use crate::error::{Error, ErrorKind, Result};
use crate::id::RecordId;
use crate::time::Timestamp;

/// One entry in the life of a consent. It is never changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    pub what: What,
    /// When it was said, which may be long before it was recorded.
    pub said_at: Timestamp,
    /// Who said it.
    pub by: Speaker,
    /// How it was said.
    pub means: Means,
}

impl Event {
    /// The length of all that is said about people in it, in bytes.
    pub(crate) fn words(&self) -> usize {
        let Means { language, interpreter, witnesses, evidence, .. } = &self.means;
        let texts = self.by.name.iter().chain(interpreter).chain(witnesses);
        texts.map(|words| words.as_str().len() + 8).sum::<usize>()
            + language.as_ref().map_or(0, String::len)
            + evidence.len() * 68
    }
}

/// What happened to a consent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// She was asked.
    Requested,
    /// She wants to decide later.
    Deferred,
    /// Agreed, by an adult: herself or who speaks for her.
    Given,
    /// Agreed, by a minor.
    AssentGiven,
    /// Refused, by an adult.
    Refused,
    /// Refused, by a minor.
    Dissented,
    /// Agreed again, until another end.
    Renewed {
        /// The new end.
        until: Timestamp,
    },
    /// From now on without this part.
    Restricted {
        /// What is no longer covered.
        part: Scope,
    },
    /// Taken back, in part or whole.
    Withdrawn {
        /// What is taken back; all of it if nothing is named.
        part: Option<Scope>,
    },
    /// Replaced by another consent.
    Superseded {
        /// The consent that replaces this one.
        by: RecordId,
    },
    /// Found not to have been valid from the start.
    Invalidated,
    /// Ended by somebody else who may: a court, a guardian.
    Revoked,
    /// Agreed again after coming of age.
    ReconfirmedAsAdult,
    /// Never meant to be recorded.
    EnteredInError,
}

codes! {
    /// The name of what happened, for tables and messages.
    EventCode {
        /// She was asked.
        Requested = "requested",
        /// She wants to decide later.
        Deferred = "deferred",
        /// An adult agreed.
        Given = "given",
        /// A minor agreed.
        AssentGiven = "assent_given",
        /// An adult refused.
        Refused = "refused",
        /// A minor refused.
        Dissented = "dissented",
        /// Agreed again.
        Renewed = "renewed",
        /// Narrowed.
        Restricted = "restricted",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// Replaced.
        Superseded = "superseded",
        /// Not valid from the start.
        Invalidated = "invalidated",
        /// Ended by a court or guardian.
        Revoked = "revoked",
        /// Agreed again as an adult.
        ReconfirmedAsAdult = "reconfirmed_as_adult",
        /// Recorded by mistake.
        EnteredInError = "entered_in_error",
    }
}

impl What {
    /// The name of what happened.
    #[must_use]
    pub const fn code(&self) -> EventCode {
        match self {
            Self::Requested => EventCode::Requested,
            Self::Deferred => EventCode::Deferred,
            Self::Given => EventCode::Given,
            Self::AssentGiven => EventCode::AssentGiven,
            Self::Refused => EventCode::Refused,
            Self::Dissented => EventCode::Dissented,
            Self::Renewed { .. } => EventCode::Renewed,
            Self::Restricted { .. } => EventCode::Restricted,
            Self::Withdrawn { .. } => EventCode::Withdrawn,
            Self::Superseded { .. } => EventCode::Superseded,
            Self::Invalidated => EventCode::Invalidated,
            Self::Revoked => EventCode::Revoked,
            Self::ReconfirmedAsAdult => EventCode::ReconfirmedAsAdult,
            Self::EnteredInError => EventCode::EnteredInError,
        }
    }

    /// Whether somebody agrees by it.
    #[must_use]
    pub const fn agrees(&self) -> bool {
        matches!(
            self,
            Self::Given | Self::AssentGiven | Self::Renewed { .. } | Self::ReconfirmedAsAdult
        )
    }

    /// Whether somebody says no by it.
    #[must_use]
    pub const fn refuses(&self) -> bool {
        matches!(self, Self::Refused | Self::Dissented)
    }
}

/// Who speaks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Speaker {
    /// In whose name.
    pub party: Party,
    /// On what authority.
    pub authority: Authority,
    /// The record about this very person in the case, by which a block finds them.
    pub who: Option<RecordId>,
    name: Option<Words>,
}

impl Speaker {
    /// Somebody of this party of whom nothing more was noted.
    #[must_use]
    pub const fn new(party: Party) -> Self {
        Self { party, authority: Authority::Unstated, who: None, name: None }
    }

    /// On what authority they speak.
    #[must_use]
    pub const fn with_authority(mut self, authority: Authority) -> Self {
        self.authority = authority;
        self
    }

    /// Which record is about them.
    #[must_use]
    pub const fn known_as(mut self, who: RecordId) -> Self {
        self.who = Some(who);
        self
    }

    /// What they are called.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What they are called, if it was noted.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(Words::as_str)
    }
}

/// How something was said, and what shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Means {
    /// The channel.
    pub channel: Channel,
    /// BCP 47 tag of the language in which it was explained, such as `qu`.
    pub language: Option<String>,
    interpreter: Option<Words>,
    witnesses: Vec<Words>,
    /// SHA-256 of the notice that was read out or handed over.
    pub notice: Option<Digest>,
    /// SHA-256 of what shows it: a scan, a recording.
    pub evidence: Vec<Digest>,
}

impl Means {
    /// This channel, and nothing else noted.
    #[must_use]
    pub const fn new(channel: Channel) -> Self {
        let witnesses = Vec::new();
        let evidence = Vec::new();
        Self { channel, language: None, interpreter: None, witnesses, notice: None, evidence }
    }

    /// In which language, as a BCP 47 tag.
    #[must_use]
    pub fn in_language(mut self, tag: &str) -> Self {
        self.language = Some(tag.to_owned());
        self
    }

    /// Who interpreted.
    #[must_use]
    pub fn interpreted_by(mut self, name: &str) -> Self {
        self.interpreter = Some(name.into());
        self
    }

    /// Who was there; call it again for another.
    #[must_use]
    pub fn witnessed_by(mut self, name: &str) -> Self {
        self.witnesses.push(name.into());
        self
    }

    /// Which notice was explained.
    #[must_use]
    pub const fn on_notice(mut self, digest: Digest) -> Self {
        self.notice = Some(digest);
        self
    }

    /// What shows it; call it again for another.
    #[must_use]
    pub fn shown_by(mut self, digest: Digest) -> Self {
        self.evidence.push(digest);
        self
    }

    /// Who interpreted, if anybody was noted.
    #[must_use]
    pub fn interpreter(&self) -> Option<&str> {
        self.interpreter.as_ref().map(Words::as_str)
    }

    /// Who was there.
    pub fn witnesses(&self) -> impl ExactSizeIterator<Item = &str> {
        self.witnesses.iter().map(Words::as_str)
    }
}

/// Who says something, how, and when: what an event of a consent is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Who says it.
    pub speaker: Speaker,
    /// How.
    pub means: Means,
    /// When it was said; now if it is not named.
    pub said_at: Option<Timestamp>,
}

impl Statement {
    /// Said by this party, in writing, now.
    #[must_use]
    pub const fn by(party: Party) -> Self {
        Self { speaker: Speaker::new(party), means: Means::new(Channel::Written), said_at: None }
    }

    /// Who exactly says it.
    #[must_use]
    pub fn from(mut self, speaker: Speaker) -> Self {
        self.speaker = speaker;
        self
    }

    /// How it was said.
    #[must_use]
    pub fn through(mut self, means: Means) -> Self {
        self.means = means;
        self
    }

    /// When it was said.
    #[must_use]
    pub const fn at(mut self, moment: Timestamp) -> Self {
        self.said_at = Some(moment);
        self
    }
}

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digest(pub [u8; 32]);

crate::spelling::spelled!(Digest);

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl std::str::FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bytes = data_encoding::HEXLOWER.decode(text.trim().as_bytes()).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or_else(|| Error::new(ErrorKind::BadValue, "not a SHA-256"))
    }
}
