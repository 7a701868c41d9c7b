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
    use lopdf::{Document, Object};

    use super::raw;
    use crate::error::{Error, Result};

    /// The text of each sheet, every string, and every stream but those of fonts.
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
            if let Object::Stream(stream) = object {
                let plain = stream.decompressed_content();
                let plain = plain.unwrap_or_else(|_| stream.content.clone());
                if !stream.dict.has(b"Length1") && !stream.dict.has(b"Subtype") {
                    raw(&plain, look)?;
                }
            }
        }
        Ok(())
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
}
