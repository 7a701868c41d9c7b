//! How long records of a type are kept: a date on the record itself, or years after one.

use toml::Spanned;

use crate::error::Result;
use crate::schema::check::Check;
use crate::schema::raw::RawRetention;
use crate::schema::{Field, Kind};
use crate::time::Date;

/// How long records of a type are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retention {
    /// The date field that names the last day for one record; where it is filled, it decides.
    pub until: Option<String>,
    /// The rule for every record where that field is empty.
    pub rule: Option<RetentionRule>,
}

/// A number of years after a day that the record names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetentionRule {
    /// How many years, 1 to 200.
    pub years: u16,
    /// The date field from which they count.
    pub from: String,
}

/// Why a record is due.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DueBecause {
    /// A date field of the record names the last day.
    Field(String),
    /// The rule of its type does.
    Rule(RetentionRule),
}

impl Retention {
    /// The first day on which a record need not be kept any more, and why; `None` if its fields
    /// do not say. `day` gives the date in a field.
    pub(crate) fn due(
        &self,
        mut day: impl FnMut(&str) -> Result<Option<Date>>,
    ) -> Result<Option<(Date, DueBecause)>> {
        if let Some(field) = &self.until
            && let Some(last) = day(field)?
        {
            return Ok(last.days_later(1).ok().map(|due| (due, DueBecause::Field(field.clone()))));
        }
        let Some(rule) = &self.rule else { return Ok(None) };
        let last = day(&rule.from)?.and_then(|from| from.years_later(rule.years).ok());
        let due = last.and_then(|last| last.days_later(1).ok());
        Ok(due.map(|due| (due, DueBecause::Rule(rule.clone()))))
    }
}

/// Checks what a type says of retention.
pub(super) fn read(
    check: Check<'_>,
    name: &Spanned<String>,
    raw: RawRetention,
    fields: &[Field],
) -> Result<Retention> {
    let date = |field: Spanned<String>| {
        let known = |f: &&Field| f.name == *field.get_ref() && f.kind == Kind::Date;
        match fields.iter().find(known) {
            Some(_) => Ok(field.into_inner()),
            None => Err(check.refuse_at(&field, name, "no date field of this name")),
        }
    };
    let rule = match (raw.years, raw.from) {
        (None, None) => None,
        (Some(years), Some(from)) => {
            if !(1..=MAX_YEARS).contains(years.get_ref()) {
                let why = "a retention is of 1 to 200 years";
                return Err(check.fail(&years.span(), name.get_ref(), why));
            }
            Some(RetentionRule { years: years.into_inner(), from: date(from)? })
        }
        (Some(_), None) | (None, Some(_)) => {
            return Err(check.refuse(name, "a retention has years and the field they count from"));
        }
    };
    let until = raw.until.map(date).transpose()?;
    if until.is_none() && rule.is_none() {
        return Err(check.refuse(name, "a retention names a date field or a number of years"));
    }
    Ok(Retention { until, rule })
}

const MAX_YEARS: u16 = 200;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule() -> Retention {
        let rule = RetentionRule { years: 20, from: "closed".to_owned() };
        Retention { until: Some("until".to_owned()), rule: Some(rule) }
    }

    fn due(until: Option<&str>, closed: Option<&str>) -> Option<(String, DueBecause)> {
        let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        let found = rule().due(|field| Ok(day(if field == "until" { until } else { closed })));
        found.unwrap().map(|(day, because)| (day.to_string(), because))
    }

    #[test]
    fn the_field_decides_and_the_rule_stands_in_for_it() {
        let field = DueBecause::Field("until".to_owned());
        let years = DueBecause::Rule(rule().rule.unwrap());
        let cases = [
            (None, None, None),
            (Some("2026-12-31"), Some("2020-01-01"), Some(("2027-01-01", field))),
            (None, Some("2020-01-01"), Some(("2040-01-02", years.clone()))),
            // There is no such day that year: its month's last one counts.
            (None, Some("2004-02-29"), Some(("2024-03-01", years.clone()))),
            (None, Some("2000-02-29"), Some(("2020-03-01", years))),
            // Beyond the calendar nothing is ever due.
            (None, Some("9990-01-01"), None),
            (Some("9999-12-31"), None, None),
        ];
        for (until, closed, expected) in cases {
            let expected = expected.map(|(day, because)| (day.to_owned(), because));
            assert_eq!(due(until, closed), expected, "{until:?} {closed:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_due_before_its_years_are_over(
            year in 1900_i16..2100, month in 1_u8..13, day in 1_u8..29, years in 1_u16..=200
        ) {
            let from = Date::new(year, month, day).unwrap();
            let rule = RetentionRule { years, from: "closed".to_owned() };
            let retention = Retention { until: None, rule: Some(rule) };
            let (due, _) = retention.due(|_| Ok(Some(from))).unwrap().unwrap();
            let last = Date::new(year + years as i16, month, day).unwrap();
            prop_assert!(due > last);
            prop_assert_eq!(due, last.days_later(1).unwrap());
        }
    }
}
