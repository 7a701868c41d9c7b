use proptest::prelude::*;

use super::*;
use crate::keys::tree::fresh_key;

const VAULT: VaultId = VaultId::from_bytes([1; 16]);
const RECORD: RecordId = RecordId::from_bytes([2; 16]);

fn place(compartment: u8) -> Place<'static> {
    Place {
        vault: &VAULT,
        record: &RECORD,
        record_type: "person",
        section: SectionId::fields(compartment),
    }
}

struct Keys {
    ck: Key,
    sk: Key,
}

fn keys() -> Keys {
    Keys { ck: fresh_key().unwrap(), sk: fresh_key().unwrap() }
}

fn seal(
    place: &Place<'_>,
    keys: &Keys,
    revision: u32,
    fields: &[(&'static str, &[u8])],
) -> Vec<u8> {
    let version = SectionVersion {
        ck: &keys.ck,
        sk: &keys.sk,
        epoch: 1,
        revision,
        schema_version: 1,
        previous: [0; 32],
    };
    let fields = fields
        .iter()
        .map(|(path, value)| PlainField { path, kind: 1, value: SecretBytes::new(value.to_vec()) })
        .collect();
    seal_section(place, &version, fields, &mut Nonces::draw(4).unwrap()).unwrap().bytes
}

#[test]
fn fields_open_one_by_one_and_absent_ones_are_absent() {
    let keys = keys();
    let bytes =
        seal(&place(3), &keys, 1, &[("given_names", b"Flor"), ("address", b"Jr. Inventado 1")]);
    let open = OpenSection::open(place(3), &bytes, &keys.ck, &keys.sk).unwrap();
    assert_eq!(open.field("given_names", 1).unwrap().unwrap().as_slice(), b"Flor");
    assert_eq!(open.field("address", 1).unwrap().unwrap().as_slice(), b"Jr. Inventado 1");
    assert!(open.field("phone", 1).unwrap().is_none());
    assert!(open.field("given_names", 2).is_err(), "another kind");
}

#[test]
fn a_section_opens_in_its_own_place_only() {
    let keys = keys();
    let bytes = seal(&place(3), &keys, 1, &[("given_names", b"Flor")]);
    let other_vault = VaultId::from_bytes([9; 16]);
    let other_record = RecordId::from_bytes([9; 16]);
    let moved = [
        Place { vault: &other_vault, ..place(3) },
        Place { record: &other_record, ..place(3) },
        place(4),
        Place { section: SectionId { compartment: 3, part: 1 }, ..place(3) },
    ];
    for wrong in moved {
        assert!(OpenSection::open(wrong, &bytes, &keys.ck, &keys.sk).is_err());
    }
    // The type is not in the section's keys but in every field's AAD.
    let retyped = Place { record_type: "case", ..place(3) };
    let open = OpenSection::open(retyped, &bytes, &keys.ck, &keys.sk).unwrap();
    assert!(open.field("given_names", 1).is_err());
}

#[test]
fn either_gate_alone_opens_nothing() {
    let (right, wrong) = (keys(), keys());
    let bytes = seal(&place(3), &right, 1, &[("given_names", b"Flor")]);
    assert!(OpenSection::open(place(3), &bytes, &right.ck, &wrong.sk).is_err());
    assert!(OpenSection::open(place(3), &bytes, &wrong.ck, &right.sk).is_err());
}

#[test]
fn any_flipped_byte_is_an_integrity_error_and_never_a_wrong_value() {
    let keys = keys();
    let bytes =
        seal(&place(3), &keys, 1, &[("given_names", b"Flor"), ("address", b"Jr. Inventado 1")]);
    for i in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[i] ^= 0x40;
        let values = OpenSection::open(place(3), &bad, &keys.ck, &keys.sk).and_then(|open| {
            Ok((open.field("given_names", 1)?.unwrap(), open.field("address", 1)?.unwrap()))
        });
        assert!(values.is_err(), "byte {i}");
        let cut = OpenSection::open(place(3), &bytes[..i], &keys.ck, &keys.sk);
        assert!(cut.is_err(), "cut at {i}");
    }
}

/// A MAC is no commitment: whoever holds two keys may find one head that is right under both.
#[test]
fn a_head_with_a_good_mac_and_another_commitment_is_refused() {
    let keys = keys();
    let mut bytes = seal(&place(3), &keys, 1, &[("given_names", b"Flor")]);
    let (mut head, signed, ..) = SectionHead::parse(&bytes).unwrap();
    let end = signed.len();
    head.commitment[0] ^= 1;
    let section_keys = SectionKeys::derive(&place(3), &keys.ck, &keys.sk, 1, 1);
    let forged = head.to_bytes().unwrap();
    bytes[..end].copy_from_slice(&forged);
    bytes[end..end + MAC].copy_from_slice(&section_keys.mac(&forged));
    assert!(OpenSection::open(place(3), &bytes, &keys.ck, &keys.sk).is_err());
}

#[test]
fn a_value_has_one_padding_only() {
    let padded = |len: u32, rest: &[u8]| {
        let mut bytes = len.to_le_bytes().to_vec();
        bytes.extend_from_slice(rest);
        unpad(SecretBytes::new(bytes))
    };
    assert_eq!(padded(2, b"ab\0\0").unwrap().as_slice(), b"ab");
    for (len, rest) in [(2, b"ab\0c"), (2, b"abc\0"), (5, b"abcd"), (u32::MAX, b"abcd")] {
        assert!(padded(len, rest).is_err());
    }
    assert!(unpad(SecretBytes::new(vec![0; 3])).is_err());
}

#[test]
fn two_ciphertexts_swapped_do_not_open() {
    let keys = keys();
    let bytes = seal(&place(3), &keys, 1, &[("given_names", b"Flor"), ("address", b"Jr. Falso")]);
    let mut swapped = bytes.clone();
    let (a, b) = (bytes.len() - 64, bytes.len() - 32);
    swapped[a..b].copy_from_slice(&bytes[b..]);
    swapped[b..].copy_from_slice(&bytes[a..b]);
    let open = OpenSection::open(place(3), &swapped, &keys.ck, &keys.sk).unwrap();
    assert!(open.field("given_names", 1).is_err() && open.field("address", 1).is_err());
}

#[test]
fn a_head_says_what_it_replaced_in_one_way_only() {
    let mut head = SectionHead {
        section: SectionId::fields(3),
        epoch: 1,
        revision: 2,
        schema_version: 1,
        commitment: [1; 32],
        previous: [0; 32],
        nonce: [2; aead::NONCE],
        fields: Vec::new(),
    };
    let whole = |bytes: Vec<u8>| [bytes, vec![0; MAC]].concat();
    let first = whole(head.to_bytes().unwrap());
    head.previous = [5; 32];
    let mut later = whole(head.to_bytes().unwrap());
    assert_eq!(later.len(), first.len() + 32);
    assert_eq!(SectionHead::parse(&first).unwrap().0.previous, [0; 32]);
    assert_eq!(SectionHead::parse(&later).unwrap().0.previous, [5; 32]);
    let flag = 2 + 2 + 3 * 4 + 32;
    later[flag + 1..flag + 33].fill(0);
    assert!(SectionHead::parse(&later).is_err(), "zeros written out");
    later[flag] = 2;
    assert!(SectionHead::parse(&later).is_err());
}

#[test]
fn equal_values_of_one_class_have_equal_lengths() {
    let keys = keys();
    let one = seal(&place(3), &keys, 1, &[("given_names", b"Flor")]);
    let two = seal(&place(3), &keys, 1, &[("given_names", b"Maria Inventada de los Angeles")]);
    let short = seal(&place(3), &keys, 1, &[("given_names", b"")]);
    assert_eq!(one.len(), short.len());
    assert_eq!(two.len() - one.len(), 32);
}

proptest! {
    #[test]
    fn any_value_up_to_the_bound_survives(value in proptest::collection::vec(any::<u8>(), 0..4000)) {
        let keys = keys();
        let bytes = seal(&place(3), &keys, 7, &[("note", &value)]);
        let open = OpenSection::open(place(3), &bytes, &keys.ck, &keys.sk).unwrap();
        let plain = open.field("note", 1).unwrap().unwrap();
        prop_assert_eq!(plain.as_slice(), value.as_slice());
    }

    #[test]
    fn parsing_hostile_bytes_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = SealedRecord::parse(&bytes);
        let _ = SectionHead::parse(&bytes);
    }
}
