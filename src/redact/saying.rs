//! A value as people and programs read it in an export.

use crate::consent::Policy;
use crate::language::{Language, Phrase};
use crate::record::FieldValue;
use crate::redact::view::{Data, Part, Shown};
use crate::schema::{Field, Kind, PlaceCode, Schema, country};
use crate::secret::SecretText;

/// How values are said.
pub(crate) struct Saying<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) language: Language,
    /// Knows what the clocks of the organisation showed.
    pub(crate) policy: &'a Policy,
}

impl Saying<'_> {
    /// The whole value.
    pub(super) fn whole(&self, field: &Field, value: &FieldValue) -> Shown {
        let (text, data) = match value {
            FieldValue::Text(text) | FieldValue::LongText(text) => (text.clone(), Data::Words),
            FieldValue::Code(code) => (self.code(field, code), Data::Code(code.clone())),
            FieldValue::Date(date) => {
                (self.language.day(*date).into(), Data::Code(date.to_string().into()))
            }
            FieldValue::DateTime(moment) => {
                (self.policy.local(*moment).into(), Data::Code(moment.to_string().into()))
            }
            FieldValue::Integer(number) => (number.to_string().into(), Data::Integer(*number)),
            FieldValue::Decimal(_) => {
                let text = value.to_text();
                (text.clone(), Data::Code(text))
            }
            FieldValue::Boolean(yes) => {
                let word = if *yes { Phrase("Sí", "Yes") } else { Phrase("No", "No") };
                (self.language.of(word).into(), Data::Boolean(*yes))
            }
            FieldValue::TextList(items) => (value.to_text(), Data::List(items.clone())),
            FieldValue::CodeList(codes) => {
                let words: Vec<SecretText> = codes.iter().map(|c| self.code(field, c)).collect();
                (FieldValue::from(words).to_text(), Data::List(codes.clone()))
            }
            FieldValue::Place(place) => (named(*place), Data::Code(place.to_string().into())),
            FieldValue::PlaceList(places) => {
                let names: Vec<SecretText> = places.iter().map(|place| named(*place)).collect();
                let codes = places.iter().map(|place| place.to_string().into()).collect();
                (FieldValue::from(names).to_text(), Data::List(codes))
            }
            FieldValue::Attachment(_) => (SecretText::default(), Data::Words),
        };
        Shown { parts: vec![Part::Text(text)], data }
    }

    fn code(&self, field: &Field, code: &SecretText) -> SecretText {
        if field.kind == Kind::Country {
            let name = country::name(code.expose());
            return name.map_or_else(|| code.clone(), |(es, en)| self.language.pick(es, en).into());
        }
        let vocabulary = field.vocabulary.as_deref().and_then(|name| self.schema.vocabulary(name));
        let term = vocabulary.and_then(|vocabulary| vocabulary.term(code.expose()));
        term.map_or_else(|| code.clone(), |term| self.language.pick(&term.es, &term.en).into())
    }
}

fn named(place: PlaceCode) -> SecretText {
    match place.district() {
        Some(at) => format!("{}, {}, {}", at.name, at.province, at.department).into(),
        None => place.to_string().into(),
    }
}
