//! Finished files as the texts that somebody could get out of them.

use crate::error::{Error, ErrorKind, Place, Result};
use crate::export::{File, Origin, foreign};

/// Calls `look` with every text of a file: its name, what it says, and what lies in it compressed
/// or encoded.
///
/// # Errors
///
/// `Internal` if the file is not what its name says; whatever `look` returns.
pub(crate) fn texts(file: &File, mut look: impl FnMut(&str) -> Result<()>) -> Result<()> {
    look(&file.name)?;
    match file.origin {
        Origin::Rendered => {}
        // It was walked byte by byte when it was written: there is nothing but pixels.
        Origin::WrittenAnew => return Ok(()),
        Origin::AsItWas => return foreign::texts(&file.bytes, look),
    }
    let unread = || {
        Error::new(ErrorKind::Internal, "a finished file cannot be read back")
            .at(Place::File(file.name.clone()))
    };
    match file.name.rsplit('.').next() {
        #[cfg(feature = "pdf")]
        Some("pdf") => pdf::texts(&file.bytes, &mut look, unread),
        #[cfg(feature = "xlsx")]
        Some("xlsx") => workbook(&file.bytes, &mut look, unread),
        // Its strings are all that it says; its numbers are typed, or lengths of ours.
        Some("json") => {
            let value = serde_json::from_slice(&file.bytes).map_err(|_| unread())?;
            strings(&value, &mut look)
        }
        Some("html") => {
            raw(&file.bytes, &mut look)?;
            look(&unescaped(&String::from_utf8_lossy(&file.bytes)))
        }
        Some("sd-jwt") => {
            let text = String::from_utf8_lossy(&file.bytes);
            for part in text.trim().split(['~', '.']).filter(|part| !part.is_empty()) {
                let decoded = data_encoding::BASE64URL_NOPAD.decode(part.as_bytes());
                let decoded = decoded.map_err(|_| unread())?;
                // A signature is no JSON.
                if let Ok(value) = serde_json::from_slice(&decoded) {
                    strings(&value, &mut look)?;
                }
            }
            Ok(())
        }
        _ => raw(&file.bytes, &mut look),
    }
}

/// Bytes as UTF-8, and as UTF-16 where they could be.
fn raw(bytes: &[u8], look: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
    look(&String::from_utf8_lossy(bytes))?;
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    if zeros * 8 < bytes.len() || bytes.is_empty() {
        return Ok(());
    }
    for start in [0, 1] {
        let pairs = bytes.get(start..).unwrap_or_default().as_chunks::<2>().0;
        let big: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        look(&String::from_utf16_lossy(&big))?;
        let little: Vec<u16> = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        look(&String::from_utf16_lossy(&little))?;
    }
    Ok(())
}

fn strings(value: &serde_json::Value, look: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
    use serde_json::Value;
    match value {
        // Salts and digests are random: a word in one would be there by chance.
        Value::String(text) if is_random(text) => Ok(()),
        Value::String(text) => look(text),
        Value::Array(items) => items.iter().try_for_each(|item| strings(item, look)),
        Value::Object(map) => map.iter().try_for_each(|(name, value)| {
            look(name)?;
            strings(value, look)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// Whether a text is 16 or 32 bytes in base64url, as salts and digests of a proof are.
fn is_random(text: &str) -> bool {
    matches!(text.len(), 22 | 43) && data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).is_ok()
}

/// The references that XML and our HTML use.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let c = entity.and_then(|(name, _)| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let digits = name.strip_prefix('#')?;
                let number = match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => digits.parse(),
                };
                number.ok().and_then(char::from_u32)
            }
        });
        match (c, entity) {
            (Some(c), Some((_, after))) => {
                out.push(c);
                rest = after;
            }
            _ => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(feature = "xlsx")]
fn workbook(
    bytes: &[u8],
    look: &mut impl FnMut(&str) -> Result<()>,
    unread: impl Fn() -> Error,
) -> Result<()> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|_| unread())?;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(|_| unread())?;
        look(&entry.name().map_err(|_| unread())?)?;
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        entry.read_to_end(&mut bytes).map_err(|_| unread())?;
        raw(&bytes, look)?;
        look(&unescaped(&String::from_utf8_lossy(&bytes)))?;
    }
    Ok(())
}

#[cfg(feature = "pdf")]
mod pdf {
    use lopdf::{Document, Object, Stream};

    use super::raw;
    use crate::error::{Error, Result};

    /// The text of each sheet, every string, and every stream but those of fonts and pixels.
    pub(super) fn texts(
        bytes: &[u8],
        look: &mut impl FnMut(&str) -> Result<()>,
        unread: impl Fn() -> Error,
    ) -> Result<()> {
        let document = Document::load_mem(bytes).map_err(|_| unread())?;
        for number in document.get_pages().keys() {
            look(&document.extract_text(&[*number]).map_err(|_| unread())?)?;
        }
        for object in document.objects.values() {
            strings(object, look)?;
            if let Object::Stream(stream) = object
                && !is_font_or_image(stream)
            {
                let plain = stream.get_plain_content().map_err(|_| unread())?;
                // What cannot be inflated comes out empty; nothing at all is as short.
                if plain.is_empty() && stream.content.len() > LEAST_DEFLATED {
                    return Err(unread());
                }
                raw(&plain, look)?;
            }
        }
        Ok(())
    }

    /// What holds no text: the file of a font, and pixels. Whatever else has a subtype does:
    /// metadata, and forms.
    fn is_font_or_image(stream: &Stream) -> bool {
        let subtype = stream.dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        stream.dict.has(b"Length1")
            || matches!(subtype, b"Image" | b"Type1C" | b"CIDFontType0C" | b"OpenType")
    }

    fn strings(object: &Object, look: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
        match object {
            Object::String(bytes, _) => match bytes.strip_prefix(b"\xfe\xff") {
                Some(wide) => {
                    let units: Vec<u16> = wide
                        .as_chunks::<2>()
                        .0
                        .iter()
                        .map(|pair| u16::from_be_bytes(*pair))
                        .collect();
                    look(&String::from_utf16_lossy(&units))
                }
                None => look(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>()),
            },
            Object::Array(items) => items.iter().try_for_each(|item| strings(item, look)),
            Object::Dictionary(dict) => dict.iter().try_for_each(|(_, item)| strings(item, look)),
            Object::Stream(stream) => {
                stream.dict.iter().try_for_each(|(_, item)| strings(item, look))
            }
            _ => Ok(()),
        }
    }

    /// The length of nothing, deflated, and its checksum.
    const LEAST_DEFLATED: usize = 8;

    #[cfg(test)]
    mod tests {
        use lopdf::dictionary;

        use super::*;
        use crate::error::ErrorKind;

        const CANARY: &str = "Canaria Ficticia";

        /// A document with one sheet and this stream.
        fn with(stream: Stream) -> Vec<u8> {
            let mut document = Document::with_version("1.7");
            let pages = document.new_object_id();
            let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages });
            let kids = dictionary! {
                "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
            };
            document.objects.insert(pages, Object::Dictionary(kids));
            document.add_object(stream);
            let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
            document.trailer.set("Root", root);
            let mut bytes = Vec::new();
            document.save_to(&mut bytes).unwrap();
            bytes
        }

        fn found(stream: Stream) -> Result<bool> {
            let mut found = false;
            let mut look = |text: &str| {
                found |= text.contains(CANARY);
                Ok(())
            };
            let unread = || Error::new(ErrorKind::Internal, "unread");
            texts(&with(stream), &mut look, unread).map(|()| found)
        }

        fn stream(kind: &str, subtype: &str) -> Stream {
            let dict = dictionary! { "Type" => kind, "Subtype" => subtype };
            Stream::new(dict, format!("<x>{}</x>", CANARY.repeat(20)).into_bytes())
        }

        #[test]
        fn metadata_and_forms_are_read_compressed_or_not_and_pixels_are_not() {
            for (kind, subtype, is) in
                [("Metadata", "XML", true), ("XObject", "Form", true), ("XObject", "Image", false)]
            {
                assert_eq!(found(stream(kind, subtype)).unwrap(), is, "{subtype}");
                let mut small = stream(kind, subtype);
                small.compress().unwrap();
                assert!(small.dict.has(b"Filter"));
                assert_eq!(found(small).unwrap(), is, "{subtype}");
            }
        }

        #[test]
        fn what_cannot_be_inflated_is_no_finished_file() {
            let mut broken = stream("Metadata", "XML");
            broken.dict.set("Filter", "FlateDecode");
            assert_eq!(found(broken).unwrap_err().kind(), ErrorKind::Internal);
        }
    }
}
