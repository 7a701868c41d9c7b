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
            to.raw(&date.year().to_le_bytes()).u8(date.month()).u8(date.day());
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
            FieldValue::PlaceList((0..items).map(|_| place(&mut from)).collect::<Result<_>>()?)
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
            2 + items.iter().map(|item| 4 + item.expose().len()).sum::<usize>()
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
    if (1..=MAX_ITEMS).contains(&items) { Ok(items) } else { Err(damaged()) }
}

fn texts(from: &mut Reader<'_>, longest: usize, total: usize) -> Result<Vec<SecretText>> {
    canonical(total <= MAX_LONG_TEXT)?;
    let items = items(from)?;
    (0..items).map(|_| text(from.bytes(longest)?, longest)).collect()
}

/// The error of `from_utf8` holds the bytes: it is dropped.
fn text(bytes: &[u8], longest: usize) -> Result<SecretText> {
    canonical((1..=longest).contains(&bytes.len()))?;
    std::str::from_utf8(bytes).map(SecretText::from).map_err(|_| damaged())
}

fn canonical(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(damaged()) }
}

fn damaged() -> Error {
    Error::new(ErrorKind::Tampered, "a stored value is malformed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text() -> impl Strategy<Value = SecretText> {
        ".{1,40}".prop_map(SecretText::from)
    }

    fn place() -> impl Strategy<Value = PlaceCode> {
        (any::<bool>(), 0..=999_999_u32).prop_map(|(inei, number)| {
            let scheme = if inei { PlaceScheme::Inei } else { PlaceScheme::Reniec };
            PlaceCode::new(scheme, number).unwrap()
        })
    }

    fn value() -> impl Strategy<Value = FieldValue> {
        let moment = -99_999_999_999..=99_999_999_999_i64;
        prop_oneof![
            text().prop_map(FieldValue::Text),
            text().prop_map(FieldValue::LongText),
            (0..=9999_i16, 1..=12_u8, 1..=28_u8)
                .prop_map(|(y, m, d)| FieldValue::Date(Date::new(y, m, d).unwrap())),
            moment.prop_map(|s| FieldValue::DateTime(Timestamp::from_second(s).unwrap())),
            any::<i64>().prop_map(FieldValue::Integer),
            (any::<i64>(), 0..=6_u8)
                .prop_map(|(m, s)| FieldValue::Decimal(Decimal::new(m, s).unwrap())),
            any::<bool>().prop_map(FieldValue::Boolean),
            "[a-z0-9_]{1,64}".prop_map(|code| FieldValue::Code(code.into())),
            prop::collection::vec(text(), 1..6).prop_map(FieldValue::TextList),
            prop::collection::btree_set("[a-z]{1,9}", 1..6).prop_map(|codes| {
                FieldValue::CodeList(codes.into_iter().map(SecretText::from).collect())
            }),
            any::<[u8; 16]>().prop_map(|id| FieldValue::Attachment(AttachmentId::from_bytes(id))),
            place().prop_map(FieldValue::Place),
            prop::collection::vec(place(), 1..6).prop_map(FieldValue::PlaceList),
        ]
    }

    proptest! {
        #[test]
        fn a_value_survives_its_bytes(value in value()) {
            let bytes = encode(&value);
            prop_assert!(bytes.len() <= len(&value).max(16));
            prop_assert!(decode(value.code(), &bytes).unwrap() == value);
        }

        #[test]
        fn one_value_has_one_encoding(code in 0..16_u8, bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(value) = decode(code, &bytes) {
                prop_assert_eq!(value.code(), code);
                prop_assert_eq!(&*encode(&value), &bytes);
            }
        }

        #[test]
        fn a_changed_byte_is_another_value_or_none(value in value(), at: prop::sample::Index, flip in 1..=255_u8) {
            let mut bytes = encode(&value).to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            prop_assert!(decode(value.code(), &bytes).is_ok_and(|other| other != value) || decode(value.code(), &bytes).is_err());
        }
    }

    #[test]
    fn lengths_are_bounded_on_the_way_in() {
        assert!(decode(1, &vec![b'a'; MAX_TEXT]).is_ok());
        assert!(decode(2, &vec![b'a'; MAX_LONG_TEXT]).is_ok());
        for (code, bytes) in [
            (0, vec![1]),
            (14, vec![1]),
            (1, vec![]),
            (1, vec![b'a'; MAX_TEXT + 1]),
            (2, vec![b'a'; MAX_LONG_TEXT + 1]),
            (1, vec![0xff]),
            (3, vec![0xdc, 7, 2, 30]),
            (3, vec![0xff, 0xff, 1, 1]),
            (4, vec![0xff; 7]),
            (5, vec![0; 9]),
            (6, vec![10, 0, 0, 0, 0, 0, 0, 0, 1]),
            (6, vec![1, 0, 0, 0, 0, 0, 0, 0, 7]),
            (7, vec![2]),
            (8, vec![b'a'; MAX_CODE + 1]),
            (9, vec![0, 0]),
            (9, vec![1, 0, 0, 0, 0, 0]),
            (9, vec![0xff, 0xff]),
            (9, vec![1, 0, 0xff, 0xff, 0xff, 0xff]),
            (10, vec![2, 0, 1, 0, 0, 0, b'b', 1, 0, 0, 0, b'a']),
            (10, vec![2, 0, 1, 0, 0, 0, b'a', 1, 0, 0, 0, b'a']),
            (11, vec![0; 15]),
            (12, vec![3, 0, 0, 0, 0]),
            (12, vec![1, 0x40, 0x42, 0x0f, 0]),
            (13, vec![0, 0]),
        ] {
            let error = decode(code, &bytes).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Tampered, "{code} {:?}", bytes.len());
        }
    }
}
