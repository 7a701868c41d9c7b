//! What people say about their data, recorded; and the decision that follows.

use std::collections::BTreeSet;

use crate::audit::{Seen, compartment_bit};
use crate::consent::{
    Block, BlockReason, Cited, DataScope, Datum, Decision, Digest, Event, Grant, Ledger, Party,
    Policy, Recall, RecipientRef, Request, Scope, Shape, Statement, What, decide,
};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::id::RecordId;
use crate::schema::own::{ATTACHED, attached_in};
use crate::schema::{Kind, Schema};
use crate::time::Timestamp;
use crate::vault::ledger::{Book, Entry};
use crate::vault::read::home_of;
use crate::vault::write::vault_name;
use crate::vault::{Live, Vault};

/// Longest entry of texts about people: names, witnesses, a reason; in bytes.
pub(super) const MAX_WORDS: usize = 2 << 10;

/// The consents of one person.
///
/// ```
/// # fn main() -> amparo::Result<()> {
/// # #[cfg(feature = "sled")] {
/// # let dir = tempfile::tempdir().unwrap();
/// use amparo::*;
/// # let path = dir.path().join("vault");
/// # let rosa = Identity::generate()?;
/// # let clock = FixedClock("2026-11-22T10:00:00Z".parse()?);
/// # let options = VaultOptions::new().clock(std::sync::Arc::new(clock));
/// # let vault = options.create(&path, &Schema::peru()?, &rosa)?;
/// # let case = RecordDraft::new("case").set("case_code", "HCO-0001")
/// #     .set("registration_date", "2026-03-01").set("status", "open");
/// # let case = vault.add(case)?;
/// let woman = RecordDraft::new("person").under(case).set("survivor_code", "S-1")
///     .set("sex", "female").set("birth_date", "1990-05-17");
/// let woman = vault.add(woman)?;
/// let prosecutor = RecipientRef::Kind(RecipientKind::Prosecutor);
/// let until = "2027-11-22T00:00:00Z".parse()?;
/// let grant = Grant::new("legal_proceedings", prosecutor.clone(), until).category("legal");
/// let consents = vault.consents(woman)?;
/// consents.give(grant, &Statement::by(Party::Subject))?;
///
/// let request = vault.request("legal_proceedings", &prosecutor, "legal_proceeding.stage")?;
/// assert_eq!(consents.decide(&request)?.reason, Reason::DataNotCovered); // it lies in `case`
/// # }
/// # Ok(())
/// # }
/// ```
pub struct Consents<'a> {
    pub(super) vault: &'a Vault,
    pub(super) person: RecordId,
}

/// What a withdrawal ended, and who must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Withdrawal {
    /// The events recorded, each with its consent.
    pub events: Vec<Cited>,
    /// Who received something under these consents.
    pub recalls: Vec<Recall>,
}

impl Vault {
    /// The consents of a person.
    ///
    /// # Errors
    ///
    /// `BadParent` if the record is not about a person; `NoCompartment` if this role does not
    /// hold the home of such records; as [`Vault::read`].
    pub fn consents(&self, person: RecordId) -> Result<Consents<'_>> {
        let consents = Consents { vault: self, person };
        consents.look()?;
        Ok(consents)
    }

    /// The request to export a field (`record_type.field`) for a purpose, as far as the purpose
    /// needs the person to be recognised.
    ///
    /// # Errors
    ///
    /// `UnknownCode` for a purpose that the policy does not know; `UnknownType`, `UnknownField`;
    /// `NotFound` for a recipient that is not in the list.
    pub fn request(&self, purpose: &str, to: &RecipientRef, field: &str) -> Result<Request> {
        let policy = self.policy()?;
        let purpose = policy.purpose(purpose)?;
        Ok(Request {
            purpose: purpose.code.clone(),
            recipient: self.resolve(to)?,
            data: datum(&self.schema(), field)?,
            action: purpose.leaving(),
            identifiability: purpose.identifiability,
        })
    }
}

impl Vault {
    /// The same request for another field.
    ///
    /// # Errors
    ///
    /// `UnknownType`, `UnknownField`.
    pub fn request_like(&self, request: &Request, field: &str) -> Result<Request> {
        Ok(Request { data: datum(&self.schema(), field)?, ..request.clone() })
    }
}

impl Digest {
    /// The SHA-256 of all that a reader gives.
    ///
    /// # Errors
    ///
    /// `Io` if reading fails.
    pub fn of(reader: impl std::io::Read) -> Result<Self> {
        crate::crypto::sha256(reader).map(Self)
    }
}

/// A field of the schema, as a decision sees it.
pub(super) fn datum(schema: &Schema, name: &str) -> Result<Datum> {
    let (record_type, field) = name
        .split_once('.')
        .ok_or_else(|| Error::new(ErrorKind::UnknownField, "a field is named type.field"))?;
    let kind = schema.record_type(record_type)?;
    let attached = field.strip_prefix(ATTACHED);
    let attached = attached.and_then(|compartment| attached_in(schema, compartment));
    let field = match &attached {
        Some((field, _)) => field,
        None => kind.field(field)?,
    };
    Ok(Datum {
        record_type: kind.name.clone(),
        field: field.name.clone(),
        category: field.compartment.clone(),
        sensitivity: field.sensitivity.clone(),
        shape: match field.kind {
            _ if field.free_text => Shape::FreeText,
            Kind::Place | Kind::PlaceList => Shape::Place,
            Kind::Attachment => Shape::Attachment,
            _ => Shape::Plain,
        },
    })
}

impl Consents<'_> {
    /// All that was said. The log says of it that the person's record was read.
    ///
    /// # Errors
    ///
    /// As [`Vault::read`]; `Tampered` if an entry is missing, edited or out of its place.
    pub fn ledger(&self) -> Result<Ledger> {
        let (ledger, seen) = self.look()?;
        self.vault.saw([seen])?;
        Ok(ledger)
    }

    /// Reads the ledger for the vault's own use: what comes of it is logged if it is shown.
    fn look(&self) -> Result<(Ledger, Seen)> {
        self.vault.ensure_alive()?;
        let live = self.vault.live();
        let policy = self.vault.policy_now(&live)?;
        let ledger = self.vault.book(&live, self.person, &policy)?.ledger;
        let loaded = self.vault.recent_record(&live, &self.person)?;
        let kind = live.schema.record_type(&self.vault.meta(&live, &loaded)?.record_type)?;
        let name = vault_name(&loaded.group, &loaded.id);
        let compartments = compartment_bit(home_of(&live, kind)?);
        Ok((ledger, Seen { slot: self.person.slot(), name, compartments }))
    }

    /// Decides a request by the policy in force, now: the later of the clock and the newest
    /// entry of the log.
    ///
    /// # Errors
    ///
    /// As [`Self::ledger`].
    pub fn decide(&self, request: &Request) -> Result<Decision> {
        self.decide_at(request, self.now())
    }

    /// Decides a request as of another moment, by what has been recorded until now.
    ///
    /// # Errors
    ///
    /// As [`Self::ledger`].
    pub fn decide_at(&self, request: &Request, at: Timestamp) -> Result<Decision> {
        let decisions = self.decide_each(std::slice::from_ref(request), at)?;
        decisions.into_iter().next().ok_or_else(|| bad("nothing was asked"))
    }

    /// Decides many requests as of one moment, reading the ledger once.
    ///
    /// # Errors
    ///
    /// As [`Self::ledger`].
    pub fn decide_each(&self, requests: &[Request], at: Timestamp) -> Result<Vec<Decision>> {
        self.vault.ensure_alive()?;
        let live = self.vault.live();
        let policy = self.vault.policy_now(&live)?;
        let mut ledger = self.vault.book(&live, self.person, &policy)?.ledger;
        let known: BTreeSet<RecordId> = requests
            .iter()
            .flat_map(|request| [request.recipient.who, request.recipient.id])
            .flatten()
            .collect();
        for who in known {
            ledger.blocks.extend(self.vault.known_block(&live, who)?);
        }
        Ok(requests.iter().map(|request| decide(request, &ledger, &policy, at)).collect())
    }

    /// Who must be told because of withdrawals recorded until now.
    ///
    /// # Errors
    ///
    /// As [`Self::ledger`].
    pub fn recalls(&self) -> Result<Vec<Recall>> {
        Ok(self.ledger()?.recalls(self.now()))
    }

    /// Records that somebody agrees. A minor's own word is assent. A grant that names no data
    /// covers the categories that the policy lists for its purposes.
    ///
    /// # Errors
    ///
    /// `BadValue` for terms without an end after the moment they were said, or said after now;
    /// `UnknownCode` for a purpose or category that is not known; `UnknownType`, `UnknownField`;
    /// `NotFound` for a recipient; `Blocked` if who speaks is blocked; `ReadOnly`, `Io`,
    /// `DiskFull`. Nothing is stored then.
    pub fn give(&self, terms: Grant, statement: &Statement) -> Result<RecordId> {
        self.begin(terms, statement, What::Given, What::AssentGiven)
    }

    /// Records that somebody refuses. A minor's own word is dissent. It holds until the same side
    /// agrees later, and does not end by itself. Where no data is named it is all of it.
    ///
    /// # Errors
    ///
    /// As [`Self::give`].
    pub fn refuse(&self, terms: Grant, statement: &Statement) -> Result<RecordId> {
        self.begin(terms, statement, What::Refused, What::Dissented)
    }

    /// Records that somebody was asked, and has not answered yet.
    ///
    /// # Errors
    ///
    /// As [`Self::give`].
    pub fn ask(&self, terms: Grant, statement: &Statement) -> Result<RecordId> {
        self.begin(terms, statement, What::Requested, What::Requested)
    }

    fn begin(
        &self,
        mut terms: Grant,
        statement: &Statement,
        adult: What,
        minor: What,
    ) -> Result<RecordId> {
        let ids = self.write(|live, policy, book| {
            let said_at = statement.said_at.unwrap_or_else(|| self.vault.now(live));
            let own = statement.speaker.party == Party::Subject
                && policy.is_minor(book.ledger.subject.birth, said_at);
            let agrees = !adult.refuses();
            let first = statement.event(if own { minor } else { adult }, said_at);
            self.check_event(live, policy, book, &first)?;
            complete(&mut terms, policy, agrees)?;
            self.check_scope(live, policy, &terms.scope)?;
            terms.check(said_at, agrees)?;
            Ok(vec![Entry::Consent { terms, first }])
        })?;
        only(&ids)
    }

    /// Records something that happened to a consent.
    ///
    /// # Errors
    ///
    /// `NotFound` if the person has no such consent; otherwise as [`Self::give`].
    pub fn record(&self, consent: RecordId, what: What, said: &Statement) -> Result<RecordId> {
        let ids = self.write(|live, policy, book| {
            let known = |id| book.ledger.consents.iter().find(|one| one.id == id);
            let missing = || Error::new(ErrorKind::NotFound, "there is no such consent");
            let of = known(consent).ok_or_else(|| missing().at(Place::Record(consent)))?;
            if let What::Superseded { by } = &what
                && (*by == of.id || known(*by).is_none())
            {
                return Err(missing().at(Place::Record(*by)));
            }
            let said_at = said.said_at.unwrap_or_else(|| self.vault.now(live));
            let event = said.event(what, said_at);
            self.check_event(live, policy, book, &event)?;
            Ok(vec![Entry::Event { of: consent, event }])
        })?;
        only(&ids)
    }

    /// Records that somebody takes back what was agreed for a purpose and a recipient: of every
    /// consent that covers them, the whole if it is for nothing else, and that part otherwise.
    ///
    /// # Errors
    ///
    /// `NotFound` if nothing covers them; otherwise as [`Self::give`].
    pub fn withdraw(
        &self,
        purpose: &str,
        recipient: &RecipientRef,
        statement: &Statement,
    ) -> Result<Withdrawal> {
        let to = self.vault.resolve(recipient)?;
        let part = Scope {
            purposes: BTreeSet::from([purpose.to_owned()]),
            recipients: BTreeSet::from([recipient.clone()]),
            data: DataScope::Everything,
            actions: BTreeSet::new(),
        };
        let mut of = Vec::new();
        let ids = self.write(|live, policy, book| {
            let said_at = statement.said_at.unwrap_or_else(|| self.vault.now(live));
            let part_taken = What::Withdrawn { part: Some(part.clone()) };
            self.check_event(live, policy, book, &statement.event(part_taken, said_at))?;
            // She takes back everybody's word; who speaks for her, what was said for her.
            let hers = statement.speaker.party == Party::Subject;
            let taken =
                |event: &Event| event.what.agrees() && (hers || event.by.party != Party::Subject);
            let concerned = book.ledger.consents.iter().filter(|consent| {
                consent.terms.scope.concerns(purpose, recipient, &to)
                    && consent.events.iter().any(|(_, event)| taken(event))
            });
            let entries: Vec<Entry> = concerned
                .map(|consent| {
                    of.push(consent.id);
                    let scope = &consent.terms.scope;
                    let whole = part.purposes.is_superset(&scope.purposes)
                        && part.recipients.is_superset(&scope.recipients);
                    let part = (!whole).then(|| part.clone());
                    let event = statement.event(What::Withdrawn { part }, said_at);
                    Entry::Event { of: consent.id, event }
                })
                .collect();
            if entries.is_empty() {
                return Err(Error::new(ErrorKind::NotFound, "no consent covers this"));
            }
            Ok(entries)
        })?;
        let events: Vec<Cited> =
            of.into_iter().zip(ids).map(|(of, event)| Cited { of, event }).collect();
        let mut recalls = self.look()?.0.recalls(self.now());
        recalls.retain(|recall| events.iter().any(|cited| cited.event == recall.event));
        Ok(Withdrawal { events, recalls })
    }

    /// Blocks somebody: from now on they neither give nor receive. `who` is the record about
    /// them: a relative, an alleged perpetrator, a recipient.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is not there; otherwise as [`Self::give`].
    pub fn block(&self, who: RecordId, because: BlockReason) -> Result<RecordId> {
        let ids = self.write(|live, _, _| {
            self.vault.load_record(live, &who)?;
            if who == self.person {
                return Err(bad("a person is not blocked from her own data"));
            }
            let since = self.vault.now(live);
            Ok(vec![Entry::Block(Block { who, because, since })])
        })?;
        only(&ids)
    }

    /// Records that fields left, after deciding each: what was handed over, told on the phone,
    /// or exported. A later withdrawal then names the recipient.
    ///
    /// # Errors
    ///
    /// `Refused` at the field that the decision denies; otherwise as [`Self::give`].
    pub fn disclosed(&self, purpose: &str, to: RecordId, fields: &[&str]) -> Result<RecordId> {
        let named = RecipientRef::Recipient(to);
        let requests: Result<Vec<Request>> =
            fields.iter().map(|field| self.vault.request(purpose, &named, field)).collect();
        only(&self.vault.disclose(to, &[(self.person, requests?)], None)?)
    }

    /// The moment by which the vault decides: the later of the clock and the newest entry of the
    /// log.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.vault.now(&self.vault.live())
    }

    /// Reads the ledger and adds to it, with nobody writing in between.
    pub(super) fn write(
        &self,
        entries: impl FnOnce(&Live, &Policy, &Book) -> Result<Vec<Entry>>,
    ) -> Result<Vec<RecordId>> {
        self.vault.ensure_writable()?;
        let mut writer = self.vault.writer();
        let live = self.vault.live();
        let policy = self.vault.policy_now(&live)?;
        let book = self.vault.book(&live, self.person, &policy)?;
        let entries = entries(&live, &policy, &book)?;
        drop(live);
        self.vault.append(&mut writer, self.person, &book, entries)
    }

    /// Nothing is dated after now, nobody who is blocked gives, refuses or takes back, and an
    /// event says what it can say.
    pub(super) fn check_event(
        &self,
        live: &Live,
        policy: &Policy,
        book: &Book,
        event: &Event,
    ) -> Result<()> {
        if event.said_at > self.vault.now(live) {
            return Err(bad("it is dated after now"));
        }
        if event.words() > MAX_WORDS {
            return Err(Error::new(ErrorKind::TooLong, "names and witnesses are too long"));
        }
        match &event.what {
            What::Renewed { until } if *until <= event.said_at => {
                return Err(bad("a consent ends before it was said"));
            }
            What::Restricted { part } | What::Withdrawn { part: Some(part) } => {
                let named = !part.purposes.is_empty() && !part.recipients.is_empty();
                if !named || part.data.is_nothing() {
                    return Err(bad("a part names a purpose, a recipient and data"));
                }
                self.check_scope(live, policy, part)?;
            }
            What::ReconfirmedAsAdult
                if policy.is_minor(book.ledger.subject.birth, event.said_at) =>
            {
                return Err(bad("she had not come of age"));
            }
            _ => {}
        }
        let Some(who) = event.by.who else { return Ok(()) };
        self.vault.load_record(live, &who)?;
        let listed = book.ledger.blocks.iter().any(|block| block.who == who);
        if listed || self.vault.known_block(live, who)?.is_some() {
            return Err(
                Error::new(ErrorKind::Blocked, "who speaks is blocked").at(Place::Record(who))
            );
        }
        Ok(())
    }

    pub(super) fn check_scope(&self, live: &Live, policy: &Policy, scope: &Scope) -> Result<()> {
        let schema = &live.schema;
        for purpose in &scope.purposes {
            policy.purpose(purpose)?;
        }
        for recipient in &scope.recipients {
            match recipient {
                RecipientRef::Recipient(id) => self.vault.recipient_at(live, *id).map(drop)?,
                RecipientRef::Team(role) if schema.role(role).is_none() => {
                    return Err(Error::new(ErrorKind::NotFound, "the schema has no such role"));
                }
                _ => {}
            }
        }
        if let DataScope::Only { categories, fields } = &scope.data {
            for category in categories {
                if !schema.compartments().iter().any(|one| one.name == *category) {
                    return Err(Error::new(ErrorKind::UnknownCode, "no such category"));
                }
            }
            for field in fields {
                datum(schema, field)?;
            }
        }
        Ok(())
    }
}

/// Fills in data where none is named: to agree, what the policy says that the purposes need; to
/// refuse, everything.
fn complete(terms: &mut Grant, policy: &Policy, agrees: bool) -> Result<()> {
    if !terms.scope.data.is_nothing() {
        return Ok(());
    }
    if !agrees {
        terms.scope.data = DataScope::Everything;
        return Ok(());
    }
    let mut needed = BTreeSet::new();
    for purpose in &terms.scope.purposes {
        needed.extend(policy.purpose(purpose)?.categories.iter().cloned());
    }
    terms.scope.data = DataScope::Only { categories: needed, fields: BTreeSet::new() };
    Ok(())
}

pub(super) fn only(ids: &[RecordId]) -> Result<RecordId> {
    ids.first().copied().ok_or_else(|| Error::new(ErrorKind::Internal, "nothing was added"))
}

pub(super) fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::BadValue, what)
}

impl std::fmt::Debug for Consents<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Consents({})", self.person)
    }
}

/// One event of a statement, for the ledger.
impl Statement {
    fn event(&self, what: What, said_at: Timestamp) -> Event {
        Event { what, said_at, by: self.speaker.clone(), means: self.means.clone() }
    }
}
