//! JPEG (ITU-T T.81) as a list of segments, as far as metadata can hide in it.

use image::metadata::Orientation;
use zeroize::Zeroizing;

use crate::error::Result;
use crate::redact::image::{Core, bad};

/// A segment: its marker, what it holds, and, after a SOS, the coded pixels.
struct Segment<'a> {
    marker: u8,
    payload: &'a [u8],
    /// Marker, length, payload and coded pixels as they stand in the file.
    whole: &'a [u8],
}

/// What the pixels need. Whatever follows the end of the image is not looked at: cameras put a
/// second picture there.
pub(super) fn core(bytes: &[u8]) -> Result<Core> {
    let (segments, _) = segments(bytes).ok_or_else(|| bad("not one whole JPEG image"))?;
    let mut out = Zeroizing::new(Vec::with_capacity(bytes.len()));
    out.extend([0xff, SOI]);
    let (mut size, mut orientation) = (None, None);
    for segment in &segments {
        match segment.marker {
            SOF0..=SOF2 if size.is_some() => return Err(bad("a JPEG image of several frames")),
            SOF0..=SOF2 => size = frame_size(segment.payload),
            // Arithmetic, lossless and hierarchical coding: no camera writes them.
            0xc3 | 0xc5..=0xcf if segment.marker != DHT => return Err(bad("a rare kind of JPEG")),
            APP1 if orientation.is_none() => {
                let exif = segment.payload.strip_prefix(b"Exif\0\0");
                orientation = exif.and_then(Orientation::from_exif_chunk);
            }
            _ => {}
        }
        // APP14 says how colours are coded: without it they would come out wrong.
        let adobe = segment.marker == APP14 && segment.payload.starts_with(b"Adobe");
        if adobe || matches!(segment.marker, SOF0..=SOF2 | DHT | DQT | DRI | SOS) {
            out.extend_from_slice(segment.whole);
        }
    }
    out.extend([0xff, EOI]);
    Ok(Core {
        bytes: out,
        size: size.ok_or_else(|| bad("a JPEG image without a size"))?,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
    })
}

/// Whether a file is what our encoder writes and no more: a bare JFIF header without a small
/// picture, tables, one frame, one scan, and nothing after the end.
pub(super) fn holds_pixels_only(bytes: &[u8]) -> bool {
    let Some((segments, length)) = segments(bytes) else { return false };
    let markers = |of: u8| segments.iter().filter(|segment| segment.marker == of).count();
    let known = segments.iter().all(|segment| match segment.marker {
        // Version 1.2, no unit, ratio 1:1, no small picture.
        APP0 => segment.payload == b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0",
        SOF0 | DHT | DQT | SOS => true,
        _ => false,
    });
    let whole: usize = segments.iter().map(|segment| segment.whole.len()).sum();
    let once = [APP0, SOF0, SOS].into_iter().all(|marker| markers(marker) == 1);
    known && once && segments.first().is_some_and(|first| first.marker == APP0)
        // SOI and EOI beside the segments: no fill bytes between, nothing after.
        && length == bytes.len()
        && whole + 4 == bytes.len()
}

/// The segments between SOI and EOI, and where the EOI ends; `None` if the file does not get
/// there.
fn segments(bytes: &[u8]) -> Option<(Vec<Segment<'_>>, usize)> {
    let mut found = Vec::new();
    let mut at = 2;
    if !bytes.starts_with(&[0xff, SOI]) {
        return None;
    }
    loop {
        // Any number of FF may fill the space before a marker.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            EOI => return Some((found, at + 2)),
            // These carry no length and have no place here.
            0x00 | 0x01 | 0xd0..=SOI => return None,
            _ => {}
        }
        let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
        let end = at + 2 + usize::from(length);
        let payload = bytes.get(at + 4..end)?;
        let start = at;
        at = match marker {
            SOS => end + coded(bytes.get(end..)?)?,
            _ => end,
        };
        if found.len() >= MAX_SEGMENTS {
            return None;
        }
        found.push(Segment { marker, payload, whole: bytes.get(start..at)? });
    }
}

/// How long the coded pixels are: up to a marker that is neither a stuffed FF nor a restart.
fn coded(bytes: &[u8]) -> Option<usize> {
    let is_marker = |pair: &[u8]| matches!(pair, [0xff, next] if !matches!(next, 0 | 0xd0..=0xd7));
    bytes.windows(2).position(is_marker)
}

/// Precision (1 byte), height (2), width (2).
fn frame_size(payload: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| -> Option<u32> {
        Some(u16::from_be_bytes(payload.get(at..at + 2)?.try_into().ok()?).into())
    };
    Some((number(3)?, number(1)?))
}

const SOF0: u8 = 0xc0;
const SOF2: u8 = 0xc2;
const DHT: u8 = 0xc4;
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const DQT: u8 = 0xdb;
const DRI: u8 = 0xdd;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP14: u8 = 0xee;
/// A profile of 16 MiB takes 255; scans and tables a hundred.
const MAX_SEGMENTS: usize = 4096;
