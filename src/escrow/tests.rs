//! Custodians, one fewer than a quorum; forgers who bring pieces; damage.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::error::ErrorKind;
use crate::escrow::ceremony::{Dealt, Terms, hold};
use crate::escrow::quorum::{Facts, Piece, Quorum};
use crate::escrow::share::{LENGTH, Share};
use crate::escrow::split::{combine, split, split_with, subsets};
use crate::keys::Fingerprint;
use crate::keys::roster::Escrow;

const VAULT: VaultId = VaultId::from_bytes([7; 16]);

/// A director, who holds ceremonies.
static ROSA: LazyLock<Identity> = LazyLock::new(|| Identity::generate().unwrap());
/// Three of five, by Rosa.
static DEALT: LazyLock<Dealt> = LazyLock::new(|| ceremony(VAULT, 4, 3, 5, &ROSA));

fn fingerprint(vault: VaultId, founder: &Identity) -> Fingerprint {
    Fingerprint::new(&vault, &founder.card().verify_key())
}

fn custodians(count: usize) -> Vec<(String, String)> {
    let one = |at| (format!("Custodia {at}"), Identity::generate().unwrap().card().recipient());
    (0..count).map(one).collect()
}

fn ceremony(vault: VaultId, epoch: u32, quorum: u8, count: usize, dealer: &Identity) -> Dealt {
    let fingerprint = fingerprint(vault, &ROSA);
    let terms = Terms { vault, fingerprint, epoch, quorum, custodians: &custodians(count) };
    hold(&terms, dealer.sign_key()).unwrap()
}

fn facts(escrow: &Escrow) -> Facts<'_> {
    Facts { vault: VAULT, fingerprint: fingerprint(VAULT, &ROSA), escrow }
}

fn piece(name: &str, share: &Share) -> Piece {
    Piece { name: name.to_owned(), share: Ok(share.clone()) }
}

fn pieces(shares: &[&Share]) -> Vec<Piece> {
    (1..).zip(shares).map(|(at, share)| piece(&format!("p{at}"), share)).collect()
}

/// Kind and place of each piece that was refused.
fn refused(quorum: &Quorum) -> Vec<(ErrorKind, String)> {
    let said = |error: &crate::Error| (error.kind(), error.place().unwrap().to_string());
    quorum.refused().iter().map(said).collect()
}

fn recovered(quorum: Quorum) -> String {
    quorum.into_secret().unwrap().identity().unwrap().card().recipient()
}

/// Reads bytes that somebody made, as an envelope that is typed.
fn reread(envelope: &[u8]) -> Result<Share> {
    Share::read(text::write(envelope).expose().as_bytes(), None)
}

fn bytes_of(share: &Share) -> Vec<u8> {
    text::read(share.to_text().expose().as_bytes()).unwrap().to_vec()
}

#[test]
fn every_quorum_of_every_size_recovers() {
    for custodians in 2..=9 {
        for quorum in 2..=custodians {
            let secret = EscrowSecret::generate().unwrap();
            let values = split(&secret.0, quorum, custodians).unwrap();
            let points: Vec<(u8, &Key)> = (1..).zip(&values).collect();
            for chosen in subsets(&points, usize::from(quorum)) {
                assert!(combine(&chosen).unwrap() == secret.0);
            }
        }
    }
}

#[test]
fn a_ceremony_gives_shares_that_recover_its_escrow() {
    for (quorum, count) in [(2, 2), (2, 3), (3, 5), (9, 9)] {
        let dealt = ceremony(VAULT, 1, quorum, count, &ROSA);
        let all: Vec<&Share> = dealt.shares.iter().collect();
        assert_eq!(all.len(), count);
        for chosen in subsets(&all, usize::from(quorum)).into_iter().take(5) {
            let quorum = Quorum::collect(pieces(&chosen), &facts(&dealt.escrow));
            assert!(quorum.refused().is_empty());
            assert_eq!(recovered(quorum), dealt.escrow.recipient);
        }
    }
}

#[test]
fn a_ceremony_needs_different_custodians_who_can_be_sealed_to() {
    let terms = |custodians: &[(String, String)], quorum| {
        let fingerprint = fingerprint(VAULT, &ROSA);
        let terms = Terms { vault: VAULT, fingerprint, epoch: 1, quorum, custodians };
        hold(&terms, ROSA.sign_key()).map(|_| ()).unwrap_err().kind()
    };
    let three = custodians(3);
    assert_eq!(terms(&three, 1), ErrorKind::BadParameters);
    assert_eq!(terms(&three, 4), ErrorKind::BadParameters);
    assert_eq!(terms(&custodians(10), 2), ErrorKind::BadParameters);
    let mut same_name = three.clone();
    same_name[1].0.clone_from(&three[0].0);
    assert_eq!(terms(&same_name, 2), ErrorKind::Exists);
    // One person with two names would be a quorum of one.
    let mut same_key = three.clone();
    same_key[1].1 = format!(" {}", three[0].1);
    assert_eq!(terms(&same_key, 2), ErrorKind::Exists);
    let mut no_key = three;
    no_key[1].1 = "age1nobody".into();
    assert_eq!(terms(&no_key, 2), ErrorKind::BadInput);
}

/// What k - 1 custodians hold fits every secret: count, over all that the last value could be,
/// which secrets come out.
#[test]
fn k_minus_one_shares_recover_nothing() {
    for quorum in 2..=9_u8 {
        let values = split(&Key::init_with(|key| key.fill(42)), quorum, quorum).unwrap();
        let held: Vec<(u8, &Key)> = (1..quorum).zip(&values).collect();
        let mut seen = [0_u32; 256];
        for last in 0..=255 {
            let guess = Key::init_with(|key| key.fill(last));
            let points = [held.as_slice(), &[(quorum, &guess)]].concat();
            seen[usize::from(combine(&points).unwrap().expose()[0])] += 1;
        }
        assert_eq!(seen, [1; 256], "a quorum of {quorum}");
    }
}

/// And what fits is equally likely: over many splits the values of k - 1 custodians, and how far
/// off the best guess from all of them is, are spread evenly whatever the secret is. Chi-square
/// with 255 degrees of freedom: above 340 by chance once in 3,000; the generator is fixed.
#[test]
fn the_best_guess_of_k_minus_one_custodians_is_a_blind_one() {
    let mut rng = Fixed(blake3::Hasher::new().update(b"chi-square").finalize_xof());
    for (quorum, custodians) in [(2, 2), (2, 5), (3, 5), (5, 9)] {
        for secret in [0, 0xff] {
            let secret = Key::init_with(|key| key.fill(secret));
            let held = usize::from(quorum) - 1;
            // Each value that is held, and how far off the best guess from all of them is.
            let mut counts = vec![[0_u32; 256]; held + 1];
            let rounds = 400;
            for _ in 0..rounds {
                let values = split_with(&secret, quorum, custodians, &mut rng).unwrap();
                let points: Vec<(u8, &Key)> = (1..).zip(&values).take(held).collect();
                let guess = if held == 1 { values[0].clone() } else { combine(&points).unwrap() };
                for at in 0..32 {
                    let off = guess.expose()[at] ^ secret.expose()[at];
                    let bytes = points.iter().map(|(_, value)| value.expose()[at]);
                    for (byte, counts) in bytes.chain([off]).zip(&mut counts) {
                        counts[usize::from(byte)] += 1;
                    }
                }
            }
            let expected = f64::from(rounds * 32) / 256.0;
            for counts in counts {
                let square = |count: &u32| (f64::from(*count) - expected).powi(2) / expected;
                let chi: f64 = counts.iter().map(square).sum();
                assert!((170.0..340.0).contains(&chi), "{chi} for {quorum} of {custodians}");
            }
        }
    }
}

#[test]
fn what_stands_in_the_roster_matches_no_other_secret() {
    let secret = EscrowSecret::generate().unwrap();
    let commitment = secret.commitment(&VAULT, 1);
    assert_ne!(commitment, secret.commitment(&VAULT, 2));
    assert_ne!(commitment, secret.commitment(&VaultId::from_bytes([8; 16]), 1));
    assert_ne!(commitment, EscrowSecret::generate().unwrap().commitment(&VAULT, 1));
    // Equal values are salted: their hashes are not equal.
    let share = &DEALT.shares[0];
    let again =
        Share::deal(share.facts(), share.index(), share.point().1, ROSA.sign_key()).unwrap();
    assert_ne!(share.hash(), again.hash());
}

#[test]
fn any_flipped_bit_of_a_share_is_refused() {
    let bytes = bytes_of(&DEALT.shares[1]);
    assert_eq!(bytes.len(), LENGTH);
    for bit in 0..LENGTH * 8 {
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        // Typed anew, so that the checksum of the text does not stand in the way.
        let kind = reread(&bad).unwrap_err().kind();
        let expected = if bit < 16 {
            [ErrorKind::NewerFormat, ErrorKind::ShareDamaged]
        } else {
            [ErrorKind::ShareForged; 2]
        };
        assert!(expected.contains(&kind), "bit {bit}: {kind:?}");
    }
    for length in [0, 1, LENGTH - 1] {
        assert!(Share::from_envelope(&bytes[..length]).is_err());
    }
    assert!(Share::from_envelope(&[bytes.as_slice(), &[0]].concat()).is_err());
}

#[test]
fn a_share_that_contradicts_itself_is_refused_though_it_is_signed() {
    let share = &DEALT.shares[0];
    for (index, quorum, custodians) in [(0, 3, 5), (6, 3, 5), (1, 1, 5), (1, 6, 5), (1, 2, 10)] {
        let facts = share::SplitFacts { quorum, custodians, ..share.facts() };
        let bad = Share::deal(facts, index, share.point().1, ROSA.sign_key()).unwrap();
        let kind = reread(&bytes_of(&bad)).unwrap_err().kind();
        assert_eq!(kind, ErrorKind::ShareForged);
    }
}

#[test]
fn too_few_are_told_how_many_are_missing() {
    let [first, second, ..] = &*DEALT.shares else { panic!() };
    for (held, said) in
        [(vec![], "0 of 3"), (vec![first], "1 of 3"), (vec![first, second], "2 of 3")]
    {
        let quorum = Quorum::collect(pieces(&held), &facts(&DEALT.escrow));
        let error = quorum.into_secret().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooFewShares);
        assert_eq!(error.place().unwrap().to_string(), said);
    }
}

/// Every piece that is not what it says is named, and the others still recover.
#[test]
fn each_bad_piece_is_named_and_a_quorum_among_the_others_recovers() {
    let shares = &DEALT.shares;
    let mallory = Identity::generate().unwrap();
    // A value of his own, signed with his own key; and one that a director was made to sign.
    let value = Key::init_with(|key| key.fill(1));
    let forged = Share::deal(shares[3].facts(), 4, &value, mallory.sign_key()).unwrap();
    let resigned = Share::deal(shares[3].facts(), 4, &value, ROSA.sign_key()).unwrap();
    let foreign = ceremony(VaultId::from_bytes([8; 16]), 4, 3, 5, &ROSA);
    let older = ceremony(VAULT, 3, 3, 5, &ROSA);
    let larger = ceremony(VAULT, 4, 2, 5, &ROSA);
    let damaged = shares[4].to_text().expose().replacen(|c: char| c != '0', "0", 1);
    let brought = vec![
        piece("good 1", &shares[0]),
        piece("forged", &forged),
        piece("twice", &shares[0]),
        piece("foreign", &foreign.shares[1]),
        piece("older", &older.shares[2]),
        piece("resigned", &resigned),
        piece("good 2", &shares[1]),
        piece("other split", &larger.shares[2]),
        Piece { name: "typed".into(), share: Share::read(damaged.as_bytes(), None) },
        piece("good 3", &shares[2]),
    ];
    let quorum = Quorum::collect(brought, &facts(&DEALT.escrow));
    let mut named = refused(&quorum);
    named.sort();
    let mut expected = [
        (ErrorKind::ShareForged, "forged"),
        (ErrorKind::ShareTwice, "twice"),
        (ErrorKind::ShareForeign, "foreign"),
        (ErrorKind::ShareOutdated, "older"),
        (ErrorKind::ShareForged, "resigned"),
        (ErrorKind::ShareForged, "other split"),
        (ErrorKind::ShareDamaged, "typed, line 1, group 1"),
    ]
    .map(|(kind, name)| (kind, name.to_owned()));
    expected.sort();
    assert_eq!(named, expected);
    assert_eq!(recovered(quorum), DEALT.escrow.recipient);
}

#[test]
fn a_forged_piece_does_not_make_a_quorum() {
    let shares = &DEALT.shares;
    let value = Key::init_with(|key| key.fill(1));
    let forged = Share::deal(shares[2].facts(), 3, &value, ROSA.sign_key()).unwrap();
    let quorum = Quorum::collect(pieces(&[&shares[0], &shares[1], &forged]), &facts(&DEALT.escrow));
    assert_eq!(refused(&quorum), [(ErrorKind::ShareForged, "p3".to_owned())]);
    assert_eq!(quorum.into_secret().unwrap_err().kind(), ErrorKind::TooFewShares);
}

/// A roster that names false hashes could only come from administrators; the commitment still
/// says that the secret is wrong.
#[test]
fn a_secret_that_the_commitment_does_not_know_is_refused() {
    let mut escrow = DEALT.escrow.clone();
    escrow.split.as_mut().unwrap().commitment[0] ^= 1;
    let all: Vec<&Share> = DEALT.shares.iter().collect();
    let quorum = Quorum::collect(pieces(&all), &facts(&escrow));
    assert_eq!(quorum.into_secret().unwrap_err().kind(), ErrorKind::ShareForged);
}

#[test]
fn nobody_needs_the_roster_to_recover_it() {
    let opens = |secret: &EscrowSecret| {
        secret.identity().unwrap().card().recipient() == DEALT.escrow.recipient
    };
    let shares = &DEALT.shares;
    let mallory = Identity::generate().unwrap();
    let false_set = ceremony(VAULT, 4, 3, 5, &mallory);
    // The same director held a ceremony that was broken off, of the same number.
    let broken_off = ceremony(VAULT, 4, 3, 5, &ROSA);
    let older = ceremony(VAULT, 3, 2, 3, &ROSA);
    let quorum = Quorum::collect_blind(
        pieces(&[
            &false_set.shares[0],
            &false_set.shares[1],
            &false_set.shares[2],
            &shares[4],
            &broken_off.shares[1],
            &older.shares[0],
            &older.shares[1],
            &shares[2],
            &shares[1],
        ]),
        VAULT,
        opens,
    );
    let mut named: Vec<_> = refused(&quorum).into_iter().map(|(_, name)| name).collect();
    named.sort();
    assert_eq!(named, ["p1", "p2", "p3", "p6", "p7"]);
    assert_eq!(recovered(quorum), DEALT.escrow.recipient);

    let without = |shares: &[&Share]| {
        let error = Quorum::collect_blind(pieces(shares), VAULT, opens).into_secret().unwrap_err();
        (error.kind(), error.place().map(ToString::to_string).unwrap_or_default())
    };
    let few = |text: &str| (ErrorKind::TooFewShares, text.to_owned());
    assert_eq!(without(&[]), few("0 of 2"));
    assert_eq!(without(&[&shares[0]]), few("1 of 3"));
    let false_set: Vec<&Share> = false_set.shares.iter().collect();
    assert_eq!(without(&false_set), (ErrorKind::ShareForged, String::new()));
    // A forger who brings a whole set does not hide that one share is missing.
    let both = [&false_set[..], &[&shares[0], &shares[1]]].concat();
    assert_eq!(without(&both), few("2 of 3"));
}

#[test]
fn more_pieces_than_a_vault_has_are_not_tried() {
    let value = Key::init_with(|key| key.fill(1));
    let facts = DEALT.shares[0].facts();
    let flood: Vec<Share> =
        (0..40).map(|_| Share::deal(facts, 1, &value, ROSA.sign_key()).unwrap()).collect();
    let flood: Vec<&Share> = flood.iter().collect();
    let quorum = Quorum::collect_blind(pieces(&flood), VAULT, |_| false);
    let long = quorum.refused().iter().filter(|error| error.kind() == ErrorKind::TooLong);
    assert_eq!(long.count(), 24);
}

#[test]
fn a_sealed_share_opens_for_its_custodian_alone() {
    let share = &DEALT.shares[0];
    let (ana, eva) = (Identity::generate().unwrap(), Identity::generate().unwrap());
    for recipient in [ana.card().to_string(), ana.card().recipient()] {
        let sealed = share.seal_to(&recipient).unwrap();
        assert!(Share::is_sealed(&sealed));
        assert!(Share::read(&sealed, Some(&ana)).unwrap().hash() == share.hash());
        for identity in [Some(&eva), None] {
            let kind = Share::read(&sealed, identity).unwrap_err().kind();
            assert_eq!(kind, ErrorKind::NotSealedToYou);
        }
        // Re-sealed for one session of recovery.
        let session = Identity::generate().unwrap();
        let opened = Share::read(&sealed, Some(&ana)).unwrap();
        let resealed = opened.seal_to(&session.card().recipient()).unwrap();
        assert!(Share::read(&resealed, Some(&session)).unwrap().hash() == share.hash());
        assert!(Share::read(&resealed, Some(&ana)).is_err());
        for at in (0..sealed.len()).step_by(7) {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(Share::read(&bad, Some(&ana)).is_err(), "byte {at}");
        }
    }
    assert_eq!(share.seal_to("amparo-member1nobody").unwrap_err().kind(), ErrorKind::BadInput);
}

#[test]
fn the_fingerprint_proves_a_share_that_the_founder_signed() {
    assert!(DEALT.shares.iter().all(Share::signed_by_founder));
    let second = ceremony(VAULT, 1, 2, 2, &Identity::generate().unwrap());
    assert!(!second.shares[0].signed_by_founder());
}

#[test]
fn debug_and_errors_tell_nothing_of_a_share() {
    let share = &DEALT.shares[0];
    assert_eq!(format!("{share:?}"), "Share(..)");
    assert_eq!(format!("{:?}", EscrowSecret::generate().unwrap()), "EscrowSecret(..)");
    let text = share.to_text();
    let mistyped = text.expose().replacen(|c: char| c != '0', "0", 1);
    let error = Share::read(mistyped.as_bytes(), None).unwrap_err();
    let said = format!("{error} {error:?}").to_uppercase();
    assert!(text.expose().split_whitespace().all(|group| !said.contains(group)));
}

/// A share of format 1, made once: it must be read, and be written the same, for ever.
#[test]
fn a_frozen_share_is_still_read() {
    let typed = include_str!("../../tests/data/escrow/share.txt");
    let share = Share::read(typed.as_bytes(), None).unwrap();
    assert_eq!(share.to_text().expose(), typed);
    assert_eq!((share.index(), share.quorum(), share.custodians()), (2, 3, 5));
    assert_eq!((share.epoch(), share.vault()), (4, VAULT));
    assert!(share.signed_by_founder() && share.point().1.expose() == &[2; 32]);
    let custodian = include_bytes!("../../tests/data/escrow/custodian.id");
    let custodian = Identity::parse(custodian, None).unwrap();
    let sealed = include_bytes!("../../tests/data/escrow/sealed.share");
    assert!(Share::read(sealed, Some(&custodian)).unwrap().hash() == share.hash());
}

proptest! {
    #[test]
    fn hostile_envelopes_and_files_never_panic(bytes in vec(any::<u8>(), 0..400)) {
        let _ = Share::from_envelope(&bytes);
        let _ = Share::read(&bytes, Some(&ROSA));
        let file = [b"age-encryption.org/v1\n".as_slice(), &bytes].concat();
        let _ = Share::read(&file, Some(&ROSA));
        let mut envelope = bytes_of(&DEALT.shares[0]);
        for (to, from) in envelope.iter_mut().skip(40).zip(&bytes) {
            *to ^= from;
        }
        let _ = Share::from_envelope(&envelope);
    }
}

/// A generator whose every byte is known: for counting, never for keys.
struct Fixed(blake3::OutputReader);

impl rand_core::TryRng for Fixed {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> std::result::Result<(), Self::Error> {
        self.0.fill(out);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Fixed {}
