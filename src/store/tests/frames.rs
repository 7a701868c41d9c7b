//! Frames and parts of runs as bytes, whatever somebody wrote there.

use proptest::prelude::*;

use super::{INSTANCE, batch};
use crate::id::InstanceId;
use crate::store::Position;
use crate::store::frame::{self, Kind, Next, SECTOR};
use crate::store::payload::{Commit, Manifest, RunRef};
use crate::store::run::page::{self, Entries, Extent, Footer, Group};
use crate::store::segment::Segment;

/// A segment of a manifest and `count` commits, and where each frame starts.
fn segment(count: u32) -> (Vec<u8>, Vec<usize>) {
    let payload = Manifest::default().encode();
    let (mut bytes, _) = frame::encode(Kind::Manifest, 0, &INSTANCE, &[0; 32], &payload);
    let mut position = Position::default();
    let mut starts = vec![0];
    for number in 1..=count {
        starts.push(bytes.len());
        let payload = Commit::encode_rows(&batch(number));
        let sequence = position.sequence + 1;
        let (frame, chain) =
            frame::encode(Kind::Rows, sequence, &INSTANCE, &position.chain, &payload);
        assert_eq!(frame.len(), frame::frame_len(payload.len()));
        position = Position { sequence, chain };
        bytes.extend_from_slice(&frame);
    }
    bytes.resize(bytes.len() + 20 * SECTOR, 0);
    (bytes, starts)
}

fn parse(bytes: &[u8]) -> Option<(u64, bool)> {
    let segment = Segment::parse(bytes, &INSTANCE, "test").ok()?;
    Some((segment.position().sequence, segment.torn))
}

#[test]
fn frames_come_back_as_they_were_written() {
    let (bytes, _) = segment(9);
    let segment = Segment::parse(&bytes, &INSTANCE, "test").unwrap();
    assert!(!segment.torn);
    for (number, (position, commit)) in (1..).zip(&segment.commits) {
        let batch = batch(number);
        assert_eq!(position.sequence, u64::from(number));
        assert_eq!(*commit, Commit::Rows { state: batch.state, rows: batch.rows });
    }
    assert_eq!(segment.commits.len(), 9);
    let other = InstanceId::from_bytes([8; 16]);
    assert!(Segment::parse(&bytes, &other, "test").is_err(), "another instance's frames");
}

/// Chained without a key, as the store's operator could.
#[test]
fn a_frame_that_skips_a_number_is_damage() {
    let (mut bytes, _) = segment(2);
    let segment = Segment::parse(&bytes, &INSTANCE, "test").unwrap();
    let payload = Commit::encode_rows(&batch(3));
    for (sequence, parsed) in [(3, Some((3, false))), (4, None), (2, None)] {
        let chain = segment.position().chain;
        let (frame, _) = frame::encode(Kind::Rows, sequence, &INSTANCE, &chain, &payload);
        bytes[segment.end()..][..frame.len()].copy_from_slice(&frame);
        assert_eq!(parse(&bytes), parsed, "number {sequence}");
    }
}

#[test]
fn a_missing_sector_is_incomplete_in_the_last_frame_and_damage_in_any_other() {
    let (bytes, starts) = segment(5);
    let last = *starts.last().unwrap();
    let end = bytes.len() - 20 * SECTOR;
    for at in (0..end).step_by(SECTOR) {
        let mut bytes = bytes.clone();
        bytes[at..at + SECTOR].fill(0);
        // One missing sector alone leaves nothing behind if the frame has no other.
        let torn = end - last > SECTOR;
        let expected = (at >= last).then_some((4, torn));
        assert_eq!(parse(&bytes), expected, "sector at {at}");
    }
    let mut swapped = bytes.clone();
    swapped[last..end].copy_from_slice(&bytes[starts[4]..starts[4] + (end - last)]);
    assert_eq!(parse(&swapped), None, "a frame twice");
}

#[test]
fn a_last_frame_that_ends_in_zeros_or_with_the_file_is_incomplete() {
    let (bytes, starts) = segment(3);
    let (last, end) = (starts[3], bytes.len() - 20 * SECTOR);
    for at in last + 1..end {
        let cut = parse(&bytes[..at]);
        assert_eq!(cut, Some((2, true)), "cut at {at}");
        if at <= end - 32 {
            let mut zeroed = bytes.clone();
            zeroed[at..].fill(0);
            assert_eq!(parse(&zeroed), Some((2, true)), "zeros from {at}");
        }
    }
    assert_eq!(parse(&bytes[..last]), Some((2, false)));
    assert_eq!(parse(&bytes[..end]), Some((3, false)));
}

#[test]
fn no_flipped_bit_is_taken_for_an_incomplete_frame() {
    let (bytes, _) = segment(3);
    for at in 0..bytes.len() - 19 * SECTOR {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            assert_eq!(parse(&bytes), None, "bit {bit} of {at}");
        }
    }
}

#[test]
fn manifests_and_runs_in_commits_come_back_as_they_were_written() {
    let run = RunRef { id: 3, len: 9_000, hash: [4; 32] };
    let payload = Commit::encode_run(b"state", &run);
    let commit = Commit::decode(Kind::Run, &payload).unwrap();
    assert_eq!(commit, Commit::Run { state: b"state".to_vec(), run: run.clone() });
    let manifest = Manifest {
        sequence: 7,
        state: b"state".to_vec(),
        trail: vec![[1; 32], [2; 32]],
        runs: vec![run; 3],
    };
    assert_eq!(manifest.position(), Position { sequence: 7, chain: [2; 32] });
    let (bytes, _) = frame::encode(Kind::Manifest, 7, &INSTANCE, &[0; 32], &manifest.encode());
    let Next::Frame(frame) = frame::decode(&bytes, &INSTANCE, &[0; 32]).unwrap() else { panic!() };
    assert_eq!(Manifest::decode(&frame).unwrap(), manifest);
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = Segment::parse(&bytes, &INSTANCE, "test");
        let _ = Commit::decode(Kind::Rows, &bytes).map(drop);
        let _ = Commit::decode(Kind::Run, &bytes).map(drop);
        let _ = Group::decode(&bytes).map(drop);
        let _ = page::decode_directory(&bytes).map(drop);
        let _ = Footer::decode(&bytes).map(drop);
        prop_assert!(Entries::new(&bytes).count() <= bytes.len());
    }

    #[test]
    fn what_a_parser_accepts_has_no_other_spelling(bytes in prop::collection::vec(0_u8..4, 0..60)) {
        if let Ok(Commit::Rows { state, rows }) = Commit::decode(Kind::Rows, &bytes) {
            let batch = crate::store::Batch { rows, expect: Vec::new(), state };
            prop_assert_eq!(Commit::encode_rows(&batch), bytes);
        }
    }

    #[test]
    fn parts_of_a_run_come_back_as_they_were_written(
        firsts in prop::collection::btree_set(prop::collection::vec(any::<u8>(), 1..=32), 1..20),
        filter in prop::collection::vec(any::<u8>(), 1..50),
    ) {
        let extent = |first: Vec<u8>| Extent { first, offset: 5, len: 77, check: [3; 16] };
        let blocks: Vec<_> = firsts.into_iter().map(extent).collect();
        let directory = page::encode_directory(&blocks);
        prop_assert_eq!(&page::decode_directory(&directory).unwrap(), &blocks);
        let group = Group { blocks: blocks.clone(), filter: filter.clone() };
        let again = Group::decode(&group.encode()).unwrap();
        prop_assert_eq!((again.blocks, again.filter), (blocks, filter));
    }
}
