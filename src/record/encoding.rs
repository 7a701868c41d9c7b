//! The stored bytes of a value: canonical, bounded, and laid out in `docs/format.md`.

use zeroize::Zeroizing;

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::id::AttachmentId;
use crate::record::{Decimal, FieldValue};
use crate::schema::{PlaceCode, PlaceScheme};
use crate::secret::{SecretBytes, SecretText};
use crate::time::{Date, Timestamp};

/// Longest line of text, in bytes of UTF-8.
pub(crate) const MAX_TEXT: usize = 16 << 10;
/// Longest prose, and longest list in all.
pub(crate) const MAX_LONG_TEXT: usize = 48 << 10;
/// Longest code.
pub(crate) const MAX_CODE: usize = 64;
/// Most items of a list.
pub(crate) const MAX_ITEMS: usize = 256;

/// The buffer has its full length from the start: one that grows leaves copies behind.
pub(super) fn encode(value: &FieldValue) -> SecretBytes {
    let mut to = Writer::with_capacity(len(value));
    match value {
        FieldValue::Text(text) | FieldValue::LongText(text) | FieldValue::Code(text) => {
            to.raw(text.expose().as_bytes());
        }
        FieldValue::Date(date) => {
            to.raw(&date.year().to_le_bytes())
                .u8(date.month())
                .u8(date.day());
        }
        FieldValue::DateTime(moment) => {
            to.raw(&moment.as_second().to_le_bytes());
        }
        FieldValue::Integer(number) => {
            to.raw(&number.to_le_bytes());
        }
        FieldValue::Decimal(number) => {
            to.raw(&number.mantissa().to_le_bytes()).u8(number.scale());
        }
        FieldValue::Boolean(value) => {
            to.u8(u8::from(*value));
        }
        FieldValue::TextList(items) | FieldValue::CodeList(items) => {
            count(&mut to, items.len());
            for item in items {
                to.bytes(item.expose().as_bytes());
            }
        }
        FieldValue::Attachment(id) => {
            to.raw(id.as_bytes());
        }
        FieldValue::Place(place) => put_place(&mut to, *place),
        FieldValue::PlaceList(places) => {
            count(&mut to, places.len());
            for place in places {
                put_place(&mut to, *place);
            }
        }
    }
    Zeroizing::new(to.into_vec())
}

pub(super) fn decode(code: u8, bytes: &[u8]) -> Result<FieldValue> {
    let mut from = Reader::new(bytes);
    let value = match code {
        1 => FieldValue::Text(text(from.take(bytes.len())?, MAX_TEXT)?),
        2 => FieldValue::LongText(text(from.take(bytes.len())?, MAX_LONG_TEXT)?),
        3 => {
            let year = i16::from_le_bytes(from.array()?);
            FieldValue::Date(Date::new(year, from.u8()?, from.u8()?).map_err(|_| damaged())?)
        }
        4 => {
            let second = i64::from_le_bytes(from.array()?);
            FieldValue::DateTime(Timestamp::from_second(second).map_err(|_| damaged())?)
        }
        5 => FieldValue::Integer(i64::from_le_bytes(from.array()?)),
        6 => {
            let (mantissa, scale) = (i64::from_le_bytes(from.array()?), from.u8()?);
            let number = Decimal::new(mantissa, scale).map_err(|_| damaged())?;
            canonical(number.scale() == scale)?;
            FieldValue::Decimal(number)
        }
        7 => match from.u8()? {
            0 => FieldValue::Boolean(false),
            1 => FieldValue::Boolean(true),
            _ => return Err(damaged()),
        },
        8 => FieldValue::Code(text(from.take(bytes.len())?, MAX_CODE)?),
        9 => FieldValue::TextList(texts(&mut from, MAX_TEXT, bytes.len())?),
        10 => {
            let codes = texts(&mut from, MAX_CODE, bytes.len())?;
            canonical(codes.is_sorted_by(|a, b| a.expose() < b.expose()))?;
            FieldValue::CodeList(codes)
        }
        11 => FieldValue::Attachment(AttachmentId::from_bytes(from.array()?)),
        12 => FieldValue::Place(place(&mut from)?),
        13 => {
            let items = items(&mut from)?;
            FieldValue::PlaceList(
                (0..items)
                    .map(|_| place(&mut from))
                    .collect::<Result<_>>()?,
            )
        }
        _ => return Err(damaged()),
    };
    from.finish()?;
    Ok(value)
}

fn len(value: &FieldValue) -> usize {
    match value {
        FieldValue::Text(text) | FieldValue::LongText(text) | FieldValue::Code(text) => {
            text.expose().len()
        }
        FieldValue::TextList(items) | FieldValue::CodeList(items) => {
            2 + items
                .iter()
                .map(|item| 4 + item.expose().len())
                .sum::<usize>()
        }
        FieldValue::PlaceList(places) => 2 + 5 * places.len(),
        _ => 16,
    }
}

/// Saturates: `prepare` has refused longer lists, and the reader's bound refuses them again.
fn count(to: &mut Writer, items: usize) {
    to.u16(u16::try_from(items).unwrap_or(u16::MAX));
}

fn put_place(to: &mut Writer, place: PlaceCode) {
    let scheme = match place.scheme() {
        PlaceScheme::Inei => 1,
        PlaceScheme::Reniec => 2,
    };
    to.u8(scheme).u32(place.number());
}

fn place(from: &mut Reader<'_>) -> Result<PlaceCode> {
    let scheme = match from.u8()? {
        1 => PlaceScheme::Inei,
        2 => PlaceScheme::Reniec,
        _ => return Err(damaged()),
    };
    PlaceCode::new(scheme, from.u32()?).map_err(|_| damaged())
}

/// An empty list is not stored.
fn items(from: &mut Reader<'_>) -> Result<usize> {
    let items = usize::from(from.u16()?);
    if (1..=MAX_ITEMS).contains(&items) {
        Ok(items)
    } else {
        Err(damaged())
    }
}

fn texts(from: &mut Reader<'_>, longest: usize, total: usize) -> Result<Vec<SecretText>> {
    canonical(total <= MAX_LONG_TEXT)?;
    let items = items(from)?;
    (0..items)
        .map(|_| text(from.bytes(longest)?, longest))
        .collect()
}

/// The error of `from_utf8` holds the bytes: it is dropped.
fn text(bytes: &[u8], longest: usize) -> Result<SecretText> {
    canonical((1..=longest).contains(&bytes.len()))?;
    std::str::from_utf8(bytes)
        .map(SecretText::from)
        .map_err(|_| damaged())
}

fn canonical(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(damaged()) }
}

fn damaged() -> Error {
    Error::new(ErrorKind::Tampered, "a stored value is malformed")
}
