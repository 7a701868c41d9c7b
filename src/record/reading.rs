//! Values read as the kind of their field, from what people and files write.

use std::mem;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::error::{Error, ErrorKind, Result};
use crate::record::encoding::{MAX_ITEMS, MAX_LONG_TEXT, MAX_TEXT};
use crate::record::{Decimal, FieldValue};
use crate::schema::country::country;
use crate::schema::fold::folded;
use crate::schema::{Field, Kind, PlaceCode, Schema, Vocabulary};
use crate::secret::SecretText;
use crate::time::{Date, Timestamp};

/// The value as the field stores it. Errors carry no place: the caller knows it.
pub(super) fn read(schema: &Schema, field: &Field, mut value: FieldValue) -> Result<FieldValue> {
    let terms = field.vocabulary.as_deref().and_then(|name| schema.vocabulary(name));
    Ok(match (field.kind, &mut value) {
        (Kind::Text | Kind::Phone, FieldValue::Text(text) | FieldValue::LongText(text)) => {
            FieldValue::Text(line(mem::take(text))?)
        }
        (Kind::LongText, FieldValue::Text(text) | FieldValue::LongText(text)) => {
            FieldValue::LongText(bounded(mem::take(text), MAX_LONG_TEXT)?)
        }
        (Kind::Date, FieldValue::Text(text)) => FieldValue::Date(day(text.expose())?),
        (Kind::DateTime, FieldValue::Text(text)) => {
            FieldValue::DateTime(moment(text.expose(), schema.utc_offset())?)
        }
        (Kind::Integer, FieldValue::Text(text)) => FieldValue::Integer(integer(text.expose())?),
        (Kind::Decimal, FieldValue::Text(text)) => {
            FieldValue::Decimal(text.expose().parse::<Decimal>()?)
        }
        (Kind::Decimal, FieldValue::Integer(number)) => FieldValue::Decimal((*number).into()),
        (Kind::Boolean, FieldValue::Text(text)) => FieldValue::Boolean(boolean(text.expose())?),
        (Kind::Code, FieldValue::Text(text) | FieldValue::Code(text)) => {
            FieldValue::Code(code(terms, text.expose())?)
        }
        // Some vocabularies have numbers as codes.
        (Kind::Code, FieldValue::Integer(number)) => {
            FieldValue::Code(code(terms, SecretText::from(number.to_string()).expose())?)
        }
        (Kind::CodeList, FieldValue::Text(text) | FieldValue::Code(text)) => {
            codes(terms, parts(text.expose()))?
        }
        (Kind::CodeList, FieldValue::TextList(items) | FieldValue::CodeList(items)) => {
            codes(terms, items.iter().map(SecretText::expose))?
        }
        (Kind::TextList, FieldValue::Text(text)) => {
            lines(parts(text.expose()).map(SecretText::from))?
        }
        (Kind::TextList, FieldValue::TextList(items)) => lines(mem::take(items).into_iter())?,
        (Kind::Attachment, FieldValue::Text(text)) => {
            FieldValue::Attachment(text.expose().parse()?)
        }
        (Kind::Place, FieldValue::Text(text)) => FieldValue::Place(text.expose().parse()?),
        (Kind::PlaceList, FieldValue::Text(text)) => places(parts(text.expose()))?,
        (Kind::PlaceList, FieldValue::TextList(items)) => {
            places(items.iter().map(SecretText::expose))?
        }
        (Kind::PlaceList, FieldValue::PlaceList(places)) if places.len() > MAX_ITEMS => {
            return Err(too_many());
        }
        (Kind::Country, FieldValue::Text(text) | FieldValue::Code(text)) => {
            let unknown = || Error::new(ErrorKind::UnknownCode, "not an ISO 3166 country code");
            FieldValue::Code(country(text.expose()).ok_or_else(unknown)?.into())
        }
        (Kind::Date, FieldValue::Date(_))
        | (Kind::DateTime, FieldValue::DateTime(_))
        | (Kind::Integer, FieldValue::Integer(_))
        | (Kind::Decimal, FieldValue::Decimal(_))
        | (Kind::Boolean, FieldValue::Boolean(_))
        | (Kind::Attachment, FieldValue::Attachment(_))
        | (Kind::Place, FieldValue::Place(_))
        | (Kind::PlaceList, FieldValue::PlaceList(_)) => value,
        // A number is no text: a document number has lost its leading zeros by then.
        _ => return Err(bad("the value is not of the kind of the field")),
    })
}

/// One spelling for one text: NFC, no space at the ends.
fn line(text: SecretText) -> Result<SecretText> {
    let text = bounded(text, MAX_TEXT)?;
    let trimmed = text.expose().trim();
    if trimmed.len() == text.expose().len() && is_nfc(trimmed) {
        return Ok(text);
    }
    // NFC can grow a text; a buffer that grows leaves copies behind.
    let mut to = String::with_capacity(3 * trimmed.len());
    to.extend(trimmed.nfc());
    bounded(to.into(), MAX_TEXT)
}

/// Prose is kept to the letter: it may be evidence.
fn bounded(text: SecretText, most: usize) -> Result<SecretText> {
    if text.expose().len() > most {
        return Err(Error::new(ErrorKind::TooLong, "the text is longer than its field allows"));
    }
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if text.expose().chars().any(odd) {
        return Err(bad("the text holds control characters"));
    }
    Ok(text)
}

fn lines(items: impl Iterator<Item = SecretText>) -> Result<FieldValue> {
    let mut kept = Vec::new();
    let mut total = 2;
    for item in items {
        let item = line(item)?;
        if !item.expose().is_empty() {
            total += 4 + item.expose().len();
            kept.push(item);
        }
        if kept.len() > MAX_ITEMS || total > MAX_LONG_TEXT {
            return Err(too_many());
        }
    }
    Ok(FieldValue::TextList(kept))
}

/// A set: sorted, each code once.
fn codes<'a>(
    terms: Option<&Vocabulary>,
    items: impl Iterator<Item = &'a str>,
) -> Result<FieldValue> {
    let mut kept: Vec<SecretText> = Vec::new();
    for item in items.filter(|item| !item.trim().is_empty()) {
        kept.push(code(terms, item)?);
        if kept.len() > MAX_ITEMS {
            return Err(too_many());
        }
    }
    kept.sort_by(|a, b| a.expose().cmp(b.expose()));
    kept.dedup();
    Ok(FieldValue::CodeList(kept))
}

/// A code as it stands, in another case, or by its Spanish or English label.
fn code(terms: Option<&Vocabulary>, text: &str) -> Result<SecretText> {
    let unknown = || Error::new(ErrorKind::UnknownCode, "the vocabulary has no such code");
    let terms = terms.ok_or_else(unknown)?;
    let text = text.trim();
    if let Some(term) = terms.term(text) {
        return Ok(term.code.as_str().into());
    }
    let wanted = folded(text);
    let wanted = wanted.expose();
    let mut found = terms.entries.iter().filter(|term| {
        term.code.eq_ignore_ascii_case(wanted)
            || folded(&term.es).expose() == wanted
            || folded(&term.en).expose() == wanted
    });
    match (found.next(), found.next()) {
        (Some(term), None) => Ok(term.code.as_str().into()),
        (Some(_), Some(_)) => {
            Err(Error::new(ErrorKind::UnknownCode, "several codes have this label"))
        }
        (None, _) => Err(unknown()),
    }
}

fn places<'a>(items: impl Iterator<Item = &'a str>) -> Result<FieldValue> {
    let mut kept: Vec<PlaceCode> = Vec::new();
    for item in items.filter(|item| !item.trim().is_empty()) {
        kept.push(item.parse()?);
        if kept.len() > MAX_ITEMS {
            return Err(too_many());
        }
    }
    Ok(FieldValue::PlaceList(kept))
}

/// `YYYY-MM-DD`, or day first as Peru writes it: `DD/MM/YYYY`.
pub(crate) fn day(text: &str) -> Result<Date> {
    let text = text.trim();
    if !text.contains('/') {
        return text.parse();
    }
    let bad = || bad("not a date of the form DD/MM/YYYY");
    let mut parts = text.split('/').map(str::trim);
    let (Some(day), Some(month), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(bad());
    };
    let plain = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !(plain(day, 1..=2) && plain(month, 1..=2) && plain(year, 4..=4)) {
        return Err(bad());
    }
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day),
        _ => Err(bad()),
    }
}

/// RFC 3339, or a day and a time of day in the offset that the schema names.
fn moment(text: &str, offset: Option<&str>) -> Result<Timestamp> {
    let text = text.trim();
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let bad = || bad("not a moment of the form YYYY-MM-DDTHH:MM:SSZ");
    let (date, time) = text.split_once(['T', ' ']).ok_or_else(bad)?;
    let plain = |b: u8| b.is_ascii_digit() || b == b':';
    if !time.trim().bytes().all(plain) {
        return Err(bad());
    }
    let spelled =
        SecretText::from(format!("{}T{}{}", day(date)?, time.trim(), offset.ok_or_else(bad)?));
    spelled.expose().parse()
}

fn integer(text: &str) -> Result<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let number = if plain { text.parse().ok() } else { None };
    number.ok_or_else(|| bad("not a whole number"))
}

fn boolean(text: &str) -> Result<bool> {
    match folded(text).expose() {
        "si" | "s" | "yes" | "y" | "true" | "verdadero" | "1" => Ok(true),
        "no" | "n" | "false" | "falso" | "0" => Ok(false),
        _ => Err(bad("not yes or no")),
    }
}

/// The items of a list in one text.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}

fn bad(why: &'static str) -> Error {
    Error::new(ErrorKind::BadValue, why)
}

fn too_many() -> Error {
    Error::new(ErrorKind::TooLong, "the list is longer than its field allows")
}
