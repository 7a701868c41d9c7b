use super::*;
use crate::audit::ErasureReason;
use crate::export::markup::tests::{assert_inert, hostile};
use crate::id::RecordId;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn touched(id: Option<RecordId>, touch: AuditTouch) -> AuditRecord {
    let record_type = id.map(|_| "person".to_owned());
    let compartments = vec!["identity".to_owned(), "care".to_owned()];
    AuditRecord { id, slot: 17, record_type, touch, revision: 1, compartments }
}

fn event(at: Timestamp, by: &str, act: AuditAct, touch: AuditTouch) -> AuditEvent {
    let id = (touch != AuditTouch::Erased).then(|| RecordId::from_slot(17, [1; 10]));
    AuditEvent {
        leaf: 3,
        at,
        by: by.to_owned(),
        role: "lawyer".to_owned(),
        act,
        reason: (act == AuditAct::Erased).then_some(ErasureReason::SurvivorRequest),
        failed_unlocks: 0,
        records: vec![touched(id, touch)],
        given: Vec::new(),
        handed: Vec::new(),
        why: None,
        unreadable: false,
    }
}

fn given(recipient: &str) -> AuditGiven {
    AuditGiven {
        purpose: "legal_proceedings".to_owned(),
        recipient: recipient.to_owned(),
        fields: ["person.given_names".to_owned()].into(),
        export: Some("E-0001".to_owned()),
        left_open: false,
        reference: false,
    }
}

fn handed(to: &str) -> AuditHandOver {
    let (file, from) = (Some(RecordId::from_slot(18, [2; 10])), "Rosa Ficticia".to_owned());
    AuditHandOver { file, from, to: to.to_owned(), when: None, why: Some("pericia".to_owned()) }
}

fn timeline(language: Language, events: Vec<AuditEvent>) -> Timeline {
    Timeline {
        schema: Schema::peru().unwrap(),
        policy: Policy::peru().unwrap(),
        language,
        now: at("2026-11-22T15:00:00Z"),
        record: RecordId::from_slot(17, [1; 10]).to_string(),
        events,
    }
}

fn story() -> Vec<AuditEvent> {
    let mut told =
        event(at("2026-11-21T02:00:00Z"), "Rosa Ficticia", AuditAct::Disclosed, AuditTouch::Listed);
    told.given = vec![given("Fiscalía Inventada")];
    vec![
        event(at("2026-11-20T14:00:00Z"), "Lucía Ficticia", AuditAct::Added, AuditTouch::Written),
        event(at("2026-11-20T15:00:00Z"), "Rosa Ficticia", AuditAct::Read, AuditTouch::Read),
        told,
        event(at("2026-11-22T15:00:00Z"), "Rosa Ficticia", AuditAct::Read, AuditTouch::Read),
    ]
}

#[test]
fn the_person_reads_who_saw_her_file_and_to_whom_it_was_given() {
    let page = assert_inert(&timeline(Language::Spanish, story()).for_the_person());
    for words in [
        "Quién ha visto mi expediente",
        "Fiscalía Inventada",
        "Rosa Ficticia</bdi>, ",
        "2 días; el último: 22",
        "Lucía Ficticia</bdi>, ",
    ] {
        assert!(page.contains(words), "{words}");
    }
    // In Lima it was still the 20th, and she who only read wrote nothing.
    assert!(page.contains("20\u{a0}de\u{a0}noviembre"), "{page}");
    // Codes and ids are for the house.
    assert!(!page.contains("legal_proceedings") && !page.contains("person.given_names"));
    assert!(!page.contains(&RecordId::from_slot(17, [1; 10]).to_string()));
}

#[test]
fn the_house_reads_everything_in_order() {
    let mut events = story();
    let mut file =
        event(at("2026-11-22T16:00:00Z"), "Rosa Ficticia", AuditAct::Attached, AuditTouch::Written);
    file.records[0].record_type = Some("@file.person".to_owned());
    events.push(file);
    events.push(event(at("2026-11-23T15:00:00Z"), "escrow", AuditAct::Erased, AuditTouch::Erased));
    let page = assert_inert(&timeline(Language::English, events).for_the_house());
    let places = [
        "Recorded",
        "Data was handed over",
        "E-0001",
        "Attached file",
        "Erased",
        "the survivor asked for it",
    ]
    .map(|words| page.find(words).unwrap_or_else(|| panic!("{words}")));
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("a record that is gone"));
}

#[test]
fn both_pages_say_to_whom_a_file_went_and_how_data_left() {
    let mut events = story();
    let mut went = event(
        at("2026-11-22T15:00:00Z"),
        "Rosa Ficticia",
        AuditAct::HandedOver,
        AuditTouch::Written,
    );
    went.records.clear();
    let sealed = went.clone();
    went.handed = vec![handed("Perito Ficticio")];
    events[2].given[0].left_open = true;
    events[2].given[0].reference = true;
    events.push(went);
    let told = timeline(Language::English, events.clone());
    for page in [told.for_the_house(), told.for_the_person()] {
        let page = assert_inert(&page);
        for words in ["Perito Ficticio", "pericia", "not sealed", "which name each label"] {
            assert!(page.contains(words), "{words}");
        }
    }
    // What this role does not open went to somebody all the same.
    let alone = timeline(Language::English, vec![sealed]);
    let page = assert_inert(&alone.for_the_person());
    assert!(page.contains(Language::English.of(words::HER_SEALED)));
    assert!(!page.contains(Language::English.of(words::HER_NOT_GIVEN)));
}

#[test]
fn an_empty_log_says_so() {
    for language in [Language::Spanish, Language::English] {
        let empty = timeline(language, Vec::new());
        let said = assert_inert(&empty.for_the_person());
        assert!(said.contains(language.of(words::HER_NOT_GIVEN)));
        assert!(said.contains(language.of(words::HER_NO_READERS)));
        assert!(assert_inert(&empty.for_the_house()).contains(language.of(words::NOTHING)));
    }
}

#[test]
fn nothing_that_somebody_entered_becomes_markup() {
    for text in hostile() {
        let mut event =
            event(at("2026-11-20T14:00:00Z"), &text, AuditAct::Overridden, AuditTouch::Read);
        event.role.clone_from(&text);
        event.why = Some(text.clone());
        event.given = vec![given(&text)];
        event.given[0].purpose.clone_from(&text);
        event.given[0].fields = [text.clone()].into();
        event.given[0].export = Some(text.clone());
        event.handed = vec![handed(&text)];
        event.handed[0].from.clone_from(&text);
        event.handed[0].why = Some(text.clone());
        event.records[0].record_type = Some(text.clone());
        event.records[0].compartments = vec![text.clone()];
        let timeline = timeline(Language::Spanish, vec![event]);
        assert_inert(&timeline.for_the_house());
        assert_inert(&timeline.for_the_person());
    }
}
