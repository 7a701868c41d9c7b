//! From opened records to a view: the only place where a value passes from one to the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::{Missing, Obligation, Reason};
use crate::error::Place;
use crate::id::RecordId;
use crate::record::{FieldValue, Record};
use crate::redact::coarser::coarser;
use crate::redact::hidden::{Hidden, HiddenClass, HiddenPart};
use crate::redact::labels::Labels;
use crate::redact::rule::{Narrowing, Rule, is_name};
use crate::redact::saying::Saying;
use crate::redact::scan::tokens;
use crate::redact::text::{ApprovedSpan, ApprovedText};
use crate::redact::view::{Cover, Data, Outcome, Part, RedactedField, RedactedRecord, Shown};
use crate::redact::{Mark, RedactedView};
use crate::schema::{Field, Kind, Profile, RecordType};
use crate::secret::{Key, SecretText};

/// What was decided about a field.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) permitted: bool,
    pub(crate) reason: Reason,
    pub(crate) missing: BTreeSet<Missing>,
    pub(crate) obligations: BTreeSet<Obligation>,
}

impl Verdict {
    /// What follows if two people are concerned: a no of either decides, and what either asks
    /// for is asked.
    pub(crate) fn and(mut self, other: Self) -> Self {
        match (self.permitted, other.permitted) {
            (true, false) => return other,
            (false, true) => return self,
            // The reasons are ordered from the one nearest to a permit.
            (false, false) => self.reason = self.reason.max(other.reason),
            (true, true) => {}
        }
        self.missing.extend(other.missing);
        self.obligations.extend(other.obligations);
        self
    }
}

/// What a record's fields need beside their values.
pub(crate) struct Asked<'a> {
    pub(crate) kind: &'a RecordType,
    /// By the field's name; a field without one does not leave.
    pub(crate) verdicts: &'a BTreeMap<String, Verdict>,
    /// Texts that were read and approved, by the field's name.
    pub(crate) texts: &'a BTreeMap<String, ApprovedText>,
    /// Fields that a second person released, by name.
    pub(crate) released: &'a BTreeSet<String>,
    /// Fields whose file was looked through and approved, by name.
    pub(crate) files: &'a BTreeSet<String>,
}

/// Puts values through decision and profile.
pub(crate) struct Redactor<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) narrowing: &'a Narrowing,
    pub(crate) saying: Saying<'a>,
    pub(crate) cover: Cover,
    labels: Labels,
    /// What an approved text may say of each person whose name it holds.
    names: BTreeMap<RecordId, NameRule>,
    hidden: Vec<Hidden>,
    standing: Vec<SecretText>,
    kept: Vec<SecretText>,
    coded: BTreeMap<String, SecretText>,
}

/// What becomes of a person's name.
#[derive(Clone)]
enum NameRule {
    /// It stands; these are its words.
    Kept(BTreeSet<SecretText>),
    Coded(String),
}

/// What is left when all records went through.
pub(crate) struct Redacted {
    pub(crate) view: RedactedView,
    /// For the search of the finished files.
    pub(crate) hidden: Vec<Hidden>,
    /// What is shown of closed lists, numbers, dates and places: its words may stand anywhere.
    pub(crate) standing: Vec<SecretText>,
    /// What fields show as it stands, but for free text.
    pub(crate) kept: Vec<SecretText>,
    /// What the labels stand for.
    pub(crate) coded: BTreeMap<String, SecretText>,
}

impl<'a> Redactor<'a> {
    pub(crate) fn new(
        (profile, narrowing): (&'a Profile, &'a Narrowing),
        saying: Saying<'a>,
        cover: Cover,
        seed: &Key,
    ) -> Self {
        let labels = Labels::new(seed, saying.language);
        Self {
            profile,
            narrowing,
            saying,
            cover,
            labels,
            names: BTreeMap::new(),
            hidden: Vec::new(),
            standing: Vec::new(),
            kept: Vec::new(),
            coded: BTreeMap::new(),
        }
    }

    /// Learns what may be said of somebody's name, before any text that holds it is looked at.
    pub(crate) fn meet(&mut self, record: &Record, asked: &Asked<'_>) {
        let mut rules = asked
            .kind
            .fields
            .iter()
            .filter(|field| is_name(field) && record.field(&field.name).is_some());
        let rule_of = |field: &Field| match asked.verdicts.get(&field.name) {
            Some(verdict) if verdict.permitted => {
                Rule::of(self.profile, &asked.kind.name, field, self.narrowing)
            }
            _ => Rule::Withhold(Mark::Consent),
        };
        let Some(first) = rules.next().map(rule_of) else { return };
        // The strictest of her names decides for all of them.
        let rule = rules.map(rule_of).fold(first, |a, b| match (a, b) {
            (Rule::Keep, Rule::Keep) => Rule::Keep,
            (Rule::Keep | Rule::Code, Rule::Keep | Rule::Code) => Rule::Code,
            _ => Rule::Withhold(Mark::Hidden),
        });
        match rule {
            Rule::Keep => {
                let names = asked.kind.fields.iter().filter(|field| is_name(field));
                let values = names.filter_map(|field| record.field(&field.name));
                let words = values.flat_map(|value| tokens(value.to_text().expose())).collect();
                self.names.insert(record.id(), NameRule::Kept(words))
            }
            Rule::Code => {
                let label = self.labels.person(record.id());
                self.names.insert(record.id(), NameRule::Coded(label))
            }
            Rule::Coarsen | Rule::Withhold(_) => None,
        };
    }

    /// A record as it may be seen, still without its code.
    pub(crate) fn record(&mut self, record: &Record, asked: &Asked<'_>) -> RedactedRecord {
        let fields = asked.kind.fields.iter().filter_map(|field| {
            let value = record.field(&field.name)?;
            Some(self.field(record.id(), field, value, asked))
        });
        let mut fields: Vec<RedactedField> = fields.collect();
        fields.extend(record.sealed().keys().map(|compartment| self.sealed(compartment)));
        let kind = asked.kind;
        let label = self.saying.language.pick(&kind.es, &kind.en).to_owned();
        RedactedRecord {
            code: String::new(),
            parent: None,
            record_type: kind.name.clone(),
            label,
            fields,
        }
    }

    /// The view of all records in their final order, each with the index of its parent in it.
    pub(crate) fn finish(self, records: Vec<(RedactedRecord, Option<usize>)>) -> Redacted {
        let width = records.len().to_string().len().max(2);
        let code = |index: usize| format!("R{:0width$}", index + 1);
        let records = records.into_iter().enumerate().map(|(index, (record, parent))| {
            RedactedRecord { code: code(index), parent: parent.map(code), ..record }
        });
        let view = RedactedView { cover: self.cover.clone(), records: records.collect() };
        let Self { hidden, standing, kept, coded, .. } = self;
        Redacted { view, hidden, standing, kept, coded }
    }

    /// What stands for all that a record has in a compartment which nobody here opens: that
    /// there is something, and nothing else of it.
    fn sealed(&self, compartment: &str) -> RedactedField {
        let schema = self.saying.schema;
        let known = schema.compartments().iter().find(|known| known.name == compartment);
        let label = known.map(|known| self.saying.language.pick(&known.es, &known.en));
        RedactedField {
            name: format!("sealed-{compartment}"),
            label: label.unwrap_or(compartment).to_owned(),
            sensitivity: String::new(),
            outcome: Outcome::Withheld(Mark::Sealed),
            reason: Reason::NoConsent,
            missing: BTreeSet::new(),
        }
    }

    fn field(
        &mut self,
        id: RecordId,
        field: &Field,
        value: &FieldValue,
        asked: &Asked<'_>,
    ) -> RedactedField {
        let verdict = asked.verdicts.get(&field.name);
        let outcome = match verdict {
            Some(verdict) if verdict.permitted => self.permitted(id, field, value, asked, verdict),
            _ => Outcome::Withheld(Mark::Consent),
        };
        if !matches!(outcome, Outcome::Kept(_)) {
            self.hide(&asked.kind.name, field, value, &outcome);
        }
        // A name that stands may be borne by others too: the father whose own is kept back.
        let said = match &outcome {
            Outcome::Kept(shown) if is_name(field) => Some(shown),
            Outcome::Kept(shown) | Outcome::Changed(shown, _) if is_closed(value) => Some(shown),
            _ => None,
        };
        if let Some(shown) = said {
            self.standing.push(shown.to_text(self.saying.language));
        }
        if let (Outcome::Kept(shown), false) = (&outcome, field.free_text) {
            self.kept.push(shown.to_text(self.saying.language));
        }
        RedactedField {
            name: field.name.clone(),
            label: self.saying.language.pick(&field.es, &field.en).to_owned(),
            sensitivity: field.sensitivity.clone(),
            outcome,
            reason: verdict.map_or(Reason::NoConsent, |verdict| verdict.reason),
            missing: verdict.map(|verdict| verdict.missing.clone()).unwrap_or_default(),
        }
    }

    fn permitted(
        &mut self,
        id: RecordId,
        field: &Field,
        value: &FieldValue,
        asked: &Asked<'_>,
        verdict: &Verdict,
    ) -> Outcome {
        let mut rule = match field.kind {
            Kind::Attachment => Rule::of_file(
                (self.profile, self.saying.schema),
                &asked.kind.name,
                (field, std::slice::from_ref(&field.sensitivity)),
                self.narrowing,
            ),
            _ => Rule::of(self.profile, &asked.kind.name, field, self.narrowing),
        };
        let must = |obligation| verdict.obligations.contains(&obligation);
        if rule == Rule::Keep && must(Obligation::GeneralisePlace) {
            rule = Rule::Coarsen;
        }
        let leaves = !matches!(rule, Rule::Withhold(_));
        if leaves && must(Obligation::SecondPerson) && !asked.released.contains(&field.name) {
            return Outcome::Withheld(Mark::TwoPeople);
        }
        match rule {
            Rule::Withhold(mark) => Outcome::Withheld(mark),
            Rule::Keep if field.kind == Kind::Attachment && asked.files.contains(&field.name) => {
                Outcome::Kept(Shown::file(""))
            }
            _ if field.kind == Kind::Attachment => Outcome::Withheld(Mark::File),
            Rule::Coarsen => {
                let coarse = coarser(field, value, self.cover.made_on, self.saying.language);
                coarse.map_or(Outcome::Withheld(Mark::Profile), |shown| {
                    Outcome::Changed(shown, Mark::Coarser)
                })
            }
            // A label would stand for a text that nobody read.
            Rule::Code if field.free_text => Outcome::Withheld(Mark::Unread),
            Rule::Code => self.coded(id, field, value),
            Rule::Keep if field.free_text => match asked.texts.get(&field.name) {
                Some(approved) => self.read(&asked.kind.name, field, value, approved),
                None => Outcome::Withheld(Mark::Unread),
            },
            Rule::Keep => Outcome::Kept(self.saying.whole(field, value)),
        }
    }

    fn coded(&mut self, id: RecordId, field: &Field, value: &FieldValue) -> Outcome {
        let text = value.to_text();
        let label = if is_name(field) {
            self.labels.person(id)
        } else {
            self.labels.value(field.kind, text.expose())
        };
        let known = self.coded.entry(label.clone()).or_default();
        let both = match known.expose() {
            "" => text.expose().to_owned(),
            before => format!("{before} {}", text.expose()),
        };
        *known = both.into();
        let parts = vec![Part::Label(label)];
        Outcome::Changed(Shown { parts, data: Data::Words }, Mark::Coded)
    }

    /// A text as its readers approved it.
    fn read(
        &mut self,
        record_type: &str,
        field: &Field,
        value: &FieldValue,
        approved: &ApprovedText,
    ) -> Outcome {
        let text = value.to_text();
        let mut parts = Vec::new();
        let mut changed = false;
        for (words, span) in approved.cut(text.expose()) {
            let name = span.and_then(|span| span.who).and_then(|who| self.names.get(&who));
            match (span, name) {
                (None, _) => parts.push(Part::Text(words.into())),
                // Whatever else a reader put under a name is not shown with it.
                (Some(_), Some(NameRule::Kept(name)))
                    if tokens(words).iter().all(|word| name.contains(word)) =>
                {
                    parts.push(Part::Text(words.into()));
                }
                (Some(_), Some(NameRule::Coded(label))) => {
                    parts.push(Part::Label(label.clone()));
                    changed = true;
                    self.hide_span(record_type, field, words, span);
                }
                (Some(_), _) => {
                    parts.push(Part::Gap(Mark::Hidden));
                    changed = true;
                    self.hide_span(record_type, field, words, span);
                }
            }
        }
        let shown = Shown { parts, data: Data::Words };
        match changed {
            true => Outcome::Changed(shown, Mark::Hidden),
            false => Outcome::Kept(shown),
        }
    }

    fn hide(&mut self, record_type: &str, field: &Field, value: &FieldValue, outcome: &Outcome) {
        // The parts of an approved text that do not leave were noted one by one.
        if field.free_text && matches!(outcome, Outcome::Changed(_, Mark::Hidden)) {
            return;
        }
        let class = match value {
            _ if is_name(field) => HiddenClass::Name,
            FieldValue::LongText(_) => HiddenClass::Prose,
            FieldValue::Text(_) | FieldValue::TextList(_) if field.free_text => HiddenClass::Prose,
            FieldValue::Text(_) | FieldValue::TextList(_) if field.sensitivity == "identifier" => {
                HiddenClass::Identifier
            }
            FieldValue::Text(_) | FieldValue::TextList(_) => HiddenClass::Line,
            FieldValue::Date(_) | FieldValue::DateTime(_) => HiddenClass::Day,
            _ => return,
        };
        let place = Place::Field { record_type: record_type.to_owned(), field: field.name.clone() };
        let mut note = |text: SecretText| {
            self.hidden.push(Hidden { place: place.clone(), class, part: HiddenPart::Whole, text });
        };
        match value {
            FieldValue::TextList(items) => items.iter().cloned().for_each(note),
            _ => note(value.to_text()),
        }
    }

    fn hide_span(
        &mut self,
        record_type: &str,
        field: &Field,
        words: &str,
        span: Option<&ApprovedSpan>,
    ) {
        let named = span.is_some_and(|span| span.who.is_some());
        let class = if named { HiddenClass::Name } else { HiddenClass::Identifier };
        let place = Place::Field { record_type: record_type.to_owned(), field: field.name.clone() };
        let part = HiddenPart::Span;
        self.hidden.push(Hidden { place, class, part, text: words.into() });
    }
}

/// Closed lists, numbers, dates and places: what one shows is no secret elsewhere.
const fn is_closed(value: &FieldValue) -> bool {
    !matches!(value, FieldValue::Text(_) | FieldValue::LongText(_) | FieldValue::TextList(_))
}
