//! What the fuzz targets reach of the journal and the runs: pure decoders of hostile bytes.

use crate::id::InstanceId;
use crate::store::frame::{self, Frame, Kind, Next, SECTOR};
use crate::store::payload::{Commit, Manifest};
use crate::store::run::page::{self, Entries, Footer, Group};
use crate::store::segment::Segment;

/// The first byte says what the rest is: a segment as it lies on the disk, the payload of a
/// frame, or a part of a run. What decodes is encoded the same again.
pub(crate) fn journal(bytes: &[u8]) {
    let Some((what, bytes)) = bytes.split_first() else {
        return;
    };
    match what % 7 {
        0 => segment(bytes),
        1 => payload(Kind::Rows, bytes),
        2 => payload(Kind::Run, bytes),
        3 => payload(Kind::Manifest, bytes),
        4 => {
            if let Ok(footer) = Footer::decode(bytes) {
                assert_eq!(footer.encode(), bytes);
            }
        }
        5 => {
            if let Ok(groups) = page::decode_directory(bytes) {
                assert_eq!(page::encode_directory(&groups), bytes);
            }
            if let Ok(group) = Group::decode(bytes) {
                assert_eq!(group.encode(), bytes);
            }
        }
        _ => block(bytes),
    }
}

fn segment(bytes: &[u8]) {
    // The instance that the first frame names: behind mark, magic, format, kind, zero, length
    // and sequence.
    let owner = bytes.get(21..37).and_then(|owner| owner.try_into().ok());
    let instance = InstanceId::from_bytes(owner.unwrap_or([0; 16]));
    if let Ok(segment) = Segment::parse(bytes, &instance, "fuzz.seg") {
        assert!(segment.end() <= bytes.len() && segment.end().is_multiple_of(SECTOR));
        let sequence = segment.manifest.sequence + segment.commits.len() as u64;
        assert_eq!(segment.position().sequence, sequence);
        assert_eq!(segment.torn, bytes.iter().skip(segment.end()).any(|byte| *byte != 0));
    }
}

/// A frame around any payload is read back as it was, and its payload is judged.
fn payload(kind: Kind, bytes: &[u8]) {
    if bytes.len() > frame::MAX_PAYLOAD {
        return;
    }
    let instance = InstanceId::from_bytes([7; 16]);
    let sequence = bytes.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
    let (framed, chain) = frame::encode(kind, sequence, &instance, &[0; 32], bytes);
    let next = frame::decode(&framed, &instance, &[0; 32]);
    let len = framed.len();
    let frame = Frame { kind, sequence, payload: bytes.to_vec(), chain, len };
    assert!(next.is_ok_and(|next| next == Next::Frame(frame)));
    let frame = Frame { kind, sequence, payload: bytes.to_vec(), chain, len };
    if kind == Kind::Manifest {
        if let Ok(manifest) = Manifest::decode(&frame) {
            assert_eq!(manifest.encode(), bytes);
        }
    } else if let Ok(Commit::Run { state, run }) = Commit::decode(kind, bytes) {
        assert_eq!(Commit::encode_run(&state, &run), bytes);
    }
}

fn block(bytes: &[u8]) {
    let mut again = Vec::new();
    for entry in Entries::new(bytes) {
        let Ok((key, value)) = entry else { return };
        page::push_entry(&mut again, key, value);
    }
    assert_eq!(again, bytes);
}
