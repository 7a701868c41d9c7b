//! The organisation's policy: who must agree at which age, what each purpose needs, what is
//! never done. It is data: a TOML document, versioned, and in a vault signed by a director.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::consent::codes::{Action, Channel, Identifiability, Party, RecipientKind, codes};
use crate::consent::ledger::Birth;
use crate::consent::request::Request;
use crate::error::{Error, ErrorKind, Place, Result};
use crate::time::{Date, Timestamp, offset_seconds};

codes! {
    /// What the law of the organisation's country wants of somebody at an age.
    Voice {
        /// They must agree.
        MustAgree = "must_agree",
        /// They are heard: their no counts, their yes is not needed.
        IsHeard = "is_heard",
        /// They are told; neither their yes nor their no decides.
        IsTold = "is_told",
    }
}

codes! {
    /// Which reads of records stand in the log.
    ReadLog {
        /// None.
        Off = "off",
        /// All: with the next change, or at the latest at the end of the session.
        Batched = "batched",
        /// All, each on disk before its record is shown.
        BeforeReveal = "before_reveal",
    }
}

/// The organisation's policy on consent.
///
/// ```
/// let policy = amparo::Policy::peru()?;
/// assert!(policy.purpose("legal_proceedings").is_ok());
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone)]
pub struct Policy(Arc<Parts>);

struct Parts {
    source: String,
    raw: Raw,
    offset: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Spanned<String>,
    version: Spanned<u32>,
    utc_offset: Spanned<String>,
    majority: Spanned<u8>,
    #[serde(default)]
    notice_required: bool,
    #[serde(default = "batched")]
    log_reads: ReadLog,
    #[serde(rename = "age")]
    ages: Vec<Spanned<AgeRow>>,
    #[serde(rename = "purpose")]
    purposes: Vec<Spanned<Purpose>>,
    #[serde(default, rename = "prohibition")]
    prohibitions: Vec<Spanned<Prohibition>>,
    #[serde(rename = "override")]
    overrides: Spanned<OverrideRule>,
    two_person: TwoPerson,
    #[serde(default)]
    witnesses: BTreeMap<Channel, u8>,
}

/// Who must agree from an age on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AgeRow {
    /// From this age, in years, until the next row's.
    pub from: u8,
    /// What the child's word is.
    pub child: Voice,
    /// What the word of who speaks for the child is.
    pub guardian: Voice,
    /// Who else may speak in the guardian's place.
    #[serde(default)]
    pub substitutes: BTreeSet<Party>,
}

/// What data may be used for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Purpose {
    /// The code.
    pub code: String,
    /// Spanish label, as said to a person.
    pub es: String,
    /// English label.
    pub en: String,
    /// The categories that it needs: what a consent covers that names none.
    pub categories: BTreeSet<String>,
    /// How far it needs the person to be recognised: what a consent allows that says nothing.
    pub identifiability: Identifiability,
    /// What it needs to do with the data: what a consent allows that says nothing.
    pub actions: BTreeSet<Action>,
    /// How many days a consent holds that names no end.
    pub days: u16,
    /// The term of the Data Privacy Vocabulary nearest to it.
    pub dpv: String,
    /// The code of HL7 `v3-ActReason` nearest to it.
    pub fhir: String,
}

impl Purpose {
    /// What it means, for this purpose, that data leaves: the strongest of its actions.
    pub(crate) fn leaving(&self) -> Action {
        self.actions.last().copied().unwrap_or(Action::Publish)
    }

    /// What it means to hand over a file for this purpose.
    pub(crate) fn handing_over(&self) -> Action {
        let public = self.actions.contains(&Action::Publish);
        if public { Action::Publish } else { Action::Export }
    }
}

/// What is never done, whoever agrees. An empty list stands for all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Prohibition {
    /// A code for messages.
    pub code: String,
    /// Spanish words.
    pub es: String,
    /// English words.
    pub en: String,
    /// Only where the person is, or could be, a minor.
    #[serde(default)]
    pub minors: bool,
    /// For these purposes.
    #[serde(default)]
    pub purposes: BTreeSet<String>,
    /// To these kinds of recipients.
    #[serde(default)]
    pub recipients: BTreeSet<RecipientKind>,
    /// Fields of these sensitivities.
    #[serde(default)]
    pub sensitivities: BTreeSet<String>,
    /// These actions.
    #[serde(default)]
    pub actions: BTreeSet<Action>,
    /// Only where the person could be recognised at least so far.
    #[serde(default)]
    pub from_identifiability: Option<Identifiability>,
}

/// Who may override, for how long.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OverrideRule {
    /// Hours from the asking, at most 72.
    pub hours: u16,
    /// Roles that lead child protection: one approver has one of them.
    pub leads: BTreeSet<String>,
    /// Days until the override is to be reviewed.
    pub review_days: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoPerson {
    /// Sensitivities that leave only if a second person releases them.
    sensitivities: BTreeSet<String>,
}

impl Policy {
    /// The policy that a new vault starts with: made for Peru, to be checked with counsel.
    ///
    /// # Errors
    ///
    /// None: it is checked when the crate is tested.
    pub fn peru() -> Result<Self> {
        Self::parse(include_str!("peru.toml"))
    }

    /// Reads a policy from its TOML source.
    ///
    /// # Errors
    ///
    /// `BadPolicy` at the line and column where it cannot be read or contradicts itself;
    /// `TooLong` above 64 KiB.
    pub fn parse(source: &str) -> Result<Self> {
        if source.len() > MAX_SOURCE {
            return Err(Error::new(ErrorKind::TooLong, "a policy is longer than 64 KiB"));
        }
        let fail = |at: usize, why| {
            let (line, column) = position(source, at);
            Error::new(ErrorKind::BadPolicy, why).at(Place::Line { line, column })
        };
        let raw: Raw = toml::from_str(source).map_err(|error| {
            fail(error.span().unwrap_or_default().start, "the policy cannot be read")
        })?;
        let offset = offset_seconds(raw.utc_offset.get_ref())
            .ok_or_else(|| fail(raw.utc_offset.span().start, "not an offset such as -05:00"))?;
        raw.check().map_err(|(at, why)| fail(at, why))?;
        Ok(Self(Arc::new(Parts { source: source.to_owned(), raw, offset })))
    }

    /// The source, byte for byte.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.raw.name.get_ref()
    }

    /// The version; a change raises it.
    #[must_use]
    pub fn version(&self) -> u32 {
        *self.0.raw.version.get_ref()
    }

    /// All purposes.
    pub fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.0.raw.purposes.iter().map(Spanned::get_ref)
    }

    /// The purpose of this code.
    ///
    /// # Errors
    ///
    /// `UnknownCode`.
    pub fn purpose(&self, code: &str) -> Result<&Purpose> {
        self.purposes()
            .find(|purpose| purpose.code == code)
            .ok_or_else(|| Error::new(ErrorKind::UnknownCode, "the policy has no such purpose"))
    }

    /// All rows of the age table, youngest first.
    pub fn ages(&self) -> impl Iterator<Item = &AgeRow> {
        self.0.raw.ages.iter().map(Spanned::get_ref)
    }

    /// All prohibitions.
    pub fn prohibitions(&self) -> impl Iterator<Item = &Prohibition> {
        self.0.raw.prohibitions.iter().map(Spanned::get_ref)
    }

    /// Who may override.
    #[must_use]
    pub fn override_rule(&self) -> &OverrideRule {
        self.0.raw.overrides.get_ref()
    }

    /// The age from which a person speaks for herself alone.
    #[must_use]
    pub fn majority(&self) -> u8 {
        *self.0.raw.majority.get_ref()
    }

    /// The day where the organisation is.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        Timestamp::from_second(at.as_second().saturating_add(self.0.offset)).unwrap_or(at).date()
    }

    /// A moment as people there write it: `2026-11-22 10:00`.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> String {
        let local = at.as_second().saturating_add(self.0.offset);
        let text = Timestamp::from_second(local).unwrap_or(at).to_string();
        text.get(..16).unwrap_or(&text).replace('T', " ")
    }

    /// The first moment after a day, where the organisation is.
    ///
    /// # Errors
    ///
    /// `BadValue` at the end of the calendar.
    pub fn end_of(&self, day: Date) -> Result<Timestamp> {
        let next = day.midnight_utc()?.as_second() + DAY - self.0.offset;
        Timestamp::from_second(next)
    }

    /// Full years at a moment: of the youngest that the person could be.
    #[must_use]
    pub fn age(&self, birth: Birth, at: Timestamp) -> u8 {
        match birth {
            Birth::On(day) | Birth::By(day) => years(day, self.day(at)),
            Birth::Unknown => 0,
        }
    }

    pub(crate) fn is_minor(&self, birth: Birth, at: Timestamp) -> bool {
        self.age(birth, at) < self.majority()
    }

    /// The row for an age: the table starts at 0, so there is one.
    pub(super) fn row(&self, age: u8) -> Option<&AgeRow> {
        self.ages().take_while(|row| row.from <= age).last()
    }

    pub(super) fn prohibits(&self, request: &Request, minor: bool) -> bool {
        fn among<T: Ord>(set: &BTreeSet<T>, one: &T) -> bool {
            set.is_empty() || set.contains(one)
        }
        self.prohibitions().any(|rule| {
            (minor || !rule.minors)
                && among(&rule.purposes, &request.purpose)
                && among(&rule.recipients, &request.recipient.kind)
                && among(&rule.sensitivities, &request.data.sensitivity)
                && among(&rule.actions, &request.action)
                && rule.from_identifiability.is_none_or(|from| request.identifiability >= from)
        })
    }

    /// Sensitivities that leave only if a second person releases them.
    pub fn two_person_sensitivities(&self) -> impl Iterator<Item = &String> {
        self.0.raw.two_person.sensitivities.iter()
    }

    pub(crate) fn needs_two(&self, sensitivity: &str) -> bool {
        self.0.raw.two_person.sensitivities.contains(sensitivity)
    }

    pub(super) fn witnesses(&self, channel: Channel) -> usize {
        self.0.raw.witnesses.get(&channel).copied().unwrap_or(0).into()
    }

    /// Which reads of records stand in the log; `batched` unless the policy says otherwise.
    #[must_use]
    pub fn log_reads(&self) -> ReadLog {
        self.0.raw.log_reads
    }

    pub(super) fn notice_required(&self) -> bool {
        self.0.raw.notice_required
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Policy({} {})", self.name(), self.version())
    }
}

impl Raw {
    /// Gives the offset in the source, and why.
    fn check(&self) -> std::result::Result<(), (usize, &'static str)> {
        if *self.version.get_ref() == 0 {
            return Err((self.version.span().start, "a version starts at 1"));
        }
        if !(1..=30).contains(self.majority.get_ref()) {
            return Err((self.majority.span().start, "not an age of majority"));
        }
        let mut next = 0;
        let at = self.ages.first().map_or(0, |row| row.span().start);
        if self.ages.first().is_none_or(|row| row.get_ref().from != 0) {
            return Err((at, "the age table starts at 0"));
        }
        for row in &self.ages {
            let at = row.span().start;
            let row = row.get_ref();
            if row.from < next {
                return Err((at, "the ages are not in order"));
            }
            next = row.from.saturating_add(1);
            if row.child != Voice::MustAgree && row.guardian != Voice::MustAgree {
                return Err((at, "nobody must agree at this age"));
            }
            let adult = row.from >= *self.majority.get_ref();
            if adult && (row.child != Voice::MustAgree || row.guardian != Voice::IsTold) {
                return Err((at, "an adult speaks for herself"));
            }
            if row.child == Voice::IsTold {
                return Err((at, "a child is heard at least"));
            }
        }
        let at = self.ages.last().map_or(0, |row| row.span().start);
        if self.ages.last().is_none_or(|row| row.get_ref().from != *self.majority.get_ref()) {
            return Err((at, "the last row of the age table is the age of majority"));
        }
        let mut codes = BTreeSet::new();
        for purpose in &self.purposes {
            let at = purpose.span().start;
            let purpose = purpose.get_ref();
            if !is_code(&purpose.code) || !codes.insert(purpose.code.as_str()) {
                return Err((at, "not a code, or one that stands here twice"));
            }
            let days = (1..=3660).contains(&purpose.days);
            if !days || purpose.categories.is_empty() || purpose.actions.is_empty() {
                return Err((at, "a purpose names days, categories and actions"));
            }
        }
        for rule in &self.prohibitions {
            let at = rule.span().start;
            let rule = rule.get_ref();
            if !rule.purposes.iter().all(|code| codes.contains(code.as_str())) {
                return Err((at, "no such purpose"));
            }
            let bounded = !rule.recipients.is_empty()
                || !rule.purposes.is_empty()
                || !rule.sensitivities.is_empty()
                || !rule.actions.is_empty();
            if !bounded || !is_code(&rule.code) {
                return Err((at, "a prohibition without a code, or of everything"));
            }
        }
        let at = self.overrides.span().start;
        let rule = self.overrides.get_ref();
        if !(1..=MAX_OVERRIDE_HOURS).contains(&rule.hours) || rule.leads.is_empty() {
            return Err((at, "an override lasts 1 to 72 hours and has a role that leads"));
        }
        Ok(())
    }
}

/// Full years from one day to another; who is born on 29 February comes of age on 1 March.
fn years(birth: Date, today: Date) -> u8 {
    let had = (today.month(), today.day()) >= (birth.month(), birth.day());
    let years = i32::from(today.year()) - i32::from(birth.year()) - i32::from(!had);
    u8::try_from(years.clamp(0, 255)).unwrap_or(0)
}

fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Line and column from 1, the column in characters.
fn position(source: &str, offset: usize) -> (usize, usize) {
    let before = source.get(..offset).unwrap_or(source);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

const DAY: i64 = 86_400;
const MAX_SOURCE: usize = 64 << 10;
/// The design's bound: what lasts longer is no emergency.
const MAX_OVERRIDE_HOURS: u16 = 72;

const fn batched() -> ReadLog {
    ReadLog::Batched
}
