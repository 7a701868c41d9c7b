//! `consent print`: the page that she takes home.

use std::collections::BTreeMap;
use std::path::Path;

use amparo::{
    Candour, Consent, ConsentPage, DataScope, Event, Language, Ledger, PageConsent, PageItem,
    PageRecipient, PageState, Policy, Reason, RecipientEntry, RecipientKind, RecipientRef,
    RecordId, Schema, Standing, Timestamp, Vault, What, Wording,
};

use crate::commands::identity::write_new;
use crate::failure::Failure;
use crate::labels;
use crate::messages::{Lang, text};
use crate::session::{Session, Tell};

/// What was typed.
pub(super) struct Asked {
    pub(super) full: bool,
    pub(super) name: Option<String>,
    pub(super) contact: Option<String>,
}

pub(super) fn print(
    session: &Session,
    person: RecordId,
    out: &Path,
    asked: Asked,
) -> Result<(), Failure> {
    let vault = session.open(Tell::News)?;
    // Hers, not the operator's: Spanish unless another is asked for.
    let language = match session.globals.lang {
        Some(Lang::En) => Language::English,
        _ => Language::Spanish,
    };
    let sheet = Sheet::read(&vault, person, language)?;
    let organisation = vault.name();
    vault.close()?;
    let mut page = ConsentPage::new(sheet.policy.day(sheet.now));
    page.language = language;
    page.candour = if asked.full { Candour::Full } else { Candour::Discreet };
    page.organisation = Some(Wording::new(&organisation));
    page.person = asked.name.map(Into::into);
    // Typed for this page, so meant for it.
    page.contact = asked.contact.map(|contact| Wording::new(&contact).discreetly(&contact));
    page.blocked = sheet.ledger.blocks.len();
    page.consents = sheet.ledger.consents.iter().map(|consent| sheet.consent(consent)).collect();
    write_new(out, &page.to_pdf()?)?;
    let id = if asked.full { "print-full" } else { "print-discreet" };
    session.output.say(&text!(session.messages, id, file = out.display().to_string()));
    Ok(())
}

struct Sheet {
    ledger: Ledger,
    policy: Policy,
    schema: Schema,
    names: BTreeMap<RecordId, RecipientEntry>,
    now: Timestamp,
    lang: Lang,
}

impl Sheet {
    fn read(vault: &Vault, person: RecordId, language: Language) -> Result<Self, Failure> {
        let consents = vault.consents(person)?;
        Ok(Self {
            ledger: consents.ledger()?,
            policy: vault.policy()?,
            schema: vault.schema(),
            names: vault.recipients()?.into_iter().collect(),
            now: consents.now(),
            lang: if language == Language::English { Lang::En } else { Lang::Es },
        })
    }

    fn consent(&self, consent: &Consent) -> PageConsent {
        let terms = &consent.terms;
        let mut page = PageConsent::new(self.state(consent));
        page.identifiability = terms.identifiability;
        page.conditions.clone_from(&terms.conditions);
        for code in &terms.scope.purposes {
            page = match Policy::peru().is_ok_and(|known| known.purpose(code).is_ok()) {
                true => page.purpose(code),
                false => self.own_purpose(page, code),
            };
        }
        for named in &terms.scope.recipients {
            page = page.recipient(self.recipient(named));
        }
        if let DataScope::Only { categories, fields } = &terms.scope.data {
            for code in categories {
                let words = labels::of_compartment(&self.schema, code, self.lang);
                page.data.push(PageItem { code: code.clone(), words: own_words(code, &words) });
            }
            for field in fields {
                let label = self.field(field);
                let words = Some(Wording::new(&label));
                page.data.push(PageItem { code: field.clone(), words });
            }
        }
        for (_, event) in in_order(consent) {
            if event.what.agrees() || event.what.refuses() {
                page = page.said_by(event.by.party, self.policy.day(event.said_at));
            }
        }
        page
    }

    /// A purpose that only the organisation's policy knows, in the policy's words.
    fn own_purpose(&self, mut page: PageConsent, code: &str) -> PageConsent {
        let known = self.policy.purpose(code);
        let words = known.map_or(code, |one| self.lang.pick(&one.es, &one.en));
        let words = Some(Wording::new(words));
        page.purposes.push(PageItem { code: code.to_owned(), words });
        page
    }

    fn recipient(&self, named: &RecipientRef) -> PageRecipient {
        match named {
            RecipientRef::Recipient(id) => match self.names.get(id) {
                Some(entry) => PageRecipient::named(entry.kind, &entry.name),
                None => PageRecipient::of(RecipientKind::Other),
            },
            RecipientRef::Kind(kind) => PageRecipient::of(*kind),
            RecipientRef::Organisation(name) => PageRecipient::named(RecipientKind::Other, name),
            RecipientRef::Team(role) => {
                let label = self.schema.role(role);
                let label = label.map_or(role.as_str(), |role| self.lang.pick(&role.es, &role.en));
                PageRecipient::named(RecipientKind::Team, label)
            }
            _ => PageRecipient::of(RecipientKind::Other),
        }
    }

    fn field(&self, name: &str) -> String {
        let known = name.split_once('.').and_then(|(kind, field)| {
            let field = self.schema.record_type(kind).ok()?.field(field).ok()?;
            Some(labels::of_field(field, self.lang).to_owned())
        });
        known.unwrap_or_else(|| name.to_owned())
    }

    fn state(&self, consent: &Consent) -> PageState {
        let events = in_order(consent);
        let until = events.iter().rev().find_map(|(_, event)| match &event.what {
            What::Renewed { until } => Some(*until),
            _ => None,
        });
        let until = until.unwrap_or(consent.terms.until);
        let last_day = |at: Timestamp| {
            self.policy.day(Timestamp::from_second(at.as_second() - 1).unwrap_or(at))
        };
        let last_said = events.last().map_or(self.now, |(_, event)| event.said_at);
        match self.ledger.standing(consent, &self.policy, self.now) {
            (Standing::InForce | Standing::Partly, _)
                if self.ledger.permits(consent, &self.policy, self.now) =>
            {
                PageState::InForce { until: last_day(until) }
            }
            // Her yes stands, and somebody else's is missing.
            (Standing::InForce | Standing::Partly, _) => PageState::Open,
            (_, Some(Reason::Refused | Reason::GuardianRefuses | Reason::ChildDissents)) => {
                PageState::Refused
            }
            (_, None | Some(Reason::NotAnswered | Reason::Deferred)) => PageState::Open,
            (_, Some(because @ Reason::Expired)) => {
                PageState::Ended { on: last_day(until), because }
            }
            (_, Some(because)) => PageState::Ended { on: self.policy.day(last_said), because },
        }
    }
}

/// The built-in categories have words on the page that are simpler than any label.
fn own_words(code: &str, label: &str) -> Option<Wording> {
    let built_in = Schema::peru().is_ok_and(|peru| peru.compartment_code(code).is_some());
    (!built_in).then(|| Wording::new(label))
}

fn in_order(consent: &Consent) -> Vec<&(RecordId, Event)> {
    let mut events: Vec<_> = consent.events.iter().collect();
    events.sort_by_key(|(id, event)| (event.said_at, *id));
    events
}
