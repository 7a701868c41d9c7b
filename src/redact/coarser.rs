//! Values made coarser: a date becomes its month, an age its band, a district its department.

use crate::language::{Language, Phrase};
use crate::record::FieldValue;
use crate::redact::view::{Data, Part, Shown};
use crate::schema::{Field, PlaceCode, country};
use crate::time::Date;

/// The value made coarser by the rule of its field, as of a day; `None` if there is no coarser
/// value that is sure to be one.
pub(super) fn coarser(
    field: &Field,
    value: &FieldValue,
    today: Date,
    language: Language,
) -> Option<Shown> {
    match (field.generalise.as_deref(), value) {
        (Some("month"), FieldValue::Date(date)) => Some(month(*date, language)),
        (Some("age_band"), FieldValue::Date(born)) => age_band(years(*born, today)?, language),
        (Some("age_band"), FieldValue::Integer(age)) => age_band(*age, language),
        (Some("majority"), FieldValue::Date(born)) => majority(years(*born, today)?, language),
        (Some("majority"), FieldValue::Integer(age)) => majority(*age, language),
        (_, FieldValue::Date(date)) => Some(code(date.year().to_string())),
        (rule, FieldValue::DateTime(moment)) => Some(match rule {
            Some("month") => month(moment.date(), language),
            _ => code(moment.date().year().to_string()),
        }),
        (_, FieldValue::Integer(number)) => Some(band(*number)),
        (_, FieldValue::Decimal(number)) => {
            let whole = number.to_string();
            let whole = whole.split('.').next().and_then(|whole| whole.parse().ok())?;
            Some(band(whole))
        }
        (_, FieldValue::Place(place)) => department(*place).map(|name| words(name.to_owned())),
        (_, FieldValue::PlaceList(places)) => {
            let mut names = places.iter().map(|p| department(*p)).collect::<Option<Vec<_>>>()?;
            names.sort_unstable();
            names.dedup();
            Some(words(names.join("; ")))
        }
        (_, FieldValue::Code(alpha2)) => {
            let (es, en) = country::region(alpha2.expose())?;
            Some(words(language.pick(es, en).to_owned()))
        }
        _ => None,
    }
}

fn month(date: Date, language: Language) -> Shown {
    shown(language.month(date), format!("{:04}-{:02}", date.year(), date.month()))
}

/// Whole years from one day to another; a birthday on 29 February falls on 1 March.
fn years(born: Date, today: Date) -> Option<i64> {
    let had = (today.month(), today.day()) >= (born.month(), born.day());
    let years = i64::from(today.year()) - i64::from(born.year()) - i64::from(!had);
    (years >= 0).then_some(years)
}

/// The bands of the Ministry of Women's reports.
fn age_band(age: i64, language: Language) -> Option<Shown> {
    let (from, to) = *BANDS.iter().find(|(from, to)| (*from..=*to).contains(&age))?;
    let years = language.of(Phrase("años", "years"));
    Some(match to {
        i64::MAX => shown(format!("{from} {years} +"), format!("{from}+")),
        _ => shown(format!("{from}\u{2013}{to} {years}"), format!("{from}-{to}")),
    })
}

fn majority(age: i64, language: Language) -> Option<Shown> {
    Some(match age {
        0..18 => shown(language.of(Phrase("menor de edad", "under age")).to_owned(), "0-17"),
        18.. => shown(language.of(Phrase("mayor de edad", "of age")).to_owned(), "18+"),
        _ => return None,
    })
}

/// Zero; and else the stretch between two neighbours of 1, 2, 5, 10, 20, 50, 100 and so on.
fn band(number: i64) -> Shown {
    let size = number.unsigned_abs();
    let mut power = 1_u64;
    while size / 10 >= power {
        power *= 10;
    }
    let (low, next) = match size / power {
        0 => return code("0".to_owned()),
        1 => (power, 2),
        2..5 => (2 * power, 5),
        _ => (5 * power, 10),
    };
    let last = power.saturating_mul(next) - 1;
    let sign = if number < 0 { "-" } else { "" };
    match low == last {
        true => code(format!("{sign}{low}")),
        false => shown(format!("{sign}{low}\u{2013}{last}"), format!("{sign}{low}-{last}")),
    }
}

fn department(place: PlaceCode) -> Option<&'static str> {
    place.district().map(|district| district.department)
}

fn code(text: String) -> Shown {
    shown(text.clone(), text)
}

fn words(text: String) -> Shown {
    Shown { parts: vec![Part::Text(text.into())], data: Data::Words }
}

fn shown(text: String, code: impl Into<String>) -> Shown {
    Shown { parts: vec![Part::Text(text.into())], data: Data::Code(code.into().into()) }
}

const BANDS: &[(i64, i64)] = &[(0, 5), (6, 11), (12, 17), (18, 29), (30, 59), (60, i64::MAX)];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn data(shown: &Shown) -> &str {
        match &shown.data {
            Data::Code(code) => code.expose(),
            _ => "",
        }
    }

    #[test]
    fn a_number_lies_in_its_band() {
        for (number, expected) in [
            (0, "0"),
            (1, "1"),
            (2, "2-4"),
            (4, "2-4"),
            (5, "5-9"),
            (10, "10-19"),
            (19, "10-19"),
            (20, "20-49"),
            (73, "50-99"),
            (100, "100-199"),
            (-7, "-5-9"),
        ] {
            assert_eq!(data(&band(number)), expected, "{number}");
        }
        for number in [i64::MAX, i64::MIN, i64::MAX - 1] {
            assert!(!data(&band(number)).is_empty());
        }
    }

    #[test]
    fn an_age_is_counted_in_birthdays() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(years(day("2012-02-29"), day("2026-02-28")), Some(13));
        assert_eq!(years(day("2012-02-29"), day("2026-03-01")), Some(14));
        assert_eq!(years(day("2026-11-22"), day("2026-11-22")), Some(0));
        assert_eq!(years(day("2026-11-23"), day("2026-11-22")), None);
        let spanish = |age| data(&age_band(age, Language::Spanish).unwrap()).to_owned();
        assert_eq!(
            [0, 5, 6, 12, 17, 18, 60].map(spanish),
            ["0-5", "0-5", "6-11", "12-17", "12-17", "18-29", "60+"]
        );
        assert!(age_band(-1, Language::English).is_none());
    }

    proptest! {
        #[test]
        fn two_numbers_of_one_band_cannot_be_told_apart(a in 1_i64..100_000, b in 1_i64..100_000) {
            let (x, y) = (band(a), band(b));
            let inside = |shown: &Shown, number: i64| {
                let text = data(shown);
                let (low, high) = text.split_once('-').unwrap_or((text, text));
                (low.parse::<i64>().unwrap()..=high.parse::<i64>().unwrap()).contains(&number)
            };
            prop_assert!(inside(&x, a) && inside(&y, b));
            prop_assert_eq!(data(&x) == data(&y), inside(&x, b));
        }
    }
}
