//! Dates, moments, and the clock that is passed in.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroize;

use crate::error::{Error, ErrorKind, Result};

/// A moment in UTC, whole seconds, written as RFC 3339 (`2026-03-01T15:04:05Z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Zeroize)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Before every moment that a calendar here has.
    pub(crate) const EARLIEST: Self = Self(i64::MIN);

    /// The moment this many seconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// `BadValue` outside the years -9999 to 9999.
    pub fn from_second(second: i64) -> Result<Self> {
        jiff::Timestamp::from_second(second)
            .map(|_| Self(second))
            .map_err(|_| Error::new(ErrorKind::BadValue, "a moment out of range"))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_second(self) -> i64 {
        self.0
    }

    /// The day in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        let civil = jiff::Timestamp::from_second(self.0)
            .unwrap_or_default()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        Date::from_civil(civil)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", jiff::Timestamp::from_second(self.0).unwrap_or_default())
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// Reads RFC 3339 with any offset; fractions of a second are cut.
    fn from_str(text: &str) -> Result<Self> {
        let moment: jiff::Timestamp =
            text.trim().parse().map_err(|_| Error::new(ErrorKind::BadValue, "not a moment"))?;
        Ok(Self(moment.as_second()))
    }
}

/// A day of the Gregorian calendar, written `2026-03-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Zeroize)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day with this year (0 to 9999), month (1 to 12) and day of the month.
    ///
    /// # Errors
    ///
    /// `BadValue` if there is no such day.
    pub fn new(year: i16, month: u8, day: u8) -> Result<Self> {
        let bad = || Error::new(ErrorKind::BadValue, "no such day");
        let (m, d) = (i8::try_from(month), i8::try_from(day));
        let (Ok(m), Ok(d), 0..) = (m, d, year) else {
            return Err(bad());
        };
        jiff::civil::Date::new(year, m, d).map(Self::from_civil).map_err(|_| bad())
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The day this many days later.
    ///
    /// # Errors
    ///
    /// `BadValue` at the end of the calendar.
    pub fn days_later(self, days: u32) -> Result<Self> {
        self.later(jiff::Span::new().try_days(days))
    }

    /// The same day of a later year; the last of February for the 29th where there is none.
    pub(crate) fn years_later(self, years: u16) -> Result<Self> {
        self.later(jiff::Span::new().try_years(years))
    }

    fn later(self, span: std::result::Result<jiff::Span, jiff::Error>) -> Result<Self> {
        let (month, day) = (i8::try_from(self.month), i8::try_from(self.day));
        let civil = month.ok().zip(day.ok()).and_then(|(month, day)| {
            jiff::civil::Date::new(self.year, month, day).ok()?.checked_add(span.ok()?).ok()
        });
        civil
            .map(Self::from_civil)
            .ok_or_else(|| Error::new(ErrorKind::BadValue, "a day out of range"))
    }

    /// The first moment of the day in UTC.
    ///
    /// # Errors
    ///
    /// `BadValue` at the end of the calendar.
    pub(crate) fn midnight_utc(self) -> Result<Timestamp> {
        format!("{self}T00:00:00Z").parse()
    }

    #[allow(clippy::cast_sign_loss, reason = "jiff keeps months and days positive")]
    fn from_civil(date: jiff::civil::Date) -> Self {
        Self { year: date.year(), month: date.month() as u8, day: date.day() as u8 }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = Error;

    /// Reads `YYYY-MM-DD` and nothing else.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::new(ErrorKind::BadValue, "not a date of the form YYYY-MM-DD");
        let text = text.trim();
        let mut parts = text.split('-');
        let (Some(y), Some(m), Some(d), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        let digits =
            |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !(digits(y, 4) && digits(m, 2) && digits(d, 2)) {
            return Err(bad());
        }
        let (y, m, d) = (y.parse(), m.parse(), d.parse());
        let (Ok(y), Ok(m), Ok(d)) = (y, m, d) else {
            return Err(bad());
        };
        Self::new(y, m, d)
    }
}

crate::spelling::spelled!(Timestamp, Date);

/// The seconds of an offset from UTC: a sign, two digits up to 14, a colon, two digits up to 59.
pub(crate) fn offset_seconds(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |part: &str, most: i64| {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse::<i64>().ok().filter(|n| digits && *n <= most)
    };
    Some(sign * (number(hours, 14)? * 3600 + number(minutes, 59)? * 60))
}

/// Tells the time. The library never asks the operating system on its own.
pub trait Clock: Send + Sync {
    /// The moment now.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the system")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_second())
    }
}

/// A clock that stands still, for tests and replays.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_strictly() {
        assert_eq!("2012-02-29".parse::<Date>().unwrap().to_string(), "2012-02-29");
        for bad in
            ["2013-02-29", "2013-2-3", "13-02-03", "2013/02/03", "", "2013-02-03-04", "+013-01-01"]
        {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn moments_are_utc() {
        let moment: Timestamp = "2026-03-01T10:04:05.9-05:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-03-01T15:04:05Z");
        assert_eq!(moment.date().to_string(), "2026-03-01");
    }
}
