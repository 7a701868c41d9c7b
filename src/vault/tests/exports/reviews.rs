//! Who has to read a text before it leaves, who has to let a place of refuge leave, and what
//! makes either word hold no more.

use super::*;
use crate::consent::{Policy, RecipientEntry};
use crate::redact::{Data, Outcome, Part, SpanKind};
use crate::vault::tests::consents::{NOW, at, fiscal, forge};

/// A vault with a second director, who reads after the first.
struct Desk {
    world: World,
    second: Identity,
}

/// Whose turn it is.
#[derive(Clone, Copy)]
enum Who {
    First,
    Second,
}

impl Desk {
    fn new(world: World) -> Self {
        let second = Identity::generate().unwrap();
        world.vault.add_member("Segunda", &second.card(), "director").unwrap();
        Self { world, second }
    }

    fn turn(self, who: Who, now: &str) -> Self {
        let Self { world, second } = self;
        let identity = matches!(who, Who::Second).then_some(&second);
        Self { world: world.turn(identity, now), second }
    }

    /// Whoever it is approves the narrative of the case, but for these spans of it.
    fn reads(self, who: Who, spans: &[ReviewSpan]) -> Self {
        let desk = self.turn(who, NOW);
        let (vault, case) = (&desk.world.vault, desk.world.case());
        let digest = vault.review(case, "narrative").unwrap().digest;
        vault.approve_text(case, "narrative", digest, spans).unwrap();
        desk
    }

    fn state(&self) -> ReviewState {
        let of = |record, field: &str| self.world.vault.review(record, field).unwrap().state;
        let state = of(self.world.case(), "narrative");
        // What the state says is what an export does.
        let leaves = self.narrative().is_some();
        assert_eq!(leaves, state == ReviewState::Approved);
        state
    }

    /// What leaves of the narrative.
    fn narrative(&self) -> Option<String> {
        self.narrative_in(&self.world.request("court_full"))
    }

    fn narrative_in(&self, request: &ExportRequest) -> Option<String> {
        let view = self.world.vault.preview(self.world.case(), request).unwrap();
        let found = field(&view, "case", "narrative")[0];
        let language = view.cover().language;
        found.shown().map(|shown| shown.to_text(language).expose().to_owned())
    }

    fn rewrites(self, text: &str) -> Self {
        let (vault, case) = (&self.world.vault, self.world.case());
        let revision = vault.read(case).unwrap().revision();
        vault.edit(case, revision, RecordEdit::new().set("narrative", text)).unwrap();
        self
    }
}

fn span(start: usize, end: usize, who: Option<RecordId>) -> ReviewSpan {
    ReviewSpan { start, end, kind: SpanKind::Other, who }
}

/// The case of the woman alone: nobody in it is a minor.
fn grown() -> Desk {
    let world = World::new();
    let girl = RecordEdit::new().set("birth_date", "1991-01-01");
    world.vault.edit(world.girl, 1, girl).unwrap();
    for person in [world.girl, world.woman] {
        let consents = world.vault.consents(person).unwrap();
        consents.give(world.grant(), &by(Party::Subject)).unwrap();
    }
    Desk::new(world)
}

#[test]
fn a_text_about_a_minor_is_read_by_two_who_hide_the_same() {
    let desk = Desk::new(World::agreed());
    assert_eq!(desk.state(), ReviewState::Unread);
    let desk = desk.reads(Who::First, &[]);
    assert_eq!(desk.state(), ReviewState::NeedsSecondReader);
    let desk = desk.reads(Who::First, &[]);
    assert_eq!(desk.state(), ReviewState::NeedsSecondReader, "the same reader twice");
    let desk = desk.reads(Who::Second, &[span(0, 6, None)]);
    assert_eq!(desk.state(), ReviewState::NeedsSecondReader, "two who disagree");
    let desk = desk.reads(Who::First, &[span(0, 6, None)]);
    assert_eq!(desk.state(), ReviewState::Approved);
    assert_eq!(desk.narrative().unwrap(), "[RESERVADO R] inventado.");
    assert_eq!(desk.world.vault.check(&mut |_| ()).unwrap().findings, []);
}

#[test]
fn a_text_about_adults_is_read_by_one() {
    let desk = grown();
    assert_eq!(desk.state(), ReviewState::Unread);
    let desk = desk.reads(Who::Second, &[]);
    assert_eq!(desk.state(), ReviewState::Approved);
}

#[test]
fn an_edited_text_is_unread_again() {
    for desk in [grown(), Desk::new(World::agreed())] {
        let desk = desk.reads(Who::First, &[]).reads(Who::Second, &[]);
        assert_eq!(desk.state(), ReviewState::Approved);
        let desk = desk.rewrites("Relato inventado. Vive en la calle Ficticia.");
        assert_eq!(desk.state(), ReviewState::Unread);
        // An approval holds for that very text, and this is it again.
        let desk = desk.rewrites("Relato inventado.");
        assert_eq!(desk.state(), ReviewState::Approved);
    }
}

#[test]
fn an_approval_is_of_the_text_that_was_read() {
    let desk = grown();
    let (vault, case) = (&desk.world.vault, desk.world.case());
    let digest = vault.review(case, "narrative").unwrap().digest;
    let desk = desk.rewrites("Otra cosa inventada.");
    let refused = desk.world.vault.approve_text(case, "narrative", digest, &[]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert_eq!(desk.state(), ReviewState::Unread);
    let digest = desk.world.vault.review(case, "narrative").unwrap().digest;
    for bad in [
        vec![span(3, 3, None)],
        vec![span(5, 4, None)],
        vec![span(0, 21, None)],
        vec![span(0, 5, None), span(4, 6, None)],
    ] {
        let refused = desk.world.vault.approve_text(case, "narrative", digest, &bad).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::BadValue);
    }
    assert_eq!(desk.state(), ReviewState::Unread);
}

/// A reader who reads again and hides more has taken back what she approved before, however
/// many others approved it with her then.
#[test]
fn a_second_look_of_a_reader_takes_the_place_of_her_first() {
    let desk = grown().reads(Who::First, &[]).reads(Who::Second, &[]);
    assert_eq!(desk.narrative().unwrap(), "Relato inventado.");
    let desk = desk.reads(Who::Second, &[span(7, 16, None)]);
    assert_eq!(desk.narrative().unwrap(), "Relato [RESERVADO R].");
    let desk = Desk::new(World::agreed()).reads(Who::First, &[]).reads(Who::Second, &[]);
    assert_eq!(desk.state(), ReviewState::Approved);
    let desk = desk.reads(Who::Second, &[span(7, 16, None)]);
    assert_eq!(desk.state(), ReviewState::NeedsSecondReader);
}

/// Whoever sees the mistake takes back what everybody approved: nobody is waited for.
#[test]
fn what_was_approved_is_taken_back_by_anybody_and_for_all() {
    let desk = Desk::new(World::agreed()).reads(Who::First, &[]).reads(Who::Second, &[]);
    assert_eq!(desk.state(), ReviewState::Approved);
    let (vault, case) = (&desk.world.vault, desk.world.case());
    let unknown = vault.retract_review(case, "narratives").unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::UnknownField);
    let another = vault.retract_review(desk.world.girl, "given_names").unwrap_err();
    assert_eq!(another.kind(), ErrorKind::NotFound);
    vault.retract_review(case, "case.narrative").unwrap();
    assert_eq!(desk.state(), ReviewState::Unread);
    let desk = desk.reads(Who::First, &[]);
    assert_eq!(desk.state(), ReviewState::NeedsSecondReader);
    let desk = desk.reads(Who::Second, &[]);
    assert_eq!(desk.state(), ReviewState::Approved);
}

#[test]
fn a_newer_policy_voids_what_was_read_under_the_older() {
    let desk = grown().reads(Who::First, &[]).turn(Who::First, NOW);
    assert_eq!(desk.state(), ReviewState::Approved);
    let source = desk.world.vault.policy().unwrap().source().to_owned();
    let newer = source.replace("version = 1\n", "version = 2\n");
    desk.world.vault.set_policy(&Policy::parse(&newer).unwrap()).unwrap();
    assert_eq!(desk.state(), ReviewState::Unread);
    let desk = desk.reads(Who::First, &[]);
    assert_eq!(desk.state(), ReviewState::Approved);
}

/// A member who holds the keys of the ledger, with a program of her own.
#[test]
fn a_forged_approval_lets_nothing_leave() {
    for (from, to) in [
        // What another reader hid is shown; another text; another policy.
        (r#""start":0"#, r#""start":5"#),
        (r#""policy":1"#, r#""policy":2"#),
        (r#""field":"narrative""#, r#""field":"status""#),
        (r#""signature":"#, r#""signature": "#),
    ] {
        let desk = grown().reads(Who::First, &[span(0, 6, None)]);
        let (vault, case) = (&desk.world.vault, desk.world.case());
        let digest = vault.review(case, "narrative").unwrap().digest;
        let last = vault.approve_text(case, "narrative", digest, &[span(0, 6, None)]).unwrap();
        let desk = desk.turn(Who::Second, NOW);
        let vault = &desk.world.vault;
        forge(vault, last, 1, |text| {
            let forged = text.replace(from, to);
            assert_ne!(text, forged);
            forged
        });
        let request = desk.world.request("court_full");
        let preview = vault.preview(case, &request).map(drop);
        // Only blanks were added: what is signed is the same.
        match from.contains("signature") {
            true => preview.unwrap(),
            false => {
                assert_eq!(preview.unwrap_err().kind(), ErrorKind::Tampered, "{from}");
                assert!(vault.export(case, &request).is_err());
            }
        }
    }
}

/// An approval that somebody copies into her own name is none.
#[test]
fn a_reading_in_the_name_of_somebody_else_is_refused() {
    let desk = Desk::new(World::agreed()).reads(Who::First, &[]);
    let desk = desk.reads(Who::Second, &[]);
    let (vault, case) = (&desk.world.vault, desk.world.case());
    let live = vault.live();
    let keeper = desk.world.girl.min(desk.world.woman);
    let loaded = vault.load_record(&live, &keeper).unwrap();
    let entries = vault.linked(&live, &loaded).unwrap();
    let text = |id| {
        let loaded = vault.load_record(&live, id).unwrap();
        vault.entry_text(&live, &loaded).unwrap().expose().to_owned()
    };
    let signature = |text: &str| text.split(r#""signature":""#).nth(1).unwrap().to_owned();
    let [.., first, second] = entries.as_slice() else { panic!("two readings") };
    let (of_first, of_second) = (signature(&text(first)), signature(&text(second)));
    assert_ne!(of_first, of_second);
    drop(live);
    forge(vault, *second, 1, |text| text.replace(&of_second, &of_first));
    let request = desk.world.request("court_full");
    let refused = vault.preview(case, &request).map(drop).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Tampered);
}

fn with_safety(world: &World) -> Grant {
    world.grant().category("safety").category("case").category("identity")
}

#[test]
fn a_place_of_refuge_leaves_only_if_somebody_else_released_it_to_them_for_this_and_now() {
    let desk = Desk::new(World::agreed_to(&own_schema(), with_safety));
    let other = RecipientEntry { ..fiscal("Otra") };
    let other = desk.world.vault.add_recipient(&other).unwrap();
    let girl = desk.world.girl;
    let mark = |desk: &Desk| {
        let request = desk.world.request("own_open");
        let view = desk.world.vault.preview(girl, &request).unwrap();
        field(&view, "person", "safe_location")[0].mark()
    };
    assert_eq!(mark(&desk), Some(Mark::TwoPeople));
    let release = |desk: &Desk, purpose: &str, to, until: &str| {
        desk.world.vault.release(girl, "safe_location", (purpose, to), at(until)).unwrap()
    };
    let (to, soon) = (desk.world.prosecutor_id, "2026-11-22T16:00:00Z");
    // For another purpose, to another recipient, of another person, of another field.
    let desk = desk.turn(Who::Second, NOW);
    release(&desk, "share_authorities", to, soon);
    release(&desk, LEGAL, other, soon);
    let vault = &desk.world.vault;
    vault.release(desk.world.woman, "safe_location", (LEGAL, to), at(soon)).unwrap();
    // What is empty now may be anything later.
    let empty = vault.release(girl, "safe_contact", (LEGAL, to), at(soon)).unwrap_err();
    assert_eq!(empty.kind(), ErrorKind::NotFound);
    for far in ["2026-11-22T15:00:00Z", "2026-11-25T15:00:01Z"] {
        let refused = vault.release(girl, "safe_location", (LEGAL, to), at(far)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::BadValue);
    }
    let desk = desk.turn(Who::First, NOW);
    assert_eq!(mark(&desk), Some(Mark::TwoPeople));
    // By whoever exports: it does for the other and not for her.
    release(&desk, LEGAL, to, soon);
    assert_eq!(mark(&desk), Some(Mark::TwoPeople));
    let desk = desk.turn(Who::Second, NOW);
    assert_eq!(mark(&desk), None);
    let desk = desk.turn(Who::Second, "2026-11-22T15:59:59Z");
    assert_eq!(mark(&desk), None);
    let desk = desk.turn(Who::Second, soon);
    assert_eq!(mark(&desk), Some(Mark::TwoPeople));
}

#[test]
fn a_release_without_consent_lets_nothing_leave() {
    let desk = Desk::new(World::agreed_to(&own_schema(), World::grant));
    let (girl, to) = (desk.world.girl, desk.world.prosecutor_id);
    let soon = at("2026-11-22T16:00:00Z");
    desk.world.vault.release(girl, "safe_location", (LEGAL, to), soon).unwrap();
    let desk = desk.turn(Who::Second, NOW);
    let view = desk.world.vault.preview(girl, &desk.world.request("own_open")).unwrap();
    assert_eq!(marks(&view, "person", "safe_location"), [Some(Mark::Consent)]);
}

#[test]
fn a_named_span_shows_her_label_where_names_are_coded_and_her_name_where_they_stay() {
    let desk = grown().rewrites("Vino Flor Quispe con Flor Huam\u{e1}n y Elsa.");
    let (girl, woman) = (desk.world.girl, desk.world.woman);
    let spans = [span(5, 16, Some(girl)), span(21, 32, Some(woman)), span(35, 39, None)];
    let desk = desk.reads(Who::First, &spans);
    assert_eq!(desk.narrative().unwrap(), "Vino Flor Quispe con Flor Huam\u{e1}n y [RESERVADO R].");
    let coded = desk.world.request("court_coded");
    let view = desk.world.vault.preview(desk.world.case(), &coded).unwrap();
    let label = |record: &crate::redact::RedactedRecord, name: &str| {
        let field = record.fields().iter().find(|field| field.name() == name)?;
        match field.shown()?.parts() {
            [Part::Label(label)] => Some(label.clone()),
            _ => None,
        }
    };
    let persons = view.records().iter().filter(|record| record.record_type() == "person");
    let labels: Vec<_> = persons.map(|one| label(one, "given_names").unwrap()).collect();
    assert_ne!(labels[0], labels[1]);
    let text = desk.narrative_in(&coded).unwrap();
    let one = format!("Vino {} con {} y [RESERVADO R].", labels[0], labels[1]);
    let two = format!("Vino {} con {} y [RESERVADO R].", labels[1], labels[0]);
    assert!(text == one || text == two, "{text}");
    assert!(matches!(
        field(&view, "case", "narrative")[0].outcome(),
        Outcome::Changed(shown, Mark::Hidden) if matches!(shown.data(), Data::Words)
    ));
    // Where one of her names is left out, a text does not say it either.
    let without = desk.world.request("court_full").withhold("person.paternal_surname");
    assert_eq!(
        desk.narrative_in(&without).unwrap(),
        "Vino [RESERVADO R] con [RESERVADO R] y [RESERVADO R]."
    );
    // Where she alone goes back on it, her name goes and the other's text with it.
    let consents = desk.world.vault.consents(woman).unwrap();
    consents.withdraw(LEGAL, &desk.world.prosecutor, &by(Party::Subject)).unwrap();
    assert_eq!(desk.narrative(), None);
}

/// What was signed once says it once: a member with a changed program copies the reading of
/// another, perhaps of somebody who has left since, to the end of the ledger.
#[test]
fn a_reading_that_is_copied_to_the_end_is_no_new_reading() {
    let desk = grown();
    let (vault, case) = (&desk.world.vault, desk.world.case());
    let keeper = desk.world.girl.min(desk.world.woman);
    let digest = vault.review(case, "narrative").unwrap().digest;
    let id = vault.approve_text(case, "narrative", digest, &[]).unwrap();
    let (entry, last) = {
        let live = vault.live();
        let loaded = vault.load_record(&live, &id).unwrap();
        let text = vault.entry_text(&live, &loaded).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.expose()).unwrap();
        let policy = vault.policy_now(&live).unwrap();
        let last = vault.book(&live, keeper, &policy).unwrap().last;
        (serde_json::from_value(line["entry"].clone()).unwrap(), last)
    };
    vault.append_all(&mut vault.writer(), vec![(keeper, last, vec![entry])]).unwrap();
    let read = vault.consents(keeper).and_then(|consents| consents.ledger());
    assert_eq!(read.map(drop).unwrap_err().kind(), ErrorKind::Tampered);
}

#[test]
fn a_span_that_is_wider_than_a_name_shows_nothing_of_what_stands_beside_it() {
    let desk = grown().rewrites("Vino Flor Quispe con Elsa.");
    let girl = desk.world.girl;
    let desk = desk.reads(Who::First, &[span(5, 25, Some(girl))]);
    assert_eq!(desk.narrative().unwrap(), "Vino [RESERVADO R].");
    let desk = desk.reads(Who::First, &[span(5, 16, Some(girl)), span(21, 25, None)]);
    assert_eq!(desk.narrative().unwrap(), "Vino Flor Quispe con [RESERVADO R].");
}

#[test]
fn a_release_is_of_the_value_that_was_there() {
    let desk = Desk::new(World::agreed_to(&own_schema(), with_safety));
    let (girl, to) = (desk.world.girl, desk.world.prosecutor_id);
    let soon = at("2026-11-22T16:00:00Z");
    desk.world.vault.release(girl, "safe_location", (LEGAL, to), soon).unwrap();
    let desk = desk.turn(Who::Second, NOW);
    let mark = |place: &str| {
        let vault = &desk.world.vault;
        let revision = vault.read(girl).unwrap().revision();
        vault.edit(girl, revision, RecordEdit::new().set("safe_location", place)).unwrap();
        let view = vault.preview(girl, &desk.world.request("own_open")).unwrap();
        field(&view, "person", "safe_location")[0].mark()
    };
    assert_eq!(mark("Refugio Ficticio"), None);
    assert_eq!(mark("Otro Refugio"), Some(Mark::TwoPeople));
    assert_eq!(mark("Refugio Ficticio"), None);
    // Whoever makes the export may still see that the release was a mistake.
    desk.world.vault.retract_review(girl, "safe_location").unwrap();
    assert_eq!(mark("Refugio Ficticio"), Some(Mark::TwoPeople));
}
