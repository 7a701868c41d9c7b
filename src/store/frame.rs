//! Frames of the journal: pure encoding and decoding, no files.
//!
//! A frame is header, payload, zeros, chain hash. It is laid into whole sectors whose first
//! byte is a mark that is never zero, so that three things can be told apart in a segment
//! that was filled with zeros before use: a sector that was never written, a frame that a
//! crash left incomplete, and damage.
//!
//! A crash can only leave the *last* frame incomplete, because the next one is not written
//! before this one is synced. A disk may have written any of its sectors and not others, in
//! any order. So a last frame is incomplete if a sector of it is missing or all zeros, or if
//! the bytes where its chain hash belongs are zeros; a bad frame that is neither, or that
//! another frame follows, is damage.

use crate::codec::{Reader, Writer};
use crate::error::{Error, ErrorKind, Result};
use crate::id::InstanceId;

/// The unit in which frames are laid; no disk tears a smaller piece.
pub(crate) const SECTOR: usize = 512;
/// Longest payload of a frame.
pub(crate) const MAX_PAYLOAD: usize = 1 << 20;

const BODY: usize = SECTOR - 1;
const FIRST_SECTOR: u8 = 0xa5;
const LATER_SECTOR: u8 = 0x5a;
const MAGIC: [u8; 4] = *b"AMPJ";
const FORMAT: u8 = 1;
const HEADER: usize = 44;
const HASH: usize = 32;

/// What a frame's payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The runs and the position from which the segment goes on.
    Manifest = 1,
    /// A commit whose rows stand in the frame.
    Rows = 2,
    /// A commit whose rows stand in a run that the frame names.
    Run = 3,
}

/// One frame, its chain hash checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    pub(crate) sequence: u64,
    pub(crate) payload: Vec<u8>,
    pub(crate) chain: [u8; 32],
    /// Bytes the frame takes in the segment.
    pub(crate) len: usize,
}

/// What stands at a place in a segment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Frame(Frame),
    /// Zeros up to the end.
    End,
    /// The remains of a frame that was never acknowledged.
    Incomplete,
}

/// Bytes that a payload of `len` bytes takes in a segment.
pub(crate) const fn frame_len(len: usize) -> usize {
    (HEADER + len + HASH).div_ceil(BODY) * SECTOR
}

/// Encodes a frame; also gives its chain hash.
pub(crate) fn encode(
    kind: Kind,
    sequence: u64,
    instance: &InstanceId,
    previous: &[u8; 32],
    payload: &[u8],
) -> (Vec<u8>, [u8; 32]) {
    let header = encode_header(kind, payload.len(), sequence, instance);
    let chain = chain_hash(previous, &header, payload);
    let sectors = frame_len(payload.len()) / SECTOR;
    let mut flat = Vec::with_capacity(sectors * BODY);
    flat.extend_from_slice(&header);
    flat.extend_from_slice(payload);
    flat.resize(sectors * BODY - HASH, 0);
    flat.extend_from_slice(&chain);
    let mut bytes = Vec::with_capacity(sectors * SECTOR);
    for body in flat.chunks(BODY) {
        bytes.push(if bytes.is_empty() { FIRST_SECTOR } else { LATER_SECTOR });
        bytes.extend_from_slice(body);
    }
    (bytes, chain)
}

/// Decodes what stands at the start of `rest`, which reaches to the end of the segment.
///
/// # Errors
///
/// `Tampered` for damage and for frames of another instance, `NewerFormat`.
pub(crate) fn decode(rest: &[u8], instance: &InstanceId, previous: &[u8; 32]) -> Result<Next> {
    let (sectors, cut) = rest.as_chunks::<SECTOR>();
    let Some((first, later)) = sectors.split_first() else {
        return Ok(if is_zero(cut) { Next::End } else { Next::Incomplete });
    };
    if is_zero(first) {
        return after_missing_sector(later, cut);
    }
    let (mark, body) = first.split_first().ok_or_else(damaged)?;
    if *mark != FIRST_SECTOR {
        return Err(damaged());
    }
    let Some((header, (kind, len, sequence))) = decode_header(body, instance)? else {
        let rest_is_zero = later.iter().all(|sector| is_zero(sector)) && is_zero(cut);
        let torn = rest_is_zero && ends_in_zeros(first);
        return if torn { Ok(Next::Incomplete) } else { Err(damaged()) };
    };

    let count = frame_len(len) / SECTOR;
    let Some((sectors, after)) = sectors.split_at_checked(count) else {
        // The file was cut within the frame; nothing can follow it.
        return Ok(Next::Incomplete);
    };
    let mut flat = Vec::with_capacity(count * BODY);
    let mut missing = false;
    for (index, sector) in sectors.iter().enumerate() {
        let (mark, body) = sector.split_first().ok_or_else(damaged)?;
        match *mark {
            FIRST_SECTOR if index == 0 => {}
            LATER_SECTOR if index > 0 => {}
            _ if is_zero(sector) => missing = true,
            _ => return Err(damaged()),
        }
        flat.extend_from_slice(body);
    }
    let (content, chain) = flat.split_last_chunk::<HASH>().ok_or_else(damaged)?;
    let payload = content.get(HEADER..HEADER + len).ok_or_else(damaged)?;
    let padding = content.get(HEADER + len..).ok_or_else(damaged)?;
    if chain_hash(previous, header, payload) == *chain && is_zero(padding) && !missing {
        let (payload, chain) = (payload.to_vec(), *chain);
        return Ok(Next::Frame(Frame { kind, sequence, payload, chain, len: count * SECTOR }));
    }
    let last = after.iter().all(|sector| is_zero(sector)) && is_zero(cut);
    if last && (missing || is_zero(chain)) { Ok(Next::Incomplete) } else { Err(damaged()) }
}

/// Where the next frame may begin behind a damaged one, and what its chain may continue.
pub(crate) struct Beyond {
    /// Bytes to pass over.
    pub(crate) len: usize,
    pub(crate) chains: Vec<[u8; 32]>,
}

/// Looks behind the damaged frame at the start of `rest`; `before` is what its own chain may
/// continue.
pub(crate) fn beyond(rest: &[u8], instance: &InstanceId, before: &[[u8; 32]]) -> Beyond {
    let (sectors, _) = rest.as_chunks::<SECTOR>();
    let header = |sector: &[u8; SECTOR]| {
        let (mark, body) = sector.split_first()?;
        let whole = *mark == FIRST_SECTOR;
        decode_header(body, instance).ok().flatten().filter(|_| whole).map(|(_, header)| header)
    };
    let own = sectors.first().and_then(header).map(|(_, len, _)| frame_len(len) / SECTOR);
    let found = sectors.iter().skip(1).position(|sector| header(sector).is_some());
    let count = own.filter(|own| *own <= sectors.len()).or(found.map(|found| found + 1));
    let count = count.unwrap_or(sectors.len()).max(1);
    let mut flat = Vec::with_capacity(count * BODY);
    for sector in sectors.iter().take(count) {
        flat.extend_from_slice(sector.get(1..).unwrap_or_default());
    }
    let mut chains = Vec::new();
    // What stands at its end; and what must have stood there, if nothing else was damaged.
    chains.extend(flat.last_chunk::<HASH>().copied());
    if let Some((_, len, _)) = sectors.first().and_then(header)
        && let Some(content) = flat.get(..HEADER + len)
        && let Some((header, payload)) = content.split_at_checked(HEADER)
    {
        chains.extend(before.iter().map(|before| chain_hash(before, header, payload)));
    }
    let len = if count >= sectors.len() { rest.len() } else { count * SECTOR };
    Beyond { len, chains }
}

/// The first sector of a frame is missing, or there is no frame.
fn after_missing_sector(later: &[[u8; SECTOR]], cut: &[u8]) -> Result<Next> {
    let mut next = Next::End;
    for sector in later.iter().map(|sector| sector.as_slice()).chain([cut]) {
        match sector.first() {
            Some(&LATER_SECTOR) => next = Next::Incomplete,
            // Another frame follows: this one was complete once.
            Some(_) if !is_zero(sector) => return Err(damaged()),
            _ => {}
        }
    }
    Ok(next)
}

fn encode_header(kind: Kind, len: usize, sequence: u64, instance: &InstanceId) -> Vec<u8> {
    let mut header = Writer::with_capacity(HEADER);
    header.raw(&MAGIC).u8(FORMAT).u8(kind as u8).u16(0);
    header.u32(u32::try_from(len).unwrap_or(u32::MAX)).u64(sequence).raw(instance.as_bytes());
    let check = header_check(header.as_slice());
    header.raw(&check);
    header.into_vec()
}

type Header<'a> = (&'a [u8], (Kind, usize, u64));

/// `None` if the header's own checksum does not hold.
fn decode_header<'a>(body: &'a [u8], instance: &InstanceId) -> Result<Option<Header<'a>>> {
    let header = Reader::new(body).take(HEADER)?;
    let mut reader = Reader::new(header);
    let (magic, format) = (reader.array::<4>()?, reader.u8()?);
    if magic == MAGIC && format > FORMAT {
        return Err(Error::new(ErrorKind::NewerFormat, "the journal is of a newer format"));
    }
    let (kind, zero) = (reader.u8()?, reader.u16()?);
    let (len, sequence) = (reader.u32()? as usize, reader.u64()?);
    let (owner, check) = (reader.array::<16>()?, reader.array::<8>()?);
    let covered = header.get(..HEADER - 8).unwrap_or_default();
    if magic != MAGIC || format != FORMAT || check != header_check(covered) {
        return Ok(None);
    }
    if owner != *instance.as_bytes() {
        return Err(Error::new(ErrorKind::Tampered, "a frame of another copy of the vault"));
    }
    let kind = match kind {
        1 => Kind::Manifest,
        2 => Kind::Rows,
        3 => Kind::Run,
        _ => return Err(damaged()),
    };
    if zero != 0 || len > MAX_PAYLOAD {
        return Err(damaged());
    }
    Ok(Some((header, (kind, len, sequence))))
}

fn header_check(header: &[u8]) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(header).as_bytes();
    [a, b, c, d, e, f, g, h]
}

fn chain_hash(previous: &[u8; 32], header: &[u8], payload: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(previous).update(header).update(payload).finalize().as_bytes()
}

fn ends_in_zeros(sector: &[u8; SECTOR]) -> bool {
    sector.last_chunk::<HASH>().is_some_and(|tail| is_zero(tail))
}

fn is_zero(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<16>();
    words.iter().all(|word| u128::from_ne_bytes(*word) == 0) && rest.iter().all(|byte| *byte == 0)
}

fn damaged() -> Error {
    Error::new(ErrorKind::Tampered, "a frame of the journal is damaged")
}
