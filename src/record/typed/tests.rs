use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;
use crate::error::ErrorKind;
use crate::id::{AttachmentId, RecordId};
use crate::record::{Decimal, RecordDraft};
use crate::schema::{PlaceCode, PlaceScheme, Schema};
use crate::time::{Date, Timestamp};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Sex {
    Female,
    Male,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Code(String);

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Person {
    survivor_code: Code,
    given_names: Option<String>,
    sex: Sex,
    #[serde(default)]
    alias: Vec<String>,
    #[serde(default)]
    disability: Vec<String>,
    birth_date: Option<Date>,
    age_at_registration: Option<u8>,
    pregnant: Option<bool>,
    home_ubigeo: Option<PlaceCode>,
    photo: Option<AttachmentId>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Episode {
    #[serde(default)]
    transit_ubigeos: Vec<PlaceCode>,
    debt_amount_pen: Option<Decimal>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Event {
    event: String,
    at: Timestamp,
}

fn opened(record_type: &str, fields: BTreeMap<String, FieldValue>) -> Record {
    let id = RecordId::from_bytes([7; 16]);
    Record::new(id, record_type.to_owned(), 1, None, fields, BTreeMap::new())
}

/// Through the fields, the schema, the stored bytes, and back.
fn there_and_back<T: Serialize + DeserializeOwned>(record_type: &str, value: &T) -> Result<T> {
    let mut draft = RecordDraft::from_fields(record_type, None, to_fields(value)?);
    Schema::peru()?.prepare(&mut draft)?;
    let mut fields = BTreeMap::new();
    for (name, value) in draft.fields() {
        let stored = value.encode();
        fields.insert(name.clone(), FieldValue::decode(value.code(), &stored)?);
    }
    from_record(&opened(record_type, fields))
}

fn words() -> impl Strategy<Value = String> {
    "[A-Z\u{d1}][a-z\u{e1}\u{f1}']{0,12}( [A-Z][a-z]{1,8})?"
}

prop_compose! {
    fn person()(
        survivor_code in "[A-Z]{3}-[0-9]{4}",
        given_names in prop::option::of(words()),
        female: bool,
        alias in prop::collection::vec(words(), 0..4),
        day in prop::option::of((1900..2100_i16, 1..=12_u8, 1..=28_u8)),
        age_at_registration in prop::option::of(0..120_u8),
        pregnant: Option<bool>,
        place in prop::option::of(0..=999_999_u32),
        photo: Option<[u8; 16]>,
    ) -> Person {
        Person {
            survivor_code: Code(survivor_code),
            given_names,
            sex: if female { Sex::Female } else { Sex::Male },
            alias,
            disability: vec!["physical_disability".to_owned()],
            birth_date: day.map(|(y, m, d)| Date::new(y, m, d).unwrap()),
            age_at_registration,
            pregnant,
            home_ubigeo: place.map(|n| PlaceCode::new(PlaceScheme::Reniec, n).unwrap()),
            photo: photo.map(AttachmentId::from_bytes),
        }
    }
}

proptest! {
    #[test]
    fn a_struct_comes_back_as_it_went(person in person()) {
        prop_assert_eq!(there_and_back("person", &person).unwrap(), person);
    }

    #[test]
    fn money_and_routes_come_back(
        debt in prop::option::of((any::<i64>(), 0..=6_u8)),
        route in prop::collection::vec(0..=999_999_u32, 0..5),
    ) {
        let place = |n| PlaceCode::new(PlaceScheme::Inei, n).unwrap();
        let episode = Episode {
            transit_ubigeos: route.into_iter().map(place).collect(),
            debt_amount_pen: debt.map(|(m, s)| Decimal::new(m, s).unwrap()),
        };
        prop_assert_eq!(there_and_back("exploitation", &episode).unwrap(), episode);
    }
}

#[test]
fn moments_and_labels_come_back() {
    let at = "2026-03-01T10:04:05-05:00".parse().unwrap();
    let event = Event { event: "entrevista_unica".to_owned(), at };
    assert_eq!(there_and_back("legal_event", &event).unwrap(), event);
}

#[test]
fn a_map_takes_every_field_as_text() {
    let mut fields = BTreeMap::new();
    fields.insert("age_at_registration".to_owned(), FieldValue::from(14));
    fields.insert("alias".to_owned(), FieldValue::from("x"));
    let map: BTreeMap<String, String> = from_record(&opened("person", fields)).unwrap();
    assert_eq!(map.get("age_at_registration").unwrap(), "14");
    let back = to_fields(&map).unwrap();
    assert_eq!(back.get("alias").unwrap().as_text(), Some("x"));
}

#[test]
fn what_is_no_record_is_refused() {
    #[derive(Serialize)]
    struct Nested {
        inside: BTreeMap<String, String>,
    }
    let nested = Nested { inside: BTreeMap::new() };
    assert_eq!(
        to_fields(&nested).unwrap_err().to_string(),
        format!("{} (inside)", "a field holds a simple value or a list of such")
    );
    assert!(to_fields(&"text").is_err());
    assert!(to_fields(&vec![1]).is_err());
    assert!(to_fields(&Some(1.5)).is_err());
}

#[test]
fn an_empty_or_sealed_field_is_named_when_the_struct_needs_it() {
    let error = from_record::<Event>(&opened("legal_event", BTreeMap::new())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Required);
    assert!(error.to_string().ends_with("(legal_event.event)"));
}

/// Every error that serde can raise over these kinds, with a canary in every value.
#[test]
fn no_error_quotes_a_value() {
    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its errors matter")]
    struct Strict {
        given_names: Sex,
    }
    let canary = "CanaryPrueba";
    let number = 424_242_424_242_i64;
    let values: [FieldValue; 5] = [
        canary.into(),
        number.into(),
        vec![canary].into(),
        true.into(),
        FieldValue::CodeList(vec![canary.into()]),
    ];
    let mut errors = Vec::new();
    for value in values {
        for field in ["given_names", "sex", "age_at_registration", "birth_date", "alias", "photo"] {
            let mut fields = BTreeMap::new();
            fields.insert(field.to_owned(), value.clone());
            let record = opened("person", fields);
            errors.extend(from_record::<Person>(&record).err());
            errors.extend(from_record::<Strict>(&record).err());
            errors.extend(from_record::<u8>(&record).err());
            errors.extend(from_record::<Vec<u8>>(&record).err());
            errors.extend(from_record::<BTreeMap<String, u8>>(&record).err());
            errors.extend(from_record::<BTreeMap<u8, String>>(&record).err());
            errors.extend(from_record::<Sex>(&record).err());
        }
    }
    let mut map = BTreeMap::new();
    map.insert(canary, 1.5);
    errors.extend(to_fields(&map).err());
    assert!(errors.len() > 150);
    for error in errors {
        let mut shown = format!("{error} {error:?} {}", error.detail());
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            shown.push_str(&format!("{inner} {inner:?}"));
            source = inner.source();
        }
        assert!(!shown.contains("Canary") && !shown.contains("4242"), "{shown}");
    }
}
