use super::*;
use crate::consent::{Condition, Identifiability, Party, Policy, Reason, RecipientKind};
use crate::error::ErrorKind;
use crate::schema::Schema;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn given(purpose: &str, kind: RecipientKind) -> PageConsent {
    PageConsent::new(PageState::InForce { until: day("2027-03-13") })
        .purpose(purpose)
        .recipient(PageRecipient::of(kind))
        .category("identity")
        .said_by(Party::Subject, day("2026-03-14"))
}

fn court() -> PageConsent {
    let mut consent = given("legal_proceedings", RecipientKind::Court)
        .category("account")
        .category("profile")
        .said_by(Party::Guardian, day("2026-03-14"))
        .on_condition(Condition::NotifyFirst)
        .on_condition(Condition::NoOnwardTransfer);
    let office =
        PageRecipient::named(RecipientKind::Prosecutor, "la Fiscalía de Familia de Huánuco");
    consent.recipients.insert(0, office);
    consent
}

/// Three things: a yes, a no, an end.
fn three() -> ConsentPage {
    let no = PageConsent::new(PageState::Refused)
        .purpose("media_images")
        .recipient(PageRecipient::of(RecipientKind::Media))
        .said_by(Party::Subject, day("2026-03-14"));
    let ended =
        PageConsent::new(PageState::Ended { on: day("2026-09-02"), because: Reason::Withdrawn })
            .purpose("share_service_providers")
            .recipient(PageRecipient::of(RecipientKind::Cem));
    let mut page = ConsentPage::new(day("2026-11-22")).with(court()).with(no).with(ended);
    page.organisation = Some(Wording::new("Casa Amparo contra la Trata").discreetly("Casa Amparo"));
    page.person = Some("Flor Ñahui Güímac".into());
    page.contact = Some(
        Wording::new("Rosa, consejera de violencia: 999 000 111").discreetly("Rosa: 999 000 111"),
    );
    page
}

fn full(mut page: ConsentPage) -> ConsentPage {
    page.candour = Candour::Full;
    page
}

fn many(count: usize) -> ConsentPage {
    let mut page = three();
    page.consents = (0..count).map(|_| court()).collect();
    page
}

/// The words of each sheet, as somebody copies them.
fn sheets(pdf: &[u8]) -> Vec<String> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages = document.get_pages();
    let text = |number: &u32| {
        let text = document.extract_text(&[*number]).unwrap().replace('\u{a0}', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    pages.keys().map(text).collect()
}

fn words_of(page: &ConsentPage) -> String {
    sheets(&page.to_pdf().unwrap()).join(" ")
}

#[test]
fn the_words_are_on_the_page_with_their_accents() {
    let text = words_of(&full(three()));
    for words in [
        "Tú decides",
        "Flor Ñahui Güímac",
        "Casa Amparo contra la Trata",
        "1. Para usarlo en un proceso ante la fiscalía o el juzgado",
        "A quién: la Fiscalía de Familia de Huánuco y el juzgado",
        "Hasta el 13 de marzo de 2027",
        "Quién dijo sí: tú; y tu mamá, tu papá o quien te representa, el 14 de marzo de 2026",
        "Te avisamos antes de darlo.",
        "No: esto no se puede 2. Para mostrar imágenes",
        "Qué datos: todo",
        "Terminó: el 2 de setiembre de 2026: se dijo que ya no",
        "Puedes cambiar de opinión cuando quieras. Dínoslo de palabra o por escrito.",
        "Puedes preguntar quién vio tus datos",
        "¿Tienes preguntas? Habla con Rosa, consejera de violencia: 999 000 111",
        "Hoja 1 de",
        "22 de noviembre de 2026",
    ] {
        assert!(text.contains(words), "{words}\nis not in\n{text}");
    }
}

#[test]
fn english_says_the_same() {
    let mut page = full(three());
    page.language = Language::English;
    let text = words_of(&page);
    for words in ["You decide", "the court", "Until 13 March 2027", "Who said yes: you"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("Puedes"));
}

#[test]
fn a_discreet_page_tells_nothing_of_what_happened() {
    let purposes: Vec<_> = Policy::peru().unwrap().purposes().map(|one| one.code.clone()).collect();
    let categories =
        ["case", "profile", "identity", "account", "care", "legal", "perpetrator", "safety"];
    let telling = [
        "violen",
        "trata",
        "fiscal",
        "juzgado",
        "juez",
        "denunci",
        "polic",
        "agres",
        "pasó",
        "relato",
        "peligro",
        "segur",
        "a salvo",
        "protec",
        "proteg",
        "cem",
        "upe",
        "demuna",
        "mujer",
        "abuso",
        "caso",
        "contaste",
        "acogida",
        "abogad",
        "historia",
        "refugi",
        "consul",
        "defensor",
        "salud",
        "casa amparo contra",
        "huánuco",
        "consejera",
        "secreto",
        "psicol",
        "familia",
        "prosecut",
        "court",
        "crime",
        "accus",
        "happened",
        "story",
        "danger",
        "safe",
        "shelter",
        "lawyer",
        "abuse",
        "police",
        "family",
        "health",
        "unhcr",
        "complaint",
        "trafficking",
    ];
    for language in [Language::Spanish, Language::English] {
        let mut page = three();
        page.language = language;
        page.blocked = 2;
        for purpose in purposes.iter().map(String::as_str).chain(["denuncia_secreto"]) {
            let mut consent = given(purpose, RecipientKind::Other);
            for kind in RecipientKind::ALL {
                consent = consent.recipient(PageRecipient::named(*kind, "Fiscalía secreto"));
            }
            for category in categories.iter().chain(&["secreto"]) {
                consent = consent.category(category);
            }
            for party in Party::ALL {
                consent = consent.said_by(*party, day("2026-03-14"));
            }
            consent.conditions.extend(Condition::ALL);
            page = page.with(consent);
        }
        for because in Reason::ALL {
            let state = PageState::Ended { on: day("2026-03-14"), because: *because };
            page = page.with(PageConsent::new(state).purpose("tracing"));
        }
        let text = words_of(&page).to_lowercase();
        for word in telling {
            assert!(!text.contains(word), "{word} is on the discreet page");
        }
        assert!(text.contains("casa amparo") && text.contains("rosa: 999 000 111"));
    }
}

#[test]
fn three_consents_fit_on_one_sheet() {
    assert_eq!(sheets(&three().to_pdf().unwrap()).len(), 1);
    assert_eq!(sheets(&full(three()).to_pdf().unwrap()).len(), 1);
    let english = ConsentPage { language: Language::English, ..full(three()) };
    assert_eq!(sheets(&english.to_pdf().unwrap()).len(), 1);
}

#[test]
fn both_kinds_number_alike() {
    let numbers = |page: &ConsentPage| {
        let text = words_of(page);
        ["1. ", "2. ", "3. "].map(|number| text.contains(number))
    };
    assert_eq!(numbers(&three()), [true; 3]);
    assert_eq!(numbers(&full(three())), [true; 3]);
}

#[test]
fn every_code_of_the_built_in_policy_and_schema_has_words() {
    for purpose in Policy::peru().unwrap().purposes() {
        assert!(words::purpose(&purpose.code).is_some(), "{}", purpose.code);
    }
    for compartment in Schema::peru().unwrap().compartments() {
        assert!(words::category(&compartment.name).is_some(), "{}", compartment.name);
    }
}

#[test]
fn an_own_purpose_needs_words_on_a_full_page() {
    let own = |words| {
        let mut consent = PageConsent::new(PageState::Open);
        consent.purposes.push(PageItem { code: "own".into(), words });
        ConsentPage::new(day("2026-11-22")).with(consent)
    };
    assert_eq!(full(own(None)).to_pdf().unwrap_err().kind(), ErrorKind::UnknownCode);
    let named = Wording::new("ir a la radio").discreetly("otra cosa");
    assert!(words_of(&full(own(Some(named.clone())))).contains("Para ir a la radio"));
    assert!(words_of(&own(Some(named))).contains("Para otra cosa"));
    assert!(words_of(&own(None)).contains("Para algo que hablamos contigo"));
}

#[test]
fn equal_pages_are_equal_bytes_that_tell_nothing_of_their_making() {
    let pdf = many(7).to_pdf().unwrap();
    assert!(pdf == many(7).to_pdf().unwrap());
    let has = |word: &str| pdf.windows(word.len()).any(|at| at == word.as_bytes());
    for word in ["Producer", "Creat", "Author", "ModDate", "ModifyDate", "krilla", "CreatorTool"] {
        assert!(!has(word), "{word}");
    }
    assert!(has("/Lang") && has("/MarkInfo") && has("/FontFile2"));
    let info = lopdf::Document::load_mem(&pdf).unwrap();
    let info = info.trailer.get(b"Info").and_then(lopdf::Object::as_reference).map(|id| {
        info.get_dictionary(id).unwrap().iter().map(|(key, _)| key.clone()).collect::<Vec<_>>()
    });
    assert_eq!(info.unwrap_or_default(), [b"Title".to_vec()]);
}

#[test]
fn thirty_consents_flow_over_sheets_and_none_is_lost() {
    let pdf = full(many(30)).to_pdf().unwrap();
    let sheets = sheets(&pdf);
    assert!(sheets.len() > 4, "{}", sheets.len());
    let text = sheets.join(" ");
    for number in 1..=30 {
        assert!(text.contains(&format!(" {number}. Para ")), "{number}");
    }
    for (at, sheet) in sheets.iter().enumerate() {
        assert!(sheet.contains(&format!("Hoja {} de {}", at + 1, sheets.len())));
    }
    // No heading is the last thing on its sheet.
    assert!(sheets.iter().all(|sheet| !sheet.contains("Recuerda Hoja")));
}

#[test]
fn what_cannot_be_set_does_no_harm() {
    let long = format!("{}\u{202e}\n{}\u{1F469}", "Ñandú".repeat(60), "e\u{301}".repeat(300));
    let mut page = full(three());
    page.contact = Some(Wording::new(&long));
    page.person = Some("\u{0627}\u{0644} \u{0}".into());
    let text = words_of(&page).replace(' ', "");
    assert!(text.contains(&"Ñandú".repeat(60)));
    assert!(text.contains(&"é".repeat(300)) && text.contains('\u{fffd}'));
    let nothing = words_of(&ConsentPage::new(day("2026-11-22")));
    assert!(nothing.contains("Todavía no has dicho sí ni no a nada."));
}

#[test]
fn lists_are_joined_as_one_speaks() {
    let list = |words: &[&str]| {
        Language::Spanish.list(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(list(&["a"]), "a");
    assert_eq!(list(&["a", "b", "c"]), "a, b y c");
    assert_eq!(list(&["padres", "hijas"]), "padres e hijas");
    assert_eq!(list(&["agua", "hielo"]), "agua y hielo");
    assert_eq!(list(&["a, b", "c"]), "a, b; y c");
}

#[test]
fn nothing_of_a_page_is_in_its_debug_form() {
    let page = three();
    let debug = format!("{page:?} {:?} {:?}", page.contact, page.consents);
    assert!(!debug.contains("Flor") && !debug.contains("999") && !debug.contains("Huánuco"));
    assert_eq!(page.consents[0].identifiability, Identifiability::Identified);
}
