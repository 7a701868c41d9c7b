//! PNG (ISO/IEC 15948) as a list of chunks, as far as metadata can hide in it.

use image::metadata::Orientation;
use zeroize::Zeroizing;

use crate::error::Result;
use crate::redact::image::{Core, bad};

/// A chunk: its type, what it holds, and all of it with length and CRC.
struct Chunk<'a> {
    name: [u8; 4],
    payload: &'a [u8],
    whole: &'a [u8],
}

/// What the pixels need. Whatever follows the end of the image is not looked at.
pub(super) fn core(bytes: &[u8]) -> Result<Core> {
    let (chunks, _) = chunks(bytes).ok_or_else(|| bad("not one whole PNG image"))?;
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    out.extend(SIGNATURE);
    let mut orientation = None;
    for chunk in &chunks {
        match &chunk.name {
            b"acTL" | b"fcTL" | b"fdAT" => return Err(bad("an animation")),
            b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => out.extend_from_slice(chunk.whole),
            b"eXIf" => orientation = orientation.or(Orientation::from_exif_chunk(chunk.payload)),
            // A critical chunk that is not known changes what the pixels mean.
            [first, ..] if first.is_ascii_uppercase() => return Err(bad("a rare kind of PNG")),
            _ => {}
        }
    }
    let size = chunks.first().and_then(size).ok_or_else(|| bad("a PNG image without a size"))?;
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    Ok(Core { bytes: out, size, orientation })
}

/// Whether a file is what our encoder writes and no more: a header without palette and
/// transparency, pixels, the end, and nothing after it.
pub(super) fn holds_pixels_only(bytes: &[u8]) -> bool {
    let Some((chunks, length)) = chunks(bytes) else { return false };
    let [header, pixels @ .., end] = chunks.as_slice() else { return false };
    // Grey or colours, without transparency.
    let opaque = header.payload.len() == 13 && matches!(header.payload.get(9), Some(0 | 2));
    &header.name == b"IHDR"
        && opaque
        && !pixels.is_empty()
        && pixels.iter().all(|chunk| &chunk.name == b"IDAT")
        && &end.name == b"IEND"
        && end.payload.is_empty()
        && length == bytes.len()
}

/// The chunks from the header to the end, and where that is; `None` if the file does not get
/// there.
fn chunks(bytes: &[u8]) -> Option<(Vec<Chunk<'_>>, usize)> {
    let mut found = Vec::new();
    let mut at = SIGNATURE.len();
    bytes.starts_with(&SIGNATURE).then_some(())?;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let name: [u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let end = (at + 8).checked_add(usize::try_from(length).ok()?)?;
        let payload = bytes.get(at + 8..end)?;
        let next = end.checked_add(4)?;
        let whole = bytes.get(at..next)?;
        let first = found.is_empty();
        if first != (&name == b"IHDR") || found.len() >= MAX_CHUNKS {
            return None;
        }
        found.push(Chunk { name, payload, whole });
        at = next;
        if &name == b"IEND" {
            return Some((found, at));
        }
    }
}

fn size(header: &Chunk<'_>) -> Option<(u32, u32)> {
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_be_bytes(header.payload.get(at..at + 4)?.try_into().ok()?))
    };
    Some((number(0)?, number(4)?))
}

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
/// Encoders write IDAT chunks of 8 KiB or more: 32 MiB have 4,096 of them.
const MAX_CHUNKS: usize = 65_536;
