use super::*;
use crate::crypto::sign::SignKey;
use crate::escrow::share::SplitFacts;
use crate::id::VaultId;
use crate::secret::Key;

fn share(index: u8) -> Share {
    let dealer = SignKey::from_seed(&Key::init_with(|seed| seed.fill(3)));
    let facts = SplitFacts {
        vault: VaultId::from_bytes([7; 16]),
        fingerprint: [0x5a; 20],
        epoch: 4,
        quorum: 3,
        custodians: 5,
    };
    Share::deal(facts, index, &Key::init_with(|value| value.fill(index)), &dealer).unwrap()
}

fn pages(language: Language) -> SharePages {
    let mut pages = SharePages::new("2026-11-22".parse().unwrap());
    pages.language = language;
    pages
}

/// The words of each sheet, as somebody copies them.
fn sheets(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let text = |number: &u32| {
        let text = document.extract_text(&[*number]).unwrap().replace('\u{a0}', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    document.get_pages().keys().map(text).collect()
}

#[test]
fn each_custodian_has_one_sheet_with_the_whole_share_on_it() {
    for language in [Language::Spanish, Language::English] {
        let names = ["Ana Custodia Inventada", "Eva"].map(SecretText::from);
        let (first, second) = (share(1), share(2));
        let pages = pages(language).with(first.clone(), Some(names[0].clone()));
        let pages = pages.with(second.clone(), Some(names[1].clone())).with(share(3), None);
        let sheets = sheets(&pages.to_pdf().unwrap());
        assert_eq!(sheets.len(), 3);
        for (sheet, share) in sheets.iter().zip([&first, &second]) {
            let text = share.to_text();
            for group in text.expose().split_whitespace() {
                assert!(sheet.contains(group), "{group}\n{sheet}");
            }
            assert!(sheet.contains(&share.fingerprint().to_string()));
        }
        assert!(sheets[0].contains(names[0].expose()) && !sheets[1].contains(names[0].expose()));
        let expected = match language {
            Language::Spanish => {
                ["Parte 1 de 5", "3 de 5", "22 de noviembre de 2026", "fotografíe"]
            }
            Language::English => ["Part 1 of 5", "3 of 5", "22 November 2026", "photograph"],
        };
        assert!(expected.iter().all(|words| sheets[0].contains(words)), "{}", sheets[0]);
    }
}

#[test]
fn a_name_that_leaves_no_room_is_refused() {
    let long = SecretText::from("Larga ".repeat(400));
    let pages = pages(Language::Spanish).with(share(1), Some(long));
    assert_eq!(pages.to_pdf().unwrap_err().kind(), ErrorKind::TooLong);
}

#[test]
fn nothing_of_a_share_is_in_its_debug_form() {
    let pages = pages(Language::Spanish).with(share(1), Some("Canario7391".into()));
    assert_eq!(format!("{pages:?}"), "SharePages(..)");
}
