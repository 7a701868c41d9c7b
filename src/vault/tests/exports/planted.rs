//! A case in which a word of its own stands in every field, and what may become of each.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::canary::Lot;
use super::*;
use crate::consent::{Condition, Grant, Identifiability};
use crate::redact::{SpanKind, is_name};
use crate::schema::{Field, Kind, Profile, RecordType, Treatment};
use crate::time::FixedClock;
use crate::vault::tests::consents::{NOW, at, fiscal, open_at};

/// What was said of one person's data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Said {
    Nothing,
    Agreed,
    OneSide,
    Withdrawn,
    /// To these compartments and no others.
    Categories(&'static [&'static str]),
    /// To her names and the case's status.
    Fields,
    CodedOnly,
    NotifyFirst,
    WithoutNarrative,
}

/// A field as it was written.
pub(super) struct Value {
    pub(super) record: RecordId,
    pub(super) field: Field,
    pub(super) record_type: String,
    /// Whose data it is, as places in the list of persons.
    pub(super) of: Vec<usize>,
    /// The words that stand in it and nowhere else, but for names, which texts repeat.
    pub(super) words: Vec<String>,
    pub(super) text: String,
    /// What readers of a text hid of it; nothing if nobody read it.
    pub(super) read: Option<Vec<ReviewSpan>>,
}

pub(super) struct Planted {
    pub(super) world: World,
    second: Identity,
    pub(super) case: RecordId,
    pub(super) persons: Vec<(RecordId, Said, bool)>,
    pub(super) values: Vec<Value>,
    pub(super) purposes: [&'static str; 2],
}

impl Planted {
    pub(super) fn new(seed: u64, said: &[Said]) -> Self {
        let mut lot = Lot::new(seed);
        let office = Office::new();
        let schema = own_schema();
        let vault = VaultOptions::new()
            .name("Casa de Prueba")
            .clock(Arc::new(FixedClock(at(NOW))))
            .create(office.path(), &schema, &office.director)
            .unwrap();
        let second = Identity::generate().unwrap();
        vault.add_member("Lectora", &second.card(), "director").unwrap();
        let prosecutor_id = vault.add_recipient(&fiscal("Fiscalía")).unwrap();
        let prosecutor = RecipientRef::Recipient(prosecutor_id);
        let nobody = RecordId::from_slot(0, [0; 10]);
        let world = World { office, vault, girl: nobody, woman: nobody, prosecutor, prosecutor_id };
        let mut planted = Self {
            world,
            case: nobody,
            persons: Vec::new(),
            values: Vec::new(),
            purposes: [LEGAL, "share_service_providers"],
            second,
        };
        let all: Vec<usize> = (0..said.len()).collect();
        planted.case = planted.plant(&mut lot, "case", None, &all);
        let case = Some(planted.case);
        for (nth, said) in said.iter().enumerate() {
            let minor = lot.below(2) == 0;
            let person = planted.plant(&mut lot, "person", case, &[nth]);
            let birth = if minor { format!("2012-03-{:02}", nth + 1) } else { lot.day() };
            planted.rewrite(person, "birth_date", &birth);
            planted.persons.push((person, *said, minor));
            for under in ["household_member", "identity_document"] {
                for _ in 0..lot.below(3) {
                    planted.plant(&mut lot, under, Some(person), &[nth]);
                }
            }
        }
        let incident = planted.plant(&mut lot, "incident", case, &all);
        planted.plant(&mut lot, "alleged_perpetrator", Some(incident), &all);
        let proceeding = planted.plant(&mut lot, "legal_proceeding", case, &all);
        planted.plant(&mut lot, "legal_event", Some(proceeding), &all);
        for beside in ["case_note", "safety_plan", "exploitation", "missing_person_report"] {
            for _ in 0..lot.below(3) {
                planted.plant(&mut lot, beside, case, &all);
            }
        }
        planted.say();
        planted.read_texts(&mut lot)
    }

    /// A record of which every field of words, days and numbers is filled.
    fn plant(
        &mut self,
        lot: &mut Lot,
        record_type: &str,
        parent: Option<RecordId>,
        of: &[usize],
    ) -> RecordId {
        let schema = self.world.vault.schema();
        let kind = schema.record_type(record_type).unwrap().clone();
        let mut draft = RecordDraft::new(record_type);
        if let Some(parent) = parent {
            draft = draft.under(parent);
        }
        let mut planted = Vec::new();
        for field in &kind.fields {
            let names = self.names();
            let Some((words, text)) = fill(lot, &kind, field, &names) else { continue };
            draft = match field.kind {
                Kind::TextList => draft.set(field.name.as_str(), words.join("; ")),
                _ => draft.set(field.name.as_str(), text.as_str()),
            };
            planted.push((field.clone(), words, text));
        }
        for (name, value) in REQUIRED {
            if kind.field(name).is_ok_and(|field| field.required) {
                draft = draft.set(*name, *value);
            }
        }
        let record = self.world.vault.add(draft).unwrap();
        for (field, words, text) in planted {
            let (record_type, of) = (record_type.to_owned(), of.to_vec());
            let value = Value { record, field, record_type, of, words, text, read: None };
            self.values.push(value);
        }
        record
    }

    /// The names that stand in it so far, and whose they are.
    fn names(&self) -> Vec<(String, RecordId)> {
        let named = self.values.iter().filter(|value| is_name(&value.field));
        named.flat_map(|v| v.words.iter().map(|word| (word.clone(), v.record))).collect()
    }

    /// Two people read two of three texts with care: all that is proposed, each recorded name and
    /// a code besides is hidden.
    fn read_texts(mut self, lot: &mut Lot) -> Self {
        let names = self.names();
        for value in self.values.iter_mut().filter(|value| value.field.free_text) {
            if lot.below(3) == 0 {
                continue;
            }
            let review = self.world.vault.review(value.record, &value.field.name).unwrap();
            let mut spans = review.proposed;
            let mut hide = |word: &str, kind, who| {
                let Some(at) = value.text.find(word) else { return };
                let start = value.text[..at].chars().count();
                let end = start + word.chars().count();
                if spans.iter().all(|span| span.end <= start || end <= span.start) {
                    spans.push(ReviewSpan { start, end, kind, who });
                }
            };
            names.iter().for_each(|(name, who)| hide(name, SpanKind::Person, Some(*who)));
            hide(&value.words[1], SpanKind::Other, None);
            spans.sort();
            value.read = Some(spans);
        }
        let Self { world, second, .. } = self;
        let World { office, vault, girl, woman, prosecutor, prosecutor_id } = world;
        vault.close().unwrap();
        for reader in [&second, &office.director] {
            let vault = open_at(&office, reader, NOW);
            for value in &self.values {
                let Some(spans) = &value.read else { continue };
                let digest = vault.review(value.record, &value.field.name).unwrap().digest;
                vault.approve_text(value.record, &value.field.name, digest, spans).unwrap();
            }
            vault.close().unwrap();
        }
        let vault = open_at(&office, &office.director, NOW);
        let world = World { office, vault, girl, woman, prosecutor, prosecutor_id };
        Self { world, second, ..self }
    }

    fn rewrite(&mut self, record: RecordId, field: &str, text: &str) {
        let revision = self.world.vault.read(record).unwrap().revision();
        let edit = RecordEdit::new().set(field, text);
        self.world.vault.edit(record, revision, edit).unwrap();
        let same = |one: &&mut Value| one.record == record && one.field.name == field;
        let value = self.values.iter_mut().find(same).unwrap();
        (value.words, value.text) = (vec![text.to_owned()], text.to_owned());
    }

    fn say(&self) {
        for (person, said, minor) in &self.persons {
            let consents = self.world.vault.consents(*person).unwrap();
            for purpose in self.purposes {
                let until = at("2027-11-22T05:00:00Z");
                let grant = Grant::new(purpose, self.world.prosecutor.clone(), until);
                let grant = match said {
                    Said::Nothing => continue,
                    Said::Categories(names) => names.iter().fold(grant, |g, name| g.category(name)),
                    Said::Fields => FIELDS.iter().fold(grant, |g, name| g.field(name)),
                    Said::CodedOnly => grant.at_most(Identifiability::Coded),
                    Said::NotifyFirst => grant.on_condition(Condition::NotifyFirst),
                    Said::WithoutNarrative => grant.on_condition(Condition::WithoutNarrative),
                    Said::Agreed | Said::OneSide | Said::Withdrawn => grant,
                };
                // Of an adult the other side is only told.
                let sides: &[Party] = match (said, minor) {
                    (Said::OneSide, true) => &[Party::Subject],
                    (Said::OneSide, false) => &[Party::Guardian],
                    (_, true) => &[Party::Guardian, Party::Subject],
                    (_, false) => &[Party::Subject],
                };
                for side in sides {
                    consents.give(grant.clone(), &by(*side)).unwrap();
                }
                if *said == Said::Withdrawn {
                    let to = &self.world.prosecutor;
                    consents.withdraw(purpose, to, &by(Party::Subject)).unwrap();
                }
            }
        }
    }

    /// Whether everybody concerned lets a value leave: told by what they said alone.
    pub(super) fn is_permitted(&self, value: &Value, purpose: &str, coded: bool) -> bool {
        let field = &value.field;
        let name = format!("{}.{}", value.record_type, field.name);
        let usual: &[&str] = match purpose {
            LEGAL => &["case", "profile", "identity", "account", "legal"],
            _ => &["case", "profile", "identity", "care"],
        };
        value.of.iter().all(|person| match self.persons[*person].1 {
            Said::Nothing | Said::OneSide | Said::Withdrawn => false,
            Said::Agreed | Said::NotifyFirst => usual.contains(&field.compartment.as_str()),
            Said::CodedOnly => coded && usual.contains(&field.compartment.as_str()),
            Said::WithoutNarrative => {
                !field.free_text && usual.contains(&field.compartment.as_str())
            }
            Said::Categories(names) => names.contains(&field.compartment.as_str()),
            Said::Fields => FIELDS.contains(&name.as_str()),
        })
    }

    /// Whether a value stands as it was in an export: told by the tables of the schema alone.
    pub(super) fn stands(
        &self,
        value: &Value,
        (profile, purpose): (&Profile, &str),
        allowed: &BTreeSet<String>,
    ) -> bool {
        let treatment = |sensitivity: &str| profile.by_sensitivity.get(sensitivity).copied();
        let shows = |sensitivity| {
            matches!(treatment(sensitivity), Some(Treatment::Keep | Treatment::Allowlist))
        };
        let coded = !shows("identifier") && !shows("life_safety");
        let name = format!("{}.{}", value.record_type, value.field.name);
        let sensitivity = match KEYS.contains(&name.as_str()) {
            true => "identifier",
            false => value.field.sensitivity.as_str(),
        };
        self.is_permitted(value, purpose, coded)
            // Nobody released anything.
            && value.field.sensitivity != "life_safety"
            && match treatment(sensitivity) {
                Some(Treatment::Keep) => true,
                Some(Treatment::Allowlist) => allowed.contains(&name),
                _ => false,
            }
    }

    pub(super) fn fields_by_name(&self) -> BTreeSet<String> {
        self.values.iter().map(|v| format!("{}.{}", v.record_type, v.field.name)).collect()
    }
}

/// Words for a field: a list has one item for each.
fn fill(
    lot: &mut Lot,
    kind: &RecordType,
    field: &Field,
    names: &[(String, RecordId)],
) -> Option<(Vec<String>, String)> {
    // What decides about her age, or about who is blocked.
    if kind.name == "person" && matches!(field.name.as_str(), "age_at_registration") {
        return None;
    }
    let words = match field.kind {
        Kind::Text | Kind::TextList | Kind::Phone => vec![lot.name(), lot.code()],
        Kind::LongText => vec![lot.name(), lot.code(), lot.name()],
        Kind::Date => vec![lot.day()],
        Kind::Integer => vec![lot.number()],
        Kind::Decimal => vec![format!("{}.5", lot.number())],
        _ => return None,
    };
    let text = match field.kind {
        Kind::LongText => {
            let whom = if names.is_empty() { "Nadie" } else { &lot.one_of(names).0 };
            let [who, code, other] = [&words[0], &words[1], &words[2]];
            format!("Contó que {who} iba al mercado ({code}).\nVio a {whom} y a {other}.")
        }
        _ => words.join(" "),
    };
    Some((words, text))
}

/// Codes by which the vault finds a record: they go where names go.
const KEYS: &[&str] = &[
    "case.case_code",
    "person.survivor_code",
    "incident.incident_code",
    "alleged_perpetrator.perp_code",
];
const FIELDS: &[&str] = &["person.given_names", "person.paternal_surname", "case.agency_code"];
/// Of closed lists only what must be there.
const REQUIRED: &[(&str, &str)] = &[
    ("status", "open"),
    ("sex", "female"),
    ("doc_type", "refugee_card"),
    ("kind", "prosecutor"),
    ("event", "declaracion"),
];
